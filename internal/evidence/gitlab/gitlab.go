// Package gitlab reads what GitLab says about changes.
//
// It takes saved answers of the REST API and the payloads of webhooks, as they
// are, as lines, or inside a captured request:
//
//	/projects/{id}/deployments                   gitlab-deployments
//	/projects/{id}/pipelines                     gitlab-pipelines
//	/projects/{id}/jobs, /pipelines/{id}/jobs    gitlab-jobs
//	/projects/{id}/repository/commits            gitlab-commits
//	/projects/{id}/releases                      gitlab-releases
//	webhooks                                     gitlab-webhooks
//
// A deployment begins with its job, or with the webhook that says it runs; all
// that is said of it has the subject deploy:gitlab/job/JOB, or deploy:gitlab/ID
// when no job carries it out.
package gitlab

import (
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of GitLab's API answers and webhooks.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		project: regexp.MustCompile(`//[^/]+/(?:[^/]+/)*?([^/]+)/-/`),
		ships:   regexp.MustCompile(`(?i)deploy|release|roll.?out|roll.?back|promot|publish|\bship`),
		version: regexp.MustCompile(`^v?\d+\.\d+`),
	}
	format := func(name string, score int, marker string, fits func(jsonrec.Fields) bool) record.Format {
		return record.Format{Name: name, Source: "GitLab", Recognize: jsonrec.Recognizer(score, marker, fits), Parse: p.parse}
	}
	return []record.Format{
		format("gitlab-webhooks", 95, `"object_kind"`, isWebhook),
		format("gitlab-deployments", 93, `"environment"`, func(f jsonrec.Fields) bool {
			return f.Has("iid", "environment.name", "status", "sha", "created_at")
		}),
		format("gitlab-pipelines", 92, `"project_id"`, func(f jsonrec.Fields) bool {
			return f.Has("sha", "ref", "status", "web_url", "project_id") && f.Any("source", "iid") && !f.Has("title")
		}),
		format("gitlab-jobs", 92, `"pipeline"`, func(f jsonrec.Fields) bool {
			return f.Has("stage", "name", "status", "pipeline.id", "ref")
		}),
		format("gitlab-commits", 93, `"short_id"`, func(f jsonrec.Fields) bool {
			return f.Has("id", "short_id", "title", "author_name") && f.Any("committed_date", "created_at")
		}),
		format("gitlab-releases", 93, `"tag_name"`, func(f jsonrec.Fields) bool {
			return f.Has("tag_name", "released_at", "created_at")
		}),
	}
}

func isWebhook(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if f.Has(at+"object_kind") && f.Any(at+"project", at+"repository", at+"project_id", at+"project_name") {
			return true
		}
	}
	return false
}

type parser struct {
	redactor                *redact.Redactor
	words                   *fact.Words
	project, ships, version *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink record.Sink
	list []pending
}

// pending is an event that waits for the others of its file: which of them
// begins a rollout, and which version was there before.
type pending struct {
	ref   hindcast.Ref
	at    string
	event hindcast.Event
}

func (rd *reading) add(ref hindcast.Ref, at string, e hindcast.Event) {
	rd.list = append(rd.list, pending{ref, at, e})
}

func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
	err := jsonrec.Each(f, r, sink, rd.record, "")
	rd.write()
	return err
}

// record reads a record by what it holds.
func (rd *reading) record(rec jsonrec.Record) {
	rec = rec.Unwrap()
	has := func(key string) bool { _, ok := rec.Member(key); return ok }
	switch {
	case has("object_kind"):
		rd.webhook(rec)
	case has("tag_name"):
		rd.release(rec, project{})
	case has("short_id"):
		rd.commit(rec, project{}, "")
	case has("environment") && has("iid"):
		rd.deployment(rec)
	case has("stage") && has("pipeline"):
		rd.job(rec)
	case has("project_id") && has("sha"):
		rd.pipeline(rec.Ref(), rec, project{}, user{})
	}
}

// write writes what was read in the order of the file. A rollout of which only
// the success is told began at the latest then.
func (rd *reading) write() {
	begun := map[string]bool{}
	for _, p := range rd.list {
		if p.event.Kind == hindcast.Deploy {
			begun[p.event.Subject] = true
		}
	}
	order := make([]*pending, 0, len(rd.list))
	for i := range rd.list {
		p := &rd.list[i]
		if p.event.Env != "" && p.event.Status == "success" && !begun[p.event.Subject] {
			p.event.Kind, begun[p.event.Subject] = hindcast.Deploy, true
		}
		if _, _, ok := rd.Time(p.at); ok && p.event.Kind == hindcast.Deploy {
			order = append(order, p)
		}
	}
	slices.SortStableFunc(order, func(a, b *pending) int {
		s, _, _ := rd.Time(a.at)
		t, _, _ := rd.Time(b.at)
		return s.Compare(t)
	})
	last := map[string]string{}
	for _, p := range order {
		place := p.event.Service + "\x00" + p.event.Env
		if v := last[place]; v != p.event.Version {
			p.event.Previous = v
		}
		last[place] = p.event.Version
	}
	for _, p := range rd.list {
		rd.Write(p.ref, p.at, p.event)
	}
}

type project struct {
	Name string `json:"name"`
	Path string `json:"path_with_namespace"`
	URL  string `json:"web_url"`
}

// name is the last part of the project's path, else its name.
func (p project) name() string {
	if p.Path != "" {
		return p.Path[strings.LastIndexByte(p.Path, '/')+1:]
	}
	return p.Name
}

// service is the project that is given, or that an address names.
func (rd *reading) service(p project, urls ...string) string {
	if n := p.name(); n != "" {
		return n
	}
	for _, u := range urls {
		if m := rd.project.FindStringSubmatch(u); m != nil {
			return m[1]
		}
	}
	return ""
}

type user struct {
	Name     string `json:"name"`
	Username string `json:"username"`
}

func (u user) name() string { return cmp.Or(u.Name, u.Username) }

// pipelines are carried out by GitLab, whoever started them.
var ci = hindcast.Actor{Name: "GitLab CI", Kind: hindcast.Automation}

func (rd *reading) actor(name string) hindcast.Actor {
	if name == "" {
		return hindcast.Actor{Name: "GitLab", Kind: hindcast.Automation}
	}
	return rd.words.Actor(name)
}

// versionOf is a tag, else the short hash of a commit.
func (rd *reading) versionOf(ref, sha string) string {
	if tag := strings.TrimPrefix(ref, "refs/tags/"); sha == "" || tag != ref || rd.version.MatchString(tag) {
		return tag
	}
	return sha[:min(len(sha), 8)]
}

// rollout begins the event of a deployment, or of a job that is one.
func (rd *reading) rollout(id, job, service, version, env, by string) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.Deploy, ID: "gitlab:deployment:" + id, Subject: "deploy:gitlab/" + id, Actor: ci, Service: service, Version: version, Env: env,
		Title: "deploy " + strings.TrimSpace(service+" "+version), Attrs: map[string]string{"by": by},
	}
	if env != "" {
		e.Title += " to " + env
	}
	if job != "" {
		e.Subject = "deploy:gitlab/job/" + job
	}
	if id == "" {
		e.ID = "gitlab:job:" + job
	}
	return e
}

// ended turns the event of a deployment into that of its end.
func ended(e hindcast.Event, status string) hindcast.Event {
	attrs := map[string]string{"stage": status}
	for k, v := range e.Attrs {
		attrs[k] = v
	}
	e.Kind, e.Status, e.Attrs, e.ID = hindcast.DeployStep, status, attrs, e.ID+"/"+status
	e.Title += ": " + status
	if status == "failed" {
		e.Level = hindcast.LevelError
	}
	return e
}

// over reports whether a status is final.
func over(status string) bool {
	return slices.Contains([]string{"success", "failed", "canceled", "skipped"}, status)
}
