// Package prometheus reads the samples that Prometheus and the systems that
// speak its language (Thanos, Mimir, VictoriaMetrics, Loki) answer to queries:
//
//	GET /api/v1/query_range, /api/v1/query, also Loki's   prometheus-query
//	promtool query range -o json                          prometheus-query
//	GET /api/v1/export of VictoriaMetrics                 victoriametrics-export
//	GET /federate, promtool tsdb dump, dump-openmetrics   prometheus-text
//
// Every value is a sample on its own line of the file; NaN and infinities are
// gaps. Two kinds of series also state facts. When the series of a build_info
// metric differ in their version, the moment a version is first seen is an
// event. The series ALERTS, which keeps what /api/v1/alerts forgets, becomes the
// alerts that fired and resolved, under the fingerprints that Alertmanager gives
// them.
package prometheus

import (
	"io"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of query answers and exported samples.
func Formats() []record.Format {
	p := parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{
		{Name: "prometheus-query", Source: "Prometheus", Keeps: retention, Recognize: recognizeQuery, Parse: p.parse},
		{Name: "victoriametrics-export", Source: "VictoriaMetrics", Recognize: jsonrec.Recognizer(92, `"timestamps"`, func(f jsonrec.Fields) bool {
			return f["metric"] == "{" && f["values"] == "[" && f["timestamps"] == "["
		}), Parse: p.parse},
		{Name: "prometheus-text", Source: "Prometheus", Keeps: retention, Recognize: recognizeText, Lines: textLines},
	}
}

// retention is how long Prometheus keeps samples unless it is told otherwise
// (--storage.tsdb.retention.time).
const retention = 15 * 24 * time.Hour

func recognizeQuery(h record.Head) int {
	return max(
		jsonrec.Recognizer(95, `"resultType"`, func(f jsonrec.Fields) bool { return resultTypes[f["data.resultType"]] })(h),
		jsonrec.Recognizer(90, `"metric"`, func(f jsonrec.Fields) bool {
			return f["data.result.metric"] == "{" || f["metric"] == "{" && !f.Has("timestamps") && (f["values"] == "[" || f["value"] == "[")
		})(h),
		jsonrec.Recognizer(90, `"errorType"`, func(f jsonrec.Fields) bool { return f["status"] == "error" && f.Has("error") })(h),
	)
}

// resultTypes are the kinds of answer that hold samples.
var resultTypes = map[string]bool{"matrix": true, "vector": true, "scalar": true, "string": true}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// reading is the parsing of one file.
type reading struct {
	parser
	*fact.Writer
	sink     record.Sink
	series   *series.Set
	versions versions
	alerts   alerts
	latest   int64 // time of the latest sample, nanoseconds since the Unix epoch
	scalar   []byte
}

func (p parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{
		parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, series: series.NewSet(f),
		versions: versions{}, latest: record.NoTime,
	}
	err := jsonrec.Each(f, r, sink, rd.result, "data.result", "")
	rd.reportVersions()
	rd.reportAlerts()
	return err
}
