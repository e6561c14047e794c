// Package record is what evidence parsers produce and how they are plugged in.
//
// A parser turns the bytes of one file into calls on a [Sink]: events for the
// facts of structured sources, and log lines, samples and spans in a bulk form
// that costs no allocation per record. A parser never stops at a bad record: it
// reports a problem with the line and goes on.
//
// A [Format] is recognized from content, never from a name alone, and is either
// parsed as a whole or, when its records are lines, in chunks on several cores.
package record

import (
	"io"
	"time"

	"github.com/hindcast/hindcast"
)

// File is one piece of evidence while it is being read.
type File struct {
	Name   string         // Evidence.Name
	Format string         // Format.Name it is read as
	Zone   *time.Location // zone the user named for zone-less times; nil when none was named
	Year   int            // year for times without one; 0 when unknown
	Day    time.Time      // date and clock of the first of times without a date, as if in UTC; zero when the day is unknown
	Size   int64          // bytes; -1 when unknown (inside a compressed stream)
	// Swapped says that day and month of dates such as 03/04/2024, which can be read both
	// ways, stand in the order other than usual: day first between slashes, month first
	// between dots and dashes.
	Swapped bool
	// Offsets is told of the offsets with which times are written; nil forgets them.
	Offsets *Offsets
}

// disorder is how far a time of day may lie before the first of its file and not be of
// the next day.
const disorder = time.Hour

// DayOf returns the begin of the day of a time of day without a date, as if in UTC: the
// day after Day when the clock has passed midnight since. Day must be known.
func (f *File) DayOf(clock time.Duration) time.Time {
	first := f.Day.Truncate(24 * time.Hour)
	if clock < f.Day.Sub(first)-disorder {
		return first.AddDate(0, 0, 1)
	}
	return first
}

// Sink receives the records of a file in file order. It is used by one
// goroutine at a time. Log, Sample and Span are valid only during the call,
// with all their byte slices; strings may be kept.
type Sink interface {
	Event(hindcast.Event)
	Log(*Log)
	Sample(*Sample)
	Span(*Span)
	Person(Person)
	Problem(hindcast.Problem)
}

// Person is somebody whom a source names by an id of its own in its records, as it
// tells in a file beside them.
type Person struct {
	Source string // before the colon in the ids of its events, "slack"
	ID     string // the attribute "user" of its events
	Name   string
	Zone   string // where they live, as "Europe/Madrid"; empty when unknown
}

// Log is one log record.
type Log struct {
	File     *File
	Line     int   // first physical line, from 1
	EndLine  int   // last physical line (stack traces); 0 or Line for one line
	Offset   int64 // of the first byte
	At       int64 // nanoseconds since the Unix epoch, UTC; NoTime when the record has none
	Level    hindcast.Level
	Service  []byte // service, app or container name; empty when the record has none
	Instance []byte // pod, host or process; empty when none
	TraceID  []byte
	SpanID   []byte
	Message  []byte // without time, level and component; only the first line of a multi-line record
	Status   int    // HTTP status for access logs, else 0
	Raw      []byte // the whole record
}

// NoTime is the At of a record without a time.
const NoTime = int64(-1) << 63

// Series is what a metric's samples have in common. Parsers make one value per
// series and point to it from every sample.
type Series struct {
	File    *File
	Name    string   // metric name
	Service string   // from the labels or the column; may be empty
	Labels  []string // the other labels as "k=v", sorted
}

// Sample is one value of a series. A gap is the absence of a sample.
type Sample struct {
	Series *Series
	Line   int
	At     int64 // nanoseconds since the Unix epoch, UTC
	Value  float64
}

// Span is one operation of a trace.
type Span struct {
	File      *File
	Line      int
	TraceID   string
	SpanID    string
	ParentID  string // empty for a root
	Service   string
	Instance  string // pod or host, when stated
	Operation string
	Start     int64         // nanoseconds since the Unix epoch, UTC
	Duration  time.Duration // of the span
	Error     bool
	Message   string // status description or exception message, when stated
}

// Head is the beginning of a file, for recognition.
type Head struct {
	Name  string // Evidence.Name, a hint only
	Bytes []byte // up to 64 KiB, without a byte order mark
	Whole bool   // Bytes is the whole file
}

// Format is one kind of file. Exactly one of Parse and Lines is set.
type Format struct {
	Name   string // stable, lower case: "pagerduty-log-entries"
	Source string // system the evidence comes from, for people: "PagerDuty"; empty for generic logs
	// Keeps says how long the source keeps the original by default; 0 when it is kept or unknown.
	Keeps time.Duration
	// Recognize returns how sure it is that head begins a file of this format,
	// 0 (not at all) to 100 (a signature nothing else has). The highest wins;
	// among equals the earlier in the list.
	Recognize func(head Head) int
	// Yearless reports whether the times of a file that begins with head lack a
	// year; such a file is read after the others, which tell the year. nil
	// means that times are complete.
	Yearless func(head Head) bool
	// Dayless returns the clock, since midnight, with which the times of a file that
	// begins with head begin when they lack a date; ok is false when they have one. Such
	// a file is read after the others, which tell the day. nil means that times are complete.
	Dayless func(head Head) (clock time.Duration, ok bool)
	// Parse reads the whole file. It returns an error only for failures of r;
	// what is wrong with the content goes to sink as problems.
	Parse func(f *File, r io.Reader, sink Sink) error
	// Lines returns a parser for a file whose records are lines. head is what
	// Recognize saw, so that the parser can settle on a header grammar once;
	// the result may be used by several goroutines at a time.
	Lines func(f *File, head Head) LineParser
}

// LineParser parses a file in chunks. Results do not depend on where a file was cut.
type LineParser interface {
	// Cut returns the length of the longest prefix of data that ends where a
	// record ends, so that no record spans two chunks; 0 when data holds no
	// complete record. last says that the file ends after data: then it
	// returns len(data).
	Cut(data []byte, last bool) int
	// Chunk parses the records of data, whose first byte is at offset and on
	// the physical line given (from 1).
	Chunk(data []byte, line int, offset int64, sink Sink)
}

// Discard is a [Sink] that keeps nothing, for formats that look into a head.
type Discard struct{}

// Event implements [Sink].
func (Discard) Event(hindcast.Event) {}

// Log implements [Sink].
func (Discard) Log(*Log) {}

// Sample implements [Sink].
func (Discard) Sample(*Sample) {}

// Span implements [Sink].
func (Discard) Span(*Span) {}

// Person implements [Sink].
func (Discard) Person(Person) {}

// Problem implements [Sink].
func (Discard) Problem(hindcast.Problem) {}
