package phase_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// lasting is a failure from one clock to another.
func lasting(from, to, service string) *fact.Fact {
	s := failing(from, service, 1)
	s.Until, s.Sign.To = facttest.At(to), facttest.At(to).UnixNano()
	return s
}

// TestSituations is about how incidents go: what a reader takes for each phase.
func TestSituations(t *testing.T) {
	for _, tt := range []struct {
		name  string
		signs []*fact.Fact
		tell  func(s *facttest.Story)
		want  moments
	}{
		{"in the night, escalated, back to bed", nil, func(s *facttest.Story) {
			s.Page("03:12", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("03:27", "812", "Engineer B")
			s.Say("03:31", "Engineer B", "half awake. cart-api cannot reach its database, pool is full of dead connections")
			s.Run("03:40", "engineer b", "kubectl rollout restart deployment/cart-api")
			s.Say("03:45", "Engineer B", "restarted, orders go through again since 03:43")
			s.Say("03:58", "Engineer B", "quiet for 15 minutes, going back to bed")
			s.Close("08:40", "812", "Engineer A")
		}, moments{"03:12:00", "03:12:00", "03:27:00", "03:43:00", "03:58:00"}},
		{"the page clears by itself before people declare it over", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:16", "Engineer A", "errors are dropping")
			s.AutoClose("10:20", "812")
			s.Say("10:41", "Engineer A", "stable since then. calling it resolved")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:16:00", "10:41:00"}},
		{"the page clears by itself after people declare it over", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:16", "Engineer A", "errors are dropping")
			s.Say("10:31", "Engineer A", "all clear, thanks everybody")
			s.AutoClose("10:45", "812")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:16:00", "10:31:00"}},
		{"nobody says anything at the end", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/cart-api")
			s.AutoClose("10:25", "812")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "", "10:25:00"}},
		{"small talk before the end is declared", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:18", "Engineer A", "errors are dropping")
			s.Say("10:20", "Engineer B", "nice work everyone!")
			s.Say("10:21", "Engineer C", "phew, that's it then")
			s.Say("10:40", "Engineer A", "back to baseline for 20 minutes, closing the incident")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:18:00", "10:40:00"}},
		{"partial relief, then the whole", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "turned the recommendations off to take load away")
			s.Say("10:18", "Engineer A", "better, errors down from 60% to 20% since 10:16")
			s.Say("10:25", "Engineer B", "found the slow query, killing it")
			s.Say("10:29", "Engineer B", "killed, errors at 0 since 10:28")
			s.Close("10:50", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:16:00", "10:50:00"}},
		{"relief, relapse, relief", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "restarted all pods")
			s.Say("10:17", "Engineer A", "looks better, orders go through again")
			s.Say("10:24", "Engineer A", "spoke too soon, it is back at 40% errors")
			s.Say("10:35", "Engineer A", "failed over to the replica")
			s.Say("10:39", "Engineer A", "orders go through again, latency normal")
			s.Close("11:05", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:39:00", "11:05:00"}},
		{"declared over, paged again, declared over", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "restarted all pods")
			s.Say("10:17", "Engineer A", "orders go through again")
			s.Say("10:25", "Engineer A", "all good, resolved")
			s.Page("10:32", "813", "cart-api", "CartErrors on cart-api")
			s.Say("10:34", "Engineer A", "it is back, same errors")
			s.Say("10:40", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:44", "Engineer A", "errors are gone since 10:42")
			s.Say("11:10", "Engineer A", "resolved for real this time")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:42:00", "11:10:00"}},
		{"waiting for another company", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "PaymentErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:10", "Engineer A", "all timeouts go to Paylia, nothing on our side")
			s.Vendor("10:20", "Paylia", "identified", "We found a fault in our gateway and work on a fix.")
			s.Say("10:22", "Engineer A", "Paylia confirms, nothing we can do but wait")
			s.Vendor("10:52", "Paylia", "monitoring", "A fix is in place, payments recover.")
			s.Say("10:55", "Engineer A", "payments succeed again since 10:50")
			s.Vendor("11:30", "Paylia", "resolved", "This incident has been resolved.")
			s.Close("11:35", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:50:00", "11:35:00"}},
		{"traffic is moved elsewhere and the fault is mended later", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:10", "Engineer A", "every node in zone c fails")
			s.Say("10:15", "Engineer B", "decision: move everything to zone a and b")
			s.Say("10:19", "Engineer B", "all traffic is in a and b since 10:18, users can order again")
			s.Say("10:50", "Engineer C", "switch in zone c replaced, nodes are healthy again")
			s.Say("11:00", "Engineer B", "zone c takes traffic again since 10:58")
			s.Close("11:10", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:18:00", "11:10:00"}},
		{"a workaround that takes effect, told with what users then get", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "login-api", "LoginErrors on login-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:09", "Engineer A", "the directory is down, nobody can log in")
			s.Say("10:15", "Engineer B", "decision: let everybody in with cached credentials")
			s.Say("10:20", "Engineer B", "rolling the cached mode out now")
			s.Say("10:23:30", "Engineer B", "cached mode active everywhere since 10:23:10, sessions are coming up")
			s.Say("10:25", "Support", "first callers are in")
			s.Say("10:41", "Engineer C", "directory ready 10:40:41, logins work again")
			s.Close("11:10", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:23:10", "11:10:00"}},
		{"a first alert that cleared by itself before anybody saw it", nil, func(s *facttest.Story) {
			s.Firing("09:10", "CartErrors", "cart-api")
			s.Cleared("09:13", "CartErrors", "cart-api")
			s.Firing("10:05", "CartErrors", "cart-api")
			s.Say("10:06", "Engineer A", "on it")
			s.Say("10:08", "Engineer A", "every order fails with a 500")
			s.Say("10:14", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:18", "Engineer A", "errors are dropping")
			s.Cleared("10:25", "CartErrors", "cart-api")
			s.Say("10:40", "Engineer A", "closing, all normal")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:18:00", "10:40:00"}},
		{"somebody else takes it up first, in chat", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Say("10:06:30", "Engineer B", "I'll take a look, Engineer A is away today")
			s.Ack("10:12", "812", "Engineer A")
			s.Say("10:14", "Engineer B", "restarted all pods")
			s.Say("10:18", "Engineer B", "5xx dropped to 1%")
			s.Close("10:40", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:30", "10:18:00", "10:40:00"}},
		{"support hears of it in its own channel, and brings it", nil, func(s *facttest.Story) {
			s.SayIn("partner-desk", "09:57:50", "Support", "Novak: 401 on /quote since a few minutes, but not always")
			s.Page("10:05", "812", "quote-api", "Quote401 on quote-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:08", "Support", "Novak and two others mailed: random 401, next try works")
			s.Say("10:14", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:18", "Engineer A", "401s are gone since 10:17")
			s.Close("10:40", "812", "Engineer A")
		}, moments{"09:53:50", "09:57:50", "10:06:00", "10:17:00", "10:40:00"}},
		{"better for some minutes only", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "restarted the cache nodes")
			s.Say("10:16", "Engineer A", "better! p95 150")
			s.Say("10:22", "Engineer A", "and up again. crap")
			s.Say("10:35", "Engineer B", "reverted the config push")
			s.Say("10:39", "Engineer A", "p95 130 since 10:38, hit rate climbing")
			s.Close("11:05", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:38:00", "11:05:00"}},
		{"gone by itself", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:08", "Engineer A", "every order fails with a 500, no idea why yet")
			s.Say("10:15", "Engineer A", "errors stopped at 10:13 by themselves, we did nothing")
			s.Close("10:40", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:13:00", "10:40:00"}},
		{"noticed in the morning", []*fact.Fact{lasting("02:05:10", "08:39", "payroll")}, func(s *facttest.Story) {
			s.Page("07:52", "812", "payroll", "PayslipsMissing on payroll")
			s.Ack("07:54", "812", "Engineer A")
			s.Say("08:15", "Engineer A", "got it: the 02:05 run loaded an empty tariff table")
			s.Say("08:41", "Engineer A", "reloaded it, previews work again since 08:40")
			s.Say("09:12", "Engineer A", "all recomputed, resolved")
		}, moments{"02:05:00", "07:52:00", "07:54:00", "08:40:00", "09:12:00"}},
		{"kept open for what is left to do", nil, func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:14", "Engineer A", "rolled back to 2.7.9")
			s.Say("10:18", "Engineer A", "errors are gone since 10:16")
			s.Say("10:22", "Engineer A", "users are fine, leaving this open until the refunds are through")
			s.Say("11:20", "Support", "refunds are through")
			s.Close("11:25", "812", "Engineer A")
		}, moments{"10:05:00", "10:05:00", "10:06:00", "10:16:00", "11:25:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			r := found(&s, tt.signs...)
			if diff := cmp.Diff(tt.want, clocks(r)); diff != "" {
				t.Errorf("-want +got:\n%s\n%v", diff, r.Why)
			}
		})
	}
}
