package fact_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

func TestQuotesStrip(t *testing.T) {
	var q fact.Quotes
	in := func(text string) hindcast.Event {
		return hindcast.Event{Kind: hindcast.Message, Title: text, Text: text, Attrs: map[string]string{"channel": "ops"}}
	}
	for _, tt := range []struct{ text, want string }{
		{"Could it be the firewall change of 22:45?", "Could it be the firewall change of 22:45?"},
		{"> we could send reads to the primary\n+1, please do", "+1, please do"},
		{"Could it be the firewall change of 22:45? No, it touched printers only.", "No, it touched printers only."},
		{"> only a quote", "> only a quote"},
		{"5 > 3\nreally", "5 > 3\nreally"},
	} {
		if got := q.Strip(in(tt.text)).Text; got != tt.want {
			t.Errorf("Strip(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
