package keyrank

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// reader reads the features of messages.
type reader struct {
	Scene
	said   []*fact.Fact // talk where people worked on the incident, in order of time
	nth    map[*fact.Fact]int
	wrote  map[string]int // how many messages, by name
	hands  []string       // who took a page up or changed something
	ruled  []*fact.Fact   // the candidates that the rules keep
	tokens map[*fact.Fact]map[string]float64

	inShown, inRuled map[string]time.Time // when each word is first in what is shown, and in what the rules keep
}

func newReader(s Scene) *reader {
	r := &reader{Scene: s, nth: map[*fact.Fact]int{}, wrote: map[string]int{}, tokens: map[*fact.Fact]map[string]float64{}}
	for _, f := range s.Facts {
		if !s.During(f.At) {
			continue
		}
		switch f.Class {
		case fact.Said:
			if s.Scope.Channels[f.Channel] {
				r.nth[f] = len(r.said)
				r.said = append(r.said, f)
				r.wrote[f.Actor.Name]++
			}
		case fact.Ran, fact.Changed, fact.Rollout, fact.Acknowledged, fact.Closed:
			if f.ByPerson() && !slices.Contains(r.hands, f.Actor.Name) {
				r.hands = append(r.hands, f.Actor.Name)
			}
		}
	}
	for _, c := range s.Candidates {
		if c.Rule {
			r.ruled = append(r.ruled, c.Fact)
		}
	}
	r.inShown, r.inRuled = r.firsts(s.Shown), r.firsts(r.ruled)
	return r
}

// words returns the words by which a message or a record can be told from others.
func (r *reader) words(f *fact.Fact) map[string]float64 {
	w, ok := r.tokens[f]
	if !ok {
		text := f.Text()
		if f.Class != fact.Said {
			text = f.Words()
		}
		w = lexicon.Tokens(text)
		r.tokens[f] = w
	}
	return w
}

// read returns the features of a candidate.
func (r *reader) read(c *Candidate) logit.Features {
	x := logit.Features{}
	f := c.Fact
	x.Is("rule", c.Rule)
	x.Is("act:"+string(f.Speech.Act), true)
	r.language(x, f)
	r.elements(x, f)
	r.place(x, f)
	r.order(x, f)
	r.writer(x, f)
	r.around(x, f)
	r.shown(x, f)
	r.records(x, f)
	r.deeds(x, f)
	r.crowd(x, f)
	return x
}

// odds are the acts of which the odds are features.
var odds = []speech.Act{
	speech.Other, speech.Social, speech.Question, speech.Hypothesis, speech.RuledOut, speech.Taken, speech.Report, speech.Observation, speech.Cause, speech.Decision,
	speech.Action, speech.Mitigation, speech.AllClear, speech.Communication, speech.Vendor, speech.Restated,
}

// language is what the words do, by the grammar and by learned odds.
func (r *reader) language(x logit.Features, f *fact.Fact) {
	for _, a := range odds {
		x.Num("odds:"+string(a), f.Odds[a]/3)
	}
	x.Num("beside", f.Odds.Beside())
	s := f.Speech
	x.Is("failing", s.Failing)
	x.Is("improve", s.Improve)
	x.Is("ongoing", s.Ongoing)
	x.Is("finding", s.Finding)
	x.Is("verb", f.Verb != "")
	x.Is("self", self.MatchString(f.Text()))
}

var (
	self     = lazyregexp.New(`(?i)\b(?:i|i've|i'm|i'd|my|me)\b`)
	code     = lazyregexp.New("`[^`]+`")
	link     = lazyregexp.New(`https?://`)
	clock    = lazyregexp.New(`\b\d{1,2}:\d\d\b`)
	number   = lazyregexp.New(`\d+(?:[.,]\d+)*`)
	contrast = lazyregexp.New(`(?i)\d\S* ?(?:->|→|to|from|instead of|vs\.?|down from|up from|of|/) ?~?\d`)
)

// elements are the hard parts of a text.
func (r *reader) elements(x logit.Features, f *fact.Fact) {
	text := f.Text()
	x.Num("words", math.Log1p(float64(len(strings.Fields(text)))))
	x.Num("facts", math.Log1p(float64(f.Speech.Facts)))
	x.Is("facts1", f.Speech.Facts > 0)
	x.Num("numbers", math.Log1p(float64(len(number.FindAllString(text, -1)))))
	x.Num("clocks", float64(min(len(f.Moments), 2)))
	x.Is("clock", clock.MatchString(text))
	x.Num("code", float64(min(len(code.FindAllString(text, -1)), 3)))
	x.Is("link", link.MatchString(text))
	x.Is("version", f.Version != "")
	x.Is("contrast", contrast.MatchString(text))
	names := r.Names.Find(text)
	x.Num("names", float64(min(len(names), 2)))
	x.Is("hit", slices.ContainsFunc(names, r.Scope.Hit))
}

// place is where in the incident a message stands.
func (r *reader) place(x logit.Features, f *fact.Fact) {
	p := r.Phases.Phases
	x.Is("at:"+r.part(f.At), true)
	x.Num("since", logit.Lag(f.At.Sub(p.DetectedAt))/4)
	if whole := p.ResolvedAt.Sub(p.DetectedAt).Seconds(); !p.ResolvedAt.IsZero() && whole > 0 {
		x.Num("part", max(0, min(1, f.At.Sub(p.DetectedAt).Seconds()/whole)))
	}
}

// part returns what part of the incident a moment lies in.
func (r *reader) part(at time.Time) string {
	p := r.Phases.Phases
	for _, m := range []struct {
		name string
		from time.Time
	}{
		{"after", p.ResolvedAt}, {"mitigated", p.MitigatedAt}, {"acted", r.Phases.Deed}, {"taken", p.AcknowledgedAt}, {"detected", p.DetectedAt},
	} {
		if !m.from.IsZero() && !at.Before(m.from) {
			return m.name
		}
	}
	return "before"
}

// order is where a message stands among those that the rules keep.
func (r *reader) order(x logit.Features, f *fact.Fact) {
	same, all, gap, gapAll, next := 0, 0, 60.0, 60.0, 60.0
	for _, k := range r.ruled {
		d, alike := f.At.Sub(k.At).Minutes(), k.Speech.Act == f.Speech.Act
		switch {
		case k == f:
		case d >= 0:
			all++
			gapAll = min(gapAll, d)
			if alike {
				same++
				gap = min(gap, d)
			}
		case alike:
			next = min(next, -d)
		}
	}
	x.Is("first", same == 0)
	x.Num("rank", math.Log1p(float64(same)))
	x.Num("rankAll", math.Log1p(float64(all)))
	x.Num("gap", math.Log1p(gap)/4)
	x.Num("gapAll", math.Log1p(gapAll)/4)
	x.Num("next", math.Log1p(next)/4)
}

// crowd is how much is said, and how much of it the rules keep.
func (r *reader) crowd(x logit.Features, f *fact.Fact) {
	same := 0
	for _, k := range r.ruled {
		if k.Speech.Act == f.Speech.Act {
			same++
		}
	}
	said, ruled := float64(len(r.said)), float64(len(r.ruled))
	talk := math.Log1p(said) / 5
	x.Num("talk", talk)
	x.Num("talk2", talk*talk)
	x.Num("people", math.Log1p(float64(len(r.wrote)))/3)
	x.Num("ruled", math.Log1p(ruled)/3)
	x.Num("ruledShare", (1+ruled)/(1+said))
	x.Num("sameAct", math.Log1p(float64(same))/3)
	x.Num("fixed", math.Log1p(float64(len(r.Shown)))/3)
}

func (r *reader) hand(name string) bool {
	return slices.ContainsFunc(r.hands, func(h string) bool { return fuse.SamePerson(h, name) })
}
