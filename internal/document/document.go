// Package document converts a post-mortem to Markdown and JSON and back without
// loss. The Markdown is for people: it reads well in any editor and in code
// review, and survives being edited by hand. docs/format.md describes it.
//
//	parsed := document.Parse("2024-03-15.md", text)
//	for _, p := range parsed.Problems { ... } // each with its line
//	text = document.Markdown(parsed.Postmortem)
//
// Markdown(Parse(t)) is t, byte for byte, when t was written by [Markdown]; any
// other text comes out in the one form that Markdown writes. What is not
// understood stays where it is as prose.
package document

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
)

// Version is the version of the format that is written. A reader of version 1
// reads every later document of version 1: fields are only added.
const Version = 1

// Parsed is what was read from a text.
type Parsed struct {
	Postmortem hindcast.Postmortem
	Problems   []hindcast.Problem // by line; what could not be read is kept as prose
	Ours       bool               // the text says that it has our format
	lines      map[string]int
}

// Line returns the line, from 1, on which the value with a path stands, in the
// paths of [hindcast.Fault]: "actions[1].due". When the value itself has no line
// it is that of the record around it; 0 when that is unknown too.
func (p *Parsed) Line(path string) int {
	for path != "" {
		if n := p.lines[path]; n > 0 {
			return n
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 0
}

// Parse reads a post-mortem from Markdown, ours or anybody's, or from our JSON.
// file is the name that problems carry. It never fails: a text that cannot be
// understood is a document whose preamble is that text.
func Parse(file string, text []byte) *Parsed {
	r := &reader{file: file, entries: map[string]int{}, out: &Parsed{lines: map[string]int{}}}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		r.problem(1+bytes.Count(text[:invalidAt(text)], []byte("\n")), "is not UTF-8 from here on; save the file as UTF-8")
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	ok := true
	if isJSON(text) {
		ok = r.json(text)
	} else {
		r.markdown(unifyNewlines(string(text)))
	}
	if ok {
		r.validate()
	}
	slices.SortStableFunc(r.out.Problems, func(a, b hindcast.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return r.out
}

// isJSON reports whether a text begins like a JSON object.
func isJSON(text []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{"))
	rest = bytes.TrimLeft(rest, " \t\r\n")
	return ok && (bytes.HasPrefix(rest, []byte(`"`)) || bytes.HasPrefix(rest, []byte("}")))
}

// validate reports the faults of what was read, each on its line.
func (r *reader) validate() {
	for _, f := range r.out.Postmortem.Validate() {
		r.problem(r.out.Line(f.Path), "%s", f)
	}
}

// Outline divides Markdown into its sections and reads no records: each section
// keeps all of its text. It is for an organization's own template. The result
// holds the title, the preamble, the sections and front matter.
func Outline(file string, text []byte) *Parsed {
	r := &reader{file: file, outline: true, entries: map[string]int{}, out: &Parsed{lines: map[string]int{}}}
	r.markdown(unifyNewlines(strings.ToValidUTF8(string(text), "\uFFFD")))
	return r.out
}

func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		c, n := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(text)
}

// unifyNewlines turns a text whose every line ends in CR LF into one with LF.
// Where the ends are mixed, CR is left alone as a part of the text.
func unifyNewlines(s string) string {
	if n := strings.Count(s, "\n"); n > 0 && n == strings.Count(s, "\r\n") {
		return strings.ReplaceAll(s, "\r\n", "\n")
	}
	return s
}
