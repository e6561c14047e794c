package lint

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
	"github.com/hindcast/hindcast/internal/lint/wording"
	"github.com/hindcast/hindcast/internal/markdown"
)

// shallow finds causes that stop too early: at a person, at the symptom said
// again, at an act without the control that was missing, or at a chain of fewer
// than three whys.
type shallow struct {
	word.Lists
	controls word.Set // words of what keeps a fault from becoming an incident
	symptoms word.Phrases
	reasons  word.Set // words that go on to a reason
	blame    *wording.Blame
	limit    int
}

func newShallow(r Rule, words word.Lists) checker {
	list := func(name string) word.Set { return word.NewSet(r.Words[name].words) }
	return &shallow{Lists: words, controls: list("controls"), symptoms: word.NewPhrases(r.Words["symptoms"].words), reasons: list("reasons"), limit: r.Limit,
		blame: wording.NewBlame(words, r.list)}
}

func (k *shallow) check(d *document) []hit {
	var known chains
	if !d.context.Incomplete {
		known = chainsOf(d.context.Factors)
	}
	var out []hit
	for i := range d.passages {
		p := &d.passages[i]
		if p.section != hindcast.SectionRootCauses && p.section != hindcast.SectionContributing {
			continue
		}
		switch ends, factor := known.find(p); {
		case !factor:
			out = append(out, k.judge(d, p, i)...)
		case ends:
			out = append(out, k.endsAt(d, i)...)
		}
	}
	return append(out, k.chain(d)...)
}

// The places at which a cause stops too early.
type stop uint8

const (
	goesDeep stop = iota
	stopsAtPerson
	stopsAtSymptom
)

// judge looks at one sentence, and at what follows it.
func (k *shallow) judge(d *document, p *passage, i int) []hit {
	whole := p.hitAt(0, len(p.Tokens)-1)
	switch k.stops(p) {
	case stopsAtPerson:
		whole.message = "this cause ends at a person"
	case stopsAtSymptom:
		whole.message = "this cause says the symptom again"
	default:
		return nil
	}
	if k.goesOn(d, p, i) {
		return nil
	}
	return []hit{whole}
}

// stops looks at the words of one sentence.
func (k *shallow) stops(p *passage) stop {
	t := p.Tokens
	if t[len(t)-1].Norm == "?" {
		return goesDeep
	}
	v, blames := k.blame.Find(p.Sentence)
	switch {
	case blames && (k.has(t[:v.First], k.controls) || k.has(t[v.Last+1:], k.controls)) || !blames && k.has(t, k.controls):
		return goesDeep
	case blames || k.personActs(t):
		return stopsAtPerson
	case len(t) <= 12 && k.symptoms.In(t) && !k.has(t, k.reasons):
		return stopsAtSymptom
	}
	return goesDeep
}

func (k *shallow) has(t []sentence.Token, s word.Set) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool { return s[x.Norm] })
}

// personActs reports whether one person is the subject of the sentence and did
// something.
func (k *shallow) personActs(t []sentence.Token) bool {
	for j := range min(len(t)-1, 6) {
		w := t[j].Norm
		if k.Singular[w] && !k.blame.Possessive(t, j) {
			next := t[j+1]
			return next.Kind == sentence.Word && (word.Participle(next.Norm) || k.blame.Acts(next.Norm))
		}
		if !k.People[w] && w != "the" && w != "an" && w != "a" && w != "one" && w != "of" && w != "on-call" && w != "new" && w != "junior" && w != "senior" {
			return false
		}
	}
	return false
}

// goesOn reports whether the next sentence of the same section goes deeper: it
// names a control or gives a reason.
func (k *shallow) goesOn(d *document, p *passage, i int) bool {
	for _, next := range d.passages[i+1 : min(len(d.passages), i+4)] {
		if next.section == p.section && (k.has(next.Tokens, k.controls) || next.block == p.block) {
			return true
		}
	}
	return false
}

// chain finds lists of whys that are too short.
func (k *shallow) chain(d *document) []hit {
	whys := map[int]int{}
	last := map[int]*markdown.Block{}
	for _, p := range d.passages {
		if p.section != hindcast.SectionRootCauses || p.block.Kind != markdown.Item || !p.first {
			continue
		}
		if isWhy(p.Tokens) {
			whys[p.block.List]++
			last[p.block.List] = p.block
		}
	}
	var out []hit
	for list, n := range whys {
		if b := last[list]; n < k.limit {
			out = append(out, hit{start: b.Start, end: b.End, section: hindcast.SectionRootCauses, message: "the chain ends after " + [...]string{"no", "one", "two"}[min(n, 2)] + " whys; go on until an answer can be changed by an action"})
		}
	}
	return out
}

// isWhy reports whether an item of a list is a why: "Why did it crash?", "Why 2:".
func isWhy(t []sentence.Token) bool {
	for i, x := range t[:min(len(t)-1, 4)] {
		if x.Norm == "why" {
			return t[i+1].Kind == sentence.Number || t[i+1].Norm == "?" || slices.ContainsFunc(t, func(y sentence.Token) bool { return y.Norm == "?" })
		}
	}
	return false
}

// oneSided finds documents whose causes are all technical.
type oneSided struct{ organization word.Set }

func newOneSided(r Rule, _ word.Lists) checker {
	return oneSided{word.NewSet(r.Words["organization"].words)}
}

func (k oneSided) check(d *document) []hit {
	var first *passage
	n := 0
	for i := range d.passages {
		p := &d.passages[i]
		if p.section != hindcast.SectionRootCauses && p.section != hindcast.SectionContributing && p.section != hindcast.SectionWentPoorly {
			continue
		}
		if n++; first == nil {
			first = p
		}
		if slices.ContainsFunc(p.Tokens, func(x sentence.Token) bool { return k.organization[x.Norm] }) {
			return nil
		}
	}
	if n < 3 {
		return nil
	}
	h := first.hitAt(0, len(first.Tokens)-1)
	return []hit{h}
}

// names finds names of people among the causes: those of the context, and handles.
type names struct{}

func newNames(Rule, word.Lists) checker { return names{} }

func (names) check(d *document) []hit {
	people := word.NewSet(d.context.People)
	var out []hit
	for i := range d.passages {
		p := &d.passages[i]
		for j, t := range p.Tokens {
			last := j
			switch {
			case t.Kind == sentence.Other && strings.HasPrefix(t.Text, "@") && !strings.Contains(t.Text, "/"):
			case people[t.Norm]:
			case j+1 < len(p.Tokens) && people[t.Norm+" "+p.Tokens[j+1].Norm]:
				last = j + 1
			default:
				continue
			}
			out = append(out, p.hitAt(j, last))
			break
		}
	}
	return out
}

// Cause returns what there is to say of the words of one cause.
func (l *Linter) Cause(text []byte) []hindcast.Finding {
	return l.Document(text, Context{Section: hindcast.SectionRootCauses, Incomplete: true})
}
