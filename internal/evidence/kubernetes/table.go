package kubernetes

import (
	"bytes"
	"cmp"

	"io"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// column is one column of a table that kubectl prints.
type column struct {
	name  string // upper case
	start int    // offset of its first byte in the header
}

// columns reads a header; nil when the line is none of a table of events.
func columns(line string) []column {
	var cols []column
	for at := 0; at < len(line); {
		cell := line[at:]
		end := strings.Index(cell, "  ")
		if end < 0 {
			end = len(cell)
		}
		if name := strings.ToUpper(strings.TrimSpace(cell[:end])); name != "" {
			cols = append(cols, column{name, at})
		}
		at += end + len(cell[end:]) - len(strings.TrimLeft(cell[end:], " "))
	}
	if find(cols, "REASON") < 0 || find(cols, "MESSAGE", "NOTE") < 0 || len(cols) < 4 {
		return nil
	}
	return cols
}

func find(cols []column, names ...string) int {
	for i, c := range cols {
		for _, n := range names {
			if c.name == n {
				return i
			}
		}
	}
	return -1
}

func recognizeTable(h record.Head) int {
	line, _, _ := bytes.Cut(h.Bytes, []byte{'\n'})
	if len(line) < 512 && bytes.Contains(bytes.ToUpper(line), []byte("REASON")) && columns(strings.TrimRight(string(line), " \r")) != nil {
		return 90
	}
	return 0
}

// cells cuts a line at the columns, or between them where it is not aligned, as
// in a watched table.
func cells(line string, cols []column) []string {
	aligned := true
	for _, c := range cols[1:] {
		aligned = aligned && c.start < len(line) && line[c.start-1] == ' ' && line[c.start] != ' '
	}
	out := make([]string, 0, len(cols))
	for i := range cols {
		end := strings.Index(line, "  ")
		if aligned && i+1 < len(cols) {
			end = cols[i+1].start - cols[i].start
		}
		if end < 0 || i+1 == len(cols) {
			out = append(out, strings.TrimSpace(line))
			break
		}
		out = append(out, strings.TrimSpace(line[:end]))
		if line = line[end:]; !aligned {
			line = strings.TrimLeft(line, " ")
		}
	}
	return out
}

// table reads events that kubectl printed as a table.
func (p parser) table(f *record.File, r io.Reader, sink record.Sink) error {
	data, err := io.ReadAll(r)
	rd := p.reading(f, sink)
	w := logline.Walker{Data: data, Number: 1}
	var cols []column
	aged := false
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		text := strings.TrimRight(string(l.Text), " ")
		ref := hindcast.Ref{File: f.Name, Line: l.Number, Offset: l.Offset}
		switch {
		case cols == nil || columns(text) != nil:
			cols = columns(text)
		case text != "" && !rd.row(ref, cells(text, cols), cols) && !aged:
			aged = true
			rd.Problem(ref, "the table gives ages or no times; export the events with kubectl get events -o json")
		}
	}
	return err
}

// row writes one line of a table; false when it has no time.
func (rd *reading) row(ref hindcast.Ref, cells []string, cols []column) bool {
	get := func(names ...string) string {
		if i := find(cols, names...); i >= 0 && i < len(cells) && cells[i] != "<none>" && cells[i] != "<unknown>" && cells[i] != "<nil>" {
			return cells[i]
		}
		return ""
	}
	first, last := get("FIRST SEEN", "FIRST", "FIRSTSEEN", "FIRSTTIMESTAMP", "FIRST TIMESTAMP"), get("LAST SEEN", "LAST", "LASTSEEN", "LASTTIMESTAMP", "LAST TIMESTAMP")
	at := cmp.Or(first, get("EVENTTIME", "EVENT TIME", "TIME", "TIMESTAMP", "TS", "CREATED", "CREATIONTIMESTAMP"), last)
	if _, _, ok := rd.Time(at); !ok {
		return false
	}
	kind, name, ok := strings.Cut(get("OBJECT", "INVOLVED OBJECT", "INVOLVEDOBJECT"), "/")
	if !ok {
		kind, name = get("KIND"), strings.TrimPrefix(kind+get("NAME"), "/")
	}
	e := about(objectRef{kindName(kind), get("NAMESPACE"), name}, get("SOURCE", "FROM", "COMPONENT"), get("REASON"), get("TYPE"))
	rd.words(&e, get("MESSAGE", "NOTE"))
	count, _ := strconv.Atoi(get("COUNT")) // 0 where there is none
	rd.repeated(&e, count, at, last)
	return rd.Write(ref, at, e)
}

// kindName returns a kind as the API spells it: tables have it in lower case.
func kindName(s string) string {
	for _, k := range []string{"Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Node", "Service", "Ingress", "HorizontalPodAutoscaler", "PersistentVolumeClaim"} {
		if strings.EqualFold(s, k) {
			return k
		}
	}
	return s
}
