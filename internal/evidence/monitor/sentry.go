package monitor

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func isSentryIssue(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data.issue."} {
		if f.Has(at+"shortId", at+"firstSeen", at+"title") {
			return true
		}
	}
	return false
}

// sentryIssue is an error that Sentry groups.
type sentryIssue struct {
	ID        jsonrec.Scalar `json:"id"`
	ShortID   string         `json:"shortId"`
	Title     string         `json:"title"`
	Culprit   string         `json:"culprit"`
	Level     string         `json:"level"`
	Count     jsonrec.Scalar `json:"count"`
	Users     jsonrec.Scalar `json:"userCount"`
	FirstSeen string         `json:"firstSeen"`
	LastSeen  string         `json:"lastSeen"`
	Link      string         `json:"permalink"`
	Project   struct {
		Slug string `json:"slug"`
	} `json:"project"`
	FirstRelease struct {
		Version string `json:"version"`
	} `json:"firstRelease"`
	Activity []sentryActivity `json:"activity"`
}

// sentryActivity is what was done with an issue.
type sentryActivity struct {
	ID   jsonrec.Scalar `json:"id"`
	Type string         `json:"type"`
	At   string         `json:"dateCreated"`
	User struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"user"`
	Data json.RawMessage `json:"data"`
}

// sentryIssue reads an issue of Sentry: that an error was first seen, until when and
// how often, and what people did with it. That it was seen is not that somebody was
// told, so it is a record and no alert.
func (rd *reading) sentryIssue(rec jsonrec.Record) {
	if one, ok := rec.Member("data", "issue"); ok {
		rec = one
	}
	var s sentryIssue
	if !rec.Decode(&s, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.Record, ID: "sentry:" + string(s.ID), Subject: "sentry:" + string(s.ID), Actor: hindcast.Actor{Name: "Sentry", Kind: hindcast.Automation}, Service: s.Project.Slug,
		Title: "Error first seen: " + s.Title, Text: s.Culprit, Level: sentryLevel(s.Level), Version: s.FirstRelease.Version,
		Attrs: map[string]string{"issue": s.ShortID, "events": string(s.Count), "users": string(s.Users)},
	}
	if s.Link != "" {
		e.Links = []string{s.Link}
	}
	e.Until, _, _ = rd.Time(s.LastSeen)
	rd.once(rec.Ref(), s.FirstSeen, e)
	for _, a := range s.Activity {
		rd.sentryStep(rec.Ref(), s, a)
	}
}

// sentryStep writes what a person did with an issue.
func (rd *reading) sentryStep(ref hindcast.Ref, s sentryIssue, a sentryActivity) {
	by := cmp.Or(a.User.Name, a.User.Email)
	if by == "" || a.Type == "first_seen" {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.Record, ID: "sentry:" + string(s.ID) + "/" + string(a.ID), Subject: "sentry:" + string(s.ID), Actor: rd.words.Actor(by), Service: s.Project.Slug,
		Title: strings.ReplaceAll(strings.TrimPrefix(a.Type, "set_"), "_", " ") + " in Sentry: " + s.Title,
	}
	if a.Type == "note" {
		var note struct {
			Text string `json:"text"`
		}
		_ = json.Unmarshal(a.Data, &note) // then it has no text
		e.Kind, e.Title, e.Text = hindcast.PagerNote, note.Text, note.Text
	}
	if e.Title != "" {
		rd.once(ref, a.At, e)
	}
}

func sentryLevel(word string) hindcast.Level {
	l, _ := loglevel.Parse([]byte(word)) // unknown for other words
	return l
}

func isSentryEvent(f jsonrec.Fields) bool {
	return f.Has("eventID", "dateCreated", "title", "tags") && f.Any("groupID", "projectID")
}

// sentryEvent reads one occurrence of an error, which is a line of a log.
func (rd *reading) sentryEvent(rec jsonrec.Record) {
	var s struct {
		Title string         `json:"title"`
		At    jsonrec.Scalar `json:"dateCreated"`
		Tags  []struct {
			Key   string `json:"key"`
			Value string `json:"value"`
		} `json:"tags"`
	}
	if !rec.Decode(&s, rd.sink) {
		return
	}
	l := record.Log{File: rec.File, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: record.NoTime, Level: hindcast.LevelError, Message: []byte(s.Title), Raw: rec.Raw}
	if t, _, ok := rd.Time(string(s.At)); ok {
		l.At = t.UnixNano()
	}
	for _, t := range s.Tags {
		switch t.Key {
		case "level":
			l.Level = sentryLevel(t.Value)
		case "server_name":
			l.Instance = []byte(t.Value)
		case "service", "app":
			l.Service = []byte(t.Value)
		}
	}
	rd.sink.Log(&l)
}
