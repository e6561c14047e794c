package phase_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

// TestDetectedByReportWhileItFails is about reports where people then work that nobody
// answers before the page comes.
func TestDetectedByReportWhileItFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		sign *fact.Fact
		want string
	}{
		{"while what was hit fails already", failing("09:57", "cart-api", 1), "10:01:00"},
		{"before it fails", failing("10:02", "cart-api", 1), "10:05:00"},
		{"while something gets better", failing("09:57", "cart-api", -1), "10:05:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Say("10:01", "Engineer C", "customers at the desk cannot pay, the terminal goes red")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s, tt.sign))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
}

// TestDetectedByReportLongBeforeThePage is about reports that somebody makes long before
// the page, while it fails or before they page others themselves.
func TestDetectedByReportLongBeforeThePage(t *testing.T) {
	for _, tt := range []struct {
		name, pager string
		sign        *fact.Fact
		want        string
	}{
		{"while what was hit fails", "", failing("09:20", "cart-api", 1), "09:35:00"},
		{"before it fails", "", failing("10:02", "cart-api", 1), "10:05:00"},
		{"by who then pages", "Engineer C", failing("10:02", "cart-api", 1), "09:35:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Say("09:35", "Engineer C", "customers at the desk cannot pay, the terminal goes red")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			if tt.pager != "" {
				s.Events[len(s.Events)-1].Actor = hindcast.Actor{Name: tt.pager, Kind: hindcast.Person}
			}
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s, tt.sign))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
}

// TestDetectedByReportThatOthersConfirm is about words that tell of trouble only since
// others meet with the same.
func TestDetectedByReportThatOthersConfirm(t *testing.T) {
	for _, tt := range []struct{ answer, want string }{
		{"same in hall 2, belt 4 is standing", "09:57:00"},
		{"yes, here too", "09:57:00"},
		{"we have it too", "09:57:00"},
		{"at the same time as every Tuesday", "10:05:00"},
		{"I bring paper later", "10:05:00"},
	} {
		t.Run(tt.answer, func(t *testing.T) {
			var s facttest.Story
			s.Say("09:57", "Floor", "printers on lines 3 and 4 have power and paper and print nothing")
			s.Say("09:59", "Engineer C", tt.answer)
			s.Page("10:05", "812", "label-api", "LabelQueueHigh on label-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, labels fail")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFindTakesTheTicketThatPeoplePassOn(t *testing.T) {
	for _, tt := range []struct{ file, said, want string }{
		{"support/tickets.csv", "Halden Institute phoned us, freezer 14B is at minus 38 and nobody got an alarm", "12:26"},
		{"support/tickets.csv", "the dashboard of our freezers fails with a 503 for me", "12:29"},
		{"doses/log.csv", "Halden Institute phoned us, freezer 14B is at minus 38 and nobody got an alarm", "12:29"},
	} {
		var s facttest.Story
		s.Events = append(s.Events, hindcast.Event{Kind: hindcast.Record, At: facttest.At("12:26"), Title: "PHONE: freezer 14B is at -38 and nobody got an alarm", Text: "Halden Institute", Ref: hindcast.Ref{File: tt.file, Line: 4}})
		s.Say("12:29", "Support", tt.said)
		s.Say("12:30", "Engineer A", "looking into it")
		s.Say("12:40", "Engineer A", "alarms are suppressed for all freezers")
		s.Say("13:10", "Engineer A", "alarms go out again, resolved")
		facts, names := s.Facts()
		r := phase.Find(course.Input{Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false }})
		if got := r.Phases.DetectedAt; !got.Equal(facttest.At(tt.want)) {
			t.Errorf("with %s and %q it was detected at %v, want %s: %s", tt.file, tt.said, got, tt.want, r.Why["detected_at"])
		}
	}
}
