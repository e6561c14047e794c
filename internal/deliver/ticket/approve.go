package ticket

import (
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Proposal is a ticket that waits for an admin, with what it will say. To an admin
// who may not read the post-mortem it says only where it goes and who asks.
type Proposal struct {
	Ticket
	IncidentNum int64    `json:"incident_number,omitempty"` // 0 when the post-mortem may not be read
	Title       string   `json:"title,omitempty"`
	Text        string   `json:"text,omitempty"`
	Labels      []string `json:"labels,omitempty"`
}

// mostWaiting is how many proposals are listed at once.
const mostWaiting = 200

func admin(v hindcast.Viewer) error {
	if !v.MayAdminister() {
		return hindcast.Errorf(hindcast.Denied, "only an admin may see and decide which tickets are made")
	}
	return nil
}

// Waiting returns the tickets that wait for approval, the first asked for first, for
// admins.
func (s *Service) Waiting(ctx context.Context, v hindcast.Viewer) ([]Proposal, error) {
	if err := admin(v); err != nil {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where state = 'waiting' order by asked_at, id limit $1`, mostWaiting)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the tickets that wait: %w", err))
	}
	var out []Proposal
	for _, t := range list {
		p := Proposal{Ticket: t}
		d, err := s.Workflow.Get(ctx, v, t.IncidentID)
		switch hindcast.CodeOf(err) {
		case "":
			if a := action(d.Post, t.ActionID); a != nil {
				will := s.compose(t, d, *a)
				p.IncidentNum, p.Title, p.Text, p.Labels = d.Num, will.Title, will.Text, will.Labels
			}
		case hindcast.NotFound:
		default:
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Approve lets a ticket be made that waits, for admins. It says what its action item
// says when it is made, which is soon.
func (s *Service) Approve(ctx context.Context, v hindcast.Viewer, id string) error {
	err := s.decide(ctx, v, id, "ticket.approve", "", func(tx *sqldb.Tx, t Ticket) error {
		if _, err := tx.Exec(ctx, `update ticket set approved_by = $2 where id = $1`, id, v.PersonID); err != nil {
			return err
		}
		t.State = Failed // there may be a job that failed before
		return s.queue(ctx, tx, t)
	})
	s.Queue.Wake()
	return err
}

// Refuse keeps a ticket from being made, for admins. Who asked for it is shown why,
// and may ask again.
func (s *Service) Refuse(ctx context.Context, v hindcast.Viewer, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > 500 {
		return hindcast.Errorf(hindcast.Invalid, "reason: say in up to 500 letters why the ticket is not made")
	}
	return s.decide(ctx, v, id, "ticket.refuse", reason, func(tx *sqldb.Tx, t Ticket) error {
		_, err := tx.Exec(ctx, `update ticket set state = 'refused', said = $2 where id = $1`, id, reason)
		return err
	})
}

// decide lets an admin decide about a ticket that waits.
func (s *Service) decide(ctx context.Context, v hindcast.Viewer, id, act, reason string, f func(*sqldb.Tx, Ticket) error) error {
	if err := admin(v); err != nil {
		return err
	}
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from ticket where id = $1`, id)
		if err != nil {
			return fmt.Errorf("read ticket %s: %w", id, err)
		}
		if len(list) == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no ticket %s", id)
		}
		t := list[0]
		if t.State != Waiting {
			return hindcast.Errorf(hindcast.Conflict, "this ticket does not wait any more; it is %s", t.State)
		}
		if err := f(tx, t); err != nil {
			return fmt.Errorf("%s %s: %w", act, id, err)
		}
		detail := map[string]string{"ticket": t.ID, "action": t.ActionID, "endpoint": t.EndpointID, "name": t.Place}
		if reason != "" {
			detail["reason"] = reason
		}
		return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, IncidentID: t.IncidentID, Detail: detail})
	}))
}
