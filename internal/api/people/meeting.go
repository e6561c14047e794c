package people

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// Meeting is a meeting with what its clock says.
type Meeting struct {
	*meeting.Meeting
	Left    int64 `json:"left_s" doc:"seconds left of the present block; negative when it is over its time"`
	AllLeft int64 `json:"all_left_s" doc:"seconds left of the meeting"`
}

// MeetingPlan is what is known of a meeting before it begins.
type MeetingPlan struct {
	StartsAt    time.Time          `json:"starts_at"`
	Zone        string             `json:"zone" example:"Europe/Berlin"`
	Kind        string             `json:"kind" enum:"full,hybrid,own"`
	Agenda      []meeting.Block    `json:"agenda,omitempty" doc:"of a meeting of its own kind"`
	Place       string             `json:"place,omitempty"`
	Facilitator string             `json:"facilitator" doc:"id of a person who takes part"`
	Attendees   []meeting.Attendee `json:"attendees,omitempty"`
}

func (p MeetingPlan) plan() meeting.Plan {
	return meeting.Plan{StartsAt: p.StartsAt, Zone: p.Zone, Kind: meeting.Kind(p.Kind), Agenda: p.Agenda, Place: p.Place, Facilitator: p.Facilitator, Attendees: p.Attendees}
}

// MeetingTurn is an act on the clock of a meeting.
type MeetingTurn struct {
	Do      string `json:"do" enum:"start,pause,resume,extend,next,skip,back"`
	Block   *int   `json:"block,omitempty" doc:"the block that you saw, from 0: what is sent twice counts once"`
	Minutes int    `json:"minutes,omitempty" doc:"by which the block is extended"`
}

// MeetingWord is something that is said in a meeting.
type MeetingWord struct {
	Kind string `json:"kind" enum:"note,parked,question"`
	Text string `json:"text" maxLength:"10000"`
	To   string `json:"to,omitempty" doc:"id of who finds a question out"`
}

// MeetingInput names a meeting of an incident.
type MeetingInput struct {
	operation.RefInput
	ID string `path:"id" maxLength:"100"`
}

type meetingOutput struct{ Body Meeting }

func (a *api) meetings() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/meetings", "list-meetings", "List the meetings about a post-mortem, the last first; for who takes part", "meetings"), a.listMeetings)
	plan := operation.New("POST", "/incidents/{ref}/meetings", "plan-meeting", "Plan a meeting, and tell those who are invited", "meetings")
	plan.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, plan, a.planMeeting)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/meetings/{id}", "get-meeting", "Get a meeting with what its clock says", "meetings"), a.getMeeting)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/meetings/{id}", "replan-meeting", "Change the plan of a meeting that has not begun", "meetings"), a.replanMeeting)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/meetings/{id}/cancel", "cancel-meeting", "Call a meeting off that has not begun", "meetings"), a.cancelMeeting)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/meetings/{id}/clock", "turn-meeting", "Start, pause, extend and lead through a meeting", "meetings"), a.turnMeeting)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/meetings/{id}/words", "say-in-meeting", "Add a note to the minutes, park a remedy, or give somebody a question", "meetings"), a.sayInMeeting)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/meetings/{id}/close", "close-meeting", "Close a meeting once owner, publication and follow-up are settled; the minutes become evidence", "meetings"), a.closeMeeting)
}

// met answers with a meeting.
func (a *api) met(m *meeting.Meeting, err error) (*meetingOutput, error) {
	if err != nil {
		return nil, err
	}
	return &meetingOutput{a.clocked(m)}, nil
}

func (a *api) clocked(m *meeting.Meeting) Meeting {
	r := m.Read(m.Agenda, a.Now())
	return Meeting{m, int64(r.Left / time.Second), int64(r.All / time.Second)}
}

func (a *api) listMeetings(ctx context.Context, in *operation.RefInput) (*struct{ Body []Meeting }, error) {
	_, list, err := a.Meetings.List(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	out := make([]Meeting, 0, len(list))
	for _, m := range list {
		out = append(out, a.clocked(m))
	}
	return &struct{ Body []Meeting }{out}, nil
}

func (a *api) planMeeting(ctx context.Context, in *struct {
	operation.RefInput
	Body MeetingPlan
}) (*meetingOutput, error) {
	return a.met(a.Meetings.Plan(ctx, operation.Viewer(ctx), in.Ref, in.Body.plan()))
}

func (a *api) getMeeting(ctx context.Context, in *MeetingInput) (*meetingOutput, error) {
	_, m, err := a.Meetings.Get(ctx, operation.Viewer(ctx), in.Ref, in.ID)
	return a.met(m, err)
}

func (a *api) replanMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body MeetingPlan
}) (*meetingOutput, error) {
	return a.met(a.Meetings.Replan(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Body.plan()))
}

func (a *api) cancelMeeting(ctx context.Context, in *MeetingInput) (*meetingOutput, error) {
	return a.met(a.Meetings.Cancel(ctx, operation.Viewer(ctx), in.Ref, in.ID))
}

func (a *api) turnMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body MeetingTurn
}) (*meetingOutput, error) {
	block := -1
	if in.Body.Block != nil {
		block = *in.Body.Block
	}
	return a.met(a.Meetings.Turn(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Body.Do, block, in.Body.Minutes))
}

func (a *api) sayInMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body MeetingWord
}) (*meetingOutput, error) {
	v, s, b := operation.Viewer(ctx), a.Meetings, in.Body
	switch b.Kind {
	case "parked":
		return a.met(s.Park(ctx, v, in.Ref, in.ID, b.Text))
	case "question":
		return a.met(s.Ask(ctx, v, in.Ref, in.ID, b.Text, b.To))
	}
	return a.met(s.Note(ctx, v, in.Ref, in.ID, b.Text))
}

func (a *api) closeMeeting(ctx context.Context, in *struct {
	MeetingInput
	Body meeting.Closing
}) (*meetingOutput, error) {
	return a.met(a.Meetings.Close(ctx, operation.Viewer(ctx), in.Ref, in.ID, in.Body, func(id string) string {
		p, err := a.Auth.Person(ctx, id)
		if err != nil {
			return "somebody"
		}
		return p.Name
	}))
}
