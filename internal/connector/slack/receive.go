package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
)

// envelope is what is read of a request of the Events API.
type envelope struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	ID        string `json:"event_id"`
	Time      int64  `json:"event_time"`
	Event     event  `json:"event"`
}

// event is what is read of an event.
type event struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	Channel  string `json:"channel"`
	PinnedIn string `json:"channel_id"`
	User     string `json:"user"`
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	Reaction string `json:"reaction"`
	Item     struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
		Message struct {
			TS string `json:"ts"`
		} `json:"message"`
	} `json:"item"`
	Links []struct {
		URL string `json:"url"`
	} `json:"links"`
	MessageTS string  `json:"message_ts"`
	DeletedTS string  `json:"deleted_ts"`
	Message   wording `json:"message"` // of a change
	Previous  wording `json:"previous_message"`
	Unfurl    string  `json:"unfurl_id"`
	Source    string  `json:"source"`
}

// wording is what is read of a message that was changed, before or after that.
type wording struct {
	Subtype string `json:"subtype"`
	TS      string `json:"ts"`
	Thread  string `json:"thread_ts"`
	Edited  struct {
		TS string `json:"ts"`
	} `json:"edited"`
}

// rewritten returns the id of the message that somebody edited or deleted; empty when
// something else about it changed, such as the previews of its links.
func (e event) rewritten() string {
	switch {
	case e.Subtype == "message_deleted":
		return e.DeletedTS
	case e.Subtype == "message_changed" && (e.Message.Subtype == "tombstone" || e.Message.Edited.TS != e.Previous.Edited.TS):
		return e.Message.TS
	}
	return ""
}

// Receive reads a request of the Events API, or of the command. What Slack sends
// again has the same id, whatever X-Slack-Retry-Num says.
func (w *Workspace) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if w.hook.IsZero() {
		return nil, hindcast.Errorf(hindcast.Denied, "this connection has no signing secret; enter the one of the app")
	}
	if err := signature.Slack().Verify(h, body, now, w.hook); err != nil {
		return nil, err
	}
	if kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		n, err := command(body, now)
		return []connector.Notice{n}, err
	}
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil || e.Type == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no event of Slack")
	}
	if e.Type == "url_verification" {
		return []connector.Notice{{ID: "challenge/" + hash(e.Challenge), Kind: connector.NothingToDo, At: now.UTC(), Answer: e.Challenge}}, nil
	}
	if e.Type != "event_callback" {
		return []connector.Notice{{ID: "event/" + hash(string(body)), Kind: connector.NothingToDo, At: now.UTC()}}, nil // such as that Slack sends less for a while
	}
	if e.ID == "" || e.Event.Type == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the event has no id or no type")
	}
	return []connector.Notice{w.notice(e, now)}, nil
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// command reads what a person asks by /hindcast.
func command(body []byte, now time.Time) (connector.Notice, error) {
	form, err := url.ParseQuery(string(body))
	if err == nil && form.Get("ssl_check") == "1" { // Slack looks at our certificate
		return connector.Notice{ID: "check/" + hash(string(body)), Kind: connector.NothingToDo, At: now.UTC()}, nil
	}
	if err != nil || form.Get("command") == "" || !channelID.MatchString(form.Get("channel_id")) || !userID.MatchString(form.Get("user_id")) {
		return connector.Notice{}, hindcast.Errorf(hindcast.Invalid, "the body is no command of Slack")
	}
	id := form.Get("trigger_id")
	if id == "" {
		id = string(body) // its address to answer to is as good as once
	}
	return connector.Notice{ID: "command/" + hash(id), Kind: connector.Commanded, Ref: form.Get("channel_id"), At: now.UTC(),
		Talk: &connector.Talk{Channel: form.Get("channel_id"), Name: form.Get("channel_name"), User: form.Get("user_id"), Text: strings.TrimSpace(form.Get("text"))}}, nil
}

// notice says what an event means here.
func (w *Workspace) notice(e envelope, now time.Time) connector.Notice {
	out := connector.Notice{ID: e.ID, Kind: connector.NothingToDo, At: now.UTC()}
	if e.Time > 0 {
		out.At = time.Unix(e.Time, 0).UTC()
	}
	v := e.Event
	t := &connector.Talk{User: v.User}
	switch v.Type {
	case "message":
		switch v.Subtype {
		case "message_changed", "message_deleted":
			t.Channel, t.Message, t.Alone = v.Channel, v.rewritten(), true
			return changed(out, t)
		case "", "bot_message", "file_share", "me_message", "thread_broadcast":
		default:
			return out // no talk, or told by an event of its own, as pins are
		}
		t.Channel, t.Message, t.Alone = v.Channel, v.TS, v.Thread != "" && v.Thread != v.TS
	case "reaction_added", "pin_added":
		t.Channel, t.Message = v.Item.Channel, v.Item.TS
		if v.Type == "pin_added" {
			t.Channel, t.Message = v.PinnedIn, v.Item.Message.TS
		}
		if t.Alone = v.Type == "pin_added" || w.marks.of(v.Reaction) != ""; !t.Alone || v.Item.Type != "message" {
			return out
		}
	case "link_shared":
		return e.links(out, t)
	default:
		return out
	}
	return changed(out, t)
}

// changed says that something in a channel is to be read, if it says what.
func changed(out connector.Notice, t *connector.Talk) connector.Notice {
	if !channelID.MatchString(t.Channel) || !messageID.MatchString(t.Message) {
		return out
	}
	out.Kind, out.Ref, out.Talk = connector.ChannelChanged, t.Channel, t
	return out
}

// links reads that links to us were posted, or are being written.
func (e envelope) links(out connector.Notice, t *connector.Talk) connector.Notice {
	v := e.Event
	for _, l := range v.Links {
		if len(t.Links) < mostLinks && !slices.Contains(t.Links, l.URL) {
			t.Links = append(t.Links, l.URL)
		}
	}
	t.Channel, t.Message = v.Channel, v.MessageTS
	if v.Unfurl != "" && (v.Source == "composer" || v.Source == "conversations_history") {
		t.Preview = v.Source + "/" + v.Unfurl
	}
	if len(t.Links) > 0 && (t.Preview != "" || channelID.MatchString(t.Channel) && messageID.MatchString(t.Message)) {
		out.Kind, out.Ref, out.Talk = connector.LinkPosted, t.Channel, t
	}
	return out
}

// mostLinks is how many links of a message are shown.
const mostLinks = 10

// Reply answers a command. Only who gave it sees the answer.
func (w *Workspace) Reply(text string) connector.Answer {
	raw, err := json.Marshal(map[string]any{"response_type": "ephemeral", "text": escape(text), "unfurl_links": false})
	if err != nil {
		return connector.Answer{} // of a text there is always JSON
	}
	return connector.Answer{Type: "application/json; charset=utf-8", Body: raw}
}

// Show puts below a message what its links lead to.
func (w *Workspace) Show(ctx context.Context, t connector.Talk, cards []connector.Card) error {
	unfurls := map[string]any{}
	for _, c := range cards {
		text := "*" + escape(oneLine(c.Title)) + "*"
		if c.Text != "" {
			text += "\n" + escape(c.Text)
		}
		unfurls[c.Link] = map[string]any{"blocks": []any{map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": short(text, 2900), "verbatim": true}}}}
	}
	raw, err := json.Marshal(unfurls)
	if err != nil {
		return err
	}
	form := url.Values{"unfurls": {string(raw)}}
	if source, id, ok := strings.Cut(t.Preview, "/"); ok {
		form.Set("source", source)
		form.Set("unfurl_id", id)
	} else {
		form.Set("channel", t.Channel)
		form.Set("ts", t.Message)
	}
	return w.post(ctx, "chat.unfurl", form, nil)
}
