package github

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// run is a workflow run, as the API and as gh run list --json write it.
type run struct {
	ID           jsonrec.Scalar `json:"id"`
	DatabaseID   jsonrec.Scalar `json:"databaseId"`
	Name         string         `json:"name"`
	WorkflowName string         `json:"workflowName"`
	Path         string         `json:"path"`
	Title        string         `json:"display_title"`
	GHTitle      string         `json:"displayTitle"`
	Event        string         `json:"event"`
	Branch       string         `json:"head_branch"`
	GHBranch     string         `json:"headBranch"`
	SHA          string         `json:"head_sha"`
	GHSHA        string         `json:"headSha"`
	Status       string         `json:"status"`
	Conclusion   string         `json:"conclusion"`
	Attempt      jsonrec.Scalar `json:"run_attempt"`
	URL          string         `json:"html_url"`
	GHURL        string         `json:"url"`
	CreatedAt    string         `json:"created_at"`
	GHCreatedAt  string         `json:"createdAt"`
	StartedAt    string         `json:"run_started_at"`
	GHStartedAt  string         `json:"startedAt"`
	UpdatedAt    string         `json:"updated_at"`
	GHUpdatedAt  string         `json:"updatedAt"`
	Actor        user           `json:"actor"`
	Triggering   user           `json:"triggering_actor"`
	Repository   repository     `json:"repository"`
}

// applied makes a change of what applied settings or infrastructure, by who started it.
func (rd *reading) applied(e *hindcast.Event, name, by string) {
	if e.Status != "success" || !rd.words.Applies(name) {
		return
	}
	e.Kind, e.Status, e.Title = hindcast.ConfigChange, "", strings.TrimSuffix(e.Title, ": success")
	e.Env = rd.words.Environment(name)
	if a := rd.words.Actor(by); by != "" && a.Kind == hindcast.Person {
		e.Actor = a
	}
}

// run writes a workflow run. One whose name says that it brings out a version is
// a deploy and, when it has ended, a step with its conclusion; one that says that it
// applies settings or infrastructure, and did, a change; any other is a step of
// building and testing.
func (rd *reading) run(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var r run
	if !rec.Decode(&r, rd.sink) {
		return
	}
	name, title := cmp.Or(r.WorkflowName, r.Name, r.Path, "workflow run"), cmp.Or(r.Title, r.GHTitle)
	id := string(cmp.Or(r.ID, r.DatabaseID))
	by := cmp.Or(r.Triggering.name(), r.Actor.name())
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:run:" + id, Subject: "deploy:" + id, Actor: hindcast.Actor{Name: "GitHub Actions", Kind: hindcast.Automation},
		Service: cmp.Or(rd.service(cmp.Or(repo, r.Repository), r.URL, r.GHURL), rd.shipped(name, title)), Version: rd.versionOf(cmp.Or(r.Branch, r.GHBranch), cmp.Or(r.SHA, r.GHSHA), title),
		Status: cmp.Or(r.Conclusion, r.Status), Title: name, Links: fact.Present(cmp.Or(r.URL, r.GHURL)),
		Attrs: map[string]string{"stage": name, "by": by, "ref": cmp.Or(r.Branch, r.GHBranch), "sha": cmp.Or(r.SHA, r.GHSHA)},
	}
	if title != "" && title != name {
		e.Title += ": " + title
	}
	if r.Attempt != "" && r.Attempt != "1" {
		e.ID += "/" + string(r.Attempt)
	}
	started, ended := cmp.Or(r.StartedAt, r.GHStartedAt, r.CreatedAt, r.GHCreatedAt), cmp.Or(r.UpdatedAt, r.GHUpdatedAt)
	done := r.Conclusion != ""
	if !rd.ships.MatchString(name + " " + r.Path) {
		if !done && repo.FullName != "" {
			return // another webhook says how it ended
		}
		e.Title += ": " + e.Status
		if done {
			e.Until, _, _ = rd.Time(ended)
		}
		if !slices.Contains(proposals, r.Event) {
			rd.applied(&e, name, by)
		}
		rd.Write(ref, started, e)
		return
	}
	e.Env = rd.words.Environment(name + " " + r.Path)
	begun := e
	begun.Attrs = maps.Clone(e.Attrs)
	begun.Kind, begun.Status = hindcast.Deploy, ""
	if strings.Contains(strings.ToLower(name), "rollback") {
		begun.Attrs["kind"] = "rollback"
	}
	rd.Write(ref, started, begun)
	if done {
		e.ID, e.Title = e.ID+"/completed", e.Title+": "+e.Status
		rd.Write(ref, ended, e)
	}
}

// job is what is read of a job of a workflow run.
type job struct {
	ID          jsonrec.Scalar `json:"id"`
	RunID       jsonrec.Scalar `json:"run_id"`
	RunURL      string         `json:"run_url"`
	URL         string         `json:"html_url"`
	Workflow    string         `json:"workflow_name"`
	Name        string         `json:"name"`
	Branch      string         `json:"head_branch"`
	SHA         string         `json:"head_sha"`
	Status      string         `json:"status"`
	Conclusion  string         `json:"conclusion"`
	CreatedAt   string         `json:"created_at"`
	StartedAt   string         `json:"started_at"`
	CompletedAt string         `json:"completed_at"`
}

// job writes a job of a workflow run.
func (rd *reading) job(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var j job
	if rec.Decode(&j, rd.sink) {
		rd.jobDone(ref, j, repo)
	}
}

func (rd *reading) jobDone(ref hindcast.Ref, j job, repo repository) {
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:job:" + string(j.ID), Subject: "deploy:" + string(j.RunID), Actor: hindcast.Actor{Name: "GitHub Actions", Kind: hindcast.Automation},
		Service: rd.service(repo, j.RunURL), Version: rd.versionOf(j.Branch, j.SHA, ""),
		Status: cmp.Or(j.Conclusion, j.Status), Links: fact.Present(j.URL), Attrs: map[string]string{"stage": j.Name},
	}
	e.Title = strings.TrimPrefix(j.Workflow+" / "+j.Name+": "+e.Status, " / ")
	e.Until, _, _ = rd.Time(j.CompletedAt)
	if !rd.words.Applies(j.Workflow) {
		rd.applied(&e, j.Name, "")
	}
	if rd.ships.MatchString(j.Workflow + " " + j.Name) {
		e.Env = rd.words.Environment(j.Workflow + " " + j.Name)
	}
	if e.Status == "failure" || e.Status == "timed_out" {
		e.Level = hindcast.LevelError
	}
	rd.Write(ref, cmp.Or(j.StartedAt, j.CreatedAt), e)
}

// checkRun is what is read of a check run.
type checkRun struct {
	ID          jsonrec.Scalar `json:"id"`
	Name        string         `json:"name"`
	SHA         string         `json:"head_sha"`
	Status      string         `json:"status"`
	Conclusion  string         `json:"conclusion"`
	StartedAt   string         `json:"started_at"`
	CompletedAt string         `json:"completed_at"`
	URL         string         `json:"html_url"`
	App         user           `json:"app"`
}

// check writes a check run of a commit.
func (rd *reading) check(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var c checkRun
	if !rec.Decode(&c, rd.sink) {
		return
	}
	status := cmp.Or(c.Conclusion, c.Status)
	rd.Write(ref, cmp.Or(c.CompletedAt, c.StartedAt), hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:check:" + string(c.ID) + "/" + c.Status, Subject: "commit:" + c.SHA, Service: rd.service(repo), Version: short(c.SHA),
		Actor: hindcast.Actor{Name: cmp.Or(c.App.Name, "GitHub"), Kind: hindcast.Automation}, Status: status, Title: "check " + c.Name + ": " + status,
		Links: fact.Present(c.URL), Attrs: map[string]string{"stage": c.Name, "sha": c.SHA},
	})
}

// commitStatus is what is read of a commit's status.
type commitStatus struct {
	ID          jsonrec.Scalar `json:"id"`
	URL         string         `json:"url"`
	SHA         string         `json:"sha"` // in webhooks; else the address has it
	Context     string         `json:"context"`
	State       string         `json:"state"`
	Description string         `json:"description"`
	TargetURL   string         `json:"target_url"`
	UpdatedAt   string         `json:"updated_at"`
}

// context writes the status that an outside service set on a commit.
func (rd *reading) context(rec jsonrec.Record, repo repository) {
	var c commitStatus
	if !rec.Decode(&c, rd.sink) {
		return
	}
	if m := rd.about.FindStringSubmatch(c.URL); m != nil && c.SHA == "" {
		c.SHA = m[1]
	}
	rd.Write(rec.Ref(), c.UpdatedAt, hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:context:" + string(c.ID), Subject: "commit:" + c.SHA, Service: rd.service(repo, c.URL), Version: short(c.SHA),
		Actor: hindcast.Actor{Name: cmp.Or(c.Context, "GitHub"), Kind: hindcast.Automation}, Status: c.State, Title: "check " + c.Context + ": " + c.State, Text: c.Description,
		Links: fact.Present(c.TargetURL), Attrs: map[string]string{"stage": c.Context, "sha": c.SHA},
	})
}

// proposals are the events of runs that only try what somebody proposes.
var proposals = []string{"pull_request", "pull_request_target", "merge_group"}
