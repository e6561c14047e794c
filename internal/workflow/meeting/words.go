package meeting

import (
	"strings"

	"github.com/hindcast/hindcast"
)

// Opening is what the facilitator says first, sentence by sentence.
func Opening() []string {
	return []string{
		"We are here to learn how our systems and our ways of working made this possible, and what would make the next time easier.",
		"Nobody is on trial. Everybody did what made sense to them, with what they knew, the tools they had and the time they were given.",
		"When a sentence points at a person, we turn it until it points at what the person saw, what the tools allowed and what the process asked for.",
		"Hindsight makes every step look obvious. We stay with what could be known at the time.",
		"What is said here is for those who take part. What goes into the document we decide together, with roles in place of names.",
		"Remedies that come to mind early are kept in the parking lot. First we understand, then we choose.",
		"If something is missing or sounds wrong to you, say so. Not knowing is a finding as well.",
	}
}

// Prompts returns questions that help with what is on the screen: the part of the
// post-mortem that is shown, or else the block.
func Prompts(p *hindcast.Postmortem, show Show, shown string) []string {
	list, id, _ := strings.Cut(shown, "/")
	switch list {
	case "timeline":
		for _, e := range p.Timeline {
			if e.ID == id {
				return entryPrompts(e)
			}
		}
	case "factors":
		return factorPrompts()
	case "observations":
		for _, o := range p.Observations {
			if o.ID == id && o.Kind == hindcast.WentWell {
				return wellPrompts()
			}
		}
		return poorlyPrompts()
	case "actions", "parked":
		return actionPrompts()
	}
	return blockPrompts(show)
}

func entryPrompts(e hindcast.Entry) []string {
	if e.Decision != nil {
		return decisionPrompts()
	}
	switch e.Kind {
	case hindcast.Decided, hindcast.Mitigation, hindcast.Action:
		return decisionPrompts()
	case hindcast.Change:
		return []string{"What was this change meant to do?", "What told people that it was safe?", "How did anybody see what it did?"}
	case hindcast.Alert, hindcast.Acknowledge:
		return []string{"What did the alert tell, and what did it leave open?", "How did it reach the person who could act?", "What would have told it earlier?"}
	case hindcast.Communication:
		return []string{"Who needed to know this, and how did they learn it?", "What was understood by it at the time?"}
	}
	return []string{"What did you see that told you that?", "Where did you look first, and what led you there?", "What did you expect to see instead?", "What did you not know yet?"}
}

func decisionPrompts() []string {
	return []string{"Which options were there?", "What was known at that moment, and what was not?", "What made this one the best at the time?", "What was expected to happen next?"}
}

func factorPrompts() []string {
	return []string{"What made that likely?", "Without it, would this have happened?", "How did it come about, and how long has it been so?", "Is it something we can change, or a symptom of something behind it?"}
}

func wellPrompts() []string {
	return []string{"What made this possible?", "Was it arranged, or was it luck?", "Who else should have it?"}
}

func poorlyPrompts() []string {
	return []string{"What was missing that would have helped?", "How did people work around it?", "Where else is it like this?"}
}

func actionPrompts() []string {
	return []string{"Which factor does it answer?", "Which team owns it, and until when?", "How will we see that it is done, and that it works?", "Is it still the right one now that the causes are known?"}
}

func blockPrompts(show Show) []string {
	switch show {
	case ShowOpening:
		return []string{"Does everybody know each other's part?", "Is there anything that should be said before we begin?"}
	case ShowTimeline:
		return []string{"What happened before this?", "Where is the gap between two entries, and who knows what lies in it?", "At which points did people choose between ways?", "An action comes up too early: park it, and go on with what happened."}
	case ShowWell:
		return append(wellPrompts(), "What do we want to be sure to do again?")
	case ShowWhys:
		return []string{"How did the symptom come about? And how did that?", "Have we reached something systemic that an action can change?", "Is this a cause, or did it only make things worse?", "An action comes up too early: park it, and ask once more how it came about."}
	case ShowActions:
		return append(actionPrompts(), "What of the parking lot is still worth doing?")
	case ShowClosing:
		return []string{"Who owns the document from here on?", "When can others read it?", "When do we look whether the actions worked?"}
	}
	return nil
}
