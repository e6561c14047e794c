package github

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// deployment is what is read of a deployment.
type deployment struct {
	ID          jsonrec.Scalar  `json:"id"`
	URL         string          `json:"url"`
	RepoURL     string          `json:"repository_url"`
	SHA         string          `json:"sha"`
	Ref         string          `json:"ref"`
	Task        string          `json:"task"`
	Environment string          `json:"environment"`
	Description string          `json:"description"`
	Payload     json.RawMessage `json:"payload"`
	Creator     user            `json:"creator"`
	CreatedAt   string          `json:"created_at"`
}

// deployment writes that a version begins to go out.
func (rd *reading) deployment(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var d deployment
	if !rec.Decode(&d, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.Deploy, ID: "github:deployment:" + string(d.ID), Subject: "deploy:" + string(d.ID), Actor: rd.rollout(d.Creator),
		Service: cmp.Or(rd.service(repo, d.RepoURL, d.URL), rd.shipped(d.Ref, d.Description)), Version: rd.versionOf(d.Ref, d.SHA, d.Description), Env: d.Environment, Text: d.Description,
		Attrs: map[string]string{"by": d.Creator.name(), "ref": d.Ref, "sha": d.SHA, "task": d.Task},
	}
	word := cmp.Or(d.Task, "deploy")
	if strings.Contains(d.Task, "rollback") {
		word, e.Attrs["kind"] = "rollback", "rollback"
	}
	e.Title = word + " " + e.Service + " " + e.Version
	if e.Env != "" {
		e.Title += " to " + e.Env
	}
	var payload map[string]jsonrec.Scalar
	if json.Unmarshal(d.Payload, &payload) == nil {
		e.Attrs["run"] = string(cmp.Or(payload["run_id"], payload["run"], payload["build_id"]))
	}
	rd.rollouts = append(rd.rollouts, pending{ref, d.CreatedAt, website(d.RepoURL), e})
}

// pending is a deployment that waits for the one before it.
type pending struct {
	ref   hindcast.Ref
	at    string
	site  string // of the repository, for people; empty when it is not known
	event hindcast.Event
}

// website returns where people look at a repository whose address in the API is
// known, on github.com or an Enterprise Server.
func website(api string) string {
	host, repo, ok := strings.Cut(strings.TrimPrefix(api, "https://"), "/repos/")
	if !ok || !strings.HasPrefix(api, "https://") || strings.Count(repo, "/") != 1 {
		return ""
	}
	host = strings.TrimSuffix(host, "/api/v3")
	if host == "api.github.com" {
		host = "github.com"
	}
	if strings.ContainsAny(host, "/@") {
		return ""
	}
	return "https://" + host + "/" + repo
}

// comparison returns the address of what changed between two commits; empty when
// they are not known or the same.
func (p pending) comparison(before string) string {
	const short = 12
	after := p.event.Attrs["sha"]
	if p.site == "" || len(before) < short || len(after) < short || before == after {
		return ""
	}
	return p.site + "/compare/" + before[:short] + "..." + after[:short]
}

// deployments writes the deployments of the file, each with the version that
// the one before it brought to the same place, and with what changed since.
func (rd *reading) deployments() {
	order := make([]*pending, len(rd.rollouts))
	for i := range order {
		order[i] = &rd.rollouts[i]
	}
	slices.SortStableFunc(order, func(a, b *pending) int { return cmp.Compare(a.at, b.at) }) // GitHub writes all times in UTC
	last, commit := map[string]string{}, map[string]string{}
	for _, b := range order {
		place := b.event.Service + "\x00" + b.event.Env
		if v := last[place]; v != b.event.Version {
			b.event.Previous = v
		}
		last[place] = b.event.Version
		if link := b.comparison(commit[place]); link != "" {
			b.event.Links, b.event.Attrs["compare"] = append(b.event.Links, link), link
		}
		commit[place] = b.event.Attrs["sha"]
	}
	for _, b := range rd.rollouts {
		rd.Write(b.ref, b.at, b.event)
	}
}

// deploymentStatus is what is read of a deployment's status.
type deploymentStatus struct {
	ID            jsonrec.Scalar `json:"id"`
	State         string         `json:"state"`
	Description   string         `json:"description"`
	Environment   string         `json:"environment"`
	DeploymentURL string         `json:"deployment_url"`
	RepoURL       string         `json:"repository_url"`
	TargetURL     string         `json:"target_url"`
	LogURL        string         `json:"log_url"`
	Creator       user           `json:"creator"`
	CreatedAt     string         `json:"created_at"`
}

// status writes a step of a deployment.
func (rd *reading) status(ref hindcast.Ref, rec jsonrec.Record, repo repository) {
	var s deploymentStatus
	if !rec.Decode(&s, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "github:status:" + string(s.ID), Actor: rd.rollout(s.Creator), Status: s.State, Env: s.Environment,
		Service: rd.service(repo, s.RepoURL, s.DeploymentURL), Links: fact.Present(cmp.Or(s.LogURL, s.TargetURL)),
		Attrs: map[string]string{"by": s.Creator.name(), "stage": s.State},
	}
	if m := rd.id.FindStringSubmatch(s.DeploymentURL); m != nil {
		e.Subject = "deploy:" + m[1]
	}
	e.Title = strings.TrimSpace(e.Service + " deployment")
	if e.Env != "" {
		e.Title += " to " + e.Env
	}
	e.Title += ": " + s.State
	if s.Description != "" {
		e.Title += " (" + s.Description + ")"
	}
	if s.State == "failure" || s.State == "error" {
		e.Level = hindcast.LevelError
	}
	rd.Write(ref, s.CreatedAt, e)
}
