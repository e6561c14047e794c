package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Sort is the order of a list of incidents.
type Sort string

// The orders. The zero Sort is by the time of the incident.
const (
	SortHappened  Sort = ""          // the latest incident first
	SortUpdated   Sort = "updated"   // the last changed first
	SortPublished Sort = "published" // the last published first; holds published ones only
	SortDue       Sort = "due"       // the first due first; holds those that are required and not published
)

// Filter says which incidents a list holds: those that meet all that is set.
type Filter struct {
	Kind     hindcast.IncidentKind
	Severity int
	Service  string // in any case
	Status   hindcast.Status
	Category hindcast.Category
	From, To time.Time // the incident happened at From or later, and before To
	DueBy    time.Time // required, not published, and due before
	Mine     bool      // the viewer takes part
	Deleted  bool      // in the trash, instead of all others
	Sort     Sort
	After    string // Next of the page before
	Limit    int    // at most MaxLimit; 0 is DefaultLimit
}

// Summary is an incident in a list.
type Summary struct {
	ID          string
	Num         int64
	Version     int64
	Status      hindcast.Status
	Kind        hindcast.IncidentKind
	Severity    int
	Title       string
	Number      string // in the pager or tracker
	Category    hindcast.Category
	Owner       string
	Services    []string
	Excerpt     string    // the beginning of its summary
	HappenedAt  time.Time // started, else detected, else created
	StartedAt   time.Time
	DetectedAt  time.Time
	ResolvedAt  time.Time
	UpdatedAt   time.Time
	PublishedAt time.Time
	DeletedAt   time.Time
	Private     bool
	Required    bool
	DraftDue    time.Time
	PublishDue  time.Time

	ActionsOpen  int // neither done nor declined
	ActionsTotal int
}

const summaryColumns = `i.id, i.num, i.version, i.status, i.kind, i.severity, i.title, i.number, i.category, i.owner, i.services, i.excerpt,
	i.happened_at, i.started_at, i.detected_at, i.resolved_at, i.updated_at, i.published_at, i.deleted_at, i.private, i.required,
	i.draft_due, i.publish_due, i.actions_open, i.actions_total`

func scanSummary(scan func(...any) error) (s Summary, err error) {
	var services []byte
	var at [9]int64
	err = scan(&s.ID, &s.Num, &s.Version, &s.Status, &s.Kind, &s.Severity, &s.Title, &s.Number, &s.Category, &s.Owner, &services, &s.Excerpt,
		&at[0], &at[1], &at[2], &at[3], &at[4], &at[5], &at[6], &s.Private, &s.Required, &at[7], &at[8], &s.ActionsOpen, &s.ActionsTotal)
	if err != nil {
		return s, err
	}
	for i, t := range []*time.Time{&s.HappenedAt, &s.StartedAt, &s.DetectedAt, &s.ResolvedAt, &s.UpdatedAt, &s.PublishedAt, &s.DeletedAt, &s.DraftDue, &s.PublishDue} {
		*t = sqldb.Time(at[i])
	}
	if err := json.Unmarshal(services, &s.Services); err != nil {
		return s, fmt.Errorf("read the services of incident #%d: %w", s.Num, err)
	}
	return s, nil
}

// order is how an order of a list is written: the columns of its key and of the
// number behind it, and whether the greatest value comes first. only is what
// else the order needs of a row.
type order struct {
	column, num, only string
	desc              bool
	key               func(Summary) time.Time
}

func (f Filter) order() (order, error) {
	switch {
	case f.Deleted:
		return order{"i.deleted_at", "i.num", "i.deleted_at > 0", true, func(s Summary) time.Time { return s.DeletedAt }}, nil
	case f.byPerson(), f.byStanding():
		return order{"p.happened_at", "p.incident", "i.deleted_at = 0", true, func(s Summary) time.Time { return s.HappenedAt }}, nil
	case f.byService():
		return order{"s.happened_at", "s.incident", "i.deleted_at = 0", true, func(s Summary) time.Time { return s.HappenedAt }}, nil
	case f.Sort == SortHappened:
		return order{"i.happened_at", "i.num", "i.deleted_at = 0", true, func(s Summary) time.Time { return s.HappenedAt }}, nil
	case f.Sort == SortUpdated:
		return order{"i.updated_at", "i.num", "i.deleted_at = 0", true, func(s Summary) time.Time { return s.UpdatedAt }}, nil
	case f.Sort == SortPublished:
		return order{"i.published_at", "i.num", "i.deleted_at = 0 and i.published_at > 0", true, func(s Summary) time.Time { return s.PublishedAt }}, nil
	case f.Sort == SortDue:
		return order{"i.publish_due", "i.num", "i.deleted_at = 0 and i.required and i.published_at = 0", false, func(s Summary) time.Time { return s.PublishDue }}, nil
	}
	return order{}, hindcast.Errorf(hindcast.Invalid, "there is no order %q; use updated, published, due or none", f.Sort)
}

// List returns a page of the incidents that the viewer may see and the filter
// lets through.
func (s *Store) List(ctx context.Context, v hindcast.Viewer, f Filter) (Page[Summary], error) {
	o, err := f.order()
	if err != nil {
		return Page[Summary]{}, err
	}
	var w sqldb.Where
	from := f.from(&w, v)
	w.And(o.only)
	f.where(&w, f.Sort == SortHappened && !f.Deleted && !f.byService() && !f.byPerson() && !f.byStanding())
	seen(&w, v)
	if err := after(&w, f.After, o); err != nil {
		return Page[Summary]{}, err
	}
	direction := ""
	if o.desc {
		direction = " desc"
	}
	limit := limited(f.Limit)
	items, err := sqldb.All(ctx, s.db, scanSummary, `select `+summaryColumns+` from `+from+` where `+w.String()+
		` order by `+o.column+direction+`, `+o.num+direction+w.Bind(` limit ?`, limit+1), w.Args...)
	if err != nil {
		return Page[Summary]{}, s.reading("incidents", err)
	}
	return page(items, limit, func(s Summary) string { return cursor(sqldb.Micros(o.key(s)), s.Num) }), nil
}

// byService reports whether the list is read from the index of services, which
// is ordered by the time of the incident.
func (f Filter) byService() bool {
	return f.Service != "" && !f.Mine && !f.Deleted && f.Sort == SortHappened
}

// byPerson reports whether the list is read from the index of participants, which
// is ordered in the same way.
func (f Filter) byPerson() bool { return f.Mine && !f.Deleted && f.Sort == SortHappened }

// byStanding reports whether the list is read from the index of participants by how
// the incident stands: before it is published only they see it. To go through the
// drafts of others for one's own would cost more the larger the library is.
func (f Filter) byStanding() bool {
	return f.Status != "" && f.Status != hindcast.StatusPublished && !f.Deleted && f.Sort == SortHappened && !f.byService()
}

// from returns the tables of a list. What the viewer takes part in is found from
// the participants, and a service from its index.
func (f Filter) from(w *sqldb.Where, v hindcast.Viewer) string {
	switch {
	case f.byService():
		w.And(`s.name_key = ?`, fold(f.Service))
		return `service s join incident i on i.num = s.incident`
	case f.Service != "":
		w.And(`i.num in (select s.incident from service s where s.name_key = ?)`, fold(f.Service))
	}
	if f.byStanding() {
		w.And(`p.status = ?`, string(f.Status))
	}
	if f.Mine || f.byStanding() {
		w.And(`p.person = ?`, v.PersonID)
		return `participant p join incident i on i.num = p.incident`
	}
	return `incident i`
}

// where adds the conditions of the filter. The indexes of single columns are
// ordered by the time of the incident: they serve that order only. Any other
// order keeps them from being used by an expression that changes nothing.
func (f Filter) where(w *sqldb.Where, indexed bool) {
	text := func(column, value string) {
		switch {
		case value == "":
		case indexed:
			w.And(column+` = ?`, value)
		default:
			w.And(column+` || '' = ?`, value)
		}
	}
	text(`i.kind`, string(f.Kind))
	text(`i.status`, string(f.Status))
	text(`i.category`, string(f.Category))
	switch {
	case f.Severity == 0:
	case indexed:
		w.And(`i.severity = ?`, f.Severity)
	default:
		w.And(`i.severity + 0 = ?`, f.Severity)
	}
	if !f.From.IsZero() {
		w.And(`i.happened_at >= ?`, sqldb.Micros(f.From))
	}
	if !f.To.IsZero() {
		w.And(`i.happened_at < ?`, sqldb.Micros(f.To))
	}
	if !f.DueBy.IsZero() {
		w.And(`i.required and i.published_at = 0 and i.publish_due > 0 and i.publish_due < ?`, sqldb.Micros(f.DueBy))
	}
}

// cursor writes where the next page begins: behind a key and a number.
func cursor(key, num int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(key, 36) + "." + strconv.FormatInt(num, 36)))
}

// parseCursor reads what cursor wrote.
func parseCursor(text string) (key, num int64, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		a, b, _ := strings.Cut(string(raw), ".")
		if key, err = strconv.ParseInt(a, 36, 64); err == nil {
			num, err = strconv.ParseInt(b, 36, 64)
		}
	}
	if err != nil {
		return 0, 0, hindcast.Errorf(hindcast.Invalid, "the mark of the next page is damaged; begin with the first page")
	}
	return key, num, nil
}

// after adds that rows come behind a cursor.
func after(w *sqldb.Where, text string, o order) error {
	if text == "" {
		return nil
	}
	key, num, err := parseCursor(text)
	if err != nil {
		return err
	}
	sign := ">"
	if o.desc {
		sign = "<"
	}
	w.And(`(`+o.column+`, `+o.num+`) `+sign+` (?, ?)`, key, num)
	return nil
}
