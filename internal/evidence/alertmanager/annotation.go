package alertmanager

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// annotation is a mark on Grafana's dashboards. Its times are milliseconds.
type annotation struct {
	ID        jsonrec.Scalar   `json:"id"`
	Time      jsonrec.Scalar   `json:"time"`
	TimeEnd   jsonrec.Scalar   `json:"timeEnd"`
	Text      string           `json:"text"`
	Tags      []jsonrec.Scalar `json:"tags"`
	AlertID   jsonrec.Scalar   `json:"alertId"`
	Alert     string           `json:"alertName"`
	NewState  string           `json:"newState"`
	PrevState string           `json:"prevState"`
	Login     string           `json:"login"`
	User      string           `json:"userName"`
}

// ownTag begins the tag of the marks that are made of published post-mortems.
const ownTag = "hindcast-"

// annotations reads what alerting did, and what people and pipelines noted. What we
// marked ourselves says what a post-mortem says, and is passed over.
func (rd *reading) annotations(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		var a annotation
		if !rec.Decode(&a, rd.sink) || slices.ContainsFunc(a.Tags, func(t jsonrec.Scalar) bool { return strings.HasPrefix(string(t), ownTag) }) {
			return
		}
		e := hindcast.Event{Kind: hindcast.Record, Title: a.Text, Text: a.Text, Attrs: map[string]string{}}
		if strings.Contains(a.Text, "<") { // Grafana shows it as HTML
			e.Text = rd.words.Plain(a.Text)
			e.Title, _, _ = strings.Cut(e.Text, "\n")
		}
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
		if a.NewState != "" {
			rd.alerting(&e, a)
		} else {
			rd.noted(&e, a)
		}
		rd.Write(rec.Ref(), string(a.Time), e)
	}, "")
}

// noted fills in what a person or a pipeline noted.
func (rd *reading) noted(e *hindcast.Event, a annotation) {
	e.Kind = tagged(a.Tags)
	for _, t := range a.Tags {
		if key, value, ok := strings.Cut(string(t), ":"); ok && slices.Contains(serviceLabels, key) && e.Service == "" {
			e.Service = strings.TrimSpace(value)
		}
	}
	if e.Attrs["by"] = cmp.Or(a.User, a.Login); e.Attrs["by"] != "" && e.Kind != hindcast.Deploy {
		e.Actor = rd.words.Actor(e.Attrs["by"])
	}
}

// alerting fills in what an alert did. It fires and is over when its state says so
// and did not before: what was pending only has told nobody anything, and states of
// which nobody is told are records.
func (rd *reading) alerting(e *hindcast.Event, a annotation) {
	labels, values := instance(a.Text)
	e.Attrs["alertname"], e.Attrs["state"], e.Attrs["prev_state"] = a.Alert, a.NewState, a.PrevState
	e.Subject = "alert:grafana/" + string(a.AlertID)
	e.Title = strings.Trim(a.Alert+": "+a.Text, ": ")
	if labels != nil {
		e.Subject = "alert:" + fingerprint(shown(labels))
		e.Title, e.Attrs["values"] = cmp.Or(a.Alert, string(labels["alertname"])), values
		e.Service, e.Env, e.Attrs["severity"] = service(labels), env(labels), string(labels["severity"])
	}
	for k, v := range labels {
		e.Attrs["label."+k] = string(v)
	}
	e.Test = rd.words.Test(a.Alert, a.Text)
	switch now, was := state(a.NewState), state(a.PrevState); {
	case now == "alerting" && was != "alerting" && was != "recovering":
		e.Kind, e.Status = hindcast.AlertFiring, "firing"
	case now == "normal" && (was == "alerting" || was == "recovering" || was == ""):
		e.Kind, e.Status = hindcast.AlertResolved, "resolved"
	}
}

// state is the state of an alert without its reason: "Alerting (NoData)". Older
// versions call normal ok.
func state(s string) string {
	word, _, _ := strings.Cut(strings.ToLower(s), " (")
	if word == "ok" {
		return "normal"
	}
	return word
}

// instance reads the labels and the values that Grafana writes into the text of an
// annotation: "Latency {alertname=Latency, service=checkout} - B=2.3". Without them
// labels is nil.
func instance(text string) (labels map[string]jsonrec.Scalar, values string) {
	_, rest, _ := strings.Cut(text, " {")
	inside, values, ok := strings.Cut(rest, "} - ")
	if !ok {
		return nil, ""
	}
	for pair := range strings.SplitSeq(inside, ", ") {
		if k, v, ok := strings.Cut(pair, "="); ok {
			if labels == nil {
				labels = map[string]jsonrec.Scalar{}
			}
			labels[strings.TrimSpace(k)] = jsonrec.Scalar(v)
		}
	}
	return labels, values
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
