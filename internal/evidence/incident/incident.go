// Package incident reads the incidents that on-call and incident tools keep: one
// record for each incident, which says when it was opened, taken up and resolved.
//
//	Splunk On-Call (VictorOps): GET /incidents, reporting API                 victorops-incidents
//	incident.io: GET /v2/incidents, webhooks with one                         incidentio-incidents
//	incident.io: GET /v2/incident_updates                                     incidentio-updates
//	FireHydrant: GET /v1/incidents                                            firehydrant-incidents
//	FireHydrant: GET /v1/incidents/{id}/events                                firehydrant-events
//	Rootly: GET /v1/incidents/{id}/events                                     rootly-events
//	Grafana Incident: an incident, and its activity                           grafana-incidents, grafana-incident-activity
//	JSON of others: title, created_at, acknowledged_at, resolved_at, ..._by   incident-list
//	the same as a table with a header, such as "Acknowledged At (UTC)"        incident-table
//
// Grafana OnCall's alert groups and Rootly's incidents are lists of the last but one
// kind. A pager's record becomes a page and what was done with it. So does one that
// people declared, for which the tool calls others; the times that they set
// afterwards, such as when the impact began, are notes at these times. A summary is
// left out, because it is written when more is known.
package incident

import (
	"cmp"
	"encoding/json"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of incidents.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	format := func(name, source, system, marker string, score int, fits func(jsonrec.Fields) bool, read func(*reading, jsonrec.Record), paths ...string) record.Format {
		return record.Format{
			Name: name, Source: source, Recognize: jsonrec.Recognizer(score, marker, fits),
			Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
				rd := p.reading(f, sink, system)
				rd.source = source
				return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) { read(rd, rec.Unwrap()) }, paths...)
			},
		}
	}
	list := format("incident-list", "", "", "", 0, isList, (*reading).listed, containers...)
	list.Recognize = recognizeList
	return []record.Format{
		format("victorops-incidents", "Splunk On-Call", "victorops", `"transitions"`, 93, isVictorOps, (*reading).victorOps, "", "incidents"),
		format("incidentio-updates", "incident.io", "incidentio", `"incident_id"`, 93, isUpdate, (*reading).update, "", "incident_updates"),
		format("incidentio-incidents", "incident.io", "incidentio", `"incident_status"`, 93, isIncidentIO, (*reading).incidentIO, "", "incidents"),
		format("firehydrant-incidents", "FireHydrant", "firehydrant", `"milestones"`, 93, isHydrant, (*reading).hydrant, "", "data"),
		format("firehydrant-events", "FireHydrant", "firehydrant", `"incident_id"`, 93, isHydrantEvent, (*reading).hydrantEvent, "", "data"),
		format("grafana-incidents", "Grafana Incident", "grafana", `"incidentID"`, 93, isGrafana, (*reading).grafana, "", "incidents", "incidentPreviews"),
		format("grafana-incident-activity", "Grafana Incident", "grafana", `"activityKind"`, 93, isGrafanaActivity, (*reading).grafanaActivity, "", "activityItems"),
		format("rootly-events", "Rootly", "rootly", `"incident_events"`, 93, isRootlyEvent, (*reading).rootlyEvent, "", "data"),
		list,
		{Name: "incident-table", Recognize: recognizeTable, Lines: p.lines},
	}
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
	system string // the beginning of identities, such as "victorops"
	source string // for people; empty when it is not known
}

func (p *parser) reading(f *record.File, sink record.Sink, system string) *reading {
	return &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, system: system}
}

// incident is what all tools tell of an incident, in one form.
type incident struct {
	id       string
	number   string
	title    string
	text     string
	service  string
	env      string
	severity string
	link     string
	paged    bool // by a pager; else people declared it
}

// step is something in the course of an incident.
type step struct {
	kind hindcast.EventKind // what kind of step it is
	name string             // as the source calls it: "acknowledged", "Impact started"
	at   string
	by   hindcast.Actor // zero when the source does not say
	text string
}

// moment is the kind of a step that is a time that people set: when the impact
// began, when it was mitigated.
const moment = hindcast.PagerNote

// kinds are the steps by the words of the tools.
var kinds = map[string]hindcast.EventKind{
	"triggered": hindcast.PagerTriggered, "unacked": hindcast.PagerTriggered, "created": hindcast.PagerTriggered, "opened": hindcast.PagerTriggered,
	"acknowledged": hindcast.PagerAcknowledged, "acked": hindcast.PagerAcknowledged,
	"resolved": hindcast.PagerResolved, "closed": hindcast.PagerResolved,
}

// said is a step by the word of a tool; every word that is none of a pager's is a
// moment.
func said(word string) step {
	kind := cmp.Or(kinds[strings.ToLower(word)], moment)
	switch kind {
	case hindcast.PagerAcknowledged:
		word = "acknowledged"
	case hindcast.PagerResolved:
		word = "resolved"
	}
	return step{kind: kind, name: word}
}

// write writes the steps of an incident that have a time.
func (rd *reading) write(ref hindcast.Ref, inc incident, steps ...step) {
	for _, s := range steps {
		if s.at != "" && s.at != "true" && s.at != "false" { // some say only whether
			rd.Write(ref, s.at, rd.event(inc, s))
		}
	}
}

// event is the event of one step.
func (rd *reading) event(inc incident, s step) hindcast.Event {
	system := cmp.Or(rd.system, "incident")
	id := cmp.Or(inc.id, inc.number)
	e := hindcast.Event{
		Kind: s.kind, Actor: s.by, Service: inc.service, Env: inc.env, Status: strings.ToLower(s.name), Text: s.text, Test: rd.words.Test(inc.title),
		Attrs: map[string]string{"number": inc.number, "severity": inc.severity, "title": inc.title, "step": strings.ToLower(s.name)},
	}
	switch {
	case e.Actor.Name != "":
	case s.kind == hindcast.PagerAcknowledged, s.kind == hindcast.PagerResolved && !inc.paged: // by somebody who is not named
		e.Actor = hindcast.Actor{Name: "responder", Kind: hindcast.Person}
	case inc.paged:
		e.Actor = hindcast.Actor{Name: cmp.Or(rd.source, "pager"), Kind: hindcast.Automation}
	default:
		e.Actor = hindcast.Actor{Name: cmp.Or(rd.source, "incident tool"), Kind: hindcast.Automation}
	}
	if key := cmp.Or(inc.number, inc.id); key != "" {
		e.Subject = system + ":" + key
		e.ID = system + ":" + id + "/" + strings.ReplaceAll(strings.ToLower(s.name), " ", "-") + "/" + s.at
	}
	if inc.link != "" {
		e.Links = []string{inc.link}
	}
	switch {
	case s.kind == hindcast.PagerTriggered && inc.paged:
		e.Title, e.Text = inc.title, inc.text
	case s.kind == hindcast.PagerTriggered: // without the summary, which people wrote later
		e.Title, e.Text, e.Attrs["by"] = inc.title+" (declared)", "", s.by.Name
		if s.by.Kind == hindcast.Person {
			e.Title = inc.title + " (declared by " + s.by.Name + ")"
		}
		e.Actor = hindcast.Actor{Name: cmp.Or(rd.source, "incident tool"), Kind: hindcast.Automation}
	default:
		e.Title = strings.ToUpper(s.name[:min(1, len(s.name))]) + s.name[min(1, len(s.name)):] + ": " + cmp.Or(s.text, inc.title)
	}
	return e
}

// person is somebody of whom a member of a record tells, by name or as an object.
func (rd *reading) person(raw json.RawMessage) hindcast.Actor {
	name := nameIn(raw, 0)
	if name == "" {
		return hindcast.Actor{}
	}
	return rd.words.Actor(name)
}

// deepest is how many objects may be around a name.
const deepest = 5

// nameIn is the name of a person in a JSON value; "" when it tells none.
func nameIn(raw json.RawMessage, depth int) string {
	var s jsonrec.Scalar
	if len(raw) == 0 || depth > deepest || s.UnmarshalJSON(raw) != nil {
		return ""
	}
	if s != "" || raw[0] != '{' {
		return string(s)
	}
	var o map[string]json.RawMessage
	if json.Unmarshal(raw, &o) != nil {
		return ""
	}
	for _, k := range []string{"full_name", "display_name", "name", "username", "email", "user", "api_key", "workflow", "data", "attributes"} {
		if name := nameIn(o[k], depth+1); name != "" {
			return name
		}
	}
	return ""
}

// digits is the number of a reference such as "INC-123" or "#123"; "" when there is none.
func digits(reference string) string {
	head := strings.TrimRight(reference, "0123456789")
	if head != "" && !strings.HasSuffix(head, "-") && !strings.HasSuffix(head, "#") {
		return ""
	}
	return reference[len(head):]
}
