package markdown

import (
	"bytes"
	"strings"
)

// Field is one line of the front matter, between --- and ---, that has a name
// and a value: "resolved_at: 2024-03-15T15:00:00Z". Nested values are not read.
type Field struct {
	Name, Value string
	Start, End  int // of the value in the source
}

// Field returns the value of the first field with one of the names, compared
// without regard to case.
func (d *Document) Field(names ...string) (Field, bool) {
	for _, name := range names {
		for _, f := range d.Fields {
			if strings.EqualFold(f.Name, name) {
				return f, true
			}
		}
	}
	return Field{}, false
}

// frontMatter returns the fields of the front matter and where the text after it
// begins: 0 when there is none.
func frontMatter(source []byte) ([]Field, int) {
	at := 0
	if bytes.HasPrefix(source, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	var fields []Field
	for n := 0; ; n++ {
		end := bytes.IndexByte(source[at:], '\n')
		if end < 0 {
			end = len(source)
		} else {
			end += at + 1
		}
		line := string(bytes.TrimRight(source[at:end], " \t\r\n"))
		switch {
		case n == 0 && line != "---", end == len(source) && line != "---":
			return nil, 0
		case n > 0 && (line == "---" || line == "..."):
			return fields, end
		}
		if name, value, ok := strings.Cut(line, ":"); ok && name != "" && strings.TrimSpace(name) == name {
			trimmed := strings.Trim(value, " \t\"'")
			start := at + len(name) + 1 + max(strings.Index(value, trimmed), 0)
			fields = append(fields, Field{name, trimmed, start, start + len(trimmed)})
		}
		at = end
	}
}
