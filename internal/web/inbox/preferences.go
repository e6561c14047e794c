package inbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// Preferences is what the page of what reaches a person shows.
type Preferences struct {
	Choices notice.Choices
	Closed  string // why no mail comes whatever is chosen; empty when it does
	Email   string
	Saved   bool
	Fault   string
}

// quiet reports whether there are quiet hours.
func (p Preferences) quiet() bool { return p.Choices.Quiet.From != p.Choices.Quiet.To }

// wrongZone reports whether the zone is what is wrong.
func (p Preferences) wrongZone() bool { return strings.HasPrefix(p.Fault, "zone: ") }

// hours of a day that quiet hours begin and end with until somebody chooses.
const (
	evening = 18
	morning = 8
)

// from and to are the quiet hours that the form begins with.
func (p Preferences) from() int {
	if p.quiet() {
		return p.Choices.Quiet.From
	}
	return evening
}

func (p Preferences) to() int {
	if p.quiet() {
		return p.Choices.Quiet.To
	}
	return morning
}

// except reports whether a kind comes in quiet hours too.
func (p Preferences) except(k workflow.NoteKind) bool {
	return slices.Contains(p.Choices.Quiet.Except, k)
}

// WayWords says how something comes.
func WayWords(w notice.Way) string {
	switch w {
	case notice.Mail:
		return "mail at once"
	case notice.Digest:
		return "in the digest"
	case notice.Inbox:
		return "inbox only"
	}
	return "not at all"
}

// clock is an hour of the day.
func clock(h int) string { return time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC).Format("15:04") }

// zones are some time zones to choose from; others can be written.
var zones = []string{"UTC", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
	"America/Sao_Paulo", "America/Toronto", "Asia/Bangkok", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai",
	"Asia/Singapore", "Asia/Tokyo", "Australia/Brisbane", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Lisbon",
	"Europe/London", "Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland"}

// week are the days of a week as a form lists them.
var week = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func (h Handlers) preferences(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	c, err := h.Notice.Choices(r.Context(), v)
	if err != nil {
		return err
	}
	return h.showPreferences(w, r, v, http.StatusOK, Preferences{Choices: c, Saved: r.URL.Query().Get("done") == "saved"})
}

func (h Handlers) showPreferences(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, p Preferences) error {
	p.Closed, p.Email = h.Closed(), h.Email(r, v)
	return h.Show(w, r, v, status, "Preferences", PreferencesPage(p))
}

func (h Handlers) savePreferences(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	c := choicesOf(r.PostForm)
	err := h.Notice.SetChoices(r.Context(), v, c)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return h.showPreferences(w, r, v, http.StatusUnprocessableEntity, Preferences{Choices: c, Fault: err.Error()})
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/inbox/preferences?done=saved")
}

// choicesOf reads the form.
func choicesOf(f url.Values) notice.Choices {
	c := notice.Choices{Ways: map[workflow.NoteKind]notice.Way{}, Zone: f.Get("zone"), Weekly: f.Get("digest") == "weekly", Day: time.Weekday(number(f.Get("day"))), Hour: number(f.Get("hour")), Actions: f.Get("actions") != ""}
	for _, k := range workflow.NoteKinds() {
		if way := notice.Way(f.Get("way." + string(k))); way != "" {
			c.Ways[k] = way
		}
		if f.Get("except."+string(k)) != "" {
			c.Quiet.Except = append(c.Quiet.Except, k)
		}
	}
	c.Quiet.DaysOff = f.Get("days-off") != ""
	if f.Get("quiet") != "" {
		c.Quiet.From, c.Quiet.To = number(f.Get("from")), number(f.Get("to"))
	}
	return c
}

// number reads a number; -1, which nothing can be, when it is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
