package prose_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/prose"
)

// sources are texts with what lies between the words of a page and of its source.
var sources = []string{
	"The **alert** came _late_, and the `alert` was unclear.",
	"At 14:02 🚒 the pool ran dry &amp; requests failed. 5 &lt; 6, AT&T, &nosuch; &copy;",
	`It was \*not\* slow \\ but \[down\].`,
	"# What happened\n\n- one *two*\n- three\n\n> quoted\n> twice\n\n1. first\n2. second\n",
	"Like #4521 and https://a.example/x?y=1&z=2, see [the **runbook**](https://b.example \"title\") and <https://c.example>.",
	"|a|b|\n|-|-|\n|one *x*|two|\n|one x|`t|w`|\n\n~~gone~~",
	"```sql\nselect * from t where a < b && c;\n```\n\n    indented & code\n",
	"a <b>bold</b> word\n\n<div>left out</div>\n\n![a shot](https://a.example/x.png) hard  \nbreak\\\nhere",
	"ÄÖÜ größer\u00a0als 中文。",
	"",
}

var tag = regexp.MustCompile(`<[^>]*>`)

// shown returns what is read on a page, without blanks.
func shown(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(page, ""))), "")
}

func TestWordsAreThoseOfThePage(t *testing.T) {
	r := prose.New()
	for _, source := range append(sources, strings.Repeat(">", 100)+" a <b> c") {
		if got, want := r.Words(source).Span(0, len(source)).Text, shown(r.HTML(source)); got != want {
			t.Errorf("Words(%q):\n got %q\nwant %q", source, got, want)
		}
	}
}

func TestWordsAreFoundInTheSource(t *testing.T) {
	tests := []struct{ name, source, quote, before, after, want string }{
		{"plain", "It was slow.", "was slow", "", "", "was slow"},
		{"over marks", sources[0], "The alert came late", "", "", "The **alert** came _late"},
		{"within marks", sources[0], "late", "", "", "late"},
		{"the second of two", sources[0], "alert", "came late, and the", "was unclear", "alert` was"},
		{"over lines", sources[3], "two three", "", "", "two*\n- three"},
		{"an entity", sources[1], "dry & requests", "", "", "dry &amp; requests"},
		{"an escape", sources[2], "*not*", "", "", `\*not\*`},
		{"the words of a link", sources[4], "the runbook", "", "", "the **runbook"},
		{"an address", sources[4], "https://c.example", "", "", "https://c.example"},
		{"not there", sources[0], "the alarm", "", "", ""},
		{"nothing", sources[0], "  ", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start, end, ok := prose.New().Words(tt.source).Find(tt.quote, tt.before, tt.after)
			got := tt.source[start:end]
			if tt.name == "the second of two" && end+5 <= len(tt.source) {
				got = tt.source[start : end+5]
			}
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Find(%q) = %q, %t, want %q", tt.quote, got, ok, tt.want)
			}
		})
	}
}

func TestWhatIsInTheSourceIsFoundOnThePage(t *testing.T) {
	tests := []struct {
		source, part, text, read string
		from                     int
	}{
		{sources[0], "**alert** came _late_", "alertcamelate", "alert came late", 3},
		{sources[1], "the pool", "thepool", "the pool", len("At14:02") + 2},
		{sources[1], "&amp;", "&", "&", len("At14:02") + 2 + len("thepoolrandry")},
		{sources[3], "one *two*\n- three", "onetwothree", "one two\n three", len("Whathappened")},
		{sources[0], "**", "", "", 0},
	}
	for _, tt := range tests {
		w := prose.New().Words(tt.source)
		start := strings.Index(tt.source, tt.part)
		if got, want := w.Span(start, start+len(tt.part)), (prose.Span{From: tt.from, Text: tt.text}); got != want {
			t.Errorf("Span of %q = %+v, want %+v", tt.part, got, want)
		}
		if got := w.Read(start, start+len(tt.part)); got != tt.read {
			t.Errorf("Read of %q = %q, want %q", tt.part, got, tt.read)
		}
	}
}

func TestMarksGoWithTheirWords(t *testing.T) {
	tests := []struct {
		source, part, want string
		ok                 bool
	}{
		{sources[0], "alert** came _late", "**alert** came _late_", true},
		{sources[0], "alert", "alert", true},
		{sources[0], "alert` was", "`alert` was", true},
		{sources[4], "the **runbook", "the **runbook**", true},
		{sources[4], "see [the", "see [the", false},
		{sources[4], "**runbook**](https", "**runbook**](https", false},
	}
	for _, tt := range tests {
		w := prose.New().Words(tt.source)
		start := strings.Index(tt.source, tt.part)
		from, to, ok := w.Whole(start, start+len(tt.part))
		if got := w.Source()[from:to]; got != tt.want || ok != tt.ok {
			t.Errorf("Whole of %q = %q, %t, want %q, %t", tt.part, got, ok, tt.want, tt.ok)
		}
	}
}

// FuzzWords holds the words of a source against what is read of its page.
func FuzzWords(f *testing.F) {
	for _, s := range sources {
		f.Add(s)
	}
	r := prose.New()
	f.Fuzz(func(t *testing.T, source string) {
		w := r.Words(source)
		for i := range min(len(source), 40) {
			w.Span(i, len(source)-i)
			w.Read(i, max(i, len(source)-i))
		}
		if text := w.Span(0, len(source)).Text; text != "" {
			if _, _, ok := w.Find(text, "", ""); !ok {
				t.Errorf("all words of %q are not found", source)
			}
		}
	})
}
