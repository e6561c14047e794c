package formats_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/sample"
)

func TestEveryFormatIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	var names, documented []string
	for _, f := range formats.All() {
		names = append(names, f.Name)
	}
	for line := range strings.Lines(string(doc)) {
		if cell, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " |"); ok && strings.HasPrefix(cell, "`") {
			for _, m := range regexp.MustCompile("`([a-z0-9-]+)`").FindAllStringSubmatch(cell, -1) {
				documented = append(documented, m[1])
			}
		}
	}
	slices.Sort(names)
	slices.Sort(documented)
	for _, n := range names {
		if !slices.Contains(documented, n) {
			t.Errorf("%s is not in docs/formats.md", n)
		}
	}
	for _, n := range documented {
		if !slices.Contains(names, n) {
			t.Errorf("docs/formats.md names %s, which is no format", n)
		}
	}
	if again := slices.Compact(slices.Clone(names)); len(again) != len(names) {
		t.Errorf("some formats have the same name: %q", names)
	}
}

// TestTalkOfDeploysIsNoPipeline keeps chat, histories and applications that speak of
// deploys what they are.
func TestTalkOfDeploysIsNoPipeline(t *testing.T) {
	all := formats.All()
	for text, want := range map[string]string{
		"[14:37] engineer-a: rolling back till to 11.4.0 in production\n[14:38] engineer-b: deploying till 11.4.2 to production\n[14:39] engineer-a: deploy of till 11.4.2 done\n":                                            "chat-transcript",
		"#1772442000\nhelm upgrade till ./till --set image.tag=1.2.3\n#1772442060\nkubectl rollout undo deployment/till\n":                                                                                                    "bash-history",
		"2026-03-05 06:00:00 INFO Deploying web archive till.war\n2026-03-05 06:00:01 INFO listening on 8080\n2026-03-05 06:00:02 INFO order 1 released\n2026-03-05 06:00:03 ERROR transaction rolled back\n":                 "text-log",
		"2026-03-05 06:00:00 INFO Starting till 7.1.0 in production\n2026-03-05 06:00:02 INFO Migrating schema \"public\" to version \"42\"\n2026-03-05 06:00:05 INFO listening\n2026-03-05 06:00:06 INFO ready for orders\n": "text-log",
		"2026-03-05 06:00:00 Deploying till 7.1.0 to production\n2026-03-05 06:00:05 Deploy of till 7.1.0 finished\n":                                                                                                         "pipeline-log",
	} {
		if got := recordtest.Recognize(all, "file", []byte(text)); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}

// TestSampleEvidenceIsRecognized holds every file of the samples against the
// format it is in, whatever its name.
func TestSampleEvidenceIsRecognized(t *testing.T) {
	want := map[string]string{
		"pagerduty/incident.json": "pagerduty-incidents", "pagerduty/log_entries.json": "pagerduty-log-entries", "pagerduty/notes.json": "pagerduty-notes",
		"alertmanager/": "alertmanager-webhook", "deploy/": "deploy-pipeline", "external/": "statuspage", "github/deployments.json": "github-deployments",
		"github/deployment_statuses.json": "github-deployment-statuses", "github/webhook": "github-webhooks", "jaeger/": "jaeger-traces", "k8s/": "kubernetes-events",
		"logs/mobile-api.ndjson": "json-log", "logs/web.ndjson": "json-log", "logs/checkout-api.ndjson": "json-log",
		"logs/postgres-primary.log": "text-log", "logs/job-runner.log": "text-log", "logs/order-history.log": "text-log", "nginx/": "access-log", "prometheus/": "prometheus-query",
		"shell/engineer-a.zsh_history": "zsh-history", "shell/engineer-b.bash_history": "bash-history", "shell/engineer-c-history.txt": "history-output",
		"slack-export/users.json": "slack-users", "slack-export/channels.json": "slack-channels", "slack-export/integration_logs.json": "empty-list",
		"slack-export/incidents/": "slack-messages", "slack-export/random/": "slack-messages", "slack-export/support/": "slack-messages", "slack-export/deploys/": "slack-messages",
	}
	all := formats.All()
	for _, inc := range sample.All() {
		err := fs.WalkDir(inc.Files(), "evidence", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(inc.Files(), p)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(p, "evidence/")
			for prefix, format := range want {
				if strings.HasPrefix(name, prefix) {
					if got := recordtest.Recognize(all, "file", data); got != format {
						t.Errorf("%s: %s is read as %q, want %q", inc.Slug, name, got, format)
					}
					return nil
				}
			}
			t.Errorf("%s: no format is expected of %s", inc.Slug, name)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
