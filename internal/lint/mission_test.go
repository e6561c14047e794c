package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lint"
)

func newLinter(t testing.TB, files ...lint.File) *lint.Linter {
	t.Helper()
	l, err := lint.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// line lints one text as a part of a section.
func line(t testing.TB, as, text string) []hindcast.Finding {
	t.Helper()
	kind, _ := section.As(as)
	return newLinter(t).Document([]byte(text), lint.Context{Section: kind, Incomplete: true})
}

func rulesOf(findings []hindcast.Finding) []string {
	var out []string
	for _, f := range findings {
		if !slices.Contains(out, f.Rule) {
			out = append(out, f.Rule)
		}
	}
	slices.Sort(out)
	return out
}

// TestRewritesOfTheMethod holds the examples by which the method explains itself.
func TestRewritesOfTheMethod(t *testing.T) {
	for _, c := range []struct{ text, rule, want string }{
		{"the database was misconfigured", "agentless-passive", "the deployment script misconfigured the database"},
		{"engineer X misconfigured the database", "blame", "the deployment script lacked validation for database configuration"},
		{"The wrong configuration was deployed", "agentless-passive", "The deployment automation deployed the wrong configuration"},
		{"Engineer deployed bad code", "blame", "The deployment process allowed untested code to reach production"},
	} {
		findings := line(t, "", c.text)
		i := slices.IndexFunc(findings, func(f hindcast.Finding) bool { return f.Rule == c.rule })
		if i < 0 {
			t.Errorf("%q: found %v, want %s", c.text, rulesOf(findings), c.rule)
			continue
		}
		if f := findings[i]; f.Suggestions[0] != c.want || f.Question == "" || f.Edit == nil || !strings.Contains(f.Edit.Text, "?]") {
			t.Errorf("%q: suggestions = %q, question %q, edit %v, want first %q with a question and a marked edit", c.text, f.Suggestions, f.Question, f.Edit, c.want)
		}
	}
}

func TestBadExamplesOfTheMethod(t *testing.T) {
	for _, c := range []struct{ as, text, want string }{
		{"cause", "Engineer deployed code with a bug", "blame shallow-cause"},
		{"cause", "the engineer deployed untested code", "blame shallow-cause"},
		{"action", "Engineers should test code before deploying", "generic-action vague-action"},
		{"action", "Improve monitoring", "generic-action vague-action"},
		{"action", "Add more tests", "generic-action vague-action"},
		{"action", "Better documentation needed", "generic-action vague-action"},
		{"action", "improve communication", "generic-action vague-action"},
		{"action", "better testing", "generic-action vague-action"},
		{"", "the engineer should have known better", "blame counterfactual"},
		{"", "this was obviously a mistake", "blame hindsight"},
	} {
		if got := strings.Join(rulesOf(line(t, c.as, c.text)), " "); got != c.want {
			t.Errorf("%s %q: found %s, want %s", c.as, c.text, got, c.want)
		}
	}
}

func TestGoodExamplesOfTheMethodAreSilent(t *testing.T) {
	for as, texts := range map[string]string{
		"timeline": `Deployment pipeline initiated rollout of v2.8.0
First production pod running v2.8.0
Error rate alerts triggered for mobile-api service
On-call engineer acknowledged alert
Engineer identified 100% error rate from new pods
Rollback initiated to v2.7.5
Rollback complete, traffic recovering
Service fully recovered, incident resolved`,
		"cause": `Deployment contained uncaught exception in error handler
Database queries exceeded connection pool limit
New feature created N+1 query pattern
Code review did not identify query performance issue
Code review checklist does not include database query review
No standard checklist exists for reviewing database changes
Why did the service crash? The code referenced a database column that did not exist.
Why did the column not exist? The database migration failed to add it.
Why did the migration fail? The migration added a NOT NULL column without a default value to a table with existing data.
Why did this pass staging testing? The staging database had no existing rows in the affected table.
Why did staging not have production-like data? The staging data refresh process only copied schema, not data.
The application code assumed the column existed and crashed when the schema did not match expectations.
The system lacked autoscaling configuration, capacity projections, or alerts on processing velocity degradation.`,
		"factor": `Error handling code path not covered by automated tests
Code review did not identify missing test coverage
Staging environment did not trigger the error condition
No alerts for error handler failures
No requirement for test coverage on error handling paths
Staging environment does not replicate production error conditions
Monitoring gaps in error handler execution`,
		"action": `Update migration tooling to require explicit default values for new NOT NULL columns
Implement staging data refresh to include production-scale anonymized data
Add pre-deployment migration validation check that runs migrations against production-scale data copy
Create runbook for rollback procedures during deployment incidents
Add test coverage requirement for all error handling code
Update code review checklist with error path verification
Configure staging to replay production error conditions
Implement monitoring for error handler execution and failures
Add alert for database connection pool utilization exceeding 80%
Create integration test suite for payment processing error scenarios`,
		"": `The deployment automation deployed the wrong configuration
the deployment script misconfigured the database
the deployment script lacked validation for database configuration
The deployment process allowed untested code to reach production
The migration ran successfully in staging where the database contained only test data.
The incident resolved after engineers manually scaled workers to 200, clearing the backlog over six hours.
The payment gateway experienced an outage returning 503 errors for all requests.`,
	} {
		for text := range strings.SplitSeq(texts, "\n") {
			if found := line(t, as, text); len(found) > 0 {
				t.Errorf("as %q, %q: found %v", as, text, rulesOf(found))
			}
		}
	}
}

// TestExamplesOfRules holds what the rules say of themselves.
func TestExamplesOfRules(t *testing.T) {
	whole := []string{"action-incomplete", "too-many-actions", "priority-window", "only-technical", "late", "knowledge-leak"}
	for _, r := range newLinter(t).Rules() {
		if slices.Contains(whole, r.Name) {
			continue
		}
		as := ""
		if len(r.Only) > 0 {
			as = r.Only[0]
		}
		if got := rulesOf(line(t, as, r.Bad)); !slices.Contains(got, r.Name) {
			t.Errorf("%s: its bad example gives %v", r.Name, got)
		}
		if got := rulesOf(line(t, as, r.Good)); slices.Contains(got, r.Name) {
			t.Errorf("%s: it finds its good example", r.Name)
		}
	}
}
