// Package decision proposes decision points: for every decision that people took its
// question, its options, and what was known when it was made.
package decision

import (
	"cmp"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	asked     = 15 * time.Minute // how long before a decision its question can lie
	maxOption = 140              // runes
)

// Scene is what decisions are read in.
type Scene struct {
	Said    map[string]*fact.Fact // the messages by the id of their entry
	Talk    []*fact.Fact          // of the people who worked on the incident, in order of time
	Service string                // that was hit first, if known
}

// Propose gives every key entry that is a decision its decision point.
func Propose(entries []hindcast.Entry, s Scene) {
	for i, e := range entries {
		f := s.Said[e.ID]
		if f == nil || f.Speech.Act != speech.Decision && f.Mark() != "decision" || e.Kind != hindcast.Decided || !e.Key {
			continue
		}
		d := &hindcast.Decision{Question: s.question(f), Choice: e.Title, Options: options(f.Text())}
		for _, o := range entries {
			switch {
			case !o.Key || o.ID == e.ID || o.At.After(e.At):
			case !o.KnownAt.After(e.At):
				d.Known = append(d.Known, o.ID)
			default:
				d.NotKnown = append(d.NotKnown, o.ID)
			}
		}
		entries[i].Decision = d
	}
}

// question returns the question that a decision answers: the last one asked
// about what to do, else the general one.
func (s Scene) question(f *fact.Fact) string {
	out := ""
	for _, q := range s.Talk {
		if !q.At.Before(f.At) {
			break
		}
		if q.Speech.Act == speech.Question && f.At.Sub(q.At) < asked && q.Channel == f.Channel && what.MatchString(q.Text()) {
			out = q.Title
		}
	}
	if out == "" && s.Service != "" {
		return "What to do about " + s.Service + "?"
	}
	return cmp.Or(out, "What to do?")
}

var (
	what     = lazyregexp.New(`(?i)\b(?:should|shall|can|could|do|what|which|or)\b`)
	versus   = lazyregexp.New(`(?i)\b(?:rather than|instead of|,? not|or)\b`)
	preamble = lazyregexp.New(`(?i)^(?:decision|decided|plan|ok|okay|so|call)\s*[:,\-]\s*`)
)

// options returns the alternatives that the words of a decision name.
func options(text string) []string {
	text = preamble.ReplaceAllString(text, "")
	parts := versus.Split(text, 3)
	if len(parts) < 2 {
		return nil
	}
	var out []string
	for _, p := range parts {
		if p = strings.Trim(p, " ,.;:"); len(p) > 3 {
			out = append(out, fact.Shorten(p, maxOption))
		}
	}
	return out
}
