package deliver

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// State says how far a delivery is.
type State string

// The states of a delivery.
const (
	Waiting  State = "waiting" // for a person to approve it
	Queued   State = "queued"
	Sent     State = "sent"
	Failed   State = "failed" // given up
	Canceled State = "canceled"
)

// States returns the states.
func States() []State { return []State{Waiting, Queued, Sent, Failed, Canceled} }

// Delivery is one outward act: a message to one endpoint. What the message says
// is not in it, because an admin may not be allowed to read the incident.
type Delivery struct {
	ID         string    `json:"id"` // a receiver knows the message by it
	EndpointID string    `json:"endpoint_id"`
	Event      string    `json:"event"`
	IncidentID string    `json:"incident_id,omitempty"`
	State      State     `json:"state"`
	Attempts   int       `json:"attempts"`
	Answer     string    `json:"answer,omitempty"` // of the receiver to the last attempt, or why there was none
	AddedAt    time.Time `json:"added_at"`
	NextAt     time.Time `json:"next_at,omitzero"`  // of the next attempt
	EndedAt    time.Time `json:"ended_at,omitzero"` //
	ApprovedBy string    `json:"approved_by,omitempty"`

	body string
}

const deliveryColumns = `d.id, d.endpoint, d.event, d.incident, d.body, d.state, d.attempts, d.answer, d.added_at, d.next_at, d.ended_at, d.approved_by`

func scanDelivery(scan func(...any) error, more ...any) (d Delivery, err error) {
	var added, next, ended int64
	err = scan(append([]any{&d.ID, &d.EndpointID, &d.Event, &d.IncidentID, &d.body, &d.State, &d.Attempts, &d.Answer, &added, &next, &ended, &d.ApprovedBy}, more...)...)
	d.AddedAt, d.NextAt, d.EndedAt = sqldb.Time(added), sqldb.Time(next), sqldb.Time(ended)
	return d, err
}

// Filter chooses deliveries. The zero Filter chooses all.
type Filter struct {
	EndpointID string
	State      State
	After      string // the Next of the page before
	Limit      int
}

// Deliveries returns a page of deliveries, the last queued first.
func (s *Service) Deliveries(ctx context.Context, v hindcast.Viewer, f Filter) (store.Page[Delivery], error) {
	var page store.Page[Delivery]
	if err := admin(v); err != nil {
		return page, err
	}
	if f.State != "" && !slices.Contains(States(), f.State) {
		return page, hindcast.Errorf(hindcast.Invalid, "state: choose one of %v", States())
	}
	if f.Limit <= 0 {
		f.Limit = store.DefaultLimit
	}
	f.Limit = min(f.Limit, store.MaxLimit)
	var w sqldb.Where
	// Seen is whether the viewer may read the incident.
	text := w.Bind(`select `+deliveryColumns+`, exists (select 1 from incident i join acl a on a.incident = i.num where i.id = d.incident and a.principal in ('all', ?)) from delivery d where `, "person:"+v.PersonID)
	w.And(`d.id > ?`, "")
	if f.EndpointID != "" {
		w.And(`d.endpoint = ?`, f.EndpointID)
	}
	if f.State != "" {
		w.And(`d.state = ?`, string(f.State))
	}
	if f.After != "" {
		w.And(`d.id < ?`, f.After)
	}
	text += w.String() + ` order by d.id desc` + w.Bind(` limit ?`, f.Limit+1)
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (Delivery, error) {
		seen := false
		d, err := scanDelivery(scan, &seen)
		if !seen && d.IncidentID != "" {
			d.Answer, _, _ = strings.Cut(d.Answer, saidMark) // it may repeat what it was told
		}
		return d, err
	}, text, w.Args...)
	if err != nil {
		return page, s.DB.Fault(err)
	}
	if page.Items = list; len(list) > f.Limit {
		page.Items, page.Next = list[:f.Limit], list[f.Limit-1].ID
	}
	return page, nil
}

// Delivery returns one delivery with what it says, which is nil when the viewer
// may not read the incident that it tells of.
func (s *Service) Delivery(ctx context.Context, v hindcast.Viewer, id string) (Delivery, *connector.Message, error) {
	if err := admin(v); err != nil {
		return Delivery{}, nil, err
	}
	d, err := s.delivery(ctx, s.DB, id)
	if err != nil {
		return d, nil, s.DB.Fault(err)
	}
	_, seen, err := sqldb.Value[int64](ctx, s.DB, `select i.num from incident i join acl a on a.incident = i.num where i.id = $1 and i.deleted_at = 0 and a.principal in ('all', $2)`, d.IncidentID, "person:"+v.PersonID)
	if err != nil {
		return d, nil, s.DB.Fault(err)
	}
	if !seen {
		d.Answer, _, _ = strings.Cut(d.Answer, saidMark)
		return d, nil, nil
	}
	msg := &connector.Message{}
	if err := json.Unmarshal([]byte(d.body), msg); err != nil {
		return d, nil, fmt.Errorf("read the message of delivery %s: %w", id, err)
	}
	return d, msg, nil
}

// delivery returns one delivery.
func (s *Service) delivery(ctx context.Context, q sqldb.Querier, id string) (Delivery, error) {
	d, err := scanDelivery(q.QueryRow(ctx, `select `+deliveryColumns+` from delivery d where d.id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return d, hindcast.Errorf(hindcast.NotFound, "there is no delivery %s", id)
	}
	return d, err
}

// Approve lets a delivery that waits for a person be sent.
func (s *Service) Approve(ctx context.Context, v hindcast.Viewer, id string) error {
	return s.decide(ctx, v, id, "delivery.approve", []State{Waiting}, func(tx *sqldb.Tx, d Delivery) error {
		if _, err := tx.Exec(ctx, `update delivery set state = 'queued', next_at = $2, approved_by = $3 where id = $1`, id, sqldb.Micros(s.Now()), v.PersonID); err != nil {
			return err
		}
		_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: sendKind, Key: id})
		return err
	})
}

// maxRetries bounds how many deliveries are queued again at once.
const maxRetries = 500

// RetryFailed sends again what failed at an endpoint, the oldest first, such as
// after it was switched on again, and returns how many that is. What was given up
// longer ago than the last 500 stays.
func (s *Service) RetryFailed(ctx context.Context, v hindcast.Viewer, endpointID string) (n int, err error) {
	if _, err := s.Endpoint(ctx, v, endpointID); err != nil {
		return 0, err
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (id string, err error) {
		err = scan(&id)
		return id, err
	}, `select id from delivery where endpoint = $1 and state = 'failed' order by id desc limit $2`, endpointID, maxRetries)
	if err != nil {
		return 0, s.DB.Fault(err)
	}
	for _, id := range slices.Backward(list) {
		switch err := s.Retry(ctx, v, id); hindcast.CodeOf(err) {
		case "":
			n++
		case hindcast.Conflict, hindcast.NotFound: // somebody else decided meanwhile
		default:
			return n, err
		}
	}
	return n, nil
}

// Retry sends a delivery that failed, was canceled or waits for its next attempt,
// as soon as possible.
func (s *Service) Retry(ctx context.Context, v hindcast.Viewer, id string) error {
	return s.decide(ctx, v, id, "delivery.retry", []State{Queued, Failed, Canceled}, func(tx *sqldb.Tx, d Delivery) error {
		if end, err := s.endpoint(ctx, tx, d.EndpointID); err != nil {
			return err
		} else if end.Approve && d.ApprovedBy == "" {
			_, err := tx.Exec(ctx, `update delivery set state = 'waiting', next_at = 0, ended_at = 0 where id = $1`, id)
			return err
		}
		if _, err := tx.Exec(ctx, `update delivery set state = 'queued', next_at = $2, ended_at = 0 where id = $1`, id, sqldb.Micros(s.Now())); err != nil {
			return err
		}
		err := s.Queue.Retry(ctx, tx, sendKind, id)
		if hindcast.CodeOf(err) == hindcast.NotFound { // it was forgotten
			_, err = s.Queue.Add(ctx, tx, queue.Job{Kind: sendKind, Key: id})
		}
		return err
	})
}

// Cancel ends a delivery that was not sent. One that is being sent at this moment
// may still arrive.
func (s *Service) Cancel(ctx context.Context, v hindcast.Viewer, id string) error {
	return s.decide(ctx, v, id, "delivery.cancel", []State{Waiting, Queued}, func(tx *sqldb.Tx, d Delivery) error {
		if d.State == Queued {
			if err := s.Queue.Cancel(ctx, tx, sendKind, id); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `update delivery set state = 'canceled', next_at = 0, ended_at = $2 where id = $1`, id, sqldb.Micros(s.Now()))
		return err
	})
}

// decide lets an admin decide about a delivery that is in one of some states.
func (s *Service) decide(ctx context.Context, v hindcast.Viewer, id, act string, from []State, f func(*sqldb.Tx, Delivery) error) error {
	if err := admin(v); err != nil {
		return err
	}
	err := s.write(ctx, act+" "+id, func(tx *sqldb.Tx) error {
		d, err := s.delivery(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(from, d.State) {
			return hindcast.Errorf(hindcast.Conflict, "this delivery is %s; that cannot be done any more", d.State)
		}
		if err := f(tx, d); err != nil {
			return err
		}
		return s.audit(ctx, tx, v, act, map[string]string{"delivery": id, "endpoint": d.EndpointID, "event": d.Event})
	})
	s.Queue.Wake()
	return err
}

// Counts returns how many deliveries are in each state.
func (s *Service) Counts(ctx context.Context) (map[State]int64, error) {
	out, err := sqldb.Counts[State](ctx, s.DB, `select state, count(*) from delivery group by state`)
	return out, s.DB.Fault(err)
}
