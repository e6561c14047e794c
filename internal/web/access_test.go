package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/web"
)

// library is a server with people who sign in.
type library struct {
	*testing.T
	*server.Server
	database string
}

func (l library) do(cookie *http.Cookie, method, path string, form url.Values) *httptest.ResponseRecorder {
	l.Helper()
	r := httptest.NewRequestWithContext(l.Context(), method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r)
	return w
}

// use uses a link and returns the cookie of the session.
func (l library) use(link, email, name string) *http.Cookie {
	l.Helper()
	u, err := url.Parse(link)
	if err != nil {
		l.Fatal(err)
	}
	w := l.do(nil, "POST", u.Path, url.Values{"email": {email}, "name": {name}, "password": {"a long enough password"}})
	if w.Code != http.StatusSeeOther {
		l.Fatalf("using a link = %d %s", w.Code, w.Body)
	}
	return w.Result().Cookies()[0]
}

func open(t *testing.T) library {
	t.Helper()
	return openAt(t, time.Now)
}

// openAt is open with a clock.
func openAt(t *testing.T, now func() time.Time) library {
	t.Helper()
	c := config.Default()
	c.Data, c.URL, c.Private = t.TempDir(), "http://example.com", true
	s, err := server.New(t.Context(), c, server.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return library{t, s, c.Database()}
}

// admin makes the first account and returns the cookie of its session.
func (l library) admin() *http.Cookie {
	l.Helper()
	setup, err := l.Setup(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	return l.use(setup, "admin@example.org", "Admin")
}

// invite makes an account with a role, which is its name too, and returns the
// cookie of its session.
func (l library) invite(admin *http.Cookie, role string) *http.Cookie {
	l.Helper()
	w := l.do(admin, "POST", "/people/invite", url.Values{"email": {role + "@example.org"}, "role": {role}})
	_, link, _ := strings.Cut(w.Body.String(), "<code>")
	link, _, _ = strings.Cut(link, "</code>")
	return l.use(link, role+"@example.org", strings.ToUpper(role[:1])+role[1:])
}

// patterns returns the method and the path of every page, with the number of a
// post-mortem put in.
func patterns(t *testing.T, num int64) [][2]string {
	t.Helper()
	h, err := web.New(web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{num}", fmt.Sprint(num), "{n}", "1", "{sha}", strings.Repeat("0", 64), "{name}", "timeline", "{id}", "x", "{key}", "summary", "{number}", fmt.Sprint(num), "{decide}", "retry", "{$}", "")
	var out [][2]string
	for _, p := range h.Patterns() {
		method, path, ok := strings.Cut(p, " ")
		if !ok {
			method, path = "GET", "/somewhere"
		}
		out = append(out, [2]string{method, fill.Replace(path)})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
	return out
}

func TestEveryPageAsksWhoIsThere(t *testing.T) {
	l := open(t)
	for _, p := range patterns(t, 1) {
		if w := l.do(nil, p[0], p[1], url.Values{}); w.Code != http.StatusUnauthorized {
			t.Errorf("%s %s without sign-in = %d, want 401", p[0], p[1], w.Code)
		}
	}
	if w := l.do(&http.Cookie{Name: "hc_session", Value: "made up"}, "GET", "/library", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("a made-up session = %d, want 401", w.Code)
	}
}

func TestDraftsAndPrivateOnesAreSeenByWhoTakesPart(t *testing.T) {
	l := open(t)
	admin := l.admin()
	member := l.invite(admin, "member")

	const title = "Unmistakable quokka outage"
	w := l.do(member, "POST", "/new/blank", url.Values{"title": {title}, "private_reason": {"a security matter"}})
	if w.Code != http.StatusSeeOther || !strings.Contains(l.do(member, "GET", w.Header().Get("Location"), nil).Body.String(), title) {
		t.Fatalf("creating = %d %s", w.Code, w.Body)
	}
	v := hindcast.Viewer{PersonID: "nobody", Role: hindcast.RoleAdmin}
	if _, err := l.Workflow().Get(t.Context(), v, "1"); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Fatalf("the workflow shows it: %v", err)
	}
	for _, p := range patterns(t, 1) {
		w := l.do(admin, p[0], p[1], url.Values{"q": {"quokka"}})
		if strings.Contains(w.Body.String(), title) || strings.Contains(w.Body.String(), "security matter") {
			t.Errorf("%s %s shows what is private to somebody else", p[0], p[1])
		}
		if strings.HasPrefix(p[1], "/p/1") && !slices.Contains([]int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusForbidden}, w.Code) {
			t.Errorf("%s %s = %d, want as if there were none", p[0], p[1], w.Code)
		}
	}
	if w := l.do(admin, "GET", "/library?q=quokka", nil); strings.Contains(w.Body.String(), "Unmistakable") {
		t.Error("the search shows what is private to somebody else")
	}
}
