package grafana_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// published is what is told of a post-mortem, whose incident lasted so long, that was
// published some time after the first publication.
func published(title string, lasted, later time.Duration) connector.Message {
	data, err := json.Marshal(map[string]any{"incident_id": "i-1", "number": 7, "title": title, "started_at": begun, "resolved_at": begun.Add(lasted)})
	if err != nil {
		panic(err)
	}
	return connector.Message{ID: "d", Type: "postmortem.published", At: begun.Add(48*time.Hour + later), Subject: "Post-mortem #7 was published", URL: "https://hindcast.example.org/p/7", Data: data}
}

// TestAnIncidentIsMarkedOnce loses the answer after the mark was made, publishes
// again, and tells of the first publication at last.
func TestAnIncidentIsMarkedOnce(t *testing.T) {
	other := note{ID: 1, Time: 5, TimeEnd: 5, Text: "of another library", Tags: []string{"post-mortem", "post-mortem-7", "hindcast-i-2"}}
	b := &board{notes: []note{other}, lost: 1}
	g := server(t, run(t, b), nil)
	for _, step := range []struct {
		name string
		m    connector.Message
		code hindcast.Code
		said string
		text string
		end  time.Duration
	}{
		{"the answer is lost", published("Ledger <outage>", time.Hour, 0), hindcast.Unavailable, "", "Ledger &lt;outage&gt;", time.Hour},
		{"again", published("Ledger <outage>", time.Hour, 0), "", "marked before", "Ledger &lt;outage&gt;", time.Hour},
		{"published again", published("Ledger outage", 2*time.Hour, time.Hour), "", "annotation 2 was brought up to date", "#7: Ledger outage<br>", 2 * time.Hour},
		{"the first comes late", published("Ledger <outage>", time.Hour, 0), "", "marked before", "#7: Ledger outage<br>", 2 * time.Hour},
	} {
		said, err := g.Announce(t.Context(), step.m)
		if hindcast.CodeOf(err) != step.code || !strings.Contains(said, step.said) {
			t.Errorf("%s: %q, %v; want %q, %s", step.name, said, err, step.said, step.code)
		}
		kept := b.kept()
		if len(kept) != 2 {
			t.Fatalf("%s: %d annotations, want the other and ours", step.name, len(kept))
		}
		n := kept[1]
		if n.Time != begun.UnixMilli() || n.TimeEnd != begun.Add(step.end).UnixMilli() || !strings.Contains(n.Text, step.text) {
			t.Errorf("%s: marked from %d to %d as %q, want %v from %v and %q", step.name, n.Time, n.TimeEnd, n.Text, step.end, begun, step.text)
		}
	}
	want := note{
		ID: 2, Time: 1710509820500, TimeEnd: 1710517020500, Tags: []string{"post-mortem", "post-mortem-7", "hindcast-i-1"},
		Text: `Post-mortem #7: Ledger outage<br><a href="https://hindcast.example.org/p/7">Read the post-mortem</a>`,
		Data: json.RawMessage(`{"hindcast":{"published":1710686220500}}`),
	}
	if diff := cmp.Diff([]note{other, want}, b.kept()); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotMarked(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		code hindcast.Code
		said string
	}{
		"a private one, of which no time is told": {`{"incident_id":"i-1","number":7,"private":true}`, "", "nothing is marked"},
		"of no incident": {`{}`, hindcast.Invalid, ""},
		"no JSON":        {`"`, hindcast.Invalid, ""},
	} {
		b := &board{}
		said, err := server(t, run(t, b), nil).Announce(t.Context(), connector.Message{ID: "d", URL: "https://hindcast.example.org/p/7", Data: []byte(tt.data)})
		if hindcast.CodeOf(err) != tt.code || !strings.Contains(said, tt.said) || len(b.kept()) > 0 {
			t.Errorf("%s: %q, %v and %d annotations", name, said, err, len(b.kept()))
		}
	}
}

// TestAnIncidentThatHasNoEnd is marked where it began.
func TestAnIncidentThatHasNoEnd(t *testing.T) {
	b := &board{}
	m := connector.Message{ID: "d", URL: "https://hindcast.example.org/p/7", Data: []byte(`{"incident_id":"i-1","number":7,"started_at":"2024-03-15T13:37:00Z"}`)}
	_, err := server(t, run(t, b), nil).Announce(t.Context(), m)
	if kept := b.kept(); err != nil || len(kept) != 1 || kept[0].TimeEnd != kept[0].Time || !strings.HasPrefix(kept[0].Text, "Post-mortem #7<br>") {
		t.Errorf("marked as %+v, %v", kept, err)
	}
}
