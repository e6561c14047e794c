package traces

import (
	"io"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// jaegerTags are the tags of a span, a process or a log, as Jaeger lists them.
type jaegerTags []struct {
	Key   string         `json:"key"`
	Value jsonrec.Scalar `json:"value"`
}

func (t jaegerTags) addTo(a attributes) {
	for _, tag := range t {
		a[tag.Key] = string(tag.Value)
	}
}

type jaegerProcess struct {
	ServiceName string     `json:"serviceName"`
	Tags        jaegerTags `json:"tags"`
}

func (p jaegerProcess) origin() origin {
	a := attributes{}
	p.Tags.addTo(a)
	return origin{p.ServiceName, a.instance()}
}

// jaegerSpan is a span as the API and the storage write it. Times are
// microseconds.
type jaegerSpan struct {
	TraceID       string         `json:"traceID"`
	SpanID        string         `json:"spanID"`
	ParentSpanID  string         `json:"parentSpanID"`
	OperationName string         `json:"operationName"`
	StartTime     float64        `json:"startTime"`
	Duration      float64        `json:"duration"`
	Tags          jaegerTags     `json:"tags"`
	ProcessID     string         `json:"processID"`
	Process       *jaegerProcess `json:"process"` // in storage, where no list of processes stands beside the spans
	References    []struct {
		RefType string `json:"refType"`
		TraceID string `json:"traceID"`
		SpanID  string `json:"spanID"`
	} `json:"references"`
	Logs []struct {
		Fields jaegerTags `json:"fields"`
	} `json:"logs"`
}

// parent returns the span that this one is a child of, in its own trace.
func (s *jaegerSpan) parent() string {
	parent := s.ParentSpanID
	for _, r := range s.References {
		if r.TraceID != "" && r.TraceID != s.TraceID {
			continue
		}
		if r.RefType == "CHILD_OF" {
			return r.SpanID
		}
		if parent == "" {
			parent = r.SpanID
		}
	}
	return parent
}

func parseJaeger(f *record.File, r io.Reader, sink record.Sink) error {
	return parse(f, r, sink, func(rec jsonrec.Record) {
		if data, ok := rec.Member("data"); ok { // one trace instead of a list
			rec = data
		}
		var spans, list jsonrec.Record
		rec.EachMember(func(key []byte, v jsonrec.Record) bool {
			switch string(key) {
			case "spans":
				spans = v
			case "processes":
				list = v
			}
			return true
		})
		if spans.Raw == nil {
			span(rec, nil, sink)
			return
		}
		var ps map[string]jaegerProcess
		if list.Raw != nil && !list.Decode(&ps, sink) {
			return
		}
		processes := make(map[string]origin, len(ps))
		for id, p := range ps {
			processes[id] = p.origin()
		}
		spans.EachObject(func(s jsonrec.Record) { span(s, processes, sink) })
	}, "data", "")
}

// span reads one span, whose process is one of those given or stands in it.
func span(rec jsonrec.Record, processes map[string]origin, sink record.Sink) {
	var s jaegerSpan
	if !rec.Decode(&s, sink) {
		return
	}
	from := processes[s.ProcessID]
	if s.Process != nil {
		from = s.Process.origin()
	}
	a := attributes{}
	s.Tags.addTo(a)
	failed := a.failed()
	if failed {
		for _, l := range s.Logs {
			l.Fields.addTo(a)
		}
	}
	if a["message"] != "" && a["otel.status_description"] == "" { // of the log that tells of the error
		a["otel.status_description"] = a["message"]
	}
	if from.instance == "" {
		from.instance = a.instance()
	}
	emit(rec, &record.Span{
		TraceID: s.TraceID, SpanID: s.SpanID, ParentID: s.parent(), Service: from.service, Instance: from.instance, Operation: s.OperationName,
		Start: int64(s.StartTime) * int64(time.Microsecond), Duration: time.Duration(s.Duration) * time.Microsecond,
		Error: failed, Message: a.message(),
	}, sink)
}
