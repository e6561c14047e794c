package outhttp_test

import (
	"bufio"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// TestAStream reads lines as they come, for longer than an attempt may take.
func TestAStream(t *testing.T) {
	more := make(chan string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t0ken-t0ken" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		for line := range more {
			_, _ = io.WriteString(w, line+"\n")
			_ = http.NewResponseController(w).Flush()
		}
	}))
	defer s.Close()
	defer close(more)
	c := outhttp.New(outhttp.Config{Now: time.Now, Private: true, Timeout: 200 * time.Millisecond})
	go func() { more <- "one" }()
	body, err := c.Stream(t.Context(), outhttp.Request{Method: "GET", URL: s.URL, Authorize: func(h http.Header) { h.Set("Authorization", "Bearer t0ken-t0ken") }})
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(body)
	time.AfterFunc(400*time.Millisecond, func() { more <- "two" })
	for _, want := range []string{"one", "two"} {
		if !lines.Scan() || lines.Text() != want {
			t.Errorf("line %q, %v; want %q", lines.Text(), lines.Err(), want)
		}
	}
	if err := body.Close(); err != nil {
		t.Error(err)
	}
}

func TestAStreamThatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		code   hindcast.Code
		status int
	}{
		"gone": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, hindcast.NotFound, 410},
		"refused": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, r.Header.Get("Authorization"))
		}, hindcast.Denied, 401},
		"slow": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, hindcast.Unavailable, 0},
	} {
		s := httptest.NewServer(c.answer)
		defer s.Close()
		client := outhttp.New(outhttp.Config{Now: time.Now, Private: true, Timeout: 100 * time.Millisecond})
		_, err := client.Stream(t.Context(), outhttp.Request{Method: "GET", URL: s.URL, Authorize: func(h http.Header) { h.Set("Authorization", "Bearer t0ken-t0ken") }})
		var e *outhttp.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Status != c.status || strings.Contains(e.Error()+e.Said, "t0ken") {
			t.Errorf("%s: %v (%+v), want %s with %d", name, err, e, c.code, c.status)
		}
	}
}

// TestAnAuthorityOfOnesOwn reaches a service whose certificate only its own authority
// signed, with that authority and not without it.
func TestAnAuthorityOfOnesOwn(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "well") }))
	defer s.Close()
	plain := outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1})
	if _, err := plain.Do(t.Context(), outhttp.Request{Method: "GET", URL: s.URL}); hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("without its authority: %v, want that the certificate is not trusted", err)
	}
	trusting, err := plain.Trusting(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	if err != nil {
		t.Fatal(err)
	}
	if res, err := trusting.Do(t.Context(), outhttp.Request{Method: "GET", URL: s.URL}); err != nil || string(res.Body) != "well" {
		t.Errorf("with its authority: %v, %v", res, err)
	}
	if _, err := trusting.Do(t.Context(), outhttp.Request{Method: "GET", URL: strings.Replace(s.URL, "127.0.0.1", "localhost", 1)}); err == nil {
		t.Error("a name that is not in the certificate is accepted")
	}
	if _, err := plain.Trusting([]byte("no certificate")); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("no certificate: %v, want %s", err, hindcast.Invalid)
	}
}
