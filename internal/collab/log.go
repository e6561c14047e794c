package collab

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// MaxRead is the most steps that are read at once.
const MaxRead = 5000

// Step is one accepted change of a section's text.
type Step struct {
	Version int64 // of the text after it
	Client  string
	Person  string
	Change  change.Set
}

// outsider is the client of steps that come from another way of editing.
const outsider = "document"

// load returns the end of a log within a transaction, from what is known of it. A
// section that nobody has written together begins its log with the document's text.
func load(ctx context.Context, tx *sqldb.Tx, p Place, known state, sec Section) (state, error) {
	var settled, head int64
	err := tx.QueryRow(ctx, `select t.settled, coalesce((select max(s.version) from collab_step s where s.incident = t.incident and s.key = t.key), t.settled)
		from collab_text t where t.incident = $1 and t.key = $2`, p.Num, p.Key).Scan(&settled, &head)
	if errors.Is(err, sql.ErrNoRows) {
		return state{units: change.Units(sec.Text), raw: sec.Text, known: true}, begin(ctx, tx, p, sec.Text)
	}
	if err != nil {
		return state{}, fmt.Errorf("read the log of section %s of #%d: %w", p.Key, p.Num, err)
	}
	st := known
	if !known.known || known.settled != settled || known.version < settled {
		raw, _, err := sqldb.Value[string](ctx, tx, `select text from collab_base where incident = $1 and key = $2`, p.Num, p.Key)
		if err != nil {
			return state{}, fmt.Errorf("read the text of section %s of #%d: %w", p.Key, p.Num, err)
		}
		if st = (state{version: settled, units: change.Units(raw), settled: settled, raw: raw, known: true}); known.known && known.version > settled {
			st.version, st.units, st.recent = known.version, known.units, known.recent
		}
	}
	if st.version == head {
		return st, nil
	}
	steps, err := read(ctx, tx, p, st.version, math.MaxInt32)
	if err != nil {
		return state{}, err
	}
	for _, x := range steps {
		if st, err = st.then(x); err != nil {
			return state{}, fmt.Errorf("read the log of section %s of #%d: %w", p.Key, p.Num, err)
		}
	}
	return st, nil
}

func begin(ctx context.Context, tx *sqldb.Tx, p Place, text string) error {
	_, err := tx.Exec(ctx, `insert into collab_text (incident, key, settled, behind, floor, session_by, session_at) values ($1, $2, 0, $3, 0, '', 0)`, p.Num, p.Key, false)
	if err == nil {
		_, err = tx.Exec(ctx, `insert into collab_base (incident, key, text) values ($1, $2, $3)`, p.Num, p.Key, text)
	}
	if err != nil {
		return fmt.Errorf("begin the log of section %s of #%d: %w", p.Key, p.Num, err)
	}
	return nil
}

// add appends steps. Two servers cannot add the same version: the key of the table
// is unique, and who holds the document writes alone.
func add(ctx context.Context, tx *sqldb.Tx, p Place, now time.Time, steps []Step) error {
	for _, x := range steps {
		body, err := json.Marshal(x.Change)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into collab_step (incident, key, version, client, person, at, body) values ($1, $2, $3, $4, $5, $6, $7)`,
			p.Num, p.Key, x.Version, x.Client, x.Person, sqldb.Micros(now), string(body)); err != nil {
			return fmt.Errorf("add step %d of section %s of #%d: %w", x.Version, p.Key, p.Num, err)
		}
	}
	return nil
}

// addNext appends a step when it is the next one and the document was last written
// from a version, and reports whether it did.
func addNext(ctx context.Context, tx *sqldb.Tx, p Place, now time.Time, settled int64, x Step) (bool, error) {
	body, err := json.Marshal(x.Change)
	if err != nil {
		return false, err
	}
	res, err := tx.Exec(ctx, `insert into collab_step (incident, key, version, client, person, at, body) select $1, $2, $3, $4, $5, $6, $7
		where exists (select 1 from collab_text t where t.incident = $1 and t.key = $2 and t.settled = $8)
		and not exists (select 1 from collab_step s where s.incident = $1 and s.key = $2 and s.version >= $3)`,
		p.Num, p.Key, x.Version, x.Client, x.Person, sqldb.Micros(now), string(body), settled)
	if err != nil {
		return false, fmt.Errorf("add step %d of section %s of #%d: %w", x.Version, p.Key, p.Num, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// fallBehind notes that the document lacks steps from now on.
func fallBehind(ctx context.Context, tx *sqldb.Tx, p Place) error {
	if _, err := tx.Exec(ctx, `update collab_text set behind = $3 where incident = $1 and key = $2`, p.Num, p.Key, true); err != nil {
		return fmt.Errorf("note that section %s of #%d is behind: %w", p.Key, p.Num, err)
	}
	return nil
}

// read returns the steps after a version, at most limit.
func read(ctx context.Context, q sqldb.Querier, p Place, version int64, limit int) ([]Step, error) {
	list, err := sqldb.All(ctx, q, func(scan func(...any) error) (x Step, err error) {
		var body []byte
		if err := scan(&x.Version, &x.Client, &x.Person, &body); err != nil {
			return x, err
		}
		return x, json.Unmarshal(body, &x.Change)
	}, `select version, client, person, body from collab_step where incident = $1 and key = $2 and version > $3 order by version limit $4`, p.Num, p.Key, version, limit)
	if err != nil {
		return nil, fmt.Errorf("read the steps of section %s of #%d: %w", p.Key, p.Num, err)
	}
	return list, nil
}

// since returns the steps after a version up to head.
func since(ctx context.Context, q sqldb.Querier, p Place, version, head int64) ([]Step, error) {
	floor, _, err := sqldb.Value[int64](ctx, q, `select floor from collab_text where incident = $1 and key = $2`, p.Num, p.Key)
	if err != nil {
		return nil, fmt.Errorf("read the log of section %s of #%d: %w", p.Key, p.Num, err)
	}
	if version < floor || version > head {
		return nil, hindcast.Errorf(hindcast.NotFound, "version %d of this section is not kept any more; open it again and bring your changes in", version)
	}
	return read(ctx, q, p, version, MaxRead)
}

// headOf returns the version of the last step.
func headOf(ctx context.Context, q sqldb.Querier, p Place) (int64, error) {
	n, _, err := sqldb.Value[int64](ctx, q, `select coalesce((select max(s.version) from collab_step s where s.incident = t.incident and s.key = t.key), t.settled)
		from collab_text t where t.incident = $1 and t.key = $2`, p.Num, p.Key)
	return n, err
}
