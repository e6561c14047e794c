package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/sample"
)

// sampleDocument is a sample post-mortem with two pictures.
func sampleDocument(t testing.TB, n int) export.Document {
	t.Helper()
	data, err := fs.ReadFile(sample.All()[n].Files(), "post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	pm := document.Parse("post-mortem.md", data).Postmortem
	var timeline, causes, narrow strings.Builder
	tl := hindcast.Timeline{Incident: pm.Incident.Phases, Entries: pm.Timeline}
	if err := picture.DrawTimeline(&timeline, tl, picture.Look{Width: 700, Within: true}); err != nil {
		t.Fatal(err)
	}
	for b, width := range map[*strings.Builder]int{&causes: 700, &narrow: 600} {
		if err := graph.Of(pm).DrawCausal(b, picture.Frame{Width: width, Within: true}); err != nil {
			t.Fatal(err)
		}
	}
	return export.Document{Postmortem: pm, Pictures: []export.Picture{
		{Section: hindcast.SectionTimeline, Caption: "Phases and entries", SVG: timeline.String()},
		{Section: hindcast.SectionRootCauses, Caption: "What led to what", SVG: causes.String(), Narrow: narrow.String()},
	}}
}

func written(t testing.TB, d export.Document, paper pdf.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Write(&b, d, paper); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// text returns what a reader of PDF finds, page by page.
func text(t *testing.T, data []byte) []string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not here; install poppler-utils to read PDFs back")
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

var sampleTime = time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)

// story is a post-mortem with a summary.
func story(summary string) export.Document {
	return export.Document{Postmortem: hindcast.Postmortem{
		Incident: hindcast.Incident{Title: "Search answered slowly", Kind: hindcast.KindIncident}, Status: hindcast.StatusDraft,
		Sections: []hindcast.Section{{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: summary}},
	}}
}

func TestTextCanBeRead(t *testing.T) {
	for n, inc := range sample.All() {
		pages := text(t, written(t, sampleDocument(t, n), pdf.A4))
		all := strings.Join(strings.Fields(strings.Join(pages, "\n")), " ")
		for _, want := range []string{inc.Title, "Incident Summary", "Root Cause Analysis", "Phases and entries", "Action Items", "Done when:", "SHA-256"} {
			if !strings.Contains(all, want) {
				t.Errorf("%s: the PDF lacks %q", inc.Slug, want)
			}
		}
		if !strings.Contains(pages[1], fmt.Sprintf("2 / %d", len(pages))) {
			t.Errorf("%s: page 2 of %d has no number:\n%s", inc.Slug, len(pages), pages[1])
		}
	}
}

func TestContentsNameThePages(t *testing.T) {
	pages := text(t, written(t, sampleDocument(t, 0), pdf.A4))
	found := 0
	for _, m := range regexp.MustCompile(`(?m)^ *([A-Z][A-Za-z ]+?) +[. ]{5,}(\d+)$`).FindAllStringSubmatch(pages[0], -1) {
		var page int
		if _, err := fmt.Sscan(m[2], &page); err != nil || page > len(pages) {
			t.Fatalf("the contents say that %s is on page %s of %d", m[1], m[2], len(pages))
		}
		if !strings.Contains(pages[page-1], m[1]) {
			t.Errorf("%s is not on page %d", m[1], page)
		}
		found++
	}
	if found < 9 {
		t.Errorf("the contents name %d sections:\n%s", found, pages[0])
	}
}

func TestHeaderOfATableIsOnEveryPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("| Service | What it did |\n| --- | --- |\n")
	for n := range 120 {
		fmt.Fprintf(&b, "| service %d | answered late |\n", n)
	}
	for n, page := range text(t, written(t, story(b.String()), pdf.A4)) {
		if strings.Contains(page, "answered late") && !strings.Contains(page, "What it did") {
			t.Errorf("page %d goes on with the table without its header", n+1)
		}
	}
}

func TestWriteIsTheSameTwice(t *testing.T) {
	first := written(t, sampleDocument(t, 0), pdf.A4)
	for range 3 {
		if !bytes.Equal(first, written(t, sampleDocument(t, 0), pdf.A4)) {
			t.Fatal("the same post-mortem gave other bytes")
		}
	}
	if bytes.Equal(first, written(t, sampleDocument(t, 0), pdf.Letter)) {
		t.Error("A4 and Letter are the same")
	}
}

// streams returns a file with its streams in plain.
func streams(t *testing.T, data []byte) string {
	t.Helper()
	var b strings.Builder
	for {
		head, rest, ok := bytes.Cut(data, []byte("stream\n"))
		b.Write(head)
		if !ok {
			return b.String()
		}
		body, rest, _ := bytes.Cut(rest, []byte("\nendstream"))
		if z, err := zlib.NewReader(bytes.NewReader(body)); err == nil {
			plain, _ := io.ReadAll(z) // what could be read is looked at
			b.Write(plain)
		}
		data = rest
	}
}

func TestStructure(t *testing.T) {
	got := streams(t, written(t, sampleDocument(t, 0), pdf.A4))
	for _, want := range []string{"/Outlines", "/Lang (en)", "/FontFile2", "/ToUnicode", "/CreationDate (D:20240318090000", "/Subtype /Link"} {
		if !strings.Contains(got, want) {
			t.Errorf("the PDF has no %s", want)
		}
	}
	for _, not := range []string{"/Subtype /Image", "/JavaScript", "/Launch", "/Type /EmbeddedFile"} {
		if strings.Contains(got, not) {
			t.Errorf("the PDF has %s", not)
		}
	}
	if n := strings.Count(got, " c\n") + strings.Count(got, " l\n") + strings.Count(got, " re"); n < 200 {
		t.Errorf("the pictures are drawn with %d vectors", n)
	}
}

func TestCharactersThatFontsLack(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"sign":        {"done ✅ and 🔥", "done [done] and [fire]"},
		"mathematic":  {"𝐀𝐁 and ½", "AB and ½"},
		"accent":      {"cafe\u0301", "café"},
		"ideograph":   {"名", "□"},
		"above":       {"\U0001f9ff!", "□!"},
		"zero width":  {"a\u200bb\u2060c", "abc"},
		"no break":    {"a\u00a0b", "a b"},
		"right":       {"→ ← “x”", "→ ← “x”"},
		"replacement": {"\ufffd", "□"},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(text(t, written(t, story("Begin "+tt.in+" end"), pdf.A4)), "")
			if want := "Begin " + tt.want + " end"; !strings.Contains(got, want) {
				t.Errorf("%q is not written as %q:\n%s", tt.in, want, got)
			}
		})
	}
}

func TestHeadingsThatCannotBeSeen(t *testing.T) {
	for _, heading := range []string{"\u202e", "\u200b\u2060", "\x01", "&#8203;"} {
		d := story("x")
		d.Markdown = []byte("\n---\n\n# t\n\n## " + heading + "\n\ntext\n\n### " + heading + "\n")
		written(t, d, pdf.A4)
	}
}

func TestLinksLeadToTheWebAlone(t *testing.T) {
	got := string(written(t, story("[a](https://example.org/x) [b](javascript:alert(1)) [c](file:///etc/passwd) <mailto:a@example.org> [d](https://e.org/\\(x\\))"), pdf.A4))
	for _, want := range []string{"(https://example.org/x)", "(mailto:a@example.org)"} {
		if !strings.Contains(got, "/URI "+want) {
			t.Errorf("no link to %s", want)
		}
	}
	if n := strings.Count(got, "/S /URI"); n != 2 {
		t.Errorf("%d links lead outside, want 2", n)
	}
}

func TestHostilePicturesAreLeftOut(t *testing.T) {
	for name, svg := range map[string]string{
		"none": "", "broken": "<svg width='10' height='10'><rect", "no size": "<svg><rect width='1' height='1'/></svg>",
		"numbers": "<svg width='100' height='1e300'><path class='link' d='M1e309 NaNL-1 -1CZ'/><polygon points='1'/><circle r='-5'/></svg>",
		"deep":    "<svg width='100' height='100'>" + strings.Repeat("<g>", 2000),
		"huge":    "<svg width='100000' height='100'><text x='5' y='5'>x</text></svg>",
		"empty":   "<svg width='0' height='-1'></svg>",
	} {
		t.Run(name, func(t *testing.T) {
			d := story("x")
			d.Pictures = []export.Picture{{Section: hindcast.SectionSummary, Caption: "c", SVG: svg, Narrow: svg}}
			written(t, d, pdf.A4)
		})
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range []string{
		"plain", "\U0001f9ff\uffff\U00010000", "| a | b |\n|---|---|\n| " + strings.Repeat("x", 900) + " | y |\n", "```\n\t\x00\x1b[31m\n```",
		"> > > q\n\n1. a\n   - b\n     1. c", "# h\n\n## \n\n### x\n\n###### y", "[a](#b) <https://a.b> ~~s~~ **b *i***", "&lt;&#0;&#x10ffff;\\*", strings.Repeat("- ", 60) + "x",
		"\u202eabc\u200f", "## \u200b\n\nx", strings.Repeat("w", 3000), "|||||||||||\n|-|-|-|-|-|-|-|-|-|-|\n|a|",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, title, summary string) {
		d := story(summary)
		d.Postmortem.Incident.Title = title
		var svg strings.Builder
		tl := hindcast.Timeline{Entries: []hindcast.Entry{{ID: title, At: sampleTime, Title: summary}}}
		if err := picture.DrawTimeline(&svg, tl, picture.Look{Width: 700, Within: true}); err != nil {
			t.Fatal(err)
		}
		d.Pictures = []export.Picture{{Section: hindcast.SectionSummary, Caption: title, SVG: svg.String(), Narrow: summary}}
		var b bytes.Buffer
		if err := pdf.Write(&b, d, pdf.A4); err != nil {
			t.Fatal(err)
		}
	})
}
