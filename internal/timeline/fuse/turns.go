package fuse

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// consulted reads as the decision a plan that ends in a few words of asking for
// assent, when another person then gives it: "that topic goes. ok?" - "do it".
func (j *joiner) consulted() {
	last := map[string]*fact.Fact{} // the latest message, by channel
	for _, f := range j.of(fact.Said) {
		p := last[f.Channel]
		last[f.Channel] = f
		if p == nil || !consent.MatchString(f.Text()) || f.At.Sub(p.At) > agreeing || SamePerson(f.Actor.Name, p.Actor.Name) || !consults.MatchString(p.Text()) {
			continue
		}
		switch p.Speech.Act {
		case speech.Observation, speech.Other, speech.Question, speech.Action:
			p.Speech.Act, p.Verb = speech.Decision, fact.VerbOf(p.Text())
		}
	}
}

// consults is a statement that ends in a question of one to three words.
var consults = lazyregexp.New(`^(?:\S+ ){2,}\S+[.,;!:)\-] *(?:\S+ ){0,2}\S+\?[\s\W]*$`)

// reporting is how long after a command its writer says what it did.
const reporting = 2 * time.Minute

// outcomes reads as the deed what somebody says is done right after a command
// of theirs that shares a word with it: "312 quotes voided" after "void".
func (j *joiner) outcomes() {
	commands := j.of(fact.Looked)
	for _, s := range j.of(fact.Said) {
		switch s.Speech.Act {
		case speech.Other, speech.Social, speech.Observation:
		default:
			continue
		}
		if !carried.MatchString(s.Text()) || unfinished.MatchString(s.Text()) {
			continue
		}
		for _, c := range commands {
			if lag := s.At.Sub(c.At); lag >= 0 && lag <= reporting && SamePerson(s.Actor.Name, c.Actor.Name) && names(c.Text(), s.Text()) {
				s.Speech.Act = speech.Action
				break
			}
		}
	}
}

// names reports whether a command holds the word that a report of it ends in.
func names(command, report string) bool {
	words := letter.FindAllString(strings.ToLower(report), -1)
	if len(words) == 0 {
		return false
	}
	verb := strings.TrimSuffix(strings.TrimSuffix(words[len(words)-1], "ed"), "d")
	return len(verb) > 2 && strings.Contains(strings.ToLower(command), verb)
}

const (
	parts  = time.Minute      // between the last word and the closing of the page
	silent = 30 * time.Minute // that nobody writes after the last word
)

// parting returns the last message of a channel when it came right before a
// person closed the page: that is how they say that it is over.
func (j *joiner) parting(c *fact.Fact) *fact.Fact {
	said := j.of(fact.Said)
	for i, s := range said {
		if lag := c.At.Sub(s.At); lag < 0 || lag > parts || s.Channel == "" || fact.Leisure(s.Channel) || strings.HasSuffix(s.Text(), "?") {
			continue
		}
		switch s.Speech.Act {
		case speech.Social, speech.Question, speech.Hypothesis, speech.Communication, speech.Taken, speech.Report:
			continue
		}
		later := false
		for _, o := range said[i+1:] {
			later = later || o.Channel == s.Channel && o.At.Sub(s.At) < silent
		}
		if !later {
			return s
		}
	}
	return nil
}
