package table

import (
	"cmp"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// reading is the reading of rows.
type reading struct {
	kit
	layout
	*fact.Writer
	file  *record.File
	sink  record.Sink
	clock *logtime.Clock
	date  string         // for times of day without a date column
	zone  *time.Location // that the header of the time names; nil when it names none

	others []cell // of the row at hand, beside those of its columns

	counted bool // a row was passed on as a log record
}

// reading returns the reading of a table below a text with the date given.
func (k kit) reading(f *record.File, l layout, date string, sink record.Sink) *reading {
	rd := &reading{kit: k, layout: l, Writer: fact.NewWriter(k.redactor, f, sink), file: f, sink: sink, date: date}
	if i := l.columns[moment]; i >= 0 && i < len(l.header) {
		rd.zone = stamp.HeaderZone(l.header[i])
	}
	g := *f
	if rd.zone != nil {
		g.Zone = rd.zone
	}
	if year, err := strconv.Atoi(date[:min(4, len(date))]); err == nil {
		g.Year = year
	}
	rd.clock = logtime.NewClock(&g, l.habit)
	return rd
}

// close reports what the times lacked.
func (rd *reading) close() { rd.clock.Report(rd.sink) }

func place(f *record.File, line, last int, offset int64) hindcast.Ref {
	ref := hindcast.Ref{File: f.Name, Line: line, Offset: offset}
	if last > line {
		ref.EndLine = last
	}
	return ref
}

// row writes the event of one row.
func (rd *reading) row(ref hindcast.Ref, cells []string) {
	if len(cells) != len(rd.header) {
		rd.Problem(ref, "the row is not as long as the header; it was skipped")
		return
	}
	get := func(r role) string {
		if i := rd.columns[r]; i >= 0 {
			return blank(cells[i])
		}
		return ""
	}
	if rd.columns[moment] < 0 || get(moment) == rd.header[rd.columns[moment]] { // the header again
		return
	}
	at, zone, ok := rd.time(get(moment), cmp.Or(get(day), rd.date))
	if !ok {
		rd.Problem(ref, "the row has no time that can be read; it was skipped")
		return
	}
	lvl, _ := loglevel.Parse([]byte(get(level))) // unknown for other words
	what := cmp.Or(get(title), rd.joined(cells))
	if ref.Line > longest && !rd.deploys {
		rd.count(ref, record.Log{At: at.UnixNano(), Level: lvl, Service: []byte(get(service)), Message: []byte(what)})
		return
	}
	e := hindcast.Event{
		Ref: ref, Kind: hindcast.Record, At: at, Zone: zone, Actor: hindcast.Actor{Name: path.Base(rd.file.Name), Kind: hindcast.System}, Service: get(service),
		Title: what, Text: get(text), Version: get(version), Previous: get(previous), Env: get(environment), Status: get(status),
		Attrs: rd.rest(cells),
	}
	if get(title) == "" && strings.Count(e.Status, " ") > 2 { // the column says what happened
		e.Title, e.Status = e.Status, ""
	}
	if who := get(actor); who != "" {
		e.Actor = rd.words.Actor(who)
	}
	if until, _, ok := rd.time(get(end), cmp.Or(get(day), rd.date)); ok && until.After(at) {
		e.Until = until
	}
	e.Level = lvl
	if l := get(link); strings.HasPrefix(l, "http") {
		e.Links = []string{l}
	}
	if rd.deploys && e.Service != "" && e.Version != "" {
		e.Kind, e.Attrs["by"] = hindcast.Deploy, get(actor)
		e.Actor = hindcast.Actor{Name: "deployment pipeline", Kind: hindcast.Automation}
		e.Title = cmp.Or(get(title), "Deploy "+e.Service+" "+e.Version)
	}
	if name := get(flag); name != "" {
		rd.flagged(&e, name, get)
	}
	rd.Emit(e)
}

// flagged makes the event of a row with a flag, or another setting, a change of it, when
// the row tells what it went to or the table is about flags.
func (rd *reading) flagged(e *hindcast.Event, name string, get func(role) string) {
	from, to := get(previous), get(next)
	if m := arrow.FindStringSubmatch(get(title)); m != nil && to == "" && rd.flags {
		from, to = m[1], m[2]
	}
	switch {
	case rd.columns[next] >= 0, to != "":
		switched(e, name, from, to, rd.setting)
	case rd.flags && get(title) != "":
		e.Kind, e.Subject, e.Title = hindcast.ConfigChange, "flag:"+name, "flag "+name+": "+e.Title
	default:
		return
	}
	e.Text = strings.TrimSpace(get(title) + "\n" + get(text))
	if rd.setting {
		e.Text = strings.TrimSpace(e.Text + "\n" + rd.listed(e.Attrs))
	}
}

// arrow is how people write what a flag went from and to.
var arrow = lazyregexp.New(`^(?:[\pL: ]+ )?"?([\w.%]+)"? ?(?:->|→|=>) ?"?([\w.]+(?: ?%)?)"?$`)

// switched makes an event the change of a flag, or another setting, from one value to
// another.
func switched(e *hindcast.Event, name, from, to string, setting bool) {
	e.Kind, e.Subject, e.Version, e.Previous = hindcast.ConfigChange, "flag:"+name, "", ""
	what := "flag " + name
	if setting {
		e.Subject, what = "setting:"+name, name
	}
	switch {
	case to == "":
		e.Title = what + " changed from " + from + " to nothing"
	case from != "" && from != to:
		e.Title = what + " changed from " + from + " to " + to
	default:
		e.Title = what + " set to " + to
	}
}

// longest is how many lines of a table tell an event each. What is longer than
// people read is a log, and is counted as one.
const longest = 20_000

// count passes a row on as a log record.
func (rd *reading) count(ref hindcast.Ref, l record.Log) {
	l.File, l.Line, l.EndLine, l.Offset, l.Raw = rd.file, ref.Line, ref.EndLine, ref.Offset, l.Message
	rd.sink.Log(&l)
	if !rd.counted {
		rd.counted = true
		rd.Problem(hindcast.Ref{File: ref.File, Line: longest + 1}, "the table is long, so the rows from here on are counted like the lines of a log; export less of it to have each as an entry")
	}
}

// blank returns a cell without white space; empty for a dash, which stands for nothing.
func blank(cell string) string {
	cell = strings.TrimSpace(cell)
	switch cell {
	case "-", "–", "—", "n/a", "N/A", "null", "NULL":
		return ""
	}
	return cell
}

// time reads a time, or a time of day on the date given.
func (rd *reading) time(cell, date string) (at time.Time, zone string, ok bool) {
	cell = strings.TrimLeft(cell, "~≈ ")
	if clockOnly(cell) && date != "" {
		cell = date + " " + cell
	}
	s, ok := rd.clock.Read([]byte(cell))
	if !ok || s.At == record.NoTime {
		return time.Time{}, "", false
	}
	at = time.Unix(0, s.At).UTC()
	_, zone, _ = stamp.Parse(cell[:s.N], time.UTC, at.Year())
	switch {
	case zone != "":
	case s.Epoch, rd.zone == time.UTC:
		zone = "Z"
	case rd.zone != nil:
		zone = rd.zone.String()
	case rd.file.Zone != nil:
		zone = rd.file.Zone.String()
		at = rd.Forward(cell[:s.N], at)
	default:
		zone = stamp.AssumedZone
	}
	return at, zone, true
}

// joined is the title of a row without a column for it: its other cells.
func (rd *reading) joined(cells []string) string {
	var parts []string
	for i, c := range cells {
		if c = blank(c); c != "" && i != rd.columns[moment] && i != rd.columns[day] && i != rd.columns[end] {
			parts = append(parts, c)
		}
	}
	return strings.Join(parts, ", ")
}

// listed names the cells of columns without a role: the number of a revision is what people
// call a change of a setting by.
func (rd *reading) listed(attrs map[string]string) string {
	var out []string
	for _, h := range rd.header {
		if v := blank(attrs[h]); v != "" {
			out = append(out, h+" "+v)
		}
	}
	return strings.Join(out, ", ")
}

// rest are the cells of columns without a role, by name.
func (rd *reading) rest(cells []string) map[string]string {
	attrs := map[string]string{}
	for i, c := range cells {
		known := false
		for r := moment; r < roles; r++ {
			known = known || rd.columns[r] == i && r != level
		}
		if !known && rd.header[i] != "" {
			attrs[rd.header[i]] = c
		}
	}
	for _, o := range rd.others {
		attrs[o.name] = o.text
	}
	return attrs
}
