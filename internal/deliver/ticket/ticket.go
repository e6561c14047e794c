// Package ticket lets action items become tickets in other systems, and lets what
// happens to the tickets come back.
//
// A ticket is a record first: [Service.Ask] keeps it with the job that makes it, in
// one transaction. The job may run again after a crash; the tracker is asked under
// a key that stays the same, so that there is one ticket. Every few minutes the
// tickets are looked at: one that was closed as done closes its action item, one
// that was closed as not planned decides against it, and one that was opened again
// opens it, unless people have decided otherwise here meanwhile. Done is not
// verified: that takes a person who has seen the effect.
package ticket

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. All but Now and Tell must be set.
type Config struct {
	DB       *sqldb.DB // with the table ticket
	Queue    *queue.Queue
	Workflow *workflow.Service
	Trackers *deliver.Service
	Address  func() string    // where people reach the server, for links: "https://hindcast.example.org"
	Now      func() time.Time // time.Now when nil
	// Tell tells people a note about an incident, in a transaction; nil when nobody is
	// told.
	Tell func(ctx context.Context, tx *sqldb.Tx, incident string, n workflow.Note) error
}

// Service makes tickets and follows them. It may be used by several goroutines at
// once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Tell == nil {
		c.Tell = func(context.Context, *sqldb.Tx, string, workflow.Note) error { return nil }
	}
	return &Service{c}
}

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// State says how far a ticket is.
type State string

// The states of a ticket.
const (
	Waiting  State = "waiting"  // for an admin to approve it
	Refused  State = "refused"  // by an admin
	Queued   State = "queued"   // to be made
	Stuck    State = "stuck"    // the tracker does not accept the credential of the connection
	Failed   State = "failed"   // it could not be made
	Open     State = "open"     //
	Done     State = "done"     // closed, and done
	Declined State = "declined" // closed, and not done
)

// Ticket is an action item in another system.
type Ticket struct {
	ID         string    `json:"id"`
	IncidentID string    `json:"incident_id"`
	ActionID   string    `json:"action_id"`
	EndpointID string    `json:"endpoint_id"`
	Place      string    `json:"place"` // its name when the ticket was asked for
	State      State     `json:"state" enum:"waiting,refused,queued,stuck,failed,open,done,declined"`
	Ref        string    `json:"ref,omitempty"` // what the tracker calls it
	URL        string    `json:"url,omitempty"`
	Said       string    `json:"said,omitempty"` // its state in the tracker's words, or why there is none
	AskedBy    string    `json:"asked_by"`       // id of a person
	AskedAt    time.Time `json:"asked_at"`
	CheckedAt  time.Time `json:"checked_at,omitzero"`
	ChangedAt  time.Time `json:"changed_at,omitzero"`   // in the tracker
	ApprovedBy string    `json:"approved_by,omitempty"` // id of a person; empty when nobody had to
}

const columns = `id, incident, action, endpoint, place, state, ref, url, said, asked_by, asked_at, checked_at, changed_at, approved_by`

func scan(scan func(...any) error) (t Ticket, err error) {
	var asked, checked, changed int64
	err = scan(&t.ID, &t.IncidentID, &t.ActionID, &t.EndpointID, &t.Place, &t.State, &t.Ref, &t.URL, &t.Said, &t.AskedBy, &asked, &checked, &changed, &t.ApprovedBy)
	t.AskedAt, t.CheckedAt, t.ChangedAt = sqldb.Time(asked), sqldb.Time(checked), sqldb.Time(changed)
	return t, err
}

// Of returns the tickets of a post-mortem's action items, the first asked for
// first.
func (s *Service) Of(ctx context.Context, v hindcast.Viewer, incident string) ([]Ticket, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from ticket where incident = $1 order by asked_at, id`, d.ID)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the tickets of incident %s: %w", d.ID, err))
	}
	return list, nil
}

// Places returns where tickets can be made.
func (s *Service) Places(ctx context.Context, v hindcast.Viewer) ([]deliver.Place, error) {
	return s.Trackers.Trackers(ctx, v)
}

// makeKind is the kind of the jobs that make a ticket, by its id.
const makeKind = "ticket"

// Ask asks for tickets of action items in one place. Those that have one there
// already keep it; one that failed, is stuck or was refused is asked for again. Who may change
// action items may ask; where an admin approves tickets, they wait for that.
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, incident, endpoint string, actions []string) error {
	if len(actions) == 0 {
		return hindcast.Errorf(hindcast.Invalid, "choose at least one action item")
	}
	err := s.Workflow.Hold(ctx, v, incident, access.Follow, func(h *workflow.Held) error {
		place, err := s.Trackers.Place(ctx, h.SQL(), endpoint, connector.Tracks, h.Private)
		if err != nil {
			return err
		}
		var missing []string
		for _, id := range actions {
			if action(h.Post, id) == nil {
				missing = append(missing, fmt.Sprintf("%q", id))
			}
		}
		if missing != nil {
			return hindcast.Errorf(hindcast.NotFound, "there is no action item %s any more; look at the list again", strings.Join(missing, ", "))
		}
		for _, id := range actions {
			t := Ticket{ID: store.NewID(s.now()), IncidentID: h.ID, ActionID: id, EndpointID: endpoint, Place: place.Name, State: Queued, AskedBy: v.PersonID, AskedAt: s.now()}
			if place.Approve {
				t.State = Waiting
			}
			if err := s.ask(ctx, h, t); err != nil {
				return err
			}
		}
		return h.Audit(ctx, "ticket.ask", map[string]any{"actions": actions, "endpoint": endpoint, "name": place.Name, "waits": place.Approve})
	})
	s.Queue.Wake()
	return err
}

// ask keeps a ticket with its job, or tries one that failed again.
func (s *Service) ask(ctx context.Context, h *workflow.Held, t Ticket) error {
	tx := h.SQL()
	_, err := tx.Exec(ctx, `insert into ticket (`+columns+`) values ($1, $2, $3, $4, $5, $6, '', '', '', $7, $8, 0, 0, '') on conflict (incident, action, endpoint) do nothing`,
		t.ID, t.IncidentID, t.ActionID, t.EndpointID, t.Place, string(t.State), t.AskedBy, sqldb.Micros(t.AskedAt))
	if err != nil {
		return fmt.Errorf("keep the ticket of action %s: %w", t.ActionID, err)
	}
	have, err := scan(tx.QueryRow(ctx, `select `+columns+` from ticket where incident = $1 and action = $2 and endpoint = $3`, t.IncidentID, t.ActionID, t.EndpointID).Scan)
	if err != nil {
		return fmt.Errorf("read the ticket of action %s: %w", t.ActionID, err)
	}
	ended := have.State == Failed || have.State == Stuck
	switch {
	case ended && have.ApprovedBy != "", (ended || have.State == Refused) && t.State == Queued:
		return s.queue(ctx, tx, have)
	case ended || have.State == Refused:
		_, err := tx.Exec(ctx, `update ticket set state = 'waiting', said = '', asked_by = $2, asked_at = $3 where id = $1`, have.ID, t.AskedBy, sqldb.Micros(t.AskedAt))
		return err
	case have.State == Queued:
		return s.queue(ctx, tx, have)
	}
	return nil
}

// queue queues the making of a ticket, also of one that was given up.
func (s *Service) queue(ctx context.Context, tx *sqldb.Tx, t Ticket) error {
	if _, err := tx.Exec(ctx, `update ticket set state = 'queued', said = '' where id = $1`, t.ID); err != nil {
		return err
	}
	if t.State == Failed || t.State == Stuck {
		err := s.Queue.Retry(ctx, tx, makeKind, t.ID)
		if hindcast.CodeOf(err) != hindcast.NotFound { // it was forgotten
			return err
		}
	}
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: makeKind, Key: t.ID})
	return err
}

// action returns an action item of a document, or nil.
func action(p hindcast.Postmortem, id string) *hindcast.ActionItem {
	if i := slices.IndexFunc(p.Actions, func(a hindcast.ActionItem) bool { return a.ID == id }); i >= 0 {
		return &p.Actions[i]
	}
	return nil
}

// labels returns the labels of a ticket: that it follows from a post-mortem, of
// which incident, and what it changes.
func labels(num int64, number string, a hindcast.ActionItem) []string {
	if number == "" {
		number = fmt.Sprint(num)
	}
	number = strings.Map(func(r rune) rune {
		if r <= ' ' || r == ',' {
			return '-' // trackers separate labels by them
		}
		return r
	}, strings.TrimPrefix(number, "#"))
	out := []string{"post-mortem", "incident-" + number}
	for _, e := range a.Effects {
		out = append(out, string(e))
	}
	return out
}

var cleaner = redact.New()

// compose writes the ticket of an action item. What looks like a credential or a
// person is taken out of it, since it leaves.
func (s *Service) compose(t Ticket, d *workflow.Document, a hindcast.ActionItem) connector.Ticket {
	clean := func(s string) string { return redact.Without(s, cleaner.Leaks(s)) }
	var text []string
	if a.Detail != "" {
		text = append(text, clean(a.Detail))
	}
	if a.DoneWhen != "" {
		text = append(text, "Done when: "+clean(a.DoneWhen))
	}
	if a.Owner != "" {
		text = append(text, "Owner: "+clean(a.Owner))
	}
	return connector.Ticket{
		Key: t.ID, Title: clean(a.Description), Text: strings.Join(text, "\n\n"), Labels: labels(d.Num, d.Post.Incident.Number, a),
		Priority: a.Priority, Due: a.Due, URL: fmt.Sprintf("%s/p/%d#actions/%s", s.Address(), d.Num, t.ActionID),
	}
}
