package export_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/export"
)

func sample() hindcast.Timeline {
	start := time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)
	p := hindcast.Phases{StartedAt: start, DetectedAt: start.Add(105 * time.Second)}
	return hindcast.Timeline{
		Incident: p, Metrics: p.Metrics(), PhaseWhy: map[string]string{"detected_at": "the first page"},
		Suspects: []hindcast.Suspect{{Service: "mobile-api", Score: 0.9, Why: "errors began here"}},
		Entries: []hindcast.Entry{{
			ID: "e1", At: start, KnownAt: start.Add(time.Hour), Kind: hindcast.Change, Actor: hindcast.Actor{Name: "pipeline", Kind: hindcast.Automation},
			Title: "=rollout | of \x1b[31mv2.8.0", Key: true, Score: 0.97, Why: "the trigger", Evidence: []hindcast.Ref{{File: "deploy.jsonl", Line: 9}},
		}},
	}
}

func TestTimeline(t *testing.T) {
	tests := []struct {
		name  string
		write func(io.Writer, hindcast.Timeline) error
		in    hindcast.Timeline
		want  []string
		not   []string
	}{
		{"text", export.TimelineText, sample(), []string{"detected      2024-03-15 14:38:45  +1 m 45 s    the first page", "time to detect 1 m 45 s", "14:37:00  +0 s", "known 1 h later", "deploy.jsonl:9", "mobile-api"}, []string{"\x1b"}},
		{"text without incident", export.TimelineText, hindcast.Timeline{}, []string{"The evidence shows no incident.", "No entries."}, nil},
		{"csv", export.TimelineCSV, sample(), []string{"at,until,known_at", "2024-03-15T14:37:00Z,,2024-03-15T15:37:00Z,change,pipeline,automation,,'=rollout"}, nil},
		{"markdown", export.TimelineMarkdown, sample(), []string{`| =rollout \| of `, "| detected | 2024-03-15 14:38:45 | +1 m 45 s | the first page |"}, nil},
		{"json", export.TimelineJSON, sample(), []string{`"time_to_detect_s": 105`, `"problems": []`}, []string{"null", "until"}},
		{"json without incident", export.TimelineJSON, hindcast.Timeline{}, []string{`"incident": {}`, `"suspects": []`, `"entries": []`}, []string{"null"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := tt.write(&b, tt.in); err != nil {
				t.Fatal(err)
			}
			for _, w := range tt.want {
				if !strings.Contains(b.String(), w) {
					t.Errorf("output lacks %q:\n%s", w, b.String())
				}
			}
			for _, n := range tt.not {
				if strings.Contains(b.String(), n) {
					t.Errorf("output has %q:\n%s", n, b.String())
				}
			}
			if strings.HasPrefix(tt.name, "json") && !json.Valid([]byte(b.String())) {
				t.Error("output is not valid JSON")
			}
		})
	}
}
