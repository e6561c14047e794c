package markdown

import "bytes"

// Limits beyond which a paragraph is read as plain text. No document that
// people write comes near them.
const (
	mostMarks  = 1000    // characters in one line, with those it continues, that may begin or end markup
	mostInAll  = 20000   // the same between two blank lines
	mostNested = 64      // quotation marks and list markers in front of one line
	mostBytes  = 1 << 18 // of one paragraph
)

// extent is a part of the source.
type extent struct {
	start, end int
}

// guard returns a copy of the source in which the front matter (everything
// before body) and the paragraphs that would take long to parse are blank, and
// the extents of those paragraphs. Nothing moves.
func guard(source []byte, body int) ([]byte, []extent) {
	masked := blankOut(bytes.Clone(source), extent{0, body})
	var odd []extent
	for start := body; start < len(source); {
		end := paragraphEnd(source, start)
		p := source[start:end]
		if nesting(p) > mostNested || tangled(p) || len(p) > mostBytes {
			odd = append(odd, extent{start, end})
			blankOut(masked, extent{start, end})
		}
		start = end
	}
	return masked, odd
}

// paragraphEnd returns the end of the lines from start up to the next blank one.
func paragraphEnd(source []byte, start int) int {
	for at := start; at < len(source); {
		end := len(source)
		if i := bytes.IndexByte(source[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if len(bytes.TrimSpace(source[at:end])) == 0 {
			return end
		}
		at = end
	}
	return len(source)
}

// tangled reports whether a paragraph has more characters that may belong to
// inline markup than text has. List items and rows of tables count on their own.
func tangled(p []byte) bool {
	all, piece := 0, 0
	for line := range bytes.Lines(p) {
		n := 0
		for _, c := range line {
			switch c {
			case '*', '_', '[', ']', '`', '<', '~', '!':
				n++
			}
		}
		if first := bytes.TrimLeft(line, " \t"); len(first) > 0 && bytes.IndexByte([]byte("|-+*#"), first[0]) >= 0 {
			piece = 0
		}
		all, piece = all+n, piece+n
		if piece > mostMarks || all > mostInAll {
			return true
		}
	}
	return false
}

// nesting returns the largest number of block markers, or of four columns of
// indent, in front of a line.
func nesting(p []byte) int {
	most := 0
	for line := range bytes.Lines(p) {
		n, columns := 0, 0
		for _, c := range line {
			if c == ' ' {
				columns++
			} else if c == '\t' {
				columns += 4
			} else if c == '>' || c == '-' || c == '+' || c == '*' {
				n++
			} else {
				break
			}
		}
		most = max(most, n, columns/4)
	}
	return most
}

// blankOut overwrites an extent with spaces, but for its line breaks.
func blankOut(p []byte, e extent) []byte {
	for i := e.start; i < e.end; i++ {
		if p[i] != '\n' {
			p[i] = ' '
		}
	}
	return p
}

// plain returns the lines of an extent as paragraphs.
func plain(source []byte, e extent) []Block {
	var out []Block
	for at := e.start; at < e.end; {
		end := e.end
		if i := bytes.IndexByte(source[at:e.end], '\n'); i >= 0 {
			end = at + i + 1
		}
		if line := bytes.TrimRight(source[at:end], "\r\n"); len(bytes.TrimSpace(line)) > 0 {
			out = append(out, Block{Text: string(line), Start: at, End: at + len(line), runs: []run{{0, at}}})
		}
		at = end
	}
	return out
}
