package browsertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// double answers in the place of a system of others, from the sample incident.
type double struct {
	t      *testing.T
	dir    string // of the sample's evidence
	judge  string // address of a service that checks requests; empty for none
	mu     sync.Mutex
	issues []map[string]any
}

// doubleOf starts a double. The environment may name a service that knows the
// vendor's description: then every request has to fit it.
func doubleOf(t *testing.T, variable string, answer func(*double, *http.Request) any) string {
	d := &double{t: t, dir: evidence(t), judge: os.Getenv(variable)}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.check(r)
		switch out := answer(d, r).(type) {
		case nil:
			w.WriteHeader(http.StatusNotFound)
		case []byte:
			_, _ = w.Write(out)
		default:
			if r.Method == http.MethodPost {
				w.WriteHeader(http.StatusCreated)
			}
			_ = json.NewEncoder(w).Encode(out)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// check has a request judged.
func (d *double) check(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if d.judge == "" || strings.HasSuffix(r.URL.Path, "/double/close") {
		return
	}
	q, err := http.NewRequestWithContext(d.t.Context(), r.Method, d.judge+r.URL.String(), bytes.NewReader(body))
	if err != nil {
		d.t.Error(err)
		return
	}
	q.Header = r.Header.Clone()
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		d.t.Error(err)
		return
	}
	said, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil || strings.Contains(string(said), "specserver") {
		d.t.Errorf("%s %s does not fit the description: %s %v", r.Method, r.URL, said, err)
	}
}

// file returns a file of the sample.
func (d *double) file(name string) []byte {
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Error(err)
	}
	return text
}

// pager answers as the API of PagerDuty does about one incident.
func pager(d *double, r *http.Request) any {
	if r.Header.Get("Authorization") != "Token token=k3y-of-the-pager" {
		return nil
	}
	switch name := path.Base(r.URL.Path); name {
	case "incidents":
		return map[string]any{"incidents": []any{}, "more": false}
	case "4521", "QB8RXU8FW0LUGS":
		return d.file("pagerduty/incident.json")
	case "log_entries", "notes":
		return d.file("pagerduty/" + name + ".json")
	case "alerts":
		return map[string]any{"alerts": []any{}, "more": false}
	case "related_change_events":
		return map[string]any{"change_events": []any{}}
	}
	return nil
}

// repository answers as the API of GitHub does about one repository. An issue is
// closed there by a request to /double/close.
func repository(d *double, r *http.Request) any {
	d.mu.Lock()
	defer d.mu.Unlock()
	what := strings.TrimPrefix(r.URL.Path, "/repos/example/mobile-api")
	number := 0
	switch {
	case what == "/double/close":
		i := d.issues[len(d.issues)-1]
		i["state"], i["state_reason"], i["closed_at"], i["updated_at"] = "closed", "completed", "2024-03-20T10:00:00Z", "2024-03-20T10:00:00Z"
		return i
	case r.Header.Get("Authorization") != "Bearer t0ken-of-github":
		return nil
	case what == "":
		return map[string]any{"full_name": "example/mobile-api", "private": true, "has_issues": true, "permissions": map[string]bool{"push": true}}
	case what == "/issues" && r.Method == http.MethodPost:
		issue := map[string]any{}
		if err := json.NewDecoder(r.Body).Decode(&issue); err != nil {
			d.t.Error(err)
		}
		n := len(d.issues) + 1
		issue["number"], issue["state"], issue["html_url"] = n, "open", fmt.Sprintf("https://github.com/example/mobile-api/issues/%d", n)
		d.issues = append(d.issues, issue)
		return issue
	case what == "/issues":
		return append([]map[string]any{}, d.issues...)
	case what == "/deployments":
		return d.file("github/deployments.json")
	case strings.HasSuffix(what, "/statuses"):
		return d.file("github/deployment_statuses.json")
	case what == "/actions/runs":
		return map[string]any{"total_count": 0, "workflow_runs": []any{}}
	}
	if n, err := fmt.Sscanf(what, "/issues/%d", &number); n == 1 && err == nil && number <= len(d.issues) {
		return d.issues[number-1]
	}
	return nil
}

// TestFromThePagerToAProvenAction connects PagerDuty and GitHub, drafts an incident
// by its number, makes an issue of an action, closes it there, and verifies the
// action here.
func TestFromThePagerToAProvenAction(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "proof.mjs", here, setup, doubleOf(t, "HINDCAST_TEST_PAGERDUTY", pager), doubleOf(t, "HINDCAST_TEST_GITHUB", repository))
}
