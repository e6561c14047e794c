package lint

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// blame finds sentences that put an incident, or a part of the response, down to
// the error, neglect or character of people: a word of fault, a person as the
// doer of the harm, or what somebody did not do or know. Software that fails,
// reasons that are explained and controls that were missing are no blame.
type blame struct {
	word.Lists
	faults    word.Phrases // words of fault that need no person near them
	strong    word.Set     // verbs of fault: forgot, misjudged
	neglect   word.Set     // milder ones: missed, underestimated
	minds     word.Set     // verbs that only people can fail in, whatever the subject: notice, realize
	mental    word.Set     // what people do not do: notice, check, tell
	harm      word.Set     // verbs that harm by themselves: broke, misconfigured
	doings    word.Set     // verbs that may: ran, deployed
	harmful   word.Set     // words that say that they did: bad, wrong, destroy
	acts      word.Set     // deletes and the like: harm when one person did it
	unless    word.Phrases // talk about blame itself
	slips     word.Set
	traits    word.Set // what people are: careless, slow
	spread    word.Set // doings that bring something bad into the world
	weak      hindcast.FindingLevel
	processes map[string]string // what let the harm of a verb happen
}

func newBlame(r Rule, words word.Lists) checker {
	list := func(name string) word.Set { return word.NewSet(r.Words[name].words) }
	b := &blame{Lists: words, faults: word.NewPhrases(r.Words["faults"].words), strong: list("strong"), neglect: list("neglect"), mental: list("mental"), minds: list("minds"),
		harm: list("harm"), doings: list("doings"), harmful: list("harmful"), acts: list("acts"), unless: word.NewPhrases(r.Words["unless"].words),
		slips: list("slips"), traits: list("traits"), spread: list("spread"), weak: r.Weak, processes: word.Pairs(r.Words["processes"].words)}
	return perPassage{0, b.find}
}

// verdict is what makes a sentence blame.
type verdict struct {
	first, last int // tokens
	weak        bool
}

// find returns the first blame of a sentence, a strong one if there is any.
func (k *blame) find(_ *document, p *passage) []hit {
	var best *verdict
	for i := range p.Tokens {
		if p.Tokens[i].Kind != sentence.Word {
			continue
		}
		if v, ok := k.at(p, i); ok && (best == nil || best.weak && !v.weak) {
			best = &v
		}
	}
	if best == nil || k.unless.In(p.Tokens) {
		return nil
	}
	h := p.hitAt(best.first, best.last)
	if best.weak {
		h.level = k.weak
	}
	k.propose(p, *best, &h)
	return []hit{h}
}

// at judges the word at i.
func (k *blame) at(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	w := t[i].Norm
	if n := k.faults.At(t, i); n > 0 {
		return verdict{i, i + n - 1, false}, (w != "without" || k.humanAct(p, i)) && !displayed(t, i+n) && !general(t, i)
	}
	switch {
	case k.strong[w] || k.neglect[w]:
		return k.neglected(p, i)
	case w == "failed" || w == "fails" || w == "failing":
		return k.failedTo(p, i)
	case w == "not" || w == "never" || w == "unaware":
		return k.omitted(p, i)
	case k.traits[w]:
		return k.character(t, i)
	case w == "nobody" || w == "none" || w == "no":
		return k.nobody(t, i)
	case w == "should" && i+2 < len(t):
		return k.shouldHave(p, i)
	case k.slips[w]:
		return k.slipped(p, i)
	case k.harm[w] || k.acts[w] || k.doings[w]:
		return k.harmed(p, i)
	case w == "caused" || w == "due" || w == "because":
		return k.caused(t, i)
	}
	return verdict{}, false
}

// displayed reports whether the error before i is one that software shows: "user
// error page".
func displayed(t []sentence.Token, i int) bool {
	if i >= len(t) || !strings.HasPrefix(t[i-1].Norm, "error") {
		return false
	}
	return slices.Contains([]string{"page", "pages", "message", "messages", "rate", "rates", "code", "codes", "log", "logs", "budget", "report", "reports", "handling", "response", "responses"}, t[i].Norm)
}

// general reports whether the fault at i is one that might be made or shall be
// prevented, rather than one that was.
func general(t []sentence.Token, i int) bool {
	for _, x := range t[max(0, i-6):i] {
		switch x.Norm {
		case "prevent", "prevents", "preventing", "avoid", "avoiding", "reduce", "against", "such", "similar", "possible", "potential", "future":
			return true
		}
	}
	modal := false
	for j, x := range t {
		switch x.Norm {
		case "can", "may", "will", "might":
			modal = modal || j < i
		case "was", "were", "had", "did", "been", "have":
			return false
		}
	}
	return modal
}

// subject says who the subject of a verb is.
type subject uint8

const (
	unknown   subject = iota // none is named
	elided                   // the sentence leaves it out: "Forgot to check"
	we                       // the writers
	others                   // a person or a team
	onePerson                // one person
	software
)

// subjectOf looks back from the verb at i for its subject.
func (k *blame) subjectOf(t []sentence.Token, i int) (subject, int) {
	if j := k.joined(t, i); j >= 0 {
		return k.shared(t, i, j)
	}
	for j := i - 1; j >= max(0, i-9); j-- {
		w := t[j].Norm
		switch {
		case w == "we" || w == "i":
			return we, j
		case w == "he" || w == "she":
			return onePerson, j
		case w == "they" || w == "us":
			return others, j
		case k.People[w] && !k.possessive(t, j):
			if k.Singular[w] {
				return onePerson, j
			}
			if m := memberOf(t, j); m >= 0 {
				return onePerson, m
			}
			return others, j
		case w == "it" || w == "that" || w == "which" || k.Software[w] || t[j].Kind == sentence.Code:
			return software, j
		case w == ":" || w == "." || w == "(" || w == ";" || w == "-" || w == "–" || w == "—" || w == "\"":
			return k.opens(t, j+1, i)
		}
	}
	return k.opens(t, max(0, i-9), i)
}

// joined returns the conjunction or comma by which the verb at i shares the
// subject of an earlier one: "removed it, but did not search"; -1 when none does.
func (k *blame) joined(t []sentence.Token, i int) int {
	j := i - 1
	for j >= 0 && (t[j].Norm == "did" || t[j].Norm == "not" || t[j].Norm == "then" || t[j].Norm == "also" || t[j].Norm == "was" || k.IsAdverb(t[j].Norm)) {
		j--
	}
	if j > 0 && (t[j].Norm == "and" || t[j].Norm == "but" || t[j].Norm == "," || t[j].Norm == "or") {
		return j
	}
	return -1
}

// shared finds the subject of the verb at i that is joined to an earlier one at
// a token: the first noun of the sentence that tells.
func (k *blame) shared(t []sentence.Token, i, joint int) (subject, int) {
	for j := range joint {
		w := t[j].Norm
		switch {
		case w == "we" || w == "i":
			return we, j
		case w == "he" || w == "she":
			return onePerson, j
		case w == "they":
			return others, j
		case k.People[w] && !k.possessive(t, j):
			if k.Singular[w] || j >= 3 && t[j-3].Norm == "one" {
				return onePerson, j
			}
			return others, j
		case k.Software[w] || t[j].Kind == sentence.Code || w == "it":
			return software, j
		}
	}
	return elided, i
}

// memberOf returns the one whom the team at j only describes: "a member of the
// database team"; -1 when there is none.
func memberOf(t []sentence.Token, j int) int {
	for i := j - 1; i > max(0, j-6); i-- {
		if t[i].Norm == "of" {
			if w := t[i-1].Norm; w == "member" || w == "one" {
				return i - 1
			}
			return -1
		}
	}
	return -1
}

// possessive reports whether a person's noun only belongs to what follows: "the
// team's script", "user data".
func (k *blame) possessive(t []sentence.Token, j int) bool {
	if j+1 >= len(t) {
		return false
	}
	next := t[j+1].Norm
	return next == "'s" || next == "/" || k.Software[next] || next == "access" || next == "data" || next == "error"
}

// opens says what it means that no subject stands before the verb at i.
func (k *blame) opens(t []sentence.Token, from, i int) (subject, int) {
	for j := from; j < i; j++ {
		if w := t[j].Norm; w != "did" && w != "not" && w != "also" && w != "initially" && w != "then" && w != "," && t[j].Kind != sentence.Number {
			return unknown, j
		}
	}
	return elided, i
}

// humanAct reports whether what stands before "without checking" tells what people
// did: a person or a passive, not what is impossible or must be done.
func (k *blame) humanAct(p *passage, i int) bool {
	for j := i - 1; j >= 0; j-- {
		switch w := p.Tokens[j].Norm; {
		case w == "not" || w == "to":
			return false
		case w == "we" || w == "i" || w == "he" || w == "she" || w == "they" || k.People[w]:
			return true
		case w == "was" || w == "were" || w == "been":
			return word.Participle(p.Tokens[j+1].Norm)
		}
	}
	return i <= 2 && p.weight&hasBe != 0
}

// neglected judges "somebody forgot", "we missed".
func (k *blame) neglected(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	strong := k.strong[t[i].Norm]
	if i > 0 && t[i-1].Norm == "easily" {
		return verdict{}, false
	}
	if i > 0 && (isForm(t[i-1].Norm) || i > 1 && isForm(t[i-2].Norm)) {
		return verdict{i - 1, i, false}, strong && t[i].Norm != "ignored"
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return verdict{from, i, !strong && who == we}, true
	case elided:
		return verdict{i, i, !strong}, strings.ToUpper(t[i].Text) != t[i].Text
	}
	return verdict{}, false
}

// failedTo judges "the team failed to notice".
func (k *blame) failedTo(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	if i+2 >= len(t) || t[i+1].Norm != "to" {
		return verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return verdict{from, i + 2, false}, k.joined(t, i) < 0 || k.minds[t[i+2].Norm]
	}
	if i > 0 && (k.Software[t[i-1].Norm] || t[i-1].Kind == sentence.Code || t[i-1].Norm == "it") {
		return verdict{}, false
	}
	return verdict{i, i + 2, false}, k.minds[t[i+2].Norm]
}

// isForm reports whether a word is a form of "to be" that makes a passive.
func isForm(w string) bool {
	return w == "was" || w == "were" || w == "been" || w == "is" || w == "are" || w == "being"
}

// omitted judges "we did not check", "nobody had thought", "he wasn't fully
// aware", "they never told us".
func (k *blame) omitted(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	last := i
	if t[i].Norm != "unaware" {
		before := ""
		if i > 0 {
			before = t[i-1].Norm
		}
		for last = i + 1; last < len(t) && (k.IsAdverb(t[last].Norm) || t[last].Norm == "at" || t[last].Norm == "all"); last++ {
		}
		if last >= len(t) || !k.omits(t[i].Norm, before, t[last].Norm) || findsNothing(t, last) {
			return verdict{}, false
		}
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return verdict{from, last, who == we}, !k.conditional(t, from)
	case elided:
		return verdict{max(0, i-1), last, true}, t[i].Norm == "not"
	}
	return verdict{}, false
}

// omits reports whether a negation between an auxiliary and a verb tells what
// people did not do or know.
func (k *blame) omits(negation, before, verb string) bool {
	switch before {
	case "did":
		return k.mental[verb]
	case "was", "were":
		return negation == "not" && k.mental[verb]
	case "had":
		return k.mental[verb] || k.mental.HasPast(verb)
	}
	return negation == "never" && k.mental.HasPast(verb)
}

// character judges "the team was careless".
func (k *blame) character(t []sentence.Token, i int) (verdict, bool) {
	j := i - 1
	for j > 0 && (k.IsAdverb(t[j].Norm) || t[j].Norm == "a" || t[j].Norm == "bit") {
		j--
	}
	if j < 1 || t[j].Norm != "was" && t[j].Norm != "were" {
		return verdict{}, false
	}
	switch t[j-1].Norm {
	case "we", "i":
		return verdict{j - 1, i, true}, true
	case "he", "she", "they":
		return verdict{j - 1, i, false}, true
	}
	return verdict{j - 1, i, false}, k.People[t[j-1].Norm]
}

// conditional reports whether the clause of a subject begins with "if" or asks.
func (k *blame) conditional(t []sentence.Token, from int) bool {
	for j := from - 1; j >= max(0, from-2); j-- {
		if w := t[j].Norm; w == "if" || w == "had" || w == "whether" {
			return true
		}
	}
	return false
}

// findsNothing reports whether the verb at i says that there was nothing to see,
// rather than that nobody looked: "did not see any errors".
func findsNothing(t []sentence.Token, i int) bool {
	if i+1 >= len(t) || t[i].Norm != "see" && t[i].Norm != "notice" && t[i].Norm != "expect" && t[i].Norm != "know" {
		return false
	}
	next := t[i+1].Norm
	return next == "any" || next == "anything" || t[i].Norm == "see" && next != "it" && next != "that" && next != "this" && next != "the"
}

// nobody judges "none of us noticed".
func (k *blame) nobody(t []sentence.Token, i int) (verdict, bool) {
	if t[i].Norm == "no" && (i+1 >= len(t) || t[i+1].Norm != "one") || t[i].Norm == "none" && (i+2 >= len(t) || t[i+1].Norm != "of") {
		return verdict{}, false
	}
	for j := i + 1; j < min(len(t), i+7); j++ {
		w := t[j].Norm
		if w == "was" || w == "is" {
			return verdict{}, false
		}
		if k.mental.HasPast(w) {
			return verdict{i, j, true}, true
		}
	}
	return verdict{}, false
}

// shouldHave judges "we should have known".
func (k *blame) shouldHave(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	j := i + 1
	for j < len(t) && (t[j].Norm == "not" || t[j].Norm == "have" || k.IsAdverb(t[j].Norm)) {
		j++
	}
	if j >= len(t) || j == i+1 || !slices.Contains([]string{"known", "realized", "realised", "noticed", "checked", "verified", "insisted", "thought", "seen", "caught", "read", "asked", "paid", "foreseen", "anticipated", "remembered"}, t[j].Norm) {
		return verdict{}, false
	}
	switch who, from := k.subjectOf(t, i); who {
	case we:
		return verdict{from, j, true}, true
	case elided:
		return verdict{i, j, true}, true
	case others, onePerson:
		return verdict{from, j, false}, true
	}
	return verdict{}, false
}

// slipped judges "he accidentally deleted", "we mistakenly thought".
func (k *blame) slipped(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	if i+1 >= len(t) || word.Participle(t[i+1].Norm) && i > 0 && isForm(t[i-1].Norm) {
		return verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return verdict{from, i + 1, who == we && t[i].Norm != "wrongly"}, true
	}
	return verdict{}, false
}

// harmed judges a person as the doer: "an engineer dropped the table".
func (k *blame) harmed(p *passage, i int) (verdict, bool) {
	t := p.Tokens
	if v, ok := k.byOne(t, i); ok {
		return v, true
	}
	if i > 0 && (isForm(t[i-1].Norm) || t[i-1].Norm == "got" || t[i-1].Norm == "to" || t[i-1].Norm == "be") && !strings.HasSuffix(t[i].Norm, "ing") {
		return verdict{}, false
	}
	if i > 0 && slices.Contains([]string{"a", "an", "the", "this", "of", "any", "no"}, t[i-1].Norm) {
		return verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	switch {
	case who != onePerson && who != we && who != others:
		return verdict{}, false
	case k.harm[t[i].Norm]:
		return verdict{from, i, who == we}, true
	case who == we || !k.doer(t, from):
		return verdict{from, i, who == we}, k.spreads(t, i)
	case k.acts[t[i].Norm]:
		return verdict{from, i, false}, !k.repairs(t[i:])
	}
	for j := i + 1; j < min(len(t), i+14); j++ {
		if k.harmful[t[j].Norm] || t[j].Kind == sentence.Code && k.harmfulCode(t[j].Text) {
			return verdict{from, i, false}, true
		}
	}
	return verdict{}, false
}

// spreads reports whether the verb at i brings something bad into the world:
// "we pushed a broken build", but not "we removed it" or "we pushed a fix for it".
func (k *blame) spreads(t []sentence.Token, i int) bool {
	if !k.spread[t[i].Norm] {
		return false
	}
	for _, x := range t[i+1 : min(len(t), i+5)] {
		switch x.Norm {
		case "bad", "wrong", "broken", "untested", "incorrect", "buggy", "faulty", "invalid", "unreviewed", "unsafe":
			return true
		case "fix", "patch", "fixes", "to", "for":
			return false
		}
	}
	return false
}

// byOne judges "deleted by an administrator", "an incorrect command run by an
// engineer".
func (k *blame) byOne(t []sentence.Token, i int) (verdict, bool) {
	w := t[i].Norm
	if !k.harm[w] && !k.acts[w] && !k.doings[w] || i+2 >= len(t) {
		return verdict{}, false
	}
	by := i + 1
	if k.IsAdverb(t[by].Norm) {
		by++
	}
	if t[by].Norm != "by" {
		return verdict{}, false
	}
	for j := by + 1; j < min(len(t), by+6); j++ {
		if word.Breaks(t[j]) || t[j].Norm == "of" || t[j].Norm == "from" {
			return verdict{}, false
		}
		if k.Singular[t[j].Norm] && !k.possessive(t, j) {
			bad := k.harm[w] || k.acts[w] || slices.ContainsFunc(t[:i], func(x sentence.Token) bool { return k.harmful[x.Norm] })
			return verdict{i, j, false}, bad
		}
	}
	return verdict{}, false
}

// doer reports whether the person at j is singled out as somebody who acted: not
// a responder at work, but "one of the engineers", "an engineer", "Engineer X".
func (k *blame) doer(t []sentence.Token, j int) bool {
	return k.Singular[t[j].Norm] || t[j].Norm == "he" || t[j].Norm == "she" || t[j].Norm == "one" || j >= 3 && t[j-3].Norm == "one" && t[j-2].Norm == "of"
}

// repairs reports whether what is deleted or killed was in the way.
func (k *blame) repairs(t []sentence.Token) bool {
	for _, tok := range t[:min(len(t), 10)] {
		switch tok.Norm {
		case "stuck", "bad", "broken", "stale", "old", "faulty", "affected", "offending", "unhealthy", "failing", "orphaned", "recover", "restore", "mitigate", "fix", "unneeded", "unused":
			return true
		}
	}
	return false
}

func (k *blame) harmfulCode(code string) bool {
	for _, w := range strings.FieldsFunc(code, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if k.harmful[strings.ToLower(w)] || w == "apply" || w == "rm" {
			return true
		}
	}
	return false
}

// caused judges "caused by a new intern".
func (k *blame) caused(t []sentence.Token, i int) (verdict, bool) {
	for j := i + 1; j < min(len(t), i+14); j++ {
		w := t[j].Norm
		if word.Breaks(t[j]) || w == "that" || w == "for" || w == "…" {
			return verdict{}, false
		}
		if k.Singular[w] && t[j-1].Norm != "on-call" && !k.possessive(t, j) && slices.ContainsFunc(t[i:j], func(x sentence.Token) bool { return x.Norm == "by" || x.Norm == "to" || x.Norm == "of" }) {
			return verdict{i, j, false}, true
		}
	}
	return verdict{}, false
}
