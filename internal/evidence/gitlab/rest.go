package gitlab

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// deployment is what is read of a deployment.
type deployment struct {
	ID          jsonrec.Scalar `json:"id"`
	Ref         string         `json:"ref"`
	SHA         string         `json:"sha"`
	Status      string         `json:"status"`
	CreatedAt   string         `json:"created_at"`
	UpdatedAt   string         `json:"updated_at"`
	FinishedAt  string         `json:"finished_at"`
	User        user           `json:"user"`
	Environment struct {
		Name string `json:"name"`
	} `json:"environment"`
	Deployable struct {
		ID         jsonrec.Scalar `json:"id"`
		URL        string         `json:"web_url"`
		StartedAt  string         `json:"started_at"`
		FinishedAt string         `json:"finished_at"`
		Pipeline   struct {
			ID jsonrec.Scalar `json:"id"`
		} `json:"pipeline"`
	} `json:"deployable"`
}

// deployment reads a deployment of the REST API.
func (rd *reading) deployment(rec jsonrec.Record) {
	var d deployment
	if !rec.Decode(&d, rd.sink) {
		return
	}
	e := rd.rollout(string(d.ID), string(d.Deployable.ID), rd.service(project{}, d.Deployable.URL), rd.versionOf(d.Ref, d.SHA), d.Environment.Name, d.User.name())
	e.Links, e.Attrs["sha"], e.Attrs["ref"], e.Attrs["run"] = fact.Present(d.Deployable.URL), d.SHA, d.Ref, string(d.Deployable.Pipeline.ID)
	if d.Status == "created" || d.Status == "blocked" || d.Status == "skipped" {
		e.Kind, e.Status = hindcast.DeployStep, d.Status
	}
	rd.add(rec.Ref(), cmp.Or(d.Deployable.StartedAt, d.CreatedAt), e)
	if over(d.Status) && e.Kind == hindcast.Deploy {
		rd.add(rec.Ref(), cmp.Or(d.FinishedAt, d.Deployable.FinishedAt, d.UpdatedAt), ended(e, d.Status))
	}
}

// job is what is read of a job.
type job struct {
	ID         jsonrec.Scalar `json:"id"`
	Stage      string         `json:"stage"`
	Name       string         `json:"name"`
	Status     string         `json:"status"`
	Ref        string         `json:"ref"`
	CreatedAt  string         `json:"created_at"`
	StartedAt  string         `json:"started_at"`
	FinishedAt string         `json:"finished_at"`
	URL        string         `json:"web_url"`
	User       user           `json:"user"`
	Pipeline   struct {
		ID jsonrec.Scalar `json:"id"`
	} `json:"pipeline"`
	Commit struct {
		ID string `json:"id"`
	} `json:"commit"`
}

// job reads a job of the REST API. One whose name says that it ships, and where
// to, is a deploy.
func (rd *reading) job(rec jsonrec.Record) {
	var j job
	if !rec.Decode(&j, rd.sink) {
		return
	}
	rd.build(rec.Ref(), build{
		id: string(j.ID), run: string(j.Pipeline.ID), stage: j.Stage, name: j.Name, status: j.Status, created: j.CreatedAt, started: j.StartedAt, finished: j.FinishedAt,
		service: rd.service(project{}, j.URL), version: rd.versionOf(j.Ref, j.Commit.ID), by: j.User.name(), url: j.URL,
	})
}

// build is a job, of the REST API or of a webhook.
type build struct {
	id, run, stage, name, status, created, started, finished string
	service, version, by, url, env                           string
}

// build writes a job: a deploy when it goes to an environment, a change when it applied
// settings or infrastructure, else a step.
func (rd *reading) build(ref hindcast.Ref, b build) {
	if b.env == "" && rd.ships.MatchString(b.stage+" "+b.name) {
		b.env = rd.words.Environment(b.name)
	}
	if b.env != "" && b.started != "" {
		e := rd.rollout("", b.id, b.service, b.version, b.env, b.by)
		e.Links, e.Attrs["run"], e.Attrs["stage"] = fact.Present(b.url), b.run, b.stage
		rd.add(ref, b.started, e)
		if over(b.status) {
			rd.add(ref, b.finished, ended(e, b.status))
		}
		return
	}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "gitlab:job:" + b.id, Subject: "deploy:gitlab/pipeline/" + b.run, Actor: ci, Service: b.service, Version: b.version, Status: b.status,
		Title: strings.TrimPrefix(b.stage+" / ", " / ") + b.name + ": " + b.status, Links: fact.Present(b.url), Attrs: map[string]string{"stage": b.stage, "by": b.by},
	}
	e.Until, _, _ = rd.Time(b.finished)
	switch name := b.stage + " " + b.name; {
	case b.status == "failed":
		e.Level = hindcast.LevelError
	case b.status == "success" && rd.words.Applies(name):
		e.Kind, e.Status, e.Title, e.Env = hindcast.ConfigChange, "", strings.TrimSuffix(e.Title, ": success"), rd.words.Environment(name)
		if a := rd.words.Actor(b.by); b.by != "" && a.Kind == hindcast.Person {
			e.Actor = a
		}
	}
	rd.add(ref, cmp.Or(b.started, b.created), e)
}

// pipeline is what is read of a pipeline.
type pipeline struct {
	ID         jsonrec.Scalar `json:"id"`
	Ref        string         `json:"ref"`
	SHA        string         `json:"sha"`
	Status     string         `json:"status"`
	Source     string         `json:"source"`
	CreatedAt  string         `json:"created_at"`
	UpdatedAt  string         `json:"updated_at"`
	FinishedAt string         `json:"finished_at"`
	URL        string         `json:"web_url"`
}

// pipeline reads a pipeline, of the REST API or of a webhook.
func (rd *reading) pipeline(ref hindcast.Ref, rec jsonrec.Record, pr project, by user) {
	var p pipeline
	if !rec.Decode(&p, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "gitlab:pipeline:" + string(p.ID), Subject: "deploy:gitlab/pipeline/" + string(p.ID), Actor: ci,
		Service: rd.service(pr, p.URL), Version: rd.versionOf(p.Ref, p.SHA), Status: p.Status, Title: "pipeline on " + p.Ref + ": " + p.Status, Links: fact.Present(p.URL),
		Attrs: map[string]string{"stage": "pipeline", "sha": p.SHA, "ref": p.Ref, "source": p.Source, "by": by.name()},
	}
	if over(p.Status) {
		e.Until, _, _ = rd.Time(cmp.Or(p.FinishedAt, p.UpdatedAt))
	}
	if p.Status == "failed" {
		e.Level = hindcast.LevelError
	}
	rd.add(ref, p.CreatedAt, e)
}

// commit is a commit of the REST API, or of a push.
type commit struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Message    string `json:"message"`
	AuthorName string `json:"author_name"`
	Committed  string `json:"committed_date"`
	CreatedAt  string `json:"created_at"`
	Timestamp  string `json:"timestamp"`
	URL        string `json:"url"`
	WebURL     string `json:"web_url"`
	Author     user   `json:"author"`
}

// commit reads a commit, of the REST API or of a push.
func (rd *reading) commit(rec jsonrec.Record, pr project, branch string) {
	var c commit
	if !rec.Decode(&c, rd.sink) {
		return
	}
	first, _, _ := strings.Cut(c.Message, "\n")
	rd.add(rec.Ref(), cmp.Or(c.Committed, c.CreatedAt, c.Timestamp), hindcast.Event{
		Kind: hindcast.Commit, ID: "git:" + c.ID, Subject: "commit:" + c.ID, Actor: rd.actor(cmp.Or(c.AuthorName, c.Author.name())),
		Service: rd.service(pr, c.WebURL, c.URL), Version: c.ID[:min(len(c.ID), 7)], Title: cmp.Or(c.Title, first), Text: c.Message, Links: fact.Present(cmp.Or(c.WebURL, c.URL)),
		Attrs: map[string]string{"sha": c.ID, "branch": branch},
	})
}

// release is a release of the REST API, or of a webhook.
type release struct {
	Tag        string `json:"tag_name"`
	HookTag    string `json:"tag"`
	Name       string `json:"name"`
	Text       string `json:"description"`
	CreatedAt  string `json:"created_at"`
	ReleasedAt string `json:"released_at"`
	URL        string `json:"url"`
	Author     user   `json:"author"`
	Links      struct {
		Self string `json:"self"`
	} `json:"_links"`
}

// release reads a release, of the REST API or of a webhook.
func (rd *reading) release(rec jsonrec.Record, pr project) {
	var r release
	if !rec.Decode(&r, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, Actor: rd.actor(r.Author.name()), Service: rd.service(pr, r.Links.Self, r.URL), Version: cmp.Or(r.Tag, r.HookTag), Status: "published", Text: r.Text,
		Links: fact.Present(cmp.Or(r.Links.Self, r.URL)), Attrs: map[string]string{"stage": "release", "name": r.Name},
	}
	e.Subject = "release:" + e.Service + "/" + e.Version
	e.Title = "release " + strings.TrimSpace(e.Service+" "+e.Version) + " published"
	rd.add(rec.Ref(), cmp.Or(r.ReleasedAt, r.CreatedAt), e)
}
