package deploys

import (
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// strongBy are the names of who made a change that no request log uses.
var strongBy = []string{"by", "changedby", "actor", "actor.name", "deployedby", "initiatedby", "triggeredby"}

// changeHints are members that logs of changes have, and other logs do not.
var changeHints = []string{"changed", "previous", "previousversion", "revision", "from", "to", "old", "new", "oldvalue", "newvalue"}

// isChangeLog reports whether a log line of a system that makes changes says who
// made one: a flag, a change of a known kind, or by whom and what was before.
func isChangeLog(f fields) bool {
	if !f.has(timeNames) || !f.has(levelNames) || !f.has(textNames) || !f.has(byNames) {
		return false
	}
	if f.has(flagNames) {
		return true
	}
	_, change := kindOf(f.get(kindNames))
	return f.has(strongBy) && (change || f.has(changeHints))
}

// changeLog reads the log of a system that makes changes. A line that says who
// made a change is one, any other a step.
func (p *parser) changeLog(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	return each(f, r, sink, func(rec jsonrec.Record, m fields) { p.logged(w, rec.Ref(), m) })
}

var (
	between  = lazyregexp.New(`(?i)\bfrom ["']?([^\s"',;]+)["']? to ["']?([^\s"',;]+?)["',;.]*(?:$|\s)`)
	revision = lazyregexp.New(`(?i)\b(?:revision|version|rev|release|serial) ["']?([\w.\-]*\d[\w.\-]*)`)
)

func (p *parser) logged(w *fact.Writer, ref hindcast.Ref, m fields) {
	m.take(levelNames)
	text := m.get(textNames)
	_, known := kindOf(m.get(kindNames))
	switch {
	case m.has(flagNames):
		if found := between.FindStringSubmatch(text); found != nil && !m.has(toNames) {
			m.add("from", found[1])
			m.add("to", found[2])
		}
		if !m.has(kindNames) {
			m.add("kind", "flag")
		}
	case known:
		if found := revision.FindStringSubmatch(text); found != nil && !m.has(versionNames) {
			m.add("version", found[1])
		}
	default:
		e := hindcast.Event{Kind: hindcast.DeployStep, Title: text}
		at := m.take(timeNames)
		e.Service, e.Attrs = m.take(serviceNames), m.rest()
		e.Actor = p.words.Actor(m.get(byNames))
		w.Write(ref, at, e)
		return
	}
	p.change(w, ref, m)
}
