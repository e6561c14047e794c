package evidence_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// dated reads a file beside a log from 09:00 to 12:00 UTC on a Saturday, and returns what
// is known of it and its problems.
func dated(t *testing.T, name, text string) (hindcast.Evidence, string) {
	t.Helper()
	sources := []evidence.Source{logged("api.log", time.RFC3339, time.Date(2025, 9, 6, 9, 0, 0, 0, time.UTC), 3), bytesSource(name, []byte(text))}
	ev, sinks := evidence.Read(sources, evidence.Options{Formats: formats.All()}, func() *recordtest.Sink { return &recordtest.Sink{} })
	var problems []string
	for _, s := range sinks {
		for _, p := range s.Problems {
			problems = append(problems, p.String())
		}
	}
	for _, e := range ev {
		if e.Name == name {
			return e, strings.Join(problems, "\n")
		}
	}
	t.Fatalf("%s is not among the evidence", name)
	return hindcast.Evidence{}, ""
}

func TestDaysAreThoseOfTheOthers(t *testing.T) {
	const chat = "[09:58:40] Engineer A: checkout is failing\n[10:02:15] Engineer B: looking at it now\n[10:04:00] Engineer A: rolled it back\n[10:09:02] Engineer C: errors are gone\n"
	tests := []struct {
		name, file, text string
		from, to, told   string
	}{
		{"a conversation of clocks", "room.txt", chat, "2025-09-06T09:58:40Z", "2025-09-06T10:09:02Z", "taken to begin on 2025-09-06"},
		{"the day in its name", "room-2025-09-01.txt", chat, "2025-09-01T09:58:40Z", "2025-09-01T10:09:02Z", ""},
		{"a log that passes midnight", "font.log", "23:50:01 (lmd) IN: faces a\n23:55:12 (lmd) OUT: faces b\n00:05:44 (lmd) IN: faces c\n00:09:13 (lmd) OUT: faces d\n", "2025-09-05T23:50:01Z", "2025-09-06T00:09:13Z", "taken to begin on 2025-09-05"},
		{"samples of clocks", "scans.csv", "Uhrzeit;scans\n09:58;1127\n09:59;1138\n10:00;12\n10:01;4\n", "2025-09-06T09:58:00Z", "2025-09-06T10:01:00Z", "taken to begin on 2025-09-06"},
		{"notes of clocks", "desk.md", "Supervisor log, Saturday\n\n9:40 handover from night, all quiet\n0958 floor goes oddly quiet\n1001 first caller cannot pay\n~10.05 they roll something back\n1009/10 callers say it works\n", "2025-09-06T09:40:00Z", "2025-09-06T10:09:00Z", "taken to begin on 2025-09-06"},
		{"days first", "reports.csv", "id,received,state\n1,06/09/2025 09:58:00,OK\n2,06/09/2025 10:00:00,LOST\n3,06/09/2025 10:04:00,OK\n", "2025-09-06T09:58:00Z", "2025-09-06T10:04:00Z", "what the rest of the evidence is from, 2025-09-06"},
		{"months first", "reports.csv", "id,received,state\n1,09/06/2025 09:58:00,OK\n2,09/06/2025 10:00:00,LOST\n3,09/06/2025 10:04:00,OK\n", "2025-09-06T09:58:00Z", "2025-09-06T10:04:00Z", ""},
		{"the year first, though it would be near", "reports.csv", "id,received,state\n1,2025-06-09 09:58:00,OK\n2,2025-06-09 10:00:00,LOST\n3,2025-06-09 10:04:00,OK\n", "2025-06-09T09:58:00Z", "2025-06-09T10:04:00Z", ""},
		{"neither is near", "reports.csv", "id,received,state\n1,03/02/2025 09:58:00,OK\n2,03/02/2025 10:00:00,LOST\n3,03/02/2025 10:04:00,OK\n", "2025-03-02T09:58:00Z", "2025-03-02T10:04:00Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, problems := dated(t, tt.file, tt.text)
			if from, to := e.From.Format(time.RFC3339), e.To.Format(time.RFC3339); from != tt.from || to != tt.to {
				t.Errorf("%s is from %s to %s, want %s to %s; problems:\n%s", tt.file, from, to, tt.from, tt.to, problems)
			}
			if told := strings.Contains(problems, "the rest of the evidence is from"); told != (tt.told != "") || !strings.Contains(problems, tt.told) {
				t.Errorf("problems do not say %q:\n%s", tt.told, problems)
			}
		})
	}
}
