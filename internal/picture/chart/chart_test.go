package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/chart"
)

var start = time.Date(2024, 3, 15, 14, 30, 0, 0, time.UTC)

// series has a sample every quarter of a minute.
func series(values ...float64) chart.Series {
	s := chart.Series{ID: "error_ratio cart", Name: "error_ratio", Service: "cart"}
	for i, v := range values {
		s.At = append(s.At, start.Add(time.Duration(i)*15*time.Second).UnixMilli())
		s.Value = append(s.Value, v)
	}
	return s
}

// spike has a failure of a minute in the middle of an hour.
func spike() chart.Series {
	var values []float64
	for i := range 240 {
		values = append(values, 0.01+0.001*float64(i%3))
		if i >= 120 && i < 124 {
			values[i] = 0.9
		}
	}
	s := series(values...)
	s.Shifts = []chart.Shift{{From: start.Add(30 * time.Minute), To: start.Add(31 * time.Minute), Bad: true, Title: "rose from 0.01 to 0.9"}}
	return s
}

func outage() hindcast.Timeline {
	return hindcast.Timeline{
		Incident: hindcast.Phases{StartedAt: start.Add(29 * time.Minute), DetectedAt: start.Add(31 * time.Minute), ResolvedAt: start.Add(40 * time.Minute)},
		Entries: []hindcast.Entry{
			{ID: "d", At: start.Add(29 * time.Minute), KnownAt: start.Add(29 * time.Minute), Kind: hindcast.Change, Title: `rollout of <"v2">`},
			{ID: "r", At: start.Add(33 * time.Minute), KnownAt: start.Add(33 * time.Minute), Kind: hindcast.Action, Title: "rollback"},
		},
	}
}

func draw(t *testing.T, tl hindcast.Timeline, list []chart.Series, look chart.Look) string {
	t.Helper()
	var b strings.Builder
	if err := chart.Draw(&b, tl, list, look); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return b.String()
		} else if err != nil {
			t.Fatalf("the picture is not well-formed XML: %v\n%s", err, b.String())
		}
	}
}

func TestDraw(t *testing.T) {
	svg := draw(t, outage(), []chart.Series{spike()}, chart.Look{Width: 1200})
	for _, want := range []string{
		">error_ratio<", ">cart · rose from 0.01 to 0.9 at 15:00:00<", "undetected 2 m", "detected 9 m", "14:59:00 change: rollout of &lt;&quot;v2&quot;&gt;", "15:03:00 action: rollback",
		`class="flag"`, `class="shifted"`, "error_ratio of cart: 0.01 at 14:30:00, lowest 0.01 at 14:30:00, highest 0.9 at 15:00:00", "prefers-color-scheme:dark",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if again := draw(t, outage(), []chart.Series{spike()}, chart.Look{Width: 1200}); again != svg {
		t.Error("the same series gave another picture")
	}
}

func TestDrawStaysWithinItsWidth(t *testing.T) {
	for _, width := range []int{300, 360, 640, 1200} {
		svg := draw(t, outage(), []chart.Series{spike(), series(1, 2, 3)}, chart.Look{Width: width})
		for _, m := range regexp.MustCompile(`(?: x|x1|x2|cx)="(-?[\d.]+)"`).FindAllStringSubmatch(svg, -1) {
			if x, err := strconv.ParseFloat(m[1], 64); err != nil || x < 0 || x > float64(width) {
				t.Errorf("width %d: something is drawn at %s", width, m[0])
			}
		}
	}
}

func TestDrawWithinAPageCarriesItsPoints(t *testing.T) {
	s := series(0, 0.5, 1)
	s.Unit = "s"
	svg := draw(t, hindcast.Timeline{}, []chart.Series{s}, chart.Look{Width: 1200, Within: true})
	for _, want := range []string{`data-series="error_ratio cart"`, `data-unit="s"`, `data-t="` + strconv.FormatInt(s.At[0], 10) + ` 15000 15000"`, `data-v="0 0.5 1"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %s", want)
		}
	}
	if n := len(strings.Fields(regexp.MustCompile(`data-x="([^"]*)"`).FindStringSubmatch(svg)[1])); n != 3 {
		t.Errorf("%d positions, want 3", n)
	}
}

func TestDrawAsOfHidesWhatCameLater(t *testing.T) {
	svg := draw(t, outage(), []chart.Series{spike()}, chart.Look{Width: 1200, AsOf: start.Add(29*time.Minute + 30*time.Second)})
	for _, secret := range []string{"rose from", "rollback", "highest 0.9", "undetected", `class="flag"`} {
		if strings.Contains(svg, secret) {
			t.Errorf("the picture tells %q, which nobody knew", secret)
		}
	}
	for _, want := range []string{"as of 14:59:30", "rollout"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if got, want := chart.Hidden([]chart.Series{spike()}, start.Add(29*time.Minute+30*time.Second)), 240-119; got != want {
		t.Errorf("%d points are hidden, want %d", got, want)
	}
}

func TestDrawBreaksLinesWhereSamplesAreMissing(t *testing.T) {
	s := series(1, 2, 1, 2, 1, 2)
	for i := 3; i < 6; i++ {
		s.At[i] += 10 * 60 * 1000
	}
	line := regexp.MustCompile(`<path class="series" d="([^"]*)"`).FindStringSubmatch(draw(t, hindcast.Timeline{}, []chart.Series{s}, chart.Look{Width: 800}))[1]
	if n := strings.Count(line, "M"); n != 2 {
		t.Errorf("the line has %d pieces, want 2: %s", n, line)
	}
}

func TestDrawWithoutSeries(t *testing.T) {
	if svg := draw(t, outage(), nil, chart.Look{Width: 800}); !strings.Contains(svg, "No metrics") {
		t.Errorf("the picture does not say that there are no metrics: %s", svg)
	}
}

// TestThinLosesNoSpike thins series of any length and expects that every sample
// lies within the band, and that the mean of an interval lies in it too.
func TestThinLosesNoSpike(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var values []float64
		for range 1 + r.IntN(5000) {
			values = append(values, math.Round(r.NormFloat64()*1000)/8)
		}
		s := series(values...)
		n := 1 + r.IntN(300)
		got := s.Thin(start, start.Add(100*24*time.Hour), n)
		if len(got.At) > n && len(got.At) > len(s.At) || len(s.At) > n && len(got.At) > n {
			t.Fatalf("%d points of %d, want at most %d", len(got.At), len(s.At), n)
		}
		low, high := math.Inf(1), math.Inf(-1)
		for i, v := range got.Value {
			l, h := v, v
			if got.Low != nil {
				l, h = got.Low[i], got.High[i]
			}
			if v < l-1e-6*math.Abs(l)-1e-6 || v > h+1e-6*math.Abs(h)+1e-6 {
				t.Fatalf("the mean %v lies outside %v to %v", v, l, h)
			}
			low, high = min(low, l), max(high, h)
			if i > 0 && got.At[i] <= got.At[i-1] {
				t.Fatalf("points are not in order at %d", i)
			}
		}
		wantLow, wantHigh := math.Inf(1), math.Inf(-1)
		for _, v := range values {
			wantLow, wantHigh = min(wantLow, v), max(wantHigh, v)
		}
		if low != wantLow || high != wantHigh {
			t.Fatalf("band from %v to %v, want %v to %v", low, high, wantLow, wantHigh)
		}
	}
}

func TestThinAgainKeepsTheBand(t *testing.T) {
	once := spike().Thin(start, start.Add(time.Hour), 60)
	twice := once.Thin(start, start.Add(time.Hour), 10)
	top := 0.0
	for _, h := range twice.High {
		top = max(top, h)
	}
	if top != 0.9 {
		t.Errorf("the highest of the band is %v, want 0.9", top)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.25: "0.25", 0.999: "0.999", 1878: "1878", 14400: "14.4k", 2.231e6: "2.23M", -3.5: "-3.5", 50: "50", 100: "100", 1e-7: "1e-07", 9999.9: "10k"} {
		if got := chart.Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestUnit(t *testing.T) {
	type named struct {
		name string
		rate bool
	}
	got := map[named]string{}
	want := map[named]string{
		{"http_request_duration_seconds", false}:             "s",
		{"service:http_request_duration_seconds:p99", false}: "s",
		{"process_cpu_seconds_total", true}:                  "s per s",
		{"http_requests_total", true}:                        "per s",
		{"http_request_duration_seconds_count", true}:        "per s",
		{"node_memory_bytes", false}:                         "B",
		{"queue_depth", false}:                               "",
	}
	for n := range want {
		got[n] = chart.Unit(n.name, n.rate)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
