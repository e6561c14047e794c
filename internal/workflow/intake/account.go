package intake

import (
	"context"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence/recollection"
	"github.com/hindcast/hindcast/internal/store"
)

// Memories returns the files of evidence, by name, that tell what others than a
// person remember. What they added themselves is not among them.
func Memories(ctx context.Context, blobs blob.Store, rows []store.EvidenceRow, personID string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, r := range rows {
		if r.AddedBy == personID || r.Purged() {
			continue
		}
		tells := r.Format == recollection.Name
		if r.Format == "" { // not read yet
			var err error
			if tells, err = remembers(ctx, blobs, r); err != nil {
				return nil, err
			}
		}
		if tells {
			out[r.Name] = true
		}
	}
	return out, nil
}

// remembers reports whether a file that was not read yet is an account.
func remembers(ctx context.Context, blobs blob.Store, row store.EvidenceRow) (bool, error) {
	r, err := blobs.Open(ctx, row.SHA256)
	if err != nil {
		return false, err
	}
	defer func() { _ = r.Close() }() // only its beginning is read
	head, err := io.ReadAll(io.LimitReader(r, recollection.HeadSize))
	return recollection.Begins(head), err
}

// Without returns a timeline without what files give by which others remember.
func Without(tl hindcast.Timeline, memories map[string]bool) hindcast.Timeline {
	if len(memories) == 0 {
		return tl
	}
	of := func(r hindcast.Ref) bool { return memories[r.File] }
	tl.Entries = slices.DeleteFunc(slices.Clone(tl.Entries), func(e hindcast.Entry) bool { return slices.ContainsFunc(e.Evidence, of) })
	tl.Evidence = slices.DeleteFunc(slices.Clone(tl.Evidence), func(e hindcast.Evidence) bool { return memories[e.Name] })
	tl.Problems = slices.DeleteFunc(slices.Clone(tl.Problems), func(p hindcast.Problem) bool { return memories[p.File] })
	return tl
}
