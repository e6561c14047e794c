package command

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStandardInputCanBeReadTwice(t *testing.T) {
	long := strings.Repeat("2026-03-04T10:00:00Z error store: connection refused\n", held/40)
	name := filepath.Join(t.TempDir(), "long.log")
	if err := os.WriteFile(name, []byte("read already\n"+long), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := io.CopyN(io.Discard, file, int64(len("read already\n"))); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		in   io.Reader
		want string
	}{
		"a file from where it stands": {file, long},
		"much through a pipe":         {io.MultiReader(strings.NewReader(long)), long},
		"little through a pipe":       {io.MultiReader(strings.NewReader("one line\n")), "one line\n"},
		"nothing":                     {strings.NewReader(""), ""},
	} {
		s, err := (&Env{Stdin: c.in}).standardInput()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if s.Size != int64(len(c.want)) {
			t.Errorf("%s: size %d, want %d", what, s.Size, len(c.want))
		}
		for range 2 {
			r, err := s.Open()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != c.want {
				t.Errorf("%s: read %d bytes and %v, want %d bytes", what, len(got), err, len(c.want))
			}
			_ = r.Close()
		}
	}
}
