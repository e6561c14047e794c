package stamp_test

import (
	"testing"
	"time"
	_ "time/tzdata" // zones by name on machines that have no zone database

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

func TestTwice(t *testing.T) {
	for _, tt := range []struct{ zone, at, want string }{
		{"Europe/Berlin", "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"},
		{"Europe/Berlin", "2024-10-27T01:00:00Z", "2024-10-27T00:00:00Z"},
		{"Europe/Berlin", "2024-10-26T23:59:59Z", ""},
		{"Europe/Berlin", "2024-10-27T02:00:00Z", ""},
		{"Europe/Berlin", "2024-03-31T01:30:00Z", ""},
		{"America/New_York", "2024-11-03T05:15:00Z", "2024-11-03T06:15:00Z"},
		{"Australia/Lord_Howe", "2024-04-06T14:40:00Z", "2024-04-06T15:10:00Z"}, // by half an hour
		{"Asia/Kolkata", "2024-10-27T00:30:00Z", ""},
	} {
		t.Run(tt.zone+" "+tt.at, func(t *testing.T) {
			loc, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if other, ok := stamp.Twice(at, loc); ok {
				got = other.UTC().Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("Twice(%s) = %q, want %q", tt.at, got, tt.want)
			}
		})
	}
}
