package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
)

func dir(t *testing.T) (*blob.Dir, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "blobs")
	d, err := blob.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	return d, root
}

// each runs a story on every implementation.
func each(t *testing.T, story func(t *testing.T, s blob.Store)) {
	t.Run("dir", func(t *testing.T) {
		d, _ := dir(t)
		story(t, d)
	})
	t.Run("bucket", func(t *testing.T) {
		b, _ := bucket(t)
		story(t, b)
	})
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

func put(t *testing.T, s blob.Store, text string) string {
	t.Helper()
	sha, size, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil || sha != sum(text) || size != int64(len(text)) {
		t.Fatalf("Put = %s, %d, %v; want %s, %d", sha, size, err, sum(text), len(text))
	}
	return sha
}

func read(t *testing.T, s blob.Store, sha string) (string, error) {
	t.Helper()
	r, err := s.Open(t.Context(), sha)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}

func walk(t *testing.T, s blob.Store) (out []string) {
	t.Helper()
	err := s.Walk(t.Context(), func(i blob.Info) error {
		if time.Since(i.At).Abs() > time.Hour {
			t.Errorf("blob %s was put at %v", i.SHA256, i.At)
		}
		out = append(out, i.SHA256)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBlobsComeBack(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		var want []string
		for _, text := range []string{"", "one", strings.Repeat("line of a log\n", 9000), "one"} {
			sha := put(t, s, text)
			if got, err := read(t, s, sha); err != nil || got != text {
				t.Errorf("read %d bytes, %v; want %d", len(got), err, len(text))
			}
		}
		want = []string{sum(strings.Repeat("line of a log\n", 9000)), sum("one"), sum("")}
		got := walk(t, s)
		if diff := cmp.Diff(sorted(want), got); diff != "" {
			t.Errorf("Walk (-want +got):\n%s", diff)
		}
		for range 2 {
			if err := s.Delete(t.Context(), sum("one")); err != nil {
				t.Errorf("Delete = %v", err)
			}
		}
		if _, err := read(t, s, sum("one")); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("read a deleted blob: %v, want not found", err)
		}
	})
}

func sorted(list []string) []string {
	return slices.Sorted(slices.Values(list))
}

func TestNothingIsKeptOfWhatFails(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		_, _, err := s.Put(t.Context(), strings.NewReader("eleven byte"), 10)
		if hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), "larger than 10 bytes") {
			t.Errorf("Put of too much = %v, want invalid", err)
		}
		boom := errors.New("boom")
		_, _, err = s.Put(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(boom)), 100)
		if !errors.Is(err, boom) {
			t.Errorf("Put of a broken upload = %v, want its error", err)
		}
		if _, _, err := s.Put(t.Context(), strings.NewReader("ten bytes!"), 10); err != nil {
			t.Errorf("Put of just enough = %v", err)
		}
		if got := walk(t, s); len(got) != 1 {
			t.Errorf("kept %v, want one blob", got)
		}
	})
}

func TestNamesThatAreNoHashesAreNotFound(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		for _, sha := range []string{"", "../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("/", 64), sum("never put")} {
			if _, err := s.Open(t.Context(), sha); hindcast.CodeOf(err) != hindcast.NotFound {
				t.Errorf("Open(%q) = %v, want not found", sha, err)
			}
		}
	})
}

func TestCollectRemovesWhatIsOldAndUnused(t *testing.T) {
	each(t, func(t *testing.T, s blob.Store) {
		used, unused := put(t, s, "used"), put(t, s, "unused")
		kept := func(_ context.Context, hashes []string) (map[string]bool, error) {
			out := map[string]bool{}
			for _, h := range hashes {
				out[h] = h == used
			}
			return out, nil
		}
		if n, err := blob.Collect(t.Context(), s, time.Now().Add(-blob.Grace), kept); n != 0 || err != nil {
			t.Errorf("Collect removed %d, %v; want nothing that is young", n, err)
		}
		if n, err := blob.Collect(t.Context(), s, time.Now().Add(time.Hour), kept); n != 1 || err != nil {
			t.Errorf("Collect removed %d, %v; want one", n, err)
		}
		if _, err := read(t, s, unused); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("the unused one: %v, want not found", err)
		}
		if _, err := read(t, s, used); err != nil {
			t.Errorf("the used one: %v", err)
		}
		boom := errors.New("boom")
		_, err := blob.Collect(t.Context(), s, time.Now().Add(time.Hour), func(context.Context, []string) (map[string]bool, error) { return nil, boom })
		if _, readErr := read(t, s, used); !errors.Is(err, boom) || readErr != nil {
			t.Errorf("Collect = %v, then reading %v; want the error and nothing removed", err, readErr)
		}
	})
}

func TestDamagedBlobIsNoticedAndRepaired(t *testing.T) {
	d, root := dir(t)
	sha := put(t, d, "as it was")
	path := filepath.Join(root, sha[:2], sha[2:])
	for _, damage := range []string{"as it wax", "as it", "as it was not", ""} {
		if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(t, d, sha); hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("read %q: %v, want that it is damaged", damage, err)
		}
	}
	put(t, d, "as it was")
	if got, err := read(t, d, sha); err != nil || got != "as it was" {
		t.Errorf("after putting it again: %q, %v", got, err)
	}
}

func TestFolderIsPrivateAndLeftoversGo(t *testing.T) {
	d, root := dir(t)
	sha := put(t, d, "x")
	for path, want := range map[string]os.FileMode{filepath.Join(root, sha[:2]): 0o700 | os.ModeDir, filepath.Join(root, sha[:2], sha[2:]): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has mode %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	old, young := filepath.Join(root, "tmp", "put-1"), filepath.Join(root, "tmp", "put-2")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * blob.Grace)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenDir(root); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(root, "tmp", "*"))
	if diff := cmp.Diff([]string{young}, left); diff != "" || err != nil {
		t.Errorf("leftovers (-want +got), %v:\n%s", err, diff)
	}
}

func TestFullDiskIsAClearError(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(root, 0); err != nil {
			t.Error(err)
		}
	})
	d, err := blob.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Put(t.Context(), bytes.NewReader(make([]byte, 1<<20)), 1<<21)
	if hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("Put on a full disk = %v (%s), want what to do", err, hindcast.CodeOf(err))
	}
	put(t, d, "small") // what was half-written is gone
}
