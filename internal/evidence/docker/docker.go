// Package docker reads what docker events and podman events print, as lines or
// JSON (docker-events): containers that start, end, run out of memory or fail
// their health check, and services of a swarm that change.
//
// What the daemon does beside it - networks, volumes, images, commands run in a
// container by its health check - is left out.
package docker

import (
	"bufio"
	"cmp"
	"io"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of container engines.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(),
		line: regexp.MustCompile(`^(\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d| [+-]\d{4}(?: [A-Z]+)?)) ` +
			`(container|image|network|volume|daemon|plugin|service|node|secret|config|builder|pod|system) ([a-z_-]+)(?:: (.*?))? (\S+) \((.*)\)\s*$`),
	}
	object := jsonrec.Recognizer(92, `"Type"`, func(f jsonrec.Fields) bool {
		return f.Has("Type", "Action", "Actor.ID") || f.Has("Type", "Status", "ID", "Time", "Name")
	})
	return []record.Format{{
		Name: "docker-events", Source: "Docker", Parse: p.parse,
		Recognize: func(h record.Head) int {
			if n := object(h); n > 0 {
				return n
			}
			lines, n := logline.Head(h, 50), 0
			for _, l := range lines {
				if p.line.Match(l) {
					n++
				}
			}
			if n == 0 || n*10 < len(lines)*8 {
				return 0
			}
			return 88
		},
	}}
}

type parser struct {
	redactor *redact.Redactor
	line     *regexp.Regexp
}

// happening is what an engine says happened to one thing.
type happening struct {
	at, kind, action, more, id string
	attrs                      map[string]string
}

// parse reads a file of either form.
func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	w := fact.NewWriter(p.redactor, f, sink)
	in := bufio.NewReaderSize(r, 64<<10)
	if first, _ := in.Peek(1); len(first) == 1 && (first[0] == '{' || first[0] == '[') { // an error comes again with the reading
		return jsonrec.Each(f, in, sink, func(rec jsonrec.Record) {
			if h, ok := decode(rec, sink); ok {
				write(w, rec.Ref(), h)
			}
		}, "")
	}
	data, err := io.ReadAll(in)
	walk := logline.Walker{Data: data, Number: 1}
	for l, ok := walk.Next(); ok; l, ok = walk.Next() {
		ref := hindcast.Ref{File: f.Name, Line: l.Number, Offset: l.Offset}
		switch m := p.line.FindStringSubmatch(string(l.Text)); {
		case m != nil:
			write(w, ref, happening{m[1], m[2], m[3], m[4], m[5], attributes(m[6])})
		case len(l.Text) > 0:
			w.Problem(ref, "this is not an event as the lines around it are; it was skipped")
		}
	}
	return err
}

// attributes reads "image=shop/checkout:1.3.0, name=shop-checkout-1". Values may hold
// commas.
func attributes(list string) map[string]string {
	out := map[string]string{}
	last := ""
	for _, part := range strings.Split(list, ", ") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || strings.Contains(key, " ") {
			if last != "" {
				out[last] += ", " + part
			}
			continue
		}
		last, out[key] = key, value
	}
	return out
}

// decode reads an event as JSON, of Docker or of Podman.
func decode(rec jsonrec.Record, sink record.Sink) (happening, bool) {
	var e struct {
		Type   string `json:"Type"`
		Action string `json:"Action"`
		Actor  struct {
			ID         string            `json:"ID"`
			Attributes map[string]string `json:"Attributes"`
		} `json:"Actor"`
		Time     jsonrec.Scalar `json:"time"`
		TimeNano jsonrec.Scalar `json:"timeNano"`

		ID         string            `json:"ID"`
		Name       string            `json:"Name"`
		Image      string            `json:"Image"`
		Status     string            `json:"Status"`
		ExitCode   jsonrec.Scalar    `json:"ContainerExitCode"`
		Attributes map[string]string `json:"Attributes"`
	}
	if !rec.Decode(&e, sink) {
		return happening{}, false
	}
	h := happening{at: string(cmp.Or(e.TimeNano, e.Time)), kind: e.Type, id: cmp.Or(e.Actor.ID, e.ID), attrs: map[string]string{}}
	for _, attrs := range []map[string]string{e.Attributes, e.Actor.Attributes, {"name": e.Name, "image": e.Image, "exitCode": string(e.ExitCode)}} {
		for k, v := range attrs {
			if v != "" {
				h.attrs[k] = v
			}
		}
	}
	h.action, h.more, _ = strings.Cut(cmp.Or(e.Action, e.Status), ": ")
	return h, true
}

// write writes what happened to a container, a service or a node.
func write(w *fact.Writer, ref hindcast.Ref, h happening) {
	if h.kind != "container" && h.kind != "service" && h.kind != "node" || strings.HasPrefix(h.action, "exec_") || quiet[h.action] {
		return
	}
	name := cmp.Or(h.attrs["name"], h.id)
	level, deed := h.deed()
	w.Write(ref, h.at, hindcast.Event{
		Kind: hindcast.PlatformEvent, Level: level, Subject: "docker:" + h.kind + "/" + name,
		Title:   strings.ToUpper(h.kind[:1]) + h.kind[1:] + " " + name + " " + deed,
		Service: cmp.Or(h.attrs["com.docker.compose.service"], h.attrs["com.docker.swarm.service.name"], name),
		Actor:   hindcast.Actor{Name: "docker", Kind: hindcast.System},
		Attrs:   map[string]string{"image": h.attrs["image"], "exit_code": h.exitCode(), "action": h.action},
	})
}

// quiet are the actions that say nothing of how a container fares.
var quiet = map[string]bool{"attach": true, "top": true, "resize": true, "archive-path": true, "extract-to-dir": true, "create": true, "init": true, "cleanup": true, "mount": true, "unmount": true, "exec": true, "sync": true}

// exitCode is that of a container that ended; empty when the event does not say.
func (h happening) exitCode() string {
	return cmp.Or(h.attrs["exitCode"], h.attrs["containerExitCode"])
}

// deed returns what happened in words, and how bad it is. A container that is stopped
// on purpose ends with 0, or 143 when it does not heed the signal itself.
func (h happening) deed() (hindcast.Level, string) {
	switch h.action {
	case "die", "died":
		code := cmp.Or(h.exitCode(), "0")
		if code == "0" || code == "143" {
			return hindcast.LevelInfo, "ended with exit code " + code
		}
		return hindcast.LevelWarn, "ended with exit code " + code
	case "oom":
		return hindcast.LevelError, "ran out of memory"
	case "health_status":
		if state := cmp.Or(h.more, h.attrs["health_status"]); state == "healthy" {
			return hindcast.LevelInfo, "is healthy"
		} else if state != "" {
			return hindcast.LevelWarn, "is " + state
		}
	case "start":
		return hindcast.LevelInfo, "started"
	case "stop":
		return hindcast.LevelInfo, "was stopped"
	case "restart":
		return hindcast.LevelInfo, "was restarted"
	case "kill":
		if signal := h.attrs["signal"]; signal != "" {
			return hindcast.LevelInfo, "was sent signal " + signal
		}
		return hindcast.LevelInfo, "was killed"
	case "update":
		if state := h.attrs["updatestate.new"]; strings.HasPrefix(state, "rollback") || state == "paused" {
			return hindcast.LevelWarn, "update: " + state
		} else if state != "" {
			return hindcast.LevelInfo, "update: " + state
		}
	}
	return hindcast.LevelInfo, strings.TrimSpace(h.action + " " + h.more)
}
