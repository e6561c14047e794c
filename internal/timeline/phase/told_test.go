package phase_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

// found returns the phases of a story that signs belong to.
func found(s *facttest.Story, signs ...*fact.Fact) *course.Result {
	facts, names := s.Facts()
	in := course.Input{Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false }, Signs: signs}
	r := phase.Find(in)
	phase.Restart(in, r)
	return r
}

// TestStartedAsFound is about what people find, by its minute, to have set it off.
func TestStartedAsFound(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"found it: the config push at 09:58 already had it", "09:58:00"},
		{"found it. the feature flag was flipped at 09:58, that is it", "09:58:00"},
		{"root cause: a schema migration at 09:58 locked the orders table", "09:58:00"},
		{"cause is the cert rotation at 09:58", "09:58:00"},
		{"it was the 09:58 cron job, it rewrote the routing table", "09:58:00"},
		{"the import that ran at 09:58 truncated the table", "09:58:00"},
		{"turns out somebody changed the firewall rule at 09:58", "09:58:00"},
		{"so the culprit is the cache purge from 09:58", "09:58:00"},
		{"got it, at 09:58 the autoscaler took away the last node with a gpu", "09:58:00"},
		{"this all goes back to the rule change at 09:58 UTC", "09:58:00"},
		{"the token expired at 09:58:30", "09:58:30"},
		{"license ran out at 09:58:30 exactly", "09:58:30"},
		{"fails since the 09:58 run of the nightly import", "09:58:00"},
		{"the batch started at 09:58 and ate all connections", "09:58:00"},
		{"a network change at 09:58 caused this", "09:58:00"},
		{"vendor changed their api at 09:58, that broke us", "09:58:00"},
		{"ok, so someone enabled the new pricing at 09:58", "09:58:00"},
		{"triggered by the failover test at 09:58", "09:58:00"},
		{"maybe the deploy at 09:58?", "10:03:10"},
		{"the deploy at 09:58 is not it, other service", "10:03:10"},
		{"could it be the config push at 09:58", "10:03:10"},
		{"I had a coffee at 09:58 and it still worked", "10:03:10"},
		{"graphs were flat until 09:58", "10:03:10"},
		{"the last good order was at 09:58", "10:03:10"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Say("10:20", "Engineer B", tt.text)
			s.Close("10:30", "812", "Engineer A")
			r := found(&s, failing("10:03:10", "cart-api", 1))
			if got := clocks(r)[0]; got != tt.want {
				t.Errorf("started at %s, want %s: %s", got, tt.want, r.Why["started_at"])
			}
		})
	}
}

// TestStartedAsToldAlone is about incidents of which no record shows the begin.
func TestStartedAsToldAlone(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"their certificate expired at 09:00:00 UTC today", "09:00:00"},
		{"the password of the batch user expired at 09:00", "09:00:00"},
		{"nothing arrived since the 09:05 run", "09:05:00"},
		{"orders are missing since 09:40", "09:40:00"},
		{"first failed payment was at 09:41:12", "09:41:12"},
		{"the very first error is from 09:41:12", "09:41:12"},
		{"it began at 09:41", "09:41:00"},
		{"started around 09:41", "09:41:00"},
		{"customers see this from 09:41 on", "09:41:00"},
		{"last message that went through is from 09:41:12", "09:41:12"},
		{"the queue stopped moving at 09:41", "09:41:00"},
		{"db1 went down at 09:41:12", "09:41:12"},
		{"the disk was full at 09:41", "09:41:00"},
		{"both links to the data center were cut at 09:41", "09:41:00"},
		{"broken for 24 minutes already", "09:56:00"},
		{"I was in a meeting till 09:41", "10:05:00"},
		{"is it since 09:41?", "10:05:00"},
		{"we ruled out the restart at 09:41", "10:05:00"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:07", "Engineer A", "on it, carts fail")
			s.Say("10:20", "Engineer B", tt.text)
			s.Close("10:30", "812", "Engineer A")
			r := found(&s)
			if got := clocks(r)[0]; got != tt.want {
				t.Errorf("started at %s, want %s: %s", got, tt.want, r.Why["started_at"])
			}
		})
	}
}

// TestStartedOvernight is about what failed in the night and was found in the morning.
func TestStartedOvernight(t *testing.T) {
	night := failing("02:03:40", "cart-api", 1)
	for _, tt := range []struct{ text, want string }{
		{"412 files were rejected last night, the first one at 02:03:40", "02:03:40"},
		{"the export fails since 02:03:40", "02:03:40"},
		{"is it failing since 02:03:40?", "10:05:00"},
		{"the error at 02:03:40 is not it", "10:05:00"},
	} {
		var s facttest.Story
		s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
		s.Ack("10:06", "812", "Engineer A")
		s.Say("10:07", "Engineer A", "on it, carts fail")
		s.Say("10:20", "Engineer B", tt.text)
		s.Close("10:30", "812", "Engineer A")
		facts, names := s.Facts()
		in := course.Input{Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false }, Signs: []*fact.Fact{night}}
		r := phase.Find(in)
		for _, f := range facts {
			if f.Class == fact.Said && f.At.Equal(facttest.At("10:20")) {
				in.Tells = []course.Tell{{Record: night, By: f, Dated: true}}
			}
		}
		phase.Restart(in, r)
		if got := clocks(r)[0]; got != tt.want {
			t.Errorf("after %q started at %s, want %s: %s", tt.text, got, tt.want, r.Why["started_at"])
		}
	}
}

// TestDetectedByReportOfSeveral is about who passes on what users meet with, where people
// then work, with nobody answering before the page.
func TestDetectedByReportOfSeveral(t *testing.T) {
	for text, want := range map[string]string{
		"morning! 3 customers already saying nobody at their shop got paid today??": "10:02:00",
		"two merchants report that their payouts are missing":                       "10:02:00",
		"a dozen tickets about failed logins":                                       "10:02:00",
		"several drivers called in, the app is down for them":                       "10:02:00",
		"three people have birthdays today":                                         "10:05:00",
	} {
		var s facttest.Story
		s.Say("10:02", "Support", text)
		s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
		s.Ack("10:06", "812", "Engineer A")
		s.Say("10:07", "Engineer A", "carts fail, all of them")
		s.Close("10:30", "812", "Engineer A")
		r := found(&s)
		if got := clocks(r)[1]; got != want {
			t.Errorf("%q: detected at %s, want %s: %s", text, got, want, r.Why["detected_at"])
		}
	}
}

// TestDetectedAfterAnAlertThatMeantNothing is about an alert that cleared by itself before
// another came.
func TestDetectedAfterAnAlertThatMeantNothing(t *testing.T) {
	tests := []struct {
		name string
		tell func(*facttest.Story)
		want string
	}{
		{"that nobody minded", func(*facttest.Story) {}, "10:15:00"},
		{"that somebody dismissed", func(s *facttest.Story) { s.Say("10:03:30", "Engineer A", "811 was just the pods cycling, ignoring") }, "10:15:00"},
		{"that somebody says to mind", func(s *facttest.Story) {
			s.Say("10:02", "Engineer A", "don't ignore 811, the basket has a latency of 9 s")
		}, "10:00:00"},
		{"that somebody worked on", func(s *facttest.Story) {
			s.Say("10:01", "Engineer A", "the basket is slow, half of the requests time out")
		}, "10:00:00"},
		{"that somebody took", func(s *facttest.Story) { s.Ack("10:01", "811", "Engineer A") }, "10:00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("10:00", "811", "search-api", "basket latency is high")
			tt.tell(&s)
			s.AutoClose("10:03", "811")
			s.Page("10:15", "812", "search-api", "basket failures are high")
			s.Ack("10:16", "812", "Engineer A")
			s.Say("10:17", "Engineer A", "search-api fails on every request")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
	var s facttest.Story
	s.Page("10:00", "811", "search-api", "basket latency is high")
	s.AutoClose("10:03", "811")
	s.Page("10:15", "812", "search-api", "basket failures are high")
	s.Ack("10:16", "812", "Engineer A")
	s.Close("10:30", "812", "Engineer A")
	if got := clocks(found(&s, failing("09:59", "search-api", 1)))[1]; got != "10:00:00" {
		t.Errorf("detected at %s beside a failure, want 10:00:00", got)
	}
}

// A warning of something else, long before anything fails, is no detection.
func TestDetectedAfterAWarningOfSomethingElse(t *testing.T) {
	for _, tt := range []struct {
		title, fails, want string
	}{
		{"[Warn] belt latency is high", "10:25", "10:30:00"},
		{"[Warn] belt latency is high", "10:01", "10:00:00"},
		{"belt latency is high", "10:25", "10:00:00"},
	} {
		var s facttest.Story
		s.Page("10:00", "811", "search-api", tt.title)
		s.Page("10:30", "812", "search-api", "basket failures are high")
		s.Ack("10:31", "812", "Engineer A")
		s.Say("10:32", "Engineer A", "search-api fails on every request")
		s.Close("10:50", "812", "Engineer A")
		if got := clocks(found(&s, failing(tt.fails, "search-api", 1)))[1]; got != tt.want {
			t.Errorf("%s, failing from %s: detected at %s, want %s", tt.title, tt.fails, got, tt.want)
		}
	}
}
