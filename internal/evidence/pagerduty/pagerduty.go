// Package pagerduty reads what PagerDuty says about an incident.
//
// It takes the answers of the REST API v2 as they are saved to files, alone or
// several in one file, and the webhooks PagerDuty sends:
//
//	GET /incidents, /incidents/{id}                pagerduty-incidents
//	GET /incidents/{id}/log_entries, /log_entries  pagerduty-log-entries
//	GET /incidents/{id}/notes                      pagerduty-notes
//	GET /incidents/{id}/alerts                     pagerduty-alerts
//	GET /incidents/{id}/related_change_events      pagerduty-change-events
//	webhooks v3, v2, captured or as lines          pagerduty-webhooks
//	incidents that a report downloads as CSV       pagerduty-table
//
// All records of one incident have the subject pagerduty:NUMBER, or
// pagerduty:ID where the number is nowhere in the file.
package pagerduty

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

// Formats returns the formats of PagerDuty's exports and webhooks.
func Formats() []record.Format {
	p := parser{redactor: redact.New(), words: fact.NewWords(), number: regexp.MustCompile(`^\[#(\d+)\]`), version: regexp.MustCompile(`\bv?\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?\b`)}
	format := func(name, marker string, fits func(jsonrec.Fields) bool) record.Format {
		return record.Format{Name: name, Source: "PagerDuty", Recognize: jsonrec.Recognizer(95, marker, fits), Parse: p.parse}
	}
	return []record.Format{
		format("pagerduty-log-entries", `_log_entry`, isLogEntries),
		format("pagerduty-incidents", `"incident_number"`, isIncidents),
		format("pagerduty-notes", `"notes"`, func(f jsonrec.Fields) bool {
			return f.Has("notes.content", "notes.created_at", "notes.user")
		}),
		format("pagerduty-alerts", `"alert_key"`, func(f jsonrec.Fields) bool {
			return f.Has("alerts.alert_key", "alerts.created_at") || f.Has("alert.alert_key", "alert.created_at")
		}),
		format("pagerduty-change-events", `"change_events"`, func(f jsonrec.Fields) bool {
			return f.Has("change_events.timestamp", "change_events.summary")
		}),
		format("pagerduty-webhooks", `"event"`, isWebhook),
		{Name: "pagerduty-table", Source: "PagerDuty", Recognize: isTable, Parse: p.table},
	}
}

func isLogEntries(f jsonrec.Fields) bool {
	return logEntryType(f["log_entries.type"]) || logEntryType(f["log_entry.type"]) || logEntryType(f["type"]) && f.Has("created_at")
}

func logEntryType(s string) bool { return strings.HasSuffix(s, "_log_entry") }

func isIncidents(f jsonrec.Fields) bool {
	for _, at := range []string{"", "incident.", "incidents."} {
		if f.Has(at+"incident_number", at+"created_at") && f.Any(at+"escalation_policy", at+"incident_key", at+"urgency") {
			return true
		}
	}
	return false
}

func isWebhook(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if f.Has(at+"event.event_type", at+"event.occurred_at") && (f.Has(at+"event.resource_type") || strings.HasPrefix(f[at+"event.event_type"], "incident.")) {
			return true
		}
		if strings.HasPrefix(f[at+"messages.event"], "incident.") {
			return true
		}
	}
	return f.Has("event_type", "occurred_at", "resource_type", "data")
}

type parser struct {
	redactor        *redact.Redactor
	words           *fact.Words
	number, version *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	parser
	*fact.Writer
	sink    record.Sink
	numbers map[string]string // incident number by id, as far as records told it
}

func (p parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, numbers: map[string]string{}}
	return jsonrec.Each(f, r, sink, rd.record, "", "log_entries", "incidents", "notes", "alerts", "change_events", "events", "messages")
}

// record reads an element of a list by the list's name, and any other record by
// what it holds.
func (rd *reading) record(rec jsonrec.Record) {
	rec = rec.Unwrap()
	switch rec.Path {
	case "log_entries":
		rd.logEntry(rec)
		return
	case "incidents":
		rd.incident(rec)
		return
	case "notes":
		rd.note(rec)
		return
	case "alerts":
		rd.alert(rec)
		return
	case "change_events":
		rd.change(rec)
		return
	}
	var peek struct {
		Type   string         `json:"type"`
		Kind   jsonrec.Scalar `json:"event_type"`
		Number jsonrec.Scalar `json:"incident_number"`
	}
	if !rec.Decode(&peek, rd.sink) {
		return
	}
	switch {
	case peek.Kind != "":
		rd.webhook(rec)
	case logEntryType(peek.Type):
		rd.logEntry(rec)
	case peek.Number != "":
		rd.incident(rec)
	default:
		rd.inside(rec)
	}
}

// inside reads the records that stand as members of a record: the one object of
// an answer, or the parts of a webhook.
func (rd *reading) inside(rec jsonrec.Record) {
	if entries, ok := rec.Member("log_entries"); ok { // webhook v2
		for _, e := range entries.Elements() {
			rd.logEntry(e)
		}
		return
	}
	parts := []struct {
		key  string
		read func(jsonrec.Record)
	}{{"event", rd.webhook}, {"log_entry", rd.logEntry}, {"incident", rd.incident}, {"note", rd.note}, {"alert", rd.alert}, {"change_event", rd.change}}
	for _, p := range parts {
		if part, ok := rec.Member(p.key); ok && len(part.Raw) > 0 && part.Raw[0] == '{' {
			p.read(part)
		}
	}
	list, _ := rec.Member("messages")
	for _, m := range list.Elements() {
		rd.inside(m)
	}
}

// reference is how PagerDuty names another object.
type reference struct {
	ID      jsonrec.Scalar `json:"id"`
	Type    string         `json:"type"`
	Summary string         `json:"summary"`
	URL     string         `json:"html_url"`
	Number  jsonrec.Scalar `json:"incident_number"`
}

// actor says who acted: a user is a person, anything else automation, and
// PagerDuty itself when there is no agent.
func (r reference) actor() hindcast.Actor {
	switch {
	case r.Summary == "" && r.ID == "":
		return hindcast.Actor{Name: "PagerDuty", Kind: hindcast.Automation}
	case r.Type == "user" || r.Type == "user_reference":
		return hindcast.Actor{Name: r.name(), Kind: hindcast.Person}
	}
	return hindcast.Actor{Name: r.name(), Kind: hindcast.Automation}
}

func (r reference) name() string { return cmp.Or(r.Summary, string(r.ID)) }

// about completes e with the incident it is about: subject, number, title, and
// whether that says that it is a drill.
func (rd *reading) about(e *hindcast.Event, incident reference) {
	id, number := string(incident.ID), string(incident.Number)
	if m := rd.number.FindStringSubmatch(incident.Summary); number == "" && m != nil {
		number = m[1]
	}
	if number == "" {
		number = rd.numbers[id]
	}
	if e.Attrs == nil {
		e.Attrs = map[string]string{}
	}
	e.Test = e.Test || rd.words.Test(incident.Summary)
	e.Attrs["incident"], e.Attrs["number"], e.Attrs["title"] = id, number, incident.Summary
	switch {
	case number != "":
		e.Subject = "pagerduty:" + number
		if id != "" {
			rd.numbers[id] = number
		}
	case id != "":
		e.Subject = "pagerduty:" + id
	}
}

func identity(parts ...string) string {
	if parts[0] == "" {
		return ""
	}
	return "pagerduty:" + strings.Join(parts, "/")
}

// by says who did something, the way PagerDuty words it.
func by(verb string, who reference) string {
	if who.name() == "" {
		return verb
	}
	return verb + " by " + who.name()
}

// present returns the texts that are not empty.
func present(texts ...string) []string {
	return slices.DeleteFunc(texts, func(t string) bool { return t == "" })
}
