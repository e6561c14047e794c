package chat

import (
	"testing"
	"time"
)

func TestZoneOf(t *testing.T) {
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
		{"clocks are NZST (UTC+12)", "+12:00"},
		{"exported at that time by Engineer A", ""},
		{"Timezone: Nowhere/Land", ""},
		{"Timezone: UTC+99", ""},
		{"After: 6/14/2025 12:00 AM", ""},
		{"Channel: ops", ""},
	}
	for _, tt := range tests {
		got := ""
		if loc := zoneOf(tt.head); loc != nil {
			got = summer.In(loc).Format("-07:00")
		}
		if got != tt.want {
			t.Errorf("zoneOf(%q) = %q, want %q", tt.head, got, tt.want)
		}
	}
}
