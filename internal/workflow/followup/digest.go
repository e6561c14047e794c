package followup

import (
	"context"

	"github.com/hindcast/hindcast"
)

// Digest is what a person is told once a week about actions, as far as they may see
// them.
type Digest struct {
	From, To hindcast.Date // the seven days that it tells of
	// Of the actions that name the person as owner, and of post-mortems in which the
	// person takes part; each at most DigestItems, the first due first.
	Overdue    []Row
	DueSoon    []Row // due in the week that begins
	Unverified []Row // done, and nobody showed that it works
	Revisit    []Row // decided against, to be looked at again
	Closed     []Row // carried out in the seven days
	// Of all actions.
	Figures Figures
	// Review is the last review of actions; zero when there was none.
	Review Review
}

// Empty reports whether there is nothing that the person has to do.
func (d Digest) Empty() bool {
	return len(d.Overdue)+len(d.DueSoon)+len(d.Unverified)+len(d.Revisit) == 0
}

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
		filter Filter
		keep   func(Row) bool
	}{
		{&d.Overdue, Filter{Overdue: true}, all},
		{&d.DueSoon, Filter{Open: true, dueFrom: today}, week},
		{&d.Unverified, Filter{Status: hindcast.ActionDone}, all},
		{&d.Revisit, Filter{Status: hindcast.ActionDeclined, Stale: true}, all},
		{&d.Closed, Filter{ClosedFrom: d.From, ClosedTo: d.To}, all},
	} {
		l.filter.Mine, l.filter.Limit = true, DigestItems
		page, err := s.List(ctx, v, l.filter)
		if err != nil {
			return d, err
		}
		for _, r := range page.Items {
			if l.keep(r) {
				*l.to = append(*l.to, r)
			}
		}
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
