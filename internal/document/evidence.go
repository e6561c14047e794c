package document

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func evidenceGroups() []group {
	return []group{
		{read: noRecord, row: readFile, write: writeFiles},
		{name: "Clocks", read: readOffset, write: writeOffsets},
		{name: "What could not be read", read: readProblem, write: writeProblems},
	}
}

func noRecord(*reader, syntax.Item) bool { return false }

// column is one column of the list of evidence files. It is written when any
// file has a value for it.
type column struct {
	name  string
	write func(hindcast.Evidence) string
	read  func(*hindcast.Evidence, string) bool // false when the cell is not understood
}

func columns() []column {
	type E = hindcast.Evidence
	text := func(name string, at func(*E) *string) column {
		return column{name,
			func(e E) string { return *at(&e) },
			func(e *E, s string) bool { *at(e) = syntax.ReadInline(s); return true },
		}
	}
	count := func(name string, get func(E) int64, set func(*E, int64)) column {
		return column{name,
			func(e E) string {
				if get(e) == 0 {
					return ""
				}
				return strconv.FormatInt(get(e), 10)
			},
			func(e *E, s string) bool {
				n, err := strconv.ParseInt(s, 10, 64)
				set(e, n)
				return err == nil
			},
		}
	}
	when := func(name string, at func(*E) *time.Time) column {
		return column{name,
			func(e E) string { return syntax.WriteStamp(*at(&e)) },
			func(e *E, s string) bool {
				t, ok := syntax.ReadMoment(s, time.Time{})
				*at(e) = t
				return ok
			},
		}
	}
	return []column{
		when("Original expires", func(e *E) *time.Time { return &e.ExpiresAt }),
		count("Bytes", func(e E) int64 { return e.Size }, func(e *E, n int64) { e.Size = n }),
		text("Read as", func(e *E) *string { return &e.Format }),
		text("Source", func(e *E) *string { return &e.Source }),
		text("Query", func(e *E) *string { return &e.Query }),
		count("Records", func(e E) int64 { return int64(e.Records) }, func(e *E, n int64) { e.Records = int(n) }),
		count("Not read", func(e E) int64 { return int64(e.Problems) }, func(e *E, n int64) { e.Problems = int(n) }),
		when("First record", func(e *E) *time.Time { return &e.From }),
		when("Last record", func(e *E) *time.Time { return &e.To }),
		text("Zone", func(e *E) *string { return &e.Zone }),
		when("Fetched", func(e *E) *time.Time { return &e.FetchedAt }),
		text("SHA-256", func(e *E) *string { return &e.SHA256 }),
	}
}

func writeFiles(b *strings.Builder, _ *syntax.Names, p *hindcast.Postmortem) {
	if len(p.Evidence) == 0 {
		return
	}
	var used []column
	for _, c := range columns() {
		for _, e := range p.Evidence {
			if c.write(e) != "" {
				used = append(used, c)
				break
			}
		}
	}
	b.WriteString("| File |")
	for _, c := range used {
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(used)+1) + "\n")
	for _, e := range p.Evidence {
		b.WriteString("| " + syntax.WriteCode(e.Name) + " |")
		for _, c := range used {
			b.WriteString(strings.TrimRight(" "+syntax.WriteCell(c.write(e)), " ") + " |")
		}
		b.WriteString("\n")
	}
}

func readFile(r *reader, w row) bool {
	name, after, ok := syntax.CutCode(w.get("file"))
	if !ok || after != "" {
		return false
	}
	e := hindcast.Evidence{Name: name}
	for _, c := range columns() {
		s := w.get(syntax.Normalize(c.name))
		if s != "" && !c.read(&e, s) {
			r.problem(w.line, "the cell under %q is not understood and was left out", c.name)
		}
	}
	p := &r.out.Postmortem
	r.out.lines[indexed("evidence", len(p.Evidence))] = w.line
	p.Evidence = append(p.Evidence, e)
	return true
}

func offsetFields() []syntax.Field[hindcast.ClockOffset] {
	type T = hindcast.ClockOffset
	return []syntax.Field[T]{
		syntax.OneLine("Ahead by", "offset_s", writeOffset, readOffsetSeconds),
		syntax.Text("Against", "against", func(c *T) *string { return &c.Against }),
		syntax.Text("Why", "why", func(c *T) *string { return &c.Why }),
		syntax.OneLine("Accepted by", "accepted", writeAccepted, readAccepted),
	}
}

// writeAccepted writes "WHO on DAY".
func writeAccepted(c *hindcast.ClockOffset) string {
	if c.Accepted == nil {
		return ""
	}
	on := ""
	if !c.Accepted.On.IsZero() {
		on = " on " + c.Accepted.On.String()
	}
	s := syntax.WriteInline(c.Accepted.By) + on
	var got hindcast.ClockOffset
	if readAccepted(&got, s); *got.Accepted == *c.Accepted {
		return s
	}
	return syntax.Quote(c.Accepted.By) + on
}

var accepted = lazyregexp.New(`^(.*?)(?: on (\d{4}-\d{2}-\d{2}))?$`)

func readAccepted(c *hindcast.ClockOffset, s string) string {
	m := accepted.FindStringSubmatch(s)
	if m == nil {
		return "is not understood; write it as WHO on YYYY-MM-DD"
	}
	c.Accepted = &hindcast.Acceptance{By: syntax.ReadInline(m[1])}
	// A day that does not exist stays unset.
	c.Accepted.On, _ = hindcast.ParseDate(m[2])
	return ""
}

func writeOffset(c *hindcast.ClockOffset) string {
	return strconv.FormatFloat(c.OffsetS, 'f', -1, 64) + " s"
}

func readOffsetSeconds(c *hindcast.ClockOffset, t string) string {
	v, err := strconv.ParseFloat(strings.TrimRight(t, " s"), 64)
	if err != nil {
		return "is no number of seconds; write it as 1.5 s, or -1.5 s for a clock that is behind"
	}
	c.OffsetS, c.Offset = v, seconds(v)
	return ""
}

func seconds(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }

func writeOffsets(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Clocks {
		syntax.WriteRecord(b, n, &p.Clocks[i], syntax.WriteCode(p.Clocks[i].File), offsetFields())
	}
}

func readOffset(r *reader, it syntax.Item) bool {
	name, after, ok := syntax.CutCode(it.Text)
	if !ok || after != "" {
		return false
	}
	p := &r.out.Postmortem
	c := hindcast.ClockOffset{File: name}
	syntax.ReadRecord(r.report(), indexed("clock_offsets", len(p.Clocks)), &c, it, offsetFields(), &c.Why)
	p.Clocks = append(p.Clocks, c)
	return true
}

func writeProblems(b *strings.Builder, _ *syntax.Names, p *hindcast.Postmortem) {
	for _, x := range p.Problems {
		b.WriteString("- " + syntax.WriteRef(hindcast.Ref{File: x.File, Line: x.Line}, "") + " " + syntax.WriteInline(x.Message) + "\n")
	}
}

func readProblem(r *reader, it syntax.Item) bool {
	name, message, ok := syntax.CutCode(it.Whole())
	if !ok {
		return false
	}
	ref := syntax.ReadRef(name)
	r.out.Postmortem.Problems = append(r.out.Postmortem.Problems, hindcast.Problem{File: ref.File, Line: ref.Line, Message: syntax.ReadInline(message)})
	return true
}
