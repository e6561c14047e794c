package skew_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

var start = time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)

// stated are three facts that pager.json and other.json both state, the latter
// by the given times later.
func stated(later ...time.Duration) []skew.Statement {
	var out []skew.Statement
	for i, d := range later {
		at := start.Add(time.Duration(i) * 10 * time.Minute)
		key := "fact " + string(rune('a'+i))
		out = append(out, skew.Statement{Key: key, File: "pager.json", At: at}, skew.Statement{Key: key, File: "other.json", At: at.Add(d)})
	}
	return out
}

func TestFind(t *testing.T) {
	const unknown = stamp.AssumedZone
	tests := []struct {
		name  string
		later []time.Duration
		zone  string // of other.json
		want  time.Duration
	}{
		{"the same clock", []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, "recorded", 0},
		{"a clock that runs ahead", []time.Duration{97 * time.Second, 98 * time.Second, 96 * time.Second}, "recorded", 97 * time.Second},
		{"a single coincidence", []time.Duration{97 * time.Second}, "recorded", 0},
		{"differences that do not agree", []time.Duration{40 * time.Second, 300 * time.Second, 700 * time.Second}, "recorded", 0},
		{"local time read as UTC", []time.Duration{2 * time.Hour, 2 * time.Hour, 2 * time.Hour}, unknown, 2 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := skew.Find(skew.Input{Statements: stated(tt.later...), Evidence: []hindcast.Evidence{{Name: "other.json", Zone: tt.zone}}})
			switch {
			case tt.want == 0 && len(got) > 0:
				t.Errorf("Find = %+v, want nothing", got)
			case tt.want != 0 && (len(got) != 1 || got[0].Offset.Abs() != tt.want):
				t.Errorf("Find = %+v, want an offset of %v", got, tt.want)
			}
		})
	}
}
