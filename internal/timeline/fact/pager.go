package fact

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// pager reads a step of a pager incident.
func (r *Reader) pager(f *Fact, e hindcast.Event) {
	f.Number = number(e)
	f.Name = AlertName(e.Title)
	f.SaidAt = e.At
	switch e.Kind {
	case hindcast.PagerTriggered:
		f.Class = Paged
		f.Actor.Kind = hindcast.Automation
	case hindcast.PagerAcknowledged:
		f.Class = Acknowledged
	case hindcast.PagerResolved:
		f.Class = Closed
	default:
		f.Class = PagerWork
		if received.MatchString(e.Title) {
			f.Class, f.Actor.Kind = Paged, hindcast.Automation
		}
		if step := e.Attrs["step"]; strings.HasPrefix(step, "escalate") || strings.Contains(step, "responder") && !strings.HasSuffix(step, "reply") || step == "exhaust_escalation_path" || more.MatchString(e.Title) {
			f.Class = Escalated
		}
	}
}

// alert reads what a monitor says.
func (r *Reader) alert(f *Fact, e hindcast.Event) {
	f.Class, f.SaidAt = Fired, e.At
	if e.Kind == hindcast.AlertResolved {
		f.Class = Cleared
	}
	f.Name = cmp.Or(e.Attrs["alertname"], AlertName(e.Title))
	f.Number = number(e)
	f.Actor.Kind = hindcast.Automation
}

// status reads an update of a status page.
func (r *Reader) status(f *Fact, e hindcast.Event) {
	f.Class = Posted
	if e.Actor.Kind == hindcast.External {
		f.Class = VendorPosted
	}
	f.Speech = r.grammar.Read(f.Text())
	f.Speech.Act = "" // nobody says it to the others
}

// number is the number of the pager incident that an event is about.
func number(e hindcast.Event) string {
	if n := e.Attrs["number"]; n != "" {
		return strings.TrimPrefix(n, "#")
	}
	if m := titleNumber.FindStringSubmatch(e.Title); m != nil {
		return m[1]
	}
	if system, id, ok := strings.Cut(e.Subject, ":"); ok && system != "alert" && system != "deploy" {
		return id
	}
	return ""
}

// more is how a pager's log tells that more people were called.
var more = lazyregexp.New(`(?i)\bescalated to\b|^added responder\b|^responder (?:team |user )?\S+ added\b`)

// received is how a pager's log tells that it was triggered.
var received = lazyregexp.New(`(?i)^(?:alert|incident|page) (?:was )?(?:received|created|opened|triggered)\b`)

var (
	titleNumber = lazyregexp.New(`#(\d{2,})\b`)
	camel       = lazyregexp.New(`\b[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]+)+[A-Z]*\b`)
)

// AlertName returns the name of an alert rule in a title, such as
// "DiskAlmostFull"; "" when there is none.
func AlertName(title string) string { return camel.FindString(title) }
