package console

import (
	"cmp"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// log is the reading of one file.
type log struct {
	*parser
	w      *fact.Writer
	sink   record.Sink
	file   *record.File
	system string // that wrote the log; empty for a tool or a script
	run    said   // what was said of the run as a whole
	shown  []hint // commands of a script that is shown before it runs
	body   bool   // inside such a script
	action *hint  // an action that deploys, whose inputs are being read; nil for none
	last   mark   // of the last line that had a time
	first  mark   // of the first line that had one
	stage  mark   // where the stage that deploys began
	env    string // that the stage is named after
	date   string // of the first time with one
	day    int    // days after it, for lines that have only a time of day
	all    []*deploy
	steps  []passage
	asides []passage // lines that say that something was applied or changed, when nothing is about a deploy
	tooled bool      // a tool wrote some of it
}

// hint is a command that a log shows, which may run or not.
type hint struct {
	mark
	said
}

// mark is a place in the log and when it was written.
type mark struct {
	ref       hindcast.Ref
	at, clock string
	day       int
	taken     bool // the time is that of an earlier line
}

// deploy is something that is brought out.
type deploy struct {
	said
	begun   mark
	ended   mark
	back    bool // to an earlier version
	config  bool // infrastructure
	status  string
	text    string   // the line that began it
	outcome string   // the line that ended it
	touched []string // resources
	altered bool     // a play changed something on a host
}

// passage is a line about something on the way.
type passage struct {
	mark
	text   string
	level  hindcast.Level
	deploy *deploy // it belongs to; nil when to none
	said   said
	own    bool // a line of a team's own log
}

// maxOpen is how many deploys a line may be about, the last.
const maxOpen = 64

// maxSteps is how many lines are kept as steps.
const maxSteps = 2000

// terraform applies plans and playbooks are played, which are no migrations.
const (
	terraform = "Terraform"
	playbooks = "Ansible"
)

const (
	success = "success"
	failure = "failure"
)

// line reads one line.
func (g *log) line(l line) {
	m := g.mark(l)
	if l.section != "" {
		g.heading(m, l.section)
	}
	if l.text == "" {
		return
	}
	if g.script(m, l.text) {
		return
	}
	if d := g.play(); d != nil && strings.HasPrefix(l.text, "changed: [") {
		d.altered = true
	}
	s, ok := read(l)
	if !ok {
		g.rest(m, l, said{})
		return
	}
	s.env = g.environment(s.env)
	g.tooled = g.tooled || s.sure
	if s.tool == "" && s.act >= begins && s.act <= backed && g.open(s) == nil && !g.enough(s) {
		s.act = step
	}
	g.take(m, l, s)
}

// enough reports whether a sentence alone is believed to tell of a deploy: it says
// what goes out, and in the log of a run, where much else is said, where to.
func (g *log) enough(s said) bool {
	if g.system == "" {
		return s.service != "" && s.version != "" || s.env != ""
	}
	return s.env != "" && (s.service != "" || s.version != "")
}

var (
	shows   = lazyregexp.New(`^##\[group\]Run `)
	setting = lazyregexp.New(`^(?:APP_|IMAGE_|RELEASE_|DEPLOY_)?(?:VERSION|TAG): ["']?(\w[\w.\-+]*\d[\w.\-+]*)`)
)

// script reads the lines in which a run shows a script before it runs. They tell
// what may come, and with which version.
func (g *log) script(m mark, text string) bool {
	switch {
	case shows.MatchString(text):
		g.body = true
		g.runs(m, text)
		return false
	case strings.HasPrefix(text, "##[endgroup]"):
		g.body = false
		g.act()
		return true
	case !g.body:
		return false
	}
	g.input(text)
	if found := setting.FindStringSubmatch(text); found != nil {
		g.run.version = found[1]
	}
	if s, ok := ofCommand("$ " + strings.TrimSuffix(text, "\\")); ok && s.service != "" && !strings.Contains(s.service+s.version, "$") {
		s.env = g.environment(s.env)
		g.shown = append(g.shown, hint{m, s})
	}
	return true
}

// foreseen returns the command that was shown for a deploy that a line states.
func (g *log) foreseen(s said) (hint, bool) {
	for i := len(g.shown) - 1; i >= max(0, len(g.shown)-maxOpen); i-- {
		if h := g.shown[i]; h.service == s.service && s.service != "" && (h.act == backs) == (s.act == backs || s.act == backed) {
			return h, true
		}
	}
	return hint{}, false
}

func (g *log) take(m mark, l line, s said) {
	switch s.act {
	case context:
		g.context(m, s)
	case begins, goesOn, backs:
		g.begin(m, l, s)
	case changed:
		if g.open(s) == nil {
			g.rest(m, l, s)
			return
		}
		g.end(m, l, s, success)
	case ends, backed:
		if s.tool == playbooks && g.play() != nil {
			g.end(m, l, said{act: changed, tool: playbooks}, success)
			if g.open(s) == nil {
				return
			}
		}
		g.end(m, l, s, success)
	case changes:
		if s.tool != terraform && g.open(said{}) != nil && g.open(said{act: changes}) == nil {
			g.rest(m, l, s) // a migration within a deploy
			return
		}
		d := g.begin(m, l, said{act: changes, tool: s.tool})
		d.touched = append(d.touched, s.service)
	case fails:
		g.fail(m, l, s)
	case over, broken:
		g.finish(m, s.act == broken)
	default:
		g.rest(m, l, s)
	}
}

// play returns the play of Ansible under way that is no rollout; nil when there is none.
func (g *log) play() *deploy {
	if d := g.open(said{act: changes}); d != nil && d.tool == playbooks {
		return d
	}
	return nil
}

// mark returns where and when a line stands. One without a time was written at
// that of the line before, as far as the log says.
func (g *log) mark(l line) mark {
	switch {
	case l.at != "":
		g.last = mark{at: l.at}
		g.dated(l.at)
		g.late(l)
	case l.clock != "":
		if g.last.clock != "" && l.clock < g.last.clock && g.last.clock > "12" && l.clock < "12" {
			g.day++
		}
		g.last = mark{clock: l.clock, day: g.day}
	}
	if g.date == "" {
		g.dated(anyDate.FindString(l.text))
	}
	if g.first == (mark{}) && g.last != (mark{}) {
		g.first = g.last
		g.first.ref = l.ref
	}
	m := g.last
	m.ref, m.taken = l.ref, l.at == "" && l.clock == ""
	return m
}

// late gives the time with which a section ends to what ended in it, which has none
// of its own.
func (g *log) late(l line) {
	if !l.bound {
		return
	}
	for _, d := range g.all[max(0, len(g.all)-maxOpen):] {
		if d.status != "" && d.ended.taken {
			d.ended.at, d.ended.taken = l.at, false
		}
	}
}

var anyDate = lazyregexp.New(`\b(?:20\d\d-\d\d-\d\d[T ]\d\d:\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d 20\d\d)`)

// dated takes the day that times without one are of.
func (g *log) dated(at string) {
	if g.date != "" || at == "" {
		return
	}
	if t, _, ok := g.w.Time(at); ok {
		g.date = t.AddDate(0, 0, -g.day).Format(time.DateOnly)
	}
}

// heading reads the name of a stage or section.
func (g *log) heading(m mark, name string) {
	if !anyAct.MatchString(strings.ReplaceAll(name, "_", " ")) {
		return
	}
	g.stage = m
	g.env = cmp.Or(g.words.Environment(name), g.env)
}

// context takes what is said of the run, or of the deploy before.
func (g *log) context(m mark, s said) {
	if s.job != "" {
		g.heading(m, s.job)
	}
	if n := len(g.all); n > 0 && (s.at != "" || s.env != "") {
		g.all[n-1].fill(s)
	}
	r := &g.run
	if s.tool != "" && !s.sure || s.tool == "Jenkins" || s.tool == "GitLab CI" {
		g.system = cmp.Or(g.system, s.tool)
		s.job = ""
	}
	r.by, r.repo, r.sha, r.branch, r.job = cmp.Or(r.by, s.by), cmp.Or(r.repo, s.repo), cmp.Or(r.sha, s.sha), cmp.Or(r.branch, s.branch), cmp.Or(r.job, s.job)
}

// environment is the environment that a name speaks of.
func (g *log) environment(name string) string {
	if name == "" {
		return ""
	}
	return g.words.Environment(name)
}

// open returns the deploy under way that a statement is about.
func (g *log) open(s said) *deploy {
	for i := len(g.all) - 1; i >= max(0, len(g.all)-maxOpen); i-- {
		if d := g.all[i]; d.status == "" && d.fits(s) {
			return d
		}
	}
	return nil
}

// begin notes that a deploy begins or is under way.
func (g *log) begin(m mark, l line, s said) *deploy {
	d := g.open(s)
	if d == nil {
		if s.act == goesOn {
			if d = g.just(m, s); d != nil {
				d.fill(s)
				return d
			}
		}
		d = &deploy{begun: m, text: l.text, back: s.act == backs || s.act == backed, config: s.act == changes || s.act == changed}
		d.env = ""
		d.said = said{act: s.act, env: cmp.Or(s.env, g.env)}
		if h, ok := g.foreseen(s); ok {
			s.version = cmp.Or(s.version, h.version)
			d.env = cmp.Or(s.env, h.env, g.env)
		}
		g.all = append(g.all, d)
	} else if s.tool != "" && d.tool == "" && s.act == begins {
		d.tool = s.tool
	}
	d.fill(s)
	return d
}

// just returns a deploy that ended a few lines ago and that a statement repeats.
func (g *log) just(m mark, s said) *deploy {
	for i := len(g.all) - 1; i >= max(0, len(g.all)-maxOpen); i-- {
		if d := g.all[i]; d.status == success && d.fits(s) && m.ref.Line-d.ended.ref.Line <= 60 {
			return d
		}
	}
	return nil
}

// end notes that a deploy is over. One of which nothing was said before began
// with the stage that it is in.
func (g *log) end(m mark, l line, s said, status string) {
	d := g.open(s)
	if d == nil {
		if d = g.just(m, s); d != nil {
			d.fill(s)
			return
		}
		from := m
		if h, ok := g.foreseen(s); ok {
			from = h.mark
		} else if g.stage.ref.Line > 0 {
			from = g.stage
			from.ref = m.ref
		}
		d = g.begin(from, l, s)
	}
	d.fill(s)
	d.close(m, l.text, status)
}

// fail notes that a deploy failed. What names no deploy that is known is a step.
func (g *log) fail(m mark, l line, s said) {
	d := g.open(s)
	if d == nil && s.tool == playbooks {
		d = g.just(m, s) // hosts are listed after the end
	}
	if d == nil && s.service == "" {
		l.level = max(l.level, hindcast.LevelError)
		g.rest(m, l, s)
		return
	}
	if d != nil {
		d.fill(s)
		d.close(m, l.text, failure)
	} else {
		g.end(m, l, s, failure)
	}
	if strings.Contains(l.text, "has been rolled back") {
		d := g.all[len(g.all)-1]
		g.end(m, l, said{act: backed, tool: s.tool, service: d.service, env: d.env}, success)
	}
}

// finish ends what is under way when the run ends.
func (g *log) finish(m mark, bad bool) {
	for _, d := range g.all {
		if d.status != "" {
			continue
		}
		status := success
		if bad {
			status = failure
		}
		d.close(m, "", status)
	}
}

// faulty is a line that says that something went wrong.
var faulty = lazyregexp.New(`^(?:##\[error\]|(?i)(?:error|fatal|err!|✗|✘|🚨)[\s:])`)

// rest keeps a line as a step: every line of a team's own log, and those of a
// tool that say what went wrong or that a database was changed.
func (g *log) rest(m mark, l line, s said) {
	if faulty.MatchString(l.text) {
		l.level = max(l.level, hindcast.LevelError)
	}
	d := g.open(said{service: s.service, version: s.version})
	own := g.system == "" && (l.at != "" || l.clock != "")
	if own && l.level == hindcast.LevelWarn {
		g.warning(m, l, d)
		return
	}
	if d == nil && !own && (l.at != "" || l.clock != "") && len(g.asides) < maxAsides && applied.MatchString(l.text) {
		g.asides = append(g.asides, passage{mark: m, text: l.text, level: l.level, said: s})
	}
	if len(g.steps) == maxSteps || !own && (d == nil || l.level < hindcast.LevelError && !s.sure) {
		return
	}
	g.steps = append(g.steps, passage{mark: m, text: strings.TrimPrefix(l.text, "##[error]"), level: l.level, deploy: d, said: s, own: own})
}

// maxAsides is how many lines are kept that only matter when nothing else does.
const maxAsides = 100

// applied is how a pipeline says that it changes something that is no version.
var applied = lazyregexp.New(`(?i)^[^#+$].*\b(?:appl(?:y|ies|ied|ying)|(?:re|un)?load(?:ed|ing)|restart(?:ed|ing)|updat(?:ed|ing)|chang(?:ed|ing)|push(?:ed|ing)|sync(?:ed|ing|hronized)|switch(?:ed|ing)|install(?:ed|ing)|remov(?:ed|ing)|delet(?:ed|ing)|dropp(?:ed|ing)|disabl(?:ed|ing)|enabl(?:ed|ing))\b`)

// warning passes on a line that a team's own log warns with as a line of a log:
// what it warns of is no part of a deploy.
func (g *log) warning(m mark, l line, d *deploy) {
	t, _ := g.time(m)
	if t.IsZero() {
		return
	}
	r := record.Log{File: g.file, Line: l.ref.Line, Offset: l.ref.Offset, At: t.UnixNano(), Level: l.level, Message: []byte(l.text), Raw: []byte(l.raw)}
	switch found := versioned.FindStringSubmatch(l.text); {
	case found != nil:
		r.Service = []byte(found[1])
	case d != nil:
		r.Service = []byte(d.service)
	}
	g.sink.Log(&r)
}

// versioned is a service with its version.
var versioned = lazyregexp.New(`\b([a-z][\w\-]*\w)[ :@](?:v\d+(?:\.\d+)+|\d+\.\d+\.\d+)`)

// fits reports whether a statement can be about a deploy: nothing that both tell
// differs.
func (d *deploy) fits(s said) bool {
	if d.config != (s.act == changes || s.act == changed) && s.act != nothing && s.act != fails {
		return false
	}
	switch s.act {
	case begins:
		if d.back {
			return false
		}
	case backs, backed:
		if !d.back {
			return false
		}
	}
	return related(d.service, s.service) && (same(d.version, s.version) || d.back && s.act == backed) && same(d.env, s.env) && same(d.ref, s.ref)
}

func same(a, b string) bool {
	a, b = strings.TrimPrefix(strings.ToLower(a), "v"), strings.TrimPrefix(strings.ToLower(b), "v")
	return a == "" || b == "" || a == b
}

// related reports whether two names can be of one service: that of a release is
// often the beginning of that of its workload.
func related(a, b string) bool {
	return same(a, b) || strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-")
}

// fill adds what a statement says and was not known.
func (d *deploy) fill(s said) {
	d.tool, d.service, d.version, d.previous = cmp.Or(d.tool, s.tool), cmp.Or(d.service, s.service), cmp.Or(d.version, s.version), cmp.Or(d.previous, s.previous)
	d.env, d.by, d.ref, d.at, d.end = cmp.Or(d.env, s.env), cmp.Or(d.by, s.by), cmp.Or(d.ref, s.ref), cmp.Or(d.at, s.at), cmp.Or(d.end, s.end)
	d.sha, d.branch = cmp.Or(d.sha, s.sha), cmp.Or(d.branch, s.branch)
}

func (d *deploy) close(m mark, text, status string) { d.ended, d.outcome, d.status = m, text, status }
