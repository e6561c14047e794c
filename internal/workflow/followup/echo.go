package followup

import (
	"context"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// maxAlike is how many incidents a post-mortem is compared with, the latest first.
const maxAlike = 200

// Echoes returns the actions that earlier incidents like d led to and the viewer may
// see, those that say most first. It is found anew whenever it is asked for, so that
// it holds for the factors, the services and the actions of now.
func (s *Service) Echoes(ctx context.Context, v hindcast.Viewer, d *workflow.Document) ([]recur.Echo, error) {
	now := recur.Of(d.Num, &d.Post)
	past, err := s.alike(ctx, v, now, `i.happened_at <= ?`, sqldb.Micros(d.Post.Incident.StartedAt))
	if err != nil {
		return nil, err
	}
	with, err := s.withActions(ctx, past, `true`)
	if err != nil {
		return nil, err
	}
	out := recur.Echoes(now, with, s.Today())
	for i, e := range out {
		if out[i].Action, err = s.Workflow.ActionFor(ctx, v, strconv.FormatInt(e.Num, 10), e.Action); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Since returns the later incidents, which the viewer may see, that were like the one
// of an action and that it should have answered, the latest first. Num, Title and Began
// of each are those of the later incident.
func (s *Service) Since(ctx context.Context, v hindcast.Viewer, d *workflow.Document, id string) ([]recur.Echo, error) {
	var action []hindcast.ActionItem
	for _, a := range d.Post.Actions {
		if a.ID == id {
			action = append(action, a)
		}
	}
	if len(action) == 0 {
		return nil, missing(d.Num, id)
	}
	here := recur.Past{Incident: recur.Of(d.Num, &d.Post), Actions: action}
	later, err := s.alike(ctx, v, here.Incident, `i.happened_at > ?`, sqldb.Micros(here.Began))
	if err != nil {
		return nil, err
	}
	var out []recur.Echo
	for _, inc := range later {
		for _, e := range recur.Echoes(inc, []recur.Past{here}, s.Today()) {
			e.Num, e.Title, e.Began = inc.Num, inc.Title, inc.Began
			out = append(out, e)
		}
	}
	return out, nil
}

// alike returns incidents that may be like one: they share the sign of a factor, and
// the service or the primary category.
func (s *Service) alike(ctx context.Context, v hindcast.Viewer, inc recur.Incident, when string, at int64) ([]recur.Incident, error) {
	if len(inc.Factors) == 0 || len(inc.Services) == 0 && inc.Category == "" {
		return nil, nil
	}
	var signs, services []any
	for _, f := range inc.Factors {
		signs = append(signs, f.Sign)
	}
	for _, name := range inc.Services {
		services = append(services, strings.ToLower(name))
	}
	var w sqldb.Where
	w.And(`f.sign in (`+marks(len(signs))+`)`, signs...)
	w.And(`i.num <> ?`, inc.Num)
	if at != 0 {
		w.And(when, at)
	}
	if inc.Category != "" { // the other one is the same, or not said
		w.And(`f.category in (?, '')`, string(inc.Category))
	}
	if len(services) > 0 {
		w.And(`(f.category = ? and f.category <> '' or i.num in (select s.incident from service s where s.name_key in (`+marks(len(services))+`)))`,
			append([]any{string(inc.Category)}, services...)...)
	}
	list, err := s.incidents(ctx, v, &w)
	return list[:min(len(list), maxAlike)], err
}
