package gate_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lint/gate"
	samples "github.com/hindcast/hindcast/internal/sample"
)

// soon is a day on which none of the samples is late.
var soon = hindcast.Date{Year: 2024, Month: 5, Day: 18}

func newLinter(t testing.TB) *lint.Linter {
	t.Helper()
	l, err := lint.New()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func check(l *lint.Linter, text string, o gate.Options) gate.Report {
	parsed := document.Parse("pm.md", []byte(text))
	c := lint.Context{Today: o.Today}
	if parsed.Ours {
		c = c.With(parsed.Postmortem)
	}
	return gate.Check(gate.Document{Source: []byte(text), Parsed: parsed, Findings: l.Document([]byte(text), c)}, o)
}

// sample returns one of the completed post-mortems.
func sample(t testing.TB, name string) string {
	t.Helper()
	for _, inc := range samples.All() {
		if strings.HasSuffix(inc.Slug+".md", "-"+name) && name != "mobile-api.md" { // testdata has another one
			text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// states returns the criteria that do not pass, with their states.
func states(r gate.Report) map[hindcast.Criterion]gate.State {
	out := map[hindcast.Criterion]gate.State{}
	for _, c := range r.Criteria {
		if c.State != gate.Pass {
			out[c.Criterion] = c.State
		}
	}
	return out
}

func of(r gate.Report, c hindcast.Criterion) gate.Result {
	return r.Criteria[slices.IndexFunc(r.Criteria, func(x gate.Result) bool { return x.Criterion == c })]
}

// TestCompleted checks drafts of the sample incidents in which people answered
// everything.
func TestCompleted(t *testing.T) {
	l := newLinter(t)
	for _, name := range []string{"mobile-api.md", "background-jobs.md", "payment-gateway.md"} {
		text := sample(t, name)
		got := check(l, text, gate.Options{Today: soon})
		if !got.Passed || len(states(got)) > 0 || len(got.Criteria) != 7 {
			t.Errorf("%s: does not pass: %+v", name, got.Criteria)
		}
		for _, r := range got.Criteria {
			if r.Line < 1 || r.Reason == "" || r.Missing == nil {
				t.Errorf("%s: %s has no line, reason or list: %+v", name, r.Criterion, r)
			}
		}
		if again := string(document.Markdown(document.Parse(name, []byte(text)).Postmortem)); again != text {
			t.Errorf("%s is not as we write it:\n%s", name, cmp.Diff(text, again))
		}
	}
}

// TestOneThingMissing breaks one thing at a time in a complete document: exactly
// one criterion notices, on the line where it is missing.
func TestOneThingMissing(t *testing.T) {
	const (
		blameless    = hindcast.CriterionBlameless
		timeline     = hindcast.CriterionTimelineComplete
		causes       = hindcast.CriterionRootCauses
		contributing = hindcast.CriterionContributing
		actions      = hindcast.CriterionActionsSpecific
		learning     = hindcast.CriterionLearning
		evidence     = hindcast.CriterionEvidence
	)
	l := newLinter(t)
	complete := sample(t, "mobile-api.md")
	for name, tt := range map[string]struct {
		change []string // pairs: the first is replaced by the second; "..." stands for anything
		want   hindcast.Criterion
		line   string // what stands on the line that is named
	}{
		"a person as the cause":       {[]string{"The rollout of v2.8.0 went on", "The on-call engineer carelessly deployed v2.8.0. It went on"}, blameless, "The on-call engineer carelessly"},
		"human error":                 {[]string{"The tests ran the migration on an empty table only", "The cause was human error: the tests ran on an empty table"}, blameless, "The cause was human error"},
		"no time of detection":        {[]string{"detected_at: 2024-03-15T14:38:45Z\n", "", "- **Detected:**...\n", "- **Detected:** _When did it reach a person?_\n"}, timeline, "- **Detected:**"},
		"no time of resolution":       {[]string{"resolved_at: 2024-03-15T15:00:00Z\n", "", "- **Resolved:**...\n", "- **Resolved:** _When was it over?_\n"}, timeline, "- **Resolved:**"},
		"another kind of detection":   {[]string{"*alert by PagerDuty", "*observation by PagerDuty"}, "", ""},
		"no detecting entry":          {[]string{"*alert by PagerDuty", "*observation by PagerDuty", "- **14:38:45** [#4521]", "- **14:38:50** [#4521]"}, timeline, "## Timeline"},
		"an entry without a time":     {[]string{"- **14:45:31** status", "- **no time** status"}, timeline, "- **no time** status"},
		"an entry without an actor":   {[]string{"*communication by Engineer D (person)*", "*communication*"}, timeline, "- **14:45:31** status"},
		"an entry in words alone":     {[]string{"- **14:52:00** rollback", "- 14:50 Engineer A told the support team\n- **14:52:00** rollback"}, "", ""},
		"an assumption not told":      {[]string{"  - Assumptions:\n    - the rollback takes two minutes a pod, as in the last exercise", "  - Assumptions: _What was taken for granted?_"}, timeline, "  - Assumptions:"},
		"options not told":            {[]string{"  - Options:\n    - roll back to v2.7.5\n    - add the column by hand and go on with v2.8.0\n", ""}, timeline, "- **14:42:03** What to do"},
		"a question in the timeline":  {[]string{"## Timeline\n", "## Timeline\n\n_What did you see?_\n"}, timeline, "_What did you see?_"},
		"no root cause":               {[]string{"Tag: root", "Tag: contributing", "Tag: root", "Tag: contributing", "The tests ran the migration...\n- The migration tool", "- The migration tool"}, causes, "## Root Cause Analysis"},
		"a root without its answer":   {[]string{"  - Without it: no: the migration would have been refused in CI\n", ""}, causes, "- The migration tool accepts"},
		"a root that is none":         {[]string{"Without it: no: the migration", "Without it: yes: the migration"}, causes, "  - Without it: yes"},
		"contributing in words":       {[]string{"- The refresh of staging copies...\n## What Went Well", "Staging holds no data.\n\n## What Went Well", "  - Answers:\n    - F4 The refresh of...\n", ""}, "", ""},
		"the impact in words":         {[]string{"- **Users affected:**...\n", "- Users affected: 100 % of the mobile users\n", "- **Requests failed:**...\n", ""}, "", ""},
		"how a root was found":        {[]string{"  - Identified: five whys\n", "  - Identified: _How was it found?_\n"}, causes, "  - Identified: _How"},
		"a factor without its tag":    {[]string{"  - Tag: root\n", ""}, "", ""},
		"a factor without its part":   {[]string{"  - Tag: root\n", "", "Without it: no: the migration would have been refused in CI", "Without it: _Would it?_"}, causes, "  - Without it: _Would"},
		"an unclear part":             {[]string{"  - Tag: root\n", "", "Without it: no: the migration", "Without it: unclear: the migration"}, causes, "  - Without it: unclear"},
		"a cause in words":            {[]string{"- The migration tool accepts...\n### Ruled out", "### Ruled out", "    - F1 The migration tool accepts a NOT NULL column without a default <!-- f:migration --> — the migration passed there\n", "    - the incident <!-- f:incident -->\n", "  - Answers:\n    - F1 The migration tool...\n", "", "  - Answers:\n    - F2 The pipeline...\n", ""}, "", ""},
		"no cause but the aid":        {[]string{"The tests ran the migration...\n### Ruled out", "Where to begin reading: services.\n\n1. mobile-api: errors\n\n### Ruled out", "    - F1 The migration tool accepts a NOT NULL column without a default <!-- f:migration --> — the migration passed there\n", "    - the incident <!-- f:incident -->\n", "  - Answers:\n    - F1 The migration tool...\n", "", "  - Answers:\n    - F2 The pipeline...\n", ""}, causes, "## Root Cause Analysis"},
		"an operational error":        {[]string{"  - Category: process gap\n  - Bone: process\n  - Gap: testing\n  - Without it: no: v2.8.0", "  - Category: operational error\n  - Without it: no: v2.8.0"}, causes, "  - Category: operational error"},
		"no contributing factor":      {[]string{"<!-- f:staging -->\n  - Number: F4\n  - Category", "<!-- f:staging -->\n  - Tag: mitigating\n  - Category", "<!-- f:gate -->\n", "<!-- f:gate -->\n  - Tag: mitigating\n"}, contributing, "## Contributing Factors"},
		"a question among factors":    {[]string{"## Contributing Factors\n", "## Contributing Factors\n\n_What made it worse?_\n"}, contributing, "_What made it worse?_"},
		"no action":                   {[]string{"- Refuse NOT NULL columns...\n## Related Incidents", "## Related Incidents"}, actions, "## Action Items"},
		"an action in words":          {[]string{"## Related Incidents", "- Add an alert on failed migrations (owner: Platform team, due: 2024-04-05, done when: it pages in staging)\n\n## Related Incidents"}, "", ""},
		"no owner in words":           {[]string{"## Related Incidents", "- Add an alert on failed migrations (due: 2024-04-05, done when: it pages in staging)\n\n## Related Incidents"}, actions, "- Add an alert on failed"},
		"no owner":                    {[]string{"  - Owner: Platform team\n  - Priority: critical\n  - Due: 2024-03-22\n  - Done when: CI", "  - Priority: critical\n  - Due: 2024-03-22\n  - Done when: CI"}, actions, "- Refuse NOT NULL"},
		"no due date":                 {[]string{"  - Due: 2024-04-05\n", "  - Due: _By which day?_\n"}, actions, "  - Due: _By"},
		"no success criterion":        {[]string{"  - Done when: CI rejects such a migration with a message that names the column\n", ""}, actions, "- Refuse NOT NULL"},
		"no priority":                 {[]string{"  - Priority: high\n", "  - Priority: _How urgent is it?_\n"}, actions, "  - Priority: _How"},
		"a vague action":              {[]string{"Write the runbook for a rollback that skips the readiness gate", "Improve monitoring"}, actions, "- Improve monitoring"},
		"declined without a reason":   {[]string{"  - Ticket: PLAT-815\n", "  - Ticket: PLAT-815\n  - Status: won't do\n"}, actions, "- Write the runbook"},
		"done needs no date":          {[]string{"  - Due: 2024-04-05\n", "  - Status: done\n"}, "", ""},
		"no summary":                  {[]string{"## Incident Summary\n...\n## Incident Metadata", "## Incident Summary\n\n## Incident Metadata"}, learning, "## Incident Summary"},
		"no impact":                   {[]string{"## Impact Assessment\n...## Timeline", "## Impact Assessment\n\n## Timeline"}, learning, "## Impact Assessment"},
		"nothing but a question":      {[]string{"## Impact Assessment\n...## Timeline", "## Impact Assessment\n\n- **Users affected:** _What share?_ <!-- u:users -->\n\n## Timeline"}, learning, "- **Users affected:**"},
		"a near miss":                 {[]string{"severity: 1\n", "kind: near-miss\nseverity: 1\n", "acknowledged_at: 2024-03-15T14:39:10Z\n", "", "- **Acknowledged:**...\n", "", "mitigated_at: 2024-03-15T14:52:00Z\n", "", "- **Mitigated:**...\n", ""}, "", ""},
		"never taken up":              {[]string{"acknowledged_at: 2024-03-15T14:39:10Z\n", "", "- **Acknowledged:**...\n", "- **Acknowledged:** _When?_\n"}, timeline, "- **Acknowledged:**"},
		"only the share of users":     {[]string{"- **Requests failed:**...## Timeline", "## Timeline"}, "", ""},
		"no share of users":           {[]string{"- **Users affected:**...\n", "- **Users affected:** _What share?_ <!-- u:users -->\n", "- **Requests failed:**...\n", ""}, learning, "- **Users affected:**"},
		"no section for the summary":  {[]string{"## Incident Summary\n...\n## Incident Metadata", "## Incident Metadata"}, learning, "# Mobile API outage"},
		"no owner of the document":    {[]string{"owner: Platform team\n", "", "- **Owner:**...\n", "- **Owner:** _Who owns this document?_\n"}, learning, "- **Owner:**"},
		"nothing went well":           {[]string{"- The alert fired...\n## What Went Poorly", "## What Went Poorly"}, learning, "## What Went Well"},
		"nothing went poorly":         {[]string{"- There is no runbook for...\n## Action Items", "## Action Items"}, learning, "## What Went Poorly"},
		"a question in our section":   {[]string{"## Related Incidents\n", "## Customer communication\n\n_What were customers told?_\n\n## Related Incidents\n"}, learning, "_What were customers told?_"},
		"related may stay open":       {[]string{"- #4388: Slow rollout of the login service <!-- r:login -->\n  - Alike in: the readiness gate made that rollback slow as well\n", "_Which earlier incidents resemble it?_\n"}, "", ""},
		"an entry without evidence":   {[]string{"  - Evidence: `slack-export/incidents/2024-03-15.json:374-411`\n", ""}, evidence, "- **14:45:31** status"},
		"evidence that is not listed": {[]string{"`slack-export/incidents/2024-03-15.json:374-411`", "`elsewhere.json:3`"}, evidence, "  - Evidence: `elsewhere.json:3`"},
		"an account supports":         {[]string{"  - Evidence: `slack-export/incidents/2024-03-15.json:172-209`\n", ""}, "", ""},
		"a link supports":             {[]string{"status page updated: mobile app unavailable", "status page updated https://status.example/4521", "  - Evidence: `slack-export/incidents/2024-03-15.json:374-411`\n", ""}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := complete
			for i := 0; i < len(tt.change); i += 2 {
				text = replace(t, text, tt.change[i], tt.change[i+1])
			}
			got := check(l, text, gate.Options{Today: soon})
			want := map[hindcast.Criterion]gate.State{}
			if tt.want != "" {
				want[tt.want] = gate.Fail
			}
			if d := cmp.Diff(want, states(got)); d != "" {
				t.Fatalf("states (-want +got):\n%s%+v", d, got.Criteria)
			}
			if got.Passed != (tt.want == "") {
				t.Errorf("passed = %v", got.Passed)
			}
			if tt.want == "" {
				return
			}
			r := of(got, tt.want)
			if line := strings.Split(text, "\n")[r.Line-1]; !strings.HasPrefix(line, tt.line) {
				t.Errorf("line %d is %q, want %q: %s", r.Line, line, tt.line, r.Reason)
			}
			for _, m := range r.Missing {
				if m.Line != r.Line {
					t.Errorf("missing elsewhere, too: %+v", m)
				}
			}
		})
	}
}

// replace replaces a part of a text that is there; "..." in it stands for
// anything up to what follows.
func replace(t *testing.T, text, old, new string) string {
	t.Helper()
	head, tail, gap := strings.Cut(old, "...")
	i := strings.Index(text, head)
	if i < 0 {
		t.Fatalf("%q is not there", head)
	}
	end := i + len(head)
	if gap {
		n := strings.Index(text[end:], tail)
		if n < 0 {
			t.Fatalf("%q is not there", tail)
		}
		end += n + len(tail)
	}
	return text[:i] + new + text[end:]
}

// TestEveryCriterionIsDocumented checks that the documentation has a section for
// each criterion, with its question.
func TestEveryCriterionIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/gate.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range hindcast.Checklist() {
		if !strings.Contains(string(page), "### "+string(c.Criterion)+"\n\n*") {
			t.Errorf("docs/gate.md has no section for %s", c.Criterion)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	text := []byte(sample(b, "mobile-api.md"))
	parsed := document.Parse("pm.md", text)
	found := newLinter(b).Document(text, lint.Context{}.With(parsed.Postmortem))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		gate.Check(gate.Document{Source: text, Parsed: parsed, Findings: found}, gate.Options{Today: soon})
	}
}
