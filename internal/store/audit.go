package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// AuditEntry is one line of the audit trail. The database refuses to change or
// remove it.
type AuditEntry struct {
	ID         int64
	At         time.Time
	PersonID   string
	TokenID    string // when a token acted
	Act        string // "incident.create", "postmortem.publish", ...
	IncidentID string // empty when it is about none
	Detail     any    // becomes JSON; a json.RawMessage when read, nil when the viewer may not see the incident
}

// Audit adds a line to the audit trail.
func (tx *Tx) Audit(ctx context.Context, e AuditEntry) error { return Record(ctx, tx.tx, e) }

// Record adds a line to the audit trail in a transaction of a package that owns
// tables of its own.
func Record(ctx context.Context, tx *sqldb.Tx, e AuditEntry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Act, err)
	}
	_, err = tx.Exec(ctx, `insert into audit (at, person, token, act, incident, detail) values ($1, $2, $3, $4, $5, $6)`,
		sqldb.Micros(e.At), e.PersonID, e.TokenID, e.Act, e.IncidentID, string(detail))
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Act, err)
	}
	return nil
}

// AuditFilter says which lines a page of the audit trail holds: those that meet
// all that is set.
type AuditFilter struct {
	IncidentID string    // of one incident
	PersonID   string    // of what one person did
	Acts       []string  // of some acts
	From, To   time.Time // done at From or later, and before To
	After      string
	Limit      int
}

// Audit returns a page of the audit trail, the last line first. Who may
// administer sees that something happened to any incident, but not the details
// of one that is not theirs to read; others see the lines of one incident that
// they may read.
func (s *Store) Audit(ctx context.Context, v hindcast.Viewer, f AuditFilter) (Page[AuditEntry], error) {
	if !v.MayAdminister() {
		if f.IncidentID == "" {
			return Page[AuditEntry]{}, hindcast.Errorf(hindcast.Denied, "the audit trail of the library is for administrators; look at that of an incident")
		}
		if err := s.mayRead(ctx, v, f.IncidentID); err != nil {
			return Page[AuditEntry]{}, err
		}
	}
	limit := limited(f.Limit)
	acts := f.Acts
	if len(acts) == 0 {
		acts = []string{""}
	}
	var list []AuditEntry
	for _, act := range acts { // each from its index; together they would be sorted whole
		some, err := s.auditOf(ctx, v, f, act, limit+1)
		if err != nil {
			return Page[AuditEntry]{}, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b AuditEntry) int { return cmp.Compare(b.ID, a.ID) })
	return page(list, limit, func(e AuditEntry) string { return cursor(e.ID, 0) }), nil
}

// skew is how far the clocks of servers that share a database may be apart: lines
// are in the order in which they were written, not in that of their times.
const skew = time.Hour

// auditOf returns lines of one act, or of all when it is empty.
func (s *Store) auditOf(ctx context.Context, v hindcast.Viewer, f AuditFilter, act string, limit int) ([]AuditEntry, error) {
	var w sqldb.Where
	shown := w.Bind(`x.incident = '' or exists (select 1 from incident i join acl a on a.incident = i.num where i.id = x.incident and a.principal in ('all', ?))`, principal(v))
	for _, c := range []struct{ condition, value string }{{`x.incident = ?`, f.IncidentID}, {`x.person = ?`, f.PersonID}, {`x.act = ?`, act}} {
		if c.value != "" {
			w.And(c.condition, c.value)
		}
	}
	if !f.From.IsZero() {
		w.And(`x.at >= ? and x.id >= coalesce((select y.id from audit y where y.at >= ? order by y.at, y.id limit 1), 9223372036854775807)`, sqldb.Micros(f.From), sqldb.Micros(f.From.Add(-skew)))
	}
	if !f.To.IsZero() {
		w.And(`x.at < ? and x.id <= coalesce((select y.id from audit y where y.at < ? order by y.at desc, y.id desc limit 1), 0)`, sqldb.Micros(f.To), sqldb.Micros(f.To.Add(skew)))
	}
	if f.After != "" {
		id, _, err := parseCursor(f.After)
		if err != nil {
			return nil, err
		}
		w.And(`x.id < ?`, id)
	}
	list, err := sqldb.All(ctx, s.db, scanAudit, `select x.id, x.at, x.person, x.token, x.act, x.incident, x.detail, `+shown+
		` from audit x where `+w.String()+` order by x.id desc`+w.Bind(` limit ?`, limit), w.Args...)
	return list, s.reading("the audit trail", err)
}

func scanAudit(scan func(...any) error) (e AuditEntry, err error) {
	var at int64
	var detail []byte
	var shown bool
	if err := scan(&e.ID, &at, &e.PersonID, &e.TokenID, &e.Act, &e.IncidentID, &detail, &shown); err != nil {
		return e, err
	}
	e.At = sqldb.Time(at)
	if shown {
		e.Detail = json.RawMessage(detail)
	}
	return e, nil
}
