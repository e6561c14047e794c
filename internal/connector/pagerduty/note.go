package pagerduty

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// longestNote is how long a note may be, in characters; PagerDuty names no limit,
// and shows so much without cutting.
const longestNote = 1000

// Announce notes a message with its link at the incident that it is about, once: a
// note that has the link is the mark by which an earlier attempt is known.
func (p *PagerDuty) Announce(ctx context.Context, m connector.Message) (string, error) {
	switch {
	case p.from == "":
		return "", hindcast.Errorf(hindcast.Invalid, "no user is named who notes; enter the e-mail address of one in the settings of the connection")
	case m.Ref == "" || m.URL == "":
		return "", hindcast.Errorf(hindcast.Invalid, "note a message in PagerDuty: it is about no incident there, or leads nowhere")
	}
	path := p.address + "/incidents/" + url.PathEscape(m.Ref) + "/notes"
	there, err := p.noted(ctx, path, m.URL)
	if err != nil {
		return "", fmt.Errorf("look at the notes of incident %s in PagerDuty: %w", m.Ref, err)
	}
	if there {
		return "it was noted at incident " + m.Ref + " before", nil
	}
	body, err := json.Marshal(map[string]any{"note": map[string]string{"content": content(m)}})
	if err != nil {
		return "", fmt.Errorf("note message %s: %w", m.ID, err)
	}
	answer, err := p.do(ctx, outhttp.Request{Method: http.MethodPost, URL: path, Body: body, Header: http.Header{"From": {p.from}}})
	if err != nil {
		return "", fmt.Errorf("note the post-mortem at incident %s in PagerDuty: %w", m.Ref, err)
	}
	var made struct {
		Note struct {
			ID string `json:"id"`
		} `json:"note"`
	}
	if err := json.Unmarshal(answer, &made); err != nil || made.Note.ID == "" {
		return "", hindcast.Errorf(hindcast.Unavailable, "note the post-mortem at incident %s in PagerDuty: the answer has no note", m.Ref)
	}
	return "noted at incident " + m.Ref, nil
}

// content is what a note says: one line that ends with the link.
func content(m connector.Message) string {
	said := []rune(strings.Join(strings.Fields(m.Subject), " "))
	if room := longestNote - len(m.URL); len(said) > room {
		said = append(said[:max(0, room-1)], '…')
	}
	return string(said) + ": " + m.URL
}

// noted reports whether a note of an incident has a link.
func (p *PagerDuty) noted(ctx context.Context, path, link string) (bool, error) {
	body, err := p.do(ctx, outhttp.Request{Method: http.MethodGet, URL: path, Header: http.Header{}})
	if err != nil {
		return false, err
	}
	var answer struct {
		Notes *[]struct {
			Content string `json:"content"`
		} `json:"notes"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Notes == nil {
		return false, hindcast.Errorf(hindcast.Unavailable, "the answer has no notes; look whether the address is that of its API")
	}
	for _, n := range *answer.Notes {
		if slices.Contains(strings.Fields(n.Content), link) {
			return true, nil
		}
	}
	return false, nil
}
