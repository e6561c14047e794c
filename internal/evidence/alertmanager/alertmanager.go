// Package alertmanager reads the alerts of Prometheus, Alertmanager and Grafana.
//
// It takes webhook payloads, as they are, as lines, or inside a captured
// request, and saved answers of the APIs:
//
//	webhook version 4 of Alertmanager                      alertmanager-webhook
//	webhook of Grafana alerting                            grafana-webhook
//	GET /api/v2/alerts, /api/v1/alerts of Alertmanager,
//	amtool alert query -o json                             alertmanager-alerts
//	GET /api/v1/alerts and /api/v1/rules of Prometheus     prometheus-alerts
//	GET /api/annotations of Grafana                        grafana-annotations
//	GET /api/v2/silences of Alertmanager                   alertmanager-silences
//
// An alert that fires is one fact, one that is resolved is two: that it fired at
// startsAt and that it was resolved at endsAt. Both have the subject
// alert:FINGERPRINT; where a source gives no fingerprint it is computed from the
// labels the way Prometheus does. Grafana's is, of the labels that it shows: the same
// alert comes as a webhook and as annotations.
package alertmanager

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of alerts and annotations.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	format := func(name, source, marker string, fits func(jsonrec.Fields) bool, parse parse) record.Format {
		return record.Format{
			Name: name, Source: source, Recognize: jsonrec.Recognizer(95, marker, fits),
			Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
				return parse(&reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, source: source, seen: map[string]bool{}}, f, r)
			},
		}
	}
	return []record.Format{
		format("grafana-webhook", "Grafana", `"alerts"`, isWebhook(true), (*reading).webhooks),
		format("alertmanager-webhook", "Alertmanager", `"alerts"`, isWebhook(false), (*reading).webhooks),
		format("alertmanager-alerts", "Alertmanager", `"startsAt"`, isAlerts, (*reading).alerts),
		format("alertmanager-silences", "Alertmanager", `"matchers"`, isSilences, (*reading).silences),
		format("prometheus-alerts", "Prometheus", `"activeAt"`, isPrometheus, (*reading).rules),
		format("grafana-annotations", "Grafana", `"text"`, isAnnotations, (*reading).annotations),
	}
}

// parse reads a file of one format.
type parse func(rd *reading, f *record.File, r io.Reader) error

func isWebhook(grafana bool) func(jsonrec.Fields) bool {
	return func(f jsonrec.Fields) bool {
		for _, at := range []string{"", "body.", "payload."} {
			if f.Has(at+"alerts.status", at+"alerts.labels", at+"alerts.startsAt", at+"receiver") {
				return f.Has(at+"orgId") == grafana
			}
		}
		return false
	}
}

func isAlerts(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data."} {
		if f.Has(at+"startsAt", at+"labels", at+"status.state") {
			return true
		}
	}
	return false
}

func isPrometheus(f jsonrec.Fields) bool {
	return f.Has("data.alerts.activeAt", "data.alerts.labels") || f.Has("data.groups.rules")
}

func isAnnotations(f jsonrec.Fields) bool {
	return f.Has("time", "text", "tags") && f.Any("dashboardUID", "dashboardId", "panelId", "alertId")
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink   record.Sink
	source string
	seen   map[string]bool // facts that were written: webhooks repeat what still fires
}

// alert is an alert as webhooks and the APIs of Alertmanager and Prometheus write it.
type alert struct {
	Labels      map[string]jsonrec.Scalar `json:"labels"`
	Annotations map[string]jsonrec.Scalar `json:"annotations"`
	StartsAt    string                    `json:"startsAt"`
	EndsAt      string                    `json:"endsAt"`
	Fingerprint string                    `json:"fingerprint"`
	Generator   string                    `json:"generatorURL"`
	Dashboard   string                    `json:"dashboardURL"`
	Panel       string                    `json:"panelURL"`
	Values      map[string]jsonrec.Scalar `json:"values"`
	State       jsonrec.Scalar            `json:"state"`    // Prometheus
	ActiveAt    string                    `json:"activeAt"` // Prometheus
	Value       jsonrec.Scalar            `json:"value"`    // Prometheus
}

// event begins the event of an alert.
func (rd *reading) event(a alert) hindcast.Event {
	name, summary := string(a.Labels["alertname"]), string(a.Annotations["summary"])
	e := hindcast.Event{
		Kind: hindcast.AlertFiring, Actor: hindcast.Actor{Name: rd.source, Kind: hindcast.Automation}, Service: service(a.Labels), Status: "firing",
		Title: strings.Trim(name+": "+summary, ": "), Text: string(a.Annotations["description"]), Env: env(a.Labels),
		Attrs: map[string]string{"alertname": name, "severity": string(a.Labels["severity"]), "value": string(a.Value), "values": values(a.Values)},
	}
	if e.Text == "" {
		e.Text = string(a.Annotations["message"])
	}
	if summary == "" && e.Text != "" {
		e.Title = strings.Trim(name+": "+e.Text, ": ")
	}
	for k, v := range a.Labels {
		e.Attrs["label."+k] = string(v)
	}
	for _, url := range []string{a.Generator, a.Dashboard, a.Panel, string(a.Annotations["runbook_url"]), string(a.Annotations["dashboard"])} {
		if url != "" {
			e.Links = append(e.Links, url)
		}
	}
	if a.Fingerprint == "" {
		a.Fingerprint = fingerprint(a.Labels)
	}
	e.ID, e.Subject = a.Fingerprint, "alert:"+a.Fingerprint
	if _, managed := a.Labels["__alert_rule_uid__"]; managed || rd.source == "Grafana" {
		e.Subject = "alert:" + fingerprint(shown(a.Labels)) // annotations have no other
	}
	e.Test = rd.words.Test(name, summary, e.Text) || a.Labels["severity"] == "test" || a.Labels["test"] == "true" || a.Labels["drill"] == "true"
	return e
}

// fired writes that an alert fires since at, once.
func (rd *reading) fired(ref hindcast.Ref, at string, e hindcast.Event) {
	rd.once(ref, at, "firing", e)
}

// resolved writes that the alert of e was resolved at the time at.
func (rd *reading) resolved(ref hindcast.Ref, at string, e hindcast.Event) {
	e.Kind, e.Status = hindcast.AlertResolved, "resolved"
	rd.once(ref, at, "resolved", e)
}

func (rd *reading) once(ref hindcast.Ref, at, what string, e hindcast.Event) {
	e.ID = strings.ToLower(rd.source) + ":" + e.ID + "@" + at + "/" + what
	if !rd.seen[e.ID] {
		rd.seen[e.ID] = true
		rd.Write(ref, at, e)
	}
}

// serviceLabels are the labels that name a service, the surest first.
var serviceLabels = []string{"service", "service_name", "app", "application", "app_kubernetes_io_name", "component", "deployment", "statefulset", "daemonset", "workload", "container", "job_name", "job"}

// service is the service that an alert is about. Exporters that watch others
// label alerts with their own name, which is not meant.
func service(labels map[string]jsonrec.Scalar) string {
	for _, l := range serviceLabels {
		v := string(labels[l])
		if v != "" && !strings.Contains(v, "kube-state-metrics") && !strings.Contains(v, "exporter") && !strings.Contains(v, "kubelet") && !strings.Contains(v, "cadvisor") {
			return v[strings.LastIndexByte(v, '/')+1:]
		}
	}
	return ""
}

func env(labels map[string]jsonrec.Scalar) string {
	if e := labels["environment"]; e != "" {
		return string(e)
	}
	return string(labels["env"])
}

func values(m map[string]jsonrec.Scalar) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"="+string(m[k]))
	}
	return strings.Join(out, " ")
}

// fingerprint is the identity of a label set as Prometheus computes it
// (LabelSet.Fingerprint in github.com/prometheus/common/model).
func fingerprint(labels map[string]jsonrec.Scalar) string {
	h := fnv.New64a()
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		h.Write([]byte(k + "\xff" + string(labels[k]) + "\xff"))
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// shown are the labels that Grafana shows; those that begin with two underscores it
// keeps for itself, and counts them in its fingerprints.
func shown(labels map[string]jsonrec.Scalar) map[string]jsonrec.Scalar {
	out := maps.Clone(labels)
	maps.DeleteFunc(out, func(name string, _ jsonrec.Scalar) bool { return strings.HasPrefix(name, "__") })
	return out
}

// ended reports whether an alert has an end: the year 1 stands for none.
func ended(at string) bool {
	t, err := time.Parse(time.RFC3339Nano, at)
	return err == nil && t.Year() > 1
}
