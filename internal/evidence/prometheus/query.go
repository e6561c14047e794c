package prometheus

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// result reads one series of an answer.
func (rd *reading) result(rec jsonrec.Record) {
	if rec.Raw[0] != '{' {
		rd.single(rec)
		return
	}
	var metric, values, times jsonrec.Record
	failed := false
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		switch string(key) {
		case "metric":
			metric = v
		case "values", "value":
			values = v
		case "timestamps":
			times = v
		case "errorType":
			failed = true
		}
		return true
	})
	labels := series.Labels{}
	switch {
	case failed:
		rd.sink.Problem(rec.Problem("this is an error that the server answered, not data; run the query again"))
		return
	case values.Raw == nil: // native histograms, statistics
		return
	case metric.Raw == nil || json.Unmarshal(metric.Raw, &labels) != nil:
		rd.sink.Problem(rec.Problem("the series has no labels that can be read; it was skipped"))
		return
	}
	name := labels["__name__"]
	delete(labels, "__name__")
	rd.samples(name, labels, rd.pairs(values, times))
}

// sample is one value with its place.
type sample struct {
	rec   jsonrec.Record
	at    int64
	value float64
}

// samples passes on the samples of one series, or what they state.
func (rd *reading) samples(name string, labels series.Labels, each func(func(sample))) {
	if name == "ALERTS" {
		rd.alert(labels, each)
		return
	}
	s := rd.series.Get(name, labels)
	version := versionOf(name, labels)
	each(func(p sample) {
		rd.sink.Sample(&record.Sample{Series: s, Line: p.rec.Line, At: p.at, Value: p.value})
		if version != "" && p.value > 0 {
			rd.versions.add(s, version, p)
		}
	})
}

// pairs returns the samples of a series: [time, "value"] pairs, one such pair,
// or values with their times in an array of their own.
func (rd *reading) pairs(values, times jsonrec.Record) func(func(sample)) {
	return func(fn func(sample)) {
		keep := func(v jsonrec.Record, at, value []byte) {
			p, ok := read(v, at, value)
			if !ok {
				rd.sink.Problem(v.Problem("this is no time with a number; the sample was skipped"))
			}
			if ok && !math.IsNaN(p.value) && !math.IsInf(p.value, 0) {
				rd.latest = max(rd.latest, p.at)
				fn(p)
			}
		}
		switch inner := bytes.TrimLeft(values.Raw[1:], " \t\r\n"); {
		case times.Raw != nil:
			zip(values, times, keep)
		case len(inner) > 0 && inner[0] == '[':
			values.EachElement(func(v jsonrec.Record) bool {
				at, value := cutPair(v.Raw)
				keep(v, at, value)
				return true
			})
		case len(inner) > 1:
			at, value := cutPair(values.Raw)
			keep(values, at, value)
		}
	}
}

// zip calls fn with every value and its time.
func zip(values, times jsonrec.Record, fn func(v jsonrec.Record, at, value []byte)) {
	stamps := times.Elements()
	values.EachElement(func(v jsonrec.Record) bool {
		if len(stamps) == 0 {
			return false
		}
		fn(v, stamps[0].Raw, v.Raw)
		stamps = stamps[1:]
		return true
	})
}

// cutPair cuts "[TIME, VALUE]".
func cutPair(raw []byte) (at, value []byte) {
	at, value, _ = bytes.Cut(raw[min(1, len(raw)):], []byte{','})
	return at, bytes.TrimSuffix(value, []byte{']'})
}

// read reads a time and a value, quoted or not. null is a gap.
func read(rec jsonrec.Record, at, value []byte) (sample, bool) {
	t, ok := stamp.EpochString(string(bytes.TrimSpace(at)))
	if !ok {
		return sample{}, false
	}
	text := string(bytes.Trim(value, "\" \t\r\n"))
	if text == "null" {
		text = "NaN"
	}
	v, err := strconv.ParseFloat(text, 64)
	return sample{rec, t.UnixNano(), v}, err == nil
}

// single reads a scalar answer, whose time and value are elements of the result
// themselves.
func (rd *reading) single(rec jsonrec.Record) {
	if rec.Raw[0] != '"' {
		rd.scalar = bytes.Clone(rec.Raw)
		return
	}
	if p, ok := read(rec, rd.scalar, rec.Raw); ok {
		rd.samples("", nil, func(fn func(sample)) { fn(p) })
	}
}
