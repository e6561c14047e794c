package phase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// line is a sign that a single line makes, as little surprising as they are.
func line(clock, service, title string, bad bool) *fact.Fact {
	d := &signal.Detection{Detector: notable.Told, Service: service, From: facttest.At(clock).UnixNano(), Bad: bad, Surprise: notable.Surprise, Title: title}
	return &fact.Fact{Class: fact.Sign, At: facttest.At(clock), Service: service, Sign: d, Title: title}
}

func TestRestart(t *testing.T) {
	activated := line("10:01:20", "broker", "ruleset 7 activated (was 6)", false)
	refused := line("10:01:40", "broker", "session refused, ruleset 7", true)
	early := line("09:20:00", "cart-api", "token expired", true)
	tests := []struct {
		name    string
		records []*fact.Fact // that the last message tells of by their moment
		signs   []*fact.Fact
		tell    func(s *facttest.Story)
		want    string
	}{
		{"nobody told of anything", nil, nil, func(*facttest.Story) {}, "10:03:10"},
		{"a single line long before", nil, []*fact.Fact{early}, func(*facttest.Story) {}, "10:03:10"},
		{"a change that somebody dated", []*fact.Fact{activated}, nil, func(s *facttest.Story) {
			s.Say("10:20", "Engineer B", "broker log: ruleset 7 was activated 10:01:20")
		}, "10:01:20"},
		{"the same as a guess", []*fact.Fact{activated}, nil, func(s *facttest.Story) {
			s.Say("10:20", "Engineer B", "maybe ruleset 7, activated 10:01:20, is it?")
		}, "10:03:10"},
		{"a failure that somebody dated is no change", []*fact.Fact{refused}, nil, func(s *facttest.Story) {
			s.Say("10:20", "Engineer B", "broker log: sessions refused at 10:01:40")
		}, "10:03:10"},
		{"what somebody did", nil, nil, func(s *facttest.Story) {
			s.Say("10:20", "Engineer B", "sorry, that was me, I applied the new limits at 10:02")
		}, "10:02:00"},
		{"what somebody did long before", nil, nil, func(s *facttest.Story) {
			s.Say("10:20", "Engineer B", "I applied the new limits at 09:02")
		}, "10:03:10"},
		{"another company says since when", nil, nil, func(s *facttest.Story) {
			s.Say("10:12", "Engineer B", "all timeouts go to Postalia")
			s.Vendor("10:20", "Postalia", "identified", "Our gateways time out since 10:01 UTC.")
		}, "10:01:00"},
		{"a company of which nobody spoke", nil, nil, func(s *facttest.Story) {
			s.Vendor("10:20", "Postalia", "identified", "Our gateways time out since 10:01 UTC.")
		}, "10:03:10"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			tt.tell(&s)
			s.Close("10:30", "812", "Engineer A")
			facts, names := s.Facts()
			in := course.Input{
				Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false },
				Signs: append(tt.signs, failing("10:03:10", "cart-api", 1)),
			}
			r := phase.Find(in)
			for _, f := range tt.records {
				in.Tells = append(in.Tells, course.Tell{Record: f, By: facts[len(facts)-2], Dated: true})
			}
			phase.Restart(in, r)
			if diff := cmp.Diff(tt.want, clocks(r)[0]); diff != "" {
				t.Errorf("Restart(...): started_at -want +got:\n%s\nwhy: %s", diff, r.Why["started_at"])
			}
		})
	}
}
