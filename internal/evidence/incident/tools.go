package incident

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isVictorOps(f jsonrec.Fields) bool {
	return f.Has("incidentNumber", "startTime", "transitions") || f.Has("incidents.incidentNumber", "incidents.startTime")
}

// victorOps reads an incident of Splunk On-Call.
func (rd *reading) victorOps(rec jsonrec.Record) {
	var v struct {
		Number      jsonrec.Scalar `json:"incidentNumber"`
		Display     string         `json:"entityDisplayName"`
		Entity      string         `json:"entityId"`
		State       string         `json:"entityState"`
		Service     string         `json:"service"`
		Host        string         `json:"host"`
		Start       jsonrec.Scalar `json:"startTime"`
		Link        string         `json:"incidentLink"`
		Transitions []struct {
			Name    string         `json:"name"`
			At      jsonrec.Scalar `json:"at"`
			By      string         `json:"by"`
			Message string         `json:"message"`
		} `json:"transitions"`
	}
	if !rec.Decode(&v, rd.sink) {
		return
	}
	inc := incident{number: string(v.Number), title: cmp.Or(v.Display, v.Entity), service: v.Service, severity: strings.ToLower(v.State), link: v.Link, paged: true}
	if v.Host != "" {
		inc.text = "host " + v.Host
	}
	steps := []step{{kind: hindcast.PagerTriggered, name: "triggered", at: string(v.Start)}}
	for _, t := range v.Transitions {
		s := said(strings.ToLower(t.Name))
		s.at, s.text = string(t.At), t.Message
		if t.By != "" {
			s.by = rd.words.Actor(t.By)
		}
		switch s.kind {
		case hindcast.PagerTriggered:
			continue // the start
		case moment:
			s.kind = hindcast.PagerStep
		}
		steps = append(steps, s)
	}
	rd.write(rec.Ref(), inc, steps...)
}

func isIncidentIO(f jsonrec.Fields) bool {
	for _, at := range []string{"", "incident.", "incidents."} {
		if f.Has(at+"reference", at+"name", at+"created_at", at+"incident_status") {
			return true
		}
	}
	return false
}

// incidentIO reads an incident of incident.io: who declared it when, and the times
// that people set.
func (rd *reading) incidentIO(rec jsonrec.Record) {
	if one, ok := rec.Member("incident"); ok {
		rec = one
	}
	var i struct {
		ID        string          `json:"id"`
		Reference string          `json:"reference"`
		Name      string          `json:"name"`
		CreatedAt string          `json:"created_at"`
		Creator   json.RawMessage `json:"creator"`
		Permalink string          `json:"permalink"`
		Mode      string          `json:"mode"`
		Severity  struct {
			Name string `json:"name"`
		} `json:"severity"`
		Times []struct {
			Moment struct {
				Name string `json:"name"`
			} `json:"incident_timestamp"`
			Value struct {
				Value string `json:"value"`
			} `json:"value"`
		} `json:"incident_timestamp_values"`
	}
	if !rec.Decode(&i, rd.sink) {
		return
	}
	inc := incident{id: i.ID, number: digits(i.Reference), title: strings.TrimSpace(i.Reference + " " + i.Name), severity: i.Severity.Name, link: i.Permalink}
	steps := []step{{kind: hindcast.PagerTriggered, name: "declared", at: i.CreatedAt, by: rd.person(i.Creator)}}
	for _, t := range i.Times {
		name := strings.TrimSuffix(t.Moment.Name, " at")
		switch strings.ToLower(name) {
		case "reported", "declared": // as it was created
		default:
			s := said(name)
			s.at = t.Value.Value
			steps = append(steps, s)
		}
	}
	for n := range steps {
		e := rd.event(inc, steps[n])
		e.Test = e.Test || i.Mode == "test" || i.Mode == "tutorial"
		if steps[n].at != "" {
			rd.Write(rec.Ref(), steps[n].at, e)
		}
	}
}

func isUpdate(f jsonrec.Fields) bool {
	for _, at := range []string{"", "incident_updates."} {
		if f.Has(at+"incident_id", at+"created_at", at+"updater") {
			return true
		}
	}
	return false
}

// update reads an update that a responder posted to incident.io.
func (rd *reading) update(rec jsonrec.Record) {
	var u struct {
		ID       string          `json:"id"`
		Incident string          `json:"incident_id"`
		Message  string          `json:"message"`
		At       string          `json:"created_at"`
		Updater  json.RawMessage `json:"updater"`
		Status   struct {
			Name string `json:"name"`
		} `json:"new_incident_status"`
		Severity struct {
			Name string `json:"name"`
		} `json:"new_severity"`
	}
	if !rec.Decode(&u, rd.sink) {
		return
	}
	text := cmp.Or(u.Message, "Status is "+u.Status.Name)
	rd.note(rec.Ref(), u.At, u.Incident, u.ID, rd.person(u.Updater), text, map[string]string{"severity": u.Severity.Name, "status": u.Status.Name})
}

// note writes what somebody wrote about an incident.
func (rd *reading) note(ref hindcast.Ref, at, incident, id string, by hindcast.Actor, text string, attrs map[string]string) {
	if by.Name == "" {
		by = hindcast.Actor{Name: rd.source, Kind: hindcast.Automation}
	}
	e := hindcast.Event{Kind: hindcast.PagerNote, Actor: by, Title: text, Text: text, Attrs: attrs, Status: attrs["status"]}
	delete(attrs, "status")
	if incident != "" {
		e.Subject = rd.system + ":" + incident
	}
	if id != "" {
		e.ID = rd.system + ":" + id
	}
	rd.Write(ref, at, e)
}

func isHydrant(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data."} {
		if f.Has(at+"milestones", at+"name", at+"created_at") && f.Any(at+"current_milestone", at+"milestones.occurred_at") {
			return true
		}
	}
	return false
}

// hydrant reads an incident of FireHydrant.
func (rd *reading) hydrant(rec jsonrec.Record) {
	type named []struct {
		Name string `json:"name"`
	}
	var h struct {
		ID           string          `json:"id"`
		Number       jsonrec.Scalar  `json:"number"`
		Name         string          `json:"name"`
		Severity     jsonrec.Scalar  `json:"severity"`
		CreatedAt    string          `json:"created_at"`
		CreatedBy    json.RawMessage `json:"created_by"`
		URL          string          `json:"incident_url"`
		Services     named           `json:"services"`
		Environments named           `json:"environments"`
		Milestones   []struct {
			Type string `json:"type"`
			At   string `json:"occurred_at"`
		} `json:"milestones"`
	}
	if !rec.Decode(&h, rd.sink) {
		return
	}
	inc := incident{id: h.ID, number: string(h.Number), title: h.Name, severity: string(h.Severity), link: h.URL}
	for _, s := range h.Services {
		inc.service = cmp.Or(inc.service, s.Name)
	}
	for _, e := range h.Environments {
		inc.env = cmp.Or(inc.env, strings.ToLower(e.Name))
	}
	steps := []step{{kind: hindcast.PagerTriggered, name: "declared", at: h.CreatedAt, by: rd.person(h.CreatedBy)}}
	for _, m := range h.Milestones {
		s := said(m.Type)
		s.at = m.At
		steps = append(steps, s)
	}
	rd.write(rec.Ref(), inc, steps...)
}

func isHydrantEvent(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data."} {
		if f.Has(at+"incident_id", at+"occurred_at", at+"type", at+"author") {
			return true
		}
	}
	return false
}

// hydrantEvent reads an event of an incident of FireHydrant. Events that have no
// words of their own are steps.
func (rd *reading) hydrantEvent(rec jsonrec.Record) {
	var h struct {
		ID       string          `json:"id"`
		Incident string          `json:"incident_id"`
		Type     string          `json:"type"`
		At       string          `json:"occurred_at"`
		Author   json.RawMessage `json:"author"`
		Data     struct {
			Body    jsonrec.Scalar `json:"body"`
			Summary jsonrec.Scalar `json:"summary"`
			Message jsonrec.Scalar `json:"message"`
		} `json:"data"`
	}
	if !rec.Decode(&h, rd.sink) {
		return
	}
	if text := string(cmp.Or(h.Data.Body, h.Data.Message, h.Data.Summary)); text != "" {
		rd.note(rec.Ref(), h.At, h.Incident, h.ID, rd.person(h.Author), text, map[string]string{"step": h.Type})
		return
	}
	e := rd.event(incident{id: h.Incident}, step{kind: hindcast.PagerStep, name: strings.ReplaceAll(h.Type, "_", " "), by: rd.person(h.Author)})
	e.Title, e.Status = strings.TrimSuffix(e.Title, ": "), ""
	e.ID = rd.system + ":" + h.ID
	rd.Write(rec.Ref(), h.At, e)
}

func isRootlyEvent(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data."} {
		if f[at+"type"] == "incident_events" && f.Has(at+"attributes.event") {
			return true
		}
	}
	return false
}

// rootlyEvent reads an event of the timeline of an incident of Rootly.
func (rd *reading) rootlyEvent(rec jsonrec.Record) {
	var r struct {
		ID         string `json:"id"`
		Attributes struct {
			Event     string          `json:"event"`
			Occurred  string          `json:"occurred_at"`
			CreatedAt string          `json:"created_at"`
			User      json.RawMessage `json:"user"`
		} `json:"attributes"`
		Relations struct {
			Incident struct {
				Data struct {
					ID string `json:"id"`
				} `json:"data"`
			} `json:"incident"`
		} `json:"relationships"`
	}
	if !rec.Decode(&r, rd.sink) {
		return
	}
	if one, ok := rec.Member("data"); ok && r.ID == "" {
		rd.rootlyEvent(one)
		return
	}
	rd.note(rec.Ref(), cmp.Or(r.Attributes.Occurred, r.Attributes.CreatedAt), r.Relations.Incident.Data.ID, r.ID, rd.person(r.Attributes.User), rd.words.Plain(r.Attributes.Event), map[string]string{})
}
