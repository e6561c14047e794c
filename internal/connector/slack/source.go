package slack

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// perPage is how many messages are asked for at a time; Slack recommends no more.
const perPage = 200

// cursor is where fetching goes on: with the channels that are left, and in the
// first of them with the threads of the page that was read last, and then with the
// next page. Everything that is needed is in it, so that another program can go on.
type cursor struct {
	Channels []string `json:"c"`
	Threads  []string `json:"t,omitempty"` // ids of the messages that began them
	Thread   string   `json:"p,omitempty"` // Slack's cursor in the first of them
	Page     string   `json:"n,omitempty"` // Slack's cursor in the channel
	Read     bool     `json:"r,omitempty"` // the channel's last page was read
	Files    int      `json:"f,omitempty"` // of the channel so far
}

// position reads a Next.
func (w *Workspace) position(query, after string) (cursor, error) {
	if after == "" {
		if query == "" {
			return cursor{Channels: w.read}, nil
		}
		if !channelID.MatchString(query) {
			return cursor{}, hindcast.Errorf(hindcast.Invalid, "fetch from Slack: %.30q is no id of a channel", query)
		}
		return cursor{Channels: []string{query}}, nil
	}
	var c cursor
	dec := json.NewDecoder(strings.NewReader(after))
	dec.DisallowUnknownFields()
	bad := dec.Decode(&c) != nil || len(c.Channels) == 0 || c.Files < 0 ||
		slices.ContainsFunc(c.Channels, func(s string) bool { return !channelID.MatchString(s) }) ||
		slices.ContainsFunc(c.Threads, func(s string) bool { return !messageID.MatchString(s) })
	if bad {
		return cursor{}, hindcast.Errorf(hindcast.Invalid, "fetch from Slack: there is no page %.40q; begin anew", after)
	}
	return c, nil
}

// next returns where to go on; empty at the end.
func (c cursor) next() string {
	if len(c.Threads) == 0 && c.Read {
		c = cursor{Channels: c.Channels[1:]}
	}
	if len(c.Channels) == 0 {
		return ""
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return "" // of texts and numbers there is always JSON
	}
	return string(raw)
}

// message is what is looked at here of a message; the rest passes through.
type message struct {
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	Replies  int    `json:"reply_count"`
	User     string `json:"user"`
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	Metadata struct {
		Type    string `json:"event_type"`
		Payload marker `json:"event_payload"`
	} `json:"metadata"`
}

// Fetch returns a page of messages of a channel that were written within the
// window, or of a thread that was begun in one. The query is the id of the channel;
// without one the channels of the settings are read. Each message is as Slack gave
// it, with the name of its writer, as an export of the workspace has it.
func (w *Workspace) Fetch(ctx context.Context, win connector.Window, after string) (connector.Batch, error) {
	c, err := w.position(win.Query, after)
	if err != nil || len(c.Channels) == 0 {
		return connector.Batch{}, err
	}
	query := url.Values{"channel": {c.Channels[0]}, "oldest": {stamp(win.From)}, "latest": {stamp(win.To)}, "inclusive": {"true"}, "limit": {strconv.Itoa(perPage)}}
	if len(c.Threads) > 0 {
		return w.thread(ctx, win, c, query)
	}
	if c.Page != "" {
		query.Set("cursor", c.Page)
	}
	list, next, err := w.messages(ctx, "conversations.history", query)
	if err != nil {
		return connector.Batch{}, fmt.Errorf("read channel %s: %w", c.Channels[0], err)
	}
	for _, raw := range list {
		if m, ok := read(raw); ok && m.Replies > 0 && m.Thread == m.TS {
			c.Threads = append(c.Threads, m.TS)
		}
	}
	c.Page, c.Read = next, next == ""
	return w.batch(ctx, win, c, list)
}

// thread reads a page of the answers in a thread. What began it is read with the
// channel.
func (w *Workspace) thread(ctx context.Context, win connector.Window, c cursor, query url.Values) (connector.Batch, error) {
	root := c.Threads[0]
	query.Set("ts", root)
	if c.Thread != "" {
		query.Set("cursor", c.Thread)
	}
	list, next, err := w.messages(ctx, "conversations.replies", query)
	if err != nil && hindcast.CodeOf(err) != hindcast.NotFound { // it was removed meanwhile
		return connector.Batch{}, fmt.Errorf("read thread %s of channel %s: %w", root, c.Channels[0], err)
	}
	list = slices.DeleteFunc(list, func(raw json.RawMessage) bool { m, ok := read(raw); return ok && m.TS == root })
	if c.Thread = next; next == "" {
		c.Threads = c.Threads[1:]
	}
	return w.batch(ctx, win, c, list)
}

// stamp writes a moment as Slack does.
func stamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// read reads what is looked at of a message.
func read(raw json.RawMessage) (message, bool) {
	var m message
	err := json.Unmarshal(raw, &m)
	return m, err == nil && messageID.MatchString(m.TS)
}

// messages asks for a page of messages; next is Slack's cursor to the one after.
func (w *Workspace) messages(ctx context.Context, method string, query url.Values) (list []json.RawMessage, next string, err error) {
	var answer struct {
		Messages *[]json.RawMessage `json:"messages"`
	}
	r, _, err := w.get(ctx, method, query, &answer)
	if err != nil {
		return nil, "", err
	}
	if answer.Messages == nil {
		return nil, "", hindcast.Errorf(hindcast.Unavailable, "%s in Slack: the answer has no messages; look whether the address is that of its API", method)
	}
	if r.Meta.Next == query.Get("cursor") {
		r.Meta.Next = "" // it would go on for ever
	}
	return *answer.Messages, r.Meta.Next, nil
}

// batch makes a file of messages.
func (w *Workspace) batch(ctx context.Context, win connector.Window, c cursor, list []json.RawMessage) (connector.Batch, error) {
	var b connector.Batch
	if len(list) > 0 {
		c.Files++
		f, err := w.file(ctx, c.Channels[0], fmt.Sprintf("%s-%d", win.From.UTC().Format("2006-01-02.150405"), c.Files), list)
		if err != nil {
			return b, err
		}
		b.Files = []connector.File{f}
	}
	b.Next = c.next()
	return b, nil
}

// file writes messages as an export has them: a list, the first written first.
func (w *Workspace) file(ctx context.Context, channel, name string, list []json.RawMessage) (connector.File, error) {
	var authors, ids []string
	for _, raw := range list {
		m, ok := read(raw)
		if ok && userID.MatchString(m.User) {
			authors = append(authors, m.User)
		}
		if ok && m.Subtype != tombstone && m.Subtype != deleted {
			ids = append(ids, m.TS)
		}
	}
	people, err := w.profiles(ctx, authors)
	if err != nil {
		return connector.File{}, err
	}
	folder, err := w.name(ctx, channel)
	if err != nil {
		return connector.File{}, err
	}
	slices.SortStableFunc(list, func(a, b json.RawMessage) int {
		x, _ := read(a)
		y, _ := read(b)
		return strings.Compare(x.TS, y.TS)
	})
	var body bytes.Buffer
	body.WriteString("[\n")
	for i, raw := range list {
		if i > 0 {
			body.WriteString(",\n")
		}
		body.Write(w.said(raw, people))
	}
	body.WriteString("\n]\n")
	return connector.File{Name: folder + "/" + name + ".json", Body: body.Bytes(), Source: "Slack #" + folder + " (" + channel + ")", FetchedAt: w.deps.Now(), Messages: ids}, nil
}

// What is left of a message with answers that was deleted, and what tells of one.
const (
	tombstone = "tombstone"
	deleted   = "message_deleted"
)

// Gone returns that messages are there no more, in the words in which Slack tells
// that one was deleted.
func (w *Workspace) Gone(ctx context.Context, channel string, ids []string) (connector.File, error) {
	now := w.deps.Now()
	var list []json.RawMessage
	for _, id := range ids {
		raw, err := json.Marshal(map[string]any{"type": "message", "subtype": deleted, "hidden": true, "channel": channel, "deleted_ts": id, "ts": stamp(now)})
		if err != nil {
			return connector.File{}, err
		}
		list = append(list, raw)
	}
	return w.file(ctx, channel, now.UTC().Format("2006-01-02.150405")+"-deleted", list)
}

// said writes a message on one line: as it is, with the name of its writer when it
// has none, and with what it is marked as when the marks are not the usual ones.
func (w *Workspace) said(raw json.RawMessage, people map[string]profile) []byte {
	var line bytes.Buffer
	if json.Compact(&line, raw) != nil || !bytes.HasSuffix(line.Bytes(), []byte("}")) || line.Len() < 3 {
		return raw // what is no object is for the parser to judge
	}
	var has struct {
		User    string          `json:"user"`
		Profile json.RawMessage `json:"user_profile"`
	}
	more := map[string]any{}
	if json.Unmarshal(raw, &has) == nil && has.Profile == nil {
		if p, ok := people[has.User]; ok {
			more["user_profile"] = p
		}
	}
	if mark, ok := w.marks.written(raw); ok {
		more["hindcast_mark"] = mark
	}
	added, err := json.Marshal(more)
	if err != nil || len(more) == 0 {
		return line.Bytes()
	}
	line.Truncate(line.Len() - 1)
	line.WriteByte(',')
	line.Write(added[1:])
	return line.Bytes()
}

// unfit is what the name of a folder cannot have.
var unfit = lazyregexp.New(`[^\pL\pN_-]+`)

// name returns what a channel is called; its id when the app may not know.
func (w *Workspace) name(ctx context.Context, id string) (string, error) {
	w.mu.Lock()
	known := w.names[id]
	w.mu.Unlock()
	if known != "" {
		return known, nil
	}
	c, err := w.info(ctx, id)
	if hindcast.CodeOf(err) == hindcast.Unavailable {
		return "", err
	}
	if c.Name = strings.Trim(unfit.ReplaceAllString(c.Name, "-"), "-"); c.Name == "" {
		c.Name = id
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.names[id] = c.Name
	return c.Name, nil
}

// Message returns one message of a channel, or nothing when it is not there any
// more.
func (w *Workspace) Message(ctx context.Context, channel, id string) ([]connector.File, error) {
	if !channelID.MatchString(channel) || !messageID.MatchString(id) {
		return nil, hindcast.Errorf(hindcast.Invalid, "read a message in Slack: %.30q in %.30q is no message", id, channel)
	}
	// Of a thread every message is found by its own id, beside the one that began it;
	// others are a thread of one.
	list, _, err := w.messages(ctx, "conversations.replies", url.Values{"channel": {channel}, "ts": {id}, "oldest": {id}, "latest": {id}, "inclusive": {"true"}, "limit": {"10"}})
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read message %s of channel %s: %w", id, channel, err)
	}
	list = slices.DeleteFunc(list, func(raw json.RawMessage) bool {
		m, ok := read(raw)
		return !ok || m.TS != id || m.Subtype == tombstone
	})
	if len(list) == 0 {
		return nil, nil
	}
	seconds, err := strconv.ParseInt(id[:10], 10, 64)
	if err != nil {
		return nil, err // it is digits
	}
	f, err := w.file(ctx, channel, time.Unix(seconds, 0).UTC().Format(time.DateOnly)+".m"+strings.ReplaceAll(id, ".", "-"), list)
	return []connector.File{f}, err
}

// profile is what is kept of a person: what a workspace's export says of the writer
// of a message, and nothing else.
type profile struct {
	Name    string `json:"name,omitempty"`
	Real    string `json:"real_name,omitempty"`
	Display string `json:"display_name,omitempty"`
}

// How the workspace's people are looked through: so many at a time, as many times
// at most.
const (
	peoplePerPage = 500
	mostPages     = 40
)

// profiles returns what is known of people. They are looked for in the list of all,
// page by page, once; when the app may not read it, nobody is known, and people
// appear by their ids.
func (w *Workspace) profiles(ctx context.Context, users []string) (map[string]profile, error) {
	w.mu.Lock()
	defer w.mu.Unlock() // whoever else asks waits for the same list
	missing := func() bool {
		return slices.ContainsFunc(users, func(id string) bool { _, ok := w.people[id]; return !ok })
	}
	for next, pages := "", 0; !w.whole && missing(); pages++ {
		query := url.Values{"limit": {strconv.Itoa(peoplePerPage)}}
		if next != "" {
			query.Set("cursor", next)
		}
		var answer struct {
			Members []struct {
				ID string `json:"id"`
				profile
				Profile profile `json:"profile"`
			} `json:"members"`
		}
		r, _, err := w.get(ctx, "users.list", query, &answer)
		if r.Error == "missing_scope" || r.Error == "no_permission" || r.Error == "access_denied" {
			w.whole = true
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read who wrote: %w", err)
		}
		for _, m := range answer.Members {
			p := m.profile
			if p.Real == "" {
				p.Real = m.Profile.Real
			}
			p.Display = m.Profile.Display
			w.people[m.ID] = p
		}
		next = r.Meta.Next
		w.whole = next == "" || next == query.Get("cursor") || pages+1 >= mostPages
	}
	out := map[string]profile{}
	for _, id := range users {
		if p, ok := w.people[id]; ok {
			out[id] = p
		}
	}
	return out, nil
}

// Names returns what people are called.
func (w *Workspace) Names(ctx context.Context, users []string) (map[string]string, error) {
	people, err := w.profiles(ctx, users)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for id, p := range people {
		if name := cmp.Or(p.Real, p.Display, p.Name); name != "" {
			out[id] = name
		}
	}
	return out, nil
}
