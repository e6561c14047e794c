package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// Checked is a file that was held against the checklist. Its Findings are those
// that decide.
type Checked struct {
	File
	Report gate.Report
}

// Files returns the files with the findings that decide, for the other formats.
func Files(checked []Checked) []File {
	var out []File
	for _, c := range checked {
		out = append(out, c.File)
	}
	return out
}

// CheckJSON writes an object for each file, one a line.
func CheckJSON(w io.Writer, checked []Checked) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, c := range checked {
		err := enc.Encode(struct {
			File string `json:"file"`
			gate.Report
		}{c.Name, c.Report})
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckText writes what decides as [Text] does, then for each file how it stands
// against each criterion.
func CheckText(w io.Writer, checked []Checked, color bool) error {
	p := colors(color)
	var b strings.Builder
	passed := 0
	for _, c := range checked {
		for _, x := range c.Findings {
			p.finding(&b, c.File, x)
		}
		p.criteria(&b, c)
		if c.Report.Passed {
			passed++
		}
	}
	if len(checked) != 1 {
		fmt.Fprintf(&b, "%d of %s pass\n", passed, plural(len(checked), "file"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// criteria writes a line for each criterion, and the sum of them.
func (p palette) criteria(b *strings.Builder, c Checked) {
	severity := "severity not decided"
	if c.Report.Severity > 0 {
		severity = fmt.Sprintf("severity %d", c.Report.Severity)
	}
	word, shade := "passes", p.green
	if !c.Report.Passed {
		word, shade = "does not pass", p.red
	}
	fmt.Fprintf(b, "%s%s:%s %s%s%s (%s): %s\n", p.bold, printable(c.Name), p.reset, shade, word, p.reset, severity, tally(c.Report.Criteria))
	for _, r := range c.Report.Criteria {
		state, shade := standing(p, r)
		fmt.Fprintf(b, "  %s%-7s%s %-20s %s\n", shade, state, p.reset, r.Criterion, printable(r.Reason))
	}
	b.WriteByte('\n')
}

// standing returns the word for a result, and its color.
func standing(p palette, r gate.Result) (word, shade string) {
	switch {
	case r.State == gate.Pass:
		return "pass", p.green
	case r.Waiver != nil:
		return "waived", p.blue
	case !r.Blocks:
		return "warn", p.yellow
	case r.State == gate.Attest:
		return "attest", p.red
	}
	return "fail", p.red
}

// tally counts the results by standing: "4 pass, 2 fail, 1 attest".
func tally(list []gate.Result) string {
	counts := map[string]int{}
	for _, r := range list {
		word, _ := standing(palette{}, r)
		counts[word]++
	}
	var parts []string
	for _, word := range []string{"pass", "fail", "attest", "warn", "waived"} {
		if counts[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[word], word))
		}
	}
	return strings.Join(parts, ", ")
}

// Criteria describes the checklist to programs that show findings.
func Criteria() []Rule {
	out := []Rule{{Name: "format", Level: hindcast.FindingWarning, Message: "this could not be read", Why: "What cannot be read does not count, and readers expect the order of time.",
		Bad: "a time that is none", Good: "14:38:45"}}
	out = append(out, Rule{Name: "waiver", Level: hindcast.FindingNote, Message: "this waiver changes nothing", Why: "A waiver that changes nothing hides the next failure."})
	for _, c := range hindcast.Checklist() {
		out = append(out, Rule{Name: string(c.Criterion), Level: hindcast.FindingError, Message: c.Name, Why: c.Question})
	}
	return out
}
