// Package hook is where other systems send what happens there: POST /hooks/ID, with
// the id of the connection. Whether a request is genuine is looked at before
// anything is read of it; what is genuine is kept as it came, and answered at once.
package hook

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/secret"
)

// most is the largest body that is taken; PagerDuty's own programs take as much.
const most = 2 << 20

// Config says what a [Handler] works with. All but Log must be set.
type Config struct {
	// Receive keeps what an endpoint is told, and returns what is answered.
	Receive func(ctx context.Context, endpoint string, h http.Header, body []byte) (connector.Answer, error)
	// Mail keeps a message for good, for who brings one with Token. Nil, or an empty
	// Token, takes none.
	Mail  func(ctx context.Context, to []string, raw io.Reader) error
	Token secret.Text
	Log   *slog.Logger
}

// Handler answers other systems. It may be used by several goroutines at once.
type Handler struct{ Config }

// New returns a Handler.
func New(c Config) *Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Handler{c}
}

// Mount adds the handler to what a server serves.
func (h *Handler) Mount(mux *http.ServeMux) {
	mux.Handle("POST /hooks/{id}", h)
	mux.HandleFunc("POST /hooks/mail", h.mail)
	mux.HandleFunc("/hooks/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed, "this address takes POST alone; it is where another system sends what happens there")
	})
}

// ServeHTTP takes one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			answer(w, http.StatusRequestEntityTooLarge, "the body is larger than 2 MB")
			return
		}
		answer(w, http.StatusBadRequest, "the body ended early")
		return
	}
	said, err := h.Receive(ctx, r.PathValue("id"), r.Header, body)
	status := statusOf(err)
	if err == nil {
		accepted(w, status, said)
		return
	}
	if status == http.StatusInternalServerError {
		h.Log.Error("what was received could not be kept", "endpoint", r.PathValue("id"), "error", err)
		answer(w, status, "it could not be kept; send it again")
		return
	}
	h.Log.Warn("a request to a hook was refused", "endpoint", r.PathValue("id"), "status", status, "error", err)
	answer(w, status, err.Error())
}

// accepted answers a request that was taken in: with what there is to say, else
// with nothing.
func accepted(w http.ResponseWriter, status int, said connector.Answer) {
	if said.Type == "" {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", said.Type)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(said.Body) // whoever is gone needs no answer
}

// statusOf says by a status what became of a request. What is temporary is 503, so
// that it is sent again.
func statusOf(err error) int {
	switch hindcast.CodeOf(err) {
	case "":
		return http.StatusAccepted
	case hindcast.NotFound:
		return http.StatusNotFound
	case hindcast.Denied:
		return http.StatusForbidden
	case hindcast.Invalid:
		return http.StatusBadRequest
	case hindcast.Conflict, hindcast.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func answer(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": why}) // whoever is gone needs no answer
}
