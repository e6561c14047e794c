package traces

import (
	"bytes"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// log reads one log record.
func (o otlp) log(rec jsonrec.Record, resource attributes) {
	var l struct {
		Time       jsonrec.Scalar `json:"timeUnixNano"`
		Observed   jsonrec.Scalar `json:"observedTimeUnixNano"`
		Number     jsonrec.Scalar `json:"severityNumber"`
		Text       string         `json:"severityText"`
		Body       anyValue       `json:"body"`
		TraceID    string         `json:"traceId"`
		SpanID     string         `json:"spanId"`
		Attributes keyValues      `json:"attributes"`
	}
	if !rec.Decode(&l, o.sink) {
		return
	}
	a := attributes{}
	l.Attributes.addTo(a)
	at := nanos(l.Time)
	if at == 0 {
		at = nanos(l.Observed)
	}
	if at == 0 {
		at = record.NoTime
	}
	message, _, _ := bytes.Cut(bytes.TrimSpace([]byte(l.Body)), []byte{'\n'})
	if len(message) == 0 {
		message = []byte(a.first("exception.message", "event.name"))
	}
	status, _ := strconv.Atoi(a.first("http.response.status_code", "http.status_code")) // 0 where there is none
	o.sink.Log(&record.Log{
		File: rec.File, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: at, Level: severity(string(l.Number), l.Text),
		Service: []byte(resource["service.name"]), Instance: []byte(resource.instance()), TraceID: []byte(id(l.TraceID)), SpanID: []byte(id(l.SpanID)),
		Message: message, Status: status, Raw: rec.Raw,
	})
}

// severity returns the level of a severity number, as a number or by its name
// ("SEVERITY_NUMBER_WARN2"), else of the text beside it.
func severity(number, text string) hindcast.Level {
	if n, err := strconv.Atoi(number); err == nil {
		if l := loglevel.Telemetry(n); l != hindcast.LevelUnknown {
			return l
		}
	}
	if name, ok := bytes.CutPrefix([]byte(number), []byte("SEVERITY_NUMBER_")); ok {
		text = string(bytes.TrimRight(name, "1234"))
	}
	level, _ := loglevel.Parse([]byte(text)) // unknown for other words
	return level
}

// dataPoint is one point of a gauge, a sum, a histogram or a summary.
type dataPoint struct {
	Attributes keyValues      `json:"attributes"`
	Time       jsonrec.Scalar `json:"timeUnixNano"`
	AsDouble   jsonrec.Scalar `json:"asDouble"`
	AsInt      jsonrec.Scalar `json:"asInt"`
	Count      jsonrec.Scalar `json:"count"`
	Sum        jsonrec.Scalar `json:"sum"`
}

// metric reads the points of one metric.
func (o otlp) metric(rec jsonrec.Record, resource attributes) {
	name := ""
	if v, ok := rec.Member("name"); ok && !v.Decode(&name, o.sink) {
		return
	}
	for _, kind := range []string{"gauge", "sum", "histogram", "exponentialHistogram", "summary"} {
		if points, ok := rec.Member(kind); ok {
			objectsOf(points, "dataPoints", func(p jsonrec.Record) { o.point(p, name, resource) })
		}
	}
}

func (o otlp) point(rec jsonrec.Record, name string, resource attributes) {
	var p dataPoint
	if !rec.Decode(&p, o.sink) {
		return
	}
	labels := series.Labels{"service.name": resource["service.name"], "instance": resource.instance()}
	p.Attributes.addTo(attributes(labels))
	sample := func(name string, value jsonrec.Scalar) {
		v, err := strconv.ParseFloat(string(value), 64)
		if at := nanos(p.Time); err == nil && at > 0 && v == v && v-v == 0 { // neither NaN nor infinite
			o.sink.Sample(&record.Sample{Series: o.series.Get(name, labels), Line: rec.Line, At: at, Value: v})
		}
	}
	sample(name, p.AsDouble)
	sample(name, p.AsInt)
	sample(name+"_count", p.Count)
	sample(name+"_sum", p.Sum)
}
