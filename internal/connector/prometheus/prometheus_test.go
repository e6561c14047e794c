package prometheus_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/prometheus"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func open(base string, d connector.Deps, credential string) (any, error) {
	return prometheus.Vendor().Open(connector.Settings{"url": secret.New(base), "token": secret.New(credential), "queries": secret.New("up\n\n  rate(x[1m])\n")}, d)
}

func server(t *testing.T, address string) *prometheus.Prometheus {
	t.Helper()
	v, err := open(address, connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true})}, "t")
	if err != nil {
		t.Fatal(err)
	}
	return v.(*prometheus.Prometheus)
}

func TestConformance(t *testing.T) {
	connectortest.Source(t, connectortest.Service{Open: open, Pages: 3, Answer: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	}})
}

// TestAWindow asks every query over the window, with a step that the server takes.
func TestAWindow(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		asked = append(asked, fmt.Sprint(r.URL.Path, " ", q.Get("query"), " ", q.Get("start"), " ", q.Get("end"), " ", q.Get("step")))
		_, _ = io.WriteString(w, `{"status":"success","data":{"result":[]}}`)
	}))
	defer s.Close()
	from := time.Date(2024, 3, 15, 13, 37, 0, 500_000_000, time.UTC)
	w := connector.Window{From: from, To: from.Add(6 * time.Hour)}
	for after, i := "", 0; i == 0 || after != ""; i++ {
		b, err := server(t, s.URL).Fetch(t.Context(), w, after)
		if err != nil || i > 5 {
			t.Fatalf("after %q: %v", after, err)
		}
		after = b.Next
	}
	want := []string{
		"/api/v1/query_range up 1710509820.500 1710531420.500 6", "/api/v1/query_range rate(x[1m]) 1710509820.500 1710531420.500 6",
		`/api/v1/query_range ALERTS{alertstate="firing"} 1710509820.500 1710531420.500 6`,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestProbe(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result := "[]"
		if r.URL.Query().Get("query") == "up" {
			result = "[{}]"
		}
		fmt.Fprintf(w, `{"status":"success","data":{"result":%s}}`, result)
	}))
	defer s.Close()
	got, err := server(t, s.URL).Probe(t.Context())
	if err != nil || strings.Contains(got, "up") || !strings.Contains(got, "rate(x[1m])") {
		t.Errorf("Probe = %q, %v; want that one query finds nothing", got, err)
	}
}

func TestSettings(t *testing.T) {
	for name, s := range map[string]connector.Settings{
		"no address": {"queries": secret.New("up")},
		"no query":   {"url": secret.New("https://prometheus.example.org"), "queries": secret.New(" \n")},
		"too many":   {"url": secret.New("https://prometheus.example.org"), "queries": secret.New(strings.Repeat("up\n", 51))},
	} {
		if _, err := prometheus.Vendor().Check(s); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: %v, want %s", name, err, hindcast.Invalid)
		}
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that
// are valid against Prometheus's description, whose paths have no prefix.
func TestRequestsFitTheDescription(t *testing.T) {
	address := os.Getenv("HINDCAST_TEST_PROMETHEUS")
	if address == "" {
		t.Skip("HINDCAST_TEST_PROMETHEUS names no service that checks requests")
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, address+strings.TrimPrefix(r.URL.String(), "/api/v1"), nil)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = r.Header
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = res.Body.Close() }()
		if why, _ := io.ReadAll(res.Body); res.StatusCode >= 300 {
			t.Errorf("%s: %s: %s", r.URL, res.Status, why)
		}
		_, _ = io.WriteString(w, `{"status":"success","data":{"result":[]}}`)
	}))
	defer proxy.Close()
	p := server(t, proxy.URL)
	if _, err := p.Fetch(t.Context(), connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0)}, ""); err != nil {
		t.Error(err)
	}
	if _, err := p.Probe(t.Context()); err != nil {
		t.Error(err)
	}
}
