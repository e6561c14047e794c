package deliver

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Endpoint is somebody who is told: a program at an address, or people by mail.
type Endpoint struct {
	ID      string               `json:"id"`
	Kind    string               `json:"kind"` // of vendor: "webhook" or "email"
	Name    string               `json:"name"`
	Where   string               `json:"where"` // where it is, without what may be secret
	Events  []workflow.EventKind `json:"events"`
	Drafts  bool                 `json:"drafts"`  // is told the titles of post-mortems that are not published
	Private bool                 `json:"private"` // is told that private incidents move, without their titles
	Approve bool                 `json:"approve"` // a person approves each message first
	// Asked says that who takes part in an incident may ask queries of their own there,
	// where the vendor answers any.
	Asked bool `json:"asked"`
	// Disabled is since when it is switched off, and Why says why.
	Disabled time.Time `json:"disabled,omitzero"`
	Why      string    `json:"why,omitempty"`
	// Silenced is since when it is told nothing, because messages failed again and
	// again, while all else that it is there for goes on; SilencedWhy says why.
	Silenced    time.Time `json:"silenced,omitzero"`
	SilencedWhy string    `json:"silenced_why,omitempty"`
	Failures    int       `json:"failures,omitempty"` // attempts in a row
	Created     time.Time `json:"created"`
	By          string    `json:"created_by,omitempty"` // id of the admin who made it; leads what begins by it
	Updated     time.Time `json:"updated"`

	target string // sealed settings
}

// Put is what an endpoint should be.
type Put struct {
	ID       string // of the endpoint to change; empty for a new one
	Kind     string // of a new one
	Name     string
	Events   []workflow.EventKind
	Drafts   bool
	Private  bool
	Approve  bool
	Asked    *bool // nil leaves it as it is, which of a new one is yes
	Disabled bool
	// Settings are the vendor's. Of a change, those that are missing stay.
	Settings map[string]secret.Text
}

// Events returns the events that an endpoint can be told of.
func Events() []workflow.EventKind {
	return []workflow.EventKind{workflow.IncidentCreated, workflow.PostmortemMoved, workflow.PostmortemPublished, workflow.PostmortemChanged, workflow.EvidenceAdded, workflow.PostmortemDue}
}

// EventsFor returns the events that a vendor can be told of.
func EventsFor(vendor connector.Vendor) []workflow.EventKind {
	if vendor.Tells == nil {
		return Events()
	}
	return slices.DeleteFunc(Events(), func(k workflow.EventKind) bool { return !slices.Contains(vendor.Tells, string(k)) })
}

const endpointColumns = `id, kind, name, events, drafts, private, approve, host, target, disabled_at, disabled_why, failures, created_at, updated_at, created_by, silenced_at, silenced_why, asked`

func scanEndpoint(scan func(...any) error) (e Endpoint, err error) {
	var events string
	var disabled, created, updated, silenced int64
	err = scan(&e.ID, &e.Kind, &e.Name, &events, &e.Drafts, &e.Private, &e.Approve, &e.Where, &e.target, &disabled, &e.Why, &e.Failures, &created, &updated, &e.By, &silenced, &e.SilencedWhy, &e.Asked)
	for _, k := range strings.Fields(events) {
		e.Events = append(e.Events, workflow.EventKind(k))
	}
	e.Disabled, e.Silenced, e.Created, e.Updated = sqldb.Time(disabled), sqldb.Time(silenced), sqldb.Time(created), sqldb.Time(updated)
	return e, err
}

// Endpoints returns all endpoints, by name.
func (s *Service) Endpoints(ctx context.Context, v hindcast.Viewer) ([]Endpoint, error) {
	if err := admin(v); err != nil {
		return nil, err
	}
	list, err := s.endpoints(ctx, s.DB)
	return list, s.DB.Fault(err)
}

func (s *Service) endpoints(ctx context.Context, q sqldb.Querier) ([]Endpoint, error) {
	list, err := sqldb.All(ctx, q, scanEndpoint, `select `+endpointColumns+` from endpoint order by name, id`)
	if err != nil {
		return nil, fmt.Errorf("read the endpoints: %w", err)
	}
	return list, nil
}

// Endpoint returns one endpoint.
func (s *Service) Endpoint(ctx context.Context, v hindcast.Viewer, id string) (Endpoint, error) {
	if err := admin(v); err != nil {
		return Endpoint{}, err
	}
	e, err := s.endpoint(ctx, s.DB, id)
	return e, s.DB.Fault(err)
}

func (s *Service) endpoint(ctx context.Context, q sqldb.Querier, id string) (Endpoint, error) {
	e, err := scanEndpoint(q.QueryRow(ctx, `select `+endpointColumns+` from endpoint where id = $1`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return e, hindcast.Errorf(hindcast.NotFound, "there is no endpoint %s", id)
	}
	return e, err
}

// PutEndpoint makes or changes an endpoint. New secrets that were generated for it
// are returned by the names of their fields; they are not shown again.
func (s *Service) PutEndpoint(ctx context.Context, v hindcast.Viewer, p Put) (e Endpoint, generated map[string]secret.Text, err error) {
	if err := s.may(v); err != nil {
		return e, nil, err
	}
	kind := p.Kind
	if p.ID != "" {
		was, err := s.Endpoint(ctx, v, p.ID)
		if err != nil {
			return e, nil, err
		}
		kind = was.Kind
	}
	vendor, err := s.vendor(kind)
	if err != nil {
		return e, nil, err
	}
	if err := p.check(vendor); err != nil {
		return e, nil, err
	}
	err = s.write(ctx, "keep endpoint "+p.Name, func(tx *sqldb.Tx) error {
		act, was := "endpoint.create", Endpoint{}
		e = Endpoint{ID: store.NewID(s.Now()), Kind: p.Kind, Asked: true, Created: s.Now(), By: v.PersonID}
		if p.ID != "" {
			if was, err = s.endpoint(ctx, tx, p.ID); err != nil {
				return err
			}
			act, e = "endpoint.change", was
		}
		if generated, err = s.apply(&e, p); err != nil {
			return err
		}
		if err := s.only(ctx, tx, was, e); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, e); err != nil {
			return err
		}
		if e.Disabled.IsZero() {
			if err := s.Again(ctx, tx, e.ID); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, v, act, changes(was, e))
	})
	s.Queue.Wake()
	return e, generated, err
}

// only refuses a new name that another endpoint has, whatever its case: people choose
// by it, and evidence says where it is from. Those that have one name from before keep
// it.
func (s *Service) only(ctx context.Context, tx *sqldb.Tx, was, e Endpoint) error {
	if strings.EqualFold(was.Name, e.Name) {
		return nil
	}
	list, err := s.endpoints(ctx, tx)
	if err != nil {
		return err
	}
	for _, other := range list {
		if other.ID != e.ID && strings.EqualFold(other.Name, e.Name) {
			return hindcast.Errorf(hindcast.Invalid, "name: there is a connection %s already, to %s; choose another name, such as one that says what it is for", other.Name, other.Where)
		}
	}
	return nil
}

// changes says of an endpoint what it is, and what it was where that is another
// thing, for the audit trail.
func changes(was, is Endpoint) map[string]any {
	out := map[string]any{"endpoint": is.ID, "name": is.Name, "kind": is.Kind}
	set := func(name string, before, after any) {
		out[name] = after
		if !was.Created.IsZero() && !reflect.DeepEqual(before, after) {
			out[name+"_was"] = before
		}
	}
	set("name", was.Name, is.Name)
	set("where", was.Where, is.Where)
	set("events", was.Events, is.Events)
	set("drafts", was.Drafts, is.Drafts)
	set("private", was.Private, is.Private)
	set("approve", was.Approve, is.Approve)
	set("asked", was.Asked, is.Asked)
	set("silenced", !was.Silenced.IsZero(), !is.Silenced.IsZero())
	set("disabled", !was.Disabled.IsZero(), !is.Disabled.IsZero())
	return out
}

// check names what is wrong. Who announces is told of events, and has to be unless
// it may be silent; who publishes may be told of publications.
func (p Put) check(vendor connector.Vendor) error {
	announces, may := vendor.Plays(connector.Announces), EventsFor(vendor)
	var faults []string
	if n := len(strings.TrimSpace(p.Name)); n == 0 || n > 100 || strings.ContainsAny(p.Name, "\r\n") {
		faults = append(faults, "name: say in up to 100 letters who is told")
	}
	switch {
	case announces && !vendor.Silent && len(p.Events) == 0:
		faults = append(faults, fmt.Sprintf("events: choose some of %v", may))
	case !announces && !vendor.Plays(connector.Publishes) && len(p.Events) > 0:
		faults = append(faults, "events: this kind of connection is not told of events")
	}
	for _, k := range p.Events {
		if !slices.Contains(may, k) {
			faults = append(faults, fmt.Sprintf("events: there is no event %q; choose some of %v", k, may))
		}
	}
	if faults == nil {
		return nil
	}
	return hindcast.Errorf(hindcast.Invalid, "%s", strings.Join(faults, "; "))
}

// apply makes an endpoint what p says.
func (s *Service) apply(e *Endpoint, p Put) (map[string]secret.Text, error) {
	vendor, err := s.vendor(e.Kind)
	if err != nil {
		return nil, err
	}
	settings := connector.Settings{}
	if e.target != "" {
		if settings, err = s.open(*e); err != nil && len(p.Settings) == 0 {
			return nil, err // with all settings entered anew the old ones are not needed
		}
	}
	generated := map[string]secret.Text{}
	for _, f := range vendor.Fields {
		if value, ok := p.Settings[f.Name]; ok && !value.IsZero() && f.Generate == nil {
			settings[f.Name] = value
		}
		if f.Generate != nil && settings[f.Name].IsZero() {
			settings[f.Name] = secret.New(f.Generate())
			generated[f.Name] = settings[f.Name]
		}
		if f.ForEvents && len(p.Events) > 0 && settings[f.Name].IsZero() {
			return nil, hindcast.Errorf(hindcast.Invalid, "%s: enter it, or choose nothing that is told", f.Name)
		}
	}
	if e.Where, err = vendor.Check(settings); err != nil {
		return nil, err
	}
	e.Name, e.Drafts, e.Private, e.Approve, e.Updated = strings.TrimSpace(p.Name), p.Drafts, p.Private, p.Approve, s.Now()
	if p.Asked != nil {
		e.Asked = *p.Asked
	}
	e.Events = slices.Compact(slices.Sorted(slices.Values(p.Events)))
	switch {
	case !p.Disabled:
		e.Disabled, e.Why, e.Failures = time.Time{}, "", 0
		e.Silenced, e.SilencedWhy = time.Time{}, ""
	case e.Disabled.IsZero():
		e.Disabled, e.Why = s.Now(), "switched off by an admin"
	}
	return generated, s.seal(e, settings)
}

// keep writes an endpoint's row.
func (s *Service) keep(ctx context.Context, tx *sqldb.Tx, e Endpoint) error {
	var events []string
	for _, k := range e.Events {
		events = append(events, string(k))
	}
	_, err := tx.Exec(ctx, `insert into endpoint (`+endpointColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		on conflict (id) do update set name = $3, events = $4, drafts = $5, private = $6, approve = $7, host = $8, target = $9, disabled_at = $10, disabled_why = $11, failures = $12, updated_at = $14, silenced_at = $16, silenced_why = $17, asked = $18`,
		e.ID, e.Kind, e.Name, strings.Join(events, " "), e.Drafts, e.Private, e.Approve, e.Where, e.target, sqldb.Micros(e.Disabled), e.Why, e.Failures, sqldb.Micros(e.Created), sqldb.Micros(e.Updated), e.By, sqldb.Micros(e.Silenced), e.SilencedWhy, e.Asked)
	return err
}

// seal keeps settings in an endpoint.
func (s *Service) seal(e *Endpoint, settings connector.Settings) error {
	plain := map[string]string{}
	for name, value := range settings {
		plain[name] = value.Reveal()
	}
	raw, err := json.Marshal(plain)
	if err != nil {
		return err
	}
	e.target = s.Box.Seal("endpoint/"+e.ID, raw)
	return nil
}

// open returns the settings of an endpoint; never nil.
func (s *Service) open(e Endpoint) (connector.Settings, error) {
	settings := connector.Settings{}
	raw, err := s.Box.Open("endpoint/"+e.ID, e.target)
	if err != nil {
		return settings, err
	}
	return settings, json.Unmarshal(raw, &settings)
}

// DeleteEndpoint removes an endpoint. What was still to be sent there fails.
func (s *Service) DeleteEndpoint(ctx context.Context, v hindcast.Viewer, id string) error {
	if err := admin(v); err != nil {
		return err
	}
	return s.write(ctx, "remove endpoint "+id, func(tx *sqldb.Tx) error {
		e, err := s.endpoint(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from endpoint where id = $1`, id); err != nil {
			return err
		}
		return s.audit(ctx, tx, v, "endpoint.remove", map[string]string{"endpoint": id, "name": e.Name, "where": e.Where})
	})
}

// rotation is how long a secret stays valid after it was replaced.
const rotation = 24 * time.Hour

// RotateSecret replaces the generated secrets of an endpoint and returns the new
// ones. For a day messages are signed with both, so that the receiver can change
// in its own time.
func (s *Service) RotateSecret(ctx context.Context, v hindcast.Viewer, id string) (generated map[string]secret.Text, err error) {
	if err := admin(v); err != nil {
		return nil, err
	}
	err = s.write(ctx, "replace the secret of endpoint "+id, func(tx *sqldb.Tx) error {
		e, err := s.endpoint(ctx, tx, id)
		if err != nil {
			return err
		}
		vendor, err := s.vendor(e.Kind)
		if err != nil {
			return err
		}
		settings, err := s.open(e)
		if err != nil {
			return err
		}
		generated = map[string]secret.Text{}
		for _, f := range vendor.Fields {
			if f.Generate != nil {
				settings[f.Name+".old"], settings[f.Name+".until"] = settings[f.Name], secret.New(s.Now().Add(rotation).UTC().Format(time.RFC3339))
				settings[f.Name] = secret.New(f.Generate())
				generated[f.Name] = settings[f.Name]
			}
		}
		if len(generated) == 0 {
			return hindcast.Errorf(hindcast.Invalid, "endpoint %s has no secret to replace", e.Name)
		}
		e.Updated = s.Now()
		if err := s.seal(&e, settings); err != nil {
			return err
		}
		if err := s.keep(ctx, tx, e); err != nil {
			return err
		}
		return s.audit(ctx, tx, v, "endpoint.secret", map[string]string{"endpoint": id, "name": e.Name})
	})
	return generated, err
}

// announcer opens an endpoint that passes messages on.
func (s *Service) announcer(e Endpoint) (connector.Announcer, error) {
	opened, err := s.connect(e)
	if err != nil {
		return nil, err
	}
	a, ok := opened.(connector.Announcer)
	if !ok {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s cannot pass messages on", e.Name)
	}
	return a, nil
}

// connect opens the vendor of an endpoint.
func (s *Service) connect(e Endpoint) (any, error) {
	vendor, err := s.vendor(e.Kind)
	if err != nil {
		return nil, err
	}
	settings, err := s.open(e)
	if err != nil {
		return nil, err
	}
	opened, err := vendor.Open(settings, s.deps())
	if err != nil {
		return nil, err
	}
	return opened, nil
}
