package grafana_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
)

// TestRequestsFitTheDescription has every request checked against Grafana's
// description, in which the path behind a proxy is one segment. Who asks for its own
// rights and organization, and who changes an annotation, follows the documentation.
func TestRequestsFitTheDescription(t *testing.T) {
	const behind, one = "/api/v1/", "/api_v1_"
	b := &board{}
	checked := connectortest.Checked(t, "HINDCAST_TEST_GRAFANA", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, one, behind, 1)
		b.ServeHTTP(w, r)
	}), "no such operation: PATCH /api/annotations/", "no such operation: GET /api/org", "no such operation: GET /api/access-control/user/permissions")
	base := run(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(r.Context(), r.Method, checked.URL+strings.Replace(r.URL.String(), behind, one, 1), r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = r.Header.Clone()
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = res.Body.Close() }()
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}))
	g := server(t, base, map[string]string{"datasource": "prom1", "queries": "up", "tags": "a\nb", "dashboards": "d1\nd2", "type": "annotation"})
	if got, err := fetch(t, g, connector.Window{From: time.Unix(1773583200, 0), To: time.Unix(1773590400, 0)}); err != nil || len(got) != 2 {
		t.Errorf("%d files, %v; want the query and the alerts", len(got), err)
	}
	if _, err := g.Probe(t.Context()); err != nil {
		t.Error(err)
	}
	for _, title := range []string{"Ledger outage", "Ledger outage", "Ledger outage, again"} {
		if _, err := g.Announce(t.Context(), published(title, time.Hour, 0)); err != nil {
			t.Error(err)
		}
	}
	if kept := b.kept(); len(kept) != 1 || !strings.Contains(kept[0].Text, "again") {
		t.Errorf("marked as %+v", kept)
	}
}
