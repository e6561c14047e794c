package skew_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

func TestFindByWindow(t *testing.T) {
	of := func(name, zone, from, to string, records int) hindcast.Evidence {
		return hindcast.Evidence{Name: name, Zone: zone, From: facttest.At(from), To: facttest.At(to), Records: records}
	}
	local := func(from, to string) hindcast.Evidence {
		return of("desk.csv", stamp.AssumedZone, from, to, 40)
	}
	for _, tt := range []struct {
		name  string
		file  hindcast.Evidence
		zones []time.Duration
		want  string
	}{
		{"goes on when all has ended", local("11:10", "13:50"), []time.Duration{0, 2 * time.Hour}, "desk.csv 7200 api.json"},
		{"is over before anything begins", local("04:10", "06:50"), []time.Duration{0, -5 * time.Hour}, "desk.csv -18000 api.json"},
		{"lies within in UTC", local("09:10", "11:50"), []time.Duration{0, 2 * time.Hour}, ""},
		{"begins long before and ends with all", local("01:00", "11:50"), []time.Duration{0, 2 * time.Hour}, ""},
		{"the least of two", local("11:10", "13:50"), []time.Duration{0, 2 * time.Hour, 3 * time.Hour}, "desk.csv 7200 api.json"},
		{"goes on in every zone", local("12:10", "18:50"), []time.Duration{0, 2 * time.Hour}, ""},
		{"lies within in one zone alone, which nobody writes", local("02:30", "05:55"), []time.Duration{0}, "desk.csv -21600 api.json"},
		{"of too few rows for that", of("desk.csv", stamp.AssumedZone, "02:30", "05:40", 7), []time.Duration{0}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, skew.Find(skew.Input{
				Evidence: []hindcast.Evidence{of("api.json", "recorded", "08:30", "12:00", 900), of("pager.json", "recorded", "10:02", "11:30", 6), tt.file},
				Zones:    tt.zones, Phases: hindcast.Phases{DetectedAt: facttest.At("10:02")},
			}), tt.want, time.Second)
		})
	}
}
