package review

import (
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// news says in a line what a comment is that was kept: what kind, and about which
// part. It tells nothing of its text, nor of the document's: mail has it.
func news(ctx context.Context, h *workflow.Held, thread string, c Comment) (string, error) {
	var at string
	var said int
	err := h.SQL().QueryRow(ctx, `select t.path, (select count(*) from comment c where c.thread = t.id) from thread t where t.id = $1`, thread).Scan(&at, &said)
	if err != nil {
		return "", fmt.Errorf("read what thread %s of #%d is about: %w", thread, h.Num, err)
	}
	kind, on, about := "A comment", "on", about(at)
	switch {
	case c.Suggests():
		kind = "A suggestion"
	case said > 1:
		kind, on = "An answer", "about"
	}
	if about == "" {
		return fmt.Sprintf("%s %s #%d", kind, on, h.Num), nil
	}
	return fmt.Sprintf("%s %s %s of #%d", kind, on, about, h.Num), nil
}

// about names what a path leads to, without a word of it; empty for the whole.
func about(path string) string {
	list, key, _ := strings.Cut(path, "/")
	switch list {
	case "sections":
		if t, ok := hindcast.TemplateOf(hindcast.SectionKind(key)); ok {
			return t.Heading
		}
		return "a section"
	case "timeline":
		return "an entry"
	case "factors":
		return "a factor"
	case "observations":
		return "an observation"
	case "actions":
		return "an action item"
	case "accounts":
		return "what somebody remembers"
	case "pictures":
		return "a picture"
	case "":
		return ""
	}
	return "a part"
}
