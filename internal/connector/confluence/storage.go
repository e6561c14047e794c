package confluence

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	xhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/hindcast/hindcast/internal/connector"
)

// storage writes a page in Confluence's storage format: XHTML with elements of its
// own. It begins with a note of where the page comes from; our mark is the name of
// an anchor, which nobody sees.
func storage(w connector.Page, own string) (string, error) {
	var body bytes.Buffer
	err := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(plain{}, 100))),
		goldmark.WithRendererOptions(xhtml.WithXHTML()),
	).Convert([]byte(w.Markdown), &body)
	if err != nil {
		return "", fmt.Errorf("write the page for Confluence: %w", err)
	}
	out := body.String()
	for i := len(w.Pictures) - 1; i >= 0; i-- { // the first ends up first
		out = insert(out, w.Pictures[i])
	}
	return characters.ReplaceAllString(note(w.URL)+anchor(own)+out, ""), nil
}

// characters are what XML cannot hold.
var characters = regexp.MustCompile(`[^\t\n\r\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]`)

func note(url string) string {
	text := "Published from Hindcast, which replaces this page when the post-mortem is published again: change it there."
	if url != "" {
		text += ` <a href="` + html.EscapeString(url) + `">Open the post-mortem</a>`
	}
	return `<ac:structured-macro ac:name="info"><ac:rich-text-body><p>` + text + `</p></ac:rich-text-body></ac:structured-macro>` + "\n"
}

func anchor(own string) string {
	return `<p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">` + own + `</ac:parameter></ac:structured-macro></p>` + "\n"
}

// insert puts a picture below its heading; without such a heading at the end.
func insert(body string, x connector.Picture) string {
	picture := fmt.Sprintf(`<p><ac:image ac:alt="%s" ac:width="960"><ri:attachment ri:filename="%s" /></ac:image></p>`+"\n", html.EscapeString(x.Caption), html.EscapeString(x.Name))
	heading := "<h2>" + html.EscapeString(x.Below) + "</h2>\n"
	at := strings.Index(body, heading)
	if at < 0 {
		return body + picture
	}
	at += len(heading)
	return body[:at] + picture + body[at:]
}

// plain takes out what the storage format cannot hold: HTML, and pictures from
// elsewhere.
type plain struct{}

// Transform changes a parsed text.
func (plain) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var gone []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walk returns no error
		switch n.(type) {
		case *ast.RawHTML, *ast.HTMLBlock, *ast.Image:
			if entering {
				gone = append(gone, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range gone {
		n.Parent().RemoveChild(n.Parent(), n)
	}
}
