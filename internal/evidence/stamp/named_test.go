package stamp_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

func TestNamed(t *testing.T) {
	tests := []struct{ name, at, rest string }{
		{"Screenshot 2024-06-02 at 2.37.21 PM.png", "2024-06-02 14:37:21", "Screenshot .png"},
		{"GMT20240602-143721_Recording.transcript.vtt", "2024-06-02 14:37:21Z", "Recording.transcript.vtt"},
		{"Bridge-20240602_143721UTC-Meeting Recording.vtt", "2024-06-02 14:37:21Z", "Bridge--Meeting Recording.vtt"},
		{"Meeting 2024-06-02 14-37", "2024-06-02 14:37:00", "Meeting "},
		{"call-2024-06-02-1437.vtt", "2024-06-02 14:37:00", "call-.vtt"},
		{"notes-2024-06-02.txt", "", "notes-2024-06-02.txt"},
	}
	for _, tt := range tests {
		at, rest, ok := stamp.Named(tt.name)
		if at != tt.at || rest != tt.rest || ok != (tt.at != "") {
			t.Errorf("stamp.Named(%q) = %q, %q, %v; want %q, %q", tt.name, at, rest, ok, tt.at, tt.rest)
		}
	}
}
