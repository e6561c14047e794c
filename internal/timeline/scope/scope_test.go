package scope_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		tell  func(s *facttest.Story)
		pages int
		talk  int
		open  bool // there is an incident to look at
	}{
		{"nothing", func(*facttest.Story) {}, 0, 0, false},
		{"a drill", func(s *facttest.Story) {
			s.Drill("10:00", "7")
			s.Ack("10:01", "7", "Engineer A")
			s.Close("10:05", "7", "Engineer A")
		}, 0, 0, false},
		{"small talk", func(s *facttest.Story) {
			s.SayIn("general", "10:00", "Engineer A", "the coffee machine is down again")
			s.SayIn("general", "10:01", "Engineer B", "on it")
			s.SayIn("random", "10:02", "Engineer B", "queue is growing, errors everywhere")
		}, 0, 0, false},
		{"a page and the talk about it", func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors")
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:08", "Engineer A", "every request answers 500")
			s.Say("10:10", "Engineer A", "decision: roll back")
			s.SayIn("random", "10:11", "Engineer B", "errors went down")
		}, 1, 2, true},
		{"another team's page of low urgency", func(s *facttest.Story) {
			s.Page("10:05", "812", "cart-api", "CartErrors")
			s.Ack("10:06", "812", "Engineer A")
			s.Firing("09:30", "BackupDiskFilling", "backup")
		}, 1, 0, true},
		{"no page, but people at work", func(s *facttest.Story) {
			s.SayIn("shop", "10:05", "Support", "customers can't check out, 12 calls in five minutes")
			s.SayIn("shop", "10:06", "Engineer A", "looking")
			s.SayIn("shop", "10:10", "Engineer A", "rolled back to 3.4.1")
			s.SayIn("shop", "10:20", "Engineer A", "we're back, incident resolved")
		}, 0, 4, true},
		{"no page and no figure, but an end that is declared", func(s *facttest.Story) {
			s.SayIn("payments", "10:05", "Engineer A", "good morning, I have it, I look where the file sits now")
			s.SayIn("payments", "10:15", "Engineer A", "the push fails before login")
			s.SayIn("payments", "10:25", "Engineer B", "Decision: put the exception back for that host only")
			s.SayIn("payments", "10:35", "Engineer A", "it connects again, the file is uploaded")
			s.SayIn("payments", "10:50", "Engineer B", "all payments settled, I declare the incident resolved")
		}, 0, 5, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			got := scope.Find(s.Facts())
			if len(got.Pages) != tt.pages || len(got.Talk) != tt.talk || got.From.IsZero() == tt.open {
				t.Errorf("Find: %d pages, %d messages, open %t, want %d, %d, %t", len(got.Pages), len(got.Talk), !got.From.IsZero(), tt.pages, tt.talk, tt.open)
			}
		})
	}
}

// An alert that a person took up is the one that matters, though nothing numbers it.
func TestFindAnAlertThatAPersonTook(t *testing.T) {
	var s facttest.Story
	s.Firing("09:30", "EchoTimeout", "pacs-gw")
	s.Firing("10:05", "QueueGrows", "results")
	s.Events = append(s.Events, hindcast.Event{Kind: hindcast.PagerAcknowledged, At: facttest.At("10:07"), Subject: "alert:QueueGrows", Title: "Acknowledged", Actor: hindcast.Actor{Name: "Engineer A", Kind: hindcast.Person}})
	got := scope.Find(s.Facts()).Pages
	if len(got) != 1 || got[0].Name != "QueueGrows" {
		t.Errorf("pages are %v, want the one that was taken", got)
	}
}
