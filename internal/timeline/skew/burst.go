package skew

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/wording"
)

const (
	fewest   = 20          // failures that a burst must hold
	many     = 50          // failures in each of two bursts that show a drift
	shortest = time.Minute // a shorter burst has no shape
	inside   = 0.8         // share of a file's failures that lie in its burst
	strong   = 5.0         // surprise from which a detection counts
)

// burst is one failure as one file records it, with its ends.
type burst struct {
	file     string
	from, to time.Time
	n        int           // records
	blur     time.Duration // how uncertain the ends are
	cut      bool          // the file may begin or end within it
}

// cell is the failures of a file in one bucket.
type cell struct {
	n           int
	first, last int64 // nanoseconds since the Unix epoch
}

// tally is what a file holds.
type tally struct {
	cells    map[int64]*cell // failures by bucket
	from, to int64           // buckets of the first and the last record
}

// bursts returns the files whose failures are one burst, by name.
func bursts(templates []signal.Template, bad map[string]bool) []burst {
	var out []burst
	files := tallies(templates, bad)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if b, ok := files[name].burst(); ok {
			b.file = name
			out = append(out, b)
		}
	}
	return out
}

// tallies counts the failures of each file. bad are templates that a detector
// took for failures whatever their level.
func tallies(templates []signal.Template, bad map[string]bool) map[string]*tally {
	out := map[string]*tally{}
	for _, t := range templates {
		failing := t.Level >= hindcast.LevelError || t.Status >= 500 || bad[t.ID] || t.Level == hindcast.LevelWarn && wording.Failure(t.Text)
		for i := range t.Services {
			for _, c := range t.Services[i].Buckets {
				if name := origin(&t.Services[i], c); name != "" {
					if out[name] == nil {
						out[name] = &tally{cells: map[int64]*cell{}, from: c.Bucket, to: c.Bucket}
					}
					out[name].add(&t.Services[i], c, failing)
				}
			}
		}
	}
	return out
}

// origin returns the file of a bucket's earliest record.
func origin(c *signal.Counts, b signal.Count) string {
	switch {
	case int(b.File) < len(c.Files):
		return c.Files[b.File].Name
	case c.First.File != nil && len(c.Files) == 0:
		return c.First.File.Name
	}
	return ""
}

func (t *tally) add(c *signal.Counts, b signal.Count, failing bool) {
	t.from, t.to = min(t.from, b.Bucket), max(t.to, b.Bucket)
	if !failing {
		return
	}
	begin := b.Bucket * int64(signal.Bucket)
	first := begin + int64(b.Micros)*int64(time.Microsecond)
	last := max(first, begin+int64(signal.Bucket/2))
	if c.Last.At >= begin && c.Last.At < begin+int64(signal.Bucket) {
		last = c.Last.At
	}
	x := t.cells[b.Bucket]
	if x == nil {
		x = &cell{first: first, last: last}
		t.cells[b.Bucket] = x
	}
	x.n += int(b.N)
	x.first, x.last = min(x.first, first), max(x.last, last)
}

// burst returns the stretch that holds the file's failures, when there is one
// that holds nearly all and is dense enough to have ends.
func (t *tally) burst() (burst, bool) {
	buckets := slices.Sorted(maps.Keys(t.cells))
	if len(buckets) == 0 {
		return burst{}, false
	}
	from, to := t.densest(buckets)
	dense, ok := t.between(buckets, from, to)
	if ok && int64(dense.n) > to-from {
		return dense, true
	}
	from, to = t.longest(buckets)
	if sparse, all := t.between(buckets, from, to); all {
		return sparse, true
	}
	return dense, ok
}

// between returns the stretch from one bucket to another as a burst, when it holds
// nearly all failures.
func (t *tally) between(buckets []int64, from, to int64) (burst, bool) {
	total, n := 0, 0
	for _, b := range buckets {
		total += t.cells[b].n
		if b >= from && b <= to {
			n += t.cells[b].n
		}
	}
	out := burst{from: time.Unix(0, t.cells[from].first).UTC(), to: time.Unix(0, t.cells[to].last).UTC(), n: n, cut: from <= t.from || to >= t.to}
	length := out.to.Sub(out.from)
	if n < fewest || length < shortest || float64(n) < inside*float64(total) {
		return burst{}, false
	}
	out.blur = signal.Bucket/2 + 2*length/time.Duration(n)
	return out, true
}

// pauses is how many times as long as the usual pause between failures one is that
// parts them: of a thousand that come by chance none is.
const pauses = 12

// longest returns the first and the last bucket of the longest stretch without a long
// pause: failures that come one by one are dense nowhere.
func (t *tally) longest(buckets []int64) (from, to int64) {
	gaps := make([]int64, 0, len(buckets))
	for i, b := range buckets[1:] {
		gaps = append(gaps, b-buckets[i])
	}
	slices.Sort(gaps)
	begin := buckets[0]
	from, to = begin, begin
	for i, b := range buckets[1:] {
		if b-buckets[i] > pauses*gaps[len(gaps)/2] {
			begin = b
		}
		if b-begin > to-from {
			from, to = begin, b
		}
	}
	return from, to
}

// densest returns the first and the last bucket of the stretch with the
// largest sum of what the counts exceed a third of a busy bucket's by.
func (t *tally) densest(buckets []int64) (from, to int64) {
	counts := make([]int, 0, len(buckets))
	for _, b := range buckets {
		counts = append(counts, t.cells[b].n)
	}
	slices.Sort(counts)
	busy := float64(counts[len(counts)*3/4])
	usual := busy / 3
	begin, sum, top, prev := buckets[0], 0.0, 0.0, buckets[0]
	for _, b := range buckets {
		sum -= usual * float64(max(0, b-prev-1))
		if sum <= 0 {
			begin, sum = b, 0
		}
		sum += min(float64(t.cells[b].n), 3*busy) - usual
		if sum > top {
			top, from, to = sum, begin, b
		}
		prev = b
	}
	return from, to
}

// byFailures compares files without a zone by the failure that they record
// with the same failure elsewhere. Clocks of other files are not doubted for
// it: a failure that spreads can begin and end late.
func byFailures(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	all := bursts(in.Templates, failing(in.Detections))
	var references []burst
	for _, b := range all {
		if !assumed[b.file] {
			references = append(references, b)
		}
	}
	measured := metrics(in.Detections, assumed)
	var out []hindcast.ClockOffset
	for _, b := range all {
		if !assumed[b.file] || b.agrees(slices.Concat(references, measured)) {
			continue
		}
		if o, ok := b.against(references, measured, in.homes()); ok {
			out = append(out, o)
		}
	}
	return out
}

// failing returns the templates that detectors took for failures.
func failing(found []signal.Detection) map[string]bool {
	out := map[string]bool{}
	for _, d := range found {
		if d.Bad && d.Direction > 0 && d.Surprise >= strong {
			out[d.Subject] = true
		}
	}
	return out
}

// metrics returns what metrics show of failures, each file's most surprising
// one alone. A change that does not end tells nothing about its end.
func metrics(found []signal.Detection, assumed map[string]bool) []burst {
	best := map[string]signal.Detection{}
	for _, d := range found {
		if d.Detector != "metric-change" || !d.Bad || d.Surprise < strong || len(d.Marks) == 0 || d.Marks[0].File == nil {
			continue
		}
		if name := d.Marks[0].File.Name; !assumed[name] && d.Surprise > best[name].Surprise {
			best[name] = d
		}
	}
	var out []burst
	for _, name := range slices.Sorted(maps.Keys(best)) {
		d := best[name]
		out = append(out, burst{file: name, from: time.Unix(0, d.From).UTC(), to: time.Unix(0, d.To).UTC(), blur: time.Minute})
	}
	return out
}

// agrees reports whether any other clock sees the failure begin when b does.
func (b *burst) agrees(others []burst) bool {
	return slices.ContainsFunc(others, func(o burst) bool { return b.from.Sub(o.from).Abs() < least })
}

// against compares b with the other bursts, the one whose ends fit best first. In the zones
// where people live it is enough that they begin together.
func (b *burst) against(references, measured []burst, homes []time.Duration) (hindcast.ClockOffset, bool) {
	apart := func(o burst) time.Duration { return (b.from.Sub(o.from) - b.to.Sub(o.to)).Abs() }
	fit := func(x, y burst) int { return cmp.Or(cmp.Compare(apart(x), apart(y)), cmp.Compare(x.file, y.file)) }
	slices.SortFunc(references, fit)
	slices.SortFunc(measured, fit)
	for _, o := range slices.Concat(references, measured) {
		ends := []time.Duration{b.from.Sub(o.from), b.to.Sub(o.to)}
		if z, ok := sameZone(ends, zoneSlop+b.blur+o.blur); ok {
			return offset(b.file, o.file, z, "a failure begins and ends", hint(b.file, z)), true
		}
	}
	for _, o := range slices.Concat(references, measured) {
		if z, ok := zone(b.from.Sub(o.from), least+b.blur+o.blur); ok && !b.cut && slices.Contains(homes, z) {
			return offset(b.file, o.file, z, "a failure begins", hint(b.file, z)), true
		}
	}
	for _, o := range references {
		d := (b.from.Sub(o.from) + b.to.Sub(o.to)) / 2
		if min(b.n, o.n) < many || b.cut || o.cut || apart(o) > b.blur+o.blur || apart(o) > d.Abs()/4 || d.Abs() < least || d.Abs() > most {
			continue
		}
		return offset(b.file, o.file, d, "a failure begins and ends about", drift(d)), true
	}
	return hindcast.ClockOffset{}, false
}
