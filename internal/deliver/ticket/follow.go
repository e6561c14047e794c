package ticket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

const (
	followKind = "follow-tickets"
	lookKind   = "look-at-ticket"
)

// How tickets are followed: how often, how many in one go, and for how long after
// they were closed, since they may be opened again.
const (
	often  = 5 * time.Minute
	many   = 200
	recent = 30 * 24 * time.Hour
)

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{
		makeKind:   {Run: s.make, Ended: s.ended},
		followKind: {Run: s.follow, Every: often},
		lookKind:   {Run: s.lookAt},
	}
}

// make does the job of one ticket. When it runs again, the tracker returns the
// ticket that there is.
func (s *Service) make(ctx context.Context, j *queue.Job) error {
	t, err := s.ticket(ctx, j.Key)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && t.State != Queued {
		return nil // it is made, or not wanted any more
	}
	if err != nil {
		return err
	}
	var want connector.Ticket
	err = s.Workflow.HoldFor(ctx, t.AskedBy, t.IncidentID, func(h *workflow.Held) error {
		a := action(h.Post, t.ActionID)
		if a == nil {
			return hindcast.Errorf(hindcast.NotFound, "the action item was removed before its ticket was made")
		}
		if _, err := s.Trackers.Place(ctx, h.SQL(), t.EndpointID, connector.Tracks, h.Private); err != nil {
			return err
		}
		want = s.compose(t, h.Document, *a)
		return nil
	})
	if err != nil {
		return deliver.Classify(err)
	}
	_, tracker, err := s.Trackers.Tracker(ctx, t.EndpointID)
	if err != nil {
		return deliver.Classify(err)
	}
	was, err := s.Trackers.Known(ctx, t.EndpointID)
	if err != nil {
		return deliver.Classify(err)
	}
	ref, err := tracker.CreateTicket(ctx, want)
	if hindcast.CodeOf(err) == hindcast.Denied {
		return s.refused(ctx, was, err)
	}
	if err != nil {
		return deliver.Classify(err)
	}
	return s.made(ctx, t, ref)
}

// made keeps where a ticket is, in its row and in the action item.
func (s *Service) made(ctx context.Context, t Ticket, ref connector.Ref) error {
	return s.Workflow.HoldFor(ctx, t.AskedBy, t.IncidentID, func(h *workflow.Held) error {
		if _, err := h.SQL().Exec(ctx, `update ticket set state = 'open', ref = $2, url = $3, said = '', checked_at = $4, changed_at = $4 where id = $1`, t.ID, ref.ID, ref.URL, sqldb.Micros(s.now())); err != nil {
			return fmt.Errorf("keep where ticket %s is: %w", t.ID, err)
		}
		a := action(h.Post, t.ActionID)
		if a == nil || a.Ticket != "" {
			return nil
		}
		next := *a
		next.Ticket = ref.URL
		return s.edit(ctx, h, next, "its ticket was made in "+t.Place)
	})
}

// edit changes an action item.
func (s *Service) edit(ctx context.Context, h *workflow.Held, a hindcast.ActionItem, note string) error {
	path := "actions/" + a.ID
	base, err := part.Get(&h.Post, path)
	tag := part.TagOf(base)
	if err != nil {
		return err
	}
	_, err = h.Edit(ctx, []part.Change{{Path: path, Base: &tag, Value: workflow.JSON(a)}}, note)
	return err
}

// ended keeps why a ticket could not be made, in the transaction that ends the
// attempt.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	if j.Err == nil {
		return nil
	}
	state := Queued
	var stuck stuckError
	switch {
	case errors.As(j.Err, &stuck):
		state = Stuck
	case j.State == queue.Failed:
		state = Failed
	}
	res, err := tx.Exec(ctx, `update ticket set state = $2, said = $3 where id = $1 and state = 'queued'`, j.Key, string(state), j.Err.Error())
	if err != nil || state != Stuck {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return s.tellStuck(ctx, tx, j.Key)
}

func (s *Service) ticket(ctx context.Context, id string) (Ticket, error) {
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where id = $1`, id)
	if err != nil {
		return Ticket{}, s.DB.Fault(fmt.Errorf("read ticket %s: %w", id, err))
	}
	if len(list) == 0 {
		return Ticket{}, hindcast.Errorf(hindcast.NotFound, "there is no ticket %s", id)
	}
	return list[0], nil
}

// follow looks at the tickets that were looked at longest ago. What one place does
// not tell keeps nobody from asking the others.
func (s *Service) follow(ctx context.Context, _ *queue.Job) error {
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where ref <> '' and checked_at <= $1 and (state = 'open' or changed_at >= $2) order by checked_at, id limit $3`,
		sqldb.Micros(s.now().Add(-often/2)), sqldb.Micros(s.now().Add(-recent)), many)
	if err != nil {
		return s.DB.Fault(fmt.Errorf("read the tickets to look at: %w", err))
	}
	down := map[string]error{} // places that do not answer
	for _, t := range list {
		if down[t.EndpointID] != nil {
			continue
		}
		if err := s.look(ctx, t); err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
			down[t.EndpointID] = fmt.Errorf("look at the tickets in %s: %w", t.Place, err)
		}
	}
	var faults []error
	for _, err := range down {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// Look looks at the tickets of a post-mortem's action items now.
func (s *Service) Look(ctx context.Context, v hindcast.Viewer, incident string) error {
	list, err := s.Of(ctx, v, incident)
	if err != nil {
		return err
	}
	if !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	for _, t := range list {
		if t.Ref == "" {
			continue
		}
		if err := s.look(ctx, t); err != nil && hindcast.CodeOf(err) != hindcast.NotFound { // which the ticket says
			return err
		}
	}
	return nil
}

// Changed queues a look at a ticket that a tracker says has changed; notice is the
// id of what it said.
func (s *Service) Changed(ctx context.Context, tx *sqldb.Tx, endpoint, ref, notice string) error {
	list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from ticket where endpoint = $1 and ref = $2`, endpoint, ref)
	if err != nil {
		return fmt.Errorf("find ticket %s: %w", ref, err)
	}
	for _, t := range list { // none when it is a ticket of others
		if _, err := s.Queue.Add(ctx, tx, queue.Job{Kind: lookKind, Key: t.ID + "/" + notice, Payload: workflow.JSON(t.ID)}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) lookAt(ctx context.Context, j *queue.Job) error {
	var id string
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return queue.Permanent(err)
	}
	t, err := s.ticket(ctx, id)
	if err != nil {
		return deliver.Classify(err)
	}
	return deliver.Classify(s.look(ctx, t))
}

// look asks how a ticket is, and lets the action item follow.
func (s *Service) look(ctx context.Context, t Ticket) error {
	_, tracker, err := s.Trackers.Tracker(ctx, t.EndpointID)
	if err != nil {
		return s.note(ctx, t, err)
	}
	is, err := tracker.TicketState(ctx, t.Ref)
	if hindcast.CodeOf(err) == hindcast.NotFound {
		err = hindcast.Errorf(hindcast.NotFound, "%s is not in %s any more: it was deleted or moved, or the credential may not see it; the state of the action item is for a person to set", t.Ref, t.Place)
	}
	if err != nil {
		return s.note(ctx, t, err)
	}
	state := Open
	switch {
	case is.Done:
		state = Done
	case is.Declined:
		state = Declined
	}
	return s.Workflow.HoldFor(ctx, t.AskedBy, t.IncidentID, func(h *workflow.Held) error {
		have, err := sqldb.All(ctx, h.SQL(), scan, `select `+columns+` from ticket where id = $1`, t.ID)
		if err != nil || len(have) == 0 {
			return err
		}
		if _, err := h.SQL().Exec(ctx, `update ticket set state = $2, said = $3, checked_at = $4, changed_at = $5 where id = $1`, t.ID, string(state), is.Status, sqldb.Micros(s.now()), sqldb.Micros(is.Changed)); err != nil {
			return fmt.Errorf("keep how ticket %s is: %w", t.ID, err)
		}
		if have[0].State == state {
			return nil
		}
		return s.bring(ctx, h, t, state, is)
	})
}

// note keeps that a ticket could not be looked at, and when.
func (s *Service) note(ctx context.Context, t Ticket, why error) error {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update ticket set said = $2, checked_at = $3 where id = $1`, t.ID, why.Error(), sqldb.Micros(s.now()))
		return err
	})
	return errors.Join(why, s.DB.Fault(err))
}

// revisitDays is after how many days a decision against an action is looked at
// again that was made in the tracker, which knows no such day.
const revisitDays = 90

// bring lets an action item follow its ticket, as far as people have not decided
// something else here.
func (s *Service) bring(ctx context.Context, h *workflow.Held, t Ticket, state State, is connector.TicketState) error {
	a := action(h.Post, t.ActionID)
	if a == nil {
		return nil
	}
	next, on := *a, hindcast.DateOf(is.Changed)
	if is.Changed.IsZero() {
		on = hindcast.DateOf(s.now())
	}
	if !next.Opened.IsZero() && on.Compare(next.Opened) < 0 {
		on = next.Opened
	}
	var to hindcast.ActionStatus
	note := ""
	under := next.Status == hindcast.ActionOpen || next.Status == hindcast.ActionInProgress
	switch {
	case state == Done && under:
		to, note = hindcast.ActionDone, "its ticket was closed in "+t.Place
	case state == Declined && under:
		to, note = hindcast.ActionDeclined, "its ticket was closed in "+t.Place+" without being done"
	case state == Open && next.Status == hindcast.ActionDone:
		to, note = hindcast.ActionInProgress, "its ticket was opened again in "+t.Place
	case state == Open && next.Status == hindcast.ActionDeclined:
		to, note = hindcast.ActionOpen, "its ticket was opened again in "+t.Place
	default:
		return nil
	}
	if to == hindcast.ActionDeclined && next.Revisit.Compare(on) <= 0 {
		next.Revisit = on.Add(revisitDays)
	}
	if err := next.Move(hindcast.ActionMove{To: to, On: on, By: t.Place, Reason: note}); err != nil {
		return err
	}
	return s.edit(ctx, h, next, note)
}
