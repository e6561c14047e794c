package suspect

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"sort"

	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	usualSamples = 5   // least number of samples that say what is usual
	tailShare    = 50  // one in so many usual samples belongs to the tail
	heaviest     = 0.5 // least tail index: tails of operational metrics are heavy
	beyond       = 1.0 // how far, in powers of ten, extrapolation goes beyond the number of usual samples
)

// usual is one series with what is usual for it.
type usual struct {
	series         *signal.Series
	inside         []int     // indices of the samples in the window
	outside        []float64 // the usual values, in order
	median, spread float64
}

// metrics adds the series that leave their usual range inside the window. The
// range of chance is that of all series with the same name together: the share
// of usual samples that lie as far out, continued beyond the farthest by a
// Pareto tail with Hill's estimate of its index (Hill 1975).
func metrics(series []signal.Series, from, to int64, r ranking) {
	byName := map[string][]*usual{}
	var names []string
	for i := range series {
		s := &series[i]
		if s.Service == "" {
			continue
		}
		u := newUsual(s, from, to)
		if u == nil {
			continue
		}
		if byName[s.Name] == nil {
			names = append(names, s.Name)
		}
		byName[s.Name] = append(byName[s.Name], u)
	}
	for _, name := range names {
		family(byName[name], r)
	}
}

func newUsual(s *signal.Series, from, to int64) *usual {
	u := &usual{series: s}
	for i, at := range s.At {
		if at >= from && at <= to {
			u.inside = append(u.inside, i)
		} else {
			u.outside = append(u.outside, s.Value[i])
		}
	}
	if len(u.inside) < 2 || len(u.outside) < usualSamples {
		return nil
	}
	sorted := slices.Sorted(slices.Values(u.outside))
	u.median = sorted[len(sorted)/2]
	away := make([]float64, len(sorted))
	for i, v := range sorted {
		away[i] = math.Abs(v - u.median)
	}
	sort.Float64s(away)
	mad := 1.4826 * away[len(away)/2] // of a normal spread
	wide := (sorted[len(sorted)*19/20] - sorted[len(sorted)/20]) / 3.29
	u.spread = max(mad, wide, math.Abs(u.median)/20)
	return u
}

// own matches the names of metrics about what a service uses itself; others,
// such as latency and throughput, pass from a service to those that call it.
// shared matches those of the machine, which several services run on.
var (
	own    = regexp.MustCompile(`(?i)cpu|memory|mem_|_mem|heap|rss|gc|disk|iowait|thread|file_desc|fds|swap|load|oom|throttl`)
	shared = regexp.MustCompile(`(?i)^(?:node|host|machine|instance)_`)
)

// passedOn is the most that is made of a metric that others may have caused.
const passedOn = 2.5

// family looks at all series of one name.
func family(list []*usual, r ranking) {
	most := passedOn
	if name := list[0].series.Name; own.MatchString(name) && !shared.MatchString(name) {
		most = math.Inf(1)
	}
	medians := make([]float64, len(list))
	for i, u := range list {
		medians[i] = math.Abs(u.median)
	}
	sort.Float64s(medians)
	floor := max(medians[len(medians)/2]/20, 1e-12)
	var null []float64
	for _, u := range list {
		u.spread = max(u.spread, floor)
		for i := range u.outside[1:] {
			null = append(null, min(u.away(u.outside[i]), u.away(u.outside[i+1])))
		}
	}
	slices.SortFunc(null, func(a, b float64) int { return cmp.Compare(b, a) })
	k := min(max(usualSamples, len(null)/tailShare), len(null)-1)
	edge := max(null[k], 1e-9)
	hill := 0.0
	for _, z := range null[:k] {
		hill += math.Log(max(z, edge) / edge)
	}
	hill = max(hill/float64(k), heaviest)
	for _, u := range list {
		i, z := u.farthest()
		if z <= edge {
			continue
		}
		p := float64(k) / float64(len(null)) * math.Pow(z/edge, -1/hill) * float64(len(u.inside))
		r.add(u.series.Service, found{
			surprise: min(-math.Log10(p), math.Log10(float64(len(null)))+beyond, most),
			at:       u.series.At[i],
			why:      fmt.Sprintf("%s was %.4g, usually %.4g: %.3g times its usual spread", u.series.Name, u.series.Value[i], u.median, z),
		})
	}
}

// away is how far a value lies from the usual one, in spreads.
func (u *usual) away(v float64) float64 { return math.Abs(v-u.median) / u.spread }

// farthest returns the first of the two samples in a row in the window that lie
// farthest from the usual value, and how far in spreads. One strange sample by
// itself says little.
func (u *usual) farthest() (index int, z float64) {
	for k := range u.inside[1:] {
		i, j := u.inside[k], u.inside[k+1]
		if d := min(u.away(u.series.Value[i]), u.away(u.series.Value[j])); d > z {
			index, z = i, d
		}
	}
	return index, z
}
