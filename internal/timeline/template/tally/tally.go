// Package tally counts the records of one shape of message: for each service and
// ten seconds, with the first and the last record.
package tally

import (
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Tally is what is known about the records of one shape.
type Tally struct {
	series []series // by service, in order of appearance
	last   int      // index of the one used last
}

// Add counts a record; service is the hash of its service.
func (t *Tally) Add(l *record.Log, service uint64) {
	t.of(l, service).add(l)
}

// of returns the series for a record's service, a new one if need be.
func (t *Tally) of(l *record.Log, service uint64) *series {
	if t.last < len(t.series) && t.series[t.last].key == service {
		return &t.series[t.last]
	}
	t.last = t.index(service)
	if t.last < 0 {
		t.last = len(t.series)
		t.series = append(t.series, series{key: service, service: string(l.Service)})
	}
	return &t.series[t.last]
}

func (t *Tally) index(service uint64) int {
	for i := range t.series {
		if t.series[i].key == service {
			return i
		}
	}
	return -1
}

// Join adds the records of o, which is not used afterwards.
func (t *Tally) Join(o *Tally) {
	for i := range o.series {
		if k := t.index(o.series[i].key); k >= 0 {
			t.series[k].join(&o.series[i])
		} else {
			t.series = append(t.series, o.series[i])
		}
	}
}

// Total returns the number of records.
func (t *Tally) Total() int {
	n := 0
	for i := range t.series {
		n += t.series[i].total
	}
	return n
}

// Template returns the tally in its final form, as the template with an id, a text
// and the status class of its requests, 0 for none.
func (t *Tally) Template(id, text string, status int) signal.Template {
	out := signal.Template{ID: id, Text: text, Status: status, Total: t.Total(), Level: t.level()}
	slices.SortFunc(t.series, func(a, b series) int { return cmp.Compare(a.service, b.service) })
	first := &t.series[0]
	for i := range t.series {
		s := &t.series[i]
		if s.precedes(&first.first, first.example) {
			first = s
		}
		out.Services = append(out.Services, s.counts())
	}
	out.Example = string(first.example)
	return out
}

// level returns the most severe level of at least a tenth of the records.
func (t *Tally) level() hindcast.Level {
	n := 0
	for l := hindcast.LevelFatal; l > hindcast.LevelUnknown; l-- {
		n = 0
		for i := range t.series {
			n += t.series[i].levels[l]
		}
		if n > 0 && n*10 >= t.Total() {
			return l
		}
	}
	return hindcast.LevelUnknown
}
