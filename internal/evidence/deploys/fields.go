package deploys

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// fields are the members of a record by folded name: "previous_version" and
// "previousVersion" are both previousversion. Members of an object inside are
// found as "by.name".
type fields map[string]field

// field is one member as the source spells it.
type field struct{ name, value string }

func (f fields) add(name, value string) {
	if key := fold(name); value != "" && value != "null" {
		f[key] = field{name, value}
	}
}

// fold folds the case and the separators of a name.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// The names of what records tell, best first.
var (
	timeNames     = []string{"at", "time", "timestamp", "ts", "datetime", "date", "startedat", "deployedat", "releasedat", "createdat", "occurredat", "changedat", "starttime", "eventtime", "start", "started", "finishedat", "when"}
	endNames      = []string{"finishedat", "completedat", "endedat", "endtime", "until", "end", "finished"}
	serviceNames  = []string{"service", "servicename", "app", "application", "appname", "applicationname", "component", "workload", "project", "repo", "repository", "repository.name", "service.name", "name"}
	versionNames  = []string{"version", "newversion", "toversion", "tag", "image", "release", "revision", "gitsha", "sha", "commit", "commitsha", "git.commitsha", "ref", "to"}
	previousNames = []string{"previousversion", "previous", "prevversion", "prev", "fromversion", "oldversion", "from"}
	byNames       = []string{
		"by", "user", "actor", "author", "deployer", "deployedby", "triggeredby", "createdby", "changedby", "initiatedby", "requestedby",
		"username", "owner", "member", "modifiedby", "updatedby", "operator", "by.name", "by.login", "by.email", "user.name", "user.login", "user.email", "actor.name", "actor.login",
		"author.name", "author.login", "initiatedby.username",
	}
	syncNames     = []string{"initiatedby.automated", "initiatedby.username"} // as Argo CD tells who began an operation
	kindNames     = []string{"kind", "type", "changetype", "action", "event", "operation"}
	envNames      = []string{"environment", "env", "targetenvironment", "deploymentenvironment", "target", "tier"}
	statusNames   = []string{"status", "state", "result", "outcome", "conclusion"}
	textNames     = []string{"msg", "message", "description", "summary", "title", "note", "notes", "comment", "text", "details", "change", "reason"}
	runNames      = []string{"runid", "deployid", "deploymentid", "buildid", "pipelineid", "executionid", "run", "buildnumber", "jobid"}
	idNames       = []string{"id", "uuid", "changeid", "releaseid", "number", "ticket"}
	stageNames    = []string{"stage", "step", "phase", "stagename", "stepname", "job", "task", "event", "action"}
	pipelineNames = []string{"pipeline", "pipelinename", "workflow", "workflowname", "jobname"}
	levelNames    = []string{"level", "severity", "loglevel"}
	flagNames     = []string{"flag", "flagkey", "flagname", "featureflag", "feature", "toggle", "setting", "settingname", "parameter", "configkey"}
	fromNames     = []string{"from", "old", "oldvalue", "previous", "previousvalue", "before"}
	toNames       = []string{"to", "new", "newvalue", "value", "after", "enabled", "state", "variation"}
	urlNames      = []string{"url", "htmlurl", "weburl", "link", "logurl"}
)

// get returns the first of the members that is there.
func (f fields) get(names []string) string {
	for _, n := range names {
		if v := f[n].value; v != "" && v != "{" && v != "[" {
			return v
		}
	}
	return ""
}

// has reports whether one of the members is there.
func (f fields) has(names []string) bool { return f.get(names) != "" }

// take is get, and removes what it found, so that it is not repeated among the rest.
func (f fields) take(names []string) string {
	for _, n := range names {
		if v := f[n].value; v != "" {
			delete(f, n)
			return v
		}
	}
	return ""
}

// maxRest is how many members that mean nothing to us are kept.
const maxRest = 16

// rest returns the members that were not taken, by their own names.
func (f fields) rest() map[string]string {
	out := map[string]string{}
	keys := slices.Sorted(maps.Keys(f))
	for _, k := range keys[:min(len(keys), maxRest)] {
		out[f[k].name] = f[k].value
	}
	return out
}

// decode reads the members of a JSON record; those of objects inside it too,
// one level deep.
func decode(rec jsonrec.Record, sink record.Sink) (fields, bool) {
	var top map[string]json.RawMessage
	if !rec.Decode(&top, sink) {
		return nil, false
	}
	out := fields{}
	for _, name := range slices.Sorted(maps.Keys(top)) {
		raw := top[name]
		if raw[0] != '{' {
			out.add(name, scalar(raw))
			continue
		}
		var inner map[string]json.RawMessage
		if json.Unmarshal(raw, &inner) == nil {
			for _, k := range slices.Sorted(maps.Keys(inner)) {
				out.add(name+"."+k, scalar(inner[k]))
			}
		}
	}
	return out, true
}

func scalar(raw json.RawMessage) string {
	var s jsonrec.Scalar
	if s.UnmarshalJSON(raw) != nil {
		return ""
	}
	return string(s)
}
