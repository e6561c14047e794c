package lexicon_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

func TestTokens(t *testing.T) {
	tests := []struct {
		text string
		want map[string]float64
	}{
		{"connection refused", map[string]float64{"connect": 1, "refus": 1, "~unreachable": 1}},
		{"/dev/sdb: No space left on device", map[string]float64{"dev": 1, "sdb": 1, "spac": 1, "left": 1, "devic": 1, "~full": 1}},
		{"the disk is full", map[string]float64{"the": 0.2, "disk": 1, "full": 1, "~full": 1}},
		{"the cert ran out", map[string]float64{"the": 0.2, "certificat": 1, "ran": 1, "out": 0.2, "~certificate": 1}},
		{"x509: certificate has expired", map[string]float64{"certificat": 1, "has": 0.2, "expir": 1, "~certificate": 1}},
		{"OOMKilled", map[string]float64{"oomkill": 1, "~memory": 1}},
		{"the pool of connections", map[string]float64{"pool": 1, "connect": 1, "the": 0.2}},
		{"license licence authorize authorised", map[string]float64{"licens": 1, "authoriz": 1}},
		{"DateTimeException", map[string]float64{"date": 1, "time": 0.2, "except": 1}},
		{"HTTP 503 on 2.8.0", map[string]float64{"http": 0.2, "503": 2, "2.8.0": 2}},
		{"deploy v2.8.0 of gateway-5.8.1 on 10.40.3.17", map[string]float64{"deploy": 1, "2.8.0": 2, "gateway": 1, "5.8.1": 2, "10.40.3.17": 0.3}},
		{"offset 88120934 after 30000 ms", map[string]float64{"offset": 1, "88120934": 2, "after": 0.2, "30000": 0.3}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, lexicon.Tokens(tt.text)); diff != "" {
			t.Errorf("Tokens(%q): -want +got:\n%s", tt.text, diff)
		}
	}
}

func TestVocabularyLeavesChatOut(t *testing.T) {
	v := lexicon.NewVocabulary([]hindcast.Event{
		{Kind: hindcast.AlertFiring, Title: "PartyQueueSlow"},
		{Kind: hindcast.Message, Title: "cake in the kitchen"},
	}, signal.Set{Templates: []signal.Template{{Text: "lobby <*> gave up"}}})
	for word, want := range map[string]bool{"parties": true, "party": true, "lobby": true, "kitchen": false} {
		if got := v.Has(word); got != want {
			t.Errorf("Has(%q) = %t, want %t", word, got, want)
		}
	}
}

func TestOverlapIsTheSameInAnyOrder(t *testing.T) {
	words := lexicon.Tokens("broker timeout after errors")
	for range 200 { // maps are gone through in another order each time
		if got := lexicon.Overlap(words, words); got != 1.6 {
			t.Fatalf("Overlap() = %v, want 1.6", got)
		}
	}
}
