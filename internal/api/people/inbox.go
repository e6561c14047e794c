package people

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// InboxBody says what was read.
type InboxBody struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" doc:"ids of notices"`
	All bool     `json:"all,omitempty" doc:"everything was read"`
}

func (a *api) inbox() {
	operation.Register(a.Set, operation.New("GET", "/inbox", "list-inbox", "List what you were told, the latest first", "inbox"), a.listInbox)
	read := operation.New("POST", "/inbox/read", "mark-inbox", "Mark what you have read", "inbox")
	read.DefaultStatus = http.StatusNoContent
	operation.Register(a.Set, read, a.markInbox)
	operation.Register(a.Set, operation.New("GET", "/me/notifications", "get-notifications", "Get what reaches you how", "inbox"), a.getChoices)
	operation.Register(a.Set, operation.New("PUT", "/me/notifications", "put-notifications", "Choose what reaches you how, from now on", "inbox"), a.putChoices)
	operation.Register(a.Set, operation.New("GET", "/mail", "get-mail", "Get how mail leaves, and which did not arrive; for admins", "inbox"), a.getMail)
	operation.Register(a.Set, operation.New("POST", "/mail/test", "test-mail", "Send a test letter to yourself; for admins", "inbox"), a.testMail)
	retry := operation.New("POST", "/mail/{id}/retry", "retry-mail", "Send a letter again that did not arrive; for admins", "inbox")
	retry.DefaultStatus = http.StatusNoContent
	operation.Register(a.Set, retry, a.retryMail)
}

// Choices are what reaches somebody how.
type Choices struct {
	Ways    map[string]notice.Way `json:"ways,omitempty" doc:"by kind - review, mention, reply, decided, question, due, meeting, moved, shared - one of mail, digest, inbox, off; a kind that is missing comes as it does for everybody"`
	Zone    string                `json:"zone,omitempty" maxLength:"60" doc:"of all hours, such as Europe/Berlin; that of the organization when missing"`
	Weekly  bool                  `json:"weekly,omitempty" doc:"the digest comes once a week, not every day"`
	Day     time.Weekday          `json:"day" minimum:"0" maximum:"6" doc:"of the week: 0 is Sunday"`
	Hour    int                   `json:"hour" minimum:"0" maximum:"23" doc:"of the digest"`
	Actions bool                  `json:"actions,omitempty" doc:"once a week the digest tells of your actions"`
	Quiet   Quiet                 `json:"quiet"`
}

// Quiet are the hours in which no mail comes.
type Quiet struct {
	From    int      `json:"from" minimum:"0" maximum:"23" doc:"an hour of the day"`
	To      int      `json:"to" minimum:"0" maximum:"23" doc:"the same as from for no quiet hours"`
	DaysOff bool     `json:"days_off,omitempty" doc:"none comes on weekends and holidays of the organization either"`
	Except  []string `json:"except,omitempty" maxItems:"20" doc:"kinds that come all the same"`
}

func choicesOf(c notice.Choices) *struct{ Body Choices } {
	out := Choices{Ways: map[string]notice.Way{}, Zone: c.Zone, Weekly: c.Weekly, Day: c.Day, Hour: c.Hour, Actions: c.Actions, Quiet: Quiet{From: c.Quiet.From, To: c.Quiet.To, DaysOff: c.Quiet.DaysOff}}
	for _, k := range workflow.NoteKinds() {
		out.Ways[string(k)] = c.Way(k)
	}
	for _, k := range c.Quiet.Except {
		out.Quiet.Except = append(out.Quiet.Except, string(k))
	}
	return &struct{ Body Choices }{out}
}

// choices returns what a body chooses.
func (c Choices) choices() notice.Choices {
	out := notice.Choices{Ways: map[workflow.NoteKind]notice.Way{}, Zone: c.Zone, Weekly: c.Weekly, Day: c.Day, Hour: c.Hour, Actions: c.Actions, Quiet: notice.Quiet{From: c.Quiet.From, To: c.Quiet.To, DaysOff: c.Quiet.DaysOff}}
	for k, w := range c.Ways {
		out.Ways[workflow.NoteKind(k)] = w
	}
	for _, k := range c.Quiet.Except {
		out.Quiet.Except = append(out.Quiet.Except, workflow.NoteKind(k))
	}
	return out
}

func (a *api) getChoices(ctx context.Context, _ *struct{}) (*struct{ Body Choices }, error) {
	c, err := a.Notice.Choices(ctx, operation.Viewer(ctx))
	return choicesOf(c), err
}

func (a *api) putChoices(ctx context.Context, in *struct{ Body Choices }) (*struct{ Body Choices }, error) {
	if err := a.Notice.SetChoices(ctx, operation.Viewer(ctx), in.Body.choices()); err != nil {
		return nil, err
	}
	return a.getChoices(ctx, nil)
}

func (a *api) getMail(ctx context.Context, _ *struct{}) (*struct{ Body letter.Office }, error) {
	o, err := a.Letters.Office(ctx, operation.Viewer(ctx))
	return &struct{ Body letter.Office }{o}, err
}

func (a *api) testMail(ctx context.Context, _ *struct{}) (*struct{ Body letter.Trial }, error) {
	t, err := a.Letters.Test(ctx, operation.Viewer(ctx))
	return &struct{ Body letter.Trial }{t}, err
}

func (a *api) retryMail(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.Letters.Retry(ctx, operation.Viewer(ctx), in.ID)
}

func (a *api) listInbox(ctx context.Context, _ *struct{}) (*struct{ Body []notice.Notice }, error) {
	list, err := a.Notice.List(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []notice.Notice{}
	}
	return &struct{ Body []notice.Notice }{list}, err
}

func (a *api) markInbox(ctx context.Context, in *struct{ Body InboxBody }) (*struct{}, error) {
	if in.Body.All {
		return nil, a.Notice.MarkAll(ctx, operation.Viewer(ctx))
	}
	return nil, a.Notice.MarkRead(ctx, operation.Viewer(ctx), in.Body.IDs...)
}
