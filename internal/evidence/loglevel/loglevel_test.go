package loglevel_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
)

func TestColumn(t *testing.T) {
	tests := []struct {
		in   string
		want hindcast.Level
		n    int
	}{
		{"INFO msg", hindcast.LevelInfo, 4},
		{"Info                  CBS", hindcast.LevelInfo, 4},
		{"[INFO ][o.e.n.Node", hindcast.LevelInfo, 7},
		{"[error] 12#12", hindcast.LevelError, 7},
		{"[core:error] [pid 1]", hindcast.LevelError, 12},
		{"[mpm_event:notice] [pid 1]", hindcast.LevelInfo, 18},
		{"production.ERROR: x", hindcast.LevelError, 17},
		{"shop.cart: x", hindcast.LevelUnknown, 0},
		{"<Warning>: x", hindcast.LevelWarn, 10},
		{"LOG:  duration", hindcast.LevelInfo, 4},
		{"STATEMENT:  select", hindcast.LevelUnknown, 10},
		{"SEVERE: x", hindcast.LevelError, 7},
		{"INFO/MainProcess] Task", hindcast.LevelInfo, 17},
		{"WARNING:root:x", hindcast.LevelWarn, 8},
		{"[WRN] x", hindcast.LevelWarn, 5},
		{"W x", hindcast.LevelWarn, 1},
		{"E/Tag: x", hindcast.LevelError, 6},
		{"w x", hindcast.LevelUnknown, 0},
		{"errors happen", hindcast.LevelUnknown, 0},
		{"INFO2 x", hindcast.LevelUnknown, 0},
		{"[main] x", hindcast.LevelUnknown, 0},
		{"", hindcast.LevelUnknown, 0},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			if got, n := loglevel.Column([]byte(tt.in)); got != tt.want || n != tt.n {
				t.Errorf("Column(%q) = %v, %d; want %v, %d", tt.in, got, n, tt.want, tt.n)
			}
		})
	}
}

func TestLeading(t *testing.T) {
	tests := map[string]hindcast.Level{
		"ERROR cannot connect":          hindcast.LevelError,
		"error: cannot connect":         hindcast.LevelError,
		"[warn] slow":                   hindcast.LevelWarn,
		"app: WARN slow":                hindcast.LevelWarn,
		"sshd: fatal: no key":           hindcast.LevelFatal,
		"error rate back to baseline":   hindcast.LevelUnknown,
		"failed login":                  hindcast.LevelUnknown,
		"authentication failure; uid=0": hindcast.LevelUnknown,
		"I am here":                     hindcast.LevelUnknown,
		"A B":                           hindcast.LevelUnknown,
		"":                              hindcast.LevelUnknown,
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			if got := loglevel.Leading([]byte(in)); got != want {
				t.Errorf("Leading(%q) = %v, want %v", in, got, want)
			}
		})
	}
}

func TestNumber(t *testing.T) {
	tests := map[int]hindcast.Level{
		0: hindcast.LevelFatal, 3: hindcast.LevelError, 6: hindcast.LevelInfo, 7: hindcast.LevelDebug,
		10: hindcast.LevelTrace, 30: hindcast.LevelInfo, 50: hindcast.LevelError, 60: hindcast.LevelFatal,
		200: hindcast.LevelInfo, 400: hindcast.LevelError, -4: hindcast.LevelUnknown,
	}
	for in, want := range tests {
		if got := loglevel.Number(in); got != want {
			t.Errorf("Number(%d) = %v, want %v", in, got, want)
		}
	}
	for in, want := range map[int]hindcast.Level{1: hindcast.LevelTrace, 9: hindcast.LevelInfo, 17: hindcast.LevelError, 24: hindcast.LevelFatal, 25: hindcast.LevelUnknown} {
		if got := loglevel.Telemetry(in); got != want {
			t.Errorf("Telemetry(%d) = %v, want %v", in, got, want)
		}
	}
}

func FuzzColumn(f *testing.F) {
	f.Add("[core:error] x")
	f.Add("INFO/Main] x")
	f.Fuzz(func(t *testing.T, s string) {
		if _, n := loglevel.Column([]byte(s)); n < 0 || n > len(s) {
			t.Errorf("Column(%q) reads %d bytes", s, n)
		}
		loglevel.Leading([]byte(s))
	})
}
