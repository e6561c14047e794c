package operate_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// hindcast runs a command and checks its exit code.
func hindcast(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := cli.Main(args, strings.NewReader("\n"), &out, &errs); got != want {
		t.Fatalf("hindcast %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func TestBackupAndRestore(t *testing.T) {
	t.Setenv("HINDCAST_DATA", "")
	c := config.Default()
	c.Addr, c.Data = "127.0.0.1:0", t.TempDir()
	s, err := server.New(t.Context(), c, server.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	folder, again := filepath.Join(t.TempDir(), "backup"), t.TempDir()
	hindcast(t, 0, "backup", "--data", c.Data, folder) // while it is open
	if _, errs := hindcast(t, 1, "backup", "--data", c.Data, folder); !strings.Contains(errs, "folder of its own") {
		t.Errorf("a second backup into one folder: %s", errs)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	hindcast(t, 0, "restore", "--data", again, folder)
	if _, errs := hindcast(t, 1, "restore", "--data", again, folder); !strings.Contains(errs, "empty") {
		t.Errorf("restoring over a library: %s", errs)
	}
	c.Data = again
	if s, err = server.New(t.Context(), c, server.Options{Demo: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
