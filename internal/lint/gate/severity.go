package gate

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/markdown"
)

// severityLabel finds a label in front of a severity; severityLevel a level that
// begins with its number, as in "2", "SEV-2", "severity::2".
var (
	severityLabel = lazyregexp.New(`(?i)^\W*(?:incident )?sev(?:erity)?(?: level)?\W*[:|]\W*(.*)$`)
	severityLevel = lazyregexp.New(`(?i)^(?:sev(?:erity)?|s|p)?\W*([1-9])\b`)
)

// headBlocks is how many blocks of a document may tell its severity.
const headBlocks = 60

// namedSeverity returns the level that a document from another template names in
// its head, "Severity: SEV-2", when the policy has it; 0 when it names none.
func (p *page) namedSeverity(policy hindcast.Policy) int {
	if p.outline == nil {
		return 0
	}
	blocks := p.outline.md.Blocks
	for _, text := range joinCells(blocks[:min(len(blocks), headBlocks)]) {
		for line := range strings.Lines(text) {
			if m := severityLabel.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				return levelOf(m[1], policy)
			}
		}
	}
	return 0
}

// joinCells returns the texts of blocks, the cells of a row as one.
func joinCells(blocks []markdown.Block) []string {
	var out []string
	for i := range blocks {
		b := &blocks[i]
		if i > 0 && b.Kind == markdown.Cell && blocks[i-1].Kind == markdown.Cell && blocks[i-1].List == b.List && blocks[i-1].Item == b.Item {
			out[len(out)-1] += " | " + b.Text
		} else {
			out = append(out, b.Text)
		}
	}
	return out
}

// levelOf reads a level by number or name.
func levelOf(s string, policy hindcast.Policy) int {
	n := 0
	if m := severityLevel.FindStringSubmatch(s); m != nil {
		n, _ = strconv.Atoi(m[1]) // one digit
	}
	for _, l := range policy.Severities {
		if l.Level == n || n == 0 && len(l.Name) <= len(s) && strings.EqualFold(s[:len(l.Name)], l.Name) {
			return l.Level
		}
	}
	return 0
}
