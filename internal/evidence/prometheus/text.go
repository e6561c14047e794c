package prometheus

import (
	"bytes"
	"math"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

func recognizeText(h record.Head) int {
	samples, damaged, typed, dumped := 0, 0, false, false
	lines := logline.Head(h, 40)
	for _, l := range lines {
		switch {
		case bytes.HasPrefix(l, []byte("# TYPE ")), bytes.HasPrefix(l, []byte("# HELP ")):
			typed = true
		case bytes.HasPrefix(l, []byte("#")):
		default:
			dumped = dumped || bytes.HasPrefix(l, []byte(`{__name__="`))
			name, value, _, ok := cutSample(l)
			_, _, rest, named := series.Cut(string(name))
			if _, err := strconv.ParseFloat(string(value), 64); !ok || !named || rest != "" || err != nil {
				damaged++
				continue
			}
			samples++
		}
	}
	switch {
	case samples == 0 || 2*damaged > samples:
		return 0
	case typed:
		return 92
	case dumped:
		return 90
	}
	return 0
}

// text parses the text formats of Prometheus and OpenMetrics.
type text struct {
	f      *record.File
	series *series.Set
}

func textLines(f *record.File, _ record.Head) record.LineParser {
	return &text{f: f, series: series.NewSet(f)}
}

// Cut cuts after the last line end.
func (t *text) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk reads samples, one per line.
func (t *text) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	known := map[string]*record.Series{} // by the text that names them
	timed := true
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		if len(bytes.TrimSpace(l.Text)) == 0 || l.Text[0] == '#' {
			continue
		}
		name, value, at, ok := cutSample(l.Text)
		s := t.named(known, name)
		v, err := strconv.ParseFloat(string(value), 64)
		if !ok || s == nil || err != nil {
			sink.Problem(hindcast.Problem{File: t.f.Name, Line: l.Number, Message: "this is no sample in the text format of Prometheus; the line was skipped"})
			continue
		}
		when, ok := stamp.EpochString(string(at))
		switch {
		case !ok && timed:
			timed = false
			sink.Problem(hindcast.Problem{File: t.f.Name, Message: "samples without a time were skipped; export a range with /api/v1/query_range instead"})
		case ok && !math.IsNaN(v) && !math.IsInf(v, 0):
			sink.Sample(&record.Sample{Series: s, Line: l.Number, At: when.UnixNano(), Value: v})
		}
	}
}

// named returns the series of a name with its labels; nil when it is none.
func (t *text) named(known map[string]*record.Series, name []byte) *record.Series {
	if s, ok := known[string(name)]; ok {
		return s
	}
	var s *record.Series
	if n, labels, rest, ok := series.Cut(string(name)); ok && rest == "" {
		s = t.series.Get(n, labels)
	}
	known[string(name)] = s
	return s
}

// cutSample cuts a line into the text that names the series, the value and the
// time, which is empty when there is none. What follows a "#", an exemplar, is
// left out.
func cutSample(line []byte) (name, value, at []byte, ok bool) {
	end := bytes.IndexByte(line, ' ')
	if open := bytes.IndexByte(line, '{'); open >= 0 && (open < end || end < 0) {
		end = labelsEnd(line, open)
	}
	if end <= 0 {
		return nil, nil, nil, false
	}
	rest, _, _ := bytes.Cut(line[end:], []byte(" # "))
	fields := bytes.Fields(rest)
	switch {
	case len(fields) == 1:
		return line[:end], fields[0], nil, true
	case len(fields) == 2:
		return line[:end], fields[0], fields[1], true
	}
	return nil, nil, nil, false
}

// labelsEnd returns the offset behind the brace that closes the one at open; 0
// when none does.
func labelsEnd(line []byte, open int) int {
	for i, quoted := open, false; i < len(line); i++ {
		switch {
		case line[i] == '\\' && quoted:
			i++
		case line[i] == '"':
			quoted = !quoted
		case line[i] == '}' && !quoted:
			return i + 1
		}
	}
	return 0
}
