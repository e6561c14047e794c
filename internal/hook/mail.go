package hook

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/secret"
)

// mail takes a message for the addresses in the query: ?to=ADDRESS, any number of
// times. It answers 202 when the message is kept for good, 404 for an address that
// is not ours, 400 for what is refused for good, and 503 for what is to come again.
func (h *Handler) mail(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Minute)
	defer cancel()
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if h.Mail == nil || h.Token.IsZero() || !ok || !h.Token.Equal(secret.New(token)) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		answer(w, http.StatusUnauthorized, "mail is brought with the token in mail_in.token of the settings")
		return
	}
	err := h.Mail(ctx, r.URL.Query()["to"], r.Body)
	status := statusOf(err)
	switch {
	case err == nil:
		w.WriteHeader(status)
	case hindcast.CodeOf(err) == hindcast.Internal:
		h.Log.Error("mail that came in could not be kept", "error", err)
		answer(w, http.StatusServiceUnavailable, "it could not be kept; send it again")
	default:
		h.Log.Warn("mail that came in was refused", "status", status, "error", err)
		answer(w, status, err.Error())
	}
}
