package trigger_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

func TestIdentified(t *testing.T) {
	tests := []struct {
		name, said string
		act        speech.Act
		want       bool
	}{
		{"its version as the cause", "found it, 2.8.0 dropped the index", speech.Cause, true},
		{"its version with its minute", "2.8.0 went out at 04:00, nobody was awake", speech.Observation, true},
		{"its version without either", "2.8.0 is what runs here", speech.Observation, false},
		{"another version with its minute", "3.1.0 went out at 04:00", speech.Observation, false},
		{"a guess", "maybe 2.8.0, it went out at 04:00", speech.Hypothesis, false},
		{"ruled out", "2.8.0 of 04:00 is not it", speech.RuledOut, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &facttest.Story{}
			s.Deploy("04:00", "cart-api", "v2.8.0", "v2.7.9")
			s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
			s.Say("10:20", "Engineer A", tt.said)
			facts, names := s.Facts()
			facts[2].Speech.Act = tt.act
			j := trigger.Judge{Facts: facts, Names: names, In: func(string) bool { return true }}
			if got := j.Identified(facts[0], j.Statements(facttest.At("10:05"))) != nil; got != tt.want {
				t.Errorf("Identified() = %t, want %t", got, tt.want)
			}
		})
	}
}

// A thing that people call by a name of several words is told from others by it.
func TestIdentifiedByTheNameOfWhatItTouched(t *testing.T) {
	for said, want := range map[string]bool{
		"why it was missing: the partition-maintainer has been suspended since the 24th": true,
		"why it was missing: somebody suspended the maintainer on the 24th":              false,
	} {
		s := &facttest.Story{}
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "audit.jsonl", Line: 1}, Kind: hindcast.ConfigChange, At: facttest.At("04:00"), Actor: hindcast.Actor{Name: "engineer-b", Kind: hindcast.Person},
			Title: "patch cronjobs orders/partition-maintainer: spec.suspend=true", Attrs: map[string]string{"object": "cronjobs/orders/partition-maintainer"},
		})
		s.Say("10:20", "Engineer A", said)
		facts, names := s.Facts()
		facts[1].Speech.Act = speech.Cause
		j := trigger.Judge{Facts: facts, Names: names, In: func(string) bool { return true }}
		if got := j.Identified(facts[0], j.Statements(facttest.At("10:05"))) != nil; got != want {
			t.Errorf("Identified() = %t after %q, want %t", got, said, want)
		}
	}
}

// What people name by its day and in its own words is that of this day, when no other
// record of the day is as near.
func TestOnDay(t *testing.T) {
	yesterday := facttest.At("04:00").AddDate(0, 0, -1)
	for said, want := range map[string]bool{
		"because svc-pki was disabled yesterday in the access review, no owner":                                       true,
		"because svc-pki was disabled on " + yesterday.Weekday().String() + " in the access review":                   true,
		"because svc-pki was disabled on " + yesterday.AddDate(0, 0, -2).Weekday().String() + " in the access review": false,
		"because svc-pki was disabled in the access review":                                                           false,
		"yesterday somebody did something to accounts":                                                                false,
	} {
		s := &facttest.Story{}
		for i, account := range []string{"svc-pki", "svc-mail"} {
			s.Events = append(s.Events, hindcast.Event{
				Ref: hindcast.Ref{File: "audit.csv", Line: 2 + i}, Kind: hindcast.ConfigChange, At: yesterday, Actor: hindcast.Actor{Name: "engineer-b", Kind: hindcast.Person},
				Title: "account.disable " + account + ": access review, no owner",
			})
		}
		s.Say("10:20", "Engineer A", said)
		facts, names := s.Facts()
		facts[2].Speech.Act = speech.Cause
		j := trigger.Judge{Facts: facts, Names: names, In: func(string) bool { return true }}
		if got := j.OnDay(facts[0], trigger.OfDays(j.Statements(facttest.At("10:05")))) != nil; got != want {
			t.Errorf("OnDay() = %t after %q, want %t", got, said, want)
		}
	}
}
