package deploys

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// isPipeline reports whether a record is a step of a pipeline that brings out
// versions.
func isPipeline(f fields) bool {
	if !f.has(timeNames) || !f.has(stageNames) || !f.has(runNames) && !f.has(pipelineNames) {
		return false
	}
	_, ships := kindOf(f.get(pipelineNames))
	return f.has(versionNames[:len(versionNames)-1]) || ships && f.has(serviceNames)
}

// class says what part of a rollout a stage is.
type class int

const (
	step    class = iota // before, beside or after: build, approve, migrate, verify
	trial                // on an environment that is not production
	canary               // a small part of production
	rollout              // production
	back                 // production, back to an earlier version
)

// stages tell the class of a stage from its name, the first that fits; what
// fits none is a step.
var stages = []struct {
	re    *lazyregexp.Regexp
	class class
}{
	{lazyregexp.New(`(?i)post|\bpre|verif|smoke|check|health|validat|monitor|soak|bake|analy|notif|clean|plan\b|dry.?run`), step},
	{lazyregexp.New(`(?i)roll.?back|revert|undo`), back},
	{lazyregexp.New(`(?i)canary`), canary},
	{lazyregexp.New(`(?i)build|compile|package|image|publish|push|lint|scan|unit|clone|prepare|setup|gate|approv|wait|manual|freeze|policy|queue|lock|migrat|schema|database`), step},
	{lazyregexp.New(`(?i)roll.?out|rolling|deploy|releas|prod|live|promot|apply|upgrade|install|sync|ship|activat|cutover|switch|traffic`), rollout},
}

var (
	// ended and said are work that is done: in the name of a stage or status, and in a sentence.
	ended    = lazyregexp.New(`(?i)finish|complet|succe|fail|done|ended|passed|abort|timed.?out`)
	said     = lazyregexp.New(`(?i)\b(?:finished|completed?|succeeded|successful(?:ly)?|failed|failure|done|ended|passed|aborted|timed out)\b`)
	waiting  = lazyregexp.New(`(?i)\bwaiting for (?:an? )?(?:manual|approval|lock|runner|slot|window)|\b(?:queued|pending approval|skipp(?:ed|ing)|cancel+ed|blocked|scheduled)\b`)
	backward = lazyregexp.New(`(?i)roll(?:ed|ing|s)?.?back|revert`)
	approval = lazyregexp.New(`(?i)approv|sign.?off`)
	target   = lazyregexp.New(`(?i)\b(?:to|into)\s+([\w\-]+)`)
)

// line is one record of the log on its way to become an event.
type line struct {
	ref   hindcast.Ref
	at    string
	class class
	run   string // the run, service and environment it belongs to
	ended bool
	idle  bool
	event hindcast.Event
}

// pipeline reads a pipeline's log. Which record begins a rollout is known when
// all of its run are.
func (p *parser) pipeline(f *record.File, r io.Reader, sink record.Sink) error {
	var lines []line
	err := each(f, r, sink, func(rec jsonrec.Record, m fields) { lines = append(lines, p.line(rec.Ref(), m)) })
	for _, c := range []class{canary, rollout, back} {
		begin(lines, c)
	}
	w := fact.NewWriter(p.redactor, f, sink)
	for _, l := range lines {
		w.Write(l.ref, l.at, l.event)
	}
	return err
}

// line reads one record.
func (p *parser) line(ref hindcast.Ref, m fields) line {
	l := line{ref: ref, at: m.take(timeNames)}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, Service: m.take(serviceNames), Version: tag(m.take(versionNames)), Previous: tag(m.take(previousNames)),
		Env: m.take(envNames), Status: m.take(statusNames), Title: m.take(textNames), Links: links(m), Level: level(m.take(levelNames)),
	}
	stage, pipeline, run, by := m.take(stageNames), m.take(pipelineNames), m.take(runNames), m.take(byNames)
	if e.Title == "" {
		e.Title = title(stage, e.Status, e)
	}
	if e.Status == "" && e.Level >= hindcast.LevelError {
		e.Status = "failure"
	}
	e.Subject = "deploy:" + cmp.Or(run, e.Service+"@"+e.Version)
	e.Actor = p.actor(e.Kind, by, pipeline)
	e.Attrs = m.rest()
	e.Attrs["stage"], e.Attrs["pipeline"], e.Attrs["run"], e.Attrs["by"] = stage, pipeline, run, by
	if by != "" && approval.MatchString(stage) {
		e.Actor = p.words.Actor(by)
	}
	l.class = p.classify(stage, e.Env)
	e.Env = cmp.Or(e.Env, p.words.Environment(stage))
	l.run = strings.Join([]string{run, e.Service, e.Version, e.Env}, "\x00")
	e.Env = cmp.Or(e.Env, p.destination(e.Title, l.class), p.words.Environment(pipeline))
	l.ended = ended.MatchString(stage) || ended.MatchString(e.Status) || said.MatchString(e.Title)
	l.idle = idle(e.Status) || waiting.MatchString(e.Title)
	l.event = e
	return l
}

// classify tells the class of a stage. A stage that is named after another
// environment is a trial, unless the record names the environment itself.
func (p *parser) classify(stage, env string) class {
	if other := p.words.Environment(stage); env == "" && other != "" && other != "production" {
		return trial
	}
	for _, s := range stages {
		if s.re.MatchString(stage) {
			return s.class
		}
	}
	return step
}

// destination is the environment that the words of a rollout name.
func (p *parser) destination(words string, c class) string {
	m := target.FindStringSubmatch(words)
	if m == nil || c < canary {
		return ""
	}
	return p.words.Environment(m[1])
}

// begin makes the first record of a class of every run a Deploy: the first that
// tells of work begun, else the first that tells of work done.
func begin(lines []line, c class) {
	best := map[string]int{}
	for i, l := range lines {
		if l.class != c || l.idle {
			continue
		}
		if j, ok := best[l.run]; !ok || lines[j].ended && !l.ended {
			best[l.run] = i
		}
	}
	for _, i := range best {
		e := &lines[i].event
		e.Kind = hindcast.Deploy
		if c != back && !backward.MatchString(e.Title) {
			continue
		}
		e.Attrs["kind"] = "rollback"
		if c == back && e.Previous != "" && wentOut(lines[:i], lines[i]) {
			e.Version, e.Previous = e.Previous, e.Version
		}
	}
}

// wentOut reports whether the version of l went out in an earlier record of its
// run, so that a rollback in it goes to the version before.
func wentOut(earlier []line, l line) bool {
	return slices.ContainsFunc(earlier, func(o line) bool {
		return o.run == l.run && (o.class == rollout || o.class == canary)
	})
}

// level reads the level of a log record.
func level(s string) hindcast.Level {
	switch strings.ToLower(s) {
	case "debug", "trace":
		return hindcast.LevelDebug
	case "info", "notice":
		return hindcast.LevelInfo
	case "warn", "warning":
		return hindcast.LevelWarn
	case "error", "err":
		return hindcast.LevelError
	case "fatal", "critical", "crit", "panic", "emergency":
		return hindcast.LevelFatal
	}
	return hindcast.LevelUnknown
}
