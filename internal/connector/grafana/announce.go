package grafana

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// Our annotations have a tag for all of them, by which people show them on
// dashboards, and one with the id of the incident, by which we find them again.
const (
	tag       = "post-mortem"
	tagPrefix = "hindcast-"
)

// ours reports whether a tag is one by which we find our annotations again.
func ours(t string) bool { return strings.HasPrefix(t, tagPrefix) }

// mark is what we keep with our annotations, which people do not see.
type mark struct {
	Published int64 `json:"published"` // milliseconds since the Unix epoch
}

// change is what an annotation is made or changed to.
type change struct {
	Time    int64           `json:"time"`
	TimeEnd int64           `json:"timeEnd"`
	Tags    []string        `json:"tags"`
	Text    string          `json:"text"`
	Data    map[string]mark `json:"data"`
}

// told is what is read of what a message is about.
type told struct {
	Incident string    `json:"incident_id"`
	Number   int64     `json:"number"`
	Title    string    `json:"title"`
	Started  time.Time `json:"started_at"`
	Resolved time.Time `json:"resolved_at"`
}

// Announce marks the time of an incident that a published post-mortem is about, by
// one annotation of the organization, from its start to its end. The one that is
// there is found by a tag with the incident's id, and brought up to date, unless a
// later publication did so already. Without a start nothing is marked.
func (g *Grafana) Announce(ctx context.Context, m connector.Message) (string, error) {
	var about told
	if err := json.Unmarshal(m.Data, &about); err != nil || about.Incident == "" {
		return "", hindcast.Errorf(hindcast.Invalid, "mark a post-mortem in Grafana: the message does not say of which incident it is")
	}
	if about.Started.IsZero() {
		return "nothing is marked: it is not known when the incident began, or the post-mortem is private", nil
	}
	want := compose(m, about)
	list, _, err := g.find(ctx, url.Values{"tags": {tagPrefix + about.Incident}, "type": {"annotation"}, "limit": {"100"}})
	if err != nil {
		return "", fmt.Errorf("look for the mark in Grafana: %w", err)
	}
	list = slices.DeleteFunc(list, func(a annotation) bool { return !slices.Contains(a.Tags, tagPrefix+about.Incident) })
	if len(list) == 0 {
		return g.make(ctx, want)
	}
	said := "it was marked before"
	for _, a := range list {
		if !behind(a, want) {
			continue
		}
		if _, err := g.do(ctx, http.MethodPatch, "/api/annotations/"+strconv.FormatInt(a.ID, 10), nil, want, nil); err != nil {
			return "", fmt.Errorf("bring the mark in Grafana up to date: %w", err)
		}
		said = "annotation " + strconv.FormatInt(a.ID, 10) + " was brought up to date"
	}
	return said, nil
}

// make makes our annotation.
func (g *Grafana) make(ctx context.Context, want change) (string, error) {
	var made struct {
		ID int64 `json:"id"`
	}
	if _, err := g.do(ctx, http.MethodPost, "/api/annotations", nil, want, &made); err != nil {
		return "", fmt.Errorf("mark the incident in Grafana: %w", err)
	}
	if made.ID == 0 {
		return "", hindcast.Errorf(hindcast.Unavailable, "mark the incident in Grafana: the answer names no annotation")
	}
	return "marked by annotation " + strconv.FormatInt(made.ID, 10), nil
}

// behind reports whether an annotation is to be brought up to date.
func behind(a annotation, want change) bool {
	var data struct {
		Hindcast mark `json:"hindcast"`
	}
	if json.Unmarshal(a.Data, &data) == nil && data.Hindcast.Published > want.Data["hindcast"].Published {
		return false
	}
	return a.Time != want.Time || a.end() != want.TimeEnd || a.Text != want.Text
}

// compose writes our annotation. Grafana shows its text as HTML.
func compose(m connector.Message, about told) change {
	number := strconv.FormatInt(about.Number, 10)
	name := "Post-mortem #" + number
	if title := strings.Join(strings.Fields(about.Title), " "); title != "" {
		name += ": " + title
	}
	begun := about.Started.UnixMilli()
	return change{
		Time: begun, TimeEnd: max(begun, cmp.Or(about.Resolved, about.Started).UnixMilli()),
		Tags: []string{tag, tag + "-" + number, tagPrefix + about.Incident},
		Text: fmt.Sprintf(`%s<br><a href="%s">Read the post-mortem</a>`, html.EscapeString(name), html.EscapeString(m.URL)),
		Data: map[string]mark{"hindcast": {m.At.UnixMilli()}},
	}
}
