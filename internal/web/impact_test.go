package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// counted is a document whose numbers speak for another severity than was decided.
const counted = `---
hindcast: 1
title: Some sign-ins failed
severity: 3
started_at: 2024-03-15T09:00:00Z
detected_at: 2024-03-15T09:10:00Z
acknowledged_at: 2024-03-15T09:40:00Z
resolved_at: 2024-03-15T10:00:00Z
---

# Some sign-ins failed

## Impact Assessment

- **Users affected:** 3 %, measured: sign-ins that failed <!-- u:users -->

### Service level objectives

- Sign-ins succeed <!-- s:sign-in -->
  - Target: 99.9 %
  - Window: 30 days

## Timeline

### 2024-03-15 (UTC)

- **09:10:00** Sign-ins fail — *alert by PagerDuty (automation)* <!-- e:fails -->
`

// TestTheSeverityIsProposedAndItsChangeKeepsAReason changes a severity in the form
// and by what the numbers speak for.
func TestTheSeverityIsProposedAndItsChangeKeepsAReason(t *testing.T) {
	d := start(t)
	post := strings.TrimSuffix(d.send("/new/markdown", nil, "text", counted).Header().Get("Location"), "/imported")
	page := d.page(post, http.StatusOK)
	for _, want := range []string{
		"The numbers speak for SEV 2 · High: an error budget burned 30 times faster than sustainable.",
		"acknowledged 09:40:00 - detected 09:10:00 = 30 m",
		"Acknowledged 30 m after detection; severity 3 (Medium) asks for 1 h, which is met.",
		"3 % failing / 0.1 % allowed = 30 x",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	form := d.page(post+"?edit=severity", http.StatusOK)
	sent := url.Values{"path": {"severity"}, "base": {d.field(form, "severity", "base")}, "value": {"1"}, "note": {" "}}
	w := d.do("POST", post+"/part", sent)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "needs a reason") || !strings.Contains(w.Body.String(), `<option value="1" selected`) {
		t.Errorf("a change without a reason = %d, want 422 and the form with what was sent", w.Code)
	}
	sent.Set("note", "support counted again")
	if w := d.do("POST", post+"/part", sent); w.Code != http.StatusSeeOther {
		t.Errorf("a change with a reason = %d %s, want 303", w.Code, w.Body)
	}
	page = d.page(post, http.StatusOK)
	_, proposal, _ := strings.Cut(page, `class="proposal"`)
	proposal, _, _ = strings.Cut(proposal, "</form>")
	accept := url.Values{}
	for _, name := range []string{"path", "base", "value", "note"} {
		accept.Set(name, hiddenField(t, proposal, name))
	}
	if w := d.do("POST", post+"/part", accept); w.Code != http.StatusSeeOther {
		t.Errorf("accepting the proposal = %d %s, want 303", w.Code, w.Body)
	}
	page = d.page(post, http.StatusOK)
	for _, want := range []string{"Changed from SEV 3 · Medium to SEV 1 · Critical on ", ": support counted again", "Changed from SEV 1 · Critical to SEV 2 · High on ", ": an error budget burned 30 times faster than sustainable"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "The numbers speak for") {
		t.Error("a severity is proposed that was decided")
	}
}

// hiddenField returns the value of a hidden field in a piece of a page.
func hiddenField(t *testing.T, piece, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(piece, `name="`+name+`" value="`)
	value, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		t.Fatalf("there is no field %s in %s", name, piece)
	}
	return value
}
