package wording

import (
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

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
func (k *Blame) subjectOf(t []sentence.Token, i int) (subject, int) {
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
		case k.People[w] && !k.Possessive(t, j):
			if k.Singular[w] {
				return onePerson, j
			}
			if m := memberOf(t, j); m >= 0 {
				return onePerson, m
			}
			return others, j
		case k.Software[w] && personOf(k, t, j) >= 0:
			m := personOf(k, t, j)
			if k.Singular[t[m].Norm] {
				return onePerson, m
			}
			return others, m
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
func (k *Blame) joined(t []sentence.Token, i int) int {
	j := i - 1
	for j >= 0 && (t[j].Norm == "did" || t[j].Norm == "not" || t[j].Norm == "then" || t[j].Norm == "also" || t[j].Norm == "was" || t[j].Norm == "had" || k.IsAdverb(t[j].Norm)) {
		j--
	}
	if j > 0 && (t[j].Norm == "and" || t[j].Norm == "but" || t[j].Norm == "," || t[j].Norm == "or") {
		return j
	}
	return -1
}

// shared finds the subject of the verb at i that is joined to an earlier one at
// a token: the first noun of the sentence that tells.
func (k *Blame) shared(t []sentence.Token, i, joint int) (subject, int) {
	for j := range joint {
		w := t[j].Norm
		switch {
		case w == "we" || w == "i":
			return we, j
		case w == "he" || w == "she":
			return onePerson, j
		case w == "they":
			return others, j
		case k.People[w] && !k.Possessive(t, j):
			if k.Singular[w] || j >= 3 && t[j-3].Norm == "one" {
				return onePerson, j
			}
			return others, j
		case k.Software[w] && k.People[t[j+1].Norm]: // a system administrator
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
		switch t[i].Norm {
		case "of", "on", "in", "from":
			if w := t[i-1].Norm; w == "member" || w == "one" || w == "someone" || w == "somebody" {
				return i - 1
			}
			return -1
		}
	}
	return -1
}

// personOf returns the person whom the thing at j only describes: "the author of
// the script", "the person who did the upgrade"; -1 when there is none.
func personOf(k *Blame, t []sentence.Token, j int) int {
	for i := j - 1; i > max(0, j-6); i-- {
		if t[i].Norm == "who" && k.People[t[i-1].Norm] {
			return i - 1
		}
	}
	for i := j - 1; i > max(0, j-4); i-- {
		if t[i].Norm == "of" {
			if k.People[t[i-1].Norm] {
				return i - 1
			}
			return -1
		}
	}
	return -1
}

// Possessive reports whether a person's noun only belongs to what follows: "the
// team's script", "user data".
func (k *Blame) Possessive(t []sentence.Token, j int) bool {
	if j+1 >= len(t) {
		return false
	}
	next := t[j+1].Norm
	return rotas[next] || next == "'s" || next == "/" || k.Software[next] || next == "access" || next == "data" || next == "error"
}

// rotas are what on-call and other words for people name besides people.
var rotas = word.NewSet([]string{"rotation", "rotations", "rota", "schedule", "schedules", "shift", "shifts", "phone", "channel", "list", "account", "accounts", "group", "role", "roles", "page", "pages", "burden", "duty", "guide", "handbook", "interface", "panel", "console"})

// opens says what it means that no subject stands before the verb at i.
func (k *Blame) opens(t []sentence.Token, from, i int) (subject, int) {
	for j := from; j < i; j++ {
		if w := t[j].Norm; w != "did" && w != "not" && w != "also" && w != "initially" && w != "then" && w != "," && t[j].Kind != sentence.Number {
			return unknown, j
		}
	}
	return elided, i
}
