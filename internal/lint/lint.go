// Package lint finds wording in post-mortems that hides who acted, blames
// people, argues with hindsight, stops at a shallow cause or plans a vague
// action; it says why that matters and proposes another wording.
//
//	linter, err := lint.New()
//	findings := linter.Document(source, lint.Context{})
//
// Rules are data (rules.yaml) for a small number of kinds, each in a file of its
// own. An organization adds rules, tunes them or switches them off by files of
// the same form. A comment in the document silences a rule for a passage:
//
//	<!-- lint-ignore blame: quoted from the vendor's report -->
//
// alone before a paragraph, list item or row, or inside it. A reason is required.
//
// Linting is pure: the same text, rules and context give the same findings.
package lint

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/lint/outline"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
	"github.com/hindcast/hindcast/internal/markdown"
)

// Context is what is known about a document besides its text. All of it may be
// empty.
type Context struct {
	Section    hindcast.SectionKind // what a text without headings is
	Today      hindcast.Date        // for lateness; zero: lateness is not judged
	Resolved   hindcast.Date        // when the incident was over; zero: as the document says
	People     []string             // names of people, for rules about names
	Actors     []string             // systems and roles that acted, to propose in rewrites; never people's names
	Timeline   []hindcast.Entry     // with decisions, for what could not be known
	Factors    []hindcast.Factor    // of the document, for where chains of whys end
	Incomplete bool                 // the text is a part of a document: rules about whole documents are silent
}

// Heading is a heading of a document, or a line that serves as one.
type Heading = outline.Heading

// Outline returns the headings of a Markdown document in order.
func Outline(source []byte) []Heading { return outline.Read(source) }

// Linter holds rules that are ready to be used, by several goroutines too.
type Linter struct {
	rules []Rule
	words word.Lists
	kinds []checker
}

// document is a text on its way through the rules.
type document struct {
	source   []byte
	md       *markdown.Document
	context  Context
	passages []passage
	actions  []action.Item
}

// passage is a sentence with where it stands.
type passage struct {
	sentence.Sentence
	block   *markdown.Block
	section hindcast.SectionKind
	first   bool // it begins its block
	weight  signs
}

// hit is what a rule found, before it becomes a finding.
type hit struct {
	start, end  int // bytes of the source
	message     string
	question    string
	suggestions []string
	edit        *hindcast.Edit
	level       hindcast.FindingLevel // empty: the rule's own
	section     hindcast.SectionKind
}

// checker finds what one rule looks for.
type checker interface {
	check(d *document) []hit
}

// Document returns the findings in a Markdown document, in its order.
func (l *Linter) Document(source []byte, c Context) []hindcast.Finding {
	d := l.read(source, c)
	quiet, findings := suppressions(d, l.rules)
	for i, rule := range l.rules {
		if rule.Off || rule.whole() && c.Incomplete {
			continue
		}
		for _, h := range l.kinds[i].check(d) {
			if rule.speaksIn(h.section) && !quiet.covers(rule.Name, h.start) {
				findings = append(findings, rule.finding(d, h))
			}
		}
	}
	findings = append(findings, quiet.unused(d)...)
	slices.SortStableFunc(findings, func(a, b hindcast.Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), strings.Compare(a.Rule, b.Rule))
	})
	locate(source, findings)
	return findings
}

// read divides a source into passages.
func (l *Linter) read(source []byte, c Context) *document {
	d := &document{source: source, md: markdown.Parse(source), context: c}
	where := outline.Walk{Fixed: c.Section}
	_, own := d.md.Field("hindcast")
	field := "" // of a record, below which the block stands
	for i := range d.md.Blocks {
		b := &d.md.Blocks[i]
		kind := where.Of(b)
		if b.Level < 3 || b.Kind != markdown.Item {
			field, _, _ = strings.Cut(b.Text, ":")
		}
		if _, ok := outline.HeadingOf(b); b.Link || ok && !c.Incomplete || b.Kind == markdown.Header || own && recorded(b, kind, field) {
			continue
		}
		for n, s := range sentence.Split(b.Text) {
			d.passages = append(d.passages, passage{Sentence: s, block: b, section: kind, first: n == 0, weight: signsOf(s)})
		}
	}
	d.actions = action.Read(d.md, c.Section, c.Incomplete)
	return d
}

// recorded reports whether a block of a document in our own format holds what
// the evidence or the program says, rather than what people wrote: the metadata,
// fields of the timeline's records, fields that hold a word of the vocabulary,
// the words of a link to another record, and the answer to what would have
// happened without a factor.
func recorded(b *markdown.Block, kind hindcast.SectionKind, field string) bool {
	if kind == hindcast.SectionMetadata || kind == hindcast.SectionEvidenceFiles {
		return true
	}
	if b.Kind != markdown.Item || b.Level < 2 {
		return false
	}
	switch field {
	case "Why it is here", "Evidence", "Detail", "Known from", "Until", "Known then", "Not known then":
		return kind == hindcast.SectionTimeline
	case "Answers", "Led to":
		return !strings.Contains(b.Text, " — ") // a sentence follows the words of the link
	}
	return slices.Contains(vocabulary, field)
}

// vocabulary are the fields of records that hold words of the format.
var vocabulary = []string{"Outcome", "Target", "Window", "Tag", "Category", "Bone", "Gap", "Without it", "Stage", "Priority", "Due", "Effect", "Status"}

// asks reports whether the sentence is a question.
func (p *passage) asks() bool { return p.Tokens[len(p.Tokens)-1].Norm == "?" }

// locate fills in what follows from the bytes of findings, which are in order of
// their Start.
func locate(source []byte, findings []hindcast.Finding) {
	at, line, column, units := 0, 1, 1, 0
	for i := range findings {
		f := &findings[i]
		for at < f.Start {
			c, size := utf8.DecodeRune(source[at:])
			units += utf16Len(c)
			at, column = at+size, column+1
			if c == '\n' {
				line, column = line+1, 1
			}
		}
		f.Line, f.Column = line, column
		f.StartUTF16, f.EndUTF16 = units, units
		for rest := source[f.Start:f.End]; len(rest) > 0; {
			c, size := utf8.DecodeRune(rest)
			f.EndUTF16 += utf16Len(c)
			rest = rest[size:]
		}
	}
}

// utf16Len returns how many UTF-16 code units a character takes. A byte that is
// no UTF-8 counts as one.
func utf16Len(c rune) int {
	if c > 0xFFFF {
		return 2
	}
	return 1
}

// hitAt makes a hit of tokens of a passage.
func (p passage) hitAt(first, last int) hit {
	start, end := p.block.Span(p.Tokens[first].Start, p.Tokens[last].End)
	return hit{start: start, end: end, section: p.section}
}
