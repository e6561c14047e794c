package monitor

import (
	"bytes"
	"cmp"
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
// no alert, acknowledgment or notification is passed on as a line of a log. Where the
// log holds notifications alone, as what was mailed, they are the alerts.
type nagios struct {
	*parser
	line   *regexp.Regexp
	file   *record.File
	mailed bool // it holds notifications and no alerts
}

func (p *parser) nagiosFormat() record.Format {
	n := nagios{parser: p, line: regexp.MustCompile(`^\[(\d{9,10})\] (?:([A-Z][A-Z ]+): )?(.*)$`)}
	return record.Format{Name: "nagios-log", Source: "Nagios", Recognize: n.recognize, Lines: func(f *record.File, h record.Head) record.LineParser {
		n.file, n.mailed = f, !bytes.Contains(h.Bytes, []byte(" ALERT: "))
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
		if e, ok := n.event(rd, string(m[2]), strings.Split(string(m[3]), ";")); ok {
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

// event is the event that a line tells of; false when it is only a line.
func (n nagios) event(rd *reading, kind string, f []string) (hindcast.Event, bool) {
	get := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return ""
	}
	rest := func(i int) string { return strings.Join(f[min(len(f), i):], ";") }
	switch kind {
	case "SERVICE ALERT":
		a := checked(get(0), get(1), get(2), rest(5))
		return rd.event(a, well(get(2))), get(3) == "HARD"
	case "HOST ALERT":
		a := checked(get(0), "", get(1), rest(4))
		return rd.event(a, well(get(1))), get(2) == "HARD"
	case "SERVICE NOTIFICATION":
		return n.notification(rd, checked(get(1), get(2), get(3), get(5)), get(0), get(3), f[min(len(f), 5):]), true
	case "HOST NOTIFICATION":
		return n.notification(rd, checked(get(1), "", get(2), get(4)), get(0), get(2), f[min(len(f), 4):]), true
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

// well reports whether a state is that of nothing to worry about.
func well(state string) bool { return state == "OK" || state == "UP" || state == "RECOVERY" }

// notification is the event that a contact was told of an alert: that somebody took
// it up, the alert itself where the log holds no other, or that it was told. more is
// the output, and who wrote a comment and the comment, if any.
func (n nagios) notification(rd *reading, a alert, contact, kind string, more []string) hindcast.Event {
	get := func(i int) string {
		if i < len(more) {
			return more[i]
		}
		return ""
	}
	if n.mailed && strings.HasPrefix(kind, "ACKNOWLEDGEMENT") {
		a.title, a.text = a.key, ""
		return rd.acknowledged(a, cmp.Or(get(1), contact), cmp.Or(get(2), get(0)))
	}
	state := kind
	if _, in, ok := strings.Cut(kind, "("); ok { // "CUSTOM (CRITICAL)"
		state = strings.TrimSuffix(in, ")")
	}
	if n.mailed && (a.severity != "" || well(state)) && state == kind {
		return rd.event(a, well(state))
	}
	return rd.notified(a, contact, kind, get(0))
}
