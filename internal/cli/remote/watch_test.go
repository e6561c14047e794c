package remote_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/cli/remote"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/kubernetestest"
)

// TestWatchKubernetes keeps events in a folder that timeline reads as evidence, and
// stops when it is told to.
func TestWatchKubernetes(t *testing.T) {
	c := &kubernetestest.Cluster{}
	at := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	uid := c.Happen("shop", "cart-5d8f7c9b6-2xkzq", "OOMKilling", "Memory cgroup out of memory", at)
	c.Happen("shop", "cart-5d8f7c9b6-9fl2p", "BackOff", "Back-off restarting failed container", at.Add(time.Minute))
	c.Accept("t0ken")
	s := httptest.NewServer(c)
	defer func() { s.CloseClientConnections(); s.Close() }()
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("t0ken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	watch := &cobra.Command{SilenceUsage: true, SilenceErrors: true}
	watch.AddCommand(remote.Commands(&command.Env{Stderr: &log})...)
	watch.SetArgs([]string{"watch", "kubernetes", "--url", s.URL, "--token-file", token, "--dir", filepath.Join(dir, "spool"), "--listen", "127.0.0.1:0", "--listen-token-file", token, "--keep", "1h", "--max-bytes", "1048576"})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- watch.ExecuteContext(ctx) }()
	c.Again(uid, at.Add(5*time.Minute))
	for end := time.Now().Add(10 * time.Second); ; {
		var out bytes.Buffer
		code := cli.Main([]string{"timeline", "--all", filepath.Join(dir, "spool", "events")}, strings.NewReader(""), &out, &bytes.Buffer{})
		if text := out.String(); code == 0 && strings.Contains(text, "Memory cgroup out of memory") && strings.Contains(text, "Back-off restarting") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("timeline of what is kept: %s", out.String())
		}
	}
	stop()
	if err := <-ended; err != nil || strings.Contains(log.String(), "t0ken") {
		t.Errorf("it ended with %v\n%s", err, log.String())
	}

	out := filepath.Join(dir, "pulled")
	hindcast(t, 0, "pull", "kubernetes", "--url", s.URL, "--token-file", token, "--since", "1000000h", "-o", out)
	if text, _ := hindcast(t, 0, "timeline", "--all", out); !strings.Contains(text, "Memory cgroup out of memory") {
		t.Errorf("timeline of what was pulled: %s", text)
	}
}

func TestWatchKubernetesUsage(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	dir := t.TempDir()
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no folder":      {[]string{"--url", "http://127.0.0.1:1"}, "--dir"},
		"no cluster":     {[]string{"--dir", dir}, "kubectl proxy"},
		"an address":     {[]string{"--dir", dir, "--url", "cluster"}, "--url"},
		"no token":       {[]string{"--dir", dir, "--listen", ":0"}, "--listen-token-file"},
		"half a key":     {[]string{"--dir", dir, "--tls-cert", "x"}, "--tls-key"},
		"too little":     {[]string{"--dir", dir, "--max-bytes", "1"}, "--max-bytes"},
		"a namespace":    {[]string{"--dir", dir, "--namespace", "A_b"}, "--namespace"},
		"no image":       {[]string{"manifest"}, "image"},
		"a bad image":    {[]string{"manifest", "--image", "a b"}, "image"},
		"a bad manifest": {[]string{"manifest", "--image", "a", "--in", "A"}, "in: "},
	} {
		if _, errs := hindcast(t, 2, append([]string{"watch", "kubernetes"}, tt.args...)...); !strings.Contains(errs, tt.want) {
			t.Errorf("%s: %s, want %q in it", name, errs, tt.want)
		}
	}
	if out, _ := hindcast(t, 0, "watch", "kubernetes", "manifest", "--image", "hindcast:1.0"); !strings.Contains(out, "kind: ClusterRole\n") {
		t.Errorf("manifest: %s", out)
	}
}
