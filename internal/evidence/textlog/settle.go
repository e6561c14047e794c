package textlog

import (
	"bytes"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

const (
	maxSample = 400 // lines of the head that are looked at
	maxShapes = 4
	maxLead   = 8 // words that may stand before the time
)

// Settle finds out how the lines of a file are written from its beginning. Any
// bytes will do: when nothing is found, the message is the whole line.
func Settle(head []byte) *Grammar {
	return SettleLines(logline.Head(record.Head{Bytes: head, Whole: true}, maxSample))
}

// SettleLines is [Settle] for lines that are already apart.
func SettleLines(lines [][]byte) *Grammar {
	g := &Grammar{}
	lines = clean(lines)
	lines = g.unwrap(lines)
	left := slices.DeleteFunc(slices.Clone(lines), object)
	for len(left) > 0 && len(g.shapes) < maxShapes {
		l := learner{lines: left, habit: g.habit}
		s, rest := l.learn(len(g.shapes) == 0)
		if s == nil {
			break
		}
		if len(g.shapes) == 0 {
			g.habit = l.habit
		}
		g.shapes = append(g.shapes, *s)
		g.heads = g.heads || s.timed || s.steps[0].kind != level
		g.timed, g.years = g.timed || s.timed, g.years || s.timed && !l.yearless
		left = rest
	}
	g.catchAll()
	g.learnEnd(lines)
	if g.heads {
		g.learnEdge(lines)
	}
	return g
}

// object reports whether a line is a JSON object, which has members and no header.
func object(line []byte) bool { return bytes.HasPrefix(line, []byte(`{"`)) }

// SettleMessages is [SettleLines] for messages of records that may be raw lines
// with a header of their own. Messages in which no clock stands where a header
// has it are not divided. A header that the sample does not show is cut as far
// as it looks like the usual ones.
func SettleMessages(messages [][]byte) *Grammar {
	g := SettleLines(messages)
	clocked := g.shapes[:0]
	for _, s := range g.shapes {
		if s.has(clock) || s.has(letterClock) {
			clocked = append(clocked, s)
		}
	}
	return &Grammar{habit: g.habit, shapes: append(clocked, usual)}
}

// usual is the header that most loggers write.
var usual = shape{timed: true, steps: []step{
	{kind: clock, must: true}, {kind: separator}, {kind: level}, {kind: number}, {kind: separator}, {kind: group}, {kind: level}, {kind: name}, {kind: logger}, {kind: separator}, {kind: ids},
}}

func (s *shape) has(k kind) bool {
	return slices.ContainsFunc(s.steps, func(st step) bool { return st.kind == k })
}

// catchAll adds a shape for lines that have the time of the first shape, but
// not the columns after it that make out the shape.
func (g *Grammar) catchAll() {
	if len(g.shapes) == 0 {
		return
	}
	s := g.shapes[0]
	for i, st := range s.steps {
		if st.kind == clock || st.kind == letterClock {
			for _, later := range s.steps[i+1:] {
				if later.must {
					g.shapes = append(g.shapes, shape{steps: s.steps[:i+1], timed: s.timed})
					return
				}
			}
		}
	}
}

// clean takes terminal colors, empty lines and what journalctl says of its own
// out of a sample: "-- Logs begin at ..." holds the time of another record.
func clean(lines [][]byte) [][]byte {
	out := make([][]byte, 0, len(lines))
	for _, l := range lines[:min(len(lines), maxSample)] {
		if bytes.IndexByte(l, 0x1b) >= 0 {
			l = logline.AppendPlain(nil, l)
		}
		if own := bytes.HasPrefix(l, []byte("-- ")) && bytes.HasSuffix(bytes.TrimSpace(l), []byte(" --")); !own && len(bytes.TrimSpace(l)) > 0 {
			out = append(out, l[:min(len(l), 4096)])
		}
	}
	return out
}

// unwrap settles what wraps the lines and returns what is inside.
func (g *Grammar) unwrap(lines [][]byte) [][]byte {
	c := logtime.NewClock(&record.File{}, logtime.Habit{})
	for _, w := range wraps {
		var inner [][]byte
		times, wrapped := 0, 0
		for _, line := range lines {
			in, _, ok := w.peel(c, line)
			if !ok {
				continue
			}
			if wrapped++; len(in) == 0 {
				continue
			}
			inner = append(inner, in)
			_, labeled := readLabels(in, 0, &Header{})
			if _, ok := readClock(c, in, 0, &Header{}); ok || in[0] == '{' && !labeled {
				times++
			}
		}
		if wrapped*10 < len(lines)*9 || len(inner) == 0 || w == stamped && times*10 < len(inner)*3 {
			continue
		}
		g.wrap, g.timed, g.years = w, true, true
		return inner
	}
	return lines
}

// learnEdge finds the classes of the bytes that all records begin with.
func (g *Grammar) learnEdge(lines [][]byte) {
	r := g.Reader(&record.File{Year: sampleYear})
	seen := false
	var l Line
	for _, line := range lines {
		if r.inner(line, &l); !l.First || len(line) < len(g.edge) {
			continue
		}
		if !seen {
			seen, g.edgeN = true, copy(g.edge[:], classes(line[:len(g.edge)]))
		}
		n := 0
		for n < g.edgeN && class(line[n]) == g.edge[n] {
			n++
		}
		g.edgeN = n
	}
	if g.edgeN < 5 || bytes.Count(g.edge[:g.edgeN], []byte{'0'}) < 4 {
		g.edgeN = 0
	}
}

// sampleYear completes yearless times while a grammar is settled; a leap year.
const sampleYear = 2000

// learner finds one shape in the lines of a sample.
type learner struct {
	lines    [][]byte
	habit    logtime.Habit
	yearless bool

	shape  shape
	sample []probe
}

// probe is a line that has the shape, read as far as the shape is known.
type probe struct {
	line []byte
	at   int
	h    Header
	off  bool // it lacks a column that makes out the shape
}

// learn returns the shape of most lines, nil when they have none, and the lines
// that are of another shape.
func (l *learner) learn(first bool) (*shape, [][]byte) {
	switch {
	case first && (l.learnAudit() || l.learnReport() || l.learnSlow()):
		return &l.shape, nil // what else holds a time belongs to these records
	case l.learnPairs():
	case l.learnTime(first), first && l.learnLevel(): // in a log with times, lines without are continuations
		l.columns()
		l.followedByPairs()
	default:
		return nil, nil
	}
	c := l.clock()
	var left [][]byte
	for _, line := range l.lines {
		if _, ok := l.shape.read(c, line, &Header{}); !ok {
			left = append(left, line)
		}
	}
	return &l.shape, left
}

func (l *learner) clock() *logtime.Clock {
	return logtime.NewClock(&record.File{Year: sampleYear}, l.habit)
}

// learnPairs recognizes logfmt: most lines begin with a pair and have time,
// level or message.
func (l *learner) learnPairs() bool {
	var r logfield.Record
	n, timed := 0, 0
	for _, line := range l.lines {
		r.Reset()
		if !startsWithPair(line) {
			continue
		}
		if pairs, _ := r.Pairs(line, 0); pairs >= 2 && (r.Has(logfield.Time) || r.Has(logfield.Level) || r.Has(logfield.Message)) {
			n++
			if r.Has(logfield.Time) {
				timed++
			}
		}
	}
	if n == 0 || n*2 < len(l.lines) {
		return false
	}
	l.shape = shape{steps: []step{{kind: pair, must: true}}, pairs: true, timed: timed*2 > n}
	return true
}

func startsWithPair(line []byte) bool {
	_, _, _, ok := logfield.Pair(line, 0)
	return ok
}

// followedByPairs notes that logfmt follows the header in most lines.
func (l *learner) followedByPairs() {
	n := 0
	var r logfield.Record
	for _, p := range l.sample {
		r.Reset()
		rest := logline.Trim(p.line[p.at:])
		if !startsWithPair(rest) {
			continue
		}
		if pairs, _ := r.Pairs(rest, 0); pairs >= 2 && (r.Has(logfield.Level) || r.Has(logfield.Message)) {
			n++
		}
	}
	l.shape.pairs = n > 0 && n*10 >= len(l.sample)*8
}

// learnLevel recognizes lines that begin with a level and have no time.
func (l *learner) learnLevel() bool {
	n := 0
	for _, line := range l.lines {
		if _, m := loglevel.Column(line); m > 1 && marked(line[:m]) {
			n++
		}
	}
	if n < 2 && n < len(l.lines) || n*2 < len(l.lines) {
		return false
	}
	l.shape = shape{steps: []step{{kind: level, must: true}}}
	l.start()
	return true
}

// start reads all lines as far as the shape is known.
func (l *learner) start() {
	c := l.clock()
	l.sample = l.sample[:0]
	for _, line := range l.lines {
		var h Header
		if end, ok := l.shape.read(c, line, &h); ok {
			l.sample = append(l.sample, probe{line: line, at: end, h: h})
		}
	}
}

// hasLevel reports whether the sample's levels are known.
func (l *learner) hasLevel() bool {
	n := 0
	for _, p := range l.sample {
		if p.h.Level != hindcast.LevelUnknown {
			n++
		}
	}
	return n*10 >= len(l.sample)*3
}
