// Package html reads conversations and tables that are pages of HTML.
//
//	messages.html of a chat, as Telegram Desktop exports it      telegram-page
//	the default export of DiscordChatExporter                    discord-page
//	any page with a table with a time, a person and a text       html-messages
//	any page with a table of which a column is of times          html-table
//
// Pages are read tag by tag and never whole, so neither their length nor how deep
// their elements are nested matters, and an element that does not end is over where
// the next message or row begins. Discord's messages are held until their zone is
// known, within bounds. Scripts and styles are not read.
package html

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/chat"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/table"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Formats returns the formats of pages.
func Formats() []record.Format {
	p := &parser{talks: chat.NewTalks(), grids: table.NewGrids()}
	return []record.Format{
		{Name: "telegram-page", Source: "Telegram", Recognize: recognize([]string{`<div class="message default clearfix`}, []string{`<div class="pull_right date details" title="`}), Parse: p.talk(newTelegram)},
		{Name: "discord-page", Source: "Discord", Recognize: recognize([]string{".chatlog__message-group", `<div class="chatlog__message-group`, "<div class=chatlog__message-group"}, []string{"chatlog__timestamp"}), Parse: p.talk(newDiscord)},
		{Name: "html-messages", Recognize: p.recognizeTables(true), Yearless: p.yearless, Parse: p.tables},
		{Name: "html-table", Recognize: p.recognizeTables(false), Yearless: p.yearless, Parse: p.tables},
	}
}

// parser is what all pages share.
type parser struct {
	talks chat.Talks
	grids table.Grids
}

// pageHead is how pages begin, also those cut out of one.
var pageHead = lazyregexp.New(`(?i)\A\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?s:.{0,1000}?)-->\s*)*(?:<!doctype html|<(?:html|head|body|meta|title|div|table|h[1-4]|p|section|main|article)\b)`)

func isPage(b []byte) bool { return pageHead.MatchString(string(b[:min(len(b), 4<<10)])) }

// recognize returns a Recognize function for pages of a maker, of which one of each row of
// marks is in the head.
func recognize(marks ...[]string) func(record.Head) int {
	return func(h record.Head) int {
		for _, row := range marks {
			if !slices.ContainsFunc(row, func(m string) bool { return bytes.Contains(h.Bytes, []byte(m)) }) {
				return 0
			}
		}
		if !isPage(h.Bytes) {
			return 0
		}
		return 94
	}
}

// headSize is how much of a page is looked at before it is read: it settles how the times
// of a conversation are spelled.
const headSize = 256 << 10

// maker reads the page of one maker: it passes what people said on to say.
type maker interface {
	take(*token)
	end()
}

// sayer is what takes a message of a page.
type sayer func(hindcast.Ref, chat.Said)

// talk returns the Parse function for conversations of a maker.
func (p *parser) talk(open func(file string, say sayer) maker) func(*record.File, io.Reader, record.Sink) error {
	return func(f *record.File, r io.Reader, sink record.Sink) error {
		in := bufio.NewReaderSize(r, headSize)
		head, err := in.Peek(headSize)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var times []string
		first := open(f.Name, func(_ hindcast.Ref, s chat.Said) { times = append(times, s.At) })
		_, _ = read(f.Name, bytes.NewReader(head), first.take) // the head may be cut anywhere
		first.end()
		m := open(f.Name, p.talks.Open(f, times, sink).Say)
		problem, err := read(f.Name, in, m.take)
		m.end()
		if l, ok := m.(interface{ limit() string }); ok && l.limit() != "" {
			sink.Problem(hindcast.Problem{File: f.Name, Message: l.limit()})
		}
		if problem != nil {
			sink.Problem(*problem)
		}
		return err
	}
}
