// Package wording judges sentences: whether a passive hides who acted ([Passive]),
// whether people are blamed ([Blame]), whether a past that did not happen is held
// against the one that did ([Counterfactual]). It reads words and their order; the
// lists of words come from the rules.
package wording

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// Blame finds sentences that put an incident, or a part of the response, down to
// the error, neglect or character of people: a word of fault, a person as the
// doer of the harm, or what somebody did not do or know. Software that fails,
// reasons that are explained and controls that were missing are no blame.
type Blame struct {
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
	qualities word.Set // what people may lack: experience, discipline
	spread    word.Set // doings that bring something bad into the world
}

// BlameLists are the names of the lists that [NewBlame] reads.
func BlameLists() []string {
	return []string{"faults", "strong", "neglect", "minds", "mental", "harm", "acts", "doings", "harmful", "slips", "traits", "qualities", "spread", "unless"}
}

// NewBlame makes a judge that reads its lists by name.
func NewBlame(words word.Lists, list func(name string) []string) *Blame {
	set := func(name string) word.Set { return word.NewSet(list(name)) }
	return &Blame{Lists: words, faults: word.NewPhrases(list("faults")), strong: set("strong"), neglect: set("neglect"), mental: set("mental"), minds: set("minds"),
		harm: set("harm"), doings: set("doings"), harmful: set("harmful"), acts: set("acts"), unless: word.NewPhrases(list("unless")),
		slips: set("slips"), traits: set("traits"), qualities: set("qualities"), spread: set("spread")}
}

// Verdict is what makes a sentence blame.
type Verdict struct {
	First, Last int // tokens
	Weak        bool
}

// Find returns the first blame of a sentence, a strong one if there is any.
func (k *Blame) Find(s sentence.Sentence) (Verdict, bool) {
	var best Verdict
	found := false
	for i := range s.Tokens {
		if s.Tokens[i].Kind != sentence.Word {
			continue
		}
		if v, ok := k.at(s, i); ok && (!found || best.Weak && !v.Weak) {
			best, found = v, true
		}
	}
	return best, found && !k.unless.In(s.Tokens)
}

// at judges the word at i.
func (k *Blame) at(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	w := t[i].Norm
	if n := k.faults.At(t, i); n > 0 {
		return Verdict{i, i + n - 1, false}, (w != "without" || k.humanAct(s, i)) && !displayed(t, i+n) && !general(t, i, i+n) && !denied(t, i, i+n)
	}
	switch {
	case k.strong[w] || k.neglect[w]:
		return k.neglected(s, i)
	case w == "failure" || w == "inability" || w == "refusal" || w == "reluctance":
		return k.failureTo(t, i)
	case w == "not" && i == 0 && len(t) > 2:
		return Verdict{0, 1, true}, k.leftUndone(t[1].Norm) || checks(t, 1)
	case w == "failed" || w == "fails" || w == "failing":
		return k.failedTo(s, i)
	case w == "not" || w == "never" || w == "unaware":
		return k.omitted(s, i)
	case k.traits[w]:
		return k.character(t, i)
	case k.qualities[w]:
		return k.lacked(t, i)
	case w == "took" || w == "spent" || w == "waited":
		return k.dawdled(t, i)
	case w == "nobody" || w == "none" || w == "no":
		return k.nobody(t, i)
	case w == "should" && i+2 < len(t):
		return k.shouldHave(s, i)
	case k.slips[w]:
		return k.slipped(s, i)
	case k.harm[w] || k.acts[w] || k.doings[w] || w == "run" && i > 0 && t[i-1].Norm == "had":
		return k.harmed(s, i)
	case w == "left":
		return k.leaves(t, i)
	case w == "nothing" && i > 0 && t[i-1].Norm == "did":
		who, from := k.subjectOf(t, i-1)
		return Verdict{from, i, who == we}, who == we || who == others || who == onePerson
	case w == "accident" && i > 0 && t[i-1].Norm == "by":
		return k.accidental(t, i)
	case errs[w]:
		return k.byOne(t, i)
	case w == "wrong":
		return k.mischosen(t, i)
	case unmeant[w]:
		return k.unmeantBy(t, i)
	case w == "caused" || w == "due" || w == "because":
		if v, ok := k.causes(t, i); ok {
			return v, true
		}
		return k.caused(t, i)
	}
	return Verdict{}, false
}

// displayed reports whether the error before i is one that software shows: "user
// error page".
func displayed(t []sentence.Token, i int) bool {
	if i >= len(t) || !strings.HasPrefix(t[i-1].Norm, "error") {
		return false
	}
	return slices.Contains([]string{"page", "pages", "message", "messages", "rate", "rates", "code", "codes", "log", "logs", "budget", "report", "reports", "handling", "response", "responses"}, t[i].Norm)
}

// denied reports whether the fault from i to end is said not to be one: "no
// mistake", "the mistake was not to run it".
func denied(t []sentence.Token, i, end int) bool {
	if end+1 < len(t) && isForm(t[end].Norm) && t[end+1].Norm == "not" {
		return true
	}
	return slices.ContainsFunc(t[max(0, i-2):i], func(x sentence.Token) bool { return x.Norm == "not" || x.Norm == "never" || x.Norm == "no" })
}

// general reports whether the fault from i to end is one that might be made or shall be
// prevented, rather than one that was.
func general(t []sentence.Token, i, end int) bool {
	if w := t[i].Norm; i > 0 && w == "mistakes" && (t[i-1].Norm == "make" || t[i-1].Norm == "makes") {
		return true
	}
	for _, x := range t[max(0, i-6):i] {
		switch x.Norm {
		case "whether", "if":
			return true
		case "prevent", "prevents", "preventing", "avoid", "avoiding", "reduce", "against", "such", "similar", "possible", "potential", "future",
			"handle", "tolerate", "robust", "resilient", "withstand", "survive", "eliminate", "cope", "room":
			return true
		}
	}
	if end < len(t) && (t[end].Norm == "can" || t[end].Norm == "may" || t[end].Norm == "will" || t[end].Norm == "happen") {
		return true
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

// humanAct reports whether what stands before "without checking" tells what people
// did: a person or a passive, not what is impossible or must be done.
func (k *Blame) humanAct(s sentence.Sentence, i int) bool {
	for j := i - 1; j >= 0; j-- {
		switch w := s.Tokens[j].Norm; {
		case w == "not" || w == "to":
			return false
		case w == "we" || w == "i" || w == "he" || w == "she" || w == "they" || k.People[w]:
			return true
		case w == "was" || w == "were" || w == "been":
			return word.Participle(s.Tokens[j+1].Norm)
		}
	}
	return i <= 2 && slices.ContainsFunc(s.Tokens, func(x sentence.Token) bool { return isForm(x.Norm) })
}

// neglected judges "somebody forgot", "we missed".
func (k *Blame) neglected(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	strong := k.strong[t[i].Norm]
	if i > 0 && t[i-1].Norm == "easily" {
		return Verdict{}, false
	}
	if i > 0 && (isForm(t[i-1].Norm) || i > 1 && isForm(t[i-2].Norm)) {
		return Verdict{i - 1, i, false}, strong && t[i].Norm != "ignored"
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return Verdict{from, i, !strong && who == we}, !k.conditional(t, from)
	case elided:
		return Verdict{i, i, !strong}, strings.ToUpper(t[i].Text) != t[i].Text && (strong || !k.doings[t[i].Norm])
	}
	return Verdict{}, false
}

// failedTo judges "the team failed to notice".
func (k *Blame) failedTo(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	to := i + 1
	for to < min(len(t)-1, i+5) && t[to].Norm != "to" && (to > i+1 || t[to].Norm == "for" || k.IsAdverb(t[to].Norm)) { // failed for years to
		to++
	}
	if to+1 >= len(t) || t[to].Norm != "to" || t[i].Norm == "failing" && i > 0 && !k.People[t[i-1].Norm] && !k.Pronouns[t[i-1].Norm] {
		return Verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return Verdict{from, to + 1, false}, k.joined(t, i) < 0 || k.minds[t[to+1].Norm]
	}
	if i > 0 && (k.Software[t[i-1].Norm] || t[i-1].Kind == sentence.Code || t[i-1].Norm == "it") {
		return Verdict{}, false
	}
	return Verdict{i, to + 1, false}, k.minds[t[to+1].Norm]
}

// failureTo judges "the failure to prioritize it", "the inability of the company to
// recognize it"; software fails to connect.
func (k *Blame) failureTo(t []sentence.Token, i int) (Verdict, bool) {
	for j := i + 1; j+1 < min(len(t), i+7) && !word.Breaks(t[j]); j++ {
		if t[j].Norm != "to" {
			continue
		}
		for j++; j+1 < len(t) && k.IsAdverb(t[j].Norm); j++ {
		}
		verb := t[j].Norm
		if stem, ok := strings.CutSuffix(verb, "ise"); ok && !k.mental[verb] {
			verb = stem + "ize"
		}
		duty := k.minds[verb] || verb == "test" || verb == "prioritize" || verb == "plan" || verb == "prepare" || verb == "document" || verb == "review"
		return Verdict{i, j, false}, duty && !general(t, i, j+1) && !denied(t, i, j+1)
	}
	return Verdict{}, false
}

// isForm reports whether a word is a form of "to be" that makes a passive.
func isForm(w string) bool {
	return w == "was" || w == "were" || w == "been" || w == "is" || w == "are" || w == "being"
}

// omitted judges "we did not check", "nobody had thought", "he wasn't fully
// aware", "they never told us".
func (k *Blame) omitted(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	last := i
	if t[i].Norm != "unaware" {
		before := ""
		if i > 0 {
			before = t[i-1].Norm
		}
		for last = i + 1; last < len(t) && (k.IsAdverb(t[last].Norm) || t[last].Norm == "at" || t[last].Norm == "all"); last++ {
		}
		if last >= len(t) || !k.omits(t[i].Norm, before, t[last].Norm) && !(before == "did" && checks(t, last)) || findsNothing(t, last) {
			return Verdict{}, false
		}
	}
	who, from := k.subjectOf(t, i)
	switch who {
	case we, others, onePerson:
		return Verdict{from, last, who == we}, !k.conditional(t, from) && !explained(t[last:]) && !excused(t, from)
	case elided:
		return Verdict{max(0, i-1), last, true}, t[i].Norm == "not"
	}
	return Verdict{}, false
}

// lacked judges "he had no idea", "the team lacked the discipline".
func (k *Blame) lacked(t []sentence.Token, i int) (Verdict, bool) {
	j := i - 1
	for j > 0 && (t[j].Norm == "the" || t[j].Norm == "any" || t[j].Norm == "necessary" || t[j].Norm == "enough" || t[j].Norm == "sufficient") {
		j--
	}
	if j < 1 || t[j].Norm != "lacked" && (t[j].Norm != "no" || t[j-1].Norm != "had") {
		return Verdict{}, false
	}
	who, from := k.subjectOf(t, j)
	return Verdict{from, i, who == we}, who == we || who == others || who == onePerson
}

// explained reports whether a reason follows that makes an omission understood:
// "did not see the alert because it went to a paused channel".
func explained(t []sentence.Token) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool { return x.Norm == "because" })
}

// checks reports whether the verb at i, with its object, is a check: "run the
// tests", "perform a dry run".
func checks(t []sentence.Token, i int) bool {
	switch t[i].Norm {
	case "run", "perform", "do", "execute", "conduct", "running", "performing", "doing", "executing", "conducting":
		return slices.ContainsFunc(t[i+1:min(len(t), i+6)], func(x sentence.Token) bool { return proofs[x.Norm] })
	}
	return false
}

// proofs are what shows whether a change is sound.
var proofs = word.NewSet(strings.Fields("test tests testing ci check checks review reviews validation verification dry-run dry rehearsal audit audits"))

// leftUndone reports whether a gerund is of what people do: "not checking".
func (k *Blame) leftUndone(gerund string) bool {
	stem, ok := strings.CutSuffix(gerund, "ing")
	n := len(stem)
	return ok && n > 2 && (k.mental[stem] || k.mental[stem+"e"] || stem[n-1] == stem[n-2] && k.mental[stem[:n-1]])
}

// excused reports whether a reason opens the sentence whose subject stands at
// from: "as it came from three services, we did not see".
func excused(t []sentence.Token, from int) bool {
	switch t[0].Norm {
	case "as", "since", "because":
		return slices.ContainsFunc(t[1:max(1, from)], func(x sentence.Token) bool { return isForm(x.Norm) || x.Norm == "had" || x.Norm == "did" })
	}
	return false
}

// omits reports whether a negation between an auxiliary and a verb tells what
// people did not do or know.
func (k *Blame) omits(negation, before, verb string) bool {
	switch before {
	case "did":
		return k.mental[verb]
	case "was", "were":
		return negation == "not" && k.mental[verb]
	case "had":
		return verb != "seen" && (k.mental[verb] || k.mental.HasPast(verb))
	}
	return negation == "never" && k.mental.HasPast(verb)
}

// character judges "the team was careless".
func (k *Blame) character(t []sentence.Token, i int) (Verdict, bool) {
	j := i - 1
	for j > 0 && (k.IsAdverb(t[j].Norm) || t[j].Norm == "a" || t[j].Norm == "bit") {
		j--
	}
	if j < 1 || t[j].Norm != "was" && t[j].Norm != "were" {
		return Verdict{}, false
	}
	switch t[j-1].Norm {
	case "we", "i":
		return Verdict{j - 1, i, true}, true
	case "he", "she", "they":
		return Verdict{j - 1, i, false}, true
	}
	return Verdict{j - 1, i, false}, k.People[t[j-1].Norm]
}

// conditional reports whether the clause of a subject begins with "if", asks, or is
// what somebody only feared.
func (k *Blame) conditional(t []sentence.Token, from int) bool {
	for j := from - 1; j >= max(0, from-2); j-- {
		if w := t[j].Norm; w == "if" || w == "had" || w == "whether" || feared[w] {
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
func (k *Blame) nobody(t []sentence.Token, i int) (Verdict, bool) {
	if t[i].Norm == "no" && (i+1 >= len(t) || t[i+1].Norm != "one") || t[i].Norm == "none" && (i+2 >= len(t) || t[i+1].Norm != "of") {
		return Verdict{}, false
	}
	for j := i + 1; j < min(len(t), i+7); j++ {
		w := t[j].Norm
		if w == "was" || w == "is" {
			return Verdict{i, j, true}, w == "was" && j+1 < len(t) && watching[t[j+1].Norm]
		}
		if k.mental.HasPast(w) {
			return Verdict{i, j, true}, !explained(t[j:]) && !(w == "knew" && timed(t[j:]))
		}
	}
	return Verdict{}, false
}

// timed reports whether knowing is told with its time, as what was known when:
// "nobody knew of it until 15:21".
func timed(t []sentence.Token) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool { return x.Norm == "until" || x.Norm == "yet" || x.Norm == "then" })
}

// watching are what nobody was doing.
var watching = word.NewSet([]string{"paying", "watching", "looking", "checking", "monitoring", "aware", "reading", "following"})

// dawdled judges "we spent too much time", "it took the team too long".
func (k *Blame) dawdled(t []sentence.Token, i int) (Verdict, bool) {
	for j := i + 1; j+1 < min(len(t), i+5) && !word.Breaks(t[j]); j++ {
		if t[j].Norm != "too" {
			continue
		}
		if who, from := k.subjectOf(t, i); who == we || who == others || who == onePerson {
			return Verdict{from, j + 1, who == we}, true
		}
		for _, x := range t[i+1 : j] {
			if x.Norm == "us" || x.Norm == "me" || k.People[x.Norm] {
				return Verdict{i, j + 1, x.Norm == "us" || x.Norm == "me"}, true
			}
		}
	}
	return Verdict{}, false
}

// shouldHave judges "we should have known".
func (k *Blame) shouldHave(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	j := i + 1
	for j < len(t) && (t[j].Norm == "not" || t[j].Norm == "have" || k.IsAdverb(t[j].Norm)) {
		j++
	}
	if j >= len(t) || j == i+1 || !slices.Contains([]string{"known", "realized", "realised", "noticed", "checked", "verified", "insisted", "thought", "seen", "caught", "read", "asked", "paid", "foreseen", "anticipated", "remembered"}, t[j].Norm) {
		return Verdict{}, false
	}
	switch who, from := k.subjectOf(t, i); who {
	case we:
		return Verdict{from, j, true}, true
	case elided:
		return Verdict{i, j, true}, true
	case others, onePerson:
		return Verdict{from, j, false}, true
	}
	return Verdict{}, false
}

// slipped judges "he accidentally deleted", "we mistakenly thought".
func (k *Blame) slipped(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	if i+1 >= len(t) || word.Participle(t[i+1].Norm) && i > 0 && isForm(t[i-1].Norm) {
		return Verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	if strings.HasSuffix(t[i+1].Norm, "ing") && i > 0 && (t[i-1].Norm == "after" || t[i-1].Norm == "by" || t[i-1].Norm == "while" || t[i-1].Norm == ",") {
		who, from = k.shared(t, i, i-1)
	}
	switch who {
	case we, others, onePerson:
		return Verdict{from, i + 1, who == we && t[i].Norm != "wrongly"}, !k.conditional(t, from)
	}
	return Verdict{}, false
}

// feared are verbs of what somebody took for possible, which need not be so.
var feared = word.NewSet([]string{"feared", "fear", "worried", "suspected", "afraid", "concerned"})
