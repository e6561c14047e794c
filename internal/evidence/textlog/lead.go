package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// form is how the time of a line is written.
type form uint8

const (
	dated    form = iota // a date and a time of day
	lettered             // glog
	undated              // a time of day alone
	forms
)

// votes counts the lines that have a time of a form after so many words.
type votes [forms][maxLead + 1]int

// learnTime finds the words that stand before the time in most lines, and
// begins the shape with them.
func (l *learner) learnTime(first bool) bool {
	l.learnOrder(first)
	var v votes
	c := l.clock()
	heads := 0
	for i, line := range l.lines {
		if i == 0 || !continues(line) {
			heads++
		}
		v.count(c, line)
	}
	f, lead, n := v.best()
	if !enough(n, lead, heads, first && v.leads(c, l.lines[:1], f, lead)) {
		return false
	}
	l.begin(f, lead)
	l.start()
	for _, p := range l.sample {
		l.yearless = l.yearless || p.h.stamp.Yearless
	}
	if first && l.yearless {
		l.learnTurn()
	}
	return len(l.sample) > 0
}

// enough reports whether n of so many record heads establish a time after lead
// words. The further in, the likelier it is a part of the message.
func enough(n, lead, heads int, firstLine bool) bool {
	switch {
	case n == 0:
		return false
	case lead == 0:
		return firstLine || n*10 >= heads
	case lead <= 2:
		return n*2 >= heads
	}
	return n*10 >= heads*8
}

// continues reports whether a line looks like the continuation of a record.
func continues(line []byte) bool {
	return line[0] == ' ' || line[0] == '\t' || bytes.HasPrefix(line, []byte("Caused by")) || bytes.HasPrefix(line, []byte("Traceback"))
}

// count notes where a line has times.
func (v *votes) count(c *logtime.Clock, line []byte) {
	i := 0
	var h Header
	if end, ok := readPriority(line, i, &h); ok {
		i = end
	}
	if line[0] == ' ' || line[0] == '\t' {
		return
	}
	if _, ok := readLetterClock(c, line, i, &h); ok {
		v[lettered][0]++
	}
	for lead := 0; lead <= maxLead && i < len(line); lead++ {
		var h Header
		for i < len(line) && line[i] == ' ' {
			i++
		}
		if _, ok := readClock(c, line, i, &h); ok {
			if h.stamp.Month == 0 && !h.stamp.Epoch {
				v[undated][lead]++
			} else {
				v[dated][lead]++
			}
		}
		i = nextUnit(line, i)
	}
}

// leads reports whether the lines have the time there.
func (v *votes) leads(c *logtime.Clock, lines [][]byte, f form, lead int) bool {
	for _, line := range lines {
		var own votes
		if own.count(c, line); own[f][lead] == 0 {
			return false
		}
	}
	return len(lines) > 0
}

// best returns the place with most votes; a time of day alone must have more
// than any full time.
func (v *votes) best() (f form, lead, n int) {
	for k := range forms {
		for i, count := range v[k] {
			if count > n && (k != undated || count*4 > n*5) {
				f, lead, n = k, i, count
			}
		}
	}
	return f, lead, n
}

// begin starts the shape with the columns up to the time.
func (l *learner) begin(f form, lead int) {
	l.shape = shape{timed: f != undated}
	pri := 0
	for _, line := range l.lines {
		if _, ok := readPriority(line, 0, &Header{}); ok {
			pri++
		}
	}
	if pri*2 > len(l.lines) {
		l.shape.steps = append(l.shape.steps, step{kind: priority})
	}
	timed := l.timed(f, lead)
	for k := range lead {
		st := step{kind: word, must: true}
		if share(timed, k, func(w []byte) bool { _, n := loglevel.Column(w); return n > 0 }) >= 0.9 {
			st.kind = level
		}
		l.shape.steps = append(l.shape.steps, st)
	}
	kind := clock
	if f == lettered {
		kind = letterClock
	}
	l.shape.steps = append(l.shape.steps, step{kind: kind, must: true})
}

// timed returns the lines that have a time of the form after lead words; those of a
// stack trace have none.
func (l *learner) timed(f form, lead int) [][]byte {
	if lead == 0 {
		return nil
	}
	c := l.clock()
	var out [][]byte
	for _, line := range l.lines {
		var v votes
		if v.count(c, line); v[f][lead] > 0 {
			out = append(out, line)
		}
	}
	return out
}

// share returns the share of lines whose k-th word satisfies ok.
func share(lines [][]byte, k int, ok func([]byte) bool) float64 {
	n := 0
	for _, line := range lines {
		i := 0
		for range k {
			i = nextUnit(line, i)
		}
		if i < len(line) && ok(line[i:]) {
			n++
		}
	}
	return float64(n) / float64(max(len(lines), 1))
}

// learnOrder settles the order of day and month: the one in which most lines
// have a valid time.
func (l *learner) learnOrder(first bool) {
	if !first {
		return
	}
	most := 0
	for _, order := range logtime.Orders {
		c := logtime.NewClock(&record.File{Year: sampleYear}, logtime.Habit{Order: order})
		var v votes
		for _, line := range l.lines {
			v.count(c, line)
		}
		if _, _, n := v.best(); n > most {
			most, l.habit.Order = n, order
		}
		if most == len(l.lines) { // no order can have more
			return
		}
	}
}

// learnTurn notes that yearless times pass from December to January in the
// sample.
func (l *learner) learnTurn() {
	last := 0
	for _, p := range l.sample {
		m := p.h.stamp.Month
		if last >= 11 && m <= 2 {
			l.habit.TurnMonth = last
			return
		}
		last = m
	}
}
