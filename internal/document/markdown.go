package document

import (
	"reflect"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/foreign"
	"github.com/hindcast/hindcast/internal/document/front"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// Markdown writes a post-mortem in the one form of the format. Sections that
// hold records and are missing are added in their place.
func Markdown(p hindcast.Postmortem) []byte {
	n := namesOf(&p)
	var b strings.Builder
	b.WriteString(front.Write(&p, Version))
	b.WriteString("\n# " + titleLine(p.Incident.Title) + "\n")
	if p.Preamble != "" {
		b.WriteString("\n" + syntax.WriteProse(p.Preamble, readsAsPreamble) + "\n")
	}
	written := map[hindcast.SectionKind]bool{}
	for _, s := range withRecords(&p, n) {
		records := ""
		if !written[s.Kind] {
			records = writeGroups(s.Kind, n, &p)
		}
		written[s.Kind] = true
		b.WriteString("\n" + writeSection(s, records, &p))
	}
	return []byte(b.String())
}

// titleLine shows the title of the front matter as a heading.
func titleLine(title string) string {
	title = strings.Join(strings.Fields(title), " ")
	if title == "" {
		return "Untitled"
	}
	if _, read := syntax.ReadHeading("# " + title); read != title {
		return syntax.Quote(title)
	}
	return syntax.WriteInline(title)
}

func namesOf(p *hindcast.Postmortem) *syntax.Names {
	entries, factors, hashes := map[string]string{}, map[string]string{hindcast.Outcome: "the incident"}, map[string]string{}
	for _, e := range p.Timeline {
		entries[e.ID] = record.WriteClock(e.At) + " " + e.Title
	}
	for _, x := range p.Factors {
		factors[x.ID] = x.Labeled(x.Description)
	}
	for _, e := range p.Evidence {
		hashes[e.Name] = e.SHA256
	}
	return &syntax.Names{Words: map[string]map[string]string{"e": entries, "f": factors}, Hashes: hashes}
}

// withRecords returns the sections of p with those added that its records need.
func withRecords(p *hindcast.Postmortem, n *syntax.Names) []hindcast.Section {
	out := append([]hindcast.Section(nil), p.Sections...)
	for i, t := range hindcast.Template() {
		if p.Section(t.Kind) != nil || t.Kind == hindcast.SectionMetadata || writeGroups(t.Kind, n, p) == "" {
			continue
		}
		at := slices.IndexFunc(out, func(s hindcast.Section) bool { return place(s.Kind) > i })
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, hindcast.Section{Kind: t.Kind, Heading: t.Heading})
	}
	return out
}

// place returns the place of a section in the template; -1 when it has none.
func place(kind hindcast.SectionKind) int {
	return slices.IndexFunc(hindcast.Template(), func(t hindcast.TemplateSection) bool { return t.Kind == kind })
}

// writeSection writes a section: heading, prose, records. The prose stands as it
// is when the section then reads as it does with the prose set apart.
func writeSection(s hindcast.Section, records string, p *hindcast.Postmortem) string {
	head := writeHeading(s) + "\n"
	if records != "" {
		records = "\n" + records + "\n"
	}
	if s.Text == "" {
		return head + records
	}
	body := func(prose string) string { return head + "\n" + prose + "\n" + records }
	apart := syntax.WriteProse(s.Text, func(string) bool { return false })
	want := readBack(body(apart), p)
	return body(syntax.WriteProse(s.Text, func(prose string) bool {
		got := readBack(body(prose), p)
		return reflect.DeepEqual(got.Postmortem, want.Postmortem) && len(got.Problems) == len(want.Problems)
	}))
}

// readBack reads one section as it would be read in the document of p.
func readBack(section string, p *hindcast.Postmortem) *Parsed {
	r := &reader{entries: map[string]int{}, out: &Parsed{Ours: true, lines: map[string]int{}}}
	r.out.Postmortem.Incident = p.Incident
	r.out.Postmortem.Incident.Impact, r.out.Postmortem.Incident.PhaseWhy = hindcast.Impact{}, nil
	r.sections(strings.Split(section, "\n"), 1)
	return r.out
}

func readsAsPreamble(text string) bool {
	r := &reader{entries: map[string]int{}, out: &Parsed{Ours: true, lines: map[string]int{}}}
	r.sections(strings.Split("# Title\n\n"+text+"\n\n## Timeline", "\n"), 1)
	p := r.out.Postmortem
	return p.Preamble == text && len(p.Sections) == 1 && len(r.out.Problems) == 0
}

// begin gives the post-mortem what holds where a text says nothing.
func (r *reader) begin() {
	r.out.Postmortem.Incident.Kind, r.out.Postmortem.Status = hindcast.KindIncident, hindcast.StatusDraft
}

// markdown reads a whole document.
func (r *reader) markdown(text string) {
	p := &r.out.Postmortem
	r.begin()
	lines := strings.Split(text, "\n")
	matter, n, closed := front.Cut(lines)
	if !closed {
		r.problem(1, "the front matter that begins here never ends; put --- on a line of its own below its last key")
	}
	r.out.Ours = front.Ours(matter)
	front.Read(p, matter, Version, r.report())
	r.sections(lines[n:], n+1)
	r.complete()
}

// sections reads what follows the front matter.
func (r *reader) sections(texts []string, first int) {
	scanner := syntax.Scanner{
		IsHeading: func(title string) bool { return SectionOf(title) != "" },
		Unclosed: func(n int, what string) {
			r.problem(n, "the %s that begins here is never closed and was read as text", what)
		},
	}
	lines := scanner.Scan(texts, first)
	if !r.out.Ours && !r.outline {
		lines = foreign.Outline(lines)
	}
	title, preamble, parts := split(lines, r.out.Ours)
	if !r.out.Ours && !r.outline {
		preamble, parts = guess(preamble, parts)
	}
	p := &r.out.Postmortem
	r.title(title)
	p.Preamble = syntax.Join(p.Preamble, syntax.ReadProse(preamble), "\n\n")
	if !r.out.Ours && !r.outline {
		r.clock.Learn(strings.Join(texts, "\n"))
		r.startingDay()
		r.foreignFacts(preamble, parts)
	}
	r.startingDay()
	if !r.out.Ours && !r.outline {
		r.mentionedDay(preamble, parts)
	}
	for _, part := range parts {
		r.clock.Heading(part.heading)
		r.out.lines[indexed("sections", len(p.Sections))] = part.line
		text := r.body(part)
		p.Sections = append(p.Sections, hindcast.Section{Kind: part.kind, Heading: part.heading, Text: text})
	}
	if !r.out.Ours && !r.outline {
		r.sortEntries()
		r.phasesFromEntries()
	}
	r.reportDayless()
}

func (r *reader) title(l syntax.Line) {
	inc := &r.out.Postmortem.Incident
	shown := syntax.ReadInline(l.Title)
	switch {
	case l.N == 0 || titleLine(inc.Title) == l.Title:
	case inc.Title == "":
		inc.Title = shown
		r.out.lines["incident.title"] = l.N
	case !r.out.Ours:
		r.out.Postmortem.Preamble = l.Title
		fallthrough
	default:
		r.problem(l.N, "the heading differs from the title in the front matter, which counts; change it there")
	}
}
