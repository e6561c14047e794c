package notice

import "github.com/hindcast/hindcast/internal/workflow"

// About says what a kind of notices is about, for people: "You are named in a
// comment". It is what is told where the words of a notice are not.
func About(k workflow.NoteKind) string {
	switch k {
	case workflow.NoteShared:
		return "You were added to a post-mortem"
	case workflow.NoteReview:
		return "Your review, account or approval is asked for"
	case workflow.NoteReply:
		return "Somebody answered you"
	case workflow.NoteMention:
		return "You are named in a comment"
	case workflow.NoteDecided:
		return "Your suggestion was accepted or declined"
	case workflow.NoteMoved:
		return "A post-mortem you take part in moved on"
	case workflow.NoteMeeting:
		return "A meeting is set, changed or has a question for you"
	case workflow.NoteDue:
		return "A day draws near or has passed"
	case workflow.NoteQuestion:
		return "Somebody asks about a post-mortem or an action"
	}
	return "The server needs an admin"
}
