package argocd

import (
	"bufio"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// argoTable reads the table of argocd app history.
func (p *parser) argoTable(f *record.File, r io.Reader, sink record.Sink) error {
	rd := p.read(f, sink)
	err := each(f, r, func(ref hindcast.Ref, line string) {
		m := p.row.FindStringSubmatch(line)
		if m == nil {
			if strings.TrimSpace(line) != "" && !aside(line) && !p.argo.MatchString(line) && !strings.HasPrefix(line, "SOURCE") {
				rd.Problem(ref, "this is not a row of the history; it was skipped")
			}
			return
		}
		e := rd.deploy("Argo CD", rd.named(f.Name), rd.versionOf(m[3], m[4]), m[1])
		e.Attrs["target"], e.Attrs["sha"] = m[3], m[4]
		rd.add(ref, m[2], e)
	})
	rd.write()
	return err
}

// helmHistory reads helm's revisions, as a table or JSON.
func (p *parser) helmHistory(f *record.File, r io.Reader, sink record.Sink) error {
	rd := p.read(f, sink)
	in := bufio.NewReaderSize(r, 4<<10)
	head, _ := in.Peek(4 << 10) // an error comes again with the reading
	var err error
	if isJSON(head) {
		err = jsonrec.Each(f, in, sink, func(rec jsonrec.Record) {
			var h helmRevision
			if rec.Decode(&h, sink) {
				rd.helmRevision(rec.Ref(), h)
			}
		}, "")
	} else {
		err = each(f, in, func(ref hindcast.Ref, line string) {
			if strings.TrimSpace(line) == "" || aside(line) || p.helm.MatchString(line) {
				return
			}
			c := p.cells.FindStringSubmatch(line)
			if c == nil {
				rd.Problem(ref, "this is not a row of the history; it was skipped")
				return
			}
			rd.helmRevision(ref, helmRevision{Revision: jsonrec.Scalar(c[1]), Updated: c[2], Status: c[3], Chart: c[4], AppVersion: jsonrec.Scalar(c[5]), Description: c[6]})
		})
	}
	rd.write()
	return err
}

type helmRevision struct {
	Name        string         `json:"name"` // helm list
	Namespace   string         `json:"namespace"`
	Revision    jsonrec.Scalar `json:"revision"`
	Updated     string         `json:"updated"`
	Status      string         `json:"status"`
	Chart       string         `json:"chart"`
	AppVersion  jsonrec.Scalar `json:"app_version"`
	Description string         `json:"description"`
}

func (rd *reading) helmRevision(ref hindcast.Ref, h helmRevision) {
	service, version := h.Chart, ""
	if m := rd.chart.FindStringSubmatch(h.Chart); m != nil {
		service, version = m[1], m[2]
	}
	if h.Name != "" {
		service = h.Name
	}
	if h.AppVersion != "" {
		version = string(h.AppVersion)
	}
	e := rd.deploy("Helm", service, version, string(h.Revision))
	e.Status, e.Text = h.Status, h.Description
	e.Attrs["chart"], e.Attrs["namespace"] = h.Chart, h.Namespace
	if h.Description != "" {
		e.Title += ": " + h.Description
	}
	if strings.HasPrefix(h.Description, "Rollback") {
		e.Attrs["kind"] = "rollback"
	}
	if h.Status == "failed" {
		e.Level = hindcast.LevelError
	}
	rd.add(ref, h.Updated, e)
}
