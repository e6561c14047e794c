package argocd

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// application is what is read of an Application of Argo CD or a HelmRelease of
// Flux.
type application struct {
	Kind     string `json:"kind" yaml:"kind"`
	Metadata struct {
		Name string `json:"name" yaml:"name"`
	} `json:"metadata" yaml:"metadata"`
	Spec struct {
		Destination struct {
			Name      string `json:"name" yaml:"name"`
			Namespace string `json:"namespace" yaml:"namespace"`
		} `json:"destination" yaml:"destination"`
	} `json:"spec" yaml:"spec"`
}

type source struct {
	Target string `json:"targetRevision" yaml:"targetRevision"`
	Chart  string `json:"chart" yaml:"chart"`
	Repo   string `json:"repoURL" yaml:"repoURL"`
	Helm   struct {
		Parameters []struct {
			Name  string         `json:"name" yaml:"name"`
			Value jsonrec.Scalar `json:"value" yaml:"value"`
		} `json:"parameters" yaml:"parameters"`
		Values string `json:"values" yaml:"values"`
	} `json:"helm" yaml:"helm"`
	Kustomize struct {
		Images []string `json:"images" yaml:"images"`
	} `json:"kustomize" yaml:"kustomize"`
}

// tag returns the version of the image that the first source sets that sets one: as a
// parameter or in the values of its chart, or as the image of a kustomization, the one
// called like the application when there are several; "" when none does.
func (rd *reading) tag(application string, sources ...source) string {
	for _, s := range sources {
		if tag := rd.tagOf(s, application); tag != "" {
			return tag
		}
	}
	return ""
}

func (rd *reading) tagOf(s source, application string) string {
	for _, name := range []string{application + ".image.tag", application + ".tag", "image.tag", "tag", "global.image.tag"} {
		for _, p := range s.Helm.Parameters {
			if strings.EqualFold(p.Name, name) {
				return string(p.Value)
			}
		}
	}
	if m := rd.tagged.FindStringSubmatch(s.Helm.Values); m != nil {
		return m[1]
	}
	out := ""
	for _, image := range s.Kustomize.Images {
		image, _, _ = strings.Cut(image, "@")
		name, tag, ok := strings.Cut(path.Base(image), ":")
		if ok && (len(s.Kustomize.Images) == 1 || name == application) {
			out = tag
		}
	}
	return out
}

type initiator struct {
	Username  string `json:"username" yaml:"username"`
	Automated bool   `json:"automated" yaml:"automated"`
}

func (i initiator) name() string {
	if i.Username == "" && i.Automated {
		return "automated sync policy"
	}
	return i.Username
}

// item is one entry of a history, of Argo CD or of Flux.
type item struct {
	ID        jsonrec.Scalar `json:"id" yaml:"id"`
	Revision  string         `json:"revision" yaml:"revision"`
	Revisions []string       `json:"revisions" yaml:"revisions"`
	Started   string         `json:"deployStartedAt" yaml:"deployStartedAt"`
	Deployed  string         `json:"deployedAt" yaml:"deployedAt"`
	Source    source         `json:"source" yaml:"source"`
	Sources   []source       `json:"sources" yaml:"sources"`
	Initiated initiator      `json:"initiatedBy" yaml:"initiatedBy"`

	Version    jsonrec.Scalar `json:"version" yaml:"version"` // Flux, from here
	Status     string         `json:"status" yaml:"status"`
	AppVersion jsonrec.Scalar `json:"appVersion" yaml:"appVersion"`
	Chart      string         `json:"chartName" yaml:"chartName"`
	ChartVer   jsonrec.Scalar `json:"chartVersion" yaml:"chartVersion"`
	Last       string         `json:"lastDeployed" yaml:"lastDeployed"`
}

// operation is what Argo CD did last, or is doing.
type operation struct {
	Phase     string `json:"phase" yaml:"phase"`
	Message   string `json:"message" yaml:"message"`
	Started   string `json:"startedAt" yaml:"startedAt"`
	Finished  string `json:"finishedAt" yaml:"finishedAt"`
	Operation struct {
		Initiated initiator `json:"initiatedBy" yaml:"initiatedBy"`
		Sync      struct {
			Revision string `json:"revision" yaml:"revision"`
		} `json:"sync" yaml:"sync"`
	} `json:"operation" yaml:"operation"`
	Result struct {
		Revision string   `json:"revision" yaml:"revision"`
		Source   source   `json:"source" yaml:"source"`
		Sources  []source `json:"sources" yaml:"sources"`
	} `json:"syncResult" yaml:"syncResult"`
}

// applications reads objects in JSON or YAML.
func (p *parser) applications(f *record.File, r io.Reader, sink record.Sink) error {
	rd := p.read(f, sink)
	in := bufio.NewReaderSize(r, 4<<10)
	head, _ := in.Peek(4 << 10) // an error comes again with the reading
	var err error
	if isJSON(head) {
		err = jsonrec.Each(f, in, sink, rd.json, "", "items")
	} else {
		err = rd.yaml(f, in)
	}
	rd.write()
	return err
}

// json reads one object in JSON.
func (rd *reading) json(rec jsonrec.Record) {
	var app application
	if !rec.Decode(&app, rd.sink) {
		return
	}
	status, ok := rec.Member("status")
	if !ok || status.Raw[0] != '{' {
		rd.part(rec)
		return
	}
	rd.status(status, app)
}

// part reads what was cut out of an application: its status, its last operation, or an
// entry of its history. Which application it was, whoever put together a list may tell,
// else the name of the file.
func (rd *reading) part(rec jsonrec.Record) {
	var app application
	var of struct {
		Application string `json:"application"`
		App         string `json:"app"`
	}
	if !rec.Decode(&of, rd.sink) {
		return
	}
	app.Metadata.Name = cmp.Or(of.Application, of.App, rd.named(rec.File.Name))
	_, history := rec.Member("history")
	_, last := rec.Member("operationState")
	_, phase := rec.Member("phase")
	var it item
	var op operation
	switch {
	case history || last:
		rd.status(rec, app)
	case phase:
		if rec.Decode(&op, rd.sink) {
			rd.operation(rec.Ref(), app, op, nil)
		}
	case rec.Decode(&it, rd.sink):
		rd.item(rec.Ref(), app, it)
	}
}

// status reads the status of an object in JSON.
func (rd *reading) status(rec jsonrec.Record, app application) {
	var started []string
	history, _ := rec.Member("history")
	for _, h := range history.Elements() {
		var it item
		if h.Decode(&it, rd.sink) {
			rd.item(h.Ref(), app, it)
			started = append(started, it.Started)
		}
	}
	var op operation
	if o, ok := rec.Member("operationState"); ok && o.Decode(&op, rd.sink) {
		rd.operation(o.Ref(), app, op, started)
	}
}

// yaml reads a stream of objects in YAML.
func (rd *reading) yaml(f *record.File, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	t := text{file: f.Name}
	for line := range bytes.Lines(data) {
		t.lines = append(t.lines, t.size)
		t.size += int64(len(line))
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			rd.Problem(hindcast.Ref{File: f.Name}, "this is not valid YAML; export it again, or as JSON")
			return nil
		case len(doc.Content) == 0:
			continue
		}
		if list := at(doc.Content[0], "items"); list != nil {
			for _, n := range list.Content {
				rd.object(t, n)
			}
			continue
		}
		rd.object(t, doc.Content[0])
	}
}

// object reads one object in YAML.
func (rd *reading) object(t text, n *yaml.Node) {
	var app application
	if n.Decode(&app) != nil {
		rd.Problem(t.ref(n), "this is not an object that Kubernetes would print; it was skipped")
		return
	}
	var started []string
	if history := at(n, "status", "history"); history != nil {
		for _, h := range history.Content {
			var it item
			if h.Decode(&it) != nil {
				rd.Problem(t.ref(h), "this entry of the history cannot be read; it was skipped")
				continue
			}
			rd.item(t.ref(h), app, it)
			started = append(started, it.Started)
		}
	}
	var op operation
	if o := at(n, "status", "operationState"); o != nil && o.Decode(&op) == nil {
		rd.operation(t.ref(o), app, op, started)
	}
}

// at follows keys from a mapping; nil when there is no such value.
func at(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var next *yaml.Node
		for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
			if n.Content[i].Value == key {
				next = n.Content[i+1]
			}
		}
		if n = next; n == nil {
			return nil
		}
	}
	return n
}

// text is YAML whose nodes are to be found again.
type text struct {
	file  string
	lines []int64 // offset of every line
	size  int64
}

// ref is where a node stands.
func (t text) ref(n *yaml.Node) hindcast.Ref {
	line := min(max(n.Line, 1), len(t.lines))
	ref := hindcast.Ref{File: t.file, Line: line, Offset: t.lines[line-1]}
	if end := min(last(n), len(t.lines)); end > line {
		ref.EndLine = end
	}
	return ref
}

// last is the line of the last scalar in a node.
func last(n *yaml.Node) int {
	line := n.Line
	if n.Style == yaml.LiteralStyle || n.Style == yaml.FoldedStyle {
		line += bytes.Count([]byte(n.Value), []byte("\n"))
	}
	for _, c := range n.Content {
		line = max(line, last(c))
	}
	return line
}

// item adds an entry of a history.
func (rd *reading) item(ref hindcast.Ref, app application, it item) {
	if it.Last != "" {
		e := rd.deploy("Flux", app.Metadata.Name, string(cmp.Or(it.AppVersion, it.ChartVer)), string(it.Version))
		e.Status = it.Status
		if it.Chart != "" {
			e.Attrs["chart"] = it.Chart + "-" + string(it.ChartVer)
		}
		rd.add(ref, it.Last, e)
		return
	}
	tag := rd.tag(app.Metadata.Name, append([]source{it.Source}, it.Sources...)...)
	if it.Source.Target == "" && it.Source.Repo == "" && len(it.Sources) > 0 {
		it.Source = it.Sources[0]
	}
	if it.Revision == "" && len(it.Revisions) > 0 {
		it.Revision = it.Revisions[0]
	}
	e := rd.deploy("Argo CD", app.Metadata.Name, cmp.Or(tag, rd.versionOf(it.Source.Target, it.Revision)), string(it.ID))
	rd.place(&e, app)
	if it.Started != "" {
		e.Until, _, _ = rd.Time(it.Deployed)
	}
	e.Attrs["sha"], e.Attrs["target"], e.Attrs["by"] = it.Revision, it.Source.Target, it.Initiated.name()
	rd.add(ref, cmp.Or(it.Started, it.Deployed), e)
}

// operation adds the outcome of the last operation, and its beginning when the
// history does not tell it: a failed synchronization leaves no entry there.
func (rd *reading) operation(ref hindcast.Ref, app application, op operation, started []string) {
	sha := cmp.Or(op.Result.Revision, op.Operation.Sync.Revision)
	tag := rd.tag(app.Metadata.Name, append([]source{op.Result.Source}, op.Result.Sources...)...)
	version := cmp.Or(tag, rd.versionOf(op.Result.Source.Target, sha))
	begin := func() hindcast.Event {
		e := rd.deploy("Argo CD", app.Metadata.Name, version, "")
		rd.place(&e, app)
		e.Attrs["sha"], e.Attrs["by"] = sha, op.Operation.Initiated.name()
		return e
	}
	if op.Started != "" && (op.Phase != "Succeeded" || len(started) == 0) && !slices.Contains(started, op.Started) {
		rd.add(ref, op.Started, begin())
	}
	if op.Finished == "" {
		return
	}
	e := begin()
	e.Kind, e.Status, e.Text = hindcast.DeployStep, op.Phase, op.Message
	e.Title = app.Metadata.Name + " sync " + op.Phase + ": " + op.Message
	e.Attrs["stage"] = "sync"
	if op.Phase == "Failed" || op.Phase == "Error" {
		e.Level = hindcast.LevelError
	}
	rd.add(ref, op.Finished, e)
}

// place tells the environment from the destination when the name does not.
func (rd *reading) place(e *hindcast.Event, app application) {
	if e.Env == "" {
		e.Env = rd.words.Environment(app.Spec.Destination.Namespace + " " + app.Spec.Destination.Name)
	}
}
