package pager_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/pager"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

const steps = `[
 {"at": "2026-03-04T10:46:30Z", "incident": 4521, "summary": "checkout error ratio > 5% for 3m", "type": "trigger"},
 {"at": "2026-03-04T10:48:05Z", "by": "engineer-a", "incident": 4521, "type": "acknowledged"},
 {"at": "2026-03-04T10:49:00Z", "by": "engineer-a", "incident": 4521, "type": "escalate"},
 {"at": "soon", "by": "engineer-a", "incident": 4521, "type": "note"},
 {
  "at": "2026-03-04T11:06:30Z", "by": "engineer-a", "incident": 4521, "type": "closed"
 }
]`

func TestParse(t *testing.T) {
	got := recordtest.Parse(t, pager.Formats(), "pager-list", &record.File{Name: "pager.json"}, []byte(steps))
	var events []string
	for _, e := range got.Events {
		events = append(events, fmt.Sprintf("%s-%d %s %s %s %s %q", e.Ref, e.Ref.EndLine, e.At.Format("15:04:05"), e.Kind, e.Subject, e.Actor.Kind, e.Title))
	}
	want := []string{
		`pager.json:2-0 10:46:30 pager-triggered page:4521 automation "checkout error ratio > 5% for 3m"`,
		`pager.json:3-0 10:48:05 pager-acknowledged page:4521 person "page 4521: acknowledged"`,
		`pager.json:4-0 10:49:00 pager-step page:4521 person "page 4521: escalate"`,
		`pager.json:6-8 11:06:30 pager-resolved page:4521 person "page 4521: closed"`,
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events -want +got:\n%s", diff)
	}
	if len(got.Problems) != 1 || got.Problems[0].Line != 5 {
		t.Errorf("problems = %v, want one at line 5", got.Problems)
	}
}

const rows = `id,created_at,type,incident number,service_name,agent_name,summary
R1,2026-03-04T10:46:30Z,trigger_log_entry,4521,checkout,Prometheus,Triggered through the API
R2,2026-03-04T10:48:05Z,acknowledge_log_entry,4521,checkout,engineer-a,"Acknowledged
by phone"
R3,2026-03-04T11:06:30Z,resolve_log_entry,4521,checkout,engineer-a,Resolved
`

func TestTable(t *testing.T) {
	got := recordtest.Parse(t, pager.Formats(), "pager-table", &record.File{Name: "log.csv"}, []byte(rows))
	var events []string
	for _, e := range got.Events {
		events = append(events, fmt.Sprintf("%s-%d %s %s %s %s %q", e.Ref, e.Ref.EndLine, e.At.Format("15:04:05"), e.Kind, e.Subject, e.Actor, e.Title))
	}
	want := []string{
		`log.csv:2-0 10:46:30 pager-triggered page:4521 {Prometheus automation} "Triggered through the API"`,
		`log.csv:3-4 10:48:05 pager-acknowledged page:4521 {engineer-a person} "Acknowledged by phone"`,
		`log.csv:5-0 11:06:30 pager-resolved page:4521 {engineer-a person} "Resolved"`,
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events -want +got:\n%s", diff)
	}
}

const answers = `event_id,when,type,recipient,device,details
31377002,2026-03-04T10:46:30Z,Event created,,,checkout errors
31377002,2026-03-04T10:46:31Z,Notification delivered,ops-4,SMS,P1 checkout
31377002,2026-03-04T10:48:05Z,Response,ops-4,SMS,ACCEPT
31377002,2026-03-04T10:49:05Z,Response,ops-5,SMS,REJECT
31377002,2026-03-04T11:06:30Z,Event terminated,lead,web,Service restored
`

func TestAnswers(t *testing.T) {
	got := recordtest.Parse(t, pager.Formats(), "pager-table", &record.File{Name: "events.csv"}, []byte(answers))
	var events []string
	for _, e := range got.Events {
		events = append(events, fmt.Sprintf("%s %s %s %q", e.At.Format("15:04:05"), e.Kind, e.Actor.Name, e.Title))
	}
	want := []string{
		`10:46:30 pager-triggered pager "checkout errors"`,
		`10:46:31 pager-step ops-4 "P1 checkout"`,
		`10:48:05 pager-acknowledged ops-4 "ACCEPT"`,
		`10:49:05 pager-step ops-5 "REJECT"`,
		`11:06:30 pager-resolved lead "Service restored"`,
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events -want +got:\n%s", diff)
	}
}

const deliveries = `Event ID,Timestamp,Recipient,Action,Detail
88131,2026-03-04T02:26:05-05:00,ops-2,Delivered,"spool 100 percent, new jobs cannot start"
88131,2026-03-04T02:28:40-05:00,ops-2,Responded,ACK
88131,2026-03-04T03:52:10-05:00,lead,Terminated,Event resolved by lead
`

func TestDeliveries(t *testing.T) {
	got := recordtest.Parse(t, pager.Formats(), "pager-table", &record.File{Name: "events.csv"}, []byte(deliveries))
	var events []string
	for _, e := range got.Events {
		events = append(events, fmt.Sprintf("%s %s %q", e.At.UTC().Format("15:04:05"), e.Kind, e.Title))
	}
	want := []string{
		`07:26:05 pager-triggered "spool 100 percent, new jobs cannot start"`, `07:28:40 pager-acknowledged "ACK"`, `08:52:10 pager-resolved "Event resolved by lead"`,
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRecognize(t *testing.T) {
	tests := map[string]string{
		steps: "pager-list",
		rows:  "pager-table",
		"time,action,number,user\n2026-03-04T10:46:30Z,closed,7,a\n":                                                                  "",
		"time,type,number,user\n2026-03-04,open,1,a\n":                                                                                "",
		`[{"at":"2026-03-04T10:46:30Z","service":"checkout","version":"v2","by":"ci","kind":"rollout"}]`:                              "",
		`{"time":"2026-03-04T10:46:30Z","level":"info","type":"open","incident":1,"msg":"x"}`:                                         "",
		`{"time":"2026-03-04T10:46:30Z","type":"open","number":7}` + "\n" + `{"time":"2026-03-04T10:47:30Z","type":"ack","number":7}`: "pager-list",
	}
	for in, want := range tests {
		if got := recordtest.Recognize(pager.Formats(), "x.json", []byte(in)); got != want {
			t.Errorf("%s\nis recognized as %q, want %q", in, got, want)
		}
	}
}

func FuzzFormats(f *testing.F) { recordtest.Fuzz(f, pager.Formats(), steps, rows) }

func TestOnCallTimeline(t *testing.T) {
	const timeline = `{"timeline": [
 {"time": "2026-03-04T10:46:30Z", "alertType": "CRITICAL", "entityId": "web/error-rate", "message": "web error rate 61%", "incidentNumber": "5106"},
 {"time": "2026-03-04T10:46:34Z", "alertType": "PAGED", "entityId": "web/error-rate", "message": "Trying to contact engineer-a for #5106, sending push", "incidentNumber": "5106"},
 {"serviceTime": 1772621285000, "alertType": "ACKNOWLEDGEMENT", "entityId": "web/error-rate", "message": "#5106 acknowledged by engineer-a", "incidentNumber": "5106"},
 {"time": "2026-03-04T10:59:00Z", "alertType": "REROUTE", "entityId": "web/error-rate", "message": "#5106 rerouted from engineer-a to escalation policy Databases", "incidentNumber": "5106"},
 {"time": "2026-03-04T11:06:30Z", "alertType": "RECOVERY", "entityId": "web/error-rate", "message": "#5106 resolved by engineer-a", "incidentNumber": "5106"}
]}`
	got := recordtest.Parse(t, pager.Formats(), "oncall-timeline", &record.File{Name: "timeline.json"}, []byte(timeline))
	var events []string
	for _, e := range got.Events {
		events = append(events, fmt.Sprintf("%s %s %s %s %s %s", e.At.Format("15:04:05"), e.Kind, e.Subject, e.Actor.Kind, e.Actor.Name, e.Attrs["step"]))
	}
	want := []string{
		"10:46:30 pager-triggered page:5106 automation Splunk On-Call critical",
		"10:46:34 pager-step page:5106 automation Splunk On-Call notify",
		"10:48:05 pager-acknowledged page:5106 person engineer-a acknowledgement",
		"10:59:00 pager-step page:5106 automation Splunk On-Call escalate",
		"11:06:30 pager-resolved page:5106 person engineer-a recovery",
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("events -want +got:\n%s", diff)
	}
}
