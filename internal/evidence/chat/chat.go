// Package chat reads conversations from places other than Slack.
//
//	NDJSON or JSON array of messages: time, channel, user, text            chat
//	Discord: GET /channels/{id}/messages, DiscordChatExporter's JSON       discord-messages
//	Microsoft Teams: GET /teams/{id}/channels/{id}/messages of Graph       teams-messages
//	Mattermost: bulk export (JSONL), GET /channels/{id}/posts              mattermost-posts
//	Google Chat: messages.json of Takeout, spaces.messages.list             googlechat-messages
//	Rocket.Chat: export of a room, GET /channels.messages                  rocketchat-messages
//	Zulip: GET /messages                                                   zulip-messages
//	Telegram: result.json of a chat or of all                              telegram-messages
//	what a scribe wrote down on a call, a clock in each line              scribe-notes
//	IRC logs, and text copied out of a client:                            chat-transcript
//
//	2024-05-01 09:30:00 <nick> it is slow
//	[09:30] Engineer A: it is slow
//	Engineer A  9:30 AM
//	it is slow
//
// A transcript without dates takes the date from a line that holds one, or from
// the name of its file ("incident-2024-05-01.txt").
package chat

import (
	"bufio"
	"cmp"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of conversations.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	t := newTranscript(p)
	n := newNotes(t)
	return []record.Format{
		{Name: "discord-messages", Source: "Discord", Recognize: jsonrec.Recognizer(93, `"author"`, isDiscord), Parse: p.parse((*reading).discord, "", "messages")},
		{Name: "teams-messages", Source: "Microsoft Teams", Recognize: jsonrec.Recognizer(95, `"createdDateTime"`, isTeams), Parse: p.parse((*reading).teams, "", "value")},
		{Name: "mattermost-posts", Source: "Mattermost", Recognize: recognizeMattermost, Parse: p.parse((*reading).mattermost, "")},
		{Name: "googlechat-messages", Source: "Google Chat", Recognize: jsonrec.Recognizer(93, `"name"`, isGoogle), Parse: p.parse((*reading).google, "", "messages")},
		{Name: "rocketchat-messages", Source: "Rocket.Chat", Recognize: jsonrec.Recognizer(90, `"username"`, isRocket), Parse: p.parse((*reading).rocket, "", "messages")},
		{Name: "zulip-messages", Source: "Zulip", Recognize: jsonrec.Recognizer(93, `"sender_full_name"`, isZulip), Parse: p.parse((*reading).zulip, "", "messages")},
		{Name: "telegram-messages", Source: "Telegram", Recognize: jsonrec.Recognizer(93, `"text"`, isTelegram), Parse: p.parse((*reading).telegram, "", "messages", "chats.list")},
		{Name: "chat", Recognize: recognize, Parse: p.parse((*reading).message, "", "messages")},
		{Name: "chat-transcript", Recognize: t.recognize, Yearless: t.yearless, Dayless: t.dayless, Parse: t.parse},
		{Name: "scribe-notes", Recognize: n.recognize, Yearless: n.yearless, Dayless: n.dayless, Parse: n.parse},
	}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink    record.Sink
	channel string // of the whole file; may be empty
}

// headSize is how much of a file is looked at for what stands before its messages.
const headSize = 64 << 10

// parse returns a Parse function that reads the records at paths one by one.
func (p *parser) parse(read func(*reading, jsonrec.Record), paths ...string) func(*record.File, io.Reader, record.Sink) error {
	return func(f *record.File, r io.Reader, sink record.Sink) error {
		in := bufio.NewReaderSize(r, headSize)
		head, err := in.Peek(headSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, channel: channelOf(f.Name)}
		if s := jsonrec.Sniff(head); len(s.Records) > 0 && !s.Array {
			first := s.Records[0]
			rd.channel = cmp.Or(first["channel.name"], first["channel_name"], rd.channel)
			if first["messages"] == "[" && first.Has("name", "messages.date") { // Telegram's chat
				rd.channel = first["name"]
			}
		}
		return jsonrec.Each(f, in, sink, func(rec jsonrec.Record) { read(rd, rec) }, paths...)
	}
}

// plainNames are names of files that tell no channel.
var plainNames = lazyregexp.New(`(?i)chat|messages?|transcript|history|export|slack|discord|teams|mattermost|irc|posts|\blog\b|[^\pL]+`)

// channelOf is the channel that the name of a file tells; "" when it tells none.
func channelOf(file string) string {
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	base = date.ReplaceAllString(base, "")
	if plainNames.ReplaceAllString(base, "") == "" {
		return ""
	}
	return strings.Trim(base, "-_. #")
}

// The names of what a message of no known maker tells.
var (
	timeNames    = []string{"time", "timestamp", "ts", "at", "date", "created_at", "sent_at"}
	channelNames = []string{"channel", "channel_name", "room", "conversation"}
	userNames    = []string{"user", "author", "from", "sender", "username", "user_name", "nick", "name"}
	textNames    = []string{"text", "body", "content", "message", "msg"}
	logNames     = []string{"level", "severity", "logger", "service", "host", "pid", "trace_id", "status", "state", "method", "title"}
)

// recognize is sure of Hindcast's own fields; of others it wants to see more,
// and nothing that only logs have.
func recognize(h record.Head) int {
	own := func(f jsonrec.Fields) bool {
		return f.Has("time", "channel", "user", "text") && !f.Any("level", "severity")
	}
	if n := jsonrec.Recognizer(88, `"text"`, own)(h); n > 0 {
		return n
	}
	talk := func(f jsonrec.Fields) bool {
		at := ""
		if f["messages"] == "[" {
			at = "messages."
		}
		has := func(names []string) bool {
			for _, n := range names {
				if v := f[at+n]; v != "" && v != "[" {
					return true
				}
			}
			return false
		}
		return has(timeNames) && has(userNames) && (has(textNames[:3]) || has(textNames) && has(channelNames)) && !has(logNames)
	}
	return jsonrec.Recognizer(72, `"`, talk)(h)
}

// message reads a message of Hindcast's own format, or one that is like it.
func (rd *reading) message(rec jsonrec.Record) {
	var top map[string]jsonrec.Scalar
	if !rec.Decode(&top, rd.sink) {
		return
	}
	get := func(names []string) string {
		for _, n := range names {
			if v := top[n]; v != "" {
				return string(v)
			}
		}
		return ""
	}
	name := get(userNames)
	if name == "" {
		name = rd.nested(rec)
	}
	e := rd.said(name, get(textNames), cmp.Or(get(channelNames), rd.channel))
	if top["bot"] == "true" || top["is_bot"] == "true" || top["type"] == "bot" || top["user_type"] == "bot" {
		e.Actor.Kind = hindcast.Automation
	}
	if id := cmp.Or(top["id"], top["message_id"]); id != "" {
		e.ID = "chat:" + string(id)
	}
	if mark := top["mark"]; mark == "entry" || mark == "decision" {
		e.Attrs["mark"], e.Attrs["written"] = string(mark), rd.Short(string(top["written"]))
	}
	e.Attrs["thread"] = string(cmp.Or(top["thread"], top["thread_id"], top["thread_ts"], top["reply_to"]))
	rd.write(rec.Ref(), get(timeNames), e)
}

// nested is the name of a user that is an object of its own.
func (rd *reading) nested(rec jsonrec.Record) string {
	for _, n := range userNames {
		u, ok := rec.Member(n)
		var who struct {
			Name    string `json:"name"`
			Display string `json:"display_name"`
			Real    string `json:"real_name"`
			Login   string `json:"username"`
		}
		if ok && u.Raw[0] == '{' && u.Decode(&who, rd.sink) {
			return cmp.Or(who.Real, who.Display, who.Name, who.Login)
		}
	}
	return ""
}

// said begins the event of what somebody wrote.
func (rd *reading) said(name, text, channel string) hindcast.Event {
	return hindcast.Event{
		Kind: hindcast.Message, Actor: rd.words.Actor(cmp.Or(name, "unknown")), Title: text, Text: text,
		Attrs: map[string]string{"channel": strings.TrimPrefix(channel, "#")},
	}
}

// write writes a message that says something.
func (rd *reading) write(ref hindcast.Ref, at string, e hindcast.Event) {
	if strings.TrimSpace(e.Text) == "" {
		return
	}
	e.Test = e.Actor.Kind == hindcast.Automation && rd.words.Test(e.Text)
	rd.Write(ref, at, e)
}
