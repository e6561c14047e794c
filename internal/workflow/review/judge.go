package review

import (
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// suggestion returns a comment that suggests something and waits.
func (s *Service) suggestion(ctx context.Context, tx *sqldb.Tx, thread, comment string) (Comment, error) {
	list, err := sqldb.All(ctx, tx, func(scan func(...any) error) (Comment, error) { return scanComment(scan) }, `select `+commentColumns+` from comment c where c.id = $1 and c.thread = $2`, comment, thread)
	switch {
	case err != nil:
		return Comment{}, err
	case len(list) == 0:
		return Comment{}, hindcast.Errorf(hindcast.NotFound, "there is no such comment any more")
	case !list[0].Suggests():
		return Comment{}, hindcast.Errorf(hindcast.Invalid, "this comment suggests nothing")
	case list[0].Verdict != "":
		return Comment{}, hindcast.Errorf(hindcast.Conflict, "this suggestion was %s already", list[0].Verdict)
	}
	return list[0], nil
}

// Accept makes what a suggestion suggests, and resolves its thread. It fails with
// [part.Conflicts] when what it was made from has changed since.
func (s *Service) Accept(ctx context.Context, v hindcast.Viewer, ref, thread, comment string) (workflow.Saved, error) {
	var saved workflow.Saved
	return saved, s.within(ctx, v, ref, thread, access.Comment, func(h *workflow.Held, t Thread) error {
		c, err := s.suggestion(ctx, h.SQL(), t.ID, comment)
		if err != nil {
			return err
		}
		if c.Words != nil {
			if c.Changes, err = reworded(&h.Post, t.Anchor, *c.Words); err != nil {
				return err
			}
		}
		if saved, err = h.Edit(ctx, c.Changes, "a suggestion was accepted"); err != nil {
			return err
		}
		if _, err := h.SQL().Exec(ctx, `update thread set resolved_at = $2, resolved_by = $3 where id = $1`, t.ID, sqldb.Micros(s.now()), v.PersonID); err != nil {
			return err
		}
		return s.judge(ctx, h, v, t, c, Accepted, "", saved.Revision)
	})
}

// Decline refuses a suggestion, with a reason.
func (s *Service) Decline(ctx context.Context, v hindcast.Viewer, ref, thread, comment, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return hindcast.Errorf(hindcast.Invalid, "reason: say why it is not taken in; who suggested it will read that")
	}
	return s.within(ctx, v, ref, thread, access.Write, func(h *workflow.Held, t Thread) error {
		c, err := s.suggestion(ctx, h.SQL(), t.ID, comment)
		if err != nil {
			return err
		}
		return s.judge(ctx, h, v, t, c, Declined, reason, 0)
	})
}

func (s *Service) judge(ctx context.Context, h *workflow.Held, v hindcast.Viewer, t Thread, c Comment, is Verdict, reason string, revision int64) error {
	_, err := h.SQL().Exec(ctx, `update comment set verdict = $2, judged_by = $3, judged_at = $4, reason = $5, revision = $6 where id = $1`, c.ID, string(is), v.PersonID, sqldb.Micros(s.now()), reason, revision)
	if err != nil {
		return fmt.Errorf("keep what became of a suggestion: %w", err)
	}
	if err := h.Audit(ctx, "suggestion."+string(is), map[string]any{"thread": t.ID, "comment": c.ID, "reason": reason, "revision": revision}); err != nil {
		return err
	}
	return h.Notify(ctx, workflow.Note{Kind: workflow.NoteDecided, To: []string{c.PersonID}, Subject: fmt.Sprintf("Your suggestion for #%d was %s", h.Num, is), Path: path(h.Num, t.ID), Key: c.ID + "/" + string(is)})
}
