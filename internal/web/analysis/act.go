package analysis

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/graph"
)

// The forms of the panel, by their names in addresses.
const (
	formWhy    = "why"
	formLink   = "link"
	formSplit  = "split"
	formMerge  = "merge"
	formRule   = "rule-out"
	formAttach = "evidence"
	formRemove = "remove"
)

var forms = []string{formWhy, formLink, formSplit, formMerge, formRule, formAttach, formRemove}

// formOf returns the form in which an act is asked for; empty for what stands
// below what is known of a factor.
func formOf(do string) string {
	if do == doAdd {
		return formWhy
	}
	if slices.Contains(forms, do) {
		return do
	}
	return ""
}

// The acts that have no form of their own.
const (
	doAdd    = "add"
	doSet    = "set"
	doUnlink = "unlink"
	doTakeUp = "take-up"
	doDetach = "detach"
)

// decision is what a form asks for, and what is shown after it.
type decision struct {
	changes []part.Change
	note    string // for the history
	at, act string
}

// decide reads a form into the changes that it asks for.
func decide(p *hindcast.Postmortem, policy hindcast.Policy, sent url.Values) (decision, error) {
	at, out := sent.Get("at"), decision{at: sent.Get("at")}
	var err error
	switch do := sent.Get("do"); do {
	case doAdd:
		return add(p, sent)
	case doSet:
		out.changes, err = set(p, policy, sent)
	case formLink:
		out.note = "linked factors"
		from, to := at, sent.Get("to")
		if sent.Get("way") == "from" {
			from, to = to, at
		}
		if sent.Get("to") == "" {
			return out, hindcast.Errorf(hindcast.Invalid, "choose what it is linked to")
		}
		out.changes, err = graph.Link(*p, from, to, said(sent, "how"))
	case doUnlink:
		out.note = "removed a link"
		out.changes, err = graph.Unlink(*p, cmp.Or(sent.Get("from"), at), sent.Get("to"))
	case formSplit:
		out.note = "split a factor"
		out.changes, err = split(p, at, sent.Get("parts"))
	case formMerge:
		out.note = "merged two factors"
		out.changes, err = graph.Merge(*p, at, sent.Get("other"))
	case formRule:
		out.note = "ruled a hypothesis out"
		out.changes, err = graph.RuleOut(*p, at, sent.Get("by"))
	case doTakeUp:
		out.note = "took a hypothesis up again"
		out.changes, err = graph.TakeUp(*p, at)
	case formRemove:
		out.note, out.at = "removed a factor", hindcast.Outcome
		out.changes, err = graph.Remove(*p, at)
	case formAttach:
		out.note = "attached evidence"
		out.changes, err = attach(p, at, sent.Get("entry"))
	case doDetach:
		out.note = "detached evidence"
		out.changes, err = detach(p, at, sent.Get("ref"))
	default:
		return out, hindcast.Errorf(hindcast.Invalid, "there is no act %q here", do)
	}
	out.changes = rebase(out.changes, at, sent.Get("base"))
	return out, err
}

func said(sent url.Values, name string) string { return strings.TrimSpace(sent.Get(name)) }

// add adds an answer below another, a factor on a bone, or a hypothesis.
func add(p *hindcast.Postmortem, sent url.Values) (decision, error) {
	x := hindcast.Factor{Description: said(sent, "description"), Category: hindcast.Category(sent.Get("category")), Bone: hindcast.Bone(sent.Get("bone"))}
	x.ID = graph.NewID(*p, x.Description)
	if to := sent.Get("to"); to != "" {
		x.LedTo = []hindcast.Edge{{To: to, How: said(sent, "how")}}
	}
	changes, err := graph.Add(*p, x)
	out := decision{changes: changes, note: "added a factor", at: x.ID}
	if sent.Get("again") != "" {
		out.act = formWhy
	}
	return out, err
}

// set keeps what a factor says of itself.
func set(p *hindcast.Postmortem, policy hindcast.Policy, sent url.Values) ([]part.Change, error) {
	f, err := fields(p, policy, sent.Get("at"))
	if err != nil {
		return nil, err
	}
	value, faults := f.Decode(sent)
	if faults != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "%s %s", faults[0].Path, faults[0].Message)
	}
	x := hindcast.Factor{}
	if value != nil {
		if err := json.Unmarshal(value, &x); err != nil {
			return nil, fmt.Errorf("read the factor: %w", err)
		}
	}
	x.ID = sent.Get("at")
	return graph.Set(*p, x)
}

// split makes a factor of each line.
func split(p *hindcast.Postmortem, id, text string) ([]part.Change, error) {
	var lines []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) < 2 {
		return nil, hindcast.Errorf(hindcast.Invalid, "write at least two thoughts, each on a line of its own")
	}
	var pieces []graph.Piece
	taken := *p
	for _, l := range lines[1:] {
		piece := graph.Piece{ID: graph.NewID(taken, l), Description: l}
		taken.Factors = append(slices.Clone(taken.Factors), hindcast.Factor{ID: piece.ID})
		pieces = append(pieces, piece)
	}
	return graph.Split(*p, id, lines[0], pieces...)
}

// attach gives a factor the evidence of an entry.
func attach(p *hindcast.Postmortem, id, entry string) ([]part.Change, error) {
	for _, e := range p.Timeline {
		if e.ID == entry {
			return graph.Attach(*p, id, e.Evidence...)
		}
	}
	return nil, hindcast.Errorf(hindcast.Invalid, "choose the entry whose evidence shows it")
}

// detach takes away evidence by its place in the list of the factor.
func detach(p *hindcast.Postmortem, id, place string) ([]part.Change, error) {
	n, err := strconv.Atoi(place)
	for _, x := range p.Factors {
		if x.ID == id && err == nil && n >= 0 && n < len(x.Evidence) {
			return graph.Detach(*p, id, x.Evidence[n])
		}
	}
	return nil, hindcast.Errorf(hindcast.Conflict, "the evidence changed while you were looking; choose again")
}
