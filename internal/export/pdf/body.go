package pdf

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export"
)

// reader walks the text and writes it.
type reader struct {
	*writer
	source []byte
}

// titles returns the headings of sections in order.
func titles(root ast.Node, source []byte) []*ast.Heading {
	var out []*ast.Heading
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 && plainText(h, source) != "" {
			out = append(out, h)
		}
	}
	return out
}

// contents writes the sections with their pages.
func (w *writer) contents() {
	root, source := w.doc.Parse()
	st := style{size: normal, color: ink}
	for i, h := range titles(root, source) {
		w.need(16)
		base := w.y + 11
		title := cmp.Or(strings.TrimSpace(w.chars.Plain(plainText(h, source))), "–") // nothing of it may be visible
		lines := w.lines([]span{{text: title, style: st}}, w.right-w.left-40)
		w.line(lines[0], w.left, base)
		if i < len(w.known) {
			n := strconv.Itoa(w.known[i])
			w.put(w.right-w.measure(n, st), base, n, style{size: normal, color: soft})
			from := w.left + lines[0][0].w + 8
			w.f.SetDashPattern([]float64{0.6, 3}, 0)
			w.stroke(soft, from, base-1, w.right-24, base-1)
			w.f.SetDashPattern(nil, 0)
		}
		w.linked("#section-"+strconv.Itoa(i), w.left, w.y, w.right-w.left, 16)
		w.y += 17
	}
}

// body writes the text.
func (w *writer) body() {
	root, source := w.doc.Parse()
	r := reader{w, source}
	n := 0
	for c := root.FirstChild(); c != nil; c = c.NextSibling() {
		h, ok := c.(*ast.Heading)
		switch {
		case ok && h.Level == 1:
			continue // the title stands above
		case ok && h.Level == 2 && plainText(h, source) != "":
			r.section(h, n)
			n++
		default:
			r.block(c, w.left, 0)
		}
	}
}

// section begins a section with its pictures.
func (r reader) section(h *ast.Heading, n int) {
	id, _ := h.AttributeString("id")
	kind, _ := id.([]byte)
	var pictures []export.Picture
	for _, p := range r.doc.Pictures {
		if len(kind) > 0 && p.Section == hindcast.SectionKind(kind) {
			pictures = append(pictures, p)
		}
	}
	if r.wide {
		r.newPage(false)
	}
	r.space(22)
	r.need(90 + r.firstOf(pictures))
	r.arrive("section-" + strconv.Itoa(n))
	title := plainText(h, r.source)
	r.use(style{size: 15, color: ink, bold: true})
	r.f.Bookmark(r.chars.Plain(title), 0, r.y)
	r.starts = append(r.starts, r.f.PageNo())
	r.stroke(rule, r.left, r.y, r.right, r.y)
	r.y += 10
	r.flow([]span{{text: title, style: style{size: 15, color: ink, bold: true}}}, r.left, r.right, 20)
	r.y += 4
	for _, p := range pictures {
		r.figure(p)
	}
}

// block writes a block from x on; depth is how deep in lists it stands.
func (r reader) block(n ast.Node, x float64, depth float64) {
	st := style{size: normal, color: ink}
	leading := 14.2
	if depth > 1 {
		st, leading = style{size: small, color: soft}, 12.4
	}
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n, x)
	case *ast.Paragraph, *ast.TextBlock:
		r.flow(r.inline(n, st, ""), x, r.right, leading)
		if depth == 0 || n.Kind() == ast.KindParagraph {
			r.y += 6
		}
	case *ast.List:
		r.list(n, x, depth)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.code(n, x)
	case *ast.Blockquote:
		r.quote(n, x, depth)
	case *ast.ThematicBreak:
		r.need(16)
		r.stroke(rule, x, r.y+6, r.right, r.y+6)
		r.y += 14
	case *east.Table:
		r.table(n)
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			r.block(c, x, depth)
		}
	}
}

func (r reader) heading(h *ast.Heading, x float64) {
	size := 11.6
	if h.Level > 3 {
		size = normal
	}
	r.space(10)
	r.need(52)
	title := plainText(h, r.source)
	st := style{size: size, color: ink, bold: true}
	r.use(st)
	if title != "" && h.Level <= 3 && len(r.starts) > 0 {
		r.f.Bookmark(r.chars.Plain(title), 1, r.y)
	}
	r.flow([]span{{text: title, style: st}}, x, r.right, size*1.4)
	r.y += 3
}

// indent is the room for a list's mark.
const indent = 13.0

// deepest is how deep lists are indented.
const deepest = 8

func (r reader) list(n *ast.List, x, depth float64) {
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		leading, together := 14.2, 42.0
		if depth >= 1 {
			leading, together = 12.4, 23
		}
		r.need(together)
		if id, ok := c.AttributeString("id"); ok {
			if name, ok := id.([]byte); ok {
				r.arrive(string(name))
			}
		}
		r.bullet(n, number, x, depth, leading)
		at := x
		if depth < deepest {
			at += indent
			if n.IsOrdered() {
				at += 5
			}
		}
		for b := c.FirstChild(); b != nil; b = b.NextSibling() {
			r.block(b, at, depth+1)
		}
		number++
		if depth == 0 {
			r.y += 3.5
		}
	}
	if depth == 0 {
		r.y += 4
	}
}

// bullet writes the mark of an item.
func (r reader) bullet(n *ast.List, number int, x, depth, leading float64) {
	base := r.y + leading*0.74
	switch {
	case n.IsOrdered():
		r.put(x, base, strconv.Itoa(number)+".", style{size: normal, color: soft})
	case depth == 0:
		r.f.SetFillColor(ink.r, ink.g, ink.b)
		r.f.Circle(x+4, base-3.1, 1.5, "F")
	default:
		r.stroke(soft, x+1, base-2.8, x+6, base-2.8)
	}
}

func (r reader) quote(n ast.Node, x, depth float64) {
	page, top := r.f.PageNo(), r.y
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c, x+14, depth)
	}
	if r.f.PageNo() != page {
		top = marginTop
	}
	r.fill(rule, x+3, top, 2, max(r.y-top-4, 0))
}

// code writes lines of code on a ground of its own.
func (r reader) code(n ast.Node, x float64) {
	st := style{size: 8.4, color: ink, mono: true}
	const leading, pad = 11.4, 6.0
	r.space(2)
	r.need(2*pad + leading)
	r.fill(shade, x, r.y, r.right-x, pad)
	r.y += pad
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		text := strings.ReplaceAll(strings.TrimRight(string(seg.Value(r.source)), "\r\n"), "\t", "    ")
		for _, l := range r.chopped(text, r.right-x-2*pad, st) {
			r.need(leading)
			r.fill(shade, x, r.y, r.right-x, leading)
			r.put(x+pad, r.y+leading*0.76, l, st)
			r.y += leading
		}
	}
	r.fill(shade, x, r.y, r.right-x, pad)
	r.y += pad + 8
}

// chopped breaks a line of code where it is too long, and nowhere else. All
// characters are of one width.
func (r reader) chopped(text string, width float64, st style) []string {
	line := []rune(r.chars.Plain(text))
	most := max(int(width/r.measure("0", st)), 1)
	out := []string{}
	for len(line) > most {
		out = append(out, string(line[:most]))
		line = line[most:]
	}
	return append(out, string(line))
}

// inline returns the spans below a node.
func (r reader) inline(n ast.Node, st style, href string) []span {
	var out []span
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			text := string(unescaped(c.Segment.Value(r.source)))
			if c.HardLineBreak() {
				text += "\n"
			} else if c.SoftLineBreak() {
				text += " "
			}
			out = append(out, span{text, st, href})
		case *ast.String:
			out = append(out, span{string(c.Value), st, href})
		case *ast.CodeSpan:
			m := st
			m.mono, m.italic, m.size = true, false, st.size*0.86
			out = append(out, span{plainText(c, r.source), m, href})
		case *ast.Emphasis:
			e := st
			e.bold, e.italic = st.bold || c.Level == 2, st.italic || c.Level == 1
			out = append(out, r.inline(c, e, href)...)
		case *east.Strikethrough:
			e := st
			e.struck = true
			out = append(out, r.inline(c, e, href)...)
		case *ast.Link:
			out = append(out, r.inline(c, linkStyle(st, string(c.Destination)), string(c.Destination))...)
		case *ast.AutoLink:
			url := string(c.URL(r.source))
			if c.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(url), "mailto:") {
				url = "mailto:" + url
			}
			out = append(out, span{string(c.Label(r.source)), linkStyle(st, url), url})
		default:
			out = append(out, r.inline(c, st, href)...)
		}
	}
	return out
}

func linkStyle(st style, href string) style {
	if outward(href) || strings.HasPrefix(href, "#") {
		st.color = link
	}
	return st
}
