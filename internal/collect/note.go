package collect

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// SourceNote says what is not in the evidence of an incident that was fetched from a
// source: "events before 14:20, which the cluster has forgotten".
type SourceNote struct {
	Source string    `json:"source"` // name of the connection
	Text   string    `json:"text"`
	At     time.Time `json:"at"` // when it was fetched
}

// Notes returns what is not in the evidence of an incident, for those who take part;
// for others nothing.
func (s *Service) Notes(ctx context.Context, v hindcast.Viewer, incident string) ([]SourceNote, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil || d.Part() == "" {
		return nil, err
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (n SourceNote, err error) {
		var at int64
		err = scan(&n.Source, &n.Text, &at)
		n.At = sqldb.Time(at)
		return n, err
	}, `select n.source, n.text, n.at from source_note n join incident i on i.num = n.incident where i.id = $1 order by n.source, n.position`, d.ID)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what is not in the evidence of incident %s: %w", d.ID, err))
	}
	return list, nil
}

// keepNotes keeps what is not in the evidence beside what was known of it.
func (s *Service) keepNotes(ctx context.Context, tx *sqldb.Tx, incident string, notes []SourceNote) error {
	for _, n := range notes {
		_, err := tx.Exec(ctx, `insert into source_note (incident, source, position, text, at)
			select i.num, $2, coalesce((select max(n.position) from source_note n where n.incident = i.num and n.source = $2), 0) + 1, $3, $4 from incident i
			where i.id = $1 and not exists (select 1 from source_note n where n.incident = i.num and n.source = $2 and n.text = $3)`,
			incident, n.Source, n.Text, sqldb.Micros(s.now()))
		if err != nil {
			return fmt.Errorf("keep what is not in the evidence of incident %s: %w", incident, err)
		}
	}
	return nil
}

// renewNotes keeps what is not in the evidence of an incident, of which everything
// was fetched anew.
func (s *Service) renewNotes(ctx context.Context, incident string, notes []SourceNote) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `delete from source_note where incident = (select num from incident where id = $1)`, incident); err != nil {
			return fmt.Errorf("forget what was not in the evidence of incident %s: %w", incident, err)
		}
		return s.keepNotes(ctx, tx, incident, notes)
	}))
}
