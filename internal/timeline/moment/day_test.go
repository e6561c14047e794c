package moment_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/moment"
)

func TestNamesDay(t *testing.T) {
	at := reader().At // a Wednesday
	for _, tt := range []struct {
		text string
		ago  time.Duration
		want bool
	}{
		{"it was merged yesterday", 20 * time.Hour, true},
		{"it was merged yesterday", 70 * time.Hour, false},
		{"friday's commit dropped it", 5 * 24 * time.Hour, true},
		{"disabled last Fri in the review", 5 * 24 * time.Hour, true},
		{"fridays commit dropped it", 4 * 24 * time.Hour, false},
		{"fridays commit dropped it", 12 * 24 * time.Hour, false},
		{"a merged commit", 5 * 24 * time.Hour, false},
		{"it will go out on friday", -2 * 24 * time.Hour, false},
	} {
		if got := moment.NamesDay(tt.text, at, at.Add(-tt.ago)); got != tt.want {
			t.Errorf("NamesDay(%q, %s before) = %t, want %t", tt.text, tt.ago, got, tt.want)
		}
	}
}
