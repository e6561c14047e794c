package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/server"
)

// TestTheGateBlocksWhatIsRequiredAndWarnsOfTheRest moves post-mortems with nothing
// in them through the API and the pages.
func TestTheGateBlocksWhatIsRequiredAndWarnsOfTheRest(t *testing.T) {
	t.Parallel()
	admin := start(t, nil, server.Options{}).admin()
	type doc struct {
		ID     string
		Number int
	}
	begin := func(title string, severity int) (d doc) {
		admin.api("POST", "/incidents", map[string]any{"title": title, "severity": severity}, &d)
		admin.api("POST", "/incidents/"+d.ID+"/status", map[string]string{"to": "in-review"}, nil)
		return d
	}
	move := func(d doc, to string) (int, string) {
		res, body := admin.do("POST", "/api/v1/incidents/"+d.ID+"/status", "application/json", fmt.Sprintf(`{"to":%q}`, to))
		return res.StatusCode, body
	}
	grave, mild := begin("Everything is down", 1), begin("A page is slow", 3)

	status, body := move(grave, "approved")
	if status != http.StatusConflict {
		t.Fatalf("approving a SEV-1 with nothing in it: %d %s, want 409", status, body)
	}
	for _, c := range hindcast.Checklist() { // what blames nobody yet is met
		if met := c.Criterion == hindcast.CriterionBlameless; strings.Contains(body, c.Name) == met {
			t.Errorf("the refusal names %q: %t, want the other: %s", c.Name, !met, body)
		}
	}
	res, page := admin.do("POST", fmt.Sprintf("/p/%d/move", grave.Number), "application/x-www-form-urlencoded", "to=approved")
	if res.StatusCode != http.StatusConflict || !strings.Contains(page, "quality gate") {
		t.Errorf("approving it in the page: %s, want 409 and why", res.Status)
	}
	var waivers []hindcast.Waiver
	for _, c := range hindcast.Checklist() {
		waivers = append(waivers, hindcast.Waiver{Rule: string(c.Criterion), By: "reviewer", Reason: "it was a drill of the library", Until: hindcast.DateOf(time.Now()).Add(7)})
	}
	admin.api("PATCH", "/incidents/"+grave.ID, map[string]any{"changes": []map[string]any{{"path": "waivers", "value": waivers}}}, nil)
	for _, d := range []doc{grave, mild} {
		for _, to := range []string{"approved", "published"} {
			if status, body := move(d, to); status != http.StatusOK {
				t.Fatalf("#%d to %s: %d %s", d.Number, to, status, body)
			}
		}
	}
	var trail struct {
		Items []struct {
			Act        string
			IncidentID string `json:"incident_id"`
			Detail     json.RawMessage
		}
	}
	admin.api("GET", "/audit?act=postmortem.move", nil, &trail)
	seen := map[string]int{}
	for _, e := range trail.Items {
		var detail struct {
			To   string
			Gate struct {
				Passed, Required bool
				Failing          []string
				Waived           map[string]string
			}
		}
		if err := json.Unmarshal(e.Detail, &detail); err != nil {
			t.Fatal(err)
		}
		if detail.To == "in-review" {
			continue
		}
		g := detail.Gate
		switch e.IncidentID {
		case grave.ID:
			if !g.Required || !g.Passed || len(g.Waived) == 0 || g.Waived["timeline-complete"] == "" {
				t.Errorf("the trail says of the SEV-1 %+v, want that it was required and what was waived", g)
			}
		case mild.ID:
			if g.Required || len(g.Failing) == 0 {
				t.Errorf("the trail says of the SEV-3 %+v, want what it lacked", g)
			}
		}
		seen[e.IncidentID]++
	}
	if seen[grave.ID] != 2 || seen[mild.ID] != 2 {
		t.Errorf("the trail has %v moves, want two of each", seen)
	}
	_, page = admin.do("GET", "/settings/audit?act=postmortem.move", "", "")
	if !strings.Contains(page, "waived") || !strings.Contains(page, "it was a drill of the library") {
		t.Error("the page of the audit trail does not show what was waived, and why")
	}
}
