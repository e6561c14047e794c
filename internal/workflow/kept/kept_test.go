package kept

import (
	"errors"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store/page"
)

func TestNoTwoListsMakeTheSameHash(t *testing.T) {
	seen := map[string][]string{}
	for _, list := range [][]string{nil, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"ab", ""}, {"", "ab"}, {"\x01a"}, {"a\x01b"}} {
		h := hash(list...)
		if other, ok := seen[h]; ok {
			t.Errorf("%q and %q make the same hash", list, other)
		}
		seen[h] = list
	}
}

// TestTheKeyIsForWhoMayDoTheSame changes one thing at a time of what a page is
// kept for.
func TestTheKeyIsForWhoMayDoTheSame(t *testing.T) {
	key := func(change func(*Head, *Config, *string)) Key {
		t.Helper()
		h := &Head{page.Head{Num: 12, ID: "id", Version: 3, Status: hindcast.StatusPublished}, hindcast.Viewer{PersonID: "a", Role: hindcast.RoleMember}}
		c, look := Config{Build: func() (string, error) { return "b1", nil }, Policy: hindcast.DefaultPolicy()}, "1"
		change(h, &c, &look)
		k, err := New(c).KeyOf(h, look)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	want := key(func(*Head, *Config, *string) {})
	for name, change := range map[string]func(*Head, *Config, *string){
		"another reader": func(h *Head, _ *Config, _ *string) { h.viewer.PersonID = "b" },
		"an admin":       func(h *Head, _ *Config, _ *string) { h.viewer.Role = hindcast.RoleAdmin },
	} {
		if got := key(change); got != want {
			t.Errorf("%s: key %v, want the same as for everybody, %v", name, got, want)
		}
	}
	for name, change := range map[string]func(*Head, *Config, *string){
		"number":   func(h *Head, _ *Config, _ *string) { h.Num++ },
		"id":       func(h *Head, _ *Config, _ *string) { h.ID += "x" },
		"version":  func(h *Head, _ *Config, _ *string) { h.Version++ },
		"time":     func(h *Head, _ *Config, _ *string) { h.UpdatedAt = h.UpdatedAt.AddDate(2024, 0, 0) },
		"status":   func(h *Head, _ *Config, _ *string) { h.Status = hindcast.StatusApproved },
		"private":  func(h *Head, _ *Config, _ *string) { h.Private = true },
		"lead":     func(h *Head, _ *Config, _ *string) { h.Role = "lead" },
		"reviewer": func(h *Head, _ *Config, _ *string) { h.Role = "reviewer" },
		"policy":   func(_ *Head, c *Config, _ *string) { c.Policy.Severities[0].DraftDays++ },
		"build":    func(_ *Head, c *Config, _ *string) { c.Build = func() (string, error) { return "b2", nil } },
		"look":     func(_ *Head, _ *Config, look *string) { *look = "2" },
	} {
		if got := key(change); got.Hash == want.Hash {
			t.Errorf("another %s leaves the key as it is", name)
		}
	}
}

func TestAProgramThatCannotBeToldKeepsNothing(t *testing.T) {
	broken := errors.New("no such file")
	s := New(Config{Build: func() (string, error) { return "", broken }})
	if _, err := s.KeyOf(&Head{}, ""); !errors.Is(err, broken) {
		t.Errorf("KeyOf = %v, want %v", err, broken)
	}
	first, err := program()
	again, err2 := program()
	if err != nil || err2 != nil || first != again || len(first) != 32 {
		t.Errorf("program = %q %v, then %q %v", first, err, again, err2)
	}
}
