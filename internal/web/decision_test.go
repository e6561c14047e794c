package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const toldDecision = `---
hindcast: 1
title: Some sign-ins failed
started_at: 2024-03-15T09:00:00Z
---

# Some sign-ins failed

## Timeline

### 2024-03-15 (UTC)

- **09:10:00** Sign-ins fail — *alert by PagerDuty (automation)* <!-- e:fails -->
- **09:12:00** The rollout had failed — *observation by the pipeline (automation)* <!-- e:late -->
  - Known from: 09:30:00
- **09:20:00** Roll back, or repair forward? — *decision by on-call engineer (person)* <!-- e:back -->
`

// TestNothingWasKnownStays unticks all that is proposed of a decision: that is an answer,
// and not a reason to propose it again.
func TestNothingWasKnownStays(t *testing.T) {
	d := start(t)
	taken := func(md string) string {
		return strings.TrimSuffix(d.send("/new/markdown", nil, "text", md).Header().Get("Location"), "/imported")
	}
	post := taken(toldDecision)
	at := decisionOf(t, d.page(post, http.StatusOK), post)
	page := d.page(at, http.StatusOK)
	if !strings.Contains(page, "checked") {
		t.Fatalf("%s proposes nothing that could be unticked", at)
	}
	sent := url.Values{"base": {baseOf(t, page)}, "question": {"Roll back, or repair forward?"}, "who": {"on-call engineer"}, "choice": {"Roll back"}}
	if w := d.do("POST", at, sent); w.Code != http.StatusSeeOther {
		t.Fatalf("saving gave %d: %s", w.Code, w.Body)
	}
	if page = d.page(at, http.StatusOK); strings.Contains(page, "checked") {
		t.Error("what was unticked is proposed again")
	}
	if page := d.page(post, http.StatusOK); !strings.Contains(page, "Known then: nothing of what stands in the timeline") {
		t.Error("the page does not say that nothing was known")
	}
	md := d.page(post+"/export.md", http.StatusOK)
	if !strings.Contains(md, "- Known then: none") || !strings.Contains(md, "- Not known then: none") {
		t.Error("the Markdown does not tell none from not answered")
	}
	if json := d.page(post+"/export.json", http.StatusOK); !strings.Contains(json, `"known": []`) {
		t.Error("the JSON does not tell none from not answered")
	}
	if again := d.page(taken(md)+"/export.md", http.StatusOK); !strings.Contains(again, "- Known then: none") {
		t.Error("it did not survive Markdown")
	}
}

// decisionOf is the address of a decision that a page leads to.
func decisionOf(t *testing.T, page, post string) string {
	t.Helper()
	for rest := range strings.SplitSeq(page, `href="`) {
		if at, _, _ := strings.Cut(rest, `"`); strings.HasPrefix(at, post+"/decision/") && !strings.HasSuffix(at, "/new") {
			return at
		}
	}
	t.Fatal("the page leads to no decision")
	return ""
}

// baseOf is the version from which a form is.
func baseOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `name="base" value="`)
	if !ok {
		t.Fatal("the page has no form with a base")
	}
	base, _, _ := strings.Cut(rest, `"`)
	return base
}
