// Package monitor reads the alerts of monitoring services and of makers that
// have no format of their own here.
//
//	Datadog: webhook (default payload), GET /api/v2/events, /api/v1/events    datadog-events
//	New Relic: workflow and legacy webhooks, aiIssues of NerdGraph           newrelic-issues
//	Opsgenie: webhook, GET /v2/alerts, /v2/alerts/{id}/logs, both as one     opsgenie-alerts
//	CloudWatch: alarm notification, aws cloudwatch describe-alarm-history    cloudwatch-alarms
//	CloudWatch: state changes of EventBridge, describe-alarms                cloudwatch-states
//	Azure Monitor: common alert schema; Google Cloud Monitoring: incidents   azure-alerts, gcp-incidents
//	Datadog: GET /api/v1/monitor; New Relic: rows of NrAiIncident            datadog-monitors, newrelic-rows
//	Honeycomb: markers                                                       honeycomb-markers
//	Sentry: issues, with their activity, and events of one                   sentry-issues, sentry-events
//	Sentry: webhooks of rules that fired                                     sentry-alerts
//	Zabbix: event.get, problem.get; Icinga: stream of events                 zabbix-events, icinga-events
//	Nagios, Naemon, Checkmk: their log                                       nagios-log
//	Uptime Kuma, Pingdom, UptimeRobot: webhooks and lists                    kuma-heartbeats, pingdom, uptimerobot-logs
//	JSON array or NDJSON of alerts: time, alert, status, service, severity   alert-list
//	the same as a table with a header                                        alert-table
//
// Opsgenie pages people, so its alerts become pager events; all others become
// alerts that fire or are resolved.
package monitor

import (
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of monitoring services.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		service:  regexp.MustCompile(`\bservice:([\w.\-]+)`),
		monitor:  regexp.MustCompile(`/monitors/(\d+)`),
		brackets: regexp.MustCompile(`^(?:\[[^\]]*\]\s*)+`),
		priority: regexp.MustCompile(`\[(P[1-5])\]`),
	}
	format := func(name, source, marker string, score int, fits func(jsonrec.Fields) bool, read func(*reading, jsonrec.Record), paths ...string) record.Format {
		return record.Format{
			Name: name, Source: source, Recognize: jsonrec.Recognizer(score, marker, fits),
			Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
				rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, source: source, seen: map[string]bool{}}
				return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) { read(rd, rec.Unwrap()) }, paths...)
			},
		}
	}
	return []record.Format{
		format("datadog-events", "Datadog", `"`, 93, isDatadog, (*reading).datadog, "", "data", "events"),
		format("newrelic-issues", "New Relic", `"state"`, 93, isNewRelic, (*reading).newRelic, "", "data.actor.account.aiIssues.issues.issues"),
		format("newrelic-incidents", "New Relic", `"current_state"`, 93, isLegacy, (*reading).legacy, ""),
		format("opsgenie-alerts", "Opsgenie", `"`, 93, isOpsgenie, (*reading).opsgenie, "", "data"),
		format("cloudwatch-alarms", "CloudWatch", `AlarmName`, 93, isCloudWatch, (*reading).cloudWatch, "", "AlarmHistoryItems"),
		format("cloudwatch-states", "CloudWatch", `arm`, 93, isCloudWatchState, (*reading).cloudWatchState, "", "MetricAlarms"),
		format("azure-alerts", "Azure Monitor", `"essentials"`, 93, isAzureAlert, (*reading).azureAlert, "", "value"),
		format("gcp-incidents", "Google Cloud Monitoring", `"policy_name"`, 93, isGoogleIncident, (*reading).googleIncident, ""),
		format("datadog-monitors", "Datadog", `"overall_state"`, 93, isDatadogMonitor, (*reading).datadogMonitor, "", "monitors"),
		format("newrelic-rows", "New Relic", `"incidentId"`, 93, isNewRelicRow, (*reading).newRelicRow, "", "results", "data.actor.account.nrql.results"),
		format("honeycomb-markers", "Honeycomb", `"start_time"`, 85, isMarker, (*reading).marker, ""),
		format("sentry-issues", "Sentry", `"firstSeen"`, 93, isSentryIssue, (*reading).sentryIssue, ""),
		format("sentry-alerts", "Sentry", `"action"`, 94, isSentryAlert, (*reading).sentryAlert, ""),
		format("sentry-events", "Sentry", `"eventID"`, 93, isSentryEvent, (*reading).sentryEvent, ""),
		format("zabbix-events", "Zabbix", `"eventid"`, 93, isZabbix, (*reading).zabbix, "", "result"),
		format("icinga-events", "Icinga", `"timestamp"`, 93, isIcinga, (*reading).icinga, ""),
		format("kuma-heartbeats", "Uptime Kuma", `"msg"`, 92, isKuma, (*reading).kuma, ""),
		format("pingdom", "Pingdom", `state`, 93, isPingdom, (*reading).pingdom, "", "summary.states", "states"),
		format("uptimerobot-logs", "UptimeRobot", `"friendly_name"`, 93, isUptimeRobot, (*reading).uptimeRobot, "", "monitors"),
		p.nagiosFormat(),
		p.icingaFormat(),
		{Name: "alert-table", Recognize: recognizeTable, Lines: p.lines},
		format("alert-list", "", `"`, 76, isList, (*reading).listed, "", "alerts"),
	}
}

type parser struct {
	redactor                             *redact.Redactor
	words                                *fact.Words
	service, monitor, brackets, priority *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink   record.Sink
	source string
	seen   map[string]bool                   // facts that were written: webhooks repeat what still fires
	logged map[jsonrec.Scalar]*opsgenieAlert // by their numbers, of a log that tells of several
}

// alert is what all sources tell of an alert, in one form.
type alert struct {
	id       string // of the fact, at its source; "" when it has none
	key      string // of the alert, the same whenever it fires
	name     string
	title    string
	text     string
	service  string
	severity string
	env      string
	links    []string
	tags     []string
	test     bool
}

// event makes the event of an alert that fires, or no longer does.
func (rd *reading) event(a alert, resolved bool) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.AlertFiring, Status: "firing", Actor: hindcast.Actor{Name: cmp.Or(rd.source, "monitoring"), Kind: hindcast.Automation},
		Service: a.service, Env: a.env, Title: a.title, Text: a.text,
		Attrs: map[string]string{"alertname": a.name, "severity": a.severity, "tags": strings.Join(a.tags, ",")},
		Test:  a.test || rd.words.Test(a.name, a.title),
	}
	for _, l := range a.links {
		if l != "" && l != "null" {
			e.Links = append(e.Links, l)
		}
	}
	if a.key != "" {
		e.Subject = "alert:" + a.key
	}
	if resolved {
		e.Kind, e.Status = hindcast.AlertResolved, "resolved"
	}
	if a.id != "" {
		e.ID = strings.ToLower(strings.ReplaceAll(rd.source, " ", "")) + ":" + a.id + "/" + e.Status
	}
	return e
}

// once writes a fact that has an identity only the first time.
func (rd *reading) once(ref hindcast.Ref, at string, e hindcast.Event) {
	if e.ID != "" && rd.seen[e.ID] {
		return
	}
	if rd.Write(ref, at, e) && e.ID != "" {
		rd.seen[e.ID] = true
	}
}

// over reports whether a word for a state says that the alert no longer fires.
func over(state string) (resolved, known bool) {
	switch strings.ToLower(strings.TrimSpace(state)) {
	case "resolved", "recovered", "ok", "closed", "close", "cleared", "inactive", "normal", "healthy", "green", "up", "recovery", "end", "ended", "fixed":
		return true, true
	case "firing", "triggered", "trigger", "alerting", "alarm", "alert", "open", "opened", "active", "activated", "created",
		"problem", "critical", "warning", "warn", "error", "down", "red", "failing", "start", "started", "raised", "fire",
		"fired", "re-triggered", "no data":
		return false, true
	}
	return false, false
}

// The names of what an alert of no known maker tells.
var (
	listTimes    = []string{"time", "timestamp", "at", "ts", "startsAt", "starts_at", "started_at", "fired_at", "triggered_at", "created_at", "date"}
	listEnds     = []string{"endsAt", "ends_at", "ended_at", "resolved_at", "closed_at", "cleared_at"}
	listNames    = []string{"alert", "alertname", "alert_name", "alertName", "alarm", "monitor_name", "monitor", "rule", "rule_name", "check"}
	listStates   = []string{"status", "state", "transition", "event"}
	listServices = []string{"service", "app", "application", "component", "target", "host"}
	listTexts    = []string{"summary", "message", "description", "text", "msg", "reason", "title"}
)

func isList(f jsonrec.Fields) bool {
	at := ""
	if f["alerts"] == "[" {
		at = "alerts."
	}
	get := func(names []string) string {
		for _, n := range names {
			if v := f[at+n]; v != "" && v != "{" && v != "[" && v != "null" {
				return v
			}
		}
		return ""
	}
	state := strings.ToLower(get(listStates))
	_, known := over(state)
	sure := get(listNames[:strongNames]) != "" || slices.Contains(strongStates, state)
	return get(listTimes) != "" && get(listNames) != "" && sure && (known || get(listEnds) != "") && f[at+"level"] == "" && f[at+"logger"] == ""
}

// A list of alerts shows itself by one of the first names, or by one of these
// states; what has a level is a log.
const strongNames = 6

var strongStates = []string{"firing", "resolved", "triggered", "recovered", "alerting", "alarm"}

// listed reads an alert of no known maker.
func (rd *reading) listed(rec jsonrec.Record) {
	var m map[string]jsonrec.Scalar
	if rec.Decode(&m, rd.sink) {
		rd.row(rec.Ref(), m, fact.Drill(rec.Raw))
	}
}

// row writes an alert of a list or a table by its members.
func (rd *reading) row(ref hindcast.Ref, m map[string]jsonrec.Scalar, drill bool) {
	get := func(names []string) string {
		for _, n := range names {
			if v := m[n]; v != "" {
				return string(v)
			}
		}
		return ""
	}
	a := alert{
		name: get(listNames), service: get(listServices), text: get(listTexts), env: string(cmp.Or(m["environment"], m["env"])),
		severity: string(cmp.Or(m["severity"], m["priority"], m["level"])), links: []string{string(cmp.Or(m["url"], m["link"]))},
		key: string(cmp.Or(m["fingerprint"], m["alert_id"], m["key"])),
	}
	a.test = drill
	a.key = cmp.Or(a.key, strings.Trim(a.name+"/"+a.service, "/"))
	a.title = strings.Trim(a.name+": "+a.text, ": ")
	state := get(listStates)
	resolved, known := over(state)
	start, end := get(listTimes), get(listEnds)
	if !known && (m[sensor] != "" || m[logged] != "" && strings.EqualFold(state, "acknowledged")) {
		rd.sensorNews(ref, start, state, a)
		return
	}
	if end == "" {
		rd.once(ref, start, rd.event(a, resolved))
		return
	}
	rd.once(ref, start, rd.event(a, false))
	rd.once(ref, end, rd.event(a, true))
}

// tagged returns the value of a tag "key:value".
func tagged(tags []string, key string) string {
	i := slices.IndexFunc(tags, func(t string) bool { return strings.HasPrefix(t, key+":") })
	if i < 0 {
		return ""
	}
	return tags[i][len(key)+1:]
}
