package pdf

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// unescaped returns text of Markdown as it is read: without the backslashes that
// escape, with the characters that entities stand for.
func unescaped(b []byte) []byte {
	b = util.UnescapePunctuations(b)
	return []byte(html.UnescapeString(string(b)))
}

// plainText returns the text below a node without its looks.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch t := c.(type) {
		case *ast.Text:
			value := t.Segment.Value(source)
			if n.Kind() != ast.KindCodeSpan {
				value = unescaped(value)
			}
			b.Write(value)
			if t.SoftLineBreak() || t.HardLineBreak() || n.Kind() == ast.KindCodeSpan && strings.HasSuffix(string(value), "\n") {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(t.Value)
		case *ast.AutoLink:
			b.Write(t.Label(source))
		default:
			b.WriteString(plainText(c, source))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}
