package monitor

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isCloudWatchState(f jsonrec.Fields) bool {
	return f["source"] == "aws.cloudwatch" && f.Has("detail.alarmName", "detail.state.value") || f.Has("MetricAlarms.AlarmName", "MetricAlarms.StateValue") || f.Has("AlarmName", "StateValue", "StateUpdatedTimestamp")
}

// cloudWatchState reads a change of an alarm's state that EventBridge tells of, or an
// alarm that aws cloudwatch describe-alarms lists, with the change to its state of now.
func (rd *reading) cloudWatchState(rec jsonrec.Record) {
	var c struct {
		Name    string         `json:"AlarmName"`
		About   string         `json:"AlarmDescription"`
		State   string         `json:"StateValue"`
		Reason  string         `json:"StateReason"`
		Changed jsonrec.Scalar `json:"StateTransitionedTimestamp"`
		Updated jsonrec.Scalar `json:"StateUpdatedTimestamp"`
		ID      string         `json:"id"`
		Time    string         `json:"time"`
		Detail  struct {
			Name  string `json:"alarmName"`
			State struct {
				Value  string `json:"value"`
				Reason string `json:"reason"`
				Time   string `json:"timestamp"`
			} `json:"state"`
			Configuration struct {
				Description string `json:"description"`
			} `json:"configuration"`
		} `json:"detail"`
	}
	if !rec.Decode(&c, rd.sink) {
		return
	}
	resolved, known := over(cmp.Or(c.State, c.Detail.State.Value))
	if !known {
		return // insufficient data
	}
	name := cmp.Or(c.Name, c.Detail.Name)
	a := alert{
		id: c.ID, key: "cloudwatch/" + name, name: name, title: strings.Trim(name+": "+cmp.Or(c.Reason, c.Detail.State.Reason), ": "),
		text: cmp.Or(c.About, c.Detail.Configuration.Description),
	}
	rd.once(rec.Ref(), string(cmp.Or(c.Changed, c.Updated, jsonrec.Scalar(cmp.Or(c.Detail.State.Time, c.Time)))), rd.event(a, resolved))
}

func isAzureAlert(f jsonrec.Fields) bool {
	return f.Has("data.essentials.alertRule", "data.essentials.monitorCondition") || f.Has("properties.essentials.alertRule", "properties.essentials.startDateTime")
}

// azureAlert reads an alert of Azure Monitor, of a webhook in the common schema or of
// the list of alerts.
func (rd *reading) azureAlert(rec jsonrec.Record) {
	type essentials struct {
		ID        string   `json:"alertId"`
		Rule      string   `json:"alertRule"`
		Severity  string   `json:"severity"`
		Condition string   `json:"monitorCondition"`
		Targets   []string `json:"configurationItems"`
		Target    string   `json:"targetResourceName"`
		Fired     string   `json:"firedDateTime"`
		Resolved  string   `json:"resolvedDateTime"`
		Started   string   `json:"startDateTime"`
		Ended     string   `json:"monitorConditionResolvedDateTime"`
		About     string   `json:"description"`
	}
	var w struct {
		Name string `json:"name"`
		Data struct {
			Essentials essentials `json:"essentials"`
		} `json:"data"`
		Properties struct {
			Essentials essentials `json:"essentials"`
		} `json:"properties"`
	}
	if !rec.Decode(&w, rd.sink) {
		return
	}
	e := w.Data.Essentials
	if e.Rule == "" {
		e = w.Properties.Essentials
	}
	rule := e.Rule[strings.LastIndexByte(e.Rule, '/')+1:]
	id := cmp.Or(e.ID, w.Name)
	a := alert{id: id[strings.LastIndexByte(id, '/')+1:], key: "azure/" + rule, name: rule, title: strings.Trim(cmp.Or(w.Name, rule)+": "+e.About, ": "), severity: e.Severity, service: e.Target}
	if len(e.Targets) > 0 {
		a.service = e.Targets[0]
	}
	rd.once(rec.Ref(), cmp.Or(e.Fired, e.Started), rd.event(a, false))
	if end := cmp.Or(e.Resolved, e.Ended); end != "" && strings.EqualFold(e.Condition, "Resolved") {
		rd.once(rec.Ref(), end, rd.event(a, true))
	}
}

func isGoogleIncident(f jsonrec.Fields) bool {
	return f.Has("incident.incident_id", "incident.policy_name", "incident.started_at")
}

// googleIncident reads what Google Cloud Monitoring sends of an incident.
func (rd *reading) googleIncident(rec jsonrec.Record) {
	var w struct {
		Incident struct {
			ID       string         `json:"incident_id"`
			Policy   string         `json:"policy_name"`
			Resource string         `json:"resource_name"`
			Summary  string         `json:"summary"`
			URL      string         `json:"url"`
			Severity string         `json:"severity"`
			State    string         `json:"state"`
			Started  jsonrec.Scalar `json:"started_at"`
			Ended    jsonrec.Scalar `json:"ended_at"`
		} `json:"incident"`
	}
	if !rec.Decode(&w, rd.sink) {
		return
	}
	i := w.Incident
	a := alert{id: i.ID, key: "gcp/" + i.ID, name: i.Policy, title: strings.Trim(i.Policy+": "+i.Summary, ": "), severity: strings.ToLower(i.Severity), links: []string{i.URL}, text: i.Resource}
	rd.once(rec.Ref(), string(i.Started), rd.event(a, false))
	if i.State == "closed" && i.Ended != "" && i.Ended != "0" {
		rd.once(rec.Ref(), string(i.Ended), rd.event(a, true))
	}
}

func isMarker(f jsonrec.Fields) bool {
	return f.Has("start_time", "message", "type", "color")
}

// marker reads a marker of Honeycomb, which people and pipelines set.
func (rd *reading) marker(rec jsonrec.Record) {
	var m struct {
		ID      string         `json:"id"`
		Start   jsonrec.Scalar `json:"start_time"`
		End     jsonrec.Scalar `json:"end_time"`
		Message string         `json:"message"`
		Type    string         `json:"type"`
		URL     jsonrec.Scalar `json:"url"`
	}
	if !rec.Decode(&m, rd.sink) {
		return
	}
	e := rd.event(alert{title: cmp.Or(m.Message, m.Type), links: []string{string(m.URL)}}, false)
	e.Kind, e.Status, e.Attrs["kind"] = hindcast.Record, "", m.Type
	if strings.Contains(strings.ToLower(m.Type), "deploy") {
		e.Kind = hindcast.Deploy
	}
	if m.ID != "" {
		e.ID = "honeycomb:" + m.ID
	}
	e.Until, _, _ = rd.Time(string(m.End))
	rd.once(rec.Ref(), string(m.Start), e)
}

func isDatadogMonitor(f jsonrec.Fields) bool {
	return f.Has("overall_state", "name", "query")
}

// datadogMonitor reads a monitor of Datadog: when it came into the state of now.
func (rd *reading) datadogMonitor(rec jsonrec.Record) {
	var m struct {
		ID       jsonrec.Scalar  `json:"id"`
		Name     string          `json:"name"`
		Message  string          `json:"message"`
		State    string          `json:"overall_state"`
		Modified string          `json:"overall_state_modified"`
		Tags     json.RawMessage `json:"tags"`
		Priority jsonrec.Scalar  `json:"priority"`
	}
	if !rec.Decode(&m, rd.sink) || m.Modified == "" {
		return
	}
	resolved, known := over(m.State)
	if !known {
		return
	}
	tags := tagsOf(m.Tags)
	a := alert{key: "datadog/" + string(m.ID), name: m.Name, title: m.Name, text: m.Message, service: tagged(tags, "service"), env: cmp.Or(tagged(tags, "env"), tagged(tags, "environment")), tags: tags}
	if m.Priority != "" {
		a.severity = "P" + string(m.Priority)
	}
	rd.once(rec.Ref(), m.Modified, rd.event(a, resolved))
}

func isNewRelicRow(f jsonrec.Fields) bool {
	for _, at := range []string{"", "results.", "data.actor.account.nrql.results."} {
		if f.Has(at+"event", at+"incidentId", at+"timestamp") && f.Any(at+"conditionName", at+"policyName") {
			return true
		}
	}
	return false
}

// newRelicRow reads a row of what New Relic's queries answer of NrAiIncident.
func (rd *reading) newRelicRow(rec jsonrec.Record) {
	var r struct {
		Time      jsonrec.Scalar `json:"timestamp"`
		Event     string         `json:"event"`
		ID        string         `json:"incidentId"`
		Title     string         `json:"title"`
		Condition string         `json:"conditionName"`
		Policy    string         `json:"policyName"`
		Priority  string         `json:"priority"`
		Target    string         `json:"targetName"`
		Entity    string         `json:"entity.name"`
	}
	if !rec.Decode(&r, rd.sink) {
		return
	}
	if resolved, known := over(r.Event); known {
		a := alert{id: r.ID, key: "newrelic/" + r.ID, name: cmp.Or(r.Condition, r.Policy), title: cmp.Or(r.Title, r.Condition), severity: r.Priority, service: cmp.Or(r.Entity, r.Target)}
		rd.once(rec.Ref(), string(r.Time), rd.event(a, resolved))
	}
}
