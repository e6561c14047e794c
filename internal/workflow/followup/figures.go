package followup

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/progress"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// DefaultDays is the window of the figures that the method asks to report.
const DefaultDays = 90

// Figures are figures of the actions that the viewer may see, and what of them came
// back after it was verified.
type Figures struct {
	progress.Figures
	Window progress.Window
	Lapses []Lapse
}

// Lapse is a verified action with the incident after which it did not hold.
type Lapse struct {
	recur.Lapse
	Action string // its description
}

// followed is an action as the figures read it.
type followed struct {
	progress.Action
	said string // its description, where it is verified
}

// Figures counts the actions agreed in the last days, all with 0 days, of those that
// the viewer may see and the filter lets through. Only its team, owner, priority,
// service, effect, severity and Mine count.
func (s *Service) Figures(ctx context.Context, v hindcast.Viewer, f Filter, days int) (Figures, error) {
	out := Figures{Window: progress.Window{Today: s.Today(), Days: max(days, 0)}}
	list, err := s.followed(ctx, v, f, out.Window)
	if err != nil {
		return out, err
	}
	lapses, err := s.lapses(ctx, v, out.Window)
	if err != nil {
		return out, err
	}
	type key struct {
		num int64
		id  string
	}
	at := map[key]recur.Lapse{}
	for _, l := range lapses {
		at[key{l.Num, l.ID}] = l
	}
	all := make([]progress.Action, len(list))
	for i, a := range list {
		if l, ok := at[key{a.Incident, a.ID}]; ok && a.Status == hindcast.ActionVerified && out.Window.Holds(a.Opened) {
			a.CameBack = true
			seen, err := s.Workflow.ActionFor(ctx, v, strconv.FormatInt(l.Num, 10), hindcast.ActionItem{ID: l.ID})
			if err != nil {
				return out, err
			}
			out.Lapses = append(out.Lapses, Lapse{l, cmp.Or(seen.Description, a.said)})
		}
		all[i] = a.Action
	}
	out.Figures = progress.Count(all, out.Window)
	return out, nil
}

// followed reads what is counted.
func (s *Service) followed(ctx context.Context, v hindcast.Viewer, f Filter, window progress.Window) ([]followed, error) {
	f = Filter{Mine: f.Mine, Owner: f.Owner, Team: f.Team, Priority: f.Priority, None: f.None, Service: f.Service, Effect: f.Effect, Severity: f.Severity}
	var w sqldb.Where
	if err := f.where(&w, v, window.Today); err != nil {
		return nil, err
	}
	if window.Days > 0 {
		first := min(days(window.From()), days(progress.Monday(window.Today))-7*12)
		w.And(`(x.opened >= ? or x.closed >= ? or x.open and x.due < ?)`, first, first, days(window.Today))
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (a followed, err error) {
		var owner, body string
		var opened, closed, due int64
		if err = scan(&a.Incident, &a.ID, &owner, &a.Priority, &a.Status, &opened, &closed, &due, &body); err != nil {
			return a, err
		}
		a.Team, a.Opened, a.Closed = hindcast.ActionItem{Owner: owner}.Team(), date(opened), date(closed)
		if due != noDue {
			a.Due = date(due)
		}
		// Quotes within texts are escaped, so that this is no part of one.
		a.Assumed = !strings.Contains(body, `"opened":"`)
		if a.Status == hindcast.ActionVerified {
			a.said = described(body)
		}
		return a, nil
	}, `select x.incident, x.id, x.owner, x.priority, x.status, x.opened, x.closed, x.due, x.body from action x join incident i on i.num = x.incident where `+w.String(), w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("count actions: %w", err))
	}
	return list, nil
}

// lapses returns the verified actions of the window that did not hold.
func (s *Service) lapses(ctx context.Context, v hindcast.Viewer, window progress.Window) ([]recur.Lapse, error) {
	var w sqldb.Where
	w.And(`exists (select 1 from action x where x.incident = i.num and x.status = 'verified' and x.opened >= ?)`, days(window.From()))
	past, err := s.incidents(ctx, v, &w)
	if err != nil || len(past) == 0 {
		return nil, err
	}
	w = sqldb.Where{}
	w.And(`f.sign in (select g.sign from factor g join action x on x.incident = g.incident where x.status = 'verified' and x.opened >= ?)`, days(window.From()))
	later, err := s.incidents(ctx, v, &w)
	if err != nil {
		return nil, err
	}
	with, err := s.withActions(ctx, past, `x.status = 'verified'`)
	return recur.Lapses(with, later), err
}

// maxIncidents is how many incidents are compared at most, the latest first.
const maxIncidents = 2000

// incidents reads what is compared of incidents that the viewer may see, the latest
// first.
func (s *Service) incidents(ctx context.Context, v hindcast.Viewer, w *sqldb.Where) ([]recur.Incident, error) {
	w.And(`i.deleted_at = 0`)
	store.Seen(w, v)
	type row struct {
		recur.Incident
		factor recur.Factor
	}
	rows, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (r row, err error) {
		var services []byte
		var started, detected int64
		if err = scan(&r.Num, &r.Title, &started, &detected, &r.Category, &services, &r.factor.ID, &r.factor.Sign, &r.factor.Said); err != nil {
			return r, err
		}
		if r.Began = sqldb.Time(started); started == 0 {
			r.Began = sqldb.Time(detected)
		}
		return r, json.Unmarshal(services, &r.Services)
	}, `select i.num, i.title, i.started_at, i.detected_at, i.category, i.services, f.id, f.sign, f.said
		from factor f join incident i on i.num = f.incident where `+w.String()+` order by i.happened_at desc, i.num desc, f.id`+w.Bind(` limit ?`, maxIncidents), w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read incidents to compare: %w", err))
	}
	var out []recur.Incident
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Num != r.Num {
			out = append(out, r.Incident)
		}
		last := &out[len(out)-1]
		last.Factors = append(last.Factors, r.factor)
	}
	return out, nil
}

// withActions adds their actions to incidents.
func (s *Service) withActions(ctx context.Context, list []recur.Incident, condition string) ([]recur.Past, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var w sqldb.Where
	w.And(condition)
	nums := make([]any, len(list))
	for i, inc := range list {
		nums[i] = inc.Num
	}
	w.And(`x.incident in (`+marks(len(nums))+`)`, nums...)
	type row struct {
		num  int64
		item hindcast.ActionItem
	}
	rows, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (r row, err error) {
		var body []byte
		if err = scan(&r.num, &body); err != nil {
			return r, err
		}
		return r, json.Unmarshal(body, &r.item)
	}, `select x.incident, x.body from action x where `+w.String()+` order by x.incident, x.position`, w.Args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read actions to compare: %w", err))
	}
	of := map[int64][]hindcast.ActionItem{}
	for _, r := range rows {
		of[r.num] = append(of[r.num], r.item)
	}
	out := make([]recur.Past, len(list))
	for i, inc := range list {
		out[i] = recur.Past{Incident: inc, Actions: of[inc.Num]}
	}
	return out, nil
}

// marks returns n question marks for a list of arguments.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
