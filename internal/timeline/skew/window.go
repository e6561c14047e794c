package skew

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

const (
	// dense is how many records a file holds at least that shows the hours which the
	// evidence was taken from, and sparse when there is none of that many.
	dense  = 20
	sparse = 5
	// longestSpan is how long such a file lasts at most.
	longestSpan = 24 * time.Hour
	// shortSpan is how long a file lasts at least that lies in it in one zone alone.
	shortSpan = time.Hour
	// protrudes is how much less a file must stick out of these hours in another zone.
	protrudes = 15 * time.Minute
	// atEnd is how far it may stick out of their end then.
	atEnd = 30 * time.Minute
	// before is how much what sticks out of the begin counts, since logs begin when
	// they like, and farthest how much of it does at most.
	before   = 0.25
	farthest = 8 * time.Hour
)

// window is the hours that the evidence was taken from, by the files with a zone.
type window struct {
	from, to time.Time
	file     string // the one that ends last
}

// byWindow compares files without a zone with the hours that the others are of: one that
// goes on for an hour when everything else has ended, or was over before it began, and
// lies within it in a zone where people live or write, is written in that.
func byWindow(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	w, ok := in.window(dense, assumed)
	if !ok {
		if w, ok = in.window(sparse, assumed); !ok {
			return nil
		}
	}
	zones := in.likely()
	var out []hindcast.ClockOffset
	for _, e := range in.Evidence {
		if !assumed[e.Name] || e.From.IsZero() {
			continue
		}
		z := w.closest(e, zones)
		if z == 0 {
			z = w.only(e)
		}
		if z != 0 {
			out = append(out, offset(e.Name, w.file, z, "the records lie", hint(e.Name, z)))
		}
	}
	return out
}

// window returns the hours of the files that hold some records, and the alarm when it is
// known.
func (in Input) window(records int, assumed map[string]bool) (w window, ok bool) {
	alarm := in.Phases.DetectedAt
	for _, e := range in.Evidence {
		if assumed[e.Name] || e.From.IsZero() || e.Records < records || e.To.Sub(e.From) > longestSpan || !alarm.IsZero() && (e.From.After(alarm) || e.To.Before(alarm)) {
			continue
		}
		if !ok || e.From.Before(w.from) {
			w.from = e.From
		}
		if !ok || e.To.After(w.to) {
			w.to, w.file = e.To, e.Name
		}
		ok = true
	}
	return w, ok
}

// beyond returns how far a file sticks out of the window when it is written in a zone.
func (w window) beyond(e hindcast.Evidence, zone time.Duration) time.Duration {
	early := min(max(0, w.from.Sub(e.From.Add(-zone))), farthest)
	return max(0, e.To.Add(-zone).Sub(w.to)) + time.Duration(before*float64(early))
}

// closest returns the one of some zones in which a file sticks out least of the window,
// when that is less than in UTC; else zero.
func (w window) closest(e hindcast.Evidence, zones []time.Duration) (zone time.Duration) {
	least := w.beyond(e, 0) - protrudes
	for _, z := range zones {
		if b := w.beyond(e, z); b < least && e.To.Add(-z).Sub(w.to) <= atEnd {
			zone, least = z, b
		}
	}
	return zone
}

// only returns the only zone of full hours in which a file that has nothing of the window
// in UTC lies in it, but for its ends; zero when there are more or none.
func (w window) only(e hindcast.Evidence) (zone time.Duration) {
	if e.Records < dense || e.To.Sub(e.From) < shortSpan || e.From.Before(w.to) && w.from.Before(e.To) {
		return 0
	}
	n := 0
	for z := range stamp.Offsets {
		early, late := w.from.Sub(e.From.Add(-z)), e.To.Add(-z).Sub(w.to)
		if z%time.Hour == 0 && early <= protrudes && late <= protrudes {
			zone = z
			n++
		}
	}
	if n != 1 {
		return 0
	}
	return zone
}

// likely returns the zones in which a file without one can be written: where most people
// live or write first, then those of other files, and those in which people name times.
func (in Input) likely() []time.Duration {
	lived := map[time.Duration]map[string]bool{}
	for _, list := range in.Tellings {
		for _, t := range list {
			if lived[t.Zone] == nil {
				lived[t.Zone] = map[string]bool{}
			}
			lived[t.Zone][t.By] = true
		}
	}
	out := in.homes()
	slices.SortStableFunc(out, func(a, b time.Duration) int { return cmp.Compare(len(lived[b]), len(lived[a])) })
	for _, z := range slices.Concat(in.Zones, in.Spoken) {
		if z != 0 && !slices.Contains(out, z) {
			out = append(out, z)
		}
	}
	return out
}
