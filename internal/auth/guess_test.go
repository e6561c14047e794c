package auth

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// TestAttemptsAtOnceAreCounted sends many passwords before the first is answered.
func TestAttemptsAtOnceAreCounted(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	h.member()
	const sent = 24
	codes := make([]hindcast.Code, sent)
	var all sync.WaitGroup
	for i := range sent {
		all.Go(func() {
			_, err := h.SignIn(t.Context(), Origin{Address: "192.0.2.1"}, "member@example.org", "a wrong password")
			codes[i] = hindcast.CodeOf(err)
		})
	}
	all.Wait()
	tried := 0
	for _, c := range codes {
		if c == hindcast.Denied {
			tried++
		}
	}
	if most := freeFailures + hashersAtOnce; tried > most {
		t.Errorf("%d of %d passwords sent at once were tried, want at most %d", tried, sent, most)
	}
}

// TestOthersBehindTheSameAddressSignIn holds a client back only after more
// failures than an account.
func TestOthersBehindTheSameAddressSignIn(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	h.member()
	from := Origin{Address: "192.0.2.1"}
	for range freeFailures + 2 {
		_, _ = h.SignIn(t.Context(), from, "admin@example.org", "a wrong password")
	}
	if _, err := h.SignIn(t.Context(), from, "member@example.org", good); err != nil {
		t.Errorf("SignIn of somebody else behind the address: %v", err)
	}
}

func TestAValidTokenNeverWaits(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	s := h.member()
	secret, _, err := h.CreateToken(t.Context(), s.Person.Viewer(), "script", []hindcast.Scope{hindcast.ScopeRead}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	from := Origin{Address: "192.0.2.1"}
	for range freeFailures + 3 {
		_, err = h.Bearer(t.Context(), from, "hct_somebody-elses-broken-script")
	}
	h.fails("the last of many unknown tokens", err, hindcast.Unavailable)
	if _, err := h.Bearer(t.Context(), from, secret); err != nil {
		t.Errorf("Bearer of a valid token from the same address: %v", err)
	}
}

func TestKeyOfClient(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1":            "client:192.0.2.1",
		"::ffff:192.0.2.1":     "client:::ffff:192.0.2.1",
		"2001:db8:1:2:3:4:5:6": "client:2001:db8:1:2::/64",
		"2001:db8:1:2::9":      "client:2001:db8:1:2::/64",
		"fe80::1%eth0":         "client:fe80::/64",
		"somewhere":            "client:somewhere",
	} {
		if got := keyOfClient(address); got != want {
			t.Errorf("keyOfClient(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestWhatStrangersTypeIsNotKept keeps neither long nor readable keys.
func TestWhatStrangersTypeIsNotKept(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	for _, email := range []string{strings.Repeat("x", 1<<20), "member@example.org"} {
		_, err := h.SignIn(t.Context(), Origin{Address: "192.0.2.1"}, email, "a wrong password")
		h.fails("an unknown address", err, hindcast.Denied)
	}
	keys, err := sqldb.All(t.Context(), h.db, func(scan func(...any) error) (key string, err error) {
		err = scan(&key)
		return key, err
	}, `select key from failed_attempt`)
	if err != nil || len(keys) != 3 {
		t.Fatalf("keys %q, %v; want those of two accounts and a client", keys, err)
	}
	for _, key := range keys {
		if len(key) > 50 || strings.ContainsAny(key, "@.:") {
			t.Errorf("the key %q is kept", key)
		}
	}
}

// TestServersCountTogether spreads attempts over two servers on one database.
func TestServersCountTogether(t *testing.T) {
	onBoth(t, func(h *house) {
		h.member()
		there := New(Config{DB: h.db, Now: func() time.Time { return h.clock }, Audit: h.audit})
		from := Origin{Address: "192.0.2.1"}
		var err error
		for i := range freeFailures + 1 {
			server := h.Auth
			if i%2 == 1 {
				server = there
			}
			_, err = server.SignIn(h.t.Context(), from, "member@example.org", "a wrong password")
			h.fails("a wrong password", err, hindcast.Denied)
		}
		for name, server := range map[string]*Auth{"one": h.Auth, "the other": there} {
			if _, err = server.SignIn(h.t.Context(), from, "member@example.org", good); hindcast.CodeOf(err) != hindcast.Unavailable {
				h.t.Errorf("after too many failures %s server answers %v, want Unavailable", name, err)
			}
		}
		h.clock = h.clock.Add(2 * time.Hour)
		if _, err = there.SignIn(h.t.Context(), from, "member@example.org", good); err != nil {
			h.t.Errorf("after a while: %v", err)
		}
		_, _ = h.SignIn(h.t.Context(), from, "member@example.org", "a wrong password")
		n, _, err := sqldb.Value[int](h.t.Context(), h.db, `select max(count) from failed_attempt`)
		if err != nil || n != 1 {
			h.t.Errorf("a failure after success counts %d, %v, want 1", n, err)
		}
	})
}

func TestReadingTokenEndsNoOtherToken(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	v := h.member().Person.Viewer()
	_, other, err := h.CreateToken(t.Context(), v, "deploys", []hindcast.Scope{hindcast.ScopeWrite}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	secret, own, err := h.CreateToken(t.Context(), v, "dashboard", []hindcast.Scope{hindcast.ScopeRead}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	reading, err := h.Bearer(t.Context(), Origin{}, secret)
	if err != nil {
		t.Fatal(err)
	}
	h.fails("ending another token", h.RevokeToken(t.Context(), reading, other.ID), hindcast.Denied)
	h.fails("ending itself", h.RevokeToken(t.Context(), reading, own.ID), "")
}

func TestNewPasswordEndsOtherLinks(t *testing.T) {
	h := open(t, t.TempDir()+"/hindcast.db")
	admin := h.admin()
	first, err := h.Reset(t.Context(), admin.Person.Viewer(), admin.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Reset(t.Context(), admin.Person.Viewer(), admin.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Use(t.Context(), Origin{}, second.Secret, "", "", good+" staple"); err != nil {
		t.Fatal(err)
	}
	_, err = h.Use(t.Context(), Origin{}, first.Secret, "", "", good+" stolen")
	h.fails("the link that was made before", err, hindcast.NotFound)
}
