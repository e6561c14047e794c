package phase_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// TestDetectedByReportInTheWordsOfThePage is about reports that nobody answers before
// the page comes.
func TestDetectedByReportInTheWordsOfThePage(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"support here, several customers say the login code never arrives. is anyone looking?", "09:57:00"},
		{"three callers do not get their login codes", "09:57:00"},
		{"customers write that login codes are missing", "09:57:00"},
		{"partners complain about login codes that come late", "09:57:00"},
		{"customers write that the newsletter is ugly today", "10:05:00"},
		{"tickets say the invoice is missing a line", "10:05:00"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var s facttest.Story
			s.Say("09:57", "Support", tt.text)
			s.Page("10:05", "812", "identity", "login code confirmation ratio below 40 %")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "codes are sent, the provider answers 451")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
}

// TestMitigatedWhenItTookEffect is about messages that tell a deed and then its effect.
func TestMitigatedWhenItTookEffect(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"the record is back in the zone since 10:15, first codes were delivered at 10:18:40", "10:18:40"},
		{"the route is back since 10:15, first payments went through at 10:18:40", "10:18:40"},
		{"payments work again since 10:15", "10:15:00"},
		{"payments work again since 10:15:20", "10:15:20"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:20", "Engineer A", tt.text)
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s))[3]; got != tt.want {
				t.Errorf("mitigated at %s, want %s", got, tt.want)
			}
		})
	}
}

// TestAcknowledgedByWhoTakesThePage is about people who say that they look before the
// page is theirs.
func TestAcknowledgedByWhoTakesThePage(t *testing.T) {
	for _, tt := range []struct{ acked, want string }{
		{"10:09", "10:09:00"},
		{"10:40", "10:06:00"}, // long after the work began
	} {
		var s facttest.Story
		s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
		s.Say("10:06", "Engineer B", "looking")
		s.Say("10:07", "Engineer B", "carts fail with 503, 40 % of them")
		s.Ack(tt.acked, "812", "Engineer A")
		s.Close("10:50", "812", "Engineer A")
		if got := clocks(found(&s))[2]; got != tt.want {
			t.Errorf("the page was acknowledged at %s, and that is said to be %s, want %s", tt.acked, got, tt.want)
		}
	}
}
