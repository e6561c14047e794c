package phase_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// moments are started, detected, acknowledged, mitigated and resolved as clocks; "" for unknown.
type moments [5]string

func clocks(r *course.Result) moments {
	var m moments
	p := r.Phases
	for i, t := range []time.Time{p.StartedAt, p.DetectedAt, p.AcknowledgedAt, p.MitigatedAt, p.ResolvedAt} {
		if !t.IsZero() {
			m[i] = t.Format("15:04:05")
		}
	}
	return m
}

func failing(clock, service string, direction int) *fact.Fact {
	d := &signal.Detection{Detector: "new-template", Service: service, From: facttest.At(clock).UnixNano(), Direction: direction, Bad: direction > 0, Surprise: 9, Title: "errors"}
	if direction < 0 {
		d.Detector = notable.Recovery
	}
	return &fact.Fact{Class: fact.Sign, At: facttest.At(clock), Service: service, Sign: d, Title: d.Title}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		signs []*fact.Fact
		tell  func(s *facttest.Story)
		want  moments
	}{
		{"nothing", nil, func(*facttest.Story) {}, moments{}},
		{"a rollout, a page, a rollback", []*fact.Fact{failing("10:01:10", "cart-api", 1)}, func(s *facttest.Story) {
			s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
			s.Deploy("09:58", "search-api", "v1.1.0", "v1.0.0")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:08", "Engineer B", "search was released at 09:58, related?")
			s.Say("10:09", "Engineer A", "not related, search does not talk to cart")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:18:30", "Engineer A", "errors are going down since 10:17")
			s.Close("10:30", "812", "Engineer A")
		}, moments{"10:00:00", "10:05:00", "10:06:00", "10:17:00", "10:30:00"}},
		{"an unrelated rollout is no trigger", []*fact.Fact{failing("10:01:10", "cart-api", 1)}, func(s *facttest.Story) {
			s.Deploy("09:58", "search-api", "v1.1.0", "v1.0.0")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
		}, moments{"10:01:10", "10:05:00", "10:06:00", "", ""}},
		{"a trigger too long ago", []*fact.Fact{failing("10:01:10", "cart-api", 1)}, func(s *facttest.Story) {
			s.Deploy("09:30", "cart-api", "v2.8.0", "v2.7.9")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
		}, moments{"10:01:10", "10:05:00", "", "", ""}},
		{"people before the alert", nil, func(s *facttest.Story) {
			s.SayIn("support", "10:02", "Support", "customers can't check out, 12 calls in five minutes")
			s.SayIn("support", "10:03", "Engineer A", "looking into it")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Close("10:30", "812", "Engineer A")
		}, moments{"10:02:00", "10:02:00", "10:06:00", "", "10:30:00"}},
		{"an improvement that did not last", []*fact.Fact{failing("10:01:10", "cart-api", 1)}, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:10", "Engineer A", "restarted all pods")
			s.Say("10:12", "Engineer A", "error rate is dropping")
			s.Say("10:15", "Engineer A", "no luck, errors are back")
			s.Say("10:20", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:24", "Engineer A", "5xx dropped to 1%")
			s.Say("10:40", "Engineer A", "back to normal, closing the incident")
		}, moments{"10:01:10", "10:05:00", "10:06:00", "10:24:00", "10:40:00"}},
		{"signals show the improvement first", []*fact.Fact{failing("10:01:10", "cart-api", 1), failing("10:21:10", "cart-api", -1)}, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:20", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:24", "Engineer A", "5xx dropped to 1%")
			s.Close("10:40", "812", "Engineer A")
		}, moments{"10:01:10", "10:05:00", "10:06:00", "10:21:10", "10:40:00"}},
		{"closed too early", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Close("10:20", "812", "Engineer A")
			s.Page("10:25", "813", "cart-api", "CartErrors on cart-api")
			s.Ack("10:26", "813", "Engineer A")
			s.Close("10:50", "813", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "", "10:50:00"}},
		{"a drill", nil, func(s *facttest.Story) {
			s.Drill("10:00", "7")
			s.Ack("10:01", "7", "Engineer A")
			s.Close("10:05", "7", "Engineer A")
		}, moments{}},
		{"a drill that only chat announced", nil, func(s *facttest.Story) {
			s.SayIn("ops", "09:50", "Engineer B", "reminder: game day today, you will be paged at 10:00. treat it like the real thing")
			s.Page("10:01", "7", "cart-api", "CartErrors on cart-api")
			s.Ack("10:02", "7", "Engineer A")
			s.SayIn("ops", "10:03", "Engineer A", "every request to cart-api fails, looking")
			s.SayIn("ops", "10:06", "Engineer A", "decision: fail over to region b")
			s.SayIn("ops", "10:09", "Engineer A", "failed over to region b, errors are going down")
			s.SayIn("ops", "10:12", "Engineer B", "all clear, drill is over, thanks")
			s.Close("10:12", "7", "Engineer A")
		}, moments{}},
		{"a page that people call a drill afterwards", nil, func(s *facttest.Story) {
			s.Page("10:01", "7", "cart-api", "CartErrors on cart-api")
			s.Ack("10:02", "7", "Engineer A")
			s.SayIn("ops", "10:04", "Engineer B", "that page is part of today's exercise, please play along")
			s.Close("10:12", "7", "Engineer A")
		}, moments{}},
		{"an incident during a drill", nil, func(s *facttest.Story) {
			s.SayIn("ops", "09:50", "Engineer B", "heads-up: failover drill starts at 10:00, pages are expected")
			s.Page("10:01", "7", "cart-api", "CartErrors on cart-api")
			s.Ack("10:02", "7", "Engineer A")
			s.SayIn("ops", "10:03", "Engineer A", "this is not the drill, we have not begun")
			s.Close("10:12", "7", "Engineer A")
		}, moments{"10:01:00", "10:01:00", "10:02:00", "", "10:12:00"}},
		{"an incident on the day of a fire drill", nil, func(s *facttest.Story) {
			s.SayIn("ops", "09:50", "Engineer B", "reminder: fire drill at 10:00, take the stairs")
			s.Page("10:01", "7", "cart-api", "CartErrors on cart-api")
			s.Ack("10:02", "7", "Engineer A")
			s.Close("10:12", "7", "Engineer A")
		}, moments{"10:01:00", "10:01:00", "10:02:00", "", "10:12:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			facts, names := s.Facts()
			r := phase.Find(course.Input{Facts: facts, Scope: scope.Find(facts, names), Signs: tt.signs, Names: names, Near: func(string) bool { return false }})
			if diff := cmp.Diff(tt.want, clocks(r)); diff != "" {
				t.Errorf("Find: -want +got:\n%s\n%v", diff, r.Why)
			}
		})
	}
}
