package alertmanager

import (
	"cmp"
	"io"
	"maps"
	"time"

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
