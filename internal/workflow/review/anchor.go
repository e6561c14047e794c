package review

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/diff"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Pictures are the paths of what can be commented on and is no part of a document,
// but drawn from it.
func Pictures() []string { return []string{"pictures/timeline", "pictures/metrics", "pictures/causes"} }

func isPicture(path string) bool { return slices.Contains(Pictures(), path) }

// comesAndGoes reports whether a part is one of a list. All others have their place
// in every document, even where nothing is written in it yet.
func comesAndGoes(path string) bool {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return false
	}
	switch list, id := path[:i], path[i+1:]; list {
	case "sections":
		_, known := hindcast.TemplateOf(hindcast.SectionKind(id))
		return !known
	case "timeline", "accounts", "factors", "observations", "actions", "related", "impact/counts", "impact/business", "impact/slos":
		return true
	}
	return false
}

// find says where what a thread is about is now.
func (t *Thread) find(p *hindcast.Postmortem) {
	if t.Anchor.Path == "" || isPicture(t.Anchor.Path) {
		return
	}
	raw, err := part.Get(p, t.Anchor.Path)
	if err != nil || raw == nil {
		t.Lost = err != nil || t.Anchor.Quote != "" || comesAndGoes(t.Anchor.Path)
		return
	}
	if t.Anchor.Quote == "" {
		return
	}
	text := textOf(raw)
	if t.Start = locate(text, t.Anchor); t.Start < 0 {
		t.Start, t.Lost = 0, true
		return
	}
	t.End = t.Start + len(t.Anchor.Quote)
}

// textOf returns the prose of a part: of a section its text, of any other value the
// value as it is kept.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var section struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &section) == nil && section.Text != "" {
		return section.Text
	}
	return string(raw)
}

// locate returns where a quote is in a text: where what stood before and after it
// still does, else where it is alone; -1 when it is nowhere, or nobody can tell.
func locate(text string, a Anchor) int {
	if i := strings.Index(text, a.Prefix+a.Quote+a.Suffix); i >= 0 {
		return i + len(a.Prefix)
	}
	best, most, same := -1, -1, false
	for from := 0; ; {
		i := strings.Index(text[from:], a.Quote)
		if i < 0 {
			break
		}
		i += from
		like := diff.End(text[:i], a.Prefix) + diff.Begin(text[i+len(a.Quote):], a.Suffix)
		switch {
		case like > most:
			best, most, same = i, like, false
		case like == most:
			same = true
		}
		from = i + len(a.Quote)
	}
	if same && most == 0 {
		return -1
	}
	return best
}
