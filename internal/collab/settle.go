package collab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// session is how long the writing of several people in one section stays one
// revision, in the name of who began.
const session = 5 * time.Minute

// Settle writes the text at the end of a section's log into its document. What
// changed the section in the document since the last time, such as a form or
// another version that was brought back, is brought in first and becomes a step
// that those who write see: of both nothing is lost.
func (s *Service) Settle(ctx context.Context, p Place) error {
	t := s.text(p)
	var st state
	var added []Step
	err := s.Documents.Hold(ctx, p, func(tx *sqldb.Tx, sec Section, pen Pen) (err error) {
		st, added, err = s.settle(ctx, tx, p, t.get(), sec, pen)
		return err
	})
	if err != nil {
		return err
	}
	t.put(st)
	s.told(ctx, p, added)
	return nil
}

// Behind returns the sections of a document, held by tx, that have to be settled.
func (s *Service) Behind(ctx context.Context, tx *sqldb.Tx, num int64) ([]string, error) {
	return sqldb.All(ctx, tx, func(scan func(...any) error) (key string, err error) { return key, scan(&key) },
		`select key from collab_text where incident = $1 and behind order by key`, num)
}

// SettleHeld does what [Service.Settle] does with a document that the caller holds.
func (s *Service) SettleHeld(ctx context.Context, tx *sqldb.Tx, p Place, sec Section, pen Pen) error {
	_, _, err := s.settle(ctx, tx, p, s.text(p).get(), sec, pen)
	return err
}

func (s *Service) settle(ctx context.Context, tx *sqldb.Tx, p Place, known state, sec Section, pen Pen) (state, []Step, error) {
	st, err := load(ctx, tx, p, known, sec)
	if err != nil {
		return state{}, nil, err
	}
	steps, err := read(ctx, tx, p, st.settled, math.MaxInt32)
	if err != nil || len(steps) == 0 && st.raw == sec.Text {
		return st, nil, err
	}
	var added []Step
	if st.raw != sec.Text {
		x, err := fromOutside(st, steps, sec)
		if err != nil {
			return state{}, nil, fmt.Errorf("bring what changed section %s of #%d into its log: %w", p.Key, p.Num, err)
		}
		if !x.Change.Empty() { // else only line ends differ
			if st, err = st.then(x); err != nil {
				return state{}, nil, err
			}
			added = []Step{x}
		}
	}
	now := s.Now()
	if err := add(ctx, tx, p, now, added); err != nil {
		return state{}, nil, err
	}
	if st.raw = change.String(st.units); len(steps) == 0 {
		st.raw = sec.Text // as it is, line ends of another system included
	}
	st.settled = st.version
	return st, added, s.keep(ctx, tx, p, now, st, steps, sec, pen)
}

// fromOutside returns the step that brings what changed the document's text, since
// it was last written from the log, to the end of the log.
func fromOutside(st state, steps []Step, sec Section) (Step, error) {
	was := change.Units(st.raw)
	ours := change.Keep(len(was))
	var err error
	for _, x := range steps {
		if ours, err = ours.Then(x.Change); err != nil {
			return Step{}, err
		}
	}
	// What was removed and brought back since was never touched.
	if short := change.Between(was, st.units); short.Kept() > ours.Kept() {
		ours = short
	}
	c, err := change.Between(was, change.Units(sec.Text)).Over(ours, false)
	return Step{Version: st.version + 1, Client: outsider, Person: sec.By, Change: c}, err
}

// keep writes the document, and in the log that it has.
func (s *Service) keep(ctx context.Context, tx *sqldb.Tx, p Place, now time.Time, st state, steps []Step, sec Section, pen Pen) error {
	by, began, err := s.session(ctx, tx, p, now, steps)
	if err != nil {
		return err
	}
	if st.raw != sec.Text {
		revision, err := pen.Write(by, st.raw)
		if err != nil {
			return err
		}
		if err := wrote(ctx, tx, p, revision, steps, pen); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `update collab_text set settled = $3, behind = $4, session_by = $5, session_at = $6 where incident = $1 and key = $2`,
		p.Num, p.Key, st.settled, false, by, sqldb.Micros(began))
	if err == nil {
		_, err = tx.Exec(ctx, `update collab_base set text = $3 where incident = $1 and key = $2`, p.Num, p.Key, st.raw)
	}
	if err != nil {
		return fmt.Errorf("note that section %s of #%d is written: %w", p.Key, p.Num, err)
	}
	return s.compact(ctx, tx, p, st.settled)
}

// session returns the person in whose name the section is written, and since when.
func (s *Service) session(ctx context.Context, tx *sqldb.Tx, p Place, now time.Time, steps []Step) (by string, began time.Time, err error) {
	var at int64
	err = tx.QueryRow(ctx, `select session_by, session_at from collab_text where incident = $1 and key = $2`, p.Num, p.Key).Scan(&by, &at)
	if began = sqldb.Time(at); err != nil || len(steps) == 0 || by != "" && now.Sub(began) < session {
		return by, began, err
	}
	return steps[0].Person, now, nil
}

// wrote keeps who wrote what a revision holds, and audits it once for each.
func wrote(ctx context.Context, tx *sqldb.Tx, p Place, revision int64, steps []Step, pen Pen) error {
	if revision == 0 {
		return nil
	}
	people := map[string]bool{}
	for _, x := range steps {
		if x.Client != outsider {
			people[x.Person] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		res, err := tx.Exec(ctx, `insert into collab_writer (incident, revision, person) values ($1, $2, $3) on conflict do nothing`, p.Num, revision, id)
		if err != nil {
			return fmt.Errorf("keep who wrote revision %d of #%d: %w", revision, p.Num, err)
		}
		n, err := res.RowsAffected()
		if err == nil && n > 0 {
			err = pen.Audit(id, revision)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// compact removes steps that no browser needs any more but one that was away for
// long, when there are many.
func (s *Service) compact(ctx context.Context, tx *sqldb.Tx, p Place, settled int64) error {
	floor := settled - int64(s.Keep)
	res, err := tx.Exec(ctx, `update collab_text set floor = $3 where incident = $1 and key = $2 and floor <= $4`, p.Num, p.Key, floor, floor-int64(s.Keep))
	if err != nil {
		return fmt.Errorf("shorten the log of section %s of #%d: %w", p.Key, p.Num, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from collab_step where incident = $1 and key = $2 and version <= $3`, p.Num, p.Key, floor); err != nil {
		return fmt.Errorf("shorten the log of section %s of #%d: %w", p.Key, p.Num, err)
	}
	return nil
}

// Writers returns who wrote what revisions of prose hold, by revision, when it was
// written together.
func (s *Service) Writers(ctx context.Context, num int64, revisions []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	if len(revisions) == 0 {
		return out, nil
	}
	type row struct {
		revision int64
		person   string
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (x row, err error) { return x, scan(&x.revision, &x.person) },
		`select revision, person from collab_writer where incident = $1 and revision between $2 and $3 order by revision, person`, num, slices.Min(revisions), slices.Max(revisions))
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read who wrote #%d: %w", num, err))
	}
	for _, x := range list {
		out[x.revision] = append(out[x.revision], x.person)
	}
	return out, nil
}

// waiting is a document that has to be written.
type waiting struct{ first, last time.Time }

// soon has a document written when nobody has pushed for a moment, or when it lags
// far behind.
func (s *Service) soon(p Place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if w := s.pending[p]; w != nil {
		w.last = now
		return
	}
	s.pending[p] = &waiting{now, now}
}

// due takes the documents that have to be written now.
func (s *Service) due(all bool) []Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	var out []Place
	for p, w := range s.pending {
		if all || now.Sub(w.last) >= s.Quiet || now.Sub(w.first) >= s.Longest {
			out = append(out, p)
			delete(s.pending, p)
		}
	}
	return out
}

// pause and sweep are how often Run looks for what has to be written: by this
// server, and by one that went away.
const (
	pause = 200 * time.Millisecond
	sweep = 30 * time.Second
)

// Run writes documents in the background and looks at what other servers write,
// until ctx ends. It writes what is left then.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	look := make(chan struct{})
	go func() { defer close(look); s.look(ctx) }()
	var swept time.Time
	for ctx.Err() == nil {
		if now := time.Now(); now.Sub(swept) >= sweep {
			swept = now
			s.left(ctx)
		}
		s.write(ctx, s.due(false))
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	<-look
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	s.write(last, s.due(true))
}

// write settles sections. What cannot be written now is tried again; what may not
// be is left in the log until it may.
func (s *Service) write(ctx context.Context, list []Place) {
	for _, p := range list {
		err := s.Settle(ctx, p)
		switch code := hindcast.CodeOf(err); {
		case err == nil, code == hindcast.NotFound, code == hindcast.Conflict, errors.Is(err, context.Canceled):
		default:
			s.Log.Error("write what people wrote together", "incident", p.Num, "section", p.Key, "error", err)
			s.soon(p)
		}
	}
}

// left finds what a server left behind that went away.
func (s *Service) left(ctx context.Context) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (p Place, err error) { return p, scan(&p.ID, &p.Num, &p.Key) },
		`select i.id, t.incident, t.key from collab_text t join incident i on i.num = t.incident where t.behind and i.deleted_at = 0
		and not exists (select 1 from collab_step s where s.incident = t.incident and s.key = t.key and s.version > t.settled and s.at > $1)`,
		sqldb.Micros(s.Now().Add(-2*s.Longest)))
	if err == nil {
		s.write(ctx, list)
		err = s.forget(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.Log.Error("look for what was left to be written", "error", err)
	}
}
