package phase_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// TestFindAfterItCameAgain is about an incident that people closed at first: what got
// better before it came again did not last, and what first noticed it counts.
func TestFindAfterItCameAgain(t *testing.T) {
	for _, tt := range []struct {
		name string
		tell func(s *facttest.Story)
		want moments
	}{
		{"closed by who took it", func(s *facttest.Story) {
			s.Say("08:05", "Engineer A", "restarted the pods, they are up again and take traffic")
			s.Close("08:09", "811", "Engineer A")
		}, moments{"08:00:00", "08:00:00", "08:02:00", "10:14:00", "10:30:00"}},
		{"closed without a deed", func(s *facttest.Story) {
			s.Say("08:05", "Engineer A", "both work again, memory looks fine now")
			s.Close("08:09", "811", "Engineer A")
		}, moments{"08:00:00", "08:00:00", "08:02:00", "10:14:00", "10:30:00"}},
		{"closed without a word", func(s *facttest.Story) {
			s.Close("08:09", "811", "Engineer A")
		}, moments{"08:00:00", "08:00:00", "08:02:00", "10:14:00", "10:30:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("08:00", "811", "cart-api", "Pods of cart-api crash")
			s.Ack("08:02", "811", "Engineer A")
			tt.tell(&s)
			s.Page("10:02", "812", "cart-api", "Pods of cart-api crash")
			s.Ack("10:03", "812", "Engineer A")
			s.Say("10:05", "Engineer A", "the same pods crash again")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:15", "Engineer A", "payments work again since 10:14")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s)); got != tt.want {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
}
