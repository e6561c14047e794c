package prometheus

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
)

// versionLabels hold the version that a series of an info metric stands for,
// the most telling first.
var versionLabels = [...]string{"version", "app_version", "image_tag", "tag", "image", "revision", "git_commit", "commit", "sha"}

// versionOf returns the version that the series of an info metric stands for;
// empty for other metrics.
func versionOf(name string, labels series.Labels) string {
	if name != "build_info" && !strings.HasSuffix(name, "_info") {
		return ""
	}
	for _, l := range versionLabels {
		if v := labels[l]; v != "" {
			if l == "image" {
				v = v[strings.LastIndexAny(v, ":/")+1:]
			}
			return v
		}
	}
	return ""
}

// running is what one info metric tells of: a metric of a service.
type running struct{ service, name string }

// seen is one sample that shows a version.
type seen struct {
	at      int64
	version string
	ref     hindcast.Ref
}

// versions are the samples of info metrics.
type versions map[running][]seen

func (v versions) add(s *record.Series, version string, p sample) {
	k := running{s.Service, s.Name}
	v[k] = append(v[k], seen{p.at, version, p.rec.Ref()})
}

// reportVersions writes an event for every version that appears, or appears
// again, while the service ran another one.
func (rd *reading) reportVersions() {
	keys := slices.SortedFunc(maps.Keys(rd.versions), func(a, b running) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.name, b.name))
	})
	for _, k := range keys {
		list := rd.versions[k]
		slices.SortStableFunc(list, func(a, b seen) int { return cmp.Compare(a.at, b.at) })
		gap := 5 * step(list) / 2
		last := map[string]int64{} // when a version was seen last
		for _, s := range list {
			before, again := last[s.version]
			last[s.version] = s.at
			if s.at == list[0].at || again && s.at-before <= gap {
				continue
			}
			if previous := other(last, s.version, before); previous != "" {
				rd.versionSeen(k, s, previous, again)
			}
		}
	}
}

// step returns the shortest time between two samples.
func step(list []seen) int64 {
	var best int64
	for i := 1; i < len(list); i++ {
		if d := list[i].at - list[i-1].at; d > 0 && (best == 0 || d < best) {
			best = d
		}
	}
	return best
}

// other returns the version other than v that was seen last, after the time
// given; empty when there is none.
func other(last map[string]int64, v string, after int64) string {
	best := ""
	for name, at := range last {
		if name != v && at > after && (best == "" || at > last[best] || at == last[best] && name < best) {
			best = name
		}
	}
	return best
}

func (rd *reading) versionSeen(k running, s seen, previous string, again bool) {
	title := "Version " + s.version + " first seen"
	if again {
		title = "Version " + s.version + " seen again"
	}
	if k.service != "" {
		title += " in " + k.service
	}
	rd.Emit(hindcast.Event{
		Ref: s.ref, Kind: hindcast.Record, At: time.Unix(0, s.at).UTC(), Zone: "Z",
		Actor: hindcast.Actor{Name: "Prometheus", Kind: hindcast.Automation}, Service: k.service,
		Title: title, Version: s.version, Previous: previous,
		Attrs: map[string]string{"version": s.version, "metric": k.name},
	})
}
