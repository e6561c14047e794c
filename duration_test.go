package hindcast_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

func TestFormatDuration(t *testing.T) {
	tests := map[string]time.Duration{
		"0 s": 0, "25 s": 25 * time.Second, "1 m 45 s": 105 * time.Second, "2 h": 2 * time.Hour, "6 h 2 m": 6*time.Hour + 2*time.Minute,
		"3 d 4 h": 76 * time.Hour, "-1 m": -time.Minute,
	}
	for want, d := range tests {
		if got := hindcast.FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%v) = %q, want %q", d, got, want)
		}
	}
}
