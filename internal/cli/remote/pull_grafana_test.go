package remote_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestPullFromGrafana(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer k3y-of-tests":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/api/annotations" && r.URL.Query().Get("from") == "1710509400000" && r.URL.Query().Get("to") == "1710518400000" && r.URL.Query().Get("tags") == "deploy":
			fmt.Fprint(w, `[{"id":31,"alertId":0,"newState":"","prevState":"","time":1710509820500,"timeEnd":1710509880500,"text":"checkout v3.2.0","tags":["deploy","service:checkout"]}]`)
		case r.URL.Path == "/api/datasources/proxy/uid/prom/api/v1/query_range":
			fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"checkout"},"values":[[1710509820,"1"],[1710509880,"0"]]}]}}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer s.Close()
	dir := filepath.Join(t.TempDir(), "evidence")
	args := []string{"pull", "grafana", "--allow-private-addresses", "--url", s.URL, "-o", dir, "--from", "2024-03-15T13:30", "--to", "2024-03-15T16:00:00Z", "--tag", "deploy", "--query", "[prom] up"}
	t.Setenv("HINDCAST_GRAFANA_TOKEN", "")
	if _, errs := hindcast(t, 1, args...); !strings.Contains(errs, "HINDCAST_GRAFANA_TOKEN") {
		t.Errorf("without a token: %s", errs)
	}
	t.Setenv("HINDCAST_GRAFANA_TOKEN", "an0ther")
	if _, errs := hindcast(t, 1, args...); errs == "" || strings.Contains(errs, "an0ther") {
		t.Errorf("with a token that is refused: %s", errs)
	}
	t.Setenv("HINDCAST_GRAFANA_TOKEN", "k3y-of-tests")
	for name, more := range map[string][]string{"no time": {"--from", "soon"}, "backwards": {"--to", "2024-03-14"}} {
		if _, errs := hindcast(t, 2, append(args, more...)...); !strings.Contains(errs, "--from") {
			t.Errorf("%s: %s", name, errs)
		}
	}
	out, _ := hindcast(t, 0, args...)
	for _, name := range []string{"annotations.json", "prom/01-up.json", "prom/alerts.json"} {
		if !strings.Contains(out, filepath.Join(dir, filepath.FromSlash(name))) {
			t.Errorf("no %s in %s", name, out)
		}
	}
	if out, _ := hindcast(t, 0, "timeline", "--all", dir); !strings.Contains(out, "checkout v3.2.0") {
		t.Errorf("timeline of what was pulled: %s", out)
	}
}
