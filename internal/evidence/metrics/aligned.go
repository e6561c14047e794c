package metrics

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Tables whose columns are aligned with blanks, as scripts and terminals print them:
//
//	time                 p95_ms   errors
//	2025-10-21 16:00:00    202.1       4
//
// A blank also stands between a date and its time of day, so these are one cell. In
// vmstat -t they stand below the name of their zone.

// blank is the delimiter of such a table.
const blank = ' '

// fewestRows is how many rows a table has at least that only blanks divide.
const fewestRows = 3

// spaced is a table aligned with blanks.
type spaced struct {
	csvrec.Table
	time int            // column of the time
	head string         // the heading as [words] returns it
	zone *time.Location // that stands above the times; nil when none does
}

// sniffSpaced returns the table that a file begins with; false when its lines are not
// rows of a time and other cells below the names of their columns.
func sniffSpaced(h record.Head) (s spaced, ok bool) {
	w := logline.Walker{Data: h.Bytes, Number: 1}
	if end := bytes.LastIndexByte(h.Bytes, '\n'); !h.Whole && end >= 0 {
		w.Data = h.Bytes[:end+1]
	}
	for l, more := w.Next(); more && len(s.Rows) < csvrec.SampleRows; l, more = w.Next() {
		switch {
		case len(bytes.TrimSpace(l.Text)) == 0 || ruled(l.Text):
		case s.Header == nil:
			if !s.heading(string(l.Text)) {
				return s, false
			}
			s.Comma, s.Line = blank, l.Number
		default:
			s.add(l.Text)
		}
	}
	return s, len(s.Rows) >= max(fewestRows, 2*s.Ragged) && s.Ragged <= 1+len(s.Rows)/20
}

// heading takes a line as the names of the columns; false when none names the time.
func (s *spaced) heading(line string) bool {
	names := strings.Fields(line)
	if len(names) < 2 {
		return false
	}
	s.Header, s.head = names, strings.Join(names, " ")
	s.time = slices.IndexFunc(names, func(n string) bool { return slices.Contains(timeNames, fold(n)) })
	if last := len(names) - 1; s.time < 0 {
		if _, ok := stamp.Abbreviation(names[last]); !ok {
			return false
		}
		s.zone, s.time = stamp.HeadZone("times "+names[last]), last
		names[last] = "timestamp"
	}
	return !slices.ContainsFunc(names, func(n string) bool {
		_, gap, ok := number(n)
		return ok && !gap
	})
}

// add adds a row, unless it is the heading again.
func (s *spaced) add(line []byte) {
	cells := words(line, s.time)
	if len(cells) != len(s.Header) {
		s.Ragged++
		return
	}
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = string(c)
	}
	if strings.Join(row, " ") != s.head {
		s.Rows = append(s.Rows, row)
	}
}

// rules finds a line that is drawn or groups the columns below it, as vmstat prints it.
var rules = lazyregexp.New(`^\s*(?:procs\s)?(?:[-=+]*\w*[-=+]+\s*)+$`)

func ruled(line []byte) bool {
	return bytes.Contains(line, []byte("--")) && rules.MatchString(string(line))
}

// dayWord and clockWord find a word that is a date, and one that is a time of day.
var (
	dayWord   = lazyregexp.New(`^(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})$`)
	clockWord = lazyregexp.New(`^\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$`)
	afterWord = lazyregexp.New(`^(?:[AP]M|[A-Z]{3,4}|[+-]\d\d:?\d\d)$`) // what may follow it: half of the day, or a zone
)

// words returns the cells of a line. A date with its time of day is one and becomes the
// cell at index at, as some tables name the time first and print it last.
func words(line []byte, at int) [][]byte {
	cells := bytes.Fields(line)
	for i := 0; i+1 < len(cells); i++ {
		if !dayWord.MatchString(string(cells[i])) || !clockWord.MatchString(string(cells[i+1])) {
			continue
		}
		end := i + 2
		if end < len(cells) && afterWord.MatchString(string(cells[end])) {
			end++
		}
		whole := bytes.Join(cells[i:end], []byte{blank})
		cells = slices.Delete(cells, i, end)
		return slices.Insert(cells, min(at, len(cells)), whole)
	}
	return cells
}
