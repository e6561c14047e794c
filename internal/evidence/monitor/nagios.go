package monitor

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// nagios reads the log of Nagios and of what speaks its language, such as Naemon,
// Icinga 1 and Checkmk:
//
//	[1714556052] SERVICE ALERT: web-1;HTTP;CRITICAL;HARD;3;Socket timeout
//
// What is confirmed ("hard") is an alert, and so is that it is well again. What is
// no alert, acknowledgment or notification is passed on as a line of a log.
type nagios struct {
	*parser
	line *regexp.Regexp
	file *record.File
}

func (p *parser) nagiosFormat() record.Format {
	n := nagios{parser: p, line: regexp.MustCompile(`^\[(\d{9,10})\] (?:([A-Z][A-Z ]+): )?(.*)$`)}
	return record.Format{Name: "nagios-log", Source: "Nagios", Recognize: n.recognize, Lines: func(f *record.File, _ record.Head) record.LineParser {
		n.file = f
		return n
	}}
}

// maxNagiosHead is how many lines of a file are looked at.
const maxNagiosHead = 100

// recognize wants to see an alert, a notification or a state among lines of the form.
func (n nagios) recognize(h record.Head) int {
	if len(h.Bytes) == 0 || h.Bytes[0] != '[' || !bytes.Contains(h.Bytes, []byte(" ALERT: ")) && !bytes.Contains(h.Bytes, []byte(" NOTIFICATION: ")) && !bytes.Contains(h.Bytes, []byte(" STATE: ")) {
		return 0
	}
	lines, fit := 0, 0
	for _, l := range logline.Head(h, maxNagiosHead) {
		lines++
		if n.line.Match(l) {
			fit++
		}
	}
	if fit*10 > lines*9 {
		return 92
	}
	return 0
}

// Cut cuts between lines.
func (nagios) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk reads lines.
func (n nagios) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	rd := &reading{parser: n.parser, Writer: fact.NewWriter(n.redactor, n.file, sink), sink: sink, source: "Nagios", seen: map[string]bool{}}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		m := n.line.FindSubmatch(l.Text)
		if m == nil {
			if len(bytes.TrimSpace(l.Text)) > 0 {
				sink.Problem(hindcast.Problem{File: n.file.Name, Line: l.Number, Message: "this is not a line of the log; it was skipped"})
			}
			continue
		}
		ref := hindcast.Ref{File: n.file.Name, Line: l.Number, Offset: l.Offset}
		if e, ok := rd.nagiosEvent(string(m[2]), strings.Split(string(m[3]), ";")); ok {
			rd.Write(ref, string(m[1]), e)
			continue
		}
		out := record.Log{File: n.file, Line: l.Number, Offset: l.Offset, At: record.NoTime, Message: l.Text[bytes.IndexByte(l.Text, ']')+1:], Raw: l.Text}
		out.Message = bytes.TrimSpace(out.Message)
		if t, ok := stamp.EpochString(string(m[1])); ok {
			out.At = t.UnixNano()
		}
		sink.Log(&out)
	}
}

// nagiosEvent is the event that a line tells of; false when it is only a line.
func (rd *reading) nagiosEvent(kind string, f []string) (hindcast.Event, bool) {
	get := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return ""
	}
	rest := func(i int) string { return strings.Join(f[min(len(f), i):], ";") }
	well := func(state string) bool { return state == "OK" || state == "UP" || state == "RECOVERY" }
	switch kind {
	case "SERVICE ALERT":
		a := checked(get(0), get(1), get(2), rest(5))
		return rd.event(a, well(get(2))), get(3) == "HARD"
	case "HOST ALERT":
		a := checked(get(0), "", get(1), rest(4))
		return rd.event(a, well(get(1))), get(2) == "HARD"
	case "SERVICE NOTIFICATION":
		return rd.notified(checked(get(1), get(2), get(3), get(5)), get(0), get(3), get(5)), true
	case "HOST NOTIFICATION":
		return rd.notified(checked(get(1), "", get(2), get(4)), get(0), get(2), get(4)), true
	case "EXTERNAL COMMAND":
		switch get(0) {
		case "ACKNOWLEDGE_SVC_PROBLEM":
			return rd.acknowledged(checked(get(1), get(2), "", ""), get(6), rest(7)), true
		case "ACKNOWLEDGE_HOST_PROBLEM":
			return rd.acknowledged(checked(get(1), "", "", ""), get(5), rest(6)), true
		}
	}
	return hindcast.Event{}, false
}
