// Package front reads and writes the YAML front matter of a post-mortem: the
// metadata of its incident, its status and its review.
//
// It works key by key, so that a fault in one hides no other. Keys that belong
// to somebody else, a site generator for example, are kept as they are.
package front

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// key is one key of the front matter. write returns nil when there is nothing
// to write; read returns what is wrong with a value, or "".
type key struct {
	name  string
	path  string // in the paths of faults
	write func(*hindcast.Postmortem) *yaml.Node
	read  func(*hindcast.Postmortem, *yaml.Node) string
}

func keys() []key {
	type P = hindcast.Postmortem
	out := []key{
		{"title", "incident.title", func(p *P) *yaml.Node { return scalar(p.Incident.Title) }, readString(func(p *P) *string { return &p.Incident.Title })},
		{"incident", "incident.number", writeIncidentNumber, readString(func(p *P) *string { return &p.Incident.Number })},
		{"kind", "incident.kind", writeKind, readWord(func(p *P) *hindcast.IncidentKind { return &p.Incident.Kind }, hindcast.KindIncident, hindcast.KindNearMiss)},
		{"severity", "incident.severity", writeSeverity, readFrontSeverity},
		{"severity_name", "incident.severity_name", func(p *P) *yaml.Node { return scalar(p.Incident.SeverityName) }, readString(func(p *P) *string { return &p.Incident.SeverityName })},
		{"severity_changes", "incident.severity_changes", writeSeverityChanges, readSeverityChanges},
		{"services", "incident.services", writeServices, readServices},
	}
	for _, name := range hindcast.PhaseNames() {
		out = append(out, key{name, "incident." + name,
			func(p *P) *yaml.Node { return timeNode(*p.Incident.Moment(name)) },
			readTime(func(p *P) *time.Time { return p.Incident.Moment(name) })})
	}
	return append(out,
		key{"detection", "incident.detection", func(p *P) *yaml.Node { return scalar(p.Incident.Detection) }, readString(func(p *P) *string { return &p.Incident.Detection })},
		key{"status", "status", func(p *P) *yaml.Node { return scalar(string(p.Status)) }, readWord(func(p *P) *hindcast.Status { return &p.Status }, statuses...)},
		key{"owner", "owner", func(p *P) *yaml.Node { return scalar(p.Owner) }, readString(func(p *P) *string { return &p.Owner })},
		key{"primary_category", "primary_category", func(p *P) *yaml.Node { return scalar(string(p.Category)) }, readWord(func(p *P) *hindcast.Category { return &p.Category }, hindcast.CategoryWords()...)},
		key{"participants", "incident.participants", writeParticipants, readParticipants},
		key{"history", "history", writeHistory, readHistory},
		key{"attestations", "attestations", writeAttestations, readAttestations},
		key{"waivers", "waivers", writeWaivers, readWaivers},
	)
}

// Write writes the front matter with its fences. version is that of the format.
func Write(p *hindcast.Postmortem, version int) string {
	doc := mapping("hindcast", wholeNumber(strconv.Itoa(version)))
	for _, k := range keys() {
		if n := k.write(p); n != nil {
			doc.Content = append(doc.Content, word(k.name), n)
		}
	}
	var b bytes.Buffer
	b.WriteString("---\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	// Nodes made here always encode, and a buffer takes all of it.
	_ = e.Encode(doc)
	_ = e.Close()
	for _, l := range strings.Split(p.FrontMatter, "\n") {
		if fenceLine(l) {
			l = "# " + l
		}
		if p.FrontMatter != "" {
			b.WriteString(l + "\n")
		}
	}
	b.WriteString("---\n")
	return b.String()
}

// Cut returns the lines of the front matter that a text begins with, and the
// number of lines up to its end. closed is false when it begins and never ends.
func Cut(texts []string) (matter []syntax.Line, n int, closed bool) {
	if !opens(texts) {
		return nil, 0, true
	}
	for i, t := range texts[1:] {
		if fenceLine(t) {
			return matter, i + 2, true
		}
		matter = append(matter, syntax.Line{N: i + 2, Text: strings.TrimRight(t, "\r")})
	}
	return nil, 0, false
}

// opens reports whether a text begins with front matter, and not with a rule
// across the page.
func opens(texts []string) bool {
	if strings.TrimRight(texts[0], " \t\r") != "---" {
		return false
	}
	for _, t := range texts[1:] {
		if !syntax.Blank(t) && !strings.HasPrefix(t, "#") {
			return topLevel.MatchString(t) || fenceLine(t)
		}
	}
	return false
}

func fenceLine(l string) bool {
	l = strings.TrimRight(l, " \t\r")
	return l == "---" || l == "..."
}

// chunk is a key of the front matter with all its lines.
type chunk struct {
	name  string
	line  int
	lines []string
}

var topLevel = lazyregexp.New(`^(?:([A-Za-z0-9_][^\s:]*(?: [^\s:]+)*)|"([^"]*)"|'([^']*)')[ \t]*:(?:\s|$)`)

// chunks divides front matter at its keys, so that a fault in one does not hide
// the others. Lines before the first key are a chunk without a name, and so is
// each comment line.
func chunks(lines []syntax.Line) []chunk {
	out := []chunk{{}}
	for _, l := range lines {
		m := topLevel.FindStringSubmatch(l.Text)
		switch {
		case m != nil:
			out = append(out, chunk{name: m[1] + m[2] + m[3], line: l.N})
		case strings.HasPrefix(l.Text, "#"):
			out = append(out, chunk{line: l.N, lines: []string{l.Text}}, chunk{name: out[len(out)-1].name, line: l.N + 1})
			continue
		}
		last := &out[len(out)-1]
		last.lines = append(last.lines, l.Text)
	}
	return out
}

// Ours reports whether front matter says that the document has our format.
func Ours(matter []syntax.Line) bool {
	return slices.ContainsFunc(chunks(matter), func(c chunk) bool { return c.name == "hindcast" })
}

// reader reads one document's front matter.
type reader struct {
	syntax.Report
	p       *hindcast.Postmortem
	keys    map[string]key
	version int
	seen    map[string]bool
	kept    []string
}

// Read reads front matter into p. What is not ours stays in p.FrontMatter, what
// is not valid as comments. version is the latest that is known.
func Read(p *hindcast.Postmortem, matter []syntax.Line, version int, report syntax.Report) {
	r := reader{Report: report, p: p, keys: map[string]key{}, version: version, seen: map[string]bool{}}
	for _, k := range keys() {
		r.keys[k.name] = k
	}
	for _, c := range chunks(matter) {
		r.chunk(c)
	}
	p.FrontMatter = strings.Trim(strings.Join(r.kept, "\n"), "\n")
}

func (r *reader) chunk(c chunk) {
	text := strings.Trim(strings.Join(c.lines, "\n"), "\n")
	if text == "" || strings.HasPrefix(text, "#") {
		r.kept = append(r.kept, c.lines...)
		return
	}
	value, err := parseChunk(text)
	k, ours := r.keys[c.name]
	switch {
	case err != nil:
		r.comment(c, errorLine(err), "is not valid YAML: "+errorText(err))
	case r.seen[c.name]:
		r.comment(c, 0, c.name+" is there twice; the first counts")
	case c.name == "hindcast":
		r.checkVersion(c.line, value)
	case !ours:
		if r.Strict {
			r.Problem(c.line, fmt.Sprintf("%q is no key of this format and was kept as it is", c.name))
		}
		r.kept = append(r.kept, text)
	default:
		r.lines(k.path, c.line, value)
		if complaint := k.read(r.p, value); complaint != "" {
			r.comment(c, value.Line-1, c.name+" "+complaint)
		}
	}
	r.seen[c.name] = true
}

// lines takes down where a value stands, and each entry of a list.
func (r *reader) lines(path string, line int, value *yaml.Node) {
	r.Line(path, line)
	if value.Kind != yaml.SequenceNode {
		return
	}
	for i, n := range value.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		r.Line(at, line+n.Line-1)
		for k := 0; n.Kind == yaml.MappingNode && k < len(n.Content); k += 2 {
			r.Line(at+"."+n.Content[k].Value, line+n.Content[k].Line-1)
		}
	}
}

// comment reports a fault in a chunk and keeps the chunk as a comment.
func (r *reader) comment(c chunk, offset int, message string) {
	r.Problem(c.line+offset, message+"; it was kept as a comment")
	for _, l := range c.lines {
		if !syntax.Blank(l) {
			r.kept = append(r.kept, "# "+l)
		}
	}
}

func (r *reader) checkVersion(line int, value *yaml.Node) {
	v, err := strconv.Atoi(value.Value)
	switch {
	case err != nil || v < 1:
		r.Problem(line, fmt.Sprintf("hindcast is not followed by the version of the format; write hindcast: %d", r.version))
	case v > r.version:
		r.Problem(line, fmt.Sprintf("was written in format %d by a later version; this one reads %d and keeps the rest as prose", v, r.version))
	}
}

// parseChunk returns the value of a chunk's only key.
func parseChunk(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode || len(doc.Content[0].Content) != 2 {
		return nil, fmt.Errorf("expected one key with its value")
	}
	value := doc.Content[0].Content[1]
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	return value, nil
}

var yamlLine = lazyregexp.New(`^yaml: (?:line (\d+): )?`)

func errorLine(err error) int {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil || m[1] == "" {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // digits
	return max(0, n-1)
}

func errorText(err error) string { return yamlLine.ReplaceAllString(err.Error(), "") }
