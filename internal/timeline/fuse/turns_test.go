package fuse_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestJoinReadsTurns(t *testing.T) {
	tests := []struct {
		name string
		tell func(s *facttest.Story)
		text string
		want speech.Act
	}{
		{"a plan that another person assents to", func(s *facttest.Story) {
			s.Say("10:10", "Engineer A", "old segments go, the ledger stays. ok?")
			s.Say("10:10:30", "Manager", "do it")
		}, "old segments go, the ledger stays. ok?", speech.Decision},
		{"a deed told in the words of the command", func(s *facttest.Story) {
			s.Run("10:10", "engineer", "billctl retract --batch 7")
			s.Say("10:10:30", "Engineer", "all of the 40 drafts in batch seven are retracted")
		}, "all of the 40 drafts in batch seven are retracted", speech.Action},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			tt.tell(&s)
			facts, _ := s.Facts()
			for _, f := range facts {
				if f.Text() == tt.text && f.Speech.Act != tt.want {
					t.Errorf("Facts(): %q is %s, want %s", tt.text, f.Speech.Act, tt.want)
				}
			}
		})
	}
}
