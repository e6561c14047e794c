// Package facttest makes the events of a story for tests, with times of one day.
package facttest

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// At returns the moment of the story's day at a clock such as "10:02" or "10:02:30".
func At(clock string) time.Time {
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	t, err := time.Parse(time.RFC3339, "2025-06-03T"+clock+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

// Story collects events.
type Story struct {
	Events []hindcast.Event
}

// add puts an event into the story, each on a line of its own.
func (s *Story) add(clock, file string, e hindcast.Event) {
	e.At = At(clock)
	e.Ref = hindcast.Ref{File: file, Line: len(s.Events) + 1}
	s.Events = append(s.Events, e)
}

// Page adds the trigger of a pager incident.
func (s *Story) Page(clock, number, service, title string) {
	s.add(clock, "pager.json", hindcast.Event{Kind: hindcast.PagerTriggered, Subject: "pagerduty:" + number, Service: service, Title: title, ID: "pagerduty:t" + number, Actor: hindcast.Actor{Name: service, Kind: hindcast.Automation}})
}

// Drill adds the trigger of a page that says it is a test.
func (s *Story) Drill(clock, number string) {
	s.Page(clock, number, "cart-api", "TEST page, please ignore")
	s.Events[len(s.Events)-1].Test = true
}

// Ack adds a person's acknowledgement.
func (s *Story) Ack(clock, number, who string) {
	s.add(clock, "pager.json", hindcast.Event{Kind: hindcast.PagerAcknowledged, Subject: "pagerduty:" + number, Title: "Acknowledged by " + who, ID: "pagerduty:a" + number + clock, Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}})
}

// Close adds a person's closing of the page.
func (s *Story) Close(clock, number, who string) {
	s.add(clock, "pager.json", hindcast.Event{Kind: hindcast.PagerResolved, Subject: "pagerduty:" + number, Title: "Resolved by " + who, ID: "pagerduty:c" + number + clock, Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}})
}

// Firing adds a monitor's alert.
func (s *Story) Firing(clock, name, service string) { s.Alert(clock, name, service, "") }

// Cleared adds the end of a monitor's alert.
func (s *Story) Cleared(clock, name, service string) {
	s.add(clock, "alerts.json", hindcast.Event{Kind: hindcast.AlertResolved, Subject: "alert:" + name, Service: service, Title: name, Actor: hindcast.Actor{Name: "monitor", Kind: hindcast.Automation}, Attrs: map[string]string{"alertname": name}})
}

// AutoClose adds the closing of a page by its monitor.
func (s *Story) AutoClose(clock, number string) {
	s.add(clock, "pager.json", hindcast.Event{Kind: hindcast.PagerResolved, Subject: "pagerduty:" + number, Title: "Resolved through the API", ID: "pagerduty:c" + number + clock, Actor: hindcast.Actor{Name: "monitor", Kind: hindcast.Automation}})
}

// Alert adds a monitor's alert with a title, which without one is its name.
func (s *Story) Alert(clock, name, service, title string) {
	s.add(clock, "alerts.json", hindcast.Event{Kind: hindcast.AlertFiring, Subject: "alert:" + name, Service: service, Title: cmp.Or(title, name), Actor: hindcast.Actor{Name: "monitor", Kind: hindcast.Automation}, Attrs: map[string]string{"alertname": name}})
}

// Say adds what a person writes in the incident channel.
func (s *Story) Say(clock, who, text string) { s.SayIn("incidents", clock, who, text) }

// SayIn adds what a person writes in a channel.
func (s *Story) SayIn(channel, clock, who, text string) {
	s.add(clock, "chat.json", hindcast.Event{Kind: hindcast.Message, Title: text, Text: text, ID: fmt.Sprintf("chat:%s:%d", clock, len(s.Events)), Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}, Attrs: map[string]string{"channel": channel}})
}

// Bot adds an automatic message.
func (s *Story) Bot(clock, text string) {
	s.add(clock, "chat.json", hindcast.Event{Kind: hindcast.Message, Title: text, Text: text, Actor: hindcast.Actor{Name: "bot", Kind: hindcast.Automation}, Attrs: map[string]string{"channel": "incidents"}})
}

// Deploy adds the start of a rollout by a pipeline.
func (s *Story) Deploy(clock, service, version, previous string) {
	s.add(clock, "deploys.json", hindcast.Event{Kind: hindcast.Deploy, Subject: "deploy:" + service + version, Service: service, Version: version, Previous: previous, Title: "rollout of " + service + " " + version + " began", Actor: hindcast.Actor{Name: "pipeline", Kind: hindcast.Automation}})
}

// Commit adds the start of a rollout of a commit, by a workflow or an API.
func (s *Story) Commit(clock, service, version, env, sha string) {
	s.add(clock, "deploys.json", hindcast.Event{Kind: hindcast.Deploy, Subject: "deploy:" + clock, Service: service, Version: version, Env: env, Title: "deploy " + version + " to " + env, Actor: hindcast.Actor{Name: "pipeline", Kind: hindcast.Automation}, Attrs: map[string]string{"sha": sha}})
}

// Run adds a command of a person.
func (s *Story) Run(clock, who, command string) {
	s.add(clock, "shell.txt", hindcast.Event{Kind: hindcast.Command, Title: command, Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}})
}

// Device adds what a network device says of a change by who, who may be empty, to one of
// its interfaces, which may be empty.
func (s *Story) Device(clock, host, who, object, title string) {
	attrs := map[string]string{"via": "device"}
	if object != "" {
		attrs["object"] = object
	}
	s.add(clock, "switches.log", hindcast.Event{Kind: hindcast.ConfigChange, Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}, Service: host, Title: host + ": " + title, Attrs: attrs})
}

// Platform adds an event of the platform about a pod.
func (s *Story) Platform(clock, reason, service, pod, title string) {
	kind := "Normal"
	if reason == "BackOff" || reason == "Unhealthy" || reason == "OOMKilling" {
		kind = "Warning"
	}
	s.add(clock, "k8s.json", hindcast.Event{Kind: hindcast.PlatformEvent, Service: service, Title: title, Actor: hindcast.Actor{Name: "kubelet", Kind: hindcast.System}, Attrs: map[string]string{"reason": reason, "object": "Pod/shop/" + pod, "type": kind}})
}

// Vendor adds an update of another company's status page.
func (s *Story) Vendor(clock, company, status, text string) {
	s.add(clock, "vendor.json", hindcast.Event{Kind: hindcast.StatusUpdate, Subject: "statuspage:1", Status: status, Title: text, Actor: hindcast.Actor{Name: company, Kind: hindcast.External}})
}

// Facts reads the story and joins what several sources state.
func (s *Story) Facts() ([]*fact.Fact, *fact.Names) {
	names := fact.NewNames(s.Events, nil)
	r := fact.NewReader(speech.New(), names, fact.Offsets(s.Events))
	facts := make([]*fact.Fact, 0, len(s.Events))
	for _, e := range s.Events {
		facts = append(facts, r.Read(e))
	}
	return fuse.Join(facts), names
}
