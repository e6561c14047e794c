package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// house is an Auth with a clock that the test moves.
type house struct {
	*Auth
	t     *testing.T
	clock time.Time
	acts  []string
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(*house)) {
	t.Run("sqlite", func(t *testing.T) { story(open(t, filepath.Join(t.TempDir(), "hindcast.db"))) })
	t.Run("postgres", func(t *testing.T) { story(open(t, postgres.URL(t))) })
}

func open(t *testing.T, url string) *house {
	t.Helper()
	db, err := sqldb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context(), os.DirFS("../store/migrations")); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, clock: time.Date(2024, 3, 15, 12, 0, 0, 0, time.UTC)}
	h.Auth = New(Config{DB: db, Now: func() time.Time { return h.clock },
		Audit: func(_ context.Context, _ *sqldb.Tx, by hindcast.Viewer, act string, detail any) error {
			h.acts = append(h.acts, strings.TrimSpace(fmt.Sprint(act, " ", detail)))
			return nil
		}})
	return h
}

const good = "correct horse battery"

// admin sets the library up and returns the first session.
func (h *house) admin() Session {
	h.t.Helper()
	link, err := h.Setup(h.t.Context())
	if err != nil || link == nil {
		h.t.Fatalf("Setup = %v, %v", link, err)
	}
	s, err := h.Use(h.t.Context(), Origin{}, link.Secret, "admin@example.org", "Engineer A", good)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) member() Session {
	h.t.Helper()
	l, err := h.Invite(h.t.Context(), h.admin().Person.Viewer(), "Member@example.org ", hindcast.RoleMember)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := h.Use(h.t.Context(), Origin{}, l.Secret, "", "Engineer B", good)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// fails checks the code of an error and that it holds no secret.
func (h *house) fails(what string, err error, want hindcast.Code, secrets ...string) {
	h.t.Helper()
	if got := hindcast.CodeOf(err); got != want {
		h.t.Errorf("%s: error %v has code %q, want %q", what, err, got, want)
	}
	for _, s := range secrets {
		if err != nil && strings.Contains(err.Error(), s) {
			h.t.Errorf("%s: the error holds the secret", what)
		}
	}
}

func TestFirstAdmin(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		old, err := h.Setup(ctx)
		if err != nil {
			h.t.Fatal(err)
		}
		s := h.admin()
		if s.Person.Role != hindcast.RoleAdmin || s.Person.Email != "admin@example.org" {
			h.t.Errorf("the first person is %+v, want an admin", s.Person)
		}
		if link, err := h.Setup(ctx); link != nil || err != nil {
			h.t.Errorf("Setup with people = %v, %v, want none", link, err)
		}
		_, err = h.Use(ctx, Origin{}, old.Secret, "other@example.org", "Other", good)
		h.fails("an earlier set-up link", err, hindcast.NotFound, old.Secret)
		p, err := h.Session(ctx, s.Secret)
		if err != nil || p.ID != s.Person.ID {
			h.t.Errorf("Session = %+v, %v, want the admin", p, err)
		}
	})
}

func TestLinkWorksOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.admin().Person.Viewer()
		l, err := h.Invite(ctx, admin, "b@example.org", hindcast.RoleReader)
		if err != nil {
			h.t.Fatal(err)
		}
		_, err = h.Use(ctx, Origin{}, l.Secret, "", "Engineer B", "short")
		h.fails("a short password", err, hindcast.Invalid, "short")
		if _, err = h.Use(ctx, Origin{}, l.Secret, "", "Engineer B", good); err != nil {
			h.t.Fatal(err)
		}
		_, err = h.Use(ctx, Origin{}, l.Secret, "", "Engineer B", good)
		h.fails("a used link", err, hindcast.NotFound, l.Secret)

		late, err := h.Invite(ctx, admin, "c@example.org", hindcast.RoleReader)
		if err != nil {
			h.t.Fatal(err)
		}
		h.clock = h.clock.Add(inviteFor + time.Second)
		_, err = h.Use(ctx, Origin{}, late.Secret, "", "Engineer C", good)
		h.fails("a late link", err, hindcast.NotFound)

		again, err := h.Invite(ctx, admin, "b@example.org", hindcast.RoleReader)
		if err != nil {
			h.t.Fatal(err)
		}
		_, err = h.Use(ctx, Origin{}, again.Secret, "", "Engineer B", good)
		h.fails("an address that has an account", err, hindcast.Conflict)
	})
}

func TestSignIn(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		h.admin()
		s, err := h.SignIn(ctx, Origin{}, " Admin@Example.org", good)
		if err != nil {
			h.t.Fatal(err)
		}
		_, wrong := h.SignIn(ctx, Origin{}, "admin@example.org", "wrong password")
		_, nobody := h.SignIn(ctx, Origin{}, "nobody@example.org", good)
		h.fails("a wrong password", wrong, hindcast.Denied, "wrong password")
		if wrong.Error() != nobody.Error() {
			h.t.Errorf("errors tell accounts apart: %q, %q", wrong, nobody)
		}
		if err := h.SignOut(ctx, s.Secret, false); err != nil {
			h.t.Fatal(err)
		}
		_, err = h.Session(ctx, s.Secret)
		h.fails("an ended session", err, hindcast.Denied, s.Secret)
	})
}

func TestSignInHasToWaitAfterFailures(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		h.admin()
		for i := range freeFailures + 1 {
			_, err := h.SignIn(ctx, Origin{Address: fmt.Sprint("10.0.0.", i)}, "admin@example.org", "wrong password")
			h.fails("a wrong password", err, hindcast.Denied)
		}
		_, err := h.SignIn(ctx, Origin{Address: "10.0.0.99"}, "admin@example.org", good)
		h.fails("the right password at once", err, hindcast.Unavailable)
		h.clock = h.clock.Add(firstWait)
		if _, err := h.SignIn(ctx, Origin{Address: "10.0.0.99"}, "admin@example.org", good); err != nil {
			h.t.Errorf("the right password after waiting: %v", err)
		}
	})
}

func TestSessionEnds(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		s := h.admin()
		for range 3 { // in use it goes on
			h.clock = h.clock.Add(10 * 24 * time.Hour)
			if _, err := h.Session(ctx, s.Secret); err != nil {
				h.t.Fatalf("after ten more days: %v", err)
			}
		}
		h.clock = h.clock.Add(14*24*time.Hour + time.Second)
		_, err := h.Session(ctx, s.Secret)
		h.fails("an unused session", err, hindcast.Denied)
	})
}

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		one := h.admin()
		two, err := h.SignIn(ctx, Origin{}, "admin@example.org", good)
		if err != nil {
			h.t.Fatal(err)
		}
		h.fails("a wrong present password", h.ChangePassword(ctx, one.Secret, "not this one", "another good one"), hindcast.Denied)
		if err := h.ChangePassword(ctx, one.Secret, good, "another good one"); err != nil {
			h.t.Fatal(err)
		}
		if _, err := h.Session(ctx, one.Secret); err != nil {
			h.t.Errorf("the session that changed it: %v", err)
		}
		_, err = h.Session(ctx, two.Secret)
		h.fails("the other session", err, hindcast.Denied)
		if _, err := h.SignIn(ctx, Origin{}, "admin@example.org", "another good one"); err != nil {
			h.t.Error(err)
		}
	})
}

func TestLastAdminStays(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		admin := h.admin().Person
		h.fails("the last admin steps down", h.SetRole(ctx, admin.Viewer(), admin.ID, hindcast.RoleMember, false), hindcast.Conflict)
		h.fails("the last admin is switched off", h.SetRole(ctx, admin.Viewer(), admin.ID, hindcast.RoleAdmin, true), hindcast.Conflict)
	})
}

func TestDisabledPersonIsOut(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		s := h.member()
		secret, _, err := h.CreateToken(ctx, s.Person.Viewer(), "script", []hindcast.Scope{hindcast.ScopeRead}, time.Time{})
		if err != nil {
			h.t.Fatal(err)
		}
		people, err := h.People(ctx, s.Person.Viewer())
		if err != nil || len(people) != 2 {
			h.t.Fatalf("People = %v, %v, want two", people, err)
		}
		admin := people[0]
		if admin.Email != "" {
			h.t.Error("a member sees the addresses of others")
		}
		h.fails("a member changes roles", h.SetRole(ctx, s.Person.Viewer(), admin.ID, hindcast.RoleReader, false), hindcast.Denied)
		if err := h.SetRole(ctx, hindcast.Viewer{PersonID: admin.ID, Role: hindcast.RoleAdmin}, s.Person.ID, hindcast.RoleMember, true); err != nil {
			h.t.Fatal(err)
		}
		_, err = h.Session(ctx, s.Secret)
		h.fails("session of a disabled person", err, hindcast.Denied)
		_, err = h.Bearer(ctx, Origin{}, secret)
		h.fails("token of a disabled person", err, hindcast.Denied, secret)
		_, err = h.SignIn(ctx, Origin{}, "member@example.org", good)
		h.fails("sign-in of a disabled person", err, hindcast.Denied)
	})
}

func TestToken(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		v := h.admin().Person.Viewer()
		secret, token, err := h.CreateToken(ctx, v, "nightly export", []hindcast.Scope{hindcast.ScopeRead}, h.clock.Add(time.Hour))
		if err != nil {
			h.t.Fatal(err)
		}
		got, err := h.Bearer(ctx, Origin{}, secret)
		if err != nil || got.PersonID != v.PersonID || got.TokenID != token.ID || got.MayWrite() || !got.MayRead() {
			h.t.Errorf("Bearer = %+v, %v, want a reading token of the admin", got, err)
		}
		_, _, err = h.CreateToken(ctx, got, "more", []hindcast.Scope{hindcast.ScopeAdmin}, time.Time{})
		h.fails("a token makes a token", err, hindcast.Denied)
		list, err := h.Tokens(ctx, v)
		if err != nil || len(list) != 1 || list[0].Used.IsZero() {
			h.t.Errorf("Tokens = %+v, %v, want the one that was used", list, err)
		}
		h.clock = h.clock.Add(time.Hour)
		_, err = h.Bearer(ctx, Origin{}, secret)
		h.fails("a token that has ended", err, hindcast.Denied, secret)
		if err := h.RevokeToken(ctx, v, token.ID); err != nil {
			h.t.Fatal(err)
		}
		h.fails("revoking it twice", h.RevokeToken(ctx, v, token.ID), hindcast.NotFound)
	})
}

func TestActsAreAuditedWithoutSecrets(t *testing.T) {
	onBoth(t, func(h *house) {
		s := h.member()
		want := []string{"person.setup", "session.link", "person.invite member", "person.invite", "session.link"}
		if fmt.Sprint(h.acts) != fmt.Sprint(want) {
			h.t.Errorf("acts = %q, want %q", h.acts, want)
		}
		for _, act := range h.acts {
			if strings.Contains(act, s.Secret) {
				h.t.Errorf("act %q holds a secret", act)
			}
		}
	})
}

func TestAuditFailureUndoesTheAct(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := h.t.Context()
		v := h.admin().Person.Viewer()
		broken := errors.New("no room for the audit")
		h.audit = func(context.Context, *sqldb.Tx, hindcast.Viewer, string, any) error { return broken }
		if _, _, err := h.CreateToken(ctx, v, "script", []hindcast.Scope{hindcast.ScopeRead}, time.Time{}); !errors.Is(err, broken) {
			h.t.Errorf("CreateToken = %v, want the audit's error", err)
		}
		if list, err := h.Tokens(ctx, v); err != nil || len(list) != 0 {
			h.t.Errorf("Tokens = %v, %v, want none", list, err)
		}
	})
}

func TestDemoRefusesRealPeople(t *testing.T) {
	onBoth(t, func(h *house) {
		v, first, err := h.Demo(h.t.Context())
		if err != nil || !first || !v.MayAdminister() {
			h.t.Fatalf("Demo = %+v, %t, %v, want an admin for the first time", v, first, err)
		}
		if _, again, err := h.Demo(h.t.Context()); err != nil || again {
			h.t.Errorf("Demo again = %t, %v", again, err)
		}
		if is, err := h.IsDemo(h.t.Context()); err != nil || !is {
			h.t.Errorf("IsDemo = %t, %v", is, err)
		}
	})
	onBoth(t, func(h *house) {
		h.admin()
		_, _, err := h.Demo(h.t.Context())
		h.fails("a demo among real people", err, hindcast.Conflict)
		if h.demo != nil {
			h.t.Error("everybody is let in among real people")
		}
	})
}

func TestViewerOfRequest(t *testing.T) {
	onBoth(t, func(h *house) {
		s := h.admin()
		secret, _, err := h.CreateToken(h.t.Context(), s.Person.Viewer(), "script", []hindcast.Scope{hindcast.ScopeRead}, time.Time{})
		if err != nil {
			h.t.Fatal(err)
		}
		request := func(change func(*http.Request)) (hindcast.Viewer, error) {
			r := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, "/", nil)
			change(r)
			return h.Viewer(r)
		}
		_, err = request(func(*http.Request) {})
		h.fails("a request of nobody", err, hindcast.Denied)
		v, err := request(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: Cookie, Value: s.Secret}) })
		if err != nil || v.PersonID != s.Person.ID || v.Scopes != nil {
			h.t.Errorf("with a cookie = %+v, %v", v, err)
		}
		v, err = request(func(r *http.Request) { r.Header.Set("Authorization", "bearer "+secret) })
		if err != nil || v.TokenID == "" {
			h.t.Errorf("with a token = %+v, %v", v, err)
		}
		_, err = request(func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+secret+"x")
			r.AddCookie(&http.Cookie{Name: Cookie, Value: s.Secret})
		})
		h.fails("a wrong token beside a good cookie", err, hindcast.Denied)
	})
}
