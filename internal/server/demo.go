package server

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// demo lets everybody in and fills an empty library with the sample incidents,
// each complete with its evidence. What people change in a demo stays.
func (s *Server) demo(ctx context.Context) error {
	v, first, err := s.auth.Demo(ctx)
	if err != nil || !first {
		return err
	}
	for i, inc := range sample.All() {
		if err := s.demoIncident(ctx, v, i, inc); err != nil {
			return fmt.Errorf("fill the demo with %s: %w", inc.Slug, err)
		}
	}
	return nil
}

func (s *Server) demoIncident(ctx context.Context, v hindcast.Viewer, i int, inc sample.Incident) error {
	files, err := evidenceOf(inc.Files())
	if err != nil {
		return err
	}
	text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
	if err != nil {
		return err
	}
	d, _, err := s.workflow.CreateFromMarkdown(ctx, v, inc.Slug+".md", text, workflow.NewIncident{})
	if err != nil {
		return err
	}
	if _, _, err := s.workflow.AddEvidence(ctx, v, d.ID, files); err != nil {
		return err
	}
	for _, p := range []string{"demo-a", "demo-b", "demo-c"} {
		if _, err := s.workflow.Share(ctx, v, d.ID, p, "participant"); err != nil {
			return err
		}
	}
	if _, err := s.workflow.Rebuild(ctx, v, d.ID, nil); err != nil {
		return err
	}
	// The oldest are published; the last one is still being reviewed.
	to := []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished}
	if i == len(sample.All())-1 {
		to = to[:1]
	}
	for _, status := range to {
		now, err := s.workflow.Get(ctx, v, d.ID)
		if err != nil {
			return err
		}
		if now.Post.Status == status {
			continue
		}
		if _, err := s.workflow.Move(ctx, v, d.ID, status, ""); err != nil {
			return err
		}
	}
	if i < len(sample.All())-1 {
		return nil
	}
	return s.demoReview(ctx, d.ID)
}

// demoReview has people speak of the post-mortem that is being reviewed.
func (s *Server) demoReview(ctx context.Context, id string) error {
	a := hindcast.Viewer{PersonID: "demo-a", Role: hindcast.RoleMember}
	b := hindcast.Viewer{PersonID: "demo-b", Role: hindcast.RoleMember}
	pool := review.Anchor{Path: "sections/summary", Quote: "shares with order history and login"}
	thread, err := s.review.Open(ctx, b, id, pool, "Are these all that use the pool? I thought of the stock service, too.", nil)
	if err != nil {
		return err
	}
	if err := s.review.Reply(ctx, a, id, thread, "The stock service has one of its own since March. I will look whether the others do.", nil); err != nil {
		return err
	}
	hung := review.Anchor{Path: "sections/summary", Quote: "hung as well"}
	_, err = s.review.Reword(ctx, b, id, hung, "Who was not there may not know what that looked like.", "did not answer either")
	return err
}

// evidenceOf returns the files of a sample incident's evidence.
func evidenceOf(files fs.FS) ([]workflow.File, error) {
	var out []workflow.File
	err := fs.WalkDir(files, "evidence", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out = append(out, workflow.File{Name: strings.TrimPrefix(name, "evidence/"), Size: -1, Open: func() (io.ReadCloser, error) { return files.Open(name) }})
		return nil
	})
	return out, err
}
