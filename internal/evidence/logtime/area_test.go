package logtime

import (
	"fmt"
	"testing"
)

func TestAreaLooksUpFewWords(t *testing.T) {
	var a area
	if !a.read([]byte("Europe/Berlin] stored")) {
		t.Fatal("Europe/Berlin is no place")
	}
	for i := range 100 {
		if a.read(fmt.Appendf(nil, "Listener/%d] stored", i)) {
			t.Errorf("Listener/%d is a place", i)
		}
	}
	if a.none != enoughWords {
		t.Errorf("%d words were looked up, want %d", a.none, enoughWords)
	}
	for _, b := range []string{"", "Eu", "Europe/Berlin stored", "EUROPE/Berlin]", "a/b]"} {
		if a.read([]byte(b)) {
			t.Errorf("%q is a place", b)
		}
	}
}
