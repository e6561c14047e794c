package pagerduty

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// webhook is an event of webhooks v3. What its data is depends on its kind: an
// incident for most, else an object that refers to one.
type webhook struct {
	ID         jsonrec.Scalar `json:"id"`
	Kind       string         `json:"event_type"`
	OccurredAt string         `json:"occurred_at"`
	Agent      reference      `json:"agent"`
	Client     struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	} `json:"client"`
	Data webhookData `json:"data"`
}

type webhookData struct {
	incident
	About   reference      `json:"incident"` // the incident, where data is not one itself
	Content string         `json:"content"`  // of a note
	Message jsonrec.Scalar `json:"message"`  // of a status update or a request for help
	User    reference      `json:"user"`
	State   jsonrec.Scalar `json:"state"`
}

// webhookSteps names the steps of webhooks the way log entries do.
var webhookSteps = map[string]string{
	"reassigned": "assign", "escalated": "escalate", "delegated": "delegate", "unacknowledged": "unacknowledge", "reopened": "reopen",
	"priority_updated": "priority", "responder.added": "responder", "responder.replied": "responder-reply", "snoozed": "snooze",
}

// webhook writes what one webhook says. Those that are not about an incident are
// passed over.
func (rd *reading) webhook(rec jsonrec.Record) {
	var wh webhook
	if !rec.Decode(&wh, rd.sink) {
		return
	}
	what, ok := strings.CutPrefix(wh.Kind, "incident.")
	if !ok {
		return
	}
	e := rd.event(wh.Data.incident, hindcast.PagerStep, "", wh.Agent.actor())
	e.ID = identity(string(wh.ID))
	e.Attrs["client"] = wh.Client.Name
	e.Links = append(e.Links, present(wh.Client.URL)...)
	if wh.Data.About.ID != "" {
		rd.about(&e, wh.Data.About)
	}
	rd.say(&e, what, wh)
	rd.Write(rec.Ref(), wh.OccurredAt, e)
}

// say gives e its kind and its words.
func (rd *reading) say(e *hindcast.Event, what string, wh webhook) {
	switch what {
	case "triggered":
		e.Kind, e.Status, e.Title = hindcast.PagerTriggered, what, wh.Data.self().Summary
	case "acknowledged":
		e.Kind, e.Status, e.Title = hindcast.PagerAcknowledged, what, by("Acknowledged", wh.Agent)
		if wh.Agent.Type == "" {
			e.Actor = rd.words.Actor(wh.Agent.name())
		}
	case "resolved":
		e.Kind, e.Status, e.Title = hindcast.PagerResolved, what, by("Resolved", wh.Agent)
	case "annotated":
		e.Kind, e.Title, e.Text = hindcast.PagerNote, wh.Data.Content, wh.Data.Content
		e.ID = identity(string(wh.Data.ID)) // the note's, as in the list of notes
	case "status_update_published":
		e.Kind, e.Title, e.Text = hindcast.StatusUpdate, string(wh.Data.Message), string(wh.Data.Message)
	default:
		e.Attrs["step"] = cmp.Or(webhookSteps[what], what)
		e.Title = stepTitle(what, wh)
		e.Text = string(wh.Data.Message)
	}
}

// stepTitle words a step the way the log of the incident would.
func stepTitle(what string, wh webhook) string {
	words := strings.NewReplacer("_", " ", ".", " ").Replace(what)
	title := strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
	switch {
	case what == "priority_updated" && wh.Data.Priority.Summary != "":
		title += " to " + wh.Data.Priority.Summary
	case wh.Data.User.name() != "":
		title += ": " + wh.Data.User.name()
	case slices.Contains([]string{"reassigned", "escalated", "delegated"}, what) && len(wh.Data.Assignees) > 0:
		title += " to " + wh.Data.Assignees[0].name()
	}
	return by(title, wh.Agent)
}
