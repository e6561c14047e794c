// Package builds reads the runs of build and deployment services, as their APIs
// list them, and what Amazon ECS tells of its services.
//
//	Azure DevOps: builds, runs of pipelines                         azure-builds
//	Azure DevOps: releases, and deployments of them                 azure-releases, azure-deployments
//	Bitbucket: pipelines                                            bitbucket-pipelines
//	Bitbucket: deployments                                          bitbucket-deployments
//	Buildkite: builds                                               buildkite-builds
//	CircleCI: pipelines, workflows, jobs of one                     circleci-workflows
//	Jenkins: api/json of a build, or of a job with times of builds  jenkins-builds
//	Spinnaker: executions of pipelines                              spinnaker-executions
//	Heroku: releases; Vercel: deployments                           heroku-releases, vercel-deployments
//	AWS CodeDeploy: get-deployment, batch-get-deployments           codedeploy-deployments
//	Amazon ECS: aws ecs describe-services                           ecs-services
//	Amazon ECS: aws ecs describe-tasks                              ecs-tasks
//	AWS CloudFormation: describe-stack-events                       cloudformation-events
//	EventBridge: what services of AWS tell of                       eventbridge-events
//	Events of ECS, RDS and Elastic Beanstalk (describe-events)
//	and of groups that scale                                        aws-events
//
// A run whose name says that it brings out a version is a Deploy where it begins
// and a DeployStep where it ends; so is a step of any other run. The rest is a
// DeployStep with an interval. A service carries runs out, whoever asked for them.
package builds

import (
	"cmp"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of runs.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		ships:   regexp.MustCompile(`(?i)deploy|release|roll.?out|roll.?back|promot|publish|\bship|\bcd\b`),
		version: regexp.MustCompile(`\bv?\d+\.\d+(?:\.\d+)+(?:[-+][\w.]+)?\b`),
		noise:   regexp.MustCompile(`(?i)^(?:deploy|deploys|deployment|release|rollout|rollback|promote|publish|ship|build|and|test|tests|ci|cd|pipeline|to|on|prod|production|staging|stage|dev|qa|main|master|job|workflow|multibranch)$`),
	}
	format := func(name, source, marker string, fits func(at string, f jsonrec.Fields) bool, read func(*reading, jsonrec.Record), lists ...string) record.Format {
		return record.Format{
			Name: name, Source: source,
			Recognize: jsonrec.Recognizer(93, marker, func(f jsonrec.Fields) bool {
				return fits("", f) || slices.ContainsFunc(lists, func(l string) bool { return fits(l+".", f) })
			}),
			Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
				rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, source: source}
				return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) { read(rd, rec.Unwrap()) }, append(lists, "")...)
			},
		}
	}
	return []record.Format{
		format("azure-builds", "Azure DevOps", `"result"`, isAzureBuild, (*reading).azureBuild, "value"),
		format("azure-deployments", "Azure DevOps", `"deploymentStatus"`, isAzureDeployment, (*reading).azureDeployment, "value"),
		format("azure-releases", "Azure DevOps", `"releaseDefinition"`, isAzureRelease, (*reading).azureRelease, "value"),
		format("bitbucket-pipelines", "Bitbucket", `"build_number"`, isBitbucketPipeline, (*reading).bitbucketPipeline, "values"),
		format("bitbucket-deployments", "Bitbucket", `"deployment_environment"`, isBitbucketDeployment, (*reading).bitbucketDeployment, "values"),
		format("buildkite-builds", "Buildkite", `"pipeline"`, isBuildkite, (*reading).buildkite),
		format("circleci-workflows", "CircleCI", `"project_slug"`, isCircle, (*reading).circle, "items"),
		format("jenkins-builds", "Jenkins", `"timestamp"`, isJenkins, (*reading).jenkins, "builds", "allBuilds"),
		format("spinnaker-executions", "Spinnaker", `"application"`, isSpinnaker, (*reading).spinnaker),
		format("heroku-releases", "Heroku", `"app"`, isHeroku, (*reading).heroku),
		format("vercel-deployments", "Vercel", `"uid"`, isVercel, (*reading).vercel, "deployments"),
		format("codedeploy-deployments", "AWS CodeDeploy", `"deploymentId"`, isCodeDeploy, (*reading).codeDeploy, "deploymentInfo", "deploymentsInfo"),
		format("aws-events", "AWS", `e`, isAWSEvent, (*reading).awsEvent, "Events", "Activities", "events"),
		format("cloudformation-events", "AWS CloudFormation", `"ResourceStatus"`, isStackEvent, (*reading).stackEvent, "StackEvents"),
		format("ecs-tasks", "Amazon ECS", `"taskArn"`, isTask, (*reading).task, "tasks"),
		format("eventbridge-events", "AWS", `"detail-type"`, isEventBridge, (*reading).eventBridge),
		format("ecs-services", "Amazon ECS", `"serviceName"`, isECS, (*reading).ecs, "services"),
	}
}

type parser struct {
	redactor              *redact.Redactor
	words                 *fact.Words
	ships, version, noise *regexp.Regexp
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink   record.Sink
	source string
}

// run is a run of a pipeline, or a step of one, in the form that all share.
type run struct {
	id      string // of the source: "jenkins:deploy-checkout/812"
	name    string // of the pipeline, workflow or step
	title   string // what this run is about, in words
	service string
	version string
	sha     string
	ref     string
	env     string
	by      string
	status  string // as the source says it now; it ended when it has an end
	url     string
	started string
	ended   string
	deploys bool // it does, whatever its name says
	steps   []run
}

// failed are the states of runs that did not do what they should.
var failed = []string{"failed", "failure", "error", "errored", "terminal", "timed_out", "timedout", "unstable", "partiallysucceeded"}

// idle are the states of runs that were asked for and have not begun.
var idle = []string{"pending", "queued", "waiting", "scheduled", "not_run", "notstarted", "not_started", "skipped", "blocked", "on_hold", "postponed", "undeployed"}

// write writes a run: a deploy, a change when it applied settings or infrastructure,
// or a step of building and testing.
func (rd *reading) write(ref hindcast.Ref, r run) {
	if r.started == "" {
		return // it never began
	}
	e := rd.event(r)
	if (r.deploys || rd.ships.MatchString(r.name)) && !slices.Contains(idle, e.Status) {
		rd.deploy(ref, r, e)
		return
	}
	for _, s := range r.steps {
		if s.started != "" && (s.deploys || rd.ships.MatchString(s.name)) {
			s.service, s.version, s.sha, s.ref, s.by, s.url = r.service, cmp.Or(s.version, r.version), r.sha, r.ref, r.by, cmp.Or(s.url, r.url)
			s.env, s.title = cmp.Or(s.env, r.env), cmp.Or(s.title, r.title)
			rd.deploy(ref, s, rd.event(s))
		}
	}
	e.Until, _, _ = rd.Time(r.ended)
	if r.ended == "" || slices.Contains(failed, e.Status) || !strings.HasPrefix(e.Status, "succe") && e.Status != "passed" || !rd.words.Applies(r.name) {
		e.Title += ": " + e.Status
		rd.Write(ref, r.started, e)
		return
	}
	e.Kind, e.Status, e.Env = hindcast.ConfigChange, "", cmp.Or(e.Env, rd.words.Environment(r.name))
	if a := rd.words.Actor(r.by); r.by != "" && a.Kind == hindcast.Person {
		e.Actor = a
	}
	rd.Write(ref, r.started, e)
}

// event begins the event of a run.
func (rd *reading) event(r run) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: r.id, Subject: "deploy:" + r.id, Actor: hindcast.Actor{Name: rd.source, Kind: hindcast.Automation},
		Service: r.service, Version: cmp.Or(r.version, rd.version.FindString(r.title), r.sha[:min(len(r.sha), 7)]), Env: r.env,
		Status: strings.ToLower(r.status), Title: cmp.Or(r.name, "run"), Links: fact.Present(r.url),
		Attrs: map[string]string{"stage": r.name, "by": r.by, "ref": strings.TrimPrefix(r.ref, "refs/heads/"), "sha": r.sha},
	}
	if r.title != "" && r.title != r.name {
		e.Title += ": " + r.title
	}
	if slices.Contains(failed, e.Status) {
		e.Level = hindcast.LevelError
	}
	return e
}

// deploy writes a run that brings out a version: that it began and, when it has
// ended, how.
func (rd *reading) deploy(ref hindcast.Ref, r run, e hindcast.Event) {
	e.Env = cmp.Or(e.Env, rd.words.Environment(r.name))
	e.Title += goesOut(e)
	begun := e
	begun.Kind, begun.Status, begun.Level, begun.Attrs = hindcast.Deploy, "", hindcast.LevelUnknown, maps.Clone(e.Attrs)
	if name := strings.ToLower(r.name + " " + r.title); strings.Contains(name, "rollback") || strings.Contains(name, "roll back") {
		begun.Attrs["kind"] = "rollback"
	}
	rd.Write(ref, r.started, begun)
	if r.ended != "" {
		e.ID, e.Title = e.ID+"/completed", e.Title+": "+e.Status
		rd.Write(ref, r.ended, e)
	}
}

// goesOut is which version goes out and where to, " (2.4.1, production)", as far as the
// title does not say it.
func goesOut(e hindcast.Event) string {
	title := strings.ToLower(e.Title)
	more := slices.DeleteFunc([]string{e.Version, e.Env}, func(s string) bool {
		return s == "" || strings.Contains(title, strings.ToLower(s)) || s == "production" && strings.Contains(title, "prod")
	})
	if len(more) == 0 {
		return ""
	}
	return " (" + strings.Join(more, ", ") + ")"
}

// serviceOf is the service that the name of a pipeline speaks of, "checkout" of
// "shop/deploy-checkout"; "" when nothing is left of it.
func (p *parser) serviceOf(name string) string {
	name = name[strings.LastIndexAny(name, "/»\\")+1:]
	var kept []string
	for word := range strings.FieldsFuncSeq(strings.TrimPrefix(name, "\xbb"), func(c rune) bool { return strings.ContainsRune(" -_.:", c) }) {
		if !p.noise.MatchString(word) {
			kept = append(kept, strings.ToLower(word))
		}
	}
	if len(kept) > 3 {
		return ""
	}
	return strings.Join(kept, "-")
}

// repositoryOf is the name of a repository in its address.
func repositoryOf(url string) string {
	url = strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git")
	return url[strings.LastIndexAny(url, "/:")+1:]
}

// after is the time so many milliseconds after another; "" when either is unknown.
func (rd *reading) after(at string, ms int64) string {
	t, _, ok := rd.Time(at)
	if !ok || ms <= 0 {
		return ""
	}
	return t.Add(time.Duration(ms) * time.Millisecond).Format(time.RFC3339Nano)
}
