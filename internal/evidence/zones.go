package evidence

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

const (
	// fewRecords is how many records a file holds at least whose ends tell anything.
	fewRecords = 20
	// shortSpan is how long a file lasts at least.
	shortSpan = 30 * time.Minute
	// endSlop is how far apart files of one export begin and end.
	endSlop = 2 * time.Minute
	// farSlop is how far apart one end may be of a file that lies apart from all others
	// as it was read.
	farSlop = 10 * time.Minute
	// enoughFiles is how many files a zone must agree with; one is enough where the
	// file cannot be another turn of a rotated log.
	enoughFiles = 2
)

// deduced is the zone of a file whose times carry none.
type deduced struct {
	zone    *time.Location
	because []string // files with which it begins and ends then
}

// deduce returns the zones of the files whose times carry none and were read as
// UTC, where another zone is plain: who exports what happened takes the same hours
// from every source, so that a file which begins and ends as long before or after
// several others, or one that no rotation explains, is written in local time. Nothing is deduced for a file that
// begins and ends with another as it is.
func deduce(files []*file) map[string]deduced {
	out := map[string]deduced{}
	for _, f := range files {
		if !f.assumed || !f.telling() {
			continue
		}
		with, slop := map[time.Duration][]string{}, endSlop
		if f.apart(files) {
			slop = farSlop
		}
		for _, other := range files {
			if other.assumed || other.Zone != nil || !other.telling() {
				continue
			}
			if d, ok := f.shift(other, slop); ok {
				with[d] = append(with[d], other.Name)
			}
		}
		best := time.Duration(0)
		for d, names := range with {
			if len(names) > len(with[best]) || len(names) == len(with[best]) && d < best {
				best = d
			}
		}
		if names := with[best]; best != 0 && len(with[0]) == 0 && (len(names) >= enoughFiles || len(names) == 1 && best%time.Hour == 0 && !f.rotated(best)) {
			slices.Sort(names)
			out[f.Name] = deduced{stamp.DeducedZone(best), names}
		}
	}
	return out
}

// telling reports whether the ends of a file tell when it was exported from.
func (f *file) telling() bool {
	return f.records >= fewRecords && f.to-f.from >= int64(shortSpan)
}

// apart reports whether a file, read as UTC, lies before or after all that lasts about
// as long, and is known in time.
func (f *file) apart(files []*file) bool {
	return !slices.ContainsFunc(files, func(o *file) bool {
		return o != f && !o.assumed && o.telling() && o.to-o.from < 3*(f.to-f.from) && o.from < f.to && f.from < o.to
	})
}

// shift returns by which offset of a zone f is ahead of another file, at both ends
// alike, one of which may be further off.
func (f *file) shift(other *file, far time.Duration) (time.Duration, bool) {
	begin, end := time.Duration(f.from-other.from), time.Duration(f.to-other.to)
	d := stamp.Offset(begin)
	slop := endSlop + min(f.pace()+other.pace(), endSlop)
	near, off := (begin - d).Abs(), (end - d).Abs()
	return d, d.Abs() <= 14*time.Hour && min(near, off) <= slop && max(near, off) <= max(slop, far)
}

// pace is the mean time between the records of a file: what it may begin late, or end
// early.
func (f *file) pace() time.Duration { return time.Duration(f.to-f.from) / time.Duration(f.records) }

// rotated reports whether what lies a while from f, and lasts as long, can be another
// turn of a log that is rotated: turns follow on each other without a gap.
func (f *file) rotated(d time.Duration) bool {
	span := time.Duration(f.to - f.from)
	past := d.Abs() % span
	return min(past, span-past) <= 2*endSlop
}

// say reports what was deduced for a file.
func (d deduced) say(name string) hindcast.Problem {
	return stamp.ReadAs(name, d.zone, "since it then begins and ends with "+strings.Join(d.because[:min(len(d.because), 2)], " and "))
}
