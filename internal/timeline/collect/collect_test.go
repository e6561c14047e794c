package collect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

var (
	file  = &record.File{Name: "a"}
	other = &record.File{Name: "b"}
	load  = &record.Series{File: file, Name: "load", Service: "cart"}
	again = &record.Series{File: other, Name: "load", Service: "cart"} // the same series in another export
)

func at(s int) int64 { return int64(s) * int64(time.Second) }

// records is a story in pieces that different workers may read.
var records = []func(record.Sink){
	func(s record.Sink) { s.Event(hindcast.Event{At: time.Unix(20, 0), Title: "second"}) },
	func(s record.Sink) { s.Event(hindcast.Event{At: time.Unix(10, 0), Title: "first"}) },
	func(s record.Sink) { s.Problem(hindcast.Problem{File: "a", Line: 3, Message: "bad"}) },
	func(s record.Sink) { s.Problem(hindcast.Problem{File: "a", Line: 3, Message: "bad"}) },
	func(s record.Sink) { s.Sample(&record.Sample{Series: load, Line: 2, At: at(2), Value: 20}) },
	func(s record.Sink) { s.Sample(&record.Sample{Series: load, Line: 1, At: at(1), Value: 10}) },
	func(s record.Sink) { s.Sample(&record.Sample{Series: again, Line: 9, At: at(2), Value: 21}) },
	func(s record.Sink) { s.Sample(&record.Sample{Series: again, Line: 10, At: at(3), Value: 30}) },
	func(s record.Sink) {
		s.Span(&record.Span{File: file, Line: 1, TraceID: "t", SpanID: "1", Service: "shop", Operation: "buy", Start: at(1), Duration: 10 * time.Millisecond})
	},
	func(s record.Sink) {
		s.Span(&record.Span{File: file, Line: 2, TraceID: "t", SpanID: "2", ParentID: "1", Service: "cart", Operation: "add", Start: at(1) + 1, Duration: 7 * time.Millisecond, Error: true, Message: "full"})
	},
	func(s record.Sink) { // the same span in another export
		s.Span(&record.Span{File: other, Line: 5, TraceID: "t", SpanID: "2", ParentID: "1", Service: "cart", Operation: "add", Start: at(1) + 1, Duration: 7 * time.Millisecond, Error: true, Message: "full"})
	},
	func(s record.Sink) {
		s.Log(&record.Log{File: file, Line: 1, At: at(5), Service: []byte("cart"), Message: []byte("order 17 placed")})
	},
	func(s record.Sink) {
		s.Log(&record.Log{File: file, Line: 2, At: at(6), Service: []byte("cart"), Message: []byte("order 18 placed")})
	},
}

// told gives the records with the numbers in each group to a worker of its own.
func told(groups ...[]int) *collect.Result {
	var cs []*collect.Collector
	for _, g := range groups {
		c := collect.New()
		for _, i := range g {
			records[i](c)
		}
		cs = append(cs, c)
	}
	return collect.Merge(cs...)
}

func TestMergeDoesNotDependOnWorkers(t *testing.T) {
	want := told([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	for i, groups := range [][][]int{
		{{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
		{{0, 2, 4, 6, 8, 10, 12}, {1, 3, 5, 7, 9, 11}},
		{{10}, {9, 3}, {}, {12, 0, 6}, {11, 1, 5, 8}, {7, 4, 2}},
	} {
		got := told(groups...)
		if diff := cmp.Diff(want.Events, got.Events); diff != "" {
			t.Errorf("events of split %d: -want +got:\n%s", i, diff)
		}
		if diff := cmp.Diff(want.Problems, got.Problems); diff != "" {
			t.Errorf("problems of split %d: -want +got:\n%s", i, diff)
		}
		if diff := cmp.Diff(want.Signals, got.Signals); diff != "" {
			t.Errorf("signals of split %d: -want +got:\n%s", i, diff)
		}
	}
}

func TestMergeJoinsExportsOfOneSeries(t *testing.T) {
	s := told([]int{4, 5}, []int{6, 7}).Signals.Series
	if len(s) != 1 {
		t.Fatalf("%d series, want 1", len(s))
	}
	if got, want := fmt.Sprint(s[0].Value, s[0].Line), "[10 20 30] [1 2 10]"; got != want {
		t.Errorf("values and lines %s, want %s", got, want)
	}
}

func TestMergeResolvesCalls(t *testing.T) {
	edges := told([]int{8}, []int{9}, []int{10}).Signals.Edges
	want := []signal.Edge{
		{Caller: "shop", Callee: "cart", Operation: "add", Start: []int64{at(1) + 1}, Micros: []int64{7000}, Self: []int64{7000}, Failed: []bool{true},
			First: signal.Mark{At: at(1) + 1, File: file, Line: 2}, Message: "full"},
		{Callee: "shop", Operation: "buy", Start: []int64{at(1)}, Micros: []int64{10000}, Self: []int64{3000}, Failed: []bool{false},
			First: signal.Mark{At: at(1), File: file, Line: 1}},
	}
	if diff := cmp.Diff(want, edges); diff != "" {
		t.Errorf("edges: -want +got:\n%s", diff)
	}
}

func TestMergeCountsTemplates(t *testing.T) {
	ts := told([]int{11}, []int{12}).Signals.Templates
	if len(ts) != 1 || ts[0].Total != 2 || ts[0].Text != "order <*> placed" {
		t.Errorf("templates %+v, want one of two lines", ts)
	}
}
