package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
)

// widest is how many characters of a line are shown around a finding.
const widest = 100

// palette colors the parts of a report; empty strings color nothing.
type palette struct {
	bold, dim, red, yellow, blue, green, reset string
}

func colors(on bool) palette {
	if !on {
		return palette{}
	}
	return palette{"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[32m", "\x1b[0m"}
}

func (p palette) level(l hindcast.FindingLevel) string {
	switch l {
	case hindcast.FindingError:
		return p.red
	case hindcast.FindingWarning:
		return p.yellow
	}
	return p.blue
}

// Text writes findings as a good compiler does: the place, the line with the
// words underlined, why it matters, and what to write instead. A summary ends it.
func Text(w io.Writer, files []File, color bool) error {
	p := colors(color)
	counts := map[hindcast.FindingLevel]int{}
	var b strings.Builder
	for _, f := range files {
		for _, x := range f.Findings {
			counts[x.Level]++
			p.finding(&b, f, x)
		}
	}
	b.WriteString(summary(counts, len(files)))
	_, err := io.WriteString(w, b.String())
	return err
}

func summary(counts map[hindcast.FindingLevel]int, files int) string {
	var parts []string
	for _, l := range []hindcast.FindingLevel{hindcast.FindingError, hindcast.FindingWarning, hindcast.FindingNote} {
		if n := counts[l]; n > 0 {
			parts = append(parts, plural(n, string(l)))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing found"}
	}
	return strings.Join(parts, ", ") + " in " + plural(files, "file") + "\n"
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

func (p palette) finding(b *strings.Builder, f File, x hindcast.Finding) {
	fmt.Fprintf(b, "%s%s:%d:%d:%s %s%s:%s %s %s[%s]%s\n", p.bold, printable(f.Name), x.Line, x.Column, p.reset, p.level(x.Level), x.Level, p.reset,
		printable(x.Message), p.dim, x.Rule, p.reset)
	line, before, width := excerpt(f.Source, x)
	number := fmt.Sprint(x.Line)
	gutter := strings.Repeat(" ", len(number))
	fmt.Fprintf(b, " %s%s |%s %s\n", p.dim, number, p.reset, line)
	fmt.Fprintf(b, " %s%s |%s %s%s%s%s\n", p.dim, gutter, p.reset, strings.Repeat(" ", before), p.level(x.Level), strings.Repeat("^", max(1, width)), p.reset)
	fmt.Fprintf(b, " %s = why: %s\n", gutter, printable(x.Why))
	if x.Question != "" {
		fmt.Fprintf(b, " %s = ask: %s\n", gutter, printable(x.Question))
	}
	for _, s := range x.Suggestions {
		fmt.Fprintf(b, " %s %s= try: %s%s\n", gutter, p.green, printable(s), p.reset)
	}
	b.WriteByte('\n')
}

// excerpt returns the line of a finding, shortened around it, how many columns
// stand before it and how many it takes on that line.
func excerpt(source []byte, x hindcast.Finding) (line string, before, width int) {
	begin := bytes.LastIndexByte(source[:x.Start], '\n') + 1
	end := len(source)
	if i := bytes.IndexByte(source[x.Start:], '\n'); i >= 0 {
		end = x.Start + i
	}
	lead, rest := string(source[begin:x.Start]), string(source[x.Start:end])
	found := string(source[x.Start:min(x.End, end)])
	if n := utf8.RuneCountInString(lead); n > widest/2 {
		lead = "…" + string([]rune(lead)[n-widest/2+1:])
	}
	room := max(widest-utf8.RuneCountInString(lead), widest/2)
	if n := utf8.RuneCountInString(rest); n > room {
		rest = string([]rune(rest)[:room-1]) + "…"
	}
	lead, rest = printable(lead), printable(strings.TrimRight(rest, "\r"))
	return lead + rest, columns(lead), min(columns(printable(found)), columns(rest))
}

// columns returns how many columns of a terminal a text takes, as far as that is
// the same everywhere: two for the wide scripts, none for combining marks.
func columns(s string) int {
	n := 0
	for _, c := range s {
		switch {
		case c >= 0x300 && c <= 0x36F || c == 0x200D || c == 0xFE0F:
		case c >= 0x1100 && c <= 0x115F || c >= 0x2E80 && c <= 0xA4CF || c >= 0xAC00 && c <= 0xD7A3 || c >= 0xF900 && c <= 0xFAFF || c >= 0xFF00 && c <= 0xFF60 || c >= 0x1F300 && c <= 0x1FAFF || c >= 0x20000 && c <= 0x3FFFD:
			n += 2
		default:
			n++
		}
	}
	return n
}
