package server_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/config"
)

// port returns a port of this machine that was free just now.
func port(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

// program runs a program of another project until the test ends.
func program(t *testing.T, ready string, name string, args ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	log := &safeBuffer{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		var exit *exec.ExitError
		if err := cmd.Wait(); err != nil && !errors.As(err, &exit) && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		res, err := http.Get(ready) //nolint:gosec,noctx // an address of this machine
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer at %s:\n%s", name, ready, log)
		}
	}
}

// shop is a service whose requests can be made to fail.
type shop struct {
	began  time.Time
	fails  atomic.Bool
	broken time.Duration // for how long it has failed
	since  time.Time
}

// ServeHTTP answers with the figures of the service: a hundred requests a second.
func (s *shop) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	bad := s.broken
	if s.fails.Load() {
		bad += time.Since(s.since)
	}
	good := time.Since(s.began) - bad
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprintf(w, "# TYPE http_requests_total counter\nhttp_requests_total{service=\"checkout-api\",code=\"200\"} %.3f\nhttp_requests_total{service=\"checkout-api\",code=\"503\"} %.3f\n", 100*good.Seconds(), 100*bad.Seconds())
}

const promConfig = `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:%s']}]}]}
scrape_configs: [{job_name: shop, static_configs: [{targets: ['%s']}]}]
`

const promRules = `groups:
- name: shop
  rules:
  - alert: CheckoutErrorRateHigh
    expr: sum by (service) (rate(http_requests_total{code=~"5.."}[10s])) / sum by (service) (rate(http_requests_total[10s])) > 0.2
    for: 2s
    labels: {severity: critical}
    annotations: {summary: "checkout-api answers 5xx to more than 20 % of requests"}
`

const alertConfig = `route: {receiver: hindcast, group_by: [alertname, service], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hindcast, webhook_configs: [{url: '%s/hooks/%s', send_resolved: true, http_config: {authorization: {credentials: '%s'}}}]}]
`

// TestAnOutageThatPrometheusSees breaks a service under the eyes of a real
// Prometheus and a real Alertmanager, mends it, and looks at the post-mortem that
// begins by itself.
func TestAnOutageThatPrometheusSees(t *testing.T) {
	t.Parallel() // it waits for a minute, in which others have the machine
	for _, name := range []string{"prometheus", "prometheus-alertmanager"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("SKIPPED: there is no %s; install it with the system's packages to try the real one", name)
		}
	}
	r, _ := listenWith(t, func(c *config.Config) {}, 4*time.Second)
	admin := r.admin()
	var alerts, metrics struct {
		ID      string
		Secrets map[string]string
	}
	promPort, alertPort := port(t), port(t)
	admin.api("POST", "/endpoints", map[string]any{"kind": "alertmanager", "name": "Alertmanager"}, &alerts)
	query := `sum by (service, code) (rate(http_requests_total[10s]))`
	admin.api("POST", "/endpoints", map[string]any{"kind": "prometheus", "name": "Prometheus", "settings": map[string]string{"url": "http://127.0.0.1:" + promPort, "queries": query}}, &metrics)

	s := &shop{began: time.Now()}
	target := httptest.NewServer(s)
	defer target.Close()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("prometheus.yml", fmt.Sprintf(promConfig, alertPort, strings.TrimPrefix(target.URL, "http://")))
	write("rules.yml", promRules)
	write("alertmanager.yml", fmt.Sprintf(alertConfig, r.url, alerts.ID, alerts.Secrets["token"]))
	program(t, "http://127.0.0.1:"+alertPort+"/-/ready", "prometheus-alertmanager", "--config.file", filepath.Join(dir, "alertmanager.yml"), "--storage.path", filepath.Join(dir, "am"), "--web.listen-address", "127.0.0.1:"+alertPort, "--cluster.listen-address", "")
	program(t, "http://127.0.0.1:"+promPort+"/-/ready", "prometheus", "--config.file", filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path", filepath.Join(dir, "tsdb"), "--web.listen-address", "127.0.0.1:"+promPort)

	time.Sleep(32 * time.Second) // what is normal
	broke := time.Now()
	s.since = broke
	s.fails.Store(true)
	time.Sleep(18 * time.Second)
	s.fails.Store(false)
	mended := time.Now()
	s.broken = mended.Sub(broke)

	var list struct {
		Items []struct {
			State      string
			Title      string
			Said       string
			IncidentID string `json:"incident_id"`
		}
	}
	for deadline := time.Now().Add(60 * time.Second); len(list.Items) == 0 || list.Items[0].State != "drafted"; time.Sleep(500 * time.Millisecond) {
		if admin.api("GET", "/episodes", nil, &list); time.Now().After(deadline) {
			t.Fatalf("episodes %+v, want one that is drafted", list.Items)
		}
	}
	if e := list.Items[0]; len(list.Items) != 1 || e.Said != "" || e.Title != "checkout-api answers 5xx to more than 20 % of requests" {
		t.Errorf("episodes %+v", list.Items)
	}
	var got struct{ Postmortem hindcast.Postmortem }
	admin.api("GET", "/incidents/"+list.Items[0].IncidentID, nil, &got)
	at := func(what string, want time.Time, within time.Duration, is func(hindcast.Entry) bool) {
		t.Helper()
		var near []string
		for _, e := range got.Postmortem.Timeline {
			if is(e) && e.At.Sub(want).Abs() <= within {
				return
			}
			near = append(near, fmt.Sprintf("%s %s %s", e.At.Sub(broke).Round(time.Second), e.Kind, e.Title))
		}
		t.Errorf("no %s within %s of %s after it broke; there is\n%s", what, within, want.Sub(broke).Round(time.Second), strings.Join(near, "\n"))
	}
	at("change of the metric", broke, 6*time.Second, func(e hindcast.Entry) bool { return e.Kind == hindcast.Symptom })
	at("alert", broke.Add(4*time.Second), 6*time.Second, func(e hindcast.Entry) bool { return e.Kind == hindcast.Alert })
	at("recovery", mended.Add(4*time.Second), 9*time.Second, func(e hindcast.Entry) bool { return e.Kind == hindcast.Recovery || e.Kind == hindcast.Mitigation })
}
