package gitlab

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// webhook reads a webhook by its kind; kinds that say nothing about an incident
// are passed over.
func (rd *reading) webhook(rec jsonrec.Record) {
	var wh struct {
		Kind    string  `json:"object_kind"`
		Project project `json:"project"`
		User    user    `json:"user"`
	}
	if !rec.Decode(&wh, rd.sink) {
		return
	}
	switch wh.Kind {
	case "deployment":
		rd.deploymentHook(rec, wh.Project, wh.User)
	case "pipeline":
		rd.pipelineHook(rec, wh.Project, wh.User)
	case "build":
		rd.buildHook(rec, wh.User)
	case "push", "tag_push":
		rd.push(rec, wh.Project)
	case "release":
		rd.release(rec, wh.Project)
	case "merge_request", "issue", "incident":
		rd.item(rec, wh.Kind, wh.Project, wh.User)
	}
}

// deploymentChange is what is read of a webhook about a deployment.
type deploymentChange struct {
	ID          jsonrec.Scalar `json:"deployment_id"`
	Job         jsonrec.Scalar `json:"deployable_id"`
	Status      string         `json:"status"`
	ChangedAt   string         `json:"status_changed_at"`
	Environment string         `json:"environment"`
	SHA         string         `json:"short_sha"`
	Ref         string         `json:"ref"`
	CommitTitle string         `json:"commit_title"`
	URL         string         `json:"deployable_url"`
}

// deploymentHook reads that the state of a deployment changed.
func (rd *reading) deploymentHook(rec jsonrec.Record, pr project, by user) {
	var d deploymentChange
	if !rec.Decode(&d, rd.sink) {
		return
	}
	e := rd.rollout(string(d.ID), string(d.Job), pr.name(), rd.versionOf(d.Ref, d.SHA), d.Environment, by.name())
	e.Text, e.Links, e.Attrs["ref"], e.Attrs["sha"] = d.CommitTitle, fact.Present(d.URL), d.Ref, d.SHA
	if d.Status != "running" {
		e = ended(e, d.Status)
	}
	rd.add(rec.Ref(), d.ChangedAt, e)
}

// pipelineHook reads that the state of a pipeline changed, and which of its jobs
// went to an environment.
func (rd *reading) pipelineHook(rec jsonrec.Record, pr project, by user) {
	p, ok := rec.Member("object_attributes")
	if !ok {
		return
	}
	rd.pipeline(rec.Ref(), p, pr, by)
	var about struct {
		ID  jsonrec.Scalar `json:"id"`
		Ref string         `json:"ref"`
		SHA string         `json:"sha"`
	}
	if !p.Decode(&about, rd.sink) {
		return
	}
	builds, _ := rec.Member("builds")
	for _, el := range builds.Elements() {
		var b struct {
			ID          jsonrec.Scalar `json:"id"`
			Stage       string         `json:"stage"`
			Name        string         `json:"name"`
			Status      string         `json:"status"`
			StartedAt   string         `json:"started_at"`
			FinishedAt  string         `json:"finished_at"`
			User        user           `json:"user"`
			Environment struct {
				Name string `json:"name"`
			} `json:"environment"`
		}
		if !el.Decode(&b, rd.sink) || b.Environment.Name == "" || b.StartedAt == "" {
			continue
		}
		rd.build(el.Ref(), build{
			id: string(b.ID), run: string(about.ID), stage: b.Stage, name: b.Name, status: b.Status, started: b.StartedAt, finished: b.FinishedAt,
			service: pr.name(), version: rd.versionOf(about.Ref, about.SHA), by: b.User.name(), env: b.Environment.Name,
		})
	}
}

// buildChange is what is read of a webhook about a job.
type buildChange struct {
	ID          jsonrec.Scalar `json:"build_id"`
	Pipeline    jsonrec.Scalar `json:"pipeline_id"`
	Name        string         `json:"build_name"`
	Stage       string         `json:"build_stage"`
	Status      string         `json:"build_status"`
	CreatedAt   string         `json:"build_created_at"`
	StartedAt   string         `json:"build_started_at"`
	FinishedAt  string         `json:"build_finished_at"`
	Ref         string         `json:"ref"`
	SHA         string         `json:"sha"`
	Project     string         `json:"project_name"`
	Environment struct {
		Name string `json:"name"`
	} `json:"environment"`
	Repository project `json:"repository"`
}

// buildHook reads that the state of a job changed.
func (rd *reading) buildHook(rec jsonrec.Record, by user) {
	var b buildChange
	if !rec.Decode(&b, rd.sink) {
		return
	}
	name := b.Project[strings.LastIndexByte(b.Project, '/')+1:]
	rd.build(rec.Ref(), build{
		id: string(b.ID), run: string(b.Pipeline), stage: b.Stage, name: b.Name, status: b.Status, created: b.CreatedAt, started: b.StartedAt, finished: b.FinishedAt,
		service: cmp.Or(b.Repository.name(), strings.TrimSpace(name)), version: rd.versionOf(b.Ref, b.SHA), by: by.name(), env: b.Environment.Name,
	})
}

// push reads the commits of a push. A push without any moved a branch or a tag,
// at a time that GitLab does not tell.
func (rd *reading) push(rec jsonrec.Record, pr project) {
	var p struct {
		Ref string `json:"ref"`
	}
	if !rec.Decode(&p, rd.sink) {
		return
	}
	commits, _ := rec.Member("commits")
	for _, c := range commits.Elements() {
		rd.commit(c, pr, strings.TrimPrefix(p.Ref, "refs/heads/"))
	}
}

// item is a merge request or an issue in a webhook.
type item struct {
	IID       jsonrec.Scalar `json:"iid"`
	Title     string         `json:"title"`
	Text      string         `json:"description"`
	State     string         `json:"state"`
	Action    string         `json:"action"`
	CreatedAt string         `json:"created_at"`
	UpdatedAt string         `json:"updated_at"`
	MergeSHA  string         `json:"merge_commit_sha"`
	Target    string         `json:"target_branch"`
	URL       string         `json:"url"`
}

// item reads a merge request, which is a commit once it is merged, or an issue.
func (rd *reading) item(rec jsonrec.Record, kind string, pr project, by user) {
	attrs, ok := rec.Member("object_attributes")
	if !ok {
		return
	}
	var i item
	if !attrs.Decode(&i, rd.sink) {
		return
	}
	what := strings.ReplaceAll(kind, "_", " ") + " " + string(i.IID)
	e := hindcast.Event{
		Kind: hindcast.Record, Subject: kind + ":" + string(i.IID), Actor: rd.actor(by.name()), Service: pr.name(), Status: i.State,
		Title: what + " " + i.State + ": " + i.Title, Text: i.Text, Links: fact.Present(i.URL), Attrs: map[string]string{"number": string(i.IID), "branch": i.Target},
	}
	if i.Action == "merge" {
		e.Kind, e.ID, e.Version, e.Attrs["sha"] = hindcast.Commit, "git:"+i.MergeSHA, i.MergeSHA[:min(len(i.MergeSHA), 7)], i.MergeSHA
		if i.MergeSHA == "" {
			e.ID = ""
		}
	}
	at := i.UpdatedAt
	if i.Action == "open" {
		at = i.CreatedAt
	}
	rd.add(rec.Ref(), at, e)
}
