package pagerduty

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// Describe returns what PagerDuty knows of an incident by its number or its id.
func (p *PagerDuty) Describe(ctx context.Context, ref string) (connector.Notice, time.Time, error) {
	body, err := p.get(ctx, "/incidents/"+url.PathEscape(ref))
	if err != nil {
		return connector.Notice{}, time.Time{}, fmt.Errorf("read incident %s in PagerDuty: %w", ref, err)
	}
	var answer struct {
		Incident struct {
			ID       string    `json:"id"`
			Number   int64     `json:"incident_number"`
			Title    string    `json:"title"`
			URL      string    `json:"html_url"`
			Status   string    `json:"status"`
			Urgency  string    `json:"urgency"`
			Created  time.Time `json:"created_at"`
			Resolved time.Time `json:"resolved_at"`
			Changed  time.Time `json:"last_status_change_at"`
			Priority *struct {
				Summary string `json:"summary"`
			} `json:"priority"`
			Service struct {
				Summary string `json:"summary"`
			} `json:"service"`
		} `json:"incident"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Incident.ID == "" || answer.Incident.Created.IsZero() {
		return connector.Notice{}, time.Time{}, hindcast.Errorf(hindcast.Unavailable, "read incident %s in PagerDuty: the answer is none of its API; look whether the address is right", ref)
	}
	x := answer.Incident
	out := connector.Notice{Kind: connector.IncidentOpened, Ref: x.ID, Number: strconv.FormatInt(x.Number, 10), Title: x.Title, Severity: x.Urgency, Service: x.Service.Summary, At: x.Created.UTC(), URL: x.URL}
	if x.Priority != nil && x.Priority.Summary != "" {
		out.Severity = x.Priority.Summary
	}
	resolved := x.Resolved
	if resolved.IsZero() && x.Status == "resolved" {
		resolved = x.Changed
	}
	return out, resolved.UTC(), nil
}

// Probe reads one incident of the last month, and says what the key sees.
func (p *PagerDuty) Probe(ctx context.Context) (string, error) {
	body, err := p.get(ctx, "/incidents?limit=1&offset=0")
	if err != nil {
		return "", fmt.Errorf("read incidents in PagerDuty: %w", err)
	}
	var answer struct {
		Incidents *[]struct {
			Title string `json:"title"`
		} `json:"incidents"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Incidents == nil {
		return "", hindcast.Errorf(hindcast.Unavailable, "read incidents in PagerDuty: the answer is none of its API; look whether the address is right")
	}
	out := "The key sees incidents."
	if len(*answer.Incidents) == 0 {
		out = "The key works; there was no incident in the last month that it sees."
	}
	if p.hook.IsZero() {
		out += " There is no secret of a webhook, so nothing is received."
	}
	return out, nil
}
