package kubernetes

import (
	"io"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// isFlat reports whether a record is an event whose fields somebody picked, as with jq: the
// object is a text, or its kind and name are fields of the event.
func isFlat(f jsonrec.Fields) bool {
	for _, at := range []string{"", "items.", "events."} {
		kind := f[at+"type"]
		told := f[at+"message"] != "" || f[at+"note"] != ""
		about := f[at+"kind"] != "" && f[at+"name"] != "" || strings.Contains(f[at+"object"]+f[at+"involvedObject"], "/")
		if (kind == "Normal" || kind == "Warning") && f[at+"reason"] != "" && told && about {
			return true
		}
	}
	return false
}

// flat reads events whose fields somebody picked.
func (p parser) flat(f *record.File, r io.Reader, sink record.Sink) error {
	rd := p.reading(f, sink)
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		var cols []column
		var cells []string
		rec.EachMember(func(key []byte, v jsonrec.Record) bool {
			var cell jsonrec.Scalar
			if cell.UnmarshalJSON(v.Raw) == nil { // what holds more is no field of a table
				cols = append(cols, column{name: strings.ToUpper(strings.ReplaceAll(string(key), "_", ""))})
				cells = append(cells, cell.String())
			}
			return true
		})
		if !rd.row(rec.Ref(), cells, cols) {
			rd.Problem(rec.Ref(), "the event has no time that can be read; it was skipped")
		}
	}, "", "items", "events")
}
