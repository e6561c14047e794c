package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
)

// Action is an action item with the post-mortem that it belongs to.
type Action struct {
	IncidentID    string              `json:"incident_id"`
	IncidentNum   int64               `json:"incident_number"`
	IncidentTitle string              `json:"incident_title"`
	Severity      int                 `json:"severity"`
	Services      []string            `json:"services"`
	Agreed        hindcast.Date       `json:"agreed"` // from which it counts
	MayChange     bool                `json:"may_change"`
	LookedAt      time.Time           `json:"looked_at,omitzero"` // in a review, the last time
	Base          string              `json:"base"`               // for a change of what was read and nothing newer
	Item          hindcast.ActionItem `json:"action"`
}

// ActionQuery says which actions are listed: those that meet all that is set.
type ActionQuery struct {
	Status   hindcast.ActionStatus
	Open     bool // to be done
	Overdue  bool
	Stale    bool // that a weekly review goes through
	Mine     bool // that name one as owner, or of post-mortems in which one takes part
	Owner    string
	Team     string // "-" for those without
	Priority hindcast.Priority
	Service  string
	Effect   hindcast.Effect
}

func (q ActionQuery) values() url.Values {
	v := url.Values{}
	for name, s := range map[string]string{"status": string(q.Status), "owner": q.Owner, "team": q.Team, "priority": string(q.Priority), "service": q.Service, "effect": string(q.Effect)} {
		if s != "" {
			v.Set(name, s)
		}
	}
	for name, is := range map[string]bool{"open": q.Open, "overdue": q.Overdue, "stale": q.Stale, "mine": q.Mine} {
		if is {
			v.Set(name, "true")
		}
	}
	return v
}

// Actions returns action items, the first due first.
func (c *Client) Actions(ctx context.Context, q ActionQuery) iter.Seq2[Action, error] {
	return pages[Action](ctx, c, "/actions", q.values())
}

// Echo is an action item of one incident as another one like it sees it.
type Echo struct {
	Num      int64               `json:"incident_number"` // of the other incident
	Title    string              `json:"incident_title"`
	Began    time.Time           `json:"began"`
	State    string              `json:"state"` // how the action stood when the later one began: came-back, overdue, open, too-late, unverified, wont-do
	Item     hindcast.ActionItem `json:"action"`
	Services []string            `json:"services"`
	Category bool                `json:"same_primary_category"`
}

// OneAction is an action item with what happened since.
type OneAction struct {
	Action
	Since []Echo `json:"happened_again"` // later incidents like the one that it answers
}

// Action returns an action item of a post-mortem.
func (c *Client) Action(ctx context.Context, ref, id string) (OneAction, error) {
	var out OneAction
	_, err := c.do(ctx, request{method: http.MethodGet, path: action(ref, id)}, &out)
	return out, err
}

func action(ref, id string) string {
	return "/actions/" + url.PathEscape(ref) + "/" + url.PathEscape(id)
}

// Echoes returns the action items that earlier incidents like one led to, those that
// say most first.
func (c *Client) Echoes(ctx context.Context, ref string) ([]Echo, error) {
	var out []Echo
	_, err := c.do(ctx, request{method: http.MethodGet, path: incident(ref) + "/echoes"}, &out)
	return out, err
}

// ActionChange is what is to become of an action item: all that is set.
type ActionChange struct {
	Owner        *string                `json:"owner,omitempty"`
	Priority     *hindcast.Priority     `json:"priority,omitempty"`
	Due          *hindcast.Date         `json:"due,omitempty"`
	To           hindcast.ActionStatus  `json:"to,omitempty"`
	Reason       string                 `json:"reason,omitempty"`       // to decide against it, and to take it up again
	Revisit      hindcast.Date          `json:"revisit,omitzero"`       // to decide against it
	Verification *hindcast.Verification `json:"verification,omitempty"` // to verify it
	Base         string                 `json:"base,omitempty"`         // of what was read; only for one item
}

// ChangedAction is a change of an action item, by which it is undone.
type ChangedAction struct {
	Incident string `json:"incident"`
	Num      int64  `json:"number"`
	Action   string `json:"action"`
	Revision int64  `json:"revision"` // 0 when nothing changed
}

// ChangeAction changes an action item by the rules of its states.
func (c *Client) ChangeAction(ctx context.Context, ref, id string, change ActionChange) (ChangedAction, error) {
	body, header := jsonBody(change)
	var out ChangedAction
	_, err := c.do(ctx, request{method: http.MethodPost, path: action(ref, id), header: header, body: body}, &out)
	return out, err
}

// UndoActions takes changes of action items back.
func (c *Client) UndoActions(ctx context.Context, made ...ChangedAction) error {
	body, header := jsonBody(map[string]any{"made": made})
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/actions/undo", header: header, body: body}, nil)
	return err
}

// TimeToClose is how long it takes until action items are carried out, with those
// that are open counted in.
type TimeToClose struct {
	N      int  `json:"n"`
	Closed int  `json:"carried_out"`
	Median *int `json:"median_days"` // nil while more than half are open
	Low    *int `json:"median_low_days"`
	High   *int `json:"median_high_days"`

	Steps []OpenShare `json:"steps"` // the curve of Kaplan and Meier
}

// OpenShare is what is known of a day on which action items were carried out.
type OpenShare struct {
	Days   int     `json:"days"`
	AtRisk int     `json:"at_risk"` // open until that day
	Over   int     `json:"over"`    // carried out on it
	Open   float64 `json:"open"`    // share that is open after it
	Low    float64 `json:"low"`     // 95 % limits of that share
	High   float64 `json:"high"`
}

// ActionFigures are figures of the action items that one may see.
type ActionFigures struct {
	Method struct {
		Total          int      `json:"total"`
		Closed         int      `json:"closed"`
		CompletionRate *float64 `json:"completion_rate"` // percent; nil without items
		Overdue        int      `json:"overdue"`
		AverageDays    *float64 `json:"avg_time_to_close_days"` // over closed ones alone
	} `json:"method"`
	Open     int         `json:"open"`
	Done     int         `json:"done"`
	Verified int         `json:"verified"`
	Declined int         `json:"decided_against"`
	CameBack int         `json:"came_back"` // of the verified ones
	Overdue  int         `json:"overdue_of_all_time"`
	Time     TimeToClose `json:"time_to_close"`
	LeftOut  string      `json:"left_out"`

	Velocity   float64       `json:"carried_out_per_week"` // mean of the last four whole weeks
	Teams      []FigureGroup `json:"teams"`
	Priorities []FigureGroup `json:"priorities"`
}

// FigureGroup are the figures of the action items of one team or priority.
type FigureGroup struct {
	Name     string       `json:"name"` // empty for those without
	Time     TimeToClose  `json:"time_to_close"`
	Velocity float64      `json:"carried_out_per_week"`
	Weeks    []ActionWeek `json:"weeks"`
}

// ActionWeek is what happened to action items in a week.
type ActionWeek struct {
	Monday   hindcast.Date `json:"monday"`
	Opened   int           `json:"agreed"`
	Closed   int           `json:"carried_out"`
	Declined int           `json:"decided_against"`
}

// ActionFigures returns figures of the action items agreed in the last days, 0 for
// all.
func (c *Client) ActionFigures(ctx context.Context, q ActionQuery, days int) (ActionFigures, error) {
	query := q.values()
	for _, name := range []string{"status", "open", "overdue", "stale"} {
		query.Del(name)
	}
	query.Set("days", strconv.Itoa(days))
	var out ActionFigures
	_, err := c.do(ctx, request{method: http.MethodGet, path: "/actions/figures", query: query}, &out)
	return out, err
}
