package template

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// maxExample is how many bytes of a message are kept as an example.
const maxExample = 512

// tally is what is known about the records of one shape.
type tally struct {
	levels  [hindcast.LevelFatal + 1]int
	example []byte
	first   signal.Mark // of example
	series  []series    // by service, in order of appearance
	last    int         // index of the series that was used last
}

// add counts a record.
func (t *tally) add(l *record.Log) {
	t.levels[min(l.Level, hindcast.LevelFatal)]++
	mark := signal.Mark{At: l.At, File: l.File, Line: l.Line, EndLine: l.EndLine, Offset: l.Offset}
	if message := l.Message[:whole(l.Message, maxExample)]; len(t.series) == 0 || t.precedes(&mark, message) {
		t.first = mark
		t.example = append(t.example[:0], message...)
	}
	t.of(l.Service).add(&mark)
}

// precedes reports whether a record comes before the example.
func (t *tally) precedes(mark *signal.Mark, message []byte) bool {
	if mark.At == t.first.At && comparePlaces(mark, &t.first) == 0 {
		return bytes.Compare(message, t.example) < 0
	}
	return earlier(mark, &t.first)
}

// of returns the series of a service.
func (t *tally) of(service []byte) *series {
	if t.last < len(t.series) && string(t.series[t.last].service) == string(service) {
		return &t.series[t.last]
	}
	for i := range t.series {
		if string(t.series[i].service) == string(service) {
			t.last = i
			return &t.series[i]
		}
	}
	t.last = len(t.series)
	t.series = append(t.series, series{service: slices.Clone(service)})
	return &t.series[t.last]
}

// total returns the number of records.
func (t *tally) total() int {
	n := 0
	for _, k := range t.levels {
		n += k
	}
	return n
}

// join adds the records of o, which is not used afterwards.
func (t *tally) join(o *tally) {
	if len(o.series) == 0 {
		return
	}
	if len(t.series) == 0 {
		*t = *o
		return
	}
	for i, n := range o.levels {
		t.levels[i] += n
	}
	if t.precedes(&o.first, o.example) {
		t.first, t.example = o.first, o.example
	}
	for i := range o.series {
		t.of(o.series[i].service).join(&o.series[i])
	}
}

// template returns the tally in its final form.
func (t *tally) template(text string, status int) signal.Template {
	out := signal.Template{ID: ID(text), Text: text, Status: status, Total: t.total(), Example: string(t.example)}
	for l := hindcast.LevelFatal; l > hindcast.LevelUnknown; l-- {
		if n := t.levels[l]; n > 0 && n*10 >= out.Total {
			out.Level = l
			break
		}
	}
	for i := range t.series {
		out.Services = append(out.Services, t.series[i].counts())
	}
	slices.SortFunc(out.Services, func(a, b signal.Counts) int { return cmp.Compare(a.Service, b.Service) })
	return out
}
