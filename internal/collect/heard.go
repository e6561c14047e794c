package collect

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Heard says what came in at the address of an endpoint.
type Heard struct {
	// Taken is when the last request was taken in that was kept; zero before the first.
	Taken time.Time `json:"taken,omitzero"`
	// Refused is how many requests in a row of no more than a day between them were
	// refused lately; the last of them at RefusedAt, because of Why. At least so many:
	// a burst is counted in steps, and what was not counted when a server stops is lost.
	Refused   int       `json:"refused,omitempty"`
	Since     time.Time `json:"refused_since,omitzero"`
	RefusedAt time.Time `json:"refused_at,omitzero"`
	Why       string    `json:"refused_why,omitempty"`
}

// Wrong reports whether the last thing that came in was refused, after the endpoint
// was changed last.
func (h Heard) Wrong(changed time.Time) bool {
	return h.Refused > 0 && h.RefusedAt.After(h.Taken) && h.RefusedAt.After(changed)
}

// Of refused requests one row for each endpoint is kept, and nothing that they said.
const (
	refusedKind = "refused"
	refusedKey  = ":refused"
	// refusedEvery is how often that row is written at most, whoever sends how much.
	refusedEvery = 10 * time.Second
	// refusedApart is how far apart two refusals still belong together.
	refusedApart = 24 * time.Hour
)

// burst is what was refused at an endpoint and is not kept yet.
type burst struct {
	n       int
	written time.Time
}

// refusal is what is kept of refused requests beside their times.
type refusal struct {
	N   int    `json:"n"`
	Why string `json:"why"`
}

// refuse keeps that a request was refused. An error in keeping it is no reason to
// answer differently, and is dropped: the log of requests has the refusal too.
func (s *Service) refuse(ctx context.Context, endpoint string, why error) {
	if code := hindcast.CodeOf(why); code != hindcast.Denied && code != hindcast.Invalid {
		return
	}
	now := s.now()
	s.mu.Lock()
	if s.bursts == nil {
		s.bursts = map[string]burst{}
	}
	b := s.bursts[endpoint]
	b.n++
	n, due := b.n, now.Sub(b.written) >= refusedEvery
	if due {
		b = burst{written: now}
	}
	s.bursts[endpoint] = b
	s.mu.Unlock()
	if due {
		_ = s.keepRefusal(ctx, endpoint, n, why, now) // see above
	}
}

func (s *Service) keepRefusal(ctx context.Context, endpoint string, n int, why error, now time.Time) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		was, err := heard(ctx, tx, endpoint)
		if err != nil {
			return err
		}
		since := now
		if now.Sub(was.RefusedAt) <= refusedApart {
			n, since = n+was.Refused, was.Since
		}
		raw, err := json.Marshal(refusal{n, why.Error()})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into received (id, endpoint, key, episode, kind, at, received_at, body) values ($1, $2, $3, '', $4, $5, $6, $7)
			on conflict (endpoint, key) do update set at = $5, received_at = $6, body = $7`,
			store.NewID(now), endpoint, refusedKey, refusedKind, sqldb.Micros(since), sqldb.Micros(now), base64.StdEncoding.EncodeToString(raw))
		return err
	})
}

// Heard returns what came in at the address of an endpoint, for admins.
func (s *Service) Heard(ctx context.Context, v hindcast.Viewer, endpoint string) (Heard, error) {
	if err := admin(v); err != nil {
		return Heard{}, err
	}
	if _, err := s.Deliver.Endpoint(ctx, v, endpoint); err != nil {
		return Heard{}, err
	}
	h, err := heard(ctx, s.DB, endpoint)
	if err != nil {
		return h, s.DB.Fault(fmt.Errorf("read what came in for endpoint %s: %w", endpoint, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Refused > 0 {
		h.Refused += s.bursts[endpoint].n
	}
	return h, nil
}

func heard(ctx context.Context, q sqldb.Querier, endpoint string) (Heard, error) {
	var h Heard
	taken, _, err := sqldb.Value[int64](ctx, q, `select coalesce(max(received_at), 0) from received where endpoint = $1 and kind <> $2`, endpoint, refusedKind)
	if err != nil {
		return h, err
	}
	h.Taken = sqldb.Time(taken)
	list, err := sqldb.All(ctx, q, func(scan func(...any) error) (x Heard, err error) {
		var since, at int64
		var body string
		if err = scan(&since, &at, &body); err != nil {
			return x, err
		}
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return x, err
		}
		var r refusal
		err = json.Unmarshal(raw, &r)
		return Heard{Refused: r.N, Why: r.Why, Since: sqldb.Time(since), RefusedAt: sqldb.Time(at)}, err
	}, `select at, received_at, body from received where endpoint = $1 and key = $2`, endpoint, refusedKey)
	if err != nil || len(list) == 0 {
		return h, err
	}
	list[0].Taken = h.Taken
	return list[0], nil
}
