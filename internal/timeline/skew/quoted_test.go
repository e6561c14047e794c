package skew_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

func TestFindByQuotedLines(t *testing.T) {
	line := func(text string, clocks ...string) signal.Template {
		var at []time.Time
		for _, c := range clocks {
			at = append(at, facttest.At(c))
		}
		return signal.Template{ID: text, Text: text, Services: []signal.Counts{counted(&record.File{Name: "tc1.log"}, at)}}
	}
	const lost = "ALARM antenna open circuit, lock lost"
	for _, tt := range []struct {
		name, said string
		lines      []signal.Template
		want       string
	}{
		{"an hour ahead", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "11:29:20")}, "tc1.log 3600 chat.json"},
		{"a second off", "the antenna lost its lock 10:29:21 UTC", []signal.Template{line(lost, "11:29:20")}, "tc1.log 3600 chat.json"},
		{"half an hour west", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "06:59:20")}, "tc1.log -12600 chat.json"},
		{"later in the log", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "08:10:00", "11:29:20")}, "tc1.log 3600 chat.json"},
		{"as it was read", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "10:29:20")}, ""},
		{"as it was read once", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "10:29:20", "11:29:20")}, ""},
		{"in two zones", "the antenna lost its lock 10:29:20 UTC", []signal.Template{line(lost, "11:29:20", "12:29:20")}, ""},
		{"ten seconds off", "the antenna lost its lock 10:29:30 UTC", []signal.Template{line(lost, "11:29:20")}, ""},
		{"at a full minute", "the antenna lost its lock 10:29:00 UTC", []signal.Template{line(lost, "11:29:00")}, ""},
		{"without its second", "the antenna lost its lock 10:29 UTC", []signal.Template{line(lost, "11:29:00")}, ""},
		{"other words", "the first order failed 10:29:20 UTC", []signal.Template{line(lost, "11:29:20")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Say("13:00", "Engineer A", tt.said)
			facts, _ := s.Facts()
			q := skew.Quotes(facts)
			for i := range q {
				q[i].File = "chat.json"
			}
			check(t, skew.Find(skew.Input{Evidence: []hindcast.Evidence{{Name: "tc1.log", Zone: stamp.AssumedZone}}, Templates: tt.lines, Quotes: q}), tt.want, time.Second)
		})
	}
}
