package deploys

import (
	"cmp"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// isCloudEvent reports whether a record is an event in the JSON format of
// CloudEvents 1.0.
func isCloudEvent(f jsonrec.Fields) bool {
	return strings.HasPrefix(f["specversion"], "1.") && f.Has("id", "source", "type")
}

// envelope is what CloudEvents says of every event.
type envelope struct {
	ID       string `json:"id"`
	Source   string `json:"source"`
	Type     string `json:"type"`
	Subject  string `json:"subject"`
	Time     string `json:"time"`
	Recorded string `json:"recordedtime"` // when it arrived; an extension
}

// cloudEvents reads events one by one, a list of them, or one a line.
func (p *parser) cloudEvents(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		var env envelope
		if !rec.Decode(&env, sink) {
			return
		}
		p.cloudEvent(w, rec, env, dataOf(rec, sink))
	}, "")
}

// dataOf returns the members of an event's data. Those of a CDEvent are those of
// its subject.
func dataOf(rec jsonrec.Record, sink record.Sink) fields {
	data, ok := rec.Member("data")
	if !ok || len(data.Raw) == 0 || data.Raw[0] != '{' {
		m := fields{}
		m.add("text", scalar(data.Raw))
		return m
	}
	m, ok := decode(data, sink)
	if !ok {
		return fields{}
	}
	content, ok := data.Member("subject", "content")
	if !ok {
		return m
	}
	inner, ok := decode(content, sink)
	if !ok {
		return m
	}
	inner.add("service", m["subject.id"].value)
	inner.add("env", inner["environment.id"].value)
	if artifact := inner["artifactid"].value; artifact != "" {
		inner.add("version", artifact[strings.LastIndexAny(artifact, "@")+1:])
	}
	return inner
}

// cloudEvent writes one event.
func (p *parser) cloudEvent(w *fact.Writer, rec jsonrec.Record, env envelope, m fields) {
	at := cmp.Or(env.Time, m.take(timeNames), env.Recorded)
	word := cmp.Or(m.take(kindNames), spoken(env.Type))
	switch flag := m.get([]string{"key", "name"}); {
	case ofFlag.MatchString(word):
		if !m.has(flagNames) {
			m.add("flag", cmp.Or(flag, env.Subject))
		}
	case !m.has(serviceNames[:len(serviceNames)-1]):
		m.add("service", env.Subject)
	}
	kind, known := kindOf(word)
	if over := finished.FindString(word); known && kind == hindcast.Deploy && over != "" {
		m.add("status", cmp.Or(m.take(statusNames), strings.ToLower(over)))
		kind = hindcast.DeployStep
	}
	if !known && !m.has(versionNames[:len(versionNames)-1]) && !(m.has(flagNames) && m.has(toNames)) {
		p.happening(w, rec, env, m, at)
		return
	}
	if !m.has(runNames) && !m.has(idNames) {
		m.add("id", env.ID)
	}
	m.add("at", at)
	m.add("kind", word)
	if kind == hindcast.DeployStep {
		p.step(w, rec.Ref(), m)
		return
	}
	p.change(w, rec.Ref(), m)
}

var (
	// finished is how a type of events says that something is over, or only planned.
	finished = lazyregexp.New(`(?i)finish\w*|complet\w*|succe\w*|fail\w*|abort\w*|cancel\w*|queued|planned|scheduled`)
	// ofFlag is a type of events about flags.
	ofFlag = lazyregexp.New(`(?i)flag|feature|toggle`)
)

// step writes the end of a change, or a plan of it, which begins nothing.
func (p *parser) step(w *fact.Writer, ref hindcast.Ref, m fields) {
	at, word, by, text, id := m.take(timeNames), m.take(kindNames), m.take(byNames), m.take(textNames), cmp.Or(m.take(runNames), m.take(idNames))
	e := hindcast.Event{Kind: hindcast.DeployStep, Service: m.take(serviceNames), Version: tag(m.take(versionNames)), Previous: tag(m.take(previousNames)), Env: m.take(envNames), Status: m.take(statusNames), Text: text}
	if id != "" {
		e.ID, e.Subject = "deploy:"+id, "deploy:"+id
	}
	e.Links, e.Actor, e.Title = links(m), p.actor(e.Kind, by, m.get(pipelineNames)), title(word, text, e)
	e.Attrs = m.rest()
	e.Attrs["by"], e.Attrs["kind"] = by, word
	w.Write(ref, at, e)
}

// happening writes an event that is no change that we know.
func (p *parser) happening(w *fact.Writer, rec jsonrec.Record, env envelope, m fields, at string) {
	text := m.take(textNames)
	e := hindcast.Event{Kind: hindcast.Record, ID: "cloudevent:" + env.Source + "#" + env.ID, Service: m.take(serviceNames), Status: m.take(statusNames), Links: links(m), Text: text}
	e.Actor = hindcast.Actor{Name: cmp.Or(path.Base(env.Source), env.Source), Kind: hindcast.Automation}
	e.Title = strings.TrimSpace(cmp.Or(text, spoken(env.Type)+" "+e.Service))
	e.Attrs = m.rest()
	e.Attrs["type"] = env.Type
	w.Write(rec.Ref(), at, e)
}

// spoken returns what a type such as "dev.cdevents.service.rolledback.0.1.1" says:
// "service rollback". What comes before is the name of who defined it.
func spoken(kind string) string {
	parts := slices.DeleteFunc(strings.Split(kind, "."), func(s string) bool {
		_, err := strconv.Atoi(strings.TrimPrefix(s, "v"))
		return s == "" || err == nil
	})
	if last := parts[max(0, len(parts)-1):]; len(last) == 1 {
		if _, known := kindOf(last[0]); known {
			parts = last
		}
	}
	parts = parts[max(0, len(parts)-2):]
	return strings.ReplaceAll(strings.Join(parts, " "), "rolledback", "rollback")
}
