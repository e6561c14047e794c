package fuse

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// answering is how long after a suspicion people answer it.
const answering = 10 * time.Minute

// answers reads what people say in answer to a suspicion by another: "no", or
// that the very thing is fine, rules it out, however else the words read.
func (j *joiner) answers() {
	suspicion := map[string]*fact.Fact{} // the latest, by channel
	for _, f := range j.of(fact.Said) {
		switch f.Speech.Act {
		case speech.Hypothesis:
			suspicion[f.Channel] = f
			continue
		case speech.RuledOut, speech.Cause, speech.Question:
			delete(suspicion, f.Channel) // settled, or something else is asked
			continue
		case speech.Vendor:
			if !denial.MatchString(f.Text()) {
				continue
			}
		case speech.Communication, speech.Taken, speech.Social:
			continue
		case speech.Decision:
			if h := suspicion[f.Channel]; confirmation.MatchString(f.Text()) && h != nil && f.At.Sub(h.At) <= answering && !SamePerson(f.Actor.Name, h.Actor.Name) {
				h.Speech.Act = speech.Cause
			}
			delete(suspicion, f.Channel)
			continue
		}
		h := suspicion[f.Channel]
		if h == nil || f.At.Sub(h.At) > answering || SamePerson(f.Actor.Name, h.Actor.Name) || f.Speech.Over {
			continue
		}
		if confirmation.MatchString(f.Text()) {
			h.Speech.Act = speech.Cause
			if len(strings.Fields(f.Text())) >= fewWords && f.Speech.Act != speech.Mitigation && f.Speech.Act != speech.Action {
				f.Speech.Act = speech.Cause
			}
			continue
		}
		if denial.MatchString(f.Text()) || fine.MatchString(f.Text()) && topic(f.Text(), h.Text()) {
			f.Speech.Act = speech.RuledOut
		}
	}
}

// fewWords is how many words an answer has at least that says more than yes.
const fewWords = 4

// agreeing is how long after a proposal others agree to it.
const agreeing = 5 * time.Minute

// assents reads a few words of consent, in answer to what another person asked
// or proposed to do, as the decision.
func (j *joiner) assents() {
	proposal := map[string]*fact.Fact{} // the latest, by channel
	choice := map[string]*fact.Fact{}   // the latest question between alternatives
	for _, f := range j.of(fact.Said) {
		p := proposal[f.Channel]
		if c := choice[f.Channel]; c != nil && f.At.Sub(c.At) <= agreeing && !SamePerson(f.Actor.Name, c.Actor.Name) && chooses(f, c) {
			delete(choice, f.Channel)
			f.Speech.Act, f.Verb = speech.Decision, fact.VerbOf(f.Text())
		}
		if alternatives.MatchString(f.Text()) {
			choice[f.Channel] = f
		}
		if p != nil && agrees(f.Text()) && f.At.Sub(p.At) <= agreeing && !SamePerson(f.Actor.Name, p.Actor.Name) {
			delete(proposal, f.Channel)
			if p.Speech.Act == speech.Decision { // whoever made it asked for no more than assent
				f.Speech.Act = speech.Restated
				continue
			}
			f.Speech.Act, f.Verb = speech.Decision, fact.VerbOf(p.Text())
			f.Title += " (to: " + p.Title + ")"
			continue
		}
		if f.Speech.Act == speech.Decision || f.Speech.Act == speech.Question && fact.VerbOf(f.Text()) != "" || proposes.MatchString(f.Text()) {
			proposal[f.Channel] = f
		}
	}
}

// alternatives is a question between two things to do.
var alternatives = lazyregexp.New(`(?i)\bor\b[^?]*\?`)

// chooses reports whether a message picks one of the alternatives of a question:
// it shares a word with it and asks nothing itself.
func chooses(f, question *fact.Fact) bool {
	switch f.Speech.Act {
	case speech.Other, speech.Observation, speech.Action, speech.Hypothesis:
		return topic(f.Text(), question.Text())
	}
	return false
}

// carried ends a few words about what was carried out: "button hidden".
var carried = lazyregexp.New(`(?i)\b(?:\w{2,}(?:ed|en|wn|lt|nt|ut)|back|off|on|out|gone|done|up|down|live|in)(?: now| again)?[.! ]*$`)

// unfinished is how people say that a deed failed or is still to come.
var unfinished = lazyregexp.New(`(?i)\b(?:fail\w*|errors?|timeouts?|timed out|not|\w+n't|still|slow\w*|stuck|hang\w*|will|should|would|could|waiting|before|since|after|when|if|why|because|broke\w*|crash\w*|denied|refused|again\?)\b|\?`)

// agrees reports whether a text consents: in a few words of nothing else, or by
// how it begins when it goes on for a little.
func agrees(text string) bool {
	return consent.MatchString(text) || assent.MatchString(text) && len(strings.Fields(text)) <= 8
}

// Consents reports whether a text is a few words of consent and nothing else.
func Consents(text string) bool { return consent.MatchString(text) }

var (
	assent   = lazyregexp.New(`(?i)^(?:\+1|:\+1:|agreed|yes|yep|approved|sgtm|lgtm|fine with me|fine by me|ok with me|go ahead)\b`)
	consent  = lazyregexp.New(`(?i)^(?:no[,.!]? +)?(?:\+1|:\+1:|yes|yep|yeah|ok(?:ay)?|agreed?|go|go ahead|do it|lets|let's|lets go|sgtm|lgtm|approved|fine by me|sure|yes go|yes please|please do|do so)(?:[ ,.!:]+(?:\+1|go|go ahead|do it|do go ahead|lets|let's|please|do|it|from me|from my side|then|yes|sure|agreed|fine|now|with that))*[ .!]*$`)
	proposes = lazyregexp.New(`(?i)\b(?:my vote|proposal|propose|suggest\w*|shall we|should we|want me to|how about|what about|we could|i could|option)\b`)
)

var (
	denial = lazyregexp.New(`(?i)^(?:no|nope|nah|negative|hm+,? no|don'?t think so|unlikely|doubt it)\b`)
	// confirmation is how people say that a suspicion is right.
	confirmation = lazyregexp.New(`(?i)^(?:(?:oh|ah|hm+|ok|well|damn|ouch|argh|good catch)[,.! ]+)*(?:yes|yep|yeah|yup|correct|exactly|indeed|confirmed|bingo|spot on|that's it|thats it|that is it|it is|you're right|must be|looks like it|seems so|that fits|that matches|fits|matches)\b`)
	fine         = lazyregexp.New(`(?i)\b(?:ok|okay|fine|healthy|normal|stable|clean|green|innocent|idle|bored|unchanged|untouched|flat|the same|no (?:errors|change|changes|diff)|nothing)\b`)
	letter       = lazyregexp.New(`[A-Za-z][A-Za-z0-9\-]{3,}`)
)

// topic reports whether two texts share a word that is not among the most
// common ones.
func topic(a, b string) bool {
	words := map[string]bool{}
	for _, w := range letter.FindAllString(strings.ToLower(b), -1) {
		words[strings.TrimSuffix(w, "s")] = !everyday[w]
	}
	for _, w := range letter.FindAllString(strings.ToLower(a), -1) {
		if words[strings.TrimSuffix(w, "s")] {
			return true
		}
	}
	return false
}

// everyday are words that any two messages may share.
var everyday = map[string]bool{
	"this": true, "that": true, "with": true, "from": true, "have": true, "been": true, "were": true, "will": true, "what": true, "when": true, "there": true, "they": true, "then": true,
	"maybe": true, "could": true, "would": true, "just": true, "like": true, "also": true, "only": true, "some": true, "same": true, "does": true, "since": true, "after": true, "before": true, "went": true, "deployed": true, "deploy": true,
}
