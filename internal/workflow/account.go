package workflow

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/intake"
)

// ofAccount reports whether a path is that of an account of what somebody remembers.
func ofAccount(path string) bool { return strings.HasPrefix(path, "accounts/") }

// awaited reports whether what others remember is withheld from a viewer: they are
// asked for theirs first. Who leads sees everything, and so does everybody once it
// is published.
func (s *Service) awaited(d *store.Document, v hindcast.Viewer) bool {
	if s.policy.Review.AccountsShown || d.Post.Status == hindcast.StatusPublished {
		return false
	}
	i := participant(d.People, v.PersonID)
	return i >= 0 && d.People[i].Account == store.AccountAsked && d.People[i].Role != string(access.Lead)
}

// Awaited reports whether what others remember is withheld from the viewer until
// theirs is written, or they decline.
func (d *Document) Awaited() bool { return d.service != nil && d.service.awaited(d.Document, d.viewer) }

// Withheld returns how many accounts of others the viewer does not see yet.
func (d *Document) Withheld() int { return d.withheld }

// Account is how it stands with what the viewer remembers.
func (d *Document) Account() store.AccountState {
	if i := participant(d.People, d.viewer.PersonID); i >= 0 {
		return d.People[i].Account
	}
	return ""
}

// seen returns a document as its viewer may see it.
func (s *Service) seen(d *Document) *Document {
	if d.Awaited() {
		out := *d.Document
		d.withheld, out.Post.Accounts = len(out.Post.Accounts), nil
		d.Document = &out
	}
	return d
}

// memories returns the files of evidence, by name, that tell what others than the
// viewer remember and are withheld from them like accounts. The viewer may read
// what they added themselves.
func (s *Service) memories(ctx context.Context, d *Document, rows []store.EvidenceRow) (map[string]bool, error) {
	if !d.Awaited() {
		return nil, nil
	}
	return intake.Memories(ctx, s.blobs, rows, d.viewer.PersonID)
}

// owed checks the changes of somebody who is asked for what they remember: an
// account that is added is theirs, and those of others are not touched.
func (h *Held) owed(changes []part.Change, act string) error {
	if !h.Awaited() {
		return nil
	}
	for _, c := range changes {
		if !ofAccount(c.Path) {
			continue
		}
		before, err := part.Get(&h.Post, c.Path)
		if err != nil {
			return err
		}
		if before != nil || act != "postmortem.edit" && act != "postmortem.replace" {
			return hindcast.Errorf(hindcast.Denied, "you are asked for what you remember before you see what others do; write it down, or decline, and try again")
		}
	}
	return nil
}

// wrote notes that somebody who is asked for what they remember has added an
// account.
func (h *Held) wrote(changes []part.Change) {
	i := participant(h.People, h.viewer.PersonID)
	if i >= 0 && h.People[i].Account == store.AccountAsked && slices.ContainsFunc(changes, func(c part.Change) bool { return ofAccount(c.Path) && len(c.Value) > 0 }) {
		h.People[i].Account = store.AccountWritten
	}
}

// SetAccounts keeps how it stands with what people remember, by their ids. Who takes
// no part is left out.
func (h *Held) SetAccounts(ctx context.Context, to store.AccountState, people ...string) error {
	for _, id := range people {
		i := participant(h.People, id)
		if i < 0 {
			continue
		}
		if h.People[i].Account = to; to == store.AccountAsked {
			h.People[i].AskedAt = h.service.now()
		}
	}
	return h.service.save(ctx, h.tx, h.viewer, h.Document.Document)
}

// withoutAccounts takes out of a revision what it did to accounts.
func withoutAccounts(r store.Revision) store.Revision {
	r.Snapshot = ""
	if !slices.ContainsFunc(r.Paths, ofAccount) {
		return r
	}
	var changes []part.Change
	if err := json.Unmarshal(r.Reverse, &changes); err != nil {
		r.Reverse = nil // what cannot be read is not shown
		return r
	}
	r.Reverse = JSON(slices.DeleteFunc(changes, func(c part.Change) bool { return ofAccount(c.Path) }))
	return r
}
