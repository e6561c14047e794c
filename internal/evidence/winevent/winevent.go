// Package winevent reads events of Windows:
//
//	wevtutil qe, Save All Events As XML, ToXml() of PowerShell   windows-events-xml
//	wevtutil qe /f:text                                          windows-events-text
//
// The provider of an event is its service. Where an event was exported without
// its text, the message is its number and its data. Tables of events are read by
// packages rowlog and elastic.
package winevent

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// sure is more than that of what is known and not read.
const sure = 90

// Formats returns the formats of Windows' events.
func Formats() []record.Format {
	return []record.Format{
		{Name: "windows-events-xml", Source: "Windows", Recognize: recognizeXML, Parse: parseXML},
		{Name: "windows-events-text", Source: "Windows", Recognize: recognizeText, Lines: newText},
	}
}

func recognizeXML(h record.Head) int {
	if at := opening(h.Bytes, 0); at >= 0 && at < 4096 && bytes.TrimSpace(h.Bytes)[0] == '<' && bytes.Contains(h.Bytes[at:min(len(h.Bytes), at+4096)], []byte("<System>")) {
		return sure
	}
	return 0
}

var (
	openTag = []byte("<Event")
	endTag  = []byte("</Event>")
)

// opening returns where an event begins at b[i:]; -1 when none does.
func opening(b []byte, i int) int {
	for {
		n := bytes.Index(b[i:], openTag)
		if n < 0 {
			return -1
		}
		i += n
		if end := i + len(openTag); end < len(b) && (b[end] == ' ' || b[end] == '>' || b[end] == '\n' || b[end] == '\r' || b[end] == '\t') {
			return i
		}
		i += len(openTag)
	}
}

// maxEvent is the largest event that is read, in bytes.
const maxEvent = 8 << 20

// split is a [bufio.SplitFunc] for an event with what stands before it. One that
// has no end ends where the next begins.
func split(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := opening(data, 0)
	if start < 0 {
		if atEOF {
			return len(data), nil, nil
		}
		return 0, nil, nil
	}
	end := bytes.Index(data[start:], endTag)
	next := opening(data, start+len(openTag))
	switch {
	case end >= 0 && (next < 0 || start+end < next):
		end += start + len(endTag)
		return end, data[:end], nil
	case next > 0:
		return next, data[:next], nil
	case atEOF:
		return len(data), data, nil
	}
	return 0, nil, nil
}

// event is an event as its schema has it.
type event struct {
	System struct {
		Provider struct {
			Name   string `xml:"Name,attr"`
			Source string `xml:"EventSourceName,attr"`
		}
		EventID     string
		Level       string
		TimeCreated struct {
			SystemTime string `xml:"SystemTime,attr"`
		}
		Computer string
	}
	Data []struct {
		Name  string `xml:"Name,attr"`
		Value string `xml:",chardata"`
	} `xml:"EventData>Data"`
	Message string `xml:"RenderingInfo>Message"`
}

func parseXML(f *record.File, r io.Reader, sink record.Sink) error {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 0, 64<<10), maxEvent)
	in.Split(split)
	bad := logline.Problems{File: f, Sink: sink}
	line, offset := 1, int64(0)
	for in.Scan() {
		text := in.Bytes()
		start := max(opening(text, 0), 0)
		first := line + bytes.Count(text[:start], []byte{'\n'})
		body := bytes.TrimSpace(text[start:])
		l := record.Log{File: f, Line: first, Offset: offset + int64(start), Raw: body}
		if n := bytes.Count(body, []byte{'\n'}); n > 0 {
			l.EndLine = first + n
		}
		line, offset = line+bytes.Count(text, []byte{'\n'}), offset+int64(len(text))
		var e event
		if err := xml.Unmarshal(body, &e); err != nil || !e.fill(&l) {
			bad.Add(first, "the event is damaged or has no time; it was skipped")
			continue
		}
		sink.Log(&l)
	}
	bad.Close()
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		sink.Problem(hindcast.Problem{File: f.Name, Line: line, Message: "an event is longer than 8 MiB; it and what follows was not read"})
		return nil
	}
	return in.Err()
}

// levels are those that Windows counts.
var levels = map[string]hindcast.Level{
	"0": hindcast.LevelInfo, "1": hindcast.LevelFatal, "2": hindcast.LevelError, "3": hindcast.LevelWarn, "4": hindcast.LevelInfo, "5": hindcast.LevelDebug,
}

// fill fills a record; false when the event has no time.
func (e *event) fill(l *record.Log) bool {
	at, err := time.Parse(time.RFC3339Nano, e.System.TimeCreated.SystemTime)
	if err != nil {
		return false
	}
	l.At, l.Level = at.UnixNano(), levels[strings.TrimSpace(e.System.Level)]
	l.Service = []byte(cmp.Or(e.System.Provider.Name, e.System.Provider.Source))
	l.Instance = []byte(e.System.Computer)
	l.Message = firstLine(cmp.Or(strings.TrimSpace(e.Message), e.data()))
	return true
}

// data is what an event says that was exported without its text.
func (e *event) data() string {
	var b strings.Builder
	b.WriteString("event " + strings.TrimSpace(e.System.EventID))
	for i, d := range e.Data {
		if i == 0 {
			b.WriteString(":")
		}
		b.WriteString(" ")
		if d.Name != "" && !strings.HasPrefix(d.Name, "param") {
			b.WriteString(d.Name + "=")
		}
		b.WriteString(strings.TrimSpace(d.Value))
	}
	return b.String()
}

func firstLine(s string) []byte {
	s, _, _ = strings.Cut(s, "\n")
	return logline.Trim([]byte(s))
}
