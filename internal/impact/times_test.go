package impact

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sample"
)

// TestSamplesHaveTheirTimes holds the times between phases against the truth of
// the samples, both lengths among them, within the tolerance that it states.
func TestSamplesHaveTheirTimes(t *testing.T) {
	for _, inc := range sample.All() {
		var truth struct {
			Metrics   map[string]int64 `json:"metrics"`
			Tolerance map[string]int64 `json:"phase_tolerance_s"`
		}
		data, err := fs.ReadFile(inc.Files(), "truth.json")
		if err == nil {
			err = json.Unmarshal(data, &truth)
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
		if err != nil {
			t.Fatal(err)
		}
		durations := Durations(document.Parse(inc.Slug, text).Postmortem.Incident.Phases)
		if len(durations) != len(truth.Metrics) {
			t.Errorf("%s: %d times, the truth has %d", inc.Slug, len(durations), len(truth.Metrics))
		}
		for _, d := range durations {
			want, ok := truth.Metrics[strings.TrimSuffix(d.Name, "_s")]
			if got := int64(d.Took / time.Second); !ok || !d.Known || max(got-want, want-got) > 60 {
				t.Errorf("%s: %s is %d s, want %d (%s)", inc.Slug, d.Title, got, want, d.Formula)
			}
		}
	}
}

func TestDurationsSayWhatTheyAre(t *testing.T) {
	at := func(s string) time.Time { v, _ := time.Parse(time.DateTime, s); return v }
	p := hindcast.Phases{StartedAt: at("2024-03-15 23:50:00"), DetectedAt: at("2024-03-15 23:55:30"), ResolvedAt: at("2024-03-16 00:20:00")}
	var got []string
	for _, d := range Durations(p) {
		got = append(got, d.Title+": "+d.Formula)
	}
	want := []string{
		"Time to detect: detected 23:55:30 - started 23:50:00 = 5 m 30 s",
		"Time to acknowledge: acknowledged is not known",
		"Time to mitigate: mitigated is not known",
		"Incident length: resolved 2024-03-16 00:20:00 - started 23:50:00 = 30 m",
		"Detection to resolution: resolved 2024-03-16 00:20:00 - detected 23:55:30 = 24 m 30 s",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAcknowledged(t *testing.T) {
	start := time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)
	inc := func(severity int, took time.Duration) hindcast.Incident {
		return hindcast.Incident{Severity: severity, Phases: hindcast.Phases{DetectedAt: start, AcknowledgedAt: start.Add(took)}}
	}
	for _, tt := range []struct {
		name   string
		inc    hindcast.Incident
		ok     bool
		met    bool
		reason string
	}{
		{"in time", inc(1, 25*time.Second), true, true, "acknowledged 25 s after detection; severity 1 (Critical) asks for 5 m, which is met"},
		{"just in time", inc(2, 15*time.Minute), true, true, "acknowledged 15 m after detection; severity 2 (High) asks for 15 m, which is met"},
		{"late", inc(2, 20*time.Minute), true, false, "acknowledged 20 m after detection; severity 2 (High) asks for 15 m, which is missed by 5 m"},
		{"no severity", inc(0, time.Minute), false, false, ""},
		{"no such level", inc(9, time.Minute), false, false, ""},
		{"not acknowledged", hindcast.Incident{Severity: 1, Phases: hindcast.Phases{DetectedAt: start}}, false, false, ""},
	} {
		got, ok := Acknowledged(hindcast.DefaultPolicy(), tt.inc)
		if ok != tt.ok || got.Met != tt.met || got.Reason != tt.reason {
			t.Errorf("%s: %+v, %t", tt.name, got, ok)
		}
	}
}
