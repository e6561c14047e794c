package pagerduty_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
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

func TestConformance(t *testing.T) {
	connectortest.Source(t, connectortest.Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return pagerduty.Vendor().Open(connector.Settings{"url": secret.New(base), "token": secret.New(credential)}, d)
		},
		Answer: func(w http.ResponseWriter, r *http.Request) {
			more := `{"incidents":[{}],"more":true}`
			if r.URL.Query().Get("offset") != "0" {
				more = `{"incidents":[{}],"more":false}`
			}
			_, _ = w.Write([]byte(more))
		},
		Pages: 2,
	})
}

func source(t *testing.T, address string) connector.Source {
	t.Helper()
	v, err := pagerduty.Vendor().Open(connector.Settings{"url": secret.New(address), "token": secret.New("t")},
		connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(connector.Source)
}

// fetch reads everything of incident 4521, each page with a source of its own, as
// after a new start of the program.
func fetch(t *testing.T, address string) (names []string) {
	t.Helper()
	for after, i := "", 0; i < 20; i++ {
		b, err := source(t, address).Fetch(t.Context(), connector.Window{Query: "4521"}, after)
		if err != nil {
			t.Fatalf("after %q: %v", after, err)
		}
		for _, f := range b.Files {
			names = append(names, f.Name)
		}
		if after = b.Next; after == "" {
			return names
		}
	}
	t.Fatal("it does not end")
	return nil
}

func TestEverythingOfAnIncident(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		more := r.URL.Path == "/incidents/4521/log_entries" && r.URL.Query().Get("offset") == "0"
		fmt.Fprintf(w, `{"incident":{},"log_entries":[{}],"alerts":[{}],"notes":[],"change_events": [ ],"more":%t}`, more)
	}))
	defer s.Close()
	want := []string{"incident.json", "log_entries.json", "log_entries-100.json", "alerts.json"} // of lists that are empty nothing
	if diff := cmp.Diff(want, fetch(t, s.URL)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	want = []string{
		"/incidents/4521", "/incidents/4521/log_entries?include[]=channels&is_overview=false&limit=100&offset=0",
		"/incidents/4521/log_entries?include[]=channels&is_overview=false&limit=100&offset=100",
		"/incidents/4521/alerts?limit=100&offset=0", "/incidents/4521/notes", "/incidents/4521/related_change_events",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestListsEnd asks services that always say that there is more.
func TestListsEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		records string
		pages   int
		code    hindcast.Code
	}{"nothing comes": {"[]", 1, ""}, "it goes on": {"[{}]", 100, hindcast.Invalid}} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked++
				fmt.Fprintf(w, `{"incidents":%s,"more":true}`, tt.records)
			}))
			defer s.Close()
			src, after, err := source(t, s.URL), "", error(nil)
			for err == nil && asked < 200 {
				var b connector.Batch
				if b, err = src.Fetch(t.Context(), connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0)}, after); b.Next == "" {
					break
				}
				after = b.Next
			}
			if asked != tt.pages || hindcast.CodeOf(err) != tt.code {
				t.Errorf("it asked %d times and ended with %v, want %d times and %q", asked, err, tt.pages, tt.code)
			}
		})
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that
// are valid against PagerDuty's description.
func TestRequestsFitTheDescription(t *testing.T) {
	address := os.Getenv("HINDCAST_TEST_PAGERDUTY")
	if address == "" {
		t.Skip("HINDCAST_TEST_PAGERDUTY names no service that checks requests")
	}
	one, span := connector.Window{Query: "4521"}, connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0)}
	for _, tt := range []struct {
		w     connector.Window
		after string
	}{{one, ""}, {one, "log_entries:100"}, {one, "alerts:100"}, {one, "notes:0"}, {one, "related_change_events:0"}, {span, ""}, {span, "incidents:100"}} {
		if b, err := source(t, address).Fetch(t.Context(), tt.w, tt.after); err != nil || len(b.Files) != 1 {
			t.Errorf("after %q: %d files, %v", tt.after, len(b.Files), err)
		}
	}
}
