package cli_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/sample"
)

// truth is what is known about a sample incident.
type truth struct {
	Incident  hindcast.Phases  `json:"incident"`
	Tolerance map[string]int64 `json:"phase_tolerance_s"`
	Key       []truthEvent     `json:"key_events"`
	NotKey    []truthRef       `json:"not_key"`
	Problems  []truthRef       `json:"problems"`
}

type truthEvent struct {
	ID        string             `json:"id"`
	At        time.Time          `json:"at"`
	Tolerance int64              `json:"tolerance_s"`
	Kind      hindcast.EntryKind `json:"kind"`
	Actor     hindcast.ActorKind `json:"actor_kind"`
	Mention   []string           `json:"must_mention"`
	Evidence  []truthRef         `json:"evidence"`
}

type truthRef struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	EndLine int    `json:"end_line"`
}

func (r truthRef) covers(refs []hindcast.Ref) bool {
	return slices.ContainsFunc(refs, func(x hindcast.Ref) bool { return x.File == r.File && r.Line <= x.Line && x.Line <= r.EndLine })
}

// matches reports whether an entry is the event.
func (k truthEvent) matches(e hindcast.Entry) bool {
	if away := e.At.Sub(k.At).Abs(); away > time.Duration(k.Tolerance+1)*time.Second {
		return false
	}
	return slices.ContainsFunc(k.Mention, func(re string) bool {
		return regexp.MustCompile(`(?is)` + re).MatchString(e.Title + " " + e.Detail)
	})
}

// unpack writes a sample incident to disk and returns its folder.
func unpack(t *testing.T, inc sample.Incident) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), inc.Slug)
	if err := os.CopyFS(dir, inc.Files()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func hindcastRun(t *testing.T, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := cli.Main(args, &bytes.Buffer{}, &stdout, &stderr); code != 0 {
		t.Fatalf("hindcast %q exits with %d: %s", args, code, stderr.String())
	}
	return stdout.Bytes()
}

func TestSampleIncidentsGiveTheirTruth(t *testing.T) {
	for _, inc := range sample.All() {
		t.Run(inc.Slug, func(t *testing.T) {
			t.Parallel()
			raw, err := fs.ReadFile(inc.Files(), "truth.json")
			if err != nil {
				t.Fatal(err)
			}
			var want truth
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			var got hindcast.Timeline
			if err := json.Unmarshal(hindcastRun(t, "timeline", "--format", "json", filepath.Join(unpack(t, inc), "evidence")), &got); err != nil {
				t.Fatal(err)
			}
			checkKeyEvents(t, want, got)
			checkPhases(t, want, got)
			for _, p := range want.Problems {
				if !slices.ContainsFunc(got.Problems, func(x hindcast.Problem) bool { return x.File == p.File && x.Line == p.Line }) {
					t.Errorf("%s:%d is not reported as a problem", p.File, p.Line)
				}
			}
		})
	}
}

func checkKeyEvents(t *testing.T, want truth, got hindcast.Timeline) {
	t.Helper()
	for _, k := range want.Key {
		i := slices.IndexFunc(got.Entries, k.matches)
		if i < 0 {
			t.Errorf("%s at %s is missing", k.ID, k.At.Format(time.TimeOnly))
			continue
		}
		e := got.Entries[i]
		if e.Kind != k.Kind || e.Actor.Kind != k.Actor {
			t.Errorf("%s is a %s by %s, want a %s by %s", k.ID, e.Kind, e.Actor.Kind, k.Kind, k.Actor)
		}
		if !slices.ContainsFunc(k.Evidence, func(r truthRef) bool { return r.covers(e.Evidence) }) {
			t.Errorf("%s points to %v, want one of %v", k.ID, e.Evidence, k.Evidence)
		}
	}
	for _, n := range want.NotKey {
		for _, e := range got.Entries {
			if len(e.Evidence) > 0 && n.covers(e.Evidence[:1]) {
				t.Errorf("%s:%d must not be key, but gives %q", n.File, n.Line, e.Title)
			}
		}
	}
}

func checkPhases(t *testing.T, want truth, got hindcast.Timeline) {
	t.Helper()
	for name, at := range map[string][2]time.Time{
		"started_at":      {want.Incident.StartedAt, got.Incident.StartedAt},
		"detected_at":     {want.Incident.DetectedAt, got.Incident.DetectedAt},
		"acknowledged_at": {want.Incident.AcknowledgedAt, got.Incident.AcknowledgedAt},
		"mitigated_at":    {want.Incident.MitigatedAt, got.Incident.MitigatedAt},
		"resolved_at":     {want.Incident.ResolvedAt, got.Incident.ResolvedAt},
	} {
		if away := at[1].Sub(at[0]).Abs(); away > time.Duration(want.Tolerance[name])*time.Second {
			t.Errorf("%s = %v, want %v", name, at[1], at[0])
		}
	}
}

func TestDraftIsTheSameOnOneCore(t *testing.T) {
	dir := filepath.Join(unpack(t, sample.All()[0]), "evidence")
	first := hindcastRun(t, "draft", dir)
	if second := hindcastRun(t, "draft", dir); !bytes.Equal(first, second) {
		t.Error("two drafts of the same evidence differ")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again := hindcastRun(t, "draft", dir); !bytes.Equal(first, again) {
		t.Error("drafts differ with another number of cores")
	}
}
