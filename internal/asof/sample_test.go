package asof_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sample"
)

// truth is what a sample's truth.json says of moments.
type truth struct {
	KeyEvents []struct {
		fact
		ID        string `json:"id"`
		Tolerance int    `json:"tolerance_s"`
	} `json:"key_events"`
	Late []fact `json:"facts_known_late"`
}

// fact is something that happened, with when people knew it.
type fact struct {
	Fact     string         `json:"fact"`
	At       time.Time      `json:"at"`
	KnownAt  time.Time      `json:"known_at"`
	Evidence []hindcast.Ref `json:"evidence"`
}

func readTruth(t *testing.T, files fs.FS) truth {
	t.Helper()
	data, err := fs.ReadFile(files, "truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var out truth
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func postmortem(t *testing.T, inc sample.Incident) hindcast.Postmortem {
	t.Helper()
	text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	return document.Parse(inc.Slug, text).Postmortem
}

// tells reports whether an entry tells a fact: it rests on the same lines.
func (f fact) tells(e hindcast.Entry) bool {
	return slices.ContainsFunc(f.Evidence, func(want hindcast.Ref) bool {
		return slices.ContainsFunc(e.Evidence, func(have hindcast.Ref) bool {
			return have.File == want.File && have.Line <= max(want.EndLine, want.Line) && want.Line <= max(have.EndLine, have.Line)
		})
	})
}

// TestSamplesAsOfKeyEvents holds every sample against its truth: as of each key
// event an entry of the timeline is hidden exactly when the truth says that
// nobody knew it yet.
func TestSamplesAsOfKeyEvents(t *testing.T) {
	for _, inc := range sample.All() {
		holdAgainst(t, postmortem(t, inc), readTruth(t, inc.Files()))
	}
}

// TestSharedTruth does the same with the development's copy of the incidents.
func TestSharedTruth(t *testing.T) {
	dir := os.Getenv("HINDCAST_TEST_INCIDENTS")
	if dir == "" {
		t.Skip("HINDCAST_TEST_INCIDENTS names no folder of incidents")
	}
	for _, inc := range sample.All() {
		holdAgainst(t, postmortem(t, inc), readTruth(t, os.DirFS(filepath.Join(dir, inc.Slug))))
	}
}

func holdAgainst(t *testing.T, p hindcast.Postmortem, want truth) {
	t.Helper()
	items := asof.Items(p)
	for _, k := range want.KeyEvents {
		if !slices.ContainsFunc(p.Timeline, k.tells) {
			t.Errorf("%s: no entry tells %s", p.Incident.Number, k.ID)
		}
	}
	for _, moment := range want.KeyEvents {
		v := asof.Of(items, moment.At)
		for _, k := range want.KeyEvents {
			for _, e := range p.Timeline {
				if !k.tells(e) || e.At.Sub(k.At).Abs() > time.Duration(k.Tolerance)*time.Second {
					continue
				}
				if got, want := v.Knows(asof.Entry, e.ID), !k.KnownAt.After(moment.At); got != want {
					t.Errorf("%s as of %s %s: %s %q known %v, want %v", p.Incident.Number, moment.ID, clock(moment.At), k.ID, e.Title, got, want)
				}
			}
		}
		for _, f := range want.Late {
			for _, e := range p.Timeline {
				if !f.tells(e) && !(sameMoment(f, e) && !want.key(f.At)) {
					continue // a key event of the same moment is another fact
				}
				if v.Knows(asof.Entry, e.ID) && moment.At.Before(f.KnownAt) {
					t.Errorf("%s as of %s %s: %q tells %q, known only from %s", p.Incident.Number, moment.ID, clock(moment.At), e.Title, f.Fact, clock(f.KnownAt))
				}
			}
		}
	}
}

// key reports whether a key event lies at a moment.
func (w truth) key(at time.Time) bool {
	for _, k := range w.KeyEvents {
		if k.At.Equal(at) {
			return true
		}
	}
	return false
}

func sameMoment(f fact, e hindcast.Entry) bool { return e.At.Truncate(time.Second).Equal(f.At) }

func clock(t time.Time) string { return t.UTC().Format(time.TimeOnly) }

func ExampleView_Summary() {
	at := time.Date(2024, 3, 15, 14, 40, 0, 0, time.UTC)
	p := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "a", At: at, KnownAt: at, Title: "alert"},
		{ID: "b", At: at.Add(-time.Minute), KnownAt: at.Add(time.Hour), Title: "the migration fails"},
		{ID: "c", At: at.Add(time.Minute), KnownAt: at.Add(time.Minute), Title: "rollback"},
	}}
	fmt.Println(asof.At(p, at).Summary())
	// Output: 2 things nobody knew yet: 1 had happened, 1 was still to come
}
