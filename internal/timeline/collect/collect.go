// Package collect gathers the records of an incident's evidence and turns them
// into signals.
//
// Each worker that reads evidence fills a [Collector] of its own; [Merge] puts
// them together. The result does not depend on which worker read what.
package collect

import (
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/template"
)

// Collector is a [record.Sink] that keeps events as they are and bulk records
// in compact form. It is for one goroutine at a time.
type Collector struct {
	events   []hindcast.Event
	problems []hindcast.Problem
	miner    *template.Miner
	series   map[*record.Series]*points
	spans    spans
	jobs     jobs
	persons  []record.Person
}

// points are the samples of one series as they came.
type points struct {
	at    []int64
	value []float64
	line  []int32
}

// New returns an empty Collector.
func New() *Collector {
	return &Collector{
		miner:  template.New(),
		series: map[*record.Series]*points{},
		spans:  newSpans(),
	}
}

// Event keeps a fact.
func (c *Collector) Event(e hindcast.Event) { c.events = append(c.events, e) }

// Problem keeps a problem.
func (c *Collector) Problem(p hindcast.Problem) { c.problems = append(c.problems, p) }

// Log counts a log record under its template.
func (c *Collector) Log(l *record.Log) {
	c.jobs.add(l)
	if len(l.SpanID) == 0 || len(c.spans.lines) >= maxLines {
		c.miner.Add(l)
		return
	}
	c.spans.log(l, c.miner.AddShape(l))
}

// Person keeps a person.
func (c *Collector) Person(p record.Person) { c.persons = append(c.persons, p) }

// Span keeps a span.
func (c *Collector) Span(s *record.Span) { c.spans.add(s) }

// Sample keeps a sample.
func (c *Collector) Sample(s *record.Sample) {
	p := c.series[s.Series]
	if p == nil {
		p = &points{}
		c.series[s.Series] = p
	}
	p.at = append(p.at, s.At)
	p.value = append(p.value, s.Value)
	p.line = append(p.line, int32(min(s.Line, 1<<31-1)))
}

// Result is everything the evidence says, in a fixed order.
type Result struct {
	Events    []hindcast.Event // by time, file, line; those without a time first
	Signals   signal.Set
	Problems  []hindcast.Problem // by file, line, message
	Templates *template.Result   // to assign single messages
}

// Merge puts together what several workers collected. The collectors must not
// be used afterwards.
func Merge(cs ...*Collector) *Result {
	r := &Result{}
	miners := make([]*template.Miner, 0, len(cs))
	all := newSpans()
	var started jobs
	series := map[*record.Series]*points{}
	var persons []record.Person
	for _, c := range cs {
		r.Events = append(r.Events, c.events...)
		r.Problems = append(r.Problems, c.problems...)
		miners = append(miners, c.miner)
		all.join(&c.spans)
		started.join(&c.jobs)
		persons = append(persons, c.persons...)
		for s, p := range c.series {
			if q := series[s]; q != nil {
				q.at, q.value, q.line = append(q.at, p.at...), append(q.value, p.value...), append(q.line, p.line...)
				continue
			}
			series[s] = p
		}
	}
	name(r.Events, persons)
	slices.SortStableFunc(r.Events, compareEvents)
	slices.SortFunc(r.Problems, CompareProblems)
	r.Problems = slices.Compact(r.Problems)
	r.Templates = template.Merge(miners...)
	r.Signals.Templates = r.Templates.Templates()
	r.Signals.Series = mergeSeries(series)
	r.Signals.Jobs = started.list()
	r.Signals.Edges, r.Signals.Traces = all.edges()
	r.Signals.Calls = all.calls(r.Templates.Of())
	return r
}

func compareEvents(a, b hindcast.Event) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Ref.File, b.Ref.File), cmp.Compare(a.Ref.Line, b.Ref.Line),
		cmp.Compare(a.Ref.Offset, b.Ref.Offset), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// CompareProblems orders problems by file, line and message.
func CompareProblems(a, b hindcast.Problem) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
}

// mergeSeries joins the series that several files export and orders them. Of
// two samples at the same moment the one from the first file stays.
func mergeSeries(in map[*record.Series]*points) []signal.Series {
	out := make([]signal.Series, 0, len(in))
	for s, p := range in {
		out = append(out, ordered(s, p))
	}
	slices.SortFunc(out, func(a, b signal.Series) int {
		return cmp.Or(compareSeries(a, b), cmp.Compare(a.File.Name, b.File.Name), slices.Compare(a.At, b.At),
			slices.Compare(a.Line, b.Line))
	})
	var joined []signal.Series
	for _, s := range out {
		if n := len(joined); n > 0 && compareSeries(joined[n-1], s) == 0 {
			joined[n-1] = join(joined[n-1], s)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

func compareSeries(a, b signal.Series) int {
	return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), slices.Compare(a.Labels, b.Labels))
}

// ordered sorts the points of one series by time; of several at one moment the
// one on the earliest line stays.
func ordered(s *record.Series, p *points) signal.Series {
	idx := make([]int, len(p.at))
	for i := range idx {
		idx[i] = i
	}
	slices.SortFunc(idx, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.at[a], p.at[b]), cmp.Compare(p.line[a], p.line[b]))
	})
	out := signal.Series{File: s.File, Name: s.Name, Service: s.Service, Labels: s.Labels}
	for _, i := range idx {
		if n := len(out.At); n > 0 && out.At[n-1] == p.at[i] {
			continue
		}
		out.At = append(out.At, p.at[i])
		out.Value = append(out.Value, p.value[i])
		out.Line = append(out.Line, p.line[i])
	}
	return out
}

func join(a, b signal.Series) signal.Series {
	out := signal.Series{File: a.File, Name: a.Name, Service: a.Service, Labels: a.Labels}
	i, j := 0, 0
	for i < len(a.At) || j < len(b.At) {
		from, k := &a, &i
		switch {
		case i == len(a.At) || j < len(b.At) && b.At[j] < a.At[i]:
			from, k = &b, &j
		case j < len(b.At) && b.At[j] == a.At[i]:
			j++
		}
		out.At = append(out.At, from.At[*k])
		out.Value = append(out.Value, from.Value[*k])
		out.Line = append(out.Line, from.Line[*k])
		*k++
	}
	return out
}
