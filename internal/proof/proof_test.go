package proof_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/proof"
)

var at = time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)

func both() (hindcast.Postmortem, hindcast.Timeline) {
	entry := hindcast.Entry{ID: "e1", At: at, Kind: hindcast.Change, Evidence: []hindcast.Ref{{File: "a.log", Line: 3, SHA256: "aa"}}}
	files := []hindcast.Evidence{{Name: "a.log", SHA256: "aa"}, {Name: "b.log", SHA256: "bb"}}
	p := hindcast.Phases{StartedAt: at}
	return hindcast.Postmortem{Incident: hindcast.Incident{Phases: p}, Timeline: []hindcast.Entry{entry}, Evidence: files},
		hindcast.Timeline{Incident: p, Entries: []hindcast.Entry{entry}, Evidence: []hindcast.Evidence{files[0], files[1]}}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name                    string
		change                  func(*hindcast.Postmortem, *hindcast.Timeline)
		holds                   bool
		file, entry, startPhase proof.State
	}{
		{"nothing changed", func(*hindcast.Postmortem, *hindcast.Timeline) {}, true, proof.Same, proof.Same, proof.Same},
		{"a file has another name", func(_ *hindcast.Postmortem, tl *hindcast.Timeline) { tl.Evidence[0].Name = "c.log" }, true, proof.Moved, proof.Same, proof.Same},
		{"a file has other bytes", func(_ *hindcast.Postmortem, tl *hindcast.Timeline) { tl.Evidence[0].SHA256 = "cc" }, false, proof.Changed, proof.Same, proof.Same},
		{"a file is gone", func(_ *hindcast.Postmortem, tl *hindcast.Timeline) { tl.Evidence = tl.Evidence[1:] }, false, proof.Missing, proof.Changed, proof.Same},
		{"a file is gone that gave a phase", func(_ *hindcast.Postmortem, tl *hindcast.Timeline) {
			tl.Evidence, tl.Incident.StartedAt = tl.Evidence[1:], at.Add(time.Hour)
		}, false, proof.Missing, proof.Changed, proof.Changed},
		{"the evidence no longer gives the entry", func(_ *hindcast.Postmortem, tl *hindcast.Timeline) { tl.Entries = nil }, false, proof.Same, proof.Missing, proof.Same},
		{"the entry was moved", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].At = at.Add(time.Minute) }, false, proof.Same, proof.Changed, proof.Same},
		{"the entry's title was edited", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].Title = "better" }, true, proof.Same, proof.Edited, proof.Same},
		{"the entry was known earlier", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].KnownAt = at.Add(-time.Minute) }, true, proof.Same, proof.Edited, proof.Same},
		{"the entry ended earlier", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].Until = at.Add(time.Minute) }, true, proof.Same, proof.Edited, proof.Same},
		{"another did it", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].Actor.Name = "Engineer B" }, true, proof.Same, proof.Edited, proof.Same},
		{"the entry has a further line", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) {
			pm.Timeline[0].Evidence = append(pm.Timeline[0].Evidence, hindcast.Ref{File: "b.log", Line: 9, SHA256: "bb"})
		}, true, proof.Same, proof.Edited, proof.Same},
		{"the entry has a line of no file", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) {
			pm.Timeline[0].Evidence = append(pm.Timeline[0].Evidence, hindcast.Ref{File: "nosuch", Line: 9})
		}, false, proof.Same, proof.Changed, proof.Same},
		{"the entry was left out", func(pm *hindcast.Postmortem, tl *hindcast.Timeline) {
			pm.Timeline, tl.Entries[0].Key = nil, true
		}, true, proof.Same, proof.LeftOut, proof.Same},
		{"the entry's kind was edited", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].Kind = hindcast.Symptom }, true, proof.Same, proof.Edited, proof.Same},
		{"the entry was written by hand", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Timeline[0].Evidence = nil }, true, proof.Same, proof.ByHand, proof.Same},
		{"a phase was corrected", func(pm *hindcast.Postmortem, _ *hindcast.Timeline) { pm.Incident.StartedAt = at.Add(-time.Minute) }, true, proof.Same, proof.Same, proof.Edited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pm, tl := both()
			tt.change(&pm, &tl)
			got := proof.Check(pm, tl)
			if got.Holds != tt.holds {
				t.Errorf("Holds = %v, want %v: %+v", got.Holds, tt.holds, got)
			}
			states := []proof.State{got.Evidence[0].State, got.Entries[0].State, got.Phases[0].State}
			if diff := cmp.Diff([]proof.State{tt.file, tt.entry, tt.startPhase}, states); diff != "" {
				t.Errorf("states -want +got:\n%s", diff)
			}
		})
	}
}
