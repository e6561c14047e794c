package write_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// library is a server with somebody in front of it.
type library struct {
	*testing.T
	url  string
	http *http.Client
}

// open starts a server with a post-mortem, #1, of its first person.
func open(t *testing.T) *library {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	s, err := server.New(t.Context(), c, server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		h.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &library{T: t, url: h.URL}
	link, err := s.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	l.join(u.Path, "commander@example.org")
	l.want(l.api("/incidents", `{"title": "Ledger outage"}`, nil), 201)
	l.want(l.do("PATCH", "/api/v1/incidents/1", "application/json", `{"note": "to begin with", "changes": [{"path": "sections/summary",
		"value": {"kind": "summary", "heading": "Incident Summary", "text": "The pool ran dry."}}]}`, nil), 200)
	return l
}

func (l *library) join(path, email string) {
	l.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.Fatal(err)
	}
	l.http = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	l.want(l.form(path, url.Values{"email": {email}, "name": {email}, "password": {"correct horse battery"}}), 303)
}

// another is somebody else in the same library.
func (l *library) another() *library {
	l.Helper()
	var link struct{ Path string }
	l.want(l.api("/people/invitations", `{"email": "engineer@example.org", "role": "member"}`, &link), 201)
	other := *l
	other.join(link.Path, "engineer@example.org")
	return &other
}

// do sends a request and decodes the answer when out is not nil.
func (l *library) do(method, path, kind, body string, out any, more ...string) *http.Response {
	l.Helper()
	r, err := http.NewRequestWithContext(l.Context(), method, l.url+path, strings.NewReader(body))
	if err != nil {
		l.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	res, err := l.http.Do(r)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // it is read to its end
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		l.Fatal(err)
	}
	if out != nil && json.Unmarshal(raw, out) != nil {
		l.Fatalf("%s %s answers %s %s", method, path, res.Status, raw)
	}
	return res
}

func (l *library) form(path string, values url.Values) *http.Response {
	l.Helper()
	return l.do("POST", path, "application/x-www-form-urlencoded", values.Encode(), nil)
}

func (l *library) api(path, body string, out any) *http.Response {
	l.Helper()
	return l.do("POST", "/api/v1"+path, "application/json", body, out)
}

// script sends what the script of the editor sends.
func (l *library) script(method, rest, body string, out any) *http.Response {
	l.Helper()
	return l.do(method, "/p/1/write/summary"+rest, "application/json", body, out, "Hindcast-Script", "1")
}

func (l *library) want(res *http.Response, status int) {
	l.Helper()
	if res.StatusCode != status {
		l.Fatalf("%s %s = %d, want %d", res.Request.Method, res.Request.URL.Path, res.StatusCode, status)
	}
}

type opened struct {
	Version              int64
	Text, Client, Person string
}

func (l *library) opened() opened {
	l.Helper()
	var o opened
	l.want(l.script("GET", "", "", &o), 200)
	return o
}

// push is the body of a push.
func push(o opened, changes string) string {
	raw, err := json.Marshal(map[string]any{"client": o.Client, "version": o.Version, "changes": json.RawMessage(changes)})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestAPushIsTakenOrToldWhatItLacks(t *testing.T) {
	l := open(t)
	o := l.opened()
	if o.Text != "The pool ran dry." || !strings.HasPrefix(o.Client, o.Person+":") {
		t.Fatalf("opened %+v", o)
	}
	var taken struct{ Version int64 }
	l.want(l.script("POST", "", push(o, `[[4,[0,"whole "],13]]`), &taken), 200)
	if taken.Version != o.Version+1 {
		t.Errorf("taken as version %d", taken.Version)
	}
	var late struct {
		From  int64
		Steps []struct {
			Client  string
			Changes json.RawMessage
		}
	}
	l.want(l.script("POST", "", push(o, `[[17,[0,"😀"]]]`), &late), 409)
	if late.From != o.Version || len(late.Steps) != 1 || string(late.Steps[0].Changes) != `[4,[0,"whole "],13]` || late.Steps[0].Client != o.Client {
		t.Errorf("a late push lacks %+v", late)
	}
	var now struct {
		Version int64
		Changes json.RawMessage
	}
	l.want(l.script("POST", "/rejoin", `{"text": "The pool ran dry."}`, &now), 200)
	if now.Version != taken.Version || string(now.Changes) != `[4,[0,"whole "],13]` {
		t.Errorf("coming back: %d %s", now.Version, now.Changes)
	}
	l.want(l.script("POST", "/cursor", `{"client": "`+o.Client+`", "version": 1, "anchor": 2, "head": 3}`, nil), 204)
	var done struct{ Version, Revision int64 }
	l.want(l.script("POST", "/done", `{}`, &done), 200)
	if done.Revision == 0 {
		t.Error("what one wrote alone cannot be taken back")
	}
	l.want(l.form("/p/1/undo", url.Values{"revision": {strconv.FormatInt(done.Revision, 10)}}), 303)
	if o := l.opened(); o.Text != "The pool ran dry." {
		t.Errorf("after undoing, those who write see %q", o.Text)
	}
}

func TestWhatIsNoPushIsRefused(t *testing.T) {
	l := open(t)
	o := l.opened()
	for name, body := range map[string]string{
		"no JSON":                        `client=x`,
		"nothing":                        push(o, `[]`),
		"a change of another text":       push(o, `[[3]]`),
		"half of a character":            push(o, `[[17,[0,"\ud83d"]]]`),
		"in the name of somebody else":   push(opened{Client: "other:1", Version: o.Version}, `[[17]]`),
		"without a name":                 push(opened{Version: o.Version}, `[[17]]`),
		"a text longer than any section": push(o, `[[17,[0,"`+strings.Repeat("x", 256<<10)+`"]]]`),
	} {
		if res := l.script("POST", "", body, nil); res.StatusCode != 422 {
			t.Errorf("%s is answered %s, want 422", name, res.Status)
		}
	}
	l.want(l.script("POST", "", push(opened{Client: o.Client, Version: o.Version + 7}, `[[17]]`), nil), 404)
	l.want(l.script("POST", "/cursor", `{"client": "other:1"}`, nil), 422)
	l.want(l.script("GET", "/live?version=0&client=other:1", "", nil), 422)
	l.want(l.script("GET", "/live?client="+o.Client, "", nil), 422)
	l.want(l.do("GET", "/p/1/write/nothing", "", "", nil, "Hindcast-Script", "1"), 404)
	l.want(l.do("POST", "/p/1/write/summary", "application/json", push(o, `[[17]]`), nil, "Sec-Fetch-Site", "cross-site"), 403)
	res := l.do("GET", "/p/1/write/summary", "", "", nil)
	if l.want(res, 303); res.Header.Get("Location") != "/p/1?edit=sections/summary#sections/summary" {
		t.Errorf("without a script it leads to %q", res.Header.Get("Location"))
	}
	if now := l.opened(); now.Version != o.Version || now.Text != o.Text {
		t.Errorf("something was taken: %+v", now)
	}
}

func TestOthersDoNotWriteAlong(t *testing.T) {
	l := open(t)
	o := l.opened()
	other := l.another()
	for _, x := range [][3]string{{"GET", "", ""}, {"POST", "", push(o, `[[17]]`)}, {"GET", "/live?version=0&client=" + o.Client, ""}, {"POST", "/cursor", "{}"}, {"POST", "/rejoin", "{}"}, {"POST", "/done", "{}"}} {
		if res := other.script(x[0], x[1], x[2], nil); res.StatusCode != 404 {
			t.Errorf("%s %s by somebody who takes no part = %s, want 404", x[0], x[1], res.Status)
		}
	}
	for _, to := range []string{"in-review", "approved"} {
		l.want(l.form("/p/1/move", url.Values{"to": {to}}), 303)
	}
	if res := l.script("POST", "", push(o, `[[17]]`), nil); res.StatusCode != 409 || strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		t.Errorf("a push after approval = %s of %s, want a message", res.Status, res.Header.Get("Content-Type"))
	}
}

func TestAStreamEndsWithTheRightToWrite(t *testing.T) {
	l := open(t)
	o := l.opened()
	r, err := http.NewRequestWithContext(t.Context(), "GET", l.url+"/p/1/write/summary/live?version=0&client="+url.QueryEscape(o.Client), nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := l.http.Do(r)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("following: %v %v", res, err)
	}
	defer func() { _ = res.Body.Close() }() // it is read to its end
	lines := bufio.NewScanner(res.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended before %q", want)
	}
	until("retry: ")
	writing := l.opened()
	writing.Client = o.Person + ":another"
	l.want(l.script("POST", "", push(writing, `[[17,[0," At 14:02."]]]`), nil), 200)
	until("event: written")
	until("id: 1")
	until(`data: {"people":`)
	if want := `"steps":[{"client":"` + o.Person + `:another","changes":[17,[0," At 14:02."]]}]`; !strings.Contains(lines.Text(), want) {
		t.Errorf("the stream says %s, want %s", lines.Text(), want)
	}
	l.want(l.form("/sign-out", nil), 303)
	until("event: gone")
	if lines.Scan() && strings.Contains(lines.Text(), "why") && lines.Scan() && lines.Scan() {
		t.Errorf("after its end the stream says %q", lines.Text())
	}
}

// TestWhoLeftPushesNoMore pushes by somebody whose right was found before, and has
// ended since.
func TestWhoLeftPushesNoMore(t *testing.T) {
	l := open(t)
	other := l.another()
	var me struct{ ID string }
	l.want(other.do("GET", "/api/v1/me", "", "", &me), 200)
	l.want(l.do("PUT", "/api/v1/incidents/1/participants/"+me.ID, "application/json", `{"part": "participant"}`, nil), 204)
	o := other.opened()
	var taken struct{ Version int64 }
	l.want(other.script("POST", "", push(o, `[[4,[0,"whole "],13]]`), &taken), 200)
	stale := o
	o.Version = taken.Version
	l.want(l.form("/p/1/unshare", url.Values{"person": {me.ID}}), 303)
	for name, body := range map[string]string{"a push": push(o, `[[23]]`), "a late push": push(stale, `[[17]]`)} {
		if res := other.script("POST", "", body, nil); res.StatusCode != 404 {
			t.Errorf("%s of who left = %s, want 404", name, res.Status)
		}
	}
}
