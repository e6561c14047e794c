package raster_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/marks"
	"github.com/hindcast/hindcast/internal/picture/raster"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

var plain = raster.Options{Theme: marks.Light, Scale: 1}

func drawn(t *testing.T, svg string, o raster.Options) (image.Image, []byte, int) {
	t.Helper()
	var b bytes.Buffer
	lacking, err := raster.PNG(&b, svg, o)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return img, b.Bytes(), lacking
}

// picture is a picture of a size with marks on it.
func picture(width, height int, inner string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"><style>svg{--a:#ff0000;--b:#0000ff}@media (prefers-color-scheme:dark){svg{--a:#00ff00}}.a{fill:var(--a)}.b{stroke:var(--b);stroke-width:4;fill:none}.d{stroke-dasharray:10 10}</style>`+
		`<rect width="%d" height="%d"/>%s</svg>`, width, height, width, height, inner)
}

// TestGolden holds the bytes of every form to files that were looked at.
func TestGolden(t *testing.T) {
	svg, err := os.ReadFile("testdata/forms.svg")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]raster.Options{
		"light.png": {Theme: marks.Light, Scale: 2},
		"dark.png":  {Theme: marks.Dark, Scale: 1},
		"clear.png": {Theme: marks.Light, Scale: 1.5, Clear: true},
	} {
		_, got, lacking := drawn(t, string(svg), o)
		if lacking != 2 {
			t.Errorf("%s: %d characters stand as boxes, want 2", name, lacking)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: the picture is another one (%v); look at it and run with -update", name, err)
		}
	}
}

func TestPixels(t *testing.T) {
	white, red, blue, green := color.RGBA{255, 255, 255, 255}, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{0, 255, 0, 255}
	none, ground := color.RGBA{}, color.RGBA{0x16, 0x18, 0x1b, 255}
	type at map[image.Point]color.RGBA
	for name, tt := range map[string]struct {
		inner string
		o     raster.Options
		want  at
	}{
		"filled":           {`<rect class="a" x="10" y="10" width="20" height="20"/>`, plain, at{{9, 20}: white, {10, 20}: red, {29, 29}: red, {30, 20}: white}},
		"scaled":           {`<rect class="a" x="10" y="10" width="20" height="20"/>`, raster.Options{Theme: marks.Light, Scale: 3}, at{{29, 50}: white, {30, 50}: red, {89, 89}: red, {90, 50}: white}},
		"in the dark":      {`<rect class="a" x="10" y="10" width="20" height="20"/>`, raster.Options{Theme: marks.Dark, Scale: 1}, at{{9, 20}: ground, {10, 20}: green}},
		"without ground":   {`<rect class="a" x="10" y="10" width="20" height="20"/>`, raster.Options{Theme: marks.Light, Scale: 1, Clear: true}, at{{9, 20}: none, {10, 20}: red}},
		"half transparent": {`<rect class="a" x="10" y="10" width="20" height="20" opacity="0.5"/>`, plain, at{{15, 15}: {255, 127, 127, 255}}},
		"stroked":          {`<rect class="b" x="10" y="10" width="20" height="20"/>`, plain, at{{7, 20}: white, {8, 8}: blue, {11, 20}: blue, {12, 20}: white, {31, 31}: blue, {32, 20}: white}},
		"dashed":           {`<path class="b d" d="M0 50H100"/>`, plain, at{{5, 50}: blue, {15, 50}: white, {25, 50}: blue}},
		"a ring":           {`<circle class="b" cx="50" cy="50" r="20"/>`, plain, at{{50, 30}: blue, {30, 50}: blue, {50, 50}: white}},
		"under an arc":     {`<path class="a" d="M10 50Q50 10 90 50Z"/>`, plain, at{{50, 40}: red, {12, 40}: white}},
		"wound as a hole":  {`<path class="a" d="M10 10H90V90H10ZM30 30V70H70V30Z"/>`, plain, at{{20, 50}: red, {50, 50}: white, {80, 50}: red}},
	} {
		t.Run(name, func(t *testing.T) {
			img, _, _ := drawn(t, picture(100, 100, tt.inner), tt.o)
			for p, want := range tt.want {
				if got := color.RGBAModel.Convert(img.At(p.X, p.Y)); got != want {
					t.Errorf("at %v: got %v, want %v", p, got, want)
				}
			}
		})
	}
}

// TestNoSeams looks along forms that reach over the tiles in which they are drawn.
func TestNoSeams(t *testing.T) {
	img, _, _ := drawn(t, picture(1400, 1100, `<rect class="a" x="3" y="3" width="1390" height="1090"/><path class="b" d="M-20 -20L1000 700M-50 600H1380"/>`), plain)
	red := color.RGBA{255, 0, 0, 255}
	for x := 4; x < 1378; x++ {
		if got := color.RGBAModel.Convert(img.At(x, 1080)); got != red {
			t.Fatalf("at %d, 1080: got %v", x, got)
		}
		if got := color.RGBAModel.Convert(img.At(x, 600)); got == red {
			t.Fatalf("the line has a hole at %d", x)
		}
	}
	for y := 4; y < 1090; y++ {
		if got := color.RGBAModel.Convert(img.At(1391, y)); got != red {
			t.Fatalf("at 1391, %d: got %v", y, got)
		}
	}
}

func TestText(t *testing.T) {
	ink := func(s string) int {
		img, _, _ := drawn(t, `<svg width="200" height="40"><text x="5" y="25">`+s+`</text></svg>`, plain)
		n := 0
		for y := range 40 {
			for x := range 200 {
				if c, ok := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA); ok && c.R < 128 {
					n++
				}
			}
		}
		return n
	}
	for _, s := range []string{"Ab", "Отказ", "Größe", "λ", "検", "→", "🔥"} {
		if ink(s) == 0 {
			t.Errorf("nothing is seen of %q", s)
		}
	}
	if _, _, lacking := drawn(t, `<svg width="200" height="40"><text x="5" y="25">検索 日本</text></svg>`, plain); lacking != 4 {
		t.Errorf("%d characters are said to lack, want 4", lacking)
	}
}

func TestSameBytes(t *testing.T) {
	svg := picture(600, 900, strings.Repeat(`<circle class="b" cx="300" cy="450" r="200"/><text x="10" y="600">the same</text>`, 3))
	_, a, _ := drawn(t, svg, plain)
	if _, b, _ := drawn(t, svg, plain); !bytes.Equal(a, b) {
		t.Error("the same picture gave other bytes")
	}
}

func TestTooLarge(t *testing.T) {
	for name, tt := range map[string]struct {
		svg   string
		scale float64
		want  string
	}{
		"area":     {picture(9000, 9000, ""), 2, "choose a smaller scale"},
		"side":     {picture(20, 40000, ""), 1, "choose a smaller scale"},
		"scale":    {picture(20, 20, ""), 9, "choose one between 0.5 and 8"},
		"no scale": {picture(20, 20, ""), 0, "choose one between 0.5 and 8"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			_, err := raster.PNG(&b, tt.svg, raster.Options{Theme: marks.Light, Scale: tt.scale})
			if hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), tt.want) || b.Len() > 0 {
				t.Errorf("PNG = %d bytes, %v; want an error that says %q", b.Len(), err, tt.want)
			}
		})
	}
	if _, err := raster.PNG(&bytes.Buffer{}, "<svg", plain); err == nil {
		t.Error("what is no picture was drawn")
	}
}

// BenchmarkLarge draws what 60 factors take as whys.
func BenchmarkLarge(b *testing.B) {
	svg := picture(1300, 4400, strings.Repeat(`<rect class="b" x="100" y="200" width="200" height="100" rx="3"/><text x="10" y="600">What led to what, in a line of text</text>`, 400))
	b.ReportAllocs()
	for b.Loop() {
		var out bytes.Buffer
		if _, err := raster.PNG(&out, svg, raster.Options{Theme: marks.Light, Scale: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
