package part

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
)

// sections are the prose of the document. A section's id is its key.
type sections struct{}

// SectionKeys returns a key for each section: its kind, or words of its heading
// for a section that an organization added. No two are equal, and a key stays
// the same when other sections change their text.
func SectionKeys(list []hindcast.Section) []string {
	taken := map[string]bool{}
	out := make([]string, len(list))
	for i, s := range list {
		base := string(s.Kind)
		if base == "" {
			base = "own-" + slug(s.Heading)
		}
		key := base
		for n := 2; taken[key]; n++ {
			key = fmt.Sprintf("%s-%d", base, n)
		}
		taken[key], out[i] = true, key
	}
	return out
}

// slug returns the letters and digits of a heading, at most 40, joined by dashes.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	r := []rune(strings.Join(words, "-"))
	return string(r[:min(len(r), 40)])
}

func (sections) index(p *hindcast.Postmortem, key string) int {
	return slices.Index(SectionKeys(p.Sections), key)
}

func (s sections) get(p *hindcast.Postmortem, key string) any {
	if i := s.index(p, key); i >= 0 {
		return p.Sections[i]
	}
	return nil
}

func (sections) ids(p *hindcast.Postmortem) []string { return SectionKeys(p.Sections) }

// set changes, adds or removes a section. A new section of the template goes to
// its place in the template's order unless after says otherwise.
func (s sections) set(p *hindcast.Postmortem, key string, raw json.RawMessage, after *string) error {
	list := slices.Clone(p.Sections)
	i := s.index(p, key)
	if raw == nil {
		if i >= 0 {
			list = slices.Delete(list, i, i+1)
		}
		p.Sections = empty(list)
		return nil
	}
	var next hindcast.Section
	if err := decode("sections/"+key, raw, &next); err != nil {
		return err
	}
	place := templatePlace(list, next.Kind)
	if i >= 0 {
		list = slices.Delete(list, i, i+1)
		place = i
	}
	if after != nil {
		place = slices.Index(SectionKeys(list), *after) + 1
	}
	p.Sections = slices.Insert(list, min(place, len(list)), next)
	return nil
}

// templatePlace returns where a section of a kind belongs among others.
func templatePlace(list []hindcast.Section, kind hindcast.SectionKind) int {
	order := hindcast.Template()
	rank := func(k hindcast.SectionKind) int {
		return slices.IndexFunc(order, func(t hindcast.TemplateSection) bool { return t.Kind == k })
	}
	own := rank(kind)
	if own < 0 {
		return len(list)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if r := rank(list[i].Kind); r >= 0 && r < own {
			return i + 1
		}
	}
	return 0
}
