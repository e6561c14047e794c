package fuse

import (
	"regexp"
	"strings"
	"time"

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
		case speech.Decision, speech.Communication, speech.Vendor, speech.Taken, speech.Social, speech.Question, speech.RuledOut, speech.Cause:
			continue
		}
		h := suspicion[f.Channel]
		if h == nil || f.At.Sub(h.At) > answering || SamePerson(f.Actor.Name, h.Actor.Name) || f.Speech.Over {
			continue
		}
		if denial.MatchString(f.Text()) || fine.MatchString(f.Text()) && topic(f.Text(), h.Text()) {
			f.Speech.Act = speech.RuledOut
		}
	}
}

var (
	denial = regexp.MustCompile(`(?i)^(?:no|nope|nah|negative|hm+,? no|don'?t think so|unlikely|doubt it)\b`)
	fine   = regexp.MustCompile(`(?i)\b(?:ok|okay|fine|healthy|normal|stable|clean|green|innocent|idle|bored|unchanged|untouched|flat|the same|no (?:errors|change|changes|diff)|nothing)\b`)
	letter = regexp.MustCompile(`[A-Za-z][A-Za-z0-9\-]{3,}`)
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
