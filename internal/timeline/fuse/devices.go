package fuse

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// configuring is how far apart a network device says that somebody changed it and what of it
// changed, and starting how long it says of itself what is shut as it starts.
const (
	configuring = 20 * time.Second
	starting    = time.Minute
)

// devices joins what a network device says of a change of its own: who made it, with what it
// did to its interfaces, which names nobody. A device that shuts many by nobody starts.
func (j *joiner) devices() {
	changed := j.of(fact.Changed)
	for _, what := range changed {
		if !device(what) || what.First().Attrs["object"] == "" {
			continue
		}
		for _, who := range fact.Between(changed, what.At.Add(-configuring), what.At.Add(configuring)) {
			if !device(who) || who.First().Attrs["object"] != "" || who.Actor.Name == "" || who.Service != what.Service {
				continue
			}
			if what.Actor.Name == "" {
				what.Actor = who.Actor
			}
			if SamePerson(what.Actor.Name, who.Actor.Name) {
				j.merge(what, who)
			}
		}
	}
	for _, what := range changed {
		if !device(what) || what.Actor.Name != "" {
			continue
		}
		shut := 0
		for _, o := range fact.Between(changed, what.At.Add(-starting), what.At.Add(starting)) {
			if device(o) && o.Actor.Name == "" && o.Service == what.Service {
				shut++
			}
		}
		if shut > few {
			what.Class = fact.Row
		}
	}
}

// few is how many interfaces people shut at once.
const few = 3

// device reports whether a network device tells of a change.
func device(f *fact.Fact) bool {
	return f.First().Kind == hindcast.ConfigChange && f.First().Attrs["via"] == "device"
}
