package detect

import (
	"fmt"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// manyTemplates is 90 minutes of a system with 3,000 templates in 20 services,
// about five million records, of which a tenth changes its rate.
func manyTemplates() signal.Set {
	s := newScene(20)
	var set signal.Set
	begin := noon.UnixNano() / bucket
	for i := range 3000 {
		service := fmt.Sprintf("service-%02d", i%20)
		f := s.file(service)
		c := signal.Counts{Service: service, Files: []*record.File{f}}
		mean := 0.02 * float64(1+i%300)
		for b := range int64(540) {
			m := mean
			if i%10 == 0 && b >= 300 && b < 400 {
				m *= 6
			}
			if n := s.count(m); n > 0 {
				c.Buckets = append(c.Buckets, signal.Count{Bucket: begin + b, N: uint32(n), Line: int32(b + 1)})
				c.Total += n
			}
		}
		if len(c.Buckets) == 0 {
			continue
		}
		c.First = signal.Mark{At: c.Buckets[0].Bucket * bucket, File: f, Line: 1}
		c.Last = signal.Mark{At: c.Buckets[len(c.Buckets)-1].Bucket * bucket, File: f, Line: 2}
		level := hindcast.LevelInfo
		if i%7 == 0 {
			level = hindcast.LevelError
		}
		set.Templates = append(set.Templates, signal.Template{
			ID: fmt.Sprint(i), Text: fmt.Sprintf("template %04d of <*>", i), Level: level, Total: c.Total, Services: []signal.Counts{c},
		})
	}
	return set
}

// count draws from the Poisson distribution.
func (s *scene) count(mean float64) int {
	n := -1
	for t := 0.0; t < mean; n++ {
		t += s.ExpFloat64()
	}
	return max(n, 0)
}

func BenchmarkTemplates(b *testing.B) {
	set := manyTemplates()
	b.ReportAllocs()
	for b.Loop() {
		Run(set, Options{})
	}
}

func BenchmarkMetrics(b *testing.B) {
	s := newScene(21)
	for i := range 200 {
		s.metric(fmt.Sprint("service-", i%20), fmt.Sprint("latency_", i/20), 10e9, s.wander(540, 100, 5, 0.5))
	}
	b.ReportAllocs()
	for b.Loop() {
		Run(s.set, Options{})
	}
}
