package jsonrec

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Shape is what the beginning of a JSON file shows of its records. It is for
// recognition: cheap, and content with a head that is cut anywhere.
type Shape struct {
	Array   bool     // the file is one array
	Records []Fields // up to four: elements of the array, or values one after another
}

// Fields holds the members of one record by path, "labels.severity". Arrays are
// transparent: the members of the first element stand for all. The value is the
// text of a string as written, a number or a word; "{" or "[" for a container.
type Fields map[string]string

const (
	shapeRecords = 4
	shapeDepth   = 5
	shapeFields  = 600
)

// Sniff returns the shape of the JSON that head begins; no records when head
// does not begin JSON objects.
func Sniff(head []byte) Shape {
	i := skipSpace(head, 0)
	if i >= len(head) || head[i] != '{' && head[i] != '[' {
		return Shape{}
	}
	var s Shape
	if s.Array = head[i] == '['; s.Array {
		i++
	}
	for len(s.Records) < shapeRecords {
		i = nextObject(head, i)
		if i >= len(head) {
			break
		}
		f := Fields{}
		end := f.fill(head, i)
		s.Records = append(s.Records, f)
		i = max(end, i+1)
	}
	return s
}

// Most reports whether more than half of the records fit.
func (s Shape) Most(fits func(Fields) bool) bool {
	n := 0
	for _, f := range s.Records {
		if fits(f) {
			n++
		}
	}
	return 2*n > len(s.Records)
}

// Has reports whether the record has all of the members.
func (f Fields) Has(paths ...string) bool {
	for _, p := range paths {
		if _, ok := f[p]; !ok {
			return false
		}
	}
	return true
}

// Any reports whether the record has one of the members.
func (f Fields) Any(paths ...string) bool {
	for _, p := range paths {
		if _, ok := f[p]; ok {
			return true
		}
	}
	return false
}

// nextObject returns where the next object of a sequence begins; after damage
// that is the next line that begins with one.
func nextObject(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t' || b[i] == ',') {
		i++
	}
	if i < len(b) && b[i] != '{' {
		n := bytes.Index(b[i:], []byte("\n{"))
		if n < 0 {
			return len(b)
		}
		i += n + 1
	}
	return i
}

// container is an object whose members are still to be added.
type container struct {
	prefix   string
	from, to int
	depth    int
}

// fill adds the members of the object at b[i], outer ones before inner ones, and
// returns its end.
func (f Fields) fill(b []byte, i int) int {
	var todo []container
	end := f.add(b, container{from: i, to: len(b)}, &todo)
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		f.add(b, next, &todo)
	}
	return end
}

func (f Fields) add(b []byte, c container, todo *[]container) int {
	return eachMember(b[:c.to], c.from, func(key []byte, from, to int) bool {
		path := c.prefix + string(key)
		if _, twice := f[path]; twice || len(f) >= shapeFields {
			return true
		}
		inner := from
		switch b[from] {
		case '{':
			f[path] = "{"
		case '[':
			f[path] = "["
			inner = skipSpace(b[:to], from+1)
		case '"':
			f[path] = string(b[from+1 : min(max(from+1, to-1), from+256)])
			return true
		default:
			f[path] = string(b[from:to])
			return true
		}
		if c.depth < shapeDepth && inner < to && b[inner] == '{' {
			*todo = append(*todo, container{path + ".", inner, to, c.depth + 1})
		}
		return true
	})
}

// Recognizer returns a [record.Format] Recognize function that answers score
// when the head holds marker and more than half of its first records fit, else 0.
// The marker keeps the question cheap for every other file.
func Recognizer(score int, marker string, fits func(Fields) bool) func(record.Head) int {
	return func(h record.Head) int {
		if bytes.Contains(h.Bytes, []byte(marker)) && Sniff(h.Bytes).Most(fits) {
			return score
		}
		return 0
	}
}
