// Package fact turns what the records of structured sources state into events:
// it reads their times, shapes their words for people, takes secrets out and
// tells people from machines and drills from the real thing.
//
// Its main type is [Writer]. A parser makes one per file, decodes its records
// and writes every fact that they state:
//
//	w := fact.NewWriter(redactor, f, sink)
//	w.Write(rec.Ref(), "2024-05-01T09:30:00Z", hindcast.Event{Kind: hindcast.PagerTriggered, Title: "..."})
package fact

import (
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/redact"
)

// The longest title and attribute in runes, and the longest text in bytes.
const (
	maxTitle = 200
	maxAttr  = 500
	maxText  = 8 << 10
)

// Writer writes the events of one file. It is for one goroutine at a time.
type Writer struct {
	f        *record.File
	sink     record.Sink
	clock    stamp.Clock
	redactor *redact.Redactor
	assumed  bool
	skipped  bool // a time in an hour that did not occur was reported
}

// NewWriter returns a Writer for the events of f.
func NewWriter(r *redact.Redactor, f *record.File, sink record.Sink) *Writer {
	return &Writer{f: f, sink: sink, clock: stamp.NewClock(f), redactor: r}
}

// Write emits e as a fact that the record at ref states and that happened at
// the time at, in any spelling that package stamp reads. It sets Ref, At and
// Zone, folds the title into one line of at most 200 runes, bounds the text to
// 8 KiB, drops it when it says no more than the title, drops empty attributes,
// takes secrets out of all of them and marks pages and alerts that say they are
// a test or a drill. A record without a readable time
// becomes a problem, and Write returns false.
func (w *Writer) Write(ref hindcast.Ref, at string, e hindcast.Event) bool {
	t, zone, ok := w.Time(at)
	if !ok {
		w.sink.Problem(hindcast.Problem{File: ref.File, Line: ref.Line, Message: "the record's time is missing or cannot be read; the record was skipped"})
		return false
	}
	e.Ref, e.At, e.Zone = ref, t, zone
	w.Emit(e)
	return true
}

// Emit is [Writer.Write] for an event whose place and time are set.
func (w *Writer) Emit(e hindcast.Event) {
	text := w.redactor.Text(printable(clip(e.Text, 8*maxText)))
	title := OneLine(w.redactor.Text(clip(e.Title, 8*maxText)))
	if e.Kind == hindcast.Message || OneLine(text) != title {
		e.Text = clip(text, maxText)
	} else {
		e.Text = ""
	}
	e.Title = Shorten(title, maxTitle)
	e.Actor.Name = Shorten(OneLine(e.Actor.Name), maxTitle)
	maps.DeleteFunc(e.Attrs, func(_, v string) bool { return v == "" })
	for k, v := range e.Attrs {
		if !word(v) {
			e.Attrs[k] = Shorten(OneLine(w.redactor.Text(clip(v, maxText))), maxAttr)
		}
	}
	if len(e.Attrs) == 0 {
		e.Attrs = nil
	}
	e.Test = e.Test || drill(e)
	w.sink.Event(e)
}

// word reports whether an attribute is one short word in small letters, as most
// are: it needs no cleaning, and no secret looks like one.
func word(s string) bool {
	return len(s) < 20 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	}) < 0
}

// Time reads a time of the file and the zone that was recorded with it. The
// first time without a zone, when the user named none, is reported as a problem.
func (w *Writer) Time(s string) (t time.Time, zone string, ok bool) {
	if s == "" {
		return time.Time{}, "", false
	}
	t, zone, ok = w.clock.Parse(s)
	if !ok || t.Year() < 1970 { // some sources write "never" as the year 1
		return time.Time{}, "", false
	}
	if zone == stamp.AssumedZone && !w.assumed {
		w.assumed = true
		w.sink.Problem(stamp.Assumed(w.f))
	}
	if w.f.Zone != nil && zone == w.f.Zone.String() {
		t = w.Forward(s, t)
	}
	return t, zone, true
}

// astray is how far a reading of a text lies from another in which day and month stand
// in the other order.
const astray = 12 * time.Hour

// Forward returns the moment of a time s without zone that was read as t. When the
// clocks of the file's zone were put forward over it, that is as long after the
// change as s says; the first such time is reported. Of a time that was read in another
// order than the usual it says nothing.
func (w *Writer) Forward(s string, t time.Time) time.Time {
	reading, _, ok := stamp.Parse(s, time.UTC, w.f.Year)
	_, east := t.In(w.f.Zone).Zone()
	wall := t.Add(time.Duration(east) * time.Second)
	if !ok || reading.Sub(wall).Abs() > astray || !stamp.Skipped(reading, t, w.f.Zone) {
		return t
	}
	t = stamp.Later(reading, t, w.f.Zone)
	if !w.skipped {
		w.skipped = true
		w.sink.Problem(hindcast.Problem{File: w.f.Name, Message: stamp.SkippedMessage(t, w.f.Zone)})
	}
	return t
}

// Problem reports what is wrong with the record at ref. message quotes nothing of it.
func (w *Writer) Problem(ref hindcast.Ref, message string) {
	w.sink.Problem(hindcast.Problem{File: ref.File, Line: ref.Line, Message: message})
}

// Short returns a time of the file in RFC 3339, for an attribute; "" when s is none.
func (w *Writer) Short(s string) string {
	t, _, ok := w.Time(s)
	if !ok {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// OneLine folds every run of white space and control characters into one space.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// Shorten cuts s to at most n runes; a cut text ends in an ellipsis.
func Shorten(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return strings.TrimRight(string(runes[:n-1]), " ") + "…"
}

// clip cuts s to at most n bytes without cutting a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// printable removes control characters other than line breaks and tabs.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// Present returns the texts that say something.
func Present(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
