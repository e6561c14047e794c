package people

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// MeetingPart is something that a meeting writes into the post-mortem.
type MeetingPart struct {
	Kind    string   `json:"kind" enum:"entry,decision,factor,action,well,poorly"`
	Text    string   `json:"text" minLength:"1" maxLength:"10000"`
	Clock   string   `json:"clock,omitempty" maxLength:"40" doc:"of an entry or a decision: 14:38, on the day of the incident, in UTC; or with the day"`
	Actor   string   `json:"actor,omitempty" maxLength:"200" doc:"of an entry or a decision: a role"`
	Options []string `json:"options,omitempty" maxItems:"50" doc:"of a decision"`
	To      string   `json:"to,omitempty" doc:"id of the factor to which a factor led; the incident when absent"`
	Owner   string   `json:"owner,omitempty" maxLength:"200" doc:"of an action"`
	Due     string   `json:"due,omitempty" format:"date" doc:"of an action"`
}

func (p MeetingPart) writing() meeting.Writing {
	return meeting.Writing{Kind: p.Kind, Text: p.Text, Clock: p.Clock, Actor: p.Actor, Lines: p.Options, To: p.To, Owner: p.Owner, Due: p.Due}
}

// room adds what those who drive a meeting do in it.
func (a *api) room() {
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/meetings/{id}/screen", "show-in-meeting", "Put a part of the post-mortem on the screen", "meetings"), a.showInMeeting)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/meetings/{id}/attendance", "note-attendance", "Say who of those invited came", "meetings"), a.noteAttendance)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/meetings/{id}/parked/{parked}", "take-up-parked", "Make an action item of a remedy that was parked, or let it go", "meetings"), a.takeUpParked)
	add := operation.New("POST", "/incidents/{ref}/meetings/{id}/parts", "write-in-meeting", "Write an entry, an observation, a cause or an action item into the post-mortem", "meetings")
	add.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, add, a.writeInMeeting)
}

func (a *api) showInMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body struct {
		Path string `json:"path" maxLength:"200" doc:"of the part; empty for what the block shows"`
	}
}) (*meetingOutput, error) {
	return a.met(a.Meetings.Show(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Body.Path))
}

func (a *api) noteAttendance(ctx context.Context, in *struct {
	MeetingInput
	Body struct {
		Came []int `json:"came" maxItems:"1000" doc:"places in the list of attendees, from 0"`
	}
}) (*meetingOutput, error) {
	came := map[int]bool{}
	for _, i := range in.Body.Came {
		came[i] = true
	}
	return a.met(a.Meetings.Came(ctx, operation.Viewer(ctx), in.Ref, in.ID, came))
}

func (a *api) takeUpParked(ctx context.Context, in *struct {
	MeetingInput
	Parked string `path:"parked" maxLength:"100"`
	Body   struct {
		Text  string `json:"text,omitempty" maxLength:"10000" doc:"of the action item; as it was parked when absent"`
		Owner string `json:"owner,omitempty" maxLength:"200"`
		Due   string `json:"due,omitempty" format:"date"`
		Let   bool   `json:"let,omitempty" doc:"let it go instead"`
	}
}) (*meetingOutput, error) {
	b := in.Body
	return a.met(a.Meetings.TakeUp(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Parked, meeting.Writing{Text: b.Text, Owner: b.Owner, Due: b.Due}, b.Let))
}

func (a *api) writeInMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body MeetingPart
}) (*meetingOutput, error) {
	return a.met(a.Meetings.Add(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Body.writing()))
}
