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

// incident is what is read of an incident.
type incident struct {
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
	Service *struct {
		Summary string `json:"summary"`
	} `json:"service"`
}

// told says what is known of an incident, and when it was resolved.
func (x incident) told() connector.Incident {
	out := connector.Incident{Notice: connector.Notice{Kind: connector.IncidentOpened, Ref: x.ID, Number: strconv.FormatInt(x.Number, 10), Title: x.Title, Severity: x.Urgency, At: x.Created.UTC(), URL: x.URL}}
	if x.Service != nil {
		out.Service = x.Service.Summary
	}
	if x.Priority != nil && x.Priority.Summary != "" {
		out.Severity = x.Priority.Summary
	}
	out.Resolved = x.Resolved.UTC()
	if x.Resolved.IsZero() && x.Status == "resolved" {
		out.Resolved = x.Changed.UTC()
	}
	return out
}

// Describe returns what PagerDuty knows of an incident by its number or its id.
func (p *PagerDuty) Describe(ctx context.Context, ref string) (connector.Incident, error) {
	body, err := p.get(ctx, "/incidents/"+url.PathEscape(ref))
	if err != nil {
		return connector.Incident{}, fmt.Errorf("read incident %s in PagerDuty: %w", ref, err)
	}
	var answer struct {
		Incident incident `json:"incident"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Incident.ID == "" || answer.Incident.Created.IsZero() {
		return connector.Incident{}, hindcast.Errorf(hindcast.Unavailable, "read incident %s in PagerDuty: the answer is none of its API; look whether the address is right", ref)
	}
	return answer.Incident.told(), nil
}

// List returns the incidents that were opened within a span of time, a page at a
// time.
func (p *PagerDuty) List(ctx context.Context, from, to time.Time, after string) (list []connector.Incident, next string, err error) {
	b, err := p.Fetch(ctx, connector.Window{From: from, To: to}, after)
	if err != nil {
		return nil, "", err
	}
	var answer struct {
		Incidents []incident `json:"incidents"`
	}
	for _, f := range b.Files {
		if err := json.Unmarshal(f.Body, &answer); err != nil {
			return nil, "", hindcast.Errorf(hindcast.Unavailable, "list the incidents in PagerDuty: the answer is none of its API; look whether the address is right")
		}
		for _, x := range answer.Incidents {
			if x.ID != "" && !x.Created.IsZero() {
				list = append(list, x.told())
			}
		}
	}
	return list, b.Next, nil
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
	if p.from == "" {
		out += " No user is named who notes, so no links are noted there."
	}
	return out, nil
}
