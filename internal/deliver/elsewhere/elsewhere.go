// Package elsewhere puts published post-mortems where people read other documents:
// as pages of a wiki, in the form that an audience may see.
//
// A page is a record first: [Service.Ask], and publishing where a connection is
// told of it, keep it with the job that writes it, in one transaction. The job may
// run again after a crash; the other system finds what was written. A page that
// somebody changed there is left alone until a person decides to overwrite it. What
// goes out is the last publication, never the document that is being written.
package elsewhere

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// Config says what a [Service] works with. All but Now must be set.
type Config struct {
	DB          *sqldb.DB // with the table elsewhere
	Queue       *queue.Queue
	Workflow    *workflow.Service
	Reading     *reading.Service
	Connections *deliver.Service
	Address     func() string    // where people reach the server, for links: "https://hindcast.example.org"
	Now         func() time.Time // time.Now when nil
}

// Service publishes elsewhere. It may be used by several goroutines at once.
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

// State says how far a page is.
type State string

// The states of a page.
const (
	Queued  State = "queued"  // to be written
	Waiting State = "waiting" // for a person to ask for it
	Written State = "written"
	Changed State = "changed" // by others, there; it is left as it is
	Gone    State = "gone"    // by others, there; no other takes its place by itself
	Failed  State = "failed"  // it could not be written
)

// Page is a post-mortem in another system.
type Page struct {
	ID         string            `json:"id"`
	IncidentID string            `json:"incident_id"`
	EndpointID string            `json:"endpoint_id"`
	Place      string            `json:"place"` // its name when the page was asked for
	Audience   audience.Audience `json:"audience" enum:"engineering,executive,customer"`
	State      State             `json:"state" enum:"queued,waiting,written,changed,gone,failed"`
	Edition    int64             `json:"edition,omitempty"` // the publication that stands there; 0 before, and for one from before they were kept
	URL        string            `json:"url,omitempty"`
	Said       string            `json:"said,omitempty"` // why it is not written
	AskedBy    string            `json:"asked_by"`       // id of a person
	AskedAt    time.Time         `json:"asked_at"`
	WrittenAt  time.Time         `json:"written_at,omitzero"`

	num       int64
	known     connector.Ref
	overwrite bool
}

const columns = `id, incident, num, endpoint, place, audience, state, edition, ref, url, version, said, overwrite, asked_by, asked_at, written_at`

func scan(scan func(...any) error) (p Page, err error) {
	var asked, written int64
	err = scan(&p.ID, &p.IncidentID, &p.num, &p.EndpointID, &p.Place, &p.Audience, &p.State, &p.Edition, &p.known.ID, &p.URL, &p.known.Version, &p.Said, &p.overwrite, &p.AskedBy, &asked, &written)
	p.AskedAt, p.WrittenAt, p.known.URL = sqldb.Time(asked), sqldb.Time(written), p.URL
	return p, err
}

// Of returns the pages of a post-mortem, by the name of their place. Who follows it
// is told.
func (s *Service) Of(ctx context.Context, v hindcast.Viewer, incident string) ([]Page, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return nil, err
	}
	if err := d.May(access.Follow); err != nil {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from elsewhere where incident = $1 order by place, id`, d.ID)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read where #%d is published: %w", d.Num, err))
	}
	return list, nil
}

// Places returns where pages can be published.
func (s *Service) Places(ctx context.Context, v hindcast.Viewer) ([]deliver.Place, error) {
	return s.Connections.Places(ctx, v, connector.Publishes)
}

// Want is what somebody asks for.
type Want struct {
	Endpoint string            // id of the place
	Audience audience.Audience // for whom it is written; that of the page when empty, else engineering
	// Overwrite replaces what others changed there, and what they removed.
	Overwrite bool
}

// Ask asks for a page of the last publication of a post-mortem, or for the page
// there is to be brought up to date. Who may manage the post-mortem may ask.
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, incident string, w Want) error {
	if w.Audience != "" {
		if _, err := audience.Parse(string(w.Audience)); err != nil {
			return err
		}
	}
	if _, err := s.Reading.Get(ctx, v, incident, 0); err != nil {
		return err // there is nothing that could be published
	}
	err := s.Workflow.Hold(ctx, v, incident, access.Manage, func(h *workflow.Held) error {
		place, err := s.Connections.Place(ctx, h.SQL(), w.Endpoint, connector.Publishes, h.Private)
		if err != nil {
			return err
		}
		p := Page{ID: store.NewID(s.now()), IncidentID: h.ID, num: h.Num, EndpointID: w.Endpoint, Place: place.Name, Audience: w.Audience, State: Queued, AskedBy: v.PersonID, AskedAt: s.now(), overwrite: w.Overwrite}
		if err := s.want(ctx, h.SQL(), p); err != nil {
			return err
		}
		return h.Audit(ctx, "elsewhere.ask", map[string]any{"endpoint": w.Endpoint, "name": place.Name, "audience": w.Audience, "overwrite": w.Overwrite})
	})
	s.Queue.Wake()
	return err
}

// Announce wants a page wherever a connection is told of publications, in the
// transaction that publishes. Where a person approves first the page waits.
func (s *Service) Announce(ctx context.Context, tx *sqldb.Tx, e workflow.Event) error {
	if e.Kind != workflow.PostmortemPublished || e.Private {
		return nil // of private ones a page is asked for by a person
	}
	list, err := s.Connections.Wanting(ctx, tx, connector.Publishes, e)
	if err != nil {
		return err
	}
	for _, end := range list {
		p := Page{ID: store.NewID(s.now()), IncidentID: e.IncidentID, num: e.Num, EndpointID: end.ID, Place: end.Name, State: Queued, AskedBy: end.By, AskedAt: s.now()}
		if end.Approve {
			p.State = Waiting
		}
		if err := s.want(ctx, tx, p); err != nil {
			return err
		}
	}
	return nil
}

// want keeps that a page is wanted, with its job. While one is being written it is
// written once more after that.
func (s *Service) want(ctx context.Context, tx *sqldb.Tx, p Page) error {
	first := p.Audience
	if first == "" {
		first = audience.Engineering
	}
	have, err := sqldb.All(ctx, tx, scan, `select `+columns+` from elsewhere where incident = $1 and endpoint = $2`, p.IncidentID, p.EndpointID)
	if err != nil {
		return fmt.Errorf("read the page of #%d in %s: %w", p.num, p.Place, err)
	}
	if len(have) > 0 {
		p.ID = have[0].ID
		if have[0].State == Queued {
			p.State = Queued // it was asked for; what it says is read when it is written
		}
		if !p.AskedAt.After(have[0].AskedAt) {
			p.AskedAt = have[0].AskedAt.Add(time.Microsecond)
		}
	}
	_, err = tx.Exec(ctx, `insert into elsewhere (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, 0, '', '', '', '', $8, $9, $10, 0)
		on conflict (incident, endpoint) do update set place = $5, audience = case when $11 = '' then elsewhere.audience else $11 end, state = $7, said = '', overwrite = $8, asked_by = $9, asked_at = $10`,
		p.ID, p.IncidentID, p.num, p.EndpointID, p.Place, string(first), string(p.State), p.overwrite, p.AskedBy, sqldb.Micros(p.AskedAt), string(p.Audience))
	if err != nil {
		return fmt.Errorf("keep that #%d is published in %s: %w", p.num, p.Place, err)
	}
	if p.State == Waiting || len(have) > 0 && have[0].State == Queued {
		return nil
	}
	return s.add(ctx, tx, p)
}

// add queues the job that writes a page as it was asked for last.
func (s *Service) add(ctx context.Context, tx *sqldb.Tx, p Page) error {
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: writeKind, Key: fmt.Sprintf("%s/%d", p.ID, sqldb.Micros(p.AskedAt)), Payload: workflow.JSON(p.ID)})
	return err
}
