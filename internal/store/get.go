package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Get returns the document that ref names: its id, its number with or without
// "#", or its number in the pager or tracker when no other has that number here.
// The document is shared between callers and must not be changed. One in the
// trash is not found; see [Store.GetDeleted].
func (s *Store) Get(ctx context.Context, v hindcast.Viewer, ref string) (*Document, error) {
	for _, c := range candidates(ref) {
		doc, err := s.get(ctx, v, c.condition+` and i.deleted_at = 0`, c.arg)
		if doc != nil || err != nil {
			return doc, err
		}
	}
	return nil, missing(ref)
}

// GetDeleted returns a document in the trash by its id.
func (s *Store) GetDeleted(ctx context.Context, v hindcast.Viewer, id string) (*Document, error) {
	doc, err := s.get(ctx, v, `i.id = ? and i.deleted_at > 0`, id)
	if doc != nil || err != nil {
		return doc, err
	}
	return nil, missing(id)
}

// candidate is one thing that a reference may mean.
type candidate struct {
	condition string // on incident i, with one argument
	arg       any
}

// candidates returns what a reference may mean, the likeliest first.
func candidates(ref string) []candidate {
	if len(ref) == 36 && strings.Count(ref, "-") == 4 {
		return []candidate{{`i.id = ?`, ref}}
	}
	number := strings.TrimPrefix(strings.ToLower(ref), "#")
	byNumber := candidate{`i.number_key = ? and i.number_key <> ''`, number}
	if num, err := strconv.ParseInt(number, 10, 64); err == nil {
		return []candidate{{`i.num = ?`, num}, byNumber}
	}
	return []candidate{byNumber}
}

// get returns the document that a condition with one argument names; nil when
// there is none that the viewer may see.
func (s *Store) get(ctx context.Context, v hindcast.Viewer, condition string, arg any) (*Document, error) {
	var w sqldb.Where
	w.And(condition, arg)
	seen(&w, v)
	var num, version int64
	err := s.db.QueryRow(ctx, `select i.num, i.version from incident i where `+w.String()+` order by i.num desc limit 1`, w.Args...).Scan(&num, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, s.reading("an incident", err)
	}
	if doc := s.cache.get(num, version); doc != nil {
		return doc, nil
	}
	return s.fetch(ctx, v, num)
}

// Stand returns what [Store.Get] returns for an id, and nobody else changes it until
// the transaction ends. It comes first in a transaction that does not change the
// document itself: what it reads is kept for others.
func (s *Store) Stand(ctx context.Context, tx *Tx, v hindcast.Viewer, id string) (*Document, error) {
	var w sqldb.Where
	w.And(`i.id = ? and i.deleted_at = 0`, id)
	seen(&w, v)
	var num, version int64
	err := tx.tx.QueryRow(ctx, `select i.num, i.version from incident i where `+w.String()+tx.tx.Dialect().ForUpdate, w.Args...).Scan(&num, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing(id)
	}
	if err != nil {
		return nil, fmt.Errorf("hold incident %s: %w", id, err)
	}
	if doc := s.cache.get(num, version); doc != nil {
		return doc, nil
	}
	f, found, err := fetch(ctx, tx.tx, `i.num = $1`, "", num)
	if err == nil && !found {
		err = missing(id)
	}
	if err != nil {
		return nil, err
	}
	s.cache.put(f.doc, f.size)
	return f.doc, nil
}

// fetch reads a document past the cache, as one state, and keeps it. Access is
// checked again: it may have changed since the number was found.
func (s *Store) fetch(ctx context.Context, v hindcast.Viewer, num int64) (*Document, error) {
	var f fetched
	var found bool
	err := s.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		var w sqldb.Where
		w.And(`i.num = ?`, num)
		seen(&w, v)
		f, found, err = fetch(ctx, tx, w.String(), "", w.Args...)
		return err
	})
	if err != nil || !found {
		return nil, s.reading("incident #"+strconv.FormatInt(num, 10), err)
	}
	s.cache.put(f.doc, f.size)
	return f.doc, nil
}
