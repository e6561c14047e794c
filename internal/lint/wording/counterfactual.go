package wording

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// Counterfactual finds a past that did not happen, offered as judgment or cure:
// "should have", "would have caught", "had we", "in hindsight". What could have
// been worse, what may have been the case and what somebody could do to us are
// no judgment.
type Counterfactual struct {
	word.Lists
	good      word.Set     // what a better past would have brought: prevented, caught, earlier
	bad       word.Set     // what a worse one would have: lost, worse, exploited
	controls  word.Set     // nouns for what keeps incidents away: test, alert
	hindsight word.Phrases // words of hindsight that judge by themselves
}

// CounterfactualLists are the names of the lists that [NewCounterfactual] reads.
func CounterfactualLists() []string { return []string{"good", "bad", "hindsight", "controls"} }

// NewCounterfactual makes a judge that reads its lists by name.
func NewCounterfactual(words word.Lists, list func(name string) []string) *Counterfactual {
	set := func(name string) word.Set { return word.NewSet(list(name)) }
	return &Counterfactual{Lists: words, good: set("good"), bad: set("bad"), controls: set("controls"), hindsight: word.NewPhrases(list("hindsight"))}
}

// Find returns the tokens of the first counterfactual of a sentence.
func (k *Counterfactual) Find(s sentence.Sentence) (first, last int, ok bool) {
	modal := slices.ContainsFunc(s.Tokens, func(x sentence.Token) bool { return modals[x.Norm] })
	for i := range s.Tokens {
		if s.Tokens[i].Kind != sentence.Word {
			continue
		}
		if n := k.hindsight.At(s.Tokens, i); n > 0 {
			return i, i + n - 1, true
		}
		if !modal {
			continue
		}
		if last, ok := k.at(s.Tokens, i); ok {
			return i, last, true
		}
	}
	return 0, 0, false
}

// modals are the auxiliaries without which nothing is counterfactual.
var modals = word.NewSet([]string{"should", "could", "would", "might", "may", "had", "must", "ought", "need", "'d"})

// at judges the word at i, and returns the last token of what it finds.
func (k *Counterfactual) at(t []sentence.Token, i int) (int, bool) {
	switch w := t[i].Norm; w {
	case "should":
		last, ok := k.perfect(t, i)
		return last, ok && !k.idiom(t, i, last) && !k.due(t, i, last)
	case "ought":
		if i+1 < len(t) && t[i+1].Norm == "not" {
			i++
		}
		if i+1 < len(t) && t[i+1].Norm == "to" {
			return k.perfect(t, i+1)
		}
	case "need":
		last, ok := k.perfect(t, i)
		return last, ok && i+1 < len(t) && t[i+1].Norm == "not"
	case "could", "would", "might", "may", "'d":
		last, ok := k.perfect(t, i)
		return last, ok && k.judges(t, i, last)
	case "if", "had":
		return k.condition(t, i)
	}
	return 0, false
}

// perfect reads "could also have been VERB" from its modal, and returns the
// verb's token.
func (k *Counterfactual) perfect(t []sentence.Token, i int) (int, bool) {
	have := false
	for j := i + 1; j < min(len(t), i+8); j++ {
		w := t[j].Norm
		switch {
		case w == "have" || w == "hav" || w == "of" && j == i+1:
			have = true
		case w == "not" || k.IsAdverb(w) || !have && (k.Pronouns[w] || w == "it"):
		case have && (w == "been" || w == "be"):
			if j+1 < len(t) && (k.IsAdverb(t[j+1].Norm) || word.Participle(t[j+1].Norm)) {
				continue
			}
			return j, true
		case have:
			return j, word.Participle(w) || w == "lead"
		default:
			return j, false
		}
	}
	return 0, false
}

// idiom reports whether "should have" only says what was expected: "for what
// should have been a simple upgrade", "users should not have had issues".
func (k *Counterfactual) idiom(t []sentence.Token, i, last int) bool {
	if last+1 < len(t) && t[last].Norm == "been" && (t[last+1].Norm == "a" || t[last+1].Norm == "an") && i > 0 && t[i-1].Norm == "what" {
		return true
	}
	if t[last].Norm == "been" && last+1 < len(t) && t[last+1].Kind != sentence.Word && t[last+1].Kind != sentence.Mark {
		return true
	}
	if last+2 < len(t) && t[last+1].Norm == "by" && t[last+2].Norm == "now" {
		return true
	}
	switch t[last].Norm {
	case "succeeded", "worked", "matched", "returned":
		return true
	case "given":
		return last+1 < len(t) && (t[last+1].Norm == "its" || t[last+1].Norm == "the" || t[last+1].Norm == "that" || t[last+1].Norm == "how")
	}
	if slices.ContainsFunc(t[i:last], func(x sentence.Token) bool { return x.Norm == "automatically" }) {
		return true
	}
	return t[last].Norm == "had" && i > 0 && slices.ContainsFunc(t[i:last], func(x sentence.Token) bool { return x.Norm == "not" || x.Norm == "never" })
}

// judges reports whether could, would or might have tells of a better past.
func (k *Counterfactual) judges(t []sentence.Token, i, last int) bool {
	if slices.ContainsFunc(t, func(x sentence.Token) bool { return luck[x.Norm] }) {
		return false
	}
	if repeated(t, i, last) || opened(t, last) || k.chain(t, i, last) || k.weighed(t, i, last) {
		return false
	}
	if doubted(t, i) || i > 1 && t[i-1].Norm == "that" && t[i-2].Norm == "things" {
		return false
	}
	good, bad := k.outcomes(t, i, last)
	if i > 0 && audience[t[i-1].Norm] && t[last-1].Norm != "been" && (i < 2 || t[i-2].Norm != "from" && t[i-2].Norm != "of") {
		return false
	}
	good = good || !bad && (!neutral[t[last].Norm] || t[last].Norm == "been" && t[word.Clause(t, i)].Norm == "with") && k.measure(t, i)
	if t[i].Norm != "would" && grants[t[last].Norm] {
		return false
	}
	negated := refused(t, i, last)
	if m := t[i].Norm; (m == "may" || m == "might") && t[last].Norm != "been" && !cures[t[last].Norm] && !(negated && harms[t[last].Norm]) {
		return false
	}
	if bad && !(good && k.good[t[last].Norm]) || guesses(t, i, last) || planned(t, i) || shows(t, i, last) || worse(t) {
		return false
	}
	switch verb := t[last].Norm; {
	case negated && (t[i].Norm == "would" || t[i].Norm == "might") && (harms[verb] || !good && (k.cured(t) || k.withMeasure(t, i))):
		return true
	case good:
		return !negated && !(t[0].Norm == "if" && i > 0 && t[last-1].Norm == "been" && !k.ours(t) && (verb == "blocked" || verb == "limited" || verb == "exposed" || verb == "stopped"))
	case t[i].Norm == "could" && !negated:
		return k.writer(t, i) || sooner(t[last:])
	}
	return false
}

// refused reports whether the verb at last, or its subject, is negated: "would not
// have helped", "nothing would have helped".
func refused(t []sentence.Token, i, last int) bool {
	if slices.ContainsFunc(t[i:last], func(x sentence.Token) bool { return x.Norm == "not" || x.Norm == "never" }) {
		return true
	}
	for j := i - 1; j >= word.Clause(t, i); j-- {
		switch t[j].Norm {
		case "that", "who", "and":
			return false
		case "no", "none", "nothing", "neither", "nobody":
			return true
		}
	}
	return false
}

// planned reports whether the modal at i says what a measure that is asked for
// would do: "add a test that would have caught it".
func planned(t []sentence.Token, i int) bool {
	return i > 1 && (t[i-1].Norm == "that" || t[i-1].Norm == "which") && orders[t[0].Norm]
}

// orders are verbs that begin what is asked for.
var orders = word.NewSet(strings.Fields("add write create introduce implement build set define run include list name find document identify"))

// guesses reports whether "could have been" looks for a cause: "could have been
// triggered by a campaign".
func guesses(t []sentence.Token, i, last int) bool {
	switch t[last].Norm {
	case "triggered", "caused", "introduced", "started", "produced", "made":
		return t[i].Norm != "would" && t[last-1].Norm == "been" && last+1 < len(t) && t[last+1].Norm == "by"
	}
	return false
}

// worse reports whether the condition of a sentence is more harm than there was: "if
// the node had crashed, the probe would have caught it".
func worse(t []sentence.Token) bool {
	for i := range t {
		if t[i].Norm != "if" {
			continue
		}
		for j := i + 2; j+1 < min(len(t), i+8) && !word.Breaks(t[j]); j++ {
			if t[j].Norm == "had" && broken[t[j+1].Norm] && (j+2 == len(t) || t[j+2].Norm != "over") {
				return true
			}
		}
	}
	return false
}

// broken are verbs of what breaks.
var broken = word.NewSet([]string{"crashed", "failed", "died", "broken", "exploded", "collapsed", "deleted", "lost", "leaked"})

// shows reports whether the harm itself is what would have been seen: "an outage
// would have surfaced as an error".
func shows(t []sentence.Token, i, last int) bool {
	if i == 0 || slices.ContainsFunc(t[i:last+1], func(x sentence.Token) bool { return x.Norm == "been" }) {
		return false
	}
	switch t[i-1].Norm {
	case "outage", "incident", "failure", "crash", "attack", "error", "problem":
		return true
	}
	return false
}

// outcomes looks at the verb and what follows it for a better or a worse past.
func (k *Counterfactual) outcomes(t []sentence.Token, i, last int) (good, bad bool) {
	for j := last; j < min(len(t), last+6); j++ {
		w := t[j].Norm
		if j > last && (w == "," || w == "." || w == ";" || w == "if" || w == "but" || w == ")") {
			break
		}
		good = good || k.good[w] || w == "cut" && cuts(t[j:]) || (w == "good" || w == "great") && j+1 < len(t) && deeds[t[j+1].Norm] || w == "kept" && slices.ContainsFunc(t[j:min(len(t), j+7)], func(x sentence.Token) bool { return x.Norm == "from" })
		bad = bad || k.bad[w] && !(j+1 < len(t) && k.controls[t[j+1].Norm]) // a longer timeout is no harm
	}
	for _, x := range t[max(0, i-6):i] {
		good = good || t[i].Norm == "would" && (x.Norm == "better" || x.Norm == "safer" || x.Norm == "wiser" || x.Norm == "best")
		switch x.Norm {
		case "attacker", "attackers", "hacker", "hackers", "adversary", "bruteforce", "lucky", "exploiter":
			return false, true
		}
	}
	return good, bad
}

// deeds are nouns of what would have been good to do.
var deeds = word.NewSet([]string{"idea", "choice", "move", "decision", "practice", "call", "time", "moment", "precaution"})

// doubted reports whether the clause asks whether something would have helped, or
// tells what somebody thought then.
func doubted(t []sentence.Token, i int) bool {
	from := word.Clause(t, i)
	for j, x := range t[from:i] {
		if doubts[x.Norm] || j > 0 && t[from+j-1].Norm == "not" && thinks[x.Norm] {
			return true
		}
	}
	return false
}

// thinks are verbs of holding true, which are denied: "we do not think that".
var thinks = word.NewSet([]string{"think", "believe", "sure", "know", "claim", "say", "establish", "prove", "mean", "show"})

var doubts = word.NewSet([]string{"whether", "unclear", "thought", "expected", "assumed", "believed", "hoped", "doubt", "doubtful", "unlikely", "ask", "asks", "wonder", "wondered", "how"})

// cuts reports whether what was cut is time or harm.
func cuts(t []sentence.Token) bool {
	return slices.ContainsFunc(t[:min(len(t), 5)], func(x sentence.Token) bool {
		return x.Norm == "downtime" || x.Norm == "time" || x.Norm == "outage" || x.Norm == "duration" || x.Norm == "impact" || x.Norm == "minutes" || x.Norm == "hours" || x.Norm == "recovery"
	})
}

// measure reports whether the subject of the modal at i is a measure that was not
// there: "a staged rollout would", "more capacity would", "with a breaker it would".
func (k *Counterfactual) measure(t []sentence.Token, i int) bool {
	from := word.Clause(t, i)
	if t[from].Norm == "without" || slices.ContainsFunc(t[from:i], func(x sentence.Token) bool { return burdens[x.Norm] }) {
		return false
	}
	for j, x := range t[from:i] {
		if j == 0 && x.Norm == "with" || j < 3 && evaluative[x.Norm] || k.controls[x.Norm] && from+j >= i-5 {
			return from+j < i && t[from].Norm != "if" && t[from].Norm != "had"
		}
	}
	return false
}

// neutral are verbs that say neither that it went better nor worse.
var neutral = word.NewSet(strings.Fields("taken lasted required needed run started been expired begun ended remained had"))

// burdens are what makes things worse when there is more of it.
var burdens = word.NewSet([]string{"traffic", "load", "users", "customers", "data", "requests", "attack", "attacks"})

// evaluative are words by which a subject is compared with what was there.
var evaluative = word.NewSet(strings.Fields("more better earlier stricter proper smaller simple simpler quick quicker closer careful additional extra further second automated good early timely clearer dedicated regular staged gradual"))

// audience are those who only would have seen or felt something.
var audience = word.NewSet([]string{"users", "customers", "clients", "visitors", "people", "thousands", "hundreds", "members", "players"})

// grants are verbs of what a flaw lets others do.
var grants = word.NewSet([]string{"allowed", "enabled", "exposed", "given", "let", "permitted"})

// cures are verbs of what a better past might have brought; other verbs after
// "may have" and "might have" say what is not known.
var cures = word.NewSet(strings.Fields("prevented avoided caught detected mitigated reduced helped spotted shortened limited noticed found saved flagged averted alerted warned identified discovered revealed shown sped lessened minimized minimised stopped"))

// luck are words that say that it went better than it could have.
var luck = word.NewSet([]string{"luckily", "fortunately", "lucky", "luck", "thankfully", "mercifully"})

// cured reports whether a condition opens the sentence under which something bad
// would not have come: "if the filters had been tuned".
func (k *Counterfactual) cured(t []sentence.Token) bool {
	return (t[0].Norm == "if" || t[0].Norm == "had") && slices.ContainsFunc(t, func(x sentence.Token) bool { return x.Norm == "," }) && !k.worsens(t)
}

// withMeasure reports whether the clause opens with a measure that was not there:
// "with a type checker this would never have left the branch".
func (k *Counterfactual) withMeasure(t []sentence.Token, i int) bool {
	from := word.Clause(t, i)
	if t[from].Norm != "with" {
		return false
	}
	return slices.ContainsFunc(t[from:i], func(x sentence.Token) bool { return k.controls[x.Norm] || evaluative[x.Norm] || x.Norm == "checker" })
}

// harms are verbs of what a better past would not have done.
var harms = word.NewSet(strings.Fields("occurred happened broken failed needed led taken lasted gone caused resulted crashed spread affected impacted reached got gotten missed overlooked started existed come become arisen"))

// sooner reports whether a past is compared with a better one by its time.
func sooner(t []sentence.Token) bool {
	for _, x := range t[:min(len(t), 14)] {
		switch x.Norm {
		case "earlier", "sooner", "faster", "quicker", "instead":
			return true
		case ".", ";", "but":
			return false
		}
	}
	return false
}

// ours reports whether the condition that opens a sentence is about people or
// about what keeps incidents away.
func (k *Counterfactual) ours(t []sentence.Token) bool {
	for _, x := range t[1:min(len(t), 8)] {
		if x.Norm == "had" || x.Norm == "was" || x.Norm == "were" {
			return false
		}
		if k.People[x.Norm] || x.Norm == "we" || x.Norm == "i" || x.Norm == "they" || k.controls[x.Norm] {
			return true
		}
	}
	return false
}

// writer reports whether "could have" is said of the people who write, or of
// nobody: then it judges what they did.
func (k *Counterfactual) writer(t []sentence.Token, i int) bool {
	if i == 0 {
		return true
	}
	switch w := t[i-1].Norm; {
	case w == "someone" || w == "somebody" || w == "users" || w == "user" || w == "person" || w == "people":
		return false
	case w == "we" || w == "they" || w == "i" || w == "he" || w == "she" || k.People[w]:
		return true
	case w == "-" || w == "–" || w == "—" || w == ":":
		return true
	}
	return false
}

// condition judges "if we had VERB", "had the app been VERB" and "if only".
func (k *Counterfactual) condition(t []sentence.Token, i int) (int, bool) {
	if t[i].Norm == "if" {
		if i+1 < len(t) && t[i+1].Norm == "only" {
			return i + 1, slices.ContainsFunc(t[i:min(len(t), i+9)], func(x sentence.Token) bool { return x.Norm == "had" || x.Norm == "'d" || x.Norm == "were" })
		}
		return k.ifHad(t, i)
	}
	begins := i == 0 || word.Breaks(t[i-1]) || t[i-1].Norm == "that" || t[i-1].Norm == "earlier" || t[i-1].Norm == "and"
	if !begins || i+2 >= len(t) {
		return 0, false
	}
	for j := i + 1; j < min(len(t), i+6); j++ {
		w := t[j].Norm
		if j > i+1 && word.Participle(w) && w != "had" && (k.Pronouns[t[i+1].Norm] || t[i+1].Norm == "the" || t[i+1].Norm == "this" || t[i+1].Norm == "it" || k.People[t[i+1].Norm]) {
			return j, k.promises(t, j) && !k.worsens(slices.Delete(slices.Clone(t), j, j+1))
		}
		if word.Breaks(t[j]) {
			return 0, false
		}
	}
	return 0, false
}

// ifHad judges "if we had picked up", "if the alert had fired". Of other subjects
// it says too little: the main clause decides, which is judged by itself.
func (k *Counterfactual) ifHad(t []sentence.Token, i int) (int, bool) {
	if i+3 >= len(t) {
		return 0, false
	}
	ours := k.ours(t[i:])
	people := k.People[t[i+1].Norm] || k.Pronouns[t[i+1].Norm]
	for j := i + 2; j < min(len(t), i+9); j++ {
		if w := t[j].Norm; (w == "had" || w == "'d") && j+1 < len(t) {
			for n := j + 1; n < min(len(t), j+4); n++ {
				if t[n].Norm != "been" && word.Participle(t[n].Norm) {
					return n, (people || t[n-1].Norm != "not") && (ours || k.good[t[n].Norm] && k.promises(t, n)) && !k.worsens(t)
				}
			}
		}
	}
	return 0, false
}

// promises reports whether a main clause with would or could goes with a
// condition.
func (k *Counterfactual) promises(t []sentence.Token, i int) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool {
		return x.Norm == "would" || x.Norm == "could" || x.Norm == "might" || x.Norm == "'d"
	})
}

// worsens reports whether a sentence is about a past that was worse.
func (k *Counterfactual) worsens(t []sentence.Token) bool {
	good, bad := false, false
	for _, x := range t {
		good, bad = good || k.good[x.Norm], bad || k.bad[x.Norm]
	}
	return bad && !good
}
