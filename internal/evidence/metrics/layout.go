package metrics

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// role is what a column holds.
type role uint8

const (
	unused role = iota
	label
	value  // numbers of one metric
	metric // the name of the metric whose number stands in the value column
)

// layout is how a table holds its samples.
type layout struct {
	table csvrec.Table
	time  int    // column of the time
	day   int    // column of the date of a time of day; -1 when the time has its own
	roles []role // by column
	head  string // the heading of a table that blanks divide
	long  bool   // one metric column names the samples of one value column
	habit logtime.Habit
	zone  *time.Location // that the header names for times; nil when it names none

	dayless bool // the times are times of day, and no column holds the date
}

// settle finds the layout of a table of samples in the head of a file; false
// when it holds something else.
func settle(h record.Head) (layout, bool) {
	t, ok := csvrec.Sniff(h)
	var s spaced
	if !ok {
		if s, ok = sniffSpaced(h); !ok {
			return layout{}, false
		}
		t = s.Table
	}
	t.Rows = slices.DeleteFunc(t.Rows, func(row []string) bool { return slices.ContainsFunc(row, noSample) })
	l := layout{table: t, roles: make([]role, len(t.Header)), head: s.head}
	l.day = -1
	if l.time, l.habit, ok = timeColumn(t); !ok {
		if l.time = daylessColumn(t); l.time < 0 {
			return layout{}, false
		}
		l.dayless = true
	} else if i := clockColumn(t, l.time); i >= 0 {
		l.time, l.day = i, l.time
	}
	if l.zone = cmp.Or(s.zone, bias(t.Header[l.time])); l.zone == nil {
		l.zone = stamp.HeaderZone(t.Header[l.time])
	}
	numbers := 0
	for i, name := range t.Header {
		if i == l.time || i == l.day || unit(name) || again(t, i) || beside(t, name, l.time) {
			continue
		}
		if l.roles[i] = roleOf(t, i); l.roles[i] == value && fold(name) == "itemid" {
			l.roles[i] = label
		}
		if l.roles[i] == value {
			numbers++
		}
	}
	if l.lengthen() {
		return l, true
	}
	return l, numbers > 0 && l.dimensions()
}

// fold returns a column's name in lower case, letters and digits only.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// timeNames are the names of columns that hold the time of a sample.
var timeNames = []string{"time", "timestamp", "ts", "datetime", "date", "timeutc", "timestamputc", "datetimeutc", "unix", "unixtime", "epoch", "unixtimestamp", "timestampms", "timems", "times", "timestamps", "when", "at", "t", "clock", "begintime"}

// timeColumn returns the first column named after the time whose cells are
// times, and how to read them. A first column by any other name will do when its
// cells are dates with a time of day.
func timeColumn(t csvrec.Table) (int, logtime.Habit, bool) {
	for i, name := range t.Header {
		if slices.Contains(timeNames, fold(name)) {
			if habit, ok := times(t, i, true); ok {
				return i, habit, true
			}
		}
	}
	habit, ok := times(t, 0, false)
	return 0, habit, ok
}

// clockNames are the names of columns that hold the time of day, in the languages of
// some exports.
var clockNames = []string{"uhrzeit", "zeit", "hora", "heure", "ora", "tijd", "klokke", "tid", "localtime", "timelocal"}

// daylessColumn returns the column of times of day of a table without dates; -1 when there
// is none.
func daylessColumn(t csvrec.Table) int {
	for i, name := range t.Header {
		if name = fold(name); !slices.Contains(timeNames, name) && !slices.Contains(clockNames, name) {
			continue
		}
		n := 0
		for _, row := range t.Rows {
			if _, ok := clockOf(row[i]); ok {
				n++
			}
		}
		if n > 0 && n*20 >= len(t.Rows)*19 {
			return i
		}
	}
	return -1
}

// clockOf returns the time of day that a cell holds, and nothing else.
func clockOf(cell string) (time.Duration, bool) {
	for _, form := range []string{"15:04", "15:04:05", "15:04:05.999", "3:04 PM", "3:04:05 PM"} {
		if t, err := time.Parse(form, strings.TrimSpace(cell)); err == nil {
			return t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), true
		}
	}
	return 0, false
}

// dayless returns the first clock of a table of samples without dates.
func dayless(h record.Head) (time.Duration, bool) {
	l, ok := settle(h)
	if !ok || !l.dayless {
		return 0, false
	}
	for _, row := range l.table.Rows {
		if clock, ok := clockOf(row[l.time]); ok {
			return clock, true
		}
	}
	return 0, false
}

// clockColumn returns the column of times of day beside a column of dates; -1 when
// there is none.
func clockColumn(t csvrec.Table, dates int) int {
	for _, row := range t.Rows {
		if strings.Contains(row[dates], ":") || len(row[dates]) > 10 {
			return -1
		}
	}
	for i := range t.Header {
		n := 0
		for _, row := range t.Rows {
			if c := row[i]; len(c) >= 5 && len(c) <= 16 && c[0]-'0' < 10 && (c[1] == ':' || c[2] == ':') {
				n++
			}
		}
		if i != dates && n > 0 && n*10 >= len(t.Rows)*9 {
			return i
		}
	}
	return -1
}

// times reports how the cells of a column are to be read when they are times,
// but for a few damaged ones.
func times(t csvrec.Table, i int, epochs bool) (logtime.Habit, bool) {
	for _, order := range logtime.Orders {
		habit := logtime.Habit{Order: order}
		clock := logtime.NewClock(&record.File{Year: 2000}, habit)
		good := 0
		for _, row := range t.Rows {
			cell := []byte(row[i])
			if _, ok := readTime(clock, cell); ok && (epochs || !bare(cell)) {
				good++
			}
		}
		if bad := len(t.Rows) - good; bad <= 1+len(t.Rows)/20 && good > bad {
			return habit, true
		}
	}
	return logtime.Habit{}, false
}

// again reports whether a column holds the time once more, in words for people
// or as a number, which tells no series apart.
func again(t csvrec.Table, i int) bool {
	if !slices.Contains(timeNames, fold(t.Header[i])) {
		return false
	}
	clock := logtime.NewClock(&record.File{Year: 2000}, logtime.Habit{})
	n := 0
	for _, row := range t.Rows {
		if s, ok := clock.Read([]byte(row[i])); ok && s.At != record.NoTime {
			n++
		}
	}
	return 2*n > len(t.Rows)
}

// noSample reports whether a cell is of the line below the header in Markdown, or of what
// PRTG adds up at the end.
func noSample(cell string) bool {
	cell = strings.TrimSpace(cell)
	return len(cell) > 2 && strings.Trim(cell, "-:") == "" || strings.HasPrefix(cell, "Sums (of ") || strings.HasPrefix(cell, "Averages (of ")
}

// beside reports whether a column says what another does: the end of a step after its
// begin, or the number behind a formatted one.
func beside(t csvrec.Table, name string, times int) bool {
	formatted, raw := strings.CutSuffix(name, "(RAW)")
	return fold(name) == "endtime" && fold(t.Header[times]) == "begintime" || raw && slices.Contains(t.Header, formatted)
}

// biased finds the minutes that are added to a local time to reach UTC, as the
// Performance Monitor of Windows names them above its times.
var biased = lazyregexp.New(`^\(PDH-[CT]SV 4\.0\) \(.*\)\((-?\d{1,3})\)$`)

// bias returns the zone that such a heading tells; nil when it is none.
func bias(name string) *time.Location {
	m := biased.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	west, _ := strconv.Atoi(m[1]) // the pattern has three digits
	return time.FixedZone("", -60*west)
}

// bare reports whether a cell is a number and nothing else.
func bare(cell []byte) bool {
	_, ok := logtime.Number(cell)
	return ok
}

// readTime reads a cell that holds a time or a date and nothing else, or the begin and
// the end of a step.
func readTime(clock *logtime.Clock, cell []byte) (int64, bool) {
	for len(cell) > 0 && cell[0] == ' ' {
		cell = cell[1:]
	}
	if begin, end, between := bytes.Cut(cell, []byte(" - ")); between { // as PRTG writes it
		if _, ok := clockOf(string(end)); ok {
			cell = begin
		}
	}
	s, ok := clock.Read(cell)
	if !ok && len(cell) >= 8 && len(cell) <= 10 {
		cell = append(slices.Clone(cell), " 00:00:00"...)
		s, ok = clock.Read(cell)
	}
	return s.At, ok && s.At != record.NoTime && len(strings.TrimSpace(string(cell[s.N:]))) == 0
}

// unit reports whether a column says nothing that tells series apart.
func unit(name string) bool {
	switch name {
	case "", "result", "table", "_start", "_stop", "_span", "ns": // ns beside clock: parts of the second in histories of Zabbix
		return true
	}
	return false
}

// roleOf tells from the cells of a column what it holds: numbers, of which a few
// may be damaged, or text.
func roleOf(t csvrec.Table, i int) role {
	numbers, texts := 0, 0
	for _, row := range t.Rows {
		switch _, gap, ok := number(row[i]); {
		case ok && !gap:
			numbers++
		case !ok:
			texts++
		}
	}
	if texts == 0 || texts <= 1+numbers/20 && numbers > 2 {
		return value
	}
	return label
}

// lengthen makes the layout a long one when a column is the metric's name and
// another its value. Numbers in further columns, such as a port, are labels.
func (l *layout) lengthen() bool {
	name, val := -1, -1
	for i, h := range l.table.Header {
		switch fold(h) {
		case "metric", "metricname", "field", "series", "counter", "name", "seriesname", "parameter", "measurement":
			if l.roles[i] == label && (name < 0 || fold(h) == "field") {
				name = i
			}
		case "value", "val", "metricvalue":
			if l.roles[i] == value {
				val = i
			}
		}
	}
	if name < 0 || val < 0 {
		return false
	}
	for i := range l.roles {
		if l.roles[i] == value {
			l.roles[i] = label
		}
	}
	l.roles[name], l.roles[val], l.long = metric, value, true
	return true
}

// talk are the names of columns that hold what happened, which no table of
// samples has.
var talk = []string{
	"message", "msg", "title", "description", "event", "summary", "text", "action", "actor", "user", "username", "who", "by", "author", "note", "notes", "comment", "comments", "details", "detail",
	"subject", "command", "log", "level", "severity", "loglevel", "owner", "assignee", "reason", "what", "body", "line", "query", "url", "useragent",
}

// dimensions reports whether the text columns are labels of series: short, and
// either named as such or repeated from row to row.
func (l *layout) dimensions() bool {
	groups := map[string]bool{}
	for _, row := range l.table.Rows {
		var key strings.Builder
		for i, r := range l.roles {
			if r != label {
				continue
			}
			if slices.Contains(talk, fold(l.table.Header[i])) || len(row[i]) > 100 || strings.Count(row[i], " ") > 3 {
				return false
			}
			key.WriteString(row[i] + "\x00")
		}
		groups[key.String()] = true
	}
	return l.named() || 2*len(groups) <= len(l.table.Rows)
}

// named reports whether all labels have names that only labels of series have.
func (l *layout) named() bool {
	for i, r := range l.roles {
		if r != label {
			continue
		}
		if !slices.Contains(labelNames, fold(l.table.Header[i])) {
			return false
		}
	}
	return true
}

// labelNames are names that only labels of series have.
var labelNames = []string{
	"service", "servicename", "app", "application", "appname", "job", "instance", "pod", "container", "host", "hostname", "node", "namespace", "cluster", "region", "zone", "env", "environment",
	"queue", "topic", "route", "endpoint", "device", "interface", "deployment", "quantile", "itemid",
}

// clock returns a clock for the times of f.
func (l *layout) clock(f *record.File) *logtime.Clock {
	if l.zone != nil {
		g := *f
		g.Zone = l.zone
		f = &g
	}
	return logtime.NewClock(f, l.habit)
}
