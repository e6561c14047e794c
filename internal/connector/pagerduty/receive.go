package pagerduty

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
)

// event is what is read of a webhook of version 3. What it is about is an incident,
// or something that refers to one.
type event struct {
	ID       string    `json:"id"`
	Type     string    `json:"event_type"`
	Resource string    `json:"resource_type"`
	At       time.Time `json:"occurred_at"`
	Data     struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Number   int64  `json:"number"`
		Title    string `json:"title"`
		URL      string `json:"html_url"`
		Priority *struct {
			Summary string `json:"summary"`
		} `json:"priority"`
		Urgency string `json:"urgency"`
		Service struct {
			Summary string `json:"summary"`
		} `json:"service"`
		Incident struct {
			ID      string `json:"id"`
			Summary string `json:"summary"`
			URL     string `json:"html_url"`
		} `json:"incident"`
	} `json:"data"`
}

// Receive reads a webhook of version 3.
func (p *PagerDuty) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if p.hook.IsZero() {
		return nil, hindcast.Errorf(hindcast.Denied, "this connection has no secret of a webhook; enter the one that PagerDuty shows")
	}
	if err := signature.PagerDuty().Verify(h, body, now, p.hook); err != nil {
		return nil, err
	}
	var hook struct {
		Event event `json:"event"`
	}
	if err := json.Unmarshal(body, &hook); err != nil || hook.Event.ID == "" || hook.Event.Type == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no webhook of version 3")
	}
	return []connector.Notice{hook.Event.notice()}, nil
}

// notice says what an event means here.
func (e event) notice() connector.Notice {
	d := e.Data
	out := connector.Notice{ID: e.ID, Kind: connector.IncidentChanged, Ref: d.ID, Title: d.Title, Severity: d.Urgency, Service: d.Service.Summary, At: e.At.UTC(), URL: d.URL}
	if d.Number > 0 {
		out.Number = strconv.FormatInt(d.Number, 10)
	}
	if d.Priority != nil && d.Priority.Summary != "" {
		out.Severity = d.Priority.Summary
	}
	if d.Incident.ID != "" {
		out.Ref, out.Title, out.URL = d.Incident.ID, d.Incident.Summary, d.Incident.URL
	}
	switch {
	case !strings.HasPrefix(e.Type, "incident.") || out.Ref == "":
		out.Kind = connector.NothingToDo // "pagey.ping", a service that was changed
	case e.Type == "incident.triggered" || e.Type == "incident.reopened":
		out.Kind = connector.IncidentOpened
	case e.Type == "incident.resolved":
		out.Kind = connector.IncidentResolved
	}
	return out
}
