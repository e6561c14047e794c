// Package draft composes the first draft of a post-mortem from the timeline of
// its evidence.
//
// The draft holds what the evidence holds - times, entries, durations, files -
// and asks for everything else. It states no cause, and people appear by role.
// The same timeline and options give the same draft.
package draft

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Options say what is known beside the evidence. All may be left empty.
type Options struct {
	Title    string // proposed from the alert when empty
	Severity int    // level of the policy; 0 when not decided
	Service  string // the service that the incident is about
	Number   string // in the pager or tracker; taken from the alert when empty
	// Policy is the severity policy; the default one when it has no levels.
	Policy hindcast.Policy
	// Template is an organization's own template, as document.Outline reads it.
	// Sections that are known are filled; the others keep their text and ask.
	Template *hindcast.Postmortem
}

// Compose writes the draft. tl holds every candidate entry; the draft's timeline
// has those that are marked key.
func Compose(tl hindcast.Timeline, opt Options) hindcast.Postmortem {
	if len(opt.Policy.Severities) == 0 {
		opt.Policy = hindcast.DefaultPolicy()
	}
	c := composer{opt: opt, people: newPeople(tl.Entries), evidence: files(tl.Evidence)}
	c.entries = c.keyEntries(tl.Entries)
	c.incident = c.compileIncident(tl)
	c.suspects = c.people.inSuspects(tl.Suspects)
	p := hindcast.Postmortem{
		Incident: c.incident,
		Status:   hindcast.StatusDraft,
		Timeline: c.entries,
		Evidence: c.evidence,
		Clocks:   c.people.inOffsets(tl.Offsets),
		Problems: collapse(tl.Problems),
	}
	p.Sections = c.sections(opt.Template)
	if opt.Template != nil {
		p.Preamble, p.FrontMatter = opt.Template.Preamble, opt.Template.FrontMatter
	}
	return p
}

// composer holds what the parts of one draft share.
type composer struct {
	opt      Options
	people   *people
	incident hindcast.Incident
	entries  []hindcast.Entry // of the draft, with people by role
	suspects []hindcast.Suspect
	evidence []hindcast.Evidence
}

// keyEntries returns the key entries as the draft shows them: to the second, by
// role, with the references that lead to the fact at once.
func (c *composer) keyEntries(all []hindcast.Entry) []hindcast.Entry {
	shown := map[string]bool{}
	for _, e := range all {
		shown[e.ID] = shown[e.ID] || e.Key
	}
	var out []hindcast.Entry
	for _, e := range all {
		if !e.Key {
			continue
		}
		e = c.people.shown(e)
		e.Detail = more(e)
		e.Evidence = places(e.Evidence)
		e.Decision = c.decision(e, shown)
		out = append(out, e)
	}
	return out
}

// Shown returns every entry of a timeline in the words and to the second in which a draft
// shows it, with all its references.
func Shown(entries []hindcast.Entry) []hindcast.Entry {
	p := newPeople(entries)
	out := slices.Clone(entries)
	for i, e := range out {
		out[i] = p.shown(e)
	}
	return out
}

// decision returns the decision of an entry with what the draft shows of it: a
// decision without one of its own is a point to ask about.
func (c *composer) decision(e hindcast.Entry, shown map[string]bool) *hindcast.Decision {
	if e.Decision == nil {
		if e.Kind != hindcast.Decided {
			return nil
		}
		return &hindcast.Decision{Choice: e.Title}
	}
	d := c.people.inDecision(*e.Decision)
	hidden := func(id string) bool { return !shown[id] }
	d.Known = without(d.Known, hidden)
	d.NotKnown = without(d.NotKnown, hidden)
	return &d
}

func (c *composer) compileIncident(tl hindcast.Timeline) hindcast.Incident {
	inc := hindcast.Incident{
		Number: c.opt.Number, Title: c.opt.Title, Kind: hindcast.KindIncident, Severity: c.opt.Severity,
		Services: c.services(), Participants: c.people.participants(c.entries),
		Phases: tl.Incident, PhaseWhy: map[string]string{},
		Impact: hindcast.Impact{Users: hindcast.Number{State: hindcast.Pending}},
	}
	for _, name := range hindcast.PhaseNames() {
		at := inc.Moment(name)
		*at = second(*at)
		if why := reason(c.people.inText(tl.PhaseWhy[name])); why != "" && !at.IsZero() {
			inc.PhaseWhy[name] = why
		}
	}
	if s, ok := c.opt.Policy.Level(inc.Severity); ok {
		inc.SeverityName = s.Name
	}
	alert := c.at(inc.DetectedAt, hindcast.Alert)
	if inc.Number == "" && alert != nil {
		inc.Number = numberIn(alert.Title + " " + alert.Detail)
	}
	if inc.Title == "" {
		inc.Title = c.title(alert, inc.Phases)
	}
	inc.Detection = c.detection(alert, inc.DetectedAt)
	return inc
}

// services returns the services of the alerts and symptoms, the one that was
// named first.
func (c *composer) services() []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(c.opt.Service)
	for _, e := range c.entries {
		if e.Kind == hindcast.Alert || e.Kind == hindcast.Symptom {
			add(e.Service)
		}
	}
	return out
}

// at returns the first entry at a moment that has one of the kinds, or any when
// none is named; nil when there is none.
func (c *composer) at(t time.Time, kinds ...hindcast.EntryKind) *hindcast.Entry {
	if t.IsZero() {
		return nil
	}
	i := slices.IndexFunc(c.entries, func(e hindcast.Entry) bool {
		return e.At.Equal(t) && (kinds == nil || slices.Contains(kinds, e.Kind))
	})
	if i < 0 {
		return nil
	}
	return &c.entries[i]
}

func (c *composer) detection(alert *hindcast.Entry, at time.Time) string {
	if alert != nil {
		return "alert by " + alert.Actor.Name
	}
	if e := c.at(at); e != nil && e.Actor.Kind == hindcast.Person {
		return "report by " + e.Actor.Name
	}
	return ""
}

// sections fills the sections of the template, ours or the organization's.
func (c *composer) sections(template *hindcast.Postmortem) []hindcast.Section {
	var out []hindcast.Section
	if template == nil {
		for _, t := range hindcast.Template() {
			out = append(out, hindcast.Section{Kind: t.Kind, Heading: t.Heading, Text: c.text(t.Kind, "")})
		}
		return out
	}
	filled := map[hindcast.SectionKind]bool{}
	for _, s := range template.Sections {
		if s.Kind == "" || filled[s.Kind] {
			s.Text = asQuestion(s.Text, "What belongs here?")
		} else {
			s.Text = c.text(s.Kind, s.Text)
		}
		filled[s.Kind] = true
		out = append(out, s)
	}
	return out
}

// second cuts a time to the second that people read.
func second(t time.Time) time.Time { return t.Truncate(time.Second) }

// mostRefs is how many references an entry of the draft has; the first ones are
// the strongest, and "hindcast explain" shows all.
const mostRefs = 4

// places returns references without byte offsets, which line and hash give too.
func places(refs []hindcast.Ref) []hindcast.Ref {
	out := slices.Clone(refs[:min(len(refs), mostRefs)])
	for i := range out {
		out[i].Offset = 0
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// longest is the length of a detail that a reader of the draft takes in; the
// evidence has the rest.
const longest = 160

// more returns the part of an entry's detail that tells more than its title.
// Pages say the same in many words; their details are left to the evidence.
// What was changed or deleted in the chat is said whole.
func more(e hindcast.Entry) string {
	var notes string
	var parts []string
	for part := range strings.SplitSeq(oneLine(e.Detail), " | ") {
		if _, ok := hindcast.ChatNote(part); ok {
			notes = join(notes, part, " | ")
		} else {
			parts = append(parts, part)
		}
	}
	switch e.Kind {
	case hindcast.Alert, hindcast.Acknowledge, hindcast.Recovery:
		return notes
	}
	return join(notes, told(e.Title, parts), " | ")
}

// told joins what tells more than the title.
func told(title string, parts []string) string {
	var out []rune
	for _, part := range parts {
		next := []rune(join(string(out), part, " | "))
		if repeats(title, part) || out != nil && len(next) > longest {
			continue
		}
		out = next
	}
	if len(out) > longest {
		out = append(out[:longest-1], '…')
	}
	return string(out)
}

// repeats reports whether most words of a text stand in the title already.
func repeats(title, text string) bool {
	known := split(title)
	n, all := 0, split(text)
	for _, w := range all {
		if slices.Contains(known, w) {
			n++
		}
	}
	return 10*n >= 7*len(all)
}

// files returns the list of evidence as a reader needs it: times to the second,
// and the zone only where it was not recorded.
func files(list []hindcast.Evidence) []hindcast.Evidence {
	out := slices.Clone(list)
	for i := range out {
		e := &out[i]
		e.From, e.To, e.ExpiresAt = second(e.From), second(e.To), second(e.ExpiresAt)
		if e.Zone == "recorded" {
			e.Zone = ""
		}
	}
	return out
}

var surprise = lazyregexp.New(` \(surprise [0-9.]+\)`)

// reason returns why an entry or a phase was chosen, for people: without the
// parts that name a cause, without the statistics, and not longer than a reader
// takes in.
func reason(why string) string {
	why = withoutCause(surprise.ReplaceAllString(oneLine(why), ""))
	for len([]rune(why)) > longest {
		i := strings.LastIndex(why, "; ")
		if i < 0 {
			return string([]rune(why)[:longest-1]) + "…"
		}
		why = why[:i]
	}
	return why
}

var causal = lazyregexp.New(`(?i)\b(?:(?:root )?causes?|caused|set (?:it|the incident) off|responsible for|to blame)\b`)

// withoutCause leaves out the parts of a reason that name a cause: the draft
// states none.
func withoutCause(why string) string {
	if !causal.MatchString(why) {
		return why
	}
	var keep []string
	for part := range strings.SplitSeq(why, "; ") {
		if head, rest, ok := strings.Cut(part, ": "); ok && causal.MatchString(head) {
			part = rest
		}
		if !causal.MatchString(part) {
			keep = append(keep, part)
		}
	}
	return strings.Join(keep, "; ")
}

// collapse joins problems that say the same of many lines of a file.
func collapse(list []hindcast.Problem) []hindcast.Problem {
	type key struct{ file, message string }
	at := map[key]int{}
	more := map[int]int{}
	var out []hindcast.Problem
	for _, p := range list {
		k := key{p.File, p.Message}
		if i, ok := at[k]; ok {
			more[i]++
			continue
		}
		at[k] = len(out)
		out = append(out, p)
	}
	for i, n := range more {
		out[i].Message += " (and " + plural(n, "more line") + ")"
	}
	return out
}

// without returns the ids that are not hidden; nil, which says that nobody told, when
// none is left.
func without(ids []string, hidden func(string) bool) []string {
	if out := slices.DeleteFunc(slices.Clone(ids), hidden); len(out) > 0 {
		return out
	}
	return nil
}
