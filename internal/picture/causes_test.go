package picture_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/picture"
)

// causesOf returns random causes of many lengths and parts.
func causesOf(r *rand.Rand, n int) []picture.Cause {
	texts := []string{"No limit", "Alerts on queue depth fire only above ten thousand messages", "org.example.payments.gateway.internal.RetryingClientWithoutTimeout_v2 has no timeout",
		"The retry policy multiplies every failed request by five without any jitter between attempts, so that load grows just when capacity is lowest", "Zwei Teams besitzen das Gateway", "証明書は手作業で更新される"}
	parts := []picture.Part{"", picture.PartRoot, picture.PartContributing, picture.PartMitigating, picture.PartDetecting, picture.PartRuledOut}
	notes := []string{"", "process gap", "configuration error", "capacity insufficient"}
	var out []picture.Cause
	for i := range n {
		c := picture.Cause{ID: "f" + strconv.Itoa(i), Text: texts[r.IntN(len(texts))], Part: parts[r.IntN(len(parts))], Note: notes[r.IntN(len(notes))], Alt: "more"}
		if r.IntN(3) == 0 {
			c.Feet = append(c.Feet, picture.Foot{Sign: picture.SignAction, Text: "Limit the size of entries and alert at 80 % of it"})
		}
		out = append(out, c)
	}
	return out
}

var outcome = picture.Cause{Text: "Checkout answered slowly for two hours in all regions", Part: picture.PartIncident}

// pictures returns the three pictures of random causes.
func pictures(seed uint64, n, width int) map[string]func(io.Writer) error {
	r := rand.New(rand.NewPCG(seed, 3))
	list := causesOf(r, n)
	g := picture.CausalGraph{Title: "t", Outcome: outcome, Causes: list}
	fish := picture.Fish{Title: "t", Head: outcome}
	for _, name := range []string{"People", "Process", "Technology", "Environment"} {
		fish.Bones = append(fish.Bones, picture.FishBone{Name: name, Question: "Which part of it made this possible or worse than it had to be?"})
	}
	children := map[int][]int{}
	for i, c := range list {
		to := r.IntN(i + 1) // 0 is the outcome
		l := picture.Link{From: c.ID}
		if to > 0 {
			l.To = list[to-1].ID
		}
		if r.IntN(3) == 0 {
			l.How = "requests waited for it and nothing limited how long"
		}
		g.Links = append(g.Links, l)
		children[to] = append(children[to], i+1)
		if b := &fish.Bones[r.IntN(3)]; r.IntN(8) > 0 { // the last bone stays empty
			b.Causes = append(b.Causes, c)
			deepest := 0
			if n := len(b.Depth); n > 0 {
				deepest = b.Depth[n-1] + 1
			}
			b.Depth = append(b.Depth, r.IntN(deepest+1))
		}
	}
	var whys func(i int) []picture.Why
	whys = func(i int) []picture.Why {
		var out []picture.Why
		for _, k := range children[i] {
			out = append(out, picture.Why{Cause: list[k-1], Again: r.IntN(20) == 0, Whys: whys(k)})
		}
		return out
	}
	tree := picture.WhyTree{Title: "t", Outcome: outcome, Whys: whys(0), Levels: []picture.WhyLevel{{"Why did the symptom occur?", "Identify immediate technical cause"}}}
	apart := []picture.Strip{{Title: "Ruled out", Causes: causesOf(r, r.IntN(4))}}
	for i := range apart[0].Causes {
		apart[0].Causes[i].ID = "x" + strconv.Itoa(i)
	}
	g.Apart, fish.Apart, tree.Apart = apart, apart, apart
	f := picture.Frame{Width: width}
	return map[string]func(io.Writer) error{
		"graph":    func(w io.Writer) error { return picture.Causal(w, g, f) },
		"fishbone": func(w io.Writer) error { return picture.Fishbone(w, fish, f) },
		"whys":     func(w io.Writer) error { return picture.Whys(w, tree, f) },
	}
}

// area is where something is drawn.
type area struct {
	what                     string
	left, top, right, bottom float64
}

func (a area) overlaps(b area) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// drawn reads back what a picture shows: boxes, texts and its size.
func drawn(t *testing.T, svg string) (size area, boxes, texts []area) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return size, boxes, texts
		}
		if err != nil {
			t.Fatalf("the picture is not well-formed XML: %v", err)
		}
		el, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range el.Attr {
			attr[a.Name.Local] = a.Value
		}
		num := func(name string) float64 { n, _ := strconv.ParseFloat(attr[name], 64); return n }
		switch {
		case el.Name.Local == "svg":
			size = area{"picture", 0, 0, num("width"), num("height")}
		case el.Name.Local == "rect" && strings.HasPrefix(attr["class"], "cause"):
			boxes = append(boxes, area{"box", num("x"), num("y"), num("x") + num("width"), num("y") + num("height")})
		case el.Name.Local == "text":
			var s string
			if err := dec.DecodeElement(&s, &el); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, textArea(s, attr["class"], attr["text-anchor"], num("x"), num("y")))
		}
	}
}

// textArea is about where a line of text is drawn, in a font as wide as common
// ones are.
func textArea(s, class, anchor string, x, y float64) area {
	size := 12.0
	switch {
	case strings.Contains(class, "body"):
		size = 13
	case strings.Contains(class, "name"):
		size = 14
	case strings.Contains(class, "note"), strings.Contains(class, "small"):
		size = 11
	}
	w := 0.0
	for _, r := range s {
		if r > 0x2e80 {
			w += size
		} else {
			w += size * 0.5
		}
	}
	if anchor == "middle" {
		x -= w / 2
	}
	return area{s, x, y - size*0.75, x + w, y + size*0.1}
}

// twigs reads back the lines that join causes to those they stand below on a bone.
func twigs(svg string) [][4]float64 {
	var out [][4]float64
	for _, m := range regexp.MustCompile(`class="twig" d="M(\d+) (\d+)L(\d+) (\d+)"`).FindAllStringSubmatch(svg, -1) {
		var t [4]float64
		for i := range t {
			t[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		out = append(out, t)
	}
	return out
}

// crossed returns a text that a line passes through.
func crossed(line [4]float64, texts []area) string {
	for step := range 101 {
		at := float64(step) / 100
		x, y := line[0]+(line[2]-line[0])*at, line[1]+(line[3]-line[1])*at
		for _, a := range texts {
			if a.left < x && x < a.right && a.top < y && y < a.bottom {
				return a.what
			}
		}
	}
	return ""
}

func TestTwigsOfAFishboneCrossNoWords(t *testing.T) {
	seen := 0
	for seed := range uint64(62) {
		for _, width := range []int{360, 1280} {
			var b strings.Builder
			if err := pictures(seed, int(seed), width)["fishbone"](&b); err != nil {
				t.Fatal(err)
			}
			_, _, texts := drawn(t, b.String())
			for _, line := range twigs(b.String()) {
				seen++
				if words := crossed(line, texts); words != "" {
					t.Errorf("fishbone of %d causes, %d wide: the line %v passes through %q", seed, width, line, words)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no fishbone has twigs")
	}
}

func TestLinksOfWhatHelpedLookAndReadOtherwise(t *testing.T) {
	for part, want := range map[picture.Part][2]string{
		picture.PartContributing: {`class="tip"`, "x led to y"}, picture.PartMitigating: {`class="link bar"`, "x lessened y"}, picture.PartDetecting: {`<circle class="cause"`, "x brought to light y"},
	} {
		for _, width := range []int{360, 700} {
			var b strings.Builder
			g := picture.CausalGraph{Outcome: picture.Cause{Text: "y", Part: picture.PartIncident}, Causes: []picture.Cause{{ID: "a", Text: "x", Part: part}}, Links: []picture.Link{{From: "a"}}}
			if err := picture.Causal(&b, g, picture.Frame{Width: width}); err != nil {
				t.Fatal(err)
			}
			for _, s := range want {
				if !strings.Contains(b.String(), s) {
					t.Errorf("the link of a %s factor, %d wide, has no %s", part, width, s)
				}
			}
		}
	}
}

func TestPicturesOfCausesHaveNoOverlap(t *testing.T) {
	for seed := range uint64(62) {
		for _, width := range []int{360, 1280} {
			for name, draw := range pictures(seed, int(seed%62), width) {
				var b strings.Builder
				if err := draw(&b); err != nil {
					t.Fatal(err)
				}
				at := fmt.Sprintf("%s of %d causes, %d wide", name, seed%62, width)
				size, boxes, texts := drawn(t, b.String())
				for i, a := range boxes {
					for _, other := range boxes[:i] {
						if a.overlaps(other) {
							t.Fatalf("%s: boxes overlap: %v %v", at, a, other)
						}
					}
				}
				for i, a := range texts {
					if a.left < 0 || a.top < 0 || a.right > size.right || a.bottom > size.bottom {
						t.Fatalf("%s: %q lies outside: %v", at, a.what, a)
					}
					for _, other := range texts[:i] {
						if a.overlaps(other) {
							t.Fatalf("%s: %q overlaps %q: %v %v", at, a.what, other.what, a, other)
						}
					}
					for _, box := range boxes { // within a box or outside it
						if a.overlaps(box) && (a.left < box.left || a.right > box.right || a.top < box.top || a.bottom > box.bottom) {
							t.Fatalf("%s: %q crosses the edge of a box: %v %v", at, a.what, a, box)
						}
					}
				}
			}
		}
	}
}

func TestPicturesOfCausesAreTheSameTwice(t *testing.T) {
	for seed := range uint64(20) {
		again := pictures(seed, 30, 1280)
		for name, draw := range pictures(seed, 30, 1280) {
			var a, b strings.Builder
			if err := errors.Join(draw(&a), again[name](&b)); err != nil {
				t.Fatal(err)
			}
			if a.String() != b.String() {
				t.Errorf("%s: the same causes gave another picture", name)
			}
		}
	}
}

func TestPicturesSayAllInWords(t *testing.T) {
	for name, draw := range pictures(4, 12, 1280) {
		var b strings.Builder
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`role="img" aria-labelledby="t d"`, `<title id="t">`, `<desc id="d">`, "prefers-color-scheme:dark", "@media print", `<g tabindex="0" data-factor="f`, "<desc>more</desc>"} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

func TestPicturesWithinAPage(t *testing.T) {
	list := []picture.Cause{{ID: `a"b`, Text: "<script> & so on", Part: picture.PartRoot}}
	var b strings.Builder
	g := picture.CausalGraph{Title: `of "all"`, Outcome: outcome, Causes: list, Links: []picture.Link{{From: `a"b`}, {From: "gone"}}}
	if err := picture.Causal(&b, g, picture.Frame{Width: 700, Within: true}); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`<a href="#factors/a&quot;b"`, `aria-label="of &quot;all&quot;"`, "&lt;script&gt; &amp; so on"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s", want)
		}
	}
	for _, not := range []string{"<style", "style=", ` id="`, "<script"} {
		if strings.Contains(svg, not) {
			t.Errorf("the picture has %s", not)
		}
	}
	drawn(t, svg)
}

func TestPartsDifferInFormAndWord(t *testing.T) {
	seen := map[string]picture.Part{}
	for _, p := range []picture.Part{picture.PartRoot, picture.PartContributing, picture.PartMitigating, picture.PartDetecting, picture.PartRuledOut} {
		var b strings.Builder
		g := picture.CausalGraph{Outcome: outcome, Causes: []picture.Cause{{ID: "a", Text: "x", Part: p}}, Links: []picture.Link{{From: "a"}}}
		if err := picture.Causal(&b, g, picture.Frame{Width: 700, Within: true}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), ">"+string(p)+"<"); n != 2 {
			t.Errorf("%s stands in words %d times, want 2: in the box and in the legend", p, n)
		}
		form := strings.ReplaceAll(b.String(), string(p), "")
		if other, ok := seen[form]; ok {
			t.Errorf("%s and %s differ in the word alone", p, other)
		}
		seen[form] = p
	}
}

func BenchmarkCausal60(b *testing.B) {
	draw := pictures(7, 60, 1280)["graph"]
	for b.Loop() {
		if err := draw(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
