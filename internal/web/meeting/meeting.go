// Package meeting holds the pages of the meeting about a post-mortem: its plan, the
// console of who facilitates, the view of those who follow, and the one for a
// shared screen. All three show the same room, which a stream keeps in step.
package meeting

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/live"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// Config says what the pages work with. All of it must be set.
type Config struct {
	Meetings *meeting.Service
	Now      func() time.Time
	Name     func(r *http.Request, v hindcast.Viewer, person string) string
	Guest    func(ctx context.Context, person string) meeting.Guest
	Address  func() string // where people reach the server, for invitations
	Hub      *live.Hub     // of the streams of meetings
	// Show answers with a page in its frame.
	Show func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title string, c templ.Component) error
	// Send answers a script of ours with a part of a page.
	Send func(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error
}

// NewHub returns a hub for streams of meetings, which look several times a second,
// so that everybody is in step within one.
func NewHub() *live.Hub { return live.New(live.Config{Every: 300 * time.Millisecond}) }

// Handlers answer for the pages. They may be used by several goroutines at once.
type Handlers struct{ Config }

// Handler answers a request of somebody who is signed in, or says why not.
type Handler = func(http.ResponseWriter, *http.Request, hindcast.Viewer) error

// Pages returns the handlers by pattern.
func (h Handlers) Pages() map[string]Handler {
	return map[string]Handler{
		"GET /p/{num}/meeting":                     h.present,
		"POST /p/{num}/meeting":                    h.plan,
		"GET /p/{num}/meeting/{id}":                h.room(""),
		"GET /p/{num}/meeting/{id}/follow":         h.room(Follow),
		"GET /p/{num}/meeting/{id}/screen":         h.room(Screen),
		"GET /p/{num}/meeting/{id}/plan":           h.change,
		"GET /p/{num}/meeting/{id}/live":           h.live,
		"GET /p/{num}/meeting/{id}/invitation.ics": h.invitation,
		"POST /p/{num}/meeting/{id}/cancel":        h.cancel,
		"POST /p/{num}/meeting/{id}/act":           h.act,
	}
}

// present shows the meeting that is planned or goes on, and else the form for one.
func (h Handlers) present(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, list, err := h.Meetings.List(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	for _, m := range list {
		if !m.State.Over() {
			return h.show(w, r, v, d, m, "")
		}
	}
	return h.form(w, r, v, http.StatusOK, d, list, planOf(d, h.Now()))
}

// form shows the form of a plan, with the meetings that were.
func (h Handlers) form(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, d *workflow.Document, list []*meeting.Meeting, f Form) error {
	f.Num, f.Title, f.Past, f.MayPlan = d.Num, d.Post.Incident.Title, list, d.May(access.Follow) == nil
	f.People = h.people(r, v, d)
	return h.Show(w, r, v, status, "Meeting about "+f.Title, PlanPage(f))
}

// planOf is the form as it begins: tomorrow at ten, everybody who takes part.
func planOf(d *workflow.Document, now time.Time) Form {
	f := Form{At: now.UTC().AddDate(0, 0, 1).Format("2006-01-02") + "T10:00", Zone: "UTC", Kind: meeting.Full, Agenda: meeting.Lines(meeting.Agenda(meeting.Full))}
	for _, p := range d.People {
		f.Invited = append(f.Invited, p.PersonID)
	}
	return f
}

func (h Handlers) change(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, m, err := h.Meetings.Get(r.Context(), v, r.PathValue("num"), r.PathValue("id"))
	if err != nil {
		return err
	}
	f := Form{ID: m.ID, At: m.StartsAt.In(m.Location()).Format("2006-01-02T15:04"), Zone: m.Zone, Kind: m.Kind, Agenda: meeting.Lines(m.Agenda), Place: m.Place, Facilitator: m.Facilitator, Invited: m.Invited()}
	for _, a := range m.Attendees {
		if a.Person == "" {
			f.Others += a.Role + "\n"
		}
	}
	return h.form(w, r, v, http.StatusOK, d, nil, f)
}

// plan keeps what the form says.
func (h Handlers) plan(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent, num := r.PostForm, r.PathValue("num")
	d, _, err := h.Meetings.List(r.Context(), v, num)
	if err != nil {
		return err
	}
	f := sentForm(sent)
	p, err := f.plan(d)
	if err == nil {
		if f.ID != "" {
			_, err = h.Meetings.Replan(r.Context(), v, num, f.ID, p)
		} else {
			_, err = h.Meetings.Plan(r.Context(), v, num, p)
		}
	}
	if hindcast.CodeOf(err) == hindcast.Invalid {
		f.Fault = answer.Sentence(err.Error())
		return h.form(w, r, v, http.StatusUnprocessableEntity, d, nil, f)
	}
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, meeting.Path(d.Num))
}

func sentForm(sent url.Values) Form {
	return Form{ID: sent.Get("id"), At: sent.Get("at"), Zone: strings.TrimSpace(sent.Get("zone")), Kind: meeting.Kind(sent.Get("kind")), Agenda: sent.Get("agenda"),
		Place: sent.Get("place"), Facilitator: sent.Get("facilitator"), Invited: sent["invited"], Others: sent.Get("others")}
}

// plan reads the form.
func (f Form) plan(d *workflow.Document) (meeting.Plan, error) {
	p := meeting.Plan{Zone: f.Zone, Kind: f.Kind, Place: f.Place, Facilitator: f.Facilitator}
	loc, err := time.LoadLocation(f.Zone)
	if err != nil || f.Zone == "" {
		return p, hindcast.Errorf(hindcast.Invalid, "there is no zone %.40q; use a name such as Europe/Berlin or UTC", f.Zone)
	}
	if p.StartsAt, err = time.ParseInLocation("2006-01-02T15:04", f.At, loc); err != nil {
		return p, hindcast.Errorf(hindcast.Invalid, "say when the meeting begins: day and time")
	}
	if p.Kind == meeting.Own {
		if p.Agenda, err = meeting.ParseAgenda(f.Agenda); err != nil {
			return p, err
		}
	}
	for _, x := range d.People {
		if slices.Contains(f.Invited, x.PersonID) {
			p.Attendees = append(p.Attendees, meeting.Attendee{Person: x.PersonID, Role: x.Role})
		}
	}
	for line := range strings.Lines(f.Others) {
		p.Attendees = append(p.Attendees, meeting.Attendee{Role: line})
	}
	return p, nil
}

func (h Handlers) cancel(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	m, err := h.Meetings.Cancel(r.Context(), v, r.PathValue("num"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, at(m, ""))
}

func (h Handlers) invitation(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, m, err := h.Meetings.Get(r.Context(), v, r.PathValue("num"), r.PathValue("id"))
	if err != nil {
		return err
	}
	address, host := h.Address(), "hindcast"
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	ics := meeting.Invitation(m, d.Post.Incident.Title, address+meeting.Path(d.Num), host, func(id string) meeting.Guest { return h.Guest(r.Context(), id) })
	method := "REQUEST"
	if m.State == meeting.Canceled {
		method = "CANCEL"
	}
	set := w.Header()
	set.Set("Content-Type", "text/calendar; charset=utf-8; method="+method)
	set.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="post-mortem-%d.ics"`, d.Num))
	_, _ = w.Write(ics) // the reader may have gone
	return nil
}

// room shows a meeting in a mode; the empty one is what the viewer does there.
func (h Handlers) room(mode Mode) Handler {
	return func(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
		d, m, err := h.Meetings.Get(r.Context(), v, r.PathValue("num"), r.PathValue("id"))
		if err != nil {
			return err
		}
		return h.show(w, r, v, d, m, mode)
	}
}

func (h Handlers) show(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, d *workflow.Document, m *meeting.Meeting, mode Mode) error {
	view := h.view(r, v, d, m, mode)
	if answer.Scripted(r) {
		return h.Send(w, r, http.StatusOK, Room(view))
	}
	return h.Show(w, r, v, http.StatusOK, "Meeting about "+d.Post.Incident.Title, Page(view))
}

func (h Handlers) view(r *http.Request, v hindcast.Viewer, d *workflow.Document, m *meeting.Meeting, mode Mode) *View {
	drives := meeting.Drives(d, m, v.PersonID) && v.MayWrite()
	if mode == "" {
		mode = Follow
		if drives {
			mode = Console
		}
	}
	return &View{Meeting: m, Post: &d.Post, Mode: mode, Now: h.Now().UTC(), Seen: d.Version + m.Version, Doc: d.Version, Drives: drives,
		MaySay: d.May(access.Comment) == nil && !m.State.Over(), MayPlan: d.May(access.Follow) == nil, MayWrite: d.May(access.Write) == nil, People: h.people(r, v, d),
		Name: func(id string) string { return h.Name(r, v, id) }}
}

func (h Handlers) people(r *http.Request, v hindcast.Viewer, d *workflow.Document) []Person {
	var out []Person
	for _, p := range d.People {
		out = append(out, Person{p.PersonID, h.Name(r, v, p.PersonID), p.Role})
	}
	return out
}

// live streams the versions of a meeting.
func (h Handlers) live(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, m, err := h.Meetings.Get(r.Context(), v, r.PathValue("num"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.Hub.Serve(w, r, live.Source{
		Person:  v.PersonID,
		Version: func(ctx context.Context) (int64, error) { return h.Meetings.Version(ctx, v, d.Num, m.ID) },
		Tell:    func(_ context.Context, n int64) (any, error) { return map[string]int64{"version": n}, nil },
	})
}

// act does what a form of the room asks for.
func (h Handlers) act(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	m, err := h.do(r, v, r.PathValue("num"), r.PathValue("id"), r.PostForm)
	if err != nil {
		return err
	}
	mode := Mode(r.PostForm.Get("mode"))
	if answer.Scripted(r) {
		d, m, err := h.Meetings.Get(r.Context(), v, r.PathValue("num"), m.ID)
		if err != nil {
			return err
		}
		return h.Send(w, r, http.StatusOK, Room(h.view(r, v, d, m, mode)))
	}
	if mode == Follow {
		return answer.Redirect(w, r, at(m, "/follow"))
	}
	return answer.Redirect(w, r, at(m, ""))
}

func (h Handlers) do(r *http.Request, v hindcast.Viewer, num, id string, sent url.Values) (*meeting.Meeting, error) {
	ctx, s, text := r.Context(), h.Meetings, sent.Get("text")
	switch do := sent.Get("do"); do {
	case "note":
		return s.Note(ctx, v, num, id, text)
	case "park":
		return s.Park(ctx, v, num, id, text)
	case "ask":
		return s.Ask(ctx, v, num, id, text, sent.Get("to"))
	case "show":
		return s.Show(ctx, v, num, id, sent.Get("path"))
	case "came":
		return s.Came(ctx, v, num, id, places(sent["came"]))
	case "take-up":
		return s.TakeUp(ctx, v, num, id, sent.Get("parked"), meeting.Writing{Text: text, Owner: sent.Get("owner"), Due: sent.Get("due")}, sent.Get("let") != "")
	case "add":
		return s.Add(ctx, v, num, id, meeting.Writing{Kind: sent.Get("kind"), Text: text, Clock: sent.Get("clock"), Actor: sent.Get("actor"), Lines: lines(sent.Get("options")), To: sent.Get("to"), Owner: sent.Get("owner"), Due: sent.Get("due")})
	case "close":
		c, err := closing(sent)
		if err != nil {
			return nil, err
		}
		return s.Close(ctx, v, num, id, c, func(person string) string { return h.Name(r, v, person) })
	default:
		block, err := strconv.Atoi(sent.Get("block"))
		if err != nil {
			block = -1
		}
		by, _ := strconv.Atoi(sent.Get("minutes")) // 0 is refused where it matters
		return s.Turn(ctx, v, num, id, do, block, by)
	}
}

// closing reads what is settled.
func closing(sent url.Values) (meeting.Closing, error) {
	c := meeting.Closing{Owner: sent.Get("owner"), NoFollowUp: sent.Get("no_follow_up")}
	for name, to := range map[string]*hindcast.Date{"publish": &c.Publish, "follow_up": &c.FollowUp} {
		if text := sent.Get(name); text != "" {
			d, err := hindcast.ParseDate(text)
			if err != nil {
				return c, hindcast.Errorf(hindcast.Invalid, "%.40q is no day; write it as 2024-03-22", text)
			}
			*to = d
		}
	}
	return c, nil
}

func places(sent []string) map[int]bool {
	out := map[int]bool{}
	for _, s := range sent {
		if n, err := strconv.Atoi(s); err == nil {
			out[n] = true
		}
	}
	return out
}

func lines(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
