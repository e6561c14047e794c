package phase

import (
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// findings returns what people found to be behind the failure by its moment, of which
// there need not be a record.
func (f finder) findings(onset time.Time) []origin {
	var out []origin
	for _, s := range f.Scope.Talk {
		text := s.Text()
		found, lapsed := s.Speech.Act == speech.Cause || speech.Blames(text), speech.Lapses(text)
		if !found && !lapsed || !f.tells(s) || f.denied(s) {
			continue
		}
		for _, m := range s.Moments {
			if m.Ahead || m.Approx || !f.before(m.At, onset) {
				continue
			}
			o := origin{m.At, nil, dates, "what was found to be behind it came then, " + course.Source(s) + ", " + onset.Sub(m.At).Round(time.Second).String() + " before the first symptom"}
			if lapsed && !found {
				o.why = "something expired then, as was found, " + course.Source(s)
			}
			out = append(out, o)
			break
		}
	}
	return out
}

// tells reports whether a message states how things are, once the failure is known: it
// neither asks nor wonders nor plays down.
func (f finder) tells(s *fact.Fact) bool {
	switch s.Speech.Act {
	case speech.RuledOut, speech.Hypothesis, speech.Question, speech.Social:
		return false
	}
	return s.Class == fact.Said && !s.Test && f.Scope.Channels[s.Channel] && !s.At.Before(f.Phases.DetectedAt) && !doubt.MatchString(s.Text())
}

// denied reports whether others soon say that what somebody found is not it: in the
// words of it, or at once.
func (f finder) denied(s *fact.Fact) bool {
	answers := 0
	for _, a := range f.Scope.Talk {
		if !a.At.After(s.At) || a.At.Sub(s.At) > course.Heard || a.Channel != s.Channel {
			continue
		}
		answers++
		if a.Speech.Act == speech.RuledOut && (answers <= 2 && !fuse.SamePerson(a.Actor.Name, s.Actor.Name) || lexicon.Overlap(lexicon.Tokens(a.Text()), lexicon.Tokens(s.Text())) >= 1) {
			return true
		}
	}
	return false
}

// breaks is how people say that something ceased to work, and wellUntil until when it
// did.
var (
	breaks = lazyregexp.New(`(?i)\b(?:went (?:down|dark|offline|away|read-?only)|died|dead|crashed|panic(?:k?ed)?|stopped|halted|hung|froze|got stuck|(?:was|were|ran|is) (?:completely )?(?:full|out of)|(?:was|were) (?:cut|lost|down|gone|killed|unreachable)|lost (?:power|contact|the|its|all)|` +
		`fell (?:over|off)|dropped (?:out|off)|failed|broke(?:n)?|tripped|oom-?killed|segfault\w*|rebooted|disconnected|filled up|hit (?:the|its|\d+) ?(?:limit|quota|max\w*|%)?)\b`)
	wellUntil = lazyregexp.New(`(?i)\blast (?:\S+ ){0,4}(?:ok|good|successful\w*|success|worked|went (?:through|out|in)|arrived|received|processed|delivered|seen|answer\w*|heartbeat|complete\w*|synced)\b|\blast (?:good|successful|ok|healthy|complete[d]?) `)
	begins    = lazyregexp.New(`(?i)\b(?:began|begun|begins|started|starts|start of it|onset)\b`)
)

// since returns the earliest beginning that people stated afterwards, when the
// evidence shows none before the alarm, with who stated it. The second of the first
// failure is worth more than since when it is so, and that more than by and large.
func (f finder) since(at time.Time) (time.Time, *fact.Fact) {
	if at.IsZero() || f.Symptom != nil && (f.Alarm == nil || f.Symptom.At.Before(f.Alarm.At)) {
		return time.Time{}, nil
	}
	var best time.Time
	var by *fact.Fact
	rank := 0
	for _, s := range f.Facts {
		if !f.tells(s) && !(s == f.Alarm && s.Class == fact.Said) {
			continue
		}
		for _, m := range s.Moments {
			if !m.At.Before(at) || at.Sub(m.At) > lead || m.Ahead {
				continue
			}
			if r := f.begin(s, m); r > rank || r > 0 && r == rank && m.At.Before(best) {
				best, by, rank = m.At, s, r
			}
		}
	}
	return best, by
}

// begin ranks how surely a message says that the failure began at a moment; 0 when it
// does not.
func (f finder) begin(s *fact.Fact, m fact.Moment) int {
	text := s.Text()
	first := firstly.MatchString(text)
	switch {
	case f.denied(s):
		return 0
	case m.Exact && (first || breaks.MatchString(text) || wellUntil.MatchString(text)):
		return 4
	case first && s.Speech.Failing, speech.Lapses(text), wellUntil.MatchString(text):
		return 3
	case s.Speech.Improve && !s.Speech.Failing:
		return 0
	case m.Approx && (m.Since || begins.MatchString(text)):
		return 1
	case m.Approx:
		return 0
	case begins.MatchString(text) && len(text) < 60, breaks.MatchString(text):
		return 2
	case m.Since && (s.Speech.Act == speech.Cause || s.Speech.Act == speech.Observation || s.Speech.Act == speech.Report || s.Speech.Failing):
		return 2
	}
	return 0
}
