// Package mail reads saved e-mail as evidence.
//
//	a message, as mail programs save and send it (.eml)   mail
//	a box of messages (mbox)                              mailbox
//
// What a person wrote is a message, at the time that its Date says, in the zone
// that it says; what programs wrote is told apart: alerts of common systems are
// alerts that fire or are resolved, notices of status pages are their updates, and
// answers that nobody wrote are no talk of people. Older messages that one quotes,
// signatures and disclaimers are left out. Files that are attached are evidence of
// their own (package evidence).
//
// A message that Hindcast took in itself begins with two fields of ours:
//
//	Hindcast-Received: 2024-06-02T14:37:21Z
//	Hindcast-Mark: entry
//
// The mark, entry or decision, says that it was meant for the post-mortem; it counts
// only right there, where no sender can put it.
package mail

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// The fields that begin what Hindcast took in itself.
const (
	ReceivedField = "Hindcast-Received"
	MarkField     = "Hindcast-Mark"
)

// Formats returns the formats of e-mail.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	recognize := func(many bool) func(record.Head) int {
		return func(h record.Head) int {
			if message.Looks(h.Bytes) && strings.HasPrefix(string(h.Bytes[:min(len(h.Bytes), 5)]), "From ") == many {
				return 90
			}
			return 0
		}
	}
	return []record.Format{
		{Name: "mail", Source: "e-mail", Recognize: recognize(false), Parse: p.parse},
		{Name: "mailbox", Source: "e-mail", Recognize: recognize(true), Parse: p.parse},
	}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// mostLines bounds the lines of a message that an entry points to; files that are
// attached make a message long.
const mostLines = 400

// parse reads the messages of a file.
func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	for box := message.OpenBox(r); box.Next(); {
		ref := hindcast.Ref{File: f.Name, Line: box.Line(), Offset: box.Offset()}
		h, body, faults, err := message.ReadBody(box)
		if err != nil {
			return err
		}
		end, err := box.End()
		if err != nil {
			return err
		}
		if end = min(end, ref.Line+mostLines); end > ref.Line {
			ref.EndLine = end
		}
		for _, said := range faults {
			w.Problem(ref, "of the message, "+said)
		}
		p.write(w, ref, h, body)
	}
	return nil
}

// apart is how far the time that a sender says and that of the first server may
// differ: clocks are off, and mail waits in the outbox for a while.
const apart = 10 * time.Minute

// write writes what a message says.
func (p *parser) write(w *fact.Writer, ref hindcast.Ref, h message.Header, body message.Body) {
	first, _ := h.Received()
	at, ok := h.Date()
	switch {
	case !ok && first.IsZero():
		w.Problem(ref, "the message does not say when it was written; it was skipped")
		return
	case !ok:
		at = first
		w.Problem(ref, "the message does not say when it was written; the time of the first server was taken")
	case !first.IsZero() && first.Sub(at).Abs() > apart:
		w.Problem(ref, fmt.Sprintf("the message says another time than the first server that took it, by %s; the time that it says was kept", hindcast.FormatDuration(first.Sub(at).Abs())))
	}
	e := p.event(h, body)
	if id := h.ID(); id != "" {
		e.ID = "mail:" + id
	}
	if len(h) > 1 && h[0].Name == ReceivedField && h[1].Name == MarkField && (h[1].Value == "entry" || h[1].Value == "decision") {
		e.Attrs["mark"], e.Attrs["written"] = h[1].Value, at.UTC().Format(time.RFC3339)
	}
	w.Write(ref, at.Format(time.RFC3339Nano), e)
}

// event says what a message is.
func (p *parser) event(h message.Header, body message.Body) hindcast.Event {
	from, subject := h.From(), h.Text("Subject")
	if e, ok := p.alert(from, subject, body.Text); ok {
		e.Test = p.words.Test(subject)
		return e
	}
	e := hindcast.Event{Kind: hindcast.Message, Actor: p.actor(h, from), Attrs: map[string]string{"subject": subject, "files": strings.Join(body.Files, ", ")}}
	e.Attrs["from"], e.Attrs["to"] = from.Domain(), strings.Join(domains(h), " ")
	if root := h.Root(); root != "" {
		e.Attrs["thread"] = "mail:" + root
	}
	if e.Actor.Kind == hindcast.Automation {
		e.Attrs["auto"] = "true"
	}
	if Answers(h) {
		e.Kind = hindcast.Record // nobody says anything
	}
	said := message.Said(body.Text)
	switch {
	case said == "":
		said = subject
	case h.Parent() == "" && !answer.MatchString(subject) && subject != "":
		said = subject + stop(subject) + "\n" + said
	}
	for _, f := range body.Files {
		said += "\n[file: " + f + "]"
	}
	e.Title, e.Text = salutation.ReplaceAllString(said, "$1"), said
	e.Test = e.Actor.Kind == hindcast.Automation && p.words.Test(said)
	return e
}

// domains returns those to which a message went, each once.
func domains(h message.Header) []string {
	var out []string
	for _, a := range slices.Concat(h.Addresses("To"), h.Addresses("Cc")) {
		if d := a.Domain(); d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// stop is what ends a subject that goes on with its text.
func stop(subject string) string {
	if strings.ContainsAny(subject[len(subject)-1:], ".!?:") {
		return ""
	}
	return ":"
}

var (
	// answer begins the subject of a reply.
	answer = lazyregexp.New(`(?i)^(?:re|aw|sv|antw|rif|res)(?:\[\d+\])?:`)
	// salutation is the line in which a letter greets, after its subject or alone.
	salutation = lazyregexp.New(`(?i)^([^\n]*:\n)?(?:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|greetings|hallo|guten (?:morgen|tag)|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|ch[eè]re?s?|hola|buen[oa]s (?:d[ií]as|tardes)|estimad[oa]s?|ciao|buongiorno|gentil[ei])\b[^\n.;?]{0,50}[,!:]?\n+`)
	// away are subjects of answers that programs give for people.
	away = lazyregexp.New(`(?i)^(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|abwesenheit|automatische antwort|réponse automatique|respuesta automática|undeliver(?:able|ed)|delivery status notification|mail delivery (?:failed|subsystem)|returned mail)\b`)
	// robots are addresses from which nobody writes.
	robots = lazyregexp.New(`(?i)^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?|notifications?|alerts?|root|nagios|icinga2?|cron|monitoring)(?:[+.@_-]|$)`)
)

// Answers reports whether a program answered in somebody's place, or returned a
// message.
func Answers(h message.Header) bool {
	how, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	return strings.TrimSpace(how) == "auto-replied" || strings.ToLower(h.Get("Precedence")) == "auto_reply" || h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" ||
		strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "multipart/report") || away.MatchString(h.Text("Subject"))
}

// Automatic reports whether a message was written by a program: a notice, a bounce,
// an answer for somebody who is away.
func Automatic(h message.Header) bool {
	how, _, _ := strings.Cut(strings.ToLower(h.Get("Auto-Submitted")), ";")
	precedence := strings.ToLower(h.Get("Precedence"))
	return Answers(h) || how != "" && strings.TrimSpace(how) != "no" || precedence == "bulk" || precedence == "junk" ||
		h.Get("Return-Path") == "<>" || robots.MatchString(h.From().Address)
}

// actor is who wrote a message, by the name that they go by there.
func (p *parser) actor(h message.Header, from message.Address) hindcast.Actor {
	local, _, _ := strings.Cut(from.Address, "@")
	a := p.words.Actor(cmp.Or(from.Name, local, "unknown"))
	if Automatic(h) {
		a.Kind = hindcast.Automation
	}
	return a
}
