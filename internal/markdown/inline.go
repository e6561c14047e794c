package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// deepest is how far nested inline markup is followed.
const deepest = 100

// inline collects the text of one block.
type inline struct {
	source   []byte
	text     []byte
	runs     []run
	strong   int // bytes of the text that are emphasized strongly
	linked   int // bytes that are labels of links
	comments []Comment
}

// children collects what stands below a node.
func (in *inline) children(n ast.Node, depth int) {
	if depth > deepest {
		return
	}
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		before := len(in.text)
		switch child := child.(type) {
		case *ast.Text:
			in.piece(child.Segment.Start, child.Segment.Stop)
			if child.SoftLineBreak() || child.HardLineBreak() {
				in.lineBreak(child.Segment.Stop)
			}
		case *ast.CodeSpan:
			in.code(child)
		case *ast.RawHTML:
			in.html(child)
		case *ast.Image, *ast.AutoLink, *east.Strikethrough:
		case *ast.Link:
			in.children(child, depth+1)
			in.linked += len(in.text) - before
		case *ast.Emphasis:
			in.children(child, depth+1)
			if child.Level == 2 {
				in.strong += len(in.text) - before
			}
		default:
			in.children(child, depth+1)
		}
	}
}

// piece adds bytes of the source.
func (in *inline) piece(start, end int) {
	if start >= end {
		return
	}
	last := len(in.runs) - 1
	if last < 0 || in.runs[last].source+len(in.text)-in.runs[last].text != start {
		in.runs = append(in.runs, run{len(in.text), start})
	}
	in.text = append(in.text, in.source[start:end]...)
}

// lineBreak adds the line break at or after a place in the source.
func (in *inline) lineBreak(at int) {
	if i := bytes.IndexByte(in.source[min(at, len(in.source)):], '\n'); i >= 0 {
		in.piece(at+i, at+i+1)
	}
}

// code adds a code span with the backticks next to its content, however many
// the source has.
func (in *inline) code(n *ast.CodeSpan) {
	first, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return
	}
	start, end := first.Segment.Start, first.Segment.Stop
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			end = t.Segment.Stop
		}
	}
	if open := bytes.LastIndexByte(in.source[:start], '`'); open >= 0 {
		start = open
	}
	if closing := bytes.IndexByte(in.source[end:], '`'); closing >= 0 {
		end += closing + 1
	}
	in.piece(start, end)
}

// html keeps comments and turns <br> into a line break.
func (in *inline) html(n *ast.RawHTML) {
	if n.Segments.Len() == 0 {
		return
	}
	start, end := n.Segments.At(0).Start, n.Segments.At(n.Segments.Len()-1).Stop
	tag := strings.ToLower(string(in.source[start:end]))
	if strings.HasPrefix(tag, "<br") && start > 0 {
		in.runs = append(in.runs, run{len(in.text), start})
		in.text = append(in.text, '\n')
		in.runs = append(in.runs, run{len(in.text), end})
	}
	in.comments = append(in.comments, commentsIn(in.source, start, end)...)
}

// block returns what was collected; false when there is no text.
func (in *inline) block() (Block, bool) {
	text := string(in.text)
	if strings.TrimSpace(text) == "" {
		return Block{}, false
	}
	b := Block{Text: text, runs: in.runs}
	b.Start, b.End = b.Span(0, len(text))
	whole := len(strings.TrimRight(text, " \t\n:.*"))
	b.Bold, b.Link = in.strong >= whole, in.linked >= whole
	return b, true
}

// commentsIn finds the comments in a part of the source.
func commentsIn(source []byte, start, end int) []Comment {
	var out []Comment
	for start < end {
		open := bytes.Index(source[start:end], []byte("<!--"))
		if open < 0 {
			return out
		}
		open += start
		closing := bytes.Index(source[open:end], []byte("-->"))
		if closing < 0 {
			return out
		}
		closing += open
		body := ""
		if open+4 < closing {
			body = strings.TrimSpace(string(source[open+4 : closing]))
		}
		out = append(out, Comment{body, open, closing + 3})
		start = closing + 3
	}
	return out
}
