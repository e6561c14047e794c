package timeline

import (
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// What is told twice is shown once, and what nobody else tells is shown.
func TestBuildShowsEachThingOnce(t *testing.T) {
	escalate := func(s *facttest.Story, clock, step string) {
		s.Events = append(s.Events, hindcast.Event{
			Kind: hindcast.PagerStep, At: facttest.At(clock), Title: "platform requested as additional responder", Subject: "pagerduty:812", ID: "pagerduty:e" + clock,
			Ref: hindcast.Ref{File: "pager.json", Line: 900}, Actor: hindcast.Actor{Name: "Ada Okoye", Kind: hindcast.Person}, Attrs: map[string]string{"step": step, "number": "812"},
		})
	}
	alone := func(s *facttest.Story, clock string) { // from the log of one alert, which names it nowhere
		escalate(s, clock, "responder_request")
		e := &s.Events[len(s.Events)-1]
		e.Subject, e.Attrs = "", map[string]string{"step": "responder_request"}
	}
	tests := []struct {
		name  string
		more  func(s *facttest.Story)
		about string // part of a title
		want  []string
	}{
		{"the report of a command at once", func(s *facttest.Story) {
			s.Run("10:15", "cleo", "kubectl -n shop set resources deploy/cart-api --limits=memory=2Gi")
			s.Say("10:15:25", "Ada Okoye", "bumped it to twice of that, so people can breathe meanwhile")
		}, "bumped", nil},
		{"a deed that nothing records", func(s *facttest.Story) {
			s.Say("10:17:25", "Ada Okoye", "disabled the nightly export so it does not run into this")
		}, "export", []string{"10:17:25 | 10:17:25 | action | person | disabled the nightly export so it does not run into this"}},
		{"another time", func(s *facttest.Story) {
			s.Say("10:10:30", "Ben Ruiz", "same thing happened in August, every request to cart-api answered 500 until we restarted it")
		}, "August", nil},
		{"consent to a decision", func(s *facttest.Story) { s.Say("10:11:20", "Cleo Baum", "do it") }, "do it", nil},
		{"that the status page is up", func(s *facttest.Story) {
			s.Events = append(s.Events, hindcast.Event{Kind: hindcast.StatusUpdate, At: facttest.At("10:13"), Subject: "statuspage:9", Status: "investigating", Title: "Carts cannot be opened", Text: "Carts cannot be opened", Ref: hindcast.Ref{File: "status.json", Line: 901}, Actor: hindcast.Actor{Name: "Status page", Kind: hindcast.Automation}})
			s.Say("10:14:30", "Cleo Baum", "status page updated: carts do not open, we are on it")
		}, "arts ", []string{"10:13:00 | 10:13:00 | communication | person | Carts cannot be opened"}},
		{"a call of others that nobody tells", func(s *facttest.Story) { escalate(s, "10:09:30", "responder_request") }, "additional responder", []string{
			"10:09:30 | 10:09:30 | communication | person | platform requested as additional responder",
		}},
		{"a call in the log of one alert", func(s *facttest.Story) {
			alone(s, "10:09:30")
			s.Say("10:09:40", "Ada Okoye", "adding the data people")
		}, "dd", []string{
			"10:09:30 | 10:09:30 | communication | person | platform requested as additional responder",
		}},
		{"what else was done as others were called", func(s *facttest.Story) {
			alone(s, "10:17")
			s.Say("10:17:25", "Ada Okoye", "disabled the nightly export")
		}, "export", []string{"10:17:25 | 10:17:25 | action | person | disabled the nightly export"}},
		{"a call after relief", func(s *facttest.Story) { escalate(s, "10:25", "responder_request") }, "additional responder", nil},
		{"by and large when it began", func(s *facttest.Story) {
			s.Say("10:09:40", "Ben Ruiz", "shops write that they cannot pay since about 10:03")
		}, "cannot pay since", []string{"10:09:40 | 10:09:40 | observation | person | shops write that they cannot pay since about 10:03"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := outage()
			tt.more(s)
			got := slices.DeleteFunc(key(built(s.Events, failure(), Options{})), func(l string) bool { return !strings.Contains(l, tt.about) })
			if !slices.Equal(got, tt.want) {
				t.Errorf("shown is %q, want %q", got, tt.want)
			}
		})
	}
}

// Once failures have begun, that there are more or fewer records is no news.
func TestBuildShowsNoFurtherRates(t *testing.T) {
	from := facttest.At("10:04").UnixNano()
	rate := signal.Detection{
		Detector: "rate-change", From: from, To: facttest.At("10:20").UnixNano(), Service: "cart-api", Subject: "5m", Direction: 1, Bad: true,
		Surprise: 20, Title: "error rate of cart-api rose from 0 to 12 per minute", Why: "12 per minute", Marks: []signal.Mark{{At: from, Line: 9}},
	}
	for _, l := range key(built(outage().Events, append(failure(), rate), Options{})) {
		if strings.Contains(l, "error rate") {
			t.Errorf("shown is %s", l)
		}
	}
}
