package collect

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// How far a look goes back: the first one, and a later one before the end of the
// one before, for what the other system listed late. And how many episodes that go
// on are asked about one by one.
const (
	firstLook = 24 * time.Hour
	overlap   = 10 * time.Minute
	mostOpen  = 100
)

// Found is what came of a look at the systems that keep incidents.
type Found struct {
	Changed []Episode `json:"changed"` // those that are new, or over now
	Faults  []string  `json:"faults"`  // which systems did not answer, and why
}

// Look asks the systems that keep incidents for those that were opened since the
// last look, of the last day at first, or since a time, and how those are that went
// on; for admins. What is over is drafted as the policy asks, as if it had been
// told.
func (s *Service) Look(ctx context.Context, v hindcast.Viewer, since time.Time) (Found, error) {
	out := Found{Changed: []Episode{}, Faults: []string{}}
	if err := admin(v); err != nil {
		return out, err
	}
	if since.After(s.now()) {
		return out, hindcast.Errorf(hindcast.Invalid, "since: that time is still to come")
	}
	sources, faults, err := s.Deliver.Sources(ctx)
	if err != nil {
		return out, err
	}
	for _, src := range sources {
		lister, ok := src.Source.(connector.Lister)
		if !ok {
			continue
		}
		changed, err := s.lookAt(ctx, src, lister, since)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", src.Name, err))
		}
		out.Changed = append(out.Changed, changed...)
	}
	for _, err := range faults {
		out.Faults = append(out.Faults, err.Error())
	}
	s.Queue.Wake()
	detail := map[string]any{"changed": len(out.Changed), "faults": len(out.Faults)}
	return out, s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: "episode.look", Detail: detail})
	}))
}

// lookAt asks one system. Each page is kept when it is there, so that a look that is
// broken off has done what it says.
func (s *Service) lookAt(ctx context.Context, src deliver.Source, lister connector.Lister, since time.Time) (changed []Episode, err error) {
	to := s.now()
	if since.IsZero() {
		if since, err = s.lastLook(ctx, src.ID, to); err != nil {
			return nil, err
		}
	}
	keep := func(list []connector.Incident, done bool) error {
		return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			for _, x := range list {
				e, is, err := s.learn(ctx, tx, src.ID, x)
				if err != nil {
					return err
				}
				if is {
					changed = append(changed, e)
				}
			}
			if !done {
				return nil
			}
			_, err := tx.Exec(ctx, `insert into look (endpoint, until) values ($1, $2) on conflict (endpoint) do update set until = $2`, src.ID, sqldb.Micros(to))
			return err
		}))
	}
	open, err := s.goingOn(ctx, src.ID, lister)
	if err != nil {
		return nil, err
	}
	if err := keep(open, false); err != nil {
		return nil, err
	}
	for next, more := "", true; more; {
		var list []connector.Incident
		if list, next, err = lister.List(ctx, since, to, next); err != nil {
			return changed, err
		}
		more = next != ""
		if err := keep(list, !more); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// lastLook returns from when on a system is asked.
func (s *Service) lastLook(ctx context.Context, endpoint string, now time.Time) (time.Time, error) {
	until, found, err := sqldb.Value[int64](ctx, s.DB, `select until from look where endpoint = $1`, endpoint)
	if err != nil {
		return time.Time{}, s.DB.Fault(fmt.Errorf("read when endpoint %s was looked at: %w", endpoint, err))
	}
	if !found {
		return now.Add(-firstLook), nil
	}
	return sqldb.Time(until).Add(-overlap), nil
}

// goingOn asks how the incidents are that were not over yet. One that is not there
// any more is left as it is.
func (s *Service) goingOn(ctx context.Context, endpoint string, d connector.Describer) (out []connector.Incident, err error) {
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from episode where endpoint = $1 and ended_at = 0 order by began_at desc, id desc limit $2`, endpoint, mostOpen)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the episodes that go on: %w", err))
	}
	for _, e := range list {
		x, err := d.Describe(ctx, e.Ref)
		if hindcast.CodeOf(err) == hindcast.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// learn brings the episode of an incident up to date, and reports whether that
// changed it. That an incident which is over here goes on there again is left to
// its webhook, which knows since when.
func (s *Service) learn(ctx context.Context, tx *sqldb.Tx, endpoint string, x connector.Incident) (Episode, bool, error) {
	was, err := sqldb.All(ctx, tx, scan, `select `+columns+` from episode where endpoint = $1 and ref = $2 order by began_at desc, id desc limit 1`, endpoint, x.Ref)
	if err != nil {
		return Episode{}, false, err
	}
	if len(was) > 0 && (x.Resolved.IsZero() || !was[0].EndedAt.IsZero() && x.Resolved.Sub(was[0].EndedAt) <= together) {
		return Episode{}, false, nil
	}
	opened, resolved := x.Notice, x.Notice
	opened.Kind, resolved.Kind, resolved.At = connector.IncidentOpened, connector.IncidentResolved, x.Resolved
	e, err := s.episode(ctx, tx, endpoint, opened)
	if err == nil {
		err = s.put(ctx, tx, e)
	}
	if err != nil || x.Resolved.IsZero() {
		return e, err == nil, err
	}
	if e, err = s.episode(ctx, tx, endpoint, resolved); err != nil {
		return e, false, err
	}
	return e, true, s.put(ctx, tx, e)
}

// Ref returns what an incident is called at an endpoint that told of it; empty when
// it did not.
func Ref(ctx context.Context, tx *sqldb.Tx, endpoint, incident string) (string, error) {
	ref, _, err := sqldb.Value[string](ctx, tx, `select ref from episode where endpoint = $1 and incident = $2 order by began_at desc, id desc limit 1`, endpoint, incident)
	return ref, err
}
