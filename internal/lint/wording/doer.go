package wording

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// harmed judges a person as the doer: "an engineer dropped the table".
func (k *Blame) harmed(s sentence.Sentence, i int) (Verdict, bool) {
	t := s.Tokens
	if v, ok := k.byOne(t, i); ok {
		return v, true
	}
	if i > 0 && (isForm(t[i-1].Norm) || t[i-1].Norm == "got" || t[i-1].Norm == "to" || t[i-1].Norm == "be") && !strings.HasSuffix(t[i].Norm, "ing") {
		return Verdict{}, false
	}
	if i > 0 && slices.Contains([]string{"a", "an", "the", "this", "of", "any", "no"}, t[i-1].Norm) {
		return Verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	switch {
	case who != onePerson && who != we && who != others:
		return Verdict{}, false
	case k.harm[t[i].Norm]:
		return Verdict{from, i, who == we}, true
	case t[from].Norm == "i" && k.acts[t[i].Norm] && t[i].Norm != "killed":
		return Verdict{from, i, false}, !k.repairs(t[i:]) && !k.conditional(t, from)
	case who == we || !k.doer(t, from):
		return Verdict{from, i, who == we}, (k.spreads(t, i) || k.acts[t[i].Norm] && followed(t[i:])) && !k.conditional(t, from)
	case k.acts[t[i].Norm]:
		return Verdict{from, i, false}, !k.repairs(t[i:])
	}
	for j := i + 1; j < min(len(t), i+14) && t[j].Norm != "and" && t[j].Norm != "but"; j++ {
		if t[j].Norm == "instead" && j+1 < len(t) && t[j+1].Norm == "of" && !slices.ContainsFunc(t[from:i], func(x sentence.Token) bool { return k.Modals[x.Norm] }) {
			return Verdict{from, i, false}, true
		}
		if t[j].Norm == "not" && j+1 < len(t) && unproven[t[j+1].Norm] {
			return Verdict{from, i, false}, true
		}
		if (t[j].Norm == "straight" || t[j].Norm == "directly") && live(t[j+1:]) {
			return Verdict{from, i, false}, true
		}
		if k.harmful[t[j].Norm] || t[j].Kind == sentence.Code && k.harmfulCode(t[j].Text) {
			return Verdict{from, i, false}, true
		}
	}
	return Verdict{}, false
}

// followed reports whether harm is told to follow from an act: "which led to".
func followed(t []sentence.Token) bool {
	for i := 1; i+1 < len(t); i++ {
		if t[i-1].Norm == "," && t[i].Norm == "which" || t[i].Norm == "and" && (t[i+1].Norm == "this" || t[i+1].Norm == "that") {
			return slices.ContainsFunc(t[i+1:min(len(t), i+4)], func(x sentence.Token) bool { return effects[x.Norm] })
		}
		if t[i-1].Norm == "," && (t[i].Norm == "causing" || t[i].Norm == "breaking" || t[i].Norm == "resulting") {
			return true
		}
	}
	return false
}

// effects are verbs of what follows from an act.
var effects = word.NewSet([]string{"led", "caused", "broke", "resulted", "brought", "triggered"})

// live reports whether what follows "straight" is where users are: "to the main
// branch", "on production".
func live(t []sentence.Token) bool {
	return slices.ContainsFunc(t[:min(len(t), 3)], func(x sentence.Token) bool {
		return x.Norm == "main" || x.Norm == "master" || x.Norm == "production" || x.Norm == "prod" || x.Norm == "live"
	})
}

// unproven are what a change has not been that does harm.
var unproven = word.NewSet([]string{"tested", "reviewed", "verified", "approved", "validated", "checked"})

// spreads reports whether the verb at i brings something bad into the world:
// "we pushed a broken build", but not "we removed it" or "we pushed a fix for it".
func (k *Blame) spreads(t []sentence.Token, i int) bool {
	if !k.spread[t[i].Norm] {
		return false
	}
	for j, x := range t[i+1 : min(len(t), i+8)] {
		switch x.Norm {
		case "wrong":
			return true
		case "bad", "broken", "untested", "incorrect", "buggy", "faulty", "invalid", "unreviewed", "unsafe":
			return j < 4
		case "error", "bug", "typo", "regression", "mistake":
			return j < 4 && makes[t[i].Norm] && !(i+j+2 < len(t) && mends[t[i+j+2].Norm])
		case "fix", "patch", "fixes", "to", "for":
			return false
		}
	}
	return false
}

// makes are verbs of what people bring about; mends say that it is set right.
var (
	makes = word.NewSet([]string{"introduced", "made", "wrote", "shipped", "committed", "merged", "deployed", "released"})
	mends = word.NewSet([]string{"fix", "fixes", "report", "reports", "handler", "handling", "page", "message", "budget", "tracker", "bounty"})
)

// leaves judges "an analyst left a query running".
func (k *Blame) leaves(t []sentence.Token, i int) (Verdict, bool) {
	if i > 0 && (isForm(t[i-1].Norm) || t[i-1].Norm == "the" || t[i-1].Norm == "been") {
		return Verdict{}, false
	}
	for j := i + 2; j < min(len(t), i+7); j++ {
		switch t[j].Norm {
		case "running", "open", "enabled", "disabled", "exposed", "unlocked", "unattended", "unprotected", "unset", "behind", "on", "unpatched":
			who, from := k.subjectOf(t, i)
			return Verdict{from, j, who == we}, who == we || who == others || who == onePerson
		}
	}
	return Verdict{}, false
}

// accidental judges "the staff cut it by accident".
func (k *Blame) accidental(t []sentence.Token, i int) (Verdict, bool) {
	for j, x := range t[:i] {
		switch w := x.Norm; {
		case isForm(w):
			return Verdict{}, false
		case (w == "we" || w == "i") && !helps(t[j:i]):
			return Verdict{j, i, true}, true
		case k.People[w] && !k.Possessive(t, j) && !helps(t[j:i]):
			return Verdict{j, i, false}, true
		}
	}
	return Verdict{}, false
}

// helps reports whether an act did good: "we found it", "we worked around it".
func helps(t []sentence.Token) bool {
	return slices.ContainsFunc(t, func(x sentence.Token) bool {
		return findings[x.Norm] && x.Norm != "removed" && x.Norm != "had" || x.Norm == "worked" || x.Norm == "recovered"
	})
}

// errs are nouns for what somebody did wrong.
var errs = word.NewSet([]string{"typo", "error", "errors", "slip", "misconfiguration", "misclick", "miscalculation", "misunderstanding"})

// byOne judges "deleted by an administrator", "an incorrect command run by an
// engineer".
func (k *Blame) byOne(t []sentence.Token, i int) (Verdict, bool) {
	w := t[i].Norm
	if !k.harm[w] && !k.acts[w] && !k.doings[w] && !errs[w] || i+2 >= len(t) {
		return Verdict{}, false
	}
	by := i + 1
	if k.IsAdverb(t[by].Norm) {
		by++
	}
	if t[by].Norm != "by" {
		return Verdict{}, false
	}
	for j := by + 1; j < min(len(t), by+6); j++ {
		if word.Breaks(t[j]) || t[j].Norm == "of" || t[j].Norm == "from" {
			return Verdict{}, false
		}
		if (k.Singular[t[j].Norm] || t[j].Norm == "one") && !k.Possessive(t, j) {
			bad := errs[w] || k.harm[w] || k.acts[w] || slices.ContainsFunc(t[:i], func(x sentence.Token) bool { return k.harmful[x.Norm] })
			return Verdict{i, j, false}, bad
		}
	}
	return Verdict{}, false
}

// doer reports whether the person at j is singled out as somebody who acted: not
// a responder at work, but "one of the engineers", "an engineer", "Engineer X".
func (k *Blame) doer(t []sentence.Token, j int) bool {
	return k.Singular[t[j].Norm] || t[j].Norm == "he" || t[j].Norm == "she" || t[j].Norm == "one" || j >= 3 && t[j-3].Norm == "one" && t[j-2].Norm == "of"
}

// repairs reports whether what is deleted or killed was in the way.
func (k *Blame) repairs(t []sentence.Token) bool {
	for _, tok := range t[:min(len(t), 10)] {
		switch tok.Norm {
		case "stuck", "bad", "broken", "stale", "old", "faulty", "affected", "offending", "unhealthy", "failing", "orphaned", "recover", "restore", "mitigate", "fix", "unneeded", "unused":
			return true
		}
	}
	return false
}

func (k *Blame) harmfulCode(code string) bool {
	for _, w := range strings.FieldsFunc(code, func(c rune) bool { return !unicode.IsLetter(c) }) {
		if k.harmful[strings.ToLower(w)] || w == "apply" || w == "rm" {
			return true
		}
	}
	return false
}

// causes judges "an employee caused the outage".
func (k *Blame) causes(t []sentence.Token, i int) (Verdict, bool) {
	if t[i].Norm != "caused" || i == 0 || isForm(t[i-1].Norm) || i+1 < len(t) && (t[i+1].Norm == "by" || t[i+1].Norm == "to") {
		return Verdict{}, false
	}
	who, from := k.subjectOf(t, i)
	return Verdict{from, i, false}, who == onePerson || who == others && t[from].Norm != "they"
}

// caused judges "caused by a new intern", "because somebody left".
func (k *Blame) caused(t []sentence.Token, i int) (Verdict, bool) {
	if t[i].Norm == "because" && i+2 < len(t) && t[i+1].Norm != "of" {
		return Verdict{i, i + 1, false}, (t[i+1].Norm == "someone" || t[i+1].Norm == "somebody") && !tells[t[i+2].Norm] && !findings[t[i+2].Norm] && !general(t, i, i+2)
	}
	for j := i + 1; j < min(len(t), i+14); j++ {
		w := t[j].Norm
		if word.Breaks(t[j]) || w == "that" || w == "for" || w == "…" {
			return Verdict{}, false
		}
		if w == "my" || w == "his" || w == "her" {
			return Verdict{i, j, false}, j <= i+2
		}
		if (k.Singular[w] || k.People[w] && memberOf(t, j) >= 0) && (t[j-1].Norm != "on-call" || t[i].Norm == "caused") && !(j+1 < len(t) && k.People[t[j+1].Norm]) && !k.Possessive(t, j) && slices.ContainsFunc(t[i:j], func(x sentence.Token) bool { return x.Norm == "by" || x.Norm == "to" || x.Norm == "of" }) {
			return Verdict{i, j, false}, true
		}
	}
	return Verdict{}, false
}

// tells are verbs of people who bring something to light.
var tells = word.NewSet([]string{"asked", "told", "called", "complained", "mentioned", "happened", "else", "wrote", "posted", "typed", "was", "is"})

// mischosen judges "we rebuilt it as the wrong user": people who took or used
// what was wrong, but not those who found it or set it right.
func (k *Blame) mischosen(t []sentence.Token, i int) (Verdict, bool) {
	if i < 3 || t[i-1].Norm != "the" && t[i-1].Norm != "a" && t[i-1].Norm != "an" {
		return Verdict{}, false
	}
	for j := i - 2; j >= max(0, i-12) && !word.Breaks(t[j]); j-- {
		switch w := t[j].Norm; {
		case isForm(w) || findings[w] || w == "that" || w == "why" || w == "not" || w == "to":
			return Verdict{}, false
		case w == "we" || w == "i":
			return Verdict{j, i, true}, !k.conditional(t, j)
		case w == "he" || w == "she" || w == "they" || k.People[w] && !k.Possessive(t, j):
			return Verdict{j, i, false}, !k.conditional(t, j)
		}
	}
	return Verdict{}, false
}

// findings are verbs of people who met what was wrong, or set it right.
var findings = word.NewSet(strings.Fields(`found find noticed notice saw see discovered realized realised identified spotted fixed fix corrected changed replaced removed reverted reported received got had have
	displayed traced diagnosed suspected investigated restored cleaned repaired hit`))

// unmeant are adjectives of acts that nobody wanted.
var unmeant = word.NewSet([]string{"inadvertent", "accidental", "unintentional", "unintended", "erroneous", "mistaken"})

// unmeantBy judges "an accidental deletion of the table by the operators".
func (k *Blame) unmeantBy(t []sentence.Token, i int) (Verdict, bool) {
	for j := i + 1; j+1 < min(len(t), i+9) && !word.Breaks(t[j]); j++ {
		if t[j].Norm != "by" {
			continue
		}
		for n := j + 1; n < min(len(t), j+5) && !word.Breaks(t[n]); n++ {
			if k.People[t[n].Norm] && !k.Possessive(t, n) {
				return Verdict{i, n, false}, true
			}
		}
	}
	return Verdict{}, false
}

// Acts reports whether a verb is one of the acts that blame whoever did them.
func (k *Blame) Acts(verb string) bool { return k.acts[verb] }
