package traces

import (
	"io"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// zipkinSpan is a span of Zipkin's API v2. Times are microseconds.
type zipkinSpan struct {
	TraceID   string  `json:"traceId"`
	ID        string  `json:"id"`
	ParentID  string  `json:"parentId"`
	Kind      string  `json:"kind"`
	Name      string  `json:"name"`
	Timestamp float64 `json:"timestamp"`
	Duration  float64 `json:"duration"`
	Shared    bool    `json:"shared"`
	Local     struct {
		ServiceName string `json:"serviceName"`
		IPv4        string `json:"ipv4"`
	} `json:"localEndpoint"`
	Tags map[string]jsonrec.Scalar `json:"tags"`

	rec jsonrec.Record
}

type zipkinID struct{ trace, id string }

// parseZipkin reads all spans before it passes on the first, because only the
// server's half of a shared span says that client and server have one id.
func parseZipkin(f *record.File, r io.Reader, sink record.Sink) error {
	var spans []zipkinSpan
	shared := map[zipkinID]bool{}
	one := func(rec jsonrec.Record) bool {
		var s zipkinSpan
		if rec.Decode(&s, sink) {
			s.rec = jsonrec.Record{File: rec.File, Line: rec.Line} // what rec holds is gone after the call
			spans = append(spans, s)
			shared[zipkinID{s.TraceID, s.ID}] = shared[zipkinID{s.TraceID, s.ID}] || s.Shared
		}
		return true
	}
	err := parse(f, r, sink, func(rec jsonrec.Record) {
		if rec.Raw[0] == '[' {
			rec.EachElement(one)
			return
		}
		one(rec)
	}, "")
	for i := range spans {
		spans[i].emit(shared, sink)
	}
	return err
}

func (s *zipkinSpan) emit(shared map[zipkinID]bool, sink record.Sink) {
	a := attributes{}
	for k, v := range s.Tags {
		a[k] = string(v)
	}
	if a.instance() == "" {
		a["ip"] = s.Local.IPv4
	}
	id, parent := s.ID, s.ParentID
	switch {
	case s.Shared:
		parent = id + "/client"
	case s.Kind == "CLIENT" && shared[zipkinID{s.TraceID, s.ID}]:
		id += "/client"
	}
	emit(s.rec, &record.Span{
		TraceID: s.TraceID, SpanID: id, ParentID: parent, Service: s.Local.ServiceName, Instance: a.instance(), Operation: s.Name,
		Start: int64(s.Timestamp) * int64(time.Microsecond), Duration: time.Duration(s.Duration) * time.Microsecond,
		Error: a.failed(), Message: a.message(),
	}, sink)
}
