package scope

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// settled is how long before the main page an alert has ended that was about
	// something else.
	settled = 5 * time.Minute
	// around is how near a page what the platform warned of shows the same trouble.
	around = 30 * time.Minute
)

// pages keeps the pages that are about the incident: the main one, and others
// that share its service or were taken up by people while it went on.
func (s *Scope) pages(facts []*fact.Fact, main *fact.Fact, names *fact.Names) {
	said := slices.DeleteFunc(slices.Clone(facts), func(f *fact.Fact) bool {
		return f.Class != fact.Said || f.Test || fact.Leisure(f.Channel) || f.Speech.Act == speech.RuledOut || f.Speech.Act == speech.Question
	})
	for _, f := range facts {
		if f.Class != fact.Paged && f.Class != fact.Fired || f.Test || !s.Holds(f.At) {
			continue
		}
		if main == nil || f == main || s.belongs(f, main, facts, said, names) {
			s.Pages = append(s.Pages, f)
		}
	}
	if len(s.Pages) > 0 {
		s.From = earlier(s.From, s.Pages[0].At.Add(-before))
	}
}

func (s *Scope) belongs(f, main *fact.Fact, facts, said []*fact.Fact, names *fact.Names) bool {
	if passed(f, main, facts, said, names) {
		return false
	}
	if f.Service != "" && f.Service == main.Service {
		return f.At.After(main.At.Add(-time.Hour)) || recurs(f, main, facts, said, names)
	}
	if minor.MatchString(f.Severity) && !minor.MatchString(main.Severity) {
		return false
	}
	if f.At.Before(main.At.Add(-30 * time.Minute)) {
		return false
	}
	if acked(f, facts) != nil {
		return true
	}
	shared := names.Find(main.Words())
	return f.At.Sub(main.At).Abs() < 20*time.Minute && slices.ContainsFunc(names.Find(f.Words()), func(n string) bool { return slices.Contains(shared, n) })
}

// acked returns the acknowledgement of a page by a person; nil when there is none.
func acked(p *fact.Fact, facts []*fact.Fact) *fact.Fact {
	for _, a := range facts {
		if a.Class == fact.Acknowledged && a.ByPerson() && !a.Test && a.Number != "" && a.Number == p.Number {
			return a
		}
	}
	return nil
}

// ended returns the step that ended a page or an alert, the first after it; nil when
// there is none.
func ended(p *fact.Fact, facts []*fact.Fact) *fact.Fact {
	for _, c := range facts {
		if c.Class != fact.Closed && c.Class != fact.Cleared || c.At.Before(p.At) {
			continue
		}
		if p.Number != "" && c.Number == p.Number || c.Number == "" && p.Subject != "" && c.Subject == p.Subject {
			return c
		}
	}
	return nil
}

// passed reports whether an alert was over before the main page came, and about
// something else: nobody took it up, it ended by itself, and neither its words nor
// people connect it.
func passed(f, main *fact.Fact, facts, said []*fact.Fact, names *fact.Names) bool {
	if !f.At.Before(main.At) || acked(f, facts) != nil || acked(main, facts) == nil {
		return false
	}
	end := ended(f, facts)
	return end != nil && !end.ByPerson() && main.At.Sub(end.At) >= settled && !alike(f, main, names) && !slices.ContainsFunc(said, func(s *fact.Fact) bool {
		return s.At.After(f.At) && (numbered(s, f) || lexicon.Overlap(lexicon.Tokens(s.Text()), subject(f, names)) >= 2)
	})
}

// recurs reports whether a page that people took up and closed long before the main
// one was about the same trouble: it is the same alert, the platform warned of the
// same around both, or people say that it came again.
func recurs(f, main *fact.Fact, facts, said []*fact.Fact, names *fact.Names) bool {
	ack, end := acked(f, facts), ended(f, facts)
	if !f.At.Before(main.At) || ack == nil && (end == nil || !end.ByPerson()) {
		return false
	}
	return alike(f, main, names) || warned(f, main, facts) || slices.ContainsFunc(said, func(s *fact.Fact) bool {
		lag := s.At.Sub(main.At)
		if lag < 0 || lag > responding {
			return false
		}
		hand := false
		for _, a := range []*fact.Fact{ack, acked(main, facts), end} {
			hand = hand || a != nil && fuse.SamePerson(a.Actor.Name, s.Actor.Name)
		}
		return numbered(s, f) || hand && once.MatchString(s.Text())
	})
}

// once is how people say that what they meet with they have met with before.
var once = lazyregexp.New(`(?i)\b(?:again|once more|as before|as earlier|like (?:before|earlier|an hour ago|last time)|(?:same|similar) (?:\w+ )?(?:pods?|nodes?|hosts?|thing|issue|problem|alert|page|errors?|symptoms?|pattern|picture|as)|(?:is|are|'s|came|comes|it) back|not (?:fixed|solved|over|gone)|too (?:early|soon)|deja vu|déjà vu|round (?:two|2)|second time|recurr\w*|relaps\w*|reopen\w*)\b`)

// numbered reports whether a message names the number of a page.
func numbered(s, p *fact.Fact) bool {
	return len(p.Number) >= 3 && strings.Contains(s.Text(), p.Number)
}

// alike reports whether two alerts are one, or can be for what they say: they share a
// word that is no service and says more than that something is wrong, or one has none.
func alike(a, b *fact.Fact, names *fact.Names) bool {
	if a.Name != "" && a.Name == b.Name || a.Title == b.Title {
		return true
	}
	x, y := subject(a, names), subject(b, names)
	return len(x) == 0 || len(y) == 0 || lexicon.Overlap(x, y) >= 1
}

// subject is what an alert is about by its title, without services and words that any
// alert may hold.
func subject(p *fact.Fact, names *fact.Names) map[string]float64 {
	out := lexicon.Tokens(anyAlert.ReplaceAllString(p.Title, " "))
	for _, n := range append(names.Find(p.Title), p.Service) {
		for w := range lexicon.Tokens(n) {
			delete(out, w)
		}
	}
	return out
}

// anyAlert are words that say no more of an alert than that it is one.
var anyAlert = lazyregexp.New(`(?i)#?\d\S*|\b(?:alerts?|alarms?|triggered|firing|critical|warning|high|low|above|below|over|under|more|less|than|exceed\w*|threshold|rate|ratio|count|for|last|min(?:ute)?s?|seconds?|prod(?:uction)?|service|errors?|sev-?\d|p\d)\b`)

// warned reports whether the platform warned of one thing before a page and again
// between its end and another.
func warned(f, main *fact.Fact, facts []*fact.Fact) bool {
	before := map[string]bool{}
	for _, w := range facts {
		if w.Class != fact.Warned || w.Reason == "" || w.Service != f.Service {
			continue
		}
		switch {
		case w.At.Sub(f.At).Abs() <= around:
			before[w.Reason] = true
			if w.Until.Sub(main.At).Abs() <= around {
				return true
			}
		case before[w.Reason] && w.At.Before(main.At.Add(settled)) && main.At.Sub(later(w.At, w.Until)) <= around:
			return true
		}
	}
	return false
}
