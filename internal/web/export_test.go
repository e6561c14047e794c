package web

import (
	"net/http"

	"github.com/hindcast/hindcast"
)

// Patterns returns the patterns of all pages that need sign-in, for tests that
// walk them.
func (h *Handler) Patterns() []string {
	var out []string
	for p := range h.pages() {
		out = append(out, p)
	}
	return out
}

// Squeezed returns a style sheet as it is sent.
func Squeezed(css string) string { return string(squeezed([]byte(css))) }

// Post answers with the page of a post-mortem as people get it.
func (h *Handler) Post(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.post(w, r, v)
}

// Fresh answers with the page of a post-mortem as it is, made of nothing that was
// kept.
func (h *Handler) Fresh(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.document(r, v)
	if err != nil {
		return err
	}
	view, err := h.view(r, v, d)
	if err != nil {
		return err
	}
	return h.showPost(w, r, v, d, view, http.StatusOK)
}

// Read answers with what readers have as people get it.
func (h *Handler) Read(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.reading().Pages()["GET /p/{num}/read"](w, r, v)
}

// FreshRead answers with what readers have, made of nothing that was kept.
func (h *Handler) FreshRead(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.reading().Fresh(w, r, v)
}

// Settled waits for what is being kept.
func (h *Handler) Settled() { h.keeper.Settled() }
