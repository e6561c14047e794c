package lint

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// passive finds passives without an agent for what people or their tools did,
// decided, noticed or said: "the configuration was deployed". It is silent on
// effects ("requests were dropped"), finished fixes, how things work, what may or
// should be done, and where an agent is named.
type passive struct {
	word.Lists
	operations word.Set // verbs that hide an actor whenever they are passive
	judgments  word.Set // the same for what only people do: decide, notice, tell
	acts       word.Set // verbs that do so when a sign of an act stands near
	remedial   word.Set // of these, those that tell a good end when a purpose follows
	movable    word.Set // verbs that are operations with a particle: taken down, turned off
	reviews    word.Set // verbs whose absence hides who left something out: tested, reviewed
	events     word.Set // operations that the present tense of a timeline tells: "the hub is restarted"
	systems    word.Set // subjects that do things on their own: an alert is triggered
	remedies   word.Set // subjects whose being added is the good end of a story
	slips      word.Set // adverbs of things that nobody meant: accidentally
	outside    word.Phrases
	actors     map[string]actor
}

func newPassive(r Rule, words word.Lists) checker {
	list := func(name string) word.Set { return word.NewSet(r.Words[name].words) }
	p := &passive{Lists: words, operations: list("operations"), judgments: list("judgments"), acts: list("acts"), remedial: list("remedial"), movable: list("movable"), reviews: list("reviews"), events: list("events"), systems: list("systems"),
		remedies: list("remedies"), slips: list("slips"), outside: word.NewPhrases(r.Words["outside"].words), actors: actors(r.Words["actors"].words)}
	return perPassage{hasBe, p.find}
}

// group is a passive verb with its auxiliary.
type group struct {
	be, verb int // tokens
	begin    int // of its clause
	end      int // after its clause
	present  bool
	perfect  bool // has been
	past     bool // had been
	negated  bool
	slip     bool // by mistake
	signed   bool // an adverb or a purpose says that somebody acted
}

// find returns the first passive of a sentence: one finding says enough.
func (k *passive) find(d *document, p *passage) []hit {
	for i := range p.Tokens {
		g, ok := k.group(p.Tokens, i)
		if !ok || !k.hidden(p, g) {
			continue
		}
		h := p.hitAt(g.be, g.verb)
		k.propose(d, p, g, &h)
		return []hit{h}
	}
	return nil
}

// group reads the passive whose auxiliary stands at i.
func (k *passive) group(t []sentence.Token, i int) (group, bool) {
	g := group{be: i, begin: word.Clause(t, i)}
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
			g.negated = true
		case k.slips[w]:
			g.slip = true
		case w == "manually" || w == "then" || w == "immediately" || w == "subsequently" || w == "quickly" || w == "temporarily" || w == "just" || w == "deliberately":
			g.signed = true
		case !k.IsAdverb(w):
			g.verb = j
			g.end = clauseEnd(t, j+1)
			k.surroundings(t, &g)
			return g, t[j].Kind == sentence.Word && word.Participle(w)
		}
	}
	return g, false
}

// perfect reads "has been" and "had been"; false when a modal governs it.
func (k *passive) perfect(t []sentence.Token, g *group) bool {
	for j := g.be - 1; j >= max(0, g.be-5); j-- {
		switch w := t[j].Norm; {
		case w == "had" || w == "'d":
			g.past = true
		case w == "has" || w == "have" || w == "'s":
			g.perfect = true
		case k.Modals[w] || w == "to":
			return false
		case w == "not" || w == "never":
			g.negated = true
			continue
		case k.slips[w]:
			g.slip = true
			continue
		case k.IsAdverb(w):
			continue
		}
		if !g.past && !g.perfect {
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
func (k *passive) surroundings(t []sentence.Token, g *group) {
	for _, tok := range t[g.begin:g.be] {
		switch tok.Norm {
		case "neither", "nor", "no":
			g.negated = true
		}
		g.slip = g.slip || k.slips[tok.Norm]
	}
	for j := g.verb + 1; j < g.end; j++ {
		w := t[j].Norm
		next := ""
		if j+1 < len(t) {
			next = t[j+1].Norm
		}
		switch {
		case k.slips[w] || w == "without" && strings.HasSuffix(next, "ing") || w == "by" && (next == "mistake" || next == "accident"):
			g.slip = true
		case w == "manually" || w == "temporarily" || w == "in" && next == "order" || w == "as" && next == "part":
			g.signed = true
		case w == "to" && next != "" && purpose(t[j+1]) && !k.remedial[t[g.verb].Norm] || w == "for" && (next == "all" || next == "every"):
			g.signed = true
		case t[j].Kind == sentence.Number && strings.Contains(t[j].Text, ":") && t[j-1].Norm == "at":
			g.signed = true
		}
	}
	if rest := t[g.end:]; len(rest) > 2 && rest[0].Norm == "," {
		g.negated = g.negated || rest[1].Norm == "but" && (rest[2].Norm == "not" || rest[2].Norm == "never")
	}
	for j := 0; j+1 < g.begin; j++ {
		if t[j].Norm == "without" && (strings.HasSuffix(t[j+1].Norm, "ing") || t[min(j+2, g.begin)].Norm == "aware") {
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

// hidden reports whether a passive hides who did something.
func (k *passive) hidden(p *passage, g group) bool {
	t, verb := p.Tokens, p.Tokens[g.verb].Norm
	if g.present && g.negated || g.perfect && !g.slip || k.conditional(t, g) || k.agent(t, g) || k.outsideStory(t, g) {
		return false
	}
	subject := t[g.begin:g.be]
	for i, x := range subject {
		if x.Norm == "that" {
			subject = subject[i+1:]
			break
		}
	}
	if nobody(subject) || k.operations[verb] && len(subject) > 0 && subject[0].Norm == "no" {
		return false
	}
	if verb == "found" && g.negated {
		return false
	}
	if k.judgments[verb] || (verb == "made" || verb == "taken") && decisions[head(t, g)] {
		return !k.received(subject) && (!g.present || k.events[verb] && !k.general(t, g))
	}
	if !g.negated && !g.slip && k.has(subject, k.remedies) || k.systems[head(t, g)] && !g.slip {
		return false
	}
	if g.present {
		return k.events[verb] && !k.general(t, g) || g.slip && k.operations[verb]
	}
	switch {
	case k.operations[verb] || k.movable[verb] && moved(t, g.verb):
		return true
	case k.acts[verb]:
		return g.negated && verb != "enabled" || g.slip || g.past || g.signed || timed(p)
	case k.reviews[verb]:
		return g.negated || g.slip
	}
	return false
}

// purpose reports whether a word after "to" is a verb rather than the beginning
// of a place or a value.
func purpose(t sentence.Token) bool {
	return t.Kind == sentence.Word && !unicode.IsUpper(firstRune(t.Text)) && !slices.Contains([]string{"the", "a", "an", "our", "their", "its", "this", "that", "all", "any", "each", "true", "false", "zero", "null", "one", "two", "be"}, t.Norm) &&
		!strings.HasSuffix(t.Norm, "s")
}

// moved reports whether a particle makes the verb at i an operation.
func moved(t []sentence.Token, i int) bool {
	for j := i + 1; j < min(len(t), i+3); j++ {
		switch t[j].Norm {
		case "up", "down", "off", "offline", "online", "live", "over", "back", "aside", "into":
			return true
		case "on", "out", "in":
			return j == i+1
		}
	}
	return false
}

// decisions are what is made or taken when somebody decides.
var decisions = word.NewSet([]string{"decision", "decisions", "call", "choice", "attempt", "attempts", "effort"})

// conditional reports whether the clause is no statement of what happened.
func (k *passive) conditional(t []sentence.Token, g group) bool {
	for j := g.begin; j < g.be; j++ {
		switch t[j].Norm {
		case "if", "unless", "whether", "whenever":
			return true
		case "when", "once", "until", "before", "after", "as":
			if g.present {
				return true
			}
		}
	}
	return false
}

// agent reports whether somebody or something is named as the agent, or said to
// have acted on its own.
func (k *passive) agent(t []sentence.Token, g group) bool {
	for _, tok := range t[g.be:g.verb] {
		if tok.Norm == "automatically" {
			return true
		}
	}
	for j := g.verb + 1; j < min(len(t), g.verb+14); j++ {
		switch w := t[j].Norm; {
		case w == ";" || w == "." || w == "(" || w == "," && j > g.verb+4 || w == "that" || w == "which":
			return false
		case w == "automatically":
			return true
		case w == "by" && j+1 < len(t):
			return namesAgent(t[g.verb].Norm, t[j+1:])
		}
	}
	return false
}

// namesAgent reports whether what follows "by" is an agent or a means, rather
// than a time, an amount, an accident or what takes another's place.
func namesAgent(verb string, t []sentence.Token) bool {
	if verb == "replaced" || verb == "followed" || t[0].Kind == sentence.Number {
		return false
	}
	return !slices.Contains([]string{"mistake", "accident", "hand", "then", "default", "design", "about", "more", "up", "half", "that", "end", "error", "chance"}, t[0].Norm)
}

// outsideStory reports whether a phrase in the clause says that the passive tells
// no act of this incident.
func (k *passive) outsideStory(t []sentence.Token, g group) bool {
	return k.outside.In(t[g.begin:g.end])
}

// general reports whether a present tense tells what always happens.
func (k *passive) general(t []sentence.Token, g group) bool {
	if g.be > g.begin && t[g.be-1].Norm == "it" {
		return false
	}
	for j := g.begin; j < g.end; j++ {
		switch t[j].Norm {
		case "typically", "usually", "always", "often", "normally", "generally", "every", "each", "any", "never", "only", "sometimes", "when", "whenever", "if":
			return true
		case "that", "which", "how", "what", "all":
			if j < g.verb {
				return true
			}
		}
	}
	return false
}

// head returns the last word of the subject when it is a plain noun: "requests",
// but not the request of "pull request".
func head(t []sentence.Token, g group) string {
	j := g.be - 1
	for j > g.begin && (t[j].Norm == "had" || t[j].Norm == "not") {
		j--
	}
	if j < g.begin || j > 0 && (t[j-1].Norm == "pull" || t[j-1].Norm == "merge" || t[j-1].Norm == "change") {
		return ""
	}
	return t[j].Norm
}

// received reports whether the subject is the writers themselves, whom somebody
// outside told or asked.
func (k *passive) received(subject []sentence.Token) bool {
	if len(subject) == 0 {
		return false
	}
	w := subject[len(subject)-1].Norm
	return w == "we" || w == "i"
}

func (k *passive) has(t []sentence.Token, s word.Set) bool {
	return slices.ContainsFunc(t, func(tok sentence.Token) bool { return s[tok.Norm] })
}

// nobody reports whether the subject is nobody or nothing.
func nobody(t []sentence.Token) bool {
	for i, tok := range t {
		switch tok.Norm {
		case "nobody", "nothing", "noone":
			return true
		case "no":
			if i+1 < len(t) && (t[i+1].Norm == "one" || t[i+1].Norm == "users" || t[i+1].Norm == "customers" || t[i+1].Norm == "data" || t[i+1].Norm == "action") {
				return true
			}
		}
	}
	return false
}

// timed reports whether a sentence is a line of a timeline: a time opens it.
func timed(p *passage) bool {
	for i, t := range p.Tokens {
		if i > 3 {
			return false
		}
		if t.Kind == sentence.Number && strings.Contains(t.Text, ":") {
			return true
		}
	}
	return false
}
