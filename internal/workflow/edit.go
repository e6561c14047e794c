package workflow

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/change"
)

// Conflicts is the error of an edit made from a version that has changed since.
// It holds both values of each part.
type Conflicts = part.Conflicts

// Faults is the error of an edit after which the document would be wrong, and
// FieldFault one of them.
type (
	Faults     = change.Faults
	FieldFault = change.FieldFault
)

// MaxText is the most bytes that one text of a document may have.
const MaxText = change.MaxText

// Saved says what an edit did.
type Saved struct {
	Version  int64               // of the document
	Revision int64               // to undo; 0 when nothing changed
	Tags     map[string]part.Tag // of the changed parts
}

// kept are the parts that change by acts of their own, not by editing.
var kept = []string{"status", "history", "evidence", "problems", "clock_offsets"}

// Edit makes changes of a document, all or none. note says what they were for,
// in the history; it may be empty. It fails with [Conflicts] when a part has
// changed since, and with [Faults] when the document would break a rule that it
// did not break before.
func (s *Service) Edit(ctx context.Context, v hindcast.Viewer, id string, changes []part.Change, note string) (Saved, error) {
	return s.EditVersion(ctx, v, id, 0, changes, note)
}

// EditVersion makes changes as [Service.Edit] does, of one version of a document: it
// fails with Conflict when the document is of another one by now. Version 0 is any.
func (s *Service) EditVersion(ctx context.Context, v hindcast.Viewer, id string, version int64, changes []part.Change, note string) (Saved, error) {
	if err := editable(changes); err != nil {
		return Saved{}, err
	}
	return s.edit(ctx, v, id, version, changes, note, "postmortem.edit")
}

// editable refuses changes of parts that follow from what is done.
func editable(changes []part.Change) error {
	for _, c := range changes {
		if slices.Contains(kept, c.Path) {
			return hindcast.Errorf(hindcast.Invalid, "%s cannot be edited; it follows from what is done", c.Path)
		}
	}
	return nil
}

func (s *Service) edit(ctx context.Context, v hindcast.Viewer, id string, version int64, changes []part.Change, note, act string) (Saved, error) {
	var saved Saved
	err := s.Hold(ctx, v, id, access.Read, func(h *Held) error {
		if len(changes) == 0 && !v.MayWrite() {
			return hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
		}
		if d := h.Document; version != 0 && version != d.Version {
			return hindcast.Errorf(hindcast.Conflict, "it is version %d by now, and you read version %d; read it again and bring your changes in", d.Version, version)
		}
		var err error
		saved, err = h.edit(ctx, changes, note, act)
		return err
	})
	return saved, err
}

// record saves a changed document with its revision, the audit and the event.
func (s *Service) record(ctx context.Context, tx *store.Tx, v hindcast.Viewer, d *store.Document, reverse []part.Change, note, act string) (int64, error) {
	if err := s.save(ctx, tx, v, d); err != nil {
		return 0, err
	}
	paths := pathsOf(reverse)
	n, err := s.revise(ctx, tx, v, d, reverse, note)
	if err != nil {
		return 0, err
	}
	if act != "" { // else whoever asked audits it
		if err := s.audit(ctx, tx, v, act, d.ID, map[string]any{"revision": n, "paths": paths}); err != nil {
			return 0, err
		}
	}
	return n, s.tell(ctx, tx, PostmortemChanged, d, paths...)
}

// writing is how long one person's writing in one section stays one revision.
const writing = 5 * time.Minute

// revise adds a revision. Prose that the same person goes on writing belongs to
// the revision that they began.
func (s *Service) revise(ctx context.Context, tx *store.Tx, v hindcast.Viewer, d *store.Document, reverse []part.Change, note string) (int64, error) {
	paths := pathsOf(reverse)
	last, found, err := tx.LastRevision(ctx, d.ID)
	if err != nil {
		return 0, err
	}
	if found && note == "" && last.Note == "" && last.PersonID == v.PersonID && s.now().Sub(last.At) < writing &&
		len(paths) == 1 && slices.Equal(last.Paths, paths) && (strings.HasPrefix(paths[0], "sections/") || paths[0] == "preamble") {
		return last.N, nil
	}
	raw, err := json.Marshal(reverse)
	if err != nil {
		return 0, err
	}
	return tx.AppendRevision(ctx, d.ID, store.Revision{At: s.now(), PersonID: v.PersonID, Note: note, Paths: paths, Reverse: raw})
}

func pathsOf(changes []part.Change) []string {
	var out []string
	for _, c := range changes {
		if !slices.Contains(out, c.Path) {
			out = append(out, c.Path)
		}
	}
	return out
}

func tagsOf(p *hindcast.Postmortem, changes []part.Change) map[string]part.Tag {
	out := map[string]part.Tag{}
	for _, c := range changes {
		if raw, err := part.Get(p, c.Path); err == nil {
			out[c.Path] = part.TagOf(raw)
		}
	}
	return out
}

// JSON encodes a value of the vocabulary, for a change of a part.
func JSON(v any) json.RawMessage { return change.JSON(v) }
