package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
)

// repository answers as the API of GitHub does about issues of one repository.
type repository struct {
	mu     sync.Mutex
	issues []map[string]any
}

func (r *repository) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var answer any
	switch path := strings.TrimPrefix(q.URL.Path, "/repos/example/checkout"); {
	case q.Header.Get("Authorization") != "Bearer t0ken-of-tests":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case path == "":
		answer = map[string]any{"full_name": "example/checkout", "has_issues": true, "permissions": map[string]bool{"push": true}}
	case path == "/issues" && q.Method == http.MethodPost:
		issue := map[string]any{}
		_ = json.NewDecoder(q.Body).Decode(&issue)
		n := len(r.issues) + 1
		issue["number"], issue["state"], issue["html_url"] = n, "open", fmt.Sprintf("https://github.com/example/checkout/issues/%d", n)
		r.issues = append(r.issues, issue)
		answer = issue
		w.WriteHeader(http.StatusCreated)
	case path == "/issues":
		answer = append([]map[string]any{}, r.issues...)
	default:
		n := 0
		if _, err := fmt.Sscanf(path, "/issues/%d", &n); err != nil || n < 1 || n > len(r.issues) {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		answer = r.issues[n-1]
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// close closes an issue as GitHub does.
func (r *repository) close(n int, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	issue := r.issues[n-1]
	issue["state"], issue["state_reason"], issue["closed_at"] = "closed", reason, "2024-03-20T10:00:00Z"
}

// TestAnActionBecomesAnIssueAndIsClosed follows an action item from the API to a
// double of GitHub and back.
func TestAnActionBecomesAnIssueAndIsClosed(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			repo := &repository{}
			github := httptest.NewServer(repo)
			defer github.Close()
			r, log := listen(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			})
			admin := r.admin()
			var end struct{ ID string }
			admin.api("POST", "/endpoints", map[string]any{"kind": "github", "name": "Checkout issues", "settings": map[string]string{"url": github.URL, "repository": "example/checkout", "token": "t0ken-of-tests"}}, &end)
			var tested struct {
				OK     bool
				Answer string
			}
			admin.api("POST", "/endpoints/"+end.ID+"/test", nil, &tested)
			if !tested.OK || !strings.Contains(tested.Answer, "example/checkout") {
				t.Errorf("test %+v, want what the token sees", tested)
			}
			var d struct {
				ID     string
				Number int
			}
			admin.api("POST", "/incidents", map[string]string{"title": "Mobile API down"}, &d)
			action := map[string]any{"description": "Add an alert on the pool", "priority": "critical", "due": "2024-03-22", "status": "open", "effects": []string{"prevents-recurrence"}}
			var saved any
			admin.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []map[string]any{{"path": "number", "value": "4521"}, {"path": "actions/a1", "value": action}}}, &saved)
			var list []struct{ State, URL, Ref string }
			admin.api("POST", "/incidents/"+d.ID+"/tickets", map[string]any{"place": end.ID, "actions": []string{"a1"}}, &list)
			for deadline := time.Now().Add(20 * time.Second); len(list) != 1 || list[0].State == "queued"; {
				if time.Now().After(deadline) {
					t.Fatalf("tickets %+v, want one that is made", list)
				}
				admin.api("GET", "/incidents/"+d.ID+"/tickets", nil, &list)
			}
			if got := fmt.Sprint(repo.issues[0]["labels"]); list[0].State != "open" || list[0].URL != "https://github.com/example/checkout/issues/1" || got != "[post-mortem incident-4521 prevents-recurrence priority/critical]" {
				t.Errorf("ticket %+v with the labels %s", list[0], got)
			}
			repo.close(1, "completed")
			admin.api("POST", "/incidents/"+d.ID+"/tickets/look", nil, &list)
			var got struct {
				Postmortem struct {
					Actions []struct{ Status, Ticket, Closed string }
				}
			}
			admin.api("GET", "/incidents/"+d.ID, nil, &got)
			if a := got.Postmortem.Actions; len(a) != 1 || a[0].Status != "done" || a[0].Ticket != list[0].URL || a[0].Closed == "" {
				t.Errorf("action items %+v, want one that is done and names its ticket", a)
			}
			res, page := admin.do("GET", fmt.Sprintf("/p/%d/tickets", d.Number), "", "")
			if res.StatusCode != http.StatusOK || !strings.Contains(page, "Checkout issues 1") || !strings.Contains(page, "closed, completed") {
				t.Errorf("the page: %s %s", res.Status, page)
			}
			if strings.Contains(log.String()+page, "t0ken-of-tests") {
				t.Error("the token is logged or shown")
			}
		})
	}
}

// TestATicketGoesOutWhenItsPlaceIsConnectedAgain enters a token that GitHub does not
// accept, and then one that it does.
func TestATicketGoesOutWhenItsPlaceIsConnectedAgain(t *testing.T) {
	t.Parallel()
	repo := &repository{}
	github := httptest.NewServer(repo)
	defer github.Close()
	r, _ := listen(t, func(*config.Config) {})
	admin := r.admin()
	var end struct{ ID string }
	settings := map[string]string{"url": github.URL, "repository": "example/checkout", "token": "expired"}
	admin.api("POST", "/endpoints", map[string]any{"kind": "github", "name": "Checkout issues", "settings": settings}, &end)
	var d struct {
		ID     string
		Number int
	}
	admin.api("POST", "/incidents", map[string]string{"title": "Mobile API down"}, &d)
	var saved any
	admin.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []map[string]any{{"path": "actions/a1", "value": map[string]any{"description": "Add an alert on the pool", "status": "open"}}}}, &saved)
	var list []struct{ State, Said, URL string }
	until := func(state string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); len(list) != 1 || list[0].State != state; admin.api("GET", "/incidents/"+d.ID+"/tickets", nil, &list) {
			if time.Now().After(deadline) {
				t.Fatalf("tickets %+v, want one that is %s", list, state)
			}
		}
	}
	admin.api("POST", "/incidents/"+d.ID+"/tickets", map[string]any{"place": end.ID, "actions": []string{"a1"}}, &list)
	until("stuck")
	for path, want := range map[string]string{
		fmt.Sprintf("/p/%d/tickets", d.Number): "waits for a credential", "/settings/connections": "1 ticket waits for a credential", "/settings/connections/" + end.ID: "Connect it again",
	} {
		if res, page := admin.do("GET", path, "", ""); res.StatusCode != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s: %s, want %q in it", path, res.Status, want)
		}
	}
	admin.api("PUT", "/endpoints/"+end.ID, map[string]any{"name": "Checkout issues", "settings": map[string]string{"token": "t0ken-of-tests"}}, &saved)
	until("open")
	if len(repo.issues) != 1 {
		t.Errorf("%d issues, want one", len(repo.issues))
	}
}
