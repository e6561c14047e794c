package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/api"
	"github.com/hindcast/hindcast/internal/web"
)

// operations are by what the API does what a form of a page does, by the id of the
// operation: several where the page decides by what it is sent.
var operations = map[string]string{
	"/actions/bulk":           "change-actions",
	"/actions/change":         "change-action",
	"/actions/filters":        "put-action-view",
	"/actions/filters/remove": "delete-action-view",
	"/actions/filters/rename": "put-action-view",
	"/actions/review":         "begin-action-review",
	"/actions/review/{id}":    "look-at-action", "/actions/review/{id}/end": "end-action-review",
	"/actions/undo": "undo-action-changes",
	"/inbox/all":    "mark-inbox", "/inbox/read": "mark-inbox",
	"/inbox/preferences": "put-notifications", "/settings/mail/test": "test-mail", "/settings/mail/retry": "retry-mail",
	"/settings/waiting/messages/{id}/{decide}": "approve-delivery cancel-delivery", "/settings/waiting/tickets/{id}/approve": "approve-ticket", "/settings/waiting/tickets/{id}/refuse": "refuse-ticket",
	"/library/views": "put-view", "/library/views/remove": "delete-view",
	"/new/blank": "create-incident", "/new/near-miss": "create-incident", "/new/evidence": "draft-incident", "/new/markdown": "import-document", "/new/page": "take-page",

	"/p/{num}/part": "edit-incident", "/p/{num}/undo": "undo-revision", "/p/{num}/bring-back": "bring-back-revision", "/p/{num}/move": "move-incident",
	"/p/{num}/attest": "edit-incident", "/p/{num}/waive": "edit-incident", "/p/{num}/suggestion": "edit-incident", "/p/{num}/ignore": "edit-incident",
	"/p/{num}/analysis": "edit-incident", "/p/{num}/decision/{id}": "edit-incident", "/p/{num}/lint": "lint-text",
	"/p/{num}/integrity": "judge-clock believe-entry edit-incident",
	"/p/{num}/evidence":  "add-evidence", "/p/{num}/evidence/{sha}/purge": "purge-evidence",
	"/p/{num}/share": "share-incident", "/p/{num}/unshare": "unshare-incident", "/p/{num}/private": "set-privacy", "/p/{num}/join": "join-incident", "/settings/join": "join-incident",
	"/p/{num}/remove": "remove-incident", "/p/{num}/restore": "restore-incident",
	"/p/{num}/ask": "ask-query", "/p/{num}/channels": "link-channel", "/p/{num}/channels/{id}/read": "read-channel", "/p/{num}/channels/{id}/unlink": "unlink-channel",
	"/p/{num}/elsewhere": "publish-elsewhere", "/p/{num}/tickets": "create-tickets", "/p/{num}/tickets/look": "look-at-tickets", "/p/{num}/tickets/{id}/give-up": "give-up-ticket",

	"/p/{num}/account": "write-account", "/p/{num}/account/ask": "ask-for-accounts", "/p/{num}/account/decline": "decline-account",
	"/p/{num}/review": "open-thread", "/p/{num}/review/suggest": "open-thread", "/p/{num}/review/thread/{id}": "reply", "/p/{num}/review/edit/{id}": "edit-comment",
	"/p/{num}/review/resolve/{id}": "resolve-thread", "/p/{num}/review/accept/{id}": "accept-suggestion", "/p/{num}/review/decline/{id}": "decline-suggestion",
	"/p/{num}/review/ask": "ask-for-review", "/p/{num}/review/answer": "answer-review",

	"/p/{num}/meeting": "plan-meeting replan-meeting", "/p/{num}/meeting/{id}/cancel": "cancel-meeting",
	"/p/{num}/meeting/{id}/act": "turn-meeting say-in-meeting show-in-meeting note-attendance take-up-parked write-in-meeting close-meeting",

	"/p/{num}/read/thanks": "thank take-thanks-back", "/p/{num}/read/questions": "ask-question", "/p/{num}/read/answers": "answer-question",
	"/p/{num}/read/take-back": "take-question-back", "/p/{num}/read/uses": "put-use", "/p/{num}/read/withdrawn/{n}": "withdraw-publication",

	"/people/invite": "invite-person", "/people/reset": "reset-password", "/people/role": "edit-person",
	"/settings/tokens": "create-token", "/settings/tokens/revoke": "revoke-token", "/settings/feed": "create-token",
	"/settings/connections": "create-endpoint", "/settings/connections/{id}": "put-endpoint", "/settings/connections/{id}/remove": "delete-endpoint",
	"/settings/connections/{id}/pause": "put-endpoint", "/settings/connections/{id}/resume": "put-endpoint", "/settings/connections/{id}/retry": "retry-endpoint",
	"/settings/connections/{id}/secret": "rotate-secret", "/settings/connections/{id}/test": "test-endpoint",
	"/settings/deliveries/{id}/{decide}": "approve-delivery cancel-delivery retry-delivery",
	"/mail/{id}/attach":                  "attach-message", "/mail/{id}/draft": "draft-message", "/mail/{id}/dismiss": "dismiss-message", "/mail/{id}/restore": "restore-message", "/p/{num}/mail/renew": "renew-mail-address",
	"/settings/incoming/pull": "pull-incident", "/settings/incoming/{id}/draft": "draft-episode",
}

// pageOnly are acts that only a page does, with the reason.
var pageOnly = map[string]string{
	"/sign-out":                   "a token has no session",
	"/settings/password":          "who has a token is not asked for the password, and so may not replace it",
	"/p/{num}/replay":             "it only calculates; hindcast replay does, without a server",
	"/p/{num}/write/{key}":        "steps of an editor that follows; a program edits the section",
	"/p/{num}/write/{key}/cursor": "where somebody writes",
	"/p/{num}/write/{key}/done":   "somebody stops writing",
	"/p/{num}/write/{key}/rejoin": "an editor that was away",
}

// TestWhatAPageDoesTheAPIDoes keeps programs from being left behind: every act of a
// page has an operation, or a reason why not.
func TestWhatAPageDoesTheAPIDoes(t *testing.T) {
	raw, err := api.New(api.Config{}, http.NewServeMux()).Description()
	if err != nil {
		t.Fatal(err)
	}
	var described struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(raw, &described); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, methods := range described.Paths {
		for _, op := range methods {
			known[op.OperationID] = true
		}
	}
	pages, err := web.New(web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, p := range pages.Patterns() {
		if path, ok := strings.CutPrefix(p, "POST "); ok {
			acts = append(acts, path)
		}
	}
	slices.Sort(acts)
	for _, path := range acts {
		if operations[path] == "" && pageOnly[path] == "" {
			t.Errorf("POST %s does something; name the operation of the API that does it, or the reason why there is none", path)
		}
		for _, id := range strings.Fields(operations[path]) {
			if !known[id] {
				t.Errorf("POST %s is said to be %s, which the API does not have", path, id)
			}
		}
	}
	for _, list := range []map[string]string{operations, pageOnly} {
		for path := range list {
			if !slices.Contains(acts, path) {
				t.Errorf("no page does POST %s any more", path)
			}
		}
	}
}
