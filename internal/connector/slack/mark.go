package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/evidence/slack"
)

// marks are the emoji by which people mark messages.
type marks struct {
	own                bool // they are not the usual ones
	entries, decisions []string
}

// emoji reports whether Slack may call an emoji so.
func emoji(name string) bool {
	n := utf8.RuneCountInString(name)
	return n > 0 && n <= 100 && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("_+'-", r)
	})
}

func marksOf(s connector.Settings) (marks, error) {
	m := marks{entries: slack.EntryMarks(), decisions: slack.DecisionMarks()}
	for _, f := range []struct {
		name string
		to   *[]string
	}{{"entries", &m.entries}, {"decisions", &m.decisions}} {
		list := strings.FieldsFunc(strings.ToLower(s[f.name].Reveal()), func(r rune) bool { return strings.ContainsRune(" ,;:\t", r) })
		if i := slices.IndexFunc(list, func(e string) bool { return !emoji(e) }); i >= 0 {
			return m, hindcast.Errorf(hindcast.Invalid, "%s: %.30q is no name of an emoji; write names such as pushpin, separated by spaces", f.name, list[i])
		}
		if len(list) > 0 {
			*f.to, m.own = list, true
		}
	}
	return m, nil
}

// of returns what emoji mark a message as: "decision", "entry", or nothing.
func (m marks) of(names ...string) string {
	out := ""
	for _, name := range names {
		name, _, _ = strings.Cut(name, "::") // without the tone of the skin
		switch {
		case slices.Contains(m.decisions, name):
			return "decision"
		case slices.Contains(m.entries, name):
			out = "entry"
		}
	}
	return out
}

// written returns what a message is marked as, in the words of its evidence, when
// the marks are not those that everybody knows.
func (m marks) written(raw json.RawMessage) (mark string, ok bool) {
	var has struct {
		Reactions []struct {
			Name string `json:"name"`
		} `json:"reactions"`
	}
	if !m.own || json.Unmarshal(raw, &has) != nil {
		return "", false
	}
	var names []string
	for _, r := range has.Reactions {
		names = append(names, r.Name)
	}
	return m.of(names...), true
}
