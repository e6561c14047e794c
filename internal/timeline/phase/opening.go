package phase

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/report"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

const (
	// stillness is how long a channel is quiet before somebody opens a subject.
	stillness = 20 * time.Minute
	// confirms is how soon after a report a page confirms it.
	confirms = 5 * time.Minute
	// fewest is how many words a report has at least.
	fewest = 6
	// finale is how long nobody writes after the last word.
	finale = 45 * time.Minute
	// shortly is how many words a last word has at most.
	shortly = 9
)

// opens reports whether a message is a report by where it stands, however it is
// worded: it breaks the silence of a channel, a page confirms it at once, and
// another person answers it or its writer later tells users there. Without a
// page somebody must take it up. What tells of a change, and of no failure, opens
// nothing.
func (f finder) opens(s, page *fact.Fact) bool {
	switch s.Speech.Act {
	case speech.Report, speech.Observation, speech.Action, speech.RuledOut, speech.Question, speech.Vendor:
	default:
		return false
	}
	change := fact.VerbOf(s.Text()) != ""
	if len(strings.Fields(s.Text())) < fewest || s.Version != "" && page != nil || change && (page != nil || !s.Speech.Failing) || page != nil && page.At.Sub(s.At) > confirms {
		return false
	}
	answered := false
	for _, a := range f.Facts {
		if a.Class != fact.Said || a.Channel != s.Channel || a == s {
			continue
		}
		lag := a.At.Sub(s.At)
		if lag <= 0 && lag > -stillness {
			return false
		}
		if lag <= 0 {
			continue
		}
		other := !fuse.SamePerson(a.Actor.Name, s.Actor.Name)
		switch {
		case !other && page != nil && lag < lead && a.Speech.Act == speech.Communication:
			return true
		case answered:
		case page == nil && other && lag <= course.Heard && a.Speech.Act == speech.Taken:
			return true
		case page != nil && other && lag <= course.Heard && f.works(a):
			return true
		}
		answered = true
	}
	return false
}

// asked reports whether somebody reports trouble by asking whether it is known, and
// others react where they then work: somebody takes it up before the page comes, or
// answers and the page comes at once.
func (f finder) asked(s, page *fact.Fact) bool {
	if !report.Asks(s.Text()) || !f.Scope.Channels[s.Channel] || len(strings.Fields(s.Text())) < fewest {
		return false
	}
	for _, a := range f.Facts {
		if a.Class != fact.Said || a.Channel != s.Channel || !a.At.After(s.At) || a.At.After(page.At) || a.At.Sub(s.At) > course.Heard || fuse.SamePerson(a.Actor.Name, s.Actor.Name) {
			continue
		}
		if a.Speech.Act == speech.Taken || page.At.Sub(s.At) <= confirms {
			return true
		}
	}
	return false
}

// sameTrouble reports whether a message where people then work passes on, in words of
// the page, what users experience.
func (f finder) sameTrouble(s, page *fact.Fact) bool {
	return s.Speech.Act == speech.Report && f.Scope.Channels[s.Channel] && len(strings.Fields(s.Text())) >= fewest &&
		lexicon.Overlap(lexicon.Tokens(s.Text()), lexicon.Tokens(page.Title)) >= alikeWords
}

// alikeWords is how many words a report shares with the page that confirms it.
const alikeWords = 2

// works reports whether what somebody says is about the incident.
func (f finder) works(a *fact.Fact) bool {
	return f.Scope.Channels[a.Channel] && a.Speech.Act != speech.Social && a.Speech.Act != speech.Other
}

// lastWord returns a short message after which nobody wrote for long, when it
// comes after the alert cleared and tells of no failure; nil when there is none.
func (f finder) lastWord(cleared *fact.Fact) *fact.Fact {
	if cleared == nil {
		return nil
	}
	var last *fact.Fact
	for _, s := range f.Facts {
		if s.Class != fact.Said || s.Test || !f.Scope.Channels[s.Channel] || !s.At.After(f.Alarm.At) {
			continue
		}
		if last != nil && s.At.Sub(last.At) >= finale {
			break
		}
		last = s
	}
	if last == nil || !last.At.After(cleared.At) || last.Speech.Failing || len(strings.Fields(last.Text())) > shortly {
		return nil
	}
	switch last.Speech.Act {
	case speech.Question, speech.Hypothesis, speech.Communication, speech.Decision:
		return nil
	}
	return last
}

// admissions turns deeds that people say they did before anybody noticed
// anything into what they are: the finding of what was behind it.
func (f finder) admissions() {
	detected := f.Phases.DetectedAt
	for _, s := range f.Scope.Talk {
		if s.Speech.Act != speech.Action && s.Speech.Act != speech.Decision || detected.IsZero() || s.At.Before(detected) {
			continue
		}
		if slices.ContainsFunc(s.Moments, func(m fact.Moment) bool {
			return m.At.Before(detected.Add(-time.Minute)) && (s.Speech.Act == speech.Action || m.Act == speech.Action)
		}) {
			s.Speech.Act = speech.Cause
		}
	}
}

// follows reports whether a line states a later step of what another line began,
// which one message names as the cause: a machine that installs, goes down and
// starts.
func follows(c, first *fact.Fact, v, best trigger.Verdict) bool {
	return first != nil && v.Named != nil && v.Named == best.Named && sign.Change(c) && sign.Change(first) && !c.At.Before(first.At)
}
