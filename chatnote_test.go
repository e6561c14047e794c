package hindcast_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

func TestChatNote(t *testing.T) {
	at := time.Date(2024, 3, 15, 14, 42, 3, 0, time.UTC)
	for name, tt := range map[string]struct {
		part string
		want time.Time
		ok   bool
	}{
		"changed":             {hindcast.ChangedInChat(at, "roll back; now"), at, true},
		"deleted":             {hindcast.DeletedInChat(at), at, true},
		"words of a person":   {"Changed in the chat at noon", time.Time{}, false},
		"a moment that is no": {"No longer in the chat at 25:00:00 UTC on 15 March 2024; x", time.Time{}, false},
		"anything else":       {"rolled back", time.Time{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := hindcast.ChatNote(tt.part); !got.Equal(tt.want) || ok != tt.ok {
				t.Errorf("ChatNote(%q) = %s, %t; want %s, %t", tt.part, got, ok, tt.want, tt.ok)
			}
		})
	}
}
