// Package metrics reads time series from files that monitoring systems export.
//
// Delimited text with a header (metrics-csv) comes wide or long, with any
// delimiter, and with the unit behind a number where Grafana formats it:
//
//	time,service,p99_ms,error_ratio        a column is a metric; other columns that
//	                                       hold text are labels
//	time,metric,value,service              a row is a sample, named by a column
//	"Time","basket p99","mail p99"         Grafana: inspect, data, download CSV
//	,result,table,_time,_value,_field,...  InfluxDB, annotated CSV
//
// An empty cell is a gap. Answers of query APIs in JSON:
//
//	Datadog /api/v1/query, /api/v2/query/timeseries          datadog-query
//	aws cloudwatch get-metric-data, get-metric-statistics    cloudwatch-metrics
//	Grafana /api/ds/query, query inspector                   grafana-frames
//	InfluxDB /query                                          influxdb-query
//	Graphite /render?format=json                             graphite-render
//	az monitor metrics list                                  azure-metrics
//	Log Analytics, Application Insights: summarized tables   kusto-query
//
// Lines that programs send to InfluxDB, Graphite and OpenTSDB are metrics-lines, and so
// is what Graphite renders as CSV.
package metrics

import (
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Formats returns the formats of exported time series.
func Formats() []record.Format {
	answer := func(name, source, marker string, fits func(jsonrec.Fields) bool) record.Format {
		return record.Format{Name: name, Source: source, Recognize: jsonrec.Recognizer(92, marker, fits), Parse: parseJSON}
	}
	return []record.Format{
		{Name: "metrics-csv", Recognize: recognize, Dayless: dayless, Lines: newParser},
		{Name: "metrics-lines", Recognize: recognizeLines, Lines: newLineParser},
		answer("datadog-query", "Datadog", `"series"`, func(f jsonrec.Fields) bool {
			return f.Has("series.metric", "series.pointlist") || f.Has("data.attributes.series") && f.Any("data.attributes.times", "data.attributes.values")
		}),
		answer("cloudwatch-metrics", "CloudWatch", `"Timestamp`, func(f jsonrec.Fields) bool {
			return f.Has("MetricDataResults.Timestamps", "MetricDataResults.Id") || f.Has("Datapoints.Timestamp")
		}),
		answer("grafana-frames", "Grafana", `"schema"`, func(f jsonrec.Fields) bool {
			return f["schema.fields"] == "[" || f["frames.schema.fields"] == "[" || f["results"] == "{" || f["response.results"] == "{"
		}),
		answer("influxdb-query", "InfluxDB", `"columns"`, func(f jsonrec.Fields) bool { return f.Has("results.series.columns") }),
		answer("azure-metrics", "Azure Monitor", `"timeseries"`, func(f jsonrec.Fields) bool {
			return f.Has("value.timeseries", "value.name") || f.Has("timeseries.data", "name.value")
		}),
		{Name: "kusto-query", Source: "Azure Monitor", Recognize: recognizeKusto, Parse: parseKusto},
		answer("graphite-render", "Graphite", `"datapoints"`, func(f jsonrec.Fields) bool { return f.Has("target", "datapoints") }),
	}
}

// recognize is sure enough to win over a table with a time column, and leaves
// logs and events to the formats that know them.
func recognize(h record.Head) int {
	if _, ok := settle(h); ok {
		return 60
	}
	return 0
}
