package web_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// feed is what a program that reads news takes from one.
type feed struct {
	Entries []struct {
		ID    string `xml:"id"`
		Title string `xml:"title"`
		Link  struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func (l library) feed(cookie *http.Cookie, path string) (titles []string) {
	l.Helper()
	w := l.do(cookie, "GET", path, nil)
	var f feed
	if err := xml.Unmarshal(w.Body.Bytes(), &f); w.Code != http.StatusOK || err != nil || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") {
		l.Fatalf("GET %s = %d %s, %v", path, w.Code, w.Body, err)
	}
	for _, e := range f.Entries {
		titles = append(titles, e.Title)
		if !strings.HasPrefix(e.ID, "urn:uuid:") || !strings.HasPrefix(e.Link.Href, "http://example.com/p/") {
			l.Errorf("the entry %+v leads nowhere", e)
		}
	}
	return titles
}

func TestTheFeedHoldsWhatIsPublished(t *testing.T) {
	l := open(t)
	admin := l.admin()
	reader := l.invite(admin, "reader")
	for i, title := range []string{"Published <outage>", "A draft", "Private outage"} {
		_, to, _ := l.post(admin, "/new/blank", url.Values{"title": {title}})
		if i == 1 {
			continue
		}
		for _, status := range []string{"in-review", "approved", "published"} {
			l.post(admin, to+"/move", url.Values{"to": {status}})
		}
		if i == 2 {
			l.post(admin, to+"/private", url.Values{"private": {"1"}, "reason": {"a security matter"}})
		}
	}
	want := "#1 Published <outage>"
	for name, cookie := range map[string]*http.Cookie{"admin": admin, "reader": reader} {
		if got := l.feed(cookie, "/feed.atom"); len(got) != 1 || got[0] != want {
			t.Errorf("the %s's feed holds %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(l.get(reader, "/library?severity=1&q=x&status=draft"), `href="/feed.atom?severity=1"`) {
		t.Error("a filtered library does not lead to the feed of its filters")
	}
	if got := l.feed(reader, "/feed.atom?severity=1"); got != nil {
		t.Errorf("the feed of another severity holds %q", got)
	}
	if !strings.Contains(l.get(reader, "/library"), `type="application/atom+xml"`) {
		t.Error("the library does not name its feed")
	}

	// What is taken up again stays as readers have it.
	l.post(admin, "/p/1/move", url.Values{"to": {"draft"}, "reason": {"to look again"}})
	if got := l.feed(reader, "/feed.atom"); len(got) != 1 || got[0] != want {
		t.Errorf("the feed of what is being revised holds %q, want %q", got, want)
	}
	if got := l.feed(reader, "/feed.atom?kind=near-miss"); got != nil {
		t.Errorf("the feed of another kind holds %q", got)
	}
	for _, status := range []string{"in-review", "approved", "published"} {
		l.post(admin, "/p/1/move", url.Values{"to": {status}})
	}

	_, _, page := l.post(reader, "/settings/feed", nil)
	m := regexp.MustCompile(`<code>http://example.com(/feed/(hct_[^<]+))</code>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no link is shown: %s", page)
	}
	if got := l.feed(nil, m[1]); len(got) != 1 || got[0] != want {
		t.Errorf("the link's feed holds %q, want %q", got, want)
	}
	etag := l.do(nil, "GET", m[1], nil).Header().Get("ETag")
	r := l.request("GET", m[1], "If-None-Match", etag)
	if r.Code != http.StatusNotModified {
		t.Errorf("asking for what is known = %d, want 304", r.Code)
	}
	// The link opens nothing else, and a token for programs is no link.
	for _, path := range []string{"/api/v1/incidents", "/library", "/settings", "/feed.atom"} {
		if w := l.request("GET", path, "Authorization", "Bearer "+m[2]); w.Code != http.StatusUnauthorized {
			t.Errorf("the link opens %s: %d, want 401", path, w.Code)
		}
	}
	_, _, page = l.post(reader, "/settings/tokens", url.Values{"name": {"script"}, "scope": {"read"}})
	token := regexp.MustCompile(`<code>(hct_[^<]+)</code>`).FindStringSubmatch(page)[1]
	if w := l.do(nil, "GET", "/feed/"+token, nil); w.Code != http.StatusForbidden {
		t.Errorf("a token in the address = %d, want 403", w.Code)
	}
	if w := l.do(nil, "GET", "/feed/hct_madeup", nil); w.Code != http.StatusForbidden {
		t.Errorf("a made-up link = %d, want 403", w.Code)
	}
	page = l.get(reader, "/settings")
	_, rest, _ := strings.Cut(page, "Link to the feed</td>")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(rest)
	l.post(reader, "/settings/tokens/revoke", url.Values{"id": {id[1]}})
	if w := l.do(nil, "GET", m[1], nil); w.Code != http.StatusForbidden {
		t.Errorf("a revoked link = %d, want 403", w.Code)
	}
}

// request asks without a session, with one header.
func (l library) request(method, path, header, value string) *httptest.ResponseRecorder {
	l.Helper()
	r := httptest.NewRequestWithContext(l.Context(), method, path, nil)
	r.Header.Set(header, value)
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r)
	return w
}
