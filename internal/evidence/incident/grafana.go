package incident

import (
	"encoding/json"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isGrafana(f jsonrec.Fields) bool {
	for _, at := range []string{"", "incident.", "incidents.", "incidentPreviews."} {
		if f.Has(at+"incidentID", at+"title", at+"createdTime") {
			return true
		}
	}
	return false
}

// grafana reads an incident of Grafana Incident.
func (rd *reading) grafana(rec jsonrec.Record) {
	if one, ok := rec.Member("incident"); ok {
		rec = one
	}
	var g struct {
		ID       string          `json:"incidentID"`
		Title    string          `json:"title"`
		Severity jsonrec.Scalar  `json:"severity"`
		Drill    bool            `json:"isDrill"`
		Created  string          `json:"createdTime"`
		By       json.RawMessage `json:"createdByUser"`
		Start    string          `json:"incidentStart"`
		End      string          `json:"incidentEnd"`
		Status   string          `json:"status"`
	}
	if !rec.Decode(&g, rd.sink) {
		return
	}
	inc := incident{id: g.ID, number: digits(g.ID), title: g.Title, severity: string(g.Severity)}
	steps := []step{
		{kind: moment, name: "impact started", at: g.Start},
		{kind: hindcast.PagerTriggered, name: "declared", at: g.Created, by: rd.person(g.By)},
	}
	if g.Status == "resolved" {
		steps = append(steps, step{kind: hindcast.PagerResolved, name: "resolved", at: g.End})
	}
	for _, s := range steps {
		e := rd.event(inc, s)
		e.Test = e.Test || g.Drill
		if s.at != "" {
			rd.Write(rec.Ref(), s.at, e)
		}
	}
}

func isGrafanaActivity(f jsonrec.Fields) bool {
	for _, at := range []string{"", "activityItems."} {
		if f.Has(at+"activityKind", at+"incidentID", at+"createdTime") {
			return true
		}
	}
	return false
}

// grafanaActivity reads an item of the activity of an incident: what people wrote is
// a note, the rest steps.
func (rd *reading) grafanaActivity(rec jsonrec.Record) {
	var a struct {
		ID       string          `json:"activityItemID"`
		Incident string          `json:"incidentID"`
		Kind     string          `json:"activityKind"`
		Body     string          `json:"body"`
		User     json.RawMessage `json:"user"`
		Created  string          `json:"createdTime"`
		Event    string          `json:"eventTime"`
	}
	if !rec.Decode(&a, rd.sink) || a.Body == "" {
		return
	}
	at := a.Event
	if at == "" {
		at = a.Created
	}
	if a.Kind == "userNote" {
		rd.note(rec.Ref(), at, a.Incident, a.ID, rd.person(a.User), a.Body, map[string]string{})
		return
	}
	e := rd.event(incident{id: a.Incident}, step{kind: hindcast.PagerStep, name: a.Kind, by: rd.person(a.User), text: a.Body})
	e.Title, e.Status, e.ID = a.Body, "", rd.system+":"+a.ID
	rd.Write(rec.Ref(), at, e)
}
