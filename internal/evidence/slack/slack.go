// Package slack reads Slack conversations.
//
// It takes the files of a workspace export (Settings, Import/Export Data, or
// any tool that writes the same folders) and saved answers of the Web API:
//
//	CHANNEL/2024-05-01.json, one file per channel         slack-messages
//	CHANNEL/2024-05-01.ANYTHING.json of a connection      slack-messages
//	conversations.history, conversations.replies          slack-messages
//	search.messages, event callbacks as lines             slack-messages
//	users.json, users.list                                slack-users
//	channels.json, groups.json, dms.json, mpims.json      slack-channels
//	integration_logs.json                                 slack-integration-logs
//
// Only messages become events. A message's ts is its identity and, to the
// microsecond, its time. Names come from the profiles that messages carry, of
// whatever file, and from users.json; a person of whom neither tells appears by user id.
package slack

import (
	"bytes"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of Slack's exports and API answers, and the empty
// list that an export writes where it has nothing to say.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		markup: regexp.MustCompile(`<([^<>]*)>`),
		day:    regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(?:\.[\w-]+)?$`),
	}
	ts := regexp.MustCompile(`^\d{10}\.\d{6}$`)
	return []record.Format{
		{Name: "slack-messages", Source: "Slack", Recognize: jsonrec.Recognizer(95, `"ts"`, isMessage(ts)), Parse: p.messages},
		{Name: "slack-users", Source: "Slack", Recognize: recognizeUsers, Parse: p.users},
		{Name: "slack-channels", Source: "Slack", Recognize: recognizeChannels, Parse: silent},
		{Name: "slack-integration-logs", Source: "Slack", Recognize: jsonrec.Recognizer(92, `"change_type"`, isIntegrationLog), Parse: silent},
		{Name: "empty-list", Recognize: isEmpty, Parse: silent},
	}
}

func isMessage(ts *regexp.Regexp) func(jsonrec.Fields) bool {
	return func(f jsonrec.Fields) bool {
		for _, at := range []string{"", "messages.", "messages.matches.", "event."} {
			if !ts.MatchString(f[at+"ts"]) {
				continue
			}
			if f[at+"type"] == "message" || f.Has(at+"text") && f.Any(at+"user", at+"bot_id", at+"username") {
				return true
			}
		}
		return false
	}
}

// recognizeUsers takes the list of people of an export, also one cut down to names and zones.
func recognizeUsers(h record.Head) int {
	return max(jsonrec.Recognizer(92, `"profile"`, isUser)(h), jsonrec.Recognizer(92, `"real_name"`, func(f jsonrec.Fields) bool {
		return isNamed(f, "") || isNamed(f, "members.")
	})(h))
}

// isNamed reports whether the members of a record below at are those of a user, cut down to
// the names.
func isNamed(f jsonrec.Fields, at string) bool {
	id := f[at+"id"]
	return f.Has(at+"id", at+"name", at+"real_name") && (strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W")) && !f.Any(at+"ts", at+"text", at+"email")
}

func isUser(f jsonrec.Fields) bool {
	for _, at := range []string{"", "members."} {
		if id := f[at+"id"]; f.Has(at+"profile", at+"name") && (strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W")) {
			return true
		}
	}
	return false
}

// recognizeChannels takes the list of channels of an export, also one cut down to their names.
func recognizeChannels(h record.Head) int {
	return max(jsonrec.Recognizer(92, `"members"`, isChannel)(h), jsonrec.Recognizer(92, `"is_archived"`, func(f jsonrec.Fields) bool {
		return f.Has("id", "name", "is_archived") && strings.HasPrefix(f["id"], "C") && !f.Any("ts", "text", "time", "created_at")
	})(h))
}

func isChannel(f jsonrec.Fields) bool {
	for _, at := range []string{"", "channels."} {
		if id := f[at+"id"]; f.Has(at+"members", at+"name") && f.Any(at+"created", at+"is_archived", at+"is_general", at+"purpose", at+"topic") && len(id) > 8 && strings.Trim(id[:1], "CGD") == "" {
			return true
		}
	}
	return false
}

func isIntegrationLog(f jsonrec.Fields) bool {
	return f.Has("change_type", "date", "user_id") || f.Has("logs.change_type", "logs.date", "logs.user_id")
}

func isEmpty(h record.Head) int {
	if h.Whole && string(bytes.TrimSpace(h.Bytes)) == "[]" {
		return 20
	}
	return 0
}

// silent reads a file that holds no events.
func silent(*record.File, io.Reader, record.Sink) error { return nil }

type parser struct {
	redactor    *redact.Redactor
	words       *fact.Words
	markup, day *regexp.Regexp
}

// messages reads the messages of one file. They are written when all are known:
// a mention is resolved by the profile of any message of that person, and a
// later record may edit, delete or pin an earlier one.
func (p *parser) messages(f *record.File, r io.Reader, sink record.Sink) error {
	c := &conversation{
		parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, channel: p.channelOf(f.Name),
		names: map[string]string{}, index: map[string]int{}, pinned: map[string]bool{}, said: map[string]bool{},
	}
	err := jsonrec.Each(f, r, sink, c.record, "", "messages", "messages.matches")
	c.write()
	return err
}

// channelOf is the channel that a file's place tells: the folder of a day's
// file of an export, or the file itself. It is empty when the name says nothing.
func (p *parser) channelOf(file string) string {
	dir, base := path.Split(file)
	base = strings.TrimSuffix(base, path.Ext(base))
	if p.day.MatchString(base) {
		if dir == "" {
			return ""
		}
		return path.Base(dir)
	}
	switch {
	case strings.Contains(base, "message"), strings.Contains(base, "history"), strings.Contains(base, "slack"), strings.Contains(base, "repl"), strings.Contains(base, "export"):
		return ""
	}
	return base
}
