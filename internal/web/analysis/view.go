package analysis

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/web/form"
)

// The views of an analysis.
const (
	whys     = "whys"
	fishbone = "fishbone"
	causal   = "graph"
	table    = "table"
)

// views are the views in the order of their tabs.
var views = []struct{ key, name string }{{whys, "Whys"}, {fishbone, "Fishbone"}, {causal, "Graph"}, {table, "Table"}}

// shown returns the view of a name, the whys when there is none.
func shown(name string) string {
	for _, v := range views {
		if v.key == name {
			return name
		}
	}
	return whys
}

// View is what the page shows.
type View struct {
	Num, Version int64
	Post         *hindcast.Postmortem
	Graph        *graph.Graph
	MayWrite     bool
	Shown        string    // the view
	At           string    // what is chosen; empty when nothing is
	Act          string    // the form that is open; empty for what is known of the factor
	Saved        int64     // the revision just saved, to offer its undo
	Width        int       // of the picture
	Then         time.Time // as of which it is; zero for today
	Fault        *Fault

	judge graph.Judge
	key   string // of the document that is shown
}

// Fault is why a form was not kept.
type Fault struct {
	Do       string // the act
	Message  string
	Conflict *part.Conflict
	Values   url.Values // as sent
}

// asOf leaves out what nobody knew at a moment.
func (v *View) asOf(t time.Time) {
	then := asof.At(*v.Post, t).Apply(*v.Post)
	v.Post, v.Graph, v.Then, v.MayWrite = &then, graph.Of(then), t, false
}

const bonePrefix = "bone-"

// settle forgets a choice of what is not there, and acts that do not fit it.
func (v *View) settle() {
	if _, isBone := v.bone(); v.At != hindcast.Outcome && !isBone && v.factor() == nil {
		v.At, v.Act = "", ""
	}
	if v.factor() == nil && v.At != "" || v.Act == formWhy {
		v.Act = formWhy
	}
	if !v.MayWrite || !slices.Contains(forms, v.Act) {
		v.Act = ""
	}
}

// factor returns the factor that is chosen, or nil.
func (v *View) factor() *hindcast.Factor {
	for i := range v.Post.Factors {
		if v.Post.Factors[i].ID == v.At {
			return &v.Post.Factors[i]
		}
	}
	return nil
}

// bone returns the bone that is chosen.
func (v *View) bone() (hindcast.Bone, bool) {
	name, ok := strings.CutPrefix(v.At, bonePrefix)
	return hindcast.Bone(name), ok && slices.Contains(hindcast.Bones(), hindcast.Bone(name))
}

// address returns the address of the page with a view, a choice and a form.
func (v *View) address(view, at, act string) string {
	q := url.Values{"view": {view}}
	if at != "" {
		q.Set("at", at)
	}
	if act != "" {
		q.Set("act", act)
	}
	s := fmt.Sprintf("/p/%d/analysis?%s", v.Num, q.Encode())
	if at != "" {
		s += "#panel"
	}
	return s
}

func (v *View) post(rest string) string { return fmt.Sprintf("/p/%d%s", v.Num, rest) }

// name returns what a choice is called.
func (v *View) name(id string) string {
	if id == hindcast.Outcome {
		return "the incident"
	}
	if x, ok := v.Graph.Factor(id); ok {
		return x.Labeled(x.Description)
	}
	return id
}

// asking is the question that an answer below the choice answers, with its goal.
func (v *View) asking() (level int, question, goal string) {
	if b, ok := v.bone(); ok {
		return 0, graph.BoneQuestion(b), ""
	}
	level = 1
	if v.At != hindcast.Outcome {
		above := levelOf(v.Graph.Whys(nil), v.At)
		if above == 0 {
			return 0, "What made this possible?", ""
		}
		level = above + 1
	}
	all := hindcast.FiveWhys()
	l := all[min(level, len(all))-1]
	return level, l.Question, l.Goal
}

// levelOf returns the level at which a factor stands in a tree of whys, 0 when it
// stands in none.
func levelOf(tree []graph.Why, id string) int {
	for _, y := range tree {
		if y.Factor.ID == id && !y.Again {
			return y.Level
		}
		if n := levelOf(y.Causes, id); n > 0 {
			return n
		}
	}
	return 0
}

// findings returns what is worth a look at the choice.
func (v *View) findings() []graph.Finding {
	var out []graph.Finding
	for _, f := range v.Graph.Findings(v.judge) {
		if f.Factor == v.At {
			out = append(out, f)
		}
	}
	return out
}

// stops counts the chains of whys that end at a person, and at the nearest cause.
func (v *View) stops() (person, proximate []string) {
	for _, chain := range graph.Chains(v.Graph.Whys(v.judge)) {
		last := chain[len(chain)-1]
		if last.End == nil {
			continue
		}
		switch last.End.Stop {
		case graph.StopPerson:
			person = append(person, last.Factor.ID)
		case graph.StopProximate:
			proximate = append(proximate, last.Factor.ID)
		}
	}
	return person, proximate
}

// whole returns what is worth a look at the analysis as a whole.
func (v *View) whole() []graph.Finding {
	var out []graph.Finding
	for _, f := range v.Graph.Findings(v.judge) {
		if f.Factor == "" {
			out = append(out, f)
		}
	}
	return out
}

// base returns the tag of the chosen factor as it stands now.
func (v *View) base() string {
	raw, err := part.Get(v.Post, "factors/"+v.At)
	if err != nil {
		return "" // there is none
	}
	return string(part.TagOf(raw))
}

// others returns the factors to which the choice could be joined.
func (v *View) others(ruledOut bool) []hindcast.Factor {
	var out []hindcast.Factor
	for _, x := range v.Post.Factors {
		if x.ID != v.At && (x.RuledOutBy != "") == ruledOut {
			out = append(out, x)
		}
	}
	return out
}

// entries returns what the timeline has with evidence, to be attached.
func (v *View) entries() []hindcast.Entry {
	var out []hindcast.Entry
	for _, e := range v.Post.Timeline {
		if len(e.Evidence) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// sent returns what a refused form said in a field, or what is to be shown
// instead.
func (v *View) sent(do, field, instead string) string {
	if v.Fault != nil && v.Fault.Do == do && v.Fault.Values.Has(field) {
		return v.Fault.Values.Get(field)
	}
	return instead
}

// wrong returns why a form was refused, empty when it was not.
func (v *View) wrong(do string) string {
	if v.Fault == nil || v.Fault.Do != do {
		return ""
	}
	return v.Fault.Message
}

// fields returns the form of what the chosen factor says of itself.
func fields(p *hindcast.Postmortem, policy hindcast.Policy, id string) (*form.Form, error) {
	f, err := form.Of(p, policy, "factors/"+id)
	if err != nil {
		return nil, err
	}
	f.Fields = slices.DeleteFunc(f.Fields, func(x form.Field) bool { return x.Name == "led_to" || x.Name == "ruled_out_by" })
	return f, nil
}
