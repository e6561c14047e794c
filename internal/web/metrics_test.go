package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

func TestMetricsAsTables(t *testing.T) {
	d := start(t)
	page := d.page("/p/1/metrics", http.StatusOK)
	if faults := webtest.Faults(page); len(faults) > 0 {
		t.Errorf("the page: %s", faults)
	}
	rows := func(page string) int { return strings.Count(page, "<tr>") }
	for _, want := range []string{"service:http_success_ratio", "fell from 0.999 to 0", "change: Deployment pipeline initiated rollout of v2.8.0"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	then := d.page("/p/1/metrics?at=2024-03-15T14:37:10Z", http.StatusOK)
	if strings.Contains(then, "fell from") || strings.Contains(then, "14:38:") || rows(then) >= rows(page) || rows(then) < 4 {
		t.Errorf("as of 14:37:10 the tables have %d rows of %d, and tell what was measured later: %v", rows(then), rows(page), strings.Contains(then, "fell from"))
	}
}

func TestChartsCarryTheirValues(t *testing.T) {
	d := start(t)
	svg := d.page("/p/1/metrics/picture?width=700", http.StatusOK)
	for _, want := range []string{`viewBox="0 0 700 `, `data-series="service:http_success_ratio`, `data-v="`, `data-at="2024-03-15T14:42:15Z"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the charts lack %s", want)
		}
	}
	if strings.Contains(svg, "<style") {
		t.Error("the charts bring a style of their own, which the page refuses")
	}
	if then := d.page("/p/1/metrics/picture?at=2024-03-15T14:37:10Z", http.StatusOK); strings.Contains(then, "Rollback") || len(then) >= len(svg) {
		t.Error("as of 14:37:10 the charts tell of the rollback")
	}
}
