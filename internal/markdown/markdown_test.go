package markdown_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/markdown"
)

const sample = `---
title: "Café down"
resolved_at: 2024-03-15T15:00:00Z
---
# Café *down* ☕

The [deploy](https://example.test/1) of ` + "`v2.8.0`" + ` was
**rolled back**.<br>Traffic recovered.

> quoted words

    code

| Time | Event |
|---|---|
| 14:37 | Deploy \| started |

- outer
  - inner **bold**

    more of it
- ~~gone~~ [only a link](x)

<!-- lint-ignore blame: quoted -->
Last <!-- e:1 --> words
`

func TestParse(t *testing.T) {
	doc := markdown.Parse([]byte(sample))
	var got []string
	for _, b := range doc.Blocks {
		got = append(got, fmt.Sprintf("%d/%d list %d item %d col %d %q", b.Kind, b.Level, b.List, b.Item, b.Col, b.Text))
	}
	want := []string{
		`1/1 list 0 item 0 col 0 "Café down ☕"`,
		"0/0 list 0 item 0 col 0 \"The deploy of `v2.8.0` was\\nrolled back.\\nTraffic recovered.\"",
		`4/0 list 1 item 0 col 0 "Time"`,
		`4/0 list 1 item 0 col 1 "Event"`,
		`3/0 list 1 item 1 col 0 "14:37"`,
		`3/0 list 1 item 1 col 1 "Deploy \\| started"`,
		`2/1 list 2 item 1 col 0 "outer"`,
		`2/2 list 2 item 1 col 0 "inner bold"`,
		`2/2 list 2 item 1 col 0 "more of it"`,
		`2/1 list 2 item 2 col 0 " only a link"`,
		`0/0 list 0 item 0 col 0 "Last  words"`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("blocks (-want +got):\n%s", d)
	}
	var comments []string
	for _, c := range doc.Comments {
		comments = append(comments, c.Text+"|"+sample[c.Start:c.End])
	}
	if d := cmp.Diff([]string{"lint-ignore blame: quoted|<!-- lint-ignore blame: quoted -->", "e:1|<!-- e:1 -->"}, comments); d != "" {
		t.Errorf("comments (-want +got):\n%s", d)
	}
	f, ok := doc.Field("Resolved_At")
	if !ok || f.Value != "2024-03-15T15:00:00Z" || sample[f.Start:f.End] != f.Value {
		t.Errorf("field = %+v, %v", f, ok)
	}
}

func TestFrontMatterThatNeverEndsIsText(t *testing.T) {
	doc := markdown.Parse([]byte("---\na: b\n\nwords\n"))
	if len(doc.Fields) != 0 || len(doc.Blocks) == 0 {
		t.Errorf("fields = %v, blocks = %v", doc.Fields, doc.Blocks)
	}
}

// TestOffsets holds on any document: every byte of a block's text is the byte of
// the source at its offset, but for the line break that stands for <br>.
func TestOffsets(t *testing.T) {
	pieces := []string{"# ", "été ", "日本 ", "*", "**", "`", "``", "- ", "1. ", "| a | ", "|---|---|\n", "\n", "\n\n", "> ", "<br>", "<!-- x -->", "[l](u) ",
		"\\| ", "&amp; ", "![p](q)", "~~", "😀 ", "\t", "    ", "```\n", "\r\n", "word ", "\xff", "www.example.test ", "[^1]", "---\n", "===\n"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range rnd.IntN(40) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		checkOffsets(t, b.String())
	}
}

func checkOffsets(t *testing.T, source string) {
	t.Helper()
	for _, b := range markdown.Parse([]byte(source)).Blocks {
		for i := range len(b.Text) {
			at := b.Offset(i)
			if at < 0 || at >= len(source) || source[at] != b.Text[i] && b.Text[i] != '\n' {
				t.Fatalf("%q: byte %d of %q is not at %d", source, i, b.Text, at)
			}
		}
		if start, end := b.Span(0, len(b.Text)); start != b.Start || end != b.End || end > len(source) {
			t.Fatalf("%q: %q spans %d to %d, block says %d to %d", source, b.Text, start, end, b.Start, b.End)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 {
			t.Skip("long")
		}
		checkOffsets(t, source)
	})
}
