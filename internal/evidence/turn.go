package evidence

import (
	"bytes"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// turn puts right the times of a file without zones where clocks change. In the
// hour that occurs twice, records are told apart by their order: it goes one way,
// so a step back of more than a jitter is the change of the clocks. What was read
// in an hour that did not occur is reported.
type turn struct {
	loc     *time.Location
	rises   int       // how much more often the times rise than fall
	before  time.Time // the record before; zero for the first
	doubled bool      // it lies in an hour that occurs twice
	late    bool      // in the second of the two
	doubt   doubt
	skipped doubt
}

// doubt is what is reported about one change of clocks.
type doubt struct {
	at     time.Time // of the first record; zero when there is none
	line   int       // of the first record
	second int       // line at which the order of the records turns; 0 when it does not
}

// jitter is how far times of records beside one another may step back without a
// change of clocks.
const jitter = 2 * time.Minute

// newTurn returns the turn of a file, nil when its clocks are never put back.
func newTurn(loc *time.Location) *turn {
	if loc == nil || loc == time.UTC {
		return nil
	}
	return &turn{loc: loc}
}

// place returns the moment of a record that was read as t.
func (u *turn) place(t time.Time, line int) time.Time {
	other, twice := stamp.Twice(t, u.loc)
	if !twice {
		u.step(t)
		u.doubled = false
		return t
	}
	early, late := t, other
	if late.Before(early) {
		early, late = late, early
	}
	down := u.rises < 0 || u.rises == 0 && u.before.After(late)
	if !u.doubled {
		u.late = down
		if u.doubt.at.IsZero() {
			u.doubt = doubt{at: t, line: line}
		}
	} else if back := u.early(u.before).Sub(early); !down && back > jitter && !u.late || down && back < -jitter && u.late {
		u.late = !u.late
		u.doubt.second = line
	}
	at := early
	if u.late {
		at = late
	}
	u.step(at)
	u.doubled = true
	return at
}

// early returns the first of the two moments of a reading.
func (u *turn) early(t time.Time) time.Time {
	if other, ok := stamp.Twice(t, u.loc); ok && other.Before(t) {
		return other
	}
	return t
}

// step notes a record, and which way times go.
func (u *turn) step(t time.Time) {
	switch {
	case u.before.IsZero():
	case t.After(u.before):
		u.rises++
	case t.Before(u.before):
		u.rises--
	}
	u.before = t
}

// report tells what was read in doubt. A nil turn has nothing to tell.
func (u *turn) report(name string, sink record.Sink) {
	if u == nil {
		return
	}
	if c, counts := sink.(turning); counts {
		sink = c.Sink.(*counter).sink // something to know, not a record that could not be read
	}
	if d := u.doubt; !d.at.IsZero() {
		sink.Problem(hindcast.Problem{File: name, Line: d.line, Message: stamp.TwiceMessage(d.at, u.loc, d.second)})
	}
	if d := u.skipped; !d.at.IsZero() {
		sink.Problem(hindcast.Problem{File: name, Line: d.line, Message: stamp.SkippedMessage(d.at, u.loc)})
	}
}

// turning passes records on with their times put right.
type turning struct {
	record.Sink
	turn *turn
}

// Event puts right the time of an event whose record states no zone.
func (s turning) Event(e hindcast.Event) {
	if e.Zone == s.turn.loc.String() {
		e.At = s.turn.place(e.At, e.Ref.Line)
	}
	s.Sink.Event(e)
}

// Log puts right the time of a log record that states no zone.
func (s turning) Log(l *record.Log) {
	if l.At != record.NoTime {
		s.log(l)
	}
	s.Sink.Log(l)
}

func (s turning) log(l *record.Log) {
	u, t := s.turn, time.Unix(0, l.At).UTC()
	if _, twice := stamp.Twice(t, u.loc); !twice || local(l.Raw, t.In(u.loc)) {
		l.At = u.place(t, l.Line).UnixNano()
	}
	shown := t.In(u.loc)
	if !u.leaps(t) || local(l.Raw, shown) {
		return
	}
	for _, by := range [...]time.Duration{-time.Hour, time.Hour} {
		if !local(l.Raw, reading(shown).Add(by)) {
			continue
		}
		if by > 0 { // it was read as an hour earlier
			t = t.Add(by)
			l.At = t.UnixNano()
		}
		if u.skipped.at.IsZero() {
			u.skipped = doubt{at: t, line: l.Line}
		}
	}
}

// reading is what a clock shows, as if it were UTC.
func reading(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// leaps reports whether clocks are put forward within an hour of a moment.
func (u *turn) leaps(t time.Time) bool {
	_, before := t.Add(-time.Hour).In(u.loc).Zone()
	_, after := t.Add(time.Hour).In(u.loc).Zone()
	return after > before
}

// local reports whether a record shows a time of day, and no zone after it.
func local(raw []byte, t time.Time) bool {
	i := bytes.Index(raw, []byte(t.Format(time.TimeOnly)))
	if i < 0 {
		return false
	}
	rest := bytes.TrimLeft(raw[i+len(time.TimeOnly):], ".,0123456789")
	rest = bytes.TrimPrefix(rest, []byte(" "))
	word, _, _ := bytes.Cut(rest, []byte(" "))
	if _, zone := stamp.Abbreviation(string(word)); zone || bytes.HasPrefix(rest, []byte("Z")) {
		return false
	}
	return len(rest) < 2 || rest[0] != '+' && rest[0] != '-' || rest[1] < '0' || rest[1] > '9'
}
