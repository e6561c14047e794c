package alertmanager

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// webhooks reads payloads of webhooks. Everything in a payload has the place of
// the whole.
func (rd *reading) webhooks(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		rec = rec.Unwrap()
		list, ok := rec.Member("alerts")
		if !ok {
			rd.Problem(rec.Ref(), "the webhook has no alerts; it was skipped")
			return
		}
		for _, el := range list.Elements() {
			var a struct {
				alert
				Status jsonrec.Scalar `json:"status"`
			}
			if !el.Decode(&a, rd.sink) {
				continue
			}
			e := rd.event(a.alert)
			if a.Status != "resolved" {
				rd.fired(rec.Ref(), a.StartsAt, e)
				continue
			}
			begun := e
			begun.Title = cmp.Or(e.Attrs["alertname"], e.Title) // the summary tells the value at the end
			begun.Attrs = maps.Clone(e.Attrs)
			rd.fired(rec.Ref(), a.StartsAt, begun)
			if ended(a.EndsAt) {
				rd.resolved(rec.Ref(), a.EndsAt, e)
			}
		}
	}, "")
}

// alerts reads the alerts that Alertmanager held at one moment; all of them fire.
// Their endsAt is only the time at which they would be forgotten.
func (rd *reading) alerts(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		var a struct {
			alert
			Status struct {
				State string `json:"state"`
			} `json:"status"`
		}
		if !rec.Decode(&a, rd.sink) {
			return
		}
		e := rd.event(a.alert)
		e.Attrs["state"] = a.Status.State
		rd.fired(rec.Ref(), a.StartsAt, e)
	}, "", "data")
}

// rules reads the alerts of Prometheus, alone or below the rules that raised
// them. A pending alert has told nobody anything yet and is passed over.
func (rd *reading) rules(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		if rec.Path == "data.alerts" {
			rd.active(rec, 0)
			return
		}
		rules, _ := rec.Member("rules")
		for _, rule := range rules.Elements() {
			var v struct {
				Duration float64 `json:"duration"` // seconds an alert stays pending
			}
			if !rule.Decode(&v, rd.sink) {
				continue
			}
			alerts, _ := rule.Member("alerts")
			for _, a := range alerts.Elements() {
				rd.active(a, time.Duration(v.Duration*float64(time.Second)))
			}
		}
	}, "", "data.alerts", "data.groups")
}

// active writes an alert of Prometheus. activeAt is when its condition became
// true; it fires when that has lasted for pending.
func (rd *reading) active(rec jsonrec.Record, pending time.Duration) {
	var a alert
	if !rec.Decode(&a, rd.sink) || a.State != "firing" {
		return
	}
	e := rd.event(a)
	e.Attrs["active_at"] = a.ActiveAt
	at := a.ActiveAt
	if t, _, ok := rd.Time(at); ok && pending > 0 {
		at = t.Add(pending).Format(time.RFC3339Nano)
	}
	rd.fired(rec.Ref(), at, e)
}

// annotations reads marks on Grafana's dashboards: what alerting did, and what
// people and pipelines noted.
func (rd *reading) annotations(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		var a struct {
			ID       jsonrec.Scalar   `json:"id"`
			Time     jsonrec.Scalar   `json:"time"`
			TimeEnd  jsonrec.Scalar   `json:"timeEnd"`
			Text     string           `json:"text"`
			Tags     []jsonrec.Scalar `json:"tags"`
			AlertID  jsonrec.Scalar   `json:"alertId"`
			Alert    string           `json:"alertName"`
			NewState string           `json:"newState"`
			Login    string           `json:"login"`
			User     string           `json:"userName"`
		}
		if !rec.Decode(&a, rd.sink) {
			return
		}
		e := hindcast.Event{Kind: hindcast.Record, Title: a.Text, Text: a.Text, Attrs: map[string]string{}}
		if a.ID != "" {
			e.ID = "grafana:annotation:" + string(a.ID)
		}
		for _, t := range a.Tags {
			e.Attrs["tags"] = strings.TrimPrefix(e.Attrs["tags"]+","+string(t), ",")
		}
		if a.TimeEnd != a.Time {
			e.Until, _, _ = rd.Time(string(a.TimeEnd))
		}
		e.Actor = hindcast.Actor{Name: "Grafana", Kind: hindcast.Automation}
		switch state := strings.ToLower(a.NewState); {
		case state == "alerting":
			e.Kind, e.Status, e.Subject = hindcast.AlertFiring, "firing", "alert:grafana/"+string(a.AlertID)
		case state == "ok" || state == "normal":
			e.Kind, e.Status, e.Subject = hindcast.AlertResolved, "resolved", "alert:grafana/"+string(a.AlertID)
		default:
			e.Kind = tagged(a.Tags)
			if e.Attrs["by"] = cmp.Or(a.User, a.Login); e.Attrs["by"] != "" && e.Kind != hindcast.Deploy {
				e.Actor = rd.words.Actor(e.Attrs["by"])
			}
		}
		if e.Subject != "" {
			e.Title = strings.Trim(a.Alert+": "+a.Text, ": ")
			e.Attrs["alertname"] = a.Alert
			e.Test = rd.words.Test(a.Alert, a.Text)
		}
		rd.Write(rec.Ref(), string(a.Time), e)
	}, "")
}

// tagged tells from its tags what an annotation notes.
func tagged(tags []jsonrec.Scalar) hindcast.EventKind {
	has := func(words ...string) bool {
		return slices.ContainsFunc(tags, func(t jsonrec.Scalar) bool { return slices.Contains(words, strings.ToLower(string(t))) })
	}
	switch {
	case has("deploy", "deployment", "deployments", "release", "rollout", "rollback"):
		return hindcast.Deploy
	case has("config", "feature-flag", "flag", "migration", "infrastructure", "maintenance"):
		return hindcast.ConfigChange
	}
	return hindcast.Record
}
