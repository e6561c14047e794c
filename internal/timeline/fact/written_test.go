package fact_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

func TestWritten(t *testing.T) {
	tests := []struct {
		name  string
		said  [][2]string
		known bool
		want  []time.Duration
	}{
		{"both in one message", [][2]string{{"19:21", "climbing since 2:03 (19:03Z)"}}, false, []time.Duration{-5 * time.Hour}},
		{"the zone before UTC", [][2]string{{"08:41", "first one at 09:20:10 local, so 08:20:10 utc"}}, false, []time.Duration{time.Hour}},
		{"a zone by its name", [][2]string{{"10:41", "it was 19:33 KST"}}, false, []time.Duration{9 * time.Hour}},
		{"clocks that make no sense in UTC", [][2]string{{"17:21", "it raised its alarm at 10:02:15"}, {"17:31", "cleared 10:30:20"}, {"17:49", "switched off at 7:31"}}, false, []time.Duration{-7 * time.Hour}},
		{"another zone is known", [][2]string{{"17:21", "it raised its alarm at 10:02:15"}, {"17:31", "cleared 10:30:20"}, {"17:49", "switched off at 7:31"}}, true, nil},
		{"one that says that it is local", [][2]string{{"12:14", "the banner is up since 14:10 our time"}}, false, []time.Duration{2 * time.Hour}},
		{"UTC", [][2]string{{"17:21", "it raised its alarm at 17:02:15"}, {"17:31", "cleared 17:30:20"}}, false, nil},
		{"UTC, long before", [][2]string{{"17:21", "it began at 15:40"}, {"17:31", "and at 15:45"}, {"17:32", "and at 15:50"}}, false, nil},
		{"right before their messages", [][2]string{{"12:08", "the mail went out at 04:00"}, {"14:45:30", "she confirmed at 08:44"}, {"14:27", "09:00 is impossible"}, {"16:20:10", "resolved at 10:20"}}, false, []time.Duration{-6 * time.Hour}},
		{"in words, of either half of the day", [][2]string{{"18:57", "I switched it at five to eight"}, {"19:20", "and back at quarter past eight our time"}}, false, []time.Duration{time.Hour}},
		{"what is to come", [][2]string{{"14:10", "next update 15:00"}, {"14:40", "ETA 15:30"}, {"14:50", "deadline 15:40"}}, false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			for _, m := range tt.said {
				s.Say(m[0], "Engineer A", m[1])
			}
			facts, _ := s.Facts()
			if diff := cmp.Diff(tt.want, fact.Written(facts, tt.known)); diff != "" {
				t.Errorf("Written(): -want +got:\n%s", diff)
			}
		})
	}
}
