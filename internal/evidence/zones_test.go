package evidence_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// logged returns a log of one line a minute over some hours, whose times are
// written by a layout.
func logged(name, layout string, from time.Time, hours int) evidence.Source {
	var b strings.Builder
	for i := range hours * 60 {
		fmt.Fprintf(&b, "%s INFO request %d served\n", from.Add(time.Duration(i)*time.Minute).Format(layout), i)
	}
	return bytesSource(name, []byte(b.String()))
}

func TestZoneIsDeducedFromTheOthers(t *testing.T) {
	const local, utc = "2006-01-02 15:04:05", time.RFC3339
	begin := time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)
	later := begin.Add(2 * time.Hour)
	api, edge := logged("api.log", utc, begin, 2), logged("edge.log", utc, begin, 2)
	tests := []struct {
		name    string
		sources []evidence.Source
		named   *time.Location
		from    time.Time
		zone    string
	}{
		{"two files begin and end so", []evidence.Source{api, edge, logged("db.log", local, later, 2)}, nil, begin, "deduced +02:00"},
		{"one does, and no rotation explains it", []evidence.Source{logged("api.log", utc, begin, 3), logged("db.log", local, later, 3)}, nil, begin, "deduced +02:00"},
		{"one does by a shift that no zone has", []evidence.Source{api, edge, logged("db.log", local, begin.Add(2*time.Hour+15*time.Minute), 2)}, nil, begin.Add(2*time.Hour + 15*time.Minute), "assumed UTC"},
		{"only one does, which may be the turn before", []evidence.Source{api, logged("db.log", local, later, 2)}, nil, later, "assumed UTC"},
		{"only the beginnings agree", []evidence.Source{api, edge, logged("db.log", local, later, 3)}, nil, later, "assumed UTC"},
		{"one agrees as it is", []evidence.Source{api, edge, logged("web.log", utc, later, 2), logged("db.log", local, later, 2)}, nil, later, "assumed UTC"},
		{"the user named another", []evidence.Source{api, edge, logged("db.log", local, later, 2)}, time.FixedZone("-01:00", -3600), later.Add(time.Hour), "-01:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone := func(name string) *time.Location {
				if name == "db.log" {
					return tt.named
				}
				return nil
			}
			ev, sinks := evidence.Read(tt.sources, evidence.Options{Formats: formats.All(), Zone: zone}, func() *recordtest.Sink { return &recordtest.Sink{} })
			var problems []string
			for _, s := range sinks {
				for _, p := range s.Problems {
					problems = append(problems, p.String())
				}
			}
			for _, e := range ev {
				if e.Name == "db.log" && (!e.From.Equal(tt.from) || e.Zone != tt.zone) {
					t.Errorf("db.log is from %v in zone %q, want %v in %q; problems %q", e.From, e.Zone, tt.from, tt.zone, problems)
				}
			}
			if told := strings.Contains(strings.Join(problems, "\n"), "were read as +02:00, since it then begins and ends with api.log"); told != strings.HasPrefix(tt.zone, "deduced") {
				t.Errorf("problems %q do not say how db.log was read", problems)
			}
		})
	}
}

// TestZoneAndYearOfComments reads the zone and the year that a file says above its
// records, where no other evidence does.
func TestZoneAndYearOfComments(t *testing.T) {
	const journal = "-- Journal begins at Mon 2025-12-01 08:00:01 CET, ends at Thu 2026-03-05 15:00:00 CET. --\nMar 05 14:37:01 web1 shop[123]: request failed\n"
	at := time.Date(2026, 3, 5, 13, 37, 1, 0, time.UTC)
	tests := []struct {
		name, file, data, zone string
		named                  *time.Location
		at                     time.Time
	}{
		{"a journal", "journal.log", journal, "+01:00", nil, at},
		{"the user named another", "journal.log", journal, "UTC", time.UTC, at.Add(time.Hour)},
		{"a table of metrics", "metrics.csv", "# all times Europe/Berlin\ntime,service,errors\n2026-03-05 14:37:01,shop,3\n2026-03-05 14:37:01,cart,4\n", "Europe/Berlin", nil, at},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone := func(string) *time.Location { return tt.named }
			ev, _ := evidence.Read([]evidence.Source{bytesSource(tt.file, []byte(tt.data))}, evidence.Options{Formats: formats.All(), Zone: zone}, func() *recordtest.Sink { return &recordtest.Sink{} })
			if len(ev) != 1 || !ev[0].To.Equal(tt.at) || ev[0].Zone != tt.zone {
				t.Errorf("read as %+v, want %v in %q", ev, tt.at, tt.zone)
			}
		})
	}
}
