package ticket

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// stuckError says that a tracker does not accept a credential, which no further
// attempt changes.
type stuckError struct{ error }

func (e stuckError) Unwrap() error { return e.error }

// refused says what follows when a tracker did not accept the credential of an
// endpoint: the ticket is stuck, unless an admin changed the endpoint meanwhile.
func (s *Service) refused(ctx context.Context, was deliver.Endpoint, why error) error {
	is, err := s.Trackers.Known(ctx, was.ID)
	if err != nil {
		return deliver.Classify(err)
	}
	if !is.Updated.Equal(was.Updated) {
		return why
	}
	return queue.Permanent(stuckError{why})
}

// Again queues the tickets that are stuck at an endpoint, in the transaction in which
// it was changed or found to work.
func (s *Service) Again(ctx context.Context, tx *sqldb.Tx, endpoint string) error {
	list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from ticket where endpoint = $1 and state = 'stuck'`, endpoint)
	if err != nil {
		return fmt.Errorf("read the tickets that are stuck at endpoint %s: %w", endpoint, err)
	}
	for _, t := range list {
		if err := s.queue(ctx, tx, t); err != nil {
			return fmt.Errorf("queue ticket %s again: %w", t.ID, err)
		}
	}
	return nil
}

// Jam is what is stuck at an endpoint.
type Jam struct {
	Tickets int
	Why     string // in the words of the last attempt
}

// Jams returns what is stuck by the ids of endpoints, for admins.
func (s *Service) Jams(ctx context.Context, v hindcast.Viewer) (map[string]Jam, error) {
	if err := admin(v); err != nil {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where state = 'stuck' order by asked_at, id`)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the tickets that are stuck: %w", err))
	}
	out := map[string]Jam{}
	for _, t := range list {
		out[t.EndpointID] = Jam{out[t.EndpointID].Tickets + 1, t.Said}
	}
	return out, nil
}

// tellStuck tells who asked for a ticket that it waits for a credential, once a day.
func (s *Service) tellStuck(ctx context.Context, tx *sqldb.Tx, id string) error {
	list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from ticket where id = $1`, id)
	if err != nil || len(list) == 0 {
		return err
	}
	t := list[0]
	num, _, err := sqldb.Value[int64](ctx, tx, `select num from incident where id = $1`, t.IncidentID)
	if err != nil {
		return err
	}
	return s.Tell(ctx, tx, t.IncidentID, workflow.Note{Kind: workflow.NoteMoved, To: []string{t.AskedBy}, Path: fmt.Sprintf("/p/%d/tickets", num),
		Subject: fmt.Sprintf("The ticket that you asked for an action of #%d waits: %s does not accept our credential", num, t.Place),
		Key:     "ticket-stuck/" + t.ID + "/" + s.now().Format(time.DateOnly)})
}

// Waits returns why tickets of action items are stuck, by the number of the
// post-mortem and the id of the action item, "12/a1", for those that the viewer may
// see.
func (s *Service) Waits(ctx context.Context, v hindcast.Viewer) (map[string]string, error) {
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where state = 'stuck' order by incident, asked_at, id`)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the tickets that are stuck: %w", err))
	}
	out, seen := map[string]string{}, map[string]int64{} // numbers by incident; 0 when it is not the viewer's
	for _, t := range list {
		num, ok := seen[t.IncidentID]
		if !ok {
			d, err := s.Workflow.Get(ctx, v, t.IncidentID)
			if err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
				return nil, err
			}
			if err == nil {
				num = d.Num
			}
			seen[t.IncidentID] = num
		}
		if num > 0 {
			out[fmt.Sprintf("%d/%s", num, t.ActionID)] = fmt.Sprintf("%s does not accept our credential", t.Place)
		}
	}
	return out, nil
}

// GiveUp takes back that a ticket is asked for that was not made. With the address of
// one that was made by hand the action item has that one. Who may change action items
// may do it.
func (s *Service) GiveUp(ctx context.Context, v hindcast.Viewer, incident, id, address string) error {
	address = strings.TrimSpace(address)
	if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(address) > 1000) {
		return hindcast.Errorf(hindcast.Invalid, "url: write the address of the ticket, such as https://tracker.example.org/12, or nothing")
	}
	return s.Workflow.Hold(ctx, v, incident, access.Follow, func(h *workflow.Held) error {
		list, err := sqldb.All(ctx, h.SQL(), scan, `select `+columns+` from ticket where id = $1 and incident = $2`, id, h.ID)
		if err != nil {
			return fmt.Errorf("read ticket %s: %w", id, err)
		}
		if len(list) == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no ticket %s any more; look at the list again", id)
		}
		t := list[0]
		if t.Ref != "" {
			return hindcast.Errorf(hindcast.Conflict, "this ticket was made meanwhile; close it in %s", t.Place)
		}
		if err := s.forget(ctx, h.SQL(), t); err != nil {
			return err
		}
		if a := action(h.Post, t.ActionID); a != nil && address != "" {
			next := *a
			next.Ticket = address
			if err := s.edit(ctx, h, next, "its ticket was made by hand"); err != nil {
				return err
			}
		}
		return h.Audit(ctx, "ticket.give-up", map[string]string{"ticket": t.ID, "action": t.ActionID, "endpoint": t.EndpointID, "name": t.Place, "url": address})
	})
}

// forget removes a ticket that was not made, and its job.
func (s *Service) forget(ctx context.Context, tx *sqldb.Tx, t Ticket) error {
	err := s.Queue.Cancel(ctx, tx, makeKind, t.ID)
	if code := hindcast.CodeOf(err); err != nil && code != hindcast.NotFound && code != hindcast.Conflict { // there is none, or it is over
		return err
	}
	if _, err := tx.Exec(ctx, `delete from ticket where id = $1`, t.ID); err != nil {
		return fmt.Errorf("remove ticket %s: %w", t.ID, err)
	}
	return nil
}
