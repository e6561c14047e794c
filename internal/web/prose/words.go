package prose

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/hindcast/hindcast/internal/diff"
)

// Words are the characters of a source that are read on a page, without blanks,
// each with where it stands in the source. By them words that somebody selected on
// a page are found in the source, and the other way round, whatever marks are
// between them.
type Words struct {
	source string
	text   []byte // what is read
	at     []int  // of each byte of text: where its character begins in the source
	end    []int  // and where that ends
}

// Words returns the words of a source as [Renderer.HTML] shows them.
func (r *Renderer) Words(source string) *Words {
	w := &Words{source: source}
	if heavy(source) {
		w.verbatim(0, len(source))
		return w
	}
	src := []byte(source)
	from := 0 // no words before it are still to come
	err := ast.Walk(r.md.Parser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			if n.IsRaw() || n.Parent().Kind() == ast.KindCodeSpan {
				w.verbatim(n.Segment.Start, n.Segment.Stop)
			} else {
				w.written(n.Segment.Start, n.Segment.Stop)
			}
			from = n.Segment.Stop
		case *ast.AutoLink:
			label := string(n.Label(src))
			if i := strings.Index(source[from:], label); i >= 0 {
				w.verbatim(from+i, from+i+len(label))
				from += i + len(label)
			}
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				w.verbatim(line.Start, line.Stop)
				from = line.Stop
			}
		case *ast.RawHTML, *ast.HTMLBlock:
			return ast.WalkSkipChildren, nil // left out
		}
		return ast.WalkContinue, nil
	})
	_ = err // the walk returns none
	return w
}

// verbatim adds characters that are shown as they stand in the source.
func (w *Words) verbatim(from, to int) {
	for from < to {
		r, n := utf8.DecodeRuneInString(w.source[from:to])
		w.add(r, from, from+n)
		from += n
	}
}

// written adds what stands in the source with its escapes: "\*" and "&amp;".
func (w *Words) written(from, to int) {
	for from < to {
		rest := w.source[from:to]
		if rest[0] == '\\' && len(rest) > 1 && rest[1] < utf8.RuneSelf && (unicode.IsPunct(rune(rest[1])) || unicode.IsSymbol(rune(rest[1]))) {
			w.add(rune(rest[1]), from, from+2)
			from += 2
			continue
		}
		if semi := strings.IndexByte(rest, ';'); rest[0] == '&' && semi > 1 && semi < 40 {
			if is := html.UnescapeString(rest[:semi+1]); is != rest[:semi+1] && !strings.HasPrefix(is, "&") || rest[:semi+1] == "&amp;" {
				for _, r := range is {
					w.add(r, from, from+semi+1)
				}
				from += semi + 1
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(rest)
		w.add(r, from, from+n)
		from += n
	}
}

func (w *Words) add(r rune, at, end int) {
	if blank(r) {
		return
	}
	for _, b := range utf8.AppendRune(nil, r) {
		w.text, w.at, w.end = append(w.text, b), append(w.at, at), append(w.end, end)
	}
}

// blank reports whether a character is left out, as scripts leave it out.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }

// bare returns a text without blanks.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if blank(r) {
			return -1
		}
		return r
	}, s)
}

// Find returns where words that are read on the page are in the source: of several
// places the one whose surroundings are most like before and after. It reports
// false when they are nowhere.
func (w *Words) Find(quote, before, after string) (start, end int, ok bool) {
	quote, before, after = bare(quote), bare(before), bare(after)
	if quote == "" {
		return 0, 0, false
	}
	all, best, most := string(w.text), -1, -1
	for from := 0; ; {
		i := strings.Index(all[from:], quote)
		if i < 0 {
			break
		}
		i += from
		if like := diff.End(all[:i], before) + diff.Begin(all[i+len(quote):], after); like > most {
			best, most = i, like
		}
		_, n := utf8.DecodeRuneInString(quote)
		from = i + n
	}
	if best < 0 {
		return 0, 0, false
	}
	return w.at[best], w.end[best+len(quote)-1], true
}

// Source returns the text that the words are of.
func (w *Words) Source() string { return w.source }

// Whole returns a stretch of the source with the marks that belong to it, so that
// other words can stand in its place: of "**late** and" whose first mark was left
// out, all. It reports false when the stretch cuts a link in two.
func (w *Words) Whole(start, end int) (from, to int, ok bool) {
	for _, mark := range []string{"**", "__", "~~", "*", "_", "`"} {
		odd := strings.Count(w.source[start:end], mark)%2 == 1
		switch {
		case odd && strings.HasSuffix(w.source[:start], mark):
			start -= len(mark)
		case odd && strings.HasPrefix(w.source[end:], mark):
			end += len(mark)
		}
	}
	cut := w.source[start:end]
	return start, end, strings.Count(cut, "[") == strings.Count(cut, "]") && strings.Count(cut, "](") <= strings.Count(cut, ")")
}

// Span is where a stretch of the source is on the page: its words without blanks,
// and where they begin among all words without blanks, in units of UTF-16, by which
// scripts count.
type Span struct {
	From int
	Text string
}

// Span returns where a stretch of the source is on the page. Its text is empty when
// nothing of it is read there.
func (w *Words) Span(start, end int) Span {
	first, last := len(w.text), 0
	for i := range w.text {
		if w.at[i] < end && w.end[i] > start {
			first, last = min(first, i), i+1
		}
	}
	if first >= last {
		return Span{}
	}
	return Span{len(utf16.Encode([]rune(string(w.text[:first])))), string(w.text[first:last])}
}

// Read returns a stretch of the source as it is read, with its blanks and without
// its marks.
func (w *Words) Read(start, end int) string {
	var b strings.Builder
	next := 0
	for next < len(w.at) && w.at[next] < start {
		next++
	}
	for i := start; i < end; {
		if next < len(w.at) && w.at[next] == i {
			for ; next < len(w.at) && w.at[next] == i; next++ {
				b.WriteByte(w.text[next])
			}
			i = w.end[next-1]
			continue
		}
		r, n := utf8.DecodeRuneInString(w.source[i:])
		if blank(r) {
			b.WriteRune(r)
		}
		i += n
	}
	return strings.TrimSpace(b.String())
}
