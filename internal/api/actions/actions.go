package actions

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/pattern/progress"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/pattern/survival"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// Action is an action item with the incident it came from.
type Action struct {
	IncidentID     string              `json:"incident_id"`
	IncidentNum    int64               `json:"incident_number"`
	IncidentTitle  string              `json:"incident_title"`
	IncidentStatus hindcast.Status     `json:"incident_status"`
	Severity       int                 `json:"severity,omitempty"`
	Services       []string            `json:"services,omitempty"`
	Agreed         hindcast.Date       `json:"agreed,omitzero" doc:"from which it counts: when it was opened or, where nobody said that, when the incident was over"`
	MayChange      bool                `json:"may_change" doc:"you take part in its incident"`
	LookedAt       time.Time           `json:"looked_at,omitzero" doc:"in a review, the last time"`
	Base           part.Tag            `json:"base" doc:"give it back to change what you read and nothing newer"`
	Item           hindcast.ActionItem `json:"action"`
}

func actionBody(r followup.Row) Action {
	return Action{r.IncidentID, r.Num, r.Title, r.Status, r.Severity, r.Services, r.Agreed, r.MayFollow, r.Looked.At, r.Base, r.Item}
}

// ActionName names an action.
type ActionName struct {
	Incident string `path:"incident" doc:"id or number of its post-mortem"`
	ID       string `path:"action" doc:"its id"`
}

// Narrowing are the filters of lists and figures of actions.
type Narrowing struct {
	Owner    string `query:"owner"`
	Team     string `query:"team" doc:"the owner, or its part in front of a dash; - for those without"`
	Priority string `query:"priority" enum:"critical,high,medium,low"`
	Service  string `query:"service"`
	Effect   string `query:"effect" enum:"prevents-recurrence,improves-detection,improves-response"`
	Severity int    `query:"severity"`
	Mine     bool   `query:"mine" doc:"that name you as owner, or of incidents in which you take part"`
}

func (n Narrowing) filter() followup.Filter {
	return followup.Filter{Owner: n.Owner, Team: n.Team, Priority: hindcast.Priority(n.Priority), Service: n.Service, Effect: hindcast.Effect(n.Effect), Severity: n.Severity, Mine: n.Mine}
}

func (a *api) actions() {
	operation.Register(a.Set, operation.New("GET", "/actions", "list-actions", "List action items, the first due first", "actions"), a.listActions)
	operation.Register(a.Set, operation.New("GET", "/actions/figures", "get-action-figures", "Get figures of action items: those that the method reports, and how it is", "actions"), a.getFigures)
	operation.Register(a.Set, operation.New("GET", "/actions/digest", "get-action-digest", "Get what you are told of action items once a week", "actions"), a.getDigest)
	operation.Register(a.Set, operation.New("GET", "/actions/{incident}/{action}", "get-action", "Get an action item, and what happened since that it should have answered", "actions"), a.getAction)
	operation.Register(a.Set, operation.New("POST", "/actions/{incident}/{action}", "change-action", "Change an action item by the rules of its states", "actions"), a.changeAction)
	operation.Register(a.Set, operation.New("POST", "/actions/changes", "change-actions", "Change many action items, each for itself", "actions"), a.changeActions)
	operation.Register(a.Set, operation.New("POST", "/actions/undo", "undo-action-changes", "Take changes of action items back", "actions"), a.undoChanges)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/echoes", "list-echoes", "List the action items that earlier incidents like this one led to, those that say most first", "actions"), a.listEchoes)
	operation.Register(a.Set, operation.New("GET", "/action-views", "list-action-views", "List the filters of actions that you keep, by name", "actions"), a.listActionViews)
	operation.Register(a.Set, operation.New("PUT", "/action-views/{name}", "put-action-view", "Keep a filter of actions for yourself", "actions"), a.putActionView)
	operation.Register(a.Set, operation.New("DELETE", "/action-views/{name}", "delete-action-view", "Remove a filter of yours, if there is one of this name", "actions"), a.deleteActionView)
}

func (a *api) listActions(ctx context.Context, in *struct {
	operation.Paging
	Narrowing
	Status     string `query:"status" enum:"open,in-progress,done,verified,wont-do"`
	Open       bool   `query:"open" doc:"only those neither done nor decided against"`
	Closed     bool   `query:"closed" doc:"only those done, verified or decided against"`
	Overdue    bool   `query:"overdue" doc:"only those open past their day"`
	Stale      bool   `query:"stale" doc:"only those that a weekly review goes through"`
	DueBy      string `query:"due_by" format:"date" doc:"due before this day"`
	OpenedFrom string `query:"opened_from" format:"date"`
	OpenedTo   string `query:"opened_to" format:"date"`
	ClosedFrom string `query:"closed_from" format:"date"`
	ClosedTo   string `query:"closed_to" format:"date"`
}) (*operation.PageOutput[Action], error) {
	f := in.filter()
	f.Status, f.Open, f.Closed, f.Overdue, f.Stale = hindcast.ActionStatus(in.Status), in.Open, in.Closed, in.Overdue, in.Stale
	f.After, f.Limit = in.After, in.Limit
	for _, d := range []struct {
		text string
		to   *hindcast.Date
	}{{in.DueBy, &f.DueBy}, {in.OpenedFrom, &f.OpenedFrom}, {in.OpenedTo, &f.OpenedTo}, {in.ClosedFrom, &f.ClosedFrom}, {in.ClosedTo, &f.ClosedTo}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = hindcast.ParseDate(d.text); err != nil {
			return nil, err
		}
	}
	page, err := a.Followup.List(ctx, operation.Viewer(ctx), f)
	return operation.Paged(page, "/actions", actionBody), err
}

// Echo is an action item of one incident as another one like it sees it.
type Echo struct {
	Num      int64               `json:"incident_number" doc:"of the other incident"`
	Title    string              `json:"incident_title"`
	Began    time.Time           `json:"began,omitzero"`
	State    recur.State         `json:"state" enum:"came-back,overdue,open,too-late,unverified,wont-do" doc:"how the action stood when the later one began"`
	Item     hindcast.ActionItem `json:"action"`
	Services []string            `json:"services,omitempty" doc:"that both affected"`
	Category bool                `json:"same_primary_category"`
	Factors  []SharedFactor      `json:"factors"`
}

// SharedFactor is a factor that two incidents share.
type SharedFactor struct {
	Category hindcast.Category `json:"category"`
	Gap      hindcast.Gap      `json:"gap,omitempty"`
	Here     string            `json:"later" doc:"its description in the later incident"`
	There    string            `json:"earlier" doc:"and in the earlier one"`
}

func echoBodies(list []recur.Echo) []Echo {
	out := []Echo{}
	for _, e := range list {
		body := Echo{e.Num, e.Title, e.Began, e.State, e.Action, e.Services, e.Category, []SharedFactor{}}
		for _, p := range e.Shared {
			category, gap := p.There.Parts()
			body.Factors = append(body.Factors, SharedFactor{category, gap, p.Here.Said, p.There.Said})
		}
		out = append(out, body)
	}
	return out
}

// OneAction is an action item with what happened since.
type OneAction struct {
	Action
	Since []Echo `json:"happened_again" doc:"later incidents like the one that it answers, the latest first"`
}

func (a *api) getAction(ctx context.Context, in *ActionName) (*struct{ Body OneAction }, error) {
	row, err := a.Followup.Get(ctx, operation.Viewer(ctx), in.Incident, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), row.IncidentID)
	if err != nil {
		return nil, err
	}
	since, err := a.Followup.Since(ctx, operation.Viewer(ctx), d, in.ID)
	return &struct{ Body OneAction }{OneAction{actionBody(row), echoBodies(since)}}, err
}

// ActionChange is what is to become of an action item: all that is given.
type ActionChange struct {
	Owner        *string                `json:"owner,omitempty"`
	Priority     *hindcast.Priority     `json:"priority,omitempty" enum:"critical,high,medium,low"`
	Due          *hindcast.Date         `json:"due,omitempty"`
	To           hindcast.ActionStatus  `json:"to,omitempty" enum:"open,in-progress,done,verified,wont-do" doc:"its new state"`
	Reason       string                 `json:"reason,omitempty" maxLength:"2000" doc:"needed to decide against it, and to take it up again"`
	Revisit      hindcast.Date          `json:"revisit,omitzero" doc:"needed to decide against it: when that is looked at again"`
	Verification *hindcast.Verification `json:"verification,omitempty" doc:"needed to verify it; 'own' as well where the owner did"`
}

func (c ActionChange) change() followup.Change { return followup.Change(c) }

func (a *api) changeAction(ctx context.Context, in *struct {
	ActionName
	Body struct {
		ActionChange
		Base part.Tag `json:"base,omitempty" doc:"of what you read; without it the item is changed as it is now"`
	}
}) (*struct{ Body followup.Done }, error) {
	done, err := a.Followup.Change(ctx, operation.Viewer(ctx), followup.Target{Incident: in.Incident, Action: in.ID, Base: in.Body.Base}, in.Body.change())
	return &struct{ Body followup.Done }{done}, err
}

// Changed says what became of a change of many action items.
type Changed struct {
	Made    []followup.Done    `json:"made" doc:"give these to undo-action-changes to take them back"`
	Refused []followup.Refused `json:"refused"`
}

func (a *api) changeActions(ctx context.Context, in *struct {
	Body struct {
		Targets []followup.Target `json:"actions" minItems:"1" maxItems:"200"`
		Change  ActionChange      `json:"change"`
	}
}) (*struct{ Body Changed }, error) {
	made, refused, err := a.Followup.ChangeAll(ctx, operation.Viewer(ctx), in.Body.Targets, in.Body.Change.change())
	return &struct{ Body Changed }{Changed{append([]followup.Done{}, made...), append([]followup.Refused{}, refused...)}}, err
}

func (a *api) undoChanges(ctx context.Context, in *struct {
	Body struct {
		Made []followup.Done `json:"made" minItems:"1" maxItems:"200"`
	}
}) (*struct{}, error) {
	return nil, a.Followup.Undo(ctx, operation.Viewer(ctx), in.Body.Made)
}

func (a *api) listEchoes(ctx context.Context, in *operation.RefInput) (*struct{ Body []Echo }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	list, err := a.Followup.Echoes(ctx, operation.Viewer(ctx), d)
	return &struct{ Body []Echo }{echoBodies(list)}, err
}

// TimeToClose is how long it takes until action items are carried out, with those
// that are open counted in.
type TimeToClose struct {
	N      int             `json:"n"`
	Closed int             `json:"carried_out"`
	Median *int            `json:"median_days" doc:"null while more than half are open"`
	Low    *int            `json:"median_low_days" doc:"95 % limits; null where the data do not tell"`
	High   *int            `json:"median_high_days"`
	Steps  []survival.Step `json:"steps,omitempty" doc:"the curve of Kaplan and Meier"`
}

func timeBody(c survival.Curve) TimeToClose {
	return TimeToClose{N: c.N, Closed: c.Over, Median: c.Median, Low: c.Low, High: c.High, Steps: c.Steps}
}

// FigureGroup are the figures of one team or priority.
type FigureGroup struct {
	Name     string         `json:"name" doc:"empty for those without"`
	Plain    progress.Plain `json:"method"`
	Verified int            `json:"verified"`
	CameBack int            `json:"came_back"`
	Time     TimeToClose    `json:"time_to_close"`
	Velocity float64        `json:"carried_out_per_week" doc:"mean of the last four whole weeks, of all its action items"`
	Weeks    []WeekFigures  `json:"weeks" doc:"of all its action items"`
}

// WeekFigures is what happened in a week.
type WeekFigures struct {
	Monday   hindcast.Date `json:"monday"`
	Opened   int           `json:"agreed"`
	Closed   int           `json:"carried_out"`
	Declined int           `json:"decided_against"`
}

// LapsedAction is a verified action item that did not hold.
type LapsedAction struct {
	Num    int64  `json:"incident_number"`
	ID     string `json:"action"`
	Action string `json:"description"`
	Later  int64  `json:"later_incident_number"`
	Title  string `json:"later_incident_title"`
}

// ActionFigures are figures of the action items that one may see.
type ActionFigures struct {
	From       hindcast.Date  `json:"from,omitzero" doc:"first day of the window; absent for all"`
	To         hindcast.Date  `json:"to"`
	Plain      progress.Plain `json:"method" doc:"as the method defines them: completion rate in percent, overdue, mean time to close over closed ones alone"`
	Open       int            `json:"open"`
	Done       int            `json:"done" doc:"and not verified"`
	Verified   int            `json:"verified"`
	Declined   int            `json:"decided_against"`
	CameBack   int            `json:"came_back" doc:"of the verified ones: what they answer happened again since"`
	Assumed    int            `json:"assumed_days" doc:"counted from a day that nobody said"`
	Overdue    int            `json:"overdue_of_all_time"`
	Time       TimeToClose    `json:"time_to_close"`
	Velocity   float64        `json:"carried_out_per_week" doc:"mean of the last four whole weeks, whenever the action items were agreed"`
	Weeks      []WeekFigures  `json:"weeks"`
	Teams      []FigureGroup  `json:"teams"`
	Priorities []FigureGroup  `json:"priorities"`
	Lapses     []LapsedAction `json:"lapses"`
	LeftOut    string         `json:"left_out"`
}

func (a *api) getFigures(ctx context.Context, in *struct {
	Narrowing
	Days int `query:"days" minimum:"0" maximum:"3660" default:"90" doc:"agreed in the days before today; 0 for all"`
}) (*struct{ Body ActionFigures }, error) {
	f, err := a.Followup.Figures(ctx, operation.Viewer(ctx), in.filter(), in.Days)
	return &struct{ Body ActionFigures }{figuresBody(f)}, err
}

func figuresBody(f followup.Figures) ActionFigures {
	out := ActionFigures{From: f.Window.From(), To: f.Window.Today, Plain: f.Plain, Open: f.Open, Done: f.Done, Verified: f.Verified, Declined: f.Declined, CameBack: f.CameBack,
		Assumed: f.Assumed, Overdue: f.OpenOverdue, Time: timeBody(f.Time), Weeks: weekBodies(f.Weeks), Teams: groupBodies(f.Teams), Priorities: groupBodies(f.Priorities), Lapses: []LapsedAction{},
		LeftOut: "actions of drafts and private post-mortems in which you take no part, and of what is in the trash"}
	out.Velocity, _, _ = progress.Velocity(f.Weeks)
	for _, l := range f.Lapses {
		out.Lapses = append(out.Lapses, LapsedAction{l.Num, l.ID, l.Action, l.Later, l.Title})
	}
	return out
}

func groupBodies(list []progress.Group) []FigureGroup {
	out := []FigureGroup{}
	for _, g := range list {
		perWeek, _, _ := progress.Velocity(g.Weeks)
		out = append(out, FigureGroup{g.Name, g.Plain, g.Verified, g.CameBack, timeBody(g.Time), perWeek, weekBodies(g.Weeks)})
	}
	return out
}

func weekBodies(list []progress.Week) []WeekFigures {
	out := []WeekFigures{}
	for _, w := range list {
		out = append(out, WeekFigures(w))
	}
	return out
}

// Digest is what you are told of action items once a week.
type Digest struct {
	From       hindcast.Date `json:"from"`
	To         hindcast.Date `json:"to"`
	Overdue    []Action      `json:"overdue"`
	DueSoon    []Action      `json:"due_soon"`
	Unverified []Action      `json:"unverified"`
	Revisit    []Action      `json:"revisit"`
	Closed     []Action      `json:"closed"`
	Counts     DigestCounts  `json:"counts" doc:"how many there are, also those that are not in the lists, which name ten of a kind"`
	Figures    ActionFigures `json:"figures" doc:"of all action items that you may see"`
}

// DigestCounts says how many action items a digest is about, up to 200 of a kind.
type DigestCounts struct {
	Overdue    int `json:"overdue"`
	DueSoon    int `json:"due_soon"`
	Unverified int `json:"unverified"`
	Revisit    int `json:"revisit"`
	Closed     int `json:"closed"`
}

func (a *api) getDigest(ctx context.Context, _ *struct{}) (*struct{ Body Digest }, error) {
	d, err := a.Followup.Digest(ctx, operation.Viewer(ctx))
	bodies := func(rows []followup.Row) []Action {
		out := []Action{}
		for _, r := range rows {
			out = append(out, actionBody(r))
		}
		return out
	}
	return &struct{ Body Digest }{Digest{d.From, d.To, bodies(d.Overdue), bodies(d.DueSoon), bodies(d.Unverified), bodies(d.Revisit), bodies(d.Closed), DigestCounts(d.Counts), figuresBody(d.Figures)}}, err
}

func (a *api) listActionViews(ctx context.Context, _ *struct{}) (*struct{ Body []operation.View }, error) {
	list, err := a.Followup.Views(ctx, operation.Viewer(ctx))
	out := []operation.View{}
	for _, x := range list {
		out = append(out, operation.View{Name: x.Name, Query: x.Query})
	}
	return &struct{ Body []operation.View }{out}, err
}

func (a *api) putActionView(ctx context.Context, in *struct {
	operation.NamedView
	Body struct {
		Query string `json:"query" maxLength:"4000" doc:"of the address of the list, such as state=overdue&team=platform; what it does not filter by is left out"`
	}
}) (*struct{ Body operation.View }, error) {
	x, err := a.Followup.SaveView(ctx, operation.Viewer(ctx), in.Name, in.Body.Query)
	return &struct{ Body operation.View }{operation.View{Name: x.Name, Query: x.Query}}, err
}

func (a *api) deleteActionView(ctx context.Context, in *operation.NamedView) (*struct{}, error) {
	return nil, a.Followup.RemoveView(ctx, operation.Viewer(ctx), in.Name)
}
