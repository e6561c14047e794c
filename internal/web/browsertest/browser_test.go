// Package browsertest tries the pages in a real browser: stories that people
// live, pages held against the rules of accessibility, text that wants to be a
// script. The stories are the .mjs files of this folder; the server is a real one
// with a folder of its own.
package browsertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

var (
	shared chromium
	filled library
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := errors.Join(shared.close(), filled.remove()); err != nil {
		fmt.Fprintln(os.Stderr, "after the stories:", err)
		code = 1
	}
	os.Exit(code)
}

// browser returns the address of the browser that the stories share and lets the
// test run beside others, or skips it when something that it needs is missing.
func browser(t *testing.T) string {
	t.Helper()
	t.Parallel()
	address, err := shared.open(installed(t))
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// installed returns the path of Chromium.
func installed(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: stories in a browser take long")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: node is not installed; install Node 20 or later to try the pages in a browser")
	}
	if _, err := os.Stat("node_modules/playwright-core"); err != nil {
		t.Skip("SKIPPED: the npm packages are missing; run tools/npm")
	}
	if _, err := os.Stat("../dist/app.js"); err != nil {
		t.Skip("SKIPPED: the scripts of the pages are not built; run make assets")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("SKIPPED: Chromium is not installed")
	return ""
}

// serve starts a server with an empty library, or that of the demo, and returns
// its address and the link that makes the first account.
func serve(t *testing.T, demo bool) (address, setup string) {
	t.Helper()
	return serveAs(t, demo, func(*config.Config) {})
}

// serveAs starts a server whose settings are changed first.
func serveAs(t *testing.T, demo bool, change func(*config.Config)) (address, setup string) {
	t.Helper()
	c := config.Default()
	c.Data, c.Addr, c.Private = t.TempDir(), "127.0.0.1:0", true
	if demo {
		c.Data = filepath.Join(c.Data, "demo")
		if err := filled.copy(c.Data); err != nil {
			t.Fatal(err)
		}
	}
	change(&c)
	s, err := server.New(t.Context(), c, server.Options{Demo: demo})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
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
	if setup, err = s.Setup(t.Context()); err != nil {
		t.Fatal(err)
	}
	return "http://" + l.Addr().String(), setup
}

// library is the folder of a demo of which each story gets a copy: to fill it takes
// longer than some of them. The zero library is filled for the first.
type library struct {
	once   sync.Once
	folder string
	err    error
}

func (l *library) copy(to string) error {
	l.once.Do(func() { l.err = l.fill() })
	if l.err != nil {
		return fmt.Errorf("fill the demo of which stories get copies: %w", l.err)
	}
	if err := os.CopyFS(to, os.DirFS(l.folder)); err != nil {
		return err
	}
	return os.Chmod(filepath.Join(to, "secret.key"), 0o600) // which CopyFS does not keep
}

func (l *library) fill() (err error) {
	if l.folder, err = os.MkdirTemp("", "hindcast-browsertest-"); err != nil {
		return err
	}
	c := config.Default()
	c.Data, c.Private = l.folder, true
	s, err := server.New(context.Background(), c, server.Options{Demo: true})
	if err != nil {
		return err
	}
	s.Workflow().Wait()
	return s.Close()
}

// remove removes the folder if one was made.
func (l *library) remove() error { return os.RemoveAll(l.folder) }

// run runs a story and fails with what it says.
func run(t *testing.T, browser, story string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{story}, args...)...)
	cmd.Env = append(os.Environ(), "BROWSER="+browser, "SHOTS="+os.Getenv("HINDCAST_TEST_SHOTS"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s", story, err, out.String())
	}
	if testing.Verbose() {
		t.Log(strings.TrimSpace(out.String()))
	}
}

func evidence(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../sample/incidents/2024-03-15-mobile-api/evidence")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestStory(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	there, setupThere := serve(t, false)
	run(t, address, "story.mjs", here, setup, there, setupThere, evidence(t))
}

func TestReading(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "reading.mjs", here)
}

func TestChartsTellTheirValues(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "charts.mjs", here)
}

func TestPagesAreAccessible(t *testing.T) {
	address := browser(t)
	looks := []string{"light", "dark", "phone"}
	if os.Getenv("HINDCAST_TEST_SHOTS") != "" {
		looks = append(looks, "phone-dark")
	}
	for _, look := range looks {
		t.Run(look, func(t *testing.T) {
			t.Parallel()
			here, _ := serve(t, true)
			run(t, address, "accessible.mjs", here, look)
		})
	}
}

func TestSettings(t *testing.T) {
	address := browser(t)
	here, setup := serve(t, false)
	run(t, address, "settings.mjs", here, setup)
}

func TestNothingWrittenBecomesScript(t *testing.T) {
	address := browser(t)
	here, _ := serve(t, true)
	run(t, address, "payloads.mjs", here)
}
