package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// TimelineText writes a timeline for a terminal: phases, durations, suspects,
// then one block for each entry.
func TimelineText(w io.Writer, tl hindcast.Timeline) error {
	b := bufio.NewWriter(w)
	textPhases(b, tl)
	for i, s := range tl.Suspects {
		if i == 0 {
			fmt.Fprintln(b, "Where the evidence says it began (a reading aid, not a cause)")
		}
		if i == 5 {
			break
		}
		fmt.Fprintf(b, "  %-24s %.2f  %s\n", Printable(s.Service), s.Score, Printable(s.Why))
	}
	if len(tl.Suspects) > 0 {
		fmt.Fprintln(b)
	}
	for _, o := range tl.Offsets {
		fmt.Fprintf(b, "Clock of %s: %s\n", Printable(o.File), Printable(o.Why))
	}
	if len(tl.Entries) == 0 {
		fmt.Fprintln(b, "No entries. With --all every candidate is shown.")
	}
	var day string
	for _, e := range tl.Entries {
		if d := e.At.UTC().Format("Monday, 2 January 2006 (UTC)"); d != day {
			fmt.Fprintln(b, d)
			day = d
		}
		textEntry(b, e, tl.Incident.StartedAt)
	}
	return b.Flush()
}

func textPhases(b *bufio.Writer, tl hindcast.Timeline) {
	rows := phases(tl)
	if len(rows) == 0 {
		fmt.Fprint(b, "The evidence shows no incident.\n\n")
		return
	}
	for _, p := range rows {
		fmt.Fprintf(b, "%-13s %s  %-12s %s\n", p.name, p.at.Format(time.DateTime), p.offset, Printable(p.why))
	}
	fmt.Fprintln(b)
	var parts []string
	for _, m := range [...]struct {
		name  string
		value *int64
	}{
		{"time to detect", tl.Metrics.TimeToDetect}, {"to acknowledge", tl.Metrics.TimeToAcknowledge}, {"to mitigate", tl.Metrics.TimeToMitigate},
		{"incident length", tl.Metrics.Duration}, {"detection to resolution", tl.Metrics.DetectionToResolution},
	} {
		if m.value != nil {
			parts = append(parts, m.name+" "+hindcast.FormatDuration(time.Duration(*m.value)*time.Second))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "%s\n\n", strings.Join(parts, " · "))
	}
}

func textEntry(b *bufio.Writer, e hindcast.Entry, start time.Time) {
	offset := ""
	if !start.IsZero() {
		offset = since(start, e.At)
	}
	fmt.Fprintf(b, "%s  %-11s %-13s %s\n", e.At.UTC().Format(time.TimeOnly), offset, e.Kind, Printable(e.Title))
	indent := strings.Repeat(" ", 36)
	var about []string
	for _, s := range []string{e.Actor.Name, e.Service} {
		if s != "" && !slices.Contains(about, Printable(s)) {
			about = append(about, Printable(s))
		}
	}
	if late := e.KnownAt.Sub(e.At); late >= time.Second {
		about = append(about, "known "+hindcast.FormatDuration(late)+" later")
	}
	who := strings.Join(about, ", ")
	fmt.Fprintf(b, "%s%s\n%s%s\n%sid %s\n", indent, who, indent, Printable(refs(e.Evidence)), indent, e.ID)
}
