package relief

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/dialogact"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/turn"
)

// turnOdds are the acts of which the odds are features of a turn.
var turnOdds = []speech.Act{
	speech.Mitigation, speech.AllClear, speech.Action, speech.Observation, speech.Question, speech.Hypothesis, speech.Decision, speech.Communication,
	speech.Cause, speech.Report, speech.Social, speech.Restated, speech.Vendor,
}

// words are what a message tells of relief.
func (r *turnReader) words(x logit.Features, s *fact.Fact) {
	for _, a := range turnOdds {
		x.Num("odds:"+string(a), s.Odds[a]/3)
	}
	x.Num("good", good(s)/3)
	text := s.Text()
	x.Is("improve", s.Speech.Improve)
	x.Is("failing", s.Speech.Failing)
	x.Is("ongoing", s.Speech.Ongoing)
	x.Is("over", s.Speech.Over)
	x.Is("moves", moves.MatchString(text))
	x.Is("byItself", byItself.MatchString(text))
	x.Is("question", strings.HasSuffix(text, "?"))
	x.Is("external", s.Actor.Kind == hindcast.External)
}

// names is how a message names its i-th moment: the clause around it can tell a deed
// while another tells what came of it.
func (r *turnReader) names(x logit.Features, s *fact.Fact, i int) {
	m := s.Moments[i]
	x.Is("since", m.Since)
	x.Is("exact", m.Exact)
	x.Is("approx", m.Approx)
	x.Is("ahead", m.Ahead)
	x.Num("lag", logit.Lag(s.At.Sub(m.At))/3)
	x.Is("late", s.At.Sub(m.At) > course.Heard)
	x.Is("end", s == r.End)
	x.Is("followed", i+1 < len(s.Moments) && s.Moments[i+1].At.After(m.At) && s.Moments[i+1].At.Before(s.At))
	c := clause(s.Text(), m)
	odds := dialogact.Read(c, speech.Reading{}, gist.Gist{})
	x.Num("clause:good", max(odds[speech.Mitigation], odds[speech.AllClear])/3)
	x.Num("clause:action", odds[speech.Action]/3)
	x.Num("clause:observation", odds[speech.Observation]/3)
	x.Is("clause:moves", moves.MatchString(c))
	x.Is("clause:runs", runs.MatchString(c))
}

var (
	// runs is how people tell that something that they did goes on.
	runs = lazyregexp.New(`(?i)\b(?:runs|running|active|on|off|set|started|starting)\b`)
	// clauses are the parts of a text between its marks.
	clauses = lazyregexp.New(`[^,.;:!?]*(?:[,.;:!?]\S[^,.;:!?]*)*[,.;:!?]?`)
)

// clause returns the part of a text that names a moment; the text when none does.
func clause(text string, m fact.Moment) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, p := range clauses.FindAllString(text, -1) {
		for q := range strings.SplitSeq(p, " and ") {
			if slices.ContainsFunc(moment.Find(q), m.Names) {
				return q
			}
		}
	}
	return text
}

// place is where a turn stands among what is known.
func (r *turnReader) place(t *turn.Turn) {
	x := t.Features
	r.acted(x, t.At)
	r.signals(x, t)
	r.others(x, t)
	x.Is(turn.Ruled, !r.rule.IsZero() && t.At.Sub(r.rule).Abs() <= one)
	good := x["good"]
	if good <= 0 {
		return
	}
	x.Num("good*first", good/(1+max(0, x["goodBefore"])))
	for _, name := range []string{"since", "exact", "near", "moves", "improve", "followed"} {
		if x[name] > 0 {
			x.Num("good*"+name, good)
		}
	}
}

// acted is what responders did before and after a moment.
func (r *turnReader) acted(x logit.Features, at time.Time) {
	last, before, after := time.Time{}, 0, 0
	for _, d := range r.done {
		if d.After(at.Add(course.Between)) {
			after++
			continue
		}
		last = d
		before++
	}
	since := at.Sub(last)
	x.Is("deed1", since <= time.Minute)
	x.Is("deed3", since <= 3*time.Minute)
	x.Is("deed10", since <= 10*time.Minute)
	x.Is("idle", r.Deed.IsZero() || at.Before(r.Deed))
	x.Num("deeds", math.Log1p(float64(before))/2)
	x.Num("deedsAfter", math.Log1p(float64(after))/2)
}

// signals is how the numbers are around a turn.
func (r *turnReader) signals(x logit.Features, t *turn.Turn) {
	x.Is("held", held(r.tracked, t.At))
	if r.Symptom != nil && r.Symptom.Sign != nil {
		d := course.Falls(r.Symptom).Sub(t.At)
		x.Is("symptomNear", d.Abs() <= one)
		x.Is("symptomOver", d < -one)
	}
	near, fell, on := 0.0, 0.0, 0.0
	for _, s := range r.tracked {
		if s.At.After(t.At) || s == t.Fact {
			continue
		}
		switch d := course.Falls(s).Sub(t.At); {
		case d.Abs() <= ahead:
			near++
		case d < 0:
			fell++
		default:
			on++
		}
	}
	all := max(1, near+fell+on)
	x.Is("near", near > 0)
	x.Num("nearShare", near/all)
	x.Num("fellShare", fell/all)
	x.Num("onShare", on/all)
}

// others is what other turns tell of the time around one.
func (r *turnReader) others(x logit.Features, t *turn.Turn) {
	before, after, soon, named, stated := 0.0, 0.0, 0.0, 0.0, false
	for _, o := range r.list {
		d := o.At.Sub(t.At)
		switch {
		case o.Fact == t.Fact:
		case o.kind == turnSaid && d < -time.Second:
			before = max(before, o.good)
		case o.kind == turnSaid:
			if d <= 5*time.Minute {
				after = max(after, o.good)
			}
			if d <= 2*time.Minute {
				soon = max(soon, o.good)
			}
		case o.kind == turnNamed && d.Abs() <= one:
			named = max(named, 1+max(0, o.good)/3)
		case o.kind == turnStated && d.Abs() <= one:
			stated = true
		}
	}
	x.Num("goodBefore", before/3)
	x.Num("goodAfter", after/3)
	x.Num("goodSoon", soon/3)
	x.Num("named", named)
	x.Is("stated", stated)
}
