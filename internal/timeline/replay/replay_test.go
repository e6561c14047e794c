package replay_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/replay"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

var start = time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)

func at(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }

// sampled is a series with a sample every 15 seconds from the beginning on.
func sampled(name, service string, values ...float64) signal.Series {
	s := signal.Series{File: &record.File{Name: "m"}, Name: name, Service: service}
	for i, v := range values {
		s.At, s.Value, s.Line = append(s.At, at(15*i).UnixNano()), append(s.Value, v), append(s.Line, int32(i+1))
	}
	return s
}

func run(t *testing.T, rule string, set signal.Set, p hindcast.Phases) replay.Result {
	t.Helper()
	r, err := replay.Parse(rule)
	if err != nil {
		t.Fatal(err)
	}
	return replay.Run(r, set, p)
}

// windows are the firings as seconds from the beginning: pending, fired, ended.
func windows(r replay.Result) [][3]int {
	out := [][3]int{}
	for _, f := range r.Firings {
		sec := func(t time.Time) int { return int(t.Sub(start) / time.Second) }
		out = append(out, [3]int{sec(f.Pending), sec(f.At), sec(f.Until)})
	}
	return out
}

func TestRunWaitsAsPrometheusDoes(t *testing.T) {
	gap := sampled("x", "cart", 0, 9, 9, 9, 9, 0)
	for i := 3; i < 6; i++ {
		gap.At[i] += int64(6 * time.Minute)
	}
	hourly := sampled("x", "cart", 0, 9, 9, 9, 0)
	for i := range hourly.At {
		hourly.At[i] = at(3600 * i).UnixNano()
	}
	tests := []struct {
		name, rule string
		series     signal.Series
		want       [][3]int
	}{
		{"samples an hour apart", "x > 5 for 90m", hourly, [][3]int{{3600, 3 * 3600, 4 * 3600}}},
		{"at once without for", "x > 5", sampled("x", "cart", 0, 9, 9, 0), [][3]int{{15, 15, 45}}},
		{"first evaluation at least for later", "x > 5 for 30s", sampled("x", "cart", 0, 9, 9, 9, 0), [][3]int{{15, 45, 60}}},
		{"for between two samples", "x > 5 for 20s", sampled("x", "cart", 0, 9, 9, 9, 0), [][3]int{{15, 45, 60}}},
		{"not long enough", "x > 5 for 1m", sampled("x", "cart", 0, 9, 9, 9, 0), [][3]int{}},
		{"a break begins anew", "x > 5 for 30s", sampled("x", "cart", 9, 9, 0, 9, 9, 9), [][3]int{{45, 75, 75}}},
		{"still firing at the end", "x > 5", sampled("x", "cart", 0, 9, 9), [][3]int{{15, 15, 30}}},
		{"stale after five minutes", "x > 5 for 15s", gap, [][3]int{{15, 30, 330}, {405, 420, 435}}},
		{"below", "x < 5", sampled("x", "cart", 9, 1, 9), [][3]int{{15, 15, 30}}},
		{"another metric", "y > 5", sampled("x", "cart", 9), [][3]int{}},
		{"another service", "shop x > 5", sampled("x", "cart", 9), [][3]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := windows(run(t, tt.rule, signal.Set{Series: []signal.Series{tt.series}}, hindcast.Phases{}))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("pending, fired, ended: -want +got:\n%s", d)
			}
		})
	}
}

// hours is a series of three hours that is above 5 in the given minutes.
func hours(high ...int) signal.Series {
	values := make([]float64, 3*60*4)
	for _, m := range high {
		for i := range 4 {
			values[4*m+i] = 9
		}
	}
	return sampled("x", "cart", values...)
}

func TestRunComparesWithTheIncident(t *testing.T) {
	incident := hindcast.Phases{StartedAt: at(3600), DetectedAt: at(3600 + 600), ResolvedAt: at(2 * 3600)}
	tests := []struct {
		name    string
		high    []int
		first   time.Time
		earlier int64
		alarms  int
	}{
		{"earlier", []int{63}, at(63 * 60), 420, 0},
		{"later", []int{75}, at(75 * 60), -300, 0},
		{"a warning that went on", []int{58, 59, 60, 61}, at(58 * 60), 720, 0},
		{"false alarms", []int{10, 20, 63, 150}, at(63 * 60), 420, 3},
		{"never", []int{}, time.Time{}, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := run(t, "x > 5", signal.Set{Series: []signal.Series{hours(tt.high...)}}, incident)
			if !r.First.Equal(tt.first) || r.False != tt.alarms || r.EarlierS != nil && *r.EarlierS != tt.earlier || (r.EarlierS == nil) != tt.first.IsZero() {
				t.Errorf("first %s, %v earlier, %d false; want %s, %d, %d (%s)", r.First, r.EarlierS, r.False, tt.first, tt.earlier, tt.alarms, r.Verdict())
			}
			// Three hours less the last interval, one of them the incident.
			if want := int64(2*3600 - 15); r.OutsideS != want || r.FalsePerDay == nil || *r.FalsePerDay != float64(tt.alarms)/(float64(want)/86400) {
				t.Errorf("%d s outside, %v per day, want %d s", r.OutsideS, r.FalsePerDay, want)
			}
		})
	}
}

func TestRunCountsOverlappingSeriesOnce(t *testing.T) {
	a, b := hours(10), hours(10, 20)
	b.Labels = []string{"pod=b"}
	r := run(t, "x > 5", signal.Set{Series: []signal.Series{a, b}}, hindcast.Phases{StartedAt: at(3600), ResolvedAt: at(7200)})
	if len(r.Firings) != 3 || r.False != 2 || len(r.Watched) != 2 {
		t.Errorf("%d firings, %d false, %v watched, want 3, 2 and both series", len(r.Firings), r.False, r.Watched)
	}
	only := run(t, `x{pod="b"} > 5`, signal.Set{Series: []signal.Series{a, b}}, hindcast.Phases{})
	if len(only.Firings) != 2 || len(only.Watched) != 1 {
		t.Errorf("%d firings of %v, want 2 of pod b", len(only.Firings), only.Watched)
	}
}

func TestRunCountsMessages(t *testing.T) {
	bucket := func(s int) int64 { return at(s).UnixNano() / int64(signal.Bucket) }
	set := signal.Set{Templates: []signal.Template{
		{ID: "t1", Text: "Connection is not available after <*> ms", Example: "Connection is not available after 30000 ms", Services: []signal.Counts{{Service: "cart", Total: 6, Buckets: []signal.Count{{Bucket: bucket(100), N: 2}, {Bucket: bucket(110), N: 2}, {Bucket: bucket(120), N: 2}}}}},
		{ID: "t2", Text: "order placed", Services: []signal.Counts{{Service: "cart", Total: 2, Buckets: []signal.Count{{Bucket: bucket(0), N: 1}, {Bucket: bucket(300), N: 1}}}}},
	}}
	for rule, want := range map[string][][3]int{
		`"connection is not available" >= 4 per 20s`:         {{120, 120, 140}},
		`"connection is not available" >= 4 per 20s for 10s`: {{120, 130, 140}},
		`"connection is not available" in cart > 5 per 1m`:   {{130, 130, 170}},
		`"connection is not available" in shop > 0 per 1m`:   {},
		`"after 30000 ms" > 3 per 20s`:                       {{120, 120, 140}},
		`"nobody says this" > 0 per 1m`:                      {},
		`"order placed" < 1 per 1m for 2m`:                   {{70, 190, 310}},
	} {
		if d := cmp.Diff(want, windows(run(t, rule, set, hindcast.Phases{}))); d != "" {
			t.Errorf("%s: -want +got:\n%s", rule, d)
		}
	}
}

func TestVerdict(t *testing.T) {
	incident := hindcast.Phases{StartedAt: at(3600), DetectedAt: at(3600 + 600), ResolvedAt: at(7200)}
	for want, high := range map[string][]int{
		"it would have fired at 2024-03-15 15:03:00, 7 m earlier; 0 false alarms in 1 h 59 m":                              {63},
		"it would have fired at 2024-03-15 15:10:00, when the incident was detected; 1 false alarm in 1 h 59 m":            {10, 70},
		"it would have fired at 2024-03-15 15:15:00, 5 m later than the incident was detected; 0 false alarms in 1 h 59 m": {75},
		"it would not have fired in the incident; 0 false alarms in 1 h 59 m":                                              {},
	} {
		if got := run(t, "x > 5", signal.Set{Series: []signal.Series{hours(high...)}}, incident).Verdict(); got != want {
			t.Errorf("Verdict() = %q, want %q", got, want)
		}
	}
	if got, want := run(t, "y > 5", signal.Set{}, incident).Verdict(), "nothing in the evidence matches it"; got != want {
		t.Errorf("Verdict() = %q, want %q", got, want)
	}
}
