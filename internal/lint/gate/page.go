package gate

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

// page is a document while it is checked.
type page struct {
	pm       *hindcast.Postmortem
	parsed   *document.Parsed
	source   []byte
	today    hindcast.Date
	findings []hindcast.Finding // of the lint
	waived   map[int]bool       // those that a waiver of their rule silences, by index
	applied  map[int]bool       // the waivers of something that fails or was found, by index
	counted  map[int]hindcast.Criterion
	asked    []asked
	lineAt   []int // byte at which each line begins
	unitAt   []int // the same in UTF-16 code units
	begins   []int // line of each section's heading, in our own format
	invalid  []hindcast.Fault
	outline  *foreign // nil in our own format
}

// asked is a question that the document still asks.
type asked struct {
	document.Question
	kind hindcast.SectionKind
	told bool // something missing says so already
}

func newPage(d Document, today hindcast.Date) *page {
	p := &page{pm: &d.Parsed.Postmortem, parsed: d.Parsed, source: d.Source, today: today, findings: d.Findings,
		waived: map[int]bool{}, applied: map[int]bool{}, counted: map[int]hindcast.Criterion{}, lineAt: []int{0}, unitAt: []int{0}}
	for line := range bytes.Lines(d.Source) {
		n := len(p.lineAt) - 1
		if line[len(line)-1] == '\n' {
			p.lineAt = append(p.lineAt, p.lineAt[n]+len(line))
			p.unitAt = append(p.unitAt, p.unitAt[n]+utf16Length(line))
		}
	}
	for i, f := range d.Findings {
		if w, why := p.waiver(f.Rule); w != nil && why == "" {
			p.waived[i] = true
		}
	}
	if d.Parsed.Ours {
		p.invalid = p.pm.Validate()
		for i := range p.pm.Sections {
			p.begins = append(p.begins, p.parsed.Line(path("sections", i, "")))
		}
	} else {
		p.outline = readForeign(d.Source)
	}
	for _, q := range document.Questions(string(d.Source)) {
		p.asked = append(p.asked, asked{Question: q, kind: p.sectionAt(q.Line)})
	}
	return p
}

func path(name string, i int, field string) string {
	s := fmt.Sprintf("%s[%d]", name, i)
	if field != "" {
		s += "." + field
	}
	return s
}

// sectionAt returns the section that a line stands in.
func (p *page) sectionAt(line int) hindcast.SectionKind {
	if p.outline != nil {
		return p.outline.at(p.lineAt[min(line, len(p.lineAt))-1])
	}
	i, _ := slices.BinarySearch(p.begins, line+1)
	if i == 0 {
		return ""
	}
	return p.pm.Sections[i-1].Kind
}

// heading returns the line of a section's heading; 0 when it is not there.
func (p *page) heading(kind hindcast.SectionKind) int {
	if p.outline != nil {
		return p.line(p.outline.heading(kind))
	}
	for i, s := range p.pm.Sections {
		if s.Kind == kind {
			return p.begins[i]
		}
	}
	return 0
}

// line returns the line of a byte; 0 for a negative one.
func (p *page) line(at int) int {
	if at < 0 {
		return 0
	}
	i, found := slices.BinarySearch(p.lineAt, at)
	if found {
		return i + 1
	}
	return i
}

// title returns the line of the document's title.
func (p *page) title() int {
	for i, at := range p.lineAt {
		if bytes.HasPrefix(p.source[at:], []byte("# ")) {
			return i + 1
		}
	}
	return 1
}

// place returns the line on which something that a section lacks belongs: the
// question that asks for it, which is then told, else the section's heading,
// else the title.
func (p *page) place(kind hindcast.SectionKind) int {
	for i := range p.asked {
		if q := &p.asked[i]; q.kind == kind && !q.told {
			q.told = true
			return q.Line
		}
	}
	return cmp.Or(p.heading(kind), p.title())
}

// where returns the same line, whether or not its question is told.
func (p *page) where(kind hindcast.SectionKind) int {
	for _, q := range p.asked {
		if q.kind == kind {
			return q.Line
		}
	}
	return cmp.Or(p.heading(kind), p.title())
}

// has reports whether a field of a record stands on a line of its own, as a
// field does that asks its question.
func (p *page) has(field, record string) bool {
	return p.parsed.Line(field) != p.parsed.Line(record)
}

// lack makes something missing of a section.
func (p *page) lack(kind hindcast.SectionKind, format string, args ...any) Missing {
	return Missing{Line: p.place(kind), Message: fmt.Sprintf(format, args...)}
}

// open returns the questions that sections still ask and nothing has told yet.
func (p *page) open(kinds ...hindcast.SectionKind) []Missing {
	var out []Missing
	for i := range p.asked {
		if q := &p.asked[i]; slices.Contains(kinds, q.kind) && !q.told {
			q.told = true
			out = append(out, Missing{Line: q.Line, Message: "not answered: " + q.Text})
		}
	}
	return out
}

// found returns what the lint found that counts against a criterion.
func (p *page) found(c hindcast.Criterion) []Missing {
	var out []Missing
	for i, f := range p.findings {
		b, ok := bearing[f.Rule]
		if !ok || b.criterion != c || f.Level.Rank() < b.least.Rank() || p.waived[i] || b.foreign && p.outline == nil {
			continue
		}
		p.counted[i] = c
		out = append(out, Missing{Line: f.Line, Message: f.Message, Rule: f.Rule})
	}
	return out
}

// bearing says which criterion a rule of the lint counts against, and from which
// level on.
var bearing = map[string]struct {
	criterion hindcast.Criterion
	least     hindcast.FindingLevel
	foreign   bool // in our own format the records tell it
}{
	"blame":             {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"human-error":       {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"name-in-cause":     {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"counterfactual":    {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"hindsight":         {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"knowledge-leak":    {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"agentless-passive": {hindcast.CriterionBlameless, hindcast.FindingError, false},
	"shallow-cause":     {hindcast.CriterionRootCauses, hindcast.FindingWarning, false},
	"only-technical":    {hindcast.CriterionContributing, hindcast.FindingWarning, false},
	"action-incomplete": {hindcast.CriterionActionsSpecific, hindcast.FindingWarning, true},
	"vague-action":      {hindcast.CriterionActionsSpecific, hindcast.FindingWarning, false},
	"generic-action":    {hindcast.CriterionActionsSpecific, hindcast.FindingWarning, false},
	"too-many-actions":  {hindcast.CriterionActionsSpecific, hindcast.FindingError, false},
	"priority-window":   {hindcast.CriterionActionsSpecific, hindcast.FindingError, false},
}

// pitfalls are the rules whose warnings are worth seeing beside the criteria
// although they fail none.
var pitfalls = []string{"late", "too-many-actions", "priority-window", "knowledge-leak", "only-technical", formatRule}

// formatRule is the name under which faults of the document's form are reported.
const formatRule = "format"

// allFindings returns the findings of the gate and of the lint in order, and
// those among them that decide.
func (p *page) allFindings(results []Result) (all, deciding []hindcast.Finding) {
	all = []hindcast.Finding{}
	levels := map[hindcast.Criterion]hindcast.FindingLevel{}
	for i, r := range results {
		level := hindcast.FindingWarning
		switch {
		case r.Blocks:
			level = hindcast.FindingError
		case r.Waiver != nil:
			level = hindcast.FindingNote
		}
		levels[r.Criterion] = level
		for _, m := range r.Missing {
			if m.Rule == "" {
				f := p.finding(string(r.Criterion), level, m, hindcast.Checklist()[i].Question)
				all, deciding = append(all, f), append(deciding, f)
			}
		}
	}
	for i, f := range p.findings {
		if c, ok := p.counted[i]; ok {
			f.Level = levels[c]
		}
		all = append(all, f)
		told := f.Rule == "only-technical" && p.outline == nil // the factors' own fields decide
		if _, ok := p.counted[i]; ok || slices.Contains(pitfalls, f.Rule) && !p.waived[i] && !told {
			deciding = append(deciding, f)
		}
	}
	for _, m := range p.idleWaivers() {
		f := p.finding("waiver", hindcast.FindingNote, m, "A waiver that changes nothing hides the next failure.")
		all, deciding = append(all, f), append(deciding, f)
	}
	for _, m := range p.formFaults() {
		f := p.finding(formatRule, hindcast.FindingWarning, m, "What cannot be read does not count, and readers expect the order of time.")
		all, deciding = append(all, f), append(deciding, f)
	}
	order := func(a, b hindcast.Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), strings.Compare(a.Rule, b.Rule))
	}
	slices.SortStableFunc(all, order)
	slices.SortStableFunc(deciding, order)
	return all, deciding
}

// finding makes a finding of the line on which something is missing.
func (p *page) finding(rule string, level hindcast.FindingLevel, m Missing, why string) hindcast.Finding {
	n := min(max(m.Line, 1), len(p.lineAt))
	start, end := p.lineAt[n-1], len(p.source)
	if n < len(p.lineAt) {
		end = p.lineAt[n] - 1
	}
	text := p.source[start:end]
	column := len(text) - len(bytes.TrimLeft(text, " \t"))
	text = bytes.TrimRight(text[column:], " \t\r")
	start += column
	units := p.unitAt[n-1] + column // of blanks, one unit each
	return hindcast.Finding{Rule: rule, Level: level, Line: n, Column: column + 1, Start: start, End: start + len(text), StartUTF16: units,
		EndUTF16: units + utf16Length(text), Text: string(text), Message: m.Message, Why: why, Suggestions: []string{}}
}

// utf16Length returns how many UTF-16 code units a text has.
func utf16Length(text []byte) int {
	n := 0
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		if text = text[size:]; c > 0xFFFF {
			n++
		}
		n++
	}
	return n
}
