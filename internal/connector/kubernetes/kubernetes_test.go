package kubernetes_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/kubernetestest"
	parser "github.com/hindcast/hindcast/internal/evidence/kubernetes"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

var noon = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)

func client() *outhttp.Client {
	return outhttp.New(outhttp.Config{Now: time.Now, Private: true, Limits: outhttp.Limits{Burst: 1000}})
}

// open connects to a cluster, with settings as names and values.
func open(t *testing.T, settings ...string) *kubernetes.Cluster {
	t.Helper()
	s := connector.Settings{}
	for i := 0; i+1 < len(settings); i += 2 {
		s[settings[i]] = secret.New(settings[i+1])
	}
	v, err := kubernetes.Vendor().Open(s, connector.Deps{Now: time.Now, HTTP: client()})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*kubernetes.Cluster)
}

// fetch reads every page.
func fetch(t *testing.T, c *kubernetes.Cluster, w connector.Window) (files []connector.File) {
	t.Helper()
	for after, pages := "", 0; pages == 0 || after != ""; pages++ {
		b, err := c.Fetch(t.Context(), w, after)
		if err != nil || pages > 100 {
			t.Fatalf("page %d after %q: %v", pages, after, err)
		}
		files, after = append(files, b.Files...), b.Next
	}
	return files
}

// titles are what the parsers read of files.
func titles(t *testing.T, files []connector.File) (out []string) {
	t.Helper()
	all := parser.Formats()
	for _, f := range files {
		sink := recordtest.Parse(t, all, recordtest.Recognize(all, f.Name, f.Body), &record.File{Name: f.Name}, f.Body)
		for _, e := range sink.Events {
			out = append(out, fmt.Sprintf("%s %s", e.At.Format("15:04"), e.Title))
		}
		for _, p := range sink.Problems {
			out = append(out, p.Message)
		}
	}
	return out
}

func TestConformance(t *testing.T) {
	event := func(uid string) string {
		return `{"kind":"EventList","metadata":{%s},"items":[{"metadata":{"uid":"` + uid + `","creationTimestamp":"2026-03-15T14:30:00Z"},"involvedObject":{"kind":"Pod","name":"a"},"reason":"BackOff"}]}`
	}
	t.Parallel()
	connectortest.Source(t, connectortest.Service{Pages: 2, Open: func(base string, d connector.Deps, credential string) (any, error) {
		return kubernetes.Vendor().Open(connector.Settings{"url": secret.New(base), "token": secret.New(credential)}, d)
	}, Answer: func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !strings.HasSuffix(r.URL.Path, "/events"):
			_, _ = io.WriteString(w, `{"kind":"DeploymentList","metadata":{},"items":[]}`)
		case r.URL.Query().Get("continue") == "":
			_, _ = fmt.Fprintf(w, event("1"), `"continue":"on"`)
		default:
			_, _ = fmt.Fprintf(w, event("2"), "")
		}
	}})
}

// TestConformanceOfAWatcher holds the same when the watcher is asked.
func TestConformanceOfAWatcher(t *testing.T) {
	t.Parallel()
	connectortest.Source(t, connectortest.Service{Pages: 2, Open: func(base string, d connector.Deps, credential string) (any, error) {
		return kubernetes.Vendor().Open(connector.Settings{"watcher": secret.New(base), "watcher_token": secret.New(credential)}, d)
	}, Answer: func(w http.ResponseWriter, r *http.Request) {
		meta := `"continue":"on"`
		if r.URL.Query().Get("continue") != "" {
			meta = ""
		}
		_, _ = io.WriteString(w, `{"kind":"List","metadata":{`+meta+`},"items":[{"metadata":{"uid":"1"}}]}`)
	}})
}

// TestWhatMayBeMissing says of which times of a window events may be missing.
func TestWhatMayBeMissing(t *testing.T) {
	t.Parallel()
	covered := `"covered":[{"from":"2026-03-15T08:00:00Z","to":"2026-03-15T10:00:00Z"},{"from":"2026-03-15T11:00:00Z","to":"2026-03-15T11:59:00Z"}]`
	direct := "events before 2026-03-15 11:00 UTC may be missing, since a cluster forgets them after an hour unless it was set up otherwise; a watcher keeps them"
	missing := func(from, to string) string {
		return "events of all namespaces from 2026-03-15 " + from + " UTC to 2026-03-15 " + to + " UTC may be missing: the watcher did not follow the cluster then"
	}
	for name, tt := range map[string]struct {
		status   string // of the watcher; empty for none
		from, to time.Duration
		want     []string
	}{
		"a gap":                         {covered, -3 * time.Hour, -30 * time.Minute, []string{missing("10:00", "11:00")}},
		"begun later than the incident": {covered, -5 * time.Hour, -3 * time.Hour, []string{missing("07:00", "08:00")}},
		"all heard":                     {covered, -time.Hour, time.Hour, nil},
		"nothing heard":                 {`"covered":[{"from":"2026-03-15T11:59:00Z","to":"2026-03-15T12:00:00Z"}]`, -3 * time.Hour, -2 * time.Hour, []string{missing("09:00", "10:00")}},
		"a watcher that does not know":  {`"heard":"2026-03-15T12:00:00Z"`, -3 * time.Hour, 0, nil},
		"another namespace":             {`"namespace":"pay",` + covered, -3 * time.Hour, 0, nil},
		"the cluster, lately":           {"", -50 * time.Minute, 0, nil},
		"the cluster, long ago":         {"", -3 * time.Hour, 0, []string{direct}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/status" {
					_, _ = io.WriteString(w, `{"following":[{`+tt.status+`}]}`)
					return
				}
				_, _ = io.WriteString(w, `{"kind":"List","metadata":{},"items":[]}`)
			}))
			defer s.Close()
			settings := connector.Settings{"url": secret.New(s.URL), "token": secret.New("t")}
			if tt.status != "" {
				settings = connector.Settings{"watcher": secret.New(s.URL), "watcher_token": secret.New("t")}
				if strings.Contains(tt.status, "namespace") {
					settings["namespaces"] = secret.New("shop")
				}
			}
			v, err := kubernetes.Vendor().Open(settings, connector.Deps{Now: func() time.Time { return noon }, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true})})
			if err != nil {
				t.Fatal(err)
			}
			b, err := v.(connector.Source).Fetch(t.Context(), connector.Window{From: noon.Add(tt.from), To: noon.Add(tt.to)}, "")
			if diff := cmp.Diff(tt.want, b.Notes); diff != "" || err != nil {
				t.Errorf("%v, notes (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestAWindow keeps of all that there is what was in the window, from every page and
// namespace, as kubectl prints it.
func TestAWindow(t *testing.T) {
	c := &kubernetestest.Cluster{}
	for i := range 1100 {
		c.Happen("shop", fmt.Sprintf("cart-%04d", i), "BackOff", "Back-off restarting", noon.Add(-2*time.Hour))
	}
	c.Happen("shop", "checkout-1", "Unhealthy", "Readiness probe failed: 1 < 2", noon)
	again := c.Happen("pay", "pay-1", "OOMKilling", "Memory cgroup out of memory", noon.Add(-3*time.Hour))
	c.Again(again, noon.Add(time.Minute))
	c.Workloads = workloads()
	s := httptest.NewServer(c)
	defer s.Close()
	w := connector.Window{From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}
	files := fetch(t, open(t, "url", s.URL), w)
	want := []string{"12:00 Unhealthy: Readiness probe failed: 1 < 2", "09:00 OOMKilling: Memory cgroup out of memory", "11:50 Rollout of checkout, revision 42: registry.example/checkout:2.8.0", "12:05 ProgressDeadlineExceeded: it timed out"}
	got := titles(t, files)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	for _, f := range files {
		if text := string(f.Body); strings.Contains(text, "hunter2") || strings.Contains(text, "managedFields") || !strings.HasPrefix(text, `{"apiVersion":"v1","items":[`) {
			t.Errorf("%s: %s", f.Name, text)
		}
	}
	if got := titles(t, fetch(t, open(t, "url", s.URL, "namespaces", "pay"), w)); len(got) != 3 || !strings.Contains(got[0], "OOMKilling") {
		t.Errorf("of one namespace %q", got)
	}
	if got := fetch(t, open(t, "url", s.URL), connector.Window{Query: "shop"}); len(got) != 5 {
		t.Errorf("%d files without a window, want 3 of events and 2 of rollouts", len(got))
	}
}

// workloads are a deployment and its replica sets, of which one is old.
func workloads() map[string][]map[string]any {
	meta := func(name, made, revision string) map[string]any {
		return map[string]any{
			"name": name, "namespace": "shop", "uid": "uid-" + name, "creationTimestamp": made,
			"annotations":     map[string]any{"deployment.kubernetes.io/revision": revision, "kubernetes.io/change-cause": "release 2.8.0", "kubectl.kubernetes.io/last-applied-configuration": "hunter2"},
			"ownerReferences": []any{map[string]any{"kind": "Deployment", "name": "checkout", "controller": true}},
		}
	}
	spec := map[string]any{"replicas": 2, "template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "checkout", "image": "registry.example/checkout:2.8.0", "env": []any{map[string]any{"name": "PASSWORD", "value": "hunter2"}}}}}}}
	deployment := meta("checkout", "2025-01-01T00:00:00Z", "42")
	delete(deployment, "ownerReferences")
	return map[string][]map[string]any{
		"replicasets": {
			{"metadata": meta("checkout-5d8f7c9b6", "2026-03-15T11:50:00Z", "42"), "spec": spec, "status": map[string]any{"replicas": 2}},
			{"metadata": meta("checkout-6c4d4b7f9", "2026-03-01T09:00:00Z", "41"), "spec": spec, "status": map[string]any{"replicas": 0}},
		},
		"deployments": {{"metadata": deployment, "spec": spec, "status": map[string]any{"conditions": []any{
			map[string]any{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "it timed out", "lastUpdateTime": "2026-03-15T12:05:00Z", "lastTransitionTime": "2026-03-15T12:05:00Z"},
		}}}},
	}
}

// TestAListThatExpires begins anew when the cluster forgets where it should go on, and
// says so when that does not end.
func TestAListThatExpires(t *testing.T) {
	c := &kubernetestest.Cluster{}
	for i := range 600 {
		c.Happen("shop", fmt.Sprintf("cart-%04d", i), "BackOff", "Back-off restarting", noon)
	}
	s := httptest.NewServer(c)
	defer s.Close()
	k := open(t, "url", s.URL)
	expired := func(after string) string {
		b, err := k.Fetch(t.Context(), connector.Window{}, after)
		if err != nil || len(b.Files) != 1 {
			t.Fatalf("after %q: %d files, %v", after, len(b.Files), err)
		}
		c.Compact()
		b, err = k.Fetch(t.Context(), connector.Window{}, b.Next)
		if err != nil || len(b.Files) != 0 {
			t.Fatalf("when it expired: %d files, %v", len(b.Files), err)
		}
		return b.Next
	}
	b, err := k.Fetch(t.Context(), connector.Window{}, expired(""))
	if err != nil || len(b.Files) != 1 || b.Files[0].Name != "events-again1-001.json" {
		t.Errorf("anew: %+v, %v", b.Files, err)
	}
	next := expired(expired(expired("")))
	if b, err = k.Fetch(t.Context(), connector.Window{}, next); err != nil {
		t.Fatal(err)
	}
	c.Compact()
	if _, err = k.Fetch(t.Context(), connector.Window{}, b.Next); err == nil || !strings.Contains(err.Error(), "no longer knows") {
		t.Errorf("expired again and again: %v", err)
	}
}

// TestRightsThatAreMissing goes on with what the credential may read, and says what it
// may not.
func TestRightsThatAreMissing(t *testing.T) {
	for _, tt := range []struct {
		name, forbid, probe string
		files               int
	}{
		{"all", "/nothing", "Events of all namespaces may be read; there are about 2. Rollouts may be read too.", 3},
		{"no core", "/api/v1", "Events of all namespaces may be read; there are about 2. Rollouts may be read too.", 3},
		{"no rollouts", "/apis/apps", "Rollouts may not", 1},
		{"nothing", "/", "", 0},
	} {
		c := &kubernetestest.Cluster{Workloads: workloads()}
		c.Happen("shop", "cart-1", "BackOff", "Back-off restarting", noon)
		c.Happen("pay", "pay-1", "BackOff", "Back-off restarting", noon)
		c.Accept("t0ken-t0ken")
		c.Forbid(tt.forbid)
		s := httptest.NewServer(c)
		defer s.Close()
		k := open(t, "url", s.URL, "token", "t0ken-t0ken")
		got, err := k.Probe(t.Context())
		if tt.files == 0 {
			if hindcast.CodeOf(err) != hindcast.Denied || !strings.Contains(err.Error(), "events of all namespaces") {
				t.Errorf("%s: %q, %v", tt.name, got, err)
			}
			continue
		}
		if err != nil || !strings.Contains(got, tt.probe) {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.probe)
		}
		if files := fetch(t, k, connector.Window{}); len(files) != tt.files {
			t.Errorf("%s: %d files, want %d", tt.name, len(files), tt.files)
		}
		if _, err := open(t, "url", s.URL, "token", "an0ther").Probe(t.Context()); hindcast.CodeOf(err) != hindcast.Denied || strings.Contains(err.Error(), "an0ther") {
			t.Errorf("%s: a wrong token: %v", tt.name, err)
		}
	}
}

// TestAServiceAccount reads its token and certificate anew, because they are replaced.
func TestAServiceAccount(t *testing.T) {
	c := &kubernetestest.Cluster{}
	c.Accept("first")
	s := httptest.NewTLSServer(c)
	defer s.Close()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", "first\n")
	write("ca.crt", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	here, err := kubernetes.Here(func(name string) string {
		return map[string]string{"KUBERNETES_SERVICE_HOST": u.Hostname(), "KUBERNETES_SERVICE_PORT": u.Port()}[name]
	}, dir)
	if err != nil {
		t.Fatal(err)
	}
	here.HTTP = outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1})
	for _, token := range []string{"first", "second"} {
		c.Accept(token)
		write("token", token)
		if _, err := here.List(t.Context(), kubernetes.EventsPath(""), 1, ""); err != nil {
			t.Errorf("with the %s token: %v", token, err)
		}
	}
	write("ca.crt", "")
	if _, err := here.List(t.Context(), kubernetes.EventsPath(""), 1, ""); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("without its authority: %v", err)
	}
	if _, err := kubernetes.Here(func(string) string { return "" }, dir); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("outside of a cluster: %v", err)
	}
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct{ settings, want string }{
		"nothing":         {"", "url: "},
		"no address":      {"url=cluster", "url: "},
		"a user":          {"url=https://a:b@cluster", "url: "},
		"not in one":      {"url=in-cluster", "url: this program does not run in a cluster"},
		"no certificate":  {"url=https://cluster;ca=MIIB", "ca: "},
		"a bad namespace": {"url=https://cluster;namespaces=Shop/../x", "namespaces: "},
		"a bad watcher":   {"watcher=x;watcher_token=t", "watcher: "},
		"no token for it": {"watcher=https://w", "watcher_token: "},
		"several":         {"url=x;namespaces=_", "namespaces: \"_\" is no name of a namespace; url: "},
	} {
		s := connector.Settings{}
		for _, pair := range strings.Split(tt.settings, ";") {
			name, value, _ := strings.Cut(pair, "=")
			s[name] = secret.New(value)
		}
		_, err := kubernetes.Vendor().Check(s)
		if hindcast.CodeOf(err) != hindcast.Invalid || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	got, err := kubernetes.Vendor().Check(connector.Settings{"url": secret.New("https://cluster/"), "watcher": secret.New("https://w"), "watcher_token": secret.New("t")})
	if err != nil || got != "https://cluster, watcher https://w" {
		t.Errorf("Check = %q, %v", got, err)
	}
}

func TestPlaces(t *testing.T) {
	k := open(t, "url", "https://cluster")
	for _, after := range []string{"x", "1:2", "9:0:0:false:", "-1:0:0:false:", "a:0:0:false:"} {
		if _, err := k.Fetch(t.Context(), connector.Window{}, after); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("Fetch after %q: %v, want %s", after, err, hindcast.Invalid)
		}
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that are
// valid against Kubernetes's description, of the lists and the watches that we use. Of
// apps/v1 and events.k8s.io/v1 it has the paths of one namespace.
func TestRequestsFitTheDescription(t *testing.T) {
	c := &kubernetestest.Cluster{Workloads: workloads()}
	for i := range 501 {
		c.Happen("shop", fmt.Sprintf("cart-%04d", i), "BackOff", "Back-off restarting", noon)
	}
	s := connectortest.Checked(t, "HINDCAST_TEST_KUBERNETES", c)
	one := open(t, "url", s.URL, "token", "t", "namespaces", "shop")
	fetch(t, one, connector.Window{})
	if _, err := one.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := open(t, "url", s.URL, "token", "t").Fetch(t.Context(), connector.Window{}, ""); err != nil {
		t.Error(err)
	}
	api := &kubernetes.Server{Address: s.URL, Token: func() (secret.Text, error) { return secret.New("t"), nil }, HTTP: client()}
	for _, ns := range []string{"", "shop"} {
		body, err := api.Watch(t.Context(), kubernetes.EventsPath(ns), "1", 60)
		if err != nil {
			t.Fatal(err)
		}
		var step kubernetes.Step
		if err := json.NewDecoder(body).Decode(&step); err != nil || step.Type != "ADDED" {
			t.Errorf("a watch tells %+v, %v", step, err)
		}
		if err := body.Close(); err != nil {
			t.Error(err)
		}
	}
	c.Forbid("/api/v1")
	fetch(t, one, connector.Window{})
}
