package review

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// AccountRequest is how it stands with what somebody remembers.
type AccountRequest struct {
	PersonID string                `json:"person_id"`
	State    workflow.AccountState `json:"state" enum:"asked,written,declined"`
	AskedAt  time.Time             `json:"asked_at"`
}

// Accounts returns who was asked for what they remember: all of them for who leads,
// and for others no more than how it stands with themselves.
func (s *Service) Accounts(ctx context.Context, v hindcast.Viewer, ref string) ([]AccountRequest, error) {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	out := []AccountRequest{}
	for _, p := range d.People {
		if p.Account != "" && (d.Part() == access.Lead || p.PersonID == v.PersonID) {
			out = append(out, AccountRequest{p.PersonID, p.Account, p.AskedAt})
		}
	}
	return out, nil
}

// AskAccounts asks people who write in a post-mortem for what they remember. Until it
// is written, or they decline, they do not see what others remember, unless the
// policy shows it or they lead. Who has answered is not asked again.
func (s *Service) AskAccounts(ctx context.Context, v hindcast.Viewer, ref string, people []string) error {
	if len(people) == 0 {
		return hindcast.Errorf(hindcast.Invalid, "people: choose whom to ask")
	}
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return err
	}
	return s.Workflow.Hold(ctx, v, d.ID, access.Manage, func(h *workflow.Held) error {
		if h.Post.Status == hindcast.StatusPublished {
			return hindcast.Errorf(hindcast.Conflict, "it is published, and everybody reads what is remembered; reopen it to ask")
		}
		var asked []string
		for _, id := range people {
			p := partOf(h, id)
			if p == nil || p.Role == string(access.Reviewer) {
				return hindcast.Errorf(hindcast.Invalid, "people: only who writes here can be asked; make them participant under Sharing first")
			}
			if p.Account == "" {
				asked = append(asked, id)
			}
		}
		if len(asked) == 0 {
			return nil
		}
		if err := h.SetAccounts(ctx, workflow.AccountAsked, asked...); err != nil {
			return err
		}
		if err := h.Audit(ctx, "account.ask", map[string]any{"people": asked}); err != nil {
			return err
		}
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReview, To: asked, Subject: fmt.Sprintf("What do you remember of #%d?", h.Num), Path: fmt.Sprintf("/p/%d/account", h.Num)})
	})
}

func partOf(h *workflow.Held, id string) *workflow.Participant {
	for i := range h.People {
		if h.People[i].PersonID == id {
			return &h.People[i]
		}
	}
	return nil
}

// WriteAccount adds what the viewer remembers to a post-mortem. Its id and the time
// of writing are set here.
func (s *Service) WriteAccount(ctx context.Context, v hindcast.Viewer, ref string, a hindcast.Account) (workflow.Saved, error) {
	a.ID, a.Written = "", s.now().Truncate(time.Second)
	if a.Text = strings.TrimSpace(a.Text); a.Text == "" {
		return workflow.Saved{}, hindcast.Errorf(hindcast.Invalid, "text: write down what you remember, or decline")
	}
	if a.Who = strings.TrimSpace(a.Who); a.Who == "" {
		return workflow.Saved{}, hindcast.Errorf(hindcast.Invalid, "who: say in which role you were there, such as on-call engineer")
	}
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return workflow.Saved{}, err
	}
	var saved workflow.Saved
	return saved, s.Workflow.Hold(ctx, v, d.ID, access.Write, func(h *workflow.Held) (err error) {
		c := part.Change{Path: "accounts/" + strings.ToLower(rand.Text()[:12]), Value: workflow.JSON(a)}
		if saved, err = h.Edit(ctx, []part.Change{c}, ""); err != nil {
			return err
		}
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReview, To: leads(h), Subject: fmt.Sprintf("Somebody wrote down what they remember of #%d", h.Num), Path: fmt.Sprintf("/p/%d#%s", h.Num, c.Path)})
	})
}

func leads(h *workflow.Held) []string {
	var out []string
	for _, p := range h.People {
		if p.Role == string(access.Lead) {
			out = append(out, p.PersonID)
		}
	}
	return out
}

// DeclineAccount says that the viewer has nothing to add to what others remember. It
// needs no reason, and lets them read what others do.
func (s *Service) DeclineAccount(ctx context.Context, v hindcast.Viewer, ref string) error {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return err
	}
	if v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "this token may only read; use one that may write, or sign in")
	}
	return s.Workflow.Hold(ctx, v, d.ID, access.Read, func(h *workflow.Held) error {
		p := partOf(h, v.PersonID)
		if p == nil || p.Account != workflow.AccountAsked {
			return hindcast.Errorf(hindcast.Conflict, "nobody waits for what you remember here; you may write it down all the same")
		}
		if err := h.SetAccounts(ctx, workflow.AccountDeclined, v.PersonID); err != nil {
			return err
		}
		return h.Audit(ctx, "account.decline", nil)
	})
}
