package export

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/picture"
)

// Picture is a picture for a page, as SVG that the page's style applies to.
type Picture struct {
	Section hindcast.SectionKind // below whose heading it stands
	Caption string
	SVG     string
	Narrow  string // in place of SVG on a phone; empty when SVG does for both
}

// Document is a post-mortem to be read as a whole.
type Document struct {
	Postmortem hindcast.Postmortem
	Markdown   []byte // what is read of it; nil for everything
	Pictures   []Picture
	Slider     *Slider // of a page; nil for none
}

// Text returns what is read, without front matter. When it is published, it begins
// with what there is to learn.
func (d Document) Text() []byte {
	if d.Markdown == nil {
		d.Markdown = document.Markdown(d.Postmortem)
	}
	return withLessons(withoutFront(d.Markdown), &d.Postmortem)
}

// Parse reads what is read as Markdown, as a page has it: headings of sections
// have the names of their kinds as ids, records theirs, and what a document that
// stands alone cannot hold is left out.
func (d Document) Parse() (root ast.Node, source []byte) {
	source = d.Text()
	return reading().Parser().Parse(text.NewReader(source)), source
}

// Byline says what the document is, whose, and its state.
func (d Document) Byline() string { return byline(d.Postmortem) }

// Page writes a post-mortem as one HTML page for reading that needs nothing else:
// no file, no address, and no script but that of its slider, without which it is
// the whole page. What the marks of pictures link to are the
// records themselves.
func Page(w io.Writer, d Document) error {
	var body bytes.Buffer
	if err := reading().Convert(d.Text(), &body); err != nil {
		return fmt.Errorf("render the text: %w", err)
	}
	pm, text := d.Postmortem, body.String()
	for i := len(d.Pictures) - 1; i >= 0; i-- { // the first ends up first
		text = insert(text, d.Pictures[i])
	}
	form, script, err := d.Slider.controls()
	if err != nil {
		return err
	}
	style := pageStyle
	if d.Slider != nil {
		style += sliderStyle
	}
	_, err = fmt.Fprintf(w, pageFrame, policy(d.Slider), html.EscapeString(pm.Incident.Title), style, picture.Style, html.EscapeString(byline(pm)), form, text, script)
	return err
}

// pageFrame is the page around the text.
const pageFrame = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="%s">
<title>%s</title>
<style>
%s.picture{%s}
</style>
</head>
<body>
<main>
<p class="byline">%s</p>
%s%s</main>
%s</body>
</html>
`

// pageStyle is the look of the page: a measure for reading, pictures wider than it.
const pageStyle = `:root{color-scheme:light dark;--ink:#1f2328;--soft:#5b626d;--line:#d5d8dd;--paper:#fff;--code:#f6f5f2;--mark:#2f5d8a}
@media (prefers-color-scheme:dark){:root{--ink:#e6e4df;--soft:#a3a8b1;--line:#3a3f47;--paper:#16181b;--code:#1f2226;--mark:#8ab8e6}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif}
main{max-width:43rem;margin:0 auto;padding:2.5rem 1rem 5rem;overflow-wrap:break-word}
h1{font-size:1.9rem;line-height:1.2;margin:.2rem 0 1.5rem}h2{font-size:1.3rem;margin:2.8rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--line)}h3{font-size:1.05rem;margin:1.6rem 0 .4rem}
.byline{color:var(--soft);font-size:.85rem;margin:0}a{color:var(--mark)}li{margin:.25rem 0}li>ul{color:var(--soft);font-size:.9rem}
code{background:var(--code);font-size:.85em;padding:0 .2em;overflow-wrap:anywhere}pre{overflow-x:auto;background:var(--code);padding:.8rem}
table{display:block;overflow-x:auto;border-collapse:collapse;font-size:.8rem;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
:target{outline:2px solid var(--mark);outline-offset:.3rem}
.picture{margin:1.5rem 0;overflow-x:auto}.picture figcaption{font-size:.8rem;color:var(--soft);margin-bottom:.4rem}.picture svg{display:block}.narrow{display:none}
@media (min-width:64rem){.picture{margin:1.5rem calc((43rem - 62rem)/2)}.picture svg{max-width:100%;height:auto}}
@media (max-width:40rem){.both .wide{display:none}.both .narrow{display:block}}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}.picture{margin:1rem 0;break-inside:avoid}.picture svg{max-width:100%;height:auto}}
`

func byline(pm hindcast.Postmortem) string {
	parts := []string{"Post-mortem"}
	if pm.Owner != "" {
		parts = append(parts, pm.Owner)
	}
	return strings.Join(append(parts, strings.ReplaceAll(string(pm.Status), "-", " ")), " · ")
}

// withoutFront returns our Markdown without its front matter.
func withoutFront(text []byte) []byte {
	_, rest, ok := bytes.Cut(text, []byte("\n---\n"))
	if !ok {
		return text
	}
	return rest
}

// insert puts a picture below the heading of its section; without such a heading
// it is left out.
func insert(text string, p Picture) string {
	at := strings.Index(text, `<h2 id="`+string(p.Section)+`">`)
	if at < 0 {
		return text
	}
	at += strings.Index(text[at:], "</h2>\n") + len("</h2>\n")
	figure := `<figure class="picture"><figcaption>` + html.EscapeString(p.Caption) + "</figcaption>\n" + p.SVG + "</figure>\n"
	if p.Narrow != "" {
		figure = `<figure class="picture both"><figcaption>` + html.EscapeString(p.Caption) + "</figcaption>\n<div class=\"wide\">" + p.SVG + "</div>\n<div class=\"narrow\">" + p.Narrow + "</div></figure>\n"
	}
	return text[:at] + figure + text[at:]
}

// reading returns a Markdown reader for a page: safe, with an id on every section
// and record, without pictures from elsewhere.
func reading() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(marked{}, 100))),
	)
}

// marked gives sections and records their ids and takes out what a page that
// stands alone cannot hold.
type marked struct{}

// Transform changes a parsed text.
func (marked) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	source := reader.Source()
	var gone []ast.Node
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			nameSection(n, source)
		case *ast.RawHTML:
			gone = append(gone, n)
			record(n, n.Segments.Value(source))
		case *ast.HTMLBlock:
			gone = append(gone, n)
		case *ast.Image:
			gone = append(gone, n)
		case *ast.Link:
			n.SetAttributeString("rel", []byte("noreferrer"))
		}
		return ast.WalkContinue, nil
	})
	_ = err // the walk returns none
	for _, n := range gone {
		n.Parent().RemoveChild(n.Parent(), n)
	}
}

// nameSection gives the heading of a section the name of its kind.
func nameSection(h *ast.Heading, source []byte) {
	if kind := document.SectionOf(string(h.Lines().Value(source))); h.Level == 2 && kind != "" {
		h.SetAttributeString("id", []byte(kind))
	}
}

var recordID = regexp.MustCompile(`^<!-- ([a-z]):(\S+) .*-->$`)

// record gives the item that a comment names as a record the id that pictures
// link to. Items of lists within lists only refer to records.
func record(n ast.Node, comment []byte) {
	list := map[string]string{"e": "timeline/", "f": "factors/", "a": "actions/"}
	m := recordID.FindSubmatch(comment)
	if m == nil || list[string(m[1])] == "" {
		return
	}
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindListItem {
			if p.Parent().Parent().Kind() == ast.KindDocument {
				p.SetAttributeString("id", []byte(list[string(m[1])]+string(m[2])))
			}
			return
		}
	}
}
