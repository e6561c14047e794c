package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// message is a message as exports and the Web API write it.
type message struct {
	Subtype     string         `json:"subtype"`
	TS          jsonrec.Scalar `json:"ts"`
	ThreadTS    jsonrec.Scalar `json:"thread_ts"`
	DeletedTS   jsonrec.Scalar `json:"deleted_ts"`
	User        jsonrec.Scalar `json:"user"`
	Username    string         `json:"username"`
	BotID       jsonrec.Scalar `json:"bot_id"`
	ClientMsgID string         `json:"client_msg_id"`
	Text        string         `json:"text"`
	Profile     *profile       `json:"user_profile"`
	BotProfile  *profile       `json:"bot_profile"`
	Blocks      []node         `json:"blocks"`
	Attachments []attachment   `json:"attachments"`
	Files       []file         `json:"files"`
	File        file           `json:"file"`
	Reactions   []struct {
		Name  string         `json:"name"`
		Count jsonrec.Scalar `json:"count"`
	} `json:"reactions"`
	PinnedTo []string `json:"pinned_to"`
	Item     struct {
		TS jsonrec.Scalar `json:"ts"`
	} `json:"item"`
	Edited struct {
		TS jsonrec.Scalar `json:"ts"`
	} `json:"edited"`
	Mark        *string         `json:"hindcast_mark"` // by a connection whose marks are not the usual ones
	Permalink   string          `json:"permalink"`
	ChannelName string          `json:"channel_name"`
	Channel     json.RawMessage `json:"channel"`
	Message     *message        `json:"message"` // of a message_changed
}

type profile struct {
	RealName    string `json:"real_name"`
	DisplayName string `json:"display_name"`
	Name        string `json:"name"`
}

func (p *profile) name() string {
	if p == nil {
		return ""
	}
	return cmp.Or(p.RealName, p.DisplayName, p.Name)
}

type file struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// conversation is the reading of one file.
type conversation struct {
	*parser
	*fact.Writer
	sink    record.Sink
	channel string
	names   map[string]string // by user id
	index   map[string]int    // place in list by channel and ts
	pinned  map[string]bool   // by ts
	said    map[string]bool   // thread replies, to know their broadcasts
	list    []spoken
}

// spoken is a message on its way to become an event.
type spoken struct {
	ref     hindcast.Ref
	ts      string
	title   string   // with markup: the text, or all an app shows instead of one
	text    []string // with markup, joined by line breaks
	deleted bool
	event   hindcast.Event
}

// record takes in one message.
func (c *conversation) record(rec jsonrec.Record) {
	rec = rec.Unwrap()
	if inner, ok := rec.Member("event"); ok {
		rec = inner
	}
	var m message
	if !rec.Decode(&m, c.sink) {
		return
	}
	changed := m.Subtype == "message_changed" && m.Message != nil
	if changed {
		inner := *m.Message
		inner.ChannelName, inner.Channel = cmp.Or(inner.ChannelName, m.ChannelName), m.Channel
		m = inner
	}
	c.learn(&m)
	channel := c.channelName(&m)
	switch {
	case m.Subtype == "message_deleted":
		if i, ok := c.index[channel+string(m.DeletedTS)]; ok {
			c.list[i].deleted = true
		} else if m.DeletedTS != "" && m.TS != "" {
			c.Write(rec.Ref(), string(m.TS), hindcast.Event{Kind: hindcast.MessageDeleted, ID: "slack:" + string(m.DeletedTS), Title: "a message was deleted", Attrs: map[string]string{"channel": channel}})
		}
	case noise(m.Subtype):
	case m.TS == "":
		c.Problem(rec.Ref(), "the message has no ts; it was skipped")
	default:
		c.take(&m, rec.Ref(), channel, changed)
	}
}

// learn keeps what a record says about people and pins.
func (c *conversation) learn(m *message) {
	if name := m.Profile.name(); name != "" && m.User != "" {
		if c.names[string(m.User)] == "" {
			c.sink.Person(c.person(string(m.User), name, ""))
		}
		c.names[string(m.User)] = name
	}
	if m.Subtype != "pinned_item" {
		return
	}
	c.pinned[string(m.Item.TS)] = true
	for _, a := range m.Attachments {
		c.pinned[string(a.TS)] = true
	}
}

// noise reports whether records of a subtype are no talk: joins, leaves, topics
// and the bookkeeping of channels.
func noise(subtype string) bool {
	switch subtype {
	case "bot_add", "bot_remove", "bot_enable", "bot_disable", "pinned_item", "unpinned_item", "message_replied", "tombstone", "reminder_add", "reminder_delete",
		"huddle_thread", "sh_room_created", "ekm_access_denied", "app_conversation_join", "app_conversation_leave":
		return true
	}
	for _, prefix := range []string{"channel_", "group_", "mpim_", "joiner_", "file_retention"} {
		if strings.HasPrefix(subtype, prefix) {
			return true
		}
	}
	return false
}

// take keeps a message, once: a repetition is dropped, and an edit replaces
// what it edits.
func (c *conversation) take(m *message, ref hindcast.Ref, channel string, changed bool) {
	s := spoken{ref: ref, ts: string(m.TS), text: m.lines(), event: c.event(m, channel)}
	if len(s.text) == 0 {
		return
	}
	if s.title = m.Text; strings.TrimSpace(s.title) == "" {
		s.title = strings.Join(s.text, "\n")
	}
	key := channel + s.ts
	if i, twice := c.index[key]; twice {
		if changed {
			c.list[i] = s
		}
		return
	}
	reply := fmt.Sprint(channel, m.ThreadTS, m.User, m.BotID, s.text)
	if strings.HasSuffix(m.Subtype, "_broadcast") && c.said[reply] {
		return
	}
	if m.ThreadTS != "" {
		c.said[reply] = true
	}
	c.index[key] = len(c.list)
	c.list = append(c.list, s)
}

// event begins the event of a message; write adds its words.
func (c *conversation) event(m *message, channel string) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.Message, ID: "slack:" + string(m.TS),
		Attrs: map[string]string{"channel": channel, "user": string(m.User), "edited": c.Short(string(m.Edited.TS))},
	}
	e.Actor = hindcast.Actor{Name: cmp.Or(m.Profile.name(), m.Username, string(m.User), "unknown"), Kind: hindcast.Person}
	if m.bot() {
		e.Actor = hindcast.Actor{Name: cmp.Or(m.Username, m.BotProfile.name(), m.Profile.name(), string(m.BotID), "bot"), Kind: hindcast.Automation}
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		e.Attrs["thread"] = string(m.ThreadTS)
	}
	if len(m.PinnedTo) > 0 {
		e.Attrs["pinned"] = "true"
	}
	var reactions []string
	for _, r := range m.Reactions {
		reactions = append(reactions, r.Name)
	}
	e.Attrs["reactions"], e.Attrs["mark"] = strings.Join(reactions, ","), m.mark()
	if m.Permalink != "" {
		e.Links = append(e.Links, m.Permalink)
	}
	for _, a := range m.Attachments {
		if m.bot() && a.TitleLink != "" {
			e.Links = append(e.Links, a.TitleLink)
		}
	}
	return e
}

// bot reports whether an app spoke. What a person sends through an app has a
// client's message id.
func (m *message) bot() bool {
	return m.Subtype == "bot_message" || m.Subtype == "slackbot_response" || m.User == "USLACKBOT" ||
		m.BotProfile != nil || m.BotID != "" && m.ClientMsgID == ""
}

// channelName is the channel a message names, else the file's.
func (c *conversation) channelName(m *message) string {
	var object struct {
		Name string `json:"name"`
	}
	var id string
	if json.Unmarshal(m.Channel, &object) != nil {
		_ = json.Unmarshal(m.Channel, &id) // an id or nothing
	}
	return cmp.Or(m.ChannelName, object.Name, c.channel, id)
}

// write writes the messages in the order of the file.
func (c *conversation) write() {
	for _, s := range c.list {
		if s.deleted {
			continue
		}
		e := s.event
		if c.pinned[s.ts] {
			e.Attrs["pinned"] = "true"
		}
		if name := c.names[e.Attrs["user"]]; name != "" && e.Actor.Kind == hindcast.Person {
			e.Actor.Name = name
		}
		var urls []string
		e.Text, urls = c.plain(strings.Join(s.text, "\n"))
		e.Links = append(e.Links, urls...)
		e.Title, _ = c.plain(s.title)
		e.Test = e.Actor.Kind == hindcast.Automation && c.words.Test(e.Text)
		c.Write(s.ref, s.ts, e)
	}
}
