package gate_test

import (
	"slices"
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

// TestTheTemplateInPlainMarkdown checks a post-mortem with the ten sections of
// the template and none of our records, and what it says when one thing is gone.
func TestTheTemplateInPlainMarkdown(t *testing.T) {
	l := newLinter(t)
	complete := sample(t, "template.md")
	row := func(clock string) []string { return []string{"| " + clock + "...\n", ""} }
	for name, tt := range map[string]struct {
		change []string // pairs, as in TestOneThingMissing
		want   hindcast.Criterion
		line   string
	}{
		"complete":             {nil, "", ""},
		"blame":                {[]string{"Version 2.8.0 was rolled out after", "The on-call engineer carelessly deployed version 2.8.0 after"}, hindcast.CriterionBlameless, "On March 15"},
		"known better":         {[]string{"- The alert fired", "- The engineer should have known better\n- The alert fired"}, hindcast.CriterionBlameless, "- The engineer should"},
		"no timeline":          {[]string{"| Time (UTC)...\n\n## Root", "TBD\n\n## Root"}, hindcast.CriterionTimelineComplete, "## Timeline"},
		"no detection":         {slices.Concat(row("14:38:45"), row("14:39:10"), row("14:40:30")), hindcast.CriterionTimelineComplete, "| 14:37:00"},
		"no response":          {slices.Concat(row("14:39:10"), row("14:40:30"), row("14:42:15"), row("14:52:00")), hindcast.CriterionTimelineComplete, "| 14:37:00"},
		"no resolution":        {slices.Concat(row("14:42:15"), row("14:52:00"), row("15:00:00")), hindcast.CriterionTimelineComplete, "| 14:37:00"},
		"no root cause":        {[]string{"## Root Cause Analysis\n...\n## Contributing", "## Contributing"}, hindcast.CriterionRootCauses, "# Post-Mortem"},
		"a symptom":            {[]string{"Version 2.8.0 included...\n## Contributing", "The service was down.\n\n## Contributing"}, hindcast.CriterionRootCauses, "The service was down."},
		"nothing contributing": {[]string{"## Contributing Factors\n...\n## What", "## What"}, hindcast.CriterionContributing, "# Post-Mortem"},
		"no owner":             {[]string{"| Platform team |", "| |"}, hindcast.CriterionActionsSpecific, "| Update migration tooling"},
		"no date":              {[]string{"| 2024-04-05 |", "| TBD |"}, hindcast.CriterionActionsSpecific, "| Implement staging data"},
		"no success criterion": {[]string{"| CI rejects a migration without a default |", "| |"}, hindcast.CriterionActionsSpecific, "| Update migration tooling"},
		"a vague action":       {[]string{"Create runbook for rollback procedures during deployment incidents", "Improve monitoring"}, hindcast.CriterionActionsSpecific, "| Improve monitoring"},
		"no summary":           {[]string{"## Incident Summary\n...\n## Incident", "## Incident"}, hindcast.CriterionLearning, "# Post-Mortem"},
		"nothing went well":    {[]string{"- The alert fired...\n## What Went Poorly", "## What Went Poorly"}, hindcast.CriterionLearning, "## What Went Well"},
		"no evidence": {[]string{"Deployment logs show successful image push", "", "Pod event logs show container started successfully", "", "PagerDuty incident #4521 created", "",
			"PagerDuty acknowledgment timestamp", "", "Slack message in #incidents channel", "", "Deployment command in terminal history", "", "Pod metrics showing successful requests", "",
			"Error rate returned to baseline", ""}, hindcast.CriterionEvidence, "| 14:37:00"},
	} {
		t.Run(name, func(t *testing.T) {
			text := complete
			for i := 0; i < len(tt.change); i += 2 {
				text = replace(t, text, tt.change[i], tt.change[i+1])
			}
			got := check(l, text, gate.Options{})
			want := map[hindcast.Criterion]gate.State{hindcast.CriterionTimelineComplete: gate.Attest, hindcast.CriterionLearning: gate.Attest}
			if tt.want != "" {
				want[tt.want] = gate.Fail
			}
			if name == "no timeline" {
				want[hindcast.CriterionEvidence] = gate.Fail
			}
			if d := cmp.Diff(want, states(got)); d != "" || got.Severity != 1 {
				t.Fatalf("severity %d, states (-want +got):\n%s%+v", got.Severity, d, got.Criteria)
			}
			if tt.want == "" {
				return
			}
			if line := strings.Split(text, "\n")[of(got, tt.want).Line-1]; !strings.HasPrefix(line, tt.line) {
				t.Errorf("line is %q, want %q", line, tt.line)
			}
		})
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
