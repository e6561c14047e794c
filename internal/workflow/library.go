package workflow

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/store"
)

// List returns a page of the incidents that the viewer may see.
func (s *Service) List(ctx context.Context, v hindcast.Viewer, f store.Filter) (store.Page[store.Summary], error) {
	return s.store.List(ctx, v, f)
}

// Search returns a page of the incidents that match what a person typed, the
// best first.
func (s *Service) Search(ctx context.Context, v hindcast.Viewer, q store.Search) (store.Page[store.Hit], error) {
	return s.store.Search(ctx, v, q)
}

// Actions returns a page of the action items of incidents that the viewer may
// see.
func (s *Service) Actions(ctx context.Context, v hindcast.Viewer, f store.ActionFilter) (store.Page[store.ActionRow], error) {
	page, err := s.store.Actions(ctx, v, f)
	for i, r := range page.Items {
		if page.Items[i].Item, err = s.ActionFor(ctx, v, r.IncidentID, r.Item); err != nil {
			return store.Page[store.ActionRow]{}, err
		}
	}
	return page, err
}

// ActionFor returns an action item of an incident as the viewer sees it: who takes
// no part is not told who did what.
func (s *Service) ActionFor(ctx context.Context, v hindcast.Viewer, incident string, a hindcast.ActionItem) (hindcast.ActionItem, error) {
	d, err := s.whole(ctx, v, incident)
	if err != nil || d.Part() != "" {
		return a, err
	}
	seen, _ := audience.ActionItem(audience.Engineering, d.Post, a) // they see every one
	return seen, nil
}

// ActionsOutside returns the action items of an incident that the viewer may see as
// who takes no part in it sees them, whoever asks. They depend on the incident and its
// version alone.
func (s *Service) ActionsOutside(ctx context.Context, v hindcast.Viewer, incident string) ([]hindcast.ActionItem, error) {
	d, err := s.whole(ctx, v, incident)
	if err != nil {
		return nil, err
	}
	return audience.ActionItems(audience.Engineering, d.Post), nil
}

// Services returns names of services that begin with prefix.
func (s *Service) Services(ctx context.Context, v hindcast.Viewer, prefix string, limit int) ([]string, error) {
	return s.store.Services(ctx, v, prefix, limit)
}

// Backlinks returns the incidents that refer to one.
func (s *Service) Backlinks(ctx context.Context, v hindcast.Viewer, id string) ([]store.Summary, error) {
	return s.store.Backlinks(ctx, v, id, store.DefaultLimit)
}

// Resolve returns the incidents that references in prose name.
func (s *Service) Resolve(ctx context.Context, v hindcast.Viewer, refs []string) (map[string]store.Summary, error) {
	return s.store.Resolve(ctx, v, refs)
}

// Versions returns the versions of incidents, so that who looks at one learns
// that it changed.
func (s *Service) Versions(ctx context.Context, v hindcast.Viewer, ids []string) (map[string]int64, error) {
	return s.store.Versions(ctx, v, ids)
}

// Audit returns a page of the audit trail: of the library for admins, and of an
// incident for who takes part in it too. It holds reasons, such as why something
// was private, that are not for everybody.
func (s *Service) Audit(ctx context.Context, v hindcast.Viewer, f store.AuditFilter) (store.Page[store.AuditEntry], error) {
	if f.IncidentID != "" && !v.MayAdminister() {
		d, err := s.Get(ctx, v, f.IncidentID)
		if err == nil && d.Part() == "" {
			err = hindcast.Errorf(hindcast.Denied, "the audit trail of a post-mortem is for those who take part in it")
		}
		if err != nil {
			return store.Page[store.AuditEntry]{}, err
		}
		f.IncidentID = d.ID
	}
	return s.store.Audit(ctx, v, f)
}

// Home is what a person finds when they come in.
type Home struct {
	Counts    store.Counts
	Drafts    []store.Summary   // of theirs, the last changed first
	Reviews   []store.Summary   // in review, in which they take part
	Actions   []store.ActionRow // open, of incidents in which they take part, the first due first
	Published []store.Summary   // what the organization learned lately
	Now       time.Time
}

// homeItems is how many of each a home page shows.
const homeItems = 8

// Home returns the viewer's home page.
func (s *Service) Home(ctx context.Context, v hindcast.Viewer) (Home, error) {
	h := Home{Now: s.now()}
	var err error
	if h.Counts, err = s.store.Counts(ctx, v, h.Now); err != nil {
		return h, err
	}
	for _, l := range []struct {
		to     *[]store.Summary
		filter store.Filter
	}{
		{&h.Drafts, store.Filter{Mine: true, Status: hindcast.StatusDraft, Sort: store.SortUpdated}},
		{&h.Reviews, store.Filter{Mine: true, Status: hindcast.StatusInReview, Sort: store.SortUpdated}},
		{&h.Published, store.Filter{Sort: store.SortPublished}},
	} {
		l.filter.Limit = homeItems
		page, err := s.store.List(ctx, v, l.filter)
		if err != nil {
			return h, err
		}
		*l.to = page.Items
	}
	actions, err := s.store.Actions(ctx, v, store.ActionFilter{Open: true, Mine: true, Limit: homeItems})
	h.Actions = actions.Items
	return h, err
}
