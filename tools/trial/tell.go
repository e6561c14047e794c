package trial

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// rounding is what a second that a record leaves out can make.
const rounding = 0.999

// Told returns the indices of the events that an entry tells of, the nearest first:
// at their time, within the tolerance, in words that tell of them.
func Told(e hindcast.Entry, events []Event) []int {
	var out []int
	off := map[int]time.Duration{}
	for i, k := range events {
		off[i] = e.At.Sub(k.At).Abs()
		if off[i].Seconds() <= k.Tolerance+rounding && k.mentioned(e.Title+" "+e.Detail) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(x, y int) int { return cmp.Compare(off[x], off[y]) })
	return out
}

func (k Event) mentioned(text string) bool {
	for _, re := range k.mention {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}

// Rests reports whether an entry rests on a record that the truth names for k.
func (k Event) Rests(e hindcast.Entry) bool {
	for _, r := range e.Evidence {
		for _, x := range k.Evidence {
			if r.File == x.File && r.Line >= x.Line && r.Line <= x.EndLine {
				return true
			}
		}
	}
	return false
}

// match gives as many entries as can be an event of their own: told[i] are the events
// that entry i tells of, the result the event that it serves, or -1 (maximum matching
// by augmenting paths).
func match(told [][]int, events int) []int {
	owner := slices.Repeat([]int{-1}, events)
	var serve func(entry int, seen []bool) bool
	serve = func(entry int, seen []bool) bool {
		for _, k := range told[entry] {
			if seen[k] {
				continue
			}
			seen[k] = true
			if owner[k] < 0 || serve(owner[k], seen) {
				owner[k] = entry
				return true
			}
		}
		return false
	}
	for i := range told {
		serve(i, make([]bool, events))
	}
	out := slices.Repeat([]int{-1}, len(told))
	for k, i := range owner {
		if i >= 0 {
			out[i] = k
		}
	}
	return out
}
