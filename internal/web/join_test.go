package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAnAdminJoinsWhatTheyCannotSee(t *testing.T) {
	l := open(t)
	admin := l.admin()
	member := l.invite(admin, "member")
	l.post(member, "/new/blank", url.Values{"title": {"Quokka outage"}, "private_reason": {"a security matter"}})
	tests := []struct {
		name        string
		cookie      *http.Cookie
		ref, reason string
		status      int
	}{
		{"without a reason", admin, "#1", " ", http.StatusUnprocessableEntity},
		{"without a number", admin, " ", "its lead has left", http.StatusUnprocessableEntity},
		{"of one that does not exist", admin, "#77", "its lead has left", http.StatusUnprocessableEntity},
		{"by a member", member, "#1", "curious", http.StatusForbidden},
	}
	for _, tt := range tests {
		status, _, page := l.post(tt.cookie, "/settings/join", url.Values{"ref": {tt.ref}, "reason": {tt.reason}})
		if status != tt.status || strings.Contains(page, "Quokka") || strings.Contains(page, "security") {
			t.Errorf("joining %s = %d %s, want %d and no word of it", tt.name, status, page, tt.status)
		}
	}
	if w := l.do(admin, "GET", "/p/1", nil); w.Code != http.StatusNotFound {
		t.Fatalf("after refusals the page = %d, want 404", w.Code)
	}
	if trail := l.get(admin, "/settings/audit"); !strings.Contains(trail, "/settings/join?ref=") || strings.Contains(trail, "Quokka") {
		t.Error("the audit trail does not lead from what is hidden to where it can be joined")
	}
	status, to, _ := l.post(admin, "/settings/join", url.Values{"ref": {"1"}, "reason": {"its lead has left"}})
	if status != http.StatusSeeOther || !strings.Contains(l.get(admin, to), "Quokka outage") {
		t.Fatalf("joining = %d to %s", status, to)
	}
	if got := l.acts(admin, "act=postmortem.join"); len(got) != 1 || got[0] != "Admin joined #1 Quokka outage as an admin, to lead it Reason: its lead has left" {
		t.Errorf("the audit trail says %q", got)
	}
}
