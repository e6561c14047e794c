package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// get returns a page that must be there and keep the rules.
func (l library) get(cookie *http.Cookie, path string) string {
	l.Helper()
	w := l.do(cookie, "GET", path, nil)
	if w.Code != http.StatusOK {
		l.Fatalf("GET %s = %d %s", path, w.Code, w.Body)
	}
	for _, f := range webtest.Faults(w.Body.String()) {
		l.Errorf("%s: %s", path, f)
	}
	return w.Body.String()
}

// post sends a form and returns the status, where it leads and what it shows.
func (l library) post(cookie *http.Cookie, path string, form url.Values) (status int, to, page string) {
	l.Helper()
	w := l.do(cookie, "POST", path, form)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

var connectionLink = regexp.MustCompile(`/settings/connections/([0-9a-f-]{36})`)

// connect adds a webhook and returns the address of its page and its secret.
func (l library) connect(admin *http.Cookie, form url.Values) (path, secret string) {
	l.Helper()
	status, _, page := l.post(admin, "/settings/connections", form)
	m := regexp.MustCompile(`<code>(whsec_[^<]+)</code>`).FindStringSubmatch(page)
	id := connectionLink.FindString(page)
	if status != http.StatusOK || m == nil || id == "" {
		l.Fatalf("adding = %d %s", status, page)
	}
	return id, m[1]
}

func TestAConnectionIsMadeTestedPausedAndRemoved(t *testing.T) {
	l := open(t)
	admin := l.admin()
	answer := http.StatusAccepted
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answer) }))
	defer receiver.Close()
	if page := l.get(admin, "/settings/connections"); !strings.Contains(page, "Nothing leaves the library yet") || !strings.Contains(page, "/settings/connections/new?kind=webhook") {
		t.Error("the empty list does not say what belongs there")
	}
	path, secret := l.connect(admin, url.Values{"kind": {"webhook"}, "name": {"Chat room"}, "event": {"incident.created"}, "setting.url": {receiver.URL + "/hook?token=s3cret-token"}})
	for _, p := range []string{path, "/settings/connections", "/settings/audit"} {
		page := l.get(admin, p)
		if strings.Contains(page, secret) || strings.Contains(page, "s3cret-token") {
			t.Errorf("%s shows a secret again", p)
		}
		if p != "/settings/audit" && (!strings.Contains(page, "Chat room") || !strings.Contains(page, receiver.URL)) {
			t.Errorf("%s does not show the connection", p)
		}
	}
	if _, _, page := l.post(admin, path+"/test", nil); !strings.Contains(page, "The test message arrived") || !strings.Contains(page, "202 Accepted") {
		t.Error("the page does not say that the test message arrived")
	}
	answer = http.StatusInternalServerError
	if _, _, page := l.post(admin, path+"/test", nil); !strings.Contains(page, "did not arrive") || !strings.Contains(page, "500") {
		t.Error("the page does not say how the test failed")
	}
	_, to, _ := l.post(admin, path+"/pause", nil)
	if page := l.get(admin, to); !strings.Contains(page, "switched off by an admin") || !strings.Contains(page, "Switch on") {
		t.Error("the page does not say that it is paused")
	}
	if _, to, _ = l.post(admin, path+"/resume", nil); strings.Contains(l.get(admin, to), "switched off") {
		t.Error("it stays paused")
	}
	status, to, _ := l.post(admin, path, url.Values{"name": {"Chat"}, "event": {"incident.created", "postmortem.published"}})
	if page := l.get(admin, to); status != http.StatusSeeOther || !strings.Contains(page, "<h1>Chat</h1>") || !strings.Contains(page, receiver.URL) {
		t.Errorf("changing it = %d; want the new name and the address as before", status)
	}
	want := "Admin changed the connection Chat Events incident.created → became incident.created, postmortem.published Name Chat room → became Chat"
	if got := l.acts(admin, "act=endpoint.change"); len(got) == 0 || got[0] != want {
		t.Errorf("the audit trail says %q, want %q", got, want)
	}
	if _, _, page := l.post(admin, path+"/secret", nil); !strings.Contains(page, "whsec_") || strings.Contains(page, secret) {
		t.Error("replacing the secret does not show a new one")
	}
	if status, to, _ := l.post(admin, path+"/remove", nil); status != http.StatusSeeOther || strings.Contains(l.get(admin, to), "Chat") {
		t.Error("it was not removed")
	}
}

func TestWhatIsWrongWithAConnectionStandsAtTheField(t *testing.T) {
	l := open(t)
	admin := l.admin()
	good := url.Values{"kind": {"webhook"}, "name": {"Chat room"}, "event": {"incident.created"}, "setting.url": {"https://hooks.example.org/x"}}
	tests := []struct {
		name, field, value, want string
	}{
		{"no name", "name", "", "Say in up to 100 letters who is told."},
		{"no event", "event", "", "Choose at least one thing to be told of."},
		{"no address", "setting.url", "chat room", "Write an address such as https://hooks.example.org/hindcast."},
		{"an address with a mark", "setting.url", "https://hooks.example.org/x#y", "Leave out what follows #; it is not sent."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := url.Values{}
			for k, v := range good {
				form[k] = v
			}
			if form.Set(tt.field, tt.value); tt.value == "" {
				form.Del(tt.field)
			}
			status, _, page := l.post(admin, "/settings/connections", form)
			_, rest, ok := strings.Cut(page, tt.want)
			if status != http.StatusUnprocessableEntity || !ok || !strings.Contains(page, `value="`+form.Get("name")+`"`) {
				t.Errorf("%d, want 422 with %q and what was entered: %s", status, tt.want, page)
			}
			if strings.Contains(rest, tt.want) {
				t.Error("it is said twice")
			}
		})
	}
	status, _, page := l.post(admin, "/settings/connections", url.Values{"kind": {"email"}, "name": {"Engineers"}, "event": {"incident.created"}, "setting.to": {"engineers@example.org"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "smtp.addr") {
		t.Errorf("mail without a mail server = %d, want 422 that names the setting", status)
	}
}

// TestMessagesAreDecidedUpon follows messages from the queue through decisions of
// an admin who may not read all of what they tell.
func TestMessagesAreDecidedUpon(t *testing.T) {
	l := open(t)
	admin := l.admin()
	member := l.invite(admin, "member")
	path, _ := l.connect(admin, url.Values{"kind": {"webhook"}, "name": {"Chat room"}, "event": {"incident.created"}, "approve": {"1"}, "drafts": {"1"}, "setting.url": {"https://hooks.example.org/x"}})
	l.post(member, "/new/blank", url.Values{"title": {"Quokka outage"}})
	l.post(admin, "/new/blank", url.Values{"title": {"Ledger outage"}})
	page := l.get(admin, path+"?state=waiting")
	if strings.Contains(page, "Quokka") || strings.Count(page, "/approve") != 2 || !strings.Contains(page, "Ledger outage") {
		t.Error("the list does not show two messages, of one of which the title is not for this admin")
	}
	if !strings.Contains(l.get(admin, "/settings/connections"), "Messages wait for approval") {
		t.Error("the list of connections does not say that messages wait")
	}
	ids := regexp.MustCompile(`/settings/deliveries/([0-9a-f-]{36})/approve`).FindAllStringSubmatch(page, -1)
	newest, oldest := "/settings/deliveries/"+ids[0][1], "/settings/deliveries/"+ids[1][1]
	if page := l.get(admin, newest); !strings.Contains(page, "Post-mortem #2 Ledger outage was begun") {
		t.Errorf("the message is not shown: %s", page)
	}
	if page := l.get(admin, oldest); strings.Contains(page, "Quokka") || !strings.Contains(page, "not shared with you") {
		t.Error("a message about what is not shared is shown")
	}
	for _, step := range []struct{ act, want string }{{"approve", "queued"}, {"cancel", "canceled"}, {"retry", "queued"}} {
		status, to, _ := l.post(admin, newest+"/"+step.act, nil)
		if status != http.StatusSeeOther || !strings.Contains(l.get(admin, to), `delivery-`+step.want) {
			t.Errorf("%s = %d, want the message to be %s", step.act, status, step.want)
		}
	}
	if status, _, _ := l.post(admin, newest+"/approve", nil); status != http.StatusConflict {
		t.Errorf("approving twice = %d, want 409", status)
	}
	for _, p := range []string{"/settings/connections", path, oldest, "/settings/audit", "/settings/connections/new?kind=webhook"} {
		if w := l.do(member, "GET", p, nil); w.Code != http.StatusForbidden {
			t.Errorf("GET %s of a member = %d, want 403", p, w.Code)
		}
	}
	if status, _, _ := l.post(member, path+"/remove", nil); status != http.StatusForbidden {
		t.Errorf("removing by a member = %d, want 403", status)
	}
}
