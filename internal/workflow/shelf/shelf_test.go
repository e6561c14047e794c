package shelf_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/workflow/shelf"
)

func TestTheLastUsedStay(t *testing.T) {
	s := shelf.New[string](2)
	made := 0
	get := func(key string) {
		if got := s.Get(key, func() string { made++; return "value of " + key }); got != "value of "+key {
			t.Errorf("Get(%q) = %q", key, got)
		}
	}
	for _, step := range []struct {
		key  string
		made int
	}{{"a", 1}, {"b", 2}, {"a", 2}, {"c", 3}, {"a", 3}, {"b", 4}, {"a", 4}} {
		if get(step.key); made != step.made {
			t.Errorf("after %q %d were made, want %d", step.key, made, step.made)
		}
	}
}
