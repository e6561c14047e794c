package detect

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/wording"
)

const (
	// mostMarks is how many records a detection points to.
	mostMarks = 5
	// silence in seconds is how long a service must not log for that to be a failure.
	silence = 120
)

// entry is one template in one service.
type entry struct {
	*signal.Counts
	template *signal.Template
	severity severity
	axis     *axis
	fresh    bool // it first appears while its service is being watched
	first    int  // buckets of its first appearance
}

// label names the service for people, or the file of records that name none.
func (e *entry) label() string {
	if e.Service == "" && e.First.File != nil {
		return e.First.File.Name
	}
	return e.Service
}

// group is the records of one service of one sort together. Records that name
// no service are apart by what their files cover.
type group struct {
	origin
	n       []float64
	members []*entry
}

// origin is where records come from.
type origin struct {
	service string
	axis    *axis
}

// logs looks at log templates one by one, and at all failures, all requests
// and all records of each service together.
func (d *detector) logs(templates []signal.Template) {
	l := newLogs(d, templates)
	var good, bad, failures, volumes, refused family
	for i := range l.entries {
		f := &good
		if l.entries[i].severity > harmless {
			f = &bad
		}
		d.template(&l.entries[i], l, f)
	}
	d.newcomers(l)
	for _, g := range l.failures {
		d.failures(g, l, &failures)
	}
	for _, g := range l.volumes {
		d.volume(g, l.requests[g.origin], &volumes, len(l.volumes))
	}
	for _, g := range l.refused {
		d.refused(g, l.requests[g.origin], &refused, len(l.refused))
	}
	for _, f := range [...]*family{&good, &bad, &failures, &volumes, &refused} {
		d.conclude(f)
	}
}

// logView is the templates with the groups they form.
type logView struct {
	axes     *axes
	entries  []entry
	failures []*group             // failures that are no answers to requests, by service
	volumes  []*group             // all records, by service
	requests map[origin]*group    // access log records
	refused  []*group             // server errors in access logs, by service
	traffic  map[origin][]float64 // records that are no failures
	all      map[origin][]float64 // all records
}

func newLogs(d *detector, templates []signal.Template) *logView {
	l := &logView{axes: newAxes(templates, d.window), requests: map[origin]*group{}, traffic: map[origin][]float64{}, all: map[origin][]float64{}}
	for i := range templates {
		t := &templates[i]
		s := severityOf(t)
		for k := range t.Services {
			c := &t.Services[k]
			if len(c.Buckets) > 0 {
				e := entry{Counts: c, template: t, severity: s, axis: l.axes.of(c)}
				e.fresh = d.fresh(&e)
				l.entries = append(l.entries, e)
			}
		}
	}
	failures, refused, volumes := map[origin]*group{}, map[origin]*group{}, map[origin]*group{}
	for i := range l.entries {
		e := &l.entries[i]
		put(volumes, e)
		if o := (origin{e.Service, e.axis}); e.severity == harmless {
			if l.traffic[o] == nil {
				l.traffic[o] = make([]float64, len(e.axis.cells))
			}
			e.axis.fill(l.traffic[o], e.Buckets)
		}
		if e.template.Status > 0 {
			put(l.requests, e)
		}
		switch {
		case e.template.Status >= 500:
			put(refused, e)
		case e.severity > harmless:
			put(failures, e)
		}
	}
	for o, g := range volumes {
		l.all[o] = g.n
	}
	l.failures, l.refused, l.volumes = ordered(failures), ordered(refused), ordered(volumes)
	return l
}

func put(groups map[origin]*group, e *entry) {
	o := origin{e.Service, e.axis}
	g := groups[o]
	if g == nil {
		g = &group{origin: o, n: make([]float64, len(e.axis.cells))}
		groups[o] = g
	}
	g.members = append(g.members, e)
	g.axis.fill(g.n, e.Buckets)
}

func ordered(groups map[origin]*group) []*group {
	out := make([]*group, 0, len(groups))
	for _, g := range groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.members[0].template.Text, b.members[0].template.Text))
	})
	return out
}

// alive returns how long a service could have told of failures in each cell: not while
// it wrote nothing at all for so long that it must have been down.
func (l *logView) alive(o origin) []float64 {
	const many = 12 // records that are missing
	traffic, out := l.traffic[o], slices.Clone(o.axis.covered)
	var n, secs float64
	for i := range traffic {
		n += traffic[i]
		secs += out[i]
	}
	all, from, mute := l.all[o], 0, 0.0
	for i := range traffic {
		if mute += out[i]; all[i] > 0 {
			from, mute = i+1, 0
		} else if mute >= silence && mute*n >= many*secs {
			clear(out[from : i+1])
			from = i + 1
		}
	}
	return out
}

// template reports how the rate of a template changes. That it appears is told
// elsewhere.
func (d *detector) template(e *entry, l *logView, f *family) {
	r := d.rates(e, f)
	r.eager = e.fresh
	if e.severity > harmless {
		o := origin{e.Service, e.axis}
		r.better, r.traffic, r.exposure = -1, l.traffic[o], l.alive(o)
	}
	e.first = len(e.Buckets)
	for _, x := range r.runs() {
		if e.fresh {
			begin := r.start(x.from) / bucket
			if x.side < 0 || begin <= floor(e.First.At, bucket) {
				continue
			}
			i, _ := slices.BinarySearchFunc(e.Buckets, begin, byBucket)
			e.first = min(e.first, i)
		}
		s := d.detection(r, x, []*entry{e})
		s.Service, s.Subject = e.Service, e.template.ID
		s.Bad = e.severity > harmless && x.side > 0
		what := quoted(e.template.Text) + in(e.label())
		if x.n == 0 {
			s.Detector, s.Title = "vanished-template", fmt.Sprintf("%s stopped (%s per minute before)", what, perMinute(x.usual.n, x.usual.exposure))
		} else {
			s.Title = d.title(what, x)
		}
		r.candidate(x, s, len(l.entries))
	}
}

func (d *detector) rates(e *entry, f *family) *rates {
	r := &rates{axis: e.axis, n: make([]float64, len(e.axis.cells)), exposure: e.axis.covered, inside: d.window.cells(e.axis), family: f}
	e.axis.fill(r.n, e.Buckets)
	return r
}

func byBucket(c signal.Count, b int64) int { return cmp.Compare(c.Bucket, b) }

// failures reports how the failures of a service changed.
func (d *detector) failures(g *group, l *logView, f *family) {
	r := &rates{axis: g.axis, n: g.n, exposure: l.alive(g.origin), inside: d.window.cells(g.axis), better: -1, traffic: l.traffic[g.origin], family: f}
	for _, x := range r.runs() {
		if x.side < 0 {
			continue
		}
		s := d.detection(r, x, g.members)
		s.Service, s.Subject, s.Bad = g.service, "errors", true
		s.Title = d.title("error rate"+of(g.members[0].label()), x)
		r.candidate(x, s, len(l.failures))
	}
}

// volume reports how much a service logs.
func (d *detector) volume(g, requests *group, f *family, trials int) {
	what, subject := "log volume"+of(g.members[0].label()), "records"
	if requests != nil {
		g, what, subject = requests, "request rate"+of(g.members[0].label()), "requests"
	}
	r := &rates{axis: g.axis, n: g.n, exposure: g.axis.covered, inside: d.window.cells(g.axis), family: f}
	for _, x := range r.runs() {
		s := d.detection(r, x, g.members)
		s.Service, s.Subject = g.service, subject
		s.Bad = requests != nil && x.side < 0 && s.Effect < 0.5
		s.Title = d.title(what, x)
		if x.n == 0 && x.exposure >= silence {
			s.Bad = true
			s.Title = fmt.Sprintf("no records%s (%s per minute before)", of(g.members[0].label()), perMinute(x.usual.n, x.usual.exposure))
		}
		r.candidate(x, s, trials)
	}
}

// refused reports how the share of requests changed that ended in a server error.
func (d *detector) refused(g, requests *group, f *family, trials int) {
	r := &rates{axis: g.axis, n: g.n, exposure: requests.n, inside: d.window.cells(g.axis), better: -1, family: f}
	for _, x := range r.runs() {
		if x.side < 0 {
			continue
		}
		s := d.detection(r, x, g.members)
		s.Service, s.Subject, s.Bad = g.service, "5xx", true
		s.Title = fmt.Sprintf("share of server errors%s rose from %s to %s", of(g.members[0].label()), percent(x.usual.n, x.usual.exposure), percent(x.n, x.exposure))
		s.Why = fmt.Sprintf("%s of %s requests failed, before %s of %s", number(x.n), number(x.exposure), number(x.usual.n), number(x.usual.exposure))
		r.candidate(x, s, trials)
	}
}

func (d *detector) title(what string, x run) string {
	return fmt.Sprintf("%s %s from %s to %s per minute", what, verb(x.side), perMinute(x.usual.n, x.usual.exposure), perMinute(x.n, x.exposure))
}

// detection says of a run what does not depend on what was counted.
func (d *detector) detection(r *rates, x run, members []*entry) signal.Detection {
	marks := marksIn(members, r.axis, x.from, x.to)
	s := signal.Detection{
		Detector: "rate-change", From: r.start(x.from), To: r.end(x.to - 1), Peak: r.start(x.peak),
		Direction: x.side, Effect: x.rate() / x.usual.rate(), Marks: marks,
	}
	if x.side > 0 && len(marks) > 0 {
		s.From = marks[0].At
	}
	s.To, s.Peak = max(s.From, s.To), max(s.From, s.Peak)
	s.Why = fmt.Sprintf("%s per minute (%s in %s), before %s (%s in %s), which varies by %s",
		perMinute(x.n, x.exposure), number(x.n), duration(x.exposure),
		perMinute(x.usual.n, x.usual.exposure), number(x.usual.n), duration(x.usual.exposure), percent(x.spread, 1))
	if x.afterGap && x.from > 0 {
		s.Why += "; it may have begun in the gap of the evidence before"
	}
	return s
}

// marksIn returns the first record that each member has in the cells, the
// earliest first. A member without any counts for nothing.
func marksIn(members []*entry, a *axis, from, to int) []signal.Mark {
	var marks []signal.Mark
	for _, e := range members {
		if m, ok := e.mark(a.start(from)/bucket, a.end(to-1)/bucket); ok {
			marks = append(marks, m)
		}
	}
	slices.SortStableFunc(marks, func(a, b signal.Mark) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Line, b.Line))
	})
	return marks[:min(len(marks), mostMarks)]
}

// mark returns the first record from one bucket up to but not including another.
func (e *entry) mark(from, to int64) (signal.Mark, bool) {
	i, _ := slices.BinarySearchFunc(e.Buckets, from, byBucket)
	if i == len(e.Buckets) || e.Buckets[i].Bucket >= to {
		return signal.Mark{}, false
	}
	c := e.Buckets[i]
	if floor(e.First.At, bucket) == c.Bucket {
		return e.First, true
	}
	if c.Line == 0 || int(c.File) >= len(e.Files) {
		return signal.Mark{At: c.Bucket * bucket, File: e.First.File}, true
	}
	return signal.Mark{At: c.Bucket*bucket + int64(c.Micros)*1000, File: e.Files[c.File], Line: int(c.Line)}, true
}

// severity says how bad a template is by what it says.
type severity uint8

const (
	harmless severity = iota
	suspicious
	failing
	deadly
)

func severityOf(t *signal.Template) severity {
	switch {
	case t.Level >= hindcast.LevelFatal:
		return deadly
	case t.Level == hindcast.LevelError || t.Status >= 500:
		return failing
	case t.Status == 0 && (t.Level == hindcast.LevelWarn || t.Level == hindcast.LevelUnknown) && wording.Failure(t.Text):
		return suspicious
	}
	return harmless
}
