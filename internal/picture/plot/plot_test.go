package plot_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/picture/plot"
)

func bars() plot.BarChart {
	c := plot.BarChart{Title: "Actions <per> week", Desc: "what was agreed", Series: []string{"agreed", "carried out"}}
	for _, n := range []int{3, 0, 12} {
		c.Groups = append(c.Groups, plot.Group{Name: "06-03", Values: []int{n, 1}, Words: []string{"a & b", "c"}, Links: []string{"/actions?a=1&b=2", ""}})
	}
	return c
}

func steps() plot.StepChart {
	median := 23
	return plot.StepChart{Title: "Time", Last: 35, Median: &median, Steps: []plot.Step{
		{At: 6, Share: 0.857, Low: 0.62, Top: 0.952, Words: "3 after 6 days", Link: "/actions?took=6"}, {At: 23, Share: 0.448, Low: 0.188, Top: 0.68, Words: "1 after 23 days", Link: "/actions?took=23"}}}
}

// TestDrawn reads every picture as XML: once within a page, once alone.
func TestDrawn(t *testing.T) {
	for name, draw := range map[string]func(io.Writer, plot.Look) error{
		"bars":          func(w io.Writer, l plot.Look) error { return plot.Bars(w, bars(), l) },
		"no bars":       func(w io.Writer, l plot.Look) error { return plot.Bars(w, plot.BarChart{}, l) },
		"steps":         func(w io.Writer, l plot.Look) error { return plot.Steps(w, steps(), l) },
		"nothing known": func(w io.Writer, l plot.Look) error { return plot.Steps(w, plot.StepChart{}, l) },
	} {
		for _, look := range []plot.Look{{Width: 900}, {Width: 300, Within: true}} {
			var b bytes.Buffer
			if err := draw(&b, look); err != nil {
				t.Fatal(err)
			}
			links := 0
			for d := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
				tok, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "a" {
					links++
				}
			}
			want := map[string]int{"bars": 3, "steps": 2}[name]
			if !look.Within {
				want = 0
			}
			if links != want || strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
				t.Errorf("%s at %+v has %d links, want %d:\n%s", name, look, links, want, &b)
			}
		}
	}
}

func TestBarsBeginAtZero(t *testing.T) {
	var b bytes.Buffer
	if err := plot.Bars(&b, bars(), plot.Look{Width: 900}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`height="136.0"`, `height="34.0"`, ">15</text>", ">0</text>", "Actions &lt;per&gt; week"} { // 12 of 15, and 3 of 15, of 170
		if !strings.Contains(b.String(), want) {
			t.Errorf("the picture has no %s:\n%s", want, &b)
		}
	}
}
