package watch

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
	"github.com/hindcast/hindcast/internal/secret"
)

const (
	defaultLimit = 500
	mostLimit    = 5000
	mostAtOnce   = 1 // windows that are read; others wait, so that memory is bounded
)

// Handler answers GET /events with kept events of the parameters from, to and
// namespace, in pages as kubectl prints lists; GET /status; and GET /healthz, which
// alone needs no token. token is asked for each request.
func (w *Watcher) Handler(token func() (secret.Text, error)) http.Handler {
	mux := http.NewServeMux()
	slots := make(chan struct{}, mostAtOnce)
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNoContent) })
	mux.Handle("GET /status", authorized(token, func(rw http.ResponseWriter, _ *http.Request) { answer(rw, http.StatusOK, w.Status()) }))
	mux.Handle("GET /events", authorized(token, func(rw http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			w.events(rw, r)
		case <-r.Context().Done():
		}
	}))
	return mux
}

// authorized answers only who has the token.
func authorized(token func() (secret.Text, error), h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		want, err := token()
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want.Reveal()))
		if err != nil || want.IsZero() {
			fail(rw, http.StatusServiceUnavailable, "the file with the token cannot be read here")
			return
		}
		if !ok || subtle.ConstantTimeCompare(a[:], b[:]) != 1 {
			rw.Header().Set("WWW-Authenticate", "Bearer")
			fail(rw, http.StatusUnauthorized, "the token is not that of this watcher")
			return
		}
		h(rw, r)
	})
}

// events answers with a page of a window.
func (w *Watcher) events(rw http.ResponseWriter, r *http.Request) {
	win, limit, err := window(r.URL.Query())
	if err != nil {
		fail(rw, http.StatusBadRequest, err.Error())
		return
	}
	ctx, stop := context.WithTimeout(r.Context(), time.Minute)
	defer stop()
	page, err := w.Spool.Window(ctx, win, r.URL.Query().Get("continue"), limit)
	switch {
	case hindcast.CodeOf(err) == hindcast.Invalid:
		fail(rw, http.StatusBadRequest, err.Error())
		return
	case err != nil:
		w.Log.Error("kept events could not be read", "error", err)
		fail(rw, http.StatusInternalServerError, "the kept events could not be read; the watcher's log says why")
		return
	}
	rw.Header().Set("Content-Type", "application/json")
	_, _ = rw.Write(kubernetes.Document(page.Items, page.Next)) // whoever is gone needs no answer
}

// window reads which events are asked for.
func window(q url.Values) (spool.Window, int, error) {
	w := spool.Window{}
	for name, to := range map[string]*time.Time{"from": &w.From, "to": &w.To} {
		if text := q.Get(name); text != "" {
			t, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return w, 0, hindcast.Errorf(hindcast.Invalid, "%s: write a time such as 2026-03-15T12:00:00Z", name)
			}
			*to = t
		}
	}
	for _, ns := range q["namespace"] {
		list, err := kubernetes.Namespaces(ns)
		if err != nil {
			return w, 0, err
		}
		w.Namespaces = append(w.Namespaces, list...)
	}
	limit := defaultLimit
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostLimit {
			return w, 0, hindcast.Errorf(hindcast.Invalid, "limit: write a number between 1 and %d", mostLimit)
		}
		limit = n
	}
	return w, limit, nil
}

func fail(rw http.ResponseWriter, code int, why string) {
	answer(rw, code, map[string]string{"error": why})
}

func answer(rw http.ResponseWriter, code int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(code)
	_ = json.NewEncoder(rw).Encode(v) // whoever is gone needs no answer
}
