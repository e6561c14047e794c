package document

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func timelineGroups() []group {
	return []group{
		{read: readEntry, row: readEntryRow, write: record.WriteEntries},
		{name: "Decision points", also: "decisions", read: readDecision, write: record.WriteDecisions},
		{name: "What people remember", also: "accounts|recollections", read: readAccount, write: record.WriteAccounts},
	}
}

// anyDay finds the first day that a text names.
var anyDay = lazyregexp.New(`\b\d{4}-\d{2}-\d{2}|\b(?:[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8} \d{4})\b`)

// startingDay settles the day of entries that name none: that of the incident's
// beginning, else the day in the title, the file's name or the front matter.
func (r *reader) startingDay() {
	p := &r.out.Postmortem
	if r.day = p.Incident.StartedAt; !r.day.IsZero() || r.outline {
		r.clock.Day, r.clock.Source = r.day, ""
		return
	}
	if r.clock.Source != "" {
		r.day, r.daySource = r.clock.Day, r.clock.Source
		return
	}
	for _, source := range []struct{ name, text string }{{"the title", p.Incident.Title}, {"the file's name", r.file}, {"the front matter", p.FrontMatter}} {
		if day, ok := record.ReadDay(anyDay.FindString(source.text)); ok {
			r.day, r.daySource = day, source.name
			r.clock.Day, r.clock.Source = day, source.name
			return
		}
	}
}

// reportDayless reports the entries whose day nothing names.
func (r *reader) reportDayless() {
	switch n := len(r.dayless); {
	case n == 1:
		r.problem(r.dayless[0], "the entry does not say on which day it was; put a heading such as ### 2024-03-15 (UTC) above it")
	case n > 1:
		r.problem(r.dayless[0], "this entry and %d more do not say on which day they were; put a heading such as ### 2024-03-15 (UTC) above them", n-1)
	}
}

func readEntry(r *reader, it syntax.Item) bool {
	e, ok := record.ReadHeadline(it.Text, r.day)
	if it.Mark != "e" && (it.Mark != "" || !ok) {
		return false
	}
	if !ok {
		e.Title = syntax.ReadInline(it.Text)
		r.problem(it.Line, "the entry has no time; begin it with **HH:MM:SS**, or with **%s** when it is not known", record.NoTime)
	} else if e.At.IsZero() && !strings.Contains(it.Text, record.NoTime) {
		r.dayless = append(r.dayless, it.Line)
	}
	e.ID, e.Key = it.ID, true
	for _, a := range strings.Fields(it.Attrs) {
		if a == "minor" {
			e.Key = false
		}
		if s, ok := strings.CutPrefix(a, "score="); ok {
			e.Score, _ = strconv.ParseFloat(s, 64) // what is no number scores 0
		}
	}
	r.addEntry(e, it)
	return true
}

// addEntry adds an entry with the fields of its item. Where no heading names the
// days, a time far before the last one is on the next day.
func (r *reader) addEntry(e hindcast.Entry, it syntax.Item) {
	if r.daySource != "" && !r.dayNamed && !e.At.IsZero() && !record.StartsWithDate(it.Text) {
		r.problem(it.Line, "no day is named here; %s, which %s names, was taken; put a heading such as ### 2024-03-15 (UTC) above if that is wrong", r.day.Format(time.DateOnly), r.daySource)
		r.daySource = ""
	}
	if !r.dayNamed && !e.At.IsZero() && r.last.Sub(e.At) > 12*time.Hour && !record.StartsWithDate(it.Text) {
		e.At, r.day = e.At.AddDate(0, 0, 1), r.day.AddDate(0, 0, 1)
	}
	if !e.At.IsZero() {
		r.last = e.At
	}
	e.KnownAt = e.At
	p := &r.out.Postmortem
	syntax.ReadRecord(r.report(), indexed("timeline", len(p.Timeline)), &e, it, record.EntryFields(), &e.Detail)
	r.appendEntry(e)
}

func readEntryRow(r *reader, w row) bool {
	var when []string
	for _, c := range w.cells {
		if strings.Contains(c.name, "time") || strings.Contains(c.name, "date") || c.name == "when" {
			if otherZone.MatchString(c.heading) {
				return false
			}
			when = append(when, c.text)
		}
	}
	e, ok := record.ReadHeadline(strings.TrimSpace(strings.Join(when, " ")), r.day)
	if !ok || e.At.IsZero() || e.Title != "" {
		return false
	}
	e.Title = w.get("event", "events", "description", "what happened", "what", "action", "details", "activity", "update", "notes")
	e.Actor.Name, e.Key = w.get("actor", "who", "by", "person", "owner"), true
	if e.Title == "" {
		return false
	}
	e.Detail = w.rest(append(when, e.Title, e.Actor.Name)...)
	r.addEntry(e, syntax.Item{Line: w.line, Text: strings.Join(when, " ")})
	return true
}

// otherZone matches a column whose times are not UTC: they stay prose, because a
// wrong time is worse than none.
var otherZone = lazyregexp.New(`(?i)\b(?:[PECM][SD]?T|AK[SD]T|HST|CES?T|BST|IST|JST|KST|SGT|HKT|A[EWC][SD]T|NZ[SD]T|MSK|BRT|local)\b|(?:UTC|GMT) ?[+-] ?\d`)
