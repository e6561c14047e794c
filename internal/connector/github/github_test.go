package github_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/github"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func open(base string, d connector.Deps, credential string) (any, error) {
	return github.Vendor().Open(connector.Settings{"url": secret.New(base), "repository": secret.New("example/checkout"), "token": secret.New(credential)}, d)
}

func repository(t *testing.T, address string) *github.Repository {
	t.Helper()
	v, err := open(address, connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})}, "t")
	if err != nil {
		t.Fatal(err)
	}
	return v.(*github.Repository)
}

// tracker answers as GitHub does about issues.
func tracker(w http.ResponseWriter, r *http.Request) {
	one := `{"number":7,"html_url":"https://github.com/example/checkout/issues/7","state":"closed","state_reason":"completed","closed_at":"2024-03-20T10:00:00Z"}`
	switch {
	case r.Method == http.MethodPost:
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, one)
	case strings.HasSuffix(r.URL.Path, "/issues"):
		_, _ = io.WriteString(w, "[]")
	default:
		_, _ = io.WriteString(w, one)
	}
}

func TestTrackerConformance(t *testing.T) {
	connectortest.Tracker(t, connectortest.Service{Open: open, Answer: tracker, Key: func(_ *http.Request, body []byte) string {
		_, after, _ := strings.Cut(string(body), "hindcast:")
		key, _, _ := strings.Cut(after, " ")
		return key
	}})
}

func TestSourceConformance(t *testing.T) {
	connectortest.Source(t, connectortest.Service{Open: open, Pages: 4, Answer: func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/deployments"):
			_, _ = io.WriteString(w, `[{"id":5,"sha":"`+strings.Repeat("a", 40)+`","created_at":"`+time.Unix(1773583300, 0).UTC().Format(time.RFC3339)+`"}]`)
		case strings.HasSuffix(r.URL.Path, "/statuses"):
			_, _ = io.WriteString(w, `[{}]`)
		default:
			_, _ = io.WriteString(w, `{"workflow_runs":[{"created_at":"`+time.Unix(1773583300, 0).UTC().Format(time.RFC3339)+`"}]}`)
		}
	}})
}

// TestIssueOfAnAction looks at what an action item becomes.
func TestIssueOfAnAction(t *testing.T) {
	var sent map[string]any
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
				t.Error(err)
			}
		}
		tracker(w, r)
	}))
	defer s.Close()
	ref, err := repository(t, s.URL).CreateTicket(t.Context(), connector.Ticket{
		Key: "i1/a1", Title: "Add an alert on the pool", Text: "Done when it fires in the drill.", Priority: hindcast.PriorityCritical,
		Labels: []string{"post-mortem", "incident-4521", "prevents-recurrence"}, Due: hindcast.Date{Year: 2024, Month: 3, Day: 22}, URL: "https://hindcast.example.org/p/1#action-a1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (connector.Ref{ID: "7", URL: "https://github.com/example/checkout/issues/7"}); ref != want {
		t.Errorf("ref = %+v, want %+v", ref, want)
	}
	want := map[string]any{
		"title":  "Add an alert on the pool",
		"labels": []any{"post-mortem", "incident-4521", "prevents-recurrence", "priority/critical"},
		"body":   "Done when it fires in the drill.\n\n**Due:** 2024-03-22\n\n**Post-mortem:** https://hindcast.example.org/p/1#action-a1\n\n<!-- hindcast:i1/a1 -->\n",
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

// TestNoSecondIssue finds what an attempt made whose answer was lost.
func TestNoSecondIssue(t *testing.T) {
	made := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			made++
			panic(http.ErrAbortHandler) // made, and the answer is lost
		}
		page, n := r.URL.Query().Get("page"), 0
		if page == "1" {
			n = 100 // of other actions
		}
		list := []map[string]any{}
		for i := range n {
			list = append(list, map[string]any{"number": 100 + i, "html_url": "u", "body": "<!-- hindcast:i1/a9 -->"})
		}
		if made > 0 && page == "2" {
			list = append(list, map[string]any{"number": 7, "html_url": "https://github.com/example/checkout/issues/7", "body": "Text <!-- hindcast:i1/a1 -->"})
		}
		if err := json.NewEncoder(w).Encode(list); err != nil {
			t.Error(err)
		}
	}))
	defer s.Close()
	ticket := connector.Ticket{Key: "i1/a1", Title: "Add an alert", Labels: []string{"post-mortem"}}
	if _, err := repository(t, s.URL).CreateTicket(t.Context(), ticket); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Fatalf("the lost answer: %v, want %s", err, hindcast.Unavailable)
	}
	ref, err := repository(t, s.URL).CreateTicket(t.Context(), ticket)
	if err != nil || ref.ID != "7" || made != 1 {
		t.Errorf("the second attempt: %+v, %v after %d issues; want issue 7 and one", ref, err, made)
	}
}

func TestTicketState(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		want   connector.TicketState
	}{
		"open":        {`"state":"open","updated_at":"2024-03-19T10:00:00Z"`, connector.TicketState{Status: "open", Changed: time.Date(2024, 3, 19, 10, 0, 0, 0, time.UTC)}},
		"completed":   {`"state":"closed","state_reason":"completed","closed_at":"2024-03-20T10:00:00Z"`, connector.TicketState{Done: true, Status: "closed, completed", Changed: time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)}},
		"not planned": {`"state":"closed","state_reason":"not_planned","closed_at":"2024-03-20T10:00:00Z"`, connector.TicketState{Declined: true, Status: "closed, not planned", Changed: time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)}},
		"duplicate":   {`"state":"closed","state_reason":"duplicate"`, connector.TicketState{Declined: true, Status: "closed, duplicate"}},
		"of old":      {`"state":"closed","state_reason":null`, connector.TicketState{Done: true, Status: "closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "{%s}", tt.answer) }))
			defer s.Close()
			got, err := repository(t, s.URL).TicketState(t.Context(), "7")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := repository(t, "http://127.0.0.1:1").TicketState(t.Context(), "7/../8"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("an id that is none: %v, want %s", err, hindcast.Invalid)
	}
}

// TestDeploymentsOfAWindow pages through deployments until they are too old, each
// page with a repository of its own, as after a new start of the program.
func TestDeploymentsOfAWindow(t *testing.T) {
	from := time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		path := strings.TrimPrefix(r.URL.Path, "/repos/example/checkout")
		asked = append(asked, fmt.Sprint(path, " ", page))
		switch {
		case path == "/deployments":
			list := []map[string]any{}
			for i := range 100 { // one a minute, the newest first; two of the window on the first page, one on the second
				n := (page-1)*100 + i
				list = append(list, map[string]any{"id": n, "sha": fmt.Sprintf("%040x", n/2), "created_at": from.Add(100*time.Minute - time.Duration(n)*time.Minute)})
			}
			if err := json.NewEncoder(w).Encode(list); err != nil {
				t.Error(err)
			}
		case strings.HasSuffix(path, "/statuses"):
			_, _ = io.WriteString(w, "[{}]")
		default:
			_, _ = io.WriteString(w, `{"workflow_runs":[{"created_at":"2024-03-15T14:01:00Z"},{"created_at":"2024-03-15T13:00:00Z"}]}`)
		}
	}))
	defer s.Close()
	var files []string
	for after, i := "", 0; i == 0 || after != ""; i++ {
		b, err := repository(t, s.URL).Fetch(t.Context(), connector.Window{From: from, To: from.Add(2 * time.Minute)}, after)
		if err != nil || i > 20 {
			t.Fatalf("after %q: %v", after, err)
		}
		for _, f := range b.Files {
			files = append(files, f.Name)
		}
		after = b.Next
	}
	wantFiles := []string{"deployments-1.json", "deployment-98-statuses.json", "deployment-99-statuses.json", "commit-000000000000-statuses.json", "deployments-2.json", "deployment-100-statuses.json", "commit-000000000000-statuses.json", "workflow-runs-1.json"}
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	wantAsked := []string{"/deployments 1", "/deployments/98/statuses 0", "/deployments/99/statuses 0", fmt.Sprintf("/commits/%040x/statuses 0", 49), "/deployments 2", "/deployments/100/statuses 0", fmt.Sprintf("/commits/%040x/statuses 0", 50), "/actions/runs 1"}
	if diff := cmp.Diff(wantAsked, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestATokenThatMayNotReadStatusesOfCommits goes without them, says so, and reads on.
func TestATokenThatMayNotReadStatusesOfCommits(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"message":"Resource not accessible by personal access token"}`, http.StatusForbidden)
	}))
	defer s.Close()
	b, err := repository(t, s.URL).Fetch(t.Context(), connector.Window{}, "statuses:1:false::"+strings.Repeat("a", 40)+","+strings.Repeat("b", 40))
	want := connector.Batch{Next: "runs:1", Notes: []string{"the statuses of commits, which the token may not read; give it the right Commit statuses: read"}}
	if diff := cmp.Diff(want, b); diff != "" || err != nil {
		t.Errorf("%v, batch (-want +got):\n%s", err, diff)
	}
	for _, bad := range []string{"statuses:1:false::", "statuses:1:false::../../user", "statuses:1:false:x:", "statuses:1:false:42"} {
		if _, err := repository(t, s.URL).Fetch(t.Context(), connector.Window{}, bad); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("page %q: %v, want %s", bad, err, hindcast.Invalid)
		}
	}
}

func TestSettings(t *testing.T) {
	good := connector.Settings{"repository": secret.New("example/checkout"), "token": secret.New("t")}
	if where, err := github.Vendor().Check(good); err != nil || where != "https://api.github.com/repos/example/checkout" {
		t.Errorf("Check = %q, %v", where, err)
	}
	for name, s := range map[string]connector.Settings{
		"no repository":          {"token": secret.New("t")},
		"a way out":              {"repository": secret.New("example/.."), "token": secret.New("t")},
		"a path":                 {"repository": secret.New("example/checkout/issues"), "token": secret.New("t")},
		"no token":               {"repository": secret.New("example/checkout")},
		"an address with a name": {"repository": secret.New("example/checkout"), "token": secret.New("t"), "url": secret.New("https://a:b@example.org")},
	} {
		if _, err := github.Vendor().Check(s); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: %v, want %s", name, err, hindcast.Invalid)
		}
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that
// are valid against GitHub's description.
func TestRequestsFitTheDescription(t *testing.T) {
	address := os.Getenv("HINDCAST_TEST_GITHUB")
	if address == "" {
		t.Skip("HINDCAST_TEST_GITHUB names no service that checks requests")
	}
	r := repository(t, address)
	if _, err := r.CreateTicket(t.Context(), connector.Ticket{Key: "i1/a1", Title: "Add an alert", Text: "Text", Labels: []string{"post-mortem", "incident-4521"}, Priority: hindcast.PriorityHigh}); err != nil {
		t.Error(err)
	}
	if _, err := r.TicketState(t.Context(), "1347"); err != nil && !strings.Contains(err.Error(), "neither open nor closed") { // its example has no state
		t.Error(err)
	}
	w := connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0), Query: "production"}
	for _, after := range []string{"", "statuses:1:false:42:", "runs:1"} {
		if _, err := r.Fetch(t.Context(), w, after); err != nil {
			t.Errorf("after %q: %v", after, err)
		}
	}
}

// TestARepositoryThatWasRenamed is read through the redirect that GitHub answers, and
// has issues under its new name only.
func TestARepositoryThatWasRenamed(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/example/checkout", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/repositories/7", http.StatusMovedPermanently)
	})
	mux.HandleFunc("GET /repositories/7", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"full_name":"example/shop","has_issues":true,"permissions":{"push":true}}`) // whoever is gone needs no answer
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	got, err := repository(t, s.URL).Probe(t.Context())
	if want := "It was called example/checkout before; enter the new name"; err != nil || !strings.Contains(got, want) {
		t.Errorf("Probe = %q, %v; want %q in it", got, err, want)
	}
}
