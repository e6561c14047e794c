package timeline

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// loggedOnce makes a template of one line that a service logged at a clock.
func loggedOnce(service, text string, level hindcast.Level, clock string) signal.Template {
	at := facttest.At(clock)
	m := signal.Mark{At: at.UnixNano(), Line: 3}
	c := signal.Counts{Service: service, Total: 1, Buckets: []signal.Count{{Bucket: at.Unix() / 10, N: 1, Line: 3}}, First: m, Last: m}
	return signal.Template{ID: text, Text: text, Example: text, Level: level, Total: 1, Services: []signal.Counts{c}}
}

func TestBuildShowsWhatPeopleTellOf(t *testing.T) {
	tests := []struct {
		name, clock, said string
		want              []string // of the log line's entry
	}{
		{"a line by its minute", "10:16", "broker throws raw segments away since 10:03, we cannot replay them", []string{"10:03:10 | 10:16:00 | symptom | system | broker: deleting raw segment, retention size breach"}},
		{"another minute", "10:16", "broker throws raw segments away since 10:07, we cannot replay them", nil},
		{"after the end", "10:50", "broker threw raw segments away at 10:03, we cannot replay them", nil},
		{"a question", "10:16", "did the broker throw raw segments away at 10:03?", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outage()
			s.Say(tt.clock, "Cleo Baum", tt.said)
			set := signal.Set{Templates: []signal.Template{loggedOnce("broker", "deleting raw segment, retention size breach", hindcast.LevelInfo, "10:03:10")}}
			b := newBuilder(s.Events, set, Options{})
			b.detections = failure()
			got := slices.DeleteFunc(key(b.build()), func(l string) bool { return l[:8] != "10:03:10" })
			if diff := cmp.Diff(tt.want, got, cmp.Transformer("empty", func(l []string) []string { return append([]string{}, l...) })); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBuildKnowsAnAdmittedChangeFromItsAdmission(t *testing.T) {
	s := outage()
	s.Run("09:58:20", "dan", "psql shop -c 'CREATE INDEX vendor ON prices (vendor)'")
	s.Say("10:13", "Dan Cole", "I created the index on prices at 9:58, that one is mine")
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if e.At.Equal(facttest.At("09:58:20")) && (!e.Key || !e.KnownAt.Equal(facttest.At("10:13"))) {
			t.Errorf("entry of the command: key %t, known at %s; want a key entry known at 10:13:00", e.Key, e.KnownAt.Format(time.TimeOnly))
		}
	}
}

func TestBuildKnowsASymptomFromTheReportBeforeItsAlert(t *testing.T) {
	s := outage()
	s.Say("10:03", "Fay Long", "nobody in the shop can fill a basket any more, is this known?")
	s.Say("10:03:40", "Ada Okoye", "on it")
	s.Page("10:04", "811", "cart-api", "BasketLossHigh on cart-api")
	found := failure()
	found[0].Title = "basket_loss of cart-api rose from 0 to 40, high"
	for _, e := range built(s.Events, found, Options{}).Entries {
		if e.Kind == hindcast.Symptom && !e.KnownAt.Equal(facttest.At("10:03")) {
			t.Errorf("symptom known at %s, want 10:03:00, when it was reported", e.KnownAt.Format(time.TimeOnly))
		}
	}
}
