package fact_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

func TestLocal(t *testing.T) {
	deploys := func(s *facttest.Story) {
		s.Deploy("14:55", "tariff-api", "v6.1.0", "v6.0.9")
		s.Run("15:02:10", "ruth", "psql charge -c 'CREATE INDEX vehicles ON sessions (vehicle)'")
	}
	tests := []struct {
		name string
		said [][2]string
		want time.Duration
		ok   bool
	}{
		{"two messages", [][2]string{{"15:11", "tariff went live 8:55"}, {"15:24", "I created the vehicles index at 9:02"}}, -6 * time.Hour, true},
		{"one message", [][2]string{{"15:11", "tariff went live 8:55"}}, 0, false},
		{"one that says so", [][2]string{{"15:11", "tariff went live 8:55 local"}}, -6 * time.Hour, true},
		{"UTC", [][2]string{{"15:11", "tariff went live 14:55"}, {"15:24", "I created the vehicles index at 15:02"}}, 0, false},
		{"two zones", [][2]string{{"15:11", "tariff went live 8:55 local"}, {"15:24", "local time of the vehicles index was 17:02"}}, 0, false},
		{"nothing in common", [][2]string{{"15:11", "lunch was at 8:55"}, {"15:24", "the meeting of 9:02 was long"}}, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			deploys(s)
			for _, m := range tt.said {
				s.Say(m[0], "Engineer A", m[1])
			}
			facts, _ := s.Facts()
			got, n := fact.Local(facts)
			ok := n >= 2
			if ok != tt.ok || ok && got != tt.want {
				t.Errorf("Local() = %v, %t, want %v, %t", got, ok, tt.want, tt.ok)
			}
		})
	}
}

// Who writes local time names the minutes of other days in it too; who stamps notes with
// the minute of writing is read in the zone of the stamps, whatever the others write.
func TestSettleByHabit(t *testing.T) {
	s := &facttest.Story{}
	s.Say("15:24", "Engineer A", "the queue grows since 16:02")
	s.Say("15:25", "Engineer A", "first error at 16:10")
	s.Say("15:26", "Engineer B", "its connector is stopped since yesterday evening, 21:31")
	s.Say("15:33", "Scribe", "[bridge] 15:33 Engineer A: rolled back")
	s.Say("15:36", "Scribe", "[bridge] 15:35 Engineer B: no change")
	s.Say("15:41", "Scribe", "[bridge] 15:41 Engineer B: relay lost its stream at 14:47:12")
	facts, _ := s.Facts()
	fact.Settle(facts, []hindcast.Event{{Zone: "+01:00"}})
	day := facttest.At("00:00").AddDate(0, 0, -1)
	want := []time.Time{facttest.At("15:02"), facttest.At("15:10"), day.Add(20*time.Hour + 31*time.Minute), facttest.At("15:33"), facttest.At("15:35"), facttest.At("15:41")}
	for i, f := range facts {
		if got := f.Moments[0].At; !got.Equal(want[i]) {
			t.Errorf("%q names %v, want %v", f.Text(), got, want[i])
		}
	}
}

func TestSettle(t *testing.T) {
	s := &facttest.Story{}
	s.Say("15:24", "Engineer A", "the queue grows since 16:02")
	s.Say("15:25", "Engineer A", "first error at 16:10")
	s.Say("15:30", "Engineer A", "the branches had it from 15:28 on")
	s.Say("15:33", "Engineer B", "the log says 15:31")
	s.Say("15:34", "Engineer B", "and 15:32")
	facts, _ := s.Facts()
	fact.Settle(facts, []hindcast.Event{{Zone: "+01:00"}})
	want := []string{"15:02", "15:10", "14:28", "15:31", "15:32"}
	for i, f := range facts {
		if got := f.Moments[0].At; !got.Equal(facttest.At(want[i])) {
			t.Errorf("%q names %v, want %s", f.Text(), got, want[i])
		}
	}
}

// Who names the minute of writing in UTC writes all clocks in it.
func TestSettleByTheMinuteOfWriting(t *testing.T) {
	s := &facttest.Story{}
	s.Say("15:10", "Engineer B", "the queue grows since 16:02")
	s.Say("15:12", "Engineer B", "first error at 16:08")
	s.Say("15:14", "Engineer B", "and 16:11")
	s.Say("15:20", "Engineer A", "lifted at 15:18:40, it came back")
	s.Say("15:40", "Engineer A", "refused since 13:47")
	facts, _ := s.Facts()
	fact.Settle(facts, []hindcast.Event{{Zone: "+01:00"}})
	if got := facts[4].Moments[0].At; !got.Equal(facttest.At("13:47")) {
		t.Errorf("13:47 is %v, want 13:47 UTC", got)
	}
}

func TestSettleBelievesTheZoneOfAMail(t *testing.T) {
	for _, tt := range []struct{ zone, want string }{
		{"+01:00", "08:12"}, {"deduced +02:00", "07:12"}, {"Asia/Kolkata", "03:42"}, {"Z", "09:12"}, {"assumed UTC", "09:12"},
	} {
		s := &facttest.Story{}
		s.Say("09:31", "Vendor", "at 09:12 our engineer renamed the entry")
		s.Events[0].Zone = tt.zone
		facts, _ := s.Facts()
		fact.Settle(facts, nil)
		if got := facts[0].Moments[0].At; !got.Equal(facttest.At(tt.want)) {
			t.Errorf("in a mail of %s 09:12 is %v, want %s UTC", tt.zone, got, tt.want)
		}
	}
}

func TestSettleBelievesWhoSaysThatTheTimeIsTheirs(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"the stock is from 15:55 our time", "13:58"},
		{"the stock is from 14:05", "14:58"},
	} {
		s := &facttest.Story{}
		s.Say("15:10", "Engineer A", tt.said)
		s.Say("15:20", "Engineer B", "I removed the host, live since 14:58")
		s.Say("15:29", "Engineer A", "the run of 16:25 took everything")
		facts, _ := s.Facts()
		fact.Settle(facts, []hindcast.Event{{Zone: "+01:00"}})
		if got := facts[1].Moments[0].At; !got.Equal(facttest.At(tt.want)) {
			t.Errorf("after %q, 14:58 is %v, want %s", tt.said, got, tt.want)
		}
	}
}

func TestSettleBelievesWhoIsSeenToThinkInOneZone(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"labels are printed since 15:50", "13:16"}, // two clocks of theirs make no sense in UTC
		{"labels are printed again", "14:16"},
	} {
		s := &facttest.Story{}
		s.Say("15:04", "Engineer A", tt.said)
		s.Say("15:41", "Engineer B", "rolled out 16:40")
		s.Say("16:42", "Engineer A", "the queue is empty since 17:41")
		s.Say("17:21", "Engineer A", "from the log, the first one thrown away is 14:16")
		facts, _ := s.Facts()
		fact.Settle(facts, []hindcast.Event{{Zone: "+01:00"}})
		if got := facts[3].Moments[0].At; !got.Equal(facttest.At(tt.want)) {
			t.Errorf("beside %q, 14:16 is %v, want %s", tt.said, got, tt.want)
		}
	}
}
