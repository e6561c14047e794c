package foreign

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// table reads a table with a column of times.
func (t *Timeline) table(table *Table) int {
	c := t.columns(table)
	if len(c.when) == 0 {
		t.keep(table.Lines)
		return len(table.Lines)
	}
	for _, i := range c.when {
		if z, ok := statedZone(table.Head[i]); ok {
			t.Clock.zone = z
		}
	}
	bad := table.Lines[:2:2]
	if c.plain(table) {
		bad = nil
	}
	rows := len(bad)
	for _, r := range table.Rows {
		if !t.row(table, c, r) {
			t.Problem(r.Line.N, "this row of the table is not understood and was kept as text")
			if bad == nil {
				bad = table.Lines[:2:2]
			}
			bad = append(bad, r.Line)
		}
	}
	if len(bad) > rows || rows > 0 {
		t.keep(bad)
	}
	return len(table.Lines)
}

// columns are the columns of a timeline's table; -1 where there is none.
type columns struct {
	when       []int
	end        int
	event, who int
}

var (
	whenColumn = lazyregexp.New(`\b(?:time|times|date|day|when|timestamp|hour|start|started|utc|clock)\b`)
	endColumn  = lazyregexp.New(`\b(?:end|ended|until|finish|finished|to)\b`)
)

func (t *Timeline) columns(table *Table) columns {
	c := columns{end: -1, who: table.column("actor", "who", "by", "person", "owner", "role", "people")}
	for i, h := range table.Head {
		switch name := syntax.Normalize(h); {
		case endColumn.MatchString(name):
			c.end = i
		case whenColumn.MatchString(name) && !strings.Contains(name, "duration"):
			c.when = append(c.when, i)
		}
	}
	if len(c.when) == 0 && mostly(table.Rows, func(r Row) bool {
		s, _, ok := readStamp(r.Cells[0])
		return ok && (s.clock || s.dated())
	}) {
		c.when = []int{0}
	}
	c.event = table.column("event", "events", "description", "what happened", "what", "action", "actions", "details", "detail", "activity", "state", "update", "message", "summary", "notes", "note", "comment", "comments", "entry", "status")
	if c.event < 0 {
		c.event = c.longest(table)
	}
	return c
}

func mostly(rows []Row, is func(Row) bool) bool {
	n := 0
	for _, r := range rows {
		if is(r) {
			n++
		}
	}
	return 2*n > len(rows)
}

// longest returns the column with the most text among those that are nothing else.
func (c *columns) longest(table *Table) int {
	best, most := -1, 0
	for i := range table.Head {
		if slices.Contains(c.when, i) || i == c.end || i == c.who {
			continue
		}
		n := 1
		for _, r := range table.Rows {
			n += len(r.Cells[i])
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// plain reports whether the names of the columns that entries take whole say
// nothing more than that.
func (c *columns) plain(table *Table) bool {
	return !slices.ContainsFunc(append([]int{c.event, c.who, c.end}, c.when...), func(i int) bool {
		return i >= 0 && !plainColumn.MatchString(strings.Trim(table.Head[i], " *_"))
	})
}

var plainColumn = lazyregexp.New(`(?i)^(?:|(?:date|time|day|when|timestamp|start|end)(?: (?:and|&|/) time| ?/ ?time)?(?: ?\(?(?:UTC|` + zoneWord + `)\)?)?|(?:start|end) time|events?|description|what(?: happened)?|actions?|details?|activity|state|update|message|summary|notes?|comments?|entry|status|actor|who|by|person|owner|role)$`)

// row reads a row of a table.
func (t *Timeline) row(table *Table, c columns, r Row) bool {
	var when []string
	for _, i := range c.when {
		if r.Cells[i] != "" {
			when = append(when, r.Cells[i])
		}
	}
	e := hindcast.Entry{Title: cellAt(r, c.event)}
	e.Actor.Name = strings.TrimSpace(cellAt(r, c.who))
	used := append([]int{c.event, c.who, c.end}, c.when...)
	if e.Title == "" {
		return false
	}
	e.Title = strings.TrimSpace(e.Title)
	e.Detail = table.Rest(r, used...)
	it := syntax.Item{Line: r.Line.N}
	text := strings.Join(when, " ")
	s, rest, ok := readStamp(text)
	if end, _, isTime := readStamp(cellAt(r, c.end)); isTime && end.clock && s.until == nil {
		s.until = &end
	} else if c.end >= 0 && r.Cells[c.end] != "" {
		e.Detail = syntax.Join(e.Detail, table.Rest(Row{Cells: onlyCell(r.Cells, c.end)}), "\n")
	}
	if ok {
		e.At, e.Until, ok = t.place(&s, it.Line)
	}
	if !ok {
		t.rowWithout(e, text, s, it)
		return true
	}
	if rest != "" {
		s.written = text
	}
	e.Why = t.Clock.why(&s)
	t.add(e, it)
	return true
}

// rowWithout adds a row whose time cannot be placed.
func (t *Timeline) rowWithout(e hindcast.Entry, when string, s stamp, it syntax.Item) {
	if day, ok := t.Clock.dayOf(&s); s.dated() && ok {
		t.Clock.Day = day
	}
	if when != "" && !(s.dated() && !s.clock) {
		t.Problem(it.Line, "%s is not understood as a time; the entry was kept without one", quoted(when))
	}
	e.Title = syntax.Join(when, e.Title, ": ")
	t.add(e, it)
}

func cellAt(r Row, i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

func onlyCell(cells []string, i int) []string {
	out := make([]string, len(cells))
	out[i] = cells[i]
	return out
}
