package jsonlog

import (
	"github.com/hindcast/hindcast/internal/evidence/logfield"
)

// maxDepth is how deep objects are looked into.
const maxDepth = 6

// scanner reads the fields of JSON objects into a [logfield.Record]. It passes
// over what has no meaning for a log, and checks only that the object is
// complete and well formed at its own level.
type scanner struct {
	rec  *logfield.Record
	memo logfield.Memo
}

// scan reads the object that is all of line, apart from blanks and a comma. ok
// is false when the line is not such an object.
func (s *scanner) scan(line []byte, behind uint8) (ok bool) {
	s.memo.Restart()
	i := space(line, 0)
	if i >= len(line) || line[i] != '{' {
		return false
	}
	i = s.object(line, i, "", behind, 0)
	if i < 0 {
		return false
	}
	if i = space(line, i); i < len(line) && line[i] == ',' {
		i = space(line, i+1)
	}
	return i == len(line)
}

// object reads the object at b[i:]. It returns the offset behind it; -1 when it
// is damaged.
func (s *scanner) object(b []byte, i int, group string, behind uint8, depth int) int {
	if i = space(b, i+1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for i < len(b) && b[i] == '"' {
		k, end := s.memo.Next(group, b, i+1)
		if k == nil {
			if end, _ = logfield.StringEnd(b, i+1); end < 0 {
				return -1
			}
			k = s.memo.Lookup(group, b[i+1:end])
		}
		if i = space(b, end+1); i >= len(b) || b[i] != ':' {
			return -1
		}
		if i = s.value(b, space(b, i+1), *k, behind, depth); i < 0 {
			return -1
		}
		if i = space(b, i); i >= len(b) {
			return -1
		}
		if b[i] == '}' {
			return i + 1
		}
		if b[i] != ',' {
			return -1
		}
		i = space(b, i+1)
	}
	return -1
}

// value reads the value at b[i:] of a field.
func (s *scanner) value(b []byte, i int, k logfield.Key, behind uint8, depth int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		end, escaped := logfield.StringEnd(b, i+1)
		if end < 0 {
			return -1
		}
		v := logfield.Value{Text: b[i+1 : end], Quoted: true, Escaped: escaped}
		switch {
		case k.Role != logfield.None:
			s.rec.Set(k, v, behind)
		case k.Open && escaped && v.Text[0] == '{' && depth < maxDepth:
			s.inside(s.rec.Plain(v), k, behind, depth)
		}
		return end + 1
	case '{':
		if !k.Open || depth >= maxDepth {
			return skip(b, i)
		}
		if k.Group == "" {
			behind = min(behind+logfield.Behind, 2*logfield.Behind)
		}
		return s.object(b, i, k.Group, behind, depth+1)
	case '[':
		return skip(b, i)
	}
	end := literalEnd(b, i)
	if end > i && k.Role != logfield.None && b[i] != 'n' {
		s.rec.Set(k, logfield.Value{Text: b[i:end]}, behind)
	}
	return end
}

// inside reads an object that is written in a string, as App Service of Azure writes
// its properties.
func (s *scanner) inside(b []byte, k logfield.Key, behind uint8, depth int) {
	if k.Group == "" {
		behind = min(behind+logfield.Behind, 2*logfield.Behind)
	}
	s.object(b, 0, k.Group, behind, depth+1)
}

func space(b []byte, i int) int {
	if i < len(b) && b[i] > ' ' {
		return i
	}
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skip returns the offset behind the object or array at b[i:]; -1 when it is
// not complete.
func skip(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			end, _ := logfield.StringEnd(b, i+1)
			if end < 0 {
				return -1
			}
			i = end
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// literalEnd returns the offset behind the number or word at b[i:]; -1 when
// there is none that JSON has.
func literalEnd(b []byte, i int) int {
	start := i
	for i < len(b) {
		c := b[i]
		if c-'0' < 10 || c|0x20-'a' < 26 || c == '.' || c == '-' || c == '+' {
			i++
			continue
		}
		break
	}
	if i == start {
		return -1
	}
	if c := b[start]; c-'0' < 10 || c == '-' {
		return i
	}
	switch string(b[start:i]) {
	case "true", "false", "null", "NaN", "Infinity": // the last two as Python writes them
		return i
	}
	return -1
}

// pairs writes the fields of an object that has no message as "key=value".
func (s *scanner) pairs(b []byte) []byte {
	mark := s.rec.Mark()
	i := space(b, space(b, 0)+1)
	for n := 0; i < len(b) && b[i] == '"' && n < 24; n++ {
		end, _ := logfield.StringEnd(b, i+1)
		key := b[i+1 : end]
		i = space(b, space(b, end+1)+1)
		v := logfield.Value{}
		switch end = literalEnd(b, i); {
		case b[i] == '"':
			text, escaped := logfield.StringEnd(b, i+1)
			v, end = logfield.Value{Text: b[i+1 : text], Escaped: escaped}, text+1
		case end < 0:
			end = skip(b, i)
		default:
			v.Text = b[i:end]
		}
		if k := logfield.Lookup("", key); len(v.Text) > 0 && (k.Role == logfield.None || k.Role >= logfield.Message) {
			s.rec.AppendPair(mark, key, v)
		}
		i = space(b, space(b, end)+1)
	}
	return s.rec.Since(mark)
}
