package fact

import (
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// tight is how long before a message a clock lies of which it tells as of news.
	tight = time.Hour
	// sure is how much must speak for an offset that no record states.
	sure = 3
	// span is how many bytes may stand between two clocks of one moment.
	span = 24
)

// free reports whether a clock leaves its zone and its day open.
func free(c speech.Clock) bool {
	return c.Zone == "" && c.Ago == 0 && !c.NoHour && !c.Ahead && c.DaysBack == 0 && c.Month == 0 && c.Day == 0 && c.Weekday == ""
}

// Written returns the offsets from UTC in which people write clocks, as it shows in
// their messages alone: they name the zone, or one moment in two, "2:03 (19:03Z)", or several
// clocks that make no sense in UTC lie shortly before their messages in one other
// zone, and in none as many. The latter counts when no other zone than UTC is known.
func Written(facts []*Fact, known bool) []time.Duration {
	stated, now, near, far := map[time.Duration]int{}, map[time.Duration]int{}, map[time.Duration]int{}, map[time.Duration]int{}
	for _, f := range facts {
		if f.Class != Said {
			continue
		}
		for o := range paired(f) {
			stated[o]++
		}
		for _, c := range f.Speech.Clocks {
			if o, ok := c.Offset(f.At); ok && o != 0 {
				stated[o]++
			}
			weigh(f, c, now, near, far)
		}
	}
	out := slices.Sorted(maps.Keys(stated))
	if len(out) > 0 || known {
		return out
	}
	best, tie := time.Duration(0), false
	score := func(o time.Duration) int { return 2*now[o] + 2*near[o] + far[o] }
	for _, o := range slices.Sorted(maps.Keys(near)) {
		switch {
		case score(o) > score(best):
			best, tie = o, false
		case score(o) == score(best):
			tie = true
		}
	}
	if best != 0 && !tie && near[best] >= agreeing && near[best]+far[best] >= sure {
		out = append(out, best)
	}
	return out
}

// weigh counts the offsets in which a clock that makes no sense in UTC lies right before
// its message, those in which it lies shortly before, and those in which it lies some
// hours before.
func weigh(f *Fact, c speech.Clock, now, near, far map[time.Duration]int) {
	if !free(c) {
		return
	}
	n, utc := 1, f.At.Sub(last(c, f.At, 0))
	switch {
	case c.Local:
		n = sure
	case utc <= recent:
		near[0]++
		return
	}
	for h := -11; h <= 14; h++ {
		o := time.Duration(h) * time.Hour
		if h == 0 || c.Half && (h < -8 || h > 12) { // of two zones that half a day fits, the one where more people live
			continue
		}
		switch lag := f.At.Sub(last(c, f.At, o)); {
		case lag <= tight:
			near[o] += n
			if lag <= momentary {
				now[o] += n
			}
		case lag <= 2*recent:
			far[o] += n
		}
	}
}

// paired returns the offsets of clocks that stand beside the same moment in UTC.
func paired(f *Fact) map[time.Duration]bool {
	out := map[time.Duration]bool{}
	list := f.Speech.Clocks
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		if b.Start-a.End > span || a.Ago != 0 || b.Ago != 0 {
			continue
		}
		if universal(b) {
			a, b = b, a
		}
		if !universal(a) || b.Zone != "" || a.Minute%30 != b.Minute%30 || a.HasSecond && b.HasSecond && a.Second != b.Second {
			continue
		}
		if o := nearest(last(a, f.At, 0), b); o != 0 {
			out[o] = true
		}
	}
	return out
}

// nearest returns the smallest offset from UTC in which a clock shows a moment; 0 when
// none does.
func nearest(at time.Time, c speech.Clock) (best time.Duration) {
	for _, hour := range halvesOf(c) {
		if o, ok := between(at, hour, c.Minute); ok && (best == 0 || o.Abs() < best.Abs()) {
			best = o
		}
	}
	return best
}

// halvesOf returns the hours that a clock may mean.
func halvesOf(c speech.Clock) []int {
	if c.Half && c.Hour < 12 {
		return []int{c.Hour, c.Hour + 12}
	}
	return []int{c.Hour}
}

func universal(c speech.Clock) bool {
	return c.Zone == "Z" || c.Zone == "UTC" || c.Zone == "GMT" || c.Zone == "ZULU"
}
