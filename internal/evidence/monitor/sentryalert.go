package monitor

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isSentryAlert(f jsonrec.Fields) bool {
	return f.Has("action", "data.metric_alert.date_started") || f.Has("action", "data.triggered_rule", "data.event.title")
}

// sentryAlert reads a webhook with which Sentry tells that a rule fired: one about a
// metric, or one about an error.
func (rd *reading) sentryAlert(rec jsonrec.Record) {
	var w struct {
		Action string `json:"action"`
		Data   struct {
			Rule  string `json:"triggered_rule"`
			Title string `json:"description_title"`
			Text  string `json:"description_text"`
			URL   string `json:"web_url"`
			Alert struct {
				ID       jsonrec.Scalar `json:"id"`
				Title    string         `json:"title"`
				Started  string         `json:"date_started"`
				Detected string         `json:"date_detected"`
				Closed   string         `json:"date_closed"`
				Projects []string       `json:"projects"`
				Rule     struct {
					Name string `json:"name"`
				} `json:"alert_rule"`
			} `json:"metric_alert"`
			Event struct {
				ID    string         `json:"event_id"`
				Issue jsonrec.Scalar `json:"issue_id"`
				Title string         `json:"title"`
				At    jsonrec.Scalar `json:"datetime"`
				Unix  jsonrec.Scalar `json:"timestamp"`
				Level string         `json:"level"`
				URL   string         `json:"web_url"`
			} `json:"event"`
		} `json:"data"`
	}
	if !rec.Decode(&w, rd.sink) {
		return
	}
	d := w.Data
	if d.Rule != "" {
		a := alert{id: d.Event.ID, key: "sentry/" + cmp.Or(string(d.Event.Issue), d.Rule), name: d.Rule, title: d.Rule + ": " + d.Event.Title, severity: d.Event.Level, links: []string{d.Event.URL}}
		rd.once(rec.Ref(), string(cmp.Or(d.Event.At, d.Event.Unix)), rd.event(a, false))
		return
	}
	id := string(d.Alert.ID)
	a := alert{key: "sentry/" + id, name: d.Alert.Rule.Name, title: cmp.Or(d.Title, d.Alert.Title), text: d.Text, links: []string{d.URL}}
	if len(d.Alert.Projects) > 0 {
		a.service = d.Alert.Projects[0]
	}
	if w.Action == "resolved" {
		a.id = id
		rd.once(rec.Ref(), cmp.Or(d.Alert.Closed, d.Alert.Detected), rd.event(a, true))
		return
	}
	a.id, a.severity = id+"/"+w.Action, strings.ToLower(w.Action)
	rd.once(rec.Ref(), cmp.Or(d.Alert.Detected, d.Alert.Started), rd.event(a, false))
}
