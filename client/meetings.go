package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hindcast/hindcast"
)

// MeetingPlan is what is known of a meeting before it begins.
type MeetingPlan struct {
	StartsAt    time.Time  `json:"starts_at"`
	Zone        string     `json:"zone"`
	Kind        string     `json:"kind"`             // full, hybrid or own
	Agenda      []Block    `json:"agenda,omitempty"` // of a meeting of its own kind
	Place       string     `json:"place,omitempty"`
	Facilitator string     `json:"facilitator"` // id of a person who takes part
	Attendees   []Attendee `json:"attendees,omitempty"`
}

// Block is a part of an agenda.
type Block struct {
	Show    string `json:"show"`
	Title   string `json:"title"`
	Aim     string `json:"aim,omitempty"`
	Minutes int    `json:"minutes"`
	Extra   int    `json:"extra,omitempty"`
	Skipped bool   `json:"skipped,omitempty"`
}

// Attendee is somebody who is invited.
type Attendee struct {
	Person string `json:"person,omitempty"` // id; empty for others, who are known by their role
	Role   string `json:"role"`
	Came   bool   `json:"came,omitempty"`
}

// Meeting is a meeting about a post-mortem.
type Meeting struct {
	ID      string `json:"id"`
	Num     int64  `json:"number"` // of the post-mortem
	Version int64  `json:"version"`
	MeetingPlan
	State string    `json:"state"` // planned, running, paused, closed or canceled
	Block int       `json:"block"` // the present one, from 0
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended"`
	LeftS int64     `json:"left_s"`     // of the block; negative when it is over its time
	AllS  int64     `json:"all_left_s"` // of the meeting
	Shown string    `json:"shown"`      // path of the part on the screen
	Notes []struct {
		Block int       `json:"block"`
		At    time.Time `json:"at"`
		Text  string    `json:"text"`
	} `json:"notes"`
	Parked []struct {
		ID     string `json:"id"`
		Text   string `json:"text"`
		Action string `json:"action"` // id of the action item that it became
		Let    bool   `json:"let"`    // it was let go
	} `json:"parked"`
	Questions []struct {
		ID   string `json:"id"`
		Text string `json:"text"`
		To   string `json:"to"` // id of a person
	} `json:"questions"`
	Added []struct {
		Block int    `json:"block"`
		Path  string `json:"path"`
		Text  string `json:"text"`
	} `json:"added"`
	Closing MeetingClosing `json:"closing"`
	Minutes string         `json:"minutes"` // name of the evidence
}

// MeetingClosing is what is settled before a meeting closes.
type MeetingClosing struct {
	Owner      string        `json:"owner"`
	Publish    hindcast.Date `json:"publish"`
	FollowUp   hindcast.Date `json:"follow_up,omitzero"`
	NoFollowUp string        `json:"no_follow_up,omitempty"` // why none is needed
}

func meeting(ref, id, rest string) string {
	return incident(ref) + "/meetings/" + url.PathEscape(id) + rest
}

// Meetings returns the meetings about a post-mortem, the last first.
func (c *Client) Meetings(ctx context.Context, ref string) ([]Meeting, error) {
	return get[[]Meeting](ctx, c, incident(ref)+"/meetings", nil)
}

// Meeting returns a meeting with what its clock says.
func (c *Client) Meeting(ctx context.Context, ref, id string) (Meeting, error) {
	return get[Meeting](ctx, c, meeting(ref, id, ""), nil)
}

// PlanMeeting plans a meeting. Those who are invited are told.
func (c *Client) PlanMeeting(ctx context.Context, ref string, p MeetingPlan) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, incident(ref)+"/meetings", p)
}

// ReplanMeeting changes the plan of a meeting that has not begun.
func (c *Client) ReplanMeeting(ctx context.Context, ref, id string, p MeetingPlan) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPut, meeting(ref, id, ""), p)
}

// CancelMeeting calls a meeting off that has not begun.
func (c *Client) CancelMeeting(ctx context.Context, ref, id string) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/cancel"), struct{}{})
}

// MeetingTurn is an act on the clock of a meeting.
type MeetingTurn struct {
	Do      string `json:"do"`                // start, pause, resume, extend, next, skip or back
	Block   *int   `json:"block,omitempty"`   // that was seen: what is sent twice counts once
	Minutes int    `json:"minutes,omitempty"` // by which the block is extended
}

// TurnMeeting starts, pauses, extends and leads through a meeting.
func (c *Client) TurnMeeting(ctx context.Context, ref, id string, t MeetingTurn) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/clock"), t)
}

// ShowInMeeting puts a part of the post-mortem on the screen.
func (c *Client) ShowInMeeting(ctx context.Context, ref, id, path string) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPut, meeting(ref, id, "/screen"), map[string]string{"path": path})
}

// NoteAttendance says who came, by their places in the list of attendees.
func (c *Client) NoteAttendance(ctx context.Context, ref, id string, came ...int) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPut, meeting(ref, id, "/attendance"), map[string][]int{"came": append([]int{}, came...)})
}

// SayInMeeting adds a note to the minutes, parks a remedy, or gives a question to a
// person: kind is note, parked or question.
func (c *Client) SayInMeeting(ctx context.Context, ref, id, kind, text, to string) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/words"), map[string]string{"kind": kind, "text": text, "to": to})
}

// TakeUpParked makes an action item of a remedy that was parked.
func (c *Client) TakeUpParked(ctx context.Context, ref, id, parked, text, owner string, due hindcast.Date) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/parked/"+url.PathEscape(parked)), struct {
		Text  string        `json:"text,omitempty"`
		Owner string        `json:"owner,omitempty"`
		Due   hindcast.Date `json:"due,omitzero"`
	}{text, owner, due})
}

// LetParkedGo lets a remedy go that was parked.
func (c *Client) LetParkedGo(ctx context.Context, ref, id, parked string) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/parked/"+url.PathEscape(parked)), map[string]bool{"let": true})
}

// MeetingPart is something that a meeting writes into the post-mortem.
type MeetingPart struct {
	Kind    string   `json:"kind"` // entry, decision, factor, action, well or poorly
	Text    string   `json:"text"`
	Clock   string   `json:"clock,omitempty"`
	Actor   string   `json:"actor,omitempty"`
	Options []string `json:"options,omitempty"`
	To      string   `json:"to,omitempty"` // id of the factor to which a factor led
	Owner   string   `json:"owner,omitempty"`
	Due     string   `json:"due,omitempty"`
}

// WriteInMeeting writes something into the post-mortem.
func (c *Client) WriteInMeeting(ctx context.Context, ref, id string, p MeetingPart) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/parts"), p)
}

// CloseMeeting closes a meeting. Its minutes become evidence.
func (c *Client) CloseMeeting(ctx context.Context, ref, id string, s MeetingClosing) (Meeting, error) {
	return send[Meeting](ctx, c, http.MethodPost, meeting(ref, id, "/close"), s)
}
