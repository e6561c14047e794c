package lint

import (
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/markdown"
)

// actionItem is an action of a document with the fields that it gives.
type actionItem struct {
	block    *markdown.Block
	words    []sentence.Token // of its description
	text     string           // with everything below it
	owner    string
	due      string
	priority string
	ticket   bool
	criteria bool
	done     bool
}

// hitAt makes a hit of words of the description.
func (a actionItem) hitAt(first, last int) hit {
	start, end := a.block.Span(a.words[first].Start, a.words[last].End)
	return hit{start: start, end: end, section: hindcast.SectionActions}
}

// actionItems reads the actions of a document: the rows of tables and the items
// of lists in its action sections; paragraphs too when the text is nothing else.
func actionItems(d *document) []actionItem {
	var out []actionItem
	c := columns{}
	where := outline{fixed: d.context.Section}
	for i := range d.md.Blocks {
		b := &d.md.Blocks[i]
		if where.of(b) != hindcast.SectionActions {
			continue
		}
		switch _, ok := headingOf(b); {
		case ok && !d.context.Incomplete:
		case b.Kind == markdown.Header:
			c.name(b)
		case b.Kind == markdown.Cell:
			out = c.add(out, b)
		case b.Kind == markdown.Item:
			out = addItem(out, b)
		case b.Kind == markdown.Paragraph && d.context.Section != "" || d.context.Incomplete:
			out = append(out, newItem(b))
		}
	}
	for i := range out {
		out[i].read()
	}
	return out
}

// newItem makes an action of the block that describes it.
func newItem(b *markdown.Block) actionItem {
	a := actionItem{block: b, text: b.Text}
	for _, s := range sentence.Split(b.Text) {
		a.words = append(a.words, s.Tokens...)
	}
	return a
}

// addItem adds the item of a list, or what stands below one. An item that ends in
// a colon is the title of those below it.
func addItem(out []actionItem, b *markdown.Block) []actionItem {
	n := len(out) - 1
	if n < 0 || out[n].block.List != b.List || out[n].block.Item != b.Item {
		return append(out, newItem(b))
	}
	last := &out[n]
	switch {
	case b.Level > last.block.Level && last.titles():
		out[n] = newItem(b)
	case b.Level == last.block.Level && b.Level > 1:
		return append(out, newItem(b))
	default:
		last.text += "\n" + b.Text
	}
	return out
}

// titles reports whether an item only introduces those below it.
func (a actionItem) titles() bool { return strings.HasSuffix(strings.TrimSpace(a.text), ":") }

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
func (c *columns) add(out []actionItem, b *markdown.Block) []actionItem {
	if c.table != b.List {
		*c = columns{table: b.List, fields: map[int]string{}, row: -1}
	}
	field := c.fields[b.Col]
	if field == "action" || b.Col == 0 && !c.describes() {
		c.row = b.Item
		return append(out, newItem(b))
	}
	if len(out) > 0 && out[len(out)-1].block.List == b.List && out[len(out)-1].block.Item == b.Item && field != "" {
		out[len(out)-1].text += "\n" + field + ": " + b.Text
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
	ownerField    = regexp.MustCompile(`(?i)\b(?:owner|owners|assignee|assigned to|responsible|dri)\b` + value)
	dueField      = regexp.MustCompile(`(?i)\b(?:due|due date|deadline|target|target date|eta|by when)\b` + value)
	priorityField = regexp.MustCompile(`(?i)\bpriority\b` + value)
	criteriaField = regexp.MustCompile(`(?i)\b(?:done when|success criteri(?:a|on)|acceptance(?: criteria)?|criteria|verified by|verification)\b` + value)
	dateText      = regexp.MustCompile(`(?i)\b(\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|q[1-4](?: \d{4})?|end of (?:week|month|quarter|year))\b`)
	ticketText    = regexp.MustCompile(`https?://|#\d+|\b[A-Z][A-Z0-9]{1,9}-\d+\b`)
	handleText    = regexp.MustCompile(`(?:^|[\s(\[])@[A-Za-z0-9][\w-]*`)
	doneText      = regexp.MustCompile(`(?i)^\s*(?:\[x\]|✅|✔|☑|done\b)|\bstatus: *(?:done|closed|completed?|fixed|resolved)\b`)
	byDate        = regexp.MustCompile(`(?i)\(([^()]+), *(?:by |due )?` + `(?:\d{4}-\d{2}-\d{2})`)
)

// read reads the fields out of the item's text.
func (a *actionItem) read() {
	a.owner = answer(ownerField, a.text)
	if a.owner == "" {
		if m := byDate.FindStringSubmatch(a.text); m != nil {
			a.owner = m[1]
		} else {
			a.owner = strings.TrimSpace(handleText.FindString(a.text))
		}
	}
	if a.due = answer(dueField, a.text); a.due == "" {
		a.due = dateText.FindString(a.text)
	}
	a.priority = strings.ToLower(answer(priorityField, a.text))
	a.criteria = answer(criteriaField, a.text) != ""
	a.ticket = ticketText.MatchString(a.text)
	a.done = doneText.MatchString(a.text)
}

// answer returns the value of a field; empty when it is a question or a blank.
func answer(field *regexp.Regexp, text string) string {
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
