package store

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/prose"
)

// projection is what other tables hold of a document: all that lists, filters,
// searches and links need. It is a function of the document. Texts that everybody
// may come by have people as roles: the store does not ask who reads a list.
type projection struct {
	happened time.Time
	excerpt  string
	sections []section
	services []string
	actions  []action
	factors  []factor
	links    []string
	people   []Participant
	standing standing
	acl      []string
	heading  string // the title, in lists
	title    string // of the search index
	body     string
}

// standing is how an incident stands, as far as it counts for who takes part: nothing
// of it in the trash.
type standing struct {
	status  hindcast.Status
	due     int64 // when it is to be published; 0 when it need not be, or is
	actions int   // neither done nor declined
}

// action is a row of table action.
type action struct {
	id, status, priority, owner, team, effects, body string

	due, opened, closed, since, revisit int64 // days since 1970
	position                            int
	open                                bool
}

// factor is a row of table factor.
type factor struct{ id, sign, category, said string }

// noDue sorts actions without a due date last: the end of the year 9999 in days.
const noDue = 2932896

func project(d *Document) (*projection, error) {
	p := &d.Post
	roles := audience.RolesOf(*p)
	out := &projection{
		happened: happened(d),
		heading:  roles.In(p.Incident.Title),
		excerpt:  roles.In(prose.Excerpt(p)),
		sections: keyed(p.Sections),
		services: distinct(p.Incident.Services),
		links:    prose.References(p),
		people:   slices.Clone(d.People),
		acl:      acl(d),
		body:     roles.In(prose.All(searched(d))),
	}
	out.title = strings.Join([]string{out.heading, p.Incident.Number, strconv.FormatInt(d.Num, 10)}, " ")
	for i, a := range p.Actions {
		row, err := actionRow(d, i, a, roles)
		if err != nil {
			return nil, err
		}
		out.actions = append(out.actions, row)
	}
	out.standing = standingOf(d, out.actions)
	for _, f := range p.Factors {
		if sign := f.Sign(); sign != "" {
			out.factors = append(out.factors, factor{f.ID, sign, string(p.Category), roles.In(f.Description)})
		}
	}
	return out, nil
}

func standingOf(d *Document, actions []action) standing {
	if !d.DeletedAt.IsZero() {
		return standing{}
	}
	out := standing{status: d.Post.Status, actions: unfinished(actions)}
	if d.Required && d.publishedAt().IsZero() {
		out.due = sqldb.Micros(d.PublishDue)
	}
	return out
}

// unfinished counts the actions that are neither done nor declined.
func unfinished(list []action) (n int) {
	for _, a := range list {
		if a.open {
			n++
		}
	}
	return n
}

// searched returns what of a document is searched. What people remember is not while
// somebody is still asked for theirs, who is not to come across it.
func searched(d *Document) *hindcast.Postmortem {
	if d.Post.Status == hindcast.StatusPublished || !d.Asked() {
		return &d.Post
	}
	p := d.Post
	p.Accounts = nil
	return &p
}

// happened returns the time by which lists sort an incident.
func happened(d *Document) time.Time {
	for _, t := range []time.Time{d.Post.Incident.StartedAt, d.Post.Incident.DetectedAt} {
		if !t.IsZero() {
			return t
		}
	}
	return d.CreatedAt
}

func keyed(list []hindcast.Section) []section {
	out := make([]section, len(list))
	for i, key := range part.SectionKeys(list) {
		out[i] = section{key: key, position: i, version: 1, Section: list[i]}
	}
	return out
}

// distinct returns names without those that differ only in case, and empty ones.
func distinct(names []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, n := range names {
		if key := strings.ToLower(n); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}

func actionRow(d *Document, position int, a hindcast.ActionItem, roles audience.Roles) (action, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return action{}, hindcast.Errorf(hindcast.Invalid, "keep action %s: %w", a.ID, err)
	}
	row := action{id: a.ID, status: string(a.Status), priority: string(a.Priority), owner: roles.In(a.Owner), team: roles.In(a.Team()), body: string(body),
		due: days(a.Due), opened: days(agreed(d, a)), closed: days(a.Closed), since: days(a.Since()), revisit: days(a.Revisit), position: position, open: a.Open()}
	if a.Due.IsZero() {
		row.due = noDue
	}
	for _, e := range a.Effects {
		row.effects += " " + string(e)
	}
	if row.effects != "" {
		row.effects += " "
	}
	return row, nil
}

// agreed returns the day from which an action counts.
func agreed(d *Document, a hindcast.ActionItem) hindcast.Date {
	if day := d.Post.Agreed(a); !day.IsZero() {
		return day
	}
	return hindcast.DateOf(d.CreatedAt)
}

// days returns a day as the number of days since 1970; 0 for the zero Date.
func days(d hindcast.Date) int64 {
	if d.IsZero() {
		return 0
	}
	return d.Time().Unix() / 86400
}

// acl returns who may read a document.
func acl(d *Document) []string {
	out := map[string]bool{}
	for _, p := range d.People {
		out[person(p.PersonID)] = true
	}
	if d.open() {
		out[everybody] = true
	}
	return slices.Sorted(maps.Keys(out))
}
