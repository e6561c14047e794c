package httpreplay_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/outhttp/httpreplay"
)

func TestWhatIsRecordedIsReplayed(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-RateLimit-Remaining", "12")
		w.Header().Set("Set-Cookie", "session=s3cret-cookie")
		if r.Method == "POST" {
			w.WriteHeader(http.StatusCreated)
		}
		_, _ = fmt.Fprintf(w, "%s %s\n\nyou said %s, s3cret-token", r.Method, r.URL.Path, body)
	}))
	defer s.Close()
	rec := &httpreplay.Recorder{Transport: http.DefaultTransport, Scrub: httpreplay.Secrets("s3cret-token")}
	story := func(transport http.RoundTripper) (out []string, err error) {
		c := outhttp.New(outhttp.Config{Now: time.Now, Transport: transport, Attempts: 1})
		for _, r := range []outhttp.Request{{Method: "GET", URL: s.URL + "/a?token=s3cret-query"}, {Method: "POST", URL: s.URL + "/b", Body: []byte(`{"a":1}`)}, {Method: "GET", URL: s.URL + "/a?token=s3cret-query"}} {
			r.Authorize = func(h http.Header) { h.Set("Authorization", "Bearer s3cret-token") }
			res, err := c.Do(t.Context(), r)
			if err != nil {
				return nil, err
			}
			out = append(out, fmt.Sprint(res.Status, res.Header.Get("X-RateLimit-Remaining"), string(res.Body)))
		}
		return out, nil
	}
	want, err := story(rec)
	if err != nil {
		t.Fatal(err)
	}
	recording := string(rec.Recording())
	for _, secret := range []string{"s3cret-token", "s3cret-query", "s3cret-cookie", "Authorization"} {
		if strings.Contains(recording, secret) {
			t.Errorf("the recording holds %s:\n%s", secret, recording)
		}
	}
	replay, err := httpreplay.Open(rec.Recording(), httpreplay.Secrets("s3cret-token"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := story(replay)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i] != strings.ReplaceAll(want[i], "s3cret-token", "***") {
			t.Errorf("answer %d = %q, want %q", i, got[i], want[i])
		}
	}
	if left := replay.Left(); len(left) != 0 {
		t.Errorf("not asked: %q", left)
	}
	if _, err := story(replay); err == nil {
		t.Error("a request that was not recorded has an answer")
	}
	if _, err := httpreplay.Open([]byte(">>> GET /\n"), httpreplay.Secrets()); err == nil {
		t.Error("a recording without an answer opens")
	}
}
