package console

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// write writes what was found, in the order of the file.
func (g *log) write() {
	var out []hindcast.Event
	for _, d := range g.all {
		if d.config && d.tool == playbooks && !d.altered {
			continue // it only looked
		}
		g.settle(d)
		out = append(out, g.events(d)...)
	}
	for _, s := range g.steps {
		if s.own && g.tooled && s.level < hindcast.LevelError {
			continue
		}
		out = append(out, g.step(s))
	}
	if len(out) == 0 { // else the deploys tell what matters
		for _, s := range g.asides {
			e := g.step(s)
			e.Kind = hindcast.Record
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b hindcast.Event) int { return cmp.Compare(a.Ref.Line, b.Ref.Line) })
	for _, e := range out {
		g.w.Emit(e)
	}
	switch undated := slices.IndexFunc(out, func(e hindcast.Event) bool { return e.At.IsZero() }); {
	case len(out) == 0:
		g.w.Problem(hindcast.Ref{File: g.file.Name}, "this log of a pipeline tells of no deploy, so nothing was taken from it")
	case undated >= 0:
		g.w.Problem(out[undated].Ref, "the log does not say on which day it was written, so what it tells has no time")
	}
}

// settle completes a deploy with what is known of the run.
func (g *log) settle(d *deploy) {
	if d.config {
		d.service = ""
		return
	}
	d.service = cmp.Or(d.service, g.run.repo)
	d.by = cmp.Or(d.by, g.run.by)
	d.env = cmp.Or(d.env, g.words.Environment(g.run.job))
	if d.version == "" && !d.back {
		d.version = cmp.Or(g.run.version, d.sha, g.run.sha)
		if g.run.version == "" && release.MatchString(g.run.branch) {
			d.version = g.run.branch
		}
		if len(d.version) == 40 {
			d.version = short(d.version)
		}
	}
	if !d.back {
		return
	}
	if before := g.before(d); before != nil {
		d.env = cmp.Or(d.env, before.env)
		if before.version != d.version {
			d.previous = cmp.Or(d.previous, before.version)
		}
	}
}

// before returns the deploy of the same service before d.
func (g *log) before(d *deploy) *deploy {
	var last *deploy
	i := slices.Index(g.all, d)
	for _, o := range g.all[max(0, i-maxOpen):i] {
		if o.service == d.service && same(o.env, d.env) {
			last = o
		}
	}
	return last
}

// release is a branch or tag that is named after a version.
var release = lazyregexp.New(`^v?\d+\.\d+`)

// time returns when a mark was made.
func (g *log) time(m mark) (t time.Time, zone string) {
	at := m.at
	if at == "" && m.clock != "" && g.date != "" {
		day, err := time.Parse(time.DateOnly, g.date)
		if err != nil {
			return time.Time{}, ""
		}
		at = day.AddDate(0, 0, m.day).Format(time.DateOnly) + " " + m.clock
	}
	t, zone, _ = g.w.Time(strings.Replace(at, "_", " ", 1))
	return t, zone
}

// stated is the time that a tool states of a deploy of which the log has none.
func (d *deploy) stated() string {
	if d.at != "" || len(d.ref) != len("20060102150405") {
		return d.at
	}
	t, err := time.Parse("20060102150405", d.ref)
	if err != nil {
		return ""
	}
	return t.Format(time.RFC3339)
}

// events are the beginning of a deploy and its end.
func (g *log) events(d *deploy) []hindcast.Event {
	if at := d.stated(); at != "" && (d.begun.taken || d.begun.at == "" && (d.begun.clock == "" || g.date == "")) {
		d.begun.at, d.begun.clock = at, ""
	}
	if d.begun.at == "" && d.begun.clock == "" {
		d.begun.at, d.begun.clock, d.begun.day = g.first.at, g.first.clock, g.first.day // no later
	}
	if d.end != "" && d.ended.taken {
		d.ended.at = d.end
	}
	if d.ended.at == "" && (d.ended.clock == "" || g.date == "") {
		d.ended.at = cmp.Or(d.end, d.begun.at)
	}
	e := hindcast.Event{
		Ref: d.begun.ref, Kind: hindcast.Deploy, Service: d.service, Version: d.version, Previous: d.previous, Env: d.env,
		Actor: hindcast.Actor{Name: cmp.Or(g.system, d.tool, "deployment pipeline"), Kind: hindcast.Automation},
		Attrs: map[string]string{"by": d.by, "tool": d.tool, "branch": cmp.Or(d.branch, g.run.branch), "sha": cmp.Or(d.sha, g.run.sha), "job": g.run.job},
	}
	e.At, e.Zone = g.time(d.begun)
	e.Until, _ = g.time(d.ended)
	if !e.Until.After(e.At) {
		e.Until = time.Time{}
	}
	e.Subject = d.subject()
	if d.back {
		e.Attrs["kind"] = "rollback"
	}
	if d.config {
		e.Kind, e.Attrs["kind"] = hindcast.ConfigChange, strings.Trim(strings.Fields(d.title())[0], ":")
		d.text += "\n" + d.outcome
	}
	e.Title, e.Text = d.title(), d.text
	if d.status == "" || d.config && d.status == success {
		return []hindcast.Event{e}
	}
	return []hindcast.Event{e, g.outcome(d, e)}
}

// subject is what all records of a deploy share.
func (d *deploy) subject() string {
	if d.service == "" || d.version == "" {
		return "deploy:" + d.begun.ref.File + "#" + strconv.Itoa(d.begun.ref.Line)
	}
	return "deploy:" + d.service + "@" + d.version + "/" + d.env
}

// title is the line itself when it is a sentence that says what goes out, else
// what is known.
func (d *deploy) title() string {
	if d.config {
		what := "migration: "
		switch d.tool {
		case terraform:
			what = "terraform apply: "
		case playbooks:
			what = "ansible play: "
		}
		return what + strings.Join(d.touched[:min(len(d.touched), 3)], ", ")
	}
	if d.tool == "" && d.version != "" && strings.Contains(d.text, d.version) {
		return sentence(d.text)
	}
	return d.name()
}

func (d *deploy) name() string {
	t := "deploy "
	if d.back {
		t = "rollback "
	}
	t += strings.Join(strings.Fields(d.service+" "+d.version), " ")
	switch {
	case d.env != "" && d.back:
		t += " in " + d.env
	case d.env != "":
		t += " to " + d.env
	}
	return strings.TrimSpace(t)
}

// sentence is a line without what decorates it.
func sentence(text string) string {
	return emoji.ReplaceAllString(strings.Trim(text, "=*#-~> "), "")
}

var emoji = lazyregexp.New(`^:\w+:\s*`)

// outcome is the end of the deploy that e is the beginning of.
func (g *log) outcome(d *deploy, e hindcast.Event) hindcast.Event {
	o := e
	o.Ref, o.Kind, o.Status, o.Until, o.Text = d.ended.ref, hindcast.DeployStep, d.status, time.Time{}, d.outcome
	o.At, o.Zone = g.time(d.ended)
	o.Attrs = map[string]string{"by": d.by, "tool": d.tool}
	if d.status == failure {
		o.Level = hindcast.LevelError
	}
	o.Title = d.name() + ": " + d.status
	if d.config {
		o.Title = d.title() + ": " + d.status
	} else if d.tool == "" && anyAct.MatchString(d.outcome) {
		o.Title = sentence(d.outcome)
	}
	if d.status == failure && d.outcome != "" && !strings.Contains(o.Title, d.outcome) {
		o.Title += ": " + d.outcome
	}
	return o
}

// step is the event of a line on the way.
func (g *log) step(s passage) hindcast.Event {
	e := hindcast.Event{Ref: s.ref, Kind: hindcast.DeployStep, Title: s.text, Level: s.level, Service: s.said.service, Version: s.said.version, Env: s.said.env}
	e.At, e.Zone = g.time(s.mark)
	e.Actor = hindcast.Actor{Name: cmp.Or(g.system, "deployment pipeline"), Kind: hindcast.Automation}
	if d := s.deploy; d != nil {
		e.Actor.Name = cmp.Or(g.system, d.tool, e.Actor.Name)
		e.Service, e.Version, e.Env, e.Subject = cmp.Or(e.Service, d.service), cmp.Or(e.Version, d.version), cmp.Or(e.Env, d.env), d.subject()
	}
	return e
}
