package metrics

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// Samples in JSON whose form is nobody's alone: points that are objects with a time and
// a number, pairs of the two, lists of times and of values beside each other, and rows
// below the names of their columns. What is around them names their series.

// Names of members, in lower case, letters and digits only.
var (
	pointTimes  = append([]string{"x", "starttime", "begintimeseconds", "starttimeinmillis", "datetimestamp", "bucket", "minute"}, timeNames...)
	pointEnds   = []string{"endtime", "endtimeseconds", "endtimeinmillis", "span", "ns", "unit", "units", "interval", "userange", "coverage"}
	pointValues = []string{"v", "value", "y", "val", "metricvalue"}
	pointNames  = []string{"metric", "metricname", "metricid", "metricpath", "name", "target", "field", "series", "measurement", "counter", "parameter", "sensor"}
	seriesNames = append([]string{"label", "title", "displayname", "legend", "legendformat"}, pointNames...)
	pointLists  = []string{"points", "data", "values", "datapoints", "samples", "series", "history", "histdata", "results", "result", "metrics", "items", "timeseries", "metricvalues", "metricdata", "rows", "response"}
	labelSets   = []string{"labels", "tags", "dimensions", "dimensionmap", "attributes"}
	logged      = []string{"type", "status", "state", "id", "kind", "code", "path", "method", "statuscode", "requestid", "traceid", "spanid", "duration", "durationms", "pid", "thread", "logger", "version", "amount", "price", "enabled", "old", "new", "previous"}
)

// walk looks for points in a JSON value.
type walk struct {
	answer
	covered int  // bytes of what held points
	wide    bool // there are points of no series without a member that is the value: each number is one
	points  bool // the document is a list of points
}

func parsePoints(f *record.File, r io.Reader, sink record.Sink) error {
	w := walk{answer: newAnswer(f, sink)}
	var head jsonrec.Record // of rows whose columns the first one names
	err := jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		if names := w.header(rec); names != nil {
			head = rec
			head.Raw = slices.Clone(rec.Raw)
			return
		}
		if head.Raw != nil && rec.Raw[0] == '[' {
			w.row(w.header(head), rec, "", nil)
			return
		}
		w.top(rec)
	}, "")
	w.clock.Report(sink)
	return err
}

// top reads an element of the document, or the document itself.
func (w *walk) top(rec jsonrec.Record) {
	if w.pair(rec) {
		w.covered += len(rec.Raw)
		w.addPair("", nil, rec)
		return
	}
	point := w.value(rec, "", nil, 0)
	w.missed(rec, w.points, point)
	w.points = w.points || point
}

// missed reports a record that is no point among points.
func (w *walk) missed(rec jsonrec.Record, points, point bool) {
	if points && !point {
		w.sink.Problem(rec.Problem(noPoint))
	}
}

const noPoint = "this is no time with a number; the sample was skipped"

// deepestPoint is how many containers are around a point at most.
const deepestPoint = 8

// value reads what stands in a series of that name, and reports whether it is a point.
func (w *walk) value(rec jsonrec.Record, name string, labels series.Labels, depth int) bool {
	if len(rec.Raw) == 0 || depth > deepestPoint {
		return false
	}
	switch rec.Raw[0] {
	case '[':
		w.list(rec, name, labels, depth)
	case '{':
		if p, ok := w.point(rec, name != ""); ok {
			w.covered += len(rec.Raw)
			w.addPoint(p, name, labels)
			return true
		}
		w.object(rec, name, labels, depth)
	}
	return false
}

// list reads a list of pairs, of rows below their names, or of anything else.
func (w *walk) list(rec jsonrec.Record, name string, labels series.Labels, depth int) {
	var columns []string
	first, pairs, points := true, false, false
	rec.EachElement(func(e jsonrec.Record) bool {
		if first {
			first, columns, pairs = false, w.header(e), w.pair(e)
			if columns != nil || pairs {
				w.covered += len(rec.Raw)
				if columns != nil {
					return true
				}
			}
		}
		switch {
		case columns != nil:
			w.row(columns, e, name, labels)
		case pairs:
			w.addPair(name, labels, e)
		default:
			point := w.value(e, name, labels, depth+1)
			w.missed(e, points, point)
			points = points || point
		}
		return true
	})
}

// pair reports whether a record is a time and a number, in either order.
func (w *walk) pair(rec jsonrec.Record) bool {
	if rec.Raw[0] != '[' {
		return false
	}
	p := rec.Elements()
	return len(p) == 2 && (w.isTime(p[0]) && numeric(p[1]) || w.isTime(p[1]) && numeric(p[0]))
}

func (w *walk) addPair(name string, labels series.Labels, rec jsonrec.Record) {
	p := rec.Elements()
	if len(p) == 2 && !w.isTime(p[0]) && w.isTime(p[1]) {
		p[0], p[1] = p[1], p[0]
	}
	if len(p) != 2 {
		w.sink.Problem(rec.Problem(noPoint))
		return
	}
	w.add(w.series.Get(name, labels), text(p[0]), p[1])
}

// isTime reports whether a record is a date with a time of day or a number since 1970.
func (w *walk) isTime(rec jsonrec.Record) bool {
	t := text(rec)
	_, ok := readTime(w.clock, []byte(t))
	return ok && len(t) >= 10
}

// text returns a scalar as text; "" for any other record.
func text(rec jsonrec.Record) string {
	var s jsonrec.Scalar
	if len(rec.Raw) == 0 || rec.Raw[0] == '{' || rec.Raw[0] == '[' || s.UnmarshalJSON(rec.Raw) != nil {
		return ""
	}
	return string(s)
}

// numeric reports whether a record is a number, which may be in quotes, or null.
func numeric(rec jsonrec.Record) bool {
	t := text(rec)
	if t == "" {
		return string(rec.Raw) == "null"
	}
	_, err := strconv.ParseFloat(t, 64)
	return err == nil
}

// jsonPoint is an object with a time and numbers.
type jsonPoint struct {
	at     string
	name   string
	labels series.Labels
	value  jsonrec.Record   // the number that is the value; empty when there is none
	names  []string         // of the other numbers
	others []jsonrec.Record // by name
}

// point reads an object as a point. Within a series a point needs no name; ok is false
// for what rather is a record of a log.
func (w *walk) point(rec jsonrec.Record, within bool) (p jsonPoint, ok bool) {
	p.labels = series.Labels{}
	ok = true
	doubtful, texts := false, false // a member that logs have, a text that does not tell series apart by its name
	strong := within
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k := fold(string(key))
		t := text(v)
		container := v.Raw[0] == '{' || v.Raw[0] == '['
		switch {
		case p.at == "" && slices.Contains(pointTimes, k) && w.isTime(v):
			p.at = t
		case slices.Contains(pointTimes, k) && w.isTime(v), slices.Contains(pointEnds, k):
		case slices.Contains(labelSets, k) && v.Raw[0] == '{':
			addLabels(p.labels, v)
		case slices.Contains(pointValues, k) && numeric(v):
			p.value = v
		case container || slices.Contains(talk, k):
			ok = false
		case p.name == "" && slices.Contains(pointNames, k) && !numeric(v):
			p.name = t
			strong = strong || strings.HasPrefix(k, "metric")
		case slices.Contains(labelNames, k):
			p.labels[string(key)] = t
		case numeric(v) && t != "":
			p.names, p.others = append(p.names, string(key)), append(p.others, v)
			doubtful = doubtful || slices.Contains(logged, k)
		case t == "true" || t == "false" || len(t) > 60:
			ok = false
		case t != "":
			p.labels[string(key)] = t
			texts = true
			doubtful = doubtful || slices.Contains(logged, k)
		}
		return ok
	})
	if len(p.value.Raw) == 0 && !within && texts {
		return p, false
	}
	return p, ok && p.at != "" && (len(p.value.Raw) > 0 || len(p.others) > 0) && (strong || !doubtful)
}

// addLabels adds the scalars of an object.
func addLabels(labels series.Labels, rec jsonrec.Record) {
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if t := text(v); t != "" && len(t) <= 100 {
			labels[string(key)] = t
		}
		return true
	})
}

// addPoint adds the value of a point, or all its numbers when none is the value.
func (w *walk) addPoint(p jsonPoint, name string, labels series.Labels) {
	if labels != nil {
		maps.Copy(p.labels, labels)
	}
	name = cmp.Or(p.name, name)
	if len(p.value.Raw) > 0 {
		w.add(w.series.Get(name, p.labels), p.at, p.value)
		return
	}
	w.wide = w.wide || name == ""
	for i, k := range p.names {
		if name == "" {
			w.add(w.series.Get(k, p.labels), p.at, p.others[i])
			continue
		}
		of := maps.Clone(p.labels)
		of["statistic"] = k
		w.add(w.series.Get(name, of), p.at, p.others[i])
	}
}

// object reads the members of an object that is no point.
func (w *walk) object(rec jsonrec.Record, name string, labels series.Labels, depth int) {
	own, inner := "", maps.Clone(labels)
	if inner == nil {
		inner = series.Labels{}
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k, t := fold(string(key)), text(v)
		switch {
		case (own == "" || k == "metricpath") && t != "" && len(t) <= 200 && slices.Contains(seriesNames, k) && !numeric(v):
			own = t
		case slices.Contains(labelSets, k) && v.Raw[0] == '{':
			addLabels(inner, v)
		case t != "" && slices.Contains(labelNames, k):
			inner[string(key)] = t
		}
		return true
	})
	name = cmp.Or(own, name)
	if w.table(rec, name, inner) {
		return
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k := fold(string(key))
		switch {
		case v.Raw[0] != '{' && v.Raw[0] != '[' || slices.Contains(labelSets, k) && v.Raw[0] == '{':
		case slices.Contains(pointLists, k):
			w.value(v, name, inner, depth+1)
		default:
			w.value(v, strings.TrimPrefix(name+"_"+string(key), "_"), inner, depth+1)
		}
		return true
	})
}
