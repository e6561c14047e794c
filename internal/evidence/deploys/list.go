package deploys

import (
	"cmp"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// kinds tell the kind of change from the word a record uses, the first that fits.
var kinds = []struct {
	re   *lazyregexp.Regexp
	kind hindcast.EventKind
}{
	{lazyregexp.New(`(?i)roll.?back|revert|undo`), hindcast.Deploy},
	{lazyregexp.New(`(?i)config|flag|feature|toggle|setting|param|migrat|schema|database|infra|scal|network|dns|firewall|cert|terraform|maintenance|restart|secret|access|permission|limit|quota|failover|experiment`), hindcast.ConfigChange},
	{lazyregexp.New(`(?i)^(?:build|test|approv|gate|review|merge)`), hindcast.DeployStep},
	{lazyregexp.New(`(?i)deploy|release|roll.?out|upgrade|promot|hotfix|hot-fix|canary|ship|publish|install|launch`), hindcast.Deploy},
}

func kindOf(word string) (hindcast.EventKind, bool) {
	for _, k := range kinds {
		if k.re.MatchString(word) {
			return k.kind, true
		}
	}
	return "", false
}

// recognizeList is surest of the fields of Hindcast's own list; other names
// must say more.
func (p *parser) recognizeList(h record.Head) int {
	own := func(f fields) bool {
		_, change := kindOf(f["kind"].value)
		return f["at"].value != "" && f["service"].value != "" && (f["version"].value != "" || change && f["by"].value != "")
	}
	if n := recognizer(85, own)(h); n > 0 {
		return n
	}
	return recognizer(72, isList)(h)
}

// isList reports whether a record of unknown make speaks of a change. What has
// a level is a log line.
func isList(f fields) bool {
	if !f.has(timeNames) || f.has(levelNames) {
		return false
	}
	f.nameFlag(f.get(kindNames))
	_, change := kindOf(f.get(kindNames))
	if f.has(serviceNames[:len(serviceNames)-1]) && f.has(versionNames) {
		return change || f.has(byNames) || f.has(envNames) || f.has(previousNames) || f.has(syncNames)
	}
	if f.has(flagNames) && f.has(toNames) {
		return f.has(byNames)
	}
	return change && f.has(serviceNames) && f.has(byNames)
}

// list reads changes that stand one by one.
func (p *parser) list(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	return each(f, r, sink, func(rec jsonrec.Record, m fields) { p.change(w, rec.Ref(), m) })
}

// change writes one change.
func (p *parser) change(w *fact.Writer, ref hindcast.Ref, m fields) {
	at := m.take(timeNames)
	until, _, _ := w.Time(m.take(endNames))
	word := m.take(kindNames)
	m.nameFlag(word)
	if m.has(flagNames) && m.has(toNames) && !m.has(versionNames[:len(versionNames)-1]) {
		e := p.flag(m)
		e.Attrs["kind"] = cmp.Or(word, "flag")
		w.Write(ref, at, e)
		return
	}
	e := hindcast.Event{Until: until, Service: m.take(serviceNames), Version: tag(m.take(versionNames)), Previous: tag(m.take(previousNames)), Env: m.take(envNames), Status: m.take(statusNames)}
	by, text, id := m.take(byNames), m.take(textNames), cmp.Or(m.take(runNames), m.take(idNames))
	if word == "" && backward.MatchString(text) {
		word = "rollback"
	}
	kind, known := kindOf(word)
	switch {
	case known:
		e.Kind = kind
	case e.Version != "":
		e.Kind = hindcast.Deploy
	default:
		e.Kind = hindcast.ConfigChange
	}
	if e.Kind == hindcast.Deploy && idle(e.Status) {
		e.Kind = hindcast.DeployStep
	}
	if id != "" {
		e.ID, e.Subject = "deploy:"+id, "deploy:"+id
	} else if e.Version != "" {
		e.Subject = "deploy:" + e.Service + "@" + e.Version
	}
	e.Links = links(m)
	e.Actor = p.actor(e.Kind, by, m.get(pipelineNames))
	e.Title, e.Text = title(word, text, e), text
	e.Attrs = m.rest()
	e.Attrs["by"], e.Attrs["kind"] = by, word
	w.Write(ref, at, e)
}

// nameFlag makes the name of a record that says it is of a flag or a setting,
// and what it was before and after, that of the flag.
func (f fields) nameFlag(kind string) {
	if f.has(flagNames) || !switched.MatchString(kind) || !f.has(fromNames) || !f.has(toNames) {
		return
	}
	for _, n := range []string{"name", "key"} {
		if v, ok := f[n]; ok {
			delete(f, n)
			f["flag"] = v
			return
		}
	}
}

// switched is the kind of what is set to a value.
var switched = lazyregexp.New(`(?i)flag|feature|toggle|setting|config|param`)

// flag begins the event of a switched flag or a changed setting.
func (p *parser) flag(m fields) hindcast.Event {
	name, from, to, by := m.take(flagNames), m.take(fromNames), m.take(toNames), m.take(byNames)
	e := hindcast.Event{Kind: hindcast.ConfigChange, Subject: "flag:" + name, Service: m.take(serviceNames), Env: m.take(envNames), Text: m.take(textNames), Links: links(m)}
	e.Title = name + " set to " + to
	if from != "" {
		e.Title = name + " changed from " + from + " to " + to
	}
	e.Actor = p.actor(e.Kind, by, "")
	e.Attrs = m.rest()
	e.Attrs["flag"], e.Attrs["from"], e.Attrs["to"], e.Attrs["by"] = name, from, to, by
	return e
}

// actor says who made a change: a rollout is carried out by a pipeline, whoever
// asked for it; a switch is thrown by who is named.
func (p *parser) actor(kind hindcast.EventKind, by, pipeline string) hindcast.Actor {
	switch {
	case by != "" && (kind == hindcast.ConfigChange || p.words.Machine(by)):
		return p.words.Actor(by)
	case kind == hindcast.ConfigChange:
		return hindcast.Actor{Name: "unknown", Kind: hindcast.Automation}
	}
	return hindcast.Actor{Name: cmp.Or(pipeline, "deployment pipeline"), Kind: hindcast.Automation}
}

// title is the record's own words when they say what changed, else what its
// fields say.
func title(word, text string, e hindcast.Event) string {
	says := func(s string) bool { return s != "" && strings.Contains(strings.ToLower(text), strings.ToLower(s)) }
	if text != "" && (says(e.Version) || e.Version == "" && says(e.Service)) {
		return text
	}
	if word == "" && e.Kind == hindcast.DeployStep {
		word = e.Status
	}
	word = cmp.Or(word, "deploy")
	t := strings.Join(strings.Fields(word+" "+e.Service+" "+e.Version), " ")
	if e.Env != "" {
		t += " to " + e.Env
	}
	if text != "" {
		t += ": " + text
	}
	return t
}

// tag is the version that a reference to an image names; any other version as it is.
func tag(version string) string {
	name := version[strings.LastIndexByte(version, '/')+1:]
	if i := strings.LastIndexByte(name, ':'); i >= 0 && name != version && !strings.Contains(name, "@") {
		return name[i+1:]
	}
	return version
}

// idle reports whether a status says that nothing has begun.
func idle(status string) bool {
	switch strings.ToLower(status) {
	case "queued", "pending", "waiting", "scheduled", "planned", "skipped", "canceled", "cancelled", "blocked", "rejected", "created", "not_started":
		return true
	}
	return false
}

func links(m fields) []string {
	if url := m.take(urlNames); url != "" {
		return []string{url}
	}
	return nil
}
