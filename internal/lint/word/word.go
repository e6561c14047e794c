// Package word holds what the rules know of English: sets of words, phrases, the
// nouns and pronouns that stand for people and for software, and where clauses
// begin and end. Words are in lower case throughout.
package word

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lint/sentence"
)

// Set is a set of words.
type Set map[string]bool

// NewSet returns the set of some words.
func NewSet(words []string) Set {
	out := make(Set, len(words))
	for _, w := range words {
		out[strings.ToLower(w)] = true
	}
	return out
}

// HasPast reports whether w is the past or the participle of a verb of the set.
func (s Set) HasPast(w string) bool {
	if b := irregularPast[w]; b != "" {
		return s[b]
	}
	stem, ok := strings.CutSuffix(w, "ed")
	n := len(stem)
	if !ok || n < 3 {
		return false
	}
	return s[stem] || s[stem+"e"] || stem[n-1] == 'i' && s[stem[:n-1]+"y"] || stem[n-1] == stem[n-2] && s[stem[:n-1]]
}

// irregularPast holds the bases of past forms that do not end in -ed, of verbs of
// the mind.
var irregularPast = map[string]string{"thought": "think", "knew": "know", "known": "know", "saw": "see", "seen": "see", "told": "tell", "paid": "pay", "caught": "catch", "foresaw": "foresee",
	"foreseen": "foresee", "understood": "understand", "took": "take", "taken": "take", "read": "read", "learnt": "learn"}

// Phrases finds sequences of words. "*" stands for any one word.
type Phrases map[string][][]string

// NewPhrases returns the phrases of a list.
func NewPhrases(list []string) Phrases {
	out := Phrases{}
	for _, p := range list {
		if w := tokensOf(p); len(w) > 0 {
			out[w[0]] = append(out[w[0]], w)
		}
	}
	return out
}

// tokensOf divides a phrase as a sentence is divided.
func tokensOf(phrase string) []string {
	var out []string
	for _, s := range sentence.Split(phrase) {
		for _, t := range s.Tokens {
			out = append(out, t.Norm)
		}
	}
	return out
}

// At returns how many tokens the longest phrase that begins at i takes; 0 when
// none does.
func (p Phrases) At(tokens []sentence.Token, i int) int {
	longest := 0
	for _, words := range p[tokens[i].Norm] {
		if len(words) > longest && matches(tokens[i:], words) {
			longest = len(words)
		}
	}
	return longest
}

// In reports whether any phrase stands in tokens.
func (p Phrases) In(tokens []sentence.Token) bool {
	for i := range tokens {
		if p.At(tokens, i) > 0 {
			return true
		}
	}
	return false
}

func matches(tokens []sentence.Token, words []string) bool {
	if len(tokens) < len(words) {
		return false
	}
	for i, w := range words {
		if w != "*" && tokens[i].Norm != w {
			return false
		}
	}
	return true
}

// Lists hold the words that several kinds of rules read.
type Lists struct {
	People   Set // nouns for people: engineer, team
	Singular Set // of these, those for one person
	Pronouns Set // we, I, they
	Software Set // nouns for what is no person
	Adverbs  Set // that stand between an auxiliary and its verb and do not end in -ly
	Modals   Set
}

// IsAdverb reports whether a word may stand between an auxiliary and its verb.
func (l Lists) IsAdverb(w string) bool {
	return l.Adverbs[w] || strings.HasSuffix(w, "ly") && len(w) > 4 && w != "apply" && w != "reply" && w != "supply" && w != "family"
}

// Breaks reports whether a token ends a clause.
func Breaks(t sentence.Token) bool {
	switch t.Norm {
	case ",", ";", ":", ".", "(", ")", "—", "–", "-", "→", "but", "which", "because", "while", "although", "though", "whereas", "so", "since":
		return true
	}
	return false
}

// Clause returns where the clause that holds token i begins.
func Clause(tokens []sentence.Token, i int) int {
	for i > 0 && !Breaks(tokens[i-1]) {
		i--
	}
	return i
}

// Participle reports whether a word looks like a past participle.
func Participle(w string) bool {
	if verb, particle, ok := strings.Cut(w, "-"); ok && particles[particle] {
		w = verb
	}
	return len(w) > 3 && strings.HasSuffix(w, "ed") || irregular[w]
}

// particles follow verbs, with a hyphen or not: rolled-back.
var particles = NewSet(strings.Fields("back out over up down off on"))

// irregular are participles that do not end in -ed.
var irregular = NewSet(strings.Fields(`be been begun bought broken brought built caught chosen come cut done drawn driven dropped fallen felt forgotten found given gone got gotten
	had hidden hit held kept known led left lost made meant met overwritten paid put read rebuilt redone reset rewritten rolled run said seen sent set shown shut sold spent split spun
	stood stopped stuck swept taken taught thought thrown told understood undone unset withdrawn won woken worn written
	beaten bent bet bitten bled blown born bound bred burnt burst cast cost crept dealt dug drunk eaten fed fled flown forecast foreseen fought frozen ground grown hung hurt laid learnt lent let lit
	misread offset overcome overrun overridden broadcast quit rerun rewound rid ridden risen rung sat shaken shed shot slept slid sought sped spelt spilt spoken spread stolen struck sung sunk swung
	torn undergone unwound upset withheld withstood wound`))

// Pairs reads lines of the form "word other = text".
func Pairs(lines []string) map[string]string {
	out := map[string]string{}
	for _, line := range lines {
		names, text, _ := strings.Cut(line, "=")
		for name := range strings.FieldsSeq(names) {
			out[name] = strings.TrimSpace(text)
		}
	}
	return out
}
