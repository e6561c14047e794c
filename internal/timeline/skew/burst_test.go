package skew_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

// logged is a file of two hours with a quiet line each half minute and failures
// between two clocks, one each step on average.
func logged(file, from, to string, step, by time.Duration) []signal.Template {
	f := &record.File{Name: file}
	rng := rand.New(rand.NewPCG(7, uint64(len(file))))
	var quiet, failing []time.Time
	for at := facttest.At("09:00"); at.Before(facttest.At("11:00")); at = at.Add(30 * time.Second) {
		quiet = append(quiet, at.Add(by))
	}
	for at := facttest.At(from); at.Before(facttest.At(to)); at = at.Add(time.Duration(-math.Log(1-rng.Float64()) * float64(step))) {
		failing = append(failing, at.Add(by))
	}
	return []signal.Template{
		{ID: file + "1", Text: "done", Level: hindcast.LevelInfo, Services: []signal.Counts{counted(f, quiet)}},
		{ID: file + "2", Text: "upstream closed", Level: hindcast.LevelError, Services: []signal.Counts{counted(f, failing)}},
	}
}

func counted(f *record.File, at []time.Time) signal.Counts {
	c := signal.Counts{Total: len(at), Files: []*record.File{f}}
	for _, t := range at {
		b := t.UnixNano() / int64(signal.Bucket)
		if n := len(c.Buckets); n > 0 && c.Buckets[n-1].Bucket == b {
			c.Buckets[n-1].N++
			continue
		}
		c.Buckets = append(c.Buckets, signal.Count{Bucket: b, N: 1, Micros: uint32((t.UnixNano() - b*int64(signal.Bucket)) / 1000)})
	}
	c.First, c.Last = signal.Mark{At: at[0].UnixNano(), File: f}, signal.Mark{At: at[len(at)-1].UnixNano(), File: f}
	return c
}

// measured is a failure that a metric shows.
func measured(from, to string) signal.Detection {
	return signal.Detection{Detector: "metric-change", From: facttest.At(from).UnixNano(), To: facttest.At(to).UnixNano(), Direction: 1, Bad: true,
		Surprise: 9, Marks: []signal.Mark{{File: &record.File{Name: "metric.json"}}}}
}

func TestFindByOneFailureInTwoFiles(t *testing.T) {
	app := logged("app.jsonl", "09:40", "09:58", 3*time.Second, 0)
	for _, tt := range []struct {
		name      string
		edge      []signal.Template
		app       []signal.Template
		metrics   []signal.Detection
		zoned     bool
		want      string
		tolerance time.Duration
	}{
		{name: "same clock", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 0), app: app},
		{name: "edge ahead", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 97*time.Second), app: app, want: "edge.log 97 app.jsonl", tolerance: 8 * time.Second},
		{name: "edge behind", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, -4*time.Minute), app: app, want: "edge.log -240 app.jsonl", tolerance: 8 * time.Second},
		{name: "clock with a zone is not doubted", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 97*time.Second), app: app, zoned: true},
		{name: "failure spreads and ends at once", edge: logged("edge.log", "09:42", "09:58", 4*time.Second, 0), app: app},
		{name: "failure spreads and ends later", edge: logged("edge.log", "09:41", "10:02", 4*time.Second, 0), app: app},
		{name: "a metric has the edge's clock", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 97*time.Second), app: app, metrics: []signal.Detection{measured("09:41:40", "10:10")}},
		{name: "few failures show no drift", edge: logged("edge.log", "09:40", "09:58", 30*time.Second, 97*time.Second), app: app},
		{name: "local time", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 2*time.Hour), app: app, want: "edge.log 7200 app.jsonl"},
		{name: "local time in the west", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, -7*time.Hour), app: app, want: "edge.log -25200 app.jsonl"},
		{name: "local time of a zone with three quarters", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 345*time.Minute), app: app, want: "edge.log 20700 app.jsonl"},
		{name: "local time beside a metric", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 2*time.Hour), metrics: []signal.Detection{measured("09:40:20", "09:59")}, want: "edge.log 7200 metric.json"},
		{name: "hours and some minutes", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 2*time.Hour+11*time.Minute), app: app},
		{name: "another failure hours later", edge: logged("edge.log", "09:40", "09:50", 4*time.Second, 2*time.Hour), app: app},
		{name: "nothing to compare", edge: logged("edge.log", "09:40", "09:58", 4*time.Second, 2*time.Hour)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := skew.Input{Templates: append(append([]signal.Template{}, tt.app...), tt.edge...), Detections: tt.metrics}
			if !tt.zoned {
				in.Evidence = zoneless("edge.log")
			}
			check(t, skew.Find(in), tt.want, tt.tolerance)
		})
	}
}

// check compares the only finding with "FILE SECONDS AGAINST".
func check(t *testing.T, found []hindcast.ClockOffset, want string, tolerance time.Duration) {
	t.Helper()
	if want == "" || len(found) != 1 {
		if want != "" || len(found) != 0 {
			t.Errorf("found %v, want %q", show(found), want)
		}
		return
	}
	got := found[0]
	var file, against string
	var seconds float64
	if _, err := fmt.Sscan(want, &file, &seconds, &against); err != nil {
		t.Fatal(err)
	}
	if got.File != file || got.Against != against || math.Abs(got.OffsetS-seconds) > tolerance.Seconds() || got.OffsetS != got.Offset.Seconds() {
		t.Errorf("found %v, want %q within %s", show(found), want, tolerance)
	}
}

func TestFindSaysHowToReadLocalTime(t *testing.T) {
	in := skew.Input{
		Templates: append(logged("app.jsonl", "09:40", "09:58", 3*time.Second, 0), logged("edge.log", "09:40", "09:58", 4*time.Second, -210*time.Minute)...),
		Evidence:  zoneless("edge.log"),
	}
	found := skew.Find(in)
	want := "a failure begins and ends 3 h 30 m earlier than in app.jsonl: looks like local time of UTC-3:30; read it with --zone edge.log=-03:30"
	if len(found) != 1 || found[0].Why != want {
		t.Errorf("found %+v, want %q", found, want)
	}
}

func TestFindStaysSilentOnFailuresThatRecur(t *testing.T) {
	f := &record.File{Name: "cron.log"}
	var failing []time.Time
	for hour := range 5 {
		for i := range 100 {
			failing = append(failing, facttest.At("08:40").Add(time.Duration(hour)*time.Hour+time.Duration(i)*10*time.Second))
		}
	}
	in := skew.Input{
		Templates: append(logged("app.jsonl", "09:40", "09:58", 3*time.Second, 0), signal.Template{ID: "c", Level: hindcast.LevelError, Services: []signal.Counts{counted(f, failing)}}),
		Evidence:  zoneless("cron.log"),
	}
	if found := skew.Find(in); len(found) != 0 {
		t.Errorf("found %s", strings.Join(show(found), "; "))
	}
}

// TestFindWhatBeginsTogetherAtHome takes a failure that only begins together in two files
// for one in the zone where people live, and in no other.
func TestFindWhatBeginsTogetherAtHome(t *testing.T) {
	for _, tt := range []struct {
		by   time.Duration
		want string
	}{
		{2 * time.Hour, "edge.log 7200 metric.json"},
		{3 * time.Hour, ""},
	} {
		in := skew.Input{
			Templates:  logged("edge.log", "09:40", "10:38", 4*time.Second, tt.by),
			Detections: []signal.Detection{measured("09:40", "09:58")},
			Evidence:   zoneless("edge.log"),
			Tellings:   map[string][]skew.Telling{"chat.json": {{At: facttest.At("09:50"), File: "chat.json", Zone: 2 * time.Hour}}},
		}
		check(t, skew.Find(in), tt.want, time.Minute)
	}
}
