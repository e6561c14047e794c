package logtime

import (
	"bytes"
	"time"
)

// date is a calendar date as far as it is written.
type date struct {
	year, month, day int  // 0 where not written
	trailing         bool // the year may follow the time of day
	compact          bool // the time of day may be written as 203615
	dotted           bool // 15.3.2024: the time of day may be written as 14.37
}

func digit(c byte) bool { return c-'0' < 10 }

func upper(c byte) bool { return c-'A' < 26 }

func alnum(c byte) bool { return digit(c) || (c|0x20)-'a' < 26 }

// digits returns the length of the run of digits that b begins with.
func digits(b []byte) int {
	n := 0
	for n < len(b) && digit(b[n]) {
		n++
	}
	return n
}

// number returns the value of b, which holds digits only.
func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}

// short reads a number of one or two digits at b[i:]; n is 0 when there is
// none or it has more digits.
func short(b []byte, i int) (v, n int) {
	if i >= len(b) || !digit(b[i]) {
		return 0, 0
	}
	v, n = int(b[i]-'0'), 1
	if i+1 < len(b) && digit(b[i+1]) {
		v, n = v*10+int(b[i+1]-'0'), 2
		if i+2 < len(b) && digit(b[i+2]) {
			return 0, 0
		}
	}
	return v, n
}

// numericDate reads a date that begins with run digits, up to the first byte
// of the time of day. n is 0 when b begins with no date.
func numericDate(b []byte, run int, h Habit) (d date, n int) {
	switch run {
	case 8:
		d = date{year: number(b[:4]), month: number(b[4:6]), day: number(b[6:8]), compact: true}
		return d.upTo(b, 8)
	case 7: // of a mainframe: 2024075 is the 75th day of 2024
		if y, day := number(b[:4]), number(b[4:7]); y >= 1990 && y < 2100 && day > 0 && day <= 366 {
			month, of := dayOfYear(y, day)
			d = date{year: y, month: month, day: of}
			return d.upTo(b, 7)
		}
		return date{}, 0
	case 6:
		d = date{year: century(number(b[:2])), month: number(b[2:4]), day: number(b[4:6]), compact: true}
		return d.upTo(b, 6)
	case 4:
		if len(b) > 5 && b[4] == ' ' && b[5]|0x20-'a' < 26 { // 2024 Mar 15
			d, n = namedDate(b[5:])
			if d.year == 0 && n > 0 {
				d.year, d.trailing = number(b[:4]), false
				return d, n + 5
			}
			return date{}, 0
		}
		if len(b) > 4 && b[4] == ' ' { // glog: 0315 14:37:00
			d = date{month: number(b[:2]), day: number(b[2:4])}
			return d.upTo(b, 4)
		}
		return yearFirst(b)
	case 1, 2:
		if sep := b[run]; (sep == ' ' || sep == '/' || sep == '-') && run+1 < len(b) && !digit(b[run+1]) {
			return dayAndName(b, run)
		}
		return smallNumbers(b, run, h)
	}
	return date{}, 0
}

// dayOfYear returns the month and the day of the month of a day of a year.
func dayOfYear(year, day int) (month, of int) {
	t := time.Date(year, 1, day, 0, 0, 0, 0, time.UTC)
	return int(t.Month()), t.Day()
}

// yearFirst reads 2024-03-15, 2024/03/15 and 2024.03.15.
func yearFirst(b []byte) (date, int) {
	sep := b[4]
	if sep != '-' && sep != '/' && sep != '.' {
		return date{}, 0
	}
	month, n := short(b, 5)
	i := 5 + n
	if n == 0 || i >= len(b) || b[i] != sep {
		return date{}, 0
	}
	day, n := short(b, i+1)
	if n == 0 {
		return date{}, 0
	}
	d := date{year: number(b[:4]), month: month, day: day}
	return d.upTo(b, i+1+n)
}

// dayAndName reads 15/Mar/2024, 15-Mar-2024, 15 Mar 2024 and 15 Mar.
func dayAndName(b []byte, run int) (date, int) {
	month, n := monthName(b[run+1:])
	if n == 0 {
		return date{}, 0
	}
	d := date{month: month, day: number(b[:run])}
	i := run + 1 + n
	if i+5 <= len(b) && (b[i] == b[run]) && digits(b[i+1:]) == 4 {
		d.year = number(b[i+1 : i+5])
		i += 5
	}
	return d.upTo(b, i)
}

// smallNumbers reads dates such as 03/15/2024, 15.03.2024, 24/03/15 and 03-15.
func smallNumbers(b []byte, run int, h Habit) (date, int) {
	sep := b[run]
	if sep != '/' && sep != '.' && sep != '-' {
		return date{}, 0
	}
	first := number(b[:run])
	second, n := short(b, run+1)
	if n == 0 {
		return date{}, 0
	}
	i := run + 1 + n
	d := date{month: first, day: second}
	if h.Order == DayFirst {
		d = date{month: second, day: first}
	}
	if i >= len(b) || b[i] != sep {
		return d.upTo(b, i)
	}
	third := digits(b[i+1:])
	if third != 2 && third != 4 {
		return date{}, 0
	}
	last := number(b[i+1 : i+1+third])
	switch {
	case third == 4 && h.Order == Usual && sep != '/':
		d = date{month: second, day: first, year: last}
	case third == 4:
		d.year = last
	case h.Order == Usual && (run == 1 || n == 1): // a year is never first without zeros
		d.year = century(last)
	case h.Order == Usual:
		d = date{year: century(first), month: second, day: last}
	default:
		d.year = century(last)
	}
	if h.swapped && third == 4 && d.month <= 12 && d.day <= 12 {
		d.month, d.day = d.day, d.month
	}
	d.dotted = sep == '.'
	return d.upTo(b, i+1+third)
}

func century(y int) int {
	if y >= 70 {
		return 1900 + y
	}
	return 2000 + y
}

// namedDate reads dates that begin with the name of a weekday or a month.
func namedDate(b []byte) (d date, n int) {
	i := 0
	if m := weekdayName(b); m > 0 {
		d.trailing = true
		for i = m; i < len(b) && (b[i] == ',' || b[i] == ' '); i++ {
		}
	}
	if i < len(b) && d.trailing && digit(b[i]) {
		run := digits(b[i:])
		if run > 2 || i+run >= len(b) {
			return date{}, 0
		}
		e, m := dayAndName(b[i:], run)
		if m == 0 {
			return date{}, 0
		}
		e.trailing = e.year == 0
		return e, i + m
	}
	month, m := monthName(b[i:])
	if m == 0 {
		return date{}, 0
	}
	i += m
	for i < len(b) && b[i] == ' ' {
		i++
	}
	day, m := short(b, i)
	if m == 0 {
		return date{}, 0
	}
	d.month, d.day = month, day
	return d.yearAfterDay(b, i+m)
}

// yearAfterDay reads the year that may follow the day: "Mar 15 2024 10:25" or
// "Mar 15, 2024 10:25".
func (d date) yearAfterDay(b []byte, i int) (date, int) {
	j := i
	for j < len(b) && (b[j] == ',' || b[j] == ' ') {
		j++
	}
	if j > i && digits(b[j:]) == 4 {
		d.year, d.trailing, i = number(b[j:j+4]), false, j+4
	}
	return d.upTo(b, i)
}

// upTo returns d and the offset at which its time of day begins, 0 when d is
// no date or nothing that separates it from a time follows at b[i:].
func (d date) upTo(b []byte, i int) (date, int) {
	if d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 || d.year > 2200 || d.year != 0 && d.year < 1970 || i >= len(b) {
		return date{}, 0
	}
	switch b[i] {
	case 'T', 't', '_', '\t':
		i++
	case ':':
		if i++; i < len(b) && b[i] == ':' { // 15-Mar-2024::14:37:00
			i++
		}
	case '-', ' ', ',':
		for i++; i < len(b) && (b[i] == ' ' || b[i] == '-'); i++ {
		}
	default:
		return date{}, 0
	}
	if i >= len(b) || !digit(b[i]) {
		return date{}, 0
	}
	return d, i
}

// timeOfDay reads 10:25:03, 9:5:3, 10:25, 10.25.03, 203615 when compact, with
// fraction and AM or PM, as nanoseconds since midnight.
func timeOfDay(b []byte, compact bool) (nanos int64, n int) {
	var h, m, s, i int
	if len(b) >= 8 && b[2] == ':' && b[5] == ':' && digit(b[0]) && digit(b[1]) && digit(b[3]) && digit(b[4]) && digit(b[6]) && digit(b[7]) {
		h, m, s, i = number(b[:2]), number(b[3:5]), number(b[6:8]), 8
	} else if h, m, s, i = looseTime(b, compact); i == 0 {
		return 0, 0
	}
	if h > 24 || m > 59 || s > 60 || i < len(b) && digit(b[i]) {
		return 0, 0
	}
	frac, n := fraction(b[i:])
	i += n
	if i+1 < len(b) {
		h, i = meridiem(b, h, i)
	}
	return int64(h*3600+m*60+s)*1e9 + frac, i
}

// dottedMinute reads 14.37, as it stands beside dates with dots.
func dottedMinute(b []byte) (nanos int64, n int) {
	if digits(b) != 2 || len(b) < 5 || b[2] != '.' || digits(b[3:]) != 2 || len(b) > 5 && (alnum(b[5]) || b[5] == '.' || b[5] == ',') {
		return 0, 0
	}
	h, m := number(b[:2]), number(b[3:5])
	if h > 23 || m > 59 {
		return 0, 0
	}
	return int64(h*3600+m*60) * 1e9, 5
}

// looseTime reads times of day with numbers of one digit, without seconds,
// with dots, or without separators.
func looseTime(b []byte, compact bool) (h, m, s, n int) {
	if compact && digits(b) == 6 {
		return number(b[:2]), number(b[2:4]), number(b[4:6]), 6
	}
	h, n = short(b, 0)
	if n == 0 || n >= len(b) || b[n] != ':' && b[n] != '.' {
		return 0, 0, 0, 0
	}
	sep, i := b[n], n+1
	if m, n = short(b, i); n == 0 {
		return 0, 0, 0, 0
	}
	if i += n; i >= len(b) || b[i] != sep {
		if sep == '.' || n != 2 || i < len(b) && alnum(b[i]) && b[i] != 'Z' {
			return 0, 0, 0, 0
		}
		return h, m, 0, i
	}
	if s, n = short(b, i+1); n == 0 {
		return 0, 0, 0, 0
	}
	return h, m, s, i + 1 + n
}

// fraction reads .123, ,123 and :123 as nanoseconds.
func fraction(b []byte) (nanos int64, n int) {
	if len(b) < 2 || b[0] != '.' && b[0] != ',' && b[0] != ':' || !digit(b[1]) {
		return 0, 0
	}
	run := digits(b[1:])
	if b[0] == ':' && run > 3 {
		return 0, 0
	}
	unit := int64(1e8)
	for _, c := range b[1 : 1+min(run, 9)] {
		nanos += int64(c-'0') * unit
		unit /= 10
	}
	if b[0] == ':' { // a count of milliseconds
		nanos = int64(number(b[1:1+run])) * 1e6
	}
	return nanos, 1 + run
}

// meridiem applies AM or PM at b[i:] to the hour h.
func meridiem(b []byte, h, i int) (hour, end int) {
	j := i
	if b[j] == ' ' {
		j++
	}
	if j+2 > len(b) || b[j+1]|0x20 != 'm' || j+2 < len(b) && alnum(b[j+2]) {
		return h, i
	}
	switch {
	case b[j]|0x20 == 'a' && h <= 12:
		return h % 12, j + 2
	case b[j]|0x20 == 'p' && h <= 12:
		return h%12 + 12, j + 2
	}
	return h, i
}

// numericZone reads +02:00, +0200 and, where it touches the time, +02. After a
// blank the sign may as well be a dash, so there all four digits must follow.
func numericZone(b []byte, blank bool) (east, n int, ok bool) {
	run := digits(b[1:])
	switch {
	case run == 4:
		east, n = number(b[1:3])*3600+number(b[3:5])*60, 5
	case run == 2 && len(b) >= 6 && b[3] == ':' && digits(b[4:]) == 2:
		east, n = number(b[1:3])*3600+number(b[4:6])*60, 6
	case run == 2 && !blank:
		east, n = number(b[1:3])*3600, 3
	default:
		return 0, 0, false
	}
	if east > 14*3600 {
		return 0, 0, false
	}
	if b[0] == '-' {
		east = -east
	}
	if bytes.HasPrefix(b[n:], utc) { // as Go prints times: +0000 UTC
		n += len(utc)
	}
	return east, n, true
}

var utc = []byte(" UTC")

// trailingYear reads a blank and a year, as ctime writes it.
func trailingYear(b []byte) (year, n int) {
	if len(b) < 5 || b[0] != ' ' || digits(b[1:]) != 4 || b[1] != '1' && b[1] != '2' {
		return 0, 0
	}
	return number(b[1:5]), 5
}

// monthName reads the name of a month, short or in full.
func monthName(b []byte) (month, n int) {
	if len(b) < 3 {
		return 0, 0
	}
	for i, name := range &months {
		if b[0]|0x20 == name[0] && b[1]|0x20 == name[1] && b[2]|0x20 == name[2] {
			return i + 1, nameEnd(b, name)
		}
	}
	return 0, 0
}

// weekdayName returns the length of the name of a weekday.
func weekdayName(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	for _, name := range &weekdays {
		if b[0]|0x20 == name[0] && b[1]|0x20 == name[1] && b[2]|0x20 == name[2] {
			return nameEnd(b, name)
		}
	}
	return 0
}

// nameEnd returns the length of name or its first three letters in b; 0 when
// the word there is another.
func nameEnd(b []byte, name string) int {
	n := 3
	for n < len(b) && n < len(name) && b[n]|0x20 == name[n] {
		n++
	}
	if n != 3 && n != len(name) && name[:n] != "sept" || n < len(b) && (b[n]|0x20)-'a' < 26 {
		return 0
	}
	return n
}

var months = [12]string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

var weekdays = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// days returns the days since the Unix epoch of a date of the Gregorian
// calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func days(y, m, d int) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era*146097 + doe - 719468)
}

// The epochs of 1990 and 2100 in seconds.
const earliest, latest = 631152000, 4102444800

// readEpoch reads a number of seconds, milliseconds, microseconds or
// nanoseconds since the Unix epoch.
func readEpoch(b []byte) (Stamp, bool) {
	run := digits(b)
	if run < 9 || run > 19 {
		return Stamp{}, false
	}
	var n int64
	for _, c := range b[:run] {
		n = n*10 + int64(c-'0')
	}
	if n < 0 {
		return Stamp{}, false
	}
	for _, unit := range [...]int64{1, 1e3, 1e6, 1e9} {
		if sec := n / unit; sec < earliest || sec >= latest {
			continue
		}
		s := Stamp{At: n * (1e9 / unit), N: run, Epoch: true}
		if run+1 < len(b) && b[run] == '.' && digit(b[run+1]) {
			nanos, m := fraction(b[run:])
			s.At, s.N = s.At+nanos/unit, s.N+m
		}
		return s, true
	}
	return Stamp{}, false
}
