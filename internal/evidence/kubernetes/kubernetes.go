// Package kubernetes reads what a cluster says about its workloads.
//
// It takes the output of these commands, and what event exporters write:
//
//	kubectl get events -A -o json                        kubernetes-events
//	kubectl get events.v1.events.k8s.io -A -o json       kubernetes-events
//	kubectl get events -o json --watch --output-watch-events
//	kubectl get pods,replicasets,deployments,jobs,nodes -o json
//	                                                     kubernetes-objects
//	kubectl get events -o custom-columns=...             kubernetes-event-table
//	kubectl get events -o json | jq '... | {time, reason, type, kind, name, message}'
//	                                                     kubernetes-event-list
//
// An event is the same in both shapes of the API: its id is k8s:UID and its
// subject k8s:KIND/NAMESPACE/NAME of the object it is about. One that the
// cluster counted several times lasts from its first to its last occurrence.
// Objects tell when their containers started and ended, when replica sets were
// made and when conditions turned. The replica set of a revision of a deployment is
// the beginning of its rollout, a deploy.
package kubernetes

import (
	"cmp"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of events and objects of a Kubernetes cluster.
func Formats() []record.Format {
	p := parser{redactor: redact.New(), image: regexp.MustCompile(`\b[Ii]mage "([^"\s]+)"`)}
	return []record.Format{
		{Name: "kubernetes-events", Source: "Kubernetes", Keeps: time.Hour, Recognize: recognizeEvents, Parse: p.parse},
		{Name: "kubernetes-objects", Source: "Kubernetes", Recognize: jsonrec.Recognizer(92, `"creationTimestamp"`, isObjects), Parse: p.parse},
		{Name: "kubernetes-event-list", Source: "Kubernetes", Keeps: time.Hour, Recognize: jsonrec.Recognizer(93, `"reason"`, isFlat), Parse: p.flat},
		{Name: "kubernetes-event-table", Source: "Kubernetes", Keeps: time.Hour, Recognize: recognizeTable, Parse: p.table},
	}
}

// places are where the members of an object stand: in a list, alone, in a watch
// stream, in an exporter's envelope.
var places = [...]string{"items.", "", "object.", "event."}

func recognizeEvents(h record.Head) int {
	core := jsonrec.Recognizer(95, `"involvedObject"`, func(f jsonrec.Fields) bool { return isEvents(f, "involvedObject") })
	modern := jsonrec.Recognizer(95, `"regarding"`, func(f jsonrec.Fields) bool { return isEvents(f, "regarding") })
	return max(core(h), modern(h))
}

func isEvents(f jsonrec.Fields, object string) bool {
	for _, at := range places {
		if f.Has(at+object, at+"reason") && f.Any(at+object+".kind", at+object+".name") {
			return true
		}
	}
	return false
}

func isObjects(f jsonrec.Fields) bool {
	for _, at := range places {
		if f.Has(at+"metadata.creationTimestamp", at+"status") && describable(f[at+"kind"]) {
			return true
		}
	}
	return f["kind"] == "PodList" && f.Has("items.metadata.creationTimestamp")
}

type parser struct {
	redactor *redact.Redactor
	image    *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	parser
	*fact.Writer
	sink record.Sink
}

func (p parser) reading(f *record.File, sink record.Sink) *reading {
	return &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
}

func (p parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	return jsonrec.Each(f, r, sink, p.reading(f, sink).record, "items", "")
}

// record reads an element of a list, a step of a watch stream or an object
// alone. What a step wraps stands for the step, so both have one place.
func (rd *reading) record(rec jsonrec.Record) {
	ref := rec.Ref()
	for _, key := range []string{"object", "event"} {
		if inner, ok := rec.Member(key); ok && len(inner.Raw) > 0 && inner.Raw[0] == '{' {
			rec = inner
			break
		}
	}
	for _, key := range []string{"involvedObject", "regarding"} {
		if _, ok := rec.Member(key); ok {
			rd.event(ref, rec)
			return
		}
	}
	rd.object(ref, rec)
}

// objectRef names an object of the cluster.
type objectRef struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

func (o objectRef) String() string {
	parts := []string{o.Kind, o.Namespace, o.Name}
	if o.Namespace == "" {
		parts = []string{o.Kind, o.Name}
	}
	return strings.Trim(strings.Join(parts, "/"), "/")
}

// workload returns the name of the workload that an object belongs to or is;
// empty for objects such as nodes and volumes.
func (o objectRef) workload() string {
	switch o.Kind {
	case "Pod":
		return string(logname.Workload([]byte(o.Name)))
	case "ReplicaSet", "Job", "ControllerRevision": // named like a pod without its own suffix
		return string(logname.Workload([]byte(o.Name + "-00000")))
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicationController", "CronJob", "Rollout", "DeploymentConfig",
		"HorizontalPodAutoscaler", "ScaledObject", "ScaledJob", "VerticalPodAutoscaler", "PodDisruptionBudget",
		"Service", "Endpoints", "Ingress", "HelmRelease", "Application", "Kustomization":
		return o.Name
	}
	return ""
}

// about begins an event about an object.
func about(o objectRef, component, reason, kind string) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.PlatformEvent, Actor: hindcast.Actor{Name: cmp.Or(component, "kubernetes"), Kind: hindcast.System},
		Service: o.workload(), Level: hindcast.LevelInfo,
		Attrs: map[string]string{"reason": reason, "object": o.String(), "type": kind},
	}
	if o != (objectRef{}) {
		e.Subject = "k8s:" + o.String()
	}
	if kind == "Warning" {
		e.Level = hindcast.LevelWarn
	}
	return e
}

// words gives e its title and text: the message, after the reason where the
// message does not say it.
func (rd *reading) words(e *hindcast.Event, message string) {
	reason := e.Attrs["reason"]
	e.Title, e.Text = message, message
	switch {
	case message == "":
		e.Title = strings.TrimSpace(reason + " " + e.Attrs["object"])
	case !strings.Contains(squeeze(message), squeeze(reason)):
		e.Title = reason + ": " + message
	}
	if m := rd.image.FindStringSubmatch(message); m != nil {
		e.Attrs["image"] = m[1]
	}
}

// squeeze leaves the letters and digits of s in lower case, so that "BackOff"
// is found in "Back-off restarting".
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
