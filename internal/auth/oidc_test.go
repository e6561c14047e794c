package auth

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/hindcast/hindcast"
)

const callback = "http://127.0.0.1:8080/sign-in/callback"

// provider starts an OpenID Connect provider with two people in it.
func provider(t *testing.T) string {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	storage.RegisterClients(storage.WebClient("hindcast", "client-secret", callback))
	handler = exampleop.SetupServer(server.URL, storage.NewStorage(storage.NewUserStore(server.URL)), nil, false, op.WithAllowInsecure())
	log := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil))) // the provider logs every request
	t.Cleanup(func() { slog.SetDefault(log) })
	return server.URL
}

// browse signs somebody in at the provider as a browser would, and returns what
// it sends back.
func browse(t *testing.T, start, user string) (state, code string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := client.Get(start)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindSubmatch(page)
	if id == nil {
		t.Fatalf("the provider shows no form: %s", page)
	}
	res, err = client.PostForm(res.Request.URL.String(), url.Values{"username": {user}, "password": {"verysecure"}, "id": {string(id[1])}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if back == nil {
		t.Fatalf("the provider sent nobody back: %s", res.Status)
	}
	return back.Query().Get("state"), back.Query().Get("code")
}

func TestSingleSignOn(t *testing.T) {
	issuer := provider(t)
	h := open(t, t.TempDir()+"/hindcast.db")
	h.clock = time.Now()
	ctx := t.Context()
	h.admin()
	sso, err := h.SSO(OIDCConfig{Issuer: issuer, ClientID: "hindcast", ClientSecret: "client-secret", RedirectURL: callback, Role: hindcast.RoleMember}, http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	enter := func() (Session, error) {
		start, secret, err := sso.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		state, code := browse(t, start, "test-user2")
		return sso.Finish(ctx, Origin{}, secret, state, code)
	}
	first, err := enter()
	if err != nil {
		t.Fatal(err)
	}
	if first.Person.Email != "test-user2@zitadel.ch" || first.Person.Role != hindcast.RoleMember {
		t.Errorf("signed in as %+v, want a member with the provider's address", first.Person)
	}
	if p, err := h.Session(ctx, first.Secret); err != nil || p.ID != first.Person.ID {
		t.Errorf("Session = %+v, %v", p, err)
	}
	again, err := enter()
	if err != nil || again.Person.ID != first.Person.ID {
		t.Errorf("the second time = %+v, %v, want the same person", again.Person, err)
	}

	t.Run("another's answer", func(t *testing.T) {
		start, secret, err := sso.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, code := browse(t, start, "test-user2")
		_, err = sso.Finish(ctx, Origin{}, secret, "forged", code)
		h.fails("a forged state", err, hindcast.Denied, code)
		state, code := browse(t, start, "test-user2")
		_, err = sso.Finish(ctx, Origin{}, secret, state, code)
		h.fails("a flow used twice", err, hindcast.Denied, code)
	})
	t.Run("an address from elsewhere", func(t *testing.T) {
		narrow, err := h.SSO(OIDCConfig{Issuer: issuer, ClientID: "hindcast", ClientSecret: "client-secret", RedirectURL: callback, Domains: []string{"example.org"}}, http.DefaultClient)
		if err != nil {
			t.Fatal(err)
		}
		start, secret, err := narrow.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		state, code := browse(t, start, "test-user@127.0.0.1")
		_, err = narrow.Finish(ctx, Origin{}, secret, state, code)
		h.fails("another domain", err, hindcast.Denied)
	})
	t.Run("no provider", func(t *testing.T) {
		gone, err := h.SSO(OIDCConfig{Issuer: "http://127.0.0.1:1", ClientID: "hindcast", RedirectURL: callback}, http.DefaultClient)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = gone.Begin(ctx)
		h.fails("a provider that is down", err, hindcast.Unavailable)
	})
}
