package metrics

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// parser reads a table of samples.
type parser struct {
	layout
	file   *record.File
	series *series.Set
	blank  bool // the file is no table of samples
}

func newParser(f *record.File, h record.Head) record.LineParser {
	l, ok := settle(h)
	return &parser{layout: l, file: f, series: series.NewSet(f), blank: !ok}
}

// Cut cuts between rows.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	if p.table.Comma == blank {
		return bytes.LastIndexByte(data, '\n') + 1
	}
	return csvrec.Cut(data)
}

// chunk is the reading of one chunk.
type chunk struct {
	*parser
	clock    *logtime.Clock
	sink     record.Sink
	problems logline.Problems
	text     []byte // of the last time
	whole    []byte // a date with its time of day
	at       int64
	known    map[string][]*record.Series // by labels, then by column
	key      []byte
	sample   record.Sample
}

// Chunk reads the samples of its rows.
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	if p.blank {
		return
	}
	if p.dayless && p.file.Day.IsZero() {
		sink.Problem(hindcast.Problem{File: p.file.Name, Message: "times carry no date and no other evidence tells the day, so the samples cannot be placed; put the day into the name of the file, as in metrics-2024-05-01.csv"})
		return
	}
	c := chunk{parser: p, clock: p.clock(p.file), sink: sink, problems: logline.Problems{File: p.file, Sink: sink}, known: map[string][]*record.Series{}}
	if p.table.Comma == blank {
		c.spaced(data, line, offset)
	}
	r := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := r.Next(); ok && p.table.Comma != blank; row, ok = r.Next() {
		if row.Line > p.table.Line {
			c.row(row)
		}
	}
	c.clock.Report(sink)
	c.problems.Close()
}

// spaced reads the rows of a table that blanks divide.
func (c *chunk) spaced(data []byte, line int, offset int64) {
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		fields := bytes.Fields(l.Text)
		if l.Number <= c.table.Line || len(fields) == 0 || ruled(l.Text) || string(bytes.Join(fields, []byte{blank})) == c.head {
			continue
		}
		c.row(csvrec.Row{Cells: words(l.Text, c.time), Line: l.Number, EndLine: l.Number, Offset: l.Offset, Raw: l.Text})
	}
}

func (c *chunk) row(row csvrec.Row) {
	cells := row.Cells
	if len(cells) == len(c.roles)+1 && len(cells[len(c.roles)]) == 0 { // a delimiter at the end
		cells = cells[:len(c.roles)]
	}
	if row.Raw[0] == '#' || len(cells) == len(c.roles) && string(bytes.TrimSpace(cells[c.time])) == c.table.Header[c.time] {
		return // annotations, and the header again
	}
	if len(cells) == len(c.roles) && noSample(string(cells[c.time])) {
		return
	}
	if len(cells) != len(c.roles) || row.Open {
		c.problems.Add(row.Line, "the row has "+strconv.Itoa(len(cells))+" cells where the header has "+strconv.Itoa(len(c.roles))+"; it was skipped")
		return
	}
	when := cells[c.time]
	switch {
	case c.dayless:
		c.whole = append(c.dateOf(c.whole[:0], string(when)), when...)
		when = c.whole
	case c.day >= 0:
		c.whole = append(append(append(c.whole[:0], cells[c.day]...), ' '), when...)
		when = c.whole
	}
	if !bytes.Equal(when, c.text) {
		at, ok := readTime(c.clock, when)
		if !ok {
			c.problems.Add(row.Line, "the row's time cannot be read; it was skipped")
			return
		}
		c.text, c.at = append(c.text[:0], when...), at
	}
	bad := false
	group := c.group(cells)
	for i, r := range c.roles {
		if r != value || len(cells[i]) == 0 {
			continue
		}
		v, gap, ok := number(string(cells[i]))
		if !ok {
			bad = true
		}
		if ok && !gap {
			c.sample = record.Sample{Series: group[i], Line: row.Line, At: c.at, Value: v}
			c.sink.Sample(&c.sample)
		}
	}
	if bad {
		c.problems.Add(row.Line, "a cell holds no number where a number is expected; it was left out")
	}
}

// dateOf appends the date of a time of day.
func (c *chunk) dateOf(b []byte, cell string) []byte {
	clock, _ := clockOf(cell) // what is none, no clock reads with a date before it
	return c.file.DayOf(clock).AppendFormat(b, "2006-01-02 ")
}

// group returns the series of a row, by column.
func (c *chunk) group(cells [][]byte) []*record.Series {
	c.key = c.key[:0]
	for i, r := range c.roles {
		if r == label || r == metric {
			c.key = append(append(c.key, cells[i]...), 0)
		}
	}
	if g, ok := c.known[string(c.key)]; ok {
		return g
	}
	g := make([]*record.Series, len(c.roles))
	for i, r := range c.roles {
		if r == value {
			g[i] = c.seriesOf(i, cells)
		}
	}
	c.known[string(c.key)] = g
	return g
}

// seriesOf makes the series of column i for a row's labels.
func (c *chunk) seriesOf(i int, cells [][]byte) *record.Series {
	name := c.table.Header[i]
	n, labels, rest, ok := series.Cut(name)
	if ok = ok && rest == "" && labels != nil; ok {
		name = n
	} else {
		labels = series.Labels{}
	}
	for j, r := range c.roles {
		text := string(bytes.TrimSpace(cells[j]))
		switch r {
		case label:
			labels[c.table.Header[j]] = text
		case metric:
			name = text
		}
	}
	if slices.Contains(nameless, fold(name)) {
		name = cmp.Or(strings.TrimSuffix(path.Base(c.file.Name), path.Ext(c.file.Name)), name)
	}
	return c.series.Get(name, labels)
}

// nameless are names of columns that do not say what was measured; the file's does.
var nameless = []string{"value", "val", "result", "reading", "measurement"}
