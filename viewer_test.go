package hindcast

import "testing"

func TestViewerMay(t *testing.T) {
	tests := []struct {
		name                    string
		viewer                  Viewer
		read, write, administer bool
	}{
		{"nobody", Viewer{}, false, false, false},
		{"a role without a person", Viewer{Role: RoleAdmin}, false, false, false},
		{"a person without a role", Viewer{PersonID: "p"}, false, false, false},
		{"reader", Viewer{PersonID: "p", Role: RoleReader}, true, false, false},
		{"member", Viewer{PersonID: "p", Role: RoleMember}, true, true, false},
		{"admin", Viewer{PersonID: "p", Role: RoleAdmin}, true, true, true},
		{"admin with a read token", Viewer{PersonID: "p", Role: RoleAdmin, Scopes: []Scope{ScopeRead}}, true, false, false},
		{"admin with a write token", Viewer{PersonID: "p", Role: RoleAdmin, Scopes: []Scope{ScopeWrite}}, true, true, false},
		{"admin with an admin token", Viewer{PersonID: "p", Role: RoleAdmin, Scopes: []Scope{ScopeAdmin}}, true, true, true},
		{"reader with an admin token", Viewer{PersonID: "p", Role: RoleReader, Scopes: []Scope{ScopeAdmin}}, true, false, false},
		{"admin with a token without scopes", Viewer{PersonID: "p", Role: RoleAdmin, Scopes: []Scope{}}, false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := [3]bool{tt.viewer.MayRead(), tt.viewer.MayWrite(), tt.viewer.MayAdminister()}; got != [3]bool{tt.read, tt.write, tt.administer} {
				t.Errorf("may read, write, administer = %v, want %v", got, [3]bool{tt.read, tt.write, tt.administer})
			}
		})
	}
}
