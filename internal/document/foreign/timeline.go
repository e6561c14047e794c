package foreign

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Timeline reads the timelines of a document.
type Timeline struct {
	Clock   *Clock
	Add     func(e hindcast.Entry, it syntax.Item)     // takes an entry, with the item whose further lines belong to it
	Problem func(line int, format string, args ...any) // takes what is wrong and what to do
	Dayless func(line int)                             // takes an entry whose day nothing tells

	prose  [][]syntax.Line
	broken bool          // an entry stood between the last run of prose and here
	below  string        // a day in words whose heading the next entry stands below
	held   []syntax.Line // a heading that names a day in digits, and what is blank below it
	timed  int           // entries with a time so far
}

// Read reads a section whose heading is given. It adds the entries and returns
// the lines that are none, in runs.
func (t *Timeline) Read(heading string, lines []syntax.Line) [][]syntax.Line {
	t.prose, t.broken, t.below, t.held, t.timed = nil, false, "", nil, 0
	t.Clock.begin(heading, lines)
	for i := 0; i < len(lines); {
		i += t.step(lines[i:])
	}
	t.release()
	return t.prose
}

// begin settles the zone of a section: the one that its heading or a sentence in
// it states, else that of the document.
func (c *Clock) begin(heading string, lines []syntax.Line) {
	c.zone = c.document
	if z, ok := statedZone(heading); ok {
		c.zone = z
		return
	}
	for _, l := range lines {
		if l.Form != syntax.Plain || syntax.IsBullet(l) || barred(l) {
			continue
		}
		if _, _, stamped := readStamp(l.Text); stamped {
			continue
		}
		if z, ok := statedZone(l.Text); ok {
			c.zone = z
			return
		}
	}
}

var anyDate = lazyregexp.New(`(?i)\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|` + monthWord + ` (?:the )?\d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? (?:of )?` + monthWord + `,? \d{4})\b`)

const theText = "the text"

// Mentioned takes the day that sentences mention, where nothing but the text
// elsewhere names one and they mention only one.
func (c *Clock) Mentioned(lines []syntax.Line) {
	if !c.Day.IsZero() && c.Source != theText {
		return
	}
	var day time.Time
	for _, l := range lines {
		for _, m := range anyDate.FindAllString(l.Text, -1) {
			s, _, _ := readStamp(strings.Replace(strings.ToLower(m), " the ", " ", 1))
			d, ok := c.dayOf(&s)
			if !s.dated() || !ok || !day.IsZero() && !d.Equal(day) {
				return
			}
			day = d
		}
	}
	if !day.IsZero() {
		c.Day, c.Source = day, theText
	}
}

// step reads what begins on the first line and returns its number of lines.
func (t *Timeline) step(lines []syntax.Line) int {
	l := lines[0]
	switch {
	case l.Form == syntax.Heading:
		return t.heading(lines, l.Title)
	case alone(l):
		return t.heading(lines, strings.Trim(l.Text, " \t*_:"))
	case l.Empty() && t.held != nil:
		t.held = append(t.held, l)
		return 1
	case syntax.IsBullet(l):
		return t.list(lines)
	}
	if table, ok := ReadTable(lines); ok {
		return t.table(&table)
	}
	if s, rest, ok := row(l); ok {
		return t.paragraph(lines, s, rest)
	}
	t.keep(lines[:1])
	return 1
}

// keep keeps lines as prose.
func (t *Timeline) keep(lines []syntax.Line) {
	t.release()
	if t.broken || t.prose == nil {
		t.prose, t.broken = append(t.prose, nil), false
	}
	k := len(t.prose) - 1
	t.prose[k] = append(t.prose[k], lines...)
}

// release makes prose of a heading that no entry followed.
func (t *Timeline) release() {
	if held := t.held; held != nil {
		t.held, t.below = nil, ""
		t.keep(held)
	}
}

// add adds an entry.
func (t *Timeline) add(e hindcast.Entry, it syntax.Item) {
	if t.below != "" {
		e.Why = syntax.Join(e.Why, "below the heading "+t.below, ", ")
	}
	t.held, t.below, t.broken = nil, "", true
	e.Key, e.KnownAt = true, e.At
	if !e.At.IsZero() {
		t.timed++
	}
	t.Add(e, it)
}

// untimed adds an entry whose time is not understood, with all of its text.
func (t *Timeline) untimed(title string, it syntax.Item) {
	t.Problem(it.Line, "no time is understood here; the entry was kept without one")
	t.add(hindcast.Entry{Title: title}, it)
}

// entry makes an entry of a time and what follows it; a time that cannot be
// placed stays in the text.
func (t *Timeline) entry(whole string, s *stamp, rest string, it syntax.Item) {
	if rest == "" {
		t.untimed(strings.TrimSpace(whole), it)
		return
	}
	at, until, ok := t.place(s, it.Line)
	if !ok {
		t.unplaced(s, whole, it)
		return
	}
	t.add(hindcast.Entry{At: at, Until: until, Title: strings.TrimSpace(rest), Why: t.Clock.why(s)}, it)
}

// place returns the moment of a time, and tells what was assumed for it.
func (t *Timeline) place(s *stamp, line int) (at, until time.Time, ok bool) {
	c := t.Clock
	source, asUTC := c.Source, c.asUTC
	if at, until, ok = c.place(s); !ok {
		return at, until, false
	}
	if source != "" && !s.dated() {
		t.Problem(line, "no day is named here; %s, which %s names, was taken; put a heading such as ### 2024-03-15 (UTC) above if that is wrong", at.Format(time.DateOnly), source)
		c.Source = ""
	}
	if !asUTC && !s.zone.named() && !c.zone.named() {
		t.Problem(line, "nothing tells the zone of the times from here on; they were read as UTC")
		c.asUTC = true
	}
	return at, until, true
}

// unplaced adds an entry whose time says too little. A day alone is no time of
// day, and no fault.
func (t *Timeline) unplaced(s *stamp, whole string, it syntax.Item) {
	switch day, ok := t.Clock.dayOf(s); {
	case s.dated() && !s.clock:
		if ok {
			t.Clock.Day = day
		}
		t.add(hindcast.Entry{Title: strings.TrimSpace(whole)}, it)
	case s.clock && !ok:
		t.Dayless(it.Line)
		t.add(hindcast.Entry{Title: strings.TrimSpace(whole)}, it)
	default:
		t.untimed(strings.TrimSpace(whole), it)
	}
}

// alone reports whether a line is a time and nothing else, which serves as a
// heading.
func alone(l syntax.Line) bool {
	if l.Form != syntax.Plain || syntax.IsBullet(l) || barred(l) {
		return false
	}
	s, rest, ok := readStamp(l.Text)
	return ok && s.clock && rest == ""
}

// heading reads a heading: the day of what follows, or an entry that goes on
// until the next heading.
func (t *Timeline) heading(lines []syntax.Line, title string) int {
	l := lines[0]
	if t.Clock.heading(title) {
		t.release()
		t.held = lines[:1:1]
		if !isoDay.MatchString(title) {
			t.below = strings.Trim(title, "*_ ")
		}
		return 1
	}
	n := 1
	for n < len(lines) && lines[n].Form != syntax.Heading && !alone(lines[n]) {
		n++
	}
	s, rest, ok := readStamp(title)
	if !ok || !s.clock || t.rows(lines[1:n]) > 1 {
		t.keep(lines[:1])
		return 1
	}
	body := lines[1:n]
	whole := title
	if rest == "" {
		rest, body = firstParagraph(body)
		whole = syntax.Join(title, rest, ": ")
	}
	if rest == "" {
		rest = title
	}
	t.entry(whole, &s, rest, syntax.Item{Line: l.N, Loose: strings.Split(syntax.ReadProse(body), "\n")})
	return n
}

var isoDay = lazyregexp.New(`^[*_]*\d{4}-\d{2}-\d{2}[*_]*(?: \(?UTC\)?)?:?$`)

// rows returns how many lines begin with a time of day.
func (t *Timeline) rows(lines []syntax.Line) int {
	n := 0
	for _, l := range lines {
		text := l.Text
		if syntax.IsBullet(l) {
			it, _ := syntax.ReadItem([]syntax.Line{l})
			text = it.Text
		}
		if s, _, ok := readStamp(text); ok && s.clock && l.Form == syntax.Plain {
			n++
		}
	}
	return n
}

// firstParagraph returns the first lines of a text as one, when it begins with a
// paragraph or an item of one line, and what follows.
func firstParagraph(lines []syntax.Line) (text string, rest []syntax.Line) {
	i := 0
	for i < len(lines) && lines[i].Empty() {
		i++
	}
	var words []string
	for ; i < len(lines) && lines[i].Form == syntax.Plain && !lines[i].Empty() && !syntax.IsBullet(lines[i]) && !barred(lines[i]); i++ {
		words = append(words, strings.TrimSpace(lines[i].Text))
	}
	if i < len(lines) && len(words) == 0 && syntax.IsBullet(lines[i]) {
		if it, n := syntax.ReadItem(lines[i:]); n == 1 {
			return it.Text, lines[i+1:]
		}
	}
	return strings.Join(words, " "), lines[i:]
}

// row reads the time that a line of text begins with. A day alone needs a colon
// or a dash behind it: "2024-03-15 we met" is a sentence.
func row(l syntax.Line) (s stamp, rest string, ok bool) {
	if l.Form != syntax.Plain {
		return s, "", false
	}
	s, rest, ok = readStamp(l.Text)
	return s, rest, ok && rest != "" && (s.clock || divided(l.Text, rest))
}

// divided reports whether what stands before the rest of a text ends in a divider.
func divided(text, rest string) bool {
	before := strings.TrimRight(strings.TrimSuffix(text, rest), " \t")
	return strings.TrimRight(before, ":-–—|·*_`>→") != before
}

// paragraph reads an entry that is a paragraph, with a list or code directly
// below it.
func (t *Timeline) paragraph(lines []syntax.Line, s stamp, rest string) int {
	whole := strings.TrimSpace(lines[0].Text)
	n := 1
	for ; n < len(lines); n++ {
		l := lines[n]
		if _, _, ok := row(l); ok || l.Form != syntax.Plain || l.Empty() || syntax.IsBullet(l) || barred(l) {
			break
		}
		whole, rest = whole+" "+strings.TrimSpace(l.Text), rest+" "+strings.TrimSpace(l.Text)
	}
	title := n
	for ; n < len(lines) && !lines[n].Empty() && lines[n].Form != syntax.Heading && lines[n].Form != syntax.Marker; n++ {
		if _, _, ok := row(lines[n]); ok {
			break
		}
	}
	it := syntax.Item{Line: lines[0].N}
	for _, l := range lines[title:n] {
		it.Loose = append(it.Loose, l.Text)
	}
	t.entry(whole, &s, rest, it)
	return n
}

// list reads a list. Its items without a time are entries too when others have
// one, or when the list is all that tells the timeline.
func (t *Timeline) list(lines []syntax.Line) int {
	var items []syntax.Item
	n, timed := 0, 0
	for n < len(lines) {
		k := n
		for k < len(lines) && lines[k].Empty() {
			k++
		}
		if k == len(lines) || !syntax.IsBullet(lines[k]) {
			break
		}
		it, taken := syntax.ReadItem(lines[k:])
		items, n = append(items, it), k+taken
		if begins(it.Text) {
			timed++
		}
	}
	for _, it := range items {
		t.item(it, timed > 0 || t.timed == 0)
	}
	return n
}

// begins reports whether the text of an item has a time or a day where an entry
// has it.
func begins(text string) bool {
	if _, _, ok := readStamp(text); ok {
		return true
	}
	_, _, ok := trailing(text)
	return ok || hint.MatchString(text)
}

// hint matches what people write for a time that they do not know exactly.
var hint = lazyregexp.New("(?i)^[*_`~\\[(]*(?:T ?[+-] ?\\d|\\+ ?\\d+ ?(?:m|h|s)|day \\d|\\d{1,2}:(?:xx|\\?\\?)|unknown (?:date|time)|\\d+ ?(?:minutes?|mins?|hours?|hrs?|days?|weeks?) (?:later|after|before)|[?x]{2}:[?x]{2}|tbd|before|later)")

// item reads an item of a list.
func (t *Timeline) item(it syntax.Item, all bool) {
	if t.expand(it) {
		return
	}
	s, rest, ok := readStamp(it.Text)
	if ok && rest == "" {
		rest, it = headline(it)
	}
	switch {
	case ok:
		t.entry(syntax.Join(it.Text, map[bool]string{true: rest}[!strings.HasSuffix(it.Text, rest)], " "), &s, rest, it)
		return
	case all && it.Text != "" && !note.MatchString(it.Text):
	default:
		t.keep(it.Raw)
		return
	}
	if s, title, ok := trailing(it.Text); ok {
		t.entry(it.Text, &s, title, it)
		return
	}
	t.untimed(strings.TrimSpace(it.Text), it)
}

var note = lazyregexp.New(`(?i)^[*_]*(?:note|nb|n\.b\.|todo|see|source|sources|timeline|slack thread)\b`)

// headline takes the first line below an item whose own line is only a time.
func headline(it syntax.Item) (string, syntax.Item) {
	switch {
	case len(it.Loose) > 0 && len(it.Fields) == 0:
		i := slices.IndexFunc(it.Loose, func(s string) bool { return !syntax.Blank(s) })
		title := it.Loose[i]
		it.Loose = it.Loose[i+1:]
		return strings.TrimSpace(title), it
	case len(it.Fields) > 0 && len(it.Fields[0].Rest) == 0:
		title := it.Fields[0].Text
		it.Fields = it.Fields[1:]
		return title, it
	}
	return "", it
}

// expand reads an item that holds a list of entries: below a day, or a title.
func (t *Timeline) expand(it syntax.Item) bool {
	n := 0
	for _, f := range it.Fields {
		if s, _, ok := readStamp(f.Text); ok && s.clock {
			n++
		}
	}
	own, _, ok := readStamp(it.Text)
	if n == 0 || len(it.Loose) > 0 || ok && own.clock || 2*n < len(it.Fields) {
		return false
	}
	t.Clock.heading(it.Text)
	t.keep([]syntax.Line{{N: it.Line, Text: "- " + it.Text}})
	for _, f := range it.Fields {
		t.item(syntax.Item{Line: f.Line, Text: f.Text, Loose: f.Rest, Raw: []syntax.Line{{N: f.Line, Text: "- " + f.Text}}}, true)
	}
	return true
}

var (
	lateDate  = lazyregexp.New(`(?i)\s(?:\d{4}-\d{2}-\d{2}|` + monthWord + ` \d{1,2})[ ,T]`)
	lateClock = lazyregexp.New(`(?i)\s(?:at|@) \d{1,2}[:.]\d{2}`)
)

// longestEvent is how long an event is whose time stands behind it.
const longestEvent = 80

// trailing reads a time behind a few words: "Resolved 2024-03-15 12:07".
func trailing(text string) (s stamp, title string, ok bool) {
	if len(text) > longestEvent {
		return s, "", false
	}
	for _, late := range []*lazyregexp.Regexp{lateDate, lateClock} {
		i := late.FindStringIndex(text)
		if i == nil {
			continue
		}
		s, rest, ok := readStamp(text[i[0]+1:])
		if ok && s.clock && rest == "" {
			return s, strings.TrimRight(text[:i[0]], " :–—-@"), true
		}
	}
	return s, "", false
}

// quoted quotes the beginning of a text for a message.
func quoted(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
