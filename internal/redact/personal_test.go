package redact_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/redact"
)

func TestPersonal(t *testing.T) {
	r := redact.New()
	for name, tt := range map[string]struct{ in, want string }{
		"mail":              {"ask ops@example.com about it", "ask [redacted] about it"},
		"phone":             {"call +49 (30) 1234-5678 now", "call [redacted] now"},
		"card":              {"paid with 4111 1111 1111 1111", "paid with [redacted]"},
		"client's address":  {"from 203.0.113.7 and 2001:db8::17", "from [redacted] and [redacted]"},
		"private network":   {"from 10.42.7.20, fd00::1 and 127.0.0.1", "from 10.42.7.20, fd00::1 and 127.0.0.1"},
		"version":           {"2.8.0 to 2.8.1", "2.8.0 to 2.8.1"},
		"time":              {"2024-03-15 14:37:00", "2024-03-15 14:37:00"},
		"number of records": {"1234567890123456 of them", "1234567890123456 of them"},
		"offset":            {"+182000 requests, +45 m", "+182000 requests, +45 m"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := redact.Without(tt.in, r.Personal(tt.in)); got != tt.want {
				t.Errorf("Personal(%q) leaves %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
