package metrics

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/series"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// dialect is how a line writes samples:
//
//	cpu,host=web1 user=12.5,system=3i 1710513420000000000    InfluxDB's line protocol
//	servers.web1.load;dc=fra 0.52 1710513420                 Graphite's plain text
//	put sys.cpu.user 1710513420 42.5 host=web1               OpenTSDB's telnet
//	servers.web1.load,2024-03-15 14:37:00,0.52               Graphite's render as CSV, in the zone of its server
type dialect uint8

const (
	influxLine dialect = iota
	graphiteLine
	tsdbLine
	renderedLine
	dialects
)

// sureLines is more than a text log, for which each line would be one.
const sureLines = 70

func recognizeLines(h record.Head) int {
	if _, ok := settleLines(h); ok {
		return sureLines
	}
	return 0
}

// settleLines finds the dialect of nearly all lines of the head.
func settleLines(h record.Head) (dialect, bool) {
	lines := logline.Head(h, 100)
	for d := range dialects {
		n, all := 0, 0
		for _, l := range lines {
			if comment(l) {
				continue
			}
			all++
			if p, ok := d.read(string(l)); ok && p.at != "" {
				n++
			}
		}
		if n > 0 && n*10 >= all*9 {
			return d, true
		}
	}
	return 0, false
}

// comment reports whether a line of an export is no sample.
func comment(line []byte) bool {
	return line[0] == '#' || bytes.HasPrefix(line, []byte("CREATE DATABASE "))
}

// point is a line: values by name, with what they have in common.
type point struct {
	labels series.Labels
	names  []string
	values []float64
	at     string // empty for now
}

// read reads a line; ok is false when it is none of the dialect.
func (d dialect) read(line string) (point, bool) {
	switch d {
	case influxLine:
		return readInflux(line)
	case graphiteLine:
		return readGraphite(line)
	case renderedLine:
		return readRendered(line)
	}
	return readTSDB(line)
}

// readInflux reads the line protocol. Texts are no samples, and true is 1.
func readInflux(line string) (p point, ok bool) {
	head, rest := cutBare(line, ' ')
	fields, at := cutBare(rest, ' ')
	p = point{labels: series.Labels{}, at: strings.TrimSpace(at)}
	name, tags := cutBare(head, ',')
	if name == "" || fields == "" || p.at != "" && !epoch(p.at) {
		return p, false
	}
	for tags != "" {
		var tag string
		tag, tags = cutBare(tags, ',')
		k, v := cutBare(tag, '=')
		if v == "" {
			return p, false
		}
		p.labels[unescaped(k)] = unescaped(v)
	}
	for fields != "" {
		var field string
		field, fields = cutBare(fields, ',')
		k, v := cutBare(field, '=')
		if k == "" || v == "" {
			return p, false
		}
		n, text, ok := influxValue(v)
		switch {
		case !ok:
			return p, false
		case text:
			continue
		}
		key := unescaped(name)
		if k != "value" {
			key += "_" + unescaped(k)
		}
		p.names, p.values = append(p.names, key), append(p.values, n)
	}
	return p, true
}

// influxValue reads the value of a field; text says that it is no number.
func influxValue(v string) (n float64, text, ok bool) {
	switch strings.ToLower(v) {
	case "t", "true":
		return 1, false, true
	case "f", "false":
		return 0, false, true
	}
	if v[0] == '"' {
		return 0, true, len(v) > 1 && v[len(v)-1] == '"'
	}
	if last := v[len(v)-1]; last == 'i' || last == 'u' {
		v = v[:len(v)-1]
	}
	n, err := strconv.ParseFloat(v, 64)
	return n, false, err == nil
}

// cutBare cuts s at the first sep that no backslash stands before and that is not
// in quotes.
func cutBare(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '"' && sep != '=':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// unescaped returns a name without the backslashes before its blanks and commas.
func unescaped(s string) string { return strings.ReplaceAll(s, `\`, "") }

// readGraphite reads a path with its tags, the value and the time.
func readGraphite(line string) (p point, ok bool) {
	w := strings.Fields(line)
	if len(w) != 3 || !strings.Contains(w[0], ".") || strings.ContainsAny(w[0], `"/|`) || !epoch(w[2]) {
		return point{}, false
	}
	n, err := strconv.ParseFloat(w[1], 64)
	tags := strings.Split(w[0], ";")
	p = point{labels: series.Labels{}, names: tags[:1], values: []float64{n}, at: w[2]}
	for _, t := range tags[1:] {
		k, v, _ := strings.Cut(t, "=")
		p.labels[k] = v
	}
	return p, err == nil
}

// readRendered reads a target, which is in quotes where commas stand in it, the time and
// the value, which is missing in a gap.
func readRendered(line string) (p point, ok bool) {
	m := rendered.FindStringSubmatch(line)
	if m == nil {
		return p, false
	}
	p = point{at: m[3]}
	if m[4] == "" {
		return p, true
	}
	n, err := strconv.ParseFloat(m[4], 64)
	p.names, p.values = []string{m[1] + m[2]}, []float64{n}
	return p, err == nil
}

var rendered = lazyregexp.New(`^(?:"([^"]+)"|([^\s,"]+)),(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),([-+.\deE]*)$`)

// readTSDB reads put, the metric, the time, the value and the tags.
func readTSDB(line string) (p point, ok bool) {
	w := strings.Fields(line)
	if len(w) < 4 || w[0] != "put" || !epoch(w[2]) {
		return point{}, false
	}
	n, err := strconv.ParseFloat(w[3], 64)
	p = point{labels: series.Labels{}, names: w[1:2], values: []float64{n}, at: w[2]}
	for _, t := range w[4:] {
		k, v, _ := strings.Cut(t, "=")
		p.labels[k] = v
	}
	return p, err == nil
}

// epoch reports whether s is a time as a number since 1970.
func epoch(s string) bool {
	return len(s) >= 10 && len(s) <= 19 && strings.Trim(s, "0123456789") == ""
}

// lineParser reads a file of such lines.
type lineParser struct {
	file    *record.File
	dialect dialect
	series  *series.Set
}

func newLineParser(f *record.File, h record.Head) record.LineParser {
	d, _ := settleLines(h)
	return &lineParser{f, d, series.NewSet(f)}
}

// Cut implements [record.LineParser]: every line is a record.
func (p *lineParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk implements [record.LineParser].
func (p *lineParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	clock := logtime.NewClock(p.file, logtime.Habit{})
	bad := logline.Problems{File: p.file, Sink: sink}
	w := logline.Walker{Data: data, Number: line, Offset: offset}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		text := bytes.TrimSpace(l.Text)
		if len(text) == 0 || comment(text) {
			continue
		}
		pt, ok := p.dialect.read(string(text))
		at, timed := readTime(clock, []byte(pt.at))
		if !ok || !timed {
			if l.End > l.Offset+int64(len(l.Text)) { // the last line may still be being written
				bad.Add(l.Number, "the line is no sample with a time as those around it are; it was skipped")
			}
			continue
		}
		for i, name := range pt.names {
			sink.Sample(&record.Sample{Series: p.series.Get(name, pt.labels), Line: l.Number, At: at, Value: pt.values[i]})
		}
	}
	clock.Report(sink)
	bad.Close()
}
