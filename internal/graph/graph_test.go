package graph_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/sample"
)

// deployment returns the post-mortem of the first sample incident.
func deployment(t testing.TB) hindcast.Postmortem {
	t.Helper()
	text, err := fs.ReadFile(sample.All()[0].Files(), "post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	p := document.Parse("post-mortem.md", text)
	if len(p.Problems) > 0 {
		t.Fatal(p.Problems)
	}
	return p.Postmortem
}

// factors makes a post-mortem of factors written as "id:tag>to,to"; bones and
// evidence are set so that a chain alone is in question.
func factors(list ...string) hindcast.Postmortem {
	p := hindcast.Postmortem{Incident: hindcast.Incident{Title: "Search answered slowly", Kind: hindcast.KindIncident}, Status: hindcast.StatusDraft}
	bones := hindcast.Bones()
	for i, s := range list {
		s, to, _ := strings.Cut(s, ">")
		id, tag, _ := strings.Cut(s, ":")
		x := hindcast.Factor{ID: id, Description: "what " + id + " was", Tag: hindcast.Tag(tag), Bone: bones[i%4], Evidence: []hindcast.Ref{{File: "a.log", Line: 1}}}
		if x.Tag == hindcast.Root {
			x.Counterfactual.Answer = hindcast.AnswerNo
		}
		for _, t := range strings.FieldsFunc(to, func(r rune) bool { return r == ',' }) {
			x.LedTo = append(x.LedTo, hindcast.Edge{To: t})
		}
		p.Factors = append(p.Factors, x)
		p.Actions = append(p.Actions, hindcast.ActionItem{ID: "a" + id, Description: "change " + id, Factors: []string{id}, Status: hindcast.ActionOpen})
	}
	return p
}

func chainIDs(tree []graph.Why) []string {
	var out []string
	for _, chain := range graph.Chains(tree) {
		var ids []string
		for _, y := range chain {
			id := y.Factor.ID
			if y.Again {
				id += " again"
			}
			ids = append(ids, id)
		}
		out = append(out, strings.Join(ids, " < "))
	}
	return out
}

func TestWhysOfTheDeploymentIncident(t *testing.T) {
	tree := graph.Of(deployment(t)).Whys(nil)
	want := []string{"crash < column < migration < rows < staging", "crash < pipeline", "gate", "watch"}
	if diff := cmp.Diff(chainIDs(tree), want); diff != "" {
		t.Errorf("chains (got before want):\n%s", diff)
	}
	chain := graph.Chains(tree)[0]
	for i, level := range hindcast.FiveWhys() {
		if y := chain[i]; y.Level != level.Level || y.Question != level.Question || y.Goal != level.Goal {
			t.Errorf("level %d is %d %q %q, want %q %q", i+1, y.Level, y.Question, y.Goal, level.Question, level.Goal)
		}
	}
	last := chain[4]
	if last.End == nil || len(last.End.Actions) != 1 || last.End.Actions[0].ID != "staging" || last.End.Stop != "" {
		t.Errorf("the chain ends with %+v, want the action that refreshes staging", last.End)
	}
}

func TestWhys(t *testing.T) {
	tests := []struct {
		name string
		p    hindcast.Postmortem
		want []string
	}{
		{"nothing", factors(), nil},
		{"branches", factors("a>incident", "b>a", "c>a"), []string{"a < b", "a < c"}},
		{"a factor with two effects has its causes once", factors("a>incident", "b>incident", "c>a,b", "d>c"), []string{"a < c < d", "b < c again"}},
		{"what helped is no answer", factors("a>incident", "b:mitigating>incident", "c:detecting>incident"), []string{"a"}},
		{"a circle is cut", factors("a>incident,b", "b>a"), []string{"a"}},
		{"an edge to nowhere is left out", factors("a>incident", "b>gone"), []string{"a"}},
		{"the same edge twice counts once", factors("a>incident,incident"), []string{"a"}},
		{"six levels", factors("a>incident", "b>a", "c>b", "d>c", "e>d", "f>e"), []string{"a < b < c < d < e < f"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(chainIDs(graph.Of(tt.p).Whys(nil)), tt.want); diff != "" {
				t.Errorf("chains (got before want):\n%s", diff)
			}
		})
	}
	ruled := factors("a>incident", "b>a")
	ruled.Factors[1].RuledOutBy = "its error rate"
	if got := chainIDs(graph.Of(ruled).Whys(nil)); !slices.Equal(got, []string{"a"}) {
		t.Errorf("with b ruled out the chains are %q, want a alone", got)
	}
}

func TestFindings(t *testing.T) {
	person := func(x hindcast.Factor) graph.Stop {
		if x.ID == "person" {
			return graph.StopPerson
		}
		if x.ID == "symptom" {
			return graph.StopProximate
		}
		return ""
	}
	bare := factors("a:root>b", "b>c", "c>incident")
	bare.Factors[0].Evidence = nil
	open := factors("a:contributing>incident", "b:contributing>incident")
	open.Actions = open.Actions[:1]
	technical := factors("a:contributing>incident", "b:contributing>incident", "c:contributing>incident")
	for i := range technical.Factors {
		technical.Factors[i].Bone = hindcast.BoneTechnology
	}
	ruled := factors("a:contributing>incident", "b")
	ruled.Factors[1].RuledOutBy = "its error rate"
	slip := factors("slip:contributing>incident")
	slip.Factors[0].Category = hindcast.OperationalError
	tests := []struct {
		name string
		p    hindcast.Postmortem
		want []string
	}{
		{"nothing", factors(), nil},
		{"complete", factors("a:root>b", "b>c", "c>incident", "d:contributing>incident"), nil},
		{"orphan root", factors("a:root", "b:contributing>incident"), []string{"orphan-root a"}},
		{"orphan chain", factors("a:root>b", "b", "c:contributing>incident"), []string{"orphan-root a", "unconnected b"}},
		{"not connected", factors("a:contributing>incident", "b:contributing"), []string{"unconnected b"}},
		{"root without evidence", bare, []string{"root-evidence a"}},
		{"root too soon", factors("a:root>incident"), []string{"short-chain a"}},
		{"end without tag", factors("a>incident"), []string{"untagged-end a"}},
		{"end without action", open, []string{"open-end b"}},
		{"person", factors("person:root>incident"), []string{"stops-early person"}},
		{"symptom", factors("symptom:contributing>incident"), []string{"stops-early symptom"}},
		{"person with a cause behind", factors("person>incident", "a:contributing>person"), nil},
		{"operational error", slip, []string{"stops-early slip"}},
		{"one bone", technical, []string{"single-bone "}},
		{"ruled out", ruled, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range graph.Of(tt.p).Findings(person) {
				got = append(got, f.Rule+" "+f.Factor)
				if f.Message == "" || f.Level.Rank() == 0 || f.Question == "" {
					t.Errorf("%+v lacks a level, a message or a question", f)
				}
			}
			if diff := cmp.Diff(got, tt.want); diff != "" {
				t.Errorf("findings (got before want):\n%s", diff)
			}
		})
	}
}

func TestFishbone(t *testing.T) {
	p := factors("a:contributing>incident", "b>incident", "c>incident", "d>incident", "e:root>incident", "f>incident", "g")
	p.Factors[5].Bone = ""
	p.Factors[6].RuledOutBy = "a test"
	f := graph.Of(p).Fishbone()
	got := map[hindcast.Bone][]string{}
	for _, b := range f.Bones {
		if b.Question == "" {
			t.Errorf("%s has no question", b.Bone)
		}
		for _, x := range b.Factors {
			got[b.Bone] = append(got[b.Bone], x.ID)
		}
	}
	want := map[hindcast.Bone][]string{hindcast.BonePeople: {"e", "a"}, hindcast.BoneProcess: {"b"}, hindcast.BoneTechnology: {"c"}, hindcast.BoneEnvironment: {"d"}}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("bones (got before want):\n%s", diff)
	}
	if len(f.Unplaced) != 1 || f.Unplaced[0].ID != "f" || len(f.RuledOut) != 1 || f.RuledOut[0].ID != "g" {
		t.Errorf("unplaced %v, ruled out %v; want f and g", f.Unplaced, f.RuledOut)
	}
}

func TestCoverage(t *testing.T) {
	p := factors("a>incident", "b>a", "c>incident", "d")
	p.Factors[3].RuledOutBy = "a test"
	p.Factors[0].Evidence, p.Factors[1].Category, p.Factors[2].Bone = nil, hindcast.CodeDefect, ""
	p.Actions = p.Actions[1:2] // answers b, and so a
	want := graph.Coverage{
		Factors: 3, Evidence: graph.Share{Have: 2, Missing: []string{"a"}}, Category: graph.Share{Have: 1, Missing: []string{"a", "c"}},
		Bone: graph.Share{Have: 2, Missing: []string{"c"}}, Identified: graph.Share{Missing: []string{"a", "b", "c"}}, Action: graph.Share{Have: 2, Missing: []string{"c"}},
	}
	if diff := cmp.Diff(graph.Of(p).Coverage(), want); diff != "" {
		t.Errorf("coverage (got before want):\n%s", diff)
	}
}
