package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// markerType is the type of the metadata by which our messages are known again.
const markerType = "hindcast_message"

// marker is what our messages carry, which people do not see.
type marker struct {
	ID       string `json:"id"` // of the message here
	Type     string `json:"type"`
	Incident string `json:"incident,omitempty"`
}

// How far back our own messages are looked for: pages of perPage, and in time
// before the message was made, for those that are brought up to date.
const (
	pagesBack = 10
	timeBack  = 24 * time.Hour
)

// edited is the type of messages of which a later one takes the place of an earlier
// one, since they say the same again.
const edited = "postmortem.changed"

// Announce posts a message in the channel that is told, once: the channel is looked
// through for one with its mark first. That a post-mortem was edited again is said
// by changing the message that said so in the last day.
func (w *Workspace) Announce(ctx context.Context, m connector.Message) (string, error) {
	if w.told == "" {
		return "", hindcast.Errorf(hindcast.Invalid, "no channel is told; enter the id of one in the settings of the connection")
	}
	if m.ID == "" {
		return "", hindcast.Errorf(hindcast.Invalid, "post a message in Slack: it has no id")
	}
	mark := marker{ID: m.ID, Type: m.Type}
	var data struct {
		Incident string `json:"incident_id"`
	}
	if json.Unmarshal(m.Data, &data) == nil {
		mark.Incident = data.Incident
	}
	there, err := w.posted(ctx, mark, m.At)
	if err != nil {
		return "", err
	}
	form, err := compose(w.told, mark, m)
	if err != nil {
		return "", err
	}
	switch {
	case there == nil:
		err := w.post(ctx, "chat.postMessage", form, nil)
		return "posted in channel " + w.told, err
	case there.Metadata.Payload.ID == m.ID:
		return "it was posted in channel " + w.told + " before", nil
	}
	form.Set("ts", there.TS)
	err = w.post(ctx, "chat.update", form, nil)
	return "the message in channel " + w.told + " was brought up to date", err
}

// compose writes a message. Nothing that it says is markup: a title cannot call a
// whole channel.
func compose(channel string, mark marker, m connector.Message) (url.Values, error) {
	metadata, err := json.Marshal(map[string]any{"event_type": markerType, "event_payload": mark})
	if err != nil {
		return nil, fmt.Errorf("mark message %s: %w", m.ID, err)
	}
	text := "*" + escape(oneLine(m.Subject)) + "*"
	if u, err := url.Parse(m.URL); err == nil && u.Host != "" && !strings.ContainsAny(m.URL, "<>|") {
		text = "*<" + escape(m.URL) + "|" + strings.ReplaceAll(escape(oneLine(m.Subject)), "|", "¦") + ">*"
	}
	for _, line := range strings.Split(strings.TrimSpace(m.Text), "\n") {
		if line = oneLine(line); line != "" && line != oneLine(m.Subject)+"." {
			text += "\n" + escape(line)
		}
	}
	return url.Values{
		"channel": {channel}, "text": {short(text, mostText)}, "metadata": {string(metadata)},
		"unfurl_links": {"false"}, "unfurl_media": {"false"}, "parse": {"none"}, "link_names": {"false"},
	}, nil
}

// mostText is how many characters a message has at most; Slack takes 4,000 whole.
const mostText = 3500

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape lets text stand for itself in Slack's markup, but for what makes it bold or
// struck through.
func escape(s string) string { return escaper.Replace(s) }

// posted returns our message with a mark, or one that it can take the place of, or
// nil.
func (w *Workspace) posted(ctx context.Context, mark marker, made time.Time) (*message, error) {
	query := url.Values{"channel": {w.told}, "oldest": {stamp(made.Add(-timeBack))}, "limit": {strconv.Itoa(perPage)}, "include_all_metadata": {"true"}}
	var earlier *message
	for range pagesBack {
		list, next, err := w.messages(ctx, "conversations.history", query)
		if err != nil {
			return nil, fmt.Errorf("look whether the message was posted before: %w", err)
		}
		for _, raw := range list {
			m, ok := read(raw)
			if !ok || m.Metadata.Type != markerType {
				continue
			}
			has := m.Metadata.Payload
			if has.ID == mark.ID {
				return &m, nil
			}
			if earlier == nil && mark.Type == edited && has.Type == edited && has.Incident == mark.Incident && mark.Incident != "" {
				earlier = &m
			}
		}
		if next == "" {
			break
		}
		query.Set("cursor", next)
	}
	return earlier, nil
}
