package jsonlog

import (
	"bytes"
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// stream is an element of the answer of Loki's query API: lines with common labels.
type stream struct {
	Stream map[string]string `json:"stream"`
	Values [][2]string       `json:"values"` // nanoseconds, line
}

const sureLoki = 80

// lokiFormat reads the answer of Loki's query_range API.
func lokiFormat() record.Format {
	return record.Format{
		Name: "loki-streams", Source: "Loki",
		Recognize: func(h record.Head) int {
			b := h.Bytes[:min(len(h.Bytes), 4096)]
			if bytes.Contains(b, []byte(`"stream"`)) && jsonrec.Sniff(h.Bytes).Most(func(f jsonrec.Fields) bool { return f["stream"] == "{" && f["values"] == "[" }) {
				return sureLoki
			}
			if bytes.Contains(b, []byte(`"resultType"`)) && bytes.Contains(b, []byte(`"streams"`)) && bytes.Contains(b, []byte(`"stream"`)) {
				return sureLoki
			}
			return 0
		},
		Parse: parseLoki,
	}
}

func parseLoki(f *record.File, in io.Reader, sink record.Sink) error {
	r := NewReader(f)
	err := jsonrec.Each(f, in, sink, func(rec jsonrec.Record) {
		var s stream
		if !rec.Decode(&s, sink) {
			return
		}
		for _, v := range s.Values {
			at, ok := logtime.Number([]byte(v[0]))
			if !ok {
				sink.Problem(rec.Problem("a value has no time in nanoseconds; it was skipped"))
				continue
			}
			l := record.Log{File: f, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: at, Raw: []byte(v[1])}
			r.value(&s, &l)
			sink.Log(&l)
		}
	}, "data.result", "result", "")
	r.Report(sink)
	return err
}

// value fills l from a line and the labels of its stream. The time that Loki
// keeps wins over one in the line.
func (r *Reader) value(s *stream, l *record.Log) {
	at, line := l.At, l.Raw
	if !r.Read(line, l) {
		r.rec.Reset()
		text := line
		if assigns(text) {
			r.rec.Pairs(text, 0)
			if r.rec.Has(logfield.Message) {
				text = r.rec.Text(logfield.Message)
			}
		}
		r.rec.Fill(l, r.clock)
		l.Message = r.rec.Message(r.cutHeader(bytes.TrimSpace(text), l), l.Status)
	}
	l.At = at
	var labels logfield.Record
	for k, v := range s.Stream {
		labels.Set(logfield.Lookup("", []byte(k)), logfield.Value{Text: []byte(v), Quoted: true}, 0)
	}
	var from record.Log
	labels.Fill(&from, r.clock)
	if len(from.Service) > 0 {
		l.Service = from.Service
	}
	if len(from.Instance) > 0 {
		l.Instance = from.Instance
	}
	if l.Level == hindcast.LevelUnknown {
		l.Level = from.Level
	}
}
