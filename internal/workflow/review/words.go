package review

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Reword begins a thread on words of a text with a suggestion: other words in their
// place, or none. It is made from the text as it is when it is accepted, so that
// what others write around the words does not make it stale.
func (s *Service) Reword(ctx context.Context, v hindcast.Viewer, ref string, a Anchor, text, words string) (string, error) {
	switch {
	case a.Quote == "":
		return "", hindcast.Errorf(hindcast.Invalid, "quote: choose the words that others are to replace")
	case words == a.Quote:
		return "", hindcast.Errorf(hindcast.Invalid, "words: change something first")
	case utf8.RuneCountInString(words) > MaxText:
		return "", hindcast.Errorf(hindcast.Invalid, "words: suggest at most %d characters", MaxText)
	}
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return "", err
	}
	if _, err := reworded(&d.Post, a, words); err != nil {
		return "", err
	}
	return s.begin(ctx, v, ref, a, s.of(v, Comment{Text: text, Words: &words}))
}

// reworded returns the change that puts words in the place of a quote.
func reworded(p *hindcast.Postmortem, a Anchor, words string) ([]part.Change, error) {
	raw, err := part.Get(p, a.Path)
	if err != nil {
		return nil, err
	}
	t := Thread{Anchor: a}
	if t.find(p); t.Lost {
		return nil, hindcast.Errorf(hindcast.Conflict, "the words are not there any more; decline it, or make the change by hand")
	}
	c := part.Change{Path: a.Path}
	base := part.TagOf(raw)
	c.Base = &base
	var text string
	if json.Unmarshal(raw, &text) == nil {
		c.Value = workflow.JSON(text[:t.Start] + words + text[t.End:])
		return []part.Change{c}, nil
	}
	var section hindcast.Section
	if err := json.Unmarshal(raw, &section); err != nil || !strings.HasPrefix(a.Path, "sections/") || section.Text == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "path: suggest another version of the whole part; words are replaced in texts only")
	}
	section.Text = section.Text[:t.Start] + words + section.Text[t.End:]
	c.Value = workflow.JSON(section)
	return []part.Change{c}, nil
}

// acceptable refuses a suggestion that nobody could accept, because what it makes of
// the document is not valid.
func acceptable(before, next *hindcast.Postmortem) error {
	known := map[string]int{}
	key := func(f hindcast.Fault) string { return f.Path[strings.LastIndexByte(f.Path, '.')+1:] + " " + f.Message }
	for _, f := range before.Validate() {
		known[key(f)]++
	}
	for _, f := range next.Validate() {
		if known[key(f)]--; known[key(f)] < 0 {
			return hindcast.Errorf(hindcast.Invalid, "%s", key(f))
		}
	}
	return nil
}

// said counts that something was said about a document, for who follows it.
func said(ctx context.Context, h *workflow.Held) error {
	_, err := h.SQL().Exec(ctx, `insert into talk (incident, version) values ($1, 1) on conflict (incident) do update set version = talk.version + 1`, h.Num)
	if err != nil {
		return fmt.Errorf("count what is said about #%d: %w", h.Num, err)
	}
	return nil
}

// Said returns a number that grows with everything that is said about a document,
// by its number; 0 for who takes no part in it.
func (s *Service) Said(ctx context.Context, v hindcast.Viewer, num int64) (int64, error) {
	n, _, err := sqldb.Value[int64](ctx, s.DB, `select t.version from talk t join participant p on p.incident = t.incident where t.incident = $1 and p.person = $2`, num, v.PersonID)
	if err != nil {
		return 0, s.DB.Fault(fmt.Errorf("read whether something is said about #%d: %w", num, err))
	}
	return n, nil
}
