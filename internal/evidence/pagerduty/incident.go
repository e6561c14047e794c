package pagerduty

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// incident is an incident as the REST API and webhooks describe it.
type incident struct {
	reference
	WebhookNumber jsonrec.Scalar `json:"number"`
	Title         string         `json:"title"`
	Description   string         `json:"description"`
	Status        string         `json:"status"`
	CreatedAt     string         `json:"created_at"`
	ResolvedAt    string         `json:"resolved_at"`
	ChangedAt     string         `json:"last_status_change_at"`
	ChangedBy     reference      `json:"last_status_change_by"`
	Service       reference      `json:"service"`
	Priority      reference      `json:"priority"`
	Urgency       jsonrec.Scalar `json:"urgency"`
	Type          struct {
		Name jsonrec.Scalar `json:"name"`
	} `json:"incident_type"`
	FirstEntry  reference   `json:"first_trigger_log_entry"`
	Assignees   []reference `json:"assignees"`
	Assignments []struct {
		At       string    `json:"at"`
		Assignee reference `json:"assignee"`
	} `json:"assignments"`
	Acknowledgements []struct {
		At           string    `json:"at"`
		Acknowledger reference `json:"acknowledger"`
	} `json:"acknowledgements"`
	Responders []responder `json:"incidents_responders"`
}

// responder is somebody who was asked to help.
type responder struct {
	State       string    `json:"state"`
	User        reference `json:"user"`
	Requester   reference `json:"requester"`
	Message     string    `json:"message"`
	RequestedAt string    `json:"requested_at"`
	UpdatedAt   string    `json:"updated_at"`
}

// self is the incident as others refer to it.
func (inc incident) self() reference {
	ref := inc.reference
	if ref.Number == "" {
		ref.Number = inc.WebhookNumber
	}
	if ref.Summary == "" {
		ref.Summary = inc.Title
		if ref.Number != "" {
			ref.Summary = "[#" + string(ref.Number) + "] " + inc.Title
		}
	}
	return ref
}

// event begins an event about the incident.
func (rd *reading) event(inc incident, kind hindcast.EventKind, title string, actor hindcast.Actor) hindcast.Event {
	e := hindcast.Event{
		Kind: kind, Title: title, Actor: actor, Service: inc.Service.name(), Links: present(inc.URL),
		Attrs: map[string]string{"severity": inc.Priority.Summary, "urgency": string(inc.Urgency)},
	}
	e.Test = rd.words.Test(inc.Description) || fact.Tagged(string(inc.Type.Name))
	rd.about(&e, inc.self())
	return e
}

// incident writes what the state of an incident tells of its history: when it
// was triggered, assigned, acknowledged and resolved.
func (rd *reading) incident(rec jsonrec.Record) {
	var inc incident
	if !rec.Decode(&inc, rd.sink) {
		return
	}
	ref, id := rec.Ref(), string(inc.ID)
	e := rd.event(inc, hindcast.PagerTriggered, inc.self().Summary, hindcast.Actor{Name: "PagerDuty", Kind: hindcast.Automation})
	e.Text, e.Status = inc.Description, "triggered"
	e.ID = cmp.Or(identity(string(inc.FirstEntry.ID)), identity(id, "triggered"))
	if !rd.Write(ref, inc.CreatedAt, e) {
		return
	}
	for _, a := range inc.Assignments {
		e := rd.event(inc, hindcast.PagerStep, "Assigned to "+a.Assignee.name(), hindcast.Actor{Name: "PagerDuty", Kind: hindcast.Automation})
		e.ID, e.Attrs["step"] = identity(id, "assign", string(a.Assignee.ID), a.At), "assign"
		rd.Write(ref, a.At, e)
	}
	for _, a := range inc.Acknowledgements {
		e := rd.event(inc, hindcast.PagerAcknowledged, by("Acknowledged", a.Acknowledger), a.Acknowledger.actor())
		e.ID, e.Status = identity(id, "acknowledge", a.At), "acknowledged"
		rd.Write(ref, a.At, e)
	}
	for _, r := range inc.Responders {
		rd.responder(ref, inc, r)
	}
	if inc.Status != "resolved" {
		return
	}
	at := cmp.Or(inc.ResolvedAt, inc.ChangedAt)
	e = rd.event(inc, hindcast.PagerResolved, by("Resolved", inc.ChangedBy), inc.ChangedBy.actor())
	e.ID, e.Status = identity(id, "resolve", at), "resolved"
	rd.Write(ref, at, e)
}

// responder writes that somebody was asked to help and, when they did, joined.
func (rd *reading) responder(ref hindcast.Ref, inc incident, r responder) {
	id, who := string(inc.ID), r.User.name()
	if who == "" || r.RequestedAt == "" {
		return
	}
	e := rd.event(inc, hindcast.PagerStep, "Asked "+who+" to help", r.Requester.actor())
	e.ID, e.Text = identity(id, "responder", string(r.User.ID), r.RequestedAt), r.Message
	e.Attrs["step"], e.Attrs["user"] = "responder", who
	rd.Write(ref, r.RequestedAt, e)
	if r.State != "joined" || r.UpdatedAt == "" {
		return
	}
	e = rd.event(inc, hindcast.PagerStep, who+" joined", r.User.actor())
	e.ID, e.Attrs["step"], e.Attrs["user"] = identity(id, "joined", string(r.User.ID), r.UpdatedAt), "responder-reply", who
	rd.Write(ref, r.UpdatedAt, e)
}

// note writes a responder's note. Notes do not say which incident they belong to.
func (rd *reading) note(rec jsonrec.Record) {
	var n struct {
		ID        jsonrec.Scalar `json:"id"`
		User      reference      `json:"user"`
		Content   string         `json:"content"`
		CreatedAt string         `json:"created_at"`
	}
	if !rec.Decode(&n, rd.sink) {
		return
	}
	rd.Write(rec.Ref(), n.CreatedAt, hindcast.Event{
		Kind: hindcast.PagerNote, ID: identity(string(n.ID)), Actor: n.User.actor(), Title: n.Content, Text: n.Content,
	})
}

// alert is what is read of an alert that an incident gathered.
type alert struct {
	reference
	CreatedAt   string         `json:"created_at"`
	ResolvedAt  string         `json:"resolved_at"`
	Status      string         `json:"status"`
	Key         jsonrec.Scalar `json:"alert_key"`
	Severity    string         `json:"severity"`
	Service     reference      `json:"service"`
	Incident    reference      `json:"incident"`
	Integration reference      `json:"integration"`
	Body        struct {
		Details json.RawMessage `json:"details"`
	} `json:"body"`
}

// alert writes an alert that an incident gathered.
func (rd *reading) alert(rec jsonrec.Record) {
	var a alert
	if !rec.Decode(&a, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.AlertFiring, Title: a.Summary, Text: details(a.Body.Details), Actor: a.Integration.actor(),
		Service: a.Service.name(), Status: "firing", Links: present(a.URL),
		Attrs: map[string]string{"severity": a.Severity},
	}
	e.Test = fact.Drill(a.Body.Details) || rd.words.Test(a.Summary, e.Text)
	rd.about(&e, a.Incident)
	e.Subject = "alert:" + string(cmp.Or(a.Key, a.ID))
	e.ID = identity(string(a.ID), "firing")
	if !rd.Write(rec.Ref(), a.CreatedAt, e) || a.ResolvedAt == "" {
		return
	}
	e.Kind, e.Status, e.ID, e.Attrs = hindcast.AlertResolved, "resolved", identity(string(a.ID), "resolved"), maps.Clone(e.Attrs)
	rd.Write(rec.Ref(), a.ResolvedAt, e)
}

// change is what is read of a change event.
type change struct {
	ID        jsonrec.Scalar            `json:"id"`
	Summary   string                    `json:"summary"`
	Timestamp jsonrec.Scalar            `json:"timestamp"`
	Source    string                    `json:"source"`
	Services  []reference               `json:"services"`
	Details   map[string]jsonrec.Scalar `json:"custom_details"`
	Links     []struct {
		Href string `json:"href"`
	} `json:"links"`
}

// change writes a change that an integration reported next to the incident.
func (rd *reading) change(rec jsonrec.Record) {
	var c change
	if !rec.Decode(&c, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: changeKind(c.Summary), ID: identity(string(c.ID)), Title: c.Summary,
		Actor: hindcast.Actor{Name: cmp.Or(c.Source, "PagerDuty"), Kind: hindcast.Automation},
		Env:   string(c.Details["environment"]), Version: string(c.Details["version"]), Service: string(c.Details["service"]),
		Attrs: map[string]string{},
	}
	for k, v := range c.Details {
		e.Attrs[k] = string(v)
	}
	for _, s := range c.Services {
		e.Service = cmp.Or(e.Service, s.Summary)
	}
	e.Version = cmp.Or(e.Version, rd.version.FindString(c.Summary))
	for _, l := range c.Links {
		e.Links = append(e.Links, l.Href)
	}
	rd.Write(rec.Ref(), string(c.Timestamp), e)
}

// changeKind tells from its summary what sort of change an integration reports.
func changeKind(summary string) hindcast.EventKind {
	s := strings.ToLower(summary)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	switch {
	case has("build ", "merged", "pull request", "commit", "tests "):
		return hindcast.DeployStep
	case has("deploy", "rollout", "rolled out", "rolling out", "release", "rollback", "rolled back", "upgrade"):
		return hindcast.Deploy
	}
	return hindcast.ConfigChange
}

// details is the free-form part of an alert as lines of "key: value".
func details(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return ""
	}
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(fields)) {
		v, ok := fields[k].(string)
		if !ok {
			b, err := json.Marshal(fields[k])
			if err != nil {
				continue
			}
			v = string(b)
		}
		lines = append(lines, k+": "+v)
	}
	return strings.Join(lines, "\n")
}
