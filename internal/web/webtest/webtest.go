// Package webtest reads pages in tests: what elements they have, and whether
// they keep the rules that every page keeps.
package webtest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Element is an element of a page.
type Element struct {
	Name  string
	Attr  map[string]string
	Depth int
	Text  string // all text inside it
}

// Parse returns the elements of a page in order. The page must be well-formed
// but for what HTML leaves open by its own rules.
func Parse(page string) ([]*Element, error) {
	dec := xml.NewDecoder(strings.NewReader(page))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all, open []*Element
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("parse the page: %w", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			e := &Element{Name: tok.Name.Local, Attr: map[string]string{}, Depth: len(open)}
			for _, a := range tok.Attr {
				e.Attr[a.Name.Local] = a.Value
			}
			all, open = append(all, e), append(open, e)
		case xml.EndElement:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			for _, e := range open {
				e.Text += string(tok)
			}
		}
	}
}

// Find returns the elements with a name whose attributes begin as given in
// pairs; an empty name is any.
func Find(all []*Element, name string, attrs ...string) []*Element {
	var out []*Element
	for _, e := range all {
		ok := name == "" || e.Name == name
		for i := 0; i+1 < len(attrs); i += 2 {
			v, has := e.Attr[attrs[i]]
			ok = ok && has && strings.HasPrefix(v, attrs[i+1])
		}
		if ok {
			out = append(out, e)
		}
	}
	return out
}

// Faults returns what breaks the rules of every page: an id twice, a label or a
// link to nowhere on the page, a field without a label, script or style that the
// security policy would refuse.
func Faults(page string) []string {
	all, err := Parse(page)
	if err != nil {
		return []string{err.Error()}
	}
	ids := map[string]bool{}
	var out []string
	for _, e := range all {
		if id := e.Attr["id"]; id != "" {
			if ids[id] {
				out = append(out, "id "+id+" is there twice")
			}
			ids[id] = true
		}
	}
	for i, e := range all {
		out = append(out, refused(e)...)
		for _, attr := range []string{"for", "aria-labelledby", "aria-describedby"} {
			for id := range strings.FieldsSeq(e.Attr[attr]) {
				if !ids[id] {
					out = append(out, fmt.Sprintf("%s: %s names %q, which is not there", e.Name, attr, id))
				}
			}
		}
		if to, ok := strings.CutPrefix(e.Attr["href"], "#"); ok && to != "" && !ids[to] {
			out = append(out, "a link leads to #"+to+", which is not there")
		}
		if slices.Contains([]string{"input", "select", "textarea"}, e.Name) && e.Attr["type"] != "hidden" && !labeled(all, i) {
			out = append(out, fmt.Sprintf("%s %s has no label", e.Name, e.Attr["name"]))
		}
	}
	return out
}

// refused returns what the security policy refuses of an element.
func refused(e *Element) []string {
	var out []string
	for name := range e.Attr {
		if name == "style" || strings.HasPrefix(name, "on") {
			out = append(out, fmt.Sprintf("%s has the attribute %s", e.Name, name))
		}
	}
	if e.Name == "style" || e.Name == "script" && strings.TrimSpace(e.Text) != "" {
		out = append(out, e.Name+" stands in the page")
	}
	return out
}

// labeled reports whether the field at i has a label: one that names it or one
// around it.
func labeled(all []*Element, i int) bool {
	field := all[i]
	if field.Attr["aria-label"] != "" || field.Attr["aria-labelledby"] != "" {
		return true
	}
	for _, e := range all {
		if e.Name == "label" && field.Attr["id"] != "" && e.Attr["for"] == field.Attr["id"] {
			return true
		}
	}
	depth := field.Depth
	for j := i - 1; j >= 0 && depth > 0; j-- {
		if all[j].Depth < depth {
			depth = all[j].Depth
			if all[j].Name == "label" {
				return true
			}
		}
	}
	return false
}
