package remote_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

func TestPullFromPagerDuty(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Token token=k3y-of-tests" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"incident":{},"alerts":[],"notes":[],"change_events":[],"log_entries":[{"id":"R1","type":"acknowledge_log_entry",
			"summary":"Acknowledged by Engineer A","created_at":"2026-03-15T14:05:00Z","incident":{"id":"P1","summary":"[#4521] Checkout fails"}}]}`)
	}))
	defer s.Close()
	dir := filepath.Join(t.TempDir(), "evidence")
	args := []string{"pull", "pagerduty", "--allow-private-addresses", "--url", s.URL, "-o", dir, "4521"}
	t.Setenv("HINDCAST_PAGERDUTY_TOKEN", "")
	if _, errs := hindcast(t, 1, args...); !strings.Contains(errs, "HINDCAST_PAGERDUTY_TOKEN") {
		t.Errorf("without a key: %s", errs)
	}
	t.Setenv("HINDCAST_PAGERDUTY_TOKEN", "an0ther")
	if _, errs := hindcast(t, 1, args...); errs == "" || strings.Contains(errs, "an0ther") {
		t.Errorf("with a key that is refused: %s", errs)
	}
	t.Setenv("HINDCAST_PAGERDUTY_TOKEN", "k3y-of-tests")
	hindcast(t, 0, args...)
	if out, _ := hindcast(t, 0, "timeline", "--all", filepath.Join(dir, "log_entries.json")); !strings.Contains(out, "Acknowledged by Engineer A") {
		t.Errorf("timeline of what was pulled: %s", out)
	}
}
