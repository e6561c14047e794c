// Package outline follows the headings of any Markdown document, and what
// serves as one, to tell in which part of a post-mortem each block stands.
package outline

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/markdown"
)

// Heading is a heading of a document, or a line that serves as one.
type Heading struct {
	Title      string
	Kind       hindcast.SectionKind // the section that it names; empty when it names none
	Level      int                  // rank: 1 to 6; 7 for bold text, more for labels of list items
	Start, End int                  // bytes of the source
}

// Read returns the headings of a Markdown document in order: headings proper,
// and bold lines and labels ("Root cause:") that name a section.
func Read(source []byte) []Heading {
	var out []Heading
	md := markdown.Parse(source)
	for i := range md.Blocks {
		if h, ok := HeadingOf(&md.Blocks[i]); ok {
			out = append(out, h)
		}
	}
	return out
}

// Walk follows the headings of a document, block by block.
type Walk struct {
	Fixed hindcast.SectionKind // what stands before any heading belongs to it
	open  []Heading            // those that the current block stands below, outermost first
}

// Of returns the section of a block. Headings that name nothing belong to the
// section they stand in; one of the same rank as the section's ends it.
func (o *Walk) Of(b *markdown.Block) hindcast.SectionKind {
	h, ok := HeadingOf(b)
	switch {
	case ok:
		o.close(h.Level)
		if h.Kind != "" {
			o.open = append(o.open, h)
		}
	case b.Kind == markdown.Item:
		o.close(max(boldLevel+b.Level, boldLevel+1))
	default:
		o.close(boldLevel + 1)
	}
	if kind := labeled(b); kind != "" && o.current() != hindcast.SectionActions && o.current() != hindcast.SectionTimeline {
		return kind
	}
	return o.current()
}

// close ends the sections whose headings have a rank of at least level.
func (o *Walk) close(level int) {
	for len(o.open) > 0 && o.open[len(o.open)-1].Level >= level {
		o.open = o.open[:len(o.open)-1]
	}
}

func (o *Walk) current() hindcast.SectionKind {
	if len(o.open) == 0 {
		return o.Fixed
	}
	return o.open[len(o.open)-1].Kind
}

// boldLevel is the rank of a heading that is only emphasized text.
const boldLevel = 7

// longestLabel is how many bytes a line that serves as a heading has at most.
const longestLabel = 60

// HeadingOf returns the heading that a block is: one proper, or a paragraph or a
// list item that is all bold or ends in a colon and names a section.
func HeadingOf(b *markdown.Block) (Heading, bool) {
	h := Heading{Title: strings.TrimSpace(b.Text), Level: b.Level, Start: b.Start, End: b.End}
	if b.Kind == markdown.Heading {
		h.Kind = section.Of(h.Title)
		return h, true
	}
	if b.Kind != markdown.Paragraph && b.Kind != markdown.Item || len(h.Title) > longestLabel || strings.Contains(h.Title, "\n") {
		return h, false
	}
	if !b.Bold && !strings.HasSuffix(h.Title, ":") {
		return h, false
	}
	h.Title = strings.TrimRight(h.Title, ": ")
	h.Kind = section.Of(h.Title)
	h.Level = boldLevel + b.Level
	return h, h.Kind != ""
}

// labeled returns the section that a label in front of a block names: "Root
// cause: the pool was too small".
func labeled(b *markdown.Block) hindcast.SectionKind {
	label, rest, ok := strings.Cut(b.Text[:min(len(b.Text), longestLabel)], ":")
	if !ok || b.Kind == markdown.Heading || len(strings.TrimSpace(rest)) == 0 || b.Kind != markdown.Paragraph && b.Kind != markdown.Item {
		return ""
	}
	return section.Of(label)
}
