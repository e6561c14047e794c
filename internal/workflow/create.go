package workflow

import (
	"context"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/webpage"
	"github.com/hindcast/hindcast/internal/draft"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/change"
	"github.com/hindcast/hindcast/internal/workflow/intake"
	"github.com/hindcast/hindcast/internal/workflow/once"
)

// NewIncident says what is known of an incident when its post-mortem is begun. All but
// the title may be left empty, and the title too when evidence comes with it.
type NewIncident struct {
	Title         string
	Number        string // in the pager or tracker
	Kind          hindcast.IncidentKind
	Severity      int
	Services      []string
	Phases        hindcast.Phases
	Private       bool
	PrivateReason string
	Reading       Reading // how its evidence is read
	// Key is chosen by a client so that a request sent twice creates one incident:
	// the second returns what the first created. It is forgotten after a week.
	Key string `json:"-"`
	// Quiet begins the post-mortem without telling anybody, as is right for those of
	// the past that come from elsewhere.
	Quiet bool `json:"-"`
}

// Reading says what evidence does not say itself.
type Reading = intake.Reading

// options returns what a draft begins with.
func (n NewIncident) options() draft.Options {
	o := draft.Options{Title: n.Title, Severity: n.Severity, Number: n.Number}
	if len(n.Services) > 0 {
		o.Service = n.Services[0]
	}
	return o
}

// check refuses what no incident can be.
func (s *Service) check(v hindcast.Viewer, n *NewIncident) error {
	if !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	n.Title = strings.TrimSpace(n.Title)
	if n.Kind == "" {
		n.Kind = hindcast.KindIncident
	}
	if _, ok := s.policy.Level(n.Severity); n.Severity != 0 && !ok {
		return Faults{{Path: "severity", Message: "the severity policy has no such level"}}
	}
	if n.Private && strings.TrimSpace(n.PrivateReason) == "" {
		return Faults{{Path: "private", Message: "say why this stays private; post-mortems are for everybody unless there is a reason"}}
	}
	return nil
}

// Create begins a post-mortem by hand, of today's incident or of a past one.
func (s *Service) Create(ctx context.Context, v hindcast.Viewer, n NewIncident) (*Document, error) {
	if err := s.check(v, &n); err != nil {
		return nil, err
	}
	if n.Title == "" {
		return nil, Faults{{Path: "title", Message: "is missing; say in a few words what happened"}}
	}
	pm := s.begin(n)
	d, _, err := s.insert(ctx, v, n, pm, base{Options: n, Written: pm})
	return d, err
}

// begin returns the empty post-mortem that asks its questions.
func (s *Service) begin(n NewIncident) hindcast.Postmortem {
	pm := draft.Compose(hindcast.Timeline{Incident: n.Phases}, n.options())
	pm.Incident.Kind, pm.Incident.Phases = n.Kind, n.Phases
	if len(n.Services) > 0 {
		pm.Incident.Services = n.Services
	}
	if pm.Incident.Title == "" {
		pm.Incident.Title = n.Title
	}
	return pm
}

// insert adds a document that the viewer leads. created is false when the same
// key has added it before.
func (s *Service) insert(ctx context.Context, v hindcast.Viewer, n NewIncident, pm hindcast.Postmortem, b base) (doc *Document, created bool, err error) {
	if err := change.Check(hindcast.Postmortem{}, pm); err != nil {
		return nil, false, err
	}
	now := s.now()
	d := &store.Document{
		ID: store.NewID(now), Post: pm, Private: n.Private, PrivateReason: strings.TrimSpace(n.PrivateReason),
		People:    []store.Participant{{PersonID: v.PersonID, Role: string(access.Lead), AddedAt: now, AddedBy: v.PersonID}},
		CreatedAt: now, CreatedBy: v.PersonID, UpdatedAt: now, UpdatedBy: v.PersonID,
	}
	change.Derive(s.policy, d)
	earlier := ""
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		var err error
		if earlier, err = once.Claim(ctx, tx.SQL(), v.PersonID, n.Key, d.ID, now); err != nil || earlier != "" {
			return err
		}
		if err := tx.Insert(ctx, d); err != nil {
			return err
		}
		if err := s.putBase(ctx, tx, d.ID, b); err != nil {
			return err
		}
		if err := s.frozen(ctx, tx, d, hindcast.Postmortem{}, 0); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, v, "incident.create", d.ID, map[string]any{"title": pm.Incident.Title}); err != nil {
			return err
		}
		if n.Quiet {
			return nil
		}
		return s.tell(ctx, tx, IncidentCreated, d)
	})
	if err != nil {
		return nil, false, err
	}
	if earlier != "" {
		doc, err = s.Get(ctx, v, earlier)
		return doc, false, err
	}
	return s.document(d, v), true, nil
}

// Imported is what was understood of a document.
type Imported = intake.Imported

// CreateFromMarkdown begins a post-mortem with a text, ours or anybody's, a page of
// HTML, or our JSON. What is not understood stays as prose.
func (s *Service) CreateFromMarkdown(ctx context.Context, v hindcast.Viewer, name string, text []byte, n NewIncident) (*Document, Imported, error) {
	d, report, _, err := s.fromMarkdown(ctx, v, name, text, n)
	return d, report, err
}

func (s *Service) fromMarkdown(ctx context.Context, v hindcast.Viewer, name string, text []byte, n NewIncident) (*Document, Imported, bool, error) {
	if err := s.check(v, &n); err != nil {
		return nil, Imported{}, false, err
	}
	text, err := webpage.Text(name, text)
	if err != nil {
		return nil, Imported{}, false, err
	}
	parsed := document.Parse(name, text)
	pm := parsed.Postmortem
	report := intake.Understood(parsed)
	if n.Title != "" {
		pm.Incident.Title = n.Title
	}
	if pm.Incident.Title == "" {
		pm.Incident.Title = "Untitled, from " + name
	}
	if pm.Incident.Kind == "" {
		pm.Incident.Kind = n.Kind
	}
	if n.Severity != 0 {
		pm.Incident.Severity = n.Severity
	}
	if pm.Status == "" || !parsed.Ours {
		pm.Status = hindcast.StatusDraft
	}
	d, created, err := s.insert(ctx, v, n, pm, base{Options: n})
	return d, report, created, err
}

// base is what a machine wrote of a document before people did: what a new build
// is merged with.
type base struct {
	Options  NewIncident         `json:"options"`
	Written  hindcast.Postmortem `json:"written"`  // by the last build; zero when a person brought the document
	Timeline hindcast.Timeline   `json:"timeline"` // of the last build, with every candidate
	Built    time.Time           `json:"built,omitzero"`
	Charts   []chart.Series      `json:"charts,omitempty"` // of the last build
}
