package workflow

import (
	"context"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/integrity"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/change"
)

// SetSeverity decides the severity of an incident. A change of one that was
// decided needs a reason, which stays with the incident.
func (s *Service) SetSeverity(ctx context.Context, v hindcast.Viewer, id string, level int, reason string) (Saved, error) {
	reason = strings.TrimSpace(reason)
	name := ""
	if level != 0 {
		known, ok := s.policy.Level(level)
		if !ok {
			return Saved{}, hindcast.Errorf(hindcast.Invalid, "the severity policy has no level %d", level)
		}
		name = known.Name
	}
	return s.amend(ctx, v, id, reason, "postmortem.severity", func(p hindcast.Postmortem, by string) (hindcast.Postmortem, error) {
		err := p.Incident.SetSeverity(level, name, s.now(), by, reason)
		return p, err
	})
}

// AcceptClock records that a file's clock was wrong and corrects the entries that
// have their time from it; see [integrity.Accept].
func (s *Service) AcceptClock(ctx context.Context, v hindcast.Viewer, id, file string) (Saved, error) {
	return s.amend(ctx, v, id, "the clock of "+file+" was wrong", "postmortem.clock", func(p hindcast.Postmortem, by string) (hindcast.Postmortem, error) {
		return integrity.Accept(p, file, by, hindcast.DateOf(s.now()))
	})
}

// WithdrawClock takes back what [Service.AcceptClock] did.
func (s *Service) WithdrawClock(ctx context.Context, v hindcast.Viewer, id, file string) (Saved, error) {
	return s.amend(ctx, v, id, "the clock of "+file+" was right", "postmortem.clock", func(p hindcast.Postmortem, _ string) (hindcast.Postmortem, error) {
		return integrity.Withdraw(p, file)
	})
}

// Believe records which of two entries that disagree about a fact is believed,
// and why. Both stay.
func (s *Service) Believe(ctx context.Context, v hindcast.Viewer, id, believed, other, why string) (Saved, error) {
	return s.amend(ctx, v, id, "", "postmortem.edit", func(p hindcast.Postmortem, _ string) (hindcast.Postmortem, error) {
		return integrity.Believe(p, believed, other, strings.TrimSpace(why))
	})
}

// amend makes a change of a document that only makes sense as a whole. next gets
// the document and the part that the viewer takes in it, and returns another one.
func (s *Service) amend(ctx context.Context, v hindcast.Viewer, id, note, act string, next func(p hindcast.Postmortem, by string) (hindcast.Postmortem, error)) (Saved, error) {
	var saved Saved
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		saved = Saved{}
		d, err := s.load(ctx, tx, v, id, access.Write)
		if err != nil {
			return err
		}
		before := d.Post
		if d.Post, err = next(before, string(facts(d, v).Part)); err != nil {
			return err
		}
		if err := change.Check(before, d.Post); err != nil {
			return err
		}
		reverse := part.Diff(&d.Post, &before)
		saved.Version = d.Version
		if len(reverse) == 0 {
			return nil
		}
		if saved.Revision, err = s.record(ctx, tx, v, d, reverse, note, act); err != nil {
			return err
		}
		saved.Version, saved.Tags = d.Version, tagsOf(&d.Post, reverse)
		return nil
	})
	return saved, err
}
