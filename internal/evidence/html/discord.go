package html

import (
	"cmp"
	"strings"
	"time"

	"golang.org/x/net/html"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/chat"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// discord reads what DiscordChatExporter writes: groups of messages that one person wrote
// after each other, with the name before the first. The time stands there too; later
// messages of a group have a short one, whose title is complete. What the zone of all
// times is stands below the last message, where it is said, so messages are held until then.
type discord struct {
	say     sayer
	entries int // of the head that were read
	channel string
	zone    *time.Location
	reads   string
	part    part
	name    string // of the group
	app     bool
	at      string // of the group, or of the last message
	open    bool   // a message is open
	ref     hindcast.Ref
	message chat.Said
	lines   lines
	marks   lines // reactions
	held    []held
	size    int  // of what is held, in bytes
	through bool // too many messages were held
}

type held struct {
	ref hindcast.Ref
	chat.Said
}

// mostHeld is how many messages are held at most, and mostBytes how much they say.
const (
	mostHeld  = 50_000
	mostBytes = 32 << 20
)

func newDiscord(_ string, say sayer) maker { return &discord{say: say} }

// holds returns what an element of a class holds, in the versions of the exporter; "" for
// others.
func holds(class string) string {
	switch class {
	case "chatlog__author", "chatlog__author-name":
		return "name"
	case "chatlog__timestamp", "chatlog__short-timestamp":
		return "time"
	case "chatlog__content", "chatlog__markdown-preserve", "preserve-whitespace":
		return "text"
	case "chatlog__attachment-generic-name":
		return "file"
	case "preamble__entry":
		return "entry"
	case "postamble__entry":
		return "zone"
	}
	return ""
}

// take takes a tag or a text.
func (d *discord) take(t *token) {
	begins := t.kind == html.StartTagToken
	switch {
	case t.opens("chatlog__message-group"):
		d.close()
		d.name, d.app, d.at = "", false, ""
	case begins && t.attrs["data-message-id"] != "" && (t.opens("chatlog__message-container") || t.opens("chatlog__message")):
		d.close()
		d.open, d.ref = true, t.ref
		id := t.attrs["data-message-id"]
		d.message = chat.Said{ID: "discord:" + id, Attrs: map[string]string{}}
		if strings.Contains(t.class, "--pinned") {
			d.message.Attrs["pinned"] = "true"
		}
	case d.part.open():
		if d.part.take(t) {
			d.read(d.part.text())
			d.ref.EndLine = t.ref.EndLine
		}
	case begins:
		d.inside(t)
	}
}

var (
	// media finds the name of a file in the title of what shows it, and answered the
	// message that one answers.
	media    = lazyregexp.New(`^(?:Image|Video|Audio): (.+) \([\d.,]+ \w+\)$`)
	answered = lazyregexp.New(`^scrollToMessage\(event, ?'(\d+)'\)$`)
)

// inside takes a tag that begins an element outside of those that are being read.
func (d *discord) inside(t *token) {
	switch {
	case t.opens("chatlog__author-tag") || t.opens("chatlog__bot-tag"):
		d.app = true
		return
	case t.opens("chatlog__reaction"):
		d.marks.add(t.attrs["title"])
		return
	}
	for c := range strings.FieldsSeq(t.class) {
		what := holds(c)
		if what == "" || what == "entry" && d.entries > 1 || (what == "text" || what == "file") && !d.open {
			continue
		}
		if said := cmp.Or(t.attrs["data-timestamp"], t.attrs["title"]); what == "time" && said != "" {
			d.at = said
			return
		}
		d.reads = what
		d.part.begin(t, what == "text")
		return
	}
	if m := media.FindStringSubmatch(t.attrs["title"]); m != nil && d.open {
		d.lines.add("[file: " + m[1] + "]")
	}
	if m := answered.FindStringSubmatch(t.attrs["onclick"]); m != nil && d.open {
		d.message.Attrs["thread"] = m[1]
	}
}

// read takes the words of an element.
func (d *discord) read(text string) {
	switch d.reads {
	case "name":
		d.name = text
	case "time":
		d.at = text
	case "file":
		d.lines.add("[file: " + text + "]")
	case "entry": // the server, then the channel below its category
		d.entries++
		d.channel = text[strings.LastIndex(text, " / ")+1:]
	case "zone":
		d.zone = cmp.Or(stamp.HeadZone(text), d.zone)
	default:
		if text = strings.TrimSpace(strings.TrimSuffix(text, "(edited)")); text != "" {
			d.lines.add(text)
		}
	}
}

// close keeps the message that is open.
func (d *discord) close() {
	if d.part.open() { // an element that does not end
		d.read(d.part.text())
	}
	if !d.open {
		return
	}
	m := d.message
	m.At, m.Name, m.App, m.Channel, m.Text = d.at, d.name, d.app, strings.TrimPrefix(strings.TrimSpace(d.channel), "/ "), d.lines.text()
	m.Attrs["reactions"] = strings.Join(d.marks.all, ",")
	d.open, d.lines, d.marks = false, lines{}, lines{}
	d.size += len(m.Text)
	if d.held = append(d.held, held{d.ref, m}); d.through || len(d.held) > mostHeld || d.size > mostBytes {
		d.through = true
		d.let()
	}
}

// let writes the messages that are held.
func (d *discord) let() {
	for _, h := range d.held {
		h.Zone = d.zone
		d.say(h.ref, h.Said)
	}
	d.held = nil
}

// limit says that the zone below the last message came too late.
func (d *discord) limit() string {
	if !d.through || d.zone == nil {
		return ""
	}
	return "the page says its zone only below so many messages that the first were read without it; name it with --zone, or export the channel in parts"
}

func (d *discord) end() {
	d.close()
	d.let()
}
