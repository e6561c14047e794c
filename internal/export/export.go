// Package export writes what the engines produce in forms for people and
// programs: text for a terminal, Markdown, CSV and JSON.
//
// Times are written in UTC. Nothing here decides anything about an incident.
package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
)

// TimelineJSON writes a timeline as one JSON document with the names of the
// hindcast package's tags. Lists are never null.
func TimelineJSON(w io.Writer, tl hindcast.Timeline) error {
	if tl.Suspects == nil {
		tl.Suspects = []hindcast.Suspect{}
	}
	if tl.Entries == nil {
		tl.Entries = []hindcast.Entry{}
	}
	if tl.Problems == nil {
		tl.Problems = []hindcast.Problem{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(tl)
}

// TimelineCSV writes the entries of a timeline as CSV with a header row. Cells
// that a spreadsheet would take for a formula begin with an apostrophe.
func TimelineCSV(w io.Writer, tl hindcast.Timeline) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"at", "until", "known_at", "kind", "actor", "actor_kind", "service", "title", "detail", "key", "score", "why", "evidence", "id"}}
	for _, e := range tl.Entries {
		rows = append(rows, []string{
			rfc3339(e.At), rfc3339(e.Until), rfc3339(e.KnownAt), string(e.Kind), e.Actor.Name, string(e.Actor.Kind), e.Service, e.Title, e.Detail,
			strconv.FormatBool(e.Key), strconv.FormatFloat(e.Score, 'f', 2, 64), e.Why, refs(e.Evidence), e.ID,
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps spreadsheets from evaluating a cell.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func refs(list []hindcast.Ref) string {
	parts := make([]string, len(list))
	for i, r := range list {
		parts[i] = r.String()
	}
	return strings.Join(parts, "; ")
}

// TimelineMarkdown writes the phases and entries of a timeline as Markdown tables.
func TimelineMarkdown(w io.Writer, tl hindcast.Timeline) error {
	b := bufio.NewWriter(w)
	if p := phases(tl); len(p) > 0 {
		fmt.Fprint(b, "| phase | time (UTC) | after start | why |\n|---|---|---|---|\n")
		for _, row := range p {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", row.name, row.at.Format(time.DateTime), row.offset, cell(row.why))
		}
		fmt.Fprintln(b)
	}
	fmt.Fprint(b, "| time (UTC) | kind | actor | what happened | evidence |\n|---|---|---|---|---|\n")
	for _, e := range tl.Entries {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", e.At.UTC().Format(time.DateTime), e.Kind, cell(e.Actor.Name), cell(e.Title), cell(refs(e.Evidence)))
	}
	return b.Flush()
}

// cell makes text safe inside a Markdown table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(s)
}

type phase struct {
	name, offset, why string
	at                time.Time
}

// phases returns the known phases in their order.
func phases(tl hindcast.Timeline) []phase {
	var out []phase
	in := tl.Incident
	for _, p := range [...]struct {
		name, key string
		at        time.Time
	}{
		{"started", "started_at", in.StartedAt}, {"detected", "detected_at", in.DetectedAt}, {"acknowledged", "acknowledged_at", in.AcknowledgedAt},
		{"mitigated", "mitigated_at", in.MitigatedAt}, {"resolved", "resolved_at", in.ResolvedAt},
	} {
		if p.at.IsZero() {
			continue
		}
		row := phase{name: p.name, at: p.at.UTC(), why: tl.PhaseWhy[p.key]}
		if !in.StartedAt.IsZero() && p.key != "started_at" {
			row.offset = since(in.StartedAt, p.at)
		}
		out = append(out, row)
	}
	return out
}

// Printable replaces control characters, so that text from evidence cannot
// steer a terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

// since is how long after, or before, another moment one lies, of both as they are shown: to
// the second.
func since(start, at time.Time) string {
	d := at.Truncate(time.Second).Sub(start.Truncate(time.Second))
	if d < 0 {
		return hindcast.FormatDuration(d)
	}
	return "+" + hindcast.FormatDuration(d)
}
