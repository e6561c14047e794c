package deliver

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Place is where tickets can be made, as everybody may know it.
type Place struct {
	ID   string `json:"id"` // of the endpoint
	Name string `json:"name"`
	Kind string `json:"kind"` // of vendor: "github"
}

// Trackers returns the places that are switched on in which tickets can be made, by
// name. Every member may know them.
func (s *Service) Trackers(ctx context.Context, v hindcast.Viewer) ([]Place, error) {
	if !v.MayRead() {
		return nil, hindcast.Errorf(hindcast.Denied, "sign in to see where tickets are made")
	}
	list, err := s.endpoints(ctx, s.DB)
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	var out []Place
	for _, e := range list {
		if vendor, err := s.vendor(e.Kind); err == nil && vendor.Plays(connector.Tracks) && e.Disabled.IsZero() {
			out = append(out, Place{e.ID, e.Name, e.Kind})
		}
	}
	return out, nil
}

// Tracker opens the place with an id. It fails with NotFound when it was removed
// and with Conflict when it is switched off.
func (s *Service) Tracker(ctx context.Context, id string) (Place, connector.Tracker, error) {
	e, err := s.endpoint(ctx, s.DB, id)
	if err != nil {
		return Place{}, nil, s.DB.Fault(err)
	}
	place := Place{e.ID, e.Name, e.Kind}
	if !e.Disabled.IsZero() {
		return place, nil, hindcast.Errorf(hindcast.Conflict, "%s is switched off: %s", e.Name, e.Why)
	}
	if s.Closed != "" {
		return place, nil, hindcast.Errorf(hindcast.Denied, "%s", s.Closed)
	}
	opened, err := s.connect(e)
	if err != nil {
		return place, nil, err
	}
	t, ok := opened.(connector.Tracker)
	if !ok {
		return place, nil, hindcast.Errorf(hindcast.Invalid, "no tickets can be made in %s", e.Name)
	}
	return place, t, nil
}

// Name returns the name of a place inside a transaction, when tickets can be made
// there. Of what is private none are made, unless the place may be told of it.
func (s *Service) Name(ctx context.Context, tx *sqldb.Tx, id string, private bool) (string, error) {
	e, err := s.endpoint(ctx, tx, id)
	if err != nil {
		return "", err
	}
	if vendor, err := s.vendor(e.Kind); err != nil || !vendor.Plays(connector.Tracks) {
		return "", hindcast.Errorf(hindcast.Invalid, "no tickets can be made in %s", e.Name)
	}
	if !e.Disabled.IsZero() {
		return "", hindcast.Errorf(hindcast.Conflict, "%s is switched off: %s", e.Name, e.Why)
	}
	if private && !e.Private {
		return "", hindcast.Errorf(hindcast.Denied, "this post-mortem is private, and %s is not told of private ones; an admin can change that in Settings, Connections", e.Name)
	}
	return e.Name, nil
}
