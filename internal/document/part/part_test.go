package part

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

func sample(t *testing.T) hindcast.Postmortem {
	t.Helper()
	page, err := os.ReadFile("../../../docs/format.md") // its example has everything
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "````markdown\n")
	text, _, ok := strings.Cut(rest, "````")
	if !ok {
		t.Fatal("docs/format.md has no example any more")
	}
	parsed := document.Parse("format.md", []byte(text))
	if len(parsed.Problems) > 0 {
		t.Fatal(parsed.Problems)
	}
	return parsed.Postmortem
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ptr[T any](v T) *T { return &v }

func TestApplyAndTakeBack(t *testing.T) {
	p := sample(t)
	first := p.Timeline[0]
	tests := []struct {
		name    string
		changes []Change
	}{
		{"title", []Change{{Path: "title", Value: raw(t, "Another title")}}},
		{"title removed", []Change{{Path: "title"}}},
		{"phase", []Change{{Path: "phases/started_at", Value: raw(t, Phase{At: first.At.Add(time.Second), Why: "a person corrected it"})}}},
		{"phase removed", []Change{{Path: "phases/mitigated_at"}}},
		{"section", []Change{{Path: "sections/summary", Value: raw(t, hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: "Short.\n"})}}},
		{"section removed", []Change{{Path: "sections/went-well"}}},
		{"section of our own", []Change{{Path: "sections/own-on-call-notes", Value: raw(t, hindcast.Section{Heading: "On-call notes", Text: "None.\n"})}}},
		{"entry moved in time", []Change{{Path: "timeline/" + first.ID, Value: raw(t, hindcast.Entry{At: first.At.Add(10 * time.Minute), Title: "Later", Kind: hindcast.Action, Actor: first.Actor})}}},
		{"entry removed", []Change{{Path: "timeline/" + p.Timeline[2].ID}}},
		{"entry added", []Change{{Path: "timeline/new", Value: raw(t, hindcast.Entry{At: first.At, Title: "At the same time"})}}},
		{"entry without a time", []Change{{Path: "timeline/new", After: ptr(first.ID), Value: raw(t, hindcast.Entry{Title: "Some time after"})}}},
		{"factor removed", []Change{{Path: "factors/" + p.Factors[0].ID}}},
		{"action added first", []Change{{Path: "actions/n", After: ptr(""), Value: raw(t, hindcast.ActionItem{Description: "Do it", Status: hindcast.ActionOpen})}}},
		{"actions swapped", []Change{{Path: "actions/" + p.Actions[0].ID, After: ptr(p.Actions[1].ID), Value: raw(t, p.Actions[0])}}},
		{"several", []Change{{Path: "services", Value: raw(t, []string{"a", "b"})}, {Path: "owner", Value: raw(t, "Team")}, {Path: "observations/" + p.Observations[0].ID}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := raw(t, p)
			next, reverse, err := Apply(p, tt.changes)
			if err != nil {
				t.Fatal(err)
			}
			if cmp.Equal(next, p, cmpopts.EquateEmpty()) {
				t.Fatal("nothing changed")
			}
			back, _, err := Apply(next, reverse)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(p, back, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("taking it back leaves (-want +got):\n%s", d)
			}
			if string(before) != string(raw(t, p)) {
				t.Error("the document given was changed")
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	p := sample(t)
	tests := []struct {
		name, want string
		change     Change
	}{
		{"a part that cannot be", `a post-mortem has no part "hue"`, Change{Path: "hue"}},
		{"an unknown phase", `an incident has no phase "began"`, Change{Path: "phases/began", Value: raw(t, Phase{})}},
		{"a value of another type", "severity cannot be understood: json: cannot unmarshal string into Go value of type int", Change{Path: "severity", Value: raw(t, "high")}},
		{"an unknown field", `actions/x cannot be understood: json: unknown field "hue"`, Change{Path: "actions/x", Value: json.RawMessage(`{"hue":"red"}`)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Apply(p, []Change{tt.change})
			if hindcast.CodeOf(err) != hindcast.Invalid || err.Error() != tt.want {
				t.Errorf("Apply error = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestConflict(t *testing.T) {
	p := sample(t)
	base := Tags(&p)["title"]
	theirs, _, err := Apply(p, []Change{{Path: "title", Base: &base, Value: raw(t, "Theirs")}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Apply(theirs, []Change{
		{Path: "owner", Value: raw(t, "Team")},
		{Path: "title", Base: &base, Value: raw(t, "Yours")},
	})
	var got Conflicts
	if !errors.As(err, &got) {
		t.Fatalf("Apply error = %v, want Conflicts", err)
	}
	want := Conflicts{{Path: "title", Yours: raw(t, "Yours"), Theirs: raw(t, "Theirs"), Tag: Tags(&theirs)["title"]}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("conflicts differ (-want +got):\n%s", d)
	}
	if _, _, err := Apply(theirs, []Change{{Path: "title", Base: &base, Value: raw(t, "Theirs")}}); err != nil {
		t.Errorf("the same change twice: %v", err)
	}
}

func TestRemovedFactorLeavesNoReferences(t *testing.T) {
	p := sample(t)
	id := p.Factors[0].ID
	next, _, err := Apply(p, []Change{{Path: "factors/" + id}})
	if err != nil {
		t.Fatal(err)
	}
	if faults := next.Validate(); len(faults) > 0 {
		t.Errorf("faults after removing factor %s: %v", id, faults)
	}
}

// TestRandomChanges makes random changes and takes them back.
func TestRandomChanges(t *testing.T) {
	start := sample(t)
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := start
		for range 6 {
			next, reverse, err := Apply(p, randomChanges(r, p))
			if err != nil {
				t.Fatal(err)
			}
			back, _, err := Apply(next, reverse)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(p, back, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("seed %d: taking it back leaves (-want +got):\n%s", seed, d)
			}
			ordered := slices.IsSortedFunc(next.Timeline, func(a, b hindcast.Entry) int {
				if a.At.IsZero() || b.At.IsZero() {
					return 0
				}
				return a.At.Compare(b.At)
			})
			if !ordered {
				t.Fatalf("seed %d: entries are out of order", seed)
			}
			p = next
		}
	}
}

// randomChanges removes, moves and adds records.
func randomChanges(r *rand.Rand, p hindcast.Postmortem) []Change {
	var out []Change
	for range 1 + r.IntN(3) {
		n := allFields[r.IntN(len(allFields))]
		if n.single {
			continue
		}
		ids := n.ids(&p)
		if len(ids) == 0 {
			continue
		}
		id := ids[r.IntN(len(ids))]
		c := Change{Path: n.path(id)}
		switch n.name {
		case "phases", "sections":
		case "timeline":
			e := p.Timeline[r.IntN(len(p.Timeline))]
			e.At = e.At.Add(time.Duration(r.IntN(7)-3) * time.Minute)
			c.Value = encode(e)
		default:
			if r.IntN(3) > 0 {
				c.Value = encode(n.get(&p, id))
				after := ids[r.IntN(len(ids))]
				c.After = &after
				if after == id {
					c.After = ptr("")
				}
			}
		}
		if c.Value != nil && r.IntN(3) == 0 {
			c.Path = n.path(fmt.Sprintf("new%d", r.IntN(1000)))
		}
		out = append(out, c)
	}
	return out
}
