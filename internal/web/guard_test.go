package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestAFailureLeadsBack looks where the page of a failure leads.
func TestAFailureLeadsBack(t *testing.T) {
	l := open(t)
	admin := l.admin()
	_, post, _ := l.post(admin, "/new/blank", url.Values{"title": {"Ledger outage"}})
	for name, c := range map[string]struct{ from, want string }{
		"the page before":             {"http://example.com" + post + "/sharing?a=b", post + "/sharing?a=b"},
		"from elsewhere":              {"https://elsewhere.example.net" + post, "/"},
		"without an address":          {"", "/"},
		"an address that takes forms": {"http://example.com/new/blank", "/"},
		"an address of nothing":       {"http://example.com/nothing", "/"},
		"what wants to be a script":   {"javascript:alert(1)", "/"},
		"two slashes":                 {"http://example.com//elsewhere.example.net/", "/"},
	} {
		r := httptest.NewRequest(http.MethodPost, post+"/share", strings.NewReader("person=nobody"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", c.from)
		r.AddCookie(admin)
		w := httptest.NewRecorder()
		l.Handler().ServeHTTP(w, r)
		if want := `class="button" href="` + c.want + `"`; w.Code < 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: answered %d without %s", name, w.Code, want)
		}
	}
}
