package document

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func timelineGroups() []group {
	return []group{
		{read: readEntry, row: readEntryRow, write: writeEntries},
		{name: "Decision points", also: "decisions", read: readDecision, write: writeDecisions},
		{name: "What people remember", also: "accounts|recollections", read: readAccount, write: writeAccounts},
	}
}

func entryFields() []syntax.Field[hindcast.Entry] {
	type T = hindcast.Entry
	day := func(e *T) time.Time { return e.At }
	return []syntax.Field[T]{
		syntax.Moment("Until", "until", func(e *T) *time.Time { return &e.Until }, day),
		syntax.OneLine("Known from", "known_at", writeKnown, readKnown).Or("known at|known"),
		syntax.Moment("Recorded as", "recorded_at", func(e *T) *time.Time { return &e.RecordedAt }, day),
		syntax.Links("Believe instead", "prefer", "e", preferred, prefer),
		syntax.Text("Detail", "detail", func(e *T) *string { return &e.Detail }).Or("details|note|notes"),
		syntax.Refs("Evidence", "evidence", func(e *T) *[]hindcast.Ref { return &e.Evidence }).Or("source|sources"),
		syntax.Text("Why it is here", "why", func(e *T) *string { return &e.Why }).Or("why"),
	}
}

// preferred is the entry that is believed instead, with the reason.
func preferred(e *hindcast.Entry) []syntax.Link {
	if e.Prefer == nil {
		return nil
	}
	return []syntax.Link{{ID: e.Prefer.Entry, After: e.Prefer.Why}}
}

func prefer(e *hindcast.Entry, links []syntax.Link) {
	e.Prefer = nil
	if len(links) > 0 {
		e.Prefer = &hindcast.Preference{Entry: links[0].ID, Why: links[0].After}
	}
}

// Known from is written when responders did not know at once; an entry without
// it was known when it happened.
func writeKnown(e *hindcast.Entry) string {
	switch {
	case e.KnownAt.Equal(e.At):
		return ""
	case e.KnownAt.IsZero():
		return "unknown"
	}
	return syntax.WriteMoment(e.KnownAt, e.At)
}

func readKnown(e *hindcast.Entry, s string) string {
	if s == "unknown" {
		e.KnownAt = time.Time{}
		return ""
	}
	m, ok := syntax.ReadMoment(s, e.At)
	if !ok {
		return "is no time; write it in UTC as HH:MM:SS, or unknown"
	}
	e.KnownAt = m
	return ""
}

func writeEntries(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	fields := entryFields()
	var day hindcast.Date
	for i := range p.Timeline {
		e := &p.Timeline[i]
		if d := hindcast.DateOf(e.At); d != day && !d.IsZero() {
			b.WriteString("\n### " + d.String() + " (UTC)\n\n")
			day = d
		}
		syntax.WriteRecord(b, n, e, entryHeadline(e), fields)
	}
}

// entryHeadline writes "**TIME** TITLE — *KIND by ACTOR (ACTOR KIND) on SERVICE*".
func entryHeadline(e *hindcast.Entry) string {
	attrs := ""
	if !e.Key {
		attrs = "minor"
	}
	if e.Score != 0 {
		attrs = syntax.Join(attrs, "score="+strconv.FormatFloat(e.Score, 'g', -1, 64), " ")
	}
	write := func(word func(string) string, unknown string) string {
		return "**" + writeClock(e.At) + "** " + word(e.Title) + writeManner(e, word, unknown)
	}
	s := write(syntax.WriteInline, "")
	got, ok := readHeadline(s, e.At)
	if !ok || got.Title != e.Title || got.Kind != e.Kind || got.Actor != e.Actor || got.Service != e.Service {
		s = write(syntax.Quote, " (unknown)")
	}
	return s + syntax.WriteID("e", e.ID, attrs)
}

const noTime = "no time"

func writeClock(t time.Time) string {
	if t.IsZero() {
		return noTime
	}
	return t.UTC().Format(syntax.ClockLayout)
}

var entryKinds = []hindcast.EntryKind{hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge, hindcast.Observed,
	hindcast.Decided, hindcast.Action, hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent}

const mannerMark = " — *"

// writeManner writes what stands behind the title: by whom and on which service,
// or of which service when it acted itself. unknown stands for a kind of actor
// that is not known.
func writeManner(e *hindcast.Entry, word func(string) string, unknown string) string {
	s := string(e.Kind)
	own := e.Service != "" && e.Service == e.Actor.Name
	if e.Actor != (hindcast.Actor{}) {
		s = syntax.Join(s, map[bool]string{true: "of", false: "by"}[own], " ")
		if e.Actor.Name != "" {
			s += " " + word(e.Actor.Name)
		}
		if e.Actor.Kind != "" {
			unknown = " (" + string(e.Actor.Kind) + ")"
		}
		s += unknown
	}
	if e.Service != "" && !own {
		s = syntax.Join(s, "on "+word(e.Service), " ")
	}
	if s == "" {
		return ""
	}
	return mannerMark + s + "*"
}

var (
	byWhom   = lazyregexp.New(`^(?:by|of) (?:(.*?) ?\((person|automation|system|external|unknown)\)|(.*?))(?: on (.*))?$`)
	inFront  = lazyregexp.New("^[*_`\\[ ]*(?:(\\d{4}-\\d{2}-\\d{2})(?:T|,? +))?(no time|\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[aApP][mM]\\b)?)(?: ?(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})\\b)?(?: ?(?:-|–|—|to|→) ?(\\d{1,2}:\\d{2}(?::\\d{2})?)(?: ?(?:Z|UTC|GMT)\\b)?)?[*_`\\]]*(?:$|[ \\t]*[-–—:|·][ \\t]+|[ \\t:]+)(.*)$")
	longDate = lazyregexp.New(`^[*_]{0,2}([A-Z][a-z]{2,8} \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8} \d{4}),? +(?:at )?(\d{1,2}:.*)$`)
)

// readManner reads what stands behind the title.
func readManner(s string, e *hindcast.Entry) bool {
	for _, k := range entryKinds {
		if rest, ok := strings.CutPrefix(s, string(k)); ok && (rest == "" || rest[0] == ' ') {
			e.Kind, s = k, strings.TrimPrefix(rest, " ")
			break
		}
	}
	if m := byWhom.FindStringSubmatch(s); m != nil {
		e.Actor = hindcast.Actor{Name: syntax.ReadInline(m[1] + m[3]), Kind: hindcast.ActorKind(m[2])}
		if m[2] == "unknown" {
			e.Actor.Kind = ""
		}
		e.Service = syntax.ReadInline(m[4])
		if strings.HasPrefix(s, "of ") {
			e.Service = e.Actor.Name
		}
		return true
	}
	if service, ok := strings.CutPrefix(s, "on "); ok {
		e.Service, s = syntax.ReadInline(service), ""
	}
	return s == ""
}

// readHeadline reads the headline of an entry; ok is false when it does not
// begin with a time. day is the day of a time without a date; without a day the
// time stays in the title.
func readHeadline(s string, day time.Time) (e hindcast.Entry, ok bool) {
	if m := longDate.FindStringSubmatch(s); m != nil {
		if d, ok := readDay(m[1]); ok {
			s = d.Format(time.DateOnly) + " " + m[2]
		}
	}
	m := inFront.FindStringSubmatch(s)
	if m == nil {
		return e, false
	}
	title := m[5]
	if i := strings.LastIndex(title, mannerMark); i >= 0 {
		manner, ok := strings.CutSuffix(title[i+len(mannerMark):], "*")
		if f := e; ok && readManner(manner, &f) {
			e, title = f, title[:i]
		}
	}
	e.Title = syntax.ReadInline(title)
	if m[2] == noTime {
		return e, true
	}
	e.At, ok = syntax.ReadMoment(strings.TrimSpace(m[1]+" "+m[2]+m[3]), day)
	if !ok {
		e.Title = strings.TrimSpace(m[2] + m[3] + " " + e.Title)
		return e, true
	}
	if m[4] != "" {
		if until, ok := syntax.ReadMoment(m[4], e.At); ok {
			e.Until = laterDay(until, e.At)
		}
	}
	return e, true
}

// laterDay puts the end of a span after its beginning when midnight lies between.
func laterDay(until, at time.Time) time.Time {
	if until.Before(at) {
		return until.AddDate(0, 0, 1)
	}
	return until
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
		if day, ok := readDay(anyDay.FindString(source.text)); ok {
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

var (
	dayWords   = lazyregexp.New(`^(?:(?:Mon|Tue|Tues|Wednes|Wed|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?,? )?(.*?)(?: \(?UTC\)?)?:?$`)
	ordinal    = lazyregexp.New(`(\d)(?:st|nd|rd|th)\b`)
	dayLayouts = []string{time.DateOnly, "2006/01/02", "2 January 2006", "January 2 2006", "2 Jan 2006", "Jan 2 2006"}
)

// readDay reads a heading that names a day and nothing else.
func readDay(s string) (time.Time, bool) {
	m := dayWords.FindStringSubmatch(strings.Trim(s, " *_"))
	if m == nil {
		return time.Time{}, false
	}
	words := strings.ReplaceAll(ordinal.ReplaceAllString(m[1], "$1"), ",", "")
	for _, layout := range dayLayouts {
		if t, err := time.Parse(layout, words); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func readEntry(r *reader, it syntax.Item) bool {
	e, ok := readHeadline(it.Text, r.day)
	if it.Mark != "e" && (it.Mark != "" || !ok) {
		return false
	}
	if !ok {
		e.Title = syntax.ReadInline(it.Text)
		r.problem(it.Line, "the entry has no time; begin it with **HH:MM:SS**, or with **%s** when it is not known", noTime)
	} else if e.At.IsZero() && !strings.Contains(it.Text, noTime) {
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
	if r.daySource != "" && !r.dayNamed && !e.At.IsZero() && !startsWithDate(it.Text) {
		r.problem(it.Line, "no day is named here; %s, which %s names, was taken; put a heading such as ### 2024-03-15 (UTC) above if that is wrong", r.day.Format(time.DateOnly), r.daySource)
		r.daySource = ""
	}
	if !r.dayNamed && !e.At.IsZero() && r.last.Sub(e.At) > 12*time.Hour && !startsWithDate(it.Text) {
		e.At, r.day = e.At.AddDate(0, 0, 1), r.day.AddDate(0, 0, 1)
	}
	if !e.At.IsZero() {
		r.last = e.At
	}
	e.KnownAt = e.At
	p := &r.out.Postmortem
	syntax.ReadRecord(r.report(), indexed("timeline", len(p.Timeline)), &e, it, entryFields(), &e.Detail)
	r.appendEntry(e)
}

func startsWithDate(s string) bool {
	m := inFront.FindStringSubmatch(s)
	return m == nil || m[1] != ""
}

// otherZone matches a column whose times are not UTC: they stay prose, because a
// wrong time is worse than none.
var otherZone = lazyregexp.New(`(?i)\b(?:[PECM][SD]?T|AK[SD]T|HST|CES?T|BST|IST|JST|KST|SGT|HKT|A[EWC][SD]T|NZ[SD]T|MSK|BRT|local)\b|(?:UTC|GMT) ?[+-] ?\d`)

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
	e, ok := readHeadline(strings.TrimSpace(strings.Join(when, " ")), r.day)
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
