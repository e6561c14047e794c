package spool_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
)

var noon = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)

// event is one in a version, that was for the first and the last time minutes after noon.
func event(uid string, version, first, last int) []byte {
	at := func(m int) string { return noon.Add(time.Duration(m) * time.Minute).Format(time.RFC3339) }
	return fmt.Appendf(nil, `{"apiVersion":"v1","count":%d,"firstTimestamp":"%s","involvedObject":{"kind":"Pod","name":"cart-1"},"kind":"Event","lastTimestamp":"%s","metadata":{"namespace":"ns-%s","resourceVersion":"%d","uid":"%s"},"reason":"BackOff"}`,
		version, at(first), at(last), uid[:1], version, uid)
}

// clock is a time that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func open(t *testing.T, c spool.Config) *spool.Spool {
	t.Helper()
	s, err := spool.Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func add(t *testing.T, s *spool.Spool, want int, lines ...[]byte) {
	t.Helper()
	if n, err := s.Append(lines); err != nil || n != want {
		t.Fatalf("Append = %d, %v; want %d", n, err, want)
	}
}

// all reads a window in pages, as uid/version.
func all(t *testing.T, s *spool.Spool, w spool.Window, limit int) (out []string) {
	t.Helper()
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		p, err := s.Window(t.Context(), w, after, limit)
		if err != nil || pages > 50 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, item := range p.Items {
			text := string(item)
			between := func(a, b string) string { _, r, _ := strings.Cut(text, a); l, _, _ := strings.Cut(r, b); return l }
			out = append(out, between(`"uid":"`, `"`)+"/"+between(`"resourceVersion":"`, `"`))
		}
		after = p.Next
	}
	return out
}

// TestWindows chooses of each event the last version that had happened by the end of
// the window, else the first that tells of it.
func TestWindows(t *testing.T) {
	t.Parallel()
	s := open(t, spool.Config{Dir: t.TempDir(), Now: (&clock{noon}).Now})
	add(t, s, 4, event("a", 1, 0, 0), event("b", 2, 1, 1), event("a", 3, 0, 5), event("c", 4, 60, 60))
	add(t, s, 2, event("a", 5, 0, 70), event("a", 3, 0, 5), event("d", 6, 0, 70), event("d", 6, 0, 70))
	at := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	for _, tt := range []struct {
		name string
		w    spool.Window
		want []string
	}{
		{"everything", spool.Window{}, []string{"a/5", "d/6", "b/2", "c/4"}},
		{"until ten past", spool.Window{From: at(-60), To: at(10)}, []string{"a/3", "d/6", "b/2"}},
		{"until noon", spool.Window{To: at(0)}, []string{"a/1", "d/6"}},
		{"a moment without a version of its own", spool.Window{From: at(20), To: at(30)}, []string{"a/5", "d/6"}},
		{"later", spool.Window{From: at(65)}, []string{"a/5", "d/6"}},
		{"before", spool.Window{To: at(-1)}, nil},
		{"a namespace", spool.Window{Namespaces: []string{"ns-b", "ns-c"}}, []string{"b/2", "c/4"}},
	} {
		for _, limit := range []int{1, 2, 100} {
			got := all(t, s, tt.w, limit)
			slices.Sort(got)
			want := slices.Sorted(slices.Values(tt.want))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d a page (-want +got):\n%s", tt.name, limit, diff)
			}
		}
	}
	for _, after := range []string{"x", "eA", "MS54"} {
		if _, err := s.Window(t.Context(), spool.Window{}, after, 1); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("after %q: %v, want %s", after, err, hindcast.Invalid)
		}
	}
}

// TestALineThatWasCutOff is dropped when the spool is opened again, and what was whole
// is there once.
func TestALineThatWasCutOff(t *testing.T) {
	t.Parallel()
	c := spool.Config{Dir: t.TempDir(), Now: (&clock{noon}).Now}
	s := open(t, c)
	add(t, s, 2, event("a", 1, 0, 0), event("b", 2, 1, 1))
	if err := s.SetPosition("", "2"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	name := only(t, c.Dir)
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(event("c", 3, 2, 2)[:90]); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s = open(t, c)
		if got := all(t, s, spool.Window{}, 10); !slices.Equal(got, []string{"a/1", "b/2"}) || s.Position("") != "2" {
			t.Errorf("after a crash %q at %q", got, s.Position(""))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, c)
	add(t, s, 1, event("b", 2, 1, 1), event("c", 3, 2, 2))
	if got := all(t, s, spool.Window{}, 10); !slices.Equal(got, []string{"a/1", "b/2", "c/3"}) {
		t.Errorf("then %q", got)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "position.json"), []byte(`{"":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s = open(t, c); s.Position("") != "" {
		t.Errorf("a position that cannot be read is %q", s.Position(""))
	}
}

// only returns the one segment that has anything.
func only(t *testing.T, dir string) (name string) {
	t.Helper()
	for _, f := range files(t, dir) {
		if info, err := os.Stat(f); err == nil && info.Size() > 0 {
			if name != "" {
				t.Fatalf("%s and %s", name, f)
			}
			name = f
		}
	}
	return name
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, "events", "*.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhatIsOldGoes removes segments by their age and when they are too much together.
func TestWhatIsOldGoes(t *testing.T) {
	t.Parallel()
	now := &clock{noon}
	c := spool.Config{Dir: t.TempDir(), Now: now.Now, Keep: 24 * time.Hour}
	s := open(t, c)
	for i := range 30 {
		now.now = noon.Add(time.Duration(i) * time.Hour)
		add(t, s, 1, event("a"+fmt.Sprint(i), i, i*60, i*60))
	}
	got := all(t, s, spool.Window{}, 100)
	if len(got) < 24 || len(got) > 26 || !slices.Contains(got, "a29/29") {
		t.Errorf("of a day there are %d: %q", len(got), got)
	}
	if st := s.Status(); st.Since.Before(noon.Add(3*time.Hour)) || !st.Last.Equal(noon.Add(29*time.Hour)) || st.Events != 30 {
		t.Errorf("status %+v", st)
	}
	now.now = noon.Add(100 * time.Hour)
	if err := s.SetPosition("", "9"); err != nil { // a bookmark, while nothing happens
		t.Fatal(err)
	}
	if n := len(files(t, c.Dir)); n > 1 {
		t.Errorf("%d segments after days without an event", n)
	}

	c = spool.Config{Dir: t.TempDir(), Now: now.Now, MaxBytes: 20_000}
	s = open(t, c)
	for i := range 250 {
		add(t, s, 1, event("b"+fmt.Sprint(i), i, i, i))
	}
	if st := s.Status(); st.Bytes > 25_000 || st.Bytes < 12_000 {
		t.Errorf("%d bytes are kept, want about 20000", st.Bytes)
	}
	if got := all(t, s, spool.Window{}, 7); !slices.Contains(got, "b249/249") {
		t.Errorf("the last one is not among %d", len(got))
	}
}

func TestOnlyOneWrites(t *testing.T) {
	t.Parallel()
	c := spool.Config{Dir: t.TempDir(), Now: time.Now}
	s := open(t, c)
	if _, err := spool.Open(c); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("a second one: %v, want %s", err, hindcast.Conflict)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append([][]byte{event("a", 1, 0, 0)}); err == nil {
		t.Error("a closed one takes events")
	}
	open(t, c)
}

// TestAFullDisk keeps nothing of what could not be written, says so, and takes it when
// there is room again.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	now := &clock{noon}
	c := spool.Config{Dir: t.TempDir(), Now: now.Now}
	s := open(t, c)
	add(t, s, 1, event("a", 1, 0, 0))
	full := filepath.Join(c.Dir, "events", "events-00000002.ndjson")
	if err := os.Symlink("/dev/full", full); err != nil {
		t.Fatal(err)
	}
	now.now = noon.Add(2 * time.Hour) // the next segment begins
	if n, err := s.Append([][]byte{event("b", 2, 1, 1)}); err == nil || n != 0 {
		t.Fatalf("Append on a full disk = %d, %v", n, err)
	}
	if got := all(t, s, spool.Window{}, 10); !slices.Equal(got, []string{"a/1"}) {
		t.Errorf("then %q", got)
	}
	add(t, s, 2, event("b", 2, 1, 1), event("c", 3, 2, 2))
	if got := all(t, s, spool.Window{}, 10); !slices.Equal(got, []string{"a/1", "b/2", "c/3"}) {
		t.Errorf("with room again %q", got)
	}
}
