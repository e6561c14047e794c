package traces

import (
	"cmp"
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// segment is a segment of AWS X-Ray, or a part of one. Times are seconds.
type segment struct {
	ID       string          `json:"id"`
	TraceID  string          `json:"trace_id"`
	ParentID string          `json:"parent_id"`
	Name     string          `json:"name"`
	Start    float64         `json:"start_time"`
	End      float64         `json:"end_time"`
	Fault    bool            `json:"fault"`
	Throttle bool            `json:"throttle"`
	Cause    json.RawMessage `json:"cause"`
	HTTP     struct {
		Request struct {
			Method string `json:"method"`
			URL    string `json:"url"`
		} `json:"request"`
		Response struct {
			Status jsonrec.Scalar `json:"status"`
		} `json:"response"`
	} `json:"http"`
	Parts []segment `json:"subsegments"`
}

// why returns what the first exception of a segment says. The cause of a part may
// be the id of another's.
func (s *segment) why() string {
	var c struct {
		Exceptions []struct{ Message, Type string } `json:"exceptions"`
	}
	if len(s.Cause) == 0 || json.Unmarshal(s.Cause, &c) != nil || len(c.Exceptions) == 0 {
		return ""
	}
	return cmp.Or(c.Exceptions[0].Message, c.Exceptions[0].Type)
}

func recognizeXRay(h record.Head) int {
	return max(jsonrec.Recognizer(95, `"Segments"`, isXRay)(h), jsonrec.Recognizer(92, `"trace_id"`, isXRay)(h))
}

func isXRay(f jsonrec.Fields) bool {
	return f.Has("Traces.Segments.Document") || f.Has("Segments.Document", "Segments.Id") || f.Has("trace_id", "start_time", "name", "id") && f.Any("end_time", "in_progress")
}

// parseXRay reads answers of batch-get-traces, and documents of segments.
func parseXRay(f *record.File, r io.Reader, sink record.Sink) error {
	document := func(rec jsonrec.Record) {
		var s segment
		if rec.Decode(&s, sink) {
			s.emit(rec, s.Name, s.TraceID, s.ParentID, sink)
		}
	}
	return parse(f, r, sink, func(rec jsonrec.Record) {
		list, answered := rec.Member("Segments")
		if !answered {
			document(rec)
			return
		}
		list.EachObject(func(one jsonrec.Record) {
			var s struct{ Document string }
			if one.Decode(&s, sink) {
				document(jsonrec.Record{File: one.File, Line: one.Line, Raw: []byte(s.Document)})
			}
		})
	}, "Traces", "")
}

// emit passes on a segment and its parts. What is called by one is in another
// segment, if it is traced, so that its part is the caller's.
func (s *segment) emit(rec jsonrec.Record, service, trace, parent string, sink record.Sink) {
	operation := s.Name
	if r := s.HTTP.Request; r.Method != "" {
		operation = r.Method + " " + r.URL
	}
	status := attributes{"http.status_code": string(s.HTTP.Response.Status)}
	span := &record.Span{
		TraceID: trace, SpanID: s.ID, ParentID: parent, Service: service, Operation: operation, Start: sinceEpoch(s.Start),
		Error: s.Fault || s.Throttle, Message: cmp.Or(s.why(), status.message()),
	}
	if s.End > 0 {
		span.Duration = time.Duration(sinceEpoch(s.End) - span.Start)
	}
	emit(rec, span, sink)
	for i := range s.Parts {
		s.Parts[i].emit(jsonrec.Record{File: rec.File, Line: rec.Line}, service, trace, s.ID, sink)
	}
}

// sinceEpoch returns seconds since 1970 in nanoseconds, to the microsecond, which is as
// far as a number of this size is exact.
func sinceEpoch(seconds float64) int64 { return int64(math.Round(seconds*1e6)) * 1000 }
