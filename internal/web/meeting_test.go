package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/workflow"
)

// TestMeetingByForms plans, begins and cannot yet close a meeting with nothing but
// forms, and looks for it as somebody who takes no part.
func TestMeetingByForms(t *testing.T) {
	l := open(t)
	admin := l.admin()
	owner := level{name: "owner", cookie: l.invite(admin, "member")}
	v := l.viewer(owner)
	if _, err := l.Workflow().Create(t.Context(), v, workflow.NewIncident{Title: "Ledger outage", Severity: 2}); err != nil {
		t.Fatal(err)
	}
	post := func(path string, want int, form url.Values) string {
		t.Helper()
		w := l.do(owner.cookie, "POST", path, form)
		if w.Code != want {
			t.Fatalf("POST %s = %d %s, want %d", path, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	plan := url.Values{"at": {"2026-12-01T10:00"}, "zone": {"Mars/Base"}, "kind": {"hybrid"}, "place": {"Room <3>"}, "facilitator": {v.PersonID}, "invited": {v.PersonID}, "others": {"payments team"}}
	if page := post("/p/1/meeting", http.StatusUnprocessableEntity, plan); !strings.Contains(page, "There is no zone") || !strings.Contains(page, `value="Room &lt;3&gt;"`) {
		t.Error("a plan with no such zone does not come back with what was written")
	}
	plan.Set("at", time.Now().Format("2006-01-02T15:04"))
	plan.Set("zone", "Europe/Berlin")
	post("/p/1/meeting", http.StatusSeeOther, plan)
	found := regexp.MustCompile(`/p/1/meeting/(\w+)/act`).FindStringSubmatch(l.get(owner.cookie, "/p/1/meeting"))
	if found == nil {
		t.Fatal("the planned meeting cannot be started")
	}
	at := "/p/1/meeting/" + found[1]
	post(at+"/act", http.StatusSeeOther, url.Values{"do": {"start"}, "block": {"0"}})
	post(at+"/act", http.StatusSeeOther, url.Values{"do": {"park"}, "text": {"An <i>alert</i>"}})
	post(at+"/act", http.StatusUnprocessableEntity, url.Values{"do": {"close"}, "owner": {"team"}})
	if page := l.get(owner.cookie, at); !strings.Contains(page, "An &lt;i&gt;alert") || !strings.Contains(page, "Nobody is on trial") {
		t.Errorf("the console lacks what was parked, or the opening:\n%s", page)
	}
	for _, path := range []string{"/p/1/meeting", at, at + "/follow", at + "/screen", at + "/live", at + "/plan", at + "/invitation.ics", "/api/v1/incidents/1/meetings", "/api/v1/incidents/1/meetings/" + found[1]} {
		if w := l.do(admin, "GET", path, nil); w.Code != http.StatusNotFound {
			t.Errorf("who takes no part gets %d for %s, want 404", w.Code, path)
		}
	}
	if w := l.do(owner.cookie, "GET", "/api/v1/incidents/1/meetings", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"state":"running"`) {
		t.Errorf("the API answers %d %s", w.Code, w.Body)
	}
}
