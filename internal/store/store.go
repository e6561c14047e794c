// Package store keeps post-mortems and what belongs to them in an SQLite file or
// a PostgreSQL database, with the same tables and the same SQL.
//
// A [Document] is one post-mortem with who may read it. Everything that lists,
// filters, searches and links is derived from documents in the transaction that
// writes them, and can be derived again with [Tx.Derive].
//
// Writing happens in one transaction that a caller fills; package workflow is
// the only one that does, and decides who may:
//
//	err := s.Write(ctx, func(tx *store.Tx) error {
//		doc, err := tx.Load(ctx, id) // locked until the end
//		doc.Post.Owner = "storage team"
//		err = tx.Save(ctx, doc)
//		return tx.Audit(ctx, store.AuditEntry{...})
//	})
//
// Every read is on behalf of a [hindcast.Viewer]. What the viewer may not see is
// absent from every answer, counts included, and asking for it by name is
// [hindcast.NotFound]: one may see the incidents that one takes part in, and
// those that are published and not private. Lists come in pages; an answer holds
// at most [MaxLimit] items.
package store

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/rank"
)

//go:embed migrations
var migrations embed.FS

// The sizes of pages.
const (
	DefaultLimit = 25
	MaxLimit     = 200
)

// cacheBytes bounds the documents kept decoded, by the size of their text; decoded
// they take some two times as much. Pages that many look at are kept as such, so
// that this is for documents that people work on.
const cacheBytes = 2 << 20

// Store keeps post-mortems. It may be used by several goroutines at once.
type Store struct {
	db     *sqldb.DB
	cache  *cache
	window int // see rank.AtOnce
}

// Open opens the database that url names, see [sqldb.Open], and brings its
// tables up to date.
func Open(ctx context.Context, url string) (*Store, error) {
	db, err := sqldb.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db); err != nil {
		_ = db.Close() // the error that led here says more
		return nil, err
	}
	return &Store{db: db, cache: newCache(cacheBytes), window: rank.AtOnce}, nil
}

func migrate(ctx context.Context, db *sqldb.DB) error {
	folders, err := sub(migrations)
	if err != nil {
		return err
	}
	return db.Migrate(ctx, folders)
}

// DB returns the database, for the packages that own tables in it.
func (s *Store) DB() *sqldb.DB { return s.db }

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	Next  string // where the next page begins; empty on the last one
}

// limited returns how many items a page has.
func limited(n int) int {
	if n <= 0 {
		return DefaultLimit
	}
	return min(n, MaxLimit)
}

// page cuts one item too many off a list that was read with limit+1 and notes
// where the next page begins.
func page[T any](items []T, limit int, cursor func(T) string) Page[T] {
	if len(items) <= limit {
		return Page[T]{Items: items}
	}
	return Page[T]{Items: items[:limit], Next: cursor(items[limit-1])}
}

// visible is the condition on an incident i that a viewer may see it.
const visible = `exists (select 1 from acl a where a.incident = i.num and a.principal in ('all', ?))`

// principal returns the name by which access lists know a viewer. One who may
// not read anything is in no list.
func principal(v hindcast.Viewer) string {
	if !v.MayRead() {
		return "nobody"
	}
	return person(v.PersonID)
}

func person(id string) string { return "person:" + id }

// everybody is the principal of what is open to all who may sign in.
const everybody = "all"

// seen adds to w that the viewer may see incident i.
func seen(w *sqldb.Where, v hindcast.Viewer) {
	if !v.MayRead() {
		w.And("false")
		return
	}
	w.And(visible, principal(v))
}

// Seen adds to w that a viewer may see incident i, for the packages that read
// their own tables beside those of documents.
func Seen(w *sqldb.Where, v hindcast.Viewer) { seen(w, v) }

// reading names what could not be read in an error of the database.
func (s *Store) reading(what string, err error) error {
	if err == nil {
		return nil
	}
	return s.db.Fault(fmt.Errorf("read %s: %w", what, err))
}

// missing is the error for an incident that does not exist, or not for the
// viewer: the two look alike.
func missing(ref string) error {
	return hindcast.Errorf(hindcast.NotFound, "there is no incident %s that you may read; check the number, or ask a participant to share it", ref)
}

// fold returns a name as columns named ..._key keep it: in lower case.
func fold(s string) string { return strings.ToLower(s) }
