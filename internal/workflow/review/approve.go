package review

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Standing is how the approvals of a post-mortem stand.
type Standing struct {
	Needed int      `json:"needed" doc:"by the policy: approvals of people who did not write it"`
	Parts  []string `json:"parts,omitempty" doc:"what they have to do here; anything when absent"`
	Given  []string `json:"given" doc:"ids of those whose approval counts"`
	// Not are approvals that do not count, with the reason.
	Not []Discounted `json:"not_counted,omitempty"`
	// Named are those whom the policy names.
	Named []Named `json:"named,omitempty"`
	// Waiting are those who were asked to approve by name and have not.
	Waiting []string `json:"waiting,omitempty"`
}

// Discounted is an approval that does not count.
type Discounted struct {
	PersonID string `json:"person_id"`
	Why      string `json:"why"`
}

// Named is somebody whom the policy names.
type Named struct {
	PersonID string `json:"person_id,omitempty" doc:"absent when nobody who may sign in has the address that the policy names"`
	Name     string `json:"name,omitempty"`
	Approved bool   `json:"approved,omitempty"`
}

// Lacks says what is missing, each in words; nil when it can be approved.
func (s Standing) Lacks() []string {
	var out []string
	if n := s.Needed - len(s.Given); n > 0 {
		of := "people who did not write it"
		if len(s.Parts) > 0 {
			of += ", as " + strings.Join(s.Parts, " or ")
		}
		out = append(out, fmt.Sprintf("%d of %d approvals of %s", n, s.Needed, of))
	}
	for _, n := range s.Named {
		switch {
		case n.PersonID == "":
			out = append(out, "the approval of somebody whom the policy names and who has no account here; an admin can invite them, or change the policy")
		case !n.Approved:
			out = append(out, "the approval of "+n.Name+", whom the policy names")
		}
	}
	if n := len(s.Waiting); n > 0 {
		out = append(out, fmt.Sprintf("the answer of %d who were asked to approve it", n))
	}
	return out
}

// Standing returns how the approvals of a post-mortem stand, for who takes part.
func (s *Service) Standing(ctx context.Context, v hindcast.Viewer, ref string) (Standing, error) {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return Standing{}, err
	}
	out, err := s.standing(ctx, s.DB, d)
	return out, s.DB.Fault(err)
}

func (s *Service) standing(ctx context.Context, q sqldb.Querier, d *workflow.Document) (Standing, error) {
	list, err := sqldb.All(ctx, q, scanRequest, `select `+requestColumns+` from review_request r where incident = $1 and round = (select max(round) from review_request q where q.incident = r.incident and q.person = r.person) order by person`, d.Num)
	if err != nil {
		return Standing{}, fmt.Errorf("read who approves #%d: %w", d.Num, err)
	}
	list = slices.DeleteFunc(list, func(r Request) bool { return !d.Participates(r.PersonID) }) // who left is not waited for
	asks := s.Workflow.Policy().Approvals(d.Post.Incident.Severity)
	out := Standing{Needed: asks.Count, Parts: asks.Parts, Given: []string{}}
	for _, r := range list {
		if r.Approves && r.Answer != Approved {
			out.Waiting = append(out.Waiting, r.PersonID)
		}
	}
	if !asks.Any() {
		return out, nil
	}
	wrote, err := s.writers(ctx, q, d)
	if err != nil {
		return out, err
	}
	since := reviewed(&d.Post)
	for _, r := range list {
		if r.Answer != Approved {
			continue
		}
		if why := discount(d, r, asks, wrote, since); why != "" {
			out.Not = append(out.Not, Discounted{r.PersonID, why})
		} else {
			out.Given = append(out.Given, r.PersonID)
		}
	}
	return out, s.named(ctx, q, asks.People, list, since, &out)
}

// discount says why an approval is not one of those that the policy counts.
func discount(d *workflow.Document, r Request, asks hindcast.Approvals, wrote map[string]bool, since time.Time) string {
	part := ""
	for _, p := range d.People {
		if p.PersonID == r.PersonID {
			part = p.Role
		}
	}
	switch {
	case wrote[r.PersonID]:
		return "wrote in it"
	case len(asks.Parts) > 0 && !slices.Contains(asks.Parts, part):
		return "takes part as " + part
	case r.SaidAt.Before(since):
		return "approved it before it came into review again"
	}
	return ""
}

// named fills in how it stands with those whom the policy names.
func (s *Service) named(ctx context.Context, q sqldb.Querier, addresses []string, list []Request, since time.Time, out *Standing) error {
	ids, err := s.IDs(ctx, q, addresses)
	if err != nil {
		return err
	}
	names, err := s.Names(ctx, q, slices.Collect(maps.Values(ids)))
	if err != nil {
		return err
	}
	for _, a := range addresses {
		n := Named{PersonID: ids[a], Name: names[ids[a]]}
		n.Approved = n.PersonID != "" && slices.ContainsFunc(list, func(r Request) bool {
			return r.PersonID == n.PersonID && r.Answer == Approved && !r.SaidAt.Before(since)
		})
		out.Named = append(out.Named, n)
		out.Waiting = slices.DeleteFunc(out.Waiting, func(id string) bool { return id == n.PersonID }) // said once
	}
	return nil
}

// reviewed returns when a post-mortem came into review last.
func reviewed(p *hindcast.Postmortem) time.Time {
	for _, t := range slices.Backward(p.History) {
		if t.To == hindcast.StatusInReview {
			return t.At
		}
	}
	return time.Time{}
}

// writers returns who wrote a post-mortem: who began it, and who changed anything of
// it but its status, what they remember, and what follows from it.
func (s *Service) writers(ctx context.Context, q sqldb.Querier, d *workflow.Document) (map[string]bool, error) {
	out := map[string]bool{d.CreatedBy: true}
	_, err := sqldb.All(ctx, q, func(scan func(...any) error) (struct{}, error) {
		var person, raw string
		if err := scan(&person, &raw); err != nil {
			return struct{}{}, err
		}
		var paths []string
		err := json.Unmarshal([]byte(raw), &paths)
		out[person] = out[person] || slices.ContainsFunc(paths, written)
		return struct{}{}, err
	}, `select distinct r.person, r.paths from revision r where r.incident = $1`, d.Num)
	if err != nil {
		return nil, fmt.Errorf("read who wrote #%d: %w", d.Num, err)
	}
	return out, nil
}

// written reports whether a change of a part is writing the post-mortem.
func written(path string) bool {
	switch path {
	case "status", "history", "attestations", "waivers":
		return false
	}
	return !ofAccount(path) && access.ActOf(path) == access.Write
}

// Ready is asked before a post-mortem moves on. Before it is approved, it says whose
// approval is missing; when it comes into review, those are asked whom the policy
// names.
func (s *Service) Ready(ctx context.Context, h *workflow.Held, to hindcast.Status) error {
	switch {
	case to == hindcast.StatusApproved:
		return s.approvable(ctx, h)
	case to == hindcast.StatusInReview && h.Post.Status == hindcast.StatusDraft:
		return s.call(ctx, h)
	}
	return nil
}

func (s *Service) approvable(ctx context.Context, h *workflow.Held) error {
	st, err := s.standing(ctx, h.SQL(), h.Document)
	if err != nil {
		return err
	}
	if lacks := st.Lacks(); lacks != nil {
		return hindcast.Errorf(hindcast.Conflict, "it cannot be approved yet. It needs %s. They stand under Review; who was asked by name can also be asked for a review without their approval", strings.Join(lacks, ", and "))
	}
	if st.Needed == 0 && len(st.Named) == 0 {
		return nil
	}
	return h.Audit(ctx, "review.approvals", st)
}

// call asks those whom the policy names for their approval, and lets them take part
// as reviewers.
func (s *Service) call(ctx context.Context, h *workflow.Held) error {
	addresses := s.Workflow.Policy().Approvals(h.Post.Incident.Severity).People
	if len(addresses) == 0 {
		return nil
	}
	found, err := s.IDs(ctx, h.SQL(), addresses)
	if err != nil {
		return err
	}
	var people []string
	for _, a := range addresses {
		if id := found[a]; id != "" && !slices.Contains(people, id) {
			people = append(people, id)
		}
	}
	for _, id := range people {
		if err := h.Include(ctx, id, access.Reviewer); err != nil {
			return err
		}
		if err := s.ask(ctx, h, Request{PersonID: id, Approves: true, AskedBy: h.Viewer().PersonID, AskedAt: s.now()}); err != nil {
			return err
		}
	}
	if len(people) == 0 {
		return nil
	}
	if err := h.Audit(ctx, "review.ask", map[string]any{"people": people, "approves": true, "policy": true}); err != nil {
		return err
	}
	return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReview, To: people, Subject: fmt.Sprintf("Your approval of #%d is asked for: the policy names you", h.Num), Path: fmt.Sprintf("/p/%d/review", h.Num)})
}
