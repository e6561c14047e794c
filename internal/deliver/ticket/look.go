package ticket

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Moved is a ticket that is another than when it was last looked at.
type Moved struct {
	Ticket
	IncidentNum int64                 `json:"incident_number"`
	Description string                `json:"description"` // of the action item
	Was         State                 `json:"was"`
	Status      hindcast.ActionStatus `json:"action_status"` // of the action item now
}

// Looked is what came of a look at many tickets.
type Looked struct {
	Looked  int      `json:"looked"` // at how many
	Left    int      `json:"left"`   // how many were left for another time
	Changed []Moved  `json:"changed"`
	Faults  []string `json:"faults"` // which trackers did not answer, and why
}

// LookAll looks at the tickets of all post-mortems that the viewer may see, and lets
// the action items follow. A tracker that does not answer keeps nobody from asking
// the others.
func (s *Service) LookAll(ctx context.Context, v hindcast.Viewer) (Looked, error) {
	out := Looked{Changed: []Moved{}, Faults: []string{}}
	if !v.MayWrite() {
		return out, hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	list, err := s.seen(ctx, v)
	if err != nil {
		return out, s.DB.Fault(fmt.Errorf("read the tickets to look at: %w", err))
	}
	down := map[string]bool{} // places that do not answer
	for _, t := range list[:min(len(list), many)] {
		if down[t.EndpointID] {
			out.Left++
			continue
		}
		err := s.look(ctx, t)
		switch code := hindcast.CodeOf(err); code {
		case "":
			out.Looked++
		case hindcast.NotFound:
			out.Faults = append(out.Faults, fmt.Sprintf("%s %s: %v", t.Place, t.Ref, err))
			continue
		default:
			down[t.EndpointID] = true
			out.Left++
			out.Faults = append(out.Faults, fmt.Sprintf("%s: %v", t.Place, err))
			continue
		}
		if err := s.compare(ctx, v, t, &out); err != nil {
			return out, err
		}
	}
	out.Left += max(0, len(list)-many)
	return out, nil
}

// seen returns the tickets to look at of what a viewer may see, those looked at
// longest ago first.
func (s *Service) seen(ctx context.Context, v hindcast.Viewer) ([]Ticket, error) {
	return sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket t where ref <> '' and (state = 'open' or changed_at >= $1)
		and exists (select 1 from incident i join acl a on a.incident = i.num where i.id = t.incident and i.deleted_at = 0 and a.principal in ('all', $2))
		order by checked_at, id`, sqldb.Micros(s.now().Add(-recent)), "person:"+v.PersonID)
}

// compare notes a ticket that has changed.
func (s *Service) compare(ctx context.Context, v hindcast.Viewer, was Ticket, out *Looked) error {
	is, err := s.ticket(ctx, was.ID)
	if err != nil || is.State == was.State {
		return err
	}
	d, err := s.Workflow.Get(ctx, v, is.IncidentID)
	if err != nil {
		return err
	}
	c := Moved{Ticket: is, IncidentNum: d.Num, Was: was.State}
	if a := action(d.Post, is.ActionID); a != nil {
		c.Description, c.Status = a.Description, a.Status
	}
	out.Changed = append(out.Changed, c)
	return nil
}
