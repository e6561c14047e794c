package prose

import (
	"strings"
	"testing"
)

// TestHeavySourcesAreNotRendered gives sources whose rendering takes seconds or
// fills the memory, and their harmless cousins.
func TestHeavySourcesAreNotRendered(t *testing.T) {
	tests := []struct {
		name, source string
		want         bool
	}{
		{"quotes", strings.Repeat(">", 1000), true},
		{"quotes with blanks", strings.Repeat("> ", 1000), true},
		{"lists in quotes", strings.Repeat("> - ", 100), true},
		{"numbered lists", strings.Repeat("1. ", 100), true},
		{"links", strings.Repeat("[a](", 1000), true},
		{"wide table", "|a|b\n" + strings.Repeat("|-", 1000) + "\n" + strings.Repeat("|a\n", 1000), true},
		{"long text", strings.Repeat("It was slow. ", 30_000), true},
		{"quotes one after the other", strings.Repeat("> It was slow.\n", 1000), false},
		{"line", strings.Repeat("-", 1000), false},
		{"table", "|a|b|\n|-|-|\n" + strings.Repeat("|a|b|\n", 5000), false},
		{"whole links", strings.Repeat("[a](https://a.example) ", 1000), false},
		{"text", strings.Repeat("It was slow. ", 10_000), false},
	}
	for _, tt := range tests {
		if got := heavy(tt.source); got != tt.want {
			t.Errorf("%s: heavy = %t, want %t", tt.name, got, tt.want)
		}
	}
	if got, want := New().HTML(strings.Repeat(">", 100)+"<script>"), "<pre>"+strings.Repeat("&gt;", 100)+"&lt;script&gt;</pre>\n"; got != want {
		t.Errorf("HTML = %q, want %q", got, want)
	}
}
