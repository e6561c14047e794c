package pagerduty_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/pagerduty"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func opener(base string, d connector.Deps, credential string) (any, error) {
	return pagerduty.Vendor().Open(connector.Settings{"url": secret.New(base), "token": secret.New(credential), "from": secret.New("pager@example.org")}, d)
}

func TestNotesKeepTheContract(t *testing.T) {
	connectortest.Announcer(t, connectortest.Service{Open: opener,
		Answer: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				_, _ = io.WriteString(w, `{"notes":[]}`)
				return
			}
			_, _ = io.WriteString(w, `{"note":{"id":"N1"}}`)
		},
		Key: func(_ *http.Request, body []byte) string {
			_, link, _ := strings.Cut(string(body), "https://")
			return link
		}})
}

// notes are those of one incident in memory; lost is how many answers are lost after
// a note was kept.
type notes struct {
	list []string
	from []string
	lost int
}

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/incidents/Q02/notes" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if r.Method == http.MethodPost {
		var in struct{ Note struct{ Content string } }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		n.list, n.from = append(n.list, in.Note.Content), append(n.from, r.Header.Get("From"))
		if n.lost > 0 {
			n.lost--
			panic(http.ErrAbortHandler)
		}
		fmt.Fprintf(w, `{"note":{"id":"N%d"}}`, len(n.list))
		return
	}
	out := []map[string]string{}
	for _, c := range n.list {
		out = append(out, map[string]string{"content": c})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"notes": out})
}

func published(num int) connector.Message {
	return connector.Message{ID: "d1", Ref: "Q02", Type: "postmortem.published", Subject: fmt.Sprintf("Post-mortem #%d Mobile API\ndown was published", num), URL: fmt.Sprintf("https://hindcast.example.org/p/%d", num)}
}

func TestALinkIsNotedOnce(t *testing.T) {
	n := &notes{lost: 1, list: []string{"see https://hindcast.example.org/p/12 for the one before"}, from: []string{""}}
	s := httptest.NewServer(n)
	defer s.Close()
	v, err := opener(s.URL, connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true})}, "t")
	if err != nil {
		t.Fatal(err)
	}
	a := v.(connector.Announcer)
	if _, err := a.Announce(t.Context(), published(1)); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("the answer is lost: %v, want %s", err, hindcast.Unavailable)
	}
	if said, err := a.Announce(t.Context(), published(1)); err != nil || !strings.Contains(said, "before") {
		t.Errorf("again: %q, %v", said, err)
	}
	want := []string{"see https://hindcast.example.org/p/12 for the one before", "Post-mortem #1 Mobile API down was published: https://hindcast.example.org/p/1"}
	if diff := cmp.Diff(want, n.list); diff != "" || n.from[1] != "pager@example.org" {
		t.Errorf("notes of %v (-want +got):\n%s", n.from, diff)
	}
	m := published(2)
	m.Subject = strings.Repeat("long ", 1000)
	if _, err := a.Announce(t.Context(), m); err != nil || len([]rune(n.list[2])) > 1010 || !strings.HasSuffix(n.list[2], ": "+m.URL) {
		t.Errorf("a long one: %q, %v", n.list[2], err)
	}
	for name, m := range map[string]connector.Message{"no incident there": {URL: "https://hindcast.example.org/p/1"}, "no link": {Ref: "Q02"}} {
		if _, err := a.Announce(t.Context(), m); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: %v, want %s", name, err, hindcast.Invalid)
		}
	}
	if _, err := source(t, s.URL).(connector.Announcer).Announce(t.Context(), published(1)); hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), "e-mail address") {
		t.Errorf("without a user: %v, want what to do", err)
	}
}

func TestNotesFitTheDescription(t *testing.T) {
	address := os.Getenv("HINDCAST_TEST_PAGERDUTY")
	if address == "" {
		t.Skip("HINDCAST_TEST_PAGERDUTY names no service that checks requests")
	}
	v, err := opener(address, connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true})}, "t")
	if err != nil {
		t.Fatal(err)
	}
	if said, err := v.(connector.Announcer).Announce(t.Context(), published(1)); err != nil || !strings.Contains(said, "noted") {
		t.Errorf("Announce = %q, %v", said, err)
	}
}
