package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var bearerToken = regexp.MustCompile(`<code>([A-Z2-7]{26})</code>`)

// TestWhatOtherSystemsTellStandsUnderIncoming connects Alertmanager in the pages and
// sends what it sends.
func TestWhatOtherSystemsTellStandsUnderIncoming(t *testing.T) {
	l := open(t)
	admin := l.admin()
	if page := l.get(admin, "/settings/incoming"); !strings.Contains(page, "Nothing that tells of incidents is connected") {
		t.Error("the empty page does not say what belongs there")
	}
	status, _, page := l.post(admin, "/settings/connections", url.Values{"kind": {"alertmanager"}, "name": {"Alerts"}})
	token, id := bearerToken.FindStringSubmatch(page), connectionLink.FindStringSubmatch(page)
	if status != http.StatusOK || token == nil || id == nil {
		t.Fatalf("adding = %d %s", status, page)
	}
	if page := l.get(admin, id[0]); !strings.Contains(page, "http://example.com/hooks/"+id[1]) || strings.Contains(page, token[1]) || strings.Contains(page, "Send a test message") {
		t.Error("the page of the connection does not show where alerts are sent, or shows the token again")
	}
	send := func(token, body string) int {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/hooks/"+id[1], strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, r)
		return w.Code
	}
	firing := `{"version":"4","groupKey":"g","status":"firing","alerts":[{"startsAt":"2024-05-12T18:24:30Z"}],"commonLabels":{"severity":"critical","service":"checkout-api"},"commonAnnotations":{"summary":"One checkout in <three> fails"}}`
	if got := send("wrong", firing); got != http.StatusForbidden {
		t.Errorf("with the wrong token: %d, want 403", got)
	}
	if got := send(token[1], "{}"); got != http.StatusBadRequest {
		t.Errorf("no notification: %d, want 400", got)
	}
	for range 2 {
		if got := send(token[1], firing); got != http.StatusAccepted {
			t.Errorf("a notification: %d, want 202", got)
		}
	}
	page = l.get(admin, "/settings/incoming")
	if strings.Count(page, "One checkout in &lt;three&gt; fails") != 1 || !strings.Contains(page, "not over yet") || !strings.Contains(page, "checkout-api · critical") {
		t.Errorf("the incident does not stand there once: %s", page)
	}
	member := l.invite(admin, "member")
	if w := l.do(member, "GET", "/settings/incoming", nil); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "checkout") {
		t.Errorf("a member reads it: %d", w.Code)
	}
}
