package evidence

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// counter passes records on and counts them for the evidence list.
type counter struct {
	sink     record.Sink
	file     *file
	records  int
	problems int
	assumed  bool
	from, to int64
	zone     string // of the last event
}

func (c *counter) seen(at int64) {
	c.records++
	if at == record.NoTime {
		return
	}
	c.from, c.to = min(c.from, at), max(c.to, at)
}

// Event passes on a fact.
func (c *counter) Event(e hindcast.Event) {
	at := record.NoTime
	if !e.At.IsZero() {
		at = e.At.UnixNano()
	}
	c.seen(at)
	if e.Zone != c.zone {
		c.zone = e.Zone
		if z, ok := offset(e.Zone); ok {
			c.file.Offsets.Note(z)
		}
	}
	c.sink.Event(e)
}

// Log passes on a log record, as a fact when it is what somebody did.
func (c *counter) Log(l *record.Log) {
	if d := deedsOf(); d.may(l) {
		if e, ok := d.read(l); ok {
			c.Event(e)
			return
		}
	}
	c.seen(l.At)
	c.sink.Log(l)
}

// Sample passes on a sample.
func (c *counter) Sample(s *record.Sample) {
	c.seen(s.At)
	c.sink.Sample(s)
}

// Span passes on a span.
func (c *counter) Span(s *record.Span) {
	c.seen(s.Start)
	c.sink.Span(s)
}

// Person passes on a person.
func (c *counter) Person(p record.Person) { c.sink.Person(p) }

// Problem passes on a problem. Times that were read as UTC are something to
// know, not a record that could not be read.
func (c *counter) Problem(p hindcast.Problem) {
	if p.Line == 0 && p == stamp.Assumed(&c.file.File) {
		c.assumed = true
	} else {
		c.problems++
	}
	c.sink.Problem(p)
}

// done adds the counts to the file's.
func (c *counter) done() {
	f := c.file
	f.mu.Lock()
	defer f.mu.Unlock()
	f.records += c.records
	f.problems += c.problems
	f.assumed = f.assumed || c.assumed
	if c.to == record.NoTime {
		return
	}
	if f.to == 0 {
		f.from, f.to = c.from, c.to
		return
	}
	f.from, f.to = min(f.from, c.from), max(f.to, c.to)
}
