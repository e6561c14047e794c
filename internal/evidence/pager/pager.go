// Package pager reads the steps of a page as a plain list, the shape that
// scripts write and that the exports of lesser-known pagers share:
//
//	JSON array or NDJSON of steps: at, type, incident, summary, by   pager-list
//	the same as a table with a header                                pager-table
//	the timeline of an incident of Splunk On-Call (VictorOps)        oncall-timeline
//
// type is trigger, acknowledge, resolve, escalate, assign, note or the like;
// fields go by several usual names.
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
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the format of lists of pager steps.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{
		{Name: "pager-list", Recognize: jsonrec.Recognizer(78, `"type"`, isStep), Parse: p.parse},
		{Name: "oncall-timeline", Source: "Splunk On-Call", Recognize: jsonrec.Recognizer(92, `"alertType"`, isOnCall), Parse: p.onCall},
		{Name: "pager-table", Recognize: recognizeTable, Lines: p.lines},
	}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// isStep reports whether a record is a step of a page.
func isStep(f jsonrec.Fields) bool {
	_, known := kindOf(f)
	return known && first(f, times) != "" && first(f, numbers) != "" && f["level"] == ""
}

// The names that fields go by.
var (
	times   = []string{"at", "time", "timestamp", "created_at", "ts", "when"}
	numbers = []string{"incident", "incident_number", "incident_id", "number", "page", "alert_id", "event_id"}
	people  = []string{"by", "user", "who", "responder", "actor", "agent_name", "agent", "user_name", "recipient"}
	texts   = []string{"summary", "title", "description", "message", "text", "details", "detail"}
)

func first(f jsonrec.Fields, names []string) string {
	for _, n := range names {
		if f[n] != "" {
			return f[n]
		}
	}
	return ""
}

// steps are the kinds of the words for steps, by their stems.
var steps = map[string]hindcast.EventKind{
	"trigger": hindcast.PagerTriggered, "open": hindcast.PagerTriggered, "page": hindcast.PagerTriggered, "creat": hindcast.PagerTriggered, "fir": hindcast.PagerTriggered,
	"deliver":    hindcast.PagerTriggered, // to who is called
	"acknowledg": hindcast.PagerAcknowledged, "ack": hindcast.PagerAcknowledged, "accept": hindcast.PagerAcknowledged,
	"resolv": hindcast.PagerResolved, "clos": hindcast.PagerResolved, "terminat": hindcast.PagerResolved,
	"note": hindcast.PagerNote, "annotat": hindcast.PagerNote, "comment": hindcast.PagerNote,
	"escalat": hindcast.PagerStep, "assign": hindcast.PagerStep, "reassign": hindcast.PagerStep, "notif": hindcast.PagerStep, "snooz": hindcast.PagerStep,
}

// stem cuts the ending off a word such as "acknowledged".
func stem(word string) string {
	word = strings.TrimSuffix(strings.ToLower(word), "_log_entry")
	for _, end := range []string{"ement", "ed", "ing", "ion", "e", "y"} {
		if s, ok := strings.CutSuffix(word, end); ok && s != "not" {
			return strings.TrimSuffix(s, "e")
		}
	}
	return word
}

// accepts is how the answer to a page says that somebody takes it.
var accepts = lazyregexp.New(`(?i)^\s*(?:accept\w*|ack\w*|yes|confirm\w*|on it|taken?)\b`)

// kindOf returns the kind of a step by the word for it, or by the last of several, as in
// "Event created"; an answer is what it says.
func kindOf(f jsonrec.Fields) (hindcast.EventKind, bool) {
	words := strings.Fields(f["type"])
	if len(words) == 0 {
		return "", false
	}
	last := stem(words[len(words)-1])
	switch {
	case last == "respons" || last == "respond" || last == "repli":
		if accepts.MatchString(first(f, texts)) {
			return hindcast.PagerAcknowledged, true
		}
		return hindcast.PagerStep, true
	case len(words) > 1 && (last == "deliver" || last == "sent" || last == "fail"):
		last = stem(words[0])
	}
	if last == "deliver" && f["recipient"] == "" { // a mail or a parcel
		return "", false
	}
	kind, known := steps[last]
	return kind, known
}

// parse reads the steps.
func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		var m map[string]jsonrec.Scalar
		if !rec.Decode(&m, sink) {
			return
		}
		fields := jsonrec.Fields{}
		for k, v := range m {
			fields[k] = v.String()
		}
		p.step(w, rec.Ref(), fields, fact.Drill(rec.Raw))
	}, "", "entries", "events", "log", "steps", "items", "data")
}

// step writes one step.
func (p *parser) step(w *fact.Writer, ref hindcast.Ref, f jsonrec.Fields, drill bool) {
	kind, known := kindOf(f)
	if !known {
		kind = hindcast.PagerStep
	}
	number, by, text := strings.TrimPrefix(first(f, numbers), "#"), first(f, people), first(f, texts)
	e := hindcast.Event{
		Kind: kind, Service: cmp.Or(f["service"], f["service_name"]), Title: text, Test: drill || p.words.Test(text),
		Actor: p.words.Actor(by),
		Attrs: map[string]string{"number": number, "step": strings.TrimSuffix(strings.ToLower(f["type"]), "_log_entry"), "severity": f["severity"], "priority": f["priority"], "tags": f["tags"]},
	}
	if number != "" {
		e.Subject = "page:" + number
	}
	if id := f["id"]; id != "" {
		e.ID = "pager:" + id
	}
	if by == "" {
		e.Actor = hindcast.Actor{Name: "pager", Kind: hindcast.Automation}
	}
	if text == "" {
		e.Title = "page " + number + ": " + f["type"]
	}
	w.Write(ref, first(f, times), e)
}
