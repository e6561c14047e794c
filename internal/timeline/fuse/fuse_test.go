package fuse_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestJoin(t *testing.T) {
	tests := []struct {
		name string
		tell func(s *facttest.Story)
		want []string // class, clock, number of records
	}{
		{"pager, monitor and bot", func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "[#812] CartErrors on cart-api")
			s.Firing("10:04:40", "CartErrors", "cart-api")
			s.Bot("10:05:02", "Triggered #812: CartErrors on cart-api")
			s.Ack("10:06", "812", "Engineer A")
			s.Bot("10:06:02", "Acknowledged #812 by Engineer A")
		}, []string{"paged 10:05:00 3", "acknowledged 10:06:00 2"}},
		{"a bot alone stands for the page", func(s *facttest.Story) {
			s.Bot("10:05:02", "Triggered #812: CartErrors on cart-api")
			s.Bot("11:05:02", "FIRING DiskAlmostFull db-3")
		}, []string{"paged 10:05:02 1", "fired 11:05:02 1"}},
		{"one record in two exports", func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors")
			s.Page("10:05", "812", "cart-api", "CartErrors")
		}, []string{"paged 10:05:00 2"}},
		{"command, platform and report", func(s *facttest.Story) {
			s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
			s.Run("10:10", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Platform("10:10:01", "DeploymentRollback", "cart-api", "x", `Rolled back deployment "cart-api"`)
			s.Say("10:12", "Engineer A", "for the record: rolled back cart-api at 10:10")
		}, []string{"rollout 10:00:00 1", "ran 10:10:00 3"}},
		{"stopped and started", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "systemctl stop mirth")
			s.Run("10:11:30", "engineer", "systemctl start mirth")
			s.Run("10:20", "engineer", "systemctl restart mirth")
		}, []string{"ran 10:10:00 2", "ran 10:20:00 1"}},
		{"told of as it was done, and done again soon", func(s *facttest.Story) {
			s.Run("10:10", "Engineer A", "kubectl set env deployment/cart-api TIMEOUT=20")
			s.Say("10:10:11", "Engineer A", "raising the timeout of cart-api to 20 s")
			s.Run("10:15", "Engineer A", "kubectl set env deployment/cart-api TIMEOUT=8")
		}, []string{"ran 10:10:00 2", "ran 10:15:00 1"}},
		{"what a controller puts back is no part of what it undoes", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Platform("10:10:01", "DeploymentRollback", "cart-api", "x", `Rolled back deployment "cart-api"`)
			s.Platform("10:10:42", "OperationStarted", "cart-api", "cart-api", "OperationStarted: Initiated automated sync to 'a41c0e7' (self heal)")
		}, []string{"ran 10:10:00 2", "rollout 10:10:42 1"}},
		{"two interfaces shut by one, and what another did", func(s *facttest.Story) {
			s.Device("10:10:01", "sw-1", "", "Gi1/11", "Interface Gi1/11, changed state to administratively down")
			s.Device("10:10:02", "sw-1", "", "Gi1/12", "Interface Gi1/12, changed state to administratively down")
			s.Device("10:10:06", "sw-1", "Engineer A", "", "Configured from console")
			s.Device("10:20", "rt-1", "kbo", "interfaces ge-0/0/1 disable", "set: [interfaces ge-0/0/1 disable]")
			s.Device("10:20:15", "rt-1", "mkr", "", "commit")
		}, []string{"changed 10:10:01 3", "changed 10:20:00 1", "changed 10:20:15 1"}},
		{"a device that starts", func(s *facttest.Story) {
			for _, port := range []string{"Gi1/1", "Gi1/2", "Gi1/3", "Gi1/4"} {
				s.Device("10:10:01", "sw-1", "", port, "Interface "+port+", changed state to administratively down")
			}
		}, []string{"row 10:10:01 1", "row 10:10:01 1", "row 10:10:01 1", "row 10:10:01 1"}},
		{"settings of two things at once", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "kubectl set env deploy/cart-api POOL=40")
			s.Run("10:10:06", "engineer", "kubectl set env deploy/search-api TTL=5")
		}, []string{"ran 10:10:00 1", "ran 10:10:06 1"}},
		{"settings made at once", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "redis-cli config set maxmemory 8gb")
			s.Run("10:10:04", "engineer", "redis-cli config set maxmemory-policy noeviction")
			s.Run("10:10:06", "another", "redis-cli config set timeout 30")
			s.Run("10:12", "engineer", "redis-cli config set timeout 30")
		}, []string{"ran 10:10:00 2", "ran 10:10:06 1", "ran 10:12:00 1"}},
		{"what a device says of one change", func(s *facttest.Story) {
			s.Device("10:10", "sw-1", "Engineer A", "", "Configured from console")
			s.Device("10:10:04", "sw-1", "", "Gi1/12", "Interface Gi1/12, changed state to administratively down")
			s.Device("10:10:04", "sw-2", "", "Gi1/3", "Interface Gi1/3, changed state to administratively down")
			s.Device("10:14", "sw-1", "Engineer A", "", "Configured from console")
		}, []string{"changed 10:10:04 2", "changed 10:10:04 1", "changed 10:14:00 1"}},
		{"a report of another change stays", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "kubectl rollout undo deployment/cart-api")
			s.Say("10:40", "Engineer A", "renewed the cert on lb-1")
		}, []string{"ran 10:10:00 1", "said 10:40:00 1"}},
		{"pipeline and bot", func(s *facttest.Story) {
			s.Deploy("10:00", "cart-api", "v2.8.0", "")
			s.Bot("10:00:02", "cart-api v2.8.0 -> production")
		}, []string{"rollout 10:00:00 2"}},
		{"the bot tells of the change, not of one before it", func(s *facttest.Story) {
			s.Deploy("09:59:30", "", "", "")
			s.Deploy("10:00", "cart-api", "v2.8.0", "")
			s.Deploy("10:00:05", "cart-api", "v2.8.0-rc1", "")
			s.Bot("10:00:04", "cart-api v2.8.0 -> production")
		}, []string{"rollout 09:59:30 1", "rollout 10:00:00 2", "rollout 10:00:05 1"}},
		{"a workflow and its deployment, of one commit", func(s *facttest.Story) {
			s.Commit("10:00", "cart-api", "bbbbbbb", "production", "bbbbbbbbbbbb")
			s.Commit("10:02", "cart-api", "v2.8.0", "production", "bbbbbbbbbbbb")
			s.Commit("10:03", "cart-api", "v2.8.1", "production", "cccccccccccc")
			s.Commit("10:04", "cart-api", "bbbbbbb", "staging", "bbbbbbbbbbbb")
		}, []string{"rollout 10:00:00 2", "rollout 10:03:00 1", "rollout 10:04:00 1"}},
		{"closing and declaration", func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors")
			s.Close("10:50", "812", "Engineer A")
			s.Say("10:50:30", "Engineer A", "all good again, closing the incident")
		}, []string{"paged 10:05:00 1", "closed 10:50:00 2"}},
		{"status page and its reader", func(s *facttest.Story) {
			s.Vendor("10:20", "PayCo", "investigating", "Elevated errors")
			s.Say("10:24", "Engineer A", "their status page has it since 10:20")
		}, []string{"vendor-posted 10:20:00 2"}},
		{"repetitions of the platform", func(s *facttest.Story) {
			s.Platform("10:01", "BackOff", "cart-api", "cart-api-1-a", "Back-off restarting")
			s.Platform("10:02", "BackOff", "cart-api", "cart-api-1-b", "Back-off restarting")
			s.Platform("11:02", "BackOff", "cart-api", "cart-api-1-b", "Back-off restarting")
		}, []string{"warned 10:01:00 2", "warned 11:02:00 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			facts, _ := s.Facts()
			var got []string
			for _, f := range facts {
				got = append(got, fmt.Sprintf("%s %s %d", f.Class, f.At.Format("15:04:05"), len(f.Events)))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Join: -want +got:\n%s", diff)
			}
		})
	}
}

// TestAnAlertIsCalledByWhatSaysMore joins a source that has the alert's name alone
// with one that has its summary, in both orders.
func TestAnAlertIsCalledByWhatSaysMore(t *testing.T) {
	const summary = "CartErrors: cart-api answers 5xx"
	for name, titles := range map[string][]string{"the name first": {"", summary}, "the summary first": {summary, ""}} {
		var s facttest.Story
		for _, title := range titles {
			s.Alert("10:04", "CartErrors", "cart-api", title)
		}
		facts, _ := s.Facts()
		if len(facts) != 1 || facts[0].Title != summary {
			t.Errorf("%s: %d facts, the first %q; want one, %q", name, len(facts), facts[0].Title, summary)
		}
	}
}

func TestJoinReadsAnswers(t *testing.T) {
	tests := []struct {
		name, asked, answer string
		want                speech.Act
	}{
		{"no", "could it be the broker restart?", "no, all groups rejoined at once", speech.RuledOut},
		{"the thing is fine", "could it be the broker restart?", "brokers are ok, 11 of 12 partitions move", speech.RuledOut},
		{"another thing is fine", "could it be the broker restart?", "first orders are fine again", speech.Mitigation},
		{"a decision", "could it be the broker restart?", "no, let's roll back", speech.Decision},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Say("10:00", "Ada Okoye", tt.asked)
			s.Say("10:02", "Ben Ruiz", tt.answer)
			facts, _ := s.Facts()
			if got := facts[1].Speech.Act; got != tt.want {
				t.Errorf("%q after %q: %s, want %s", tt.answer, tt.asked, got, tt.want)
			}
		})
	}
}

func TestJoinReadsConfirmations(t *testing.T) {
	tests := []struct {
		name string
		said []string // by two people in turn
		want speech.Act
	}{
		{"yes", []string{"is this the new TLS bundle?", "yes, it lacks their intermediate"}, speech.Cause},
		{"no", []string{"is this the new TLS bundle?", "no, the bundle is unchanged"}, speech.Hypothesis},
		{"yes to something else", []string{"could it be the new TLS bundle?", "bundle is fine, not it", "shall I roll the proxy back?", "yes please"}, speech.Hypothesis},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			for i, text := range tt.said {
				s.Say(fmt.Sprintf("10:%02d", i), []string{"Ada Okoye", "Ben Ruiz"}[i%2], text)
			}
			facts, _ := s.Facts()
			if got := facts[0].Speech.Act; got != tt.want {
				t.Errorf("%q: %s, want %s", tt.said, got, tt.want)
			}
		})
	}
}

func TestJoinMarksDrills(t *testing.T) {
	var s facttest.Story
	s.Drill("10:00", "7")
	s.Ack("10:01", "7", "Engineer A")
	facts, _ := s.Facts()
	for _, f := range facts {
		if !f.Test {
			t.Errorf("%s of a drill is not marked as a test", f.Class)
		}
	}
}

// TestJoinTakesNoPageForADrillOfLongAgo is about causes that an old exercise left behind.
func TestJoinTakesNoPageForADrillOfLongAgo(t *testing.T) {
	for _, said := range []string{"got it, the address was pinned to .11, a left-over from the failover drill", "that is the standby of the september drill, it is still in the hosts file"} {
		var s facttest.Story
		s.Page("10:00", "7", "orders", "write errors above 20 %")
		s.Say("10:14", "Engineer A", said)
		facts, _ := s.Facts()
		if facts[0].Test {
			t.Errorf("a page is a test after %q", said)
		}
	}
}

// TestJoinTakesAPageOfADrillThatWentWrong takes the page of an announced exercise for one
// in earnest when users report something around it.
func TestJoinTakesAPageOfADrillThatWentWrong(t *testing.T) {
	for _, report := range []bool{false, true} {
		var s facttest.Story
		s.Say("09:58", "Engineer A", "starting the quarterly failover exercise now, nobody should notice")
		if report {
			s.Say("10:01", "Support", "customers report that they cannot approve anything, error page")
		}
		s.Page("10:02", "7", "payroll", "write failures above 20 %")
		facts, _ := s.Facts()
		if page := facts[len(facts)-1]; page.Test == report {
			t.Errorf("with a report of users: %v, the page is a test: %v", report, page.Test)
		}
	}
}

// TestJoinMarksAnExerciseWithoutAPage takes talk of an exercise as that, and what
// users report meanwhile in earnest.
func TestJoinMarksAnExerciseWithoutAPage(t *testing.T) {
	var s facttest.Story
	s.Say("10:00", "Engineer A", "exercise start. the staging broker is down on purpose")
	s.Say("10:02", "Engineer B", "[exercise] I would now page the broker team and declare SEV2")
	s.Say("10:03", "Engineer B", "decision: fail over to broker-2")
	s.Say("10:04", "Support", "customers report that checkout shows an error page")
	s.Say("10:09", "Engineer A", "exercise over. production was never touched")
	s.Say("10:20", "Engineer A", "deploying 4.12 to production now")
	facts, _ := s.Facts()
	var got []bool
	for _, f := range facts {
		got = append(got, f.Test)
	}
	if want := []bool{true, true, true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("marked as a test: %v, want %v", got, want)
	}
}

func TestSamePerson(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"ada", "Ada Okoye", true},
		{"ada.okoye", "Ada Okoye", true},
		{"Ada Okoye", "Ben Okoye", false},
		{"", "Ada", false},
	}
	for _, tt := range tests {
		if got := fuse.SamePerson(tt.a, tt.b); got != tt.want {
			t.Errorf("SamePerson(%q, %q) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestJoinTellsACommandOnceThatSudoLoggedToo(t *testing.T) {
	s := &facttest.Story{}
	s.Run("10:02:00", "engineer-a", "sudo systemctl restart cart.service")
	s.Run("10:07:00", "engineer-a", "sudo systemctl restart cart.service")
	for i, at := range []string{"10:02:04", "10:12:00"} {
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "syslog", Line: 7 + i}, Kind: hindcast.Command, At: facttest.At(at), Actor: hindcast.Actor{Name: "engineer-a", Kind: hindcast.Person},
			Title: "sudo systemctl restart cart.service", Attrs: map[string]string{"via": "sudo"},
		})
	}
	facts, _ := s.Facts()
	got := fuse.Join(facts)
	if len(got) != 3 || len(got[0].Events) != 2 || got[0].First().Ref.File == "syslog" {
		t.Errorf("%d commands, of the first %d records, the first in %s; want 3, 2 and the history", len(got), len(got[0].Events), got[0].First().Ref.File)
	}
}
