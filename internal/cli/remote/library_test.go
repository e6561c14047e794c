package remote_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/server"
)

// demo starts a demo server and gives this test a home of its own.
func demo(t *testing.T) string {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HINDCAST_SERVER", "")
	t.Setenv("HINDCAST_TOKEN", "")
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	c := config.Default()
	c.Addr, c.Data = "127.0.0.1:0", t.TempDir()
	s, err := server.New(t.Context(), c, server.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// hindcast runs a command and checks its exit code.
func hindcast(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := cli.Main(args, strings.NewReader("\n"), &out, &errs); got != want {
		t.Fatalf("hindcast %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func TestPullEditPush(t *testing.T) {
	address := demo(t)
	if _, errs := hindcast(t, 1, "pull", "1"); !strings.Contains(errs, "hindcast login") {
		t.Errorf("without a server: %s", errs)
	}
	if out, _ := hindcast(t, 0, "login", address); out != "You are Incident commander (admin) at "+address+".\n" {
		t.Errorf("login says %q", out)
	}
	file := filepath.Join(t.TempDir(), "three.md")
	hindcast(t, 0, "pull", "-o", file, "3")
	retitle := func(name, title string) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		const old = "Checkout unavailable while the payment gateway was down"
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("%s has no title to change", name)
		}
		if err := os.WriteFile(name, bytes.ReplaceAll(text, []byte(old), []byte(title)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(t.TempDir(), "other.md")
	hindcast(t, 0, "pull", "-o", other, "3")
	retitle(file, "Checkout failed")
	if _, errs := hindcast(t, 1, "pull", "-o", file, "3"); !strings.Contains(errs, "not pushed") {
		t.Errorf("pulling over changes: %s", errs)
	}
	if out, _ := hindcast(t, 0, "push", file); !strings.HasPrefix(out, "#3 is now version ") {
		t.Errorf("push says %q", out)
	}
	if out, _ := hindcast(t, 0, "push", file); out != "#3 says the same already.\n" {
		t.Errorf("pushing again says %q", out)
	}
	retitle(other, "Checkout was down")
	if _, errs := hindcast(t, 1, "push", other); !strings.Contains(errs, "pull again") {
		t.Errorf("pushing a stale file: %s", errs)
	}
	if out, _ := hindcast(t, 0, "open", "3"); out != address+"/p/3\n" {
		t.Errorf("open says %q", out)
	}
}

func TestPushEvidence(t *testing.T) {
	hindcast(t, 0, "login", demo(t))
	dir := t.TempDir()
	if err := os.CopyFS(dir, sample.All()[0].Files()); err != nil {
		t.Fatal(err)
	}
	out, _ := hindcast(t, 0, "push", filepath.Join(dir, "evidence"))
	if !strings.HasPrefix(out, "#4, with 14 key entries") {
		t.Errorf("pushing evidence says %q", out)
	}
	again, _ := hindcast(t, 0, "push", "--incident", "4", filepath.Join(dir, "evidence"))
	if again != out {
		t.Errorf("adding the same evidence says %q, want %q", again, out)
	}
	text, _ := hindcast(t, 0, "pull", "-o", "-", "4")
	if !strings.Contains(text, "14:38:45") {
		t.Error("the timeline has no alert at 14:38:45")
	}
}

func TestLibraryMovesBetweenServers(t *testing.T) {
	from, to := demo(t), demo(t)
	library := filepath.Join(t.TempDir(), "library.zip")
	t.Setenv("HINDCAST_SERVER", from)
	hindcast(t, 0, "export", "-o", library)
	if _, errs := hindcast(t, 1, "export", "-o", library); !strings.Contains(errs, "exists") {
		t.Errorf("exporting over a file: %s", errs)
	}
	t.Setenv("HINDCAST_SERVER", to)
	if out, _ := hindcast(t, 0, "import", library); !strings.HasPrefix(out, "3 post-mortems added with ") {
		t.Errorf("import says %q", out)
	}
	if out, _ := hindcast(t, 0, "import", library); !strings.HasPrefix(out, "0 post-mortems added with 0 files of evidence, 3 ") {
		t.Errorf("importing again says %q", out)
	}
	read := func(server, ref string) string {
		t.Setenv("HINDCAST_SERVER", server)
		text, _ := hindcast(t, 0, "pull", "-o", "-", ref)
		return text
	}
	for _, pair := range [][2]string{{"1", "4"}, {"2", "5"}, {"3", "6"}} {
		if read(from, pair[0]) != read(to, pair[1]) {
			t.Errorf("post-mortem %s differs from what it was", pair[0])
		}
	}
}
