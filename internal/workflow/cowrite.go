package workflow

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Stand runs f in a transaction in which v may do act with a document, and the
// document stays as it is given. It is for what belongs to a document and is
// written many times a second: unlike [Service.Hold] it does not read the document
// anew each time, and f cannot change it. f may run again.
func (s *Service) Stand(ctx context.Context, v hindcast.Viewer, id string, act access.Act, f func(*sqldb.Tx, *Document) error) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := s.store.Stand(ctx, tx, v, id)
		if err != nil {
			return err
		}
		given := s.document(d, v)
		if err := given.May(act); err != nil {
			return err
		}
		return f(tx.SQL(), s.seen(given))
	})
}

// HoldFor runs f with a document as [Service.Hold] does, on behalf of a person who
// was allowed to write what f writes when they wrote it. Nobody is asked again: it
// is for what was acknowledged and follows later.
func (s *Service) HoldFor(ctx context.Context, personID, id string, f func(*Held) error) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := tx.Load(ctx, id)
		if err != nil {
			return err
		}
		if !d.DeletedAt.IsZero() {
			return hindcast.Errorf(hindcast.NotFound, "this post-mortem was removed; a lead can restore it")
		}
		return f((&Held{Document: &Document{Document: d, service: s}, service: s, tx: tx}).For(personID))
	})
}

// For returns the held document in the hands of another person, who was allowed to
// write what is written with it when they wrote it. Only who holds the document
// may ask for that.
func (h *Held) For(personID string) *Held {
	f := access.Facts{Status: h.Post.Status, Private: h.Private, Part: access.Participant}
	return &Held{Document: &Document{Document: h.Document.Document, facts: f, viewer: hindcast.Viewer{PersonID: personID, Role: hindcast.RoleMember}, service: h.service}, service: h.service, tx: h.tx}
}

// Write makes changes as [Held.Edit] does, of prose that people go on writing. Who
// calls it audits that: once for a session, and not for every few words.
func (h *Held) Write(ctx context.Context, changes []part.Change) (Saved, error) {
	return h.edit(ctx, changes, "", "")
}
