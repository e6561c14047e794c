package syntax

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// IsRow reports whether a line is a row of a table.
func IsRow(l Line) bool {
	return l.Form == Plain && strings.HasPrefix(strings.TrimLeft(l.Text, " "), "|")
}

var delimiter = lazyregexp.New(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*$`)

// IsDelimiter reports whether a line divides a table's head from its rows.
func IsDelimiter(l Line) bool { return l.Form == Plain && delimiter.MatchString(l.Text) }

// Cells divides a row at the bars that are not escaped.
func Cells(row string) []string {
	row = strings.TrimPrefix(strings.Trim(row, " \t\r"), "|")
	var out []string
	var b strings.Builder
	for i := 0; i < len(row); i++ {
		switch {
		case row[i] == '\\' && i+1 < len(row) && row[i+1] == '|':
			b.WriteByte('|')
			i++
		case row[i] == '|':
			out = append(out, strings.Trim(b.String(), " \t"))
			b.Reset()
		default:
			b.WriteByte(row[i])
		}
	}
	if last := strings.Trim(b.String(), " \t"); last != "" {
		out = append(out, last)
	}
	return out
}

// WriteCell writes a value that stands in a table; [ReadInline] reads it.
func WriteCell(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, "|") || strings.HasSuffix(s, `\`) {
		return Quote(s)
	}
	return WriteInline(s)
}
