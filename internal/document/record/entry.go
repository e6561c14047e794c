package record

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// EntryFields returns the fields of an entry of the timeline.
func EntryFields() []syntax.Field[hindcast.Entry] {
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

// WriteEntries writes the timeline, with a heading where a day begins.
func WriteEntries(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	fields := EntryFields()
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
		return "**" + WriteClock(e.At) + "** " + word(e.Title) + writeManner(e, word, unknown)
	}
	s := write(syntax.WriteInline, "")
	got, ok := ReadHeadline(s, e.At)
	if !ok || got.Title != e.Title || got.Kind != e.Kind || got.Actor != e.Actor || got.Service != e.Service {
		s = write(syntax.Quote, " (unknown)")
	}
	return s + syntax.WriteID("e", e.ID, attrs)
}

// NoTime stands where the time of an entry is not known.
const NoTime = "no time"

// WriteClock writes the time of an entry, in UTC; that of the zero time in words.
func WriteClock(t time.Time) string {
	if t.IsZero() {
		return NoTime
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

// ReadHeadline reads the headline of an entry; ok is false when it does not
// begin with a time. day is the day of a time without a date; without a day the
// time stays in the title.
func ReadHeadline(s string, day time.Time) (e hindcast.Entry, ok bool) {
	if m := longDate.FindStringSubmatch(s); m != nil {
		if d, ok := ReadDay(m[1]); ok {
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
	if m[2] == NoTime {
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

var (
	dayWords   = lazyregexp.New(`^(?:(?:Mon|Tue|Tues|Wednes|Wed|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?,? )?(.*?)(?: \(?UTC\)?)?:?$`)
	ordinal    = lazyregexp.New(`(\d)(?:st|nd|rd|th)\b`)
	dayLayouts = []string{time.DateOnly, "2006/01/02", "2 January 2006", "January 2 2006", "2 Jan 2006", "Jan 2 2006"}
)

// ReadDay reads a heading that names a day and nothing else.
func ReadDay(s string) (time.Time, bool) {
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

// StartsWithDate reports whether the time with which a headline begins names its day;
// also when it begins with none.
func StartsWithDate(s string) bool {
	m := inFront.FindStringSubmatch(s)
	return m == nil || m[1] != ""
}
