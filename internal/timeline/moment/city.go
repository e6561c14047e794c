package moment

import (
	"strings"
	"sync"
	"time"
)

// regions are those by which the time zone database orders the cities that name its zones.
var regions = []string{"Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic", "Indian"}

// words are cities of the database that are words, names or parts of a country, too.
var words = map[string]bool{
	"canary": true, "easter": true, "wake": true, "christmas": true, "nome": true, "troll": true, "reunion": true, "midway": true, "phoenix": true, "jersey": true, "regina": true,
	"south": true, "north": true, "west": true, "victoria": true, "act": true, "nsw": true, "lhi": true,
}

// locations are the zones that were looked up, by name; nil for what names none.
var locations sync.Map

// Location returns a zone by its name in the time zone database, such as Europe/Berlin, which
// it remembers; nil when there is none.
func Location(name string) *time.Location {
	if z, ok := locations.Load(name); ok {
		return z.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = nil
	}
	locations.Store(name, zone)
	return zone
}

// located returns the zone of a city that names one in the time zone database, by its name
// in lower case: "toronto", "new york"; nil when there is none.
func located(name string) *time.Location {
	if words[name] {
		return nil
	}
	var parts []string
	for _, w := range strings.Fields(name) {
		parts = append(parts, strings.ToUpper(w[:1])+w[1:])
	}
	for _, region := range regions {
		if zone := Location(region + "/" + strings.Join(parts, "_")); zone != nil {
			return zone
		}
	}
	return nil
}

// inCity returns the offset from UTC of a city at a moment.
func inCity(name string, at time.Time) (time.Duration, bool) {
	zone := located(strings.ToLower(name))
	if zone == nil {
		return 0, false
	}
	_, sec := at.In(zone).Zone()
	return time.Duration(sec) * time.Second, true
}
