package wording

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// Group is a passive verb with its auxiliary.
type Group struct {
	Be, Verb int // tokens
	Begin    int // of its clause
	end      int // after its clause
	present  bool
	perfect  bool // has been
	Past     bool // had been
	Negated  bool
	slip     bool // by mistake
	signed   bool // an adverb or a purpose says that somebody acted
	manual   bool // by hand
	before   bool // it was so before the story
}

// group reads the passive whose auxiliary stands at i.
func (k *Passive) group(t []sentence.Token, i int) (Group, bool) {
	g := Group{Be: i, Begin: word.Clause(t, i)}
	switch t[i].Norm {
	case "was", "were", "got":
	case "is", "are", "gets":
		g.present = true
	case "been":
		if !k.perfect(t, &g) {
			return g, false
		}
	default:
		return g, false
	}
	j := i + 1
	for ; j < len(t) && j < i+6; j++ {
		w := t[j].Norm
		switch {
		case w == "not" || w == "never":
			g.Negated = true
		case k.slips[w]:
			g.slip = true
		case k.background[w]:
			g.before = true
		case w == "manually":
			g.signed, g.manual = true, true
		case w == "then" || w == "immediately" || w == "subsequently" || w == "quickly" || w == "temporarily" || w == "just" || w == "deliberately":
			g.signed = true
		case !k.IsAdverb(w):
			g.Verb = j
			g.end = clauseEnd(t, j+1)
			k.surroundings(t, &g)
			return g, t[j].Kind == sentence.Word && word.Participle(w)
		}
	}
	return g, false
}

// perfect reads "has been" and "had been"; false when a modal governs it.
func (k *Passive) perfect(t []sentence.Token, g *Group) bool {
	for j := g.Be - 1; j >= max(0, g.Be-5); j-- {
		switch w := t[j].Norm; {
		case w == "had" || w == "'d":
			g.Past = true
		case w == "has" || w == "have" || w == "'s":
			g.perfect = true
		case k.Modals[w] || w == "to":
			return false
		case w == "not" || w == "never":
			g.Negated = true
			continue
		case k.slips[w]:
			g.slip = true
			continue
		case w == "manually":
			g.manual = true
			continue
		case k.IsAdverb(w):
			continue
		}
		if !g.Past && !g.perfect {
			return false
		}
		if g.perfect && j > 0 && (k.Modals[t[j-1].Norm] || t[j-1].Norm == "to" || j > 1 && t[j-1].Norm == "not" && k.Modals[t[j-2].Norm]) {
			return false
		}
		return true
	}
	return false
}

// surroundings looks for negations and signs of an act around the verb.
func (k *Passive) surroundings(t []sentence.Token, g *Group) {
	for _, tok := range t[g.Begin:g.Be] {
		switch tok.Norm {
		case "neither", "nor", "no":
			g.Negated = true
		}
		g.slip = g.slip || k.slips[tok.Norm]
	}
	for j := g.Verb + 1; j < g.end; j++ {
		w := t[j].Norm
		next := ""
		if j+1 < len(t) {
			next = t[j+1].Norm
		}
		switch {
		case k.slips[w] || w == "without" && strings.HasSuffix(next, "ing") || w == "by" && (next == "mistake" || next == "accident"):
			g.slip = true
		case w == "manually" || w == "by" && next == "hand":
			g.signed, g.manual = true, true
		case w == "temporarily" || w == "in" && next == "order" || w == "as" && next == "part":
			g.signed = true
		case w == "to" && next != "" && purpose(t[j+1]) && !k.remedial[t[g.Verb].Norm] || w == "for" && switched[t[g.Verb].Norm] && (next == "all" || next == "every" || next != "" && t[j+1].Kind == sentence.Number):
			g.signed = true
		case t[j].Kind == sentence.Number && strings.Contains(t[j].Text, ":") && (t[j-1].Norm == "at" || t[j-1].Norm == "around"):
			g.signed = true
		}
	}
	if rest := t[g.end:]; len(rest) > 2 && rest[0].Norm == "," {
		g.Negated = g.Negated || rest[1].Norm == "but" && (rest[2].Norm == "not" || rest[2].Norm == "never")
	}
	for j := 0; j+1 < g.Begin; j++ {
		if t[j].Norm == "without" && (strings.HasSuffix(t[j+1].Norm, "ing") || t[min(j+2, g.Begin)].Norm == "aware") {
			g.slip = true
		}
	}
}

// clauseEnd returns the token after the clause that goes on at i.
func clauseEnd(t []sentence.Token, i int) int {
	for i < len(t) && !word.Breaks(t[i]) {
		i++
	}
	return i
}

// switched are verbs that are acts when they say for whom.
var switched = word.NewSet([]string{"enabled", "disabled", "turned", "switched", "set", "opened", "raised", "activated"})
