package chat

import (
	"cmp"
	"maps"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Talks writes conversations that other packages take out of their files.
type Talks struct{ *parser }

// NewTalks returns what all conversations share.
func NewTalks() Talks { return Talks{&parser{redactor: redact.New(), words: fact.NewWords()}} }

// Talk writes the messages of one file. It is for one goroutine at a time.
type Talk struct {
	*reading
	file  *record.File
	order order
}

// Open begins the conversation of a file. times are those of its first messages, as it
// spells them: they settle the order of day and month.
func (t Talks) Open(f *record.File, times []string, sink record.Sink) *Talk {
	rd := &reading{parser: t.parser, Writer: fact.NewWriter(t.redactor, f, sink), sink: sink, channel: channelOf(f.Name)}
	return &Talk{reading: rd, file: f, order: rd.settle(f, strings.Join(times, "\n"))}
}

// Said is one message as its source tells it.
type Said struct {
	At      string         // in a spelling in which conversations are dated
	Zone    *time.Location // that the file states, for a time that names none; nil when it states none
	Name    string
	App     bool // the source says that no person wrote it
	Text    string
	Channel string            // "" for the one that the name of the file tells
	ID      string            // with its source, "telegram:1"; "" when it has none
	Attrs   map[string]string // beside the channel; empty ones are dropped
}

// Say writes a message, unless it says nothing.
func (t *Talk) Say(ref hindcast.Ref, s Said) {
	e := t.said(strings.TrimSpace(s.Name), s.Text, cmp.Or(s.Channel, t.channel))
	if s.App {
		e.Actor.Kind = hindcast.Automation
	}
	e.ID = s.ID
	maps.Copy(e.Attrs, s.Attrs)
	t.write(ref, stamp.Zoned(t.file, s.Zone, isoTime(s.At, t.order)), e)
}

var (
	// dayAhead finds a date of numbers or a short name of the month, before its clock.
	dayAhead = lazyregexp.New(`^(\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}-[A-Z][a-z]{2}-\d{2,4}),?\s+(\d.*)$`)
	// weekdayAhead finds what is left of a day of the week, in any language.
	weekdayAhead = lazyregexp.New(`^\pL[\pL-]*\.?,? (\d)`)
	// fromUTC finds an offset that is spelled out.
	fromUTC = lazyregexp.New(`\s?\(?(?:UTC|GMT)\s?([+-]\d{2}:?\d{2})\)?$`)
)

// isoTime is a time with its date as 2006-01-02 and its offset as +02:00; what is none
// is returned as it is.
func isoTime(at string, o order) string {
	at = weekdayAhead.ReplaceAllString(numbered(strings.TrimSpace(odd.Replace(at))), "$1")
	if m := dayAhead.FindStringSubmatch(at); m != nil {
		at = isoDay(m[1], o) + " " + m[2]
	}
	return fromUTC.ReplaceAllString(at, "$1")
}

// settle returns the order of day and month in the dates of a head. It says so when
// nothing tells.
func (rd *reading) settle(f *record.File, head string) order {
	o := orderOf(head)
	if o == eitherWay && f.Swapped {
		o = monthFirst
	}
	if o == eitherWay {
		rd.Problem(hindcast.Ref{File: f.Name}, "its dates can be read as day/month and as month/day, and were read as day/month; write the day into the dates as 2024-05-01 if that is wrong")
	}
	return o
}
