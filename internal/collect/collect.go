// Package collect takes in what other systems tell and keep: it receives their
// notices, fetches evidence from them, and begins post-mortems from it.
//
// An [Episode] is an incident as another system tells of it, from the first notice
// to the last. [Service.Receive] keeps every notice as it came, once, and answers
// at once; all else is done by jobs. When an episode is over, and stays so for a
// while, the evidence around it is fetched from every source and a post-mortem is
// drafted, if the severity policy asks for one. It belongs to the admin who
// connected the system, who shares it on. An episode that begins again soon goes
// on: its evidence is added to the post-mortem that there is.
package collect

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. All but Now, Settle, Tickets and Channels must be
// set.
type Config struct {
	DB       *sqldb.DB // with the tables episode and received
	Queue    *queue.Queue
	Deliver  *deliver.Service
	Workflow *workflow.Service
	// Person returns the person with an id who may sign in.
	Person func(ctx context.Context, id string) (auth.Person, error)
	// Tickets is told that a ticket changed in a tracker. Nil when nobody follows any.
	Tickets func(ctx context.Context, tx *sqldb.Tx, endpoint, ref, notice string) error
	// Channels takes in what people do in channels and ask there, and says what is
	// answered and whether it concerns us. Nil when no channel is linked.
	Channels func(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, t connector.Talker, n connector.Notice) (connector.Answer, bool, error)
	Now      func() time.Time // time.Now when nil
	// Settle is how long an episode must be over before its evidence is fetched, so
	// that what comes late is there; [DefaultSettle] when 0.
	Settle time.Duration
}

// DefaultSettle is long enough for the last notices and samples to arrive.
const DefaultSettle = 2 * time.Minute

// Service takes in. It may be used by several goroutines at once.
type Service struct {
	Config

	mu     sync.Mutex
	bursts map[string]burst // by endpoint
}

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Settle == 0 {
		c.Settle = DefaultSettle
	}
	return &Service{Config: c}
}

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// State says how far an episode is.
type State string

// The states of an episode.
const (
	Open    State = "open"    // it goes on
	Due     State = "due"     // it is over, and its evidence is fetched soon
	Drafted State = "drafted" // there is a post-mortem
	Skipped State = "skipped" // the policy asks for none; a person can
	Failed  State = "failed"  // no post-mortem could be begun
)

// Episode is an incident as another system tells of it.
type Episode struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpoint_id"`
	Ref        string    `json:"ref"` // what it is there
	Number     string    `json:"number,omitempty"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity,omitempty"` // in the words from there
	Service    string    `json:"service,omitempty"`
	URL        string    `json:"url,omitempty"`
	BeganAt    time.Time `json:"began_at"`
	EndedAt    time.Time `json:"ended_at,omitzero"` // zero while it goes on
	State      State     `json:"state" enum:"open,due,drafted,skipped,failed"`
	IncidentID string    `json:"incident_id,omitempty"`
	Said       string    `json:"said,omitempty"` // why it was skipped or failed, or what is missing
}

const columns = `id, endpoint, ref, number, title, severity, service, url, began_at, ended_at, state, incident, said`

func scan(scan func(...any) error) (e Episode, err error) {
	var began, ended int64
	err = scan(&e.ID, &e.EndpointID, &e.Ref, &e.Number, &e.Title, &e.Severity, &e.Service, &e.URL, &began, &ended, &e.State, &e.IncidentID, &e.Said)
	e.BeganAt, e.EndedAt = sqldb.Time(began), sqldb.Time(ended)
	return e, err
}

// together is how soon an episode that begins again is still the same.
const together = 30 * time.Minute

// Receive keeps what an endpoint is told, when the request is genuine, queues what
// follows, and returns what is answered. What is told twice is kept once.
func (s *Service) Receive(ctx context.Context, endpoint string, h http.Header, body []byte) (answer connector.Answer, err error) {
	end, r, err := s.Deliver.Receiver(ctx, endpoint)
	if err != nil {
		return answer, err
	}
	notices, err := r.Receive(h, body, s.now())
	if err != nil {
		s.refuse(ctx, endpoint, err)
		return answer, err
	}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		answer = connector.Answer{}
		for _, n := range notices {
			if n.Answer != "" {
				answer = connector.Answer{Type: "text/plain; charset=utf-8", Body: []byte(n.Answer)}
			}
			if t, ok := r.(connector.Talker); ok {
				if n.Talk == nil {
					continue // it tells of no channel of ours
				}
				said, concerns, err := s.hear(ctx, tx, end, t, n)
				if err != nil {
					return fmt.Errorf("take in what endpoint %s was told: %w", endpoint, err)
				}
				if answer = said; !concerns {
					continue
				}
			}
			if err := s.keep(ctx, tx, endpoint, n, body); err != nil {
				return fmt.Errorf("keep what endpoint %s was told: %w", endpoint, err)
			}
		}
		return nil
	})
	s.Queue.Wake()
	return answer, s.DB.Fault(err)
}

// hear passes on what people do in channels.
func (s *Service) hear(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, t connector.Talker, n connector.Notice) (connector.Answer, bool, error) {
	if s.Channels == nil {
		return connector.Answer{}, false, nil
	}
	return s.Channels(ctx, tx, end, t, n)
}

// keep keeps one notice and brings its episode up to date.
func (s *Service) keep(ctx context.Context, tx *sqldb.Tx, endpoint string, n connector.Notice, body []byte) error {
	id := store.NewID(s.now())
	if n.Record != nil {
		body = n.Record // part of it was in the headers, or it came with others
	}
	res, err := tx.Exec(ctx, `insert into received (id, endpoint, key, episode, kind, at, received_at, body) values ($1, $2, $3, '', $4, $5, $6, $7) on conflict (endpoint, key) do nothing`,
		id, endpoint, n.ID, string(n.Kind), sqldb.Micros(n.At), sqldb.Micros(s.now()), base64.StdEncoding.EncodeToString(body))
	if err != nil {
		return err
	}
	if rows, err := res.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	switch n.Kind {
	case connector.TicketChanged:
		if s.Tickets == nil {
			return nil
		}
		return s.Tickets(ctx, tx, endpoint, n.Ref, n.ID)
	case connector.IncidentOpened, connector.IncidentResolved, connector.IncidentChanged:
	default:
		return nil
	}
	e, err := s.episode(ctx, tx, endpoint, n)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update received set episode = $2 where id = $1`, id, e.ID); err != nil {
		return err
	}
	return s.put(ctx, tx, e)
}

// episode returns the episode that a notice belongs to, as it is after the notice.
func (s *Service) episode(ctx context.Context, tx *sqldb.Tx, endpoint string, n connector.Notice) (Episode, error) {
	list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from episode where endpoint = $1 and ref = $2 order by began_at desc, id desc limit 1`, endpoint, n.Ref)
	if err != nil {
		return Episode{}, err
	}
	if len(list) == 0 || n.Kind == connector.IncidentOpened && !list[0].EndedAt.IsZero() && n.At.Sub(list[0].EndedAt) > together {
		list = []Episode{{ID: store.NewID(s.now()), EndpointID: endpoint, Ref: n.Ref, BeganAt: n.At, State: Open}}
	}
	e := list[0]
	for _, f := range []struct {
		to  *string
		now string
	}{{&e.Number, n.Number}, {&e.Title, n.Title}, {&e.Severity, n.Severity}, {&e.Service, n.Service}, {&e.URL, n.URL}} {
		if f.now != "" {
			*f.to = f.now
		}
	}
	if n.Kind == connector.IncidentOpened && n.At.Before(e.BeganAt) {
		e.BeganAt = n.At
	}
	switch {
	case n.Kind == connector.IncidentOpened && n.At.After(e.EndedAt):
		e.EndedAt, e.State = time.Time{}, Open
	case n.Kind == connector.IncidentResolved && n.At.After(e.EndedAt):
		e.EndedAt, e.State, e.Said = n.At, Due, ""
		return e, s.soon(ctx, tx, e)
	}
	return e, nil
}

// draftKind is the kind of the jobs that draft an episode.
const draftKind = "draft-episode"

// soon queues the draft of an episode that is over, once for each end.
func (s *Service) soon(ctx context.Context, tx *sqldb.Tx, e Episode) error {
	wait := s.Settle - s.now().Sub(e.EndedAt) // less when we are told late
	wait = max(0, min(wait, s.Settle))        // their clock may be ahead of ours
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: draftKind, Key: fmt.Sprintf("%s/%d", e.ID, e.EndedAt.UnixMicro()), Payload: workflow.JSON(e.ID), RunAt: s.now().Add(wait)})
	return err
}

// put writes an episode.
func (s *Service) put(ctx context.Context, tx *sqldb.Tx, e Episode) error {
	_, err := tx.Exec(ctx, `insert into episode (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (id) do update set ref = $3, number = $4, title = $5, severity = $6, service = $7, url = $8, began_at = $9, ended_at = $10, state = $11, incident = $12, said = $13`,
		e.ID, e.EndpointID, e.Ref, e.Number, e.Title, e.Severity, e.Service, e.URL, sqldb.Micros(e.BeganAt), sqldb.Micros(e.EndedAt), string(e.State), e.IncidentID, e.Said)
	return err
}

// Filter chooses episodes.
type Filter struct {
	After string // the Next of the page before
	Limit int
}

// Episodes returns a page of the episodes, the last one first, for admins.
func (s *Service) Episodes(ctx context.Context, v hindcast.Viewer, f Filter) (store.Page[Episode], error) {
	var page store.Page[Episode]
	if err := admin(v); err != nil {
		return page, err
	}
	if f.Limit <= 0 {
		f.Limit = store.DefaultLimit
	}
	f.Limit = min(f.Limit, store.MaxLimit)
	after := f.After
	if after == "" {
		after = "~" // after every id
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from episode where id < $1 order by id desc limit $2`, after, f.Limit+1)
	if err != nil {
		return page, s.DB.Fault(fmt.Errorf("read the episodes: %w", err))
	}
	if page.Items = list; len(list) > f.Limit {
		page.Items, page.Next = list[:f.Limit], list[f.Limit-1].ID
	}
	return page, nil
}

func admin(v hindcast.Viewer) error {
	if !v.MayAdminister() {
		return hindcast.Errorf(hindcast.Denied, "only an admin may see what other systems tell, and draft from it")
	}
	return nil
}
