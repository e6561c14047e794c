package syntax

import (
	"fmt"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// WriteRecord writes a record: its headline with its id, then its fields; those
// without a value only when they ask for one.
func WriteRecord[T any](b *strings.Builder, n *Names, v *T, headline string, fields []Field[T]) {
	b.WriteString("- " + headline + "\n")
	for _, f := range fields {
		w := f.Write(v, n)
		if w.First == "" && len(w.Rest) == 0 {
			if f.Ask == "" {
				continue
			}
			w.First = Ask(f.Ask)
		}
		b.WriteString(strings.TrimRight("  - "+f.Name+": "+w.First, " ") + "\n")
		for _, l := range w.Rest {
			if l != "" {
				l = "    " + l
			}
			b.WriteString(l + "\n")
		}
	}
}

// Report takes what a reader has to say about a document.
type Report struct {
	Line    func(path string, line int)    // where the value with a path stands
	Problem func(line int, message string) // what is wrong and what to do
	Strict  bool                           // unknown names of fields are problems
}

var named = lazyregexp.New(`^(?:\*\*|__)?([A-Za-z][A-Za-z' -]{0,40}?)(?:\*\*|__)?:(?:\*\*|__)?(?:[ \t]+(.*))?$`)

// ReadRecord reads the fields of an item into v. What is no field of such a
// record goes to detail, so that nothing that somebody wrote is lost.
func ReadRecord[T any](r Report, path string, v *T, it Item, fields []Field[T], detail *string) {
	r.Line(path, it.Line)
	var more []string
	for _, raw := range it.Fields {
		whole := Join("- "+raw.Text, indented(raw.Rest), "\n")
		m := named.FindStringSubmatch(raw.Text)
		if m == nil {
			more = append(more, whole)
			continue
		}
		f := FindField(fields, m[1])
		if f == nil {
			if r.Strict {
				r.Problem(raw.Line, fmt.Sprintf("%q is no field of this record and was kept as detail; its fields are: %s", m[1], fieldNames(fields)))
			}
			more = append(more, whole)
			continue
		}
		r.Line(path+"."+f.Path, raw.Line)
		if complaint := f.Read(v, Value{m[2], raw.Rest}); complaint != "" {
			r.Problem(raw.Line, strings.ToLower(f.Name)+" "+complaint+"; it was kept as detail")
			more = append(more, whole)
		}
	}
	*detail = Join(*detail, strings.Join(more, "\n"), "\n")
	*detail = Join(strings.Trim(strings.Join(it.Loose, "\n"), "\n"), *detail, "\n")
}

// FindField returns the field with a name, or nil.
func FindField[T any](fields []Field[T], name string) *Field[T] {
	name = Normalize(name)
	for i, f := range fields {
		if Normalize(f.Name) == name || strings.Contains("|"+f.Also+"|", "|"+name+"|") {
			return &fields[i]
		}
	}
	return nil
}

func fieldNames[T any](fields []Field[T]) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

func indented(lines []string) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.TrimRight("  "+l, " "))
	}
	return strings.Join(out, "\n")
}
