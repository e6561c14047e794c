package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/store"
)

// Share lets a person take part, or changes what they do here.
func (s *Service) Share(ctx context.Context, v hindcast.Viewer, id, personID string, as access.Part) (*Document, error) {
	if !slices.Contains(access.Parts(), as) {
		return nil, hindcast.Errorf(hindcast.Invalid, "%q is no part here; choose lead, participant or reviewer", as)
	}
	if personID == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "choose whom to share it with")
	}
	return s.change(ctx, v, id, access.Manage, func(tx *store.Tx, d *store.Document) error {
		detail := map[string]string{"person": personID, "part": string(as)}
		if i := participant(d.People, personID); i >= 0 {
			if err := keepsLead(d, personID, as); err != nil {
				return err
			}
			detail["part_was"] = d.People[i].Role
			d.People[i].Role = string(as)
		} else {
			d.People = append(d.People, store.Participant{PersonID: personID, Role: string(as), AddedAt: s.now(), AddedBy: v.PersonID})
			n := Note{Kind: NoteShared, To: []string{personID}, Subject: fmt.Sprintf("You take part in #%d as %s", d.Num, as), Path: fmt.Sprintf("/p/%d", d.Num)}
			if err := s.note(ctx, tx, v, d.ID, n); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, v, "postmortem.share", d.ID, detail)
	})
}

// Include lets a person take part who does not yet, and tells them.
func (h *Held) Include(ctx context.Context, personID string, as access.Part) error {
	if h.Participates(personID) {
		return nil
	}
	h.People = append(h.People, store.Participant{PersonID: personID, Role: string(as), AddedAt: h.service.now(), AddedBy: h.viewer.PersonID})
	n := Note{Kind: NoteShared, To: []string{personID}, Subject: fmt.Sprintf("You take part in #%d as %s", h.Num, as), Path: fmt.Sprintf("/p/%d", h.Num)}
	if err := h.Notify(ctx, n); err != nil {
		return err
	}
	if err := h.service.save(ctx, h.tx, h.viewer, h.Document.Document); err != nil {
		return err
	}
	return h.Audit(ctx, "postmortem.share", map[string]string{"person": personID, "part": string(as)})
}

// Unshare ends a person's part. Everybody may end their own.
func (s *Service) Unshare(ctx context.Context, v hindcast.Viewer, id, personID string) error {
	act := access.Manage
	if v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "this token may only read; use one that may write, or sign in")
	}
	if personID == v.PersonID {
		act = access.Read
	}
	_, err := s.change(ctx, v, id, act, func(tx *store.Tx, d *store.Document) error {
		if err := keepsLead(d, personID, ""); err != nil {
			return err
		}
		i := participant(d.People, personID)
		if i < 0 {
			return hindcast.Errorf(hindcast.NotFound, "this person takes no part here")
		}
		d.People = slices.Delete(d.People, i, i+1)
		return s.audit(ctx, tx, v, "postmortem.unshare", d.ID, map[string]string{"person": personID})
	})
	return err
}

// keepsLead refuses to leave a document without a lead.
func keepsLead(d *store.Document, personID string, as access.Part) error {
	if as == access.Lead {
		return nil
	}
	others := slices.ContainsFunc(d.People, func(p store.Participant) bool {
		return p.PersonID != personID && p.Role == string(access.Lead)
	})
	if others || participant(d.People, personID) < 0 {
		return nil
	}
	return hindcast.Errorf(hindcast.Conflict, "somebody has to lead this post-mortem; make another person lead first")
}

// SetPrivate keeps a document among those who take part, published or not, or
// opens it again. Privacy needs a reason.
func (s *Service) SetPrivate(ctx context.Context, v hindcast.Viewer, id string, private bool, reason string) (*Document, error) {
	reason = strings.TrimSpace(reason)
	if private && reason == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "say why this stays private; post-mortems are for everybody unless there is a reason")
	}
	return s.change(ctx, v, id, access.Manage, func(tx *store.Tx, d *store.Document) error {
		d.Private, d.PrivateReason = private, reason
		if !private {
			d.PrivateReason = ""
		}
		return s.audit(ctx, tx, v, "postmortem.private", d.ID, map[string]any{"private": private, "reason": reason})
	})
}

// Join makes an admin lead of a document that is not shared with them, such as
// one whose lead has left. They name it by its id or by its number, because they
// cannot see it. The reason is kept in the audit trail.
func (s *Service) Join(ctx context.Context, v hindcast.Viewer, ref, reason string) (*Document, error) {
	if !v.MayAdminister() || v.TokenID != "" {
		return nil, hindcast.Errorf(hindcast.Denied, "only an admin who is signed in may join what is not shared with them")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "say why you join; the audit trail keeps it")
	}
	var out *store.Document
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.Named(ctx, strings.TrimSpace(ref))
		if err != nil {
			return err
		}
		d, err := tx.Load(ctx, id)
		if err != nil {
			return err
		}
		if i := participant(d.People, v.PersonID); i >= 0 {
			d.People[i].Role = string(access.Lead)
		} else {
			d.People = append(d.People, store.Participant{PersonID: v.PersonID, Role: string(access.Lead), AddedAt: s.now(), AddedBy: v.PersonID})
		}
		if err := s.audit(ctx, tx, v, "postmortem.join", d.ID, map[string]string{"reason": reason}); err != nil {
			return err
		}
		out = d
		return s.save(ctx, tx, v, d)
	})
	if err != nil {
		return nil, err
	}
	return s.document(out, v), nil
}
