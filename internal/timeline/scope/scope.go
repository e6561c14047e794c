// Package scope decides which facts can belong to the incident: which pages
// are about it, where and when people worked on it, and which services it hit.
//
// It errs on the side of taking in; what part a fact plays is decided later.
package scope

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// How far from the first page things may still belong to the incident.
const (
	before = 3 * time.Hour    // causes and first signs
	after  = 3 * time.Hour    // after the last closing: what was found out
	lull   = 90 * time.Minute // silence between talks that are not one incident
)

// Scope is the part of the evidence that one incident can be in.
type Scope struct {
	Pages    []*fact.Fact    // pages and alerts about it, by time; no drills
	Talk     []*fact.Fact    // what people said about it, by time
	Channels map[string]bool // where they worked on it
	Services map[string]bool // that pages and talk name as hit
	From, To time.Time       // zero: no people and no pages were involved
}

// Find returns the scope of the incident among facts, which are in order of time.
func Find(facts []*fact.Fact, names *fact.Names) *Scope {
	s := &Scope{Channels: map[string]bool{}, Services: map[string]bool{}}
	talk := workTalk(facts)
	main := mainPage(facts, talk)
	if main == nil && !worked(talk) {
		return s
	}
	s.window(facts, main, talk)
	s.channels(facts, talk, main, names)
	s.pages(facts, main, names)
	for _, f := range talk {
		if s.Holds(f.At) && s.Channels[f.Channel] {
			s.Talk = append(s.Talk, f)
		}
	}
	s.services(names)
	return s
}

// Holds reports whether t lies in the window of the incident.
func (s *Scope) Holds(t time.Time) bool {
	return !s.From.IsZero() && !t.Before(s.From) && !t.After(s.To)
}

// Hit reports whether the service is one that the incident is known to touch.
func (s *Scope) Hit(service string) bool { return service != "" && s.Services[service] }

// workplace is what a channel for incidents is called.
var workplace = lazyregexp.New(`(?i)inc(?:ident)?s?\b|inc-?\d|outage|war-?room|sev-?\d|on-?call|ops\b|sre|alerts?|prod(?:uction)?\b|pager|emergency|stability|noc\b|bridge|response|p1\b`)

// workTalk returns what people said outside leisure channels that does
// something for an incident.
func workTalk(facts []*fact.Fact) []*fact.Fact {
	var out []*fact.Fact
	for _, f := range facts {
		if f.Class != fact.Said || f.Test || f.At.IsZero() || fact.Leisure(f.Channel) {
			continue
		}
		switch f.Speech.Act {
		case speech.Social, speech.Other:
		default:
			out = append(out, f)
		}
	}
	return out
}

// weight says how much a message speaks for an incident being worked on.
func weight(f *fact.Fact) int {
	switch f.Speech.Act {
	case speech.Decision, speech.Mitigation, speech.AllClear, speech.Report, speech.Vendor, speech.Communication:
		return 2
	case speech.Action, speech.Observation, speech.RuledOut, speech.Hypothesis, speech.Taken, speech.Cause:
		return 1
	}
	return 0
}

// worked reports whether people worked on an incident of which no page tells:
// somebody reported or observed trouble, and something was done or declared.
func worked(talk []*fact.Fact) bool {
	return len(densest(talk)) > 0
}

// densest returns the longest run of talk in one channel, without a lull, that
// holds trouble and a response to it; nil when there is none.
func densest(talk []*fact.Fact) []*fact.Fact {
	runs := map[string][]*fact.Fact{}
	var best []*fact.Fact
	sum := 0
	for _, f := range talk {
		run := runs[f.Channel]
		if n := len(run); n > 0 && f.At.Sub(run[n-1].At) > lull {
			run = nil
		}
		run = append(run, f)
		runs[f.Channel] = run
		if n := total(run); n > sum && answered(run) {
			best, sum = run, n
		}
	}
	return best
}

func total(run []*fact.Fact) int {
	n := 0
	for _, f := range run {
		n += weight(f)
	}
	return n
}

// answered reports whether a run of talk holds trouble and then a response by
// people who work on it: somebody takes it up, decides or declares the end, and
// that is not all. Announcing a rollout is no response. What names no service and
// no figure is trouble when another person takes it up and the end is declared, or when
// several things were done about it and somebody says in so many words that the incident
// is over.
func answered(run []*fact.Fact) bool {
	var unsure *fact.Fact
	done, declared := 0, false
	trouble, taken, over, response, explicit := false, false, false, 0, false
	for _, f := range run {
		switch f.Speech.Act {
		case speech.Report:
			trouble = trouble || !rehearsal.MatchString(f.Text())
		case speech.Observation:
			trouble = trouble || f.Speech.Failing && (f.Speech.Facts > 0 || f.Named) && !rehearsal.MatchString(f.Text())
			if (f.Speech.Failing || f.Speech.Facts > 0) && !rehearsal.MatchString(f.Text()) {
				unsure = f
			}
		case speech.RuledOut:
			if f.Speech.Facts > 0 && !rehearsal.MatchString(f.Text()) {
				unsure = f
			}
		case speech.Taken, speech.Decision, speech.Action, speech.Mitigation, speech.AllClear, speech.Vendor:
			if unsure != nil && f.Verb != command.Deploy {
				done++
				declared = declared || f.Speech.Over && calledOne.MatchString(f.Text())
			}
			taken = taken || f.Speech.Act == speech.Taken && unsure != nil && f.At.Sub(unsure.At) <= responding && !fuse.SamePerson(f.Actor.Name, unsure.Actor.Name)
			if !trouble && !taken || f.Verb == command.Deploy {
				continue
			}
			response++
			over = over || f.Speech.Over
			explicit = explicit || f.Speech.Act == speech.Taken || f.Speech.Act == speech.Decision || f.Speech.Over
		}
	}
	return response >= 2 && explicit && (trouble || over) || done >= several && declared
}

// several is how many things are done about trouble that is told without a figure.
const several = 3

// calledOne is how people call what is over when it was one.
var calledOne = lazyregexp.New(`(?i)\b(?:incident|outage|sev-?\d|war ?room|bridge)\b`)

// rehearsal is where people work that no user sees.
var rehearsal = lazyregexp.New(`(?i)\b(?:ci|staging|stage|dev|sandbox|qa|uat|test (?:env\w*|cluster|system|suite)|local(?:ly)?|branch|main|pipeline|build|lint|pr|mr)\b`)

// mainPage returns the page that people took most seriously; nil when there is
// none. Drills do not count.
func mainPage(facts, talk []*fact.Fact) *fact.Fact {
	var best *fact.Fact
	top := 0
	for _, f := range facts {
		if f.Class != fact.Paged && f.Class != fact.Fired || f.Test {
			continue
		}
		if n := gravity(f, facts, talk); best == nil || n > top {
			best, top = f, n
		}
	}
	return best
}

var (
	severe = lazyregexp.New(`(?i)crit|high|sev-?[01]|p[01]\b|emergency|page|fatal|disaster|major`)
	minor  = lazyregexp.New(`(?i)low|info|warn|p[45]\b|sev-?[45]|minor|notice`)
)

// standing is how long after an alert without a number somebody may take it up or close it.
const standing = 3 * time.Hour

// gravity adds up what people did about a page.
func gravity(p *fact.Fact, facts, talk []*fact.Fact) int {
	n := 0
	if p.Class == fact.Paged {
		n += 2
	}
	for _, f := range facts {
		unnumbered := f.Number == "" && p.Number == "" && f.Subject != "" && f.Subject == p.Subject && !f.At.Before(p.At) && f.At.Sub(p.At) <= standing
		if f.Test || !unnumbered && (f.Number == "" || f.Number != p.Number) {
			continue
		}
		switch {
		case f.Class == fact.Acknowledged && f.ByPerson():
			n += 4
		case f.Class == fact.Closed && f.ByPerson():
			n += 2
		case f.Class == fact.Escalated:
			n++
		}
	}
	switch {
	case severe.MatchString(p.Severity):
		n += 2
	case minor.MatchString(p.Severity):
		n -= 2
	}
	said, soon := 0, 0
	for _, f := range talk {
		d := f.At.Sub(p.At)
		switch {
		case d > -10*time.Minute && d < 30*time.Minute:
			said += 2 * weight(f)
		case d > 0 && d < 90*time.Minute:
			said += weight(f)
		}
		if d > -10*time.Minute && d < 15*time.Minute {
			soon++
		}
	}
	if len(talk) > 0 && soon == 0 { // nobody minded
		n -= 2
	}
	return n + min(said/4, 6)
}

// window sets From and To from the main page and the talk around it.
func (s *Scope) window(facts []*fact.Fact, main *fact.Fact, talk []*fact.Fact) {
	var first, last time.Time
	if main != nil {
		first, last = main.At, main.At
	}
	run := densest(talk)
	for _, f := range run {
		if main != nil && f.At.Sub(first).Abs() > 24*time.Hour {
			continue
		}
		first, last = earlier(first, f.At), later(last, f.At)
	}
	if end := lateEnd(run, talk, last); !end.IsZero() {
		last = end
	}
	for _, f := range facts {
		if main != nil && f.Class == fact.Closed && f.Number != "" && f.Number == main.Number {
			last = later(last, f.At)
		}
	}
	s.From, s.To = first.Add(-before), last.Add(after)
}

// open is how long after the last word about an incident somebody may declare its end who
// kept it open until all was done.
const open = 3 * time.Hour

// lateEnd returns when the end of an incident was declared in its channel after a lull, if
// nobody had declared it before.
func lateEnd(run, talk []*fact.Fact, last time.Time) time.Time {
	over := func(f *fact.Fact) bool { return f.Speech.Act == speech.AllClear && f.Speech.Over }
	if len(run) == 0 || slices.ContainsFunc(run, over) {
		return time.Time{}
	}
	for _, f := range talk {
		switch {
		case f.Channel != run[0].Channel || !f.At.After(last) || f.At.Sub(last) > open:
		case over(f):
			return f.At
		case f.Speech.Act == speech.Report, f.Speech.Act == speech.Observation && f.Speech.Failing:
			return time.Time{} // something else began
		}
	}
	return time.Time{}
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// channels finds where people worked on the incident: the channel in which most
// was said for it, where bots announced its page, where those who took the page
// up wrote soon after, notes on pages, channels whose name says so, and others in which people spoke of what was hit.
func (s *Scope) channels(facts, talk []*fact.Fact, main *fact.Fact, names *fact.Names) {
	sums, about := map[string]int{"": 0}, map[string]int{}
	for _, f := range talk {
		if !s.Holds(f.At) {
			continue
		}
		sums[f.Channel] += weight(f)
		if concerns(f, main, names) {
			about[f.Channel]++
		}
	}
	best, top := "", 0
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		if c != "" && sums[c] > top {
			best, top = c, sums[c]
		}
	}
	s.Channels[""], s.Channels[best] = true, true
	for c, n := range sums {
		announced := main != nil && main.Channel == c
		if announced || s.responds(c, facts, talk, main) || workplace.MatchString(c) && n >= 3 || about[c] >= 2 && n >= 4 && 3*n >= top {
			s.Channels[c] = true
		}
	}
}

// responding is how long after taking a page up a person writes about it.
const responding = 30 * time.Minute

// responds reports whether somebody who took the main page up wrote in a channel
// soon after, and more than once.
func (s *Scope) responds(channel string, facts, talk []*fact.Fact, main *fact.Fact) bool {
	for _, a := range facts {
		acked := main != nil && a.Class == fact.Acknowledged && a.ByPerson() && !a.Test && a.Number != "" && a.Number == main.Number
		took := a.Class == fact.Said && a.Speech.Act == speech.Taken && !a.Test && a.Channel != channel && s.took(a, talk)
		if !acked && !took {
			continue
		}
		n := 0
		for _, f := range talk {
			if lag := f.At.Sub(a.At); f.Channel == channel && lag >= 0 && lag <= responding && fuse.SamePerson(f.Actor.Name, a.Actor.Name) {
				n += weight(f)
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// took reports whether somebody took up trouble that was reported in the channel
// shortly before.
func (s *Scope) took(a *fact.Fact, talk []*fact.Fact) bool {
	return slices.ContainsFunc(talk, func(f *fact.Fact) bool {
		lag := a.At.Sub(f.At)
		return f.Channel == a.Channel && lag > 0 && lag <= responding && (f.Speech.Act == speech.Report || f.Speech.Act == speech.Observation && f.Speech.Failing)
	})
}

// concerns reports whether a message names the page, its alert or its service.
func concerns(f, main *fact.Fact, names *fact.Names) bool {
	if main == nil {
		return len(names.Find(f.Text())) > 0
	}
	text := f.Text()
	return main.Number != "" && strings.Contains(text, main.Number) || main.Name != "" && strings.Contains(text, main.Name) ||
		slices.Contains(names.Find(text), main.Service)
}

// Include adds a channel to those in which people worked on the incident.
func (s *Scope) Include(channel string, facts []*fact.Fact) {
	if s.Channels[channel] {
		return
	}
	s.Channels[channel] = true
	for _, f := range workTalk(facts) {
		if f.Channel == channel && s.Holds(f.At) {
			s.Talk = append(s.Talk, f)
		}
	}
	fact.ByTime(s.Talk)
}

// services notes what pages are about and what people say is failing.
func (s *Scope) services(names *fact.Names) {
	for _, p := range s.Pages {
		if p.Service != "" {
			s.Services[p.Service] = true
		}
		for _, n := range names.Find(p.Title) {
			s.Services[n] = true
		}
	}
	for _, f := range s.Talk {
		switch f.Speech.Act {
		case speech.Observation, speech.Report, speech.Mitigation, speech.AllClear, speech.Cause:
			for _, n := range names.Find(f.Text()) {
				s.Services[n] = true
			}
		}
	}
}

// Responders returns the names of the people who took part, by how much they said.
func (s *Scope) Responders() []string {
	n := map[string]int{}
	for _, f := range s.Talk {
		n[f.Actor.Name]++
	}
	out := make([]string, 0, len(n))
	for name := range n {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), strings.Compare(a, b)) })
	return out
}
