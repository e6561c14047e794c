package workflow

import (
	"context"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
)

// Move changes the status of a post-mortem. Participants ask for review and take
// it back; leads approve, publish and reopen. Going back needs a reason. Before it is
// approved and before it is published it has to pass the quality gate, where the
// policy requires a post-mortem. What is published is kept whole.
func (s *Service) Move(ctx context.Context, v hindcast.Viewer, id string, to hindcast.Status, reason string) (*Document, error) {
	var out *Document
	err := s.Hold(ctx, v, id, access.Read, func(h *Held) error {
		out = h.Document
		return h.Move(ctx, to, reason)
	})
	if err != nil {
		return nil, err
	}
	return s.seen(out), nil
}

// moved keeps the revision of a move, with the whole text when it was published.
func (s *Service) moved(ctx context.Context, tx *store.Tx, v hindcast.Viewer, d *store.Document, before hindcast.Postmortem, reason string, gated *Gated) error {
	r := store.Revision{At: s.now(), PersonID: v.PersonID, Note: "moved to " + string(d.Post.Status), Paths: []string{"status", "history"},
		Reverse: JSON(part.Diff(&d.Post, &before))}
	kind := PostmortemMoved
	if d.Post.Status == hindcast.StatusPublished {
		r.Snapshot, kind = string(document.Markdown(d.Post)), PostmortemPublished
	}
	n, err := tx.AppendRevision(ctx, d.ID, r)
	if err != nil {
		return err
	}
	if err := s.frozen(ctx, tx, d, before, n); err != nil {
		return err
	}
	detail := map[string]any{"to": string(d.Post.Status), "to_was": string(before.Status), "reason": reason}
	if gated != nil {
		detail["gate"] = gated
	}
	if err := s.audit(ctx, tx, v, "postmortem.move", d.ID, detail); err != nil {
		return err
	}
	return s.tell(ctx, tx, kind, d)
}

// Frozen is a post-mortem as readers have it.
type Frozen struct {
	Num      int64
	Revision int64 // that published it; 0 when it began published
	At       time.Time
	Post     hindcast.Postmortem
	Ends     bool // it is taken up again: readers keep what they have, or else this
}

// frozen keeps what readers have when a document is published or taken up again.
func (s *Service) frozen(ctx context.Context, tx *store.Tx, d *store.Document, before hindcast.Postmortem, revision int64) error {
	if s.freeze == nil {
		return nil
	}
	now := Frozen{Num: d.Num, Revision: revision, At: s.now(), Post: d.Post}
	switch {
	case before.Status == hindcast.StatusPublished && d.Post.Status != hindcast.StatusPublished:
		now.Post, now.Revision, now.Ends = before, 0, true
	case d.Post.Status != hindcast.StatusPublished:
		return nil
	}
	return s.freeze(ctx, tx.SQL(), now)
}

// Remove puts a document into the trash, from which a lead can restore it.
func (s *Service) Remove(ctx context.Context, v hindcast.Viewer, id, reason string) error {
	_, err := s.change(ctx, v, id, access.Manage, func(tx *store.Tx, d *store.Document) error {
		d.DeletedAt = s.now()
		return s.audit(ctx, tx, v, "postmortem.remove", d.ID, map[string]string{"reason": reason})
	})
	return err
}

// Restore brings a document back from the trash.
func (s *Service) Restore(ctx context.Context, v hindcast.Viewer, id string) (*Document, error) {
	return s.change(ctx, v, id, access.Restore, func(tx *store.Tx, d *store.Document) error {
		if d.DeletedAt.IsZero() {
			return hindcast.Errorf(hindcast.Conflict, "this post-mortem was not removed")
		}
		d.DeletedAt = time.Time{}
		return s.audit(ctx, tx, v, "postmortem.restore", d.ID, nil)
	})
}

// TrashDays is how long a removed document can be restored.
const TrashDays = 30

// Tidied says what [Service.Tidy] removed.
type Tidied struct {
	Incidents int // that were in the trash for TrashDays
	Blobs     int // that no evidence refers to
}

// Tidy removes for good what nobody can get back any more. It may run at any
// time, and on several servers at once.
func (s *Service) Tidy(ctx context.Context) (Tidied, error) {
	var out Tidied
	for more := true; more; {
		err := s.store.Write(ctx, func(tx *store.Tx) error {
			ids, err := tx.DeletedBefore(ctx, s.now().AddDate(0, 0, -TrashDays))
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := tx.Erase(ctx, id); err != nil {
					return err
				}
				if err := s.audit(ctx, tx, hindcast.Viewer{}, "postmortem.erase", id, nil); err != nil {
					return err
				}
			}
			more = len(ids) == store.MaxLimit
			out.Incidents += len(ids)
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	var err error
	out.Blobs, err = blob.Collect(ctx, s.blobs, s.now().Add(-blob.Grace), s.store.KeptBlobs)
	return out, err
}
