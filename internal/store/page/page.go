// Package page keeps what documents look like as pages, so that showing one
// neither reads nor renders the document. The package knows nothing of how a page
// looks: a body is bytes under a key, and whoever makes bodies puts into the key
// all that they follow from.
//
// A body is removed in the transaction that changes its document, see
// [store.Tx.Save]. Should one be left behind, nobody gets it: the key of what a
// document looks like now is another.
package page

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Head is what of a document is read to show a page of it that is kept.
type Head struct {
	Num       int64
	ID        string
	Version   int64
	UpdatedAt time.Time
	Status    hindcast.Status
	Title     string
	Private   bool
	Role      string             // in which the viewer takes part; empty for who does not
	Account   store.AccountState // of the viewer

	DraftDue    time.Time // zero when there is no such day
	PublishDue  time.Time
	PublishedAt time.Time // zero unless it is published now
}

// Find returns the head of a document that is not in the trash; found is false
// when there is none of this number that the viewer may see.
func Find(ctx context.Context, db *sqldb.DB, v hindcast.Viewer, num int64) (h Head, found bool, err error) {
	var w sqldb.Where
	role := w.Bind(`coalesce((select p.role from participant p where p.incident = i.num and p.person = ?), '')`, v.PersonID)
	account := w.Bind(`coalesce((select p.account from participant p where p.incident = i.num and p.person = ?), '')`, v.PersonID)
	w.And(`i.num = ? and i.deleted_at = 0`, num)
	store.Seen(&w, v)
	var updated, draft, publish, published int64
	err = db.QueryRow(ctx, `select i.num, i.id, i.version, i.updated_at, i.status, i.title, i.private, i.draft_due, i.publish_due, i.published_at, `+role+`, `+account+
		` from incident i where `+w.String(), w.Args...).
		Scan(&h.Num, &h.ID, &h.Version, &updated, &h.Status, &h.Title, &h.Private, &draft, &publish, &published, &h.Role, &h.Account)
	if errors.Is(err, sql.ErrNoRows) {
		return Head{}, false, nil
	}
	if err != nil {
		return Head{}, false, db.Fault(fmt.Errorf("read the head of incident #%d: %w", num, err))
	}
	h.UpdatedAt, h.DraftDue, h.PublishDue, h.PublishedAt = sqldb.Time(updated), sqldb.Time(draft), sqldb.Time(publish), sqldb.Time(published)
	return h, true, nil
}

// People returns who takes part in a document that the caller has found, in the
// order in which they came.
func People(ctx context.Context, db *sqldb.DB, num int64) ([]store.Participant, error) {
	list, err := sqldb.All(ctx, db, func(scan func(...any) error) (p store.Participant, err error) {
		var added int64
		err = scan(&p.PersonID, &p.Role, &added, &p.AddedBy)
		p.AddedAt = sqldb.Time(added)
		return p, err
	}, `select person, role, added_at, added_by from participant where incident = $1 order by added_at, person`, num)
	return list, db.Fault(err)
}

// Made is a body and what it was made of.
type Made struct {
	Num     int64
	Variant string // for whom it looks so; one body is kept for each
	Version int64  // of the document
	Build   string // of the program
	Key     string // hash of all that it follows from
	Body    []byte
}

// Body returns the body that is kept under a key; nil when there is none.
func Body(ctx context.Context, db *sqldb.DB, num int64, variant, key string) ([]byte, error) {
	body, _, err := sqldb.Value[[]byte](ctx, db, `select body from page where incident = $1 and variant = $2 and key = $3`, num, variant, key)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("read a page of incident #%d: %w", num, err))
	}
	return body, nil
}

// Keep keeps bodies in place of older ones. Those of documents that changed
// meanwhile or were removed are left out.
func Keep(ctx context.Context, db *sqldb.DB, list []Made) error {
	return db.Write(ctx, func(tx *sqldb.Tx) error {
		for _, m := range list {
			if err := keep(ctx, tx, m); err != nil {
				return fmt.Errorf("keep a page of incident #%d: %w", m.Num, err)
			}
		}
		return nil
	})
}

func keep(ctx context.Context, tx *sqldb.Tx, m Made) error {
	// Locked, so that a writer that is about to change the document waits and then
	// finds the body to remove.
	version, _, err := sqldb.Value[int64](ctx, tx, `select version from incident where num = $1 and deleted_at = 0`+tx.Dialect().ForUpdate, m.Num)
	if err != nil || version != m.Version {
		return err
	}
	_, err = tx.Exec(ctx, `insert into page (incident, variant, version, build, key, body) values ($1, $2, $3, $4, $5, $6)
		on conflict (incident, variant) do update set version = $3, build = $4, key = $5, body = $6`,
		m.Num, m.Variant, m.Version, m.Build, m.Key, m.Body)
	return err
}

// Lacking returns the numbers, above one, of documents that everybody may read and
// of which a build has made no body of a variant; at most limit, in order.
func Lacking(ctx context.Context, db *sqldb.DB, build, variant string, after int64, limit int) ([]int64, error) {
	list, err := sqldb.All(ctx, db, func(scan func(...any) error) (num int64, err error) { return num, scan(&num) },
		`select i.num from incident i where i.num > $1 and i.deleted_at = 0 and i.status = 'published' and not i.private
		and not exists (select 1 from page p where p.incident = i.num and p.variant = $2 and p.build = $3 and p.version = i.version)
		order by i.num limit $4`, after, variant, build, limit)
	if err != nil {
		return nil, db.Fault(fmt.Errorf("look for pages to be made: %w", err))
	}
	return list, nil
}
