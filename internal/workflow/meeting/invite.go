package meeting

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Guest is a person as an invitation names them.
type Guest struct{ Name, Email string }

// Invitation writes a meeting as an iCalendar object (RFC 5545): a request, or its
// cancellation once the meeting is canceled. Times are UTC. Those without an address
// are named in the description. link is where the meeting is.
func Invitation(m *Meeting, title, link, host string, guest func(person string) Guest) []byte {
	method, status := "REQUEST", "CONFIRMED"
	if m.State == Canceled {
		method, status = "CANCEL", "CANCELLED"
	}
	c := calendar{}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Hindcast//Meeting//EN")
	c.line("METHOD:" + method)
	c.line("BEGIN:VEVENT")
	c.line("UID:" + m.ID + "@" + safe(host))
	c.line(fmt.Sprintf("SEQUENCE:%d", m.Sequence))
	c.line("DTSTAMP:" + stamp(m.Stamp))
	c.line("DTSTART:" + stamp(m.StartsAt))
	c.line("DTEND:" + stamp(m.Ends()))
	c.line("STATUS:" + status)
	c.line("SUMMARY:" + text(fmt.Sprintf("Post-mortem #%d: %s", m.Num, title)))
	if m.Place != "" {
		c.line("LOCATION:" + text(m.Place))
	}
	c.line("DESCRIPTION:" + text(description(m, link)))
	if link != "" {
		c.line("URL:" + safe(link))
	}
	c.people(m, guest)
	c.line("END:VEVENT")
	c.line("END:VCALENDAR")
	return c.Bytes()
}

func (c *calendar) people(m *Meeting, guest func(string) Guest) {
	if g := guest(m.Facilitator); g.Email != "" {
		c.line("ORGANIZER;CN=" + param(g.Name) + ":mailto:" + safe(g.Email))
	}
	for _, a := range m.Attendees {
		if a.Person == "" {
			continue
		}
		if g := guest(a.Person); g.Email != "" {
			c.line("ATTENDEE;CN=" + param(g.Name) + ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" + safe(g.Email))
		}
	}
}

func description(m *Meeting, link string) string {
	var b strings.Builder
	b.WriteString("A blameless review: how our systems and our ways of working made this possible, and what makes the next time easier.\n\n")
	for _, x := range m.Agenda {
		fmt.Fprintf(&b, "%d min  %s\n", x.Minutes, x.Title)
	}
	for _, a := range m.Attendees {
		if a.Person == "" {
			fmt.Fprintf(&b, "\nAlso: %s", a.Role)
		}
	}
	if link != "" {
		b.WriteString("\n" + link)
	}
	return b.String()
}

// calendar is an iCalendar object that is being written.
type calendar struct{ bytes.Buffer }

// line writes a content line, folded after at most 75 octets and never within a
// character.
func (c *calendar) line(s string) {
	for room := 75; len(s) > room; room = 74 {
		n := room
		for !utf8.RuneStart(s[n]) {
			n--
		}
		c.WriteString(s[:n] + "\r\n ")
		s = s[n:]
	}
	c.WriteString(s + "\r\n")
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// text escapes a value of type TEXT.
func text(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "").Replace(control(s))
}

// param quotes the value of a parameter, which can hold no quotes itself.
func param(s string) string {
	return `"` + strings.ReplaceAll(safe(s), `"`, "'") + `"`
}

// safe keeps a value on its line.
func safe(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(control(s)) }

// control removes what no content line can hold.
func control(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
