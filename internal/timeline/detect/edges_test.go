package detect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// call is how calls of an edge go for some time.
type call struct {
	from, to  time.Duration
	perMinute float64
	took      time.Duration
	failed    float64 // share
}

// edge adds calls of one operation.
func (s *scene) edge(caller, callee, operation string, calls ...call) {
	e := signal.Edge{Caller: caller, Callee: callee, Operation: operation}
	for _, c := range calls {
		gap := float64(time.Minute) / c.perMinute
		for t := c.from + time.Duration(s.ExpFloat64()*gap); t < c.to; t += time.Duration(s.ExpFloat64() * gap) {
			took := int64(float64(c.took.Microseconds()) * (0.7 + 0.3*s.ExpFloat64()))
			failed := s.Float64() < c.failed
			m := signal.Mark{At: noon.Add(t).UnixNano(), File: s.file("traces.json"), Line: len(e.Start) + 1}
			if len(e.Start) == 0 || failed && !slices.Contains(e.Failed, true) {
				e.First = m
			}
			e.Start, e.Micros, e.Self, e.Failed = append(e.Start, m.At), append(e.Micros, took), append(e.Self, took/2), append(e.Failed, failed)
		}
	}
	s.set.Edges = append(s.set.Edges, e)
}

// instance adds an instance that is seen all the time.
func (s *scene) instance(service, name string, from, to time.Duration) {
	t := signal.Trace{Service: service, Instance: name}
	for b := noon.Add(from).UnixNano() / bucket; b < noon.Add(to).UnixNano()/bucket; b++ {
		if n := s.count(3); n > 0 {
			t.Buckets = append(t.Buckets, signal.Count{Bucket: b, N: uint32(n)})
		}
	}
	s.set.Traces = append(s.set.Traces, t)
}

func TestEdgeSlowsDown(t *testing.T) {
	s := newScene(30)
	s.edge("web", "orders", "GET /orders", call{0, 30 * m, 30, 40 * time.Millisecond, 0}, call{30 * m, 45 * m, 30, 900 * time.Millisecond, 0}, call{45 * m, 60 * m, 30, 40 * time.Millisecond, 0})
	s.edge("orders", "db", "SELECT", call{0, 60 * m, 60, 4 * time.Millisecond, 0})
	d := one(t, Run(s.done(), Options{}), "the slow edge", func(d *signal.Detection) bool { return d.Detector == "slow-edge" })
	about(t, "beginning", d.From, 30*m, 20*time.Second)
	about(t, "end", d.To, 45*m, 20*time.Second)
	if d.Service != "orders" || d.Subject != "web>orders GET /orders" || !d.Bad || d.Surprise < 5 || d.Effect < 10 || d.Effect > 40 {
		t.Errorf("service %q, subject %q, bad %v, surprise %.1f, effect %.1f", d.Service, d.Subject, d.Bad, d.Surprise, d.Effect)
	}
	if !strings.HasPrefix(d.Title, "GET /orders in orders called by web took ") || !strings.Contains(d.Why, "of it its own") {
		t.Errorf("title %q, why %q", d.Title, d.Why)
	}
}

func TestEdgeFails(t *testing.T) {
	s := newScene(31)
	s.edge("", "web", "POST /cart", call{0, 30 * m, 60, 40 * time.Millisecond, 0.003}, call{30 * m, 40 * m, 60, 40 * time.Millisecond, 0.4}, call{40 * m, 60 * m, 60, 40 * time.Millisecond, 0.003})
	d := one(t, Run(s.done(), Options{}), "the failing edge", func(d *signal.Detection) bool { return d.Bad })
	about(t, "beginning", d.From, 30*m, 15*time.Second)
	about(t, "end", d.To, 40*m, 15*time.Second)
	if d.Detector != "failing-edge" || d.Service != "web" || d.Surprise < 10 || !strings.HasPrefix(d.Title, "failures of POST /cart in web rose from ") {
		t.Errorf("detector %s, service %q, surprise %.1f, title %q", d.Detector, d.Service, d.Surprise, d.Title)
	}
}

func TestEntranceIsCalledLess(t *testing.T) {
	s := newScene(32)
	for _, caller := range []string{"", "web"} {
		s.edge(caller, "orders"+caller, "GET /orders", call{0, 30 * m, 60, 40 * time.Millisecond, 0}, call{30 * m, 40 * m, 3, 40 * time.Millisecond, 0}, call{40 * m, 60 * m, 60, 40 * time.Millisecond, 0})
	}
	d := one(t, Run(s.done(), Options{}), "lost calls", func(d *signal.Detection) bool { return d.Bad })
	about(t, "beginning", d.From, 30*m, 15*time.Second)
	if d.Service != "orders" || d.Direction != -1 {
		t.Errorf("service %q, direction %d", d.Service, d.Direction)
	}
}

func TestInstanceFallsSilent(t *testing.T) {
	tests := []struct {
		name  string
		heir  time.Duration // when another instance begins; zero for none
		alone bool
		want  string
		bad   bool
	}{
		{name: "lost", want: "instance cart-a of cart fell silent", bad: true},
		{name: "replaced", heir: 31 * m, want: "instance cart-a of cart fell silent, cart-c took over"},
		{name: "the whole service", alone: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(33)
			s.instance("cart", "cart-a", 0, 30*m)
			if !tt.alone {
				s.instance("cart", "cart-b", 0, 60*m)
			}
			if tt.heir > 0 {
				s.instance("cart", "cart-c", tt.heir, 60*m)
			}
			s.instance("web", "web-a", 0, 60*m)
			found := Run(s.done(), Options{})
			if tt.want == "" {
				if len(found) > 0 {
					t.Errorf("found %s", found[0].Title)
				}
				return
			}
			d := one(t, found, "the instance", func(d *signal.Detection) bool { return d.Detector == "missing-instance" })
			about(t, "beginning", d.From, 30*m, 15*time.Second)
			if d.Title != tt.want || d.Bad != tt.bad || d.Surprise < 5 {
				t.Errorf("title %q, bad %v, surprise %.1f", d.Title, d.Bad, d.Surprise)
			}
		})
	}
}

func TestQuietEdges(t *testing.T) {
	for seed := range uint64(5) {
		s := newScene(40 + seed)
		for _, op := range []string{"a", "b", "c", "d", "e"} {
			s.edge("", "web", op, call{0, 90 * m, 20, 40 * time.Millisecond, 0.01})
			s.edge("web", "db", op, call{0, 90 * m, 3, 4 * time.Millisecond, 0.02})
		}
		for _, d := range bad(Run(s.done(), Options{}), 2) {
			t.Errorf("%.1f %s: %s", d.Surprise, d.Title, d.Why)
		}
	}
}
