package shelf_test

import (
	"errors"
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

func TestWhatFailsIsNotKept(t *testing.T) {
	s := shelf.New[string](2)
	broken := errors.New("broken")
	if _, err := s.Try("a", func() (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Errorf("Try = %v, want %v", err, broken)
	}
	if got := s.Get("a", func() string { return "whole" }); got != "whole" {
		t.Errorf("after a failure Get = %q, want what was made anew", got)
	}
}
