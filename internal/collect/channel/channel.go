// Package channel brings what people say in the channels of a chat into
// post-mortems, and answers them there.
//
// A [Channel] is linked to one post-mortem: somebody asks for it by a command in the
// channel, which shows that they are in it, and confirms it here, where they are
// signed in and may write the post-mortem. From then on its messages are evidence.
// They are read by jobs, soon after the chat tells of new ones, on behalf of who
// linked it; what people add by a command becomes evidence with them. Everything is
// done at least once and is there once: evidence of the same bytes is kept once, and
// what a command adds has an id that stays when the command comes again.
package channel

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. All but Now must be set.
type Config struct {
	DB       *sqldb.DB // with the tables channel, channel_message and channel_note
	Queue    *queue.Queue
	Deliver  *deliver.Service
	Workflow *workflow.Service
	Box      *secret.Box // seals what confirms a link
	// Person returns the person with an id who may sign in.
	Person  func(ctx context.Context, id string) (auth.Person, error)
	Address func() string    // where people reach the server: "https://hindcast.example.org"
	Now     func() time.Time // time.Now when nil
}

// Service links channels and reads them. It may be used by several goroutines at
// once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{c}
}

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Channel is a channel that is linked to a post-mortem.
type Channel struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpoint_id"`
	Ref        string    `json:"ref"` // what it is there
	Name       string    `json:"name"`
	LinkedBy   string    `json:"linked_by"` // id of a person
	LinkedAt   time.Time `json:"linked_at"`
	Since      time.Time `json:"since"`            // what was written from then on is evidence
	ReadTo     time.Time `json:"read_to,omitzero"` // zero before it was read
	ReadAt     time.Time `json:"read_at,omitzero"` // when it was read last
	Said       string    `json:"said,omitempty"`   // what went wrong then

	num int64
}

const columns = `id, endpoint, ref, name, incident, linked_by, linked_at, since, read_to, read_at, said`

func scan(scan func(...any) error) (c Channel, err error) {
	var linked, since, to, at int64
	err = scan(&c.ID, &c.EndpointID, &c.Ref, &c.Name, &c.num, &c.LinkedBy, &linked, &since, &to, &at, &c.Said)
	c.LinkedAt, c.Since, c.ReadTo, c.ReadAt = sqldb.Time(linked), sqldb.Time(since), sqldb.Time(to), sqldb.Time(at)
	return c, err
}

// find returns the channel with a ref at an endpoint, if it is linked.
func find(ctx context.Context, q sqldb.Querier, endpoint, ref string) (Channel, bool, error) {
	return first(sqldb.All(ctx, q, scan, `select `+columns+` from channel where endpoint = $1 and ref = $2`, endpoint, ref))
}

// byID returns the channel with an id.
func byID(ctx context.Context, q sqldb.Querier, id string) (Channel, bool, error) {
	return first(sqldb.All(ctx, q, scan, `select `+columns+` from channel where id = $1`, id))
}

func first(list []Channel, err error) (Channel, bool, error) {
	if err != nil {
		return Channel{}, false, fmt.Errorf("read which channels are linked: %w", err)
	}
	if len(list) == 0 {
		return Channel{}, false, nil
	}
	return list[0], true, nil
}

// Of returns the channels of a post-mortem, by name, to who takes part in it.
func (s *Service) Of(ctx context.Context, v hindcast.Viewer, incident string) ([]Channel, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return nil, err
	}
	if d.Part() == "" {
		return nil, hindcast.Errorf(hindcast.Denied, "only who takes part here sees which channels are linked; ask a lead to add you")
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from channel where incident = $1 order by name, id`, d.Num)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the channels of #%d: %w", d.Num, err))
	}
	return list, nil
}

// wish is a link that somebody asked for in a channel, sealed on its way to the
// person who confirms it.
type wish struct {
	Endpoint string    `json:"e"`
	Ref      string    `json:"c"`
	Name     string    `json:"n"`
	Num      int64     `json:"p"`
	Until    time.Time `json:"u"`
}

// patience is how long a link that was asked for can be confirmed.
const patience = time.Hour

const sealed = "channel-link"

// Wish is a link that waits to be confirmed.
type Wish struct {
	Place   string // the name of the connection
	Channel string // the name of the channel
	Since   time.Time
	Was     int64 // the post-mortem to which it is linked now; 0 for none, or another that may not be told
}

// Wished returns what a code asks for, to who may write the post-mortem.
func (s *Service) Wished(ctx context.Context, v hindcast.Viewer, incident, code string) (Wish, error) {
	d, w, err := s.open(ctx, v, incident, code)
	if err != nil {
		return Wish{}, err
	}
	end, err := s.Deliver.Known(ctx, w.Endpoint)
	if err != nil {
		return Wish{}, err
	}
	out := Wish{Place: end.Name, Channel: w.Name, Since: s.since(d)}
	if c, ok, err := find(ctx, s.DB, w.Endpoint, w.Ref); err != nil {
		return Wish{}, s.DB.Fault(err)
	} else if ok {
		if _, err := s.Workflow.Get(ctx, v, fmt.Sprint(c.num)); err == nil {
			out.Was = c.num
		}
	}
	return out, nil
}

// open reads a code for a post-mortem that the viewer may write.
func (s *Service) open(ctx context.Context, v hindcast.Viewer, incident, code string) (*workflow.Document, wish, error) {
	var w wish
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return nil, w, err
	}
	if err := d.May(access.Write); err != nil {
		return nil, w, err
	}
	raw, err := s.Box.Open(sealed, code)
	if err != nil || json.Unmarshal(raw, &w) != nil || w.Num != d.Num || s.now().After(w.Until) {
		return nil, w, hindcast.Errorf(hindcast.Invalid, "this link is not valid any more; write /hindcast link %d in the channel again", d.Num)
	}
	return d, w, nil
}

// lead is how long before an incident began its channels are read, and unknown how
// long before now when nobody knows when it began.
const (
	lead    = time.Hour
	unknown = 24 * time.Hour
)

// since returns from when on the messages of a channel belong to a post-mortem.
func (s *Service) since(d *workflow.Document) time.Time {
	p := d.Post.Incident.Phases
	began := p.StartedAt
	if began.IsZero() || !p.DetectedAt.IsZero() && p.DetectedAt.Before(began) {
		began = p.DetectedAt
	}
	if began.IsZero() {
		return s.now().Add(-unknown).Truncate(time.Minute)
	}
	return began.Add(-lead).Truncate(time.Minute)
}

// Link links a channel as a code asks for, and reads what was written in it since a
// moment. A channel that is linked already is linked anew.
func (s *Service) Link(ctx context.Context, v hindcast.Viewer, incident, code string, since time.Time) error {
	d, w, err := s.open(ctx, v, incident, code)
	if err != nil {
		return err
	}
	if since.IsZero() {
		since = s.since(d)
	}
	if since.After(s.now()) {
		return hindcast.Errorf(hindcast.Invalid, "since: choose a time that has passed")
	}
	c := Channel{ID: store.NewID(s.now()), EndpointID: w.Endpoint, Ref: w.Ref, Name: w.Name, LinkedBy: v.PersonID, LinkedAt: s.now(), Since: since.UTC(), num: d.Num}
	err = s.Workflow.Hold(ctx, v, d.ID, access.Write, func(h *workflow.Held) error {
		if h.Private {
			if end, err := s.Deliver.Known(ctx, w.Endpoint); err != nil {
				return err
			} else if !end.Private {
				return hindcast.Errorf(hindcast.Denied, "this post-mortem is private, and %s is not told of private ones; an admin can change that in Settings, Connections", end.Name)
			}
		}
		if _, err := h.SQL().Exec(ctx, `delete from channel where endpoint = $1 and ref = $2`, c.EndpointID, c.Ref); err != nil {
			return err
		}
		_, err := h.SQL().Exec(ctx, `insert into channel (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '')`,
			c.ID, c.EndpointID, c.Ref, c.Name, c.num, c.LinkedBy, sqldb.Micros(c.LinkedAt), sqldb.Micros(c.Since))
		if err != nil {
			return fmt.Errorf("link channel %s: %w", c.Ref, err)
		}
		if err := s.soon(ctx, h.SQL(), c, "linked", 0); err != nil {
			return err
		}
		return h.Audit(ctx, "channel.link", map[string]string{"channel": c.Ref, "name": c.Name, "endpoint": c.EndpointID, "since": c.Since.Format(time.RFC3339)})
	})
	s.Queue.Wake()
	return err
}

// Unlink ends that a channel is read. What was read stays.
func (s *Service) Unlink(ctx context.Context, v hindcast.Viewer, incident, id string) error {
	return s.hold(ctx, v, incident, id, func(h *workflow.Held, c Channel) error {
		if _, err := h.SQL().Exec(ctx, `delete from channel where id = $1`, c.ID); err != nil {
			return fmt.Errorf("unlink channel %s: %w", c.Ref, err)
		}
		return h.Audit(ctx, "channel.unlink", map[string]string{"channel": c.Ref, "name": c.Name, "endpoint": c.EndpointID})
	})
}

// Read reads a channel from its beginning again, on behalf of who asks, such as
// after messages were marked while it could not be read.
func (s *Service) Read(ctx context.Context, v hindcast.Viewer, incident, id string) error {
	return s.hold(ctx, v, incident, id, func(h *workflow.Held, c Channel) error {
		if _, err := h.SQL().Exec(ctx, `update channel set read_to = 0, linked_by = $2, said = '' where id = $1`, c.ID, v.PersonID); err != nil {
			return fmt.Errorf("read channel %s again: %w", c.Ref, err)
		}
		if _, err := h.SQL().Exec(ctx, `update channel_note set linked_by = $2 where incident = $1 and kept = $3`, c.num, v.PersonID, false); err != nil {
			return fmt.Errorf("keep what was added in channel %s: %w", c.Ref, err)
		}
		if err := s.keepSoon(ctx, h.SQL(), c.num, 0); err != nil {
			return err
		}
		return s.soon(ctx, h.SQL(), c, "asked", 0)
	})
}

// hold runs f with a channel of a post-mortem that v may write.
func (s *Service) hold(ctx context.Context, v hindcast.Viewer, incident, id string, f func(*workflow.Held, Channel) error) error {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return err
	}
	err = s.Workflow.Hold(ctx, v, d.ID, access.Write, func(h *workflow.Held) error {
		c, ok, err := byID(ctx, h.SQL(), id)
		if err != nil {
			return err
		}
		if !ok || c.num != h.Num {
			return hindcast.Errorf(hindcast.NotFound, "the channel is not linked any more; look at the list again")
		}
		return f(h, c)
	})
	s.Queue.Wake()
	return err
}
