package syntax

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Field is one named value of a record of type T. It writes and reads the value,
// so that both ways stand side by side.
type Field[T any] struct {
	Name  string
	Also  string // other names, normalized, separated by "|"
	Path  string // JSON name
	Ask   string // the question that stands there while the value is missing; empty asks nothing
	Write func(*T, *Names) Value
	Read  func(*T, Value) (complaint string)
}

// Asking returns the field with a question.
func (f Field[T]) Asking(question string) Field[T] {
	f.Ask = question
	return f
}

// Or returns the field with further names, separated by "|".
func (f Field[T]) Or(also string) Field[T] {
	f.Also = also
	return f
}

// Value is the value of a field as it is written: the rest of its line and the
// lines below it.
type Value struct {
	First string
	Rest  []string
}

// all returns the value with its lines joined.
func (v Value) all() string {
	return strings.Trim(strings.Join(append([]string{v.First}, v.Rest...), " "), " \t\r")
}

// Line returns a value that has one line as text; "" while it is a question.
func (v Value) Line() string { return ReadInline(v.all()) }

// Raw returns a value that has one line as it is written; "" while it is a
// question.
func (v Value) Raw() string {
	if s := v.all(); !IsQuestion(s) {
		return s
	}
	return ""
}

// Names is what a writer knows of the rest of the document.
type Names struct {
	Words  map[string]map[string]string // by mark and id: what a record says, for the reader
	Hashes map[string]string            // by name: the hash of a file of evidence
}

// Text is a field of any number of lines.
func Text[T any](name, path string, at func(*T) *string) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, _ *Names) Value {
			if *at(v) == "" {
				return Value{}
			}
			first, rest := WriteText(*at(v))
			return Value{first, rest}
		},
		Read: func(v *T, w Value) string {
			*at(v) = ReadText(w.First, w.Rest)
			return ""
		},
	}
}

// OneLine is a field that is written and read as one line.
func OneLine[T any](name, path string, write func(*T) string, read func(v *T, s string) (complaint string)) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, _ *Names) Value { return Value{First: write(v)} },
		Read: func(v *T, w Value) string {
			if w.Line() == "" {
				return ""
			}
			return read(v, w.Raw())
		},
	}
}

// Word is a field with one of the words that are known for it.
func Word[T any, W ~string](name, path string, at func(*T) *W, known ...W) Field[T] {
	return OneLine(name, path,
		func(v *T) string { return WriteWord(*at(v)) },
		func(v *T, s string) (complaint string) {
			w, complaint := KnownWord(s, known)
			if complaint == "" {
				*at(v) = w
			}
			return complaint
		})
}

// Words is a field with several of the words that are known for it.
func Words[T any, W ~string](name, path string, at func(*T) *[]W, known ...W) Field[T] {
	return OneLine(name, path,
		func(v *T) string {
			var words []string
			for _, w := range *at(v) {
				words = append(words, WriteWord(w))
			}
			return strings.Join(words, ", ")
		},
		func(v *T, s string) string {
			*at(v) = nil
			for _, part := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' }) {
				w, complaint := KnownWord(part, known)
				if complaint != "" {
					return complaint
				}
				*at(v) = append(*at(v), w)
			}
			return ""
		})
}

// Moment is a field with a time in UTC; day returns the day on which a time
// without a date is, or the zero time.
func Moment[T any](name, path string, at func(*T) *time.Time, day func(*T) time.Time) Field[T] {
	return OneLine(name, path,
		func(v *T) string {
			if at(v).IsZero() {
				return ""
			}
			return WriteMoment(*at(v), day(v))
		},
		func(v *T, s string) string {
			m, ok := ReadMoment(s, day(v))
			if !ok {
				return "is no time; write it in UTC as YYYY-MM-DD HH:MM:SS"
			}
			*at(v) = m
			return ""
		})
}

// NoDay says that a time needs its date.
func NoDay[T any](*T) time.Time { return time.Time{} }

// Date is a field with a day.
func Date[T any](name, path string, at func(*T) *hindcast.Date) Field[T] {
	return OneLine(name, path,
		func(v *T) string { return at(v).String() },
		func(v *T, s string) string {
			d, err := hindcast.ParseDate(s)
			if err != nil {
				return "is no day; write it as YYYY-MM-DD"
			}
			*at(v) = d
			return ""
		})
}

// Refs is a field with references to evidence.
func Refs[T any](name, path string, at func(*T) *[]hindcast.Ref) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, n *Names) Value { return Value{First: writeRefs(*at(v), n.Hashes)} },
		Read: func(v *T, w Value) string {
			*at(v) = readRefs(w.all())
			return ""
		},
	}
}

// Number is a field with a number and its state.
func Number[T any](name, path string, at func(*T) *hindcast.Number) Field[T] {
	return OneLine(name, path,
		func(v *T) string {
			if at(v).State == "" {
				return ""
			}
			return WriteNumber(*at(v))
		},
		func(v *T, s string) string {
			n, ok := ReadNumber(s)
			if !ok {
				return `is no number with a state; write it as "12 %, measured: how"`
			}
			n.Evidence = at(v).Evidence
			*at(v) = n
			return ""
		})
}

// List is a field with several texts, one a line.
func List[T any](name, path string, at func(*T) *[]string) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, _ *Names) Value {
			var rest []string
			for _, s := range *at(v) {
				rest = append(rest, "- "+WriteInline(s))
			}
			return Value{Rest: rest}
		},
		Read: func(v *T, w Value) string {
			*at(v) = nil
			for _, s := range readEntries(w) {
				*at(v) = append(*at(v), ReadInline(s))
			}
			return ""
		},
	}
}

// Entries is a field with several values, one a line, each written on it.
func Entries[T any](name, path string, write func(*T) []string, read func(v *T, lines []string) (complaint string)) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, _ *Names) Value {
			var rest []string
			for _, s := range write(v) {
				rest = append(rest, "- "+s)
			}
			return Value{Rest: rest}
		},
		Read: func(v *T, w Value) string { return read(v, readEntries(w)) },
	}
}

// readEntries reads the entries below a field, or what stands on its line
// between semicolons.
func readEntries(v Value) []string {
	var out []string
	if s := strings.Trim(v.First, " \t\r"); s != "" && !IsQuestion(s) {
		for part := range strings.SplitSeq(s, ";") {
			out = append(out, strings.TrimSpace(part))
		}
	}
	for _, l := range v.Rest {
		switch m := bullet.FindStringSubmatch(l); {
		case m != nil && indent(l) < 2:
			out = append(out, strings.Trim(m[4], " \t\r"))
		case Blank(l):
		case len(out) == 0:
			out = append(out, strings.TrimSpace(l))
		default:
			out[len(out)-1] += " " + strings.TrimSpace(l)
		}
	}
	return out
}

// Link leads to another record of the document.
type Link struct {
	ID    string
	After string // words after it
}

// linkAfter divides a link from the words after it.
const linkAfter = " — "

var linkForm = lazyregexp.New(`^(.*?)<!-- [a-z]:("(?:[^"\\]|\\.)*"|[^\s"]+) -->(.*)$`)

// Links is a field with links to the records that have a mark. The words of a
// record in front of its id are for the reader and written anew each time.
func Links[T any](name, path, mark string, get func(*T) []Link, set func(*T, []Link)) Field[T] {
	return Field[T]{Name: name, Path: path,
		Write: func(v *T, n *Names) Value {
			var rest []string
			for _, l := range get(v) {
				rest = append(rest, "- "+writeLink(mark, l, n.Words[mark][l.ID]))
			}
			return Value{Rest: rest}
		},
		Read: func(v *T, w Value) string {
			var links []Link
			for _, s := range readEntries(w) {
				links = append(links, readLink(s))
			}
			set(v, links)
			return ""
		},
	}
}

// IDs is a [Links] field of links that are ids and nothing else.
func IDs[T any](name, path, mark string, at func(*T) *[]string) Field[T] {
	return Links(name, path, mark,
		func(v *T) []Link {
			var out []Link
			for _, id := range *at(v) {
				out = append(out, Link{ID: id})
			}
			return out
		},
		func(v *T, links []Link) {
			*at(v) = nil
			for _, l := range links {
				*at(v) = append(*at(v), l.ID)
			}
		})
}

func writeLink(mark string, l Link, words string) string {
	if words == "" {
		words = "(not in this document)"
	}
	words = WithoutNotes(strings.Join(strings.Fields(words), " "))
	words = strings.ReplaceAll(words, "<!--", "<! --")
	if r := []rune(words); len(r) > 80 {
		words = string(r[:79]) + "…"
	}
	s := words + WriteID(mark, l.ID, "")
	if l.After != "" {
		s += linkAfter + WriteInline(l.After)
	}
	return s
}

// readLink reads a link. A person may write the id alone.
func readLink(s string) Link {
	m := linkForm.FindStringSubmatch(s)
	if m == nil {
		return Link{ID: strings.Trim(s, " `")}
	}
	if id, ok := unquote(m[2]); ok {
		m[2] = id
	}
	return Link{m[2], ReadInline(strings.TrimPrefix(m[3], linkAfter))}
}
