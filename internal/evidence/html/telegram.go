package html

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/chat"
)

// telegram reads the page of a chat of Telegram:
//
//	<div class="message default clearfix" id="message12">
//	  <div class="pull_right date details" title="21.10.2025 16:40:10 UTC+02:00">16:40</div>
//	  <div class="from_name">Engineer A</div>
//	  <div class="text">checkout is slow</div>
//
// A message with the class "joined" has no name: it is by who wrote the one before. In
// what was forwarded stands another name, of who wrote it first.
type telegram struct {
	say       sayer
	channel   string
	name      string // who wrote last
	reads     string // what is being read: "channel", "name", "text" or "file"
	part      part
	open      bool // a message is open
	forwarded bool // what follows in it was forwarded
	ref       hindcast.Ref
	id        string
	reply     string // the id of the message that it answers
	at        string
	lines     lines
}

func newTelegram(_ string, say sayer) maker { return &telegram{say: say} }

// take takes a tag or a text.
func (g *telegram) take(t *token) {
	switch {
	case t.name == "div" && t.opens("message"):
		g.end()
		if t.opens("default") {
			g.open, g.ref, g.id = true, t.ref, strings.TrimPrefix(t.attrs["id"], "message")
		}
	case g.part.open():
		if g.part.take(t) {
			g.read(g.part.text())
			g.ref.EndLine = t.ref.EndLine
		}
	case t.kind != html.StartTagToken:
	case !g.open:
		if g.channel == "" && t.opens("text") && t.opens("bold") {
			g.begin(t, "channel")
		}
	default:
		g.inside(t)
	}
}

func (g *telegram) begin(t *token, what string) {
	g.reads = what
	g.part.begin(t, false)
}

// inside takes a tag within a message.
func (g *telegram) inside(t *token) {
	switch {
	case t.name == "div" && t.opens("date") && g.at == "":
		g.at, g.ref.EndLine = t.attrs["title"], t.ref.EndLine
	case t.opens("forwarded"):
		g.forwarded = true
	case t.opens("from_name") && !g.forwarded:
		g.begin(t, "name")
	case t.name == "div" && t.opens("text"):
		g.begin(t, "text")
	case t.opens("title") && t.opens("bold"):
		g.begin(t, "file")
	case t.name == "a" && g.reply == "":
		if _, id, ok := strings.Cut(t.attrs["href"], "#go_to_message"); ok {
			g.reply = id
		}
	}
}

// read takes the words of an element.
func (g *telegram) read(text string) {
	switch {
	case g.reads == "channel":
		g.channel = text
	case g.reads == "name":
		g.name = text
	case g.reads == "file" && text != "":
		g.lines.add("[file: " + text + "]")
	case text != "":
		g.lines.add(text)
	}
}

// end writes the message that is open.
func (g *telegram) end() {
	if g.part.open() { // an element that does not end
		g.read(g.part.text())
	}
	if g.open {
		s := chat.Said{At: g.at, Name: g.name, Text: g.lines.text(), Channel: g.channel, Attrs: map[string]string{"thread": g.reply}}
		if g.id != "" {
			s.ID = "telegram:" + cmp.Or(g.channel, "chat") + "/" + g.id
		}
		g.say(g.ref, s)
	}
	*g = telegram{say: g.say, channel: g.channel, name: g.name}
}
