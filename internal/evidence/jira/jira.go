// Package jira reads issues of Jira: when they were made, how their status went and
// who commented, as Jira itself exports them.
//
//	GET /issue/KEY, /search, /search/jql, also with expand=changelog   jira-issues
//	webhooks of issues and comments                                    jira-issues
//	Export, CSV (all or current fields)                                jira-table
//
// Of a table only what its columns tell is known: made, resolved, and how it is. Its
// times are local ones of who exported it.
package jira

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of Jira's exports.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{
		{Name: "jira-issues", Source: "Jira", Recognize: jsonrec.Recognizer(94, `"fields"`, isIssue), Parse: p.issues},
		{Name: "jira-table", Source: "Jira", Recognize: isTable, Parse: p.table},
	}
}

func isIssue(f jsonrec.Fields) bool {
	for _, at := range []string{"", "issues.", "issue."} {
		if f.Has(at+"key", at+"fields.created") && f.Any(at+"fields.status", at+"fields.summary") {
			return true
		}
	}
	return false
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
}

func (p *parser) issues(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
	return jsonrec.Each(f, r, sink, rd.record, "", "issues")
}

type named struct {
	Name    string `json:"name"`
	Display string `json:"displayName"`
}

func (n *named) name() string {
	if n == nil {
		return ""
	}
	return cmp.Or(n.Display, n.Name)
}

// issue is what is read of an issue.
type issue struct {
	ID     jsonrec.Scalar `json:"id"`
	Key    string         `json:"key"`
	Self   string         `json:"self"`
	Fields struct {
		Summary    string `json:"summary"`
		Status     *named `json:"status"`
		Resolution *named `json:"resolution"`
		Reporter   *named `json:"reporter"`
		Creator    *named `json:"creator"`
		Created    string `json:"created"`
		Resolved   string `json:"resolutiondate"`
		Comment    struct {
			Comments []comment `json:"comments"`
		} `json:"comment"`
	} `json:"fields"`
	Changes struct {
		Histories []history `json:"histories"`
	} `json:"changelog"`
}

// history is what somebody changed at once.
type history struct {
	ID      jsonrec.Scalar `json:"id"`
	Created string         `json:"created"`
	Author  *named         `json:"author"`
	Items   []item         `json:"items"`
}

type item struct {
	Field string `json:"field"`
	From  string `json:"fromString"`
	To    string `json:"toString"`
}

type comment struct {
	ID      jsonrec.Scalar `json:"id"`
	Author  *named         `json:"author"`
	Created string         `json:"created"`
	Body    body           `json:"body"`
}

// record reads an issue, or a webhook about one.
func (rd *reading) record(rec jsonrec.Record) {
	if inner, ok := rec.Member("issue"); ok {
		rd.webhook(rec, inner)
		return
	}
	var i issue
	if !rec.Decode(&i, rd.sink) {
		return
	}
	f, ref := i.Fields, rec.Ref()
	if !rd.Write(ref, f.Created, i.event("made", rd.actor(cmp.Or(f.Reporter.name(), f.Creator.name())), i.Key+" made: "+f.Summary)) {
		return
	}
	settled := false
	for _, h := range i.Changes.Histories {
		settled = rd.history(ref, i, h) || settled || h.Created == f.Resolved
	}
	for _, c := range f.Comment.Comments {
		rd.comment(ref, i, c)
	}
	if f.Resolved != "" && !settled {
		e := i.event("resolved", rd.actor(""), i.Key+" resolved as "+cmp.Or(f.Resolution.name(), f.Status.name(), "done")+": "+f.Summary)
		rd.Write(ref, f.Resolved, e)
	}
}

// event begins an event about the issue.
func (i issue) event(what string, actor hindcast.Actor, title string) hindcast.Event {
	e := hindcast.Event{Kind: hindcast.Record, ID: "jira:" + cmp.Or(string(i.ID), i.Key) + "/" + what, Subject: "issue:" + i.Key, Actor: actor, Status: i.Fields.Status.name(), Title: title, Attrs: map[string]string{"number": i.Key}}
	if site, _, ok := strings.Cut(i.Self, "/rest/api/"); ok && strings.HasPrefix(site, "https://") {
		e.Links = []string{site + "/browse/" + i.Key}
	}
	return e
}

func (rd *reading) actor(name string) hindcast.Actor {
	if name == "" {
		return hindcast.Actor{Name: "Jira", Kind: hindcast.Automation}
	}
	return rd.words.Actor(name)
}

// history writes what changed of an issue that says how it goes, and reports whether
// it was settled by that.
func (rd *reading) history(ref hindcast.Ref, i issue, h history) (settled bool) {
	for _, c := range h.Items {
		switch strings.ToLower(c.Field) {
		case "resolution":
			settled = settled || c.To != ""
		case "status", "priority", "assignee":
			title := i.Key + " " + strings.ToLower(c.Field) + ": " + cmp.Or(c.From, "none") + " to " + cmp.Or(c.To, "none")
			e := i.event(cmp.Or(string(h.ID), h.Created)+"/"+strings.ToLower(c.Field), rd.actor(h.Author.name()), title)
			e.Text = i.Fields.Summary
			rd.Write(ref, h.Created, e)
		}
	}
	return settled
}

func (rd *reading) comment(ref hindcast.Ref, i issue, c comment) {
	text := string(c.Body)
	e := i.event("comment/"+string(c.ID), rd.actor(c.Author.name()), i.Key+": "+text)
	e.Text = text
	rd.Write(ref, c.Created, e)
}

// webhook reads what Jira tells of an issue: its time is that of what happened.
func (rd *reading) webhook(rec, inner jsonrec.Record) {
	var w struct {
		At      jsonrec.Scalar `json:"timestamp"`
		Event   string         `json:"webhookEvent"`
		User    *named         `json:"user"`
		Comment *comment       `json:"comment"`
		Changes history        `json:"changelog"`
	}
	var i issue
	if !rec.Decode(&w, rd.sink) || !inner.Decode(&i, rd.sink) {
		return
	}
	ref := rec.Ref()
	switch {
	case w.Comment != nil:
		rd.comment(ref, i, *w.Comment)
	case w.Event == "jira:issue_created":
		rd.Write(ref, i.Fields.Created, i.event("made", rd.actor(w.User.name()), i.Key+" made: "+i.Fields.Summary))
	case len(w.Changes.Items) > 0:
		w.Changes.Created, w.Changes.Author = string(w.At), w.User
		rd.history(ref, i, w.Changes)
	default:
		what := strings.TrimPrefix(w.Event, "jira:issue_")
		rd.Write(ref, string(w.At), i.event(what+"/"+string(w.At), rd.actor(w.User.name()), i.Key+" "+cmp.Or(what, strconv.Quote(w.Event))+": "+i.Fields.Summary))
	}
}
