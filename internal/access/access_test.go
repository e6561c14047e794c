package access

import (
	"testing"

	"github.com/hindcast/hindcast"
)

func TestMay(t *testing.T) {
	admin := hindcast.Viewer{PersonID: "a", Role: hindcast.RoleAdmin}
	member := hindcast.Viewer{PersonID: "m", Role: hindcast.RoleMember}
	reader := hindcast.Viewer{PersonID: "r", Role: hindcast.RoleReader}
	token := hindcast.Viewer{PersonID: "m", Role: hindcast.RoleMember, Scopes: []hindcast.Scope{hindcast.ScopeRead}}
	draft := func(p Part) Facts { return Facts{Status: hindcast.StatusDraft, Part: p} }
	published := func(p Part) Facts { return Facts{Status: hindcast.StatusPublished, Part: p} }
	private := Facts{Status: hindcast.StatusPublished, Private: true}
	const ok, none, denied, conflict = hindcast.Code(""), hindcast.NotFound, hindcast.Denied, hindcast.Conflict
	tests := []struct {
		name                                 string
		viewer                               hindcast.Viewer
		facts                                Facts
		read, write, follow, manage, restore hindcast.Code
	}{
		{"nobody, published", hindcast.Viewer{}, published(""), none, none, none, none, none},
		{"member, somebody's draft", member, draft(""), none, none, none, none, none},
		{"admin, somebody's draft", admin, draft(""), none, none, none, none, none},
		{"admin, private", admin, private, none, none, none, none, none},
		{"member, published", member, published(""), ok, denied, denied, denied, denied},
		{"reader, published", reader, published(""), ok, denied, denied, denied, denied},
		{"reviewer, draft", member, draft(Reviewer), ok, denied, denied, denied, denied},
		{"participant, draft", member, draft(Participant), ok, ok, ok, denied, denied},
		{"participant with a read token", token, draft(Participant), ok, denied, denied, denied, denied},
		{"participant who is a reader", reader, draft(Participant), ok, denied, denied, denied, denied},
		{"lead, draft", member, draft(Lead), ok, ok, ok, ok, ok},
		{"lead, published", member, published(Lead), ok, conflict, ok, ok, ok},
		{"lead, approved", member, Facts{Status: hindcast.StatusApproved, Part: Lead}, ok, conflict, ok, ok, ok},
		{"lead, private", member, Facts{Status: hindcast.StatusPublished, Private: true, Part: Lead}, ok, conflict, ok, ok, ok},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for act, want := range map[Act]hindcast.Code{Read: tt.read, Write: tt.write, Follow: tt.follow, Manage: tt.manage, Restore: tt.restore} {
				if got := hindcast.CodeOf(May(tt.viewer, act, tt.facts)); got != want {
					t.Errorf("May(%s) = %q, want %q", act, got, want)
				}
			}
		})
	}
}

func TestActOf(t *testing.T) {
	for path, want := range map[string]Act{"title": Write, "actions/a1": Follow, "related/r1": Follow, "timeline/actions/x": Write} {
		if got := ActOf(path); got != want {
			t.Errorf("ActOf(%q) = %s, want %s", path, got, want)
		}
	}
}
