// Package markdown reads Markdown for what people wrote in it: headings,
// paragraphs, list items and table cells, each as plain text in which every
// byte knows where it stands in the source. Code blocks, quotations, pictures,
// addresses of links and HTML are left out; code spans stay, with their
// backticks. A front matter is read apart.
//
//	doc := markdown.Parse(source)
//	for _, b := range doc.Blocks {
//		fmt.Println(b.Kind, b.Text, b.Offset(0))
//	}
//
// Parsing is pure and takes time in proportion to the source: parts that are
// built to be slow are read as plain text.
package markdown

import (
	"slices"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Kind says what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Heading
	Item   // the text of a list item; further paragraphs of it are Items too
	Cell   // a cell of a table
	Header // a cell of a table's first row
)

// Block is one piece of prose.
type Block struct {
	Kind  Kind
	Level int    // of a heading: 1 to 6; of an item: how deep its list is nested, from 1
	Text  string // without markup; a line break inside it is "\n"
	Start int    // bytes of the source that the block spans
	End   int
	List  int  // number of the list or table, from 1; equal for its items or cells
	Item  int  // number of the outermost item, or of the row, within the list or table
	Col   int  // column of a cell, from 0
	Bold  bool // all of the text is emphasized strongly: often a heading in disguise
	Link  bool // all of the text is the label of a link
	runs  []run
}

// run is a part of a block's text that stands in the source in one piece.
type run struct {
	text, source int
}

// Offset returns where the byte at i of the block's text stands in the source.
// The end of the text is the byte after its last one.
func (b *Block) Offset(i int) int {
	if len(b.runs) == 0 {
		return b.Start
	}
	if i >= len(b.Text) && i > 0 {
		return b.Offset(len(b.Text)-1) + 1
	}
	lo, hi := 0, len(b.runs)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; b.runs[mid].text <= i {
			lo = mid
		} else {
			hi = mid
		}
	}
	return b.runs[lo].source + i - b.runs[lo].text
}

// Span returns the bytes of the source that the part of the text from i up to j
// stands in, with the markup inside it.
func (b *Block) Span(i, j int) (start, end int) {
	start = b.Offset(i)
	if j <= i {
		return start, start
	}
	return start, b.Offset(j-1) + 1
}

// Comment is an HTML comment.
type Comment struct {
	Text       string // without the marks around it and the space next to them
	Start, End int
}

// Document is what a source holds.
type Document struct {
	Blocks   []Block
	Comments []Comment
	Fields   []Field // of the front matter
}

// Parse reads a source, which may be any bytes.
func Parse(source []byte) *Document {
	doc := &Document{}
	fields, body := frontMatter(source)
	doc.Fields = fields
	masked, odd := guard(source, body)
	c := collector{source: masked, doc: doc}
	c.blocks(reader.Parser().Parse(text.NewReader(masked)), place{})
	if len(odd) > 0 {
		for _, r := range odd {
			doc.Blocks = append(doc.Blocks, plain(source, r)...)
		}
		slices.SortStableFunc(doc.Blocks, func(a, b Block) int { return a.Start - b.Start })
	}
	return doc
}

// reader reads Markdown; it keeps nothing between texts and serves all goroutines.
var reader = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// place is where in the tree a block stands.
type place struct {
	kind  Kind
	level int
	list  int
	item  int
	col   int
}

// collector walks the tree.
type collector struct {
	source []byte
	doc    *Document
	lists  int
}

// blocks collects the prose below a node.
func (c *collector) blocks(n ast.Node, at place) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		switch child := child.(type) {
		case *ast.Heading:
			c.add(child, place{kind: Heading, level: child.Level})
		case *ast.Paragraph, *ast.TextBlock:
			c.add(child, at)
		case *ast.List:
			c.list(child, at)
		case *east.Table:
			c.table(child)
		case *ast.HTMLBlock:
			c.htmlBlock(child)
		case *ast.Blockquote, *ast.CodeBlock, *ast.FencedCodeBlock:
		default:
			c.blocks(child, at)
		}
	}
}

func (c *collector) list(n ast.Node, at place) {
	outermost := at.kind != Item
	if outermost {
		c.lists++
		at = place{kind: Item, list: c.lists}
	}
	at.level++
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if outermost {
			at.item++
		}
		c.blocks(item, at)
	}
}

func (c *collector) table(n ast.Node) {
	c.lists++
	at := place{list: c.lists}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		at.kind, at.col = Cell, 0
		if _, ok := row.(*east.TableHeader); ok {
			at.kind = Header
		} else {
			at.item++
		}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			c.add(cell, at)
			at.col++
		}
	}
}

// add adds the prose of one block, if there is any.
func (c *collector) add(n ast.Node, at place) {
	in := inline{source: c.source}
	in.children(n, 0)
	c.doc.Comments = append(c.doc.Comments, in.comments...)
	if b, ok := in.block(); ok {
		b.Kind, b.Level, b.List, b.Item, b.Col = at.kind, at.level, at.list, at.item, at.col
		c.doc.Blocks = append(c.doc.Blocks, b)
	}
}

// htmlBlock keeps the comments of a block of HTML.
func (c *collector) htmlBlock(n *ast.HTMLBlock) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	end := lines.At(lines.Len() - 1).Stop
	if n.HasClosure() {
		end = max(end, n.ClosureLine.Stop)
	}
	c.doc.Comments = append(c.doc.Comments, commentsIn(c.source, lines.At(0).Start, end)...)
}
