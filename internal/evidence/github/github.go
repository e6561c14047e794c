// Package github reads what GitHub says about changes.
//
// It takes saved answers of the REST API, of gh api and gh run list --json, and
// the payloads of webhooks, as they are or inside a captured request:
//
//	/repos/{repo}/deployments                    github-deployments
//	/repos/{repo}/deployments/{id}/statuses      github-deployment-statuses
//	/repos/{repo}/commits/{ref}/statuses, /status  github-commit-statuses
//	/repos/{repo}/actions/runs, gh run list      github-workflow-runs
//	/repos/{repo}/actions/runs/{id}/jobs         github-jobs
//	/repos/{repo}/commits, /compare/{a}...{b}    github-commits
//	/repos/{repo}/releases                       github-releases
//	/repos/{repo}/issues, /pulls                 github-issues
//	gh pr, issue and release list --json,
//	gh run view --json jobs                      github-listed
//	webhooks                                     github-webhooks
//
// A deployment and all its statuses have the subject deploy:ID, a workflow run
// and its jobs deploy:RUN. The service is the repository's name.
package github

import (
	"cmp"
	"io"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of GitHub's API answers and webhooks.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		repo:    regexp.MustCompile(`/repos/[^/]+/([^/]+)`),
		page:    regexp.MustCompile(`//github\.[^/]+/[^/]+/([^/]+)`),
		ships:   regexp.MustCompile(`(?i)deploy|release|roll.?out|roll.?back|promot|publish|\bship|\bcd\b`),
		version: regexp.MustCompile(`\bv?\d+\.\d+(?:\.\d+)*(?:[-+][\w.]+)?\b`),
		product: regexp.MustCompile(`^(?:refs/tags/)?([a-z][a-z0-9_-]*[a-z0-9])[ @/:_-]v?\d+\.\d+|^(?i:deploy|release|ship|rollout|publish)[-_/: ]+([a-z][a-z0-9-]*[a-z0-9])$`),
		hash:    regexp.MustCompile(`^[0-9a-f]{40}$`),
		id:      regexp.MustCompile(`/deployments/(\d+)`),
		about:   regexp.MustCompile(`/statuses/([0-9a-f]{40,64})$`),
	}
	format := func(name string, score int, marker string, fits func(jsonrec.Fields) bool) record.Format {
		return record.Format{Name: name, Source: "GitHub", Recognize: jsonrec.Recognizer(score, marker, fits), Parse: p.parse}
	}
	return []record.Format{
		format("github-webhooks", 95, `"full_name"`, isWebhook),
		format("github-deployments", 93, `"environment"`, func(f jsonrec.Fields) bool {
			return f.Has("environment", "ref") && (f.Has("sha") && f.Any("statuses_url", "original_environment") || f.Has("creator.login", "created_at"))
		}),
		format("github-deployment-statuses", 93, `"deployment_url"`, func(f jsonrec.Fields) bool {
			return f.Has("deployment_url", "state", "created_at")
		}),
		format("github-commit-statuses", 93, `"context"`, func(f jsonrec.Fields) bool {
			return f.Has("context", "state", "target_url", "updated_at", "url") || f.Has("statuses.context", "statuses.state", "sha", "repository.full_name")
		}),
		format("github-workflow-runs", 93, `"conclusion"`, isRuns),
		format("github-jobs", 93, `"run_id"`, func(f jsonrec.Fields) bool {
			return f.Has("jobs.run_id", "jobs.started_at", "jobs.conclusion") || f.Has("run_id", "started_at", "conclusion", "steps")
		}),
		format("github-commits", 93, `"commit"`, func(f jsonrec.Fields) bool {
			return f.Has("sha", "commit.message", "commit.author") || f.Has("commits.sha", "commits.commit.message")
		}),
		format("github-releases", 93, `"tag_name"`, func(f jsonrec.Fields) bool {
			return f.Has("tag_name", "target_commitish", "created_at")
		}),
		format("github-listed", 84, `"`, isListed),
		format("github-issues", 85, `"node_id"`, func(f jsonrec.Fields) bool {
			return f.Has("node_id", "number", "title", "state", "user.login", "created_at")
		}),
	}
}

// webhooks are the members that tell what a webhook is about.
var webhooks = []string{"deployment_status", "deployment", "workflow_job", "workflow_run", "pull_request", "release", "comment", "issue", "check_run", "pusher", "context", "hook"}

func isWebhook(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if !f.Has(at+"repository.full_name", at+"sender") {
			continue
		}
		for _, about := range webhooks {
			if f.Has(at + about) {
				return true
			}
		}
	}
	return false
}

func isRuns(f jsonrec.Fields) bool {
	return f.Has("workflow_runs.name", "workflow_runs.status") && f.Any("workflow_runs.head_sha", "workflow_runs.head_branch", "workflow_runs.run_number") || f.Has("run_number", "head_sha", "conclusion", "workflow_id") ||
		f.Has("databaseId", "conclusion", "status") && f.Any("workflowName", "headSha", "headBranch")
}

type parser struct {
	redactor                                             *redact.Redactor
	words                                                *fact.Words
	repo, page, ships, version, product, hash, id, about *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink     record.Sink
	rollouts []pending // written last, when the version before each is known
}

func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
	err := jsonrec.Each(f, r, sink, rd.record, "", "workflow_runs", "jobs", "statuses", "items")
	rd.deployments()
	return err
}

// record reads a record by what it holds. Events of kinds that say nothing about
// an incident are passed over.
func (rd *reading) record(rec jsonrec.Record) {
	rec = rec.Unwrap()
	has := func(key string) bool { _, ok := rec.Member(key); return ok }
	switch {
	case has("tagName"):
		rd.listedRelease(rec.Ref(), rec)
	case rec.Path == "jobs" && has("databaseId"):
		rd.listedJob(rec.Ref(), rec)
	case rec.Path == "workflow_runs" || has("run_number") && has("head_sha") || has("databaseId"):
		rd.run(rec.Ref(), rec, repository{})
	case rec.Path == "jobs" || has("run_id") && has("steps"):
		rd.job(rec.Ref(), rec, repository{})
	case has("repository") && has("sender"):
		rd.webhook(rec)
	case has("context") && has("state"):
		rd.context(rec, repository{})
	case has("deployment_url") && has("state"):
		rd.status(rec.Ref(), rec, repository{})
	case has("environment") && has("ref"):
		rd.deployment(rec.Ref(), rec, repository{})
	case has("tag_name"):
		rd.release(rec.Ref(), rec, repository{})
	case has("commit") && has("sha"):
		rd.commit(rec, repository{}, "")
	case has("commits"):
		list, _ := rec.Member("commits")
		for _, c := range list.Elements() {
			rd.commit(c, repository{}, "")
		}
	case has("base") && has("head") && has("number"):
		rd.pull(rec.Ref(), rec, repository{}, "")
	case has("number") && has("title") && (has("createdAt") || has("mergedAt") || has("closedAt")):
		rd.listed(rec.Ref(), rec)
	case has("number") && has("title"):
		rd.issue(rec.Ref(), rec, repository{}, "")
	}
}

// webhook reads a webhook's payload. Everything it says has the place of the
// whole payload.
func (rd *reading) webhook(rec jsonrec.Record) {
	var wh struct {
		Action     string     `json:"action"`
		Repository repository `json:"repository"`
	}
	if !rec.Decode(&wh, rd.sink) {
		return
	}
	ref, repo := rec.Ref(), wh.Repository
	part := func(key string) (jsonrec.Record, bool) {
		m, ok := rec.Member(key)
		return m, ok && len(m.Raw) > 0 && m.Raw[0] == '{'
	}
	deployment, deploys := part("deployment")
	if deploys {
		rd.deployment(ref, deployment, repo)
	}
	if m, ok := part("deployment_status"); ok {
		rd.status(ref, m, repo)
	} else if m, ok := part("workflow_job"); ok {
		rd.job(ref, m, repo)
	} else if m, ok := part("workflow_run"); ok && !deploys {
		rd.run(ref, m, repo)
	} else if m, ok := part("pull_request"); ok {
		rd.pull(ref, m, repo, wh.Action)
	} else if m, ok := part("release"); ok {
		rd.release(ref, m, repo)
	} else if m, ok := part("comment"); ok {
		rd.comment(ref, m, repo)
	} else if m, ok := part("issue"); ok {
		rd.issue(ref, m, repo, wh.Action)
	} else if m, ok := part("check_run"); ok {
		rd.check(ref, m, repo)
	} else if _, ok := part("pusher"); ok {
		rd.push(rec, repo)
	} else if _, ok := rec.Member("context"); ok {
		rd.context(rec, repo)
	}
}

type repository struct {
	Name     string         `json:"name"`
	FullName string         `json:"full_name"`
	PushedAt jsonrec.Scalar `json:"pushed_at"`
}

type user struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	Type  string `json:"type"`
}

func (u user) name() string { return cmp.Or(u.Login, u.Name) }

// actor returns who did something by hand.
func (rd *reading) actor(u user) hindcast.Actor {
	if u.name() == "" {
		return hindcast.Actor{Name: "GitHub", Kind: hindcast.Automation}
	}
	if u.Type == "Bot" {
		return hindcast.Actor{Name: u.name(), Kind: hindcast.Automation}
	}
	return rd.words.Actor(u.name())
}

// rollout returns who carries out what a user or app asked for: an app itself,
// else GitHub.
func (rd *reading) rollout(u user) hindcast.Actor {
	if a := rd.actor(u); a.Kind == hindcast.Automation {
		return a
	}
	return hindcast.Actor{Name: "GitHub", Kind: hindcast.Automation}
}

// service is the name of the repository that is given, or that an address names.
func (rd *reading) service(repo repository, urls ...string) string {
	if repo.Name != "" {
		return repo.Name
	}
	for _, u := range urls {
		if m := rd.repo.FindStringSubmatch(u); m != nil {
			return m[1]
		}
		if m := rd.page.FindStringSubmatch(u); m != nil {
			return m[1]
		}
	}
	return ""
}

// shipped is the service that a text about what goes out names before a version,
// or after the word for it, "search-v5.12.1", "deploy-search": answers that were cut
// to a few members do not name their repository.
func (rd *reading) shipped(texts ...string) string {
	for _, t := range texts {
		if m := rd.product.FindStringSubmatch(t); m != nil {
			return cmp.Or(m[1], m[2])
		}
	}
	return ""
}

// versionOf is the version that a ref names: a tag, else the version that a
// description names, else the short hash of the commit.
func (rd *reading) versionOf(ref, sha, description string) string {
	tag, isTag := strings.CutPrefix(ref, "refs/tags/")
	tag = strings.TrimPrefix(tag, "refs/heads/")
	if rd.product.MatchString(tag) && rd.version.MatchString(tag) {
		return rd.version.FindString(tag)
	}
	switch {
	case isTag, rd.version.MatchString(tag) && !rd.hash.MatchString(tag):
		return tag
	case rd.version.MatchString(description):
		return rd.version.FindString(description)
	}
	return short(cmp.Or(sha, ref))
}

// short is the hash of a commit as people quote it.
func short(sha string) string {
	return sha[:min(len(sha), 7)]
}
