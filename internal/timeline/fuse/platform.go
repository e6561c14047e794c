package fuse

import (
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// platformGap ends a run of the platform's repetitions.
const platformGap = 15 * time.Minute

// platform joins what the platform repeats: the same word about pods of one
// workload is one fact that lasts.
func (j *joiner) platform() {
	type key struct{ class, reason, service, replica string }
	open := map[key]*fact.Fact{}
	for _, f := range j.of(fact.Warned, fact.Platform) {
		if f.Verb != "" {
			continue
		}
		k := key{string(f.Class), f.Reason, f.Service, ""}
		if f.Service == "" {
			k.replica = f.Object
		}
		first := open[k]
		if first == nil || f.At.Sub(end(first)) > platformGap {
			open[k] = f
			continue
		}
		last, count := later(end(first), end(f)), first.Count+f.Count
		j.merge(first, f)
		first.Until, first.Count = last, count
	}
}

func end(f *fact.Fact) time.Time { return later(f.At, f.Until) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
