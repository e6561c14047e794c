package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"database/sql"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// EvidenceRow is one file of an incident's evidence. Its bytes are a blob under
// their hash, unless they were purged: then the row is what remains.
type EvidenceRow struct {
	hindcast.Evidence
	AddedAt     time.Time
	AddedBy     string // id of a person
	PurgedAt    time.Time
	PurgedBy    string
	PurgeReason string
}

// Purged reports whether the bytes were removed on purpose.
func (e EvidenceRow) Purged() bool { return !e.PurgedAt.IsZero() }

// PutEvidence adds evidence to an incident, or replaces what has the same name.
// The bytes must be kept, and synced, before. A purged file stays purged.
func (tx *Tx) PutEvidence(ctx context.Context, id string, rows []EvidenceRow) error {
	for _, e := range rows {
		body, err := json.Marshal(e.Evidence)
		if err != nil {
			return fmt.Errorf("add evidence %s: %w", e.Name, err)
		}
		_, err = tx.tx.Exec(ctx, `insert into evidence (incident, name, position, sha256, size, body, added_at, added_by, purged_at, purged_by, purge_reason)
			select i.num, $2, coalesce((select max(e.position) from evidence e where e.incident = i.num), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10
			from incident i where i.id = $1
			on conflict (incident, name) do update set sha256 = $3, size = $4, body = $5, added_at = $6, added_by = $7
			where evidence.purged_at = 0`,
			id, e.Name, e.SHA256, e.Size, string(body), sqldb.Micros(e.AddedAt), e.AddedBy, sqldb.Micros(e.PurgedAt), e.PurgedBy, e.PurgeReason)
		if err != nil {
			return fmt.Errorf("add evidence %s: %w", e.Name, err)
		}
	}
	return nil
}

// PurgeEvidence leaves a tombstone of every file of an incident with a hash: its
// name, hash and size, who purged it, when and why. It returns how many files
// there were.
func (tx *Tx) PurgeEvidence(ctx context.Context, id, sha256, by, reason string, at time.Time) (int64, error) {
	result, err := tx.tx.Exec(ctx, `update evidence set purged_at = $3, purged_by = $4, purge_reason = $5
		where sha256 = $2 and purged_at = 0 and incident = (select num from incident where id = $1)`, id, sha256, sqldb.Micros(at), by, reason)
	if err != nil {
		return 0, fmt.Errorf("purge evidence of incident %s: %w", id, err)
	}
	return result.RowsAffected()
}

const evidenceColumns = `e.body, e.added_at, e.added_by, e.purged_at, e.purged_by, e.purge_reason`

func scanEvidence(scan func(...any) error) (e EvidenceRow, err error) {
	var body []byte
	var added, purged int64
	if err := scan(&body, &added, &e.AddedBy, &purged, &e.PurgedBy, &e.PurgeReason); err != nil {
		return e, err
	}
	e.AddedAt, e.PurgedAt = sqldb.Time(added), sqldb.Time(purged)
	if err := json.Unmarshal(body, &e.Evidence); err != nil {
		return e, fmt.Errorf("read a row of evidence: %w", err)
	}
	return e, nil
}

// Evidence returns the evidence of an incident in the order in which it was
// added, tombstones included.
func (s *Store) Evidence(ctx context.Context, v hindcast.Viewer, id string) ([]EvidenceRow, error) {
	if err := s.mayRead(ctx, v, id); err != nil {
		return nil, err
	}
	rows, err := evidence(ctx, s.db, id)
	return rows, s.reading("evidence", err)
}

// Evidence returns the evidence of an incident as [Store.Evidence] does.
func (tx *Tx) Evidence(ctx context.Context, id string) ([]EvidenceRow, error) {
	return evidence(ctx, tx.tx, id)
}

func evidence(ctx context.Context, q sqldb.Querier, id string) ([]EvidenceRow, error) {
	return sqldb.All(ctx, q, scanEvidence, `select `+evidenceColumns+` from incident i join evidence e on e.incident = i.num
		where i.id = $1 order by e.position`, id)
}

// KeptBlobs returns which of the hashes some incident's evidence, or mail that was
// not decided about, still needs.
func (s *Store) KeptBlobs(ctx context.Context, hashes []string) (map[string]bool, error) {
	kept := map[string]bool{}
	for _, h := range hashes {
		_, found, err := sqldb.Value[string](ctx, s.db, `select sha256 from evidence where sha256 = $1 and purged_at = 0 union select sha256 from mail_in where sha256 = $1 limit 1`, h)
		if err != nil {
			return nil, s.reading("which evidence is needed", err)
		}
		kept[h] = found
	}
	return kept, nil
}

// PutBuild keeps what was derived from an incident's evidence, as JSON, instead
// of what was before: what people changed since is the difference to it.
func (tx *Tx) PutBuild(ctx context.Context, id string, build any, at time.Time) error {
	body, err := json.Marshal(build)
	if err != nil {
		return fmt.Errorf("keep what was derived for incident %s: %w", id, err)
	}
	_, err = tx.tx.Exec(ctx, `insert into build (incident, at, body) select num, $2, $3 from incident where id = $1
		on conflict (incident) do update set at = $2, body = $3`, id, sqldb.Micros(at), string(body))
	if err != nil {
		return fmt.Errorf("keep what was derived for incident %s: %w", id, err)
	}
	return nil
}

// Build reads what was last derived into build; found is false when nothing was.
func (tx *Tx) Build(ctx context.Context, id string, build any) (found bool, err error) {
	return readBuild(ctx, tx.tx, id, build)
}

// Build reads what was last derived from an incident's evidence into build;
// found is false when nothing was.
func (s *Store) Build(ctx context.Context, v hindcast.Viewer, id string, build any) (found bool, err error) {
	if err := s.mayRead(ctx, v, id); err != nil {
		return false, err
	}
	found, err = readBuild(ctx, s.db, id, build)
	return found, s.reading("what was derived from evidence", err)
}

func readBuild(ctx context.Context, q sqldb.Querier, id string, build any) (bool, error) {
	var body []byte
	err := q.QueryRow(ctx, `select b.body from incident i join build b on b.incident = i.num where i.id = $1`, id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(body, build); err != nil {
		return false, fmt.Errorf("read what was derived for incident %s: %w", id, err)
	}
	return true, nil
}
