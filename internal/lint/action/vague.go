package action

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// Judge finds action items whose completion a stranger could not check: an open
// verb ("improve", "investigate"), a wish ("better", "more"), people told to take
// care, or a heading without a verb. A named thing, a number or a condition makes
// an action concrete.
type Judge struct {
	word.Lists
	open      word.Set // verbs with an open end
	concrete  word.Set // verbs that end somewhere
	wishes    word.Set // words that compare with nothing
	talks     word.Set // objects that are talk: a meeting, a training
	frames    word.Set // objects that are plans for plans: a process, a strategy
	vacant    word.Set // words that name nothing in particular
	proposals map[string]string
}

// Lists are the names of the lists that a judge reads.
func Lists() []string {
	return []string{"open", "concrete", "wishes", "frames", "talks", "vacant", "proposals"}
}

// NewJudge makes a judge that reads its lists by name.
func NewJudge(words word.Lists, list func(name string) []string) *Judge {
	set := func(name string) word.Set { return word.NewSet(list(name)) }
	return &Judge{Lists: words, open: set("open"), concrete: set("concrete"), wishes: set("wishes"), frames: set("frames"), talks: set("talks"), vacant: set("vacant"),
		proposals: word.Pairs(list("proposals"))}
}

// Vague judges the words of an action and returns the tokens that make it vague.
func (k *Judge) Vague(t []sentence.Token) (first, last int, ok bool) {
	i := k.lead(t)
	if i >= len(t) || asks[t[i].Norm] || k.states(t, i) {
		return 0, 0, false
	}
	if j, ok := k.exhorts(t, i); ok {
		return i, j, true
	}
	i = k.afterBe(t, k.verbAfterSubject(t, i))
	end := k.purpose(t, i)
	switch verb := t[i].Norm; {
	case is(k.open, verb):
		return i, i, !k.andConcrete(t, i, end) && !bySteps(t[i:]) && !byWhom(t, i)
	case is(k.concrete, verb):
		if j := k.wish(t, i+1, end); j >= 0 && !concreteness(t, i, end) {
			return j, j, true
		}
		if j := k.frame(t, i+1); j >= 0 && !concreteness(t, i, len(t)) {
			return i, j, true
		}
		return i, i, k.Vacuous(t[i+1:end]) && !k.named(t[end:])
	}
	if j := k.wish(t, i, end); j >= 0 {
		return j, j, true
	}
	last = max(i, min(end, len(t))-1)
	return i, last, last-i < 9 && !concreteness(t, i, len(t)) && !conditional(t[i:]) && !k.acts(t[i:min(end, len(t))])
}

// asks are words that begin questions, which are no actions.
var asks = word.NewSet(strings.Fields("what how when which who why where"))

// states reports whether the words at i say how things are rather than what will
// be done: "This zap tracks the amount", "Prevents wrong roles".
func (k *Judge) states(t []sentence.Token, i int) bool {
	switch t[i].Norm {
	case "this", "these", "it":
		return true
	}
	stem, ok := strings.CutSuffix(t[i].Norm, "s")
	return ok && i+1 < len(t) && t[i+1].Kind == sentence.Word && !noun[stem] && (k.concrete[stem] || k.open[stem] || k.open[strings.TrimSuffix(stem, "e")])
}

// noun are verbs whose forms in -s are mostly plurals at the head of an action.
var noun = word.NewSet(strings.Fields("test alert check log plan review update upgrade deploy address record report change limit drop label tag list name page run cache cap guard order research study export load link lock poll ping release"))

// acts reports whether a verb that ends somewhere stands among the words, as in
// "Bring up and restart" or "is enabled".
func (k *Judge) acts(t []sentence.Token) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool { return is(k.concrete, x.Norm) && !k.vacant[x.Norm] })
}

// lead skips what stands before the action itself: a check mark, an issue, a
// title with a colon, "we need to", a clause that ends in a comma.
func (k *Judge) lead(t []sentence.Token) int {
	i := 0
	if colon := index(t, ":", 8); colon >= 0 && colon+1 < len(t) && !(colon > 3 && k.concrete[t[0].Norm]) {
		i = colon + 1
	}
	for i < len(t) && (t[i].Kind == sentence.Mark || t[i].Kind == sentence.Number || t[i].Kind == sentence.Other || t[i].Norm == "todo" || t[i].Norm == "pending" || t[i].Norm == "x" && i > 0 && t[i-1].Norm == "[") {
		i++
	}
	if i < len(t) && (t[i].Norm == "until" || t[i].Norm == "once" || t[i].Norm == "to" || t[i].Norm == "when" || t[i].Norm == "in") {
		if comma := index(t[i:], ",", 14); comma >= 0 && i+comma+1 < len(t) {
			i += comma + 1
		}
	}
	for i < len(t) && (leadWords[t[i].Norm] || k.IsAdverb(t[i].Norm) && !k.wishes[t[i].Norm] && !k.concrete[t[i].Norm] && !k.open[t[i].Norm]) {
		i++
	}
	return i
}

var leadWords = word.NewSet(strings.Fields("we i need needs to should must will shall want would like please let us let's do not plan plans going have has also the team action"))

// index returns the first place of a word among the first tokens, or -1.
func index(t []sentence.Token, word string, within int) int {
	for i := range min(len(t), within) {
		if t[i].Norm == word {
			return i
		}
	}
	return -1
}

// exhorts reports whether people are told to behave: "engineers should test".
func (k *Judge) exhorts(t []sentence.Token, i int) (int, bool) {
	for j := i; j < min(len(t), i+6); j++ {
		switch w := t[j].Norm; {
		case w == "should" || w == "must" || w == "need" || w == "needs":
			return j, j > i && (k.People[t[j-1].Norm] || t[j-1].Norm == "users" || t[j-1].Norm == "everybody")
		case t[j].Kind == sentence.Mark:
			return 0, false
		}
	}
	return 0, false
}

// verbAfterSubject goes from a subject to its verb: "the flow tests should cover".
func (k *Judge) verbAfterSubject(t []sentence.Token, i int) int {
	if is(k.open, t[i].Norm) || is(k.concrete, t[i].Norm) {
		return i
	}
	for j := i + 1; j < min(len(t)-1, i+6); j++ {
		switch t[j].Norm {
		case "should", "must", "will", "shall":
			return k.afterBe(t, j+1)
		case "need", "needs":
			if t[j+1].Norm == "to" && j+2 < len(t) {
				return k.afterBe(t, j+2)
			}
		}
		if t[j].Kind == sentence.Mark {
			break
		}
	}
	return i
}

// afterBe goes on to the participle of "will be replaced".
func (k *Judge) afterBe(t []sentence.Token, i int) int {
	if t[i].Norm == "be" {
		for j := i + 1; j < min(len(t), i+3); j++ {
			if word.Participle(t[j].Norm) {
				return j
			}
		}
	}
	return i
}

// purpose returns the token at which a clause of purpose begins after i: what
// follows says what an action is for, not what it is.
func (k *Judge) purpose(t []sentence.Token, i int) int {
	for j := i + 2; j < len(t); j++ {
		switch t[j].Norm {
		case "so", ".", "(", ";":
			return j
		case "to":
			if allows[t[i].Norm] && t[j-1].Norm != "," || changes[t[i].Norm] && j+1 < len(t) && is(k.concrete, t[j+1].Norm) {
				continue
			}
			if j+1 < len(t) && t[j-1].Norm != "how" && t[j-1].Norm != "due" && t[j+1].Kind != sentence.Number && !(t[j+1].Norm == "be" && j+2 < len(t) && k.wishes[t[j+2].Norm]) {
				return j
			}
		}
	}
	return len(t)
}

// allows are verbs whose "to" says what is done rather than what for.
var allows = word.NewSet(strings.Fields("allow permit enable require force tell ask teach configure let cause"))

// changes are verbs whose "to" and a verb with an end say what changes.
var changes = word.NewSet(strings.Fields("update change modify extend expand adjust rewrite alter set adapt"))

// gathers are verbs of calling people together.
var gathers = word.NewSet(strings.Fields("schedule hold host organize organise arrange have book plan"))

// andConcrete reports whether an open verb is followed by one with an end:
// "investigate and fix".
func (k *Judge) andConcrete(t []sentence.Token, i, end int) bool {
	for j := i + 1; j+1 < min(end, i+4); j++ {
		if t[j].Norm == "and" || t[j].Norm == "then" {
			return is(k.concrete, t[j+1].Norm) && !is(k.open, t[j+1].Norm)
		}
	}
	return false
}

func (k *Judge) wish(t []sentence.Token, from, to int) int {
	for j := from; j < min(to, len(t)); j++ {
		if k.wishes[t[j].Norm] && t[j].Kind == sentence.Word && !compared(t, j) && !(t[j].Norm == "enough" && t[j-1].Norm == "not") {
			return j
		}
	}
	return -1
}

// compared reports whether the wish at j says than what: "more stable than its pod".
func compared(t []sentence.Token, j int) bool {
	return slices.ContainsFunc(t[j:min(len(t), j+4)], func(x sentence.Token) bool { return x.Norm == "than" })
}

// bySteps reports whether an open verb says by which steps: "avoid it by waiting".
func bySteps(t []sentence.Token) bool {
	for j := range len(t) - 1 {
		if t[j].Norm == "." {
			return false
		}
		if t[j].Norm == "by" && strings.HasSuffix(t[j+1].Norm, "ing") {
			return true
		}
	}
	return false
}

// byWhom reports whether the verb at i is passive and says by whom: "must be
// reviewed by two engineers".
func byWhom(t []sentence.Token, i int) bool {
	return word.Participle(t[i].Norm) && i+1 < len(t) && t[i+1].Norm == "by"
}

// frame returns the object of the verb when it is a plan for a plan, or talk.
func (k *Judge) frame(t []sentence.Token, from int) int {
	for j := from; j < min(len(t), from+5); j++ {
		w := t[j].Norm
		talk := k.talks[w] || gathers[t[max(0, from-1)].Norm] && (w == "review" || w == "reviews" || w == "post-mortem" || w == "postmortem")
		if !k.frames[w] && !talk || j+1 < len(t) && !follows[t[j+1].Norm] && t[j+1].Kind != sentence.Mark {
			continue
		}
		if talk || j == from || loose[t[j-1].Norm] || k.wishes[t[j-1].Norm] || k.vacant[t[j-1].Norm] {
			return j
		}
	}
	return -1
}

// follows are words that go on after an object; loose are those before one that
// tell nothing about it.
var (
	follows = word.NewSet(strings.Fields("for of to that around with on about in"))
	loose   = word.NewSet(strings.Fields("a an the our new formal some any this easier simple simpler"))
)

// concreteness reports whether a name, a number or an address stands among the
// tokens.
func concreteness(t []sentence.Token, from, to int) bool {
	for j := from; j < min(to, len(t)); j++ {
		switch t[j].Kind {
		case sentence.Code, sentence.Number, sentence.Quote:
			return true
		case sentence.Word:
			if identifier(t[j].Text) {
				return true
			}
		}
	}
	return false
}

// identifier reports whether a word is written as programs write names.
func identifier(w string) bool {
	if strings.Contains(w, "_") {
		return true
	}
	inner := strings.IndexFunc(w[min(1, len(w)):], unicode.IsUpper) >= 0
	return inner && strings.IndexFunc(w, unicode.IsLower) >= 0 && len(w) > 3
}

// conditional reports whether an action says when something happens.
func conditional(t []sentence.Token) bool {
	for i, tok := range t {
		switch tok.Norm {
		case "when", "whenever", "if", "after", "before":
			return i > 0 && i+2 < len(t)
		}
	}
	return false
}

// Vacuous reports whether an action names nothing in particular.
func (k *Judge) Vacuous(t []sentence.Token) bool {
	for _, tok := range t {
		if tok.Kind == sentence.Mark {
			continue
		}
		if tok.Kind != sentence.Word || !k.vacant[tok.Norm] && !is(k.open, tok.Norm) && !k.wishes[tok.Norm] && !k.People[tok.Norm] && !leadWords[tok.Norm] {
			return false
		}
	}
	return true
}

// named reports whether a purpose names what an action is about: at least two words
// that mean something, one of them a name or three of them plain.
func (k *Judge) named(t []sentence.Token) bool {
	n := 0
	for i, x := range t {
		if i > 1 && x.Kind == sentence.Word && !pointing[x.Norm] && !k.vacant[x.Norm] && !k.wishes[x.Norm] && !leadWords[x.Norm] && !is(k.open, x.Norm) {
			n++
		}
	}
	return n >= 2 && concreteness(t, 0, len(t)) || n >= 3
}

// pointing are words that name nothing by themselves.
var pointing = word.NewSet(strings.Fields("these those them there its that which who when if is are be was were has have not by as at via"))

// Propose returns what an action about the same thing could say.
func (k *Judge) Propose(t []sentence.Token) []string {
	for _, tok := range t {
		if p := k.proposals[tok.Norm]; p != "" {
			return []string{p}
		}
	}
	return nil
}

// is reports whether a word, or the verb of which it is a form in -ing or -ed or
// with re-, belongs to a set.
func is(s word.Set, w string) bool {
	if s[w] {
		return true
	}
	if again, ok := strings.CutPrefix(w, "re"); ok && len(again) > 4 && is(s, strings.TrimPrefix(again, "-")) {
		return true
	}
	stem, ok := strings.CutSuffix(w, "ing")
	if !ok {
		stem, ok = strings.CutSuffix(w, "ed")
	}
	n := len(stem)
	return ok && n > 2 && (s[stem] || s[stem+"e"] || stem[n-1] == stem[n-2] && s[stem[:n-1]])
}
