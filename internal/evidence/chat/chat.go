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
//	Matrix: export of Element, GET /rooms/{id}/messages                    matrix-messages
//	a table of messages: time, user, text                                  chat-table
//	what a scribe wrote down on a call, a clock in each line              scribe-notes
//	captions of a call: WebVTT and SubRip                                  call-transcript
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
	c := captions{p}
	return []record.Format{
		{Name: "discord-messages", Source: "Discord", Recognize: jsonrec.Recognizer(93, `"author"`, isDiscord), Parse: p.parse((*reading).discord, "", "messages")},
		{Name: "teams-messages", Source: "Microsoft Teams", Recognize: jsonrec.Recognizer(95, `"createdDateTime"`, isTeams), Parse: p.parse((*reading).teams, "", "value")},
		{Name: "mattermost-posts", Source: "Mattermost", Recognize: recognizeMattermost, Parse: p.parse((*reading).mattermost, "")},
		{Name: "googlechat-messages", Source: "Google Chat", Recognize: jsonrec.Recognizer(93, `"name"`, isGoogle), Parse: p.parse((*reading).google, "", "messages")},
		{Name: "rocketchat-messages", Source: "Rocket.Chat", Recognize: jsonrec.Recognizer(90, `"username"`, isRocket), Parse: p.parse((*reading).rocket, "", "messages")},
		{Name: "zulip-messages", Source: "Zulip", Recognize: jsonrec.Recognizer(93, `"sender_full_name"`, isZulip), Parse: p.parse((*reading).zulip, "", "messages", "zerver_message")},
		{Name: "telegram-messages", Source: "Telegram", Recognize: jsonrec.Recognizer(93, `"text"`, isTelegram), Parse: p.parse((*reading).telegram, "", "messages", "chats.list")},
		{Name: "matrix-messages", Source: "Matrix", Recognize: jsonrec.Recognizer(93, `"origin_server_ts"`, isMatrix), Parse: p.parse((*reading).matrix, "", "messages", "chunk", "timeline.events")},
		{Name: "chat", Recognize: recognize, Parse: p.parse((*reading).message, append([]string{""}, lists...)...)},
		{Name: "chat-table", Recognize: recognizeTable, Lines: p.table},
		{Name: "chat-transcript", Recognize: t.recognize, Yearless: t.yearless, Dayless: t.dayless, Parse: t.parse},
		{Name: "scribe-notes", Recognize: n.recognize, Yearless: n.yearless, Dayless: n.dayless, Parse: n.parse},
		{Name: "call-transcript", Recognize: c.recognize, Parse: c.parse},
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
			rd.channel = cmp.Or(first["channel.name"], first["channel_name"], first["room_name"], scalar(first["channel"]), scalar(first["room"]), rd.channel)
			if first["messages"] == "[" && first.Has("name", "messages.date") { // Telegram's chat
				rd.channel = first["name"]
			}
		}
		return jsonrec.Each(f, in, sink, func(rec jsonrec.Record) { read(rd, rec) }, paths...)
	}
}

// scalar is the value of a member, "" when that is a container.
func scalar(v string) string {
	if v == "{" || v == "[" {
		return ""
	}
	return v
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

// said begins the event of what somebody wrote.
func (rd *reading) said(name, text, channel string) hindcast.Event {
	return hindcast.Event{
		Kind: hindcast.Message, Actor: rd.words.Actor(cmp.Or(name, "unknown")), Title: text, Text: text,
		Attrs: map[string]string{"channel": strings.TrimPrefix(channel, "#")},
	}
}

// write writes a message that says something.
func (rd *reading) write(ref hindcast.Ref, at string, e hindcast.Event) {
	if rd.tells(&e) {
		rd.Write(ref, at, e)
	}
}

// tells reports whether a message says something; a bot may say that it is a test.
func (rd *reading) tells(e *hindcast.Event) bool {
	e.Test = e.Actor.Kind == hindcast.Automation && rd.words.Test(e.Text)
	return strings.TrimSpace(e.Text) != ""
}
