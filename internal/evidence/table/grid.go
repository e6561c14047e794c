package table

import (
	"regexp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Grids reads tables that other packages take out of documents of theirs.
type Grids struct{ kit }

// NewGrids returns what all such tables share.
func NewGrids() Grids { return Grids{kit{redact.New(), fact.NewWords()}} }

// Grid is the beginning of a table.
type Grid struct {
	Header []string
	Rows   [][]string // each as long as the header
	Above  string     // text above the table, of which the last date is that of times of day
}

// Settled is a table of which it is known what its columns hold.
type Settled struct {
	layout layout
	rows   [][]string
	date   string
}

var dateAbove = regexp.MustCompile(`\b20\d\d-[01]\d-[0-3]\d\b`)

// Settle finds out what the columns of a table hold; false when none that is called after
// a time holds times. file is the name of the file.
func (Grids) Settle(g Grid, file string) (Settled, bool) {
	s := Settled{rows: g.Rows}
	if all := dateAbove.FindAllString(g.Above, -1); len(all) > 0 {
		s.date = all[len(all)-1]
	}
	var ok bool
	s.layout, ok = settleBelow(g.Header, g.Rows, s.date, file)
	return s, ok && s.layout.named()
}

// Yearless reports whether a table needs a year from elsewhere.
func (s Settled) Yearless() bool { return s.date == "" && s.layout.yearless(s.rows) }

// Read begins to read a table. It returns what is called with the place and the cells of
// each row below the header, and what is called after the last.
func (g Grids) Read(f *record.File, s Settled, sink record.Sink) (row func(hindcast.Ref, []string), done func()) {
	rd := g.reading(f, s.layout, s.date, sink)
	return rd.row, rd.close
}
