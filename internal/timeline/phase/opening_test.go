package phase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

func TestFindByPosition(t *testing.T) {
	tests := []struct {
		name string
		tell func(s *facttest.Story)
		want moments
	}{
		{"a report that a page confirms and its writer follows up", func(s *facttest.Story) {
			s.SayIn("shops", "10:03", "Support", "customers at two shops cannot pay with their cards")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.SayIn("shops", "10:20", "Support", "told the 12 shops by phone, cash only for now")
			s.Close("10:30", "812", "Engineer A")
		}, moments{"10:03:00", "10:03:00", "10:06:00", "", "10:30:00"}},
		{"the same words long before the page", func(s *facttest.Story) {
			s.SayIn("shops", "09:03", "Support", "customers at two shops cannot pay with their cards")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.SayIn("shops", "10:20", "Support", "told the 12 shops by phone, cash only for now")
			s.Close("10:30", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "", "10:30:00"}},
		{"who asks whether it is known, and is answered before the page", func(s *facttest.Story) {
			s.SayIn("shops", "10:03", "Support", "hello, the carts of half our shops are empty, is it you?")
			s.SayIn("shops", "10:04", "Engineer A", "probably us, I take it")
			s.Page("10:12", "812", "cart-api", "CartErrors on cart-api")
			s.SayIn("shops", "10:14", "Engineer A", "cart-api fails on every read")
			s.Close("10:30", "812", "Engineer A")
		}, moments{"10:03:00", "10:03:00", "10:04:00", "", "10:30:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			facts, names := s.Facts()
			r := phase.Find(course.Input{Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false }})
			if diff := cmp.Diff(tt.want, clocks(r)); diff != "" {
				t.Errorf("Find(...): -want +got:\n%s", diff)
			}
			if r.Alarm == nil || r.Alarm.Class == fact.Said && r.Alarm.Channel != "shops" {
				t.Errorf("Find(...).Alarm = %v, want the report or the page", r.Alarm)
			}
		})
	}
}
