package suspect

import (
	"maps"
	"slices"
)

// callee returns the other service that span i waits for; empty when it calls none.
func (v *traceView) callee(i int32) string {
	own := v.calls.Ops[v.calls.Spans[i].Op].Service
	for _, c := range v.children[i] {
		if s := v.calls.Ops[v.calls.Spans[c].Op].Service; s != own {
			return s
		}
	}
	return ""
}

// slowCalls are the calls between services that take longer than what the
// callee itself takes: the time is lost between the two, at either end.
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
// other services is the likelier one.
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
