// Package form turns parts of a post-mortem into forms and what was sent from
// them back into parts. A form is a list of fields over the part's JSON value;
// what no field shows stays as it was.
//
//	f, err := form.Of(pm, "actions/a1")
//	value, faults := f.Decode(r.PostForm)
//
// It is pure. Whether a value makes sense is for the vocabulary to say.
package form

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Input is how a field is filled in.
type Input string

// The inputs.
const (
	Line   Input = "line"   // one line of text
	Area   Input = "area"   // several lines of text
	Prose  Input = "prose"  // Markdown
	Lines  Input = "lines"  // a list, one a line
	Commas Input = "commas" // a list, separated by commas
	Number Input = "number"
	Day    Input = "day"
	Moment Input = "moment" // in UTC, to the millisecond
	Choice Input = "choice" // one of the options
	Checks Input = "checks" // some of the options
	Crew   Input = "crew"   // participants, one a line: "Engineer A (responder)"
)

// Option is something to choose.
type Option struct{ Value, Name string }

// Field is one field of a form.
type Field struct {
	Name    string // of the value in the part, with dots: "counterfactual.reason"; "value" when the part is the value
	Label   string
	Hint    string
	Input   Input
	Options []Option
	Whole   bool // the value is a whole number
	Needed  bool // the part means nothing without it
}

// Form is the form of one part.
type Form struct {
	Path   string
	Base   part.Tag // of the value that it shows; empty when there is none yet
	Fields []Field
	New    bool // it makes a new record
	// Whole says that the value is not an object but the only field itself.
	Whole bool
	value any
}

// Of returns the form of a part. Paths that end in "new" or "new-" and a word
// are those of records to be made.
func Of(p *hindcast.Postmortem, policy hindcast.Policy, path string) (*Form, error) {
	list, id, _ := cutPath(path)
	f := &Form{Path: path, New: isNew(id)}
	f.Fields, f.Whole = fields(p, policy, list, id)
	if f.Fields == nil {
		return nil, hindcast.Errorf(hindcast.NotFound, "there is no form for %q", path)
	}
	var raw json.RawMessage
	if f.New {
		raw = seed(id)
	} else {
		var err error
		if raw, err = part.Get(p, path); err != nil {
			return nil, err
		}
		f.Base = part.TagOf(raw)
	}
	if raw == nil && list == "sections" {
		raw = newSection(id)
	}
	if raw != nil {
		if err := json.Unmarshal(raw, &f.value); err != nil {
			return nil, fmt.Errorf("read the value of %s: %w", path, err)
		}
	}
	if list == "actions" && f.New {
		f.Fields = slices.DeleteFunc(f.Fields, func(x Field) bool {
			return x.Name == "status" || x.Name == "reason" || x.Name == "revisit" || strings.HasPrefix(x.Name, "verification.")
		})
	}
	if list == "timeline" && !f.New && f.get("decision") == nil && f.get("kind") != string(hindcast.Decided) {
		f.Fields = slices.DeleteFunc(f.Fields, func(x Field) bool { return strings.HasPrefix(x.Name, "decision.") })
	}
	return f, nil
}

// cutPath divides a path into its list and its id.
func cutPath(path string) (list, id string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return path, "", false
	}
	if path == "impact/users" {
		return path, "", false
	}
	return path[:i], path[i+1:], true
}

func isNew(id string) bool { return id == "new" || strings.HasPrefix(id, "new-") }

// seed is what a new record begins with, by the word after "new-".
func seed(id string) json.RawMessage {
	switch strings.TrimPrefix(id, "new-") {
	case "root":
		return json.RawMessage(`{}`)
	case "contributing":
		return json.RawMessage(`{"tag":"contributing"}`)
	case "well":
		return json.RawMessage(`{"kind":"well"}`)
	case "poorly":
		return json.RawMessage(`{"kind":"poorly"}`)
	}
	return nil
}

// newSection is a section of the template that the document does not have yet.
func newSection(kind string) json.RawMessage {
	t, ok := hindcast.TemplateOf(hindcast.SectionKind(kind))
	if !ok {
		return nil
	}
	raw, err := json.Marshal(hindcast.Section{Kind: t.Kind, Heading: t.Heading})
	if err != nil {
		return nil // three strings are always JSON
	}
	return raw
}

// get returns the value of a field, nil when there is none.
func (f *Form) get(name string) any {
	if f.Whole {
		return f.value
	}
	at := f.value
	for key := range strings.SplitSeq(name, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[key]
	}
	return at
}

// Text returns the value of a field as its input shows it.
func (f *Form) Text(x Field) string {
	switch v := f.get(x.Name).(type) {
	case string:
		if x.Input == Moment {
			return shown(v)
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		return joined(x.Input, v)
	}
	return ""
}

// joined writes a list for its input.
func joined(in Input, list []any) string {
	var out []string
	for _, v := range list {
		switch v := v.(type) {
		case string:
			out = append(out, v)
		case map[string]any:
			name, _ := v["name"].(string)
			role, _ := v["role"].(string)
			if name != "" {
				role = name + " (" + role + ")"
			}
			out = append(out, role)
		}
	}
	if in == Commas {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, "\n")
}

// Has reports whether an option of a field is chosen.
func (f *Form) Has(x Field, option string) bool {
	switch v := f.get(x.Name).(type) {
	case string:
		return v == option
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64) == option
	case []any:
		return slices.ContainsFunc(v, func(o any) bool {
			m, ok := o.(map[string]any)
			return o == option || ok && m["to"] == option
		})
	}
	return option == ""
}

const momentLayout = "2006-01-02T15:04:05.999"

// shown writes a moment as its input takes it.
func shown(iso string) string {
	t, err := time.Parse(time.RFC3339, iso)
	if err != nil {
		return ""
	}
	return t.UTC().Format(momentLayout)
}

// Decode returns the part's value with what was sent, and what is wrong with it,
// at the fields by their names. The value is nil when it says nothing any more.
func (f *Form) Decode(sent url.Values) (json.RawMessage, []hindcast.Fault) {
	var faults []hindcast.Fault
	next := clone(f.value)
	for _, x := range f.Fields {
		if !sent.Has(x.Name) && x.Input != Checks {
			continue
		}
		v, err := f.decode(x, sent)
		if err != nil {
			faults = append(faults, hindcast.Fault{Path: x.Name, Message: err.Error()})
			continue
		}
		if f.Whole {
			next = v
			continue
		}
		next = put(next, strings.Split(x.Name, "."), v)
	}
	if faults != nil || next == nil {
		return nil, faults
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return nil, []hindcast.Fault{{Message: "cannot be kept: " + err.Error()}}
	}
	return raw, nil
}

// decode reads one field.
func (f *Form) decode(x Field, sent url.Values) (any, error) {
	text := strings.ReplaceAll(sent.Get(x.Name), "\r\n", "\n")
	if x.Input != Prose {
		text = strings.TrimSpace(text)
	}
	if x.Input == Checks {
		return f.checks(x, sent[x.Name]), nil
	}
	if text == "" || text == f.Text(x) && x.Input == Moment {
		if text == "" {
			return nil, nil
		}
		return f.get(x.Name), nil // what was recorded finer than it is shown stays
	}
	switch x.Input {
	case Lines, Commas, Crew:
		return list(x.Input, text), nil
	case Moment:
		t, err := time.Parse(momentLayout, text)
		if err != nil {
			if t, err = time.Parse("2006-01-02T15:04", text); err != nil {
				return nil, fmt.Errorf("is no time; write it like 2024-03-15T14:38:45, in UTC")
			}
		}
		return t.UTC().Format(time.RFC3339Nano), nil
	case Day:
		d, err := hindcast.ParseDate(text)
		return d.String(), err
	case Number:
		return number(text, x.Whole)
	}
	if _, ok := f.get(x.Name).(float64); ok || x.Whole {
		return number(text, true)
	}
	return text, nil
}

func number(text string, whole bool) (any, error) {
	n, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil || n-n != 0 || whole && n != float64(int64(n)) {
		return nil, fmt.Errorf("is no number; write it like 12.5")
	}
	return n, nil
}

// list reads a list.
func list(in Input, text string) any {
	cut := "\n"
	if in == Commas {
		cut = ","
	}
	var out []any
	for s := range strings.SplitSeq(text, cut) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		if in != Crew {
			out = append(out, s)
			continue
		}
		m := map[string]any{"role": s}
		if i := strings.LastIndex(s, "("); i > 0 && strings.HasSuffix(s, ")") {
			m = map[string]any{"name": strings.TrimSpace(s[:i]), "role": strings.TrimSpace(s[i+1 : len(s)-1])}
		}
		out = append(out, m)
	}
	if out == nil {
		return nil
	}
	return out
}

// checks keeps of edges what they say and adds those that are new.
func (f *Form) checks(x Field, chosen []string) any {
	was, _ := f.get(x.Name).([]any)
	var out []any
	for _, c := range chosen {
		if !slices.ContainsFunc(x.Options, func(o Option) bool { return o.Value == c }) {
			continue
		}
		var v any = c
		if x.Name == "led_to" {
			v = map[string]any{"to": c}
			for _, o := range was {
				if m, ok := o.(map[string]any); ok && m["to"] == c {
					v = m
				}
			}
		}
		out = append(out, v)
	}
	if out == nil {
		return nil
	}
	return out
}

// put stores a value under a path of keys, or removes it.
func put(at any, keys []string, v any) any {
	m, ok := at.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	if len(keys) > 1 {
		inner := put(m[keys[0]], keys[1:], v)
		if im, ok := inner.(map[string]any); ok && len(im) == 0 {
			delete(m, keys[0])
			return m
		}
		m[keys[0]] = inner
		return m
	}
	if v == nil {
		delete(m, keys[0])
	} else {
		m[keys[0]] = v
	}
	return m
}

// clone copies a JSON value.
func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		return slices.Clone(v)
	}
	return v
}

// Read returns the form as it would show another value of the same part.
func (f *Form) Read(raw json.RawMessage) (*Form, error) {
	other := *f
	other.value = nil
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &other.value); err != nil {
			return nil, fmt.Errorf("read the value of %s: %w", f.Path, err)
		}
	}
	other.Base = part.TagOf(raw)
	return &other, nil
}
