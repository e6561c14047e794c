package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Revision is one change of a document: who, when, which parts, and how to take
// it back.
type Revision struct {
	N        int64 // from 1 in each document
	At       time.Time
	PersonID string
	Note     string
	Paths    []string        // of the parts that changed
	Reverse  json.RawMessage // the changes that take it back
	Snapshot string          // the document as Markdown, for some; only in [Store.Revision]
	Whole    bool            // it has a snapshot
}

// AppendRevision adds a revision to a document and returns its number.
func (tx *Tx) AppendRevision(ctx context.Context, id string, r Revision) (int64, error) {
	paths, err := json.Marshal(r.Paths)
	if err != nil {
		return 0, fmt.Errorf("add a revision of incident %s: %w", id, err)
	}
	var n int64
	err = tx.tx.QueryRow(ctx, `insert into revision (incident, n, at, person, note, paths, reverse, snapshot)
		select i.num, coalesce((select max(r.n) from revision r where r.incident = i.num), 0) + 1, $2, $3, $4, $5, $6, $7
		from incident i where i.id = $1 returning n`,
		id, sqldb.Micros(r.At), r.PersonID, r.Note, string(paths), string(r.Reverse), r.Snapshot).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("add a revision of incident %s: %w", id, err)
	}
	return n, nil
}

// LastRevision returns the last revision of a document, without its snapshot;
// found is false when there is none.
func (tx *Tx) LastRevision(ctx context.Context, id string) (r Revision, found bool, err error) {
	list, err := sqldb.All(ctx, tx.tx, scanRevision, `select `+revisionColumns+` from revision r join incident i on i.num = r.incident
		where i.id = $1 order by r.n desc limit 1`, id)
	if err != nil || len(list) == 0 {
		return r, false, err
	}
	return list[0], true, nil
}

// Revision returns a revision of a document with its snapshot, for undoing it.
func (tx *Tx) Revision(ctx context.Context, id string, n int64) (Revision, error) {
	return oneRevision(ctx, tx.tx, n, `i.id = ?`, id)
}

// ReplaceRevision rewrites the revision with r.N, to fold a person's small edits
// into one.
func (tx *Tx) ReplaceRevision(ctx context.Context, id string, r Revision) error {
	paths, err := json.Marshal(r.Paths)
	if err != nil {
		return fmt.Errorf("rewrite revision %d of incident %s: %w", r.N, id, err)
	}
	_, err = tx.tx.Exec(ctx, `update revision set at = $3, note = $4, paths = $5, reverse = $6, snapshot = $7
		where n = $2 and incident = (select num from incident where id = $1)`,
		id, r.N, sqldb.Micros(r.At), r.Note, string(paths), string(r.Reverse), r.Snapshot)
	if err != nil {
		return fmt.Errorf("rewrite revision %d of incident %s: %w", r.N, id, err)
	}
	return nil
}

const revisionColumns = `r.n, r.at, r.person, r.note, r.paths, r.reverse, r.snapshot <> ''`

func scanRevision(scan func(...any) error) (r Revision, err error) {
	var at int64
	var paths, reverse []byte
	if err := scan(&r.N, &at, &r.PersonID, &r.Note, &paths, &reverse, &r.Whole); err != nil {
		return r, err
	}
	r.At, r.Reverse = sqldb.Time(at), reverse
	if err := json.Unmarshal(paths, &r.Paths); err != nil {
		return r, fmt.Errorf("read the parts of revision %d: %w", r.N, err)
	}
	return r, nil
}

// Revisions returns a page of the revisions of a document, the last first.
func (s *Store) Revisions(ctx context.Context, v hindcast.Viewer, id, after string, limit int) (Page[Revision], error) {
	if err := s.mayRead(ctx, v, id); err != nil {
		return Page[Revision]{}, err
	}
	var w sqldb.Where
	w.And(`i.id = ?`, id)
	if after != "" {
		n, _, err := parseCursor(after)
		if err != nil {
			return Page[Revision]{}, err
		}
		w.And(`r.n < ?`, n)
	}
	limit = limited(limit)
	list, err := sqldb.All(ctx, s.db, scanRevision, `select `+revisionColumns+` from incident i join revision r on r.incident = i.num
		where `+w.String()+` order by r.n desc`+w.Bind(` limit ?`, limit+1), w.Args...)
	if err != nil {
		return Page[Revision]{}, s.reading("revisions", err)
	}
	return page(list, limit, func(r Revision) string { return cursor(r.N, 0) }), nil
}

// Revision returns a revision of a document with its snapshot.
func (s *Store) Revision(ctx context.Context, v hindcast.Viewer, id string, n int64) (Revision, error) {
	if err := s.mayRead(ctx, v, id); err != nil {
		return Revision{}, err
	}
	r, err := oneRevision(ctx, s.db, n, `i.id = ?`, id)
	return r, s.reading("a revision", err)
}

func oneRevision(ctx context.Context, q sqldb.Querier, n int64, condition string, args ...any) (Revision, error) {
	var w sqldb.Where
	w.And(condition, args...)
	w.And(`r.n = ?`, n)
	var snapshot string
	list, err := sqldb.All(ctx, q, func(scan func(...any) error) (Revision, error) {
		return scanRevision(func(to ...any) error { return scan(append(to, &snapshot)...) })
	}, `select `+revisionColumns+`, r.snapshot from incident i join revision r on r.incident = i.num where `+w.String(), w.Args...)
	if err != nil {
		return Revision{}, err
	}
	if len(list) == 0 {
		return Revision{}, hindcast.Errorf(hindcast.NotFound, "there is no revision %d; look at the list of revisions", n)
	}
	list[0].Snapshot = snapshot
	return list[0], nil
}

// mayRead returns an error when the viewer may not see an incident, in the trash
// or not.
func (s *Store) mayRead(ctx context.Context, v hindcast.Viewer, id string) error {
	var w sqldb.Where
	w.And(`i.id = ?`, id)
	seen(&w, v)
	_, found, err := sqldb.Value[int64](ctx, s.db, `select i.num from incident i where `+w.String(), w.Args...)
	switch {
	case err != nil:
		return s.reading("who may see an incident", err)
	case !found:
		return missing(id)
	}
	return nil
}
