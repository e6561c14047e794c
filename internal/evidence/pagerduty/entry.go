package pagerduty

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// logEntry is one line of an incident's log.
type logEntry struct {
	reference
	CreatedAt string    `json:"created_at"`
	Agent     reference `json:"agent"`
	Channel   struct {
		Type         string          `json:"type"`
		Summary      string          `json:"summary"`
		Content      string          `json:"content"`
		Description  string          `json:"description"`
		Subject      string          `json:"subject"`
		Details      json.RawMessage `json:"details"`
		Client       string          `json:"client"`
		ClientURL    string          `json:"client_url"`
		Notification struct {
			Type string `json:"type"`
		} `json:"notification"`
	} `json:"channel"`
	Service   reference   `json:"service"`
	Incident  reference   `json:"incident"`
	Note      string      `json:"note"`
	Assignees []reference `json:"assignees"`
	User      reference   `json:"user"`
	Contexts  []struct {
		Href string `json:"href"`
	} `json:"contexts"`
	Event struct {
		Description string `json:"description"`
	} `json:"event_details"`
}

// logEntry writes one line of the log.
func (rd *reading) logEntry(rec jsonrec.Record) {
	var le logEntry
	if !rec.Decode(&le, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.PagerStep, ID: identity(string(le.ID)), Actor: le.Agent.actor(), Service: le.Service.name(),
		Title: le.Summary, Links: present(le.URL, le.Channel.ClientURL),
	}
	for _, c := range le.Contexts {
		e.Links = append(e.Links, present(c.Href)...)
	}
	rd.about(&e, le.Incident)
	e.Attrs["channel"] = le.Channel.Type
	switch step := strings.TrimSuffix(le.Type, "_log_entry"); step {
	case "trigger":
		rd.trigger(&e, le)
	case "acknowledge", "acknowledgement":
		e.Kind, e.Status = hindcast.PagerAcknowledged, "acknowledged"
	case "resolve":
		e.Kind, e.Status = hindcast.PagerResolved, "resolved"
	case "annotate":
		e.Kind = hindcast.PagerNote
		if note := cmp.Or(le.Note, le.Channel.Content, le.Channel.Summary); note != "" {
			e.Title, e.Text = note, note
		}
	default:
		e.Attrs["step"] = step
		e.Attrs["notification"] = le.Channel.Notification.Type
		e.Attrs["user"] = le.User.Summary
		if len(le.Assignees) > 0 {
			e.Attrs["user"] = le.Assignees[0].name()
		}
	}
	rd.Write(rec.Ref(), le.CreatedAt, e)
}

// trigger makes e the start of a page. Its title is the incident's, because the
// log only says that something was triggered.
func (rd *reading) trigger(e *hindcast.Event, le logEntry) {
	what := cmp.Or(le.Channel.Description, le.Channel.Subject, le.Event.Description, le.Channel.Summary)
	more := details(le.Channel.Details)
	e.Kind, e.Status = hindcast.PagerTriggered, "triggered"
	e.Title = cmp.Or(le.Incident.Summary, what, le.Summary)
	e.Text = strings.Join(present(le.Summary, what, more), "\n")
	e.Attrs["client"] = le.Channel.Client
	var d struct {
		Severity jsonrec.Scalar `json:"severity"`
	}
	if json.Unmarshal(le.Channel.Details, &d) == nil {
		e.Attrs["severity"] = string(d.Severity)
	}
	e.Test = fact.Drill(le.Channel.Details) || rd.words.Test(e.Title, what, more)
}
