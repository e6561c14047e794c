package followup

import (
	"context"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
)

// Digest is what a person is told once a week about actions, as far as they may see
// them.
type Digest struct {
	From, To hindcast.Date // the seven days that it tells of
	// Of the actions that name the person as owner, and of post-mortems in which the
	// person takes part; each at most DigestItems, those of the person first, and of
	// these the first due.
	Overdue    []Row
	DueSoon    []Row // due in the week that begins
	Unverified []Row // done, and nobody showed that it works
	Revisit    []Row // decided against, to be looked at again
	Closed     []Row // carried out in the seven days
	// Counts says how many there are of each, those that are not named included.
	Counts DigestCounts
	// Of all actions.
	Figures Figures
	// Review is the last review of actions; zero when there was none.
	Review Review
}

// Empty reports whether there is nothing that the person has to do.
func (d Digest) Empty() bool {
	return len(d.Overdue)+len(d.DueSoon)+len(d.Unverified)+len(d.Revisit) == 0
}

// DigestCounts says how many actions a digest is about, up to 200 of a kind.
type DigestCounts struct{ Overdue, DueSoon, Unverified, Revisit, Closed int }

// DigestItems is how many actions of a kind a digest names at most.
const DigestItems = 10

// Digest returns what the viewer is told of the seven days before today. It sends
// nothing and keeps nothing.
func (s *Service) Digest(ctx context.Context, v hindcast.Viewer) (Digest, error) {
	today := s.Today()
	d := Digest{From: today.Add(-7), To: today.Add(-1)}
	week := func(r Row) bool { return !r.Item.Due.IsZero() && r.Item.Due.Compare(today.Add(6)) <= 0 }
	all := func(Row) bool { return true }
	for _, l := range []struct {
		to     *[]Row
		count  *int
		filter Filter
		keep   func(Row) bool
	}{
		{&d.Overdue, &d.Counts.Overdue, Filter{Overdue: true}, all},
		{&d.DueSoon, &d.Counts.DueSoon, Filter{Open: true, dueFrom: today}, week},
		{&d.Unverified, &d.Counts.Unverified, Filter{Status: hindcast.ActionDone}, all},
		{&d.Revisit, &d.Counts.Revisit, Filter{Status: hindcast.ActionDeclined, Stale: true}, all},
		{&d.Closed, &d.Counts.Closed, Filter{ClosedFrom: d.From, ClosedTo: d.To}, all},
	} {
		l.filter.Mine, l.filter.Limit = true, store.MaxLimit
		page, err := s.List(ctx, v, l.filter)
		if err != nil {
			return d, err
		}
		for _, r := range page.Items {
			if l.keep(r) {
				*l.to = append(*l.to, r)
			}
		}
		own := func(r Row) int {
			if r.OwnedBy(v) {
				return 0
			}
			return 1
		}
		slices.SortStableFunc(*l.to, func(a, b Row) int { return own(a) - own(b) })
		*l.count = len(*l.to)
		*l.to = (*l.to)[:min(len(*l.to), DigestItems)]
	}
	var err error
	if d.Figures, err = s.Figures(ctx, v, Filter{}, DefaultDays); err != nil {
		return d, err
	}
	reviews, err := s.Reviews(ctx, v, 1)
	if len(reviews) > 0 {
		d.Review = reviews[0]
	}
	return d, err
}

// OwnedBy reports whether an action names the viewer as its owner, alone or behind
// a team.
func (r Row) OwnedBy(v hindcast.Viewer) bool {
	owner, name := strings.ToLower(r.Item.Owner), strings.ToLower(v.Name)
	return name != "" && (owner == name || strings.HasSuffix(owner, " - "+name))
}
