package deliver

import (
	"context"
	"errors"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Place is a connection that people choose, as everybody may know it.
type Place struct {
	ID   string `json:"id"` // of the endpoint
	Name string `json:"name"`
	Kind string `json:"kind"` // of vendor: "github"
	// Approve says that an admin approves each ticket first.
	Approve bool `json:"approve,omitempty"`
}

// Trackers returns the places that are switched on in which tickets can be made, by
// name. Every member may know them.
func (s *Service) Trackers(ctx context.Context, v hindcast.Viewer) ([]Place, error) {
	return s.Places(ctx, v, connector.Tracks)
}

// Places returns the connections that are switched on and play a role, by name.
// Every member may know them.
func (s *Service) Places(ctx context.Context, v hindcast.Viewer, role connector.Role) ([]Place, error) {
	return s.places(ctx, v, func(_ Endpoint, vendor connector.Vendor) bool { return vendor.Plays(role) })
}

// places returns the connections that are switched on and wanted.
func (s *Service) places(ctx context.Context, v hindcast.Viewer, wanted func(Endpoint, connector.Vendor) bool) ([]Place, error) {
	if !v.MayRead() {
		return nil, hindcast.Errorf(hindcast.Denied, "sign in to see what is connected")
	}
	list, err := s.endpoints(ctx, s.DB)
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	var out []Place
	for _, e := range list {
		if vendor, err := s.vendor(e.Kind); err == nil && wanted(e, vendor) && e.Disabled.IsZero() {
			out = append(out, Place{e.ID, e.Name, e.Kind, e.Approve})
		}
	}
	return out, nil
}

// Publisher opens the place with an id in which pages are published. It fails as
// [Service.Tracker] does.
func (s *Service) Publisher(ctx context.Context, id string) (connector.Publisher, error) {
	e, opened, err := s.use(ctx, id)
	if err != nil {
		return nil, err
	}
	p, ok := opened.(connector.Publisher)
	if !ok {
		return nil, hindcast.Errorf(hindcast.Invalid, "no pages can be published in %s", e.Name)
	}
	return p, nil
}

// Importer opens the place with an id from which pages are taken over. It fails as
// [Service.Tracker] does.
func (s *Service) Importer(ctx context.Context, id string) (connector.Importer, error) {
	e, opened, err := s.use(ctx, id)
	if err != nil {
		return nil, err
	}
	p, ok := opened.(connector.Importer)
	if !ok {
		return nil, hindcast.Errorf(hindcast.Invalid, "no pages can be read in %s", e.Name)
	}
	return p, nil
}

// Wanting returns the connections that play a role and want to know of an event.
func (s *Service) Wanting(ctx context.Context, tx *sqldb.Tx, r connector.Role, e workflow.Event) ([]Endpoint, error) {
	list, err := s.endpoints(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Endpoint
	for _, end := range list {
		if vendor, err := s.vendor(end.Kind); err == nil && vendor.Plays(r) && wants(end, e) {
			out = append(out, end)
		}
	}
	return out, nil
}

// Tracker opens the place with an id. It fails with NotFound when it was removed
// and with Conflict when it is switched off.
func (s *Service) Tracker(ctx context.Context, id string) (Place, connector.Tracker, error) {
	e, opened, err := s.use(ctx, id)
	place := Place{e.ID, e.Name, e.Kind, e.Approve}
	if err != nil {
		return place, nil, err
	}
	t, ok := opened.(connector.Tracker)
	if !ok {
		return place, nil, hindcast.Errorf(hindcast.Invalid, "no tickets can be made in %s", e.Name)
	}
	return place, t, nil
}

// Known returns an endpoint for work that nobody asked for just now.
func (s *Service) Known(ctx context.Context, id string) (Endpoint, error) {
	e, err := s.endpoint(ctx, s.DB, id)
	return e, s.DB.Fault(err)
}

// Receiver opens the endpoint with an id that tells us what happens there.
func (s *Service) Receiver(ctx context.Context, id string) (Endpoint, connector.Receiver, error) {
	e, opened, err := s.use(ctx, id)
	if err != nil {
		return e, nil, err
	}
	r, ok := opened.(connector.Receiver)
	if !ok {
		return e, nil, hindcast.Errorf(hindcast.NotFound, "there is no endpoint %s that receives", id)
	}
	return e, r, nil
}

// Talker opens the endpoint with an id in whose channels people talk.
func (s *Service) Talker(ctx context.Context, id string) (Endpoint, connector.Talker, error) {
	e, opened, err := s.use(ctx, id)
	if err != nil {
		return e, nil, err
	}
	t, ok := opened.(connector.Talker)
	if !ok {
		return e, nil, hindcast.Errorf(hindcast.Invalid, "nobody talks in %s", e.Name)
	}
	return e, t, nil
}

// Talkers returns the places that are switched on in whose channels people talk, by
// name. Every member may know them.
func (s *Service) Talkers(ctx context.Context, v hindcast.Viewer) ([]Place, error) {
	return s.Places(ctx, v, connector.Talks)
}

// Source is a system from which evidence is fetched.
type Source struct {
	Endpoint
	connector.Source
	ByRef bool // knows only incidents of its own
}

// Sources opens all systems from which evidence can be fetched. Those that cannot
// be opened are left out, and faults says why.
func (s *Service) Sources(ctx context.Context) (out []Source, faults []error, err error) {
	list, err := s.endpoints(ctx, s.DB)
	if err != nil {
		return nil, nil, s.DB.Fault(err)
	}
	for _, e := range list {
		vendor, err := s.vendor(e.Kind)
		if err != nil || !vendor.Plays(connector.Fetches) || !e.Disabled.IsZero() {
			continue
		}
		_, opened, err := s.use(ctx, e.ID)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", e.Name, err))
			continue
		}
		if src, ok := opened.(connector.Source); ok {
			out = append(out, Source{e, src, vendor.ByRef})
		}
	}
	return out, faults, nil
}

// Askable returns the connections that are switched on and answer queries of people's
// own, by name. Every member may know them.
func (s *Service) Askable(ctx context.Context, v hindcast.Viewer) ([]Place, error) {
	return s.places(ctx, v, func(e Endpoint, vendor connector.Vendor) bool { return vendor.Asks && e.Asked })
}

// Asker opens the endpoint with an id for queries of people's own. It is Denied when
// its admin does not allow any.
func (s *Service) Asker(ctx context.Context, id string) (Source, error) {
	e, opened, err := s.use(ctx, id)
	if err != nil {
		return Source{}, err
	}
	vendor, err := s.vendor(e.Kind)
	if err != nil {
		return Source{}, err
	}
	src, ok := opened.(connector.Source)
	if !ok || !vendor.Asks {
		return Source{}, hindcast.Errorf(hindcast.Invalid, "%s answers no queries; choose another connection", e.Name)
	}
	if !e.Asked {
		return Source{}, hindcast.Errorf(hindcast.Denied, "no queries of one's own may be asked of %s; an admin can change that in Settings, Connections", e.Name)
	}
	return Source{e, src, vendor.ByRef}, nil
}

// use opens the endpoint with an id, unless it is switched off.
func (s *Service) use(ctx context.Context, id string) (Endpoint, any, error) {
	e, err := s.endpoint(ctx, s.DB, id)
	if err != nil {
		return e, nil, s.DB.Fault(err)
	}
	if !e.Disabled.IsZero() {
		return e, nil, hindcast.Errorf(hindcast.Conflict, "%s is switched off: %s", e.Name, e.Why)
	}
	if s.Closed != "" {
		return e, nil, hindcast.Errorf(hindcast.Denied, "%s", s.Closed)
	}
	opened, err := s.connect(e)
	return e, opened, err
}

// Place returns a place inside a transaction, when it is switched on and plays a
// role. Nothing private goes there, unless the place may be told of it.
func (s *Service) Place(ctx context.Context, tx *sqldb.Tx, id string, r connector.Role, private bool) (Place, error) {
	e, err := s.endpoint(ctx, tx, id)
	if err != nil {
		return Place{}, err
	}
	if vendor, err := s.vendor(e.Kind); err != nil || !vendor.Plays(r) {
		return Place{}, hindcast.Errorf(hindcast.Invalid, "%s is not there for this; choose another connection", e.Name)
	}
	if !e.Disabled.IsZero() {
		return Place{}, hindcast.Errorf(hindcast.Conflict, "%s is switched off: %s", e.Name, e.Why)
	}
	if private && !e.Private {
		return Place{}, hindcast.Errorf(hindcast.Denied, "this post-mortem is private, and %s is not told of private ones; an admin can change that in Settings, Connections", e.Name)
	}
	return Place{e.ID, e.Name, e.Kind, e.Approve}, nil
}

// Classify says of a failure to reach a connection whether and when the same job is
// tried again.
func Classify(err error) error {
	var fault *outhttp.Error
	if errors.As(err, &fault) && fault.Wait > 0 {
		return queue.After(err, fault.Wait)
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid, hindcast.NotFound, hindcast.Conflict:
		return queue.Permanent(err)
	}
	return err // also when a credential is not accepted, which an admin puts right
}
