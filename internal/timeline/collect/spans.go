package collect

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// span is a record.Span in compact form: ids as 64-bit hashes of trace and span
// id, names as numbers.
type span struct {
	id, parent         uint64 // parent 0: none
	service, operation int32
	instance           int32
	file               int32
	line               int32
	failed             bool
	start              int64
	micros             int64
}

type spans struct {
	list     []span
	names    names
	files    []*record.File
	messages map[uint64]string // of failed spans, by id
	lines    []line
}

// names numbers strings in order of appearance.
type names struct {
	list  []string
	index map[string]int32
}

func (n *names) number(s string) int32 {
	if i, ok := n.index[s]; ok {
		return i
	}
	i := int32(len(n.list))
	n.list = append(n.list, s)
	n.index[s] = i
	return i
}

func newSpans() spans {
	return spans{names: names{index: map[string]int32{}}, messages: map[uint64]string{}}
}

// spanID hashes a span's identity with FNV-1a, which gives the same number in
// every process.
func spanID[T string | []byte](trace, id T) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range [2]T{trace, id} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return max(h, 1)
}

func (sp *spans) file(f *record.File) int32 {
	if n := len(sp.files); n > 0 && sp.files[n-1] == f {
		return int32(n - 1)
	}
	if i := slices.Index(sp.files, f); i >= 0 {
		return int32(i)
	}
	sp.files = append(sp.files, f)
	return int32(len(sp.files) - 1)
}

func (sp *spans) add(s *record.Span) {
	c := span{
		id:        spanID(s.TraceID, s.SpanID),
		service:   sp.names.number(s.Service),
		operation: sp.names.number(s.Operation),
		instance:  sp.names.number(s.Instance),
		file:      sp.file(s.File),
		line:      int32(min(s.Line, 1<<31-1)),
		failed:    s.Error,
		start:     s.Start,
		micros:    s.Duration.Microseconds(),
	}
	if s.ParentID != "" {
		c.parent = spanID(s.TraceID, s.ParentID)
	}
	if s.Error && s.Message != "" {
		sp.messages[c.id] = s.Message
	}
	sp.list = append(sp.list, c)
}

// join appends the spans of another collection.
func (sp *spans) join(o *spans) {
	if len(sp.list) == 0 && len(sp.files) == 0 && len(sp.lines) == 0 {
		*sp = *o
		return
	}
	for _, c := range o.list {
		c.service = sp.names.number(o.names.list[c.service])
		c.operation = sp.names.number(o.names.list[c.operation])
		c.instance = sp.names.number(o.names.list[c.instance])
		c.file = sp.file(o.files[c.file])
		sp.list = append(sp.list, c)
	}
	for id, m := range o.messages {
		sp.messages[id] = m
	}
	sp.lines = append(sp.lines, o.lines...)
}

type edgeKey struct{ caller, callee, operation int32 }

// edges resolves parents and groups the spans into calls between services and
// into instances. A span that two files export counts once.
func (sp *spans) edges() ([]signal.Edge, []signal.Trace) {
	sp.sort()
	at := make(map[uint64]int, len(sp.list))
	for i, s := range sp.list {
		at[s.id] = i
	}
	children := make([]int64, len(sp.list))
	for _, s := range sp.list {
		if p, ok := at[s.parent]; ok && s.parent != 0 {
			children[p] += s.micros
		}
	}
	none := sp.names.number("")
	groups, failed := map[edgeKey]*signal.Edge{}, map[edgeKey]bool{}
	var order []edgeKey
	for i, s := range sp.list {
		caller := none
		if p, ok := at[s.parent]; ok && s.parent != 0 {
			caller = sp.list[p].service
		}
		k := edgeKey{caller, s.service, s.operation}
		e := groups[k]
		if e == nil {
			e = &signal.Edge{Caller: sp.names.list[caller], Callee: sp.names.list[s.service], Operation: sp.names.list[s.operation], First: sp.mark(s)}
			groups[k] = e
			order = append(order, k)
		}
		if s.failed && !failed[k] {
			failed[k] = true
			e.First, e.Message = sp.mark(s), sp.messages[s.id]
		}
		e.Start = append(e.Start, s.start)
		e.Micros = append(e.Micros, s.micros)
		e.Self = append(e.Self, max(0, s.micros-children[i]))
		e.Failed = append(e.Failed, s.failed)
	}
	out := make([]signal.Edge, 0, len(order))
	for _, k := range order {
		out = append(out, *groups[k])
	}
	slices.SortFunc(out, func(a, b signal.Edge) int {
		return cmp.Or(cmp.Compare(a.Callee, b.Callee), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Operation, b.Operation))
	})
	return out, sp.traces()
}

// sort puts the spans in order of start and drops repeated ones.
func (sp *spans) sort() {
	slices.SortFunc(sp.list, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.id, b.id),
			cmp.Compare(sp.files[a.file].Name, sp.files[b.file].Name), cmp.Compare(a.line, b.line))
	})
	sp.list = slices.CompactFunc(sp.list, func(a, b span) bool { return a.id == b.id && a.start == b.start })
}

func (sp *spans) mark(s span) signal.Mark {
	return signal.Mark{At: s.start, File: sp.files[s.file], Line: int(s.line)}
}

func (sp *spans) traces() []signal.Trace {
	type key struct{ service, instance int32 }
	groups := map[key]*signal.Trace{}
	for _, s := range sp.list {
		k := key{s.service, s.instance}
		t := groups[k]
		if t == nil {
			t = &signal.Trace{Service: sp.names.list[s.service], Instance: sp.names.list[s.instance]}
			groups[k] = t
		}
		b := s.start / int64(signal.Bucket/time.Nanosecond)
		if n := len(t.Buckets); n > 0 && t.Buckets[n-1].Bucket == b {
			t.Buckets[n-1].N++
			continue
		}
		t.Buckets = append(t.Buckets, signal.Count{Bucket: b, N: 1})
	}
	out := make([]signal.Trace, 0, len(groups))
	for _, t := range groups {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b signal.Trace) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Instance, b.Instance))
	})
	return out
}
