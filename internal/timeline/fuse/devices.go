package fuse

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// configuring is how far apart a network device says that somebody changed it and what of it
// changed.
const configuring = 20 * time.Second

// devices joins what a network device says of a change of its own: who made it, with what it
// did to an interface, which names nobody.
func (j *joiner) devices() {
	changed := j.of(fact.Changed)
	for _, what := range changed {
		if !device(what) || what.First().Attrs["object"] == "" {
			continue
		}
		for _, who := range fact.Between(changed, what.At.Add(-configuring), what.At.Add(configuring)) {
			if !device(who) || who.First().Attrs["object"] != "" || who.Actor.Name == "" || who.Service != what.Service || j.gone[who] {
				continue
			}
			if what.Actor.Name == "" {
				what.Actor = who.Actor
			}
			j.merge(what, who)
		}
	}
}

// device reports whether a network device tells of a change.
func device(f *fact.Fact) bool {
	return f.First().Kind == hindcast.ConfigChange && f.First().Attrs["via"] == "device"
}
