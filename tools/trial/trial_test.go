package trial_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/tools/trial"
)

// TestTrials holds how close timelines come to the truth for more than a hundred invented incidents:
// whoever changes a rule sees here what it costs elsewhere. "go run ./tools/trials -v
// tools/trial/testdata/*.zip" names what is missed and what nobody needs.
func TestTrials(t *testing.T) {
	names, err := filepath.Glob("testdata/*.zip")
	if err != nil || len(names) == 0 {
		t.Fatalf("no trials in testdata: %v", err)
	}
	var all trial.Mean
	for _, name := range names {
		in, err := trial.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		tl, _, err := in.Timeline()
		if err != nil {
			t.Fatal(err)
		}
		s := in.Score(tl)
		all.Add(s)
		t.Logf("%s: %+v, known late %d of %d", in.Name, s.Shares(), s.Late, s.KnownLate)
	}
	got, late := all.Shares(), float64(all.Late)/float64(all.KnownLate)
	for _, f := range []struct {
		name         string
		got, atLeast float64
	}{
		{"recall", got.Recall, 0.89}, {"precision", got.Precision, 0.83}, {"phases", got.Phases, 0.86}, {"kind", got.Kind, 0.84},
		{"actor", got.Actor, 0.89}, {"evidence", got.Evidence, 0.97}, {"known late", late, 0.55},
	} {
		if f.got < f.atLeast {
			t.Errorf("%s is %.3f, want at least %.2f", f.name, f.got, f.atLeast)
		}
	}
}

func TestScore(t *testing.T) {
	at := func(clock string) time.Time {
		x, err := time.Parse(time.DateTime, "2024-03-15 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	in, err := trial.Open("testdata/2025-02-11-label-printing.zip")
	if err != nil {
		t.Fatal(err)
	}
	alert := in.Truth.Key[1]
	entry := func(known time.Duration, kind hindcast.EntryKind, title string) hindcast.Entry {
		return hindcast.Entry{At: alert.At, KnownAt: alert.At.Add(known), Kind: kind, Actor: hindcast.Actor{Kind: hindcast.Automation}, Title: title, Key: true}
	}
	tests := []struct {
		name  string
		in    []hindcast.Entry
		found int
		wrong int
		kind  int
	}{
		{"nothing", nil, 0, 0, 0},
		{"the event", []hindcast.Entry{entry(0, hindcast.Alert, alert.Title)}, 1, 0, 1},
		{"another kind", []hindcast.Entry{entry(0, hindcast.Observed, alert.Title)}, 1, 0, 0},
		{"twice", []hindcast.Entry{entry(0, hindcast.Alert, alert.Title), entry(0, hindcast.Alert, alert.Title)}, 1, 1, 1},
		{"something else", []hindcast.Entry{{At: at("01:00:00"), Title: "lunch", Key: true}}, 0, 1, 0},
		{"what is no key entry", []hindcast.Entry{{At: alert.At, Title: alert.Title}}, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := in.Score(hindcast.Timeline{Entries: tt.in})
			if diff := cmp.Diff([]int{tt.found, tt.wrong, tt.kind, len(in.Truth.Key)}, []int{s.Found, s.Wrong, s.Kind, s.Found + len(s.Missed)}); diff != "" {
				t.Errorf("found, wrong, with the kind, events: -want +got:\n%s", diff)
			}
		})
	}
}
