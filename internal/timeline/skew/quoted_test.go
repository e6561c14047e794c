package skew_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

// said returns the quotes of a message.
func said(text string) []skew.Quote {
	var s facttest.Story
	s.Say("13:00", "Engineer A", text)
	facts, _ := s.Facts()
	q := skew.Quotes(facts)
	for i := range q {
		q[i].File = "chat.json"
	}
	return q
}

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
		{"by its minute", "the antenna lost its lock 10:29 UTC, an open circuit", []signal.Template{line(lost, "11:29:40")}, "tc1.log 3600 chat.json"},
		{"by its minute, in two zones", "the antenna lost its lock 10:29 UTC, an open circuit", []signal.Template{line(lost, "11:29:40", "13:29:10")}, ""},
		{"by its minute, as it was read", "the antenna lost its lock 10:29 UTC, an open circuit", []signal.Template{line(lost, "10:29:40")}, ""},
		{"by its minute, in other words", "the first order failed 10:29 UTC", []signal.Template{line(lost, "11:29:00")}, ""},
		{"other words", "the first order failed 10:29:20 UTC", []signal.Template{line(lost, "11:29:20")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := said(tt.said)
			check(t, skew.Find(skew.Input{Evidence: []hindcast.Evidence{{Name: "tc1.log", Zone: stamp.AssumedZone}}, Templates: tt.lines, Quotes: q}), tt.want, time.Second)
		})
	}
}

// TestFindByQuotedLinesOfAnotherWithoutZone: the conversation may be what is in local time.
func TestFindByQuotedLinesOfAnotherWithoutZone(t *testing.T) {
	const lost = "ALARM antenna open circuit, lock lost"
	lines := []signal.Template{{ID: lost, Text: lost, Services: []signal.Counts{counted(&record.File{Name: "tc1.log"}, []time.Time{facttest.At("11:29:20")})}}}
	evidence := []hindcast.Evidence{{Name: "tc1.log", Zone: stamp.AssumedZone}, {Name: "chat.json", Zone: stamp.AssumedZone}}
	check(t, skew.Find(skew.Input{Evidence: evidence, Templates: lines, Quotes: said("the antenna lost its lock 10:29:20 UTC")}), "", time.Second)
}

func TestFindByQuotedRows(t *testing.T) {
	row := func(clock, title string) *fact.Fact {
		at := facttest.At(clock)
		return &fact.Fact{Class: fact.Row, At: at, Title: title, Events: []hindcast.Event{{Kind: hindcast.Record, At: at, Title: title, Ref: hindcast.Ref{File: "lots.csv"}}}}
	}
	for _, tt := range []struct {
		name, said string
		spoken     time.Duration
		rows       []*fact.Fact
		want       string
	}{
		{"in the zone of the writer", "the first bad one was lot 48213, dosed at 10:26 UTC", time.Hour, []*fact.Fact{row("11:26:10", "48213, M07, auto"), row("12:26:10", "48290, M07, auto")}, "lots.csv 3600 chat.json"},
		{"to the second, in other words", "our audit says the first left 10:26:10 UTC", time.Hour, []*fact.Fact{row("11:26:10", "48213, M07, auto")}, "lots.csv 3600 chat.json"},
		{"to the second, where nobody writes", "our audit says the first left 10:26:10 UTC", 2 * time.Hour, []*fact.Fact{row("11:26:10", "48213, M07, auto")}, ""},
		{"as it was read", "the first bad one was lot 48213, dosed at 10:26 UTC", time.Hour, []*fact.Fact{row("10:26:10", "48213, M07, auto")}, ""},
		{"in no zone of the writer", "the first bad one was lot 48213, dosed at 10:26 UTC", 2 * time.Hour, []*fact.Fact{row("11:26:10", "48213, M07, auto")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := said(tt.said)
			check(t, skew.Find(skew.Input{Evidence: []hindcast.Evidence{{Name: "lots.csv", Zone: stamp.AssumedZone}}, Rows: tt.rows, Spoken: []time.Duration{0, tt.spoken}, Quotes: q}), tt.want, time.Second)
		})
	}
}
