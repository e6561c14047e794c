package logtime

import (
	"bytes"
	"time"
)

// byArea stands for the offset of a zone that is written as a place, which
// depends on the time.
const byArea = 1 << 30

// area is a zone as a place, Europe/Berlin, in the bracket of a time.
type area struct {
	text [32]byte
	n    int
	zone *time.Location // nil when there is no such place
	none int            // how many words were no places
}

// enoughWords is after how many words that are no places no more are looked up: a
// message begins with such words, "Listener/17]", and each lookup may read files.
const enoughWords = 16

// read reads the place that b begins with, up to the bracket that must follow;
// words of a message are none.
func (a *area) read(b []byte) bool {
	if len(b) < 5 || !upper(b[0]) || upper(b[1]) || b[0] > 'P' {
		return false
	}
	n := bytes.IndexByte(b[:min(len(b), len(a.text))], ']')
	if n < 0 || bytes.IndexByte(b[:n], '/') < 3 || bytes.IndexByte(b[:n], ' ') >= 0 {
		return false
	}
	if string(b[:n]) != string(a.text[:a.n]) {
		if a.none >= enoughWords {
			return false
		}
		a.n = copy(a.text[:], b[:n])
		if a.zone, _ = time.LoadLocation(string(b[:n])); a.zone == nil {
			a.none++
		}
	}
	return a.zone != nil
}

// offset returns the nanoseconds east of UTC at a local time.
func (a *area) offset(local int64) int64 {
	t := time.Unix(0, local).UTC()
	_, east := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, a.zone).Zone()
	return int64(east) * 1e9
}
