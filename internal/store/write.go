package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/prose"
)

// Tx is a transaction that writes. It belongs to one goroutine and ends with the
// function that [Store.Write] called.
type Tx struct {
	tx     *sqldb.Tx
	before map[string]loaded // by id: as the tables hold it
}

// loaded is a document as it stood in the tables when it was loaded.
type loaded struct {
	version int64
	columns []any // see incidentColumns
	*projection
}

// Write runs f in one transaction: everything it writes is kept, synced to disk,
// when Write returns nil, and nothing otherwise. f may run several times; it must
// not have effects outside.
func (s *Store) Write(ctx context.Context, f func(*Tx) error) error {
	return s.db.Write(ctx, func(tx *sqldb.Tx) error {
		return f(&Tx{tx: tx, before: map[string]loaded{}})
	})
}

// SQL returns the transaction itself, for packages that own tables of the same
// database and write to them together with a document.
func (tx *Tx) SQL() *sqldb.Tx { return tx.tx }

// Insert adds a document, whose ID and times are set, gives it the next number
// and version 1.
func (tx *Tx) Insert(ctx context.Context, d *Document) error {
	if err := storable(d); err != nil {
		return err
	}
	err := tx.tx.QueryRow(ctx, `insert into counter (name, value) values ('incident', 1)
		on conflict (name) do update set value = counter.value + 1 returning value`).Scan(&d.Num)
	if err != nil {
		return fmt.Errorf("number a new incident: %w", err)
	}
	d.Version = 1
	next, err := project(d)
	if err != nil {
		return err
	}
	body, err := encode(d.Post)
	if err != nil {
		return err
	}
	if _, err = tx.tx.Exec(ctx, insertIncident, append(incidentColumns(d, next), d.Version, next.excerpt, sqldb.Micros(d.UpdatedAt), d.UpdatedBy, body)...); err != nil {
		return fmt.Errorf("add incident %q: %w", d.Post.Incident.Title, err)
	}
	return tx.project(ctx, d, &projection{}, next)
}

// Load returns a document to be changed: the caller's own copy, in the trash or
// not. No other transaction can change it until this one ends.
func (tx *Tx) Load(ctx context.Context, id string) (*Document, error) {
	f, found, err := fetch(ctx, tx.tx, `i.id = $1`, tx.tx.Dialect().ForUpdate, id)
	if err != nil {
		return nil, fmt.Errorf("load incident %s: %w", id, err)
	}
	if !found {
		return nil, missing(id)
	}
	old, err := project(f.doc)
	if err != nil {
		return nil, err
	}
	old.sections = f.sections
	tx.before[id] = loaded{f.doc.Version, incidentColumns(f.doc, old), old}
	return f.doc, nil
}

// Named returns the id of the incident with a number of the library, "#12" or "12",
// and any other text as it is.
func (tx *Tx) Named(ctx context.Context, ref string) (string, error) {
	num, err := strconv.ParseInt(strings.TrimPrefix(ref, "#"), 10, 64)
	if err != nil {
		return ref, nil
	}
	id, found, err := sqldb.Value[string](ctx, tx.tx, `select i.id from incident i where i.num = $1`, num)
	if err == nil && !found {
		err = missing(ref)
	}
	return id, err
}

// Save keeps what was changed in a document that was loaded in this transaction
// and raises its version. It fails with [hindcast.Conflict] when d is not of the
// version that was loaded.
func (tx *Tx) Save(ctx context.Context, d *Document) error {
	old, ok := tx.before[d.ID]
	if !ok {
		return fmt.Errorf("save incident %s: it was not loaded in this transaction", d.ID)
	}
	if old.version != d.Version {
		return hindcast.Errorf(hindcast.Conflict, "incident #%d was changed meanwhile; look at what is there now and try again", d.Num)
	}
	if err := storable(d); err != nil {
		return err
	}
	next, err := project(d)
	if err != nil {
		return err
	}
	d.Version++
	if err := tx.update(ctx, d, old, next); err != nil {
		return fmt.Errorf("save incident #%d: %w", d.Num, err)
	}
	return tx.project(ctx, d, old.projection, next)
}

// update writes a document's own row. Most edits change none of what lists filter
// and sort by, and then leave all but one of the indexes alone.
func (tx *Tx) update(ctx context.Context, d *Document, old loaded, next *projection) error {
	body, err := encode(d.Post)
	if err != nil {
		return err
	}
	changed := []any{d.Version, next.excerpt, sqldb.Micros(d.UpdatedAt), d.UpdatedBy, body, old.version}
	columns := incidentColumns(d, next)
	if slices.Equal(columns, old.columns) {
		_, err = tx.tx.Exec(ctx, updateContent, append(columns[:2:2], changed...)...)
	} else {
		_, err = tx.tx.Exec(ctx, updateIncident, append(columns, changed...)...)
	}
	return err
}

// project writes what changed in the tables that follow from a document.
func (tx *Tx) project(ctx context.Context, d *Document, old, next *projection) error {
	d.PublishedAt = d.publishedAt()
	if _, err := tx.tx.Exec(ctx, `delete from page where incident = $1`, d.Num); err != nil {
		return fmt.Errorf("remove the pages of incident #%d: %w", d.Num, err)
	}
	for _, step := range []func(context.Context, int64, *projection, *projection) error{
		tx.putSections, tx.putServices, tx.putActions, tx.putFactors, tx.putLinks, tx.putPeople, tx.putACL, tx.putSearch,
	} {
		if err := step(ctx, d.Num, old, next); err != nil {
			return fmt.Errorf("save what follows from incident #%d: %w", d.Num, err)
		}
	}
	tx.before[d.ID] = loaded{d.Version, incidentColumns(d, next), next}
	return nil
}

// storable refuses what a database cannot keep as text.
func storable(d *Document) error {
	refused := func(field string) error {
		return hindcast.Errorf(hindcast.Invalid, "%s holds a NUL character; remove it", field)
	}
	for _, s := range d.Post.Sections {
		if strings.ContainsRune(s.Text, 0) || strings.ContainsRune(s.Heading, 0) {
			return refused("section " + s.Heading)
		}
	}
	inc := d.Post.Incident
	for _, f := range [][2]string{{"title", inc.Title}, {"number", inc.Number}, {"owner", d.Post.Owner}, {"reason", d.PrivateReason}} {
		if strings.ContainsRune(f[1], 0) {
			return refused(f[0])
		}
	}
	for s := range prose.Texts(&d.Post) {
		if strings.ContainsRune(s, 0) {
			return refused("text")
		}
	}
	return nil
}

const insertIncident = `insert into incident (num, id, status, kind, severity, title, number, number_key, category, owner, services,
	happened_at, started_at, detected_at, resolved_at, created_at, created_by, published_at, deleted_at,
	private, private_reason, required, required_why, draft_due, publish_due, actions_open, actions_total,
	version, excerpt, updated_at, updated_by, body)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`

const updateIncident = `update incident set status = $3, kind = $4, severity = $5, title = $6, number = $7, number_key = $8,
	category = $9, owner = $10, services = $11, happened_at = $12, started_at = $13, detected_at = $14, resolved_at = $15,
	created_at = $16, created_by = $17, published_at = $18, deleted_at = $19, private = $20, private_reason = $21,
	required = $22, required_why = $23, draft_due = $24, publish_due = $25, actions_open = $26, actions_total = $27,
	version = $28, excerpt = $29, updated_at = $30, updated_by = $31, body = $32
	where num = $1 and id = $2 and version = $33`

// updateContent is updateIncident for when none of incidentColumns changed. An
// index of which a statement sets a column is written, even with the same value.
const updateContent = `update incident set version = $3, excerpt = $4, updated_at = $5, updated_by = $6, body = $7
	where num = $1 and id = $2 and version = $8`

// incidentColumns are the first arguments of the statements above: all columns but
// those that every save changes, and the body.
func incidentColumns(d *Document, p *projection) []any {
	inc := &d.Post.Incident
	services, _ := json.Marshal(inc.Services) // strings never fail
	return []any{d.Num, d.ID, string(d.Post.Status), string(inc.Kind), inc.Severity, p.heading, inc.Number, fold(inc.Number),
		string(d.Post.Category), d.Post.Owner, string(services),
		sqldb.Micros(p.happened), sqldb.Micros(inc.StartedAt), sqldb.Micros(inc.DetectedAt), sqldb.Micros(inc.ResolvedAt),
		sqldb.Micros(d.CreatedAt), d.CreatedBy, sqldb.Micros(d.publishedAt()), sqldb.Micros(d.DeletedAt),
		d.Private, d.PrivateReason, d.Required, d.Why, sqldb.Micros(d.DraftDue), sqldb.Micros(d.PublishDue), unfinished(p.actions), len(p.actions)}
}

// same reports whether two values derived from documents are equal.
func same[T any](a, b T) bool { return reflect.DeepEqual(a, b) }
