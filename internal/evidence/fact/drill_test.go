package fact_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/redact"
)

func TestWriteMarksDrills(t *testing.T) {
	page := func(title string, attrs ...string) hindcast.Event {
		e := hindcast.Event{Kind: hindcast.PagerTriggered, Title: title, Attrs: map[string]string{}}
		for i := 0; i+1 < len(attrs); i += 2 {
			e.Attrs[attrs[i]] = attrs[i+1]
		}
		return e
	}
	tests := []struct {
		name string
		in   hindcast.Event
		want bool
	}{
		{"drill at the end", page("Orders unreachable (DRILL, no action needed)"), true},
		{"drill in front", page("Quarterly drill: lose one zone"), true},
		{"game day", page("Game day 3: orders lose their cache"), true},
		{"exercise", page("[EXERCISE] orders down"), true},
		{"planned exercise", page("Planned exercise for the new rotation"), true},
		{"test in capitals", page("TEST orders down"), true},
		{"a test to ignore", page("This is a pager test, ignore"), true},
		{"test of something", page("Testing PagerDuty integration"), true},
		{"lowest priority and a test", page("Rotation test", "severity", "P5"), true},
		{"tag", page("Orders down", "tags", "team:shop,gameday"), true},
		{"tag with a key", page("Orders down", "tags", "purpose:drill"), true},
		{"label", page("Orders down", "label.drill", "true"), true},
		{"label of severity", page("Orders down", "label.severity", "test"), true},
		{"step of a drill", hindcast.Event{Kind: hindcast.PagerAcknowledged, Title: "Acknowledged", Attrs: map[string]string{"title": "DRILL orders down"}}, true},
		{"not a drill", page("Orders down, this is not a drill"), false},
		{"a service called so", page("test-orders is down"), false},
		{"a host called so", page("drill-3.example is down"), false},
		{"a test that fails", page("Smoke test of orders failed", "severity", "P1"), false},
		{"a fitness app", page("Exercise sync is late"), false},
		{"an environment", page("Orders down", "label.env", "test"), false},
		{"a label that says no", page("Orders down", "label.drill", "false"), false},
		{"talk", hindcast.Event{Kind: hindcast.Message, Title: "DRILL tomorrow"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := &recordtest.Sink{}
			tt.in.At = time.Unix(1717315380, 0)
			fact.NewWriter(redact.New(), &record.File{Name: "f"}, sink).Emit(tt.in)
			if got := sink.Events[0].Test; got != tt.want {
				t.Errorf("Emit(%q).Test = %v, want %v", tt.in.Title, got, tt.want)
			}
		})
	}
}

func TestDrill(t *testing.T) {
	for object, want := range map[string]bool{
		`{"drill":true}`:                      true,
		`{"tags":["shop","drill"]}`:           true,
		`{"labels":{"purpose":"exercise"}}`:   true,
		`{"title":"drill","tags":["orders"]}`: false,
		`{"drill":false,"env":"test"}`:        false,
		`"drill"`:                             false,
	} {
		if got := fact.Drill(json.RawMessage(object)); got != want {
			t.Errorf("Drill(%s) = %v, want %v", object, got, want)
		}
	}
}
