package phase_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// value is the sign of a value that is high from one clock on, begins to fall at
// another and is normal at a third.
func value(from, eased, to, service string) *fact.Fact {
	d := &signal.Detection{
		Detector: "metric-change", Service: service, Subject: "errors", Direction: 1, Bad: true, Surprise: 9, Title: "errors rose",
		From: facttest.At(from).UnixNano(), Eased: facttest.At(eased).UnixNano(), To: facttest.At(to).UnixNano(),
	}
	return &fact.Fact{Class: fact.Sign, At: facttest.At(from), Until: facttest.At(to), Service: service, Sign: d, Title: d.Title}
}

func TestFindRelief(t *testing.T) {
	tests := []struct {
		name string
		sign *fact.Fact
		tell func(s *facttest.Story)
		want string
	}{
		{"somebody is glad while it lasts, and again when it falls", value("10:01", "10:21", "10:25", "cart-api"), func(s *facttest.Story) {
			s.Say("10:14", "Engineer B", "works for me, thanks")
			s.Say("10:22", "Engineer A", "payments work again")
		}, "10:21:00"},
		{"somebody is glad as it falls", value("10:01", "10:13:30", "10:16", "cart-api"), func(s *facttest.Story) {
			s.Say("10:14", "Engineer B", "payments work again")
		}, "10:13:30"},
		{"since when, though a signal lasts", value("10:01", "10:28", "10:29", "cart-api"), func(s *facttest.Story) {
			s.Say("10:18", "Engineer A", "in region one payments work again since 10:17")
		}, "10:17:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			tt.tell(&s)
			s.Close("10:30", "812", "Engineer A")
			facts, names := s.Facts()
			r := phase.Find(course.Input{
				Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false }, Signs: []*fact.Fact{tt.sign},
			})
			if off := r.Phases.MitigatedAt.Sub(facttest.At(tt.want)).Abs(); off > time.Minute {
				t.Errorf("Find(...): mitigated at %s, want %s within a minute: %s", clocks(r)[3], tt.want, r.Why["mitigated_at"])
			}
		})
	}
}
