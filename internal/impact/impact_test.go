package impact

import (
	"math"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

var threeNines = hindcast.SLO{ID: "a", Name: "Availability", Target: 99.9, WindowDays: 30}

func TestBudget(t *testing.T) {
	tests := []struct {
		name    string
		slo     hindcast.SLO
		bad     float64
		length  time.Duration
		want    float64
		formula string
	}{
		{"all users for 23 minutes of 43.2 allowed", threeNines, 100, 23 * time.Minute, 53.24, "100 % failing x 23 m / (30 d x 0.1 % allowed) = 53.2 %"},
		{"a tenth of them", threeNines, 10, 23 * time.Minute, 5.324, "10 % failing x 23 m / (30 d x 0.1 % allowed) = 5.32 %"},
		{"more than all", hindcast.SLO{Target: 99.99, WindowDays: 7}, 100, time.Hour, 5952.38, "100 % failing x 1 h / (7 d x 0.01 % allowed) = 5952 %"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Budget(tt.slo, tt.bad, tt.length)
			if !ok || math.Abs(got.Value-tt.want) > tt.want/1000 || got.Formula != tt.formula {
				t.Errorf("Budget = %v, %t, want %v %q", got, ok, tt.want, tt.formula)
			}
		})
	}
	for name, s := range map[string]hindcast.SLO{"no target": {WindowDays: 30}, "no window": {Target: 99.9}, "a target of all": {Target: 100, WindowDays: 30}} {
		if got, ok := Budget(s, 100, time.Hour); ok {
			t.Errorf("%s: Budget = %v, want none", name, got)
		}
	}
}

func TestBurnRate(t *testing.T) {
	if got, ok := BurnRate(threeNines, 100); !ok || math.Abs(got.Value-1000) > 1e-6 || got.Formula != "100 % failing / 0.1 % allowed = 1000 x" {
		t.Errorf("BurnRate = %v, %t, want 1000", got, ok)
	}
}

func TestCompleteKeepsWhatIsStated(t *testing.T) {
	users, stated := 100.0, 7.0
	inc := hindcast.Incident{
		Phases: hindcast.Phases{StartedAt: time.Unix(0, 0), ResolvedAt: time.Unix(1380, 0)},
		Impact: hindcast.Impact{Users: hindcast.Number{State: hindcast.Measured, Value: &users},
			SLOs: []hindcast.SLO{threeNines, {ID: "b", Name: "b", Target: 99, WindowDays: 30, Budget: hindcast.Number{State: hindcast.Measured, Value: &stated}}}},
	}
	got := Complete(inc)
	if s := got[0].BurnRate.String(); s != "1000 x" {
		t.Errorf("burn rate of the first = %s, want 1000 x", s)
	}
	if v := got[0].Budget.Value; v == nil || math.Abs(*v-53.24) > 0.01 {
		t.Errorf("budget of the first = %v, want 53.24", got[0].Budget)
	}
	if v := got[1].Budget.Value; v == nil || *v != stated {
		t.Errorf("budget of the second = %v, want the stated %v", got[1].Budget, stated)
	}
	if inc.Impact.SLOs[0].Budget.Value != nil {
		t.Error("the incident given was changed")
	}
}

func TestSeverity(t *testing.T) {
	n := func(v float64) hindcast.Number { return hindcast.Number{State: hindcast.Measured, Value: &v} }
	tests := []struct {
		name   string
		impact hindcast.Impact
		want   int
	}{
		{"all users", hindcast.Impact{Users: n(100)}, 1},
		{"some users", hindcast.Impact{Users: n(18)}, 2},
		{"few users", hindcast.Impact{Users: n(1)}, 3},
		{"few users, budget burning", hindcast.Impact{Users: n(1), SLOs: []hindcast.SLO{{BurnRate: n(20)}}}, 2},
		{"budget burning slowly", hindcast.Impact{SLOs: []hindcast.SLO{{BurnRate: n(2)}}}, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := Severity(hindcast.DefaultPolicy(), tt.impact); !ok || got.Level != tt.want || got.Reason == "" {
				t.Errorf("Severity = %v, %t, want level %d", got, ok, tt.want)
			}
		})
	}
	if got, ok := Severity(hindcast.DefaultPolicy(), hindcast.Impact{}); ok {
		t.Errorf("Severity of nothing = %v, want none", got)
	}
}
