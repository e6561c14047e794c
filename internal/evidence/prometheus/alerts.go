package prometheus

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// alerts are the firing series of ALERTS in the order of the file.
type alerts []alert

type alert struct {
	labels series.Labels
	seen   []seen
}

// alert keeps a firing series of ALERTS; pending ones state nothing.
func (rd *reading) alert(labels series.Labels, each func(func(sample))) {
	a := alert{labels: labels}
	state := labels["alertstate"]
	delete(labels, "alertstate")
	each(func(p sample) { a.seen = append(a.seen, seen{at: p.at, ref: p.rec.Ref()}) })
	if state == "firing" && len(a.seen) > 0 {
		rd.alerts = append(rd.alerts, a)
	}
}

// reportAlerts writes when each alert began to fire and when it was over. That
// it was over is known when it fires again later or other samples of the file
// are later.
func (rd *reading) reportAlerts() {
	for _, a := range rd.alerts {
		every := step(a.seen)
		gap := 5 * every / 2
		for i, s := range a.seen {
			if i == 0 || s.at-a.seen[i-1].at > gap {
				rd.alertEvent(a, s, hindcast.AlertFiring)
			}
			next := rd.latest
			if i+1 < len(a.seen) {
				next = a.seen[i+1].at
			}
			if every > 0 && next-s.at > gap {
				s.at += every
				rd.alertEvent(a, s, hindcast.AlertResolved)
			}
		}
	}
}

func (rd *reading) alertEvent(a alert, s seen, kind hindcast.EventKind) {
	service, _ := a.labels.Service()
	name := a.labels["alertname"]
	e := hindcast.Event{
		Ref: s.ref, Kind: kind, At: time.Unix(0, s.at).UTC(), Zone: "Z", Subject: "alert:" + fingerprint(a.labels),
		Actor: hindcast.Actor{Name: "Prometheus", Kind: hindcast.Automation}, Service: service,
		Title: name + " is firing", Status: "firing", Test: rd.words.Test(name, a.labels["severity"]),
		Attrs: map[string]string{"alertname": name, "severity": a.labels["severity"]},
	}
	if kind == hindcast.AlertResolved {
		e.Title, e.Status = name+" no longer fires", "resolved"
	}
	for k, v := range a.labels {
		e.Attrs["label."+k] = v
	}
	rd.Emit(e)
}

// fingerprint returns the fingerprint that Alertmanager gives to an alert with
// these labels: FNV-1a of the sorted names and values, each closed by 0xff
// (prometheus/common, model/signature.go).
func fingerprint(labels series.Labels) string {
	h := fnv.New64a()
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		_, _ = h.Write([]byte(k + "\xff" + labels[k] + "\xff")) // a hash does not fail
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
