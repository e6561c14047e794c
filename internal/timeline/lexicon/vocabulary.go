package lexicon

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Vocabulary is the words that the evidence, save chat, uses for what it is
// about: services, alerts, changes, log lines, metrics.
type Vocabulary map[string]bool

// NewVocabulary collects the words of events other than messages and of signals.
func NewVocabulary(events []hindcast.Event, set signal.Set) Vocabulary {
	v := Vocabulary{}
	for _, e := range events {
		if e.Kind == hindcast.Message || e.Kind == hindcast.Recollection || e.Kind == hindcast.Attachment {
			continue
		}
		v.add(e.Service)
		v.add(e.Title)
		v.add(e.Text)
		v.add(e.Version)
		v.add(e.Previous)
	}
	for _, t := range set.Templates {
		v.add(t.Text)
		for _, c := range t.Services {
			v.add(c.Service)
		}
	}
	for _, s := range set.Series {
		v.add(s.Name)
		v.add(s.Service)
	}
	for _, e := range set.Edges {
		v.add(e.Callee)
		v.add(e.Operation)
	}
	return v
}

func (v Vocabulary) add(text string) {
	for w, weight := range Tokens(text) {
		if weight >= plain {
			v[w] = true
		}
	}
}

// Has reports whether the evidence uses a word, in any of its forms.
func (v Vocabulary) Has(word string) bool { return v[Stem(word)] }
