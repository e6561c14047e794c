package trigger

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

func TestRollsBack(t *testing.T) {
	for _, tt := range []struct {
		name    string
		rollout [][3]string // clock, version, version before
		want    bool
	}{
		{"the version before", [][3]string{{"09:00", "v311", "v310"}, {"10:00", "v310", ""}}, true},
		{"a lower one", [][3]string{{"09:00", "24.10.0", ""}, {"10:00", "24.9.1", ""}}, true},
		{"a higher one", [][3]string{{"09:00", "24.9.2", "24.9.1"}, {"10:00", "24.10.0", ""}}, false},
		{"the same again", [][3]string{{"09:00", "24.9.2", "24.9.1"}, {"10:00", "24.9.2", ""}}, false},
		{"the first", [][3]string{{"10:00", "24.9.2", ""}}, false},
		{"by hash", [][3]string{{"09:00", "ed3aae5", ""}, {"10:00", "a1190f8", ""}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			for _, r := range tt.rollout {
				s.Deploy(r[0], "ranker", r[1], r[2])
			}
			facts, _ := s.Facts()
			j := &Judge{Facts: facts}
			if got := j.RollsBack(facts[len(facts)-1]); got != tt.want {
				t.Errorf("RollsBack() = %v", got)
			}
		})
	}
}
