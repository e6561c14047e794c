package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestAnAlertRuleIsKeptWithAnAction replays a rule over the evidence of a sample and
// keeps it with a new action, which shows it wherever it stands.
func TestAnAlertRuleIsKeptWithAnAction(t *testing.T) {
	d := start(t)
	const rule = "service:http_success_ratio < 0.95 for 30s"
	page := d.page("/p/1/replay?rule="+url.QueryEscape(rule), http.StatusOK)
	if !strings.Contains(page, "30 s earlier; 0 false alarms in 24 m") || !strings.Contains(page, "a new one: Alert when service:http_success_ratio &lt; 0.95 for 30s") {
		t.Error("the page does not say what the rule would have done, or offers no action to keep it with")
	}
	w := d.do("POST", "/p/1/replay", url.Values{"rule": {rule}, "action": {""}})
	to := w.Header().Get("Location")
	m := regexp.MustCompile(`^/p/1\?edit=actions%2F(\w+)&saved=\d+#actions/(\w+)$`).FindStringSubmatch(to)
	if w.Code != http.StatusSeeOther || m == nil || m[1] != m[2] {
		t.Fatalf("attaching to a new action = %d %s %s, want a redirect to its form", w.Code, to, w.Body)
	}
	defer func() {
		form := d.page("/p/1?edit=actions/"+m[1], http.StatusOK)
		d.do("POST", "/p/1/part", url.Values{"path": {"actions/" + m[1]}, "base": {d.field(form, "actions/"+m[1], "base")}, "remove": {"1"}})
	}()
	for _, path := range []string{"/p/1?whole=1", "/actions/1/" + m[1], "/p/1/export.md"} {
		page := d.page(path, http.StatusOK)
		for _, want := range []string{"Alert when service:http_success_ratio", "improves detection"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
		if path != "/p/1/export.md" && !strings.Contains(page, "Replayed over the evidence: it would have fired at 2024-03-15 14:38:15, 30 s earlier; 0 false alarms in 24 m.") {
			t.Errorf("%s does not show what the rule would have done", path)
		}
	}
	if w := d.do("POST", "/p/1/replay", url.Values{"rule": {rule}, "action": {"gone"}}); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		t.Errorf("attaching to an action that is not there = %d, want a refusal", w.Code)
	}
}
