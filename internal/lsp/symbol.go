package lsp

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/outline"
	"github.com/hindcast/hindcast/internal/markdown"
)

// symbols returns the headings of a document, each with what stands below it:
// further headings, the entries of the timeline and the actions.
func symbols(t text) []*documentSymbol {
	w := symbolWalk{text: t, out: []*documentSymbol{}}
	md := markdown.Parse(t.source)
	for i := range md.Blocks {
		w.add(&md.Blocks[i])
	}
	w.close(0, len(t.source))
	return w.out
}

// symbolWalk gathers symbols, block by block.
type symbolWalk struct {
	text  text
	where outline.Walk
	out   []*documentSymbol
	open  []section // that the current block stands below, outermost first
	list  [2]int    // the list and the item of the entry before
}

// section is a heading whose part of the document has not ended yet.
type section struct {
	level  int
	symbol *documentSymbol
}

func (w *symbolWalk) add(b *markdown.Block) {
	kind := w.where.Of(b)
	if b.Kind == markdown.Heading {
		start := bytes.LastIndexByte(w.text.source[:b.Start], '\n') + 1
		w.close(b.Level, start)
		s := &documentSymbol{Name: clip(b.Text), Kind: symbolSection, Range: w.text.span(start, b.End), SelectionRange: w.text.span(b.Start, b.End)}
		w.put(s)
		w.open = append(w.open, section{b.Level, s})
		return
	}
	if len(w.open) == 0 || b.Kind != markdown.Item && b.Kind != markdown.Cell {
		return
	}
	switch kind {
	case hindcast.SectionTimeline:
		w.entry(b, symbolEntry)
	case hindcast.SectionActions:
		w.entry(b, symbolAction)
	}
}

// entry adds an item of a list or a row of a table, or makes the one before
// longer when the block belongs to it.
func (w *symbolWalk) entry(b *markdown.Block, kind int) {
	parent := w.open[len(w.open)-1].symbol
	if at := [2]int{b.List, b.Item}; w.list != at {
		w.list = at
		span := w.text.span(b.Start, b.End)
		w.put(&documentSymbol{Name: clip(b.Text), Kind: kind, Range: span, SelectionRange: span})
		return
	}
	if n := len(parent.Children); n > 0 {
		last := parent.Children[n-1]
		last.Range.End = w.text.position(b.End)
		if b.Kind == markdown.Cell {
			last.Name = clip(last.Name + " " + b.Text)
		}
	}
}

// put adds a symbol to the innermost open section.
func (w *symbolWalk) put(s *documentSymbol) {
	if n := len(w.open); n > 0 {
		parent := w.open[n-1].symbol
		parent.Children = append(parent.Children, s)
		return
	}
	w.out = append(w.out, s)
}

// close ends the sections from a level on at a byte of the source.
func (w *symbolWalk) close(level, at int) {
	for n := len(w.open); n > 0 && w.open[n-1].level >= level; n-- {
		w.open[n-1].symbol.Range.End = w.text.position(at)
		w.open = w.open[:n-1]
	}
}
