package metrics

import (
	"bytes"
	"cmp"
	"maps"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// isNRQL reports whether an answer of NRQL has a TIMESERIES.
func isNRQL(f jsonrec.Fields) bool {
	for k := range f {
		if at, ok := strings.CutSuffix(k, "beginTimeSeconds"); ok && f.Has(at+"endTimeSeconds") {
			return true
		}
	}
	return false
}

// nrql reads an answer of NRQL as NerdGraph gives it, a bucket with its facets in every
// result, and as the Query API does, whose facets hold their buckets.
func (a answer) nrql(rec jsonrec.Record) { a.nrqlIn(rec, nil, deepestAnswer) }

// deepestAnswer is how deep the lists of an answer lie within each other at most.
const deepestAnswer = 12

func (a answer) nrqlIn(rec jsonrec.Record, labels series.Labels, depth int) {
	if depth == 0 {
		return
	}
	buckets, faceted := rec.Member("timeSeries")
	if begin, ok := rec.Member("beginTimeSeconds"); ok && !faceted {
		a.bucket(rec, text(begin), labels)
		return
	}
	if faceted {
		if name, ok := rec.Member("name"); ok {
			labels = series.Labels{"facet": facets(name)}
		}
		rec = buckets
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if k := string(key); k != "metadata" && k != "total" && k != "totalResult" {
			a.nrqlIn(v, labels, depth-1)
		}
		return true
	})
	rec.EachElement(func(e jsonrec.Record) bool {
		a.nrqlIn(e, labels, depth-1)
		return true
	})
}

// facets returns what a bucket is of: a text, or a list of them.
func facets(rec jsonrec.Record) string {
	var of []string
	for _, e := range rec.Elements() {
		of = append(of, text(e))
	}
	return cmp.Or(strings.Join(of, ", "), text(rec))
}

// bucket adds the numbers of a bucket of time; texts beside them are its facets.
func (a answer) bucket(rec jsonrec.Record, at string, labels series.Labels) {
	of := maps.Clone(labels)
	if of == nil {
		of = series.Labels{}
	}
	named := false // the facet stands under its own name too
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if k := string(key); v.Raw[0] == '"' && k != "facet" {
			of[k], named = text(v), true
		}
		return true
	})
	if f, ok := rec.Member("facet"); ok && !named {
		of["facet"] = facets(f)
	}
	a.numbers(rec, at, "", of, map[string]int{})
}

// numbers adds the numbers of an object and of those within it. seen counts those of
// a name, which the Query API tells apart by their place alone.
func (a answer) numbers(rec jsonrec.Record, at, name string, labels series.Labels, seen map[string]int) {
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		k := string(key)
		switch {
		case k == "beginTimeSeconds" || k == "endTimeSeconds" || k == "inspectedCount" || k == "facet" || k == "timestamp":
		case k == "results" && v.Raw[0] == '[':
			v.EachElement(func(e jsonrec.Record) bool {
				a.numbers(e, at, name, labels, seen)
				return true
			})
		case v.Raw[0] == '{':
			inner := strings.TrimPrefix(name+"."+k, ".")
			a.numbers(v, at, inner, labels, seen)
		case v.Raw[0] != '"' && numeric(v):
			of := strings.TrimPrefix(name+"."+k, ".")
			if seen[of]++; seen[of] > 1 {
				of += "_" + strconv.Itoa(seen[of])
			}
			a.add(a.series.Get(of, labels), at, v)
		}
		return true
	})
}

func isGCP(f jsonrec.Fields) bool {
	return f.Has("timeSeries.metric.type", "timeSeries.points.interval") || f.Has("metric.type", "points.interval", "points.value")
}

// gcp reads one series of Google Cloud Monitoring. A point is of the end of its
// interval; of a distribution the mean is taken.
func (a answer) gcp(rec jsonrec.Record) {
	type kind struct {
		Type   string        `json:"type"`
		Labels series.Labels `json:"labels"`
	}
	var s struct{ Metric, Resource kind }
	if !rec.Decode(&s, a.sink) {
		return
	}
	labels := series.Labels{}
	maps.Copy(labels, s.Resource.Labels)
	maps.Copy(labels, s.Metric.Labels)
	points, _ := rec.Member("points")
	points.EachObject(func(p jsonrec.Record) {
		end, _ := p.Member("interval", "endTime")
		v, ok := p.Member("value", "doubleValue")
		if !ok {
			v, ok = p.Member("value", "int64Value")
		}
		of := labels
		if !ok {
			if v, ok = p.Member("value", "distributionValue", "mean"); ok {
				of = maps.Clone(labels)
				of["statistic"] = "mean"
			}
		}
		switch {
		case ok:
			a.add(a.series.Get(s.Metric.Type, of), text(end), v)
		case !holdsOther(p):
			a.sink.Problem(p.Problem(noPoint))
		}
	})
}

// holdsOther reports whether a point is a text, a boolean or an empty distribution.
func holdsOther(p jsonrec.Record) bool {
	for _, k := range []string{"stringValue", "boolValue", "distributionValue"} {
		if _, ok := p.Member("value", k); ok {
			return true
		}
	}
	return false
}

func isHoneycomb(f jsonrec.Fields) bool {
	return f.Has("data.series.time") && f["data.series.data"] == "{"
}

// honeycomb reads the numbers of a group in one step of time.
func (a answer) honeycomb(rec jsonrec.Record) {
	at, timed := rec.Member("time")
	data, ok := rec.Member("data")
	if !ok || !timed {
		a.sink.Problem(rec.Problem(noPoint))
		return
	}
	a.bucket(data, text(at), nil)
}

// insightsAhead begins rows of CloudWatch Logs Insights: lists of names and values.
var insightsAhead = lazyregexp.New(`^\s*(?:\{[^\[\]]*"results"\s*:\s*\[\s*)?\[?\s*\[\s*\{\s*"field"\s*:\s*"`)

// recognizeInsights takes rows that count or measure by a bin of time.
func recognizeInsights(h record.Head) int {
	head := h.Bytes[:min(len(h.Bytes), pointsHead)]
	if insightsAhead.FindSubmatch(head) == nil || bytes.Contains(head, []byte(`"@message"`)) || insightsBin.FindSubmatch(head) == nil {
		return 0
	}
	return 90
}

// insightsBin finds a cell that holds the begin of a bin and nothing else: its name is
// not one that lines of a log have.
var insightsBin = lazyregexp.New(`"field"\s*:\s*"[^@"][^"]*"\s*,\s*"value"\s*:\s*"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"`)

// insights reads a row: the first time is that of its numbers, texts are labels.
func (a answer) insights(rec jsonrec.Record) {
	at := ""
	labels := series.Labels{}
	var names []string
	var values []jsonrec.Record
	rec.EachElement(func(cell jsonrec.Record) bool {
		field, _ := cell.Member("field")
		v, _ := cell.Member("value")
		name, t := text(field), text(v)
		switch {
		case name == "@ptr" || t == "":
		case at == "" && len(t) == len("2006-01-02 15:04:05.000") && t[10] == ' ':
			at = t + "Z" // Insights answers in UTC
		case numeric(v):
			names, values = append(names, name), append(values, v)
		default:
			labels[name] = t
		}
		return true
	})
	if at == "" {
		a.sink.Problem(rec.Problem("the row has no time; it was skipped"))
		return
	}
	for i, name := range names {
		a.add(a.series.Get(name, labels), at, values[i])
	}
}
