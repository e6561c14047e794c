package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Answer is what somebody who was asked for a review says; empty while it waits.
type Answer string

// The answers.
const (
	Reviewed Answer = "reviewed" // it was read
	Changes  Answer = "changes"  // something has to change first
	Approved Answer = "approved" //
)

// Request is a review that somebody was asked for.
type Request struct {
	PersonID string        `json:"person_id"`
	Round    int64         `json:"round"`
	Approves bool          `json:"approves"` // it cannot be approved without them
	AskedBy  string        `json:"asked_by"`
	AskedAt  time.Time     `json:"asked_at"`
	Due      hindcast.Date `json:"due,omitzero"`
	Answer   Answer        `json:"answer,omitempty" enum:"reviewed,changes,approved"`
	Said     string        `json:"said,omitempty"`
	SaidAt   time.Time     `json:"said_at,omitzero"`
}

const requestColumns = `person, round, approves, asked_by, asked_at, due, answer, said, said_at`

func scanRequest(scan func(...any) error) (r Request, err error) {
	var asked, said int64
	var due string
	if err = scan(&r.PersonID, &r.Round, &r.Approves, &r.AskedBy, &asked, &due, &r.Answer, &r.Said, &said); err != nil {
		return r, err
	}
	r.AskedAt, r.SaidAt = sqldb.Time(asked), sqldb.Time(said)
	if due != "" {
		r.Due, err = hindcast.ParseDate(due)
	}
	return r, err
}

// Requests returns the reviews that were asked for, the last round first.
func (s *Service) Requests(ctx context.Context, v hindcast.Viewer, ref string) ([]Request, error) {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, scanRequest, `select `+requestColumns+` from review_request where incident = $1 order by round desc, person`, d.Num)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the reviews of #%d: %w", d.Num, err))
	}
	return list, nil
}

// Ask asks people who take part for a review, by a day. approves says that it
// cannot be approved without them. Who was asked in this round already and has not
// answered is asked by the new day; once somebody has answered, another round
// begins for them.
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, ref string, people []string, due hindcast.Date, approves bool) error {
	if len(people) == 0 {
		return hindcast.Errorf(hindcast.Invalid, "people: choose whom to ask")
	}
	if !due.IsZero() && due.Compare(hindcast.DateOf(s.now())) < 0 {
		return hindcast.Errorf(hindcast.Invalid, "due: choose a day from today on")
	}
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return err
	}
	return s.Workflow.Hold(ctx, v, d.ID, access.Write, func(h *workflow.Held) error {
		for _, id := range people {
			if !slices.ContainsFunc(h.People, func(p workflow.Participant) bool { return p.PersonID == id }) {
				return hindcast.Errorf(hindcast.Invalid, "people: only who takes part can be asked; add them under Sharing first")
			}
			if err := s.ask(ctx, h, Request{PersonID: id, Approves: approves, AskedBy: v.PersonID, AskedAt: s.now(), Due: due}); err != nil {
				return err
			}
		}
		if err := h.Audit(ctx, "review.ask", map[string]any{"people": people, "approves": approves, "due": due}); err != nil {
			return err
		}
		subject := fmt.Sprintf("Your review of #%d is asked for", h.Num)
		if !due.IsZero() {
			subject += " by " + due.String()
		}
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReview, To: people, Subject: subject, Path: fmt.Sprintf("/p/%d/review", h.Num)})
	})
}

func (s *Service) ask(ctx context.Context, h *workflow.Held, r Request) error {
	last, err := last(ctx, h, r.PersonID)
	if err != nil {
		return err
	}
	if r.Round = last.Round; r.Round == 0 || last.Answer != "" {
		r.Round++
	}
	due := ""
	if !r.Due.IsZero() {
		due = r.Due.String()
	}
	_, err = h.SQL().Exec(ctx, `insert into review_request (incident, person, round, approves, asked_by, asked_at, due, answer, said, said_at) values ($1, $2, $3, $4, $5, $6, $7, '', '', 0)
		on conflict (incident, person, round) do update set approves = $4, asked_by = $5, asked_at = $6, due = $7`,
		h.Num, r.PersonID, r.Round, r.Approves, r.AskedBy, sqldb.Micros(r.AskedAt), due)
	if err != nil {
		return fmt.Errorf("ask for a review of #%d: %w", h.Num, err)
	}
	return nil
}

// volunteer makes the request of somebody who answers without having been asked, which
// is how approvals that the policy counts may come.
func (s *Service) volunteer(ctx context.Context, h *workflow.Held, v hindcast.Viewer) (Request, error) {
	if s.Workflow.Policy().Approvals(h.Post.Incident.Severity).Count == 0 {
		return Request{}, hindcast.Errorf(hindcast.Conflict, "nobody asked you for a review here; comment instead, or ask a lead")
	}
	r := Request{PersonID: v.PersonID, Round: 1, AskedBy: v.PersonID, AskedAt: s.now()}
	return r, s.ask(ctx, h, r)
}

// last returns the last request of a person; of round 0 when there is none.
func last(ctx context.Context, h *workflow.Held, person string) (Request, error) {
	list, err := sqldb.All(ctx, h.SQL(), scanRequest, `select `+requestColumns+` from review_request where incident = $1 and person = $2 order by round desc limit 1`, h.Num, person)
	if err != nil || len(list) == 0 {
		return Request{}, err
	}
	return list[0], nil
}

// Answer keeps what one says about a post-mortem whose review one was asked for. It
// may be said anew until it is approved.
func (s *Service) Answer(ctx context.Context, v hindcast.Viewer, ref string, a Answer, said string) error {
	said = strings.TrimSpace(said)
	switch a {
	case Reviewed, Approved:
	case Changes:
		if said == "" {
			return hindcast.Errorf(hindcast.Invalid, "said: say what has to change")
		}
	default:
		return hindcast.Errorf(hindcast.Invalid, "answer: choose reviewed, changes or approved")
	}
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return err
	}
	return s.Workflow.Hold(ctx, v, d.ID, access.Comment, func(h *workflow.Held) error {
		r, err := last(ctx, h, v.PersonID)
		if err != nil {
			return err
		}
		if r.Round == 0 {
			if r, err = s.volunteer(ctx, h, v); err != nil {
				return err
			}
		}
		if _, err := h.SQL().Exec(ctx, `update review_request set answer = $4, said = $5, said_at = $6 where incident = $1 and person = $2 and round = $3`, h.Num, v.PersonID, r.Round, string(a), said, sqldb.Micros(s.now())); err != nil {
			return err
		}
		if err := h.Audit(ctx, "review.answer", map[string]any{"answer": string(a), "round": r.Round}); err != nil {
			return err
		}
		words := map[Answer]string{Reviewed: "was reviewed", Changes: "needs changes, a reviewer says", Approved: "was approved by a reviewer"}[a]
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReview, To: []string{r.AskedBy}, Subject: fmt.Sprintf("#%d %s", h.Num, words), Path: fmt.Sprintf("/p/%d/review", h.Num)})
	})
}
