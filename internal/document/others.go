package document

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/foreign"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// Documents of others: what package foreign understands of them becomes records
// as if we had written it.

// ourRecords reports whether a section has records or lists of our format: it
// is ours, without its front matter.
func ourRecords(p part) bool {
	for i, l := range p.body {
		if l.Form == syntax.Heading && groupOf(p.kind, l.Title) != nil {
			return true
		}
		if syntax.IsBullet(l) {
			if it, _ := syntax.ReadItem(p.body[i:]); it.Mark != "" {
				return true
			}
		}
	}
	return false
}

// leastTimed is how many lines with a time make a timeline of a section that no
// heading names: more where another section is the timeline.
func leastTimed(another bool) int {
	if another {
		return 5
	}
	return 3
}

// guess gives a kind to the sections that no heading names: those that tell a
// timeline, or list tasks, where nothing else in the document does. What stands
// before the first section becomes one when it tells a timeline.
func guess(preamble []syntax.Line, parts []part) ([]syntax.Line, []part) {
	has := func(kind hindcast.SectionKind) bool {
		return slices.ContainsFunc(parts, func(p part) bool { return p.kind == kind && len(syntax.ReadProse(p.body)) > 0 })
	}
	timeline, actions := has(hindcast.SectionTimeline), has(hindcast.SectionActions)
	for i := range parts {
		switch p := &parts[i]; {
		case p.kind != "":
		case foreign.Timed(p.body) >= leastTimed(timeline):
			p.kind = hindcast.SectionTimeline
		case foreign.Tasks(p.body) && !actions:
			p.kind = hindcast.SectionActions
		}
	}
	if foreign.Timed(preamble) < leastTimed(timeline) {
		return preamble, parts
	}
	return nil, slices.Insert(parts, 0, part{kind: hindcast.SectionTimeline, heading: "Timeline", line: preamble[0].N, level: 2, body: preamble})
}

// foreignFacts reads the metadata: of front matter, and of the lines before the
// first section, in it, and in sections that hold metadata.
func (r *reader) foreignFacts(preamble []syntax.Line, parts []part) {
	p := &r.out.Postmortem
	text := p.FrontMatter
	if lines, ok := tomlOf(preamble); ok {
		text += "\n" + lines
	}
	list := append(foreign.FrontFacts(text), foreign.Facts(preamble)...)
	for i, part := range parts {
		if part.kind == hindcast.SectionMetadata || i == 0 && (part.kind == "" || part.kind == hindcast.SectionSummary) {
			list = append(list, foreign.Facts(part.body)...)
		}
	}
	r.takeFacts(list)
	if p.Incident.Title == "" {
		if p.Incident.Title = firstLine(p.Preamble); p.Incident.Title != "" {
			p.Preamble = strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(p.Preamble, " \t"), p.Incident.Title), " \t\n")
		}
	}
	for _, part := range parts {
		if text := syntax.ReadProse(part.body); section.Of(part.heading) == section.Detection && len(text) <= longestDetection && !strings.Contains(text, "\n\n") && p.Incident.Detection == "" {
			p.Incident.Detection = strings.Join(strings.Fields(text), " ")
		}
	}
}

// firstLine returns the line that a text begins with when it reads like a title:
// short, alone, and no sentence.
func firstLine(text string) string {
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimSpace(line)
	if syntax.Normalize(line) == "" || len(line) > 80 || rest != "" && !strings.HasPrefix(rest, "\n") || strings.HasSuffix(line, ".") || strings.ContainsAny(line, "|<>[]{}:=") || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "-") {
		return ""
	}
	return line
}

// mentionedDay takes the day that the summary mentions, else the text before the
// first section, where nothing else names one.
func (r *reader) mentionedDay(preamble []syntax.Line, parts []part) {
	r.clock.Mentioned(preamble)
	for _, p := range parts {
		if p.kind == hindcast.SectionSummary {
			r.clock.Mentioned(p.body)
		}
	}
}

// longestDetection is how many bytes a section on detection has at most that is
// taken whole for the detection method.
const longestDetection = 200

// takeFacts takes the day of the document first: other facts leave it out.
func (r *reader) takeFacts(list []foreign.Fact) {
	p := &r.out.Postmortem
	ended := slices.ContainsFunc(list, func(f foreign.Fact) bool { return f.Line == 0 && foreign.Phase(f.Name) == "resolved_at" })
	for _, f := range list {
		r.clock.Date(f)
		// The date of a page is when it was written, unless it says too when it ended.
		if ended && f.Line == 0 && f.Name == "date" {
			r.clock.Begin(p, f)
		}
		if f.Name == "title" && f.Line == 0 && p.Incident.Title == "" {
			p.Incident.Title = f.Value
		}
	}
	for _, f := range list {
		if r.clock.Take(p, f) && p.Incident.Severity > 0 {
			r.out.Problems = slices.DeleteFunc(r.out.Problems, func(x hindcast.Problem) bool { return strings.HasPrefix(x.Message, "severity is no level") })
		}
	}
}

// tomlOf returns the TOML between two lines +++ that a text begins with.
func tomlOf(lines []syntax.Line) (string, bool) {
	if len(lines) == 0 || strings.TrimSpace(lines[0].Text) != "+++" {
		return "", false
	}
	var out []string
	for _, l := range lines[1:] {
		if strings.TrimSpace(l.Text) == "+++" {
			return strings.Join(out, "\n"), true
		}
		out = append(out, l.Text)
	}
	return "", false
}

// sortEntries puts the entries of several sections, or of one that begins with
// the last, in the order of time. Those without a time stay behind the one before.
func (r *reader) sortEntries() {
	list := r.out.Postmortem.Timeline
	order, at := make([]int, len(list)), make([]time.Time, len(list))
	for i, e := range list {
		if order[i], at[i] = i, e.At; e.At.IsZero() && i > 0 {
			at[i] = at[i-1]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return at[a].Compare(at[b]) })
	sorted, place := make([]hindcast.Entry, len(list)), map[string]string{}
	for to, from := range order {
		sorted[to] = list[from]
		place[indexed("timeline", from)] = indexed("timeline", to)
	}
	copy(list, sorted)
	lines := map[string]int{}
	for path, n := range r.out.lines {
		entry, field, _ := strings.Cut(path, "]")
		if to, ok := place[entry+"]"]; ok {
			path = to + field
		}
		lines[path] = n
	}
	r.out.lines = lines
}

// phasesFromEntries takes from entries such as "First detected" when the phases
// of the incident began.
func (r *reader) phasesFromEntries() {
	p := &r.out.Postmortem
	for _, e := range p.Timeline {
		if phase := foreign.Phase(e.Title); phase != "" {
			foreign.SetPhase(p, phase, e.At, e.Title)
		}
	}
	if len(p.Incident.PhaseWhy) == 0 || p.Section(hindcast.SectionMetadata) != nil {
		return
	}
	at := slices.IndexFunc(p.Sections, func(s hindcast.Section) bool { return s.Kind != hindcast.SectionSummary })
	p.Sections = slices.Insert(p.Sections, max(at, 0), hindcast.Section{Kind: hindcast.SectionMetadata, Heading: "Incident Metadata"})
}

func (r *reader) foreignTimeline(p part) string {
	r.clock.Mentioned(p.body)
	dayless := func(line int) { r.dayless = append(r.dayless, line) }
	t := foreign.Timeline{Clock: &r.clock, Problem: r.problem, Dayless: dayless, Add: func(e hindcast.Entry, it syntax.Item) {
		path := indexed("timeline", len(r.out.Postmortem.Timeline))
		syntax.ReadRecord(r.report(), path, &e, it, record.EntryFields(), &e.Detail)
		r.appendEntry(e)
	}}
	return syntax.ReadProse(t.Read(p.heading, p.body)...)
}

// foreignHeading holds a heading within a section: records keep what they stand
// under, and where none follows it is prose.
func (b *bodyReader) foreignHeading(l syntax.Line) int {
	b.release()
	switch own := b.opens(l); {
	case own:
		b.below = ""
	case b.kind == hindcast.SectionImpact || b.kind == hindcast.SectionRelated || b.kind == hindcast.SectionMetadata:
		b.prose([]syntax.Line{l})
		return 1
	default:
		b.below = syntax.ReadInline(l.Title)
	}
	b.held = []syntax.Line{l}
	return 1
}

// listed reads records and gives them the heading that they stand under.
func (b *bodyReader) listed(read func() bool) bool {
	p := &b.out.Postmortem
	actions, factors, observations := len(p.Actions), len(p.Factors), len(p.Observations)
	if !read() {
		return false
	}
	if b.below == "" || b.out.Ours {
		return true
	}
	under := func(detail *string) { *detail = syntax.Join("Under: "+b.below, *detail, "\n") }
	for i := range p.Actions[actions:] {
		under(&p.Actions[actions+i].Detail)
	}
	for i := range p.Factors[factors:] {
		under(&p.Factors[factors+i].Detail)
	}
	for i := range p.Observations[observations:] {
		under(&p.Observations[observations+i].Detail)
	}
	return true
}

// titled reads the items below one that only introduces them, as under a
// heading: "In progress:".
func (b *bodyReader) titled(it syntax.Item) {
	outer := b.below
	b.below = syntax.Join(outer, strings.Trim(it.Text, "*_: "), ": ")
	defer func() { b.below = outer }()
	listed := false
	for _, f := range it.Fields {
		nested := syntax.Item{Line: f.Line, Text: f.Text, Loose: f.Rest, Raw: []syntax.Line{{N: f.Line, Text: "- " + f.Text}}}
		if b.listed(func() bool { return b.group.read(b.reader, nested) }) {
			b.record()
			listed = true
		} else {
			b.prose(append(nested.Raw, asLines(f.Rest)...))
		}
	}
	if !listed {
		b.prose([]syntax.Line{{N: it.Line, Text: "- " + it.Text}})
	}
}

func asLines(texts []string) []syntax.Line {
	var out []syntax.Line
	for _, s := range texts {
		out = append(out, syntax.Line{Text: "  " + s})
	}
	return out
}

// shortTitle is how many bytes an item has at most that introduces causes or
// observations: a longer one says something itself.
const shortTitle = 30

// introduces reports whether an item of a section only introduces those below it.
func introduces(kind hindcast.SectionKind, it syntax.Item) bool {
	title := strings.Trim(it.Text, "*_ ")
	switch kind {
	case hindcast.SectionRootCauses, hindcast.SectionContributing, hindcast.SectionWentWell, hindcast.SectionWentPoorly:
		if len(title) > shortTitle {
			return false
		}
	case hindcast.SectionActions:
	default:
		return false
	}
	return it.Mark == "" && strings.HasSuffix(title, ":") && len(it.Fields) > 0 && len(it.Loose) == 0 &&
		!slices.ContainsFunc(it.Fields, func(f syntax.RawField) bool { _, _, ok := foreign.Named(f.Text); return ok })
}

// foreignAction reads an item of a list as an action.
func (r *reader) foreignAction(it syntax.Item) bool {
	s := it.Text
	a := hindcast.ActionItem{Status: hindcast.ActionOpen}
	if m := record.Box.FindStringSubmatch(s); m != nil {
		s = s[len(m[0]):]
		if m[1] != " " {
			a.Status = hindcast.ActionDone
		}
	}
	if a.Description = strings.TrimSpace(s); foreign.Blank(a.Description) {
		return false
	}
	path := indexed("actions", len(r.out.Postmortem.Actions))
	var rest []syntax.RawField
	for _, f := range it.Fields {
		if name, value, ok := foreign.Named(f.Text); !ok || len(f.Rest) > 0 || !r.setField(&a, f.Line, name, value) {
			rest = append(rest, f)
		}
	}
	it.Fields = rest
	r.finishAction(path, a, it)
	return true
}

// setField sets a field of an action; false says that its text has to be kept.
func (r *reader) setField(a *hindcast.ActionItem, line int, name, value string) bool {
	shown, complaint := r.clock.Set(a, name, value)
	if complaint != "" {
		r.problem(line, "%s", complaint)
	}
	return shown
}

func (r *reader) finishAction(path string, a hindcast.ActionItem, it syntax.Item) {
	syntax.ReadRecord(r.report(), path, &a, it, nil, &a.Detail)
	r.clock.Mine(&a, r.below)
	r.out.Postmortem.Actions = append(r.out.Postmortem.Actions, a)
}

// foreignTable reads a table of another's document: its rows are actions where
// actions are listed, and prose elsewhere.
func (b *bodyReader) foreignTable(t *foreign.Table) int {
	what := -1
	if b.kind == hindcast.SectionActions {
		what = t.Describes()
	}
	if what < 0 {
		b.prose(t.Lines)
		return len(t.Lines)
	}
	kept := t.Lines[:2:2]
	if t.Plain() {
		kept = nil
	}
	for _, row := range t.Rows {
		if b.listed(func() bool { return b.actionRow(t, row, what) }) {
			b.record()
			continue
		}
		if len(kept) == 0 {
			kept = t.Lines[:2:2]
		}
		kept = append(kept, row.Line)
		b.problem(row.Line.N, "this row of the table says no action and was kept as text")
	}
	if len(kept) > 0 {
		b.prose(kept)
	}
	return len(t.Lines)
}

func (b *bodyReader) actionRow(t *foreign.Table, row foreign.Row, what int) bool {
	a := hindcast.ActionItem{Status: hindcast.ActionOpen, Description: row.Cells[what]}
	if foreign.Blank(a.Description) {
		return false
	}
	path := indexed("actions", len(b.out.Postmortem.Actions))
	used := []int{what}
	for i, head := range t.Head {
		if i != what && i < len(row.Cells) && b.setField(&a, row.Line.N, head, row.Cells[i]) {
			used = append(used, i)
		}
	}
	a.Detail = t.Rest(row, used...)
	b.finishAction(path, a, syntax.Item{Line: row.Line.N})
	return true
}
