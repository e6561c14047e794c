package scope_test

import (
	"fmt"
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// What people report as a matter of course is no talk of the incident; the same sentence
// told several times while it lasts is.
func TestHushLeavesOutReels(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		from       int // minutes after 08:00
		want       bool
	}{
		{"every few minutes", "wind %d km/h at the viaduct", 0, true},
		{"in the incident alone", "wind %d km/h at the viaduct", 125, false},
		{"the end of incidents", "incident %d is resolved, closing it", 0, false},
	} {
		var s facttest.Story
		for i := range 9 {
			at := tt.from + 20*i
			if tt.from > 0 {
				at = tt.from + i
			}
			s.SayIn("ops", fmt.Sprintf("%02d:%02d", 8+at/60, at%60), "Engineer A", fmt.Sprintf(tt.text, 20+i))
		}
		s.Page("10:05", "812", "cart-api", "CartErrors")
		facts, _ := s.Facts()
		scope.Hush(facts, lexicon.NewVocabulary(s.Events, signal.Set{}))
		for _, f := range facts {
			if f.Speech.Reeled != tt.want && f.Channel == "ops" {
				t.Errorf("%s: %q is a reel: %t, want %t", tt.name, f.Text(), f.Speech.Reeled, tt.want)
				break
			}
		}
	}
}
