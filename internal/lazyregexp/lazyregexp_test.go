package lazyregexp_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func TestFromCallsOnceAtFirstUse(t *testing.T) {
	calls := 0
	re := lazyregexp.From(func() string { calls++; return `a(b+)` })
	if calls != 0 {
		t.Errorf("the expression was asked for %d times before it was used", calls)
	}
	if got := re.FindStringSubmatch("xabbc"); len(got) != 2 || got[1] != "bb" {
		t.Errorf("FindStringSubmatch = %q, want abb and bb", got)
	}
	if re.MatchString("acb"); calls != 1 {
		t.Errorf("the expression was asked for %d times, want 1", calls)
	}
}

func TestNewPanicsAtFirstUseOfWhatDoesNotCompile(t *testing.T) {
	re := lazyregexp.New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("MatchString of an expression that does not compile returns")
		}
	}()
	re.MatchString("x")
}
