package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/change"
	"github.com/hindcast/hindcast/internal/workflow/gated"
)

// Held is a document within a transaction: nobody else changes it until that
// ends. It belongs to one goroutine and ends with the function that it was given
// to.
type Held struct {
	*Document
	service *Service
	tx      *store.Tx
}

// Hold runs f with a document when v may do act, in one transaction: all that f
// writes is kept when it returns nil, and nothing otherwise. f may run again, so
// what it sets outside must be set anew. It is how what belongs to a post-mortem
// and has tables of its own (its review, its meetings) is written together with
// it.
func (s *Service) Hold(ctx context.Context, v hindcast.Viewer, id string, act access.Act, f func(*Held) error) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := s.load(ctx, tx, v, id, act)
		if err != nil {
			return err
		}
		return f(&Held{Document: s.document(d, v), service: s, tx: tx})
	})
}

// Viewer returns on whose behalf the document is held.
func (h *Held) Viewer() hindcast.Viewer { return h.viewer }

// SQL returns the transaction, for tables that belong to the caller.
func (h *Held) SQL() *sqldb.Tx { return h.tx.SQL() }

// Audit keeps an act in the audit trail. detail is anything that JSON can hold.
func (h *Held) Audit(ctx context.Context, act string, detail any) error {
	return h.service.audit(ctx, h.tx, h.viewer, act, h.ID, detail)
}

// Tell queues an event about the document for those who follow from outside.
func (h *Held) Tell(ctx context.Context, kind EventKind, paths ...string) error {
	return h.service.tell(ctx, h.tx, kind, h.Document.Document, paths...)
}

// Notify tells people something about the document, with what else is written:
// they are told when the transaction is kept, and not otherwise.
func (h *Held) Notify(ctx context.Context, n Note) error {
	return h.service.note(ctx, h.tx, h.viewer, h.ID, n)
}

// note tells people other than v something about a document.
func (s *Service) note(ctx context.Context, tx *store.Tx, v hindcast.Viewer, id string, n Note) error {
	n.To = slices.DeleteFunc(slices.Clone(n.To), func(p string) bool { return p == v.PersonID })
	if s.notify == nil || len(n.To) == 0 {
		return nil
	}
	return s.notify(ctx, tx.SQL(), id, n)
}

// Edit makes changes as [Service.Edit] does.
func (h *Held) Edit(ctx context.Context, changes []part.Change, note string) (Saved, error) {
	if err := editable(changes); err != nil {
		return Saved{}, err
	}
	return h.edit(ctx, changes, note, "postmortem.edit")
}

func (h *Held) edit(ctx context.Context, changes []part.Change, note, act string) (Saved, error) {
	s, d := h.service, h.Document.Document
	for _, c := range changes {
		if err := h.May(access.ActOf(c.Path)); err != nil {
			return Saved{}, err
		}
	}
	if err := h.owed(changes, act); err != nil {
		return Saved{}, err
	}
	before := d.Post
	maker := change.Maker{Policy: s.policy, Now: s.now(), By: string(h.Part()), Note: note, TakesBack: act == undoing || act == bringingBack}
	changes, err := maker.Complete(before, changes)
	if err != nil {
		return Saved{}, err
	}
	more, err := maker.Severity(before, changes)
	if err != nil {
		return Saved{}, err
	}
	next, reverse, err := part.Apply(before, append(changes, more...))
	if err != nil {
		return Saved{}, err
	}
	next.Factors = change.Factors(before.Factors, next.Factors)
	if err := change.Check(before, next); err != nil {
		return Saved{}, err
	}
	if len(reverse) == 0 {
		return Saved{Version: d.Version}, nil
	}
	d.Post = next
	h.wrote(changes)
	n, err := s.record(ctx, h.tx, h.viewer, d, reverse, note, act)
	return Saved{Version: d.Version, Revision: n, Tags: tagsOf(&d.Post, changes)}, err
}

// Move changes the status as [Service.Move] does.
func (h *Held) Move(ctx context.Context, to hindcast.Status, reason string) error {
	s, d := h.service, h.Document.Document
	if s.settle != nil {
		if err := s.settle(ctx, h); err != nil {
			return err
		}
	}
	reason = strings.TrimSpace(reason)
	act := access.Manage
	if (d.Post.Status == hindcast.StatusDraft || d.Post.Status == hindcast.StatusInReview) && (to == hindcast.StatusInReview || to == hindcast.StatusDraft) {
		act = access.Write
	}
	if err := h.May(act); err != nil {
		return err
	}
	if s.ready != nil {
		if err := s.ready(ctx, h, to); err != nil {
			return err
		}
	}
	before := d.Post
	if err := d.Post.Move(to, s.now(), string(h.Part()), reason); err != nil {
		return err
	}
	var g *Gated
	if s.lint != nil && gated.Before(before.Status, to) {
		required, why := s.policy.Requires(before)
		passed, err := gated.Pass(s.Checklist(s.lint, before), required, why)
		if err != nil {
			return err
		}
		g = &passed
	}
	if err := s.save(ctx, h.tx, h.viewer, d); err != nil {
		return err
	}
	h.facts = facts(d, h.viewer)
	if err := s.moved(ctx, h.tx, h.viewer, d, before, reason, g); err != nil {
		return err
	}
	n := Note{Kind: NoteMoved, Subject: fmt.Sprintf("#%d is %s now", d.Num, strings.ReplaceAll(string(to), "-", " ")), Path: fmt.Sprintf("/p/%d", d.Num)}
	for _, p := range d.People {
		n.To = append(n.To, p.PersonID)
	}
	return h.Notify(ctx, n)
}
