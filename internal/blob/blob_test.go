package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, text string) string {
	t.Helper()
	sum, size, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil || size != int64(len(text)) {
		t.Fatalf("Put = %s, %d, %v", sum, size, err)
	}
	return sum
}

func read(s *Store, sum string) (string, error) {
	r, err := s.Open(context.Background(), sum)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(r)
	_ = r.Close() // read to its end
	return string(data), err
}

func TestPutAndOpen(t *testing.T) {
	s := open(t)
	want := sha256.Sum256([]byte("evidence\n"))
	for range 2 { // the same bytes twice are one blob
		if got := put(t, s, "evidence\n"); got != hex.EncodeToString(want[:]) {
			t.Errorf("Put = %s, want %x", got, want)
		}
	}
	if got, err := read(s, hex.EncodeToString(want[:])); got != "evidence\n" || err != nil {
		t.Errorf("read = %q, %v", got, err)
	}
	left, err := os.ReadDir(filepath.Join(s.dir, "new"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRefusals(t *testing.T) {
	s := open(t)
	sum := put(t, s, "evidence\n")
	if _, _, err := s.Put(t.Context(), bytes.NewReader(make([]byte, 11)), 10); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Put of too much = %v, want invalid", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Put(ended, strings.NewReader("x"), 10); err == nil {
		t.Error("Put after the end of its context succeeded")
	}
	for _, name := range []string{"", "../../etc/passwd", strings.ToUpper(sum), sum[:10], sum + "00"} {
		if _, err := s.Open(t.Context(), name); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("Open(%q) = %v, want invalid", name, err)
		}
	}
	path, err := s.path(sum)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("other bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(s, sum); hindcast.CodeOf(err) != hindcast.Internal || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("reading a damaged blob = %v, want that it is damaged", err)
	}
}

func TestDelete(t *testing.T) {
	s := open(t)
	sum := put(t, s, "a secret")
	for range 2 {
		if err := s.Delete(t.Context(), sum); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := read(s, sum); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("read after Delete = %v, want not found", err)
	}
}

func TestWalk(t *testing.T) {
	s := open(t)
	old, young := put(t, s, "old"), put(t, s, "young")
	path, err := s.path(old)
	if err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(path, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := s.Walk(t.Context(), time.Now().Add(-24*time.Hour), func(sum string, size int64) error {
		got = append(got, sum)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != old {
		t.Errorf("Walk = %v, want only %s and not %s", got, old, young)
	}
}
