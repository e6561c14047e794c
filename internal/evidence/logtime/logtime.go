// Package logtime reads the times at the beginning of log lines from bytes,
// without allocation and at a few ten nanoseconds each.
//
// One scanner knows all layouts: ISO 8601 and its relatives, syslog, common
// log format, ctime, epoch numbers, compact and yearless forms. What a layout
// leaves open, such as which of two numbers is the month, is settled once per
// file and passed in as a [Habit].
package logtime

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// Stamp is a time that stands in a line.
type Stamp struct {
	At       int64 // nanoseconds since the Unix epoch, UTC; record.NoTime when year or date is missing
	N        int   // length in bytes, with fraction, zone and trailing year
	Month    int   // of the date as written, 1 to 12; 0 when only a time of day or a number was written
	Yearless bool  // the date is written without a year
	Epoch    bool  // a bare number
}

// Order is the order of numbers in dates such as 03/04/2024.
type Order uint8

// The orders. They only matter for dates that do not begin with a year of four
// digits.
const (
	Usual      Order = iota // 03/15/2024, 15.03.2024, 15-03-2024, 24/03/15, 03-15
	DayFirst                // 15/03/2024, 15/03/24, 15.03
	MonthFirst              // 03/15/24, 03-15-2024, 03.15.2024
)

// Orders are all orders, the likeliest first.
var Orders = [...]Order{Usual, MonthFirst, DayFirst}

// Habit is what a file's own times tell about how to read them.
type Habit struct {
	Order Order
	// TurnMonth is set when yearless times pass from one year to the next in
	// the beginning of the file: then months from TurnMonth on belong to the
	// year before File.Year.
	TurnMonth int

	swapped bool // day and month of a date with a year of four digits are, by other files
}

// Clock reads the times of one file. It remembers the last date and zone, so
// it is for one goroutine at a time; what it returns does not depend on what
// it has read before.
type Clock struct {
	file  *record.File
	habit Habit

	minute minute   // the last one
	key    [24]byte // the last date as written, up to its time of day
	keyN   int
	date   date
	word   [8]byte // the last word where a zone may stand
	wordN  int
	named  bool // it is one
	east   int  // its offset in seconds
	area   area // the last zone by its place
	slot   int64
	local  int64 // offset of the file's zone in the quarter hour slot
	lacks  lacks
	zoned  int // times with a zone, and without one; those of one minute may count once
	bare   int
	told   int    // the last offset that was noted, in seconds
	utc    *Clock // for ReadUTC
}

// lacks says what the times read so far leave out.
type lacks uint8

const (
	lacksYear lacks = 1 << iota
	lacksDate
	lacksForm // known to us
)

// few is how many times with a zone stand for one without, at which that is a line that was
// cut off and no habit of the file.
const few = 20

// untold is no offset.
const untold = -1 << 31

// NewClock returns a Clock for f, which names zone and year of incomplete times.
func NewClock(f *record.File, h Habit) *Clock {
	h.swapped = f.Swapped && h.Order == Usual
	return &Clock{file: f, habit: h, slot: -1 << 62, told: untold}
}

// Read reads the time that b begins with. ok is false when it begins with none.
func (c *Clock) Read(b []byte) (s Stamp, ok bool) {
	if c.minute.begins(b) {
		if s, ok = c.second(b); ok {
			return s, true
		}
	}
	if n := c.keyN; n > 0 && len(b) > n && string(b[:n]) == string(c.key[:n]) {
		if s, ok = c.finish(b, n, c.date); ok {
			return s, true
		}
	}
	if len(b) < 8 {
		return Stamp{}, false
	}
	if !digit(b[0]) {
		d, n := namedDate(b)
		return c.first(b, n, d)
	}
	run := digits(b)
	switch {
	case run >= 9:
		return epoch(b)
	case run <= 2 && b[run] == ':':
		return c.finish(b, 0, date{})
	}
	d, n := numericDate(b, run, c.habit)
	return c.first(b, n, d)
}

// Beside calls read, which reads a time that stands beside the record's own: what that
// leaves out is not reported.
func (c *Clock) Beside(read func()) {
	lacks, zoned, bare := c.lacks, c.zoned, c.bare
	read()
	c.lacks, c.zoned, c.bare = lacks, zoned, bare
}

// ReadUTC is [Clock.Read] for times that are in UTC by their format when they
// carry no zone.
func (c *Clock) ReadUTC(b []byte) (s Stamp, ok bool) {
	if c.utc == nil {
		c.utc = NewClock(&record.File{Zone: time.UTC}, c.habit)
	}
	return c.utc.Read(b)
}

// first reads the rest after a date of n bytes and remembers the date; it is no
// date when n is 0.
func (c *Clock) first(b []byte, n int, d date) (Stamp, bool) {
	if n == 0 {
		return Stamp{}, false
	}
	if n <= len(c.key) {
		c.keyN, c.date = copy(c.key[:], b[:n]), d
	}
	return c.finish(b, n, d)
}

// finish reads the time of day, the zone and a trailing year at b[n:].
func (c *Clock) finish(b []byte, n int, d date) (Stamp, bool) {
	begin := n
	nanos, m := timeOfDay(b[n:], d.compact)
	if m == 0 && d.dotted {
		nanos, m = dottedMinute(b[n:])
	}
	if m == 0 || d.month == 0 && m < 7 {
		return Stamp{}, false
	}
	n += m
	east, m, zoned := c.readZone(b, n)
	n += m
	if zoned && east != c.told && east != byArea {
		c.told = east
		c.file.Offsets.Note(time.Duration(east) * time.Second)
	}
	if d.trailing {
		if y, m := trailingYear(b[n:]); m > 0 {
			d.year, n = y, n+m
		}
	}
	s := Stamp{At: record.NoTime, N: n, Month: d.month}
	if d.year == 0 && d.month != 0 {
		s.Yearless = true
		d.year = c.year(d.month)
	}
	switch {
	case d.month == 0 && !c.file.Day.IsZero():
		s.At = c.universal(c.file.DayOf(time.Duration(nanos)).UnixNano()+nanos, east, zoned)
	case d.month == 0:
		c.lacks |= lacksDate
	case d.year == 0:
		c.lacks |= lacksYear
	default:
		day := days(d.year, d.month, d.day) * 86400e9
		if !d.trailing {
			c.minute.keep(b, begin, day, nanos, s)
		}
		s.At = c.universal(day+nanos, east, zoned)
	}
	return s, true
}

// universal returns a local time in UTC.
func (c *Clock) universal(local int64, east int, zoned bool) int64 {
	if zoned {
		c.zoned++
		if east == byArea {
			return local - c.area.offset(local)
		}
		return local - int64(east)*1e9
	}
	c.bare++
	return local - c.fileOffset(local)
}

// year returns the year of a yearless time; 0 when it is not known.
func (c *Clock) year(month int) int {
	if c.habit.TurnMonth > 0 && month >= c.habit.TurnMonth && c.file.Year > 0 {
		return c.file.Year - 1
	}
	return c.file.Year
}

// fileOffset returns the nanoseconds east of UTC of the file's zone at a local
// time; 0 when the user named no zone.
func (c *Clock) fileOffset(local int64) int64 {
	if c.file.Zone == nil {
		return 0
	}
	const quarter = 900e9
	if slot := local / quarter; slot != c.slot {
		t := time.Unix(0, local).UTC()
		at := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, c.file.Zone)
		_, east := at.Zone()
		c.slot, c.local = slot, int64(east)*1e9
	}
	return c.local
}

// readZone reads the zone that may follow a time of day at b[n:].
func (c *Clock) readZone(b []byte, n int) (east, length int, ok bool) {
	if n >= len(b) {
		return 0, 0, false
	}
	switch b[n] {
	case 'Z', 'z':
		if n+1 == len(b) || !alnum(b[n+1]) {
			return 0, 1, true
		}
		return 0, 0, false
	case '+', '-':
		return numericZone(b[n:], false)
	case ' ':
		if n+4 > len(b) {
			return 0, 0, false
		}
		if b[n+1] == '+' || b[n+1] == '-' {
			if east, length, ok = numericZone(b[n+1:], true); ok {
				length++
			}
			return east, length, ok
		}
		if c.area.read(b[n+1:]) {
			return byArea, 1 + c.area.n, true
		}
		return c.namedZone(b[n:])
	}
	return 0, 0, false
}

// namedZone reads a blank and a zone abbreviation.
func (c *Clock) namedZone(b []byte) (east, length int, ok bool) {
	if !upper(b[1]) || !upper(b[2]) {
		return 0, 0, false
	}
	i := 3
	for i < len(b) && i <= len(c.word) && upper(b[i]) {
		i++
	}
	if i < len(b) && alnum(b[i]) {
		return 0, 0, false
	}
	if string(b[1:i]) != string(c.word[:c.wordN]) {
		c.wordN = copy(c.word[:], b[1:i])
		c.east, c.named = stamp.Abbreviation(string(b[1:i]))
	}
	if !c.named {
		return 0, 0, false
	}
	return c.east, i, true
}

// Unknown notes that a text which should have been a time could not be read.
func (c *Clock) Unknown() { c.lacks |= lacksForm }

// Report sends the problems of incomplete times read so far to sink.
func (c *Clock) Report(sink record.Sink) {
	if c.bare*few > c.zoned && c.file.Zone == nil {
		sink.Problem(stamp.Assumed(c.file))
	}
	if c.lacks&lacksYear != 0 {
		sink.Problem(hindcast.Problem{File: c.file.Name, Message: "times carry no year, so the lines were read without times; name the year with --year YEAR"})
	}
	if c.lacks&lacksDate != 0 {
		sink.Problem(hindcast.Problem{File: c.file.Name, Message: "times carry no date, so the lines were read without times; export the log with dates"})
	}
	if c.lacks&lacksForm != 0 {
		sink.Problem(hindcast.Problem{File: c.file.Name, Message: "some times are written in a way that is not known, so their lines were read without times; export the log with RFC 3339 times"})
	}
}

// Number reads an epoch number, an integer or decimal, in the unit that puts
// it between 1990 and 2100.
func Number(b []byte) (at int64, ok bool) {
	s, ok := readEpoch(b)
	return s.At, ok && s.N == len(b)
}

func epoch(b []byte) (Stamp, bool) {
	s, ok := readEpoch(b)
	if ok && s.N < len(b) && (alnum(b[s.N]) || b[s.N] == '-' || b[s.N] == '.') {
		return Stamp{}, false
	}
	return s, ok
}
