package monitor

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isDatadog(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if f.Has(at+"title", at+"date", at+"last_updated", at+"event_type") || f.Has(at+"alert_title", at+"alert_transition", at+"date") {
			return true
		}
	}
	return f.Has("headers") && strings.Contains(f["payload"], "last_updated") ||
		f["data.type"] == "event" && f.Has("data.attributes.timestamp") || f.Has("events.date_happened", "events.title")
}

// datadogEvent is an event of Datadog in any of its forms: the webhook's, the
// first API's and, one level deeper, the second's.
type datadogEvent struct {
	ID       jsonrec.Scalar  `json:"id"`
	Title    string          `json:"title"`
	Body     string          `json:"body"`
	Text     string          `json:"text"`
	Message  string          `json:"message"`
	Date     jsonrec.Scalar  `json:"date"`
	Happened jsonrec.Scalar  `json:"date_happened"`
	Time     jsonrec.Scalar  `json:"timestamp"`
	Type     string          `json:"alert_type"`
	URL      string          `json:"url"`
	Tags     json.RawMessage `json:"tags"`
	Alert    datadogAlert    `json:"alert"`
	datadogAlert
	Event struct {
		Key string `json:"aggreg_key"`
		URL string `json:"event_url"`
	} `json:"event"`
	Attributes *struct {
		datadogEvent
		Status  string         `json:"status"`
		Service string         `json:"service"`
		Monitor jsonrec.Scalar `json:"monitor_id"`
		Key     string         `json:"aggregation_key"`
		Evt     struct {
			Type string         `json:"type"`
			ID   jsonrec.Scalar `json:"id"`
		} `json:"evt"`
	} `json:"attributes"`
}

// datadogAlert is what an event says of its alert: in a member of its own, or beside
// the others, as people name the variables of a payload that they write.
type datadogAlert struct {
	ID         jsonrec.Scalar `json:"alert_id"`
	Scope      string         `json:"alert_scope"`
	Transition string         `json:"alert_transition"`
	Type       string         `json:"alert_type"`
	Title      string         `json:"alert_title"`
	State      string         `json:"alert_status"`
}

// settle takes what stands beside the others for what is missing.
func (d *datadogEvent) settle() {
	if d.Alert.ID == "" && d.Alert.Transition == "" {
		d.Alert = d.datadogAlert
	}
	d.Title, d.Body = cmp.Or(d.Title, d.datadogAlert.Title), cmp.Or(d.Body, d.State)
}

// datadog reads an event. Events of monitors are alerts; deploys and the rest
// are told by their tags and titles.
func (rd *reading) datadog(rec jsonrec.Record) {
	var d datadogEvent
	if !rec.Decode(&d, rd.sink) {
		return
	}
	d.settle()
	a, at, state := rd.flat(d), string(cmp.Or(d.Date, d.Happened, d.Time)), d.Alert.Transition
	if d.Attributes != nil {
		outer := d.Attributes
		at = string(cmp.Or(outer.Time, d.Time))
		if inner := outer.Attributes; inner != nil {
			outer.datadogEvent = datadogEvent{ID: cmp.Or(inner.Evt.ID, d.ID), Title: inner.Title, Message: outer.Message, Tags: outer.Tags}
			a = rd.flat(outer.datadogEvent)
			if inner.Service != "undefined" {
				a.service = cmp.Or(inner.Service, a.service)
			}
			if inner.Monitor != "" {
				a.key = "datadog/" + string(inner.Monitor)
			}
		}
	}
	if state == "" {
		state = bracketed(a.title)
	}
	resolved, known := over(state)
	if !known && (d.Alert.Type == "" || a.key == "") {
		rd.noted(rec.Ref(), at, a)
		return
	}
	rd.once(rec.Ref(), at, rd.event(a, resolved))
}

// flat is what an event says of its alert.
func (rd *reading) flat(d datadogEvent) alert {
	tags := tagsOf(d.Tags)
	body := strings.Trim(cmp.Or(d.Body, d.Text, d.Message), "% \n")
	a := alert{id: string(d.ID), name: rd.brackets.ReplaceAllString(d.Title, ""), title: d.Title, text: body, service: tagged(tags, "service"), env: cmp.Or(tagged(tags, "env"), tagged(tags, "environment")), links: []string{d.Event.URL, d.URL}, tags: tags}
	if m := rd.priority.FindStringSubmatch(d.Title); m != nil {
		a.severity = m[1]
	}
	if m := rd.service.FindStringSubmatch(d.Alert.Scope + " " + d.Title + " " + body); m != nil && a.service == "" {
		a.service = m[1]
	}
	if m := rd.monitor.FindStringSubmatch(body); m != nil {
		a.key = "datadog/" + m[1]
	}
	if d.Alert.ID != "" {
		a.key = "datadog/" + string(d.Alert.ID)
	}
	a.severity = cmp.Or(a.severity, d.Alert.Type, d.Type)
	return a
}

// bracketed is the state in a title such as "[P2] [Recovered on {host:a}] Disk".
func bracketed(title string) string {
	for rest := title; ; {
		_, after, ok := strings.Cut(rest, "[")
		inside, tail, closed := strings.Cut(after, "]")
		if !ok || !closed {
			return ""
		}
		word, _, _ := strings.Cut(inside, " on ")
		if _, known := over(word); known {
			return word
		}
		rest = tail
	}
}

// noted writes an event that is no alert.
func (rd *reading) noted(ref hindcast.Ref, at string, a alert) {
	e := rd.event(a, false)
	e.Kind, e.Status, e.Subject = hindcast.Record, "", ""
	title := strings.ToLower(a.title)
	if strings.Contains(title, "deploy") || strings.Contains(title, "rollout") || strings.Contains(title, "rollback") {
		e.Kind = hindcast.Deploy
	}
	e.ID = strings.TrimSuffix(e.ID, "/firing")
	rd.once(ref, at, e)
}

// tagsOf reads tags that are a list, or one text with commas.
func tagsOf(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return strings.Split(strings.ReplaceAll(text, " ", ""), ",")
	}
	return nil
}
