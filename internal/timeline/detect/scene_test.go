package detect

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

var noon = time.Date(2025, 6, 3, 12, 0, 0, 0, time.UTC)

// scene makes signals from a fixed seed, as reading evidence does.
type scene struct {
	*rand.Rand
	logs   map[logKey]*signal.Counts
	levels map[string]hindcast.Level
	status map[string]int
	files  map[string]*record.File
	lines  map[*record.File]int
	set    signal.Set
}

type logKey struct{ text, service string }

func newScene(seed uint64) *scene {
	return &scene{
		Rand: rand.New(rand.NewPCG(seed, 7)), logs: map[logKey]*signal.Counts{}, levels: map[string]hindcast.Level{},
		status: map[string]int{}, files: map[string]*record.File{}, lines: map[*record.File]int{},
	}
}

func (s *scene) file(name string) *record.File {
	if s.files[name] == nil {
		s.files[name] = &record.File{Name: name}
	}
	return s.files[name]
}

// log adds one record at a time after noon, in the file of its service.
func (s *scene) log(after time.Duration, service string, level hindcast.Level, text string) {
	f := s.file(service + ".log")
	s.lines[f]++
	at := noon.Add(after).UnixNano()
	m := signal.Mark{At: at, File: f, Line: s.lines[f]}
	k := logKey{text, service}
	c := s.logs[k]
	if c == nil {
		c = &signal.Counts{Service: service, First: m, Last: m, Files: []*record.File{f}}
		s.logs[k] = c
		s.levels[text] = level
	}
	if at < c.First.At {
		c.First = m
	}
	if at >= c.Last.At {
		c.Last = m
	}
	c.Total++
	b := floor(at, bucket)
	into := uint32((at - b*bucket) / 1000)
	i, ok := slices.BinarySearchFunc(c.Buckets, b, byBucket)
	if !ok {
		c.Buckets = slices.Insert(c.Buckets, i, signal.Count{Bucket: b, N: 1, Line: int32(m.Line), Micros: into})
		return
	}
	c.Buckets[i].N++
	if into < c.Buckets[i].Micros {
		c.Buckets[i].Line, c.Buckets[i].Micros = int32(m.Line), into
	}
}

// every adds records from one time to another at a mean rate per minute.
func (s *scene) every(from, to time.Duration, perMinute float64, service string, level hindcast.Level, text string) {
	gap := float64(time.Minute) / perMinute
	for t := from + time.Duration(s.ExpFloat64()*gap); t < to; t += time.Duration(s.ExpFloat64() * gap) {
		s.log(t, service, level, text)
	}
}

// access adds requests of which a share is refused.
func (s *scene) access(from, to time.Duration, perMinute, refused float64, service string) {
	gap := float64(time.Minute) / perMinute
	for t := from + time.Duration(s.ExpFloat64()*gap); t < to; t += time.Duration(s.ExpFloat64() * gap) {
		text, status := "GET /orders/<*> 200", 200
		if s.Float64() < refused {
			text, status = "GET /orders/<*> 503", 500
		}
		s.status[text] = status
		s.log(t, service, hindcast.LevelUnknown, text)
	}
}

// metric adds a series with a sample for each step from noon on.
func (s *scene) metric(service, name string, step time.Duration, values []float64) {
	x := signal.Series{File: s.file(name + ".csv"), Name: name, Service: service}
	for i, v := range values {
		x.At = append(x.At, noon.Add(time.Duration(i)*step).UnixNano())
		x.Value = append(x.Value, v)
		x.Line = append(x.Line, int32(i+2))
	}
	s.set.Series = append(s.set.Series, x)
}

// wander returns n values around a mean that wander by a spread.
func (s *scene) wander(n int, mean, spread, memory float64) []float64 {
	x, v := make([]float64, n), s.NormFloat64()
	for i := range x {
		v = memory*v + math.Sqrt(1-memory*memory)*s.NormFloat64()
		x[i] = mean + spread*v
	}
	return x
}

// done returns the signals.
func (s *scene) done() signal.Set {
	byText := map[string]*signal.Template{}
	for k, c := range s.logs {
		t := byText[k.text]
		if t == nil {
			t = &signal.Template{ID: fmt.Sprintf("t%d", len(k.text)), Text: k.text, Level: s.levels[k.text], Status: s.status[k.text]}
			byText[k.text] = t
		}
		t.Total += c.Total
		t.Services = append(t.Services, *c)
	}
	for _, t := range byText {
		slices.SortFunc(t.Services, func(a, b signal.Counts) int { return cmp.Compare(a.Service, b.Service) })
		s.set.Templates = append(s.set.Templates, *t)
	}
	slices.SortFunc(s.set.Templates, func(a, b signal.Template) int { return cmp.Compare(a.Text, b.Text) })
	return s.set
}

// shop adds the usual noise of a small system: traffic that swings, isolated
// errors, warnings never seen before, a job on the hour.
func (s *scene) shop(length time.Duration) {
	for _, service := range []string{"cart", "search", "auth"} {
		for part := time.Duration(0); part < length; part += 10 * time.Minute {
			swing := 1 + 0.3*math.Sin(float64(part)/float64(time.Hour))
			end := min(part+10*time.Minute, length)
			s.every(part, end, 40*swing, service, hindcast.LevelInfo, service+" request <*> done in <*> ms")
			s.every(part, end, 10*swing, service, hindcast.LevelInfo, service+" cache hit <*>")
		}
		s.every(0, length, 0.2, service, hindcast.LevelError, service+" upstream timed out, retry <*>")
		s.every(0, length, 0.05, service, hindcast.LevelError, service+" malformed input <*>")
	}
	for i := range int(length / (15 * time.Minute)) {
		at := time.Duration(s.Float64() * float64(length))
		s.log(at, "search", hindcast.LevelWarn, fmt.Sprintf("strange thing number %c failed", 'a'+i))
	}
	for h := time.Duration(0); h+31*time.Minute < length; h += time.Hour {
		for i := range 25 {
			s.log(h+30*time.Minute+time.Duration(i)*time.Second, "auth", hindcast.LevelInfo, "exported row <*>")
		}
	}
}

// bad returns the detections of failures that are at least so surprising.
func bad(found []signal.Detection, surprise float64) []signal.Detection {
	return slices.DeleteFunc(slices.Clone(found), func(d signal.Detection) bool { return !d.Bad || d.Surprise < surprise })
}

// one returns the only detection that fits.
func one(t *testing.T, found []signal.Detection, what string, fits func(d *signal.Detection) bool) signal.Detection {
	t.Helper()
	var out []signal.Detection
	for i := range found {
		if fits(&found[i]) {
			out = append(out, found[i])
		}
	}
	if len(out) != 1 {
		for _, d := range found {
			t.Logf("%.1f %s %s: %s", d.Surprise, d.Detector, d.Title, d.Why)
		}
		t.Fatalf("%d detections of %s, want 1", len(out), what)
	}
	return out[0]
}
