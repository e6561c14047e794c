package slack

import "slices"

// The emoji by which people mark messages for the post-mortem, unless a connection
// chooses others.
var (
	entryMarks    = []string{"pushpin", "round_pushpin"}
	decisionMarks = []string{"gavel", "judge", "ballot_box_with_ballot", "scales"}
)

// EntryMarks returns the emoji that mark a message as an entry of the timeline, as a
// pin does.
func EntryMarks() []string { return slices.Clone(entryMarks) }

// DecisionMarks returns the emoji that mark a message as a decision.
func DecisionMarks() []string { return slices.Clone(decisionMarks) }

// mark returns what people marked a message as: "decision", "entry", or nothing. A
// connection with emoji of its own has said so in the message.
func (m *message) mark() string {
	if m.Mark != nil {
		return *m.Mark
	}
	out := ""
	for _, r := range m.Reactions {
		switch {
		case slices.Contains(decisionMarks, r.Name):
			return "decision"
		case slices.Contains(entryMarks, r.Name):
			out = "entry"
		}
	}
	return out
}
