package suspect

import (
	"maps"
	"math"
	"slices"
)

// nobody is what a span waits for that calls no other service.
const nobody = -1

// callee returns the first operation of the other service that span i waits
// for, which stands for that service, or nobody.
func (v *traceView) callee(i int32) int32 {
	own := v.calls.Ops[v.calls.Spans[i].Op].Service
	for _, c := range v.children[i] {
		op := v.calls.Spans[c].Op
		service := v.calls.Ops[op].Service
		if service == own {
			continue
		}
		for op > 0 && v.calls.Ops[op-1].Service == service {
			op--
		}
		return op
	}
	return nobody
}

// waitsFor is the other service a duration waits for; empty when none.
func (v *traceView) waitsFor(f *feature) string {
	if f.what == nobody {
		return ""
	}
	return v.calls.Ops[f.what].Service
}

// judgeDuration looks for operations that take longer themselves.
func (f *feature) judgeDuration() {
	if f.before < enoughShift || f.after < enoughAfter {
		return
	}
	surprise, ratio := rankSum(f.durations)
	if ratio < 2 {
		return
	}
	f.surprise, f.ratio, f.direction = min(surprise, slower+math.Log10(ratio), slowest), ratio, 1
}

// slowCalls are the calls between services that take longer than what the
// callee itself takes: the time is lost between the two, at either end. What a
// service loses by itself is a call to no service.
type slowCalls map[string]map[string]found

func (c slowCalls) add(caller, callee string, f found) {
	for _, e := range [2][2]string{{caller, callee}, {callee, caller}} {
		if c[e[0]] == nil {
			c[e[0]] = map[string]found{}
		}
		if f.surprise > c[e[0]][e[1]].surprise {
			c[e[0]][e[1]] = f
		}
	}
}

// rank adds both ends of the slow calls. The end that has slow calls with more
// other services, or is slow by itself, is the likelier one.
func (c slowCalls) rank(r ranking) {
	for service, others := range c {
		var best found
		for _, other := range slices.Sorted(maps.Keys(others)) {
			if f := others[other]; f.surprise > best.surprise {
				best = f
			}
		}
		best.surprise += 0.5 * float64(len(others)-1)
		r.add(service, best)
	}
}
