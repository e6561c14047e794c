package builds

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// person is a user of Azure DevOps or Bitbucket.
type person struct {
	Azure     string `json:"displayName"`
	Bitbucket string `json:"display_name"`
}

func (p person) name() string { return cmp.Or(p.Azure, p.Bitbucket) }

// named is what has a name.
type named struct {
	Name string `json:"name"`
}

func isAzureBuild(at string, f jsonrec.Fields) bool {
	return f.Has(at+"buildNumber", at+"definition.name", at+"queueTime") || f.Has(at+"pipeline.name", at+"state", at+"createdDate", at+"id")
}

// azureBuild reads a build of Azure DevOps, or a run of a pipeline.
func (rd *reading) azureBuild(rec jsonrec.Record) {
	var b struct {
		ID         jsonrec.Scalar `json:"id"`
		Number     string         `json:"buildNumber"`
		Name       string         `json:"name"`
		Status     string         `json:"status"`
		State      string         `json:"state"`
		Result     string         `json:"result"`
		Start      string         `json:"startTime"`
		Finish     string         `json:"finishTime"`
		Created    string         `json:"createdDate"`
		Finished   string         `json:"finishedDate"`
		Branch     string         `json:"sourceBranch"`
		SHA        string         `json:"sourceVersion"`
		For        person         `json:"requestedFor"`
		Definition named          `json:"definition"`
		Pipeline   named          `json:"pipeline"`
		Repository named          `json:"repository"`
		Links      struct {
			Web struct {
				Href string `json:"href"`
			} `json:"web"`
		} `json:"_links"`
	}
	if !rec.Decode(&b, rd.sink) {
		return
	}
	name := cmp.Or(b.Definition.Name, b.Pipeline.Name)
	rd.write(rec.Ref(), run{
		id: "azure:build:" + string(b.ID), name: name, title: cmp.Or(b.Number, b.Name), service: cmp.Or(b.Repository.Name, rd.serviceOf(name)), sha: b.SHA, ref: b.Branch,
		by: b.For.name(), status: cmp.Or(b.Result, b.Status, b.State), url: b.Links.Web.Href, started: cmp.Or(b.Start, b.Created), ended: cmp.Or(b.Finish, b.Finished),
	})
}

func isAzureDeployment(at string, f jsonrec.Fields) bool {
	return f.Has(at+"deploymentStatus", at+"releaseEnvironment.name", at+"queuedOn")
}

// azureDeployment reads a deployment of a release of Azure DevOps.
func (rd *reading) azureDeployment(rec jsonrec.Record) {
	var d struct {
		ID          jsonrec.Scalar `json:"id"`
		Attempt     jsonrec.Scalar `json:"attempt"`
		Status      string         `json:"deploymentStatus"`
		Started     string         `json:"startedOn"`
		Completed   string         `json:"completedOn"`
		For         person         `json:"requestedFor"`
		Release     named          `json:"release"`
		Definition  named          `json:"releaseDefinition"`
		Environment named          `json:"releaseEnvironment"`
	}
	if !rec.Decode(&d, rd.sink) || strings.EqualFold(d.Status, "notDeployed") {
		return
	}
	r := run{
		id: "azure:deployment:" + string(d.ID), name: "deploy " + d.Definition.Name + " to " + d.Environment.Name, title: d.Release.Name, service: rd.serviceOf(d.Definition.Name),
		env: strings.ToLower(d.Environment.Name), by: d.For.name(), status: d.Status, started: d.Started, ended: d.Completed, deploys: true,
	}
	rd.write(rec.Ref(), r)
}

func isAzureRelease(at string, f jsonrec.Fields) bool {
	return f.Has(at+"releaseDefinition.name", at+"createdOn", at+"name") && !f.Has(at+"deploymentStatus")
}

// azureRelease reads a release of Azure DevOps: that it was made and, where the answer
// was expanded, how it went out to each environment.
func (rd *reading) azureRelease(rec jsonrec.Record) {
	var a struct {
		ID           jsonrec.Scalar `json:"id"`
		Name         string         `json:"name"`
		Created      string         `json:"createdOn"`
		By           person         `json:"createdBy"`
		Definition   named          `json:"releaseDefinition"`
		Environments []struct {
			Name  string `json:"name"`
			Steps []struct {
				ID       jsonrec.Scalar `json:"id"`
				Status   string         `json:"status"`
				Queued   string         `json:"queuedOn"`
				Modified string         `json:"lastModifiedOn"`
				For      person         `json:"requestedFor"`
			} `json:"deploySteps"`
		} `json:"environments"`
	}
	if !rec.Decode(&a, rd.sink) {
		return
	}
	made := run{id: "azure:release:" + string(a.ID), name: a.Name, title: a.Definition.Name, service: rd.serviceOf(a.Definition.Name), by: a.By.name(), status: "created", started: a.Created}
	e := rd.event(made)
	e.Title += ": created"
	rd.Write(rec.Ref(), a.Created, e)
	for _, env := range a.Environments {
		for _, s := range env.Steps {
			rd.write(rec.Ref(), run{
				id: "azure:step:" + string(s.ID), name: "deploy " + a.Definition.Name + " to " + env.Name, title: a.Name, service: made.service, env: strings.ToLower(env.Name),
				by: s.For.name(), status: s.Status, started: s.Queued, ended: s.Modified, deploys: true,
			})
		}
	}
}

func isBitbucketPipeline(at string, f jsonrec.Fields) bool {
	return f.Has(at+"build_number", at+"created_on", at+"state.name")
}

// bitbucketPipeline reads a pipeline of Bitbucket.
func (rd *reading) bitbucketPipeline(rec jsonrec.Record) {
	var b struct {
		UUID       string         `json:"uuid"`
		Number     jsonrec.Scalar `json:"build_number"`
		Creator    person         `json:"creator"`
		Repository named          `json:"repository"`
		Created    string         `json:"created_on"`
		Completed  string         `json:"completed_on"`
		Target     struct {
			Ref      string `json:"ref_name"`
			Selector struct {
				Pattern string `json:"pattern"`
			} `json:"selector"`
			Commit struct {
				Hash string `json:"hash"`
			} `json:"commit"`
		} `json:"target"`
		State struct {
			Name   string `json:"name"`
			Result named  `json:"result"`
		} `json:"state"`
	}
	if !rec.Decode(&b, rd.sink) {
		return
	}
	rd.write(rec.Ref(), run{
		id: "bitbucket:" + cmp.Or(b.UUID, string(b.Number)), name: cmp.Or(b.Target.Selector.Pattern, "pipeline"), title: "#" + string(b.Number), service: b.Repository.Name, sha: b.Target.Commit.Hash,
		ref: b.Target.Ref, by: b.Creator.name(), status: cmp.Or(b.State.Result.Name, b.State.Name), started: b.Created, ended: b.Completed,
	})
}

func isBitbucketDeployment(at string, f jsonrec.Fields) bool {
	return f.Has(at+"environment.name", at+"release.name", at+"state.name")
}

// bitbucketDeployment reads a deployment of Bitbucket.
func (rd *reading) bitbucketDeployment(rec jsonrec.Record) {
	var b struct {
		UUID        string `json:"uuid"`
		Environment named  `json:"environment"`
		Release     struct {
			Name    string `json:"name"`
			URL     string `json:"url"`
			Created string `json:"created_on"`
			Commit  struct {
				Hash string `json:"hash"`
			} `json:"commit"`
		} `json:"release"`
		State struct {
			Name      string `json:"name"`
			Status    named  `json:"status"`
			Started   string `json:"started_on"`
			Completed string `json:"completed_on"`
			Deployer  person `json:"deployer"`
		} `json:"state"`
	}
	if !rec.Decode(&b, rd.sink) {
		return
	}
	service := ""
	if _, path, ok := strings.Cut(b.Release.URL, "bitbucket.org/"); ok {
		if parts := strings.Split(path, "/"); len(parts) > 1 {
			service = parts[1]
		}
	}
	rd.write(rec.Ref(), run{
		id: "bitbucket:deployment:" + b.UUID, name: "deploy to " + b.Environment.Name, title: b.Release.Name, service: service, sha: b.Release.Commit.Hash, env: strings.ToLower(b.Environment.Name),
		by: b.State.Deployer.name(), status: cmp.Or(b.State.Status.Name, b.State.Name), url: b.Release.URL, started: b.State.Started, ended: b.State.Completed, deploys: true,
	})
}

func isBuildkite(at string, f jsonrec.Fields) bool {
	return at == "" && f.Has("pipeline.slug", "state", "number", "created_at") && f.Any("jobs", "web_url", "commit")
}

// buildkite reads a build of Buildkite.
func (rd *reading) buildkite(rec jsonrec.Record) {
	type times struct {
		Started  string `json:"started_at"`
		Finished string `json:"finished_at"`
	}
	var b struct {
		times
		ID       string         `json:"id"`
		Number   jsonrec.Scalar `json:"number"`
		State    string         `json:"state"`
		Message  string         `json:"message"`
		Commit   string         `json:"commit"`
		Branch   string         `json:"branch"`
		URL      string         `json:"web_url"`
		Creator  *named         `json:"creator"`
		Pipeline struct {
			Name       string `json:"name"`
			Slug       string `json:"slug"`
			Repository string `json:"repository"`
		} `json:"pipeline"`
		Jobs []struct {
			times
			ID    string         `json:"id"`
			Name  jsonrec.Scalar `json:"name"`
			State string         `json:"state"`
		} `json:"jobs"`
	}
	if !rec.Decode(&b, rd.sink) {
		return
	}
	message, _, _ := strings.Cut(b.Message, "\n")
	r := run{
		id: "buildkite:" + cmp.Or(b.ID, b.Pipeline.Slug+"/"+string(b.Number)), name: cmp.Or(b.Pipeline.Slug, b.Pipeline.Name), title: message,
		service: cmp.Or(repositoryOf(b.Pipeline.Repository), rd.serviceOf(b.Pipeline.Slug)), ref: b.Branch, status: b.State, url: b.URL, started: b.Started, ended: b.Finished,
	}
	if b.Commit != "HEAD" {
		r.sha = b.Commit
	}
	if b.Creator != nil {
		r.by = b.Creator.Name
	}
	for _, j := range b.Jobs {
		r.steps = append(r.steps, run{id: "buildkite:job:" + j.ID, name: string(j.Name), status: j.State, started: j.Started, ended: j.Finished})
	}
	rd.write(rec.Ref(), r)
}

func isCircle(at string, f jsonrec.Fields) bool {
	return f.Has(at+"project_slug", at+"name", at+"status") && f.Any(at+"created_at", at+"started_at") || f.Has(at+"project_slug", at+"number", at+"trigger.type", at+"created_at")
}

// circle reads a workflow of CircleCI, a job of one, or the pipeline around them.
func (rd *reading) circle(rec jsonrec.Record) {
	var c struct {
		ID      string         `json:"id"`
		Name    string         `json:"name"`
		Project string         `json:"project_slug"`
		Status  string         `json:"status"`
		Number  jsonrec.Scalar `json:"pipeline_number"`
		Tag     string         `json:"tag"`
		Created string         `json:"created_at"`
		Started string         `json:"started_at"`
		Stopped string         `json:"stopped_at"`

		Build   jsonrec.Scalar `json:"number"` // of a pipeline, from here
		State   string         `json:"state"`
		Trigger struct {
			Actor struct {
				Login string `json:"login"`
			} `json:"actor"`
		} `json:"trigger"`
		VCS struct {
			Branch   string `json:"branch"`
			Revision string `json:"revision"`
			Commit   struct {
				Subject string `json:"subject"`
			} `json:"commit"`
		} `json:"vcs"`
	}
	if !rec.Decode(&c, rd.sink) {
		return
	}
	if c.Name == "" && c.Build != "" {
		rd.write(rec.Ref(), run{
			id: "circleci:" + c.ID, name: "pipeline " + string(c.Build), title: c.VCS.Commit.Subject, service: repositoryOf(c.Project), sha: c.VCS.Revision, ref: c.VCS.Branch,
			by: c.Trigger.Actor.Login, status: c.State, started: c.Created,
		})
		return
	}
	r := run{
		id: "circleci:" + c.ID, name: c.Name, service: repositoryOf(c.Project), version: strings.TrimPrefix(c.Tag, "v"), status: c.Status,
		started: cmp.Or(c.Started, c.Created), ended: c.Stopped,
	}
	if c.Number != "" {
		r.title = "pipeline " + string(c.Number)
	}
	rd.write(rec.Ref(), r)
}
