// Package localtime builds timelines of evidence of which some is written in local
// time and does not say so: where what failed, and when, tells the zone of a file,
// everything is read again with it.
package localtime

import (
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

// Zone returns the zone of the times of a file that carry none; nil when nobody named
// one.
type Zone func(file string) *time.Location

// Or returns the zone of a file by z, else by another.
func (z Zone) Or(other Zone) Zone {
	return func(file string) *time.Location {
		if z != nil {
			if zone := z(file); zone != nil {
				return zone
			}
		}
		return other(file)
	}
}

// Deduced returns the zones of files for which one was deduced when they were read.
func Deduced(evidence []hindcast.Evidence) Zone {
	zones := map[string]*time.Location{}
	for _, e := range evidence {
		if t, err := time.Parse(stamp.Deduced+"-07:00", e.Zone); err == nil {
			_, east := t.Zone()
			zones[e.Name] = stamp.DeducedZone(time.Duration(east) * time.Second)
		}
	}
	return func(file string) *time.Location { return zones[file] }
}

// Read reads the evidence, with the zones of files that name none.
type Read func(Zone) (*collect.Result, []hindcast.Evidence, error)

// Build builds the timeline of the evidence that read returns, for which the user
// named zones; named may be nil. Read is called again, up to twice, when a zone was
// deduced from what it told before, which a problem of the timeline then says. Opt.Evidence is
// not used.
func Build(read Read, named Zone, opt timeline.Options) (*collect.Result, hindcast.Timeline, error) {
	r, tl, err := build(read, named, opt)
	if err != nil {
		return nil, tl, err
	}
	found := map[string]*time.Location{}
	var said []hindcast.Problem
	for range rounds {
		n := len(found)
		for _, o := range tl.Offsets {
			if !skew.Local(o, tl.Evidence) {
				continue
			}
			zone := stamp.DeducedZone(o.Offset)
			found[o.File] = zone
			said = append(said, stamp.ReadAs(o.File, zone, "since what happened then fits "+o.Against))
		}
		if len(found) == n {
			break
		}
		if r, tl, err = build(read, named.Or(func(file string) *time.Location { return found[file] }), opt); err != nil {
			return nil, tl, err
		}
	}
	if len(found) == 0 {
		r, tl, said, err = atHome(read, named, opt, r, tl)
	}
	tl.Problems = append(tl.Problems, said...)
	return r, tl, err
}

// rounds is how often evidence is read again at most: a conversation of which the zone is
// known can tell that of a log.
const rounds = 2

// build reads the evidence once.
func build(read Read, zone Zone, opt timeline.Options) (*collect.Result, hindcast.Timeline, error) {
	r, ev, err := read(zone)
	if err != nil {
		return nil, hindcast.Timeline{}, err
	}
	opt.Evidence = ev
	return r, timeline.Build(r, opt), nil
}
