package meeting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Kind is the sort of a meeting.
type Kind string

// The kinds.
const (
	Full   Kind = "full"   // 90 minutes, in which everything is worked out together
	Hybrid Kind = "hybrid" // 45 minutes about a draft that people have read
	Own    Kind = "own"    // with blocks of its own
)

// Kinds returns the kinds in the order in which they are offered.
func Kinds() []Kind { return []Kind{Full, Hybrid, Own} }

// Show names what is on the screen in a block.
type Show string

// What can be shown.
const (
	ShowOpening  Show = "opening"  // the words on blamelessness
	ShowTimeline Show = "timeline" // with its picture
	ShowWell     Show = "well"     // what went well and poorly
	ShowWhys     Show = "whys"     // factors, and the tree of whys
	ShowActions  Show = "actions"  // and what was parked
	ShowClosing  Show = "closing"  // owner, publication and follow-up
)

// Shows returns what can be shown, in the order of a meeting.
func Shows() []Show {
	return []Show{ShowOpening, ShowTimeline, ShowWell, ShowWhys, ShowActions, ShowClosing}
}

// Block is a part of a meeting.
type Block struct {
	Show    Show   `json:"show"`
	Title   string `json:"title"`
	Aim     string `json:"aim,omitempty"` // what the facilitator sees to
	Minutes int    `json:"minutes"`       // as planned
	Extra   int    `json:"extra,omitempty"`
	Skipped bool   `json:"skipped,omitempty"`
}

// Agenda returns the blocks of a kind of meeting; none for one with its own.
func Agenda(k Kind) []Block {
	switch k {
	case Full:
		return []Block{
			{Show: ShowOpening, Title: "Introduction", Aim: "State that nobody is blamed, and what is expected of everybody.", Minutes: 5},
			{Show: ShowTimeline, Title: "Timeline", Aim: "Go through it in order, fill gaps, note where people chose between ways.", Minutes: 25},
			{Show: ShowWell, Title: "What went well", Aim: "Find what helped, so that it is kept.", Minutes: 10},
			{Show: ShowWhys, Title: "Causes", Aim: "Ask how each came about until something systemic is reached; tell causes from symptoms.", Minutes: 15},
			{Show: ShowActions, Title: "Action items", Aim: "Make each specific, owned and dated, with a way to see that it is done.", Minutes: 20},
			{Show: ShowClosing, Title: "Review and next steps", Aim: "Settle who owns the document, when it is published, and when it is looked at again.", Minutes: 15},
		}
	case Hybrid:
		return []Block{
			{Show: ShowOpening, Title: "Introduction", Aim: "State that nobody is blamed; everybody has read the draft.", Minutes: 3},
			{Show: ShowTimeline, Title: "Review of the draft", Aim: "Only what is missing, doubted or was a choice; the rest was read.", Minutes: 12},
			{Show: ShowWhys, Title: "Causes", Aim: "Look at what lies behind the causes in the draft.", Minutes: 13},
			{Show: ShowActions, Title: "Action items", Aim: "Make each specific, owned and dated, with a way to see that it is done.", Minutes: 12},
			{Show: ShowClosing, Title: "Next steps", Aim: "Settle who brings this into the document, and when it is published.", Minutes: 5},
		}
	}
	return nil
}

// maxBlocks and maxMinutes bound a meeting.
const (
	maxBlocks  = 20
	maxMinutes = 8 * 60
)

// ParseAgenda reads blocks of one's own, one a line: "15 timeline What happened".
func ParseAgenda(text string) ([]Block, error) {
	var out []Block
	n := 0
	for line := range strings.Lines(text) {
		if n++; strings.TrimSpace(line) == "" {
			continue
		}
		b, err := parseBlock(line)
		if err != nil {
			return nil, hindcast.Errorf(hindcast.Invalid, "line %d of the agenda: %w", n, err)
		}
		out = append(out, b)
	}
	if len(out) == 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "write the blocks of the agenda, one a line: minutes, what to show, a title, as in \"15 timeline What happened\"")
	}
	return out, nil
}

func parseBlock(line string) (Block, error) {
	number, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	show, title, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxMinutes {
		return Block{}, fmt.Errorf("%.20q is no number of minutes from 1 to %d", number, maxMinutes)
	}
	if !slices.Contains(Shows(), Show(show)) {
		return Block{}, fmt.Errorf("%.20q cannot be shown; choose one of %v", show, Shows())
	}
	if title = strings.TrimSpace(title); title == "" {
		return Block{}, fmt.Errorf("it has no title")
	}
	return Block{Show: Show(show), Title: title, Minutes: n}, nil
}

// Lines writes blocks as [ParseAgenda] reads them.
func Lines(blocks []Block) string {
	var b strings.Builder
	for _, x := range blocks {
		fmt.Fprintf(&b, "%d %s %s\n", x.Minutes, x.Show, x.Title)
	}
	return b.String()
}

// Length returns how long blocks take together.
func Length(blocks []Block) time.Duration {
	var n int
	for _, b := range blocks {
		n += b.Minutes + b.Extra
	}
	return time.Duration(n) * time.Minute
}

func validAgenda(blocks []Block) error {
	switch {
	case len(blocks) == 0:
		return hindcast.Errorf(hindcast.Invalid, "a meeting of its own kind needs an agenda; write its blocks")
	case len(blocks) > maxBlocks:
		return hindcast.Errorf(hindcast.Invalid, "these are %d blocks; a meeting has at most %d", len(blocks), maxBlocks)
	case Length(blocks) > maxMinutes*time.Minute:
		return hindcast.Errorf(hindcast.Invalid, "this takes %s; a meeting takes at most 8 hours", Length(blocks))
	case !slices.ContainsFunc(blocks, func(b Block) bool { return b.Show == ShowClosing }):
		return hindcast.Errorf(hindcast.Invalid, "the agenda has no block that shows closing, in which owner, publication and follow-up are settled; add one")
	}
	return nil
}
