package graph_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/graph"
)

// written returns the graph in the form that factors reads, and the actions.
func written(p hindcast.Postmortem) string {
	var out []string
	for _, x := range p.Factors {
		s := x.ID + ":" + string(x.Tag)
		for i, e := range x.LedTo {
			s += map[bool]string{true: ">", false: ","}[i == 0] + e.To
		}
		out = append(out, s)
	}
	for _, a := range p.Actions {
		out = append(out, a.ID+"="+strings.Join(a.Factors, ","))
	}
	return strings.Join(out, " ")
}

func TestEdits(t *testing.T) {
	type edits = func(p hindcast.Postmortem) ([]part.Change, error)
	p := factors("a>incident", "b>a", "c:root>b,incident", "d")
	p.Factors[3].RuledOutBy = "its error rate"
	p.Actions = p.Actions[1:3]
	tests := []struct {
		name string
		edit edits
		want string // the graph after it, or the beginning of the error
	}{
		{"add", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Add(p, hindcast.Factor{ID: "e", Description: "more", LedTo: []hindcast.Edge{{To: "c"}}})
		}, "a:>incident b:>a c:root>b,incident d: e:>c ab=b ac=c"},
		{"add with an id that is taken", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Add(p, hindcast.Factor{ID: "a", Description: "more"})
		}, "there is a factor \"a\" already"},
		{"add the incident", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Add(p, hindcast.Factor{ID: "incident", Description: "more"})
		}, "a factor cannot have the id"},
		{"add nothing", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Add(p, hindcast.Factor{ID: "e"}) }, "the factor says nothing"},
		{"add a root without an answer", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Add(p, hindcast.Factor{ID: "e", Description: "more", Tag: hindcast.Root})
		}, "answer first: without “more”, would the incident have happened?"},
		{"add that leads nowhere", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Add(p, hindcast.Factor{ID: "e", Description: "more", LedTo: []hindcast.Edge{{To: "x"}}})
		}, "there is no factor \"x\""},
		{"link", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "b", "incident", "how") }, "a:>incident b:>a,incident c:root>b,incident d: ab=b ac=c"},
		{"link again", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "b", "a", "how") }, "a:>incident b:>a c:root>b,incident d: ab=b ac=c"},
		{"link in a circle", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "a", "c", "") },
			"that would make a circle: “what c was” led to “what b was” led to “what a was”"},
		{"link to itself", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "a", "a", "") }, "a factor cannot lead to itself"},
		{"link what is gone", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "x", "a", "") }, "there is no factor \"x\""},
		{"link what was ruled out", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "d", "a", "") }, "“what d was” was ruled out"},
		{"link to what was ruled out", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Link(p, "a", "d", "") }, "“what d was” was ruled out"},
		{"unlink", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Unlink(p, "c", "incident") }, "a:>incident b:>a c:root>b d: ab=b ac=c"},
		{"unlink what is not linked", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Unlink(p, "b", "incident") }, "“what b was” is not linked to the incident"},
		{"retag", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Retag(p, "b", hindcast.Contributing) }, "a:>incident b:contributing>a c:root>b,incident d: ab=b ac=c"},
		{"retag as root without an answer", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Retag(p, "b", hindcast.Root) }, "answer first"},
		{"retag what was ruled out", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Retag(p, "d", hindcast.Root) }, "“what d was” was ruled out"},
		{"retag with another word", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Retag(p, "b", "trigger") }, "there is no tag"},
		{"split", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Split(p, "c", "first", graph.Piece{ID: "c2", Description: "second"}, graph.Piece{ID: "c3", Description: "third"})
		}, "a:>incident b:>a c:root>b,incident c2:>b,incident c3:>b,incident d: ab=b ac=c"},
		{"split into one", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Split(p, "c", "first") }, "a split needs at least two"},
		{"split with the same id", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Split(p, "c", "first", graph.Piece{ID: "e", Description: "x"}, graph.Piece{ID: "e", Description: "y"})
		}, "there is a factor \"e\" already"},
		{"rule out", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.RuleOut(p, "c", "a test") }, "a:>incident b:>a c:>b,incident d: ab=b ac=c"},
		{"rule out by nothing", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.RuleOut(p, "c", " ") }, "say what ruled “what c was” out"},
		{"set as root without an answer", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Set(p, hindcast.Factor{ID: "b", Description: "b", Tag: hindcast.Root})
		}, "answer first: without “b”"},
		{"set keeps links", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Set(p, hindcast.Factor{ID: "b", Description: "b", Tag: hindcast.Contributing})
		}, "a:>incident b:contributing>a c:root>b,incident d: ab=b ac=c"},
		{"tag what was ruled out", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Set(p, hindcast.Factor{ID: "d", Description: "d", Tag: hindcast.Contributing})
		}, "“d” was ruled out"},
		{"remove", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Remove(p, "b") }, "a:>incident c:root>incident,a d: ab= ac=c"},
		{"attach", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Attach(p, "d", hindcast.Ref{File: "a.log", Line: 1})
		}, "a:>incident b:>a c:root>b,incident d: ab=b ac=c"},
		{"detach what is not there", func(p hindcast.Postmortem) ([]part.Change, error) {
			return graph.Detach(p, "d", hindcast.Ref{File: "b.log", Line: 1})
		}, "“what d was” does not rest on"},
		{"merge neighbors", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Merge(p, "b", "c") }, "a:>incident b:root>a,incident d: ab=b ac=b"},
		{"merge the other way", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Merge(p, "c", "b") }, "a:>incident c:root>incident,a d: ab=c ac=c"},
		{"merge around another", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Merge(p, "a", "c") },
			"“what c was” leads to “what a was” through “what b was”"},
		{"merge with itself", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Merge(p, "a", "a") }, "“what a was” cannot be merged with itself"},
		{"merge with what was ruled out", func(p hindcast.Postmortem) ([]part.Change, error) { return graph.Merge(p, "a", "d") }, "one of “what a was” and “what d was” was ruled out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := written(p)
			changes, err := tt.edit(p)
			if err != nil {
				if !strings.HasPrefix(err.Error(), tt.want) || hindcast.CodeOf(err) == hindcast.Internal {
					t.Errorf("error %q, want %q", err, tt.want)
				}
				return
			}
			next, _, err := part.Apply(p, changes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(written(next), tt.want); diff != "" {
				t.Errorf("graph (got before want):\n%s", diff)
			}
			if faults := next.Validate(); len(faults) > 0 {
				t.Errorf("the result is not valid: %v", faults)
			}
			if got := written(p); got != before {
				t.Errorf("the post-mortem given to it became %s", got)
			}
			for _, c := range changes {
				if c.Base == nil {
					t.Errorf("the change of %s names no base, so a stale one would be made", c.Path)
				}
			}
		})
	}
}

func TestMergeKeepsWhatBothSay(t *testing.T) {
	p := factors("a>incident", "b>incident")
	p.Factors[0].Detail, p.Factors[0].Category, p.Factors[1].Category = "more of a", "", hindcast.CodeDefect
	p.Factors[1].Evidence = append(p.Factors[1].Evidence, hindcast.Ref{File: "b.log", Line: 2})
	changes, err := graph.Merge(p, "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := part.Apply(p, changes)
	if err != nil {
		t.Fatal(err)
	}
	want := p.Factors[0]
	want.Detail, want.Category, want.Evidence = "more of a\n\nwhat b was", hindcast.CodeDefect, []hindcast.Ref{{File: "a.log", Line: 1}, {File: "b.log", Line: 2}}
	if diff := cmp.Diff(next.Factors, []hindcast.Factor{want}); diff != "" {
		t.Errorf("factor (got before want):\n%s", diff)
	}
}

// TestRandomEditsKeepTheGraphValid makes edits at random: each either explains
// why not, or leaves a valid post-mortem.
func TestRandomEditsKeepTheGraphValid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p := factors("a>incident", "b>a", "c>b")
	made := 0
	for i := range 400 {
		pick := func() string {
			if len(p.Factors) == 0 || r.IntN(8) == 0 {
				return hindcast.Outcome
			}
			return p.Factors[r.IntN(len(p.Factors))].ID
		}
		id := "n" + strconv.Itoa(i)
		var changes []part.Change
		var err error
		switch n := r.IntN(7); {
		case n == 0 || len(p.Factors) < 3:
			changes, err = graph.Add(p, hindcast.Factor{ID: id, Description: id, LedTo: []hindcast.Edge{{To: pick()}}})
		case n <= 2:
			changes, err = graph.Link(p, pick(), pick(), "so")
		case n == 3:
			changes, err = graph.Unlink(p, pick(), pick())
		case n == 4:
			changes, err = graph.Retag(p, pick(), []hindcast.Tag{"", hindcast.Root, hindcast.Contributing}[r.IntN(3)])
		case n == 5:
			changes, err = graph.Split(p, pick(), "first", graph.Piece{ID: id, Description: "second"})
		default:
			changes, err = graph.Merge(p, pick(), pick())
		}
		if err != nil {
			if code := hindcast.CodeOf(err); code == hindcast.Internal {
				t.Fatal(err)
			}
			continue
		}
		made++
		if p, _, err = part.Apply(p, changes); err != nil {
			t.Fatal(err)
		}
		if faults := p.Validate(); len(faults) > 0 {
			t.Fatalf("edit %d left %v", i, faults)
		}
	}
	if made < 150 {
		t.Errorf("only %d of 400 edits were made", made)
	}
}

func TestRuledOutIsTakenUpWithItsLinks(t *testing.T) {
	p := factors("a>incident", "b>a")
	p.Factors[1].RuledOutBy = "a test"
	changes, err := graph.TakeUp(p, "b")
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := part.Apply(p, changes)
	if err != nil {
		t.Fatal(err)
	}
	if x := got.Factors[1]; x.RuledOutBy != "" || len(x.LedTo) != 1 {
		t.Errorf("taken up: %+v", x)
	}
}

func TestTheTagComesBackWithAHypothesis(t *testing.T) {
	p := factors("a>incident", "b>a")
	p.Factors[1].Tag = hindcast.Contributing
	make := func(changes []part.Change, err error) hindcast.Factor {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if p, _, err = part.Apply(p, changes); err != nil {
			t.Fatal(err)
		}
		if faults := p.Validate(); len(faults) > 0 {
			t.Fatalf("the edit left %v", faults)
		}
		return p.Factors[1]
	}
	if x := make(graph.RuleOut(p, "b", "a test")); x.Tag != "" || x.TagBefore != hindcast.Contributing {
		t.Errorf("ruled out: tag %q, before %q", x.Tag, x.TagBefore)
	}
	if x := make(graph.RuleOut(p, "b", "another test")); x.TagBefore != hindcast.Contributing || x.RuledOutBy != "another test" {
		t.Errorf("ruled out by something else: before %q, by %q", x.TagBefore, x.RuledOutBy)
	}
	if x := make(graph.TakeUp(p, "b")); x.Tag != hindcast.Contributing || x.TagBefore != "" {
		t.Errorf("taken up: tag %q, before %q", x.Tag, x.TagBefore)
	}
}

func TestEvidenceIsAttachedOnceAndDetached(t *testing.T) {
	p := factors("a>incident")
	other := hindcast.Ref{File: "b.log", Line: 7}
	for _, step := range []struct {
		edit func() ([]part.Change, error)
		want int
	}{
		{func() ([]part.Change, error) { return graph.Attach(p, "a", other, p.Factors[0].Evidence[0]) }, 2},
		{func() ([]part.Change, error) { return graph.Detach(p, "a", other) }, 1},
	} {
		changes, err := step.edit()
		if err != nil {
			t.Fatal(err)
		}
		if p, _, err = part.Apply(p, changes); err != nil {
			t.Fatal(err)
		}
		if got := len(p.Factors[0].Evidence); got != step.want {
			t.Errorf("evidence = %d, want %d", got, step.want)
		}
	}
}

func TestNewIDsAreReadableAndFree(t *testing.T) {
	p := factors("f-the-pool-was-empty")
	for _, tt := range []struct{ description, want string }{
		{"The pool was empty", "f-the-pool-was-empty-2"},
		{"New feature created an N+1 query pattern", "f-new-feature-created-an-n-1"},
		{"Überlauf", "f-berlauf"},
		{"…", "f"},
	} {
		if got := graph.NewID(p, tt.description); got != tt.want {
			t.Errorf("NewID(%q) = %q, want %q", tt.description, got, tt.want)
		}
	}
}
