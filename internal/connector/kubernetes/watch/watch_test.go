package watch_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/kubernetestest"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/watch"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

var noon = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)

// TestMain runs a watcher that tests kill, when it is asked to.
func TestMain(m *testing.M) {
	if address := os.Getenv("HINDCAST_WATCHER_OF"); address != "" {
		child(address, os.Getenv("HINDCAST_WATCHER_DIR"))
		return
	}
	os.Exit(m.Run())
}

// child watches a cluster and says where it hands out what it keeps.
func child(address, dir string) {
	w, err := follow(address, dir, "t0ken")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s := httptest.NewServer(w.Handler(given("watcher's")))
	fmt.Println(s.URL)
	w.Run(context.Background())
}

func given(text string) func() (secret.Text, error) {
	return func() (secret.Text, error) { return secret.New(text), nil }
}

func client() *outhttp.Client {
	return outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1, Limits: outhttp.Limits{Burst: 10000, AtOnce: 50}})
}

// follow returns a watcher that does not wait long.
func follow(address, dir, token string, namespaces ...string) (*watch.Watcher, error) {
	sp, err := spool.Open(spool.Config{Dir: dir, Now: time.Now})
	if err != nil {
		return nil, err
	}
	return watch.New(watch.Config{
		Server: &kubernetes.Server{Address: address, Token: given(token), HTTP: client()}, Namespaces: namespaces, Spool: sp,
		Wait: func(ctx context.Context, _ time.Duration) error { return pause(ctx) },
	}), nil
}

// pause lets others go first.
func pause(ctx context.Context) error {
	select {
	case <-time.After(2 * time.Millisecond):
	case <-ctx.Done():
	}
	return ctx.Err()
}

// start runs a watcher until the test, or stop, ends.
func start(t *testing.T, w *watch.Watcher) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	stop = func() {
		cancel()
		<-done
		if err := w.Spool.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return stop
}

// until waits for something to be so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); {
		if time.Now().After(end) || pause(t.Context()) != nil {
			t.Fatalf("it is not so in time: %s", what)
		}
	}
}

// written returns every line of a spool, as uid/version, in order.
func written(t *testing.T, dir string) (out []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "events", "*.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := os.ReadFile(name)
		if err != nil {
			continue // it got its last name meanwhile
		}
		for line := range strings.Lines(string(f)) {
			if ev, err := kubernetes.ReadEvent([]byte(line)); err == nil {
				out = append(out, ev.UID+"/"+ev.Version)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestAWatchThroughEverything keeps every version of every event once, while
// connections end in the middle of a line, versions are forgotten, the token is
// replaced and the server goes and comes.
func TestAWatchThroughEverything(t *testing.T) {
	t.Parallel()
	c := &kubernetestest.Cluster{}
	for i := range 1200 {
		c.Happen("shop", fmt.Sprintf("cart-%d", i), "BackOff", "Back-off", noon)
	}
	var gone atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		c.ServeHTTP(w, r)
	}))
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	var token atomic.Value
	token.Store("first")
	c.Accept("first")
	w, err := follow(s.URL, dir, "")
	if err != nil {
		t.Fatal(err)
	}
	w.Server.Token = func() (secret.Text, error) { return secret.New(token.Load().(string)), nil }
	stop := start(t, w)
	kept := func(n int) {
		t.Helper()
		until(t, fmt.Sprint(n, " versions are kept"), func() bool { return len(written(t, dir)) >= n })
	}
	kept(1200)
	uid := c.Happen("shop", "cart-x", "BackOff", "Back-off", noon)
	kept(1201)
	for name, disturb := range map[string]func(){
		"dropped":   c.Drop,
		"forgotten": c.Compact,
		"bookmark":  c.Bookmark,
		"deleted":   func() { c.Forget(c.Happen("shop", "cart-short", "Killing", "Stopping", noon)) },
		"token": func() {
			c.Accept("second")
			c.Drop()
			token.Store("second")
		},
		"away": func() {
			gone.Store(true)
			c.Drop()
			until(t, "the fault is told", func() bool { return strings.Contains(w.Status().Following[0].Fault, "503") })
			gone.Store(false)
		},
	} {
		before := len(c.Versions())
		c.Again(uid, noon.Add(time.Minute))
		kept(before + 1)
		disturb()
		c.Happen("pay", "after-"+name, "Started", "Started", noon)
		kept(len(c.Versions()))
	}
	until(t, "no fault is told any more", func() bool { return w.Status().Following[0].Fault == "" })
	stop()
	if diff := cmp.Diff(c.Versions(), written(t, dir)); diff != "" {
		t.Errorf("versions (-happened +kept):\n%s", diff)
	}
}

// TestGoingOn watches from where it was after a stop in good order, without a list.
func TestGoingOn(t *testing.T) {
	t.Parallel()
	c := &kubernetestest.Cluster{}
	s := httptest.NewServer(c)
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	for i := range 3 {
		w, err := follow(s.URL, dir, "", "shop", "pay")
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, w)
		c.Happen("shop", fmt.Sprint("cart-", i), "BackOff", "Back-off", noon)
		c.Happen("pay", fmt.Sprint("pay-", i), "BackOff", "Back-off", noon)
		until(t, "both are kept", func() bool { return len(written(t, dir)) == 2*(i+1) })
		until(t, "both positions are kept", func() bool {
			if w.Spool.Position("shop") == w.Spool.Position("pay") && w.Spool.Position("pay") != "" {
				return true
			}
			c.Bookmark() // again: what came with the list can be kept before both follow
			return false
		})
		stop()
	}
	lists := 0
	for _, target := range c.Asked() {
		if !strings.Contains(target, "watch=true") {
			lists++
		}
	}
	if lists != 2 {
		t.Errorf("%d lists, want one for each namespace at the beginning:\n%s", lists, strings.Join(c.Asked(), "\n"))
	}
}

// TestWhatIsCovered stops a watcher for longer than the cluster remembers.
func TestWhatIsCovered(t *testing.T) {
	t.Parallel()
	c := &kubernetestest.Cluster{}
	s := httptest.NewServer(c)
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	turn := func(now time.Time) []kubernetes.Span {
		t.Helper()
		w, err := follow(s.URL, dir, "")
		if err != nil {
			t.Fatal(err)
		}
		w.Now = func() time.Time { return now }
		stop := start(t, w)
		c.Happen("shop", fmt.Sprint("cart-", now.Unix()), "BackOff", "Back-off", now)
		until(t, "it is kept", func() bool { return len(written(t, dir)) == len(c.Versions()) })
		c.Bookmark()
		until(t, "it is covered", func() bool {
			spans := w.Spool.Covered("")
			return len(spans) > 0 && spans[len(spans)-1].To.Equal(now)
		})
		stop()
		return w.Status().Following[0].Covered
	}
	hour := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(time.Hour))) }
	turn(hour(0))
	if diff := cmp.Diff([]kubernetes.Span{{From: hour(-1), To: hour(3)}}, turn(hour(3))); diff != "" {
		t.Errorf("gone on where it was (-want +got):\n%s", diff)
	}
	c.Compact()
	if diff := cmp.Diff([]kubernetes.Span{{From: hour(-1), To: hour(3)}, {From: hour(5), To: hour(6)}}, turn(hour(6))); diff != "" {
		t.Errorf("away for three hours, and forgotten (-want +got):\n%s", diff)
	}
	c.Compact()
	if diff := cmp.Diff([]kubernetes.Span{{From: hour(-1), To: hour(3)}, {From: hour(5), To: hour(6.5)}}, turn(hour(6.5))); diff != "" {
		t.Errorf("away for half an hour (-want +got):\n%s", diff)
	}
}

// TestWhatIsHandedOut is read by the source of connections, and only with the token.
func TestWhatIsHandedOut(t *testing.T) {
	t.Parallel()
	c := &kubernetestest.Cluster{}
	for i := range 5200 {
		c.Happen("shop", fmt.Sprint("cart-", i), "BackOff", "Back-off", noon.Add(time.Duration(i)*time.Second))
	}
	s := httptest.NewServer(c)
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	w, err := follow(s.URL, dir, "", "shop")
	if err != nil {
		t.Fatal(err)
	}
	start(t, w)
	until(t, "all are kept", func() bool { return w.Status().Events == 5200 })
	out := httptest.NewServer(w.Handler(given("watcher's")))
	defer out.Close()
	v, err := kubernetes.Vendor().Open(connector.Settings{"watcher": secret.New(out.URL), "watcher_token": secret.New("watcher's"), "namespaces": secret.New("shop")}, connector.Deps{Now: time.Now, HTTP: client()})
	if err != nil {
		t.Fatal(err)
	}
	src := v.(*kubernetes.Cluster)
	events, pages := 0, 0
	for after := ""; pages == 0 || after != ""; pages++ {
		b, err := src.Fetch(t.Context(), connector.Window{From: noon.Add(10 * time.Second), To: noon.Add(2 * time.Hour)}, after)
		if err != nil || pages > 10 {
			t.Fatal(pages, err)
		}
		for _, f := range b.Files {
			var l kubernetes.List
			if err := json.Unmarshal(f.Body, &l); err != nil {
				t.Fatal(err)
			}
			events += len(l.Items)
		}
		after = b.Next
	}
	if events != 5190 || pages != 2 {
		t.Errorf("%d events on %d pages, want 5190 on 2", events, pages)
	}
	if got, err := src.Probe(t.Context()); err != nil || !strings.HasPrefix(got, "The watcher keeps events since 2026-03-15 12:00 UTC, the last of 2026-03-15 13:26 UTC. It has heard all of shop since ") {
		t.Errorf("Probe = %q, %v", got, err)
	}
	for _, tt := range []struct {
		target, token string
		want          int
	}{
		{"/healthz", "", 204}, {"/events", "", 401}, {"/events", "other", 401}, {"/status", "", 401}, {"/status", "watcher's", 200},
		{"/events?from=noon", "watcher's", 400}, {"/events?limit=100000", "watcher's", 400}, {"/events?namespace=../x", "watcher's", 400}, {"/events?continue=x", "watcher's", 400}, {"/position.json", "watcher's", 404},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", tt.target, nil)
		req.Header.Set("Authorization", "Bearer "+tt.token)
		rec := httptest.NewRecorder()
		w.Handler(given("watcher's")).ServeHTTP(rec, req)
		if rec.Code != tt.want {
			t.Errorf("%s with %q: %d %s, want %d", tt.target, tt.token, rec.Code, rec.Body, tt.want)
		}
	}
	rec := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(t.Context(), "GET", "/events", nil)
	req.Header.Set("Authorization", "Bearer ")
	if w.Handler(given("")).ServeHTTP(rec, req); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("without a token of its own: %d", rec.Code)
	}
}

// TestKilled kills a watcher again and again while events happen, and holds that what
// it had handed out is there afterwards, and everything that happened, once.
func TestKilled(t *testing.T) {
	t.Parallel()
	c := &kubernetestest.Cluster{}
	c.Accept("t0ken")
	s := httptest.NewServer(c)
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	handed := map[string]bool{}
	for round := range 5 {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), "HINDCAST_WATCHER_OF="+s.URL, "HINDCAST_WATCHER_DIR="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), "http://") {
			t.Fatalf("the watcher says %q", lines.Text())
		}
		address := lines.Text()
		ctx, stop := context.WithCancel(t.Context())
		happening := make(chan struct{})
		go func() {
			defer close(happening)
			for i := 0; pause(ctx) == nil; i++ {
				c.Happen("shop", fmt.Sprintf("cart-%d-%d", round, i), "BackOff", "Back-off", noon)
			}
		}()
		before := len(handed)
		until(t, "more is handed out", func() bool {
			for _, v := range ask(t, address) {
				handed[v] = true
			}
			return len(handed) >= before+20*(round+1)
		})
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		stop()
		<-happening
		if round%3 == 2 {
			c.Compact()
		}
	}
	w, err := follow(s.URL, dir, "t0ken")
	if err != nil {
		t.Fatal(err)
	}
	stop := start(t, w)
	until(t, fmt.Sprintf("all %d are kept", len(c.Versions())), func() bool { return len(written(t, dir)) >= len(c.Versions()) })
	stop()
	got := written(t, dir)
	if diff := cmp.Diff(c.Versions(), got); diff != "" {
		t.Errorf("versions (-happened +kept):\n%s", diff)
	}
	for v := range handed {
		if _, ok := slices.BinarySearch(got, v); !ok {
			t.Errorf("%s was handed out and is lost", v)
		}
	}
	t.Logf("%d versions, %d of them handed out before a kill", len(got), len(handed))
}

// ask reads everything that a watcher hands out, as uid/version.
func ask(t *testing.T, address string) (out []string) {
	t.Helper()
	for after, first := "", true; first || after != ""; first = false {
		req, err := http.NewRequestWithContext(t.Context(), "GET", address+"/events?limit=5000&continue="+after, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer watcher's")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it is read
		var l kubernetes.List
		if err != nil || json.Unmarshal(body, &l) != nil {
			t.Fatalf("%s %s", res.Status, body)
		}
		for _, raw := range l.Items {
			if ev, err := kubernetes.ReadEvent(raw); err == nil {
				out = append(out, ev.UID+"/"+ev.Version)
			}
		}
		after = l.Metadata.Continue
	}
	return out
}
