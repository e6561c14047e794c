package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
)

// candidate is a column that may stand next, with what it takes to believe it.
type candidate struct {
	step
	share float64                   // of the lines that must have it
	ok    func(*learner) bool       // whether it may stand here at all; nil for always
	holds func(*learner, step) bool // what else must hold; nil for nothing
	// splits says that lines without the column are written by another program
	// and have a shape of their own.
	splits bool
}

// columns adds the columns after the time, one by one, as long as (nearly) all
// lines agree on the next.
func (l *learner) columns() {
	for range 14 {
		st, ok := l.next()
		if !ok {
			return
		}
		l.shape.steps = append(l.shape.steps, st)
		l.advance(st)
	}
}

// next returns the next column.
func (l *learner) next() (step, bool) {
	for i := range candidates {
		c := &candidates[i]
		if c.ok != nil && !c.ok(l) {
			continue
		}
		share := l.support(c.step)
		if share < c.share || c.holds != nil && !c.holds(l, c.step) {
			continue
		}
		st := c.step
		st.must = c.splits
		return st, true
	}
	return step{}, false
}

// support returns the share of lines that have the column next and something
// after it.
func (l *learner) support(st step) float64 {
	c := l.clock()
	n, all := 0, 0
	for _, p := range l.sample {
		if p.off {
			continue
		}
		all++
		h := p.h
		if end, ok := st.read(c, p.line, p.at, &h); ok && len(logline.Trim(p.line[end:])) > 0 {
			n++
		}
	}
	return float64(n) / float64(max(all, 1))
}

// advance reads the column in all lines.
func (l *learner) advance(st step) {
	c := l.clock()
	for i := range l.sample {
		p := &l.sample[i]
		if p.off {
			continue
		}
		if end, ok := st.read(c, p.line, p.at, &p.h); ok {
			p.at = end
		} else {
			p.off = st.must
		}
	}
}

// candidates are tried in order at each place.
var candidates = []candidate{
	{step: step{kind: header5424}, share: 0.9, ok: func(l *learner) bool { return l.after(clock) && l.has(priority) && l.dated() }},
	{step: step{kind: labels}, share: 0.9, ok: once(labels)},
	{step: step{kind: eventType}, share: 0.9, ok: func(l *learner) bool { return noLevel(l) && l.after(clock) }},
	{step: step{kind: level}, share: 0.9, ok: noLevel},
	{step: step{kind: level}, share: 0.9, ok: (*learner).lettered},
	{step: step{kind: level}, share: 0.3, ok: noLevel, holds: (*learner).marked, splits: true},
	{step: step{kind: sigil}, share: 0.95, ok: func(l *learner) bool { return noLevel(l) && l.after(clock) && l.shape.steps[0].kind == word }},
	{step: step{kind: throughTime}, share: 0.9, ok: once(throughTime)},
	{step: step{kind: throughTime, n: 1}, share: 0.9, ok: once(throughTime)},
	{step: step{kind: throughTime, n: 2}, share: 0.9, ok: once(throughTime)},
	{step: step{kind: throughTime, n: 3}, share: 0.9, ok: once(throughTime)},
	{step: step{kind: origin}, share: 0.85, ok: (*learner).syslog},
	{step: step{kind: throughLevel, n: 1}, share: 0.9, ok: noLevel},
	{step: step{kind: throughLevel, n: 2}, share: 0.9, ok: noLevel},
	{step: step{kind: throughLevel, n: 3}, share: 0.9, ok: noLevel},
	{step: step{kind: throughLevel, n: 4}, share: 0.9, ok: noLevel},
	{step: step{kind: throughLevel, n: 5}, share: 0.9, ok: noLevel},
	{step: step{kind: throughLevel, n: 6}, share: 0.9, ok: noLevel},
	{step: step{kind: lastLevel}, share: 0.9, ok: noLevel},
	{step: step{kind: rest}, share: 0.9, ok: (*learner).open},
	{step: step{kind: separator}, share: 0.9},
	{step: step{kind: ids}, share: 0.3},
	{step: step{kind: group}, share: 0.9, ok: atMost(group, 4), holds: (*learner).leavesText},
	{step: step{kind: number}, share: 0.95, ok: atMost(number, 2), holds: (*learner).identifies},
	{step: step{kind: field}, share: 0.95, ok: atMost(field, 5)},
	{step: step{kind: name}, share: 0.9, ok: func(l *learner) bool { return !l.has(name) && !l.has(eventType) }, holds: (*learner).named},
	{step: step{kind: until, sep: " - "}, share: 0.9, ok: once(until), holds: (*learner).few},
	{step: step{kind: until, sep: " : "}, share: 0.9, ok: once(until), holds: (*learner).few},
	{step: step{kind: until, sep: " | "}, share: 0.9, ok: once(until), holds: (*learner).few},
	{step: step{kind: logger}, share: 0.9, ok: once(logger), holds: (*learner).certain},
	{step: step{kind: padded}, share: 0.95, ok: once(padded), holds: (*learner).few},
	{step: step{kind: number}, share: 0.2, ok: atMost(number, 1), holds: (*learner).processes, splits: true},
	{step: step{kind: logger}, share: 0.2, ok: once(logger), holds: (*learner).loggers, splits: true},
}

// lettered reports whether the level stands before the time, as in Ruby's I, [TIME #1]
// INFO: then its name may follow.
func (l *learner) lettered() bool { return l.shape.steps[0].kind == level && atMost(level, 2)(l) }

func noLevel(l *learner) bool { return !l.hasLevel() }

func once(k kind) func(*learner) bool { return atMost(k, 1) }

// atMost allows a kind of column n times.
func atMost(k kind, n int) func(*learner) bool {
	return func(l *learner) bool {
		count := 0
		for _, s := range l.shape.steps {
			if s.kind == k {
				count++
			}
		}
		return count < n
	}
}

func (l *learner) has(k kind) bool { return !atMost(k, 1)(l) }

// after reports whether the last column is of the kind.
func (l *learner) after(k kind) bool {
	n := len(l.shape.steps)
	return n > 0 && l.shape.steps[n-1].kind == k
}

// dated reports whether the times have a year, as those of RFC 5424 have.
func (l *learner) dated() bool { return !l.yearless }

func (l *learner) open() bool {
	return l.has(clock) && l.count(func(p *probe) bool { return p.h.open }) >= 0.9
}

// count returns the share of lines for which ok holds.
func (l *learner) count(ok func(*probe) bool) float64 {
	n, all := 0, 0
	for i := range l.sample {
		if p := &l.sample[i]; !p.off {
			all++
			if ok(p) {
				n++
			}
		}
	}
	return float64(n) / float64(max(all, 1))
}

// marked reports whether the levels that stand here are words in upper case or
// in brackets.
func (l *learner) marked(step) bool {
	plain := l.count(func(p *probe) bool {
		b := logline.Trim(p.line[p.at:])
		lv, n := loglevel.Column(b)
		return n > 0 && (!marked(b[:n]) || lv == hindcast.LevelUnknown)
	})
	return plain < 0.05
}

// syslog reports whether host and program may stand here: after a syslog time,
// or where programs carry process numbers and devices mnemonics.
func (l *learner) syslog() bool {
	if n := len(l.shape.steps); n == 0 || l.shape.steps[n-1].kind != clock && l.shape.steps[n-1].kind != throughTime {
		return false
	}
	if l.yearless || l.has(priority) {
		return true
	}
	c, st := l.clock(), step{kind: origin}
	return l.count(func(p *probe) bool {
		var h Header
		end, ok := st.read(c, p.line, p.at, &h)
		return ok && (bytes.HasSuffix(p.line[:end], []byte("]:")) || end < len(p.line) && p.line[end] == '%')
	}) >= 0.3
}

// leavesText reports whether what follows the group is more than groups.
func (l *learner) leavesText(st step) bool {
	c := l.clock()
	return l.count(func(p *probe) bool {
		h := p.h
		end, ok := st.read(c, p.line, p.at, &h)
		if !ok {
			return true
		}
		rest := logline.Trim(p.line[end:])
		for len(rest) > 0 {
			n := groupEnd(rest)
			if n == 0 {
				break
			}
			rest = logline.Trim(rest[n:])
		}
		return hasLetter(rest)
	}) >= 0.9
}

// identifies reports whether a number is that of a process or a flag: another
// column follows, or it is nearly always the same.
func (l *learner) identifies(st step) bool {
	if l.count(func(p *probe) bool { return statusLike(logline.Trim(p.line[p.at:])) }) > 0.9 {
		return false
	}
	return l.distinct(st, false) <= 0.05 || l.follows(st, separator, group, name)
}

// processes reports whether the lines that have the number have more header
// behind it.
func (l *learner) processes(st step) bool {
	return l.few(st) && l.among(st, func(rest []byte) bool {
		n := separatorEnd(rest)
		return n > 0 && groupEnd(logline.Trim(rest[n:])) > 0
	}) >= 0.9
}

// loggers reports whether the dotted names of the lines that have one are those
// of loggers.
func (l *learner) loggers(st step) bool {
	sure := l.count(func(p *probe) bool {
		_, ok := loggerEnd(logline.Trim(p.line[p.at:]))
		return ok
	})
	return l.few(st) && sure >= 0.9*l.support(st)
}

// among returns the share of the lines with the column for whose rest ok holds.
func (l *learner) among(st step, ok func(rest []byte) bool) float64 {
	c := l.clock()
	n, all := 0, 0
	for _, p := range l.sample {
		h := p.h
		end, have := st.read(c, p.line, p.at, &h)
		if p.off || !have {
			continue
		}
		if all++; ok(logline.Trim(p.line[end:])) {
			n++
		}
	}
	return float64(n) / float64(max(all, 1))
}

// statusLike reports whether b begins with what could be an HTTP status.
func statusLike(b []byte) bool {
	return len(b) > 3 && b[0] >= '1' && b[0] <= '5' && numberRun(b) == 3
}

// follows reports whether nearly all lines have one of the kinds behind st.
func (l *learner) follows(st step, kinds ...kind) bool {
	c := l.clock()
	for _, k := range kinds {
		if l.count(func(p *probe) bool {
			h := p.h
			end, ok := st.read(c, p.line, p.at, &h)
			if !ok {
				return false
			}
			_, ok = (&step{kind: k}).read(c, p.line, end, &h)
			return ok
		}) >= 0.9 {
			return true
		}
	}
	return false
}

// few reports whether the column takes few values, apart from numbers in them.
func (l *learner) few(st step) bool { return l.distinct(st, true) <= 0.3 }

// distinct returns the number of different values of a column, but the first
// three, by the number of lines that have it.
func (l *learner) distinct(st step, mask bool) float64 {
	c := l.clock()
	values := map[string]bool{}
	n := 0
	for _, p := range l.sample {
		h := p.h
		end, ok := st.read(c, p.line, p.at, &h)
		if p.off || !ok {
			continue
		}
		n++
		v := logline.Trim(p.line[p.at:end])
		if mask {
			v = bytes.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return -1
				}
				return r
			}, v)
		}
		values[string(v)] = true
	}
	return float64(max(0, len(values)-3)) / float64(max(n, 1))
}

// named reports whether the words before a colon are names of classes, files or
// programs. Plain words may as well say what happened: "exited: web".
func (l *learner) named(step) bool {
	return l.count(func(p *probe) bool {
		i := p.at
		for i < len(p.line) && (p.line[i] == ' ' || p.line[i] == '\t') {
			i++
		}
		if i == len(p.line) {
			return false
		}
		if i == p.at && i > 0 && p.line[i-1] == ':' { // LEVEL:component:message
			return true
		}
		w, _ := nameWord(p.line, i)
		return nameLike(w)
	}) >= 0.5
}

// certain reports whether a dotted name is a logger: it can hardly be anything
// else, or another column follows.
func (l *learner) certain(st step) bool {
	sure := l.count(func(p *probe) bool {
		_, ok := loggerEnd(logline.Trim(p.line[p.at:]))
		return ok
	})
	return sure >= 0.9 || l.follows(st, separator, group)
}
