package integrity_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // zones by name on machines that have no zone database

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/integrity"
)

// TestHoursOfChangedClocks names what reading evidence says of local times where
// clocks were put back or forward, with the entries it is about.
func TestHoursOfChangedClocks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	back := time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC)
	forward := time.Date(2024, 3, 31, 1, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		name    string
		message string
		at      time.Time
		rule    integrity.Rule
		level   hindcast.FindingLevel
	}{
		{"twice, and nothing tells", stamp.TwiceMessage(back, berlin, 0), back, integrity.AmbiguousHour, hindcast.FindingWarning},
		{"twice, and the order tells", stamp.TwiceMessage(back, berlin, 7), back, integrity.AmbiguousHour, hindcast.FindingNote},
		{"not at all", stamp.SkippedMessage(forward, berlin), forward, integrity.MissingHour, hindcast.FindingWarning},
	} {
		t.Run(tt.name, func(t *testing.T) {
			on := func(id string, at time.Time, file string) hindcast.Entry {
				return hindcast.Entry{ID: id, At: at, Title: id, Evidence: []hindcast.Ref{{File: file}}}
			}
			p := hindcast.Postmortem{
				Problems: []hindcast.Problem{{File: "app.log", Line: 2, Message: tt.message}, {File: "app.log", Message: "it is empty"}},
				Timeline: []hindcast.Entry{on("within", tt.at, "app.log"), on("before", tt.at.Add(-3*time.Hour), "app.log"), on("other file", tt.at, "db.log")},
			}
			got := integrity.Check(p, integrity.Options{})
			if len(got) != 1 || got[0].Rule != tt.rule || got[0].Level != tt.level || !slices.Equal(got[0].Entries, []string{"within"}) || got[0].At.IsZero() {
				t.Errorf("%q: Check = %+v, want one %s of level %s about the entry within", tt.message, got, tt.rule, tt.level)
			}
		})
	}
}
