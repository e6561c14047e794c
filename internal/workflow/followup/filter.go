package followup

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Filter says which actions a list holds: those that meet all that is set.
type Filter struct {
	Status   hindcast.ActionStatus
	Open     bool   // to be done
	Closed   bool   // done, verified or decided against
	Carried  bool   // done or verified
	Overdue  bool   // to be done, and past their day
	Stale    bool   // what a review goes through: see [Service.Queue]
	Mine     bool   // that name the viewer as owner, or of post-mortems in which the viewer takes part
	Owner    string // in any case
	Team     string // in any case; "-" for those without
	Priority hindcast.Priority
	None     bool // without a priority
	Service  string
	Effect   hindcast.Effect
	Severity int
	// Agreed and closed on these days or between them; Closed ones are those that were
	// carried out, unless Status says otherwise.
	OpenedFrom, OpenedTo, ClosedFrom, ClosedTo hindcast.Date
	DueBy                                      hindcast.Date // due before this day
	Took                                       *int          // days from when it was agreed until it was closed
	Latest                                     bool          // those that changed their state last come first, on one page
	After                                      string        // Next of the page before
	Limit                                      int           // at most 200; 0 is 25

	dueFrom hindcast.Date // due on this day or later
}

// fields are the names in addresses by which lists are filtered.
var fields = []string{"state", "mine", "owner", "team", "priority", "service", "effect", "severity", "opened_from", "opened_to", "closed_from", "closed_to", "took"}

// The states in addresses that are not those of actions.
const (
	stateAll     = "all"
	stateOpen    = "open-all" // open and in progress
	stateOverdue = "overdue"
	stateStale   = "stale"
	stateClosed  = "closed"
	stateCarried = "carried-out"
)

// FilterOf reads what the address of a list asks for; without a state that is what is
// to be done. What cannot be understood is left out.
func FilterOf(q url.Values) Filter {
	f := Filter{Mine: q.Get("mine") != "", Owner: q.Get("owner"), Team: q.Get("team"), Service: q.Get("service"), Effect: hindcast.Effect(q.Get("effect")), After: q.Get("after")}
	switch state := q.Get("state"); state {
	case stateAll:
	case stateOverdue:
		f.Overdue = true
	case stateStale:
		f.Stale = true
	case stateClosed:
		f.Closed = true
	case stateCarried:
		f.Carried = true
	case "", stateOpen:
		f.Open = true
	default:
		f.Status = hindcast.ActionStatus(state)
	}
	if p := q.Get("priority"); p == "-" {
		f.None = true
	} else {
		f.Priority = hindcast.Priority(p)
	}
	if n, err := strconv.Atoi(q.Get("severity")); err == nil {
		f.Severity = n
	}
	if n, err := strconv.Atoi(q.Get("took")); err == nil {
		f.Took = &n
	}
	for name, day := range map[string]*hindcast.Date{"opened_from": &f.OpenedFrom, "opened_to": &f.OpenedTo, "closed_from": &f.ClosedFrom, "closed_to": &f.ClosedTo} {
		if d, err := hindcast.ParseDate(q.Get(name)); err == nil {
			*day = d
		}
	}
	return f
}

// where adds the conditions of the filter, and that the viewer may see what it finds.
func (f Filter) where(w *sqldb.Where, v hindcast.Viewer, today hindcast.Date) error {
	f.state(w, today)
	if f.Mine {
		w.And(`(x.owner_key = ? or x.owner_key like ? escape '\' or x.incident in (select p.incident from participant p where p.person = ?))`,
			strings.ToLower(v.Name), "% - "+escape.Replace(strings.ToLower(v.Name)), v.PersonID)
	}
	text := func(column, value string) {
		if value != "" {
			w.And(column+` = ?`, value)
		}
	}
	text(`x.status`, string(f.Status))
	text(`x.owner_key`, strings.ToLower(f.Owner))
	text(`x.team_key`, strings.ToLower(strings.TrimPrefix(f.Team, "-")))
	text(`x.priority || ''`, string(f.Priority)) // no index: it must not look like one
	if f.Team == "-" {
		w.And(`x.team_key = ''`)
	}
	if f.None {
		w.And(`x.priority = ''`)
	}
	if f.Service != "" {
		w.And(`x.incident in (select s.incident from service s where s.name_key = ?)`, strings.ToLower(f.Service))
	}
	if f.Effect != "" {
		w.And(`x.effects like ? escape '\'`, "% "+escape.Replace(string(f.Effect))+" %")
	}
	if f.Severity != 0 {
		w.And(`i.severity = ?`, f.Severity)
	}
	f.time(w)
	if f.After != "" {
		due, num, id, err := parseCursor(f.After)
		if err != nil {
			return err
		}
		w.And(`(x.due, x.incident, x.id) > (?, ?, ?)`, due, num, id)
	}
	w.And(`i.deleted_at = 0`)
	store.Seen(w, v)
	return nil
}

// escape keeps what people type from being a pattern.
var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (f Filter) state(w *sqldb.Where, today hindcast.Date) {
	if f.Open || f.Overdue {
		w.And(`x.open`)
	}
	if f.Closed {
		w.And(`not x.open`)
	}
	if f.Carried {
		w.And(`x.status in ('done', 'verified')`)
	}
	if f.Overdue {
		w.And(`x.due < ?`, days(today))
	}
	if f.Stale {
		stale(w, today)
	}
}

func (f Filter) time(w *sqldb.Where) {
	if !f.dueFrom.IsZero() {
		w.And(`x.due >= ?`, days(f.dueFrom))
	}
	if !f.OpenedFrom.IsZero() {
		w.And(`x.opened >= ?`, days(f.OpenedFrom))
	}
	if !f.OpenedTo.IsZero() {
		w.And(`x.opened <= ?`, days(f.OpenedTo))
	}
	if !f.DueBy.IsZero() {
		w.And(`x.due < ?`, days(f.DueBy))
	}
	if f.Took != nil {
		w.And(`x.closed > 0 and x.closed - x.opened = ?`, *f.Took)
	}
	if f.ClosedFrom.IsZero() && f.ClosedTo.IsZero() {
		return
	}
	w.And(`x.closed > 0 and x.closed >= ?`, days(f.ClosedFrom))
	if !f.ClosedTo.IsZero() {
		w.And(`x.closed <= ?`, days(f.ClosedTo))
	}
	if f.Status == "" && !f.Closed {
		w.And(`x.status in ('done', 'verified')`)
	}
}

// Query returns the address that asks for what q does, without what no list filters
// by; empty when nothing is left.
func Query(q url.Values) string {
	kept := url.Values{}
	for _, name := range fields {
		if value := strings.TrimSpace(q.Get(name)); value != "" {
			kept.Set(name, value)
		}
	}
	return kept.Encode()
}
