package metrics

import (
	"maps"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// Aggregations of Elasticsearch and OpenSearch by time are samples: the documents in
// each bucket of a date_histogram, and the metrics within it. Terms around or within it
// are labels, called after their aggregation.

// aggregated is where the aggregations of an answer stand.
var aggregated = []string{"aggregations", "rawResponse.aggregations", "response.aggregations"}

// isAggregated reports whether a search gives no hits and counts them by time.
func isAggregated(f jsonrec.Fields) bool {
	for _, hits := range []string{"hits.hits._index", "rawResponse.hits.hits._index", "response.hits.hits._index"} {
		if f.Has(hits) {
			return false
		}
	}
	for k, key := range f {
		at, ok := strings.CutSuffix(k, ".buckets.key_as_string")
		if !ok || !timed([]byte(f[at+".buckets.key"])) || key == "" {
			continue
		}
		for _, where := range aggregated {
			if strings.HasPrefix(at, where+".") {
				return true
			}
		}
	}
	return false
}

// timed reports whether the key of a bucket is a time in milliseconds.
func timed(key []byte) bool {
	_, ok := logtime.Number(key)
	return ok && len(key) >= 12
}

// elastic reads the aggregations of an answer.
func (a answer) elastic(rec jsonrec.Record) {
	for _, where := range aggregated {
		if list, ok := rec.Member(strings.Split(where, ".")...); ok {
			a.within(list, "", nil, deepestAnswer)
		}
	}
}

// within reads the aggregations of an answer or of a bucket, which is of the time at
// when it lies within one of time.
func (a answer) within(rec jsonrec.Record, at string, labels series.Labels, depth int) {
	if depth == 0 {
		return
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if v.Raw[0] != '{' {
			return true
		}
		name := string(key)
		if _, typed, ok := strings.Cut(name, "#"); ok { // typed_keys
			name = typed
		}
		buckets, ok := v.Member("buckets")
		switch {
		case ok:
			a.buckets(buckets, name, at, labels, depth-1)
		case at != "":
			a.measured(v, name, at, labels, depth-1)
		default:
			a.within(v, at, labels, depth-1) // a filter or the like around others
		}
		return true
	})
}

// buckets reads the buckets of one aggregation, in a list or by their keys.
func (a answer) buckets(list jsonrec.Record, name, at string, labels series.Labels, depth int) {
	bucket := func(key string, b jsonrec.Record) {
		at, of := at, labels
		if k, ok := b.Member("key"); ok && at == "" && timed(k.Raw) {
			at = string(k.Raw)
		} else {
			of = maps.Clone(labels)
			if of == nil {
				of = series.Labels{}
			}
			of[name] = key
			if ok && text(k) != "" {
				of[name] = text(k)
			}
		}
		if n, ok := b.Member("doc_count"); ok && at != "" {
			a.add(a.series.Get("doc_count", of), at, n)
		}
		a.within(b, at, of, depth-1)
	}
	list.EachObject(func(b jsonrec.Record) { bucket("", b) })
	list.EachMember(func(key []byte, b jsonrec.Record) bool {
		bucket(string(key), b)
		return true
	})
}

// measured adds what an aggregation measured in a bucket of time: one value, one for
// each percentile, or several statistics.
func (a answer) measured(rec jsonrec.Record, name, at string, labels series.Labels, depth int) {
	if v, ok := rec.Member("value"); ok {
		a.add(a.series.Get(name, labels), at, v)
		return
	}
	if values, ok := rec.Member("values"); ok {
		rec = values
	}
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if k := string(key); numeric(v) && v.Raw[0] != '"' {
			of := maps.Clone(labels)
			if of == nil {
				of = series.Labels{}
			}
			of["statistic"] = k
			a.add(a.series.Get(name, of), at, v)
		}
		return true
	})
	a.within(rec, at, labels, depth-1)
}
