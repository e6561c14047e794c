// Package slacktest is a workspace of Slack for tests: what was said in its
// channels, answered as the Web API answers it, and signed requests as Slack sends
// them.
package slacktest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Workspace answers as one does. The zero value has nobody in it and nothing to say.
type Workspace struct {
	mu     sync.Mutex
	said   map[string][]map[string]any // by channel, the first written first
	asked  []string
	posted []url.Values
	Lose   bool // the answer to the next message that is posted
	Page   int  // how many messages an answer holds; 2 when 0
	// Refuse, when not empty, is the word with which everything is refused.
	Refuse string
}

// Stamp writes a moment as Slack does.
func Stamp(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }

// Say has somebody write a message; more are names and values of its fields.
func (w *Workspace) Say(channel, user, ts, text string, more ...any) {
	m := map[string]any{"type": "message", "user": user, "ts": ts, "text": text, "client_msg_id": "c" + ts}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said == nil {
		w.said = map[string][]map[string]any{}
	}
	w.said[channel] = append(w.said[channel], m)
}

// Mark has somebody mark a message with an emoji, or pin it when that is empty.
func (w *Workspace) Mark(channel, ts, emoji string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.said[channel] {
		switch {
		case m["ts"] != ts:
		case emoji == "":
			m["pinned_to"] = []string{channel}
		default:
			m["reactions"] = []any{map[string]any{"name": emoji, "count": 1, "users": []string{"U0A"}}}
		}
	}
}

// Edit has the writer of a message change its text.
func (w *Workspace) Edit(channel, ts, text, at string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.said[channel] {
		if m["ts"] == ts {
			m["text"], m["edited"] = text, map[string]any{"user": m["user"], "ts": at}
		}
	}
}

// Delete has somebody delete a message. One with answers leaves a tombstone.
func (w *Workspace) Delete(channel, ts string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said[channel] = slices.DeleteFunc(w.said[channel], func(m map[string]any) bool { return m["ts"] == ts && m["reply_count"] == nil })
	for _, m := range w.said[channel] {
		if m["ts"] == ts {
			m["subtype"], m["text"], m["user"] = "tombstone", "This message was deleted.", "USLACKBOT"
		}
	}
}

// Asked returns the methods that were called.
func (w *Workspace) Asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// Posted returns what was posted, changed and shown.
func (w *Workspace) Posted() []url.Values {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.posted)
}

// ServeHTTP answers a request of the Web API.
func (w *Workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	w.asked = append(w.asked, method)
	rw.Header().Set("Content-Type", "application/json")
	answer := map[string]any{"ok": false, "error": "not_authed"}
	switch {
	case w.Refuse != "":
		answer["error"] = w.Refuse
	case r.Header.Get("Authorization") != "" && !r.URL.Query().Has("token"):
		answer = w.answer(rw, r, method)
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		panic(err) // what a test made it say is no JSON
	}
	_, _ = rw.Write(raw) // whoever is gone needs no answer
}

func (w *Workspace) answer(rw http.ResponseWriter, r *http.Request, method string) map[string]any {
	q := r.URL.Query()
	switch method {
	case "auth.test":
		rw.Header().Set("X-OAuth-Scopes", "channels:history,chat:write,commands,files:read")
		return map[string]any{"ok": true, "team": "Example", "user": "hindcast", "url": "https://example.slack.com/"}
	case "conversations.info":
		return map[string]any{"ok": true, "channel": map[string]any{"name": "ch-" + strings.ToLower(q.Get("channel")), "is_member": q.Get("channel") != "C0OPS"}}
	case "users.list":
		if q.Get("cursor") == "" {
			return map[string]any{"ok": true, "members": []any{map[string]any{"id": "U0A", "name": "a", "profile": map[string]any{"real_name": "Ada Okoye", "email": "a@example.org", "phone": "555"}}}, "response_metadata": map[string]any{"next_cursor": "p2"}}
		}
		return map[string]any{"ok": true, "members": []any{map[string]any{"id": "U0B", "name": "b", "profile": map[string]any{"display_name": "ben"}}}}
	case "conversations.history", "conversations.replies":
		return w.messages(q, method)
	}
	if err := r.ParseForm(); err != nil {
		return map[string]any{"ok": false, "error": "invalid_form_data"}
	}
	w.posted = append(w.posted, r.PostForm)
	if method == "chat.postMessage" {
		w.post(r.PostForm)
	}
	return map[string]any{"ok": true}
}

// post adds a message of ours to its channel.
func (w *Workspace) post(form url.Values) {
	var metadata map[string]any
	if err := json.Unmarshal([]byte(form.Get("metadata")), &metadata); err != nil {
		metadata = nil
	}
	ts := fmt.Sprintf("%d.%06d", time.Now().Unix(), len(w.posted))
	if w.said == nil {
		w.said = map[string][]map[string]any{}
	}
	w.said[form.Get("channel")] = append(w.said[form.Get("channel")], map[string]any{"type": "message", "bot_id": "B0", "ts": ts, "text": form.Get("text"), "metadata": metadata})
	if w.Lose {
		w.Lose = false
		panic(http.ErrAbortHandler)
	}
}

// messages pages as Slack does: a channel the last first, a thread the first first
// with what began it.
func (w *Workspace) messages(q url.Values, method string) map[string]any {
	list := []map[string]any{}
	root := w.root(q)
	for _, m := range w.said[q.Get("channel")] {
		thread, _ := m["thread_ts"].(string)
		ts, _ := m["ts"].(string)
		in := ts >= q.Get("oldest") && (q.Get("latest") == "" || ts <= q.Get("latest"))
		switch {
		case method == "conversations.replies" && (ts == root || thread == root && in):
		case method == "conversations.history" && in && (thread == "" || thread == ts):
		default:
			continue
		}
		list = append(list, m)
	}
	if method == "conversations.history" {
		slices.Reverse(list)
	}
	page := w.Page
	if page == 0 {
		page = 2
	}
	from, err := strconv.Atoi(strings.TrimPrefix(q.Get("cursor"), "next:"))
	if err != nil || from > len(list) {
		from = 0
	}
	to := min(len(list), from+page)
	answer := map[string]any{"ok": true, "messages": list[from:to], "has_more": to < len(list)}
	if to < len(list) {
		answer["response_metadata"] = map[string]any{"next_cursor": fmt.Sprint("next:", to)}
	}
	return answer
}

// root is what began the thread in which a message is.
func (w *Workspace) root(q url.Values) string {
	for _, m := range w.said[q.Get("channel")] {
		if thread, ok := m["thread_ts"].(string); ok && m["ts"] == q.Get("ts") {
			return thread
		}
	}
	return q.Get("ts")
}

// Sign returns the headers of a request that Slack signs with a secret.
func Sign(body []byte, at time.Time, secret string) http.Header {
	seconds := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+seconds+":") // a hash takes everything
	_, _ = mac.Write(body)
	kind := "application/json"
	if !strings.HasPrefix(string(body), "{") {
		kind = "application/x-www-form-urlencoded"
	}
	return http.Header{"Content-Type": {kind}, "X-Slack-Request-Timestamp": {seconds}, "X-Slack-Signature": {"v0=" + hex.EncodeToString(mac.Sum(nil))}}
}

// Callback returns the body of an event.
func Callback(id, event string) []byte {
	return fmt.Appendf(nil, `{"token":"t","team_id":"T0","api_app_id":"A0","event":%s,"type":"event_callback","event_id":%q,"event_time":1710513661}`, event, id)
}

// Command returns the body of /hindcast, as somebody writes it in a channel, which is
// private when its id begins with G. The same trigger is the same command.
func Command(channel, user, trigger, text string) []byte {
	name := "inc-4521"
	if strings.HasPrefix(channel, "G") {
		name = "privategroup"
	}
	return []byte(url.Values{
		"token": {"t"}, "team_id": {"T0"}, "channel_id": {channel}, "channel_name": {name}, "user_id": {user}, "user_name": {"a"}, "command": {"/hindcast"},
		"text": {text}, "response_url": {"https://hooks.slack.com/x"}, "trigger_id": {trigger},
	}.Encode())
}
