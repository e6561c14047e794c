package meeting

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

// check completes a plan and says what is wrong with it.
func (p *Plan) check(d *workflow.Document, now time.Time) error {
	if p.StartsAt.IsZero() {
		return hindcast.Errorf(hindcast.Invalid, "say when the meeting begins")
	}
	if p.StartsAt.Year() < now.Year()-1 || p.StartsAt.Year() > now.Year()+2 {
		return hindcast.Errorf(hindcast.Invalid, "a meeting in %d cannot be meant; check the date", p.StartsAt.Year())
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
		return hindcast.Errorf(hindcast.Invalid, "there is no zone %.40q; use a name such as Europe/Berlin or UTC", p.Zone)
	}
	switch p.Kind {
	case Full, Hybrid:
		p.Agenda = Agenda(p.Kind)
	case Own:
	default:
		return hindcast.Errorf(hindcast.Invalid, "there is no kind of meeting %.20q; choose full, hybrid or own", p.Kind)
	}
	if err := validAgenda(p.Agenda); err != nil {
		return err
	}
	p.Place = oneLine(p.Place)
	return p.checkPeople(d)
}

func (p *Plan) checkPeople(d *workflow.Document) error {
	if !takesPart(d, p.Facilitator) {
		return hindcast.Errorf(hindcast.Invalid, "the facilitator must take part in the post-mortem; share it with them first")
	}
	var out []Attendee
	for _, a := range p.Attendees {
		a.Role = oneLine(a.Role)
		switch {
		case a.Person == "" && a.Role == "":
			continue
		case a.Person != "" && !takesPart(d, a.Person):
			return hindcast.Errorf(hindcast.Invalid, "one who is invited takes no part in the post-mortem; share it with them first, or name them by role")
		}
		out = append(out, a)
	}
	if !slices.ContainsFunc(out, func(a Attendee) bool { return a.Person == p.Facilitator }) {
		out = append([]Attendee{{Person: p.Facilitator, Role: "facilitator"}}, out...)
	}
	if len(out) > 100 {
		return hindcast.Errorf(hindcast.Invalid, "a meeting has at most 100 attendees")
	}
	p.Attendees = out
	p.StartsAt = p.StartsAt.UTC().Truncate(time.Second)
	return nil
}

// oneLine makes one line of a text, of no more than 300 characters.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// Plan plans a meeting of a post-mortem and tells those who are invited. There is
// one at a time: the one before must be closed or canceled.
func (s *Service) Plan(ctx context.Context, v hindcast.Viewer, ref string, p Plan) (*Meeting, error) {
	d, list, err := s.List(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(list, func(m *Meeting) bool { return !m.State.Over() }) {
		return nil, hindcast.Errorf(hindcast.Conflict, "a meeting is planned already; change that one, or cancel it first")
	}
	var out *Meeting
	err = s.Workflow.Hold(ctx, v, d.ID, access.Follow, func(h *workflow.Held) error {
		now := s.now()
		if err := p.check(h.Document, now); err != nil {
			return err
		}
		out = &Meeting{ID: newID(), Num: h.Num, Stamp: now, Plan: p, Clock: Clock{State: Planned}}
		_, err := h.SQL().Exec(ctx, `insert into meeting (incident, id, version, starts_at, body) values ($1, $2, 0, $3, '{}')`, h.Num, out.ID, sqldb.Micros(p.StartsAt))
		if err != nil {
			return fmt.Errorf("plan a meeting of #%d: %w", h.Num, err)
		}
		if err := out.write(ctx, h.SQL()); err != nil {
			return err
		}
		return s.told(ctx, h, out, "meeting.plan", "A meeting about #%d is set for %s")
	})
	return out, err
}

// Replan changes the plan of a meeting that has not begun. Its invitation gets the
// next sequence number.
func (s *Service) Replan(ctx context.Context, v hindcast.Viewer, ref, id string, p Plan) (*Meeting, error) {
	return s.change(ctx, v, ref, id, access.Follow, func(h *workflow.Held, m *Meeting) error {
		if m.State != Planned {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is %s, and its plan stays", m.State)
		}
		if err := p.check(h.Document, s.now()); err != nil {
			return err
		}
		m.Plan, m.Sequence, m.Stamp = p, m.Sequence+1, s.now()
		return s.told(ctx, h, m, "meeting.replan", "The meeting about #%d is changed: %s")
	})
}

// Cancel calls a meeting off that has not begun.
func (s *Service) Cancel(ctx context.Context, v hindcast.Viewer, ref, id string) (*Meeting, error) {
	return s.change(ctx, v, ref, id, access.Follow, func(h *workflow.Held, m *Meeting) error {
		if m.State != Planned {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is %s; only one that has not begun can be canceled", m.State)
		}
		m.State, m.Sequence, m.Stamp, m.Ended = Canceled, m.Sequence+1, s.now(), s.now()
		return s.told(ctx, h, m, "meeting.cancel", "The meeting about #%d on %s is canceled")
	})
}

// told tells those who are invited, and the audit trail.
func (s *Service) told(ctx context.Context, h *workflow.Held, m *Meeting, act, subject string) error {
	when := m.StartsAt.In(m.Location()).Format("Mon 2 Jan 15:04 MST")
	err := h.Notify(ctx, workflow.Note{Kind: workflow.NoteMeeting, To: m.Invited(), Subject: fmt.Sprintf(subject, h.Num, when), Path: Path(h.Num)})
	if err != nil {
		return err
	}
	return h.Audit(ctx, act, map[string]string{"meeting": m.ID, "state": string(m.State)})
}

// Path is where the meetings of a post-mortem are.
func Path(num int64) string { return fmt.Sprintf("/p/%d/meeting", num) }
