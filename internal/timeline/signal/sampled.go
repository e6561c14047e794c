package signal

import (
	"math"
	"strings"
)

// Sampled is the series to look at: finite values only, and of a counter its
// increase per second, which rate says.
func (s *Series) Sampled() (out *Series, rate bool) {
	out = &Series{File: s.File, Name: s.Name, Service: s.Service, Labels: s.Labels}
	for i, v := range s.Value {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		out.At, out.Value, out.Line = append(out.At, s.At[i]), append(out.Value, v), append(out.Line, s.Line[i])
	}
	if rate = out.counter(); rate {
		out.perSecond()
	}
	return out, rate
}

// counter reports whether a series counts up from when its process started, as
// Prometheus counters do by name and by values that hardly ever fall.
func (s *Series) counter() bool {
	named := strings.HasSuffix(s.Name, "_total") || strings.HasSuffix(s.Name, "_count") || strings.HasSuffix(s.Name, "_sum")
	if !named || len(s.Value) < 3 {
		return false
	}
	falls := 0
	for i := 1; i < len(s.Value); i++ {
		if s.Value[i] < s.Value[i-1] {
			falls++
		}
	}
	return falls*20 <= len(s.Value)
}

// perSecond replaces the samples of a counter by its increase per second since
// the sample before. After a fall it began again from zero.
func (s *Series) perSecond() {
	last := s.Value[0]
	for i := 1; i < len(s.Value); i++ {
		v := s.Value[i]
		rise := v - last
		if rise < 0 {
			rise = v
		}
		s.Value[i], last = rise/(float64(s.At[i]-s.At[i-1])/1e9), v
	}
	s.At, s.Value, s.Line = s.At[1:], s.Value[1:], s.Line[1:]
}
