package pagerduty

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// isTable recognizes the incidents that PagerDuty's reports download as CSV.
func isTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	has := func(name string) bool { return slices.Contains(t.Header, name) }
	if ok && has("incident_number") && has("created_on") && has("description") {
		return 94
	}
	return 0
}

// table reads a row for each incident.
func (p parser) table(f *record.File, r io.Reader, sink record.Sink) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, numbers: map[string]string{}}
	for ref, cells := range csvrec.Records(record.Head{Name: f.Name, Bytes: data, Whole: true}) {
		rd.row(ref, cells)
	}
	return nil
}

// row writes when an incident was triggered, taken up and resolved.
func (rd *reading) row(ref hindcast.Ref, c map[string]string) {
	inc := incident{WebhookNumber: jsonrec.Scalar(c["incident_number"]), Title: c["description"], Urgency: jsonrec.Scalar(c["urgency"])}
	inc.ID = jsonrec.Scalar(cmp.Or(c["id"], c["incident_id"], c["incident_number"]))
	inc.Service.Summary, inc.Priority.Summary = c["service_name"], cmp.Or(c["priority_name"], c["priority"])
	id := string(inc.ID)
	e := rd.event(inc, hindcast.PagerTriggered, inc.self().Summary, hindcast.Actor{Name: "PagerDuty", Kind: hindcast.Automation})
	e.ID, e.Status = identity(id, "triggered"), "triggered"
	if !rd.Write(ref, c["created_on"], e) {
		return
	}
	created, _, _ := rd.Time(c["created_on"])
	if n, err := strconv.Atoi(c["seconds_to_first_ack"]); err == nil && n >= 0 {
		at := created.Add(time.Duration(n) * time.Second).Format(time.RFC3339)
		who := person(c["acknowledged_by_user_names"])
		e := rd.event(inc, hindcast.PagerAcknowledged, by("Acknowledged", who), who.actor())
		e.ID, e.Status = identity(id, "acknowledge", at), "acknowledged"
		rd.Write(ref, at, e)
	}
	if c["resolved_on"] == "" {
		return
	}
	who := person(c["resolved_by_user_name"])
	e = rd.event(inc, hindcast.PagerResolved, by("Resolved", who), who.actor())
	e.ID, e.Status = identity(id, "resolve", c["resolved_on"]), "resolved"
	rd.Write(ref, c["resolved_on"], e)
}

// person is the first of a list of names.
func person(names string) reference {
	name, _, _ := strings.Cut(names, ",")
	if name = strings.TrimSpace(name); name == "" {
		return reference{}
	}
	return reference{Summary: name, Type: "user_reference"}
}
