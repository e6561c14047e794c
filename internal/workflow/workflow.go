// Package workflow is the only writer of domain data. Everything that a surface
// offers - pages, API, command line - is a method of [Service]: it decides
// whether the viewer may, writes in one transaction together with the audit
// trail, and tells what follows.
//
// Every method takes the viewer on whose behalf it acts. Errors are
// [hindcast.Error], with messages for people; what a viewer may not see is
// NotFound. [Conflicts] and [Faults] carry what a surface shows at the field.
package workflow

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/building"
	"github.com/hindcast/hindcast/internal/workflow/change"
	"github.com/hindcast/hindcast/internal/workflow/news"
	"github.com/hindcast/hindcast/internal/workflow/shelf"
)

// Config says what a [Service] works with. Store and Blobs must be set.
type Config struct {
	Store  *store.Store
	Blobs  blob.Store
	Now    func() time.Time // time.Now when nil
	Policy hindcast.Policy  // the default policy when it has no levels
	// Announce queues what follows from a change, in the change's transaction. Nil
	// when nobody listens.
	Announce func(context.Context, *sqldb.Tx, Event) error
	// Notify tells people of what concerns themselves, in the change's transaction;
	// incident is the id of the post-mortem. Nil when nobody is told.
	Notify func(ctx context.Context, tx *sqldb.Tx, incident string, n Note) error
	// Settle writes into a document what people have written of it that waits
	// elsewhere, before it moves on. Nil when nothing waits anywhere.
	Settle func(context.Context, *Held) error
	// Freeze keeps what readers have, in the transaction that publishes it or that
	// takes it up again. Nil when nobody keeps it.
	Freeze func(context.Context, *sqldb.Tx, Frozen) error
	// Ready says in the mover's transaction why a post-mortem cannot move on yet; nil
	// when it can, or when nobody is asked.
	Ready func(ctx context.Context, h *Held, to hindcast.Status) error
	// Lint has the rules by which the quality gate judges. Nil when nothing is judged.
	Lint *lint.Linter
	Log  *slog.Logger // of work in the background; discarded when nil
}

// Service holds the library's rules. It may be used by several goroutines at
// once.
type Service struct {
	store    *store.Store
	blobs    blob.Store
	clock    func() time.Time
	policy   hindcast.Policy
	announce func(context.Context, *sqldb.Tx, Event) error
	notify   func(context.Context, *sqldb.Tx, string, Note) error
	settle   func(context.Context, *Held) error
	freeze   func(context.Context, *sqldb.Tx, Frozen) error
	ready    func(context.Context, *Held, hindcast.Status) error
	lint     *lint.Linter
	log      *slog.Logger
	outside  *shelf.Shelf[*store.Document]

	builds *building.Site

	exporting sync.Mutex
}

// New returns a Service.
func New(c Config) *Service {
	s := &Service{store: c.Store, blobs: c.Blobs, clock: c.Now, policy: c.Policy, lint: c.Lint, ready: c.Ready, announce: c.Announce, notify: c.Notify, settle: c.Settle, freeze: c.Freeze, log: c.Log}
	s.outside = shelf.New[*store.Document](8)
	if s.clock == nil {
		s.clock = time.Now
	}
	if len(s.policy.Severities) == 0 {
		s.policy = hindcast.DefaultPolicy()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.builds = building.New(s.log)
	return s
}

// Policy returns the severity policy.
func (s *Service) Policy() hindcast.Policy { return s.policy }

// now is the present in the precision that is kept.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Microsecond) }

// tell queues an event about a document.
func (s *Service) tell(ctx context.Context, tx *store.Tx, kind EventKind, d *store.Document, paths ...string) error {
	if s.announce == nil {
		return nil
	}
	return s.announce(ctx, tx.SQL(), news.Of(d, kind, s.now(), paths))
}

// Document is a post-mortem as a viewer sees it. It is shared between callers
// and must not be changed.
type Document struct {
	*store.Document
	facts    access.Facts
	viewer   hindcast.Viewer
	service  *Service
	withheld int // accounts that the viewer does not see yet
}

// May returns nil when the viewer may do act here, else an error that says why
// not.
func (d *Document) May(act access.Act) error { return access.May(d.viewer, act, d.facts) }

// Part is what the viewer does here; empty for a reader.
func (d *Document) Part() access.Part { return d.facts.Part }

// Tags returns the tags of the parts, for changes made from this version.
func (d *Document) Tags() map[string]part.Tag { return part.Tags(&d.Post) }

// facts returns what decisions about d depend on.
func facts(d *store.Document, v hindcast.Viewer) access.Facts {
	f := access.Facts{Status: d.Post.Status, Private: d.Private}
	for _, p := range d.People {
		if p.PersonID == v.PersonID {
			f.Part = access.Part(p.Role)
		}
	}
	return f
}

// Get returns the post-mortem that ref names: an id, a number of the library
// with or without "#", or the pager's number. Who takes no part gets it as
// engineers see it, with people as roles and what looks like a secret taken out,
// and is not told who takes part.
func (s *Service) Get(ctx context.Context, v hindcast.Viewer, ref string) (*Document, error) {
	d, err := s.whole(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	if d.Part() != "" {
		return s.seen(d), nil
	}
	d.Document = s.outside.Get(d.Key(), func() *store.Document {
		out := *d.Document
		out.People, out.CreatedBy, out.UpdatedBy = nil, "", ""
		out.Post = audience.For(audience.Engineering, d.Post).Postmortem
		return &out
	})
	return d, nil
}

// whole returns the post-mortem that ref names as it is kept.
func (s *Service) whole(ctx context.Context, v hindcast.Viewer, ref string) (*Document, error) {
	d, err := s.store.Get(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	return s.document(d, v), nil
}

// document returns a document in the hands of a viewer.
func (s *Service) document(d *store.Document, v hindcast.Viewer) *Document {
	return &Document{Document: d, facts: facts(d, v), viewer: v, service: s}
}

// Key names what is shown of the document, so that what was made of it can be kept:
// documents of the same key are alike.
func (d *Document) Key() string {
	switch {
	case d.Part() == "":
		return fmt.Sprintf("%s %d outside", d.ID, d.Version)
	case d.Awaited():
		return fmt.Sprintf("%s %d asked", d.ID, d.Version)
	}
	return fmt.Sprintf("%s %d", d.ID, d.Version)
}

// load returns a document to be changed, when v may do act.
func (s *Service) load(ctx context.Context, tx *store.Tx, v hindcast.Viewer, id string, act access.Act) (*store.Document, error) {
	d, err := tx.Load(ctx, id)
	if err == nil {
		f := facts(d, v)
		if !d.DeletedAt.IsZero() {
			f.Private = true // in the trash it is nobody else's
		}
		err = access.May(v, act, f)
	}
	if hindcast.CodeOf(err) == hindcast.NotFound {
		// One that does not exist and one of others look alike.
		return nil, hindcast.Errorf(hindcast.NotFound, "there is no such post-mortem, or it is not shared with you")
	}
	if err != nil {
		return nil, err
	}
	if !d.DeletedAt.IsZero() && act != access.Restore {
		return nil, hindcast.Errorf(hindcast.NotFound, "this post-mortem was removed; a lead can restore it")
	}
	return d, nil
}

// save keeps a changed document with what follows from it.
func (s *Service) save(ctx context.Context, tx *store.Tx, v hindcast.Viewer, d *store.Document) error {
	change.Derive(s.policy, d)
	d.UpdatedAt, d.UpdatedBy = s.now(), v.PersonID
	return tx.Save(ctx, d)
}

// audit keeps an act in the audit trail.
func (s *Service) audit(ctx context.Context, tx *store.Tx, v hindcast.Viewer, act, incidentID string, detail any) error {
	return tx.Audit(ctx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, IncidentID: incidentID, Detail: detail})
}

// change loads a document, changes it with f and keeps it.
func (s *Service) change(ctx context.Context, v hindcast.Viewer, id string, act access.Act, f func(*store.Tx, *store.Document) error) (*Document, error) {
	var d *store.Document
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		var err error
		if d, err = s.load(ctx, tx, v, id, act); err != nil {
			return err
		}
		if err := f(tx, d); err != nil {
			return err
		}
		return s.save(ctx, tx, v, d)
	})
	if err != nil {
		return nil, err
	}
	return s.seen(s.document(d, v)), nil
}

// participant returns the place of a person in a list, or -1.
func participant(people []store.Participant, id string) int {
	return slices.IndexFunc(people, func(p store.Participant) bool { return p.PersonID == id })
}
