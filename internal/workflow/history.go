package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
)

// Revisions returns a page of the changes of a document, the last first. Who takes
// no part sees those since it was published.
func (s *Service) Revisions(ctx context.Context, v hindcast.Viewer, id, after string, limit int) (store.Page[store.Revision], error) {
	var page store.Page[store.Revision]
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return page, err
	}
	floor, err := s.publication(ctx, v, d)
	if err != nil {
		return page, err
	}
	if page, err = s.store.Revisions(ctx, v, d.ID, after, limit); err != nil {
		return page, err
	}
	for i, r := range page.Items {
		if r.N <= floor {
			page.Items, page.Next = page.Items[:i], ""
			break
		}
		page.Items[i] = d.revision(r)
	}
	return page, nil
}

// revision returns a revision as the viewer sees it: who takes no part is not told
// who did it, nor what stood there in the words of before.
func (d *Document) revision(r store.Revision) store.Revision {
	if d.Part() == "" {
		r.PersonID, r.Reverse, r.Snapshot = "", nil, ""
	} else if d.Awaited() {
		r = withoutAccounts(r)
	}
	return r
}

// Revision returns one change of a document that [Service.Revisions] lists.
func (s *Service) Revision(ctx context.Context, v hindcast.Viewer, id string, n int64) (store.Revision, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return store.Revision{}, err
	}
	floor, err := s.publication(ctx, v, d)
	if err == nil && n <= floor {
		err = hindcast.Errorf(hindcast.NotFound, "there is no revision %d; look at the list of revisions", n)
	}
	if err != nil {
		return store.Revision{}, err
	}
	r, err := s.store.Revision(ctx, v, d.ID, n)
	return d.revision(r), err
}

// publication returns the revision that published a document, for who takes no
// part in it: what was written before, and taken out in review, stays with those
// who wrote it. It is 0 for who takes part, and when the document began published.
func (s *Service) publication(ctx context.Context, v hindcast.Viewer, d *Document) (int64, error) {
	if d.Part() != "" {
		return 0, nil
	}
	found := errors.New("found")
	var floor int64
	err := s.since(ctx, v, d.ID, 1, func(r store.Revision) error {
		if !slices.Contains(r.Paths, "status") { // which only a move changes
			return nil
		}
		floor = r.N
		return found
	})
	if errors.Is(err, found) {
		err = nil
	}
	return floor, err
}

// since calls f with the revisions of a document from the last one down to n.
func (s *Service) since(ctx context.Context, v hindcast.Viewer, id string, n int64, f func(store.Revision) error) error {
	for after := ""; ; {
		page, err := s.store.Revisions(ctx, v, id, after, store.MaxLimit)
		if err != nil {
			return err
		}
		for _, r := range page.Items {
			if r.N < n {
				return nil
			}
			if err := f(r); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// The acts that bring back what was there before.
const (
	undoing      = "postmortem.undo"
	bringingBack = "postmortem.bringback"
)

// Undo takes a revision back. It fails with Conflict when one of its parts has
// changed since.
func (s *Service) Undo(ctx context.Context, v hindcast.Viewer, id string, revision int64) (Saved, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	r, err := s.store.Revision(ctx, v, d.ID, revision)
	if err != nil {
		return Saved{}, err
	}
	err = s.since(ctx, v, d.ID, revision+1, func(later store.Revision) error {
		if slices.ContainsFunc(later.Paths, func(p string) bool { return slices.Contains(r.Paths, p) }) {
			return hindcast.Errorf(hindcast.Conflict, "this has been changed since; look at the history and bring back what you need")
		}
		return nil
	})
	if err != nil {
		return Saved{}, err
	}
	var reverse []part.Change
	if err := json.Unmarshal(r.Reverse, &reverse); err != nil {
		return Saved{}, err
	}
	for _, c := range reverse {
		if slices.Contains(kept, c.Path) {
			return Saved{}, hindcast.Errorf(hindcast.Conflict, "this was no edit and cannot be undone; what it did can be done the other way")
		}
	}
	tags := d.Tags()
	for i, c := range reverse {
		tag := tags[c.Path]
		reverse[i].Base = &tag
	}
	return s.edit(ctx, v, d.ID, 0, reverse, "undo", undoing)
}

// At returns the post-mortem as it was after a revision; 0 is how it began. Who
// takes no part sees it as it was since it was published.
func (s *Service) At(ctx context.Context, v hindcast.Viewer, id string, revision int64) (hindcast.Postmortem, error) {
	d, err := s.whole(ctx, v, id)
	if err != nil {
		return hindcast.Postmortem{}, err
	}
	floor, err := s.publication(ctx, v, d)
	if err == nil && revision < floor {
		err = hindcast.Errorf(hindcast.NotFound, "there is no revision %d; look at the list of revisions", revision)
	}
	if err != nil {
		return hindcast.Postmortem{}, err
	}
	p := d.Post
	err = s.since(ctx, v, d.ID, revision+1, func(r store.Revision) error {
		var reverse []part.Change
		if err := json.Unmarshal(r.Reverse, &reverse); err != nil {
			return err
		}
		p, _, err = part.Apply(p, reverse)
		return err
	})
	return d.shown(p), err
}

// shown returns a state of the document as the viewer sees it.
func (d *Document) shown(p hindcast.Postmortem) hindcast.Postmortem {
	if d.Part() != "" {
		if d.Awaited() {
			p.Accounts = nil
		}
		return p
	}
	return audience.For(audience.Engineering, p).Postmortem
}

// Turn is a document before and after one revision.
type Turn struct{ Before, After hindcast.Postmortem }

// maxTurns is how many revisions back [Service.Turns] looks.
const maxTurns = 500

// Turns returns what some revisions of a document did, those that [Service.At]
// returns and that are not too far back.
func (s *Service) Turns(ctx context.Context, v hindcast.Viewer, id string, revisions []int64) (map[int64]Turn, error) {
	out := map[int64]Turn{}
	if len(revisions) == 0 {
		return out, nil
	}
	d, err := s.whole(ctx, v, id)
	if err != nil {
		return nil, err
	}
	floor, err := s.publication(ctx, v, d)
	if err != nil {
		return nil, err
	}
	far, n := errors.New("far"), 0
	p := d.Post
	err = s.since(ctx, v, d.ID, max(slices.Min(revisions), floor+1), func(r store.Revision) error {
		if n++; n > maxTurns {
			return far
		}
		var reverse []part.Change
		if err := json.Unmarshal(r.Reverse, &reverse); err != nil {
			return err
		}
		before, _, err := part.Apply(p, reverse)
		if slices.Contains(revisions, r.N) {
			out[r.N] = Turn{Before: d.shown(before), After: d.shown(p)}
		}
		p = before
		return err
	})
	if errors.Is(err, far) {
		err = nil
	}
	return out, err
}

// BringBack makes a document what it was after a revision. Status, history and
// evidence stay as they are.
func (s *Service) BringBack(ctx context.Context, v hindcast.Viewer, id string, revision int64) (Saved, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, err
	}
	then, err := s.At(ctx, v, d.ID, revision)
	if err != nil {
		return Saved{}, err
	}
	changes := slices.DeleteFunc(part.Diff(&d.Post, &then), func(c part.Change) bool { return slices.Contains(kept, c.Path) })
	return s.edit(ctx, v, d.ID, 0, changes, "bring back revision", bringingBack)
}

// Replace makes a document what a text says, ours or our JSON, as one edit. Status,
// history and evidence stay as they are. version is the one that the text was
// made from; 0 replaces whatever is there.
func (s *Service) Replace(ctx context.Context, v hindcast.Viewer, id, name string, text []byte, version int64) (Saved, []hindcast.Problem, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return Saved{}, nil, err
	}
	if version != 0 && version != d.Version {
		return Saved{}, nil, hindcast.Errorf(hindcast.Conflict, "it is version %d here by now, and your text was made from version %d; pull again and bring your changes in", d.Version, version)
	}
	parsed := document.Parse(name, text)
	if !parsed.Ours {
		return Saved{}, parsed.Problems, hindcast.Errorf(hindcast.Invalid, "%s is not in our format; import it as a new post-mortem instead", name)
	}
	tags := d.Tags()
	changes := slices.DeleteFunc(part.Diff(&d.Post, &parsed.Postmortem), func(c part.Change) bool { return slices.Contains(kept, c.Path) })
	for i, c := range changes {
		tag := tags[c.Path]
		changes[i].Base = &tag
	}
	saved, err := s.edit(ctx, v, d.ID, version, changes, "from a file", "postmortem.replace")
	return saved, parsed.Problems, err
}
