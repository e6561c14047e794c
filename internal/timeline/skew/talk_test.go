package skew_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

// conversation returns the records of an incident and what people write of it a while
// later than they would.
func conversation(later time.Duration, lines ...[2]string) skew.Input {
	var s facttest.Story
	s.Alert("10:00", "QueueDepthHigh", "mailer", "Queue of mailer above 40,000")
	s.Page("10:01", "812", "mailer", "Queue of mailer above 40,000")
	s.Ack("10:02:30", "812", "Engineer A")
	s.Run("10:20", "Engineer A", "kubectl scale deploy mailer-worker --replicas=12")
	s.Close("10:50", "812", "Engineer A")
	for _, l := range lines {
		s.Say(l[0], "Engineer A", l[1])
	}
	for i := range s.Events {
		if e := &s.Events[i]; e.Kind == hindcast.Message {
			e.At = e.At.Add(later)
		}
	}
	facts, _ := s.Facts()
	return skew.Input{Tellings: skew.Tellings(facts), Quotes: skew.Quotes(facts), Evidence: []hindcast.Evidence{{Name: "chat.json", Zone: stamp.AssumedZone}}}
}

func TestFindByTalk(t *testing.T) {
	quiet := [][2]string{{"09:50", "good morning"}, {"10:10", "hm"}, {"10:12", "and?"}, {"10:14", "not yet"}, {"10:40", "lunch"}, {"10:41", "yes"}, {"10:55", "thanks"}, {"10:56", "bye"}}
	telling := append(quiet[:len(quiet):len(quiet)],
		[2]string{"10:00:20", "[FIRING] QueueDepthHigh Queue of mailer above 40,000"}, [2]string{"10:02:40", "i take it"}, [2]string{"10:20:30", "scaled mailer-worker to 12 replicas"})
	for _, tt := range []struct {
		name  string
		lines [][2]string
		zone  time.Duration
		want  string
	}{
		{"two hours east", telling, 2 * time.Hour, "chat.json 7200 pager.json"},
		{"half an hour beside", telling, 330 * time.Minute, "chat.json 19800 pager.json"},
		{"west", telling, -7 * time.Hour, "chat.json -25200 pager.json"},
		{"in UTC", telling, 0, ""},
		{"in no zone of the world", telling, 100 * time.Minute, ""},
		{"of nothing that was recorded", quiet, 2 * time.Hour, ""},
		{"too few messages", telling[8:], 2 * time.Hour, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, skew.Find(conversation(tt.zone, tt.lines...)), tt.want, time.Second)
		})
	}
}

// TestFindWhereATableIsKept finds that a table of a few rows is in the time of where people
// live, when others tell of its rows by their numbers soon after.
func TestFindWhereATableIsKept(t *testing.T) {
	at, east := facttest.At("10:00"), 2*time.Hour
	row := func(later time.Duration, title string) skew.Telling {
		return skew.Telling{At: at.Add(later), Class: fact.Changed, File: "audit.csv", Words: lexicon.Tokens(title)}
	}
	said := func(later time.Duration, text string, zone time.Duration) skew.Telling {
		return skew.Telling{At: at.Add(later), Class: fact.Said, File: "chat.json", By: "Engineer A", Text: text, Words: lexicon.Tokens(text), Zone: zone}
	}
	for _, tt := range []struct {
		name, said string
		home       time.Duration
		want       string
	}{
		{"by its numbers", "rev 4128 is up, interval back at 850", east, "audit.csv 7200 chat.json"},
		{"by words alone", "the interval of emberling is back", east, ""},
		{"by nobody who lives there", "rev 4128 is up, interval back at 850", 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := skew.Input{Evidence: []hindcast.Evidence{{Name: "audit.csv", Zone: stamp.AssumedZone}}, Tellings: map[string][]skew.Telling{
				"audit.csv": {row(0, "motd rev 4125"), row(time.Hour, "fog density rev 4126"), row(east, "emberling interval 850 rev 4127"), row(east+time.Hour, "emberling interval 850 rev 4128")},
				"chat.json": {said(time.Hour+12*time.Second, tt.said, tt.home)},
			}}
			check(t, skew.Find(in), tt.want, time.Second)
		})
	}
}
