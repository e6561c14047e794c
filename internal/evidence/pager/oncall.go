package pager

import (
	"cmp"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// isOnCall reports whether a record is an entry of a timeline of Splunk On-Call, once
// VictorOps.
func isOnCall(f jsonrec.Fields) bool {
	for _, at := range []string{"", "timeline.", "items."} {
		if onCallKinds[strings.ToUpper(f[at+"alertType"])] != "" && f[at+"entityId"] != "" && (f[at+"time"] != "" || f[at+"serviceTime"] != "" || f[at+"alertTime"] != "") {
			return true
		}
	}
	return false
}

// onCallKinds are the kinds of what a timeline of Splunk On-Call tells.
var onCallKinds = map[string]hindcast.EventKind{
	"CRITICAL": hindcast.PagerTriggered, "WARNING": hindcast.PagerTriggered,
	"ACKNOWLEDGEMENT": hindcast.PagerAcknowledged, "ACKED": hindcast.PagerAcknowledged,
	"RECOVERY": hindcast.PagerResolved, "RESOLVED": hindcast.PagerResolved,
	"INFO": hindcast.PagerNote, "PAGED": hindcast.PagerStep, "REROUTE": hindcast.PagerStep, "ESCALATED": hindcast.PagerStep,
}

// onCallSteps are the words for steps that other pagers know.
var onCallSteps = map[string]string{"PAGED": "notify", "REROUTE": "escalate", "ESCALATED": "escalate"}

// doneBy is who did something in words of Splunk On-Call.
var doneBy = lazyregexp.New(`(?i)\b(?:acknowledged|resolved|rerouted|escalated)\b.* by ([\w.@\-]+)$`)

// onCall reads a timeline of Splunk On-Call.
func (p *parser) onCall(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		var m struct {
			Type       string         `json:"alertType"`
			Entity     string         `json:"entityId"`
			Name       string         `json:"entityDisplayName"`
			Message    string         `json:"message"`
			State      string         `json:"stateMessage"`
			Number     jsonrec.Scalar `json:"incidentNumber"`
			Author     string         `json:"ackAuthor"`
			Service    string         `json:"service"`
			Time       jsonrec.Scalar `json:"time"`
			ServedTime jsonrec.Scalar `json:"serviceTime"`
			AlertTime  jsonrec.Scalar `json:"alertTime"`
		}
		if !rec.Decode(&m, sink) {
			return
		}
		word := strings.ToUpper(m.Type)
		text := cmp.Or(m.Message, m.State, m.Name, m.Entity)
		by := m.Author
		if found := doneBy.FindStringSubmatch(text); by == "" && found != nil && onCallKinds[word] != hindcast.PagerTriggered {
			by = found[1]
		}
		number := strings.TrimPrefix(m.Number.String(), "#")
		e := hindcast.Event{
			Kind: cmp.Or(onCallKinds[word], hindcast.PagerStep), Service: m.Service, Title: text, Test: p.words.Test(text), Actor: hindcast.Actor{Name: "Splunk On-Call", Kind: hindcast.Automation},
			Attrs: map[string]string{"number": number, "step": cmp.Or(onCallSteps[word], strings.ToLower(word)), "entity": m.Entity},
		}
		if by != "" {
			e.Actor = p.words.Actor(by)
		}
		if key := cmp.Or(number, m.Entity); key != "" {
			e.Subject = "page:" + key
		}
		if e.Kind == hindcast.PagerTriggered {
			e.Attrs["severity"] = strings.ToLower(word)
		}
		w.Write(rec.Ref(), string(cmp.Or(m.Time, m.AlertTime, m.ServedTime)), e)
	}, "", "timeline", "items")
}
