package graph_test

import (
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/picture"
)

var update = flag.Bool("update", false, "write the pictures in docs/pictures anew")

// TestPicturesOfTheDeploymentIncident compares the pictures with those that people
// have looked at.
func TestPicturesOfTheDeploymentIncident(t *testing.T) {
	g := graph.Of(deployment(t))
	for _, tt := range []struct {
		name string
		draw func(io.Writer) error
	}{
		{"fishbone.svg", func(w io.Writer) error { return g.DrawFishbone(w, picture.Frame{Width: 1200}) }},
		{"whys.svg", func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 1200}) }},
		{"whys-narrow.svg", func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 360}) }},
		{"graph.svg", func(w io.Writer) error { return g.DrawCausal(w, picture.Frame{Width: 1200}) }},
		{"graph-narrow.svg", func(w io.Writer) error { return g.DrawCausal(w, picture.Frame{Width: 360}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			if err := tt.draw(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, tt.name, b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", "pictures", name) // docs/pictures.md shows them
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update and look at the picture", err)
	}
	if got != string(want) {
		t.Errorf("%s changed; run the test with -update and look at the difference", path)
	}
}

func TestWhysShowWhereAChainStops(t *testing.T) {
	p := factors("a>incident", "b>a", "c>incident")
	p.Factors[1].Category = hindcast.OperationalError
	p.Actions = nil
	var b strings.Builder
	if err := graph.Of(p).DrawWhys(&b, nil, picture.Frame{Width: 1200}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"How did the system", "No action answers"} {
		if n := strings.Count(b.String(), ">"+want); n != 1 {
			t.Errorf("%q stands there %d times, want once", want, n)
		}
	}
}

func TestPicturesKeepWhatIsNotLinked(t *testing.T) {
	p := factors("a>incident", "alone", "gone")
	p.Factors[1].Bone = ""
	p.Factors[2].RuledOutBy = "its error rate"
	g := graph.Of(p)
	for name, draw := range map[string]func(io.Writer) error{
		"fishbone": func(w io.Writer) error { return g.DrawFishbone(w, picture.Frame{Width: 1200}) },
		"whys":     func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 1200}) },
		"graph":    func(w io.Writer) error { return g.DrawCausal(w, picture.Frame{Width: 1200}) },
	} {
		var b strings.Builder
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{">what alone was</text>", ">what gone was</text>", ">ruled out by: its error", ">Ruled out</text>"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

// TestPicturesShowNoComments checks that what people wrote for the lint is not
// drawn: it is no part of what a factor says.
func TestPicturesShowNoComments(t *testing.T) {
	p := factors("a>incident", "b>a", "alone", "gone")
	p.Factors[3].RuledOutBy = "its error rate"
	for i := range p.Factors {
		p.Factors[i].Description += " <!-- lint-ignore blame: quoted -->"
	}
	p.Actions = []hindcast.ActionItem{{ID: "act", Description: "Guard it <!-- to do: which guard? -->", Factors: []string{"b"}}}
	g := graph.Of(p)
	for name, draw := range map[string]func(io.Writer) error{
		"fishbone":          func(w io.Writer) error { return g.DrawFishbone(w, picture.Frame{Width: 1200}) },
		"whys":              func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 1200}) },
		"graph":             func(w io.Writer) error { return g.DrawCausal(w, picture.Frame{Width: 1200}) },
		"whys in words":     func(w io.Writer) error { return g.WhysMarkdown(w, nil) },
		"fishbone in words": g.FishboneMarkdown,
		"graph in words":    g.CausalMarkdown,
	} {
		var b strings.Builder
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		if s := b.String(); strings.Contains(s, "lint-ignore") || strings.Contains(s, "to do:") || !strings.Contains(s, "what a was") {
			t.Errorf("%s shows a comment, or not what the factor says:\n%s", name, s)
		}
	}
}

// TestHugeAnalysesEnd draws a long chain with many ends, in which every way to an
// end is long, and a factor whose words are hostile.
func TestHugeAnalysesEnd(t *testing.T) {
	var list []string
	for i := range 600 {
		to := hindcast.Outcome
		if i > 0 {
			to = fmt.Sprintf("n%d", min(i-1, 300))
		}
		list = append(list, fmt.Sprintf("n%d>%s", i, to))
	}
	p := factors(list...)
	p.Incident.Title = "\xff"
	p.Factors[0].Description = strings.Repeat("\xff\x00<&\"", 200)
	g := graph.Of(p)
	for name, draw := range map[string]func(io.Writer) error{
		"fishbone":    func(w io.Writer) error { return g.DrawFishbone(w, picture.Frame{Width: 1200}) },
		"whys":        func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 1200}) },
		"narrow whys": func(w io.Writer) error { return g.DrawWhys(w, nil, picture.Frame{Width: 300}) },
		"graph":       func(w io.Writer) error { return g.DrawCausal(w, picture.Frame{Width: 1200}) },
		"json":        func(w io.Writer) error { return g.JSON(w, nil) },
	} {
		var b strings.Builder
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		if most := 4 << 20; b.Len() > most {
			t.Errorf("%s has %d bytes, want at most %d", name, b.Len(), most)
		}
		if name != "json" {
			if err := xml.Unmarshal([]byte(b.String()), new(struct{})); err != nil {
				t.Errorf("%s is not well-formed: %v", name, err)
			}
		}
	}
}
