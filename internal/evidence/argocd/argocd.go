// Package argocd reads what GitOps and package tools say they rolled out.
//
//	argocd app get APP -o json|yaml, kubectl get applications -o json|yaml    argocd-application
//	the same cut by jq to .status, .status.history or .status.operationState  argocd-application
//	argocd app history APP                                                    argocd-history
//	kubectl get helmreleases -o json|yaml (Flux)                              argocd-application
//	helm history RELEASE, as a table or -o json, helm list -o json            helm-history
//
// Every synchronization or revision is a Deploy with the version before it. The
// outcome of an application's last operation is a DeployStep.
package argocd

import (
	"bytes"
	"cmp"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of Argo CD, Flux and Helm.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		version: regexp.MustCompile(`^v?\d+\.\d+`),
		tagged:  regexp.MustCompile(`(?m)^image:\s*\n(?:[ \t]+\w.*\n)*?[ \t]+tag:\s*["']?([\w.\-]+)`),
		chart:   regexp.MustCompile(`^(.+?)-(v?\d+\.\d+.*)$`),
		argo:    regexp.MustCompile(`^(?:SOURCE\s.*\n)?ID\s+DATE\s+REVISION`),
		helm:    regexp.MustCompile(`^REVISION\s+UPDATED\s+STATUS\s+CHART`),
		row:     regexp.MustCompile(`^(\d+)\s+(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?(?: [+-]\d{4})?(?: [A-Z]{3,4})?)\s+(.*?)(?:\s+\(([0-9a-f]{7,40})\))?\s*$`),
		cells:   regexp.MustCompile(`^(\d+)\s+(\w{3} \w{3}\s+\d+ \d{2}:\d{2}:\d{2} \d{4})\s+(\S+)\s+(\S+)(?:\s+(v?\d\S*))?\s+(.*?)\s*$`),
		noise:   regexp.MustCompile(`(?i)argo-?cd|argo|helm|apps?|history|status|operation-?state|releases?|rollouts?|deploys?|deployments?`),
	}
	return []record.Format{
		{Name: "argocd-application", Source: "Argo CD", Recognize: recognizeApplication, Parse: p.applications},
		{Name: "argocd-history", Source: "Argo CD", Recognize: heading(p.argo), Parse: p.argoTable},
		{Name: "helm-history", Source: "Helm", Recognize: p.recognizeHelm, Parse: p.helmHistory},
	}
}

type parser struct {
	redactor                                              *redact.Redactor
	words                                                 *fact.Words
	version, tagged, chart, argo, helm, row, cells, noise *regexp.Regexp
}

// recognizeApplication takes objects of Argo CD or Flux with a history, in JSON
// or YAML, alone or in a list.
func recognizeApplication(h record.Head) int {
	b := h.Bytes
	if !bytes.Contains(b, []byte("deployedAt")) && !bytes.Contains(b, []byte("operationState")) && !bytes.Contains(b, []byte("syncResult")) && !bytes.Contains(b, []byte("firstDeployed")) {
		return 0
	}
	if isJSON(b) {
		if n := jsonrec.Recognizer(92, `"`, isPart)(h); n > 0 {
			return n
		}
		return jsonrec.Recognizer(95, `"status"`, func(f jsonrec.Fields) bool {
			for _, at := range []string{"", "items."} {
				if f.Any(at+"status.history.deployedAt", at+"status.history.firstDeployed", at+"status.operationState.startedAt") {
					return true
				}
			}
			return false
		})(h)
	}
	if bytes.Contains(b, []byte("kind: Application")) && bytes.Contains(b, []byte("argoproj.io")) || bytes.Contains(b, []byte("kind: HelmRelease")) {
		return 93
	}
	return 0
}

// isPart reports whether a record was cut out of an application: its status, its last
// operation or an entry of its history.
func isPart(f jsonrec.Fields) bool {
	return f.Any("history.deployedAt", "operationState.startedAt") || f.Has("deployedAt", "revision", "id") || f.Has("items.deployedAt", "items.revision") || f.Has("phase", "startedAt", "syncResult") || f.Has("phase", "startedAt", "operation.sync")
}

func isJSON(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

func heading(re *regexp.Regexp) func(record.Head) int {
	return func(h record.Head) int {
		rest := bytes.TrimLeft(h.Bytes[:min(len(h.Bytes), 1000)], "\r\n")
		for aside(string(rest)) { // the command, or a comment
			_, rest, _ = bytes.Cut(rest, []byte{'\n'})
		}
		if re.Match(rest) {
			return 92
		}
		return 0
	}
}

// aside reports whether a line is what somebody put above a table: the command or a comment.
func aside(line string) bool { return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "$ ") }

func (p *parser) recognizeHelm(h record.Head) int {
	if n := heading(p.helm)(h); n > 0 {
		return n
	}
	return jsonrec.Recognizer(92, `"app_version"`, func(f jsonrec.Fields) bool {
		return f.Has("revision", "updated", "status", "chart")
	})(h)
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink record.Sink
	list []revision
}

func (p *parser) read(f *record.File, sink record.Sink) *reading {
	return &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
}

// revision is one rollout on its way to become an event: it waits for the one
// before it.
type revision struct {
	ref   hindcast.Ref
	at    string
	event hindcast.Event
}

func (rd *reading) add(ref hindcast.Ref, at string, e hindcast.Event) {
	rd.list = append(rd.list, revision{ref, at, e})
}

// write writes the rollouts in the order of the file, each with the version that
// the one before it brought to the same service.
func (rd *reading) write() {
	order := make([]*revision, len(rd.list))
	for i := range order {
		order[i] = &rd.list[i]
	}
	slices.SortStableFunc(order, func(a, b *revision) int {
		s, _, _ := rd.Time(a.at)
		t, _, _ := rd.Time(b.at)
		return s.Compare(t)
	})
	last := map[string]string{}
	for _, r := range order {
		_, _, readable := rd.Time(r.at)
		if e := &r.event; readable && e.Kind == hindcast.Deploy {
			if last[e.Service] != e.Version {
				e.Previous = last[e.Service]
			}
			last[e.Service] = e.Version
		}
	}
	for _, r := range rd.list {
		rd.Write(r.ref, r.at, r.event)
	}
	rd.list = nil
}

// deploy begins the event of a rollout.
func (rd *reading) deploy(tool, service, version, id string) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.Deploy, Service: service, Version: version, Env: rd.words.Environment(service),
		Actor: hindcast.Actor{Name: tool, Kind: hindcast.Automation}, Attrs: map[string]string{"revision": id},
	}
	e.Title = "deploy " + strings.TrimSpace(service+" "+version)
	if e.Env != "" {
		e.Title += " to " + e.Env
	}
	if service != "" && id != "" {
		e.Subject = "deploy:" + service + "/" + id
		e.ID = strings.ToLower(strings.ReplaceAll(tool, " ", "")) + ":" + service + "/" + id
	}
	return e
}

// named is what is left of a file's name when the tools' words are taken out:
// tables do not say what they are about.
func (rd *reading) named(file string) string {
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return strings.Trim(rd.noise.ReplaceAllString(base, ""), "-_. ")
}

// versionOf is a tag, else the short hash of a revision.
func (rd *reading) versionOf(tag, revision string) string {
	if rd.version.MatchString(tag) || revision == "" {
		return tag
	}
	if len(revision) == 40 {
		return revision[:7]
	}
	return cmp.Or(revision, tag)
}

// each calls fn with every line of a table.
func each(f *record.File, r io.Reader, fn func(ref hindcast.Ref, line string)) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	n, offset := 0, int64(0)
	for line := range strings.Lines(string(data)) {
		n++
		fn(hindcast.Ref{File: f.Name, Line: n, Offset: offset}, strings.TrimRight(line, "\r\n"))
		offset += int64(len(line))
	}
	return nil
}
