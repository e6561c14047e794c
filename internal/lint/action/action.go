// Package action reads the actions of a post-mortem with their fields, and judges
// whether their words say what will be done. Its main types are [Item] and [Judge].
package action

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/lint/outline"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/markdown"
)

// Item is an action of a document with the fields that it gives.
type Item struct {
	Block    *markdown.Block  // that describes it
	Words    []sentence.Token // of its description
	Text     string           // with everything below it
	Owner    string
	Due      string // as written
	Priority string
	Ticket   bool
	Criteria bool // it says when it is done
	Done     bool
}

// Span returns the bytes of the source that words of the description take.
func (a Item) Span(first, last int) (start, end int) {
	return a.Block.Span(a.Words[first].Start, a.Words[last].End)
}

// Read returns the actions of a document: the rows of tables and the items of
// lists in its action sections; paragraphs too when the text is nothing else. A
// text without headings belongs to the section fixed; a part of a document has
// no headings.
func Read(md *markdown.Document, fixed hindcast.SectionKind, part bool) []Item {
	var out []Item
	c := columns{}
	where := outline.Walk{Fixed: fixed}
	for i := range md.Blocks {
		b := &md.Blocks[i]
		if where.Of(b) != hindcast.SectionActions {
			continue
		}
		switch _, ok := outline.HeadingOf(b); {
		case ok && !part:
		case b.Kind == markdown.Header:
			c.name(b)
		case b.Kind == markdown.Cell:
			out = c.add(out, b)
		case b.Kind == markdown.Item:
			out = addItem(out, b)
		case b.Kind == markdown.Paragraph && fixed != "" || part:
			out = append(out, newItem(b))
		}
	}
	for i := range out {
		out[i].read()
	}
	return out
}

// newItem makes an action of the block that describes it.
func newItem(b *markdown.Block) Item {
	a := Item{Block: b, Text: b.Text}
	for _, s := range sentence.Split(b.Text) {
		a.Words = append(a.Words, s.Tokens...)
	}
	return a
}

// addItem adds the item of a list, or what stands below one. An item that ends in
// a colon is the title of those below it.
func addItem(out []Item, b *markdown.Block) []Item {
	n := len(out) - 1
	if n < 0 || out[n].Block.List != b.List || out[n].Block.Item != b.Item {
		return append(out, newItem(b))
	}
	last := &out[n]
	switch {
	case b.Level > last.Block.Level && last.Titles():
		out[n] = newItem(b)
	case b.Level == last.Block.Level && b.Level > 1:
		return append(out, newItem(b))
	default:
		last.Text += "\n" + b.Text
	}
	return out
}

// Titles reports whether an item only introduces those below it.
func (a Item) Titles() bool { return strings.HasSuffix(strings.TrimSpace(a.Block.Text), ":") }

// columns are the columns of a table of actions.
type columns struct {
	table  int
	fields map[int]string
	row    int
}

var columnNames = map[string]string{
	"action": "action", "actions": "action", "action item": "action", "action items": "action", "item": "action", "description": "action", "task": "action", "what": "action", "todo": "action", "improvement": "action", "follow-up": "action", "measure": "action", "title": "action", "summary": "action", "details": "action",
	"owner": "owner", "owners": "owner", "assignee": "owner", "assigned to": "owner", "who": "owner", "responsible": "owner", "team": "owner", "dri": "owner", "lead": "owner",
	"due": "due", "due date": "due", "date": "due", "deadline": "due", "target": "due", "target date": "due", "when": "due", "eta": "due", "by": "due", "by when": "due",
	"priority": "priority", "prio": "priority", "done when": "criteria", "success criteria": "criteria", "success criterion": "criteria", "acceptance criteria": "criteria", "verification": "criteria", "criteria": "criteria",
	"ticket": "ticket", "issue": "ticket", "jira": "ticket", "tracking": "ticket", "link": "ticket", "bug": "ticket", "pr": "ticket", "status": "status", "state": "status", "done": "status",
}

// name reads a header cell.
func (c *columns) name(b *markdown.Block) {
	if c.table != b.List || c.fields == nil {
		*c = columns{table: b.List, fields: map[int]string{}, row: -1}
	}
	c.fields[b.Col] = columnNames[strings.ToLower(strings.TrimSpace(b.Text))]
}

// add adds a cell. Without a column for actions the first one describes them.
func (c *columns) add(out []Item, b *markdown.Block) []Item {
	if c.table != b.List {
		*c = columns{table: b.List, fields: map[int]string{}, row: -1}
	}
	field := c.fields[b.Col]
	if field == "action" || b.Col == 0 && !c.describes() {
		c.row = b.Item
		return append(out, newItem(b))
	}
	if len(out) > 0 && out[len(out)-1].Block.List == b.List && out[len(out)-1].Block.Item == b.Item && field != "" {
		out[len(out)-1].Text += "\n" + field + ": " + b.Text
	}
	return out
}

func (c *columns) describes() bool {
	for _, f := range c.fields {
		if f == "action" {
			return true
		}
	}
	return false
}

// A value that is empty or a question has not been answered.
const value = `\**[:=]\**\s*([^\n;|)]*)`

var (
	ownerField    = lazyregexp.New(`(?i)\b(?:owner|owners|assignee|assigned to|responsible|dri)\b` + value)
	dueField      = lazyregexp.New(`(?i)\b(?:due|due date|deadline|target|target date|eta|by when)\b` + value)
	priorityField = lazyregexp.New(`(?i)\bpriority\b` + value)
	criteriaField = lazyregexp.New(`(?i)\b(?:done when|success criteri(?:a|on)|acceptance(?: criteria)?|criteria|verified by|verification)\b` + value)
	dateText      = lazyregexp.New(`(?i)\b(\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|q[1-4](?: \d{4})?|end of (?:week|month|quarter|year))\b`)
	ticketText    = lazyregexp.New(`https?://|#\d+|\b[A-Z][A-Z0-9]{1,9}-\d+\b`)
	handleText    = lazyregexp.New(`(?:^|[\s(\[])@[A-Za-z0-9][\w-]*`)
	doneText      = lazyregexp.New(`(?i)^\s*(?:\[x\]|✅|✔|☑|done\b)|\bstatus: *(?:done|closed|completed?|fixed|resolved)\b`)
	byDate        = lazyregexp.New(`(?i)\(([^()]+), *(?:by |due )?` + `(?:\d{4}-\d{2}-\d{2})`)
)

// read reads the fields out of the item's text.
func (a *Item) read() {
	a.Owner = answer(ownerField, a.Text)
	if a.Owner == "" {
		if m := byDate.FindStringSubmatch(a.Text); m != nil {
			a.Owner = m[1]
		} else {
			a.Owner = strings.TrimSpace(handleText.FindString(a.Text))
		}
	}
	if a.Due = answer(dueField, a.Text); a.Due == "" {
		a.Due = dateText.FindString(a.Text)
	}
	a.Priority = strings.ToLower(answer(priorityField, a.Text))
	a.Criteria = answer(criteriaField, a.Text) != ""
	a.Ticket = ticketText.MatchString(a.Text)
	a.Done = doneText.MatchString(a.Text)
}

// answer returns the value of a field; empty when it is a question or a blank.
func answer(field *lazyregexp.Regexp, text string) string {
	m := field.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	v := strings.Trim(m[1], " *_-–—.")
	switch strings.ToLower(v) {
	case "", "tbd", "todo", "tba", "n/a", "none", "unknown", "?", "unassigned":
		return ""
	}
	if strings.HasSuffix(v, "?") || strings.HasPrefix(v, "[") && strings.HasSuffix(v, "]") || strings.HasPrefix(v, "<") {
		return ""
	}
	return v
}

// Missing names the fields that an action lacks.
func (a Item) Missing() []string {
	var out []string
	for _, f := range []struct {
		name string
		has  bool
	}{{"owner", a.Owner != ""}, {"due date", a.Due != ""}, {"success criterion", a.Criteria}} {
		if !f.has {
			out = append(out, f.name)
		}
	}
	return out
}
