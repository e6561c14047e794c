package trigger

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// names are what few things are called by: versions, commits, numbers of tickets.
var names = lazyregexp.New(`\b(?:\d+\.\d+(?:\.\d+)+|[0-9a-f]*(?:\d[a-f]|[a-f]\d)[0-9a-f]*|[A-Za-z]+(?:[-_][A-Za-z0-9]+)*[-_]\d{2,})\b`)

// compound is what a thing is called that has a name of several words.
var compound = lazyregexp.New(`^[A-Za-z]{3,}(?:[-_][A-Za-z]{3,})+$`)

const (
	// unique is of how many records a name can be at most that tells one from others.
	unique = 4
	// sameMinute is how far a moment that somebody names may lie from its record.
	sameMinute = time.Minute
)

// identifiers returns the names of a record that tell it from others.
func identifiers(c *fact.Fact) []string {
	var out []string
	for _, n := range append(names.FindAllString(c.Text(), -1), names.FindAllString(c.Title, -1)...) {
		if len(n) > 4 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	object := ""
	if c.Class == fact.Changed || c.Class == fact.Ran { // a rollout is called by its version
		object = c.Object[strings.LastIndexByte(c.Object, '/')+1:]
	}
	for _, n := range []string{c.Version, compound.FindString(object)} {
		if len(n) > 4 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// Statements returns what people say, once the failure is known at from, that can tell
// which change was behind it.
func (j *Judge) Statements(from time.Time) []*fact.Fact {
	var out []*fact.Fact
	for _, s := range j.Facts {
		if s.Class != fact.Said || s.Test || !s.At.After(from) || !j.In(s.Channel) || speech.Unsure(s.Text()) {
			continue
		}
		switch s.Speech.Act {
		case speech.Question, speech.Hypothesis, speech.RuledOut, speech.Social, speech.Taken, speech.Mitigation, speech.AllClear:
		default:
			out = append(out, s)
		}
	}
	return out
}

// Identified returns which of some statements tells of a change that lies any time
// before: by a name that few records have, as what is behind it or with its minute. It is
// nil when none does.
func (j *Judge) Identified(c *fact.Fact, statements []*fact.Fact) *fact.Fact {
	own := identifiers(c)
	for _, s := range statements {
		named := slices.IndexFunc(own, func(n string) bool { return strings.Contains(s.Text(), n) })
		if named < 0 {
			continue
		}
		dated := slices.ContainsFunc(s.Moments, func(m fact.Moment) bool { return m.At.Sub(c.At).Abs() <= sameMinute })
		if (dated || s.Speech.Act == speech.Cause || speech.Confesses(s.Text())) && slices.ContainsFunc(own[named:], func(n string) bool { return strings.Contains(s.Text(), n) && j.rare(n) }) {
			return s
		}
	}
	return nil
}

// OfDays returns those of some statements that tell what is behind it and name a day.
func OfDays(statements []*fact.Fact) []*fact.Fact {
	return slices.DeleteFunc(slices.Clone(statements), func(s *fact.Fact) bool {
		return s.Speech.Act != speech.Cause && !speech.Confesses(s.Text()) || !moment.HasDay(s.Text())
	})
}

// OnDay returns which of some statements, see [OfDays], tells of a change as what is behind
// it, by the day on which it was made and by words: "svc-pki was disabled last Friday in the
// access review". It is nil when none does, or when another change of the day shares as much
// with it.
func (j *Judge) OnDay(c *fact.Fact, statements []*fact.Fact) *fact.Fact {
	for _, s := range statements {
		if !moment.NamesDay(s.Text(), s.At, c.At) {
			continue
		}
		if own := Shares(s, c); own >= lexicon.Enough && !slices.ContainsFunc(fact.Between(j.Facts, c.At.Add(-day), c.At.Add(day)), func(o *fact.Fact) bool {
			return o != c && (Change(o) || o.Class == fact.Row || o.Class == fact.Committed) && Shares(s, o) >= own && !(o.Class == fact.Committed && c.Class != fact.Committed)
		}) {
			return s
		}
	}
	return nil
}

// day is how far apart two things are that are of one day.
const day = 24 * time.Hour

// rare reports whether few records hold a name.
func (j *Judge) rare(name string) bool {
	n := 0
	for _, f := range j.Facts {
		if f.Class != fact.Said && (strings.Contains(f.Text(), name) || strings.Contains(f.Title, name)) {
			n++
		}
	}
	return n <= unique
}
