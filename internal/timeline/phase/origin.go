package phase

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// origin is what people or another company said later of how it began.
type origin struct {
	at   time.Time
	fact *fact.Fact // the record of what set it off; nil when there is none
	rank int        // how surely it is meant: the more the better
	why  string
}

// How surely a statement is about the beginning of the incident.
const (
	stated = iota + 1 // a record of a change that somebody dated, or a line that people told of
	owned             // somebody says by its minute what they did
	dates             // another company, or who speaks of it, says since when it failed
	caused            // what was found to be the cause, by its minute
)

// origin returns the surest statement of what set the incident off, by its moment
// shortly before the first symptom; the zero origin when nobody made one.
func (f finder) origin(onset time.Time) origin {
	if f.Symptom == nil && f.Alarm != nil {
		onset = f.Alarm.At // what people say may lie before the earliest that they say
	}
	var out origin
	for _, o := range slices.Concat(f.findings(onset), f.toldRecords(onset), f.deeds(onset), f.companies(onset)) {
		if o.rank >= out.rank {
			out = o
		}
	}
	return out
}

// before reports whether a moment is where a trigger can be: shortly before the first
// symptom, or any time before the alarm when the evidence shows none.
func (f finder) before(at, onset time.Time) bool {
	reach := trigger.Reach
	if f.Symptom == nil {
		reach = lead / 2
	}
	return at.Before(onset) && onset.Sub(at) <= reach
}

// serious reports whether a message can say what set the incident off: it comes
// when that is known, and neither asks nor rules out nor plays down.
func (f finder) serious(s *fact.Fact) bool {
	switch s.Speech.Act {
	case speech.RuledOut, speech.Hypothesis, speech.Question, speech.Taken, speech.Mitigation, speech.AllClear:
		return false
	case speech.Decision: // that a clause tells something beside
		if !slices.ContainsFunc(s.Moments, func(m fact.Moment) bool { return m.Act == speech.Observation || m.Act == speech.Cause }) {
			return false
		}
	}
	return s.Class == fact.Said && !s.Test && f.Scope.Channels[s.Channel] && !s.At.Before(f.Phases.DetectedAt) && !doubt.MatchString(s.Plain())
}

// doubt is how people play down what they mention, or only wonder about it.
var doubt = lazyregexp.New(`(?i)\?|\b(?:maybe|perhaps|might|could (?:be|it|that)|could have|candidate|suspect\w*|unrelated|not related|no relation|nothing to do|(?:only|just) (?:touch\w*|copy|text|docs?|cosmetic|a)|not (?:it|that|this|us|me|ours)|same path|rul(?:ed|ing) (?:it |that |this |them )?out)\b`)

// toldRecords returns the records of changes that people told of by their moment, and
// changes in logs that they told of in other words.
func (f finder) toldRecords(onset time.Time) []origin {
	var out []origin
	for _, t := range f.Tells {
		r := t.Record
		found := !t.Dated && r.Sign != nil && r.Sign.Detector == notable.Told && !r.Sign.Bad
		if !t.Dated && !found || !f.before(r.At, onset) || !f.serious(t.By) || f.Judge.RuledOut(r) != nil {
			continue
		}
		rank := 0
		switch {
		case found:
			rank = stated
		case r.Class == fact.Warned || r.Class == fact.VendorPosted || r.Class == fact.Rollout:
		case t.By.Speech.Act == speech.Cause && (r.Sign == nil || !r.Sign.Bad):
			rank = caused
		case speech.Owns(t.By.Text()):
			rank = owned
		case r.Class == fact.Row && !notable.Fails(r.Title), sign.Change(r), r.Sign != nil && r.Sign.Detector == notable.Told && notable.Turns(r.Title):
			rank = stated
		}
		if rank > 0 {
			what := " that it was behind it"
			if found && t.By.Speech.Act != speech.Cause {
				what = " of it"
			}
			out = append(out, origin{r.At, r, rank, "people told at " + t.By.At.Format(time.TimeOnly) + what + ", and it came " + onset.Sub(r.At).Round(time.Second).String() + " before the first symptom, " + course.Source(r)})
		}
	}
	return out
}

// deeds returns what people say by its minute that they did themselves: at its
// record, when that is known, else at the minute.
func (f finder) deeds(onset time.Time) []origin {
	var out []origin
	for _, s := range f.Scope.Talk {
		if !f.serious(s) || !speech.Owns(s.Text()) || slices.ContainsFunc(f.Tells, func(t course.Tell) bool { return t.By == s && t.Dated && f.before(t.Record.At, onset) }) {
			continue
		}
		if i := slices.IndexFunc(s.Moments, func(m fact.Moment) bool { return f.before(m.At, onset) }); i >= 0 {
			m := s.Moments[i]
			for _, o := range s.Moments[i+1:] { // "06:14 local (05:14:06 utc)"
				if o.Exact && o.At.Truncate(time.Minute).Equal(m.At) {
					m = o
				}
			}
			out = append(out, origin{m.At, nil, owned, "what somebody said they did then, " + course.Source(s) + ", " + onset.Sub(m.At).Round(time.Second).String() + " before the first symptom"})
		}
	}
	return out
}

// beside is how far after the first symptom another company may put its failure:
// it tells the minute.
const beside = time.Minute

// companies returns since when another company's part failed, as it or people who
// speak of it say.
func (f finder) companies(onset time.Time) []origin {
	var out []origin
	for _, s := range f.Facts {
		who := ""
		switch {
		case s.Class == fact.VendorPosted && f.Judge.Heard(s):
			who = s.Actor.Name
		case f.serious(s) && f.Company != nil:
			if who = f.Company(s.Text()); who == "" && s.Speech.Act == speech.Vendor {
				who = "another company"
			}
		}
		if who == "" {
			continue
		}
		near := f.worked(s, onset)
		for _, m := range s.Moments {
			if !m.Since || !f.before(m.At, onset.Add(beside)) {
				continue
			}
			if near.After(m.At) {
				m.At, m.Exact = near, false
			}
			at := m.At
			if d := onset.Sub(at); d >= 0 && d < beside && !m.Exact { // the same minute
				at = onset
			} else if r := f.toldIn(s, m); r != nil {
				at = r.At
			}
			out = append(out, origin{at, nil, dates, "since then " + who + " had its failure, as was said later, " + course.Source(s)})
		}
	}
	return out
}

// toldIn returns the first record that a message tells of in a minute that it names;
// nil when there is none.
func (f finder) toldIn(s *fact.Fact, m fact.Moment) *fact.Fact {
	var out *fact.Fact
	for _, t := range f.Tells {
		if t.By != s || m.Exact || t.Record.At.Before(m.At) || !t.Record.At.Before(m.At.Add(beside)) {
			continue
		}
		if out == nil || t.Record.At.Before(out.At) {
			out = t.Record
		}
	}
	return out
}

// worked returns the last minute before the first symptom at which a message says that
// another company did something, beside since when it was so; the zero time when it
// says none.
func (f finder) worked(s *fact.Fact, onset time.Time) (at time.Time) {
	if !works.MatchString(s.Text()) {
		return at
	}
	for _, m := range s.Moments {
		if !m.Since && !m.Approx && !m.Ahead && f.before(m.At, onset.Add(beside)) && m.At.After(at) {
			at = m.At
		}
	}
	return at
}

// works is how a company says what it did to its own machines.
var works = lazyregexp.New(`(?i)\b(?:was|were|been|got|we|had) (?:\w+ )?(?:moved|migrated|live-?migrated|restarted|rebooted|replaced|switched|upgraded|updated|patched|failed over|rerouted|relocated|drained|evacuated|reconfigured|renewed|rotated|deployed|changed|promoted|rolled out|taken out)\b`)

// exactly returns when people said to the second that it first failed, beside a first
// symptom that is dated by a count or a sample; the zero time when nobody did.
func (f finder) exactly(onset time.Time) (time.Time, *fact.Fact) {
	if f.Symptom != nil && f.Symptom.Sign != nil && f.Symptom.Sign.Detector == "new-template" {
		return time.Time{}, nil
	}
	var at time.Time
	var by *fact.Fact
	for _, s := range f.Scope.Talk {
		if s.Class != fact.Said || s.At.Before(f.Phases.DetectedAt) || !firstly.MatchString(s.Text()) {
			continue
		}
		for _, m := range s.Moments {
			if d := m.At.Sub(onset).Abs(); m.Exact && d <= sampled && (by == nil || d < at.Sub(onset).Abs()) {
				at, by = m.At, s
			}
		}
	}
	if by != nil && at.Sub(onset).Abs() < time.Second { // as the evidence shows it
		return time.Time{}, nil
	}
	return at, by
}

// sampled is how far apart values are taken at most, and firstly how people say
// what was first.
const sampled = 90 * time.Second

var firstly = lazyregexp.New(`(?i)\b(?:first|earliest|expired?|ran out|lapsed|prim\w+|erste\w*)\b`)

// elsewhere reports whether people found by its moment what was behind the incident,
// and a change that nobody named or took back is not it.
func (f finder) elsewhere(c *fact.Fact, v trigger.Verdict, onset time.Time) bool {
	if v.Named != nil || v.Back {
		return false
	}
	return slices.ContainsFunc(f.Scope.Talk, func(s *fact.Fact) bool {
		return s.Speech.Act == speech.Cause && !s.At.Before(f.Phases.DetectedAt) && !f.Phases.DetectedAt.IsZero() && !f.Judge.Mentions(s, c) &&
			slices.ContainsFunc(s.Moments, func(m fact.Moment) bool {
				return m.At.Before(onset) && m.At.Sub(c.At).Abs() > 2*time.Minute
			})
	})
}

// blamed reports whether a change was surely found to be what set it off.
func blamed(v trigger.Verdict) bool { return v.Named != nil && v.Named.Speech.Act == speech.Cause }

// other reports whether a message dates other records and not this one.
func (f finder) other(by, c *fact.Fact) bool {
	var any, this bool
	for _, t := range f.Tells {
		if t.By == by && t.Dated {
			any, this = true, this || t.Record == c
		}
	}
	return any && !this
}

// settled drops what began long before the first symptom that is sure: a single line
// or one that was there when its file begins says little of when trouble began.
func settled(candidates []*fact.Fact, detected time.Time) []*fact.Fact {
	i := slices.IndexFunc(candidates, func(c *fact.Fact) bool { return course.Sure(c) && !c.At.After(detected) })
	if i < 0 {
		return candidates
	}
	at := candidates[i].At
	return slices.DeleteFunc(slices.Clone(candidates), func(c *fact.Fact) bool { return at.Sub(c.At) > trigger.Reach })
}

// striking is the surprise of what is new beyond doubt.
const striking = 8.0

// novelties returns what a log says for the first time, or far oftener, from shortly before
// the detection until after it, in words that people then use: what fails need not be
// called an error.
func (f finder) novelties() []*fact.Fact {
	detected := f.Phases.DetectedAt
	var out []*fact.Fact
	for _, s := range f.Signs {
		if sign.Worse(s.Sign) || sign.Better(s.Sign) || sign.Change(s) || s.Sign.Direction < 0 || s.Sign.Detector == "metric-change" || sign.Surprise(s) < striking || detected.IsZero() || !s.At.Before(detected) || !f.early(s.At, detected) || !s.Until.After(detected) {
			continue
		}
		want := lexicon.Tokens(s.Title)
		if slices.ContainsFunc(f.Scope.Talk, func(t *fact.Fact) bool { return lexicon.Overlap(lexicon.Tokens(t.Text()), want) >= lexicon.Hint }) {
			out = append(out, s)
		}
	}
	return out
}
