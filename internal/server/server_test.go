package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	if serveUntilKilled() {
		return
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// running is a server with what it logged.
type running struct {
	*server.Server
	*testing.T
	url  string
	log  *bytes.Buffer
	stop func() // ends one that listens
}

func start(t *testing.T, change func(*config.Config), opt server.Options) *running {
	t.Helper()
	c := config.Default()
	c.Addr, c.Data, c.Log.Level = "127.0.0.1:0", t.TempDir(), "debug"
	if change != nil {
		change(&c)
	}
	log := &bytes.Buffer{}
	opt.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := server.New(t.Context(), c, opt)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		h.Close()
		s.Workflow().Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &running{s, t, h.URL, log, nil}
}

// person is a browser with somebody in front of it.
type person struct {
	*running
	http *http.Client
}

func (r *running) browser() *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.Fatal(err)
	}
	return &person{r, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// admin makes the first account with the link of the terminal.
func (r *running) admin() *person {
	r.Helper()
	link, err := r.Setup(r.Context())
	if err != nil || link == "" {
		r.Fatalf("Setup = %q, %v", link, err)
	}
	u, err := url.Parse(link)
	if err != nil {
		r.Fatal(err)
	}
	p := r.browser()
	p.use(u.Path, "admin@example.org", "Admin")
	return p
}

// use uses a link.
func (p *person) use(path, email, name string) {
	p.Helper()
	res, body := p.do("POST", path, "application/x-www-form-urlencoded", url.Values{"email": {email}, "name": {name}, "password": {"correct horse battery"}}.Encode())
	if res.StatusCode != http.StatusSeeOther {
		p.Fatalf("using a link: %s %s", res.Status, body)
	}
}

// invited makes an account with an invitation.
func (p *person) invited(email, role string) *person {
	p.Helper()
	var link struct{ Path string }
	p.api("POST", "/people/invitations", map[string]string{"email": email, "role": role}, &link)
	next := p.running.browser()
	next.use(link.Path, email, "Somebody")
	return next
}

func (p *person) do(method, path, kind, body string) (*http.Response, string) {
	p.Helper()
	req, err := http.NewRequestWithContext(p.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := p.http.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		p.Fatal(err)
	}
	return res, string(text)
}

// api calls the API and decodes the answer.
func (p *person) api(method, path string, body, out any) {
	p.Helper()
	text := ""
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		text = string(raw)
	}
	res, answer := p.do(method, "/api/v1"+path, "application/json", text)
	if res.StatusCode >= 300 {
		p.Fatalf("%s %s: %s %s", method, path, res.Status, answer)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(answer), out); err != nil {
			p.Fatalf("%s %s: %v in %s", method, path, err, answer)
		}
	}
}

// operation is one of the described ones.
type operation struct{ method, path string }

func (p *person) operations() []operation {
	p.Helper()
	var description struct {
		Paths map[string]map[string]json.RawMessage
	}
	_, text := p.do("GET", "/api/v1/openapi.json", "", "")
	if err := json.Unmarshal([]byte(text), &description); err != nil {
		p.Fatal(err)
	}
	var out []operation
	for path, methods := range description.Paths {
		for m := range methods {
			out = append(out, operation{strings.ToUpper(m), path})
		}
	}
	slices.SortFunc(out, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	if len(out) < 30 {
		p.Fatalf("only %d operations are described", len(out))
	}
	return out
}

// TestEveryRouteOfTheAPIAsksWhoIsThere walks the description.
func TestEveryRouteOfTheAPIAsksWhoIsThere(t *testing.T) {
	r := start(t, nil, server.Options{})
	nobody := r.browser()
	for _, op := range r.admin().operations() {
		path := strings.NewReplacer("{ref}", "1", "{id}", "1", "{sha256}", strings.Repeat("a", 64), "{revision}", "1", "{person}", "x").Replace(op.path)
		res, body := nobody.do(op.method, path, "application/json", "{}")
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s %s without sign-in: %s %s", op.method, op.path, res.Status, body)
		}
	}
	for _, path := range []string{"/api/v1/openapi.json", "/api/v1/nothing"} {
		if res, _ := nobody.do("GET", path, "", ""); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("GET %s without sign-in: %s", path, res.Status)
		}
	}
}

// TestPrivateStaysPrivateInTheAPI walks the description as somebody who takes no
// part, looking for a word that only a private incident holds.
func TestPrivateStaysPrivateInTheAPI(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			r := start(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			}, server.Options{})
			admin := r.admin()
			owner, other := admin.invited("owner@example.org", "member"), admin.invited("other@example.org", "member")
			const word = "zanzibar"
			var d struct {
				ID     string
				Number int
			}
			owner.api("POST", "/incidents", map[string]any{"title": word + " outage", "services": []string{word}, "private": true, "private_reason": word}, &d)
			owner.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []any{
				map[string]any{"path": "actions/a", "value": map[string]any{"description": "Protect " + word, "status": "open"}},
				map[string]any{"path": "timeline/e", "value": map[string]any{"title": word, "kind": "symptom", "actor": map[string]string{"kind": "system"}}},
			}}, nil)
			for _, ref := range []string{d.ID, fmt.Sprint(d.Number)} {
				for _, op := range admin.operations() {
					if op.method == "DELETE" || strings.Contains(op.path, "/me/") || strings.HasSuffix(op.path, "/join") {
						continue
					}
					path := strings.NewReplacer("{ref}", ref, "{id}", ref, "{sha256}", strings.Repeat("a", 64), "{revision}", "1", "{person}", "x").Replace(op.path)
					for _, who := range []*person{other, admin} {
						for _, query := range []string{"", "?q=" + word, "?prefix=" + word, "?incident=" + d.ID, "?mine=true", "?deleted=true"} {
							res, body := who.do(op.method, path+query, "application/json", `{"changes":[{"path":"owner"}],"to":"published","reason":"x","part":"lead","private":false,"note":"x"}`)
							if strings.Contains(body, word) {
								t.Errorf("%s %s%s tells of a private incident: %s %s", op.method, op.path, query, res.Status, body)
							}
							if strings.Contains(op.path, "{ref}") && res.StatusCode < 400 {
								t.Errorf("%s %s%s on another's private incident: %s", op.method, op.path, query, res.Status)
							}
						}
					}
				}
			}
			// The walk has left it as it was.
			var now struct{ Version int }
			owner.api("GET", "/incidents/"+d.ID, nil, &now)
			if now.Version != 2 {
				t.Errorf("version = %d after the walk, want 2", now.Version)
			}
		})
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	r := start(t, nil, server.Options{})
	admin := r.admin()
	req, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/api/v1/incidents", strings.NewReader(`{"title":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := admin.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("a post of another site: %s, want 403", res.Status)
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	r := start(t, nil, server.Options{})
	admin := r.admin()
	var token struct{ Secret string }
	admin.api("POST", "/me/tokens", map[string]any{"name": "script", "scopes": []string{"read"}}, &token)
	admin.do("POST", "/sign-in", "application/x-www-form-urlencoded", url.Values{"email": {"admin@example.org"}, "password": {"a wrong password"}}.Encode())
	for _, secret := range []string{token.Secret, "correct horse battery", "a wrong password", "hcs_", "hcl_"} {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(r.log.String(), "route=") {
		t.Error("nothing was logged")
	}
}

func TestTwoServersShareOneLibrary(t *testing.T) {
	t.Parallel()
	url := postgres.URL(t)
	shared := t.TempDir()
	on := func(c *config.Config) { c.DB, c.Data = url, shared }
	a := start(t, on, server.Options{})
	admin := a.admin()
	b := start(t, on, server.Options{})
	there := &person{b, admin.http}
	for i := range 20 {
		var d struct{ ID string }
		admin.api("POST", "/incidents", map[string]string{"title": fmt.Sprint("Outage ", i)}, &d)
		var seen struct {
			Version    int
			Postmortem struct{ Incident struct{ Title string } }
		}
		// Cookies of a test server go to every port of one host.
		there.api("GET", "/incidents/"+d.ID, nil, &seen)
		if seen.Postmortem.Incident.Title != fmt.Sprint("Outage ", i) {
			t.Fatalf("the other server shows %+v", seen)
		}
		there.api("PATCH", "/incidents/"+d.ID, map[string]any{"changes": []any{map[string]any{"path": "owner", "value": "Team B"}}}, nil)
		var back struct{ Postmortem struct{ Owner string } }
		admin.api("GET", "/incidents/"+d.ID, nil, &back)
		if back.Postmortem.Owner != "Team B" {
			t.Fatalf("the first server shows owner %q", back.Postmortem.Owner)
		}
	}
}

func TestGracefulStop(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Addr, c.Data = "127.0.0.1:0", t.TempDir()
	s, err := server.New(t.Context(), c, server.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	res, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("health = %v, %v", res, err)
	}
	_ = res.Body.Close()
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not stop")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	// The folder is that of a demo from now on.
	if _, err := server.New(t.Context(), c, server.Options{}); err == nil || !strings.Contains(err.Error(), "demo") {
		t.Errorf("serving a demo's folder in earnest = %v, want a refusal", err)
	}
}

// TestTracesHoldNoPath starts a collector and looks at what it is sent.
func TestTracesHoldNoPath(t *testing.T) {
	t.Parallel()
	sent := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent <- string(body)
	}))
	t.Cleanup(collector.Close)
	c := config.Default()
	c.Addr, c.Data, c.Traces = "127.0.0.1:0", t.TempDir(), collector.URL
	s, err := server.New(t.Context(), c, server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	res, err := http.Get("http://" + l.Addr().String() + "/link/a-secret-of-a-link")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	stop()
	if err := errors.Join(<-done, s.Close()); err != nil {
		t.Error(err)
	}
	body := <-sent
	if !strings.Contains(body, "GET /link/{secret}") {
		t.Error("the trace does not name the route")
	}
	if strings.Contains(body, "a-secret-of-a-link") {
		t.Error("the trace holds the secret of a link")
	}
}
