package collect_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
)

// TestChangesOfTheTimeAreEvidence has a pipeline tell of deploys, of which those near
// an incident become evidence when it is drafted.
func TestChangesOfTheTimeAreEvidence(t *testing.T) {
	onBoth(t, func(l *library) {
		e, made, err := l.out.PutEndpoint(t.Context(), admin, deliver.Put{Kind: "cloudevents", Name: "Deploys"})
		l.ok(err)
		h := http.Header{"Authorization": {"Bearer " + made["token"].Reveal()}, "Content-Type": {"application/cloudevents+json"}}
		send := func(id string, at time.Time, version string) {
			t.Helper()
			body := fmt.Sprintf(`{"specversion":"1.0","id":%q,"source":"/ci","type":"com.example.deployment.started","time":%q,"data":{"service":"mobile-api","version":%q,"environment":"production","by":"deploy job"}}`, id, at.Format(time.RFC3339), version)
			_, err := l.Receive(t.Context(), e.ID, h, []byte(body))
			l.ok(err)
		}
		send("e1", at(38), "2.8.0")
		send("e1", at(38), "2.8.0") // once more
		send("e2", at(38).Add(-3*time.Hour), "2.7.9")
		if n := len(l.episodes()); n != 0 {
			t.Errorf("%d episodes, want none of a deploy", n)
		}
		l.tell("n1", connector.IncidentOpened, at(40), "P1")
		l.tell("n2", connector.IncidentResolved, at(60), "P1")
		l.later(time.Hour)
		x := l.only()
		rows, err := l.wf.Evidence(t.Context(), admin, x.IncidentID)
		l.ok(err)
		found := 0
		for _, r := range rows {
			if r.Name != "Deploys/events.ndjson" {
				continue
			}
			found++
			if r.Format != "cloudevents" || r.Records != 1 {
				t.Errorf("%s is %s with %d records, want one event", r.Name, r.Format, r.Records)
			}
		}
		tl, err := l.wf.Timeline(t.Context(), admin, x.IncidentID)
		l.ok(err)
		said := ""
		for _, e := range tl.Entries {
			if e.Kind == hindcast.Change {
				said += e.Title
			}
		}
		if found != 1 || !strings.Contains(said, "2.8.0") {
			t.Errorf("%d files of events, changes %q; want one, and the deploy of 2.8.0", found, said)
		}
	})
}
