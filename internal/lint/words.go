package lint

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lint/sentence"
)

// set is a set of words.
type set map[string]bool

func newSet(words []string) set {
	out := make(set, len(words))
	for _, w := range words {
		out[strings.ToLower(w)] = true
	}
	return out
}

// phrases finds sequences of words. "*" stands for any one word.
type phrases map[string][][]string

func newPhrases(list []string) phrases {
	out := phrases{}
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

// at returns how many tokens the longest phrase that begins at i takes; 0 when
// none does.
func (p phrases) at(tokens []sentence.Token, i int) int {
	longest := 0
	for _, words := range p[tokens[i].Norm] {
		if len(words) > longest && matches(tokens[i:], words) {
			longest = len(words)
		}
	}
	return longest
}

// in reports whether any phrase stands in tokens.
func (p phrases) in(tokens []sentence.Token) bool {
	for i := range tokens {
		if p.at(tokens, i) > 0 {
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

// lexicon holds the words that several kinds read.
type lexicon struct {
	people   set // nouns for people: engineer, team
	singular set // of these, those for one person
	pronouns set // we, I, they
	software set // nouns for what is no person
	adverbs  set // that stand between an auxiliary and its verb and do not end in -ly
	modals   set
}

func newLexicon(lists map[string]wordList) lexicon {
	get := func(name string) set { return newSet(lists[name].words) }
	return lexicon{people: get("people"), singular: get("singular"), pronouns: get("pronouns"), software: get("software"), adverbs: get("adverbs"), modals: get("modals")}
}

// signs say what sorts of words a sentence has, so that rules pass over those
// that cannot concern them.
type signs uint8

const (
	hasBe     signs = 1 << iota // was, were, is, are, been, got
	hasModal                    // should, could, would, might
	hasPerson                   // a person or a pronoun
)

func (l lexicon) signs(s sentence.Sentence) signs {
	var out signs
	for _, t := range s.Tokens {
		switch t.Norm {
		case "was", "were", "is", "are", "been", "got", "gets":
			out |= hasBe
		case "should", "could", "would", "might", "may", "had", "must", "ought":
			out |= hasModal
		default:
			if l.people[t.Norm] || l.pronouns[t.Norm] {
				out |= hasPerson
			}
		}
	}
	return out
}

// isAdverb reports whether a word may stand between an auxiliary and its verb.
func (l lexicon) isAdverb(w string) bool {
	return l.adverbs[w] || strings.HasSuffix(w, "ly") && len(w) > 4 && w != "apply" && w != "reply" && w != "supply" && w != "family"
}

// breaks reports whether a token ends a clause.
func breaks(t sentence.Token) bool {
	switch t.Norm {
	case ",", ";", ":", ".", "(", ")", "—", "–", "-", "→", "but", "which", "because", "while", "although", "though", "whereas", "so", "since":
		return true
	}
	return false
}

// clause returns where the clause that holds token i begins.
func clause(tokens []sentence.Token, i int) int {
	for i > 0 && !breaks(tokens[i-1]) {
		i--
	}
	return i
}

// participle reports whether a word looks like a past participle.
func participle(w string) bool {
	return len(w) > 3 && strings.HasSuffix(w, "ed") || irregular[w]
}

// irregular are participles that do not end in -ed.
var irregular = newSet(strings.Fields(`be been begun bought broken brought built caught chosen come cut done drawn driven dropped fallen felt forgotten found given gone got gotten
	had hidden hit held kept known led left lost made meant met overwritten paid put read rebuilt redone reset rewritten rolled run said seen sent set shown shut sold spent split spun
	stood stopped stuck swept taken taught thought thrown told understood undone unset withdrawn won woken worn written`))
