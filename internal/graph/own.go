package graph

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Set replaces what a factor says of itself by what x says. Its links, its
// evidence and whether it was ruled out stay; there are edits for each.
func Set(p hindcast.Postmortem, x hindcast.Factor) ([]part.Change, error) {
	e := edit{p: p}
	old, err := e.factor(x.ID)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(x.Description) == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the factor says nothing; say what it was in a sentence")
	}
	x.LedTo, x.Evidence, x.RuledOutBy, x.TagBefore, x.Number = old.LedTo, old.Evidence, old.RuledOutBy, old.TagBefore, old.Number
	if err := taggable(x, x.Tag); err != nil {
		return nil, err
	}
	e.put(x)
	return e.changes, nil
}

// RuleOut keeps a hypothesis that did not hold, with what ruled it out. It plays no
// part any more; its links, and its tag as the one before, stay for when that is taken
// back.
func RuleOut(p hindcast.Postmortem, id, by string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	if by = strings.TrimSpace(by); by == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "say what ruled %s out: an observation, a test, a record", quote(x))
	}
	if x.RuledOutBy == "" {
		x.TagBefore = x.Tag
	}
	x.RuledOutBy, x.Tag = by, ""
	e.put(x)
	return e.changes, nil
}

// TakeUp makes a factor of what had been ruled out, with the tag that it had.
func TakeUp(p hindcast.Postmortem, id string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	for _, l := range x.LedTo {
		if err := e.target(id, l.To); err != nil {
			return nil, err
		}
	}
	x.RuledOutBy = ""
	e.put(x.TakenUp())
	return e.changes, nil
}

// Remove removes a factor. What led to it leads from now on to what it led to, and
// actions no longer answer it.
func Remove(p hindcast.Postmortem, id string) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	for _, y := range p.Factors {
		i := edgeTo(y, id)
		if y.ID == id || i < 0 {
			continue
		}
		y.LedTo = slices.Delete(slices.Clone(y.LedTo), i, i+1)
		for _, l := range x.LedTo {
			if edgeTo(y, l.To) < 0 && l.To != y.ID {
				y.LedTo = append(y.LedTo, hindcast.Edge{To: l.To})
			}
		}
		e.put(y)
	}
	for _, a := range p.Actions {
		if i := slices.Index(a.Factors, id); i >= 0 {
			a.Factors = slices.Delete(slices.Clone(a.Factors), i, i+1)
			e.change("actions/"+a.ID, a)
		}
	}
	e.change("factors/"+id, nil)
	return e.changes, nil
}

// Attach adds evidence to a factor; what it has already is not added twice.
func Attach(p hindcast.Postmortem, id string, refs ...hindcast.Ref) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	x.Evidence = slices.Clone(x.Evidence)
	for _, r := range refs {
		if !slices.Contains(x.Evidence, r) {
			x.Evidence = append(x.Evidence, r)
		}
	}
	e.put(x)
	return e.changes, nil
}

// Detach takes evidence from a factor.
func Detach(p hindcast.Postmortem, id string, ref hindcast.Ref) ([]part.Change, error) {
	e := edit{p: p}
	x, err := e.factor(id)
	if err != nil {
		return nil, err
	}
	i := slices.Index(x.Evidence, ref)
	if i < 0 {
		return nil, hindcast.Errorf(hindcast.NotFound, "%s does not rest on %s", quote(x), ref)
	}
	x.Evidence = slices.Delete(slices.Clone(x.Evidence), i, i+1)
	e.put(x)
	return e.changes, nil
}

// NewID returns an id for a new factor, of the first words of its description, so
// that documents are readable as text.
func NewID(p hindcast.Postmortem, description string) string {
	words := strings.FieldsFunc(strings.ToLower(description), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	id := "f"
	for _, w := range words {
		if len(id)+1+len(w) > 32 {
			break
		}
		id += "-" + w
	}
	e, out := edit{p: p}, id
	for n := 2; ; n++ {
		if _, taken := e.find(out); !taken {
			return out
		}
		out = fmt.Sprintf("%s-%d", id, n)
	}
}
