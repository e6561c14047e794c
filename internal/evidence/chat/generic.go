package chat

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// The names of what a message of no known maker tells.
var (
	timeNames    = []string{"time", "timestamp", "ts", "at", "date", "created_at", "sent_at", "sys_created_on"}
	channelNames = []string{"channel", "channel_name", "room", "conversation"}
	userNames    = []string{"user", "author", "from", "sender", "username", "user_name", "nick", "name", "by", "who", "speaker", "sys_created_by"}
	textNames    = []string{"text", "body", "content", "said", "message", "msg"}
	// lists are what a list of messages is called in which they stand.
	lists       = []string{"messages", "history", "conversation", "thread", "posts", "replies"}
	people      = []string{"user", "author", "from", "sender", "username", "user_name", "nick", "speaker"} // which no logger is called
	commitNames = []string{"sha", "hash", "commit", "id", "revision", "version", "action", "event", "type", "kind"}
	logNames    = []string{"level", "severity", "logger", "service", "host", "pid", "trace_id", "status", "state", "method", "title"}
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
	shape := jsonrec.Sniff(h.Bytes)
	talk := slices.ContainsFunc(shape.Records, func(f jsonrec.Fields) bool { return talking.MatchString(member(f, listOf(f), textNames)) })
	if len(shape.Records) > 0 && shape.Most(func(f jsonrec.Fields) bool { return isMessage(f, listOf(f), talk) }) {
		return 72
	}
	return 0
}

// listOf is the path of a list of messages in a record; "" when it holds none.
func listOf(f jsonrec.Fields) string {
	for _, list := range lists {
		if f[list] == "[" {
			return list + "."
		}
	}
	return ""
}

// member is the first of some members of a record below at; "{" for an object.
func member(f jsonrec.Fields, at string, names []string) string {
	for _, n := range names {
		if v := f[at+n]; v != "" && v != "[" {
			return v
		}
	}
	return ""
}

// isMessage reports whether the members of a record below at are those of a message. A text
// under a name that programs use too is one in a channel, or where somebody talks.
func isMessage(f jsonrec.Fields, at string, talk bool) bool {
	has := func(names []string) bool { return member(f, at, names) != "" }
	return has(timeNames) && has(userNames) && !has(logNames) &&
		(has(textNames[:4]) || has(textNames) && (has(channelNames) || talk && has(people) && !has(commitNames)))
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

// columns are where a table of messages holds what; -1 where it holds none.
type columns struct {
	date, at, user, text, channel int
	zone                          *time.Location // that the name of the column of times tells; nil for none
	journal                       bool           // it is what people wrote to records of ServiceNow
}

// inBrackets is what stands behind the name of a column.
var inBrackets = lazyregexp.New(`\s*[(\[].*$`)

func columnsOf(header []string) (c columns, ok bool) {
	find := func(names ...string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(names, strings.ReplaceAll(strings.ToLower(inBrackets.ReplaceAllString(h, "")), " ", "_"))
		})
	}
	c = columns{date: -1, at: find(timeNames...), user: find(userNames...), text: find(textNames...), channel: find(channelNames...)}
	if day, clock := find("date", "day"), find("time"); day >= 0 && clock >= 0 {
		c.date, c.at = day, clock
	}
	c.zone = stamp.HeaderZone(cell(header, c.at))
	if c.journal = find("sys_created_by") >= 0 && find("element") >= 0; c.journal {
		c.text, c.channel, c.zone = find("value"), find("element_id"), time.UTC // as it keeps its times
	}
	return c, c.at >= 0 && c.user >= 0 && c.text >= 0 && find(logNames...) < 0 && find(commitNames...) < 0
}

// cell is a cell of a row; "" where the row or the table has none.
func cell(cells []string, i int) string {
	if i < 0 || i >= len(cells) {
		return ""
	}
	return cells[i]
}

func (c columns) when(cells []string) string {
	return strings.TrimSpace(cell(cells, c.date) + " " + cell(cells, c.at))
}

// recognizeTable takes a table in which few people talk to each other, with times that
// leave no doubt about day and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok || bytes.HasPrefix(bytes.TrimSpace(h.Bytes), []byte("|")) { // a table of Markdown
		return 0
	}
	c, ok := columnsOf(t.Header)
	if !ok {
		return 0
	}
	return c.score(t.Rows)
}

// score is the confidence that the rows of a table are those of a conversation.
func (c columns) score(rows [][]string) int {
	if !slices.ContainsFunc(rows, func(row []string) bool { return csvrec.Certain(c.when(row)) }) {
		return 0
	}
	if c.journal {
		return 80
	}
	n := tally{names: map[string]bool{}, shapes: map[string]bool{}, loose: true}
	for _, row := range rows {
		n.lines++
		n.add(spoken{name: cell(row, c.user), text: cell(row, c.text)})
	}
	return n.score()
}

// Columns are where a table that is a conversation holds what.
type Columns struct{ columns }

// Talking finds the columns of a table of which another package has the header and some
// rows; false unless few people talk to each other in it, at times that leave no doubt
// about day and month.
func Talking(header []string, rows [][]string) (Columns, bool) {
	c, ok := columnsOf(header)
	return Columns{c}, ok && c.score(rows) > 0
}

// Said returns the message of a row.
func (c Columns) Said(cells []string) Said {
	return Said{At: c.when(cells), Zone: c.zone, Name: cell(cells, c.user), Text: cell(cells, c.text), Channel: cell(cells, c.channel)}
}

// table returns the parser of a table of messages.
func (p *parser) table(f *record.File, h record.Head) record.LineParser {
	return csvrec.NewParser(f, h, func(header []string, sink record.Sink) func(hindcast.Ref, []string) {
		rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, channel: channelOf(f.Name)}
		c, _ := columnsOf(header)
		return func(ref hindcast.Ref, cells []string) {
			rd.write(ref, stamp.Zoned(f, c.zone, c.when(cells)), rd.said(cell(cells, c.user), cell(cells, c.text), cmp.Or(cell(cells, c.channel), rd.channel)))
		}
	})
}
