// Package followup lets action items get done: lists of them across post-mortems,
// changes of one or of many, the weekly review, the figures, and what earlier
// incidents led to when one like them happens again.
//
// Actions belong to their post-mortems: who may read one may see its actions, and who
// takes part in it may change them, through package workflow. The tables of this
// package hold what is about actions and not part of the document: who looked at what
// in which review, and the filters that people keep.
package followup

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/shelf"
)

// Config says what a [Service] works with. Workflow and DB must be set.
type Config struct {
	Workflow *workflow.Service
	DB       *sqldb.DB        // of the workflow's store
	Now      func() time.Time // time.Now when nil
}

// Service follows up on actions. It may be used by several goroutines at once.
type Service struct {
	Config
	outside *shelf.Shelf[[]hindcast.ActionItem] // of a version of a post-mortem, as who takes no part sees them
	mu      sync.Mutex
	choices map[string]keptChoices // by person
}

// keptOutside is of how many post-mortems the actions are kept as they are seen from
// outside: a few pages of a list, some 2 MB.
const keptOutside = 512

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, outside: shelf.New[[]hindcast.ActionItem](keptOutside)}
}

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Today returns the day of now, in UTC.
func (s *Service) Today() hindcast.Date { return hindcast.DateOf(s.now()) }

// Row is an action with what is known of the post-mortem that it belongs to.
type Row struct {
	IncidentID string
	Num        int64
	Title      string
	Status     hindcast.Status
	Severity   int
	Services   []string
	Item       hindcast.ActionItem
	Agreed     hindcast.Date // from which it counts; Item.Opened where somebody said that
	Base       part.Tag      // for changes made from what was read
	MayFollow  bool          // the viewer may change it
	Looked     Looked        // when it was last looked at in a review

	due     int64
	version int64       // of the post-mortem
	part    access.Part // that the viewer takes in it
}

// Looked says who looked at an action last. The zero Looked means that nobody did.
type Looked struct {
	At       time.Time
	PersonID string
	Outcome  Outcome
	Note     string
}

// noDue is the day of actions without one, in the table.
const noDue = 2932896

// columns are what a Row is read from; $person is the viewer's id.
const columns = `i.id, i.num, i.title, i.status, i.severity, i.version, i.services, x.body, x.due, x.opened,
	coalesce((select p.role from participant p where p.incident = i.num and p.person = ?), ''),
	coalesce((select max(l.at) from action_look l where l.incident = x.incident and l.action = x.id), 0)`

func scanRow(v hindcast.Viewer) func(scan func(...any) error) (Row, error) {
	return func(scan func(...any) error) (r Row, err error) {
		var services, body []byte
		var opened, looked int64
		var role string
		if err = scan(&r.IncidentID, &r.Num, &r.Title, &r.Status, &r.Severity, &r.version, &services, &body, &r.due, &opened, &role, &looked); err != nil {
			return r, err
		}
		if err = json.Unmarshal(body, &r.Item); err == nil {
			err = json.Unmarshal(services, &r.Services)
		}
		if err != nil {
			return r, fmt.Errorf("read an action of #%d: %w", r.Num, err)
		}
		r.Agreed, r.Base, r.Looked.At = date(opened), part.TagOf(workflow.JSON(r.Item)), sqldb.Time(looked)
		r.part = access.Part(role)
		r.MayFollow = access.May(v, access.Follow, access.Facts{Status: r.Status, Part: access.Part(role)}) == nil
		return r, nil
	}
}

// date returns the day that is a number of days after 1970; the zero Date for 0.
func date(days int64) hindcast.Date {
	if days == 0 {
		return hindcast.Date{}
	}
	return hindcast.DateOf(time.Unix(days*86400, 0))
}

// days returns the number of days from 1970 to a day; 0 for the zero Date.
func days(d hindcast.Date) int64 {
	if d.IsZero() {
		return 0
	}
	return d.Time().Unix() / 86400
}

// List returns a page of actions that the viewer may see and the filter lets through,
// the first due first and those without a day last.
func (s *Service) List(ctx context.Context, v hindcast.Viewer, f Filter) (workflow.Page[Row], error) {
	var w sqldb.Where
	if err := f.where(&w, v, s.Today()); err != nil {
		return workflow.Page[Row]{}, err
	}
	limit := f.Limit
	if limit <= 0 || limit > store.MaxLimit {
		limit = store.DefaultLimit
	}
	if f.Latest {
		rows, err := s.readBy(ctx, v, &w, `x.since desc, x.incident desc, x.id`, limit)
		if err == nil {
			rows, err = s.shown(ctx, v, rows)
		}
		return workflow.Page[Row]{Items: rows}, err
	}
	rows, err := s.read(ctx, v, &w, limit+1)
	if err != nil {
		return workflow.Page[Row]{}, err
	}
	next := ""
	if len(rows) > limit {
		last := rows[limit-1]
		rows, next = rows[:limit], cursor(last.due, last.Num, last.Item.ID)
	}
	rows, err = s.shown(ctx, v, rows)
	return workflow.Page[Row]{Items: rows, Next: next}, err
}

// read returns the actions that conditions let through, the first due first.
func (s *Service) read(ctx context.Context, v hindcast.Viewer, w *sqldb.Where, limit int) ([]Row, error) {
	return s.readBy(ctx, v, w, `x.due, x.incident, x.id`, limit)
}

func (s *Service) readBy(ctx context.Context, v hindcast.Viewer, w *sqldb.Where, order string, limit int) ([]Row, error) {
	text := `select ` + w.Bind(columns, v.PersonID) + ` from action x join incident i on i.num = x.incident where ` + w.String() +
		` order by ` + order + w.Bind(` limit ?`, limit)
	rows, err := sqldb.All(ctx, s.DB, scanRow(v), text, w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read actions: %w", err))
	}
	return rows, nil
}

// shown gives who takes no part in a post-mortem its actions as they see them: they
// are not told who did what. The rows are of post-mortems that the viewer may see.
func (s *Service) shown(ctx context.Context, v hindcast.Viewer, rows []Row) ([]Row, error) {
	for i, r := range rows {
		if r.part != "" {
			continue
		}
		seen, err := s.outside.Try(fmt.Sprintf("%s %d", r.IncidentID, r.version), func() ([]hindcast.ActionItem, error) {
			return s.Workflow.ActionsOutside(ctx, v, r.IncidentID)
		})
		if err != nil {
			return nil, err
		}
		rows[i].Item = hindcast.ActionItem{ID: r.Item.ID, Status: r.Item.Status, Due: r.Item.Due} // while it is being written
		if k := slices.IndexFunc(seen, func(a hindcast.ActionItem) bool { return a.ID == r.Item.ID }); k >= 0 {
			rows[i].Item = seen[k]
		}
	}
	return rows, nil
}

func cursor(due, num int64, id string) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%s", due, num, id))
}

func parseCursor(text string) (due, num int64, id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.SplitN(string(raw), ".", 3)
	if err == nil && len(parts) == 3 {
		if due, err = strconv.ParseInt(parts[0], 10, 64); err == nil {
			num, err = strconv.ParseInt(parts[1], 10, 64)
		}
		id = parts[2]
	}
	if err != nil || len(parts) != 3 {
		err = hindcast.Errorf(hindcast.Invalid, "the mark of the next page is damaged; begin with the first page")
	}
	return due, num, id, err
}

// Get returns one action by the number of its post-mortem, or its id, and its own id.
func (s *Service) Get(ctx context.Context, v hindcast.Viewer, ref, id string) (Row, error) {
	d, err := s.Workflow.Get(ctx, v, ref)
	if err != nil {
		return Row{}, err
	}
	var w sqldb.Where
	w.And(`x.incident = ? and x.id = ?`, d.Num, id)
	store.Seen(&w, v)
	rows, err := s.read(ctx, v, &w, 1)
	if err == nil && len(rows) == 0 {
		err = missing(d.Num, id)
	}
	if err == nil {
		rows, err = s.shown(ctx, v, rows)
	}
	if err != nil {
		return Row{}, err
	}
	looks, err := s.looks(ctx, `l.incident = $1 and l.action = $2`, 1, d.Num, id)
	if err == nil && len(looks) > 0 {
		l := looks[0]
		rows[0].Looked = Looked{l.At, l.PersonID, l.Outcome, l.Note}
	}
	return rows[0], err
}

func missing(num int64, id string) error {
	return hindcast.Errorf(hindcast.NotFound, "post-mortem #%d has no action %q any more; look at its history", num, id)
}

// Count is how many actions there are of a kind.
type Count struct {
	Name string
	N    int
}

// MaxCount is where [Service.Counts] stops to count: "500 and more".
const MaxCount = 500

// Counts returns how many of the actions that a filter lets through are in each
// status, each at most MaxCount, whatever status it asks for.
func (s *Service) Counts(ctx context.Context, v hindcast.Viewer, f Filter) (map[hindcast.ActionStatus]int, error) {
	f.After, f.Open, f.Closed, f.Carried = "", false, false, false
	out := map[hindcast.ActionStatus]int{}
	for _, f.Status = range []hindcast.ActionStatus{hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined} {
		var w sqldb.Where
		if err := f.where(&w, v, s.Today()); err != nil {
			return nil, err
		}
		n, _, err := sqldb.Value[int](ctx, s.DB, `select count(*) from (select 1 from action x join incident i on i.num = x.incident where `+w.String()+w.Bind(` limit ?`, MaxCount)+`) counted`, w.Args...)
		if err != nil {
			return nil, s.DB.Fault(fmt.Errorf("count actions: %w", err))
		}
		out[f.Status] = n
	}
	return out, nil
}

// Choices are what lists of actions can be filtered by: teams and services by name,
// owners the commonest first.
type Choices struct {
	Teams, Owners []string
	Services      []string
}

// choicesFor is how long choices are kept at most, and maxChoices for how many people.
// Choices hold at most maxTeams, and owners in so many incidents as maxOwned.
const (
	choicesFor = time.Minute
	maxChoices = 512
	maxTeams   = 100
	maxOwned   = 200
)

type keptChoices struct {
	at    time.Time
	state [2]int64 // of the library
	what  Choices
}

// Choices returns what the viewer may filter by.
func (s *Service) Choices(ctx context.Context, v hindcast.Viewer) (Choices, error) {
	var state [2]int64 // changes with every document, and with who may see it
	err := s.DB.QueryRow(ctx, `select coalesce((select max(i.updated_at) from incident i where i.deleted_at = 0), 0),
		coalesce((select max(i.deleted_at) from incident i where i.deleted_at > 0), 0)`).Scan(&state[0], &state[1])
	if err != nil {
		return Choices{}, s.DB.Fault(fmt.Errorf("read when the library changed: %w", err))
	}
	now := s.now()
	s.mu.Lock()
	kept, ok := s.choices[v.PersonID]
	s.mu.Unlock()
	if ok && kept.state == state && now.Sub(kept.at) < choicesFor {
		return kept.what, nil
	}
	what, err := s.readChoices(ctx, v)
	if err != nil {
		return what, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.choices == nil || len(s.choices) >= maxChoices {
		s.choices = map[string]keptChoices{}
	}
	s.choices[v.PersonID] = keptChoices{now, state, what}
	return what, nil
}

// readChoices steps from team to team in the index of actions, however many each
// has, and looks for owners in what the viewer took part in last.
func (s *Service) readChoices(ctx context.Context, v hindcast.Viewer) (out Choices, err error) {
	var w sqldb.Where
	w.And(`x.team_key = teams.key and i.deleted_at = 0`)
	store.Seen(&w, v)
	out.Teams, err = sqldb.All(ctx, s.DB, func(scan func(...any) error) (name string, err error) {
		err = scan(&name)
		return name, err
	}, `with recursive teams (key) as (
			select (select min(x.team_key) from action x where x.team_key > '')
			union all
			select (select min(x.team_key) from action x where x.team_key > teams.key) from teams where teams.key is not null
		)
		select teams.key from teams where teams.key is not null
			and exists (select 1 from action x join incident i on i.num = x.incident where `+w.String()+`)`+w.Bind(` limit ?`, maxTeams), w.Args...)
	if err != nil {
		return out, s.DB.Fault(fmt.Errorf("read the teams that actions are of: %w", err))
	}
	slices.Sort(out.Teams)
	w = sqldb.Where{}
	w.And(`x.owner <> ''`) // who takes no part is not told names
	w.And(`i.num in (select p.incident from participant p where p.person = ? order by p.happened_at desc, p.incident desc limit ?)`, v.PersonID, maxOwned)
	w.And(`i.deleted_at = 0`)
	store.Seen(&w, v)
	owners, err := s.count(ctx, `x.owner`, &w, 50)
	if err != nil {
		return out, err
	}
	for _, x := range owners {
		out.Owners = append(out.Owners, x.Name)
	}
	out.Services, err = s.Workflow.Services(ctx, v, "", 100)
	return out, err
}

func (s *Service) count(ctx context.Context, name string, w *sqldb.Where, limit int) ([]Count, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (c Count, err error) {
		err = scan(&c.Name, &c.N)
		return c, err
	}, `select `+name+`, count(*) from action x join incident i on i.num = x.incident where `+w.String()+` group by 1 order by 2 desc, 1`+w.Bind(` limit ?`, limit), w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("count actions: %w", err))
	}
	return list, nil
}
