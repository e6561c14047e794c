package foreign

import (
	"strings"

	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Describes returns the column of a table that says what will be done; -1 when
// it is no table of actions.
func (t *Table) Describes() int {
	known := 0
	for i, h := range t.Head {
		switch fieldNames[syntax.Normalize(h)] {
		case description:
			return i
		case noField:
		default:
			known++
		}
	}
	if known == 0 {
		return -1
	}
	c := columns{end: -1, who: -1}
	for i, h := range t.Head {
		if fieldNames[syntax.Normalize(h)] != noField {
			c.when = append(c.when, i)
		}
	}
	return c.longest(t)
}

// Tasks reports whether lines of a section that no heading names are a list of
// tasks: each of its items has a check box, or a table says what, and who or when.
func Tasks(lines []syntax.Line) bool {
	boxes, others := 0, 0
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if t, ok := ReadTable(lines[i:]); ok {
			if t.isActions() {
				return true
			}
			i += len(t.Lines) - 1
			continue
		}
		if syntax.IsBullet(l) {
			if it, _ := syntax.ReadItem(lines[i : i+1]); box.MatchString(it.Text) {
				boxes++
			} else {
				others++
			}
		}
	}
	return boxes > 1 && others == 0
}

func (t *Table) isActions() bool {
	has := map[field]bool{}
	for _, h := range t.Head {
		has[fieldNames[syntax.Normalize(h)]] = true
	}
	first := syntax.Normalize(t.Head[0])
	return strings.HasPrefix(first, "action") && (has[owner] || has[due] || has[status])
}

var box = lazyregexp.New(`^\[[ xX]\] +`)

// Timed returns how many lines of a section that no heading names begin with a
// time of day, when they are most of it; 0 when it tells no timeline.
func Timed(lines []syntax.Line) int {
	rows, others, below := 0, 0, false // below a line that is only a time
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		below = below || alone(l)
		if t, ok := ReadTable(lines[i:]); ok {
			if timed := countTimed(t.Rows); 2*timed > len(t.Rows) {
				rows += timed
			}
			i += len(t.Lines) - 1
			continue
		}
		text := l.Text
		if syntax.IsBullet(l) {
			it, _ := syntax.ReadItem(lines[i : i+1])
			text = it.Text
		}
		if s, _, ok := readStamp(text); ok && s.clock && l.Form == syntax.Plain {
			rows++
		} else if !below && l.Form == syntax.Plain && !l.Empty() && (i == 0 || lines[i-1].Empty()) {
			others++
		}
	}
	if rows <= others {
		return 0
	}
	return rows
}

func countTimed(rows []Row) int {
	n := 0
	for _, r := range rows {
		if s, _, ok := readStamp(strings.Join(r.Cells[:min(len(r.Cells), 2)], " ")); ok && s.clock {
			n++
		}
	}
	return n
}
