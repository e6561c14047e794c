package trigger_test

import (
	"testing"

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
