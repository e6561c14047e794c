package gate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// TestOtherTemplates checks complete documents in the templates that are common:
// those of Google's SRE book, PagerDuty, Atlassian and GitLab.
func TestOtherTemplates(t *testing.T) {
	l := newLinter(t)
	attested := map[hindcast.Criterion]gate.State{hindcast.CriterionTimelineComplete: gate.Attest, hindcast.CriterionLearning: gate.Attest}
	for _, name := range []string{"sre.md", "pagerduty.md", "atlassian.md", "gitlab.md"} {
		got := check(l, sample(t, name), gate.Options{})
		if want := map[string]int{"gitlab.md": 2}[name]; got.Severity != want {
			t.Errorf("%s: severity %d, want %d", name, got.Severity, want)
		}
		if d := cmp.Diff(attested, states(got)); d != "" {
			t.Errorf("%s: states (-want +got):\n%s%+v", name, d, got.Criteria)
		}
		if got.Passed != (got.Severity == 0) {
			t.Errorf("%s: passed = %v; attestations block where the severity asks for them", name, got.Passed)
		}
		if got := check(l, sample(t, name), gate.Options{Severity: 3}); got.Severity == 3 && (len(states(got)) > 0 || !got.Passed) {
			t.Errorf("%s at severity 3: %v", name, states(got))
		}
	}
}

func TestSeverityOfOtherTemplates(t *testing.T) {
	l := newLinter(t)
	for text, want := range map[string]int{
		"**Severity**: SEV-1":                               1,
		"- Severity: severity::2":                           2,
		"| Key | Value |\n| --- | --- |\n| Severity | P3 |": 3,
		"Severity: High (checkout)":                         2,
		"Severity level: 5":                                 0,
		"Severity: to be decided":                           0,
		"The severity was 1.":                               0,
	} {
		if got := check(l, "# Outage\n\n"+text+"\n", gate.Options{}); got.Severity != want {
			t.Errorf("%q is of severity %d, want %d", text, got.Severity, want)
		}
	}
}

// TestOtherTemplatesLackingOneThing breaks one thing at a time in them.
func TestOtherTemplatesLackingOneThing(t *testing.T) {
	const (
		timeline     = hindcast.CriterionTimelineComplete
		causes       = hindcast.CriterionRootCauses
		contributing = hindcast.CriterionContributing
		actions      = hindcast.CriterionActionsSpecific
		learning     = hindcast.CriterionLearning
		evidence     = hindcast.CriterionEvidence
	)
	l := newLinter(t)
	for name, tt := range map[string]struct {
		file     string
		old, new string
		want     []hindcast.Criterion
		line     string // of the first
	}{
		"no timeline":            {"pagerduty.md", "## Timeline\n...\n## How'd We Do?", "## How'd We Do?", []hindcast.Criterion{timeline, evidence}, "# Postmortem"},
		"a timeline of prose":    {"pagerduty.md", "| Time (UTC)...\n## How'd We Do?", "It took a while.\n\n## How'd We Do?", []hindcast.Criterion{timeline, evidence}, "## Timeline"},
		"no resolution":          {"gitlab.md", "- `07:41`...\n\n", "\n", []hindcast.Criterion{timeline}, "- `07:10`"},
		"no evidence":            {"atlassian.md", "- `12:58`...\n\n## Root cause id", "- 12:58 The release train promotes the media service\n- 13:09 The alert pages the media team\n- 13:52 rolled back, uploads are normal\n\n## Root cause id", []hindcast.Criterion{evidence}, "- 12:58 The release"},
		"a symptom":              {"atlassian.md", "The load test does not follow production traffic, and no alert watches the lock pool.", "The service was down.", []hindcast.Criterion{causes}, "The service was down."},
		"no cause":               {"gitlab.md", "The limits of staging...yesterday.\n", "TBD\n", []hindcast.Criterion{causes}, "## What was the root cause?"},
		"no contributing":        {"gitlab.md", "## What could be improved?\n...\n## Corrective", "## Corrective", []hindcast.Criterion{contributing}, "# Incident Review"},
		"no action":              {"sre.md", "| Action Item |...\n## Lessons", "## Lessons", []hindcast.Criterion{actions}, "## Action Items"},
		"an action as prose":     {"atlassian.md", "| Action | Owner...MEDIA-32 |", "We will run a larger load test.", []hindcast.Criterion{actions}, "## Corrective actions"},
		"no due date":            {"pagerduty.md", " Due: 2024-05-10.", "", []hindcast.Criterion{actions}, "- [ ] Announce"},
		"no lessons":             {"atlassian.md", "## Lessons learned\n...\n## Corrective", "## Corrective", []hindcast.Criterion{learning}, "# Incident postmortem"},
		"lines of one paragraph": {"gitlab.md", "- `07:10`...\n\n", "[2024-06-11 07:10 UTC]: the pipeline applies the new limits\n[2024-06-11 07:19 UTC]: an alert pages the on-call engineer, https://pager.example/7\n[2024-06-11 07:41 UTC]: reverted, the error ratio is normal\n\n", nil, ""},
		"an open question":       {"pagerduty.md", "- The rotation was not announced to the notification team", "_What was hard?_", []hindcast.Criterion{learning}, "_What was hard?_"},
	} {
		t.Run(name, func(t *testing.T) {
			text := replace(t, sample(t, tt.file), tt.old, tt.new)
			got := check(l, text, gate.Options{Severity: 3})
			var failed []hindcast.Criterion
			for _, r := range got.Criteria {
				if r.State == gate.Fail {
					failed = append(failed, r.Criterion)
				}
			}
			if d := cmp.Diff(tt.want, failed); d != "" {
				t.Fatalf("failed (-want +got):\n%s%+v", d, got.Criteria)
			}
			if tt.line != "" {
				if line := strings.Split(text, "\n")[of(got, failed[0]).Line-1]; !strings.HasPrefix(line, tt.line) {
					t.Errorf("line is %q, want %q", line, tt.line)
				}
			}
		})
	}
}
