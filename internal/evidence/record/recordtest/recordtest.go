// Package recordtest helps to test evidence parsers.
package recordtest

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Log is a copy of a [record.Log] that may be kept.
type Log struct {
	Line, EndLine              int
	Offset                     int64
	At                         string // RFC 3339 with fraction, UTC; empty without a time
	Level                      string
	Service, Instance, Message string
	TraceID, SpanID            string
	Status                     int
	Raw                        string
}

// Sample is a sample with its series.
type Sample struct {
	Series record.Series
	Line   int
	At     string // RFC 3339 with fraction, UTC
	Value  float64
}

// Sink keeps everything it receives.
type Sink struct {
	Events   []hindcast.Event
	Logs     []Log
	Samples  []Sample
	Spans    []record.Span
	Persons  []record.Person
	Problems []hindcast.Problem
}

// Event keeps e.
func (s *Sink) Event(e hindcast.Event) { s.Events = append(s.Events, e) }

// Problem keeps p.
func (s *Sink) Problem(p hindcast.Problem) { s.Problems = append(s.Problems, p) }

// Person keeps p.
func (s *Sink) Person(p record.Person) { s.Persons = append(s.Persons, p) }

// Span keeps a copy of sp.
func (s *Sink) Span(sp *record.Span) { s.Spans = append(s.Spans, *sp) }

// Sample keeps a copy of p.
func (s *Sink) Sample(p *record.Sample) {
	s.Samples = append(s.Samples, Sample{Series: *p.Series, Line: p.Line, At: Time(p.At), Value: p.Value})
}

// Log keeps a copy of l.
func (s *Sink) Log(l *record.Log) {
	s.Logs = append(s.Logs, Log{
		Line: l.Line, EndLine: l.EndLine, Offset: l.Offset, At: Time(l.At), Level: l.Level.String(),
		Service: string(l.Service), Instance: string(l.Instance), Message: string(l.Message),
		TraceID: string(l.TraceID), SpanID: string(l.SpanID), Status: l.Status, Raw: string(l.Raw),
	})
}

// Time formats nanoseconds since the Unix epoch; empty for [record.NoTime].
func Time(ns int64) string {
	if ns == record.NoTime {
		return ""
	}
	return time.Unix(0, ns).UTC().Format(time.RFC3339Nano)
}

// headSize is how much of a file a format sees to recognize it.
const headSize = 64 << 10

// Head returns the head of a file.
func Head(name string, data []byte) record.Head {
	return record.Head{Name: name, Bytes: data[:min(len(data), headSize)], Whole: len(data) <= headSize}
}

// Recognize returns the name of the format that recognizes data, "" for none.
func Recognize(formats []record.Format, name string, data []byte) string {
	best, found := 0, ""
	for _, f := range formats {
		if n := f.Recognize(Head(name, data)); n > best {
			best, found = n, f.Name
		}
	}
	return found
}

// Parse reads data with the format of that name.
func Parse(t testing.TB, formats []record.Format, format string, f *record.File, data []byte) *Sink {
	t.Helper()
	i := slices.IndexFunc(formats, func(f record.Format) bool { return f.Name == format })
	if i < 0 {
		t.Fatalf("no format %q", format)
	}
	sink := &Sink{}
	if err := Read(formats[i], f, data, sink); err != nil {
		t.Fatal(err)
	}
	return sink
}

// Read reads data with one format, lines in a single chunk.
func Read(format record.Format, f *record.File, data []byte, sink record.Sink) error {
	if format.Parse != nil {
		return format.Parse(f, bytes.NewReader(data), sink)
	}
	p := format.Lines(f, Head(f.Name, data))
	if n := p.Cut(data, true); n != len(data) {
		panic("Cut with last must return len(data)")
	}
	p.Chunk(data, 1, 0, sink)
	return nil
}

// Fuzz feeds arbitrary bytes to every format, recognized or not: no panic, and
// every reference lies inside the file. Seeds come from the target's corpus.
func Fuzz(f *testing.F, formats []record.Format, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := bytes.Count(data, []byte("\n")) + 1
		for _, format := range formats {
			format.Recognize(Head("fuzz", data))
			sink := &Sink{}
			if err := Read(format, &record.File{Name: "fuzz", Year: 2024, Size: int64(len(data))}, data, sink); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
			for _, e := range sink.Events {
				if e.Ref.Line < 1 || e.Ref.Line > lines || e.Ref.EndLine > lines || e.Ref.Offset > int64(len(data)) {
					t.Errorf("%s: reference %+v lies outside a file of %d lines", format.Name, e.Ref, lines)
				}
			}
			for _, l := range sink.Logs {
				if l.Line < 1 || l.Line > lines || l.EndLine > lines || l.Offset > int64(len(data)) {
					t.Errorf("%s: log record at line %d lies outside a file of %d lines", format.Name, l.Line, lines)
				}
			}
		}
	})
}
