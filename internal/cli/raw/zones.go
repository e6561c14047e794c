package raw

import (
	"path"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// zones are the --zone flags: patterns of file names with the zone of their
// zone-less times.
type zones struct {
	rules []zoneRule
}

type zoneRule struct {
	pattern string
	zone    *time.Location
	used    bool
}

// parseZones reads FILE=ZONE pairs.
func parseZones(flags []string) (*zones, error) {
	z := &zones{}
	for _, f := range flags {
		pattern, name, ok := strings.Cut(f, "=")
		if !ok || pattern == "" || name == "" {
			return nil, command.Usagef("--zone %s: write FILE=ZONE, as in --zone app.log=Europe/Berlin", f)
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, command.Usagef("--zone %s: %s is not a file name or pattern", f, pattern)
		}
		loc, err := zone(name)
		if err != nil {
			return nil, command.Usagef("--zone %s: there is no zone %s; use a name such as Europe/Berlin, or an offset such as +02:00", f, name)
		}
		z.rules = append(z.rules, zoneRule{pattern: pattern, zone: loc})
	}
	return z, nil
}

func zone(name string) (*time.Location, error) {
	if t, err := time.Parse("-07:00", name); err == nil {
		_, off := t.Zone()
		return time.FixedZone(name, off), nil
	}
	if off, ok := stamp.Abbreviation(name); ok {
		return time.FixedZone(name, off), nil
	}
	return time.LoadLocation(name)
}

// of returns the zone for a file: the last flag that names it, its base name or
// a pattern of either.
func (z *zones) of(name string) *time.Location {
	var loc *time.Location
	for i := range z.rules {
		r := &z.rules[i]
		full, _ := path.Match(r.pattern, name) // the pattern was checked
		base, _ := path.Match(r.pattern, path.Base(name))
		if full || base || strings.HasSuffix(name, "/"+r.pattern) {
			r.used, loc = true, r.zone
		}
	}
	return loc
}

// unused returns an error for a flag that named no file.
func (z *zones) unused() error {
	for _, r := range z.rules {
		if !r.used {
			return command.Usagef("--zone %s=%s: there is no such file in the evidence", r.pattern, r.zone)
		}
	}
	return nil
}
