package markdown_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/markdown"
)

// hostile are sources of about half a mebibyte that make Markdown parsers slow.
func hostile() map[string]string {
	var ticks, stairs strings.Builder
	for i := range 1000 {
		ticks.WriteString(strings.Repeat("`", i+1) + "a")
		stairs.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	paragraphs := func(unit string, n int) string {
		return strings.Repeat(strings.Repeat(unit, n)+"\n\n", 1<<19/(len(unit)*n))
	}
	return map[string]string{
		"open brackets":         strings.Repeat("[", 1<<19),
		"open emphasis":         strings.Repeat("*a **a ", 1<<17),
		"open links":            strings.Repeat("[a](", 1<<17),
		"open pictures":         strings.Repeat("![", 1<<19),
		"open comments":         strings.Repeat("<!--", 1<<17),
		"open tags":             strings.Repeat("<a ", 1<<17),
		"code of every length":  ticks.String(),
		"nested quotations":     strings.Repeat(">", 1<<19),
		"nested lists":          strings.Repeat("- ", 1<<19),
		"a staircase of lists":  stairs.String(),
		"link definitions":      strings.Repeat("[a]: x\n", 1<<17),
		"a wide table":          strings.Repeat("|a", 1<<17) + "\n" + strings.Repeat("|-", 1<<17) + "\n",
		"tables after tables":   strings.Repeat("|a|b\n|-|-\n", 1<<16),
		"emphasis within limit": paragraphs("*a **a ", 300),
		"links within limit":    paragraphs("[a](", 450),
		"brackets within limit": paragraphs("[", 990),
		"lines of brackets":     strings.Repeat("[a\n", 1<<17),
		"lines of list markers": strings.Repeat("* [a\n", 1<<17),
		"backslashes":           strings.Repeat("\\", 1<<19),
		"bytes without meaning": strings.Repeat("\xff\x00", 1<<19),
	}
}

func TestHostileSourcesEnd(t *testing.T) {
	for name, source := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			markdown.Parse([]byte(source))
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v for %d bytes", took, len(source))
			}
			t.Log(time.Since(start))
		})
	}
}
