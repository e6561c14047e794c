package remote_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/cli"
)

// TestMailInSaysWhatBecameOfAMessage checks the exit codes that mail servers go by.
func TestMailInSaysWhatBecameOfAMessage(t *testing.T) {
	t.Setenv("HINDCAST_MAIL_IN_TOKEN", "token-of-the-mail-server-1")
	for status, want := range map[int]int{202: 0, 400: 1, 404: 1, 401: 75, 429: 75, 503: 75} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || string(body) != "Subject: x\n\ny\n" || r.URL.String() != "/hooks/mail?to=a%2B1%40example.org" || r.Header.Get("Authorization") != "Bearer token-of-the-mail-server-1" {
				t.Errorf("%s %q, %v", r.URL, body, err)
			}
			w.WriteHeader(status)
		}))
		var out bytes.Buffer
		got := cli.Main([]string{"mail-in", "--server", server.URL, "--to", "a+1@example.org"}, strings.NewReader("Subject: x\n\ny\n"), io.Discard, &out)
		server.Close()
		if got != want || strings.Contains(out.String(), "token-of") {
			t.Errorf("status %d: exit code %d, %s; want %d", status, got, out.String(), want)
		}
	}
	if got := cli.Main([]string{"mail-in", "--server", "http://127.0.0.1:1", "--to", "a@example.org"}, strings.NewReader("x"), io.Discard, io.Discard); got != 75 {
		t.Errorf("a server that is away: exit code %d, want 75", got)
	}
	if got := cli.Main([]string{"mail-in"}, strings.NewReader("x"), io.Discard, io.Discard); got != 2 {
		t.Errorf("without a server: exit code %d, want 2", got)
	}
}
