package trigger_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

func TestRuledOutByAnAnswer(t *testing.T) {
	tests := []struct {
		name, said string
		want       bool
	}{
		{"to a question, however it reads", "cart-api was synced at 10:00. is that yours?", true},
		{"to a statement", "cart-api was synced at 10:00", false},
		{"to a question about its minute", "could it be what went out at 10:00?", true},
		{"to a question about another", "search-api was synced at 10:00. is that yours?", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			s.Deploy("09:58", "search-api", "v1.1.0", "v1.0.9")
			s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
			s.Say("10:07", "Engineer A", tt.said)
			s.Say("10:08", "Engineer B", "mine, but it only logs heartbeats. not it")
			facts, names := s.Facts()
			facts[2].Speech.Act, facts[3].Speech.Act = speech.Report, speech.RuledOut
			j := trigger.Judge{Facts: facts, Names: names, Hit: func(string) bool { return false }}
			if got := j.RuledOut(facts[1]) != nil; got != tt.want {
				t.Errorf("RuledOut() = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestAgain(t *testing.T) {
	at := time.Unix(1000, 0)
	made := func(title, object string) *fact.Fact {
		return &fact.Fact{At: at, Class: fact.Changed, Service: "data-infra", Title: title, Object: object}
	}
	tests := []struct {
		before, after string
		want          bool
	}{
		{"apply: orders.raw retention 24h -> 168h", "apply: orders.raw retention back to 24h", true},
		{"set max_connections to 900", "Max back to 400: max_connections", true},
		{"revert orders.raw", "apply: orders.raw", true},
		{"apply: orders.raw retention", "apply: orders.debug retention", false},
		{"apply: raise the limit to 7.5", "apply: lower the limit to 7.5", false},
		{"apply: new record in the zone", "apply: another record in the zone", false},
	}
	for _, tt := range tests {
		c, f := made(tt.before, ""), made(tt.after, "")
		if trigger.Again(f, c) {
			t.Errorf("%q is after %q, though at the same moment", tt.after, tt.before)
		}
		f.At = at.Add(time.Hour)
		if got := trigger.Again(f, c); got != tt.want {
			t.Errorf("%q again after %q: %v, want %v", tt.after, tt.before, got, tt.want)
		}
	}
}

func TestRuledOutByTakingItBackForNothing(t *testing.T) {
	for _, tt := range []struct {
		said string
		want bool
	}{
		{"rollback finished 10:20, zero effect", true},
		{"and it fires again. rollback changed nothing, cart is off the list", true},
		{"reverted, does not help", true},
		{"rolling back, no change to the schedule of the rest", true},
		{"rolled back, errors are gone", false},
		{"did the rollback change nothing?", false},
		{"rollback of search-api changed nothing", false},
	} {
		t.Run(tt.said, func(t *testing.T) {
			s := &facttest.Story{}
			s.Deploy("09:50", "search-api", "v1.1.0", "v1.0.9")
			s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
			s.Deploy("10:15", "cart-api", "v2.7.9", "v2.8.0")
			s.Say("10:22", "Engineer A", tt.said)
			facts, names := s.Facts()
			facts[3].Speech.Act = speech.Observation
			j := trigger.Judge{Facts: facts, Names: names, Hit: func(s string) bool { return s == "cart-api" }}
			if got := j.RuledOut(facts[1]) != nil; got != tt.want {
				t.Errorf("RuledOut() = %t, want %t", got, tt.want)
			}
			if j.RuledOut(facts[0]) != nil {
				t.Error("what nobody took back is ruled out")
			}
		})
	}
}

func TestRuledOutByWhatPeopleCallIt(t *testing.T) {
	for _, tt := range []struct {
		said string
		want bool
	}{
		{"2.7.9 live everywhere, the sofa still costs 8.99. cart is innocent", true},
		{"put one of them back to v2.7.9, same 403. innocent", true},
		{"the cart was not the culprit", true},
		{"the search is innocent", false},
		{"is the cart innocent?", false},
	} {
		s := &facttest.Story{}
		s.Deploy("10:00", "cart-service", "v2.8.0", "v2.7.9")
		s.Say("10:22", "Engineer A", tt.said)
		facts, names := s.Facts()
		j := trigger.Judge{Facts: facts, Names: names, Hit: func(string) bool { return false }}
		if got := j.RuledOut(facts[0]) != nil; got != tt.want {
			t.Errorf("ruled out by %q (%s): %t, want %t", tt.said, facts[1].Speech.Act, got, tt.want)
		}
	}
}

// TestWeighTellsChangesApart has two changes of one list in the minutes before the first
// symptom, and people who speak of one of them.
func TestWeighTellsChangesApart(t *testing.T) {
	for _, said := range []string{
		"found it. kiosk-lockdown is assigned to the group tills-all", "for the write-up: the audit log says 10:02:20 for it",
	} {
		s := &facttest.Story{}
		s.Run("10:01:00", "engineer", "mdm profile edit kiosk-lockdown")
		s.Run("10:02:20", "engineer", "mdm profile assign kiosk-lockdown --group tills-all")
		s.Say("10:30", "Engineer A", said)
		facts, names := s.Facts()
		if facts[2].Speech.Act = speech.Cause; len(facts[2].Moments) > 0 {
			facts[2].Speech.Act = speech.Observation
		}
		no := func(string) bool { return false }
		j := trigger.Judge{Facts: facts, Names: names, Hit: no, Near: no, In: func(string) bool { return true }}
		edit, assign := j.Weigh(facts[0], facttest.At("10:05")), j.Weigh(facts[1], facttest.At("10:05"))
		if !assign.Better(edit) || edit.Better(assign) {
			t.Errorf("after %q the edit weighs %+v, the assignment %+v", said, edit, assign)
		}
	}
}
