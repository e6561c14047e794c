package collect

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/template"
)

const (
	maxLines = 1 << 20 // log lines of spans that one worker keeps
	maxSpans = 1 << 20 // spans that are compared one by one
)

// line is a log record that was written in a span.
type line struct {
	span  uint64
	shape template.Shape
	half  int64 // half seconds since the Unix epoch; record.NoTime when unknown
}

// log keeps which shape was logged in a span.
func (sp *spans) log(l *record.Log, shape template.Shape) {
	half := record.NoTime
	if l.At != record.NoTime {
		half = l.At / int64(time.Second/2)
	}
	sp.lines = append(sp.lines, line{spanID(l.TraceID, l.SpanID), shape, half})
}

// calls returns the spans with what was logged in them; nothing when there are
// too many. edges must have been called before.
func (sp *spans) calls(templates map[template.Shape]int) signal.Calls {
	if len(sp.list) == 0 || len(sp.list) > maxSpans {
		return signal.Calls{}
	}
	var c signal.Calls
	at := make(map[uint64]int32, len(sp.list))
	for i, s := range sp.list {
		at[s.id] = int32(i)
	}
	ops := sp.ops(&c)
	c.Spans = make([]signal.Span, len(sp.list))
	for i, s := range sp.list {
		c.Spans[i] = signal.Span{Op: ops[opKey{s.service, s.operation}], Parent: -1, Start: s.start, Micros: s.micros, Self: s.micros, Failed: s.failed}
		if p, ok := at[s.parent]; ok && s.parent != 0 && int(p) != i {
			c.Spans[i].Parent = p
		}
	}
	for _, s := range c.Spans {
		if s.Parent >= 0 {
			p := &c.Spans[s.Parent]
			p.Self = max(0, p.Self-s.Micros)
		}
	}
	sp.attach(&c, at, templates)
	return c
}

type opKey struct{ service, operation int32 }

// ops numbers the operations in the order of their names.
func (sp *spans) ops(c *signal.Calls) map[opKey]int32 {
	index := map[opKey]int32{}
	var keys []opKey
	for _, s := range sp.list {
		k := opKey{s.service, s.operation}
		if _, ok := index[k]; !ok {
			index[k] = 0
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b opKey) int {
		return cmp.Or(cmp.Compare(sp.names.list[a.service], sp.names.list[b.service]), cmp.Compare(sp.names.list[a.operation], sp.names.list[b.operation]))
	})
	for i, k := range keys {
		index[k] = int32(i)
		c.Ops = append(c.Ops, signal.Op{Service: sp.names.list[k.service], Name: sp.names.list[k.operation]})
	}
	return index
}

// attach counts the lines of each span by template.
func (sp *spans) attach(c *signal.Calls, at map[uint64]int32, templates map[template.Shape]int) {
	slices.SortFunc(sp.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(a.shape, b.shape))
	})
	for _, l := range sp.lines {
		if l.half != record.NoTime {
			c.Logged = append(c.Logged, l.half)
		}
		i, known := at[l.span]
		t, counted := templates[l.shape]
		if !known || !counted {
			continue
		}
		logs := &c.Spans[i].Logs
		if k := slices.IndexFunc(*logs, func(x signal.TemplateCount) bool { return x.Template == int32(t) }); k >= 0 {
			(*logs)[k].N++
			continue
		}
		*logs = append(*logs, signal.TemplateCount{Template: int32(t), N: 1})
	}
	for i := range c.Spans {
		slices.SortFunc(c.Spans[i].Logs, func(a, b signal.TemplateCount) int { return cmp.Compare(a.Template, b.Template) })
	}
	slices.Sort(c.Logged)
	c.Logged = slices.Compact(c.Logged)
}
