package web

import (
	"context"

	meetingpages "github.com/hindcast/hindcast/internal/web/meeting"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// meeting are the pages of the meeting about a post-mortem.
func (h *Handler) meeting() meetingpages.Handlers {
	return meetingpages.Handlers{Config: meetingpages.Config{Meetings: h.Meetings, Now: h.Now, Name: h.name, Guest: h.guest, Address: h.Address, Hub: h.talks, Show: h.showAnalysis, Send: fragment}}
}

// guest returns how an invitation names a person; nobody when there is none.
func (h *Handler) guest(ctx context.Context, id string) meeting.Guest {
	p, err := h.Auth.Person(ctx, id)
	if err != nil {
		return meeting.Guest{}
	}
	return meeting.Guest{Name: p.Name, Email: p.Email}
}
