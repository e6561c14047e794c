package traces

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strconv"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// anyValue is a value of any type; arrays and lists of values are kept as they
// are written.
type anyValue string

// UnmarshalJSON reads {"stringValue":"x"}, whatever the type's name.
func (v *anyValue) UnmarshalJSON(raw []byte) error {
	_, value, _ := bytes.Cut(raw, []byte{':'})
	value = bytes.TrimSpace(bytes.TrimSuffix(value, []byte{'}'}))
	var s jsonrec.Scalar
	err := s.UnmarshalJSON(value)
	if *v = anyValue(s); s == "" && len(value) > 0 && (value[0] == '{' || value[0] == '[') {
		*v = anyValue(value)
	}
	return err
}

// keyValues are attributes as the protocol lists them.
type keyValues []struct {
	Key   string   `json:"key"`
	Value anyValue `json:"value"`
}

func (kvs keyValues) addTo(a attributes) {
	for _, kv := range kvs {
		a[kv.Key] = string(kv.Value)
	}
}

// otlp is the parsing of one file.
type otlp struct {
	sink   record.Sink
	series *series.Set
}

func parseOTLP(f *record.File, r io.Reader, sink record.Sink) error {
	o := otlp{sink, series.NewSet(f)}
	return parse(f, r, sink, o.resource,
		"resourceSpans", "result.resourceSpans", "trace.resourceSpans", "batches", "resourceLogs", "resourceMetrics", "")
}

// resource reads what one resource sent: spans, log records or metrics.
func (o otlp) resource(rec jsonrec.Record) {
	var res struct {
		Attributes keyValues `json:"attributes"`
	}
	if member, ok := rec.Member("resource"); ok && !member.Decode(&res, o.sink) {
		return
	}
	a := attributes{}
	res.Attributes.addTo(a)
	for _, scope := range []string{"scopeSpans", "instrumentationLibrarySpans"} {
		objectsOf(rec, scope, func(s jsonrec.Record) {
			objectsOf(s, "spans", func(s jsonrec.Record) { o.span(s, a) })
		})
	}
	objectsOf(rec, "scopeLogs", func(s jsonrec.Record) {
		objectsOf(s, "logRecords", func(l jsonrec.Record) { o.log(l, a) })
	})
	objectsOf(rec, "scopeMetrics", func(s jsonrec.Record) {
		objectsOf(s, "metrics", func(m jsonrec.Record) { o.metric(m, a) })
	})
}

// span reads one span. Ids are hexadecimal, or base64 as Tempo writes them.
func (o otlp) span(rec jsonrec.Record, resource attributes) {
	var s struct {
		TraceID      string         `json:"traceId"`
		SpanID       string         `json:"spanId"`
		ParentSpanID string         `json:"parentSpanId"`
		Name         string         `json:"name"`
		Start        jsonrec.Scalar `json:"startTimeUnixNano"`
		End          jsonrec.Scalar `json:"endTimeUnixNano"`
		Attributes   keyValues      `json:"attributes"`
		Events       []struct {
			Attributes keyValues `json:"attributes"`
		} `json:"events"`
		Status struct {
			Code    jsonrec.Scalar `json:"code"`
			Message string         `json:"message"`
		} `json:"status"`
	}
	if !rec.Decode(&s, o.sink) {
		return
	}
	a := attributes{}
	s.Attributes.addTo(a)
	failed := s.Status.Code == "2" || s.Status.Code == "STATUS_CODE_ERROR" || a.failed()
	for _, e := range s.Events {
		e.Attributes.addTo(a)
	}
	message := s.Status.Message
	if message == "" {
		message = a.message()
	}
	start, end := nanos(s.Start), nanos(s.End)
	emit(rec, &record.Span{
		TraceID: id(s.TraceID), SpanID: id(s.SpanID), ParentID: id(s.ParentSpanID), Service: resource["service.name"], Instance: resource.instance(), Operation: s.Name,
		Start: start, Duration: time.Duration(end - start), Error: failed, Message: message,
	}, o.sink)
}

// nanos reads nanoseconds, which are written as a string or a number; 0 when
// there is none.
func nanos(s jsonrec.Scalar) int64 {
	n, err := strconv.ParseInt(string(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// id returns an id in hexadecimal; empty for one of zeros, which means none.
func id(s string) string {
	if n := len(s); n == 24 || n == 12 {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil && (len(b) == 16 || len(b) == 8) {
			s = hex.EncodeToString(b)
		}
	}
	for i := range len(s) {
		if s[i] != '0' {
			return s
		}
	}
	return ""
}
