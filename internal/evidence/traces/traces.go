// Package traces reads distributed traces, and the logs and metrics that travel
// with them in the OpenTelemetry protocol:
//
//	GET /api/traces, /api/traces/{id} of Jaeger, a trace saved in its UI   jaeger-traces
//	GET /api/v3/traces of Jaeger, /api/traces/{id} of Tempo                otlp-traces
//	file exporter of the OpenTelemetry collector, one request a line       otlp-traces, otlp-logs, otlp-metrics
//	GET /api/v2/traces, /api/v2/trace/{id} of Zipkin                       zipkin-traces
//	aws xray batch-get-traces, documents of segments                       xray-traces
//	a table with a span in every row, as databases export them             trace-csv
//
// A span failed when it says so (error, status code of OpenTelemetry), when an
// HTTP status is 500 or above, or when a gRPC code says that the server is at
// fault. Samples of histograms are their count and sum.
package traces

import (
	"bytes"
	"io"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Formats returns the formats of traces and of OpenTelemetry.
func Formats() []record.Format {
	return []record.Format{
		{Name: "jaeger-traces", Source: "Jaeger", Recognize: jsonrec.Recognizer(95, `"traceID"`, isJaeger), Parse: parseJaeger},
		{Name: "otlp-traces", Source: "OpenTelemetry", Recognize: recognizeOTLP("resourceSpans", "batches"), Parse: parseOTLP},
		{Name: "otlp-logs", Source: "OpenTelemetry", Recognize: recognizeOTLP("resourceLogs"), Parse: parseOTLP},
		{Name: "otlp-metrics", Source: "OpenTelemetry", Recognize: recognizeOTLP("resourceMetrics"), Parse: parseOTLP},
		{Name: "zipkin-traces", Source: "Zipkin", Recognize: recognizeZipkin, Parse: parseZipkin},
		{Name: "xray-traces", Source: "AWS X-Ray", Recognize: recognizeXRay, Parse: parseXRay},
		{Name: "trace-csv", Recognize: recognizeTable, Lines: newTableParser},
	}
}

func isJaeger(f jsonrec.Fields) bool {
	return f.Has("data.traceID", "data.spans") || f.Has("traceID", "spans") || f.Has("traceID", "spanID", "operationName", "startTime")
}

func recognizeOTLP(lists ...string) func(record.Head) int {
	return func(h record.Head) int {
		for _, list := range lists {
			fits := func(f jsonrec.Fields) bool {
				return f.Any(list+".resource", list+".scopeSpans", list+".scopeLogs", list+".scopeMetrics",
					"result."+list+".resource", "result."+list+".scopeSpans", "trace."+list+".resource")
			}
			if n := jsonrec.Recognizer(95, `"`+list+`"`, fits)(h); n > 0 {
				return n
			}
		}
		return 0
	}
}

func recognizeZipkin(h record.Head) int {
	h.Bytes = bytes.TrimLeft(h.Bytes, " \t\r\n[") // a list of traces is a list of lists
	return jsonrec.Recognizer(92, `"traceId"`, func(f jsonrec.Fields) bool {
		return f.Has("traceId", "id", "timestamp") && f.Any("localEndpoint", "kind", "annotations")
	})(h)
}

// origin is where a span comes from.
type origin struct{ service, instance string }

// attributes are the named values of a span, a process or a resource.
type attributes map[string]string

// first returns the first value that is there.
func (a attributes) first(names ...string) string {
	for _, n := range names {
		if v := a[n]; v != "" {
			return v
		}
	}
	return ""
}

// instance returns what ran: the pod, else the host.
func (a attributes) instance() string {
	return a.first("k8s.pod.name", "pod", "pod.name", "kubernetes.pod.name", "hostname", "host.name", "service.instance.id", "ip")
}

// failed reports whether the attributes of a span say that it failed.
func (a attributes) failed() bool {
	if e, ok := a["error"]; ok && e != "false" && e != "0" {
		return true
	}
	if a["otel.status_code"] == "ERROR" {
		return true
	}
	if s := a.first("http.response.status_code", "http.status_code"); len(s) == 3 && s[0] == '5' {
		return true
	}
	return faults[a.first(grpcCode[:]...)]
}

// grpcCode are the names of the attribute that holds a gRPC status.
var grpcCode = [...]string{"rpc.grpc.status_code", "grpc.status_code", "grpc.code", "rpc.response.status_code"}

// faults are the gRPC codes that blame the server: those that OpenTelemetry
// counts as errors of a server span, and resource exhausted.
var faults = map[string]bool{
	"2": true, "4": true, "8": true, "12": true, "13": true, "14": true, "15": true,
	"UNKNOWN": true, "DEADLINE_EXCEEDED": true, "RESOURCE_EXHAUSTED": true, "UNIMPLEMENTED": true, "INTERNAL": true, "UNAVAILABLE": true, "DATA_LOSS": true,
	"Unknown": true, "DeadlineExceeded": true, "ResourceExhausted": true, "Unimplemented": true, "Internal": true, "Unavailable": true, "DataLoss": true,
}

// message returns what the attributes say went wrong, in words or else as a
// status code.
func (a attributes) message() string {
	if m := a.first("otel.status_description", "exception.message", "error.message", "error.object"); m != "" {
		return m
	}
	if e := a["error"]; e != "true" && e != "1" && e != "" {
		return e
	}
	if s := a.first("http.response.status_code", "http.status_code"); s != "" {
		return "HTTP " + s
	}
	if s := a.first(grpcCode[:]...); s != "" {
		return "gRPC " + s
	}
	return ""
}

// emit passes a span on, when it has an identity and a time.
func emit(rec jsonrec.Record, s *record.Span, sink record.Sink) {
	if s.SpanID == "" || s.Start <= 0 {
		sink.Problem(rec.Problem("the span has no id or no start time; it was skipped"))
		return
	}
	s.File, s.Line = rec.File, rec.Line
	s.Duration = max(0, s.Duration)
	if !s.Error {
		s.Message = ""
	}
	sink.Span(s)
}

// objectsOf is objects for the array that is a member of rec.
func objectsOf(rec jsonrec.Record, key string, fn func(jsonrec.Record)) {
	list, _ := rec.Member(key)
	list.EachObject(fn)
}

// parse reads the records of a file at the paths given.
func parse(f *record.File, r io.Reader, sink record.Sink, fn func(jsonrec.Record), paths ...string) error {
	return jsonrec.Each(f, r, sink, func(rec jsonrec.Record) {
		if rec.Raw[0] == '{' || rec.Raw[0] == '[' {
			fn(rec)
			return
		}
		sink.Problem(rec.Problem("this is no object; it was skipped"))
	}, paths...)
}
