package fact

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Moment is a moment that a text names.
type Moment struct {
	At     time.Time
	Exact  bool       // to the second
	Since  bool       // something began then
	Ahead  bool       // something ends or comes then
	Approx bool       // by and large, or counted back
	Dated  bool       // on a day that is named
	Called bool       // it is the name of something, as "the 02:30 truck"
	Span   bool       // it is one end of a time, "between 08:41 and 08:54"
	Act    speech.Act // of the clause that names it

	expr moment.Expr
}

// CountedBack reports whether a moment is told by how long ago it was.
func (m Moment) CountedBack() bool { return m.expr.Ago != 0 }

// Names reports whether a time is the one that was read as m, wherever it stands.
func (m Moment) Names(e moment.Expr) bool {
	return e.Hour == m.expr.Hour && e.Minute == m.expr.Minute && e.Second == m.expr.Second && e.Ago == m.expr.Ago
}

// OnlyMentions reports whether a message names a moment of which it tells nothing: it asks
// about it, or it comes then or is planned for a time, or something is called by it, or
// somebody wonders how long ago it was, or counts back to a time after the detection.
func (f *Fact) OnlyMentions(m Moment, detected time.Time) bool {
	in := f.Sentence(m)
	switch {
	case m.Ahead, strings.HasSuffix(in, "?"), m.Span && speech.Scheduled(in):
		return true
	case m.CountedBack():
		return m.At.After(detected) || speech.Unsure(f.Text())
	}
	return m.Called && !speech.Tells(f.Speech.Act) && !speech.Alters(in)
}

// Sentence returns what a message says of a moment: the sentence that names it, in one
// line, or the next when that only repeats the moment; the title when none does.
func (f *Fact) Sentence(m Moment) string {
	all := sentences.FindAllString(strings.Join(strings.Fields(f.Text()), " "), -1)
	for i, s := range all {
		if !slices.ContainsFunc(moment.Find(s), m.Names) {
			continue
		}
		if s = strings.TrimSpace(s); i+1 < len(all) && speech.Echoes(s) {
			s = strings.TrimSpace(all[i+1])
		}
		return s
	}
	return f.Title
}

// Plain returns what a message says without a question that only repeats a moment.
func (f *Fact) Plain() string {
	var out []string
	for _, s := range sentences.FindAllString(f.Text(), -1) {
		if !speech.Echoes(strings.TrimSpace(s)) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "")
}

var sentences = lazyregexp.New(`(?:[^.!?;]|[.!?;]\S)+[.!?;]*`)

// Offsets returns the offsets from UTC that the times of events were recorded
// in, UTC first: the zones that people who wrote them may think in.
func Offsets(events []hindcast.Event) []time.Duration {
	out := []time.Duration{0}
	for _, e := range events {
		t, err := time.Parse("-07:00", strings.TrimPrefix(e.Zone, stamp.Deduced))
		if err != nil {
			continue
		}
		_, sec := t.Zone()
		if d := time.Duration(sec) * time.Second; !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// moments resolves the times that a text names; one that is named twice, in two zones
// or with and without its seconds, once. What is counted back beside a clock only says
// how long it was.
func moments(clocks []speech.Clock, r moment.Reader) []Moment {
	var out []Moment
	clock := slices.ContainsFunc(clocks, func(c speech.Clock) bool { return c.Ago == 0 })
	for _, c := range clocks {
		at, ok := c.Resolve(r)
		if !ok || c.Ago != 0 && clock {
			continue
		}
		m := Moment{at, c.HasSecond, c.Since, c.Ahead, c.Approx || c.Ago != 0, c.Dated, c.Expr.Called, c.Span, c.Act, c.Expr}
		i := slices.IndexFunc(out, m.same)
		switch {
		case i < 0:
			out = append(out, m)
		case m.Exact && !out[i].Exact:
			out[i].At, out[i].Exact = m.At, true
		}
	}
	return out
}

// same reports whether two clocks show one moment.
func (m Moment) same(o Moment) bool {
	if m.Exact && o.Exact {
		return m.At.Equal(o.At)
	}
	return m.At.Truncate(time.Minute).Equal(o.At.Truncate(time.Minute))
}

// last returns the moment that a clock means, in one offset.
func last(c speech.Clock, at time.Time, offset time.Duration) time.Time {
	t, _ := c.Resolve(moment.Reader{At: at, Offsets: []time.Duration{offset}})
	return t
}

// recent is how long before a text a clock in it usually lies.
const recent = 3 * time.Hour
