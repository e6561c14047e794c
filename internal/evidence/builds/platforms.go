package builds

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isJenkins(at string, f jsonrec.Fields) bool {
	return f.Has(at+"timestamp", at+"number", at+"result") && f.Any(at+"duration", at+"building") && (f.Any(at+"fullDisplayName", at+"url") || strings.HasPrefix(f[at+"_class"], "hudson."))
}

// jenkinsBuild is a build of Jenkins.
type jenkinsBuild struct {
	Number   jsonrec.Scalar `json:"number"`
	Full     string         `json:"fullDisplayName"`
	URL      string         `json:"url"`
	Result   string         `json:"result"`
	Building bool           `json:"building"`
	Time     jsonrec.Scalar `json:"timestamp"`
	Duration jsonrec.Scalar `json:"duration"` // milliseconds; 0 while it runs
	Actions  []struct {
		Parameters []struct {
			Name  string         `json:"name"`
			Value jsonrec.Scalar `json:"value"`
		} `json:"parameters"`
		Causes []struct {
			User string `json:"userName"`
		} `json:"causes"`
		Revision struct {
			SHA string `json:"SHA1"`
		} `json:"lastBuiltRevision"`
	} `json:"actions"`
}

// jenkins reads a build of Jenkins. The name of its job stands in its address.
func (rd *reading) jenkins(rec jsonrec.Record) {
	var b jenkinsBuild
	if !rec.Decode(&b, rd.sink) {
		return
	}
	job := strings.TrimSuffix(b.Full, " #"+string(b.Number))
	if _, path, ok := strings.Cut(b.URL, "/job/"); ok {
		path = strings.TrimSuffix(strings.Trim(path, "/"), "/"+string(b.Number))
		job = strings.ReplaceAll(path, "/job/", "/")
	}
	r := run{id: "jenkins:" + job + "/" + string(b.Number), name: job, title: "#" + string(b.Number), service: rd.serviceOf(job), status: b.Result, url: b.URL, started: string(b.Time)}
	for _, a := range b.Actions {
		for _, p := range a.Parameters {
			switch strings.ToLower(strings.ReplaceAll(p.Name, "-", "_")) {
			case "version", "tag", "image_tag", "release", "app_version", "release_version":
				r.version = cmp.Or(r.version, string(p.Value))
			case "env", "environment", "target", "target_env", "deploy_env":
				r.env = cmp.Or(r.env, strings.ToLower(string(p.Value)))
			case "service", "app", "application", "component":
				r.service = string(cmp.Or(p.Value, jsonrec.Scalar(r.service)))
			}
		}
		for _, c := range a.Causes {
			r.by = cmp.Or(r.by, c.User)
		}
		r.sha = cmp.Or(r.sha, a.Revision.SHA)
	}
	if b.Result != "" && !b.Building {
		if ms, err := json.Number(b.Duration).Int64(); err == nil {
			r.ended = rd.after(r.started, ms)
		}
	}
	rd.write(rec.Ref(), r)
}

func isSpinnaker(at string, f jsonrec.Fields) bool {
	return at == "" && f.Has("application", "name", "status", "stages") && f.Any("buildTime", "startTime")
}

// spinnaker reads an execution of a pipeline of Spinnaker.
func (rd *reading) spinnaker(rec jsonrec.Record) {
	type times struct {
		Start jsonrec.Scalar `json:"startTime"`
		End   jsonrec.Scalar `json:"endTime"`
	}
	var s struct {
		times
		ID          string         `json:"id"`
		Application string         `json:"application"`
		Name        string         `json:"name"`
		Status      string         `json:"status"`
		Build       jsonrec.Scalar `json:"buildTime"`
		Auth        struct {
			User string `json:"user"`
		} `json:"authentication"`
		Trigger struct {
			User       string                     `json:"user"`
			Parameters map[string]json.RawMessage `json:"parameters"`
		} `json:"trigger"`
		Stages []struct {
			times
			ID     string `json:"id"`
			Type   string `json:"type"`
			Name   string `json:"name"`
			Status string `json:"status"`
		} `json:"stages"`
	}
	if !rec.Decode(&s, rd.sink) {
		return
	}
	r := run{
		id: "spinnaker:" + s.ID, name: s.Name, service: s.Application, by: cmp.Or(s.Trigger.User, s.Auth.User), status: s.Status,
		started: string(cmp.Or(s.Start, s.Build)), ended: string(s.End),
	}
	for _, key := range []string{"version", "tag"} {
		var v jsonrec.Scalar
		if raw, ok := s.Trigger.Parameters[key]; ok && v.UnmarshalJSON(raw) == nil {
			r.version = cmp.Or(r.version, string(v))
		}
	}
	for _, st := range s.Stages {
		step := run{id: "spinnaker:stage:" + st.ID, name: st.Name, status: st.Status, started: string(st.Start), ended: string(st.End)}
		step.deploys = slices.Contains([]string{"deploy", "deployManifest", "cloneServerGroup", "rollbackCluster", "undoRolloutManifest"}, st.Type)
		r.steps = append(r.steps, step)
	}
	rd.write(rec.Ref(), r)
}

func isECS(at string, f jsonrec.Fields) bool {
	return f.Has(at+"serviceName", at+"events") && f.Any(at+"deployments", at+"serviceArn", at+"events.message")
}

// ecs reads a service of Amazon ECS: its deployments, and the events that it keeps
// of the last while.
func (rd *reading) ecs(rec jsonrec.Record) {
	var s struct {
		Name        string          `json:"serviceName"`
		Cluster     string          `json:"clusterArn"`
		Deployments []ecsDeployment `json:"deployments"`
	}
	if !rec.Decode(&s, rd.sink) {
		return
	}
	env := rd.words.Environment(s.Cluster[strings.LastIndexByte(s.Cluster, '/')+1:])
	for _, d := range s.Deployments {
		family := d.Task[strings.LastIndexByte(d.Task, '/')+1:]
		r := run{id: "ecs:" + d.ID, name: "deploy " + s.Name, title: family, service: s.Name, version: family, env: env, status: d.State, started: string(d.Created), deploys: true}
		if d.State == "COMPLETED" || d.State == "FAILED" {
			r.ended = string(d.Updated)
		}
		rd.write(rec.Ref(), r)
	}
	events, _ := rec.Member("events")
	events.EachObject(func(ev jsonrec.Record) {
		var e struct {
			ID      string         `json:"id"`
			Created jsonrec.Scalar `json:"createdAt"`
			Message string         `json:"message"`
		}
		if !ev.Decode(&e, rd.sink) {
			return
		}
		out := hindcast.Event{
			Kind: hindcast.PlatformEvent, ID: "ecs:" + e.ID, Subject: "ecs:" + s.Name, Service: s.Name, Env: env, Title: e.Message,
			Actor: hindcast.Actor{Name: "Amazon ECS", Kind: hindcast.System}, Level: hindcast.LevelInfo,
		}
		if troubled(e.Message) {
			out.Level = hindcast.LevelWarn
		}
		rd.Write(ev.Ref(), string(e.Created), out)
	})
}

// ecsDeployment is a deployment of a service of Amazon ECS.
type ecsDeployment struct {
	ID      string         `json:"id"`
	Task    string         `json:"taskDefinition"`
	Created jsonrec.Scalar `json:"createdAt"`
	Updated jsonrec.Scalar `json:"updatedAt"`
	State   string         `json:"rolloutState"`
}

// troubled reports whether an event of ECS tells of something that does not work.
func troubled(message string) bool {
	return slices.ContainsFunc([]string{"unable to", "unhealthy", "failed", "was unable", "rolling back", "circuit breaker", "insufficient"}, func(w string) bool { return strings.Contains(message, w) })
}
