package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lint"
)

func messages(findings []hindcast.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Message)
	}
	return out
}

func TestActionIncomplete(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"bare", "- Add a guard to the tool", []string{"this action has no owner, no due date, no success criterion"}},
		{"complete in fields", "- Add a guard\n  - Owner: Platform team\n  - Due: 2024-03-22\n  - Done when: the guard refuses it", nil},
		{"complete in one line", "- Add a guard (Platform team, by 2024-03-22). Done when: the guard refuses it", nil},
		{"a handle owns it", "- Add a guard @platform, due: 2024-03-22", []string{"this action has no success criterion"}},
		{"unanswered", "- Add a guard\n  - Owner: TBD\n  - Due: _By when?_\n  - Done when: [what]", []string{"this action has no owner, no due date, no success criterion"}},
		{"done", "- [x] Add a guard", nil},
		{"table", "| Action | Owner | Due date | Success criteria |\n|---|---|---|---|\n| Add a guard | Platform | 2024-03-22 | It refuses |\n| Add a test | | 2024-03-22 | It fails |", []string{"this action has no owner"}},
		{"titles of groups", "- Prevention:\n  - Add a guard\n- Detection:\n  - Add an alert\n    - Owner: Platform; Due: May 3; Done when: it pages", []string{"this action has no owner, no due date, no success criterion"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := newLinter(t).Document([]byte("## Action items\n\n"+c.source+"\n"), lint.Context{})
			if d := cmp.Diff(c.want, messages(only("action-incomplete", found))); d != "" {
				t.Errorf("messages (-want +got):\n%s", d)
			}
		})
	}
}

func TestActionsOfTheDeploymentIncident(t *testing.T) {
	const source = `## Action Items

| Action | Owner | Priority | Due |
|---|---|---|---|
| Update migration tooling to require explicit default values for new NOT NULL columns | Platform team | critical | 2024-03-22 |
| Implement staging data refresh to include production-scale anonymized data | DevOps team | high | 2024-04-05 |
| Add pre-deployment migration validation check that runs migrations against production-scale data copy | Platform team | high | 2024-03-29 |
| Create runbook for rollback procedures during deployment incidents | Engineer A | medium | 2024-03-20 |
`
	found := newLinter(t).Document([]byte(source), lint.Context{Resolved: hindcast.Date{Year: 2024, Month: 3, Day: 15}})
	want := []string{
		"this action has no success criterion",
		"this action has no success criterion",
		"this action has no success criterion",
		"this action has no success criterion",
		"due 2024-03-20, sooner than medium priority asks (within 1-2 months)",
	}
	if d := cmp.Diff(want, messages(found)); d != "" {
		t.Errorf("messages (-want +got):\n%s", d)
	}
	if len(found) > 4 && found[4].Level != hindcast.FindingNote {
		t.Errorf("an early date is a %s, want a note", found[4].Level)
	}
}

func TestPriorityWindow(t *testing.T) {
	source := "---\nresolved_at: 2024-03-15T15:00:00Z\n---\n## Actions\n\n- Add a guard\n  - Priority: critical\n  - Due: 2024-05-15\n- Add a test\n  - Priority: high\n  - Due: 2024-04-05\n"
	found := only("priority-window", newLinter(t).Document([]byte(source), lint.Context{}))
	if d := cmp.Diff([]string{"due 2024-05-15, 61 days after the incident; critical priority means within 1 week"}, messages(found)); d != "" {
		t.Errorf("messages (-want +got):\n%s", d)
	}
}

func TestTooManyActions(t *testing.T) {
	for n, want := range map[int]int{5: 0, 6: 1, 20: 1} {
		source := "## Action items\n\n" + strings.Repeat("- Add a guard to `tool`\n", n)
		if got := only("too-many-actions", newLinter(t).Document([]byte(source), lint.Context{})); len(got) != want {
			t.Errorf("%d actions: %v, want %d findings", n, messages(got), want)
		}
	}
}

func TestLate(t *testing.T) {
	const front = "---\nresolved_at: 2024-03-15T15:00:00Z\n"
	march := func(day int) hindcast.Date { return hindcast.Date{Year: 2024, Month: 3, Day: day} }
	for _, c := range []struct {
		name, source string
		today        hindcast.Date
		want         int
	}{
		{"in time", front + "---\n# Outage\n", march(22), 0},
		{"late", front + "---\n# Outage\n", march(23), 1},
		{"published", front + "status: published\n---\n# Outage\n", march(30), 0},
		{"no day", "# Outage\n", march(30), 0},
		{"no clock", front + "---\n# Outage\n", hindcast.Date{}, 0},
	} {
		if got := only("late", newLinter(t).Document([]byte(c.source), lint.Context{Today: c.today})); len(got) != c.want {
			t.Errorf("%s: %v, want %d findings", c.name, messages(got), c.want)
		}
	}
}

func TestShallowCause(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"a person", "The on-call engineer dropped the table.", []string{"this cause ends at a person"}},
		{"a person, then the control", "An engineer dropped the table. The console has no confirmation for production.", nil},
		{"what somebody did not check", "We did not check the disk usage.", []string{"this cause ends at a person"}},
		{"the same with a control", "We did not check the disk usage, and no alert fires before it is full.", nil},
		{"the symptom", "The service crashed.", []string{"this cause says the symptom again"}},
		{"the symptom with a reason", "The service crashed because the pool was full.", nil},
		{"two whys", "1. Why did it crash? The pool was full.\n2. Why was it full? The limit is 5.", []string{"the chain ends after two whys; go on until an answer can be changed by an action"}},
		{"three whys", "1. Why did it crash? The pool was full.\n2. Why was it full? The limit is 5.\n3. Why is it 5? It is the default.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := newLinter(t).Document([]byte("## Root cause\n\n"+c.source+"\n"), lint.Context{})
			if d := cmp.Diff(c.want, messages(only("shallow-cause", found))); d != "" {
				t.Errorf("messages (-want +got):\n%s", d)
			}
		})
	}
}

func TestOnlyTechnical(t *testing.T) {
	const causes = "## Root cause\n\nThe pool has 5 connections. A query takes 3 s. The driver waits for ever.\n"
	if got := only("only-technical", newLinter(t).Document([]byte(causes), lint.Context{})); len(got) != 1 {
		t.Errorf("findings = %v, want one", messages(got))
	}
	if got := only("only-technical", newLinter(t).Document([]byte(causes+"\nNobody owned the pool after the teams were split.\n"), lint.Context{})); len(got) != 0 {
		t.Errorf("findings = %v, want none", messages(got))
	}
}

func TestNameInCause(t *testing.T) {
	const source = "## Root cause\n\nThe pool was set to 5 by Ada Example.\n\n## Timeline\n\n- 14:39 Ada Example acknowledged the page.\n"
	found := only("name-in-cause", newLinter(t).Document([]byte(source), lint.Context{People: []string{"Ada Example"}}))
	if d := cmp.Diff([]string{"name-in-cause Ada Example"}, summary(found)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestKnowledgeLeak(t *testing.T) {
	timeline := []hindcast.Entry{
		{ID: "a", Title: "The schema migration failed on the primary"},
		{ID: "b", Title: "Decided to restart the pods", Decision: &hindcast.Decision{NotKnown: []string{"a"}}},
	}
	const source = "## Timeline\n\n- 14:38 the schema migration failed on the primary\n- 14:41 decided to restart the pods, although the schema migration had failed on the primary\n"
	found := only("knowledge-leak", newLinter(t).Document([]byte(source), lint.Context{Timeline: timeline}))
	if len(found) != 1 || found[0].Line != 4 {
		t.Errorf("findings = %v", summary(found))
	}
}

// ownFormat is a document whose decision is told with a cause that was found an
// hour later.
const ownFormat = `---
hindcast: 1
title: Search is slow
---

# Search is slow

## Timeline

### 2024-03-15 (UTC)

- **14:37:00** The schema migration failed on the primary — *symptom of primary (system)* <!-- e:a -->
  - Known from: 15:21:00
- **14:41:00** Restarted the pods — *decision by on-call engineer (person)* <!-- e:b -->
  - Detail: the schema migration failed on the primary

### Decision points

- **14:41:00** Restart the pods, or wait for the database team? <!-- d:b -->
  - Options: restart; wait
  - Choice: restart, because the schema migration on the primary had failed
  - Not known then:
    - 14:37:00 The schema migration failed on the primary <!-- e:a -->
  - Assumptions: a restart does no harm
  - Expected: the pods answer again

## Root Cause Analysis

The on-call engineer restarted the pods while the schema migration failed on the primary.
`

func TestKnowledgeLeakInOurFormat(t *testing.T) {
	parsed := document.Parse("pm.md", []byte(ownFormat))
	for name, tt := range map[string]struct {
		change func(*hindcast.Postmortem)
		want   int
	}{
		"as listed":  {func(*hindcast.Postmortem) {}, 1},
		"not listed": {func(p *hindcast.Postmortem) { p.Timeline[1].Decision.NotKnown = nil }, 1},
		"known in time, not listed": {func(p *hindcast.Postmortem) {
			p.Timeline[1].Decision.NotKnown = nil
			p.Timeline[0].KnownAt = p.Timeline[0].At
		}, 0},
	} {
		pm := parsed.Postmortem
		pm.Timeline = slices.Clone(pm.Timeline)
		d := *pm.Timeline[1].Decision
		pm.Timeline[1].Decision = &d
		tt.change(&pm)
		found := only("knowledge-leak", newLinter(t).Document([]byte(ownFormat), lint.Context{}.With(pm)))
		if len(found) != tt.want || tt.want > 0 && found[0].Line != 21 {
			t.Errorf("%s: findings = %v", name, summary(found))
		}
	}
}

// TestSuppressionsSurviveTheFormat checks that comments go on silencing what they
// silence when the document is written anew.
func TestSuppressionsSurviveTheFormat(t *testing.T) {
	for _, file := range []string{"remarks.md", "remarks.want"} {
		source, err := os.ReadFile(filepath.Join("..", "document", "testdata", "parse", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range newLinter(t).Document(source, lint.Context{}) {
			if slices.Contains([]string{"blame", "hindsight", "vague-action", "lint-ignore"}, f.Rule) {
				t.Errorf("%s:%d: %s: %q", file, f.Line, f.Rule, f.Text)
			}
		}
	}
}

func TestFieldsOfRecordsAreNotLinted(t *testing.T) {
	const source = `---
hindcast: 1
---

# Outage

## Impact Assessment

- Availability <!-- s:availability -->
  - Outcome: violated

## Root Cause Analysis

- No review compares growth with capacity <!-- f:review -->
  - Tag: root
  - Without it: no: the growth would have been seen in January
  - Led to:
    - the incident <!-- f:incident -->

## Action Items

- Add an index on orders.customer_id <!-- a:index -->
  - Owner: Orders team
  - Due: 2024-03-22
  - Done when: the query plan uses it
  - Answers:
    - No review compares growth with capacity <!-- f:review -->
`
	if found := newLinter(t).Document([]byte(source), lint.Context{}); len(found) != 0 {
		t.Errorf("findings = %v", summary(found))
	}
}

func TestViolatedObjectivesBlameNobody(t *testing.T) {
	const source = "## Impact\n\nThe SLO was violated. The availability objective of 99.9 % was violated.\n"
	if found := only("blame", newLinter(t).Document([]byte(source), lint.Context{})); len(found) != 0 {
		t.Errorf("findings = %v", summary(found))
	}
}

func TestActorsOfTheContextAreProposed(t *testing.T) {
	found := newLinter(t).Document([]byte("The release was promoted."), lint.Context{Actors: []string{"Argo CD"}, Incomplete: true})
	want := []string{"The deployment automation promoted the release.", "[Argo CD?] promoted the release.", "[which system, automation or role?] promoted the release."}
	if len(found) != 1 || cmp.Diff(want, found[0].Suggestions) != "" {
		t.Errorf("findings = %+v", found)
	}
}
