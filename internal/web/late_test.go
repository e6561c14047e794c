package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestTheLibrarySaysWhatIsLate(t *testing.T) {
	l := openAt(t, func() time.Time { return time.Date(2024, 3, 22, 9, 0, 0, 0, time.UTC) }) // a Friday
	admin := level{name: "admin", cookie: l.admin()}
	resolved := time.Date(2024, 3, 15, 15, 0, 0, 0, time.UTC)
	add := func(title string, severity int) *workflow.Document {
		t.Helper()
		d, err := l.Workflow().Create(t.Context(), l.viewer(admin), workflow.NewIncident{Title: title, Kind: hindcast.KindIncident, Severity: severity,
			Phases: hindcast.Phases{StartedAt: resolved.Add(-time.Hour), ResolvedAt: resolved}})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	add("Quokka outage", 1)
	add("Wombat hiccup", 3)
	row := func(title string) string {
		page := l.get(admin.cookie, "/library")
		_, rest, ok := strings.Cut(page, title)
		if !ok {
			t.Fatalf("%s is not in the library", title)
		}
		rest, _, _ = strings.Cut(rest, "</li>")
		return rest
	}
	if got := row("Quokka outage"); !strings.Contains(got, "draft 2 working days late") {
		t.Errorf("a required draft whose day has passed: %s", got)
	}
	if got := row("Wombat hiccup"); strings.Contains(got, "late") {
		t.Errorf("one that nobody has to write is late: %s", got)
	}
}
