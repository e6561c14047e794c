// Package signal holds what the bulk evidence of an incident amounts to: log
// templates with their counts over time, metric series, and calls between
// services. It is what detectors look at. All slices are in a fixed order, so
// that the same evidence gives the same signals on one core or many.
package signal

import (
	"iter"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Bucket is the width of a count bucket.
const Bucket = 10 * time.Second

// Mark points to one record.
type Mark struct {
	At      int64 // nanoseconds since the Unix epoch, UTC; record.NoTime when the record has none
	File    *record.File
	Line    int
	EndLine int // 0 or Line for one line
	Offset  int64
}

// Count is how often something happened in one bucket.
type Count struct {
	Bucket int64 // index: Unix time divided by Bucket, rounded down
	N      uint32
	Line   int32  // first physical line of the bucket's earliest record; 0 when it was not kept
	Micros uint32 // of that record: microseconds after the bucket began
	File   uint16 // of that record: index in Counts.Files
}

// Counts is one template in one service over time.
type Counts struct {
	Service string
	Total   int
	Buckets []Count // ascending, only those with N > 0; records without a time are in Total alone
	First   Mark    // earliest record
	Last    Mark
	Files   []*record.File // that Count.File counts in; empty when lines were not kept
}

// Mark returns the earliest record of the bucket at an index.
func (c *Counts) Mark(i int) Mark {
	if i == 0 {
		return c.First
	}
	b := c.Buckets[i]
	m := Mark{At: b.Bucket*int64(Bucket) + int64(b.Micros)*1000, Line: int(b.Line)}
	if int(b.File) < len(c.Files) {
		m.File = c.Files[b.File]
	}
	return m
}

// Runs ranges over the earliest record of each bucket, and whether a silence of more
// than a pause was before it.
func (c *Counts) Runs(pause time.Duration) iter.Seq2[Mark, bool] {
	return func(yield func(Mark, bool) bool) {
		var last int64
		for i := range c.Buckets {
			m := c.Mark(i)
			if !yield(m, i == 0 || m.At-last > int64(pause)) {
				return
			}
			last = m.At
		}
	}
}

// Template is one shape of log message.
type Template struct {
	ID       string         // stable: a hash of Text
	Text     string         // canonical text, <*> stands for a variable
	Level    hindcast.Level // most severe level seen on at least a tenth of the lines
	Total    int
	Services []Counts // by service name
	Example  string   // message of the earliest record, at most 512 bytes; may hold secrets: redact before showing
	Status   int      // HTTP status class of access-log templates (200, 300, 400, 500), else 0
}

// Series is one metric over time.
type Series struct {
	File    *record.File
	Name    string
	Service string
	Labels  []string
	At      []int64 // ascending nanoseconds since the Unix epoch
	Value   []float64
	Line    []int32
}

// Edge is the calls of one operation from one service to another.
type Edge struct {
	Caller    string // empty at the entrance
	Callee    string
	Operation string
	Start     []int64 // ascending nanoseconds since the Unix epoch
	Micros    []int64 // duration of each call
	Self      []int64 // duration less the time in child spans, microseconds, not below zero
	Failed    []bool
	First     Mark   // earliest failed call, else earliest call
	Message   string // of the earliest failed call
}

// Set is everything the bulk evidence says.
type Set struct {
	Templates []Template // by Text
	Series    []Series   // by service, name, labels, file
	Edges     []Edge     // by callee, caller, operation
	Traces    []Trace    // instances seen running each service, by service
	Jobs      []Job      // that a scheduler started, in order of time
	Calls     Calls      // the spans themselves; empty when there are too many to keep
}

// Job is one start of a command by a scheduler such as cron.
type Job struct {
	Mark    Mark
	Title   string // one line for people, no secret
	Name    string // of the script, without its ending; may be empty
	Earlier int    // how often the same command was started before
}

// Calls are the spans of all traces with what was logged in them.
type Calls struct {
	Ops   []Op   // by service, name
	Spans []Span // by start
	// Logged are the half seconds since the Unix epoch in which any span logged
	// something, ascending: where there are none, nobody kept logs.
	Logged []int64
}

// Op is one operation of a service.
type Op struct{ Service, Name string }

// Span is one execution of an operation.
type Span struct {
	Op     int32 // index into Calls.Ops
	Parent int32 // index into Calls.Spans; -1 for none
	Start  int64 // nanoseconds since the Unix epoch
	Micros int64 // duration
	Self   int64 // duration less the time in child spans, microseconds, not below zero
	Failed bool
	Logs   []TemplateCount // by template
}

// TemplateCount is how often a template was logged.
type TemplateCount struct {
	Template int32 // index into Set.Templates
	N        int32
}

// Trace counts the spans of one service's instance over time.
type Trace struct {
	Service  string
	Instance string
	Buckets  []Count
}

// Detection is one thing that a detector found in the signals.
type Detection struct {
	Detector  string // "new-template", "vanished-template", "rate-change", "metric-change", "slow-edge", "failing-edge", "missing-instance"
	From      int64  // nanoseconds since the Unix epoch: when it began
	To        int64  // when it ended or the evidence does; at least From
	Peak      int64  // when it was furthest from normal, from From to To; 0 when that means nothing
	Eased     int64  // when it began to get better for good, from From to To; 0 when that is not known
	Service   string
	Subject   string  // template id, series name with labels, or edge: the same for the same thing
	Direction int     // +1 more or higher, -1 fewer or lower, 0 neither
	Bad       bool    // by its nature a failure, whichever the Direction: more errors, longer waits, fewer successes, lost requests; that it ends is To, no Detection of its own
	Effect    float64 // natural unit of the detector: ratio of rates, shift in spreads
	Surprise  float64 // calibrated: -log10 of the chance to see this on quiet evidence of the same kind and amount
	Title     string  // one line for people, no secret
	Why       string  // the numbers: before, after, spread, n
	Marks     []Mark  // records that show it, the earliest first
}
