package notion

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// The types of blocks that we write, which are those that the published description
// of the API accepts, and one that we look for.
const (
	paragraph = "paragraph"
	bullet    = "bulleted_list_item"
	childPage = "child_page"
)

// How much the API takes at once.
const (
	maxText   = 2000 // characters of one piece of text
	maxPieces = 100  // of one block
	maxBlocks = 100  // of one request
)

// piece is a piece of text, with where it links to.
type piece struct{ text, link string }

// block is a block as we write it.
type block struct {
	Type   string
	Pieces []piece
}

// plain returns the text of a block as it is compared: what is written is read back
// with the same words, if not the same spaces.
func (b block) plain() string {
	var s strings.Builder
	for _, p := range b.Pieces {
		s.WriteString(p.text)
	}
	return strings.Join(strings.Fields(s.String()), " ")
}

// MarshalJSON writes a block for the API.
func (b block) MarshalJSON() ([]byte, error) {
	type link struct {
		URL string `json:"url"`
	}
	type content struct {
		Content string `json:"content"`
		Link    *link  `json:"link,omitempty"`
	}
	type rich struct {
		Type string  `json:"type"`
		Text content `json:"text"`
	}
	list := []rich{}
	for _, p := range b.Pieces {
		x := rich{"text", content{Content: p.text}}
		if p.link != "" {
			x.Text.Link = &link{p.link}
		}
		list = append(list, x)
	}
	return json.Marshal(map[string]any{"type": b.Type, b.Type: map[string]any{"rich_text": list}})
}

// digest tells the content of two pages apart.
func digest(list []block) string {
	h := sha256.New()
	for _, b := range list {
		_, _ = h.Write([]byte(b.Type + "\x00" + b.plain() + "\x00")) // never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// blocks writes Markdown as blocks: headings and paragraphs as paragraphs, items
// and rows of tables as items. HTML and pictures are left out.
func blocks(markdown string) []block {
	source := []byte(markdown)
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	w := writer{source: source}
	w.list(md.Parser().Parse(text.NewReader(source)), 0)
	return w.out
}

type writer struct {
	source []byte
	out    []block
}

// add adds a block; what is longer than a block may be is continued in the next.
func (w *writer) add(kind string, pieces []piece) {
	var cut []piece
	for _, p := range pieces {
		for utf8.RuneCountInString(p.text) > maxText {
			at := len(string([]rune(p.text)[:maxText]))
			cut = append(cut, piece{p.text[:at], p.link})
			p.text = p.text[at:]
		}
		if p.text != "" {
			cut = append(cut, p)
		}
	}
	for len(cut) > maxPieces {
		w.out = append(w.out, block{kind, cut[:maxPieces]})
		cut = cut[maxPieces:]
	}
	if b := (block{kind, cut}); b.plain() != "" {
		w.out = append(w.out, b)
	}
}

// list writes the blocks of a container; depth is how many lists are around it.
func (w *writer) list(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			w.heading(c)
		case *ast.Paragraph, *ast.TextBlock:
			w.text(c, depth)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			w.add(paragraph, []piece{{strings.TrimRight(string(lines(c, w.source)), "\n"), ""}})
		case *extast.Table:
			w.table(c)
		case *ast.List:
			w.list(c, depth+1)
		case *ast.ListItem, *ast.Blockquote:
			w.list(c, depth)
		}
	}
}

// heading writes a heading: those of sections in capitals, since there is no other
// block for them.
func (w *writer) heading(h *ast.Heading) {
	pieces := w.inline(h)
	for i := range pieces {
		if h.Level <= 2 {
			pieces[i].text = strings.ToUpper(pieces[i].text)
		}
	}
	w.add(paragraph, pieces)
}

// text writes a paragraph, or the text of an item: the first is the item itself.
func (w *writer) text(n ast.Node, depth int) {
	if depth == 0 {
		w.add(paragraph, w.inline(n))
		return
	}
	indent := ""
	if depth > 1 || n.PreviousSibling() != nil {
		indent = strings.Repeat("\u2003", depth-1) + "– " // an item in an item cannot be said otherwise
	}
	w.add(bullet, append([]piece{{indent, ""}}, w.inline(n)...))
}

// table writes each row below the names of its columns.
func (w *writer) table(t *extast.Table) {
	var names []string
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		var row []piece
		i := 0
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell := w.inline(c)
			if _, head := r.(*extast.TableHeader); head {
				names = append(names, (block{bullet, cell}).plain())
			} else if len(cell) > 0 {
				if len(row) > 0 {
					row = append(row, piece{" · ", ""})
				}
				if i < len(names) && names[i] != "" {
					row = append(row, piece{names[i] + ": ", ""})
				}
				row = append(row, cell...)
			}
			i++
		}
		w.add(bullet, row)
	}
}

// inline returns the text inside a node, with its links.
func (w *writer) inline(n ast.Node) (out []piece) {
	add := func(text, link string) {
		if last := len(out) - 1; last >= 0 && out[last].link == link {
			out[last].text += text
		} else if text != "" {
			out = append(out, piece{text, link})
		}
	}
	var walk func(n ast.Node, link string)
	walk = func(n ast.Node, link string) {
		switch n := n.(type) {
		case *ast.Text:
			add(string(n.Segment.Value(w.source)), link)
			if n.SoftLineBreak() || n.HardLineBreak() {
				add(" ", link)
			}
			return
		case *ast.String:
			add(string(n.Value), link)
			return
		case *ast.AutoLink:
			add(string(n.Label(w.source)), safe(string(n.URL(w.source))))
			return
		case *ast.Image, *ast.RawHTML:
			return
		case *ast.Link:
			link = safe(string(n.Destination))
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			walk(c, link)
		}
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		walk(c, "")
	}
	return out
}

// safe returns an address that the API takes as a link, or nothing.
func safe(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(address) > maxText {
		return ""
	}
	return address
}

// lines returns the lines of a code block.
func lines(n ast.Node, source []byte) []byte {
	var b bytes.Buffer
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(source))
	}
	return b.Bytes()
}
