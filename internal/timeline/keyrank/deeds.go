package keyrank

import (
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

var (
	// inVain is how people say that what was done did not help, or that what was suspected
	// is well.
	inVain = lazyregexp.New(`(?i)\b(?:no|zero|without(?: any)?|not? much) (?:effect|change|difference|improvement|luck|joy|dice)\b|\bnothing changed|\bchanged nothing|\b(?:did|does|do)(?:n't| not) (?:help|change|fix|work|matter)\b|\bno better\b|\bdead end\b|` +
		`\bstill (?:\d|the same|fail\w*|bounc\w*|dead|down|broken|red|no|not|nothing|\w+ing)\b|\b(?:the )?(?:very )?same (?:way|text|error|result|thing|answer|picture)\b|\bso (?:it'?s )?not\b|\b(?:is|was|are|were)(?:n't| not|) (?:never|not|it|us|the one)\b|\bnot (?:it|us|ours|that|the (?:cause|culprit|one))\b|\brul(?:ed|es|ing) out\b|\bback to square\b`)
	// done is how people say shortly that something is done.
	done = lazyregexp.New(`(?i)(?:'s|'re| is| are| now|^\S+|\bit|\bthem)\s+(?:off|on|out|down|up|back|live|in|gone|running|disabled|enabled|paused|stopped|started|frozen|blocked|released|removed|reverted|restarted|restored|drained|cordoned|held|pinned|muted|switched|scaled|set|reset|loaded|purged|cleared|announced|deployed|merged|parked)\b|\b(?:done|finished|announced|all through)\b`)
	// startled is how others react to news.
	startled = lazyregexp.New(`(?i)^\W*(?:oh+|ah+|uh+|wow|whoa|woah|omg|phew|yay|nice|great|good (?:catch|find)|ouch|damn|wtf|lol|hm+|thank (?:god|you)|finally|wait|interesting|yikes|oof|ugh|of course)\b|[!?]{2}|^[^\pL\pN]+$`)
)

const (
	// ordered is how long before it somebody asks for what is then done.
	ordered = 15 * time.Minute
	// least is what two messages share when one is about the other.
	least = 1.0
)

// deeds is what a message answers, and what came of what was done.
func (r *reader) deeds(x logit.Features, f *fact.Fact) {
	text := f.Text()
	x.Is("inVain", inVain.MatchString(text))
	x.Is("done", done.MatchString(text))
	bare := x["deed"] < least/2 && x["recorded"] < least/3
	action := max(0, f.Odds[speech.Action]) / 3
	if bare {
		x.Num("action*bare", action)
		x.Num("decision*bare", max(0, f.Odds[speech.Decision])/3)
		x.Is("done*bare", x["done"] > 0)
	}
	i, ok := r.nth[f]
	if !ok {
		return
	}
	if i+1 < len(r.said) && !fuse.SamePerson(r.said[i+1].Actor.Name, f.Actor.Name) && r.said[i+1].At.Sub(f.At) < answering {
		x.Is("startles", startled.MatchString(r.said[i+1].Text()))
	}
	own, asked := r.words(f), 0.0
	for _, o := range r.said[max(0, i-near):i] {
		if f.At.Sub(o.At) > ordered || fuse.SamePerson(o.Actor.Name, f.Actor.Name) && o.Speech.Act != speech.Decision {
			continue
		}
		if o.Speech.Act == speech.Decision || o.Odds[speech.Decision] > 0 || o.Speech.Act == speech.Question {
			asked = max(asked, lexicon.Overlap(own, r.words(o)))
		}
	}
	x.Num("asked", min(asked, 4)/2)
	x.Num("asked*action", min(asked, 4)/2*action)
}
