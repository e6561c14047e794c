package graph

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/picture"
)

// DrawFishbone draws the fishbone as SVG.
func (g *Graph) DrawFishbone(w io.Writer, f picture.Frame) error {
	b := g.Fishbone()
	fish := picture.Fish{Title: "Fishbone: " + g.name(), Head: g.outcome(), Apart: apart("On no bone yet", b.Unplaced, b.RuledOut)}
	var desc []string
	for _, x := range b.Bones {
		bone := picture.FishBone{ID: string(x.Bone), Name: capital(string(x.Bone)), Question: x.Question, Depth: x.Depth}
		for i, y := range x.Factors {
			d := drawn(y)
			d.Feet = g.across(x.above(i), y)
			bone.Causes = append(bone.Causes, d)
		}
		fish.Bones = append(fish.Bones, bone)
		desc = append(desc, bone.Name+": "+cmp.Or(descriptions(x.Factors), "nothing yet; "+x.Question))
	}
	fish.Desc = strings.Join(append(desc, left(fish.Apart)...), ". ")
	return picture.Fishbone(w, fish, f)
}

// across says what a factor of the fishbone led to besides the factor below which it
// stands: the lines to other bones, as references that cross nothing.
func (g *Graph) across(above string, x hindcast.Factor) []picture.Foot {
	var to []string
	for _, e := range x.LedTo {
		other, ok := g.Factor(e.To)
		if !ok || e.To == above {
			continue
		}
		s := cmp.Or(other.Label(), plain(other))
		if other.Bone != "" && other.Bone != x.Bone {
			s += " (" + string(other.Bone) + ")"
		}
		to = append(to, s)
	}
	if len(to) == 0 {
		return nil
	}
	return []picture.Foot{{Sign: picture.SignHow, Text: picture.Part(x.Tag).Did() + " " + strings.Join(to, ", ")}}
}

// DrawWhys draws the tree of whys as SVG.
func (g *Graph) DrawWhys(w io.Writer, judge Judge, f picture.Frame) error {
	tree := g.Whys(judge)
	t := picture.WhyTree{Title: "Whys: " + g.name(), Outcome: g.outcome(), Whys: drawnWhys(tree, g.actions)}
	for _, l := range hindcast.FiveWhys() {
		t.Levels = append(t.Levels, picture.WhyLevel{Question: l.Question, Goal: l.Goal})
	}
	desc := because(nil, g.name(), tree)
	shown := map[string]bool{}
	markShown(tree, shown)
	open, ruledOut := g.rest(func(x hindcast.Factor) bool { return shown[x.ID] })
	t.Apart = apart("Outside the whys", open, ruledOut)
	t.Desc = strings.Join(append(desc, left(t.Apart)...), ". ")
	return picture.Whys(w, t, f)
}

// DrawCausal draws the whole graph as SVG.
func (g *Graph) DrawCausal(w io.Writer, f picture.Frame) error {
	linked := func(x hindcast.Factor) bool { return len(x.LedTo) > 0 || len(g.causes[x.ID]) > 0 }
	open, ruledOut := g.rest(linked)
	c := picture.CausalGraph{Title: "Causal graph: " + g.name(), Outcome: g.outcome(), Apart: apart("Not linked yet", open, ruledOut)}
	var desc []string
	for _, x := range g.factors {
		if !linked(x) {
			continue
		}
		c.Causes = append(c.Causes, drawn(x))
		for _, e := range x.LedTo {
			to := e.To
			if to == hindcast.Outcome {
				to = ""
			}
			c.Links = append(c.Links, picture.Link{From: x.ID, To: to, How: e.How, RuledOut: x.RuledOutBy != ""})
			said := named(x) + " " + picture.Part(x.Tag).Did() + " " + g.text(e.To)
			if x.RuledOutBy != "" {
				said = "Ruled out that " + said
			}
			desc = append(desc, said)
		}
	}
	c.Desc = strings.Join(append(desc, left(c.Apart)...), ". ")
	return picture.Causal(w, c, f)
}

// name is what pictures call the incident.
func (g *Graph) name() string { return cmp.Or(g.title, "the incident") }

func (g *Graph) outcome() picture.Cause {
	return picture.Cause{Text: capital(g.name()), Part: picture.PartIncident}
}

func (g *Graph) text(id string) string {
	if x, ok := g.Factor(id); ok {
		return named(x)
	}
	return "the incident"
}

// rest returns the factors that are not drawn in the picture itself: those still
// open and the hypotheses that were ruled out.
func (g *Graph) rest(inside func(hindcast.Factor) bool) (open, ruledOut []hindcast.Factor) {
	for _, x := range g.factors {
		switch {
		case inside(x):
		case x.RuledOutBy != "":
			ruledOut = append(ruledOut, x)
		default:
			open = append(open, x)
		}
	}
	return open, ruledOut
}

// apart makes the strips below a picture.
func apart(title string, open, ruledOut []hindcast.Factor) []picture.Strip {
	var out []picture.Strip
	for _, s := range []struct {
		title string
		list  []hindcast.Factor
	}{{title, open}, {"Ruled out", ruledOut}} {
		if len(s.list) == 0 {
			continue
		}
		strip := picture.Strip{Title: s.title}
		for _, x := range s.list {
			strip.Causes = append(strip.Causes, drawn(x))
		}
		out = append(out, strip)
	}
	return out
}

// left says in words what the strips show.
func left(strips []picture.Strip) []string {
	var out []string
	for _, s := range strips {
		var texts []string
		for _, x := range s.Causes {
			texts = append(texts, strings.TrimSpace(x.Label+" "+x.Text))
		}
		out = append(out, s.Title+": "+strings.Join(texts, "; "))
	}
	return out
}

// because says in words what a tree of whys shows, each factor with its causes.
func because(said []string, effect string, tree []Why) []string {
	var causes []string
	for _, y := range tree {
		causes = append(causes, named(y.Factor))
	}
	if len(causes) > 0 {
		said = append(said, effect+", because: "+strings.Join(causes, "; "))
	}
	for _, y := range tree {
		said = because(said, named(y.Factor), y.Causes)
	}
	return said
}

// named returns what a factor says after its label.
func named(x hindcast.Factor) string { return x.Labeled(plain(x)) }

// plain returns what a factor says, without what people wrote for the lint.
func plain(x hindcast.Factor) string { return syntax.WithoutNotes(x.Description) }

func markShown(tree []Why, shown map[string]bool) {
	for _, y := range tree {
		shown[y.Factor.ID] = true
		markShown(y.Causes, shown)
	}
}

func descriptions(list []hindcast.Factor) string {
	var out []string
	for _, x := range list {
		out = append(out, named(x))
	}
	return strings.Join(out, "; ")
}

// drawn is a factor as pictures show it.
func drawn(x hindcast.Factor) picture.Cause {
	c := picture.Cause{ID: x.ID, Label: x.Label(), Text: plain(x), Part: picture.Part(x.Tag), Note: words(x.Category), Bare: len(x.Evidence) == 0}
	if x.RuledOutBy != "" {
		c.Part, c.Note = picture.PartRuledOut, ""
		if x.TagBefore != "" {
			c.Note = "was " + words(x.TagBefore)
		}
		c.Bare = false // its evidence is what ruled it out
		c.Feet = []picture.Foot{{Sign: picture.SignOut, Text: "ruled out by: " + x.RuledOutBy}}
	}
	c.Alt = alt(x)
	return c
}

// alt says of a factor what the picture leaves out.
func alt(x hindcast.Factor) string {
	parts := []string{words(x.Tag), words(x.Category)}
	if x.Bone != "" {
		parts = append(parts, "bone "+string(x.Bone))
	}
	if x.Gap != "" {
		parts = append(parts, "gap in "+string(x.Gap))
	}
	if a := x.Counterfactual.Answer; a != "" {
		parts = append(parts, strings.TrimSuffix("would have happened without it: "+string(a)+", "+x.Counterfactual.Reason, ", "))
	}
	if x.Identified != "" {
		parts = append(parts, "identified by "+x.Identified)
	}
	if x.RuledOutBy != "" {
		parts = append(parts, "ruled out by "+x.RuledOutBy)
		if x.TagBefore != "" {
			parts = append(parts, "before held to be "+words(x.TagBefore))
		}
	}
	switch n := len(x.Evidence); n {
	case 0:
		parts = append(parts, "no evidence yet")
	case 1:
		parts = append(parts, "evidence "+x.Evidence[0].String())
	default:
		parts = append(parts, fmt.Sprintf("evidence %s and %d more", x.Evidence[0], n-1))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// drawnWhys gives the answers what stands below them: how they led on, what will
// change them, and what to ask where a chain ends.
func drawnWhys(tree []Why, actions map[string][]hindcast.ActionItem) []picture.Why {
	var out []picture.Why
	for _, y := range tree {
		d := picture.Why{Cause: drawn(y.Factor), Again: y.Again, Whys: drawnWhys(y.Causes, actions)}
		if y.How != "" {
			d.Feet = append(d.Feet, picture.Foot{Sign: picture.SignHow, Text: y.How})
		}
		if y.Again {
			d.Note, d.Part, d.Bare = "also here", "", false
		}
		if !y.Again {
			d.Feet = append(d.Feet, nextFeet(y, actions[y.Factor.ID])...)
		}
		out = append(out, d)
	}
	return out
}

// nextFeet says what comes after an answer: the actions that change it, or what
// is missing at the end of a chain.
func nextFeet(y Why, actions []hindcast.ActionItem) []picture.Foot {
	var out []picture.Foot
	for _, f := range ofEnd(y) {
		if f.Rule == RuleStopsEarly {
			out = append(out, picture.Foot{Sign: picture.SignAsk, Text: f.Question})
		}
	}
	for _, a := range actions {
		out = append(out, picture.Foot{Sign: picture.SignAction, Text: syntax.WithoutNotes(a.Description)})
	}
	if y.End != nil && len(out) == 0 {
		out = append(out, picture.Foot{Sign: picture.SignAsk, Text: "No action answers this yet"})
	}
	return out
}

// words writes a word of the vocabulary for people.
func words[T ~string](w T) string { return strings.ReplaceAll(string(w), "-", " ") }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
