package metrics

import (
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

const (
	// surePoints is more than a log, of which each point would be a record, and less
	// than any format that knows who writes it.
	surePoints = 60
	// pointsHead is how much of a file is looked at.
	pointsHead = 16 << 10
	// fewest is how many samples show that a file holds nothing else.
	fewest = 3
)

// recognizePoints takes JSON that is points for the most part, in the order of their
// times. What has a time and numbers but no value is taken only with steps as even as
// those of samples are: the lines of a log have others.
func recognizePoints(h record.Head) int {
	head := h.Bytes[:min(len(h.Bytes), pointsHead)]
	s := jsonrec.Sniff(head)
	if i := slices.IndexFunc(head, func(c byte) bool { return c > ' ' }); i < 0 || head[i] != '{' && head[i] != '[' || len(s.Records) == 0 && head[i] == '{' {
		return 0
	}
	f := &record.File{Name: h.Name, Year: 2000}
	t := tally{steps: map[int64]int{}, last: map[*record.Series]int64{}}
	w := walk{answer: newAnswer(f, &t)}
	// As elements of a list values need no comma between them.
	jsonrec.Record{File: f, Raw: append([]byte{'['}, head...), Line: 1}.EachElement(func(e jsonrec.Record) bool {
		w.value(e, "", nil, 0)
		return true
	})
	if t.samples > 0 && 10*t.problems <= t.samples+10 && s.Most(answered) {
		return surePoints
	}
	if t.samples < fewest || t.problems > 1+t.samples/20 || 2*w.covered < len(head) || !t.ordered() || w.wide && !t.even() {
		return 0
	}
	return surePoints
}

// answered reports whether a record is an answer of Zabbix (history.get), Netdata,
// Dynatrace or AppDynamics, or a line of k6, which say much beside their points.
func answered(f jsonrec.Fields) bool {
	return f.Has("result.itemid", "result.clock", "result.value") ||
		f.Has("result.labels", "result.point", "result.data") ||
		f.Has("result.metricId", "result.data.timestamps", "result.data.values") ||
		f.Has("type", "metric", "data.name", "data.contains") || f.Has("type", "metric", "data.time", "data.value") ||
		f.Has("metricPath", "metricValues.startTimeInMillis")
}

// tally is a sink that looks at the times of samples.
type tally struct {
	record.Discard
	samples, problems int
	ups, downs        int
	steps             map[int64]int // how often a step between two samples of a series was seen
	last              map[*record.Series]int64
}

// Sample implements [record.Sink].
func (t *tally) Sample(s *record.Sample) {
	t.samples++
	if before, ok := t.last[s.Series]; ok {
		switch step := s.At - before; {
		case step > 0:
			t.ups++
			t.steps[step]++
		case step < 0:
			t.downs++
			t.steps[-step]++
		}
	}
	t.last[s.Series] = s.At
}

// Problem implements [record.Sink].
func (t *tally) Problem(hindcast.Problem) { t.problems++ }

// ordered reports whether nearly all samples of a series follow on each other in one
// direction of time.
func (t *tally) ordered() bool {
	return t.ups+t.downs > 0 && 10*min(t.ups, t.downs) <= t.ups+t.downs
}

// even reports whether most steps are as long as each other.
func (t *tally) even() bool {
	most := 0
	for _, n := range t.steps {
		most = max(most, n)
	}
	return 5*most >= 3*(t.ups+t.downs)
}
