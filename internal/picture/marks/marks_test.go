package marks

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSteps(t *testing.T) {
	at := func(op byte, pts ...float64) Step {
		s := Step{Op: op}
		copy(s.Pts[:], pts)
		return s
	}
	for name, tt := range map[string]struct {
		in   string
		want []Step
	}{
		"absolute":  {"M1 2L3 4H5V6Z", []Step{at('M', 1, 2), at('L', 3, 4), at('L', 5, 4), at('L', 5, 6), at('Z')}},
		"relative":  {"M1 2l3 4h5v6m1-1", []Step{at('M', 1, 2), at('L', 4, 6), at('L', 9, 6), at('L', 9, 12), at('M', 10, 11)}},
		"implied":   {"M1 2 3 4", []Step{at('M', 1, 2), at('L', 3, 4)}},
		"cubic":     {"M0 0c1 1 2 2 3 3", []Step{at('M', 0, 0), at('C', 1, 1, 2, 2, 3, 3)}},
		"quadratic": {"M0 0Q3 0 3 3", []Step{at('M', 0, 0), at('C', 2, 0, 3, 1, 3, 3)}},
		"unknown":   {"M0 0A1 1 0 0 0 2 2L9 9", []Step{at('M', 0, 0)}},
		"broken":    {"M1 2L3", []Step{at('M', 1, 2)}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, steps(tt.in)); d != "" {
				t.Errorf("steps(%q) (-want +got):\n%s", tt.in, d)
			}
		})
	}
}
