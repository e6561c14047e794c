package chat

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isMatrix(f jsonrec.Fields) bool {
	for _, at := range []string{"", "messages.", "chunk.", "timeline.events."} {
		if f.Has(at+"origin_server_ts", at+"sender", at+"type") {
			return true
		}
	}
	return false
}

// matrixEvent is an event of a room of Matrix.
type matrixEvent struct {
	ID      string         `json:"event_id"`
	Type    string         `json:"type"`
	Sender  string         `json:"sender"`
	At      jsonrec.Scalar `json:"origin_server_ts"` // milliseconds
	Content struct {
		Kind    string `json:"msgtype"`
		Body    string `json:"body"`
		Relates struct {
			Kind string `json:"rel_type"`
			ID   string `json:"event_id"`
		} `json:"m.relates_to"`
	} `json:"content"`
}

// matrix reads an event of a room. Only messages say something; one that replaces another
// is an edit of it.
func (rd *reading) matrix(rec jsonrec.Record) {
	var m matrixEvent
	if !rec.Decode(&m, rd.sink) || m.Type != "m.room.message" || m.Content.Relates.Kind == "m.replace" {
		return
	}
	login, _, _ := strings.Cut(strings.TrimPrefix(m.Sender, "@"), ":")
	e := rd.said(cmp.Or(login, m.Sender), m.Content.Body, rd.channel)
	if m.Content.Kind == "m.notice" { // which only bots send
		e.Actor.Kind = hindcast.Automation
	}
	if m.ID != "" {
		e.ID = "matrix:" + m.ID
	}
	if m.Content.Relates.Kind == "m.thread" {
		e.Attrs["thread"] = m.Content.Relates.ID
	}
	rd.write(rec.Ref(), string(m.At), e)
}
