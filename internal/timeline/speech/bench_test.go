package speech_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// BenchmarkRead reads a long message that says little, as most do.
func BenchmarkRead(b *testing.B) {
	g := speech.New()
	text := strings.Repeat("the quarterly numbers for the northern region look much like those of the year before, and the draft of the plan is with the others for comments; ", 6)
	g.Read(text)
	for b.Loop() {
		g.Read(text)
	}
}
