package record

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Column is one column of the list of evidence files. It is written when any
// file has a value for it.
type Column struct {
	Name  string
	write func(hindcast.Evidence) string
	Read  func(*hindcast.Evidence, string) bool // false when the cell is not understood
}

// Columns returns the columns of the table of files.
func Columns() []Column {
	type E = hindcast.Evidence
	text := func(name string, at func(*E) *string) Column {
		return Column{name,
			func(e E) string { return *at(&e) },
			func(e *E, s string) bool { *at(e) = syntax.ReadInline(s); return true },
		}
	}
	count := func(name string, get func(E) int64, set func(*E, int64)) Column {
		return Column{name,
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
	when := func(name string, at func(*E) *time.Time) Column {
		return Column{name,
			func(e E) string { return syntax.WriteStamp(*at(&e)) },
			func(e *E, s string) bool {
				t, ok := syntax.ReadMoment(s, time.Time{})
				*at(e) = t
				return ok
			},
		}
	}
	return []Column{
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

// WriteFiles writes the table of the files of evidence.
func WriteFiles(b *strings.Builder, _ *syntax.Names, p *hindcast.Postmortem) {
	if len(p.Evidence) == 0 {
		return
	}
	var used []Column
	for _, c := range Columns() {
		for _, e := range p.Evidence {
			if c.write(e) != "" {
				used = append(used, c)
				break
			}
		}
	}
	b.WriteString("| File |")
	for _, c := range used {
		b.WriteString(" " + c.Name + " |")
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

// OffsetFields returns the fields of a clock that is off.
func OffsetFields() []syntax.Field[hindcast.ClockOffset] {
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
	c.OffsetS, c.Offset = v, Seconds(v)
	return ""
}

// Seconds returns a number of seconds as a duration.
func Seconds(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }

// WriteOffsets writes the clocks that are off.
func WriteOffsets(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Clocks {
		syntax.WriteRecord(b, n, &p.Clocks[i], syntax.WriteCode(p.Clocks[i].File), OffsetFields())
	}
}

// WriteProblems writes what could not be read of the evidence.
func WriteProblems(b *strings.Builder, _ *syntax.Names, p *hindcast.Postmortem) {
	for _, x := range p.Problems {
		b.WriteString("- " + syntax.WriteRef(hindcast.Ref{File: x.File, Line: x.Line}, "") + " " + syntax.WriteInline(x.Message) + "\n")
	}
}
