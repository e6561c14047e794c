package suspect_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/suspect"
)

var start = time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)

// shop is a system of three services in a chain, entrance → orders → stock, in
// which each call is a span with one log line of its service.
type shop struct {
	set  signal.Set
	rand *rand.Rand
}

const (
	entrance = iota
	orders
	stock
)

func newShop(seed uint64) *shop {
	s := &shop{rand: rand.New(rand.NewPCG(seed, 1))}
	for _, name := range []string{"entrance", "orders", "stock"} {
		s.set.Calls.Ops = append(s.set.Calls.Ops, signal.Op{Service: name, Name: "handle"})
	}
	for _, text := range []string{"request done", "order placed", "stock read", "stock read failed", "order failed", "request failed"} {
		s.set.Templates = append(s.set.Templates, signal.Template{Text: text})
	}
	return s
}

// call adds one request at a time. change edits the spans of entrance, orders
// and stock before they are added.
func (s *shop) call(at time.Time, change func(spans []signal.Span)) {
	c := &s.set.Calls
	base := int32(len(c.Spans))
	spans := make([]signal.Span, 3)
	for i := range spans {
		spans[i] = signal.Span{
			Op: int32(i), Parent: base + int32(i) - 1, Start: at.UnixNano() + int64(i)*1e6, Micros: 9000 - int64(i)*3000, Self: 2500 + s.rand.Int64N(1000),
			Logs: []signal.TemplateCount{{Template: int32(i), N: 1}},
		}
	}
	spans[0].Parent = -1
	if change != nil {
		change(spans)
	}
	c.Spans = append(c.Spans, spans...)
	if b := at.UnixNano() / int64(time.Second/2); len(c.Logged) == 0 || c.Logged[len(c.Logged)-1] != b {
		c.Logged = append(c.Logged, b)
	}
}

// run adds five minutes of usual calls and then two minutes with a change.
func (s *shop) run(change func(spans []signal.Span)) suspect.Options {
	for i := range 300 {
		s.call(start.Add(time.Duration(i)*time.Second), nil)
	}
	for i := range 120 {
		s.call(start.Add(time.Duration(300+i)*time.Second), change)
	}
	return suspect.Options{From: start.Add(280 * time.Second), To: start.Add(420 * time.Second)}
}

func TestRankFindsTheServiceBelowItsCallers(t *testing.T) {
	tests := []struct {
		name   string
		change func(spans []signal.Span)
		want   string
	}{
		{"stock fails and its callers say so", func(s []signal.Span) {
			s[stock].Logs[0].Template, s[orders].Logs[0].Template, s[entrance].Logs[0].Template = 3, 4, 5
		}, "stock"},
		{"orders no longer calls stock", func(s []signal.Span) {
			s[stock].Op, s[stock].Parent = entrance, -1
			s[stock].Logs[0].Template = 0
		}, "orders"},
		{"stock logs nothing", func(s []signal.Span) { s[stock].Logs = nil }, "stock"},
		{"stock is slow itself", func(s []signal.Span) { s[stock].Self *= 4 }, "stock"},
		{"the network of orders is slow both ways", func(s []signal.Span) {
			s[entrance].Self *= 4
			s[orders].Self *= 4
		}, "orders"},
		{"stock is marked as failed", func(s []signal.Span) { s[stock].Failed = true }, "stock"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShop(1)
			opt := s.run(tt.change)
			got := suspect.Rank(s.set, nil, opt)
			if len(got) == 0 || got[0].Service != tt.want {
				t.Errorf("Rank = %+v, want %s first", got, tt.want)
			}
		})
	}
}

// The mean of a count that depends on the request hides that a line is no
// longer written twice each time.
func TestRankFindsALineWrittenExactlyOnce(t *testing.T) {
	s := newShop(1)
	lines := func(n int32) func([]signal.Span) {
		return func(spans []signal.Span) { spans[stock].Logs[0].N = n }
	}
	for i := range 100 {
		n := int32(2)
		if i%10 == 0 {
			n = 40
		}
		s.call(start.Add(time.Duration(i)*time.Second), lines(n))
	}
	for i := range 30 {
		s.call(start.Add(time.Duration(100+i)*time.Second), lines(1))
	}
	got := suspect.Rank(s.set, nil, suspect.Options{From: start.Add(90 * time.Second), To: start.Add(130 * time.Second)})
	if len(got) == 0 || got[0].Service != "stock" || !strings.Contains(got[0].Why, "exactly 2 times") {
		t.Errorf("Rank = %+v, want stock first for a line it logs exactly twice", got)
	}
}

// Clients call every service through one operation, so that its durations must
// be told apart by the service they wait for.
func TestRankFindsTheSlowServiceAmongThoseCalledAlike(t *testing.T) {
	s := newShop(1)
	s.set.Calls.Ops = []signal.Op{{Service: "app", Name: "POST"}, {Service: "orders", Name: "handle"}, {Service: "stock", Name: "handle"}, {Service: "web", Name: "POST"}}
	const app, orders, stock, web = 0, 1, 2, 3
	for i := range 400 {
		at := start.Add(time.Duration(i) * time.Second)
		for _, edge := range [][2]int32{{app, orders}, {app, stock}, {web, orders}, {web, orders}, {web, stock}} {
			s.call(at, func(spans []signal.Span) {
				spans[0].Op, spans[1].Op, spans[2].Op = edge[0], edge[1], edge[1]
				if edge[1] == stock && i >= 300 {
					spans[0].Self *= 4
				}
			})
		}
	}
	got := suspect.Rank(s.set, nil, suspect.Options{From: start.Add(280 * time.Second), To: start.Add(400 * time.Second)})
	if len(got) == 0 || got[0].Service != "stock" {
		t.Errorf("Rank = %+v, want stock first", got)
	}
}

func TestRankPutsTheFarSlowerServiceFirst(t *testing.T) {
	s := newShop(1)
	for i := range 420 {
		s.call(start.Add(time.Duration(i)*time.Second), func(spans []signal.Span) {
			spans[orders].Parent, spans[stock].Parent = -1, -1 // calls apart
			if i >= 300 {
				spans[entrance].Self *= 3
				spans[stock].Self *= 50
			}
		})
	}
	got := suspect.Rank(s.set, nil, suspect.Options{From: start.Add(280 * time.Second), To: start.Add(420 * time.Second)})
	if len(got) != 2 || got[0].Service != "stock" || got[1].Service != "entrance" {
		t.Errorf("Rank = %+v, want stock and then entrance", got)
	}
}

func TestRankIsSilentWhenNothingChanges(t *testing.T) {
	for seed := range uint64(5) {
		s := newShop(seed)
		opt := s.run(nil)
		if got := suspect.Rank(s.set, nil, opt); len(got) != 0 {
			t.Errorf("seed %d: Rank = %+v, want none", seed, got)
		}
	}
}

// cpu returns a metric of ten services, of which one leaves its range.
func cpu(broken string) []signal.Series {
	r := rand.New(rand.NewPCG(7, 7))
	var out []signal.Series
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
		s := signal.Series{Name: "cpu", Service: name}
		for i := range 60 {
			v := 10 + r.NormFloat64()
			if name == broken && i >= 50 {
				v += 80
			}
			s.At, s.Value = append(s.At, start.Add(time.Duration(i)*time.Minute).UnixNano()), append(s.Value, v)
		}
		out = append(out, s)
	}
	return out
}

func TestRankFindsTheMetricThatLeavesItsRange(t *testing.T) {
	opt := suspect.Options{From: start.Add(45 * time.Minute), To: start.Add(time.Hour)}
	got := suspect.Rank(signal.Set{Series: cpu("f")}, nil, opt)
	if len(got) == 0 || got[0].Service != "f" {
		t.Errorf("Rank = %+v, want f first", got)
	}
	if got := suspect.Rank(signal.Set{Series: cpu("")}, nil, opt); len(got) != 0 {
		t.Errorf("Rank without a fault = %+v, want none", got)
	}
}

func TestRankTakesTheStrongestBadDetection(t *testing.T) {
	at := start.UnixNano()
	got := suspect.Rank(signal.Set{}, []signal.Detection{
		{Service: "a", From: at, Surprise: 3, Bad: true, Title: "errors"},
		{Service: "b", From: at + 1, Surprise: 5, Bad: true, Title: "more errors"},
		{Service: "c", From: at, Surprise: 9, Title: "busy"},
		{Service: "d", From: at - 1, Surprise: 9, Bad: true, Title: "earlier"},
	}, suspect.Options{From: start})
	if len(got) != 2 || got[0].Service != "b" || got[1].Service != "a" || got[0].Why != "more errors" {
		t.Errorf("Rank = %+v, want b and a", got)
	}
}

func BenchmarkRank(b *testing.B) {
	s := newShop(1)
	for i := range 10_000 {
		s.call(start.Add(time.Duration(i)*time.Second/20), nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		suspect.Rank(s.set, nil, suspect.Options{From: start.Add(400 * time.Second)})
	}
	b.ReportMetric(float64(len(s.set.Calls.Spans)), "spans")
}
