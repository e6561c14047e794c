// Package prose renders Markdown that people wrote as HTML that is safe on a
// page: no HTML of theirs, no script in links, no picture from elsewhere.
// References such as #4521 become links to that incident.
package prose

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Renderer renders Markdown. It may be used by several goroutines at once.
type Renderer struct {
	md goldmark.Markdown
}

// New returns a Renderer.
func New() *Renderer {
	return &Renderer{goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(references{}, 150)),
			parser.WithASTTransformers(util.Prioritized(tamed{}, 100)),
		),
	)}
}

// HTML renders a source. What it cannot render it leaves out, and what would cost
// too much to render stands there as it was written.
func (r *Renderer) HTML(source string) string {
	switch {
	case source == "":
		return ""
	case heavy(source):
		return plain(source)
	}
	var b bytes.Buffer
	b.Grow(len(source) + len(source)/4)
	if err := r.md.Convert([]byte(source), &b); err != nil {
		return "" // a buffer takes everything
	}
	return b.String()
}

// references makes links of #4521.
type references struct{}

// Trigger is the character that begins a reference.
func (references) Trigger() []byte { return []byte{'#'} }

// Parse reads a reference, which touches no letter or digit on either side.
func (references) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); before == '/' || before == '&' || wordy(before) {
		return nil
	}
	line, seg := block.PeekLine()
	n := 1
	for n < len(line) && line[n] >= '0' && line[n] <= '9' {
		n++
	}
	if after, _ := utf8.DecodeRune(line[n:]); n == 1 || n > 10 || wordy(after) && n < len(line) {
		return nil
	}
	link := ast.NewLink()
	link.Destination = append([]byte("/number/"), line[1:n]...)
	link.AppendChild(link, ast.NewTextSegment(text.NewSegment(seg.Start, seg.Start+n)))
	block.Advance(n)
	return link
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

// tamed fits what people wrote into a page.
type tamed struct{}

// Transform marks unanswered questions, keeps headings below those of the page,
// and makes links of pictures, which the page would not load.
func (tamed) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var pictures []*ast.Image // replaced afterwards: the walk would lose what stands beside them
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = max(n.Level, 3)
		case *ast.Paragraph:
			if question(n, source) {
				n.SetAttributeString("class", []byte("question"))
			}
		case *ast.Link:
			if !bytes.HasPrefix(n.Destination, []byte("/number/")) {
				n.SetAttributeString("rel", []byte("noreferrer nofollow"))
			}
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	_ = err                                       // the walk returns none
	for _, p := range slices.Backward(pictures) { // those inside others first
		unpicture(p)
	}
}

// question reports whether a paragraph is nothing but an emphasized question.
func question(p *ast.Paragraph, source []byte) bool {
	em, ok := p.FirstChild().(*ast.Emphasis)
	if !ok || em.Level != 1 || em.NextSibling() != nil || p.Lines().Len() == 0 {
		return false
	}
	last := p.Lines().At(p.Lines().Len() - 1)
	return bytes.HasSuffix(bytes.TrimSpace(last.Value(source)), []byte("?_"))
}

// unpicture puts a link in a picture's place.
func unpicture(img *ast.Image) {
	link := ast.NewLink()
	link.Destination = img.Destination
	link.SetAttributeString("rel", []byte("noreferrer nofollow"))
	for c := img.FirstChild(); c != nil; {
		next := c.NextSibling()
		link.AppendChild(link, c)
		c = next
	}
	if link.FirstChild() == nil {
		link.AppendChild(link, ast.NewString([]byte("picture")))
	}
	img.Parent().ReplaceChild(img.Parent(), img, link)
}
