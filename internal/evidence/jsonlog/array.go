package jsonlog

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// arrays are where exports of cloud logs keep their records.
var arrays = []string{"", "events", "entries", "logEntries", "logs", "records", "data", "results", "data.actor.account.nrql.results", "items", "messages", "value"}

const sureArray = 38

// arrayFormat reads documents that hold log records in an array, as exports of
// cloud logging services do.
func arrayFormat() record.Format {
	return record.Format{
		Name: "json-log-array",
		Recognize: func(h record.Head) int {
			var r recognizer
			r.look(h, arrays)
			if r.enough() {
				return sureArray
			}
			return 0
		},
		Parse: parseArray,
	}
}

// recognizer counts the records of a head that are logs.
type recognizer struct{ all, logs int }

// enough reports whether most records are logs.
func (r *recognizer) enough() bool { return r.logs > 0 && r.logs*2 > r.all }

func (r *recognizer) look(h record.Head, paths []string) {
	data := bytes.TrimSpace(h.Bytes)
	if len(data) == 0 || data[0] != '[' && (data[0] != '{' || lines(data)) {
		return
	}
	var top recognizer // top-level objects; several are a log printed with indentation, one is a document
	scan := scanner{rec: &logfield.Record{}}
	_ = jsonrec.Each(&record.File{}, bytes.NewReader(data[:min(len(data), 16<<10)]), record.Discard{}, func(rec jsonrec.Record) {
		n := r
		if rec.Path == "" && data[0] == '{' {
			n = &top
		}
		n.all++
		scan.rec.Reset()
		if scan.scan(rec.Raw, 0) && scan.rec.Has(logfield.Time) && (scan.rec.Logged() || scan.rec.Requested()) {
			n.logs++
		}
	}, paths...) // reading from memory does not fail
	if top.all > 1 {
		r.all, r.logs = r.all+top.all, r.logs+top.logs
	}
}

// lines reports whether data is several lines and the first is an object by
// itself.
func lines(data []byte) bool {
	line, _, more := bytes.Cut(data, []byte{'\n'})
	return more && json.Valid(line)
}

func parseArray(f *record.File, in io.Reader, sink record.Sink) error {
	r := NewReader(f)
	service := []byte(logname.Service(f.Name))
	err := jsonrec.Each(f, in, sink, func(rec jsonrec.Record) {
		l := record.Log{File: f, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: record.NoTime, Raw: rec.Raw}
		if !r.Read(rec.Raw, &l) {
			sink.Problem(rec.Problem("this is not a log record; it was skipped"))
			return
		}
		if len(l.Service) == 0 {
			l.Service = service
		}
		sink.Log(&l)
	}, arrays...)
	r.Report(sink)
	return err
}
