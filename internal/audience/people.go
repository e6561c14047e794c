package audience

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// The roles of whoever is known by name alone.
const (
	responder   = "responder"
	participant = "participant"
	somebody    = "named internally" // an owner that is no team, for those outside
)

var (
	roleWords = lazyregexp.New(`(?i)\b(?:engineers?|on-?call|commander|operators?|support|lead|managers?|responders?|participants?|sre|teams?|customers?|users?|admin(?:istrator)?|root|ops|agent|` +
		`developers?|owner|scribe|facilitator|reviewers?|director|analysts?|architect|specialist|officer|monitor|system|report|vendor)\b`)
	teamWords = lazyregexp.New(`(?i)\b(?:teams?|squad|group|guild|tribe|crew|department|division|platform|operations|engineering|security|infrastructure|sre|devops|office|committee)\b`)
	personEnd = lazyregexp.New(`(?i)\b(?:engineer|lead|manager|commander|responder|operator|director|developer|analyst|architect|specialist|officer)(?: [A-Z])?$`)
)

// people knows who a post-mortem names.
type people struct {
	roles map[string]string // by name in lower case
}

func newPeople(p hindcast.Postmortem) *people {
	all := &people{map[string]string{}}
	for _, x := range p.Incident.Participants {
		all.add(x.Name, x.Role)
	}
	for _, e := range p.Timeline {
		if e.Actor.Kind == hindcast.Person {
			all.add(e.Actor.Name, responder)
		}
	}
	for _, a := range p.Accounts {
		all.add(a.Who, participant)
	}
	for _, t := range p.History {
		all.add(t.By, participant)
	}
	return all
}

// add keeps a name that is no role already.
func (p *people) add(name, as string) {
	key := strings.ToLower(strings.TrimSpace(name))
	if key == "" || roleWords.MatchString(key) || p.roles[key] != "" {
		return
	}
	if as == "" || !roleWords.MatchString(as) {
		as = participant
	}
	p.roles[key] = as
}

// role returns the role of whoever is named, or other when nothing tells it.
func (p *people) role(name, other string) string {
	if as := p.roles[strings.ToLower(strings.TrimSpace(name))]; as != "" {
		return as
	}
	if name == "" || roleWords.MatchString(name) {
		return name
	}
	return other
}

// teamOnly returns an owner that is a team.
func teamOnly(owner string) string {
	if owner == "" || teamWords.MatchString(owner) && !personEnd.MatchString(owner) {
		return owner
	}
	return somebody
}

// Roles puts people in texts of one post-mortem as their roles, as every audience
// reads them.
type Roles struct{ names *names }

// RolesOf returns the roles of those whom a post-mortem names.
func RolesOf(p hindcast.Postmortem) Roles { return Roles{newNames(newPeople(p).roles)} }

// In returns a text with roles in place of names.
func (r Roles) In(text string) string { return r.names.replace(text) }
