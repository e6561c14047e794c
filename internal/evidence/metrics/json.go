package metrics

import (
	"cmp"
	"io"
	"maps"
	"path"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// answer is the reading of one JSON file.
type answer struct {
	sink   record.Sink
	series *series.Set
	clock  *logtime.Clock
}

func newAnswer(f *record.File, sink record.Sink) answer {
	return answer{sink, series.NewSet(f), logtime.NewClock(f, logtime.Habit{})}
}

// parserOf returns a [record.Format] Parse function that calls read with the records at
// paths.
func parserOf(read func(answer, jsonrec.Record), paths ...string) func(*record.File, io.Reader, record.Sink) error {
	return func(f *record.File, r io.Reader, sink record.Sink) error {
		a := newAnswer(f, sink)
		err := jsonrec.Each(f, r, sink, func(rec jsonrec.Record) { read(a, rec) }, paths...)
		a.clock.Report(sink)
		return err
	}
}

// record reads an answer or one of its series by what it holds.
func (a answer) record(rec jsonrec.Record) {
	if inner, ok := rec.Member("response"); ok { // Grafana's query inspector keeps the request beside it
		rec = inner
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		switch string(key) {
		case "series":
			v.EachObject(a.datadog)
		case "data":
			a.datadogV2(v)
		case "MetricDataResults":
			v.EachObject(a.cloudwatch)
		case "Datapoints":
			a.statistics(rec, v)
		case "results":
			v.EachObject(a.influx)
			v.EachMember(func(_ []byte, v jsonrec.Record) bool {
				list, _ := v.Member("frames")
				list.EachObject(a.frame)
				return true
			})
		case "frames":
			v.EachObject(a.frame)
		case "schema":
			a.frame(rec)
		case "datapoints":
			a.graphite(rec, v)
		case "value":
			v.EachObject(a.azure)
		case "timeseries":
			a.azure(rec)
		}
		return true
	})
}

// add passes on a sample; its place is that of the value. null is a gap.
func (a answer) add(s *record.Series, at string, v jsonrec.Record) {
	var text jsonrec.Scalar
	if !v.Decode(&text, a.sink) || text == "" {
		return
	}
	t, ok := readTime(a.clock, []byte(at))
	n, gap, valid := number(string(text))
	if !ok || !valid {
		a.sink.Problem(v.Problem(noPoint))
		return
	}
	if !gap {
		a.sink.Sample(&record.Sample{Series: s, Line: v.Line, At: t, Value: n})
	}
}

// pairs adds a list of [TIME, VALUE], or [VALUE, TIME] when swapped.
func (a answer) pairs(s *record.Series, list jsonrec.Record, swapped bool) {
	list.EachElement(func(pair jsonrec.Record) bool {
		p := pair.Elements()
		if len(p) != 2 {
			a.sink.Problem(pair.Problem(noPoint))
			return true
		}
		if swapped {
			p[0], p[1] = p[1], p[0]
		}
		a.add(s, string(p[0].Raw), p[1])
		return true
	})
}

// columns adds a list of values whose times are a list beside it.
func (a answer) columns(s *record.Series, times, values jsonrec.Record) {
	at := times.Elements()
	i := 0
	values.EachElement(func(v jsonrec.Record) bool {
		if i == len(at) {
			return false
		}
		a.add(s, strings.Trim(string(at[i].Raw), `"`), v)
		i++
		return true
	})
}

// tagged reads tags as Datadog writes them, "service:basket".
func tagged(tags []string) series.Labels {
	labels := series.Labels{}
	for _, t := range tags {
		if k, v, ok := strings.Cut(strings.TrimSpace(t), ":"); ok {
			labels[k] = v
		}
	}
	return labels
}

func (a answer) datadog(rec jsonrec.Record) {
	var s struct {
		Metric string   `json:"metric"`
		Name   string   `json:"display_name"`
		Scope  string   `json:"scope"`
		Tags   []string `json:"tag_set"`
	}
	if !rec.Decode(&s, a.sink) {
		return
	}
	points, _ := rec.Member("pointlist")
	a.pairs(a.series.Get(cmp.Or(s.Metric, s.Name), tagged(append(s.Tags, strings.Split(s.Scope, ",")...))), points, false)
}

// datadogV2 reads series whose values are lists in the order of the series.
func (a answer) datadogV2(rec jsonrec.Record) {
	var heads []struct {
		Tags []string `json:"group_tags"`
	}
	list, ok := rec.Member("attributes", "series")
	if !ok || !list.Decode(&heads, a.sink) {
		return
	}
	times, _ := rec.Member("attributes", "times")
	values, _ := rec.Member("attributes", "values")
	for i, v := range values.Elements() {
		if i < len(heads) {
			a.columns(a.series.Get("", tagged(heads[i].Tags)), times, v)
		}
	}
}

func (a answer) cloudwatch(rec jsonrec.Record) {
	var m struct{ ID, Label string }
	if !rec.Decode(&m, a.sink) {
		return
	}
	times, _ := rec.Member("Timestamps")
	values, _ := rec.Member("Values")
	a.columns(a.series.Get(cmp.Or(m.Label, m.ID), nil), times, values)
}

// statistics reads get-metric-statistics: a point has one member for every
// statistic.
func (a answer) statistics(rec, points jsonrec.Record) {
	var m struct{ Label string }
	if !rec.Decode(&m, a.sink) {
		return
	}
	points.EachObject(func(p jsonrec.Record) {
		var at struct{ Timestamp jsonrec.Scalar }
		if !p.Decode(&at, a.sink) {
			return
		}
		p.EachMember(func(key []byte, v jsonrec.Record) bool {
			if k := string(key); k != "Timestamp" && k != "Unit" && v.Raw[0] != '{' {
				a.add(a.series.Get(m.Label, series.Labels{"statistic": k}), string(at.Timestamp), v)
			}
			return true
		})
	})
}

// frame reads a data frame of Grafana: columns, of which one is the time.
func (a answer) frame(rec jsonrec.Record) {
	var f struct {
		Schema struct {
			Name   string `json:"name"`
			RefID  string `json:"refId"`
			Fields []struct {
				Name   string        `json:"name"`
				Type   string        `json:"type"`
				Labels series.Labels `json:"labels"`
				Config struct {
					Name string `json:"displayNameFromDS"`
				} `json:"config"`
			} `json:"fields"`
		} `json:"schema"`
	}
	if !rec.Decode(&f, a.sink) {
		return
	}
	list, _ := rec.Member("data", "values")
	columns := list.Elements()
	var times jsonrec.Record
	for i, field := range f.Schema.Fields {
		if field.Type == "time" && i < len(columns) {
			times = columns[i]
		}
	}
	for i, field := range f.Schema.Fields {
		if field.Type != "number" || i >= len(columns) {
			continue
		}
		name := field.Name
		if name == "Value" || name == "" { // what Grafana calls a value without a name
			name = cmp.Or(field.Labels["__name__"], f.Schema.Name, field.Config.Name, f.Schema.RefID)
		}
		delete(field.Labels, "__name__")
		a.columns(a.series.Get(name, field.Labels), times, columns[i])
	}
}

// influx reads one statement's result: tables of series.
func (a answer) influx(rec jsonrec.Record) {
	list, _ := rec.Member("series")
	list.EachObject(func(rec jsonrec.Record) {
		var s struct {
			Name    string        `json:"name"`
			Tags    series.Labels `json:"tags"`
			Columns []string      `json:"columns"`
		}
		if !rec.Decode(&s, a.sink) {
			return
		}
		rows, _ := rec.Member("values")
		rows.EachElement(func(row jsonrec.Record) bool {
			cells := row.Elements()
			for i := 1; i < len(cells) && i < len(s.Columns); i++ {
				if c := cells[i].Raw[0]; s.Columns[0] == "time" && (c == '-' || c >= '0' && c <= '9') {
					a.add(a.series.Get(s.Name+"_"+s.Columns[i], s.Tags), strings.Trim(string(cells[0].Raw), `"`), cells[i])
				}
			}
			return true
		})
	})
}

// graphite reads a target with its points, [VALUE, TIME].
func (a answer) graphite(rec, points jsonrec.Record) {
	var t struct {
		Target string        `json:"target"`
		Tags   series.Labels `json:"tags"`
	}
	if !rec.Decode(&t, a.sink) {
		return
	}
	delete(t.Tags, "name")
	a.pairs(a.series.Get(t.Target, t.Tags), points, true)
}

// azure reads one metric of Azure Monitor: a point has one member for every
// aggregation.
func (a answer) azure(rec jsonrec.Record) {
	var m struct {
		ID   string
		Name struct{ Value string }
	}
	if !rec.Decode(&m, a.sink) {
		return
	}
	resource, _, _ := strings.Cut(m.ID, "/providers/Microsoft.Insights/")
	list, _ := rec.Member("timeseries")
	list.EachObject(func(one jsonrec.Record) {
		var s struct {
			Of []struct {
				Name  struct{ Value string }
				Value string
			} `json:"metadatavalues"`
		}
		if !one.Decode(&s, a.sink) {
			return
		}
		labels := series.Labels{"resource": path.Base(resource)}
		for _, l := range s.Of {
			labels[l.Name.Value] = l.Value
		}
		points, _ := one.Member("data")
		points.EachObject(func(p jsonrec.Record) { a.aggregations(p, m.Name.Value, labels) })
	})
}

func (a answer) aggregations(p jsonrec.Record, name string, labels series.Labels) {
	var at struct {
		Time string `json:"timeStamp"`
	}
	if !p.Decode(&at, a.sink) {
		return
	}
	p.EachMember(func(key []byte, v jsonrec.Record) bool {
		if k := string(key); !strings.EqualFold(k, "timeStamp") && v.Raw[0] != '{' {
			of := maps.Clone(labels)
			of["statistic"] = k
			a.add(a.series.Get(name, of), at.Time, v)
		}
		return true
	})
}
