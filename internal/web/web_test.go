package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/web/webtest"
)

// demo is a server with the sample incidents, and the pages of one browser.
type demo struct {
	testing.TB
	*server.Server
}

// shared is one server for all tests, which change different parts of it: to read
// the samples takes longer than any of them.
var shared = sync.OnceValues(func() (*server.Server, error) {
	c := config.Default()
	c.Data, c.URL = folder, "http://example.com"
	return server.New(context.Background(), c, server.Options{Demo: true})
})

var folder string

func TestMain(m *testing.M) { os.Exit(tests(m)) }

func tests(m *testing.M) int {
	var err error
	if folder, err = os.MkdirTemp("", "hindcast-web-"); err != nil {
		panic(err)
	}
	code := m.Run()
	s, err := shared()
	if err == nil {
		s.Workflow().Wait()
		err = s.Close()
	}
	if err := errors.Join(err, os.RemoveAll(folder)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func start(tb testing.TB) demo {
	tb.Helper()
	s, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return demo{tb, s}
}

func (d demo) do(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	d.Helper()
	r := httptest.NewRequestWithContext(d.Context(), method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, r)
	return w
}

func (d demo) page(path string, status int) string {
	d.Helper()
	w := d.do("GET", path, nil)
	if w.Code != status {
		d.Fatalf("GET %s = %d %s, want %d", path, w.Code, w.Body, status)
	}
	return w.Body.String()
}

// field returns the value that a hidden field of a page's form has.
func (d demo) field(page, form, name string) string {
	d.Helper()
	_, rest, ok := strings.Cut(page, `data-form="`+form+`"`)
	if !ok {
		d.Fatalf("the page has no form of %s", form)
	}
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(rest)
	if m == nil {
		d.Fatalf("the form of %s has no field %s", form, name)
	}
	return m[1]
}

var paths = []string{"/", "/library", "/library?q=migration&status=published", "/actions", "/actions?late=1", "/actions?state=closed&team=-&opened_from=2024-01-01", "/actions/board", "/actions/decided", "/actions/figures", "/actions/figures?days=0", "/actions/review", "/new", "/p/1", "/p/3?edit=title", "/p/3?checks=1", "/p/1/evidence", "/p/1/history",
	"/p/1/history/1", "/p/1/history/0?whole", "/p/1/history/1?since=0&whole", "/p/1/audit", "/p/1/sharing", "/people", "/settings", "/settings/connections", "/settings/connections/new?kind=webhook", "/settings/connections/new?kind=email", "/settings/audit", "/settings/join", "/keys"}

func TestPagesKeepTheRules(t *testing.T) {
	d := start(t)
	for _, path := range paths {
		page := d.page(path, http.StatusOK)
		for _, f := range webtest.Faults(page) {
			t.Errorf("%s: %s", path, f)
		}
	}
	if f := webtest.Faults(d.page("/nothing/here", http.StatusNotFound)); f != nil {
		t.Error(f)
	}
}

func TestPagesAreProtected(t *testing.T) {
	d := start(t)
	for _, path := range append(paths, "/nothing") {
		h := d.do("GET", path, nil).Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	w := d.do("POST", "/p/3/part", url.Values{"path": {"title"}, "value": {"Taken over"}}, "Sec-Fetch-Site", "cross-site")
	if w.Code != http.StatusForbidden || strings.Contains(d.page("/p/3", http.StatusOK), "Taken over") {
		t.Errorf("a post from another site = %d, want 403 and no change", w.Code)
	}
}

// TestPartsOfAssetsAreWhole holds that the pages which load a part of the style and of
// the scripts use no class and no element that only the rest of it knows.
func TestPartsOfAssetsAreWhole(t *testing.T) {
	d := start(t)
	link := regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`)
	class := regexp.MustCompile(`class="([^"]*)"`)
	script, element := regexp.MustCompile(`<script type="module" src="([^"]+)"`), regexp.MustCompile(`<(hc-[a-z]+)`)
	style := func(page string) string {
		t.Helper()
		all := ""
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			all += d.page(m[1], http.StatusOK)
		}
		if all == "" {
			t.Fatal("a page has no style")
		}
		return all
	}
	whole, used := style(d.page("/library", http.StatusOK)), 0
	_, again := d.again("styled-service")
	for path, code := range map[string]int{
		"/p/1/read": http.StatusOK, "/p/2/read": http.StatusOK, "/p/3/read": http.StatusNotFound, // which is no page of readers yet
		"/p/1?whole=1": http.StatusOK, "/p/2?whole=1": http.StatusOK, "/p/3": http.StatusOK, "/p/3?checks=1": http.StatusOK, "/p/99": http.StatusNotFound,
		"/p/" + again: http.StatusOK, "/p/3?edit=title": http.StatusOK, "/p/3?edit=timeline/new": http.StatusOK, "/p/3?edit=sections/summary": http.StatusOK, "/p/3?edit=actions/new": http.StatusOK,
	} {
		page := d.page(path, code)
		own := style(page)
		if len(own) > len(whole)*2/3 {
			t.Errorf("%s: its style has %d of %d bytes, want no more than it needs", path, len(own), len(whole))
		}
		if m := script.FindStringSubmatch(page); m != nil { // else none were built
			own := d.page(m[1], http.StatusOK)
			for _, m := range element.FindAllStringSubmatch(page, -1) {
				if !strings.Contains(own, `"`+m[1]+`"`) {
					t.Errorf("%s: its script does not know %s", path, m[1])
				}
			}
		}
		for _, m := range class.FindAllStringSubmatch(page, -1) {
			for c := range strings.FieldsSeq(m[1]) {
				rule := regexp.MustCompile(`\.` + regexp.QuoteMeta(c) + `[^\w-]`)
				used++
				if rule.MatchString(whole) && !rule.MatchString(own) {
					t.Errorf("%s: class %q has a style, and not on this page", path, c)
				}
			}
		}
	}
	if used < 100 {
		t.Errorf("looked at %d classes, want those of the pages", used)
	}
}

func TestEditWithoutScripts(t *testing.T) {
	d := start(t)
	form := d.page("/p/3?edit=owner", http.StatusOK)
	base := d.field(form, "owner", "base")
	w := d.do("POST", "/p/3/part", url.Values{"path": {"owner"}, "base": {base}, "value": {"Payments team"}})
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/p/3?saved=") || !strings.HasSuffix(to, "#owner") {
		t.Fatalf("saving = %d to %q", w.Code, to)
	}
	page := d.page(strings.TrimSuffix(to, "#owner"), http.StatusOK)
	if !strings.Contains(page, "Payments team") || !strings.Contains(page, `action="/p/3/undo"`) {
		t.Error("the page does not show what was saved, or offers no undo")
	}

	// Whoever wrote from what stood there before sees both, and decides.
	w = d.do("POST", "/p/3/part", url.Values{"path": {"owner"}, "base": {base}, "value": {"Shop team"}})
	page = w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(page, `value="Shop team"`) || !strings.Contains(page, "Payments team") {
		t.Fatalf("a stale save = %d; want 409 with both versions", w.Code)
	}
	if w = d.do("POST", "/p/3/part", url.Values{"path": {"owner"}, "base": {d.field(page, "owner", "base")}, "value": {"Shop team"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("saving again = %d %s", w.Code, w.Body)
	}
	_, revision, _ := strings.Cut(strings.TrimSuffix(w.Header().Get("Location"), "#owner"), "saved=")
	if w = d.do("POST", "/p/3/undo", url.Values{"revision": {revision}}); w.Code != http.StatusSeeOther {
		t.Fatalf("undo = %d %s", w.Code, w.Body)
	}
	if page = d.page("/p/3", http.StatusOK); !strings.Contains(page, "Payments team") || strings.Contains(page, "Shop team") {
		t.Error("undo did not bring back what stood there")
	}
}

func TestFaultsStandAtTheField(t *testing.T) {
	d := start(t)
	tests := []struct {
		path   string
		values url.Values
		field  string // at which the fault stands
	}{
		{"actions/new", url.Values{"description": {"Do it"}, "due": {"soon"}}, "actions/new.due"},
		{"actions/new", url.Values{"description": {""}, "owner": {"somebody"}}, "actions/new.description"},
		{"factors/new-root", url.Values{"description": {"No check"}, "tag": {"root"}}, "factors/new-root.counterfactual.answer"},
		{"title", url.Values{"value": {""}}, "title.value"},
		{"impact/users", url.Values{"state": {"measured"}, "value": {"300"}}, "impact/users.value"},
		{"impact/users", url.Values{"state": {"measured"}, "value": {"many"}}, "impact/users.value"},
		{"phases/detected_at", url.Values{"at": {"2001-01-01T00:00"}}, "phases/detected_at.at"},
		{"timeline/new", url.Values{"title": {"x"}, "at": {"at noon"}}, "timeline/new.at"},
	}
	for _, tt := range tests {
		form := d.page("/p/3?edit="+url.QueryEscape(tt.path), http.StatusOK)
		values := url.Values{"path": {tt.path}, "base": {d.field(form, tt.path, "base")}}
		for k, v := range tt.values {
			values[k] = v
		}
		w := d.do("POST", "/p/3/part", values)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="`+tt.field+`-fault"`) {
			t.Errorf("%s %v = %d, want 422 with a fault at %s", tt.path, tt.values, w.Code, tt.field)
		}
	}
}

func TestAddAndRemoveRecords(t *testing.T) {
	d := start(t)
	for list, values := range map[string]url.Values{
		"timeline/new":             {"title": {"Looked at the dashboard"}, "at": {"2024-05-12T18:30:00"}, "kind": {"observation"}, "actor.name": {"Engineer A"}, "actor.kind": {"person"}},
		"accounts/new":             {"text": {"The graph was red"}, "who": {"on-call engineer"}},
		"factors/new-contributing": {"description": {"Nobody watched the pool"}, "tag": {"contributing"}},
		"observations/new-well":    {"text": {"The alert was clear"}, "kind": {"well"}},
		"observations/new-poorly":  {"text": {"The runbook was old"}, "kind": {"poorly"}},
		"actions/new":              {"description": {"Watch the pool"}, "due": {"2024-06-01"}},
		"related/new":              {"title": {"The pool before"}, "ref": {"#12"}},
		"impact/counts/new":        {"name": {"orders lost"}, "state": {"measured"}, "value": {"12,5"}},
		"impact/slos/new":          {"name": {"availability"}, "target": {"99.9"}, "window_days": {"30"}},
	} {
		values.Set("path", list)
		w := d.do("POST", "/p/3/part", values)
		_, path, ok := strings.Cut(w.Header().Get("Location"), "#")
		if w.Code != http.StatusSeeOther || !ok {
			t.Errorf("%s = %d %s", list, w.Code, w.Body)
			continue
		}
		page := d.page("/p/3?edit="+url.QueryEscape(path), http.StatusOK)
		w = d.do("POST", "/p/3/part", url.Values{"path": {path}, "base": {d.field(page, path, "base")}, "remove": {"1"}})
		if w.Code != http.StatusSeeOther || strings.Contains(d.page("/p/3", http.StatusOK), `data-part="`+path+`"`) {
			t.Errorf("removing %s = %d", path, w.Code)
		}
	}
}

func TestRelatedIncidentsFindTheirTitle(t *testing.T) {
	d := start(t)
	w := d.do("POST", "/p/3/part", url.Values{"path": {"related/new"}, "ref": {"#4521"}, "title": {""}, "how": {""}})
	_, path, _ := strings.Cut(w.Header().Get("Location"), "#")
	page := d.page("/p/3", http.StatusOK)
	_, rest, _ := strings.Cut(page, `data-part="`+path+`"`)
	if rest, _, _ = strings.Cut(rest, "</li>"); !strings.Contains(rest, "Mobile API outage after the rollout of v2.8.0") {
		t.Errorf("the record says %s", rest)
	}
	if !strings.Contains(d.page("/p/1", http.StatusOK), `href="/p/3"`) {
		t.Error("the other page does not say that it is referred to")
	}
}

func TestLintSpeaksAndIsSilenced(t *testing.T) {
	d := start(t)
	form := d.page("/p/3?edit=sections/summary", http.StatusOK)
	text := "😀 It broke.\n\nThe engineer mistakenly deployed the wrong version.\n"
	w := d.do("POST", "/p/3/part", url.Values{"path": {"sections/summary"}, "base": {d.field(form, "sections/summary", "base")}, "text": {text}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("saving = %d %s", w.Code, w.Body)
	}
	w = d.do("POST", "/p/3/lint", url.Values{"path": {"sections/summary"}, "text": {text}}, "Hindcast-Script", "1")
	if !strings.Contains(w.Body.String(), `"from":18`) { // in UTF-16, where the emoji is two units
		t.Errorf("the editor is told %s", w.Body)
	}
	find := func() url.Values {
		page := d.page("/p/3?checks=1", http.StatusOK)
		_, rest, ok := strings.Cut(page, `action="/p/3/suggestion"`)
		if !ok {
			return nil
		}
		out := url.Values{}
		for _, m := range regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(rest, 5) {
			out.Set(m[1], m[2])
		}
		return out
	}
	finding := find()
	if finding == nil {
		t.Fatal("the page proposes nothing")
	}
	w = d.do("POST", "/p/3/ignore", finding)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("ignoring without a reason = %d, want 422", w.Code)
	}
	ignored := url.Values{"reason": {"quoted --> from the chat"}}
	for k, v := range finding {
		ignored[k] = v
	}
	if w = d.do("POST", "/p/3/ignore", ignored); w.Code != http.StatusSeeOther {
		t.Fatalf("ignoring = %d %s", w.Code, w.Body)
	}
	if got := find(); got != nil && got.Get("start") == finding.Get("start") {
		t.Errorf("the finding is still there: %v", got)
	}
	if w = d.do("POST", "/p/3/suggestion", finding); w.Code != http.StatusConflict {
		t.Errorf("a proposal for a text that has changed = %d, want 409", w.Code)
	}
}

func TestReferencesLeadToIncidents(t *testing.T) {
	d := start(t)
	if to := d.do("GET", "/number/4521", nil).Header().Get("Location"); to != "/p/1" {
		t.Errorf("#4521 leads to %q, want /p/1", to)
	}
	if to := d.do("GET", "/number/99999", nil).Header().Get("Location"); to != "/library?q=99999" {
		t.Errorf("an unknown number leads to %q, want a search", to)
	}
	if to := d.do("GET", "/p/4521", nil).Header().Get("Location"); to != "/p/1" {
		t.Errorf("the pager's number leads to %q, want /p/1", to)
	}
}

func TestNextStaysHere(t *testing.T) {
	d := start(t)
	for next, want := range map[string]string{"/library?q=a": "/library?q=a", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "javascript:alert(1)": "/", "": "/"} {
		w := d.do("POST", "/sign-in", url.Values{"email": {"x"}, "password": {"y"}, "next": {next}})
		m := regexp.MustCompile(`name="next" value="([^"]*)"`).FindStringSubmatch(w.Body.String())
		if m == nil || m[1] != want {
			t.Errorf("next %q became %v, want %q", next, m, want)
		}
	}
}

func BenchmarkView(b *testing.B) {
	d := start(b)
	d.page("/p/1", http.StatusOK)
	d.page("/p/1", http.StatusOK)
	for _, coding := range []string{"identity", "gzip"} {
		b.Run(coding, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(context.Background(), "GET", "/p/1", nil)
				r.Header.Set("Accept-Encoding", coding)
				w := httptest.NewRecorder()
				d.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(hindcast.Errorf(hindcast.Internal, "status %d", w.Code))
				}
			}
		})
	}
}
