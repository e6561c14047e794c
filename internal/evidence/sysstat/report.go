package sysstat

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// report is the reading of one file.
type report struct {
	sink     record.Sink
	series   *series.Set
	clock    *logtime.Clock
	problems logline.Problems

	host    string
	date    string               // of the head
	passed  map[string]midnights // by the heading of a table: several alternate
	now     string               // time above the tables of iostat
	heading []string             // names of the columns behind the time; nil when none is known
	untimed bool                 // the rows have no time of their own
	sadf    bool                 // columns are divided by semicolons
}

// midnights are what the rows of a table have passed.
type midnights struct {
	days int
	last time.Duration // clock of the last row
}

func newReport(f *record.File, sink record.Sink) *report {
	return &report{
		sink: sink, series: series.NewSet(f), clock: logtime.NewClock(f, logtime.Habit{}),
		problems: logline.Problems{File: f, Sink: sink},
	}
}

func (p *report) close() {
	p.clock.Report(p.sink)
	p.problems.Close()
}

// moment finds a line that is the time of what follows, as iostat -t prints it.
var moment = lazyregexp.New(`^(?:\d{1,2}[/.]\d\d[/.]\d{2,4} \d\d:\d\d:\d\d(?: [AP]M)?|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?)\s*$`)

// line reads one line.
func (p *report) line(text string, number int) {
	if m := head.FindStringSubmatch(text); m != nil {
		p.host, p.date, p.passed, p.heading, p.now, p.sadf = m[1], whole(m[2]), map[string]midnights{}, nil, "", false
		return
	}
	if strings.HasPrefix(text, sadfHead) {
		p.heading, p.sadf = strings.Split(text[len(sadfHead):], ";")[1:], true
		return
	}
	if p.sadf {
		p.sadfRow(text, number)
		return
	}
	if moment.MatchString(text) {
		date, clock, _ := strings.Cut(strings.TrimSpace(text), " ")
		p.now, p.heading = strings.TrimSpace(whole(date)+" "+clock), nil
		return
	}
	f := strings.Fields(text)
	n := clockFields(f)
	switch {
	case len(f) == 0:
		if p.untimed {
			p.heading = nil
		}
	case n > 0 && len(f) > n:
		p.timed(f[:n], f[n:], number)
	case f[0] == "avg-cpu:":
		p.heading, p.untimed = f[1:], true
	case strings.HasPrefix(f[0], "Device"):
		f[0] = "DEVICE"
		p.heading, p.untimed = f, true
	case p.untimed && p.heading != nil:
		if p.now != "" { // else it is what iostat prints of the time since boot
			p.row(p.now, f, number)
		}
	}
}

// whole returns a date with its century. One between slashes whose first number is no
// month is written the other way, year first.
func whole(date string) string {
	if i := strings.LastIndexAny(date, "/."); i >= 0 && len(date)-i == 3 {
		date = date[:i+1] + "20" + date[i+1:]
	}
	if d, err := time.Parse("02/01/2006", date); err == nil && d.Day() > 12 {
		return d.Format(time.DateOnly)
	}
	return date
}

// clockFields returns how many of the first words are a time of day, 0 when none.
func clockFields(f []string) int {
	if len(f) == 0 || len(f[0]) != len("15:04:05") || f[0][2] != ':' {
		return 0
	}
	if _, err := time.Parse("15:04:05", f[0]); err != nil {
		return 0
	}
	if len(f) > 1 && (f[1] == "AM" || f[1] == "PM") {
		return 2
	}
	return 1
}

// timed reads a line with a time of day: a heading, or a row below one. A table begins
// on the day of the head, and passes midnight by itself.
func (p *report) timed(clock, cells []string, number int) {
	if cells[0] == "LINUX" || p.date == "" {
		return
	}
	if !slices.ContainsFunc(cells, numeric) {
		p.heading, p.untimed = cells, false
		return
	}
	if p.heading == nil {
		p.problems.Add(number, "the row stands below no heading; it was skipped")
		return
	}
	at := p.date + " " + strings.Join(clock, " ")
	s, ok := p.clock.Read([]byte(at))
	if !ok || s.At == record.NoTime {
		p.problems.Add(number, "the row's time cannot be read; it was skipped")
		return
	}
	form := "15:04:05"
	if len(clock) == 2 {
		form = "03:04:05 PM"
	}
	day, _ := time.Parse(form, strings.Join(clock, " ")) // what is none was read as no time above
	since := day.Sub(day.Truncate(24 * time.Hour))
	table := strings.Join(p.heading, " ")
	m := p.passed[table]
	if since < m.last-12*time.Hour {
		m.days++
	}
	m.last = since
	p.passed[table] = m
	p.samples(s.At+int64(m.days)*int64(24*time.Hour), p.heading, cells, number)
}

// row reads a row of the time at.
func (p *report) row(at string, cells []string, number int) {
	s, ok := p.clock.Read([]byte(at))
	if !ok || s.At == record.NoTime {
		p.problems.Add(number, "the row's time cannot be read; it was skipped")
		return
	}
	p.samples(s.At, p.heading, cells, number)
}

// sadfRow reads a row of sadf -d: the host, the interval, the time and the numbers.
func (p *report) sadfRow(text string, number int) {
	cells := strings.Split(text, ";")
	if len(cells) < 3 || strings.HasPrefix(text, "#") || strings.HasPrefix(cells[len(cells)-1], "LINUX-RESTART") {
		return
	}
	p.host = cells[0]
	p.row(cells[2], cells[3:], number)
}

// numeric reports whether a cell is a number.
func numeric(cell string) bool {
	_, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
	return err == nil
}

// names reports whether a column, which is in capitals, names what its row is about.
func names(column string) bool {
	if column == "VSZ" || column == "RSS" { // kilobytes
		return false
	}
	return column == "Command" || strings.Trim(column, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// samples adds the numbers of a row.
func (p *report) samples(at int64, heading, cells []string, number int) {
	if n := len(heading); n > 0 && len(cells) > n && heading[n-1] == "Command" {
		cells = append(slices.Clone(cells[:n-1]), strings.Join(cells[n-1:], " "))
	}
	if len(cells) != len(heading) {
		p.problems.Add(number, "the row has "+strconv.Itoa(len(cells))+" columns where its heading has "+strconv.Itoa(len(heading))+"; it was skipped")
		return
	}
	labels := series.Labels{"host": p.host}
	process := slices.Contains(heading, "PID")
	for i, name := range heading {
		if names(name) && cells[i] != "-" && !(process && name == "CPU") { // where a process ran last is no series of its own
			labels[strings.ToLower(name)] = cells[i]
		}
	}
	bad := false
	for i, name := range heading {
		if names(name) {
			continue
		}
		v, err := strconv.ParseFloat(strings.Replace(cells[i], ",", ".", 1), 64)
		if err != nil {
			bad = true
			continue
		}
		p.sink.Sample(&record.Sample{Series: p.series.Get(name, labels), Line: number, At: at, Value: v})
	}
	if bad {
		p.problems.Add(number, "a column holds no number where one is expected; it was left out")
	}
}
