package actions

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// ActionReview goes through action items that are overdue or stand still.
type ActionReview struct {
	ID      string       `json:"id"`
	By      string       `json:"by" doc:"id of who began it"`
	Scope   string       `json:"scope,omitempty" doc:"query of the items that it goes through; absent for all"`
	Started time.Time    `json:"started"`
	Ended   time.Time    `json:"ended,omitzero"`
	Looks   []ActionLook `json:"looks" doc:"what was looked at, the last first"`
	Left    int          `json:"left" doc:"how many are left; only where one review is asked for"`
	Next    *Action      `json:"next,omitempty" doc:"the next one"`
	Why     []string     `json:"why,omitempty" doc:"the review goes through the next one"`
}

// ActionLook is what came of looking at an action item.
type ActionLook struct {
	Num     int64            `json:"incident_number"`
	ID      string           `json:"action"`
	At      time.Time        `json:"at"`
	By      string           `json:"by" doc:"id of a person"`
	Outcome followup.Outcome `json:"outcome" enum:"kept,changed,asked,skipped"`
	Note    string           `json:"note,omitempty"`
}

func (a *api) reviewBody(r followup.Review) ActionReview {
	out := ActionReview{ID: r.ID, By: r.PersonID, Scope: r.Scope, Started: r.Started, Ended: r.Ended, Looks: []ActionLook{}, Left: r.Left}
	for _, l := range r.Looks {
		out.Looks = append(out.Looks, ActionLook{l.Num, l.ActionID, l.At, l.PersonID, l.Outcome, l.Note})
	}
	if r.Next != nil {
		next := actionBody(*r.Next)
		out.Next, out.Why = &next, followup.Why(r.Next.Item, r.Next.Agreed, a.Followup.Today())
	}
	return out
}

type reviewOutput struct{ Body ActionReview }

// ReviewName names a review.
type ReviewName struct {
	ID string `path:"id"`
}

func (a *api) reviews() {
	operation.Register(a.Set, operation.New("GET", "/action-reviews", "list-action-reviews", "List the reviews of action items, the last begun first", "actions"), a.listReviews)
	begin := operation.New("POST", "/action-reviews", "begin-action-review", "Begin a review of action items", "actions")
	begin.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, begin, a.beginReview)
	operation.Register(a.Set, operation.New("GET", "/action-reviews/{id}", "get-action-review", "Get a review as it stands, with the next action item", "actions"), a.getReview)
	operation.Register(a.Set, operation.New("POST", "/action-reviews/{id}/looks", "look-at-action", "Keep what came of looking at an action item, with its change", "actions"), a.lookAt)
	operation.Register(a.Set, operation.New("POST", "/action-reviews/{id}/end", "end-action-review", "End a review", "actions"), a.endReview)
}

func (a *api) listReviews(ctx context.Context, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"25"`
}) (*struct{ Body []ActionReview }, error) {
	list, err := a.Followup.Reviews(ctx, operation.Viewer(ctx), in.Limit)
	out := []ActionReview{}
	for _, r := range list {
		out = append(out, a.reviewBody(r))
	}
	return &struct{ Body []ActionReview }{out}, err
}

func (a *api) beginReview(ctx context.Context, in *struct {
	Body struct {
		Scope string `json:"scope,omitempty" maxLength:"2000" doc:"query of the address of the list, such as team=platform"`
	}
}) (*reviewOutput, error) {
	r, err := a.Followup.Begin(ctx, operation.Viewer(ctx), in.Body.Scope)
	if err != nil {
		return nil, err
	}
	return a.getReview(ctx, &ReviewName{r.ID})
}

func (a *api) getReview(ctx context.Context, in *ReviewName) (*reviewOutput, error) {
	r, err := a.Followup.Review(ctx, operation.Viewer(ctx), in.ID)
	return &reviewOutput{a.reviewBody(r)}, err
}

func (a *api) lookAt(ctx context.Context, in *struct {
	ReviewName
	Body struct {
		followup.Target
		Outcome followup.Outcome `json:"outcome" enum:"kept,changed,asked,skipped"`
		Note    string           `json:"note,omitempty" maxLength:"2000"`
		Change  ActionChange     `json:"change,omitzero" doc:"for the outcome 'changed'"`
	}
}) (*struct{ Body followup.Done }, error) {
	b := in.Body
	done, err := a.Followup.Look(ctx, operation.Viewer(ctx), in.ID, b.Target, b.Outcome, b.Note, b.Change.change())
	return &struct{ Body followup.Done }{done}, err
}

func (a *api) endReview(ctx context.Context, in *ReviewName) (*reviewOutput, error) {
	if err := a.Followup.End(ctx, operation.Viewer(ctx), in.ID); err != nil {
		return nil, err
	}
	return a.getReview(ctx, in)
}
