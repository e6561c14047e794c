package graph

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/picture"
)

// Analysis is all that a graph says of itself, for programs. Factors stand in it
// once, elsewhere their ids.
type Analysis struct {
	Incident string            `json:"incident"` // title
	Factors  []hindcast.Factor `json:"factors"`
	Whys     []Answer          `json:"whys"` // the tree, each answer before those below it
	Bones    []BoneIDs         `json:"bones"`
	Findings []Finding         `json:"findings"`
	Coverage Coverage          `json:"coverage"`
}

// Answer is one answer of the tree of whys.
type Answer struct {
	Level    int      `json:"level"`
	Question string   `json:"question,omitempty"`
	Goal     string   `json:"goal,omitempty"`
	Of       string   `json:"of"` // what it answers why of: a factor, or the incident
	Factor   string   `json:"factor"`
	How      string   `json:"how,omitempty"`
	Again    bool     `json:"again,omitempty"`
	End      bool     `json:"end,omitempty"`     // nothing led to it
	Stop     Stop     `json:"stop,omitempty"`    // and its words stop too early
	Actions  []string `json:"actions,omitempty"` // that answer it
}

// BoneIDs is a bone with the ids of its factors; the bone without a name holds
// those that are on none.
type BoneIDs struct {
	Bone     hindcast.Bone `json:"bone"`
	Question string        `json:"question,omitempty"`
	Factors  []string      `json:"factors"`
	Depth    []int         `json:"depth,omitempty"` // of each factor: how many of those before it it stands below
}

// Analyze returns all that the graph says of itself. Lists are never nil.
func (g *Graph) Analyze(judge Judge) Analysis {
	out := Analysis{Incident: g.title, Factors: append([]hindcast.Factor{}, g.factors...), Coverage: g.Coverage(),
		Whys: g.answers([]Answer{}, hindcast.Outcome, g.Whys(judge)), Findings: append([]Finding{}, g.Findings(judge)...)}
	f := g.Fishbone()
	for _, b := range append(f.Bones, Bone{Factors: f.Unplaced}) {
		ids := []string{}
		for _, x := range b.Factors {
			ids = append(ids, x.ID)
		}
		if b.Bone != "" || len(ids) > 0 {
			out.Bones = append(out.Bones, BoneIDs{b.Bone, b.Question, ids, b.Depth})
		}
	}
	return out
}

// answers adds the answers of a tree of whys.
func (g *Graph) answers(out []Answer, of string, tree []Why) []Answer {
	for _, y := range tree {
		a := Answer{Level: y.Level, Question: y.Question, Goal: y.Goal, Of: of, Factor: y.Factor.ID, How: y.How, Again: y.Again, End: y.End != nil}
		if y.End != nil {
			a.Stop = y.End.Stop
		}
		for _, x := range g.actions[y.Factor.ID] {
			a.Actions = append(a.Actions, x.ID)
		}
		out = g.answers(append(out, a), y.Factor.ID, y.Causes)
	}
	return out
}

// JSON writes the analysis as one indented JSON document.
func (g *Graph) JSON(w io.Writer, judge Judge) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(g.Analyze(judge))
}

// WhysMarkdown writes the tree of whys as a list within lists.
func (g *Graph) WhysMarkdown(w io.Writer, judge Judge) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# Whys: %s\n\n", syntax.WriteInline(g.name()))
	writeWhys(b, g.Whys(judge), g.actions)
	return b.Flush()
}

func writeWhys(b *bufio.Writer, tree []Why, actions map[string][]hindcast.ActionItem) {
	for _, y := range tree {
		indent := strings.Repeat("  ", y.Level-1)
		fmt.Fprintf(b, "%s- **Why %d:** %s", indent, y.Level, label(y.Factor))
		if y.How != "" {
			fmt.Fprintf(b, " — %s", syntax.WriteInline(y.How))
		}
		if y.Again {
			fmt.Fprint(b, " (its causes stand above)\n")
			continue
		}
		fmt.Fprintln(b)
		for _, f := range nextFeet(y, actions[y.Factor.ID]) {
			fmt.Fprintf(b, "%s  - _%s:_ %s\n", indent, f.Sign, syntax.WriteInline(f.Text))
		}
		writeWhys(b, y.Causes, actions)
	}
}

// FishboneMarkdown writes a heading for each bone with its factors below.
func (g *Graph) FishboneMarkdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	f := g.Fishbone()
	fmt.Fprintf(b, "# Fishbone: %s\n", syntax.WriteInline(g.name()))
	for _, bone := range f.Bones {
		writeGroup(b, capital(string(bone.Bone)), bone.Factors, bone.Depth)
		if len(bone.Factors) == 0 {
			fmt.Fprintf(b, "_%s_\n", bone.Question)
		}
	}
	if len(f.Unplaced) > 0 {
		writeGroup(b, "On no bone yet", f.Unplaced, nil)
	}
	if len(f.RuledOut) > 0 {
		writeGroup(b, "Ruled out", f.RuledOut, nil)
	}
	return b.Flush()
}

// writeGroup writes factors as a list, each below as many others as depth says.
func writeGroup(b *bufio.Writer, title string, list []hindcast.Factor, depth []int) {
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for i, x := range list {
		in := ""
		if depth != nil {
			in = strings.Repeat("  ", depth[i])
		}
		fmt.Fprintf(b, "%s- %s\n", in, label(x))
	}
}

// CausalMarkdown writes every factor with what it led to.
func (g *Graph) CausalMarkdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# What led to what: %s\n\n", syntax.WriteInline(g.name()))
	for _, x := range g.factors {
		fmt.Fprintf(b, "- %s\n", label(x))
		for _, e := range x.LedTo {
			fmt.Fprintf(b, "  - %s: %s", picture.Part(x.Tag).Did(), syntax.WriteInline(g.text(e.To)))
			if e.How != "" {
				fmt.Fprintf(b, " — %s", syntax.WriteInline(e.How))
			}
			fmt.Fprintln(b)
		}
	}
	return b.Flush()
}

// label writes a factor in a line: its text, the part it played, and what ruled
// it out.
func label(x hindcast.Factor) string {
	s := syntax.WriteInline(plain(x))
	if l := x.Label(); l != "" {
		s = "**" + l + "** " + s
	}
	switch {
	case x.RuledOutBy != "":
		return s + " (ruled out by: " + syntax.WriteInline(x.RuledOutBy) + ")"
	case x.Tag != "":
		return s + " (" + string(x.Tag) + ")"
	}
	return s
}
