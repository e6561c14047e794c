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
// Tables may be aligned with blanks instead, as terminals print them and vmstat -t does.
// An empty cell is a gap. Answers of query APIs in JSON:
//
//	Datadog /api/v1/query, /api/v2/query/timeseries          datadog-query
//	aws cloudwatch get-metric-data, get-metric-statistics    cloudwatch-metrics
//	Grafana /api/ds/query, query inspector                   grafana-frames
//	InfluxDB /query                                          influxdb-query
//	Graphite /render?format=json                             graphite-render
//	az monitor metrics list                                  azure-metrics
//	Log Analytics, Application Insights: summarized tables   kusto-query
//	New Relic, NRQL with TIMESERIES                          newrelic-query
//	Google Cloud Monitoring, timeSeries.list                 gcp-metrics
//	Elasticsearch, aggregations by time                      elastic-aggregations
//	Honeycomb, query results                                 honeycomb-results
//	CloudWatch Logs Insights, stats by a bin                 insights-query
//
// JSON that is points with a time and a number, pairs, or rows below the names of their
// columns is metrics-json, whoever wrote it: Zabbix, Netdata, Dynatrace, AppDynamics,
// charts of web pages, scripts.
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
	of := func(name, source, marker string, fits func(jsonrec.Fields) bool) record.Format {
		return record.Format{Name: name, Source: source, Recognize: jsonrec.Recognizer(92, marker, fits), Parse: parserOf(answer.record, "")}
	}
	return []record.Format{
		{Name: "metrics-csv", Recognize: recognize, Dayless: dayless, Lines: newParser},
		{Name: "metrics-lines", Recognize: recognizeLines, Lines: newLineParser},
		of("datadog-query", "Datadog", `"series"`, func(f jsonrec.Fields) bool {
			return f.Has("series.metric", "series.pointlist") || f.Has("data.attributes.series") && f.Any("data.attributes.times", "data.attributes.values")
		}),
		of("cloudwatch-metrics", "CloudWatch", `"Timestamp`, func(f jsonrec.Fields) bool {
			return f.Has("MetricDataResults.Timestamps", "MetricDataResults.Id") || f.Has("Datapoints.Timestamp")
		}),
		of("grafana-frames", "Grafana", `"schema"`, func(f jsonrec.Fields) bool {
			return f["schema.fields"] == "[" || f["frames.schema.fields"] == "[" || f["results"] == "{" || f["response.results"] == "{"
		}),
		of("influxdb-query", "InfluxDB", `"columns"`, func(f jsonrec.Fields) bool { return f.Has("results.series.columns") }),
		of("azure-metrics", "Azure Monitor", `"timeseries"`, func(f jsonrec.Fields) bool {
			return f.Has("value.timeseries", "value.name") || f.Has("timeseries.data", "name.value")
		}),
		{Name: "kusto-query", Source: "Azure Monitor", Recognize: recognizeKusto, Parse: parserOf(answer.kusto, "tables", "Tables")},
		of("graphite-render", "Graphite", `"datapoints"`, func(f jsonrec.Fields) bool { return f.Has("target", "datapoints") }),
		{Name: "newrelic-query", Source: "New Relic", Recognize: jsonrec.Recognizer(92, `"beginTimeSeconds"`, isNRQL), Parse: parserOf(answer.nrql, "")},
		{Name: "gcp-metrics", Source: "Google Cloud", Recognize: jsonrec.Recognizer(92, `"points"`, isGCP), Parse: parserOf(answer.gcp, "timeSeries", "")},
		{Name: "elastic-aggregations", Source: "Elasticsearch", Recognize: jsonrec.Recognizer(96, `"aggregations"`, isAggregated), Parse: parserOf(answer.elastic)},
		{Name: "honeycomb-results", Source: "Honeycomb", Recognize: jsonrec.Recognizer(92, `"series"`, isHoneycomb), Parse: parserOf(answer.honeycomb, "data.series")},
		{Name: "insights-query", Source: "CloudWatch", Recognize: recognizeInsights, Parse: parserOf(answer.insights, "results", "")},
		{Name: "metrics-json", Recognize: recognizePoints, Parse: parsePoints},
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
