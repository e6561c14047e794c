package fuse

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// pages joins the pager's exports, the alert behind a page and the bots that
// repeat both. A bot alone stands for the page it announces.
func (j *joiner) pages() {
	pages := j.of(fact.Paged)
	for i, p := range pages {
		for _, q := range pages[i+1:] {
			if samePage(p, q) && within(p.At, q.At, alertSlack) {
				j.merge(p, q)
			}
		}
	}
	pages = j.of(fact.Paged)
	alerts := j.firings()
	for _, p := range pages {
		for _, a := range alerts {
			if sameAlert(p, a) && within(p.At, a.At, alertSlack) {
				j.merge(p, a)
			}
		}
	}
	for _, b := range j.bots(speech.Triggered) {
		if p := j.echoed(b, j.of(fact.Paged, fact.Fired)); p != nil {
			j.merge(p, b)
			continue
		}
		b.Class = fact.Fired
		if b.Number != "" || paging.MatchString(b.Text()) {
			b.Class = fact.Paged
		}
	}
}

// paging is how a bot says that a person was called, rather than that a monitor fired.
var paging = lazyregexp.New(`(?i)\bassigned to\b|\bpaged\b|\bpaging\b|\bpager|\bopsgenie|\bon-?call\b`)

// firings returns the alerts, with repeated notifications of one firing joined.
func (j *joiner) firings() []*fact.Fact {
	open := map[string]*fact.Fact{}
	for _, a := range j.of(fact.Fired, fact.Cleared) {
		key := a.Subject
		if key == "" {
			key = a.Name + "|" + a.Service
		}
		first := open[key]
		switch {
		case a.Class == fact.Cleared:
			if first != nil && first.Class == fact.Cleared && within(first.At, a.At, alertSlack) {
				j.merge(first, a)
				continue
			}
			open[key] = a
		case first != nil && first.Class == fact.Fired:
			if first.Title == first.Name && within(first.At, a.At, alertSlack) {
				first.Title = a.Title // it may say more than the name of the alert
			}
			j.merge(first, a)
		default:
			open[key] = a
		}
	}
	return j.of(fact.Fired)
}

func samePage(p, q *fact.Fact) bool {
	if p.Subject != "" && p.Subject == q.Subject || p.Number != "" && sameNumber(p, q) {
		return true
	}
	return p.First().Ref.File != q.First().Ref.File && p.Name != "" && p.Name == q.Name && p.Service == q.Service
}

// sameNumber reports whether two steps of a pager are about one page: they share
// its number, or one is a line of a page's log, which names none, at the same time.
func sameNumber(a, b *fact.Fact) bool {
	if a.Number == b.Number {
		return true
	}
	logged := a.Number == "" && a.First().Attrs["step"] == "log" || b.Number == "" && b.First().Attrs["step"] == "log"
	return logged && within(a.At, b.At, logSlack)
}

// sameAlert reports whether an alert is what a page was sent for.
func sameAlert(p, a *fact.Fact) bool {
	if a.Number != "" && a.Number == p.Number {
		return true
	}
	if a.Name != "" && strings.Contains(strings.ToLower(p.Words()), strings.ToLower(a.Name)) {
		return a.Service == "" || p.Service == "" || a.Service == p.Service || strings.Contains(p.Words(), a.Service)
	}
	return a.Service != "" && a.Service == p.Service && within(p.At, a.At, 2*time.Minute) ||
		len(a.Title) > 10 && strings.Contains(plain(p.Words()), plain(a.Title))
}

// echoed returns the fact that a bot's message repeats: the nearest in time
// that shares its number or name, or its service when it has neither.
func (j *joiner) echoed(b *fact.Fact, facts []*fact.Fact) *fact.Fact {
	var best *fact.Fact
	for _, f := range facts {
		if !within(f.At, b.At, echoSlack) || !alike(b, f) {
			continue
		}
		if best == nil || f.At.Sub(b.At).Abs() < best.At.Sub(b.At).Abs() {
			best = f
		}
	}
	return best
}

// alike reports whether a bot's message can be about a fact.
func alike(b, f *fact.Fact) bool {
	switch {
	case b.Number != "" && f.Number != "":
		return b.Number == f.Number
	case b.Name != "" && f.Name != "":
		return b.Name == f.Name
	case b.Service != "" && f.Service != "":
		return b.Service == f.Service
	}
	return true
}

// acknowledgements joins the pager's exports and the bots that repeat them.
func (j *joiner) acknowledgements() {
	acks := j.of(fact.Acknowledged)
	for i, a := range acks {
		for _, b := range acks[i+1:] {
			if sameNumber(a, b) && within(a.At, b.At, echoSlack) && (a.Actor.Name == b.Actor.Name || !a.ByPerson() || !b.ByPerson()) {
				j.merge(a, b)
				if !a.ByPerson() && b.ByPerson() {
					a.Actor, a.Title = b.Actor, b.Title
				}
			}
		}
	}
	for _, b := range j.bots(speech.Acknowledged) {
		if a := j.echoed(b, j.of(fact.Acknowledged)); a != nil {
			j.merge(a, b)
			continue
		}
		b.Class = fact.Acknowledged
		if b.Bot.Person != "" {
			b.Actor = hindcast.Actor{Name: b.Bot.Person, Kind: hindcast.Person}
		}
	}
	for _, b := range j.bots(speech.Escalated) {
		if e := j.echoed(b, j.of(fact.Escalated)); e != nil {
			j.merge(e, b)
			continue
		}
		b.Class = fact.Escalated
	}
}

// closings joins the end of a page as the pager, bots and people state it.
func (j *joiner) closings() {
	closed := j.of(fact.Closed)
	for i, a := range closed {
		for _, b := range closed[i+1:] {
			if sameNumber(a, b) && within(a.At, b.At, closeSlack) {
				j.merge(a, b)
				if !a.ByPerson() && b.ByPerson() {
					a.Actor, a.Title = b.Actor, b.Title
				}
			}
		}
	}
	for _, b := range j.bots(speech.Closed) {
		if c := j.echoed(b, j.of(fact.Closed, fact.Cleared)); c != nil {
			j.merge(c, b)
			continue
		}
		b.Class = fact.Cleared
		if b.Bot.Person != "" {
			b.Class, b.Actor = fact.Closed, hindcast.Actor{Name: b.Bot.Person, Kind: hindcast.Person}
		}
	}
	j.declarations()
}

// declarations joins what people say when they close a page to the closing.
func (j *joiner) declarations() {
	for _, c := range j.of(fact.Closed) {
		if !c.ByPerson() {
			continue
		}
		if s := j.parting(c); s != nil {
			s.Speech.Act, s.Speech.Over = speech.AllClear, true
		}
		for _, s := range j.of(fact.Said) {
			if s.Speech.Act == speech.AllClear && within(s.At, c.At, closeSlack) && (s.Speech.Over || SamePerson(s.Actor.Name, c.Actor.Name)) {
				j.merge(c, s)
				c.Speech = s.Speech
				if s.Speech.Over && s.At.Before(c.At) { // the page was closed after it was declared over
					c.At = s.At
				}
			}
		}
	}
}
