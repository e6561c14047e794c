package retell_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/retell"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// line makes a template of lines that a service logged at the clocks given.
func line(service, text string, level hindcast.Level, clocks ...string) signal.Template {
	c := signal.Counts{Service: service, Total: len(clocks)}
	for i, clock := range clocks {
		at := facttest.At(clock)
		c.Buckets = append(c.Buckets, signal.Count{Bucket: at.Unix() / 10, N: 1, Line: int32(i + 1), Micros: uint32(at.Unix()%10) * 1_000_000})
	}
	c.First = signal.Mark{At: facttest.At(clocks[0]).UnixNano(), Line: 1}
	return signal.Template{ID: text, Text: text, Example: text, Level: level, Total: len(clocks), Services: []signal.Counts{c}}
}

func templates() []signal.Template {
	return []signal.Template{
		line("intake", "document stored in <*> ms", hindcast.LevelInfo, "09:00:10", "09:40", "10:20"),
		line("intake", "cannot spool document, no space left on device", hindcast.LevelError, "10:02:20", "10:03"),
		line("broker", "deleting segment of topic raw due to retention size", hindcast.LevelInfo, "10:04:30"),
		line("gate", "partner endpoint disabled after <*> failures", hindcast.LevelInfo, "08:10:40"),
		line("scheduler", "export of documents began", hindcast.LevelInfo, "09:30:05"),
	}
}

func TestFind(t *testing.T) {
	tests := []struct {
		name, clock, text string
		want              []string // service, clock and whether the moment was named
	}{
		{"by its minute", "10:20", "raw segments are thrown away since 10:04, the topic is capped by size", []string{"broker 10:04:30 true"}},
		{"long before, by its minute", "10:30", "the partner disabled our endpoint at 8:10", []string{"gate 08:10:40 true"}},
		{"another minute", "10:20", "raw segments are thrown away since 10:01, the topic is capped by size", nil},
		{"a failure by its words", "10:15", "no space left for the spool, it fails for every document", []string{"intake 10:02:20 false"}},
		{"what is no failure needs its minute", "10:15", "the export of documents fails to begin", nil},
		{"what is to come", "10:00", "no space left for the spool, it fails for every document", nil},
		{"words of any record", "10:15", "documents fail since 10:02", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			s.Say(tt.clock, "Engineer A", tt.text)
			talk, _ := s.Facts()
			var got []string
			for _, m := range retell.Find(retell.Input{Talk: talk, Templates: templates(), From: facttest.At("09:45")}) {
				got = append(got, fmt.Sprintln(m.In.Service, m.At.Format(time.TimeOnly), m.Dated))
			}
			for i := range got {
				got[i] = got[i][:len(got[i])-1]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Find(%q): -want +got:\n%s", tt.text, diff)
			}
		})
	}
}

func TestFindTakesThePlatformsWord(t *testing.T) {
	s := &facttest.Story{}
	s.Platform("10:01", "Unhealthy", "packer", "packer-7d9c-00001", "Readiness probe failed: connection refused")
	s.Platform("10:02", "OOMKilling", "packer", "packer-7d9c-00002", "Memory cgroup out of memory: Killed process 410 (packer)")
	s.Say("10:05", "Engineer A", "the packer gets oomkilled all the time, it is broken")
	facts, _ := s.Facts()
	found := retell.Find(retell.Input{Talk: facts[2:], Records: facts[:2], Templates: templates(), From: facttest.At("09:45")})
	if len(found) != 1 || found[0].Fact != facts[1] || found[0].By != facts[2] {
		t.Errorf("Find() = %+v, want the event of the killed process", found)
	}
}

// TestFindTakesARecordByItsSecond needs few words where the second is named, and more
// where the time is only about so.
func TestFindTakesARecordByItsSecond(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"1286 orders under wrong prices, the import was committed 09:52:10", true},
		{"1286 orders under wrong prices since 09:52", false},
		{"somebody loaded the spring promo sheet a bit after 9:50", true},
		{"somebody changed the carts a bit after 9:50", false},
	} {
		s := &facttest.Story{}
		s.Run("09:52:10", "merch", "pricesheet import spring_promo.csv")
		s.Say("10:20", "Engineer A", tt.text)
		facts, _ := s.Facts()
		found := retell.Find(retell.Input{Talk: facts[1:], Records: facts[:1], Templates: templates(), From: facttest.At("09:45")})
		if got := len(found) == 1 && found[0].Fact == facts[0]; got != tt.want {
			t.Errorf("that %q is found to be about the import: %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestFindTakesWhatIsQuoted finds a record by what a message quotes of it, and by a word
// in capitals at the minute named.
func TestFindTakesWhatIsQuoted(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{`somebody saved a cache rule "well-known static 7d" last week`, true},
		{`somebody saved a cache rule "static assets 9d" last week`, false},
		{"somebody saved a cache rule last week", false},
	} {
		s := &facttest.Story{}
		s.Run("09:52:10", "edge", `edge rule create "well-known static 7d"`)
		s.Say("10:20", "Engineer A", tt.text)
		facts, _ := s.Facts()
		found := retell.Find(retell.Input{Talk: facts[1:], Records: facts[:1], From: facttest.At("09:45")})
		if got := len(found) == 1 && found[0].Fact == facts[0]; got != tt.want {
			t.Errorf("that %q is found to be about the rule: %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestFindTakesTheLineThatPeopleFoundBehindIt finds a line that by itself is no news by its
// words where somebody says what is behind it, and by a name that stands in it.
func TestFindTakesTheLineThatPeopleFoundBehindIt(t *testing.T) {
	lines := append(templates(),
		line("nightly", "alias catalog: remove catalog-20250915 add catalog-20250916", hindcast.LevelInfo, "04:12:08"),
		line("search", "updating alias [catalog], added [catalog-20250916]", hindcast.LevelInfo, "04:12:08"),
	)
	for _, tt := range []struct {
		text, want string
	}{
		{"root cause: the topic raw has a retention by size, so the broker is deleting segments", "broker 10:04:30"},
		{"the broker is fine", ""},
		{"half of all items are missing. root cause: the alias points to catalog-20250916", "nightly 04:12:08"},
		{"root cause: something points to catalog-20250917", ""},
		{"root cause: since 10:02 the topic raw has a retention by size, so the broker is deleting segments", ""},
	} {
		s := &facttest.Story{}
		s.Say("10:20", "Engineer A", tt.text)
		talk, _ := s.Facts()
		got := ""
		for _, m := range retell.Find(retell.Input{Talk: talk, Templates: lines, From: facttest.At("09:45"), Detected: facttest.At("10:10")}) {
			got = m.In.Service + " " + m.At.Format(time.TimeOnly)
			if !m.Found || m.Dated {
				t.Errorf("that %q is not found out: %+v", tt.text, m)
			}
		}
		if got != tt.want {
			t.Errorf("%q tells of %q, want %q", tt.text, got, tt.want)
		}
	}
}
