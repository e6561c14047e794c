// Package journal reads what journalctl prints of systemd's journal with all its
// fields:
//
//	journalctl -o export     fields as KEY=value, a blank line between entries     journal-export
//	journalctl -o verbose    a line with the time, the fields below it, indented   journal-verbose
//
// journalctl -o json is a log of JSON, and the other outputs are text.
package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// sure is more than that of the text logs, which these outputs look like.
const sure = 90

// Formats returns the formats of the journal.
func Formats() []record.Format {
	return []record.Format{
		{Name: "journal-export", Source: "journald", Recognize: recognizeExport, Parse: parseExport},
		{Name: "journal-verbose", Source: "journald", Recognize: recognizeVerbose, Lines: newVerbose},
	}
}

func recognizeExport(h record.Head) int {
	for _, begin := range []string{"__CURSOR=", "__REALTIME_TIMESTAMP=", "__MONOTONIC_TIMESTAMP="} {
		if bytes.HasPrefix(bytes.TrimLeft(h.Bytes, "\r\n"), []byte(begin)) {
			return sure
		}
	}
	return 0
}

// entry is the entry that is being read.
type entry struct {
	log     record.Log
	fields  logfield.Record
	message []byte
	any     bool // it has fields
}

// begin begins an entry at a place.
func (e *entry) begin(f *record.File, line int, offset int64) {
	e.log = record.Log{File: f, Line: line, Offset: offset, At: record.NoTime}
	e.fields.Reset()
	e.message, e.any = nil, false
}

// set takes note of a field.
func (e *entry) set(key, value []byte) {
	e.any = true
	if string(key) == "MESSAGE" {
		e.message = value
		return
	}
	e.fields.Set(logfield.Lookup("", key), logfield.Value{Text: value, Quoted: true}, 0)
}

// give fills the record and passes it on.
func (e *entry) give(clock *logtime.Clock, at int64, service, raw []byte, sink record.Sink) {
	if !e.any {
		return
	}
	e.fields.Fill(&e.log, clock)
	if at != record.NoTime {
		e.log.At = at
	}
	if e.log.At == record.NoTime && e.message == nil {
		return // it breaks off behind the cursor
	}
	if len(e.log.Service) == 0 {
		e.log.Service = service
	}
	first, _, _ := bytes.Cut(bytes.TrimSpace(e.message), []byte{'\n'})
	e.log.Message, e.log.Raw = logline.Trim(first), raw
	sink.Log(&e.log)
}

// maxField is the largest field that is read.
const maxField = 16 << 20

// export is the reading of an export.
type export struct {
	in     *bufio.Reader
	raw    []byte // of the entry
	line   int    // of what is read next
	offset int64
}

func parseExport(f *record.File, r io.Reader, sink record.Sink) error {
	x := export{in: bufio.NewReaderSize(r, 64<<10), line: 1}
	clock := logtime.NewClock(f, logtime.Habit{})
	bad := logline.Problems{File: f, Sink: sink}
	service := []byte(logname.Service(f.Name))
	var e entry
	e.begin(f, 1, 0)
	for {
		at := x.line
		key, value, err := x.field()
		if errors.Is(err, errDamaged) {
			bad.Add(at, "the field is damaged; it was skipped")
			continue
		}
		if key == nil || err != nil {
			last := max(e.log.Line, at-1)
			if e.log.EndLine = last; last == e.log.Line {
				e.log.EndLine = 0
			}
			e.give(clock, record.NoTime, service, x.raw, sink)
			x.raw = nil // the record may be kept
			e.begin(f, x.line, x.offset)
		} else {
			e.set(key, value)
		}
		if err != nil {
			bad.Close()
			clock.Report(sink)
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

var errDamaged = errors.New("damaged")

// field reads one field; key is nil for the blank line between entries. What it
// returns is a part of raw.
func (x *export) field() (key, value []byte, err error) {
	text, err := x.text()
	if len(text) == 0 {
		return nil, nil, err
	}
	key, value, ok := bytes.Cut(text, []byte{'='})
	switch {
	case !isKey(key):
		return nil, nil, errDamaged
	case ok:
		return key, value, nil
	case err != nil:
		return nil, nil, err
	}
	var size [8]byte
	if _, err := io.ReadFull(x.in, size[:]); err != nil {
		return nil, nil, io.EOF
	}
	x.passed(size[:])
	n := binary.LittleEndian.Uint64(size[:])
	if n > maxField {
		return nil, nil, errDamaged
	}
	at := len(x.raw)
	x.raw = append(x.raw, make([]byte, n+1)...)
	if _, err := io.ReadFull(x.in, x.raw[at:]); err != nil {
		x.raw = x.raw[:at]
		return nil, nil, io.EOF
	}
	x.passed(x.raw[at:])
	return key, x.raw[at : at+int(n)], nil
}

// text reads a line, without its end. It is an error when it is the last.
func (x *export) text() ([]byte, error) {
	at := len(x.raw)
	for {
		part, err := x.in.ReadSlice('\n')
		x.passed(part)
		if len(x.raw)-at <= maxField {
			x.raw = append(x.raw, part...)
		}
		if err != bufio.ErrBufferFull {
			return bytes.TrimRight(x.raw[at:], "\r\n"), err
		}
	}
}

// passed counts what was read.
func (x *export) passed(b []byte) {
	x.line += bytes.Count(b, []byte{'\n'})
	x.offset += int64(len(b))
}

// isKey reports whether b is the name of a field: capital letters, digits and
// underscores.
func isKey(b []byte) bool {
	for _, c := range b {
		if c-'A' >= 26 && c-'0' >= 10 && c != '_' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= 64
}
