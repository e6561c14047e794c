package postmortem

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// back reports whether a move goes back, which needs a reason.
func back(from, to hindcast.Status) bool {
	order := []hindcast.Status{hindcast.StatusDraft, hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished}
	return slices.Index(order, to) < slices.Index(order, from)
}

// moveWord is what a move is called on its button.
func moveWord(from, to hindcast.Status) string {
	switch {
	case from == hindcast.StatusPublished:
		return "Reopen"
	case to == hindcast.StatusDraft:
		return "Back to draft"
	case to == hindcast.StatusInReview && back(from, to):
		return "Back to review"
	case to == hindcast.StatusInReview:
		return "Ask for review"
	case to == hindcast.StatusApproved:
		return "Approve"
	}
	return "Publish"
}

// class is the state as a name for styles.
func (s State) class() string {
	if s == Vouch {
		return "vouch"
	}
	return string(s)
}

// excerpt cuts what a finding is about to what fits the margin.
func excerpt(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:88]) + "…"
	}
	return s
}

// ignorable reports whether the text of a finding can hold a comment.
func ignorable(f Finding) bool { return strings.HasPrefix(f.Path, "sections/") }

// foundIn counts findings by section, for the rail: "summary=2 impact=1".
func (v *View) foundIn() string {
	var out []string
	for _, s := range v.sections() {
		if s.Findings > 0 {
			out = append(out, fmt.Sprintf("%s=%d", s.Key, s.Findings))
		}
	}
	return strings.Join(out, " ")
}
