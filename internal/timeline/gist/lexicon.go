package gist

import (
	"strings"
	"sync"
)

// form is how a verb is inflected.
type form uint8

const (
	plain form = iota // base, or no verb at all
	third             // "drains", or the plural of a noun
	past              // "drained"
	going             // "draining"
)

// word is what is known of one word by itself.
type word struct {
	text  string
	base  string // of a verb
	class class
	form  form
	known bool // the base is a verb of the lexicon
	both  bool // the past form is spelled like the base: "set"
	digit bool
}

func (w word) is(c class) bool { return w.class&c != 0 }

// table is the lexicon, made once.
type table struct {
	verb  map[string]class // by base
	state map[string]class
	bases map[string]string // of irregular forms
	both  map[string]bool
}

var lexicon = sync.OnceValue(func() *table {
	t := &table{verb: map[string]class{}, state: map[string]class{}, bases: map[string]string{}, both: map[string]bool{}}
	for c, list := range verbs {
		for _, w := range strings.Fields(list) {
			t.verb[w] |= c
		}
	}
	for c, list := range states {
		for _, w := range strings.Fields(list) {
			t.state[w] |= c
		}
	}
	for c, list := range map[class]string{particle: particles, pronoun: subjects, article: articles, be: forms, have: haves, modal: modals} {
		for _, w := range strings.Fields(list) {
			t.state[w] |= c
		}
	}
	fields := strings.Fields(irregular)
	for i := 0; i+1 < len(fields); i += 2 {
		if b := strings.ToLower(fields[i+1]); b == fields[i] {
			t.both[b] = true
		} else {
			t.bases[fields[i]] = b
		}
	}
	return t
})

// look returns what is known of a word, which is in lower case.
func (t *table) look(s string) word {
	w := word{text: s, base: s, digit: strings.ContainsAny(s, "0123456789")}
	if base, f := t.inflected(american(s)); base != s && t.verb[base]|t.state[base] != 0 && american(s) != s {
		w.base, w.form = base, f
	} else if b, ok := t.bases[s]; ok {
		w.base, w.form = b, past
	} else if _, ok := t.verb[s]; !ok && !closed[s] {
		w.base, w.form = t.inflected(s)
	}
	w.both = t.both[s]
	v, ok := t.verb[w.base]
	w.known = ok
	w.class = v | t.state[s]
	if owner, ok := strings.CutSuffix(s, "'s"); ok { // "marketing's aware"
		w.class |= t.look(owner).class & (hearer | medium | leisure)
	}
	if s != w.base {
		w.class |= t.state[w.base] & (fails | works | hearer | medium | leisure)
	}
	return w
}

// american spells a verb in -ise or -yse with a z.
func american(s string) string {
	for _, end := range [...]string{"ise", "ises", "ised", "ising", "yse", "yses", "ysed", "ysing"} {
		if stem, ok := strings.CutSuffix(s, end); ok && len(stem) > 3 {
			return stem + strings.Replace(end, "s", "z", 1)
		}
	}
	return s
}

// inflected returns the base of a word by its ending, as the lexicon has it, or
// as it would be spelled by the rules.
func (t *table) inflected(s string) (string, form) {
	for _, e := range endings {
		stem, ok := strings.CutSuffix(s, e.end)
		if !ok || len(stem) < 2 {
			continue
		}
		for _, add := range e.bases {
			base := stem + add
			if add == "-" {
				n := len(stem)
				if n < 3 || stem[n-1] != stem[n-2] {
					continue
				}
				base = stem[:n-1]
			}
			if _, ok := t.verb[base]; ok {
				return base, e.form
			}
			if _, ok := t.state[base]; ok {
				return base, e.form
			}
		}
		if e.form == past && strings.HasSuffix(s, "eed") || e.form == third && (strings.HasSuffix(s, "ss") || strings.HasSuffix(s, "us") || strings.HasSuffix(s, "is")) {
			break
		}
		return stem, e.form
	}
	return s, plain
}

// endings are tried in order; "-" stands for undoing a doubled consonant.
var endings = []struct {
	end   string
	bases []string
	form  form
}{
	{"ies", []string{"y", "ie"}, third},
	{"ied", []string{"y", "ie"}, past},
	{"es", []string{"", "e"}, third},
	{"s", []string{""}, third},
	{"ed", []string{"", "e", "-"}, past},
	{"'d", []string{"", "e"}, past},
	{"ing", []string{"", "e", "-"}, going},
	{"in'", []string{"", "e", "-"}, going},
}
