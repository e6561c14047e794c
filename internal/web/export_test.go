package web

// Patterns returns the patterns of all pages that need sign-in, for tests that
// walk them.
func (h *Handler) Patterns() []string {
	var out []string
	for p := range h.pages() {
		out = append(out, p)
	}
	return out
}
