package skew_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

func TestFindByCommands(t *testing.T) {
	typed := func(clocks ...string) map[string][]skew.Typed {
		out := map[string][]skew.Typed{}
		for _, c := range clocks {
			at, echo, _ := strings.Cut(c, " ")
			t := skew.Typed{At: facttest.At(at)}
			if echo != "" {
				t.Echoes = []time.Time{facttest.At(echo)}
			}
			out["ops.history"] = append(out["ops.history"], t)
		}
		return out
	}
	east := []time.Duration{0, 2 * time.Hour}
	for _, tt := range []struct {
		name   string
		typed  map[string][]skew.Typed
		zones  []time.Duration
		phases hindcast.Phases
		want   string
	}{
		{"in the zone of another file", typed("08:00", "11:50", "12:10"), east, incident(""), "ops.history 7200 pager.json"},
		{"west", typed("04:50", "05:10"), []time.Duration{0, -5 * time.Hour}, incident(""), "ops.history -18000 pager.json"},
		{"in UTC", typed("09:50", "10:10", "11:50", "12:10"), east, incident(""), ""},
		{"one of them in UTC", typed("09:50", "11:50", "12:10"), east, incident(""), ""},
		{"a single one", typed("11:50"), east, incident(""), ""},
		{"in no other file's zone", typed("11:50", "12:10"), []time.Duration{0, 5 * time.Hour}, incident(""), ""},
		{"in either of two", typed("11:50", "12:10", "13:00", "13:10"), []time.Duration{0, 2 * time.Hour, 3 * time.Hour}, incident(""), ""},
		{"as others record it", typed("11:10", "11:30:20 10:30:00", "12:00:10 11:00:00", "12:10"), []time.Duration{0}, incident(""), "ops.history 3600 pager.json"},
		{"as others record it in UTC once", typed("10:10:20 10:10:00", "11:30:20 10:30:00", "12:00:10 11:00:00"), []time.Duration{0}, incident(""), ""},
		{"as others record it once", typed("10:10", "11:30:20 10:30:00"), []time.Duration{0}, incident(""), ""},
		{"as others record it, in two zones", typed("11:30:20 10:30:00", "12:00:10 11:00:00", "13:30:20 11:30:00", "14:00:10 12:00:00"), []time.Duration{0}, incident(""), ""},
		{"while nothing is known to be over", typed("11:50", "12:10"), east, hindcast.Phases{DetectedAt: facttest.At("09:45")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, skew.Find(skew.Input{
				Evidence: []hindcast.Evidence{{Name: "ops.history", Zone: stamp.AssumedZone}}, Commands: tt.typed, Zones: tt.zones, Phases: tt.phases, Alarm: "pager.json",
			}), tt.want, time.Second)
		})
	}
}
