package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/workflow"
)

// TestAnInbox follows a note from the rules to the page, the header and the API.
func TestAnInbox(t *testing.T) {
	s := start(t, nil, server.Options{})
	admin := s.admin()
	if _, page := admin.do("GET", "/inbox", "", ""); !strings.Contains(page, "Nothing waits for you") || strings.Contains(page, `class="inbox"`) {
		t.Fatalf("the empty inbox is %s", page)
	}
	var d struct{ ID string }
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down"}, &d)
	var me struct{ ID string }
	admin.api("GET", "/me", nil, &me)
	other := hindcast.Viewer{PersonID: "other", Role: hindcast.RoleMember}
	_, err := s.Workflow().Share(t.Context(), hindcast.Viewer{PersonID: me.ID, Role: hindcast.RoleAdmin}, d.ID, other.PersonID, access.Lead)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Workflow().Hold(t.Context(), other, d.ID, access.Read, func(h *workflow.Held) error {
		for _, text := range []string{"You are <named>", "You are asked"} {
			if err := h.Notify(t.Context(), workflow.Note{Kind: workflow.NoteMention, To: []string{me.ID}, Subject: text, Path: "/p/1/review", Key: text}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, page := admin.do("GET", "/inbox", "", "")
	if !strings.Contains(page, "You are &lt;named&gt;") || !strings.Contains(page, "Inbox, 2 unread") {
		t.Fatalf("the inbox lacks what was told: %s", page)
	}
	var list []struct{ ID, Subject, ReadAt string }
	admin.api("GET", "/inbox", nil, &list)
	if len(list) != 2 {
		t.Fatalf("the API lists %+v, want both", list)
	}
	admin.api("POST", "/inbox/read", map[string]any{"ids": []string{list[0].ID}}, nil)
	if _, page := admin.do("GET", "/library", "", ""); !strings.Contains(page, "Inbox, 1 unread") {
		t.Errorf("the header does not say that one is unread")
	}
	if res, _ := admin.do("POST", "/inbox/read", "application/x-www-form-urlencoded", url.Values{"id": {list[1].ID}}.Encode()); res.StatusCode >= http.StatusBadRequest {
		t.Errorf("marking one = %s", res.Status)
	}
	if _, page := admin.do("GET", "/inbox", "", ""); !strings.Contains(page, "You have read everything") || strings.Contains(page, "Mark read") {
		t.Errorf("the inbox still has something unread: %s", page)
	}
	if res, _ := admin.do("POST", "/inbox/all", "application/x-www-form-urlencoded", ""); res.StatusCode >= http.StatusBadRequest {
		t.Errorf("marking all = %s", res.Status)
	}
}
