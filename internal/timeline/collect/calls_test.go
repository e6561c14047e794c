package collect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/collect"
)

// TestCallsJoinLinesAndSpansOfDifferentWorkers: the lines of a worker that saw no
// span were once lost.
func TestCallsJoinLinesAndSpansOfDifferentWorkers(t *testing.T) {
	file := &record.File{Name: "a"}
	span := record.Span{File: file, Line: 1, TraceID: "t", SpanID: "1", Service: "shop", Operation: "buy", Start: 5e9, Duration: time.Second}
	line := record.Log{File: file, Line: 2, At: 5e9, TraceID: []byte("t"), SpanID: []byte("1"), Message: []byte("order 17 accepted")}
	once := collect.New()
	once.Span(&span)
	once.Log(&line)
	want := collect.Merge(once).Signals.Calls
	if len(want.Spans) != 1 || len(want.Spans[0].Logs) != 1 {
		t.Fatalf("one worker gives %+v, want one span with one line", want)
	}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 2, 0}, {2, 1, 0}} {
		workers := []*collect.Collector{collect.New(), collect.New(), collect.New()}
		workers[1].Log(&line)
		workers[2].Span(&span)
		var in []*collect.Collector
		for _, i := range order {
			in = append(in, workers[i])
		}
		if diff := cmp.Diff(want, collect.Merge(in...).Signals.Calls); diff != "" {
			t.Errorf("workers in order %v: -one worker +several:\n%s", order, diff)
		}
	}
}
