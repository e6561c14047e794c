package actions

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/workflow/followup"
)

// ReviewsView is the page on which reviews begin.
type ReviewsView struct {
	Frame
	Reviews []ReviewRow
	Choices followup.Choices
	Waiting int // actions that a review of all would go through now
}

// ReviewRow is a review with who began it.
type ReviewRow struct {
	followup.Review
	Who string
}

func (h Handlers) reviews(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view := ReviewsView{Frame: h.frame(r, v, "/actions/review")}
	list, err := h.Followup.Reviews(r.Context(), v, 20)
	if err != nil {
		return err
	}
	for _, x := range list {
		view.Reviews = append(view.Reviews, ReviewRow{x, h.Name(r, v, x.PersonID)})
	}
	if view.Choices, err = h.Followup.Choices(r.Context(), v); err != nil {
		return err
	}
	if view.Waiting, err = h.Followup.Waiting(r.Context(), v); err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Weekly review", reviewsPage(view))
}

func (h Handlers) begin(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	q := url.Values{}
	for _, name := range []string{"team", "service", "mine"} {
		if s := said(r.PostForm, name); s != "" {
			q.Set(name, s)
		}
	}
	x, err := h.Followup.Begin(r.Context(), v, q.Encode())
	if err != nil {
		return err
	}
	return answer.Redirect(w, r, "/actions/review/"+x.ID)
}

// ReviewView is a review as it stands.
type ReviewView struct {
	Frame
	Review ReviewRow
	Why    []string          // it goes through the next one
	Names  map[string]string // of who looked, by id
	Looked string            // who looked at the next one last
	Sent   url.Values        // a form that could not be kept
	Counts []struct {
		Outcome followup.Outcome
		N       int
	}
}

func (h Handlers) review(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	view, err := h.reviewView(r, v, r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Weekly review", reviewPage(view))
}

func (h Handlers) reviewView(r *http.Request, v hindcast.Viewer, id string) (ReviewView, error) {
	view := ReviewView{Frame: h.frame(r, v, "/actions/review"), Names: map[string]string{}}
	x, err := h.Followup.Review(r.Context(), v, id)
	if err != nil {
		return view, err
	}
	view.Review = ReviewRow{x, h.Name(r, v, x.PersonID)}
	for _, outcome := range []followup.Outcome{followup.Changed, followup.Kept, followup.Asked, followup.Skipped} {
		n := 0
		for _, l := range x.Looks {
			if l.Outcome == outcome {
				n++
			}
		}
		view.Counts = append(view.Counts, struct {
			Outcome followup.Outcome
			N       int
		}{outcome, n})
	}
	for _, l := range x.Looks {
		view.Names[l.PersonID] = h.Name(r, v, l.PersonID)
	}
	if x.Next == nil {
		return view, nil
	}
	view.Why = followup.Why(x.Next.Item, x.Next.Agreed, view.Today)
	next, err := h.Followup.Get(r.Context(), v, x.Next.IncidentID, x.Next.Item.ID)
	if err != nil {
		return view, err
	}
	if view.Review.Next = &next; next.Looked.PersonID != "" {
		view.Looked = h.Name(r, v, next.Looked.PersonID)
	}
	return view, nil
}

// look keeps what came of looking at an action.
func (h Handlers) look(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	sent, id := r.PostForm, r.PathValue("id")
	outcome := followup.Outcome(sent.Get("do"))
	c, err := changeOf(sent)
	switch to := hindcast.ActionStatus(sent.Get("do")); to {
	case hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined:
		outcome, c.To = followup.Changed, to
		c.Reason = cmp.Or(c.Reason, said(sent, "note"))
	case "changed":
		c.To = ""
	}
	t := targetOf(sent.Get("action"))
	t.Base = part.Tag(sent.Get("base"))
	var done followup.Done
	if err == nil {
		done, err = h.Followup.Look(r.Context(), v, id, t, outcome, sent.Get("note"), c)
	}
	if err == nil {
		return went(w, r, &url.URL{Path: "/actions/review/" + id}, []followup.Done{done})
	}
	message, status, ok := told(err)
	if !ok {
		return err
	}
	view, err := h.reviewView(r, v, id)
	if err != nil {
		return err
	}
	view.Fault, view.Sent = message, sent
	return h.Show(w, r, v, status, "Weekly review", reviewPage(view))
}

func (h Handlers) end(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	id := r.PathValue("id")
	if err := h.Followup.End(r.Context(), v, id); err != nil {
		return err
	}
	return answer.Redirect(w, r, "/actions/review/"+id)
}
