package chat

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// below reports whether the members of a message are those of the record, or of
// its list of messages.
func below(f jsonrec.Fields, fits func(at string) bool) bool { return fits("") || fits("messages.") }

func isGoogle(f jsonrec.Fields) bool {
	return below(f, func(at string) bool {
		return f.Has(at+"created_date", at+"creator.name") && f.Any(at+"topic_id", at+"message_id", at+"text") ||
			f.Has(at+"createTime", at+"sender.name") && strings.HasPrefix(f[at+"name"], "spaces/")
	})
}

func isRocket(f jsonrec.Fields) bool {
	return below(f, func(at string) bool {
		return f.Has(at+"ts", at+"msg", at+"u.username")
	}) || f.Has("ts", "msg", "username") && exported(f)
}

// exported reports whether a record has no more members than Rocket.Chat writes when it
// exports a room: a log that names a user has others.
func exported(f jsonrec.Fields) bool {
	for name := range f {
		switch top, _, _ := strings.Cut(name, "."); top {
		case "ts", "msg", "username", "type", "bot", "attachments", "t", "_id":
		default:
			return false
		}
	}
	return true
}

func isZulip(f jsonrec.Fields) bool {
	return below(f, func(at string) bool {
		return f.Has(at+"sender_full_name", at+"timestamp", at+"content")
	}) || f.Has("zerver_message.sender_full_name", "zerver_message.timestamp", "zerver_message.content")
}

func isTelegram(f jsonrec.Fields) bool {
	for _, at := range []string{"", "messages.", "chats.list.messages."} {
		if f.Has(at+"date", at+"type", at+"text") && f.Any(at+"from", at+"from_id", at+"actor") {
			return true
		}
	}
	return false
}

// recognizeMattermost knows a bulk export by its first line too: before the posts
// stand the teams, channels and users of the whole server.
func recognizeMattermost(h record.Head) int {
	return jsonrec.Recognizer(93, `"`, func(f jsonrec.Fields) bool { return isMattermost(f) || isMattermostLine(f) })(h)
}

func isMattermostLine(f jsonrec.Fields) bool {
	switch kind := f["type"]; kind {
	case "version":
		return f.Has("version") && len(f) < 8
	case "team", "channel", "user", "role", "scheme", "emoji", "bot", "direct_channel":
		return f[kind] == "{" && f.Any(kind+".name", kind+".username", kind+".members")
	}
	return false
}

// googleMessage is a message of Google Chat as Takeout exports it, and as the API
// answers it.
type googleMessage struct {
	ID      string `json:"message_id"`
	Topic   string `json:"topic_id"`
	Date    string `json:"created_date"`
	Updated string `json:"updated_date"`
	State   string `json:"message_state"`
	Text    string `json:"text"`
	Creator struct {
		Name  string `json:"name"`
		Email string `json:"email"`
		Type  string `json:"user_type"`
	} `json:"creator"`
	Files []struct {
		Name string `json:"original_name"`
	} `json:"attached_files"`

	Resource   string `json:"name"`
	CreateTime string `json:"createTime"`
	EditTime   string `json:"lastUpdateTime"`
	Sender     struct {
		Name    string `json:"name"`
		Display string `json:"displayName"`
		Type    string `json:"type"`
	} `json:"sender"`
	Thread struct {
		Name string `json:"name"`
	} `json:"thread"`
	Attachments []struct {
		Name string `json:"contentName"`
	} `json:"attachment"`
}

// thread is the thread that a message answers in; "" for the one that began it.
func (m googleMessage) thread() string {
	topic := cmp.Or(m.Topic, m.Thread.Name)
	last := topic[strings.LastIndexByte(topic, '/')+1:]
	if strings.HasSuffix(m.ID, "/"+last+"/"+last) || strings.HasSuffix(m.Resource, "/"+last+"."+last) {
		return ""
	}
	return topic
}

// google reads a message of Google Chat.
func (rd *reading) google(rec jsonrec.Record) {
	var m googleMessage
	if !rec.Decode(&m, rd.sink) || m.State == "DELETED" {
		return
	}
	lines := []string{m.Text}
	for _, f := range m.Files {
		lines = append(lines, "[file: "+f.Name+"]")
	}
	for _, f := range m.Attachments {
		lines = append(lines, "[file: "+f.Name+"]")
	}
	e := rd.said(cmp.Or(m.Creator.Name, m.Creator.Email, m.Sender.Display, m.Sender.Name), joined(lines), rd.channel)
	rd.kind(&e, strings.ToLower(cmp.Or(m.Creator.Type, m.Sender.Type)))
	if id := cmp.Or(m.ID, m.Resource); id != "" {
		e.ID = "gchat:" + id
	}
	e.Attrs["thread"], e.Attrs["edited"] = m.thread(), rd.Short(cmp.Or(m.Updated, m.EditTime))
	rd.write(rec.Ref(), cmp.Or(m.Date, m.CreateTime), e)
}

// kind sets what the source itself says of a writer, whatever the name looks like.
func (rd *reading) kind(e *hindcast.Event, word string) {
	switch word {
	case "human", "user":
		e.Actor.Kind = hindcast.Person
	case "bot", "app":
		e.Actor.Kind = hindcast.Automation
	}
}

// rocketTime is a time as Rocket.Chat's API writes it, or as its database does.
type rocketTime string

func (t *rocketTime) UnmarshalJSON(raw []byte) error {
	var s jsonrec.Scalar
	var dated struct {
		Date jsonrec.Scalar `json:"$date"`
	}
	if json.Unmarshal(raw, &dated) == nil {
		s = dated.Date
	} else if err := s.UnmarshalJSON(raw); err != nil {
		return err
	}
	*t = rocketTime(s)
	return nil
}

// rocketMessage is a message of Rocket.Chat, of the API or of the export of a room.
type rocketMessage struct {
	ID       string          `json:"_id"`
	Thread   string          `json:"tmid"`
	Text     string          `json:"msg"`
	Time     rocketTime      `json:"ts"`
	Type     string          `json:"t"`
	Exported string          `json:"type"`
	Alias    string          `json:"alias"`
	Username string          `json:"username"`
	Bot      json.RawMessage `json:"bot"`
	Pinned   bool            `json:"pinned"`
	User     struct {
		Username string `json:"username"`
		Name     string `json:"name"`
	} `json:"u"`
	Attachments []struct {
		Title string `json:"title"`
		Text  string `json:"text"`
	} `json:"attachments"`
}

// rocket reads a message of Rocket.Chat. What has a type tells of joins and the like.
func (rd *reading) rocket(rec jsonrec.Record) {
	var m rocketMessage
	if !rec.Decode(&m, rd.sink) || m.Type != "" || m.Exported != "" {
		return
	}
	lines := []string{m.Text}
	for _, a := range m.Attachments {
		lines = append(lines, a.Title, a.Text)
	}
	e := rd.said(cmp.Or(m.Alias, m.User.Name, m.User.Username, m.Username), joined(lines), rd.channel)
	if len(m.Bot) > 0 && string(m.Bot) != "null" && string(m.Bot) != "false" {
		e.Actor.Kind = hindcast.Automation
	}
	if m.ID != "" {
		e.ID = "rocketchat:" + m.ID
	}
	e.Attrs["thread"] = m.Thread
	if m.Pinned {
		e.Attrs["pinned"] = "true"
	}
	rd.write(rec.Ref(), string(m.Time), e)
}

// zulipMessage is a message of Zulip. Its stream is a name, or the people of a
// private conversation.
type zulipMessage struct {
	ID        jsonrec.Scalar `json:"id"`
	Content   string         `json:"content"`
	Type      string         `json:"content_type"`
	Time      jsonrec.Scalar `json:"timestamp"`
	Edited    jsonrec.Scalar `json:"last_edit_timestamp"`
	Topic     string         `json:"subject"`
	Stream    jsonrec.Scalar `json:"display_recipient"`
	Name      string         `json:"sender_full_name"`
	Email     string         `json:"sender_email"`
	Reactions []struct {
		Emoji string `json:"emoji_name"`
	} `json:"reactions"`
}

// zulip reads a message of Zulip.
func (rd *reading) zulip(rec jsonrec.Record) {
	var m zulipMessage
	if !rec.Decode(&m, rd.sink) {
		return
	}
	text := m.Content
	if m.Type != "text/x-markdown" {
		text = rd.words.Plain(text)
	}
	e := rd.said(m.Name, text, cmp.Or(string(m.Stream), rd.channel))
	if name, _, _ := strings.Cut(m.Email, "@"); strings.HasSuffix(name, "-bot") {
		e.Actor.Kind = hindcast.Automation
	}
	if m.ID != "" {
		e.ID = "zulip:" + string(m.ID)
	}
	e.Attrs["topic"], e.Attrs["edited"] = m.Topic, rd.Short(string(m.Edited))
	var reactions []string
	for _, r := range m.Reactions {
		reactions = append(reactions, r.Emoji)
	}
	e.Attrs["reactions"] = strings.Join(reactions, ",")
	rd.write(rec.Ref(), string(m.Time), e)
}

// telegramMessage is a message of a chat that Telegram Desktop exported.
type telegramMessage struct {
	ID      jsonrec.Scalar  `json:"id"`
	Type    string          `json:"type"`
	Date    string          `json:"date"` // without zone, of the computer that exported it
	Unix    jsonrec.Scalar  `json:"date_unixtime"`
	Edited  jsonrec.Scalar  `json:"edited_unixtime"`
	From    string          `json:"from"`
	FromID  jsonrec.Scalar  `json:"from_id"`
	ReplyTo jsonrec.Scalar  `json:"reply_to_message_id"`
	Text    json.RawMessage `json:"text"`
	File    string          `json:"file_name"`
}

// telegram reads a message of Telegram, or a chat with its messages.
func (rd *reading) telegram(rec jsonrec.Record) {
	if list, ok := rec.Member("messages"); ok {
		outer := rd.channel
		var chat struct {
			Name string `json:"name"`
		}
		if rec.Decode(&chat, rd.sink) {
			rd.channel = chat.Name
		}
		list.EachObject(rd.telegram)
		rd.channel = outer
		return
	}
	var m telegramMessage
	if !rec.Decode(&m, rd.sink) || m.Type != "message" {
		return
	}
	lines := []string{telegramText(m.Text)}
	if m.File != "" {
		lines = append(lines, "[file: "+m.File+"]")
	}
	e := rd.said(cmp.Or(m.From, string(m.FromID)), joined(lines), rd.channel)
	if m.ID != "" {
		e.ID = "telegram:" + cmp.Or(rd.channel, "chat") + "/" + string(m.ID)
	}
	e.Attrs["thread"], e.Attrs["edited"] = string(m.ReplyTo), rd.Short(string(m.Edited))
	rd.write(rec.Ref(), rd.telegramTime(m), e)
}

// telegramTime is the time of a message, with the offset from UTC of the computer that
// exported it where both of its times tell that.
func (rd *reading) telegramTime(m telegramMessage) string {
	at, _, ok := rd.Time(string(m.Unix))
	local, err := time.Parse("2006-01-02T15:04:05", m.Date)
	if !ok || err != nil {
		return cmp.Or(string(m.Unix), m.Date)
	}
	east := local.Sub(at)
	if stamp.Offset(east) != east {
		return string(m.Unix)
	}
	return at.In(time.FixedZone("", int(east.Seconds()))).Format(time.RFC3339)
}

// telegramText joins the parts of a text: plain ones are strings, others objects.
func telegramText(raw json.RawMessage) string {
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil {
		parts = []json.RawMessage{raw}
	}
	var b strings.Builder
	for _, p := range parts {
		var marked struct {
			Text string `json:"text"`
		}
		var plain string
		if json.Unmarshal(p, &plain) != nil && json.Unmarshal(p, &marked) == nil {
			plain = marked.Text
		}
		b.WriteString(plain)
	}
	return b.String()
}
