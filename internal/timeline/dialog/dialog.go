// Package dialog reads messages by where they stand in the conversation and
// beside the rest of the evidence, as well as by their words.
//
// The words alone leave open what an unusual phrase does; its place often does
// not. Who writes first after an alarm, in a few words, takes it up; what people
// state between the alarm and the first deed is what they found; what is to be
// done is said before it is done; who speaks of something working once the
// failure has ended in the signals says that it gets better; and the last word of
// those who worked on it says that it is over. [Read] says where each message
// stands, by names for which package dialogact has learned weights beside those of
// words, and lets the likeliest act of each message stand. Without a page and without a
// failure that the signals show there is no place to judge by, and nothing is
// changed.
package dialog

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/dialogact"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Read changes the acts of what people said about the incident, as far as their
// places tell more than their words. facts and signs are in order of time.
func Read(facts, signs []*fact.Fact, v lexicon.Vocabulary) {
	s, ok := find(facts, signs)
	if !ok {
		return
	}
	t := &talk{scene: s, vocabulary: v}
	for _, f := range facts {
		if lag := f.At.Sub(s.from); f.Class == fact.Said && !f.Test && !f.Speech.Reeled && lag >= -early && lag <= lasting && !fact.Leisure(f.Channel) {
			t.said = append(t.said, f)
		}
	}
	t.topics()
	t.read()
}

// talk is what people said around the time of the scene, and how far they came.
type talk struct {
	scene
	vocabulary lexicon.Vocabulary
	said       []*fact.Fact
	words      []map[string]float64
	live       map[string]bool      // channels in which people worked on it
	done       []map[string]float64 // the words of the deeds
	writers    []string             // who wrote so far

	reported, taken, decided, acted, eased, over time.Time // when first; zero: not yet
	reporter                                     string
}

// topics finds the channels in which people worked on it.
func (t *talk) topics() {
	t.live, t.words, t.done = map[string]bool{}, make([]map[string]float64, len(t.said)), make([]map[string]float64, len(t.deeds))
	for i, d := range t.deeds {
		t.done[i] = lexicon.Tokens(d.Words())
	}
	weight := map[string]int{}
	for i, f := range t.said {
		t.words[i] = lexicon.Tokens(f.Text())
		if t.hand(f.Actor.Name) {
			weight[f.Channel] += 2
		}
		if t.technical(i) {
			weight[f.Channel]++
		}
	}
	best := ""
	for c, n := range weight {
		if c != "" && (n > weight[best] || n == weight[best] && c < best) {
			best = c
		}
	}
	for c, n := range weight {
		t.live[c] = c != "" && (c == best && n >= 2 || n >= 4 && 3*n >= weight[best])
	}
}

// technical reports whether a message speaks of what the evidence is about.
func (t *talk) technical(i int) bool {
	f := t.said[i]
	if f.Named || f.Speech.Failing && f.Gist.Figures > 0 {
		return true
	}
	for w, x := range t.words[i] {
		if x >= 1 && t.vocabulary[w] {
			return true
		}
	}
	return false
}

// echoed reports whether somebody else used a rare word of a message around the
// time, in the same channel.
func (t *talk) echoed(i int) bool {
	for j := max(0, i-12); j < min(len(t.said), i+12); j++ {
		f := t.said[j]
		if j == i || f.Channel != t.said[i].Channel || fuse.SamePerson(f.Actor.Name, t.said[i].Actor.Name) {
			continue
		}
		for w, x := range t.words[i] {
			if x >= 1 && len(w) > 3 && t.words[j][w] >= 1 {
				return true
			}
		}
	}
	return false
}

// read goes through the messages in order.
func (t *talk) read() {
	for i, f := range t.said {
		f.Place = t.place(i).features()
		f.Odds = dialogact.Read(f.Bare, f.Speech, f.Gist, f.Place...)
		act, _ := f.Odds.Best()
		t.set(f, act)
		t.advance(f)
		if !slices.Contains(t.writers, f.Actor.Name) {
			t.writers = append(t.writers, f.Actor.Name)
		}
	}
}

func (t *talk) set(f *fact.Fact, act speech.Act) {
	if act == f.Speech.Act {
		f.Speech.Finding = act == speech.Observation
		return
	}
	if act == speech.Mitigation && f.Speech.Act == speech.AllClear && f.Speech.Over && speech.Ends(f.Text()) {
		return // whatever else it tells
	}
	f.Speech.Act = act
	switch act {
	case speech.Observation:
		f.Speech.Finding = true
	case speech.AllClear:
		f.Speech.Over, f.Speech.Implied = true, true
	case speech.Action, speech.Decision:
		f.Verb = fact.VerbOf(f.Text())
	}
}

// advance notes how far people came with a message.
func (t *talk) advance(f *fact.Fact) {
	mark := func(at *time.Time) {
		if at.IsZero() {
			*at = f.At
		}
	}
	switch f.Speech.Act {
	case speech.Report, speech.Observation, speech.Cause:
		if t.reported.IsZero() {
			t.reporter = f.Actor.Name
		}
		mark(&t.reported)
	case speech.Taken:
		mark(&t.taken)
	case speech.Decision:
		mark(&t.decided)
	case speech.Action:
		if !t.decided.IsZero() || t.nearing(f.At) {
			mark(&t.acted)
		}
	case speech.Mitigation:
		mark(&t.eased)
	case speech.AllClear:
		if f.Speech.Over {
			mark(&t.over)
		}
	}
}
