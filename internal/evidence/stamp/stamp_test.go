package stamp_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

func TestClockParse(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		in, want, zone string
		file           record.File
	}{
		{in: "2024-03-15T14:37:00Z", want: "2024-03-15T14:37:00Z", zone: "Z"},
		{in: "2024-03-15T14:37:00.123456789+02:00", want: "2024-03-15T12:37:00.123456789Z", zone: "+02:00"},
		{in: "2024-03-15T14:37:00+0200", want: "2024-03-15T12:37:00Z", zone: "+02:00"},
		{in: "2024-03-15 10:25:03.995 EDT", want: "2024-03-15T14:25:03.995Z", zone: "EDT"},
		{in: "2024-03-15 10:25:03 +0000 UTC", want: "2024-03-15T10:25:03Z", zone: "UTC"},
		{in: "12 May 2024 14:05:06,070 -0400", want: "2024-05-12T18:05:06.07Z", zone: "-04:00"},
		{in: "2024-04-03 09:30:04,286 +0200", want: "2024-04-03T07:30:04.286Z", zone: "+02:00"},
		{in: "15/Mar/2024:14:25:03 +0000", want: "2024-03-15T14:25:03Z", zone: "+00:00"},
		{in: "Fri, 15 Mar 2024 14:25:03 GMT", want: "2024-03-15T14:25:03Z", zone: "GMT"},
		{in: "May 12, 2024 - 14:05", want: ""},
		{in: "2024-03-15 14:37", want: "2024-03-15T14:37:00Z", zone: stamp.AssumedZone},
		{in: "2024-03-15 14:37:00", want: "2024-03-15T13:37:00Z", zone: "Europe/Berlin", file: record.File{Zone: berlin}},
		{in: "Mar  5 14:37:00", want: "2024-03-05T14:37:00Z", zone: stamp.AssumedZone, file: record.File{Year: 2024}},
		{in: "Mar  5 14:37:00", want: ""},
		{in: "1710513421", want: "2024-03-15T14:37:01Z", zone: "Z"},
		{in: "1710513421.250", want: "2024-03-15T14:37:01.25Z", zone: "Z"},
		{in: "1710513421250", want: "2024-03-15T14:37:01.25Z", zone: "Z"},
		{in: "1710513421250000", want: "2024-03-15T14:37:01.25Z", zone: "Z"},
		{in: "1710513421250000001", want: "2024-03-15T14:37:01.250000001Z", zone: "Z"},
		{in: "05-11-2025 08:36:09", want: "2025-11-05T08:36:09Z", zone: stamp.AssumedZone},
		{in: "12", want: ""},
		{in: "not a time at all", want: ""},
		{in: "", want: ""},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			at, zone, ok := stamp.NewClock(&tt.file).Parse(tt.in)
			got := ""
			if ok {
				got = at.Format(time.RFC3339Nano)
			}
			if got != tt.want || ok && zone != tt.zone {
				t.Errorf("Parse(%q) = %q in %q, want %q in %q", tt.in, got, zone, tt.want, tt.zone)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2024-03-15T14:37:00+0200")
	f.Add("Mar  5 14:37:00")
	f.Add("1710513421.250")
	f.Fuzz(func(t *testing.T, s string) {
		at, _, ok := stamp.NewClock(&record.File{Year: 2024}).Parse(s)
		if ok && at.Location() != time.UTC {
			t.Errorf("Parse(%q) = %v, not in UTC", s, at)
		}
	})
}
