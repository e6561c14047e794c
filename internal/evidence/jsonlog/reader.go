package jsonlog

import (
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// Reader makes log records of JSON objects for formats that wrap them in their
// own way. It is for one goroutine at a time.
type Reader struct{ r *reader }

// NewReader returns a Reader for the objects of f.
func NewReader(f *record.File) *Reader { return &Reader{newReader(f, textlog.SettleMessages(nil))} }

// Read fills l from an object; what the object does not say is left as it is in
// l. ok is false when it is not a complete object. What l points to is valid
// until the next call.
func (r *Reader) Read(object []byte, l *record.Log) (ok bool) { return r.r.read(object, l) }

// Report sends what the times read so far lack to sink, as problems.
func (r *Reader) Report(sink record.Sink) { r.r.report(sink) }
