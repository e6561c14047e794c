package document

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
)

//go:embed postmortem.schema.json
var schema []byte

// Schema returns the JSON Schema (2020-12) of what [JSON] writes.
func Schema() []byte { return slices.Clone(schema) }

// jsonDocument is the structured form of a post-mortem.
type jsonDocument struct {
	Hindcast int `json:"hindcast"` // version of the format
	hindcast.Postmortem
	Metrics hindcast.Metrics `json:"metrics"` // computed from the phases; ignored when read
}

// JSON writes a post-mortem as a JSON document with our schema, indented. It
// fails only when a number is not finite or a time lies beyond the year 9999.
func JSON(p hindcast.Postmortem) ([]byte, error) {
	doc := jsonDocument{Version, p, p.Incident.Metrics()}
	if doc.Sections == nil {
		doc.Sections = []hindcast.Section{}
	}
	doc.Timeline = slices.Clone(doc.Timeline)
	for i := range doc.Timeline {
		if doc.Timeline[i].Evidence == nil {
			doc.Timeline[i].Evidence = []hindcast.Ref{}
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "write post-mortem as JSON: %w", err)
	}
	return b.Bytes(), nil
}

// json reads what [JSON] writes. It reports whether anything could be read.
func (r *reader) json(text []byte) bool {
	r.out.Ours = true
	r.begin()
	var doc jsonDocument
	err := json.Unmarshal(text, &doc)
	var syntaxErr *json.SyntaxError
	var typeErr *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntaxErr):
		r.problem(lineAt(text, syntaxErr.Offset), "is not valid JSON from here on (%v); nothing was read", err)
		return false
	case errors.As(err, &typeErr):
		r.problem(lineAt(text, typeErr.Offset), "%s holds a %s and was left out; see the schema", strings.TrimPrefix(typeErr.Field, "Postmortem."), typeErr.Value)
	case err != nil:
		r.problem(1, "was read in part: %v", err)
	}
	if doc.Hindcast > Version {
		r.problem(1, "was written in format %d by a later version; this one reads %d and leaves the rest out", doc.Hindcast, Version)
	}
	r.out.Postmortem = doc.Postmortem
	for i := range r.out.Postmortem.Clocks {
		c := &r.out.Postmortem.Clocks[i]
		c.Offset = record.Seconds(c.OffsetS)
	}
	w := jsonWalk{r: r, text: text, line: 1, decoder: json.NewDecoder(bytes.NewReader(text))}
	w.value("", reflect.TypeFor[jsonDocument]())
	r.complete()
	return true
}

func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
}

// jsonWalk goes through a valid JSON text beside the type that it is read into:
// it takes down the line of every value and reports the names that the type
// does not have.
type jsonWalk struct {
	r       *reader
	text    []byte
	decoder *json.Decoder
	offset  int64
	line    int // of offset
}

// next returns the next token. The text is known to be valid.
func (w *jsonWalk) next() json.Token {
	token, err := w.decoder.Token()
	if err != nil {
		return nil
	}
	end := w.decoder.InputOffset()
	w.line += bytes.Count(w.text[w.offset:end], []byte("\n"))
	w.offset = end
	return token
}

func (w *jsonWalk) value(path string, t reflect.Type) {
	switch w.next() {
	case json.Delim('{'):
		for w.decoder.More() {
			name, _ := w.next().(string) // names are strings in valid JSON
			w.value(strings.TrimPrefix(path+"."+name, "."), w.member(path, name, t))
		}
		w.next()
	case json.Delim('['):
		for i := 0; w.decoder.More(); i++ {
			if t = deref(t); i == 0 && t != nil && t.Kind() == reflect.Slice {
				t = t.Elem()
			}
			w.value(indexed(path, i), t)
		}
		w.next()
	}
}

// member takes down a name and returns the type of its value; nil when the type
// is not known or does not matter.
func (w *jsonWalk) member(path, name string, t reflect.Type) reflect.Type {
	w.r.out.lines[strings.TrimPrefix(path+"."+name, ".")] = w.line
	t = deref(t)
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f.Type
		}
	}
	w.r.problem(w.line, "%q is no name of this format and was left out", name)
	return nil
}

func deref(t reflect.Type) reflect.Type {
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
