package monitor

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// icinga reads the main log of Icinga 2:
//
//	[2026-03-04 10:46:30 +0100] information/Notification: Sending 'Problem' notification 'web-1!http!mail' for user 'night-shift'
//
// What it tells people of is an alert or its end, and an acknowledgement among its external
// commands is one. Every other line is a line of a log.
type icinga struct {
	*parser
	file *record.File
}

func (p *parser) icingaFormat() record.Format {
	i := icinga{parser: p}
	return record.Format{Name: "icinga2-log", Source: "Icinga", Recognize: i.recognize, Lines: func(f *record.File, _ record.Head) record.LineParser {
		i.file = f
		return i
	}}
}

var (
	icingaLine = lazyregexp.New(`^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\] (debug|notice|information|warning|critical)/(\w+): (.*)$`)
	// told is how it says that it tells somebody of a state, of which some versions give the
	// output of the check in brackets.
	told = lazyregexp.New(`^Sending '(\w+)' notification '([^'!]+)!(?:([^'!]+)!)?[^'!]+' for user '([^']+)'(?: \[(.*)\])?`)
	// turned is how it says that a state was confirmed.
	turned = lazyregexp.New(`^(?:Checkable )?'([^'!]+)(?:!([^'!]+))?' state change: ([A-Z]+)(?: - (.*))? \(HARD \d+/\d+\)$`)
	// commanded is a command that came from outside, in the words of Nagios.
	commanded = lazyregexp.New(`^Executing external command: \[(?:\[\d+\] )?([A-Z_]+);(.*)\]$`)
)

// recognize wants the form of the lines.
func (i icinga) recognize(h record.Head) int {
	if len(h.Bytes) == 0 || h.Bytes[0] != '[' {
		return 0
	}
	lines, fit := 0, 0
	for _, l := range logline.Head(h, maxNagiosHead) {
		if !begins(l) {
			continue
		}
		lines++
		if icingaLine.Find(l) != nil {
			fit++
		}
	}
	if fit*10 > lines*9 {
		return 92
	}
	return 0
}

// begins reports whether a line begins a record: what goes on with one is the context of an
// error.
func begins(line []byte) bool { return bytes.HasPrefix(line, []byte("[")) }

// Cut cuts between lines.
func (icinga) Cut(data []byte, last bool) int { return nagios{}.Cut(data, last) }

// Chunk reads lines.
func (i icinga) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	rd := &reading{parser: i.parser, Writer: fact.NewWriter(i.redactor, i.file, sink), sink: sink, source: "Icinga", seen: map[string]bool{}}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		m := icingaLine.FindSubmatch(l.Text)
		if m == nil {
			if begins(l.Text) {
				sink.Problem(hindcast.Problem{File: i.file.Name, Line: l.Number, Message: "this is not a line of the log; it was skipped"})
			}
			continue
		}
		at, message := string(m[1]), string(m[4])
		if e, ok := rd.news(message); ok {
			rd.Write(hindcast.Ref{File: i.file.Name, Line: l.Number, Offset: l.Offset}, at, e)
			continue
		}
		out := record.Log{File: i.file, Line: l.Number, Offset: l.Offset, At: record.NoTime, Service: m[3], Message: m[4], Raw: l.Text}
		out.Level, _ = loglevel.Parse(m[2])
		if t, _, ok := rd.Time(at); ok {
			out.At = t.UnixNano()
		}
		sink.Log(&out)
	}
}

// news returns what a message tells of an alert.
func (rd *reading) news(message string) (hindcast.Event, bool) {
	if m := commanded.FindStringSubmatch(message); m != nil {
		return nagios{parser: rd.parser}.event(rd, "EXTERNAL COMMAND", append([]string{m[1]}, strings.Split(m[2], ";")...))
	}
	if m := turned.FindStringSubmatch(message); m != nil {
		return rd.event(checked(m[1], m[2], m[3], m[4]), well(m[3])), true
	}
	m := told.FindStringSubmatch(message)
	if m == nil {
		return hindcast.Event{}, false
	}
	state, output, _ := strings.Cut(m[5], " - ")
	switch m[1] {
	case "Problem":
		if state == "" {
			state, output = "PROBLEM", ""
		}
		return rd.event(checked(m[2], m[3], state, output), false), true
	case "Recovery":
		return rd.event(checked(m[2], m[3], "OK", output), true), true
	}
	return rd.notified(checked(m[2], m[3], "", ""), m[4], m[1], ""), true
}
