package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var waitingTicket = regexp.MustCompile(`/settings/waiting/tickets/([0-9a-f-]{36})/approve`)

// TestWhatLeavesWaitsOnAPage asks for tickets and messages that an admin approves.
func TestWhatLeavesWaitsOnAPage(t *testing.T) {
	l := open(t)
	admin := l.admin()
	if page := l.get(admin, "/settings/waiting"); !strings.Contains(page, "no connection asks for approval") {
		t.Error("the empty page does not say how something comes there")
	}
	github := url.Values{"kind": {"github"}, "name": {"Issues"}, "approve": {"1"}, "setting.repository": {"example/shop"}, "setting.token": {"t"}}
	status, _, page := l.post(admin, "/settings/connections", github)
	place := connectionLink.FindStringSubmatch(page)
	if status != http.StatusOK || place == nil {
		t.Fatalf("adding = %d %s", status, page)
	}
	l.post(admin, "/settings/connections", url.Values{"kind": {"webhook"}, "name": {"Chat"}, "approve": {"1"}, "drafts": {"1"}, "event": {"incident.created"}, "setting.url": {"https://chat.example.org"}})
	member := l.invite(admin, "member")
	_, to, _ := l.post(member, "/new/blank", url.Values{"title": {"Ledger <outage>"}})
	post := to
	if status, _, page := l.post(member, post+"/part", url.Values{"path": {"actions/new"}, "description": {"Add an alert"}, "status": {"open"}}); status != http.StatusSeeOther {
		t.Fatalf("adding an action = %d %s", status, page)
	}
	page = l.get(member, post+"/tickets")
	id := regexp.MustCompile(`name="action" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("there is no action to choose at %s: %s", post, page)
	}
	ask := func() {
		t.Helper()
		if status, _, page := l.post(member, post+"/tickets", url.Values{"place": {place[1]}, "action": {id[1]}}); status != http.StatusSeeOther {
			t.Fatalf("asking = %d %s", status, page)
		}
	}
	ask()
	if page := l.get(member, post+"/tickets"); !strings.Contains(page, "waits for approval") {
		t.Error("who asked does not see that the ticket waits")
	}
	page = l.get(admin, "/settings/waiting")
	ticket := waitingTicket.FindStringSubmatch(page)
	if ticket == nil || strings.Contains(page, "Add an alert") || strings.Contains(page, "Ledger") || strings.Count(page, "that is not shared with you") != 2 {
		t.Fatalf("an admin who takes no part sees %s", page)
	}
	if w := l.do(member, "GET", "/settings/waiting", nil); w.Code != http.StatusForbidden {
		t.Errorf("a member reads it: %d", w.Code)
	}
	if status, _, _ := l.post(member, "/settings/waiting/tickets/"+ticket[1]+"/approve", nil); status != http.StatusForbidden {
		t.Errorf("a member approves: %d", status)
	}
	refuse := "/settings/waiting/tickets/" + ticket[1] + "/refuse"
	if status, _, page := l.post(admin, refuse, url.Values{"reason": {""}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "why the ticket is not made") {
		t.Errorf("refused without a reason: %d", status)
	}
	if status, to, _ := l.post(admin, refuse, url.Values{"reason": {"wrong <board>"}}); status != http.StatusSeeOther || to != "/settings/waiting" {
		t.Errorf("refused: %d to %s", status, to)
	}
	if page := l.get(member, post+"/tickets"); !strings.Contains(page, "wrong &lt;board&gt;") {
		t.Error("who asked does not see why")
	}
	ask()
	if status, _, _ := l.post(admin, "/settings/waiting/tickets/"+ticket[1]+"/approve", nil); status != http.StatusSeeOther {
		t.Errorf("approved: %d", status)
	}
	if status, _, page := l.post(admin, "/settings/waiting/tickets/"+ticket[1]+"/approve", nil); status != http.StatusUnprocessableEntity || !strings.Contains(page, "does not wait any more") {
		t.Errorf("approved twice: %d", status)
	}
	message := regexp.MustCompile(`/settings/waiting/messages/([0-9a-f-]{36})/approve`).FindStringSubmatch(l.get(admin, "/settings/waiting"))
	if message == nil {
		t.Fatal("the message does not wait")
	}
	if status, _, _ := l.post(admin, "/settings/waiting/messages/"+message[1]+"/refuse", nil); status != http.StatusSeeOther {
		t.Errorf("the message refused: %d", status)
	}
	if page := l.get(admin, "/settings/waiting"); !strings.Contains(page, "Nothing waits.") {
		t.Error("something waits still")
	}
	trail := l.get(admin, "/settings/audit")
	for _, said := range []string{"let a ticket of an action item", "refused a ticket of an action item", "kept a message from being sent"} {
		if !strings.Contains(trail, said) {
			t.Errorf("the audit trail does not say: %s", said)
		}
	}
}
