package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// ActionFilter says which action items a list holds: those that meet all that is
// set. They come with the first due first and those without a due date last.
type ActionFilter struct {
	Status   hindcast.ActionStatus
	Open     bool // neither done nor declined
	Owner    string
	Priority hindcast.Priority
	DueBy    hindcast.Date // due before this day
	Mine     bool          // of incidents in which the viewer takes part
	After    string
	Limit    int
}

// ActionRow is an action item in a list, with the incident that it came from.
type ActionRow struct {
	IncidentID     string
	IncidentNum    int64
	IncidentTitle  string
	IncidentStatus hindcast.Status
	Severity       int
	Version        int64 // of the incident's document
	Item           hindcast.ActionItem

	due, position int64
}

// Actions returns a page of the action items of incidents that the viewer may
// see and the filter lets through.
func (s *Store) Actions(ctx context.Context, v hindcast.Viewer, f ActionFilter) (Page[ActionRow], error) {
	var w sqldb.Where
	if err := f.where(&w, v); err != nil {
		return Page[ActionRow]{}, err
	}
	limit := limited(f.Limit)
	rows, err := sqldb.All(ctx, s.db, scanAction, `select i.id, i.num, i.title, i.status, i.severity, i.version, x.due, x.position, x.body
		from action x join incident i on i.num = x.incident where `+w.String()+` order by x.due, x.incident, x.id`+w.Bind(` limit ?`, limit+1), w.Args...)
	if err != nil {
		return Page[ActionRow]{}, s.reading("action items", err)
	}
	return page(rows, limit, func(r ActionRow) string { return cursor(r.due, r.IncidentNum) + "." + r.Item.ID }), nil
}

func (f ActionFilter) where(w *sqldb.Where, v hindcast.Viewer) error {
	if f.Open {
		w.And(`x.open`)
	}
	if f.Status != "" {
		w.And(`x.status = ?`, string(f.Status))
	}
	if f.Owner != "" {
		w.And(`x.owner_key = ?`, fold(f.Owner))
	}
	if f.Priority != "" {
		w.And(`x.priority = ?`, string(f.Priority))
	}
	if !f.DueBy.IsZero() {
		w.And(`x.due < ?`, f.DueBy.Time().Unix()/86400)
	}
	if f.Mine {
		w.And(`x.incident in (select p.incident from participant p where p.person = ?)`, v.PersonID)
	}
	if f.After != "" {
		mark, id, _ := strings.Cut(f.After, ".")
		due, num, err := parseCursor(mark)
		if err != nil {
			return err
		}
		w.And(`(x.due, x.incident, x.id) > (?, ?, ?)`, due, num, id)
	}
	w.And(`i.deleted_at = 0`)
	seen(w, v)
	return nil
}

func scanAction(scan func(...any) error) (r ActionRow, err error) {
	var body []byte
	err = scan(&r.IncidentID, &r.IncidentNum, &r.IncidentTitle, &r.IncidentStatus, &r.Severity, &r.Version, &r.due, &r.position, &body)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(body, &r.Item); err != nil {
		return r, fmt.Errorf("read an action of incident #%d: %w", r.IncidentNum, err)
	}
	return r, nil
}
