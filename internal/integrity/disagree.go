package integrity

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
)

// How far apart two entries of one fact may lie, and how little is no difference
// but the way of a message.
const (
	farthest = 10 * time.Minute
	nearest  = 5 * time.Second
)

// disagreements finds pairs of entries that tell one fact at different times:
// of one kind, by one actor, with mostly the same words, from different files.
// A pair in which one is believed is no finding.
func disagreements(p hindcast.Postmortem) []Finding {
	var out []Finding
	for i, a := range p.Timeline {
		if a.At.IsZero() || a.Prefer != nil {
			continue
		}
		for _, b := range p.Timeline[i+1:] {
			apart := b.At.Sub(a.At).Abs()
			if b.At.IsZero() || b.Prefer != nil || apart > farthest || apart < nearest || !same(a, b) {
				continue
			}
			out = append(out, Finding{Rule: SourcesDisagree, Level: hindcast.FindingWarning, At: a.At, Entries: []string{a.ID, b.ID}, Files: files(a, b),
				Message:  fmt.Sprintf("%s has “%s” at %s, %s at %s, %s apart", file(a), a.Title, clock(a.At), file(b), clock(b.At), hindcast.FormatDuration(apart)),
				Question: "Is it one fact? Then say which source to believe, and why; both stay."})
		}
	}
	return out
}

// once are the kinds of which one actor does a thing once.
var once = []hindcast.EntryKind{hindcast.Change, hindcast.Alert, hindcast.Acknowledge, hindcast.Action, hindcast.Mitigation, hindcast.Recovery, hindcast.ExternalEvent}

// same reports whether two entries seem to tell one fact.
func same(a, b hindcast.Entry) bool {
	if a.Kind != b.Kind || !slices.Contains(once, a.Kind) || a.Actor != b.Actor || len(a.Evidence) == 0 || len(b.Evidence) == 0 {
		return false
	}
	for _, x := range a.Evidence {
		for _, y := range b.Evidence {
			if x.File == y.File {
				return false // one source does not contradict itself: it happened twice
			}
		}
	}
	return alike(a.Title, b.Title)
}

// alike reports whether two titles have two thirds of the words of the shorter
// in common.
func alike(a, b string) bool {
	x, y := words(a), words(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	n := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			n++
		}
	}
	return len(x) > 0 && 3*n >= 2*len(x)
}

func words(s string) []string {
	list := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(list, func(w string) bool { return len(w) < 3 })
}

func file(e hindcast.Entry) string { return e.Evidence[0].File }

func files(a, b hindcast.Entry) []string {
	out := []string{}
	for _, r := range slices.Concat(a.Evidence, b.Evidence) {
		if !slices.Contains(out, r.File) {
			out = append(out, r.File)
		}
	}
	return out
}

// Believe records that of two entries that disagree one is believed, and why.
// Both stay in the timeline. p is not changed.
func Believe(p hindcast.Postmortem, believed, other, why string) (hindcast.Postmortem, error) {
	i := index(p, other)
	switch {
	case index(p, believed) < 0 || i < 0 || believed == other:
		return p, hindcast.Errorf(hindcast.Invalid, "name two entries of the timeline")
	case why == "":
		return p, hindcast.Errorf(hindcast.Invalid, "say why this entry is believed; the reason stays with the other one")
	}
	p.Timeline = slices.Clone(p.Timeline)
	p.Timeline[i].Prefer = &hindcast.Preference{Entry: believed, Why: why}
	return p, nil
}

func index(p hindcast.Postmortem, id string) int {
	return slices.IndexFunc(p.Timeline, func(e hindcast.Entry) bool { return e.ID == id })
}
