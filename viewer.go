package hindcast

import "slices"

// Role is what a person may do in a library as a whole.
type Role string

// The roles, the most powerful first.
const (
	RoleAdmin  Role = "admin"  // settings and people; no hidden reading of what others keep to themselves
	RoleMember Role = "member" // writes post-mortems
	RoleReader Role = "reader" // reads what is published
)

// Roles returns the roles.
func Roles() []Role { return []Role{RoleAdmin, RoleMember, RoleReader} }

// Scope is what an API token may do, at most what its person may.
type Scope string

// The scopes.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write" // includes reading
	ScopeAdmin Scope = "admin" // includes writing
	ScopeFeed  Scope = "feed"  // the feed of what is published, by a link, and nothing else
)

// Viewer is on whose behalf something is read or written. The zero Viewer may do
// nothing.
type Viewer struct {
	PersonID string
	Name     string // as others see it
	Role     Role
	Scopes   []Scope // of an API token; nil when the person is there in a session
	TokenID  string  // the token that acts, empty in a session
}

// Known reports whether anybody is there.
func (v Viewer) Known() bool { return v.PersonID != "" }

// allows reports whether the viewer's token, if there is one, has a scope or one
// that includes it.
func (v Viewer) allows(s Scope) bool {
	if v.Scopes == nil {
		return true
	}
	for i, scope := range []Scope{ScopeAdmin, ScopeWrite, ScopeRead} {
		if slices.Contains(v.Scopes, scope) {
			return i <= slices.Index([]Scope{ScopeAdmin, ScopeWrite, ScopeRead}, s)
		}
	}
	return false
}

// MayRead reports whether the viewer may read what is open to everybody here.
func (v Viewer) MayRead() bool {
	return v.Known() && slices.Contains(Roles(), v.Role) && v.allows(ScopeRead)
}

// MayWrite reports whether the viewer may write post-mortems at all.
func (v Viewer) MayWrite() bool {
	return v.Known() && (v.Role == RoleMember || v.Role == RoleAdmin) && v.allows(ScopeWrite)
}

// MayAdminister reports whether the viewer may change settings and people.
func (v Viewer) MayAdminister() bool { return v.Known() && v.Role == RoleAdmin && v.allows(ScopeAdmin) }
