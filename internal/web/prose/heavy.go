package prose

import (
	"html"
	"strings"
)

// What is rendered as Markdown at most. Beyond, rendering takes a time that grows
// with the square of the text, or makes far more than was written.
const (
	maxSource = 256 << 10 // bytes
	maxDepth  = 50        // quotes and lists within each other
	maxCells  = 200_000   // of tables: columns by lines
	maxLinks  = 500       // that begin and do not end
)

// heavy reports whether a source costs too much to be rendered.
func heavy(source string) bool {
	if len(source) > maxSource || strings.Count(source, "](")-strings.Count(source, ")") > maxLinks {
		return true
	}
	lines, columns := strings.Count(source, "\n")+1, 0
	for line := range strings.Lines(source) {
		if depth(line) > maxDepth {
			return true
		}
		if strings.Trim(line, "|:- \t\r\n") == "" {
			columns = max(columns, strings.Count(line, "|")+1)
		}
	}
	return lines*columns > maxCells
}

// depth counts the marks of quotes and lists with which a line begins.
func depth(line string) int {
	n := 0
	for i := range len(line) {
		spaced := i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t')
		switch c := line[i]; {
		case c == '>', spaced && strings.IndexByte("-+*.)", c) >= 0:
			n++
		case c != ' ' && c != '\t' && (c < '0' || c > '9'):
			return n
		}
	}
	return n
}

// plain shows a source as it was written.
func plain(source string) string { return "<pre>" + html.EscapeString(source) + "</pre>\n" }
