package stamp_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

func TestHeadZone(t *testing.T) {
	summer := time.Date(2025, 7, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		head string
		want string // "" for none
	}{
		{"Timezone: UTC-3", "-03:00"},
		{"Timezone: UTC+05:30", "+05:30"},
		{"Time zone: GMT+2", "+02:00"},
		{"TZ: UTC-0800", "-08:00"},
		{"Exported at this time: 2025-06-14 10:00", ""},
		{"timezone=Europe/Berlin", "+02:00"},
		{"All times are in America/Argentina/Buenos_Aires.", "-03:00"},
		{"all times CEST", "+02:00"},
		{"Times in UTC", "+00:00"},
		{"copied today (times Eastern)", "-04:00"},
		{"all times Pacific Time", "-07:00"},
		{"Time zone: Pacific/Auckland", "+12:00"},
		{"clocks are NZST (UTC+12)", "+12:00"},
		{"exported at that time by Engineer A", ""},
		{"Timezone: Nowhere/Land", ""},
		{"Timezone: UTC+99", ""},
		{"After: 6/14/2025 12:00 AM", ""},
		{"Channel: ops", ""},
	}
	for _, tt := range tests {
		got := ""
		if loc := stamp.HeadZone(tt.head); loc != nil {
			got = summer.In(loc).Format("-07:00")
		}
		if got != tt.want {
			t.Errorf("stamp.HeadZone(%q) = %q, want %q", tt.head, got, tt.want)
		}
	}
}

func TestHeaderZone(t *testing.T) {
	for name, want := range map[string]string{
		"minute_aest": "+10:00", "Time CET": "+01:00", "Date (GMT+11:00)": "+11:00", "timestamp_utc": "UTC", "EST": "", "Time EST": "-05:00", "time_est": "", "start_time": "", "at": "",
	} {
		got := ""
		if zone := stamp.HeaderZone(name); zone != nil {
			got = zone.String()
		}
		if got != want {
			t.Errorf("HeaderZone(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestComments(t *testing.T) {
	tests := []struct {
		name, head, zone string
		year             int
	}{
		{"a comment", "# helm history checkout (times CET)\nREVISION\tUPDATED\n", "+01:00", 0},
		{"a place", "-- all times Europe/Berlin\n2026-03-05 14:37:00 a\n", "Europe/Berlin", 0},
		{"the journal", "-- Journal begins at Mon 2025-12-01 08:00:01 CET, ends at Thu 2026-03-05 15:00:00 CET. --\nMar 05 14:37:01 web1 a[1]: b\n", "+01:00", 2026},
		{"older systemd", "-- Logs begin at Mon 2025-12-01 08:00:01 UTC, end at Thu 2026-03-05 15:00:00 UTC. --\n", "UTC", 2026},
		{"a unit", "● shop.service - Shop\n     Loaded: loaded\n     Active: failed (Result: exit-code) since Thu 2026-03-05 14:37:01 CET; 5min ago\n\nMar 05 14:37:00 web1 a[1]: b\n", "+01:00", 2026},
		{"a record", "2026-03-05 14:37:00 all times CET\n", "", 0},
		{"a moment", "# exported at local time 2026-03-05 14:37 CET\n", "", 0},
		{"nothing", "", "", 0},
	}
	for _, tt := range tests {
		zone, year := stamp.Comments(tt.head)
		got := ""
		if zone != nil {
			got = zone.String()
		}
		if got != tt.zone || year != tt.year {
			t.Errorf("%s: got zone %q and year %d, want %q and %d", tt.name, got, year, tt.zone, tt.year)
		}
	}
}
