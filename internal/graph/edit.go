package graph

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Edits are functions of a post-mortem that return the changes of its parts. Each
// change names the value it was made from, so a stale one is noticed when it is
// applied. Their errors are [hindcast.Error] with a message for people.

// Add adds a factor with an id that the caller chose. What it led to must exist.
func Add(p hindcast.Postmortem, x hindcast.Factor) ([]part.Change, error) {
	e := edit{p: p}
	if x.ID == "" || x.ID == hindcast.Outcome {
		return nil, hindcast.Errorf(hindcast.Invalid, "a factor cannot have the id %q; choose another", x.ID)
	}
	if _, ok := e.find(x.ID); ok {
		return nil, hindcast.Errorf(hindcast.Conflict, "there is a factor %q already; choose another id", x.ID)
	}
	if strings.TrimSpace(x.Description) == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the factor says nothing; say what it was in a sentence")
	}
	if err := taggable(x, x.Tag); err != nil {
		return nil, err
	}
	for _, to := range x.LedTo {
		if err := e.target(x.ID, to.To); err != nil {
			return nil, err
		}
	}
	e.put(x)
	return e.changes, nil
}

// Link says that one factor contributed to another, or to the incident when to is
// [hindcast.Outcome]. A link that is there gets the new sentence.
func Link(p hindcast.Postmortem, from, to, how string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(from)
	if err != nil {
		return nil, err
	}
	if x.RuledOutBy != "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s was ruled out; take that back before you link it", quote(x))
	}
	if err := e.target(from, to); err != nil {
		return nil, err
	}
	if i := edgeTo(x, to); i >= 0 {
		x.LedTo[i].How = how
	} else {
		x.LedTo = append(x.LedTo, hindcast.Edge{To: to, How: how})
	}
	e.put(x)
	return e.changes, nil
}

// Unlink removes the link between two factors, or a factor and the incident.
func Unlink(p hindcast.Postmortem, from, to string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(from)
	if err != nil {
		return nil, err
	}
	i := edgeTo(x, to)
	if i < 0 {
		return nil, hindcast.Errorf(hindcast.NotFound, "%s is not linked to %s", quote(x), e.name(to))
	}
	x.LedTo = slices.Delete(x.LedTo, i, i+1)
	e.put(x)
	return e.changes, nil
}

// Retag says which part a factor played; an empty tag opens the question again.
func Retag(p hindcast.Postmortem, id string, tag hindcast.Tag) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	if err := taggable(x, tag); err != nil {
		return nil, err
	}
	x.Tag = tag
	e.put(x)
	return e.changes, nil
}

// taggable says why a factor cannot have a tag.
func taggable(x hindcast.Factor, tag hindcast.Tag) error {
	switch {
	case !slices.Contains([]hindcast.Tag{"", hindcast.Root, hindcast.Contributing, hindcast.Mitigating, hindcast.Detecting}, tag):
		return hindcast.Errorf(hindcast.Invalid, "there is no tag %q; choose root, contributing, mitigating or detecting", tag)
	case tag != "" && x.RuledOutBy != "":
		return hindcast.Errorf(hindcast.Invalid, "%s was ruled out; take that back before you tag it", quote(x))
	case tag == hindcast.Root && x.Counterfactual.Answer != hindcast.AnswerNo:
		return hindcast.Errorf(hindcast.Invalid, "answer first: without %s, would the incident have happened? A root is a factor for which the answer is no", quote(x))
	}
	return nil
}

// Piece is a factor that a split makes.
type Piece struct{ ID, Description string }

// Split makes several factors of one that holds more than one thought. The factor
// itself keeps its id, its causes and its actions, and gets a new description; the
// pieces lead where it leads and share its evidence, category and bone. Which part
// each piece played is asked anew.
func Split(p hindcast.Postmortem, id, description string, pieces ...Piece) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	if len(pieces) == 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "a split needs at least two descriptions")
	}
	if strings.TrimSpace(description) == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the first part says nothing; say what it was in a sentence")
	}
	x.Description = description
	e.put(x)
	after := id
	for _, piece := range pieces {
		next := hindcast.Factor{ID: piece.ID, Description: piece.Description, Category: x.Category, Bone: x.Bone, Gap: x.Gap, RuledOutBy: x.RuledOutBy,
			Identified: x.Identified, LedTo: slices.Clone(x.LedTo), Evidence: slices.Clone(x.Evidence)}
		made, err := Add(e.p, next)
		if err != nil {
			return nil, err
		}
		behind := after
		made[0].After = &behind
		e.changes, e.p.Factors, after = append(e.changes, made...), append(slices.Clone(e.p.Factors), next), piece.ID
	}
	return e.changes, nil
}

// Merge makes one factor of two that say the same: all links, evidence and actions
// of other go to id, whose description stays; that of other goes to its detail.
func Merge(p hindcast.Postmortem, id, other string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	y, err := e.factor(other)
	if err != nil {
		return nil, err
	}
	switch {
	case id == other:
		return nil, hindcast.Errorf(hindcast.Invalid, "%s cannot be merged with itself; name two factors", quote(x))
	case (x.RuledOutBy == "") != (y.RuledOutBy == ""):
		return nil, hindcast.Errorf(hindcast.Invalid, "one of %s and %s was ruled out, the other was not; decide that first", quote(x), quote(y))
	}
	for _, pair := range [2][2]hindcast.Factor{{x, y}, {y, x}} {
		if via := e.detour(pair[0].ID, pair[1].ID); via != "" {
			return nil, hindcast.Errorf(hindcast.Conflict, "%s leads to %s through %s; merging them would make a circle", quote(pair[0]), quote(pair[1]), e.name(via))
		}
	}
	e.put(joined(x, y))
	e.redirect(id, other)
	return e.changes, nil
}

// joined returns x with what y has.
func joined(x, y hindcast.Factor) hindcast.Factor {
	leads := func(e hindcast.Edge) bool { return e.To == x.ID || e.To == y.ID }
	x.LedTo = slices.DeleteFunc(slices.Clone(x.LedTo), leads)
	for _, e := range y.LedTo {
		if !leads(e) && edgeTo(x, e.To) < 0 {
			x.LedTo = append(x.LedTo, e)
		}
	}
	x.Evidence = slices.Clone(x.Evidence)
	for _, r := range y.Evidence {
		if !slices.Contains(x.Evidence, r) {
			x.Evidence = append(x.Evidence, r)
		}
	}
	detail := []string{x.Detail, y.Description, y.Detail}
	if x.Description == y.Description {
		detail[1] = ""
	}
	x.Detail = strings.Join(slices.DeleteFunc(detail, func(s string) bool { return s == "" }), "\n\n")
	if x.Category == "" {
		x.Category = y.Category
	}
	if x.Bone == "" {
		x.Bone = y.Bone
	}
	if x.Gap == "" {
		x.Gap = y.Gap
	}
	if x.Identified == "" {
		x.Identified = y.Identified
	}
	if x.Counterfactual.Answer == "" {
		x.Counterfactual = y.Counterfactual
	}
	if x.Tag == "" {
		x.Tag = y.Tag
	}
	if x.Tag == hindcast.Root && x.Counterfactual.Answer != hindcast.AnswerNo {
		x.Tag = ""
	}
	return x
}

// redirect lets the links and actions of other lead to id, and removes other.
func (e *edit) redirect(id, other string) {
	for _, z := range e.p.Factors {
		i := edgeTo(z, other)
		if z.ID == id || z.ID == other || i < 0 {
			continue
		}
		z.LedTo = slices.Clone(z.LedTo)
		if edgeTo(z, id) >= 0 {
			z.LedTo = slices.Delete(z.LedTo, i, i+1)
		} else {
			z.LedTo[i].To = id
		}
		e.put(z)
	}
	for _, a := range e.p.Actions {
		i := slices.Index(a.Factors, other)
		if i < 0 {
			continue
		}
		a.Factors = slices.Clone(a.Factors)
		if slices.Contains(a.Factors, id) {
			a.Factors = slices.Delete(a.Factors, i, i+1)
		} else {
			a.Factors[i] = id
		}
		e.change("actions/"+a.ID, a)
	}
	e.change("factors/"+other, nil)
}

// edit collects changes of a post-mortem.
type edit struct {
	p       hindcast.Postmortem
	changes []part.Change
}

func (e *edit) find(id string) (hindcast.Factor, bool) {
	i := slices.IndexFunc(e.p.Factors, func(x hindcast.Factor) bool { return x.ID == id })
	if i < 0 {
		return hindcast.Factor{}, false
	}
	x := e.p.Factors[i]
	x.LedTo = slices.Clone(x.LedTo)
	return x, true
}

func (e *edit) factor(id string) (hindcast.Factor, error) {
	x, ok := e.find(id)
	if !ok {
		return x, hindcast.Errorf(hindcast.NotFound, "there is no factor %q any more; reload the page", id)
	}
	return x, nil
}

// target says why a link between two cannot be.
func (e *edit) target(from, to string) error {
	switch {
	case from == to:
		return hindcast.Errorf(hindcast.Invalid, "a factor cannot lead to itself")
	case to == hindcast.Outcome:
		return nil
	}
	y, err := e.factor(to)
	if err != nil {
		return err
	}
	if y.RuledOutBy != "" {
		return hindcast.Errorf(hindcast.Invalid, "%s was ruled out; take that back before something leads to it", quote(y))
	}
	if path := e.path(to, from); path != nil {
		var names []string
		for _, id := range path {
			names = append(names, e.name(id))
		}
		return hindcast.Errorf(hindcast.Conflict, "that would make a circle: %s; remove one of these links first", strings.Join(names, " led to "))
	}
	return nil
}

// path returns the ids along a shortest way between two factors, nil when there
// is none.
func (e *edit) path(from, to string) []string {
	before := map[string]string{from: ""}
	queue := []string{from}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if id == to {
			var out []string
			for ; id != ""; id = before[id] {
				out = append([]string{id}, out...)
			}
			return out
		}
		x, _ := e.find(id)
		for _, l := range x.LedTo {
			if _, seen := before[l.To]; !seen {
				before[l.To] = id
				queue = append(queue, l.To)
			}
		}
	}
	return nil
}

// detour returns the first factor on a way between two that is not the direct
// link; empty when there is none.
func (e *edit) detour(from, to string) string {
	x, _ := e.find(from)
	for _, l := range x.LedTo {
		if l.To != to && l.To != hindcast.Outcome && e.path(l.To, to) != nil {
			return l.To
		}
	}
	return ""
}

// name returns the words for the end of a link.
func (e *edit) name(id string) string {
	if id == hindcast.Outcome {
		return "the incident"
	}
	if x, ok := e.find(id); ok {
		return quote(x)
	}
	return "“" + id + "”"
}

// quote returns the beginning of a description in quotation marks.
func quote(x hindcast.Factor) string {
	const most = 60
	r := []rune(x.Description)
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return "“" + string(r) + "”"
}

func edgeTo(x hindcast.Factor, to string) int {
	return slices.IndexFunc(x.LedTo, func(l hindcast.Edge) bool { return l.To == to })
}

func (e *edit) put(x hindcast.Factor) { e.change("factors/"+x.ID, x) }

// change adds the change of a part to a value, nil to remove it.
func (e *edit) change(path string, value any) {
	old, err := part.Get(&e.p, path)
	if err != nil {
		panic(err) // the paths of lists are constants, and no id is empty
	}
	base := part.TagOf(old)
	c := part.Change{Path: path, Base: &base}
	if value != nil {
		if c.Value, err = json.Marshal(value); err != nil {
			panic(err) // the vocabulary has nothing that JSON cannot hold
		}
	}
	e.changes = append(e.changes, c)
}
