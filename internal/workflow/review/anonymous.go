package review

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Crowd is how many people have to take part before a comment can go without a name:
// among fewer, everybody knows.
const Crowd = 4

// MayHide returns nil when comments on a post-mortem may go without a name.
func (s *Service) MayHide(d *workflow.Document) error {
	if !s.Workflow.Policy().Review.Anonymous {
		return hindcast.Errorf(hindcast.Denied, "comments have a name here; an admin can allow others in the configuration")
	}
	if len(d.People) < Crowd {
		return hindcast.Errorf(hindcast.Denied, "a comment without a name needs %d people who take part; among %d everybody would know whose it is", Crowd, len(d.People))
	}
	return nil
}

// unnamed is a comment of which nobody is to learn whose it is. Its id holds no
// time, and of its time only the day is kept.
func (s *Service) unnamed(text string) Comment {
	return Comment{ID: rand.Text(), At: s.now().Truncate(24 * time.Hour), Text: text}
}

// OpenUnnamed begins a thread with a comment without a name, where the policy allows
// that. Nothing keeps who wrote it, so that nobody can change it either.
func (s *Service) OpenUnnamed(ctx context.Context, v hindcast.Viewer, ref string, a Anchor, text string) (string, error) {
	d, err := s.partaken(ctx, v, ref)
	if err == nil {
		err = s.MayHide(d)
	}
	if err != nil {
		return "", err
	}
	return s.begin(ctx, v, ref, a, s.unnamed(text))
}

// ReplyUnnamed adds a comment without a name to a thread, as OpenUnnamed does.
func (s *Service) ReplyUnnamed(ctx context.Context, v hindcast.Viewer, ref, thread, text string) error {
	return s.within(ctx, v, ref, thread, access.Comment, func(h *workflow.Held, t Thread) error {
		if err := s.MayHide(h.Document); err != nil {
			return err
		}
		return s.say(ctx, h, t.ID, s.unnamed(text))
	})
}
