// Package statuspage reads the pages on which companies tell their customers
// about incidents.
//
//	/api/v2/incidents.json, /summary.json, /scheduled-maintenances.json
//	of an Atlassian Statuspage, or GET /pages/{page}/incidents          statuspage
//	other pages' lists of incidents with their updates                  statuspage
//	updates alone, as people cut them out                               statuspage
//	/history.rss and /history.atom of a status page                    statuspage-feed
//
// Every update of an incident is a StatusUpdate with the subject
// statuspage:INCIDENT. Where the export names its page, the page speaks as
// another company's: whether it is our own, the reader knows.
package statuspage

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of status pages.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{
		{Name: "statuspage", Source: "Statuspage", Recognize: recognize, Parse: p.incidents},
		{Name: "statuspage-feed", Source: "status page", Recognize: recognizeFeed, Parse: p.feed},
	}
}

// recognize is sure of a Statuspage; other pages' updates are less certain.
func recognize(h record.Head) int {
	if n := jsonrec.Recognizer(95, `"incident_updates"`, isStatuspage)(h); n > 0 {
		return n
	}
	if n := jsonrec.Recognizer(90, `"human_status"`, isCachet)(h); n > 0 {
		return n
	}
	if n := jsonrec.Recognizer(85, `"updates"`, isOther)(h); n > 0 {
		return n
	}
	named := status.MatchString(h.Name)
	return jsonrec.Recognizer(84, `"`, func(f jsonrec.Fields) bool { return isUpdate(f, named) })(h)
}

// status is how files with the updates of a status page are called.
var status = lazyregexp.New(`(?i)(?:^|[/_\-.])status(?:[/_\-.]|-?page|$)`)

// states are those of incidents on status pages.
var states = []string{"investigating", "identified", "monitoring", "resolved", "update", "in_progress", "in progress", "watching", "scheduled", "verifying", "completed", "postmortem", "fixed"}

// word is a state of whatever page, and no code of a protocol.
var word = lazyregexp.New(`^[a-z][a-z _-]*$`)

// isUpdate reports whether records are updates alone, as people cut them out, with a state
// of an incident or, in a file that is named so, any.
func isUpdate(f jsonrec.Fields, named bool) bool {
	state := strings.ToLower(cmp.Or(f["status"], f["state"], f["kind"]))
	return (named && word.MatchString(state) || slices.Contains(states, state)) && f.Any("body", "text", "message") &&
		f.Any("created_at", "display_at", "published", "published_at", "posted_at", "timestamp", "time", "at", "when") && !f.Any("level", "service", "severity", "channel", "user")
}

// lists are where incidents are in a document.
var lists = []string{"", "incidents.", "incident.", "scheduled_maintenances.", "data."}

func isStatuspage(f jsonrec.Fields) bool {
	if f.Has("incident_updates.status", "incident_updates.body", "incident_updates.created_at") { // one incident, cut out by hand
		return true
	}
	return slices.ContainsFunc(lists, func(at string) bool {
		return f.Has(at+"incident_updates", at+"name") && f.Any(at+"status", at+"incident_updates.status")
	})
}

func isOther(f jsonrec.Fields) bool {
	return slices.ContainsFunc(lists, func(at string) bool {
		return f.Any(at+"name", at+"title", at+"external_desc", at+"incident") && f.Has(at+"updates.status") && f.Any(at+"updates.body", at+"updates.text", at+"updates.message")
	})
}

func isCachet(f jsonrec.Fields) bool {
	return slices.ContainsFunc(lists, func(at string) bool {
		return f.Has(at+"human_status", at+"name", at+"message", at+"created_at")
	})
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink record.Sink
	file string
	page hindcast.Actor
}

// incidents reads a page's incidents. A page is read as a whole, since its name
// stands beside the list of incidents.
func (p *parser) incidents(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, file: f.Name}
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		rec = rec.Unwrap()
		var doc struct {
			Page page `json:"page"`
		}
		if !rec.Decode(&doc, sink) {
			return
		}
		rd.page = hindcast.Actor{Name: "status page", Kind: hindcast.Automation}
		if name := cmp.Or(company(doc.Page.Name), company(doc.Page.URL), pageOf(f.Name)); name != "" {
			rd.page = hindcast.Actor{Name: name, Kind: hindcast.External}
		}
		found := false
		for _, key := range []string{"incidents", "scheduled_maintenances", "data"} {
			list, ok := rec.Member(key)
			for _, inc := range list.Elements() {
				rd.incident(inc)
			}
			found = found || ok
		}
		if inc, ok := rec.Member("incident"); ok && bytes.HasPrefix(inc.Raw, []byte{'{'}) {
			rd.incident(inc)
		} else if !found && alone(rec) {
			rd.update(rec, hindcast.Event{Kind: hindcast.StatusUpdate, Subject: "statuspage:" + f.Name, Actor: rd.page, Title: rd.page.Name})
		} else if !found {
			rd.incident(rec)
		}
	}, "")
}

// page is whose page it is, as an object or by its name alone.
type page struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *page) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte{'"'}) {
		return json.Unmarshal(raw, &p.Name)
	}
	type object page
	return json.Unmarshal(raw, (*object)(p))
}

// host is the address of a status page: what company it is of is its first label that
// does not say so. A name such as Booking.com is no address.
var host = lazyregexp.New(`^(?:https?://(?:(?:www|status|uptime|statuspage)\.)*|(?:(?:www|status|uptime|statuspage)\.)+)([\w-]+)(?:\.[\w-]+)+/?$`)

// company returns the name of a page, or of the company whose address it is.
func company(name string) string {
	if m := host.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return name
}

// alone reports whether a record is an update without its incident.
func alone(rec jsonrec.Record) bool {
	has := func(key string) bool { _, ok := rec.Member(key); return ok }
	return (has("body") || has("text") || has("message")) && !has("name") && !has("title") && !has("incident_updates") && !has("updates") && !has("human_status") && !has("incident") && !has("external_desc")
}

// others are what a folder is called that holds what other companies say, and plain are
// words in the name of a file that name no company.
var (
	others = lazyregexp.New(`(?i)(?:^|[/_\-])(?:external|vendors?|upstreams?|providers?|third-?part(?:y|ies)|partners?|suppliers?)[/_\-]`)
	plain  = lazyregexp.New(`(?i)\b(?:external|vendors?|upstreams?|providers?|third|part(?:y|ies)|partners?|suppliers?|status|status-?pages?|pages?|incidents?|updates?|history|exports?|api|v\d|\d+)\b`)
)

// pageOf returns whose page it is by the name of the file, where no word inside tells:
// "external/fluxbase-status.json". It is empty for a page of one's own.
func pageOf(file string) string {
	if !others.MatchString(file) {
		return ""
	}
	base := strings.NewReplacer("_", "-", " ", "-").Replace(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	return strings.Trim(plain.ReplaceAllString(base, ""), "-.")
}

// incident is an incident as status pages describe it.
type incident struct {
	ID         jsonrec.Scalar `json:"id"`
	Name       string         `json:"name"`
	Title      string         `json:"title"`
	Incident   jsonrec.Scalar `json:"incident"` // the name, in what was cut out by hand
	Desc       string         `json:"external_desc"`
	Service    string         `json:"service_name"`
	Status     jsonrec.Scalar `json:"status"`
	Impact     jsonrec.Scalar `json:"impact"`
	Severity   jsonrec.Scalar `json:"severity"`
	CreatedAt  string         `json:"created_at"`
	StartedAt  string         `json:"started_at"`
	Begin      string         `json:"begin"`
	ResolvedAt string         `json:"resolved_at"`
	End        string         `json:"end"`
	Link       string         `json:"shortlink"`
	Permalink  jsonrec.Scalar `json:"permalink"`
	Started    jsonrec.Scalar `json:"started"`
	Human      jsonrec.Scalar `json:"human_status"`
	Message    jsonrec.Scalar `json:"message"`
	OccurredAt jsonrec.Scalar `json:"occurred_at"`
	Components []struct {
		Name string `json:"name"`
	} `json:"components"`
}

// incident writes the updates of an incident.
func (rd *reading) incident(rec jsonrec.Record) {
	var inc incident
	if !rec.Decode(&inc, rd.sink) {
		return
	}
	name, began := cmp.Or(inc.Name, inc.Title, string(inc.Incident), inc.Desc, rd.page.Name), cmp.Or(inc.StartedAt, inc.Begin, string(inc.Started), string(inc.OccurredAt), inc.CreatedAt)
	e := hindcast.Event{
		Kind: hindcast.StatusUpdate, Subject: "statuspage:" + string(inc.ID), Actor: rd.page, Service: inc.Service, Title: name, Status: string(inc.Status),
		Test: rd.words.Test(name),
	}
	if link := cmp.Or(inc.Link, string(inc.Permalink)); link != "" {
		e.Links = []string{link}
	}
	var components []string
	for _, c := range inc.Components {
		components = append(components, c.Name)
	}
	list, ok := rec.Member("incident_updates")
	if !ok {
		list, _ = rec.Member("updates")
	}
	updates := list.Elements()
	if inc.Human != "" { // Cachet tells the first update with the incident itself, and only its state of now
		first := e
		first.ID, first.Text, first.Status = e.Subject+"/first", string(inc.Message), ""
		first.Title = strings.Trim(name+": "+first.Text, ": ")
		rd.Write(rec.Ref(), began, first)
	}
	for _, u := range updates {
		e.Attrs = map[string]string{
			"incident": name, "impact": string(cmp.Or(inc.Impact, inc.Severity)), "components": strings.Join(components, ", "),
			"started_at": rd.Short(began), "resolved_at": rd.Short(cmp.Or(inc.ResolvedAt, inc.End)),
		}
		rd.update(u, e)
	}
	if len(updates) == 0 && inc.Human == "" {
		e.ID = "statuspage:" + string(inc.ID)
		rd.Write(rec.Ref(), cmp.Or(inc.CreatedAt, began), e)
	}
}

// update is an update of an incident.
type update struct {
	ID        jsonrec.Scalar `json:"id"`
	Status    jsonrec.Scalar `json:"status"`
	Body      string         `json:"body"`
	Text      string         `json:"text"`
	Message   string         `json:"message"`
	DisplayAt jsonrec.Scalar `json:"display_at"`
	When      jsonrec.Scalar `json:"when"`
	CreatedAt jsonrec.Scalar `json:"created_at"`
	Created   jsonrec.Scalar `json:"created"`
	Timestamp jsonrec.Scalar `json:"timestamp"`
	Started   jsonrec.Scalar `json:"started"`
	Human     string         `json:"human_status"`
	Kind      jsonrec.Scalar `json:"kind"`
	State     jsonrec.Scalar `json:"state"`
	Published jsonrec.Scalar `json:"published"`
	PostedAt  jsonrec.Scalar `json:"posted_at"`
	PublicAt  jsonrec.Scalar `json:"published_at"`
	Time      jsonrec.Scalar `json:"time"`
	At        jsonrec.Scalar `json:"at"`
}

// update writes one update of the incident that e is about.
func (rd *reading) update(rec jsonrec.Record, e hindcast.Event) {
	var u update
	if !rec.Decode(&u, rd.sink) {
		return
	}
	e.Status = strings.ToLower(cmp.Or(u.Human, string(u.Status), string(u.State), e.Status, string(u.Kind)))
	if u.ID != "" {
		e.ID = strings.Join([]string{e.Subject, string(u.ID)}, "/")
	}
	body := rd.words.Plain(cmp.Or(u.Body, u.Text, u.Message))
	name := e.Title
	e.Title, e.Text = name+": "+e.Status, body
	if said := strings.TrimRight(body, "."); said != "" && said != name {
		e.Title += " - " + body
	}
	rd.Write(rec.Ref(), string(cmp.Or(u.DisplayAt, u.When, u.CreatedAt, u.Created, u.Timestamp, u.Started, u.PublicAt, u.Published, u.PostedAt, u.Time, u.At)), e)
}
