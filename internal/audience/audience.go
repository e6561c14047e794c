// Package audience makes what a kind of reader may see out of a post-mortem.
//
//	seen := audience.For(audience.Customer, pm)
//	document.Markdown(seen.Postmortem) // and every other rendering
//
// What each [Audience] sees is an allow-list of fields: a field that is not
// listed is withheld, so that one added to the vocabulary stays inside until
// somebody decides. Text that is shown is also freed of what the audience may
// not read in it: names of people, and for those farther away quotations from
// the evidence, commands, hosts and services. Last, what still looks like a
// secret or personal data is replaced, and reported as a [Finding].
//
// Masking text is a help and no proof: a person reads a rendering before it is
// given to customers.
package audience

import (
	"reflect"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/redact"
)

// Audience is a kind of reader.
type Audience string

// The audiences, from the nearest to the incident to the farthest.
const (
	Engineering Audience = "engineering" // everything technical, people as roles
	Executive   Audience = "executive"   // what it did, why in short, and what is done about it
	Customer    Audience = "customer"    // what happened, when, and what is done about it
)

// All returns the audiences, the nearest first.
func All() []Audience { return []Audience{Engineering, Executive, Customer} }

// Parse returns the audience with a name.
func Parse(name string) (Audience, error) {
	for _, a := range All() {
		if name == string(a) {
			return a, nil
		}
	}
	return "", hindcast.Errorf(hindcast.Invalid, "there is no audience %q; choose %s", name, strings.Join(Names(), ", "))
}

// Names returns the names of the audiences.
func Names() []string {
	var out []string
	for _, a := range All() {
		out = append(out, string(a))
	}
	return out
}

// SeesCauses reports whether an audience sees factors, and so pictures of them.
func (a Audience) SeesCauses() bool { return sightOf("Factor.description", a) != hidden }

// SeesEntries reports whether an audience sees the timeline's entries.
func (a Audience) SeesEntries() bool { return sightOf("Entry.title", a) != hidden }

// column is the place of an audience in the table.
func (a Audience) column() int {
	for i, b := range All() {
		if a == b {
			return i
		}
	}
	return -1
}

// Finding is a text that looked like a secret or personal data and was replaced.
// It never holds the text itself.
type Finding struct {
	Field string      `json:"field"` // by its JSON names: "actions[1].description"
	Kind  redact.Kind `json:"kind"`
}

// View is a post-mortem as an audience sees it.
type View struct {
	Audience   Audience
	Postmortem hindcast.Postmortem
	Findings   []Finding
}

// For returns what an audience sees of a post-mortem, which stays as it is. An
// unknown audience sees nothing.
func For(a Audience, p hindcast.Postmortem) View {
	b := newBuilder(a, p)
	return View{a, b.postmortem(p), b.findings}
}

// ActionItem returns one action item of a post-mortem as an audience sees it; false
// when it sees nothing of it.
func ActionItem(a Audience, p hindcast.Postmortem, x hindcast.ActionItem) (seen hindcast.ActionItem, ok bool) {
	b := newBuilder(a, p)
	value := copied(reflect.ValueOf(x))
	if b.rows["Postmortem.actions"] == hidden || !b.admit(value) {
		return seen, false
	}
	b.within(place{name: "actions"}, func() { b.fill(reflect.ValueOf(&seen).Elem(), value) })
	return seen, true
}

// ActionItems returns the action items of a post-mortem as an audience sees them, for
// much less than the whole costs.
func ActionItems(a Audience, p hindcast.Postmortem) []hindcast.ActionItem {
	b := newBuilder(a, p)
	s := b.rows["Postmortem.actions"]
	if s == hidden {
		return nil
	}
	var out []hindcast.ActionItem
	b.within(place{name: "actions"}, func() { b.list(reflect.ValueOf(&out).Elem(), reflect.ValueOf(p.Actions), s, "Postmortem") })
	return out
}
