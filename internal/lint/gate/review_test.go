package gate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

const noAttestations = "attestations:\n...---\n"

func TestAttestations(t *testing.T) {
	l := newLinter(t)
	bare := replace(t, sample(t, "mobile-api.md"), noAttestations, "---\n")
	with := func(yaml string) string { return strings.Replace(bare, "owner: ", yaml+"owner: ", 1) }
	both := []hindcast.Criterion{hindcast.CriterionTimelineComplete, hindcast.CriterionLearning}
	for name, tt := range map[string]struct {
		text   string
		want   []hindcast.Criterion // that wait for a person's word
		passes bool
	}{
		"none":             {bare, both, false},
		"one":              {with("attestations:\n  - criterion: learning-captured\n    by: reliability lead\n"), both[:1], false},
		"of a day to come": {with("attestations:\n  - criterion: learning-captured\n    by: reliability lead\n    on: 2024-05-19\n"), both, false},
		"of today":         {with("attestations:\n  - criterion: learning-captured\n    by: reliability lead\n    on: 2024-05-18\n"), both[:1], false},
		"by nobody":        {with("attestations:\n  - criterion: learning-captured\n"), both, false},
		"severity 3":       {replace(t, bare, "severity: 1\nseverity_name: Critical", "severity: 3"), nil, true},
	} {
		got := check(l, tt.text, gate.Options{Today: soon})
		var waiting []hindcast.Criterion
		for _, r := range got.Criteria {
			if r.State == gate.Attest {
				waiting = append(waiting, r.Criterion)
				if r.Blocks == tt.passes || len(r.Missing) != 1 || !strings.Contains(r.Reason, "a person has to say: ") {
					t.Errorf("%s: %+v", name, r)
				}
			}
		}
		if d := cmp.Diff(tt.want, waiting); d != "" {
			t.Errorf("%s: waiting (-want +got):\n%s", name, d)
		}
		if got.Passed != tt.passes {
			t.Errorf("%s: passed = %v: %+v", name, got.Passed, states(got))
		}
	}
	got := check(l, sample(t, "mobile-api.md"), gate.Options{Today: soon})
	if a := of(got, hindcast.CriterionLearning).Attestation; a == nil || a.By != "reliability lead" {
		t.Errorf("attestation = %+v", a)
	}
}

func TestWaivers(t *testing.T) {
	l := newLinter(t)
	broken := replace(t, sample(t, "mobile-api.md"), "  - Due: 2024-04-05\n", "")
	waived := func(yaml string) string { return strings.Replace(broken, "owner: ", "waivers:\n"+yaml+"owner: ", 1) }
	for name, tt := range map[string]struct {
		text   string
		passes bool
		reason string
	}{
		"none":            {broken, false, "the action has no due date"},
		"holds":           {waived("  - rule: actions-specific\n    reason: the quarter's plan comes first\n    by: reliability lead\n    until: 2024-05-18\n"), true, "waived by reliability lead until 2024-05-18: the quarter's plan comes first"},
		"expired":         {waived("  - rule: actions-specific\n    reason: the quarter's plan comes first\n    by: reliability lead\n    until: 2024-05-17\n"), false, "the waiver by reliability lead expired on 2024-05-17"},
		"without an end":  {waived("  - rule: actions-specific\n    reason: the quarter's plan comes first\n    by: reliability lead\n"), false, "the waiver does not count without its last day"},
		"without reason":  {waived("  - rule: actions-specific\n    by: reliability lead\n    until: 2024-05-18\n"), false, "the waiver does not count without a reason"},
		"of another":      {waived("  - rule: blameless\n    reason: x\n    by: reliability lead\n    until: 2024-05-18\n"), false, "the action has no due date"},
		"renewed in time": {waived("  - rule: actions-specific\n    reason: a\n    by: reliability lead\n    until: 2024-05-01\n  - rule: actions-specific\n    reason: b\n    by: reliability lead\n    until: 2024-06-01\n"), true, "until 2024-06-01: b"},
	} {
		got := check(l, tt.text, gate.Options{Today: soon})
		r := of(got, hindcast.CriterionActionsSpecific)
		if got.Passed != tt.passes || r.State != gate.Fail || !strings.Contains(r.Reason, tt.reason) || (r.Waiver != nil) != tt.passes {
			t.Errorf("%s: passed = %v, %+v", name, got.Passed, r)
		}
	}
}

func TestWaiverOfARule(t *testing.T) {
	l := newLinter(t)
	text := replace(t, sample(t, "mobile-api.md"), "Write the runbook for a rollback that skips the readiness gate", "Improve monitoring")
	if got := check(l, text, gate.Options{Today: soon}); got.Passed {
		t.Fatal("a vague action passes")
	}
	text = replace(t, text, "owner: ", "waivers:\n  - rule: vague-action\n    reason: r\n    by: reliability lead\n    until: 2024-06-01\n  - rule: generic-action\n    reason: r\n    by: reliability lead\n    until: 2024-06-01\nowner: ")
	got := check(l, text, gate.Options{Today: soon})
	if !got.Passed || len(states(got)) > 0 {
		t.Errorf("states = %v", states(got))
	}
	if slices.ContainsFunc(got.Deciding(), func(f hindcast.Finding) bool { return f.Rule == "vague-action" }) {
		t.Error("what is waived decides")
	}
}

// TestWaiversThatChangeNothing checks that they are named, and that an expired
// waiver of a rule says so.
func TestWaiversThatChangeNothing(t *testing.T) {
	l := newLinter(t)
	waivers := func(rule, until string) string {
		return "waivers:\n  - rule: " + rule + "\n    reason: r\n    by: reliability lead\n    until: " + until + "\nowner: "
	}
	complete := sample(t, "mobile-api.md")
	vague := replace(t, complete, "Write the runbook for a rollback that skips the readiness gate", "Improve monitoring")
	for name, tt := range map[string]struct{ text, want string }{
		"of what passes":     {replace(t, complete, "owner: ", waivers("blameless", "2024-06-01")), "blameless: the waiver waives nothing; take it out"},
		"of nothing found":   {replace(t, complete, "owner: ", waivers("vague-action", "2024-06-01")), "vague-action: the waiver waives nothing; take it out"},
		"of a rule, expired": {replace(t, vague, "owner: ", waivers("vague-action", "2024-05-01")), "vague-action: the waiver by reliability lead expired on 2024-05-01"},
		"of a rule":          {replace(t, vague, "owner: ", waivers("vague-action", "2024-06-01")), ""},
	} {
		got := ""
		for _, f := range check(l, tt.text, gate.Options{Today: soon}).Deciding() {
			if f.Rule == "waiver" {
				got += f.Message
				if !strings.HasPrefix(f.Text, "- rule:") {
					t.Errorf("%s: is named on the line %q", name, f.Text)
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestSeverityDecides checks that a policy's lists count.
func TestSeverityDecides(t *testing.T) {
	l := newLinter(t)
	text := replace(t, sample(t, "mobile-api.md"), "  - Due: 2024-04-05\n", "")
	policy := hindcast.DefaultPolicy()
	policy.Severities[0].Gate = hindcast.Gate{Warns: []hindcast.Criterion{hindcast.CriterionActionsSpecific}, Attests: []hindcast.Criterion{hindcast.CriterionBlameless}}
	got := check(l, text, gate.Options{Today: soon, Policy: policy})
	want := map[hindcast.Criterion]gate.State{hindcast.CriterionActionsSpecific: gate.Fail, hindcast.CriterionBlameless: gate.Attest}
	if d := cmp.Diff(want, states(got)); d != "" || got.Severity != 1 {
		t.Errorf("severity %d, states (-want +got):\n%s", got.Severity, d)
	}
	if of(got, hindcast.CriterionActionsSpecific).Blocks || !of(got, hindcast.CriterionBlameless).Blocks || got.Passed {
		t.Errorf("%+v", got.Criteria)
	}
	for _, f := range got.Deciding() {
		if f.Rule == string(hindcast.CriterionActionsSpecific) && f.Level != hindcast.FindingWarning {
			t.Errorf("what warns is of level %s", f.Level)
		}
	}
	foreign := "# Outage\n\n## Timeline\n\n- 14:00 an alert fired\n"
	if got := check(l, foreign, gate.Options{Severity: 3}); got.Severity != 3 || of(got, hindcast.CriterionContributing).Blocks {
		t.Errorf("severity %d; contributing blocks", got.Severity)
	}
}

// TestDisorderWarns checks that the entry that was moved is named.
func TestDisorderWarns(t *testing.T) {
	l := newLinter(t)
	for moved, old := range map[string]string{"- **14:30:31** status": "- **14:45:31** status", "- **14:58:31** status": "- **14:45:31** status", "- **14:59:00** Deployment": "- **14:37:00** Deployment"} {
		text := replace(t, sample(t, "mobile-api.md"), old, moved)
		got := check(l, text, gate.Options{Today: soon})
		var lines []string
		for _, f := range got.Deciding() {
			if f.Rule == "format" && strings.Contains(f.Message, "out of order") {
				lines = append(lines, f.Text[:len(moved)])
			}
		}
		if d := cmp.Diff([]string{moved}, lines); d != "" || !got.Passed && moved != "- **14:59:00** Deployment" {
			t.Errorf("passed = %v, named (-want +got):\n%s", got.Passed, d)
		}
	}
}

// TestWhatCannotBeReadIsSaid checks that faults of the form are reported once.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	l := newLinter(t)
	text := replace(t, sample(t, "mobile-api.md"), "owner: ", "ownr: x\nowner: ")
	got := check(l, text, gate.Options{Today: soon})
	n := 0
	for _, f := range got.Deciding() {
		if f.Rule == "format" {
			n++
		}
	}
	if !got.Passed || n != 1 {
		t.Errorf("passed = %v with %d faults of form, want 1", got.Passed, n)
	}
}

// FuzzCheck checks that any text is judged: seven criteria, each with a line of
// the text.
func FuzzCheck(f *testing.F) {
	f.Add(sample(f, "payment-gateway.md"))
	f.Add("# x\n\n## Timeline\n\n| Time | What |\n| --- | --- |\n| 14:00 | paged |\n\n_Why?_\n\n## Action items\n- [ ] fix")
	f.Add("---\nhindcast: 1\nattestations: 3\n---\n\n## Action Items\n\n- x\n  - Due: _When?_")
	f.Add("_Why?_")
	f.Add("{}")
	l := newLinter(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		got := check(l, text, gate.Options{Today: soon})
		lines := strings.Count(text, "\n") + 1
		if len(got.Criteria) != 7 {
			t.Fatalf("%d criteria", len(got.Criteria))
		}
		for _, r := range got.Criteria {
			if (r.State == gate.Pass) != (len(r.Missing) == 0) || r.Reason == "" || r.Line < 1 || r.Line > lines {
				t.Errorf("%+v in %d lines", r, lines)
			}
		}
		for _, x := range got.Findings {
			if x.Start < 0 || x.End < x.Start || x.End > len(text) || x.Text != text[x.Start:x.End] {
				t.Errorf("finding %+v", x)
			}
		}
	})
}

// TestLaterKnowledgeWarns checks that a decision told with what nobody knew yet is
// shown, and fails nothing.
func TestLaterKnowledgeWarns(t *testing.T) {
	text := replace(t, sample(t, "payment-gateway.md"), "the flag drains the pool without a restart",
		"the status page had said elevated 503 responses on the Payments API, investigating")
	got := check(newLinter(t), text, gate.Options{Today: soon})
	i := slices.IndexFunc(got.Deciding(), func(f hindcast.Finding) bool { return f.Rule == "knowledge-leak" })
	if !got.Passed || i < 0 || got.Deciding()[i].Level != hindcast.FindingWarning {
		t.Errorf("passed = %v, findings = %+v", got.Passed, got.Deciding())
	}
}

// TestLineEndings checks that documents written on Windows are read alike.
func TestLineEndings(t *testing.T) {
	text := "\ufeff" + strings.ReplaceAll(sample(t, "mobile-api.md"), "\n", "\r\n")
	if got := check(newLinter(t), text, gate.Options{Today: soon}); !got.Passed || len(states(got)) > 0 {
		t.Errorf("states = %v", states(got))
	}
}
