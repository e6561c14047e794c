package plot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/plot"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

var start = time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC)

// sampled is a series of two hours with another level from minute 60 to 80.
func sampled(name, service string, normal, during float64, labels ...string) signal.Series {
	s := signal.Series{File: &record.File{Name: "metrics.csv"}, Name: name, Service: service, Labels: labels}
	for i := range 480 {
		v := normal * (1 + 0.01*float64(i%5))
		if i >= 240 && i < 320 {
			v = during * (1 + 0.01*float64(i%5))
		}
		s.At = append(s.At, start.Add(time.Duration(i)*15*time.Second).UnixNano())
		s.Value = append(s.Value, v)
		s.Line = append(s.Line, int32(i+2))
	}
	return s
}

func timelineOf() hindcast.Timeline {
	return hindcast.Timeline{
		Incident: hindcast.Phases{StartedAt: start.Add(time.Hour), ResolvedAt: start.Add(80 * time.Minute)},
		Entries:  []hindcast.Entry{{Key: true, Service: "cart"}},
	}
}

func ids(t *testing.T, series []signal.Series, most int) []string {
	t.Helper()
	var out []string
	for _, s := range plot.Choose(series, timelineOf(), plot.Options{Most: most}) {
		out = append(out, s.ID)
	}
	return out
}

func TestChooseTakesWhatShiftedFirst(t *testing.T) {
	series := []signal.Series{
		sampled("disk_used", "", 5, 5),
		sampled("build_info", "cart", 1, 1),
		sampled("queue_depth", "cart", 7, 7),
		sampled("requests", "shop", 10, 40),
		sampled("error_ratio", "cart", 0.01, 0.9, "route=/buy"),
	}
	want := []string{"error_ratio{route=/buy} cart", "requests shop", "queue_depth cart", "disk_used"}
	if d := cmp.Diff(want, ids(t, series, 10)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff(want[:2], ids(t, series, 2)); d != "" {
		t.Errorf("at most two: -want +got:\n%s", d)
	}
}

func TestChooseMixesNames(t *testing.T) {
	var series []signal.Series
	for _, pod := range []string{"a", "b", "c", "d", "e"} {
		series = append(series, sampled("error_ratio", "cart", 0.01, 0.9, "pod="+pod))
	}
	series = append(series, sampled("queue_depth", "cart", 7, 7))
	if got := ids(t, series, 4); got[3] != "queue_depth cart" {
		t.Errorf("chose %v, want the queue after three pods", got)
	}
}

func TestChooseSaysWhatShifted(t *testing.T) {
	list := plot.Choose([]signal.Series{sampled("error_ratio", "cart", 0.01, 0.9)}, timelineOf(), plot.Options{Most: 1})
	if len(list) != 1 || len(list[0].Shifts) != 1 {
		t.Fatalf("chose %+v, want one series with one shift", list)
	}
	x := list[0].Shifts[0]
	if !x.Bad || !strings.HasPrefix(x.Title, "rose from 0.01") || x.From.Sub(start.Add(time.Hour)).Abs() > 30*time.Second {
		t.Errorf("shift %+v, want a bad one from 0.01 about 15:00", x)
	}
}

func TestChooseShowsCountersAsRates(t *testing.T) {
	s := signal.Series{File: &record.File{Name: "m"}, Name: "requests_total", Service: "cart"}
	for i := range 480 {
		s.At = append(s.At, start.Add(time.Duration(i)*15*time.Second).UnixNano())
		s.Value = append(s.Value, float64(30*i))
		s.Line = append(s.Line, 1)
	}
	list := plot.Choose([]signal.Series{s}, timelineOf(), plot.Options{Most: 1})
	if len(list) != 1 || list[0].Unit != "per s" || list[0].Value[5] != 2 {
		t.Errorf("chose %+v, want 2 per s", list)
	}
}
