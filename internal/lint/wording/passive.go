package wording

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// Passive finds passives without an agent for what people or their tools did,
// decided, noticed or said: "the configuration was deployed". It is silent on
// effects ("requests were dropped"), finished fixes, how things work, what may or
// should be done, and where an agent is named.
type Passive struct {
	word.Lists
	operations word.Set     // verbs that hide an actor whenever they are passive
	judgments  word.Set     // the same for what only people do: decide, notice, tell
	acts       word.Set     // verbs that do so when a sign of an act stands near
	remedial   word.Set     // of these, those that tell a good end when a purpose follows
	movable    word.Set     // verbs that are operations with a particle: taken down, turned off
	reviews    word.Set     // verbs whose absence hides who left something out: tested, reviewed
	events     word.Set     // operations that the present tense of a timeline tells: "the hub is restarted"
	systems    word.Set     // subjects that do things on their own: an alert is triggered
	remedies   word.Set     // subjects whose being added is the good end of a story
	slips      word.Set     // adverbs of things that nobody meant: accidentally
	victims    word.Set     // subjects to which software does things: users, orders
	automatic  word.Set     // operations that software does to those: rejected, retried
	effects    word.Set     // verbs of what happens rather than of what is done
	background word.Set     // adverbs of what was so before: already, previously
	finishing  word.Set     // verbs that give a remedy its good end: deployed, merged
	notices    word.Set     // what people send, open, file and close: a ticket, an announcement
	wanted     word.Phrases // what goes before a passive that is wanted rather than told: ensure
	outside    word.Phrases // what stands in a clause that tells no act of the incident: by default
}

// PassiveLists are the names of the lists that [NewPassive] reads.
func PassiveLists() []string {
	return []string{"operations", "judgments", "acts", "remedial", "movable", "reviews", "events", "systems", "remedies", "slips", "victims", "automatic", "effects", "notices", "background", "finishing", "wanted", "outside"}
}

// NewPassive makes a judge that reads its lists by name.
func NewPassive(words word.Lists, list func(name string) []string) *Passive {
	set := func(name string) word.Set { return word.NewSet(list(name)) }
	return &Passive{Lists: words, operations: set("operations"), judgments: set("judgments"), acts: set("acts"), remedial: set("remedial"), movable: set("movable"),
		reviews: set("reviews"), events: set("events"), systems: set("systems"), remedies: set("remedies"), slips: set("slips"), victims: set("victims"),
		automatic: set("automatic"), effects: set("effects"), notices: set("notices"), background: set("background"), finishing: set("finishing"), wanted: word.NewPhrases(list("wanted")), outside: word.NewPhrases(list("outside"))}
}

// Find returns the first passive of a sentence that hides an actor. In a timeline
// the present tense tells acts too.
func (k *Passive) Find(s sentence.Sentence, timeline bool) (Group, bool) {
	timeline = timeline || dated(s.Tokens)
	for i := range s.Tokens {
		if g, ok := k.group(s.Tokens, i); ok && k.hidden(s.Tokens, g, timeline) {
			return g, true
		}
	}
	return Group{}, false
}

// hidden reports whether a passive hides who did something.
func (k *Passive) hidden(t []sentence.Token, g Group, told bool) bool {
	verb, noun := t[g.Verb].Norm, head(t, g)
	subject := subjectOf(t, g)
	if k.excused(t, g) || nobody(subject) || verb == "found" && g.Negated {
		return false
	}
	if len(subject) > 0 && subject[0].Norm == "no" && k.operation(verb) && !k.acts[verb] {
		return false
	}
	if !g.Negated && !g.slip && k.suffers(subject, verb, noun, told, g.Verb+1 < len(t) && t[g.Verb+1].Norm == "back") {
		return false
	}
	if k.judgments[verb] || verb == "taken" && g.Verb+2 < len(t) && t[g.Verb+2].Norm == "granted" || (verb == "made" || verb == "taken" || verb == "delayed") && decisions[noun] {
		return !k.received(subject) && (!g.present || (told || k.events[verb]) && !k.general(t, g, told))
	}
	if g.present {
		return (k.events[verb] || told && (k.does(t, g) || k.acts[verb])) && !k.general(t, g, told) || g.slip && k.operation(verb)
	}
	return k.done(t, g, told)
}

// subjectOf returns the words of the subject: those before the auxiliary that
// follow the last conjunction.
func subjectOf(t []sentence.Token, g Group) []sentence.Token {
	start := g.Begin
	for j := g.Be - 1; j >= g.Begin; j-- {
		w := t[j].Norm
		if joins[w] && j < g.Be-1 && (w != "that" && w != "which" || j == 0 || word.Participle(t[j-1].Norm) || said[t[j-1].Norm]) {
			start = j + 1
			break
		}
	}
	return t[start:g.Be]
}

// joins are words after which a subject begins.
var joins = word.NewSet(strings.Fields("before after when once until as and or that which where why how whether if then while than"))

// said are words after which "that" begins what is said rather than which thing
// is meant.
var said = word.NewSet(strings.Fields("is was saw knew said says means shows showed fact realize notice see so suggests confirm confirms ,"))

// excused reports whether the form of a clause says that it tells no act of this
// story, or who acted.
func (k *Passive) excused(t []sentence.Token, g Group) bool {
	switch {
	case g.present && g.Negated, g.perfect && !g.slip && !g.manual, g.before && !g.slip:
		return true
	case g.Past && !g.slip && g.Be > 1 && (t[g.Be-2].Norm == "that" || t[g.Be-2].Norm == "which"):
		return true // "instances that had been stopped"
	case g.Begin > 0 && t[g.Begin].Norm == "where", g.Be > 0 && t[g.Be-1].Norm == "there", slices.ContainsFunc(t[g.Begin:g.Be], func(x sentence.Token) bool { return x.Norm == "any" }):
		return true
	}
	return adjectival(t, g) || habitual(t, g) || k.seenBy(t, g) || k.conditional(t, g) || k.agent(t, g) || k.outsideStory(t, g)
}

// habitual reports whether the clause tells what was done again and again.
func habitual(t []sentence.Token, g Group) bool {
	for _, x := range t[g.Verb+1 : g.end] {
		switch x.Norm {
		case "every", "daily", "hourly", "nightly", "weekly", "monthly", "regularly", "periodically":
			return !g.Negated
		}
	}
	return false
}

// seenBy reports whether the next clause says who noticed: "was detected when an
// engineer received a page".
func (k *Passive) seenBy(t []sentence.Token, g Group) bool {
	if !k.judgments[t[g.Verb].Norm] || g.Negated {
		return false
	}
	for j := g.Verb + 1; j < min(len(t), g.Verb+4); j++ {
		if t[j].Norm == "when" || t[j].Norm == "after" || t[j].Norm == "as" {
			return slices.ContainsFunc(t[j+1:min(len(t), j+5)], func(x sentence.Token) bool { return x.Norm == "we" || x.Norm == "i" || k.People[x.Norm] })
		}
	}
	return false
}

// adjectival reports whether what follows makes the participle an adjective:
// "scheduled to run out", "committed to rewarding".
func adjectival(t []sentence.Token, g Group) bool {
	verb := t[g.Verb].Norm
	if g.Verb+1 < len(t) && verb == "located" {
		return slices.Contains([]string{"in", "at", "on", "under", "within", "near", "inside", "outside"}, t[g.Verb+1].Norm)
	}
	if g.Verb+2 >= len(t) || t[g.Verb+1].Norm != "to" {
		return false
	}
	return verb == "scheduled" || verb == "committed" && strings.HasSuffix(t[g.Verb+2].Norm, "ing")
}

// done judges a passive in the past.
func (k *Passive) done(t []sentence.Token, g Group, told bool) bool {
	verb := t[g.Verb].Norm
	switch {
	case k.does(t, g):
		return true
	case k.acts[verb]:
		return g.Negated && verb != "enabled" && !k.remedial[verb] || g.slip || g.Past || g.signed || told && main(t, g) || verb == "enabled" && main(t, g)
	case k.reviews[verb]:
		return (g.Negated || g.slip) && !k.received(subjectOf(t, g))
	}
	h := head(t, g)
	return (g.slip || g.manual || g.signed || told) && !k.effects[verb] && !g.Negated && !k.victims[h] && !k.People[h]
}

// main reports whether the clause is a main clause, which tells an event rather
// than a state: "the account was enabled", not "because caching was enabled".
func main(t []sentence.Token, g Group) bool {
	for _, x := range t[:g.Be] {
		switch x.Norm {
		case "because", "since", "as", "if", "that", "which", "where", "when", "while", "although", "though", "whether", "how":
			return false
		}
	}
	return !g.Negated && g.Be > g.Begin
}

// does reports whether the verb is an operation, by itself, with its particle or
// with what it is done to.
func (k *Passive) does(t []sentence.Token, g Group) bool {
	verb := t[g.Verb].Norm
	switch {
	case k.operation(verb) || k.movable[verb] && moved(t, g.Verb):
		return true
	case verb == "called":
		return k.People[head(t, g)]
	case verb == "left":
		return leftAs(t, g.Verb+1) && !scarce[head(t, g)]
	case verb == "kept":
		return g.Verb+1 < len(t) && word.Participle(t[g.Verb+1].Norm)
	case verb == "used" || verb == "given" || verb == "chosen":
		return slices.ContainsFunc(t[g.Begin:g.Be], func(x sentence.Token) bool { return x.Norm == "wrong" || x.Norm == "incorrect" })
	case k.acts[verb]:
		return k.notices[head(t, g)] || g.Be-2 >= g.Begin && k.notices[t[g.Be-2].Norm] && upper(t[g.Be-1].Text)
	}
	return false
}

// leftAs reports whether what follows "left" says in which state something was
// left: "left enabled", "left on the old secret".
func leftAs(t []sentence.Token, i int) bool {
	if i >= len(t) || t[i].Kind != sentence.Word {
		return false
	}
	switch w := t[i].Norm; w {
	case "active", "inactive", "idle", "empty", "exposed", "unprotected", "unlocked", "unused", "public", "writable", "stale", "unchanged", "open", "unpatched", "unmonitored", "untouched", "unattended", "unset", "on", "off", "in", "at", "over", "out":
		return true
	default:
		return word.Participle(w) || strings.HasSuffix(w, "ing")
	}
}

// scarce is what is left when it has not been used up.
var scarce = word.NewSet([]string{"space", "room", "time", "memory", "capacity", "nothing", "bytes"})

// prefixes go before operations and make others of them: misapplied, re-enabled.
var prefixes = []string{"re-", "mis-", "de-", "over-", "under-", "pre-", "hot-", "re", "mis", "de", "over", "under"}

// operation reports whether a verb is an operation, or one with a prefix or a
// particle.
func (k *Passive) operation(verb string) bool {
	if k.operations[verb] {
		return true
	}
	if k.effects[verb] || k.judgments[verb] || k.acts[verb] {
		return false
	}
	if stem, _, ok := strings.Cut(verb, "-"); ok && word.Participle(stem) {
		return k.operations[stem] || k.movable[stem]
	}
	for _, p := range prefixes {
		if stem, ok := strings.CutPrefix(verb, p); ok && len(stem) > 3 && k.operations[stem] {
			return true
		}
	}
	return false
}

// suffers reports whether a passive tells what software did to its subject, or
// the good end of a story, rather than what somebody did or decided.
func (k *Passive) suffers(subject []sentence.Token, verb, head string, told, back bool) bool {
	if k.automatic[verb] && (k.systems[head] || k.victims[head]) {
		return true
	}
	return !k.judgments[verb] && !told && !back && k.finishing[verb] && k.has(subject, k.remedies)
}

// purpose reports whether a word after "to" is a verb rather than the beginning
// of a place or a value.
func purpose(t sentence.Token) bool {
	return t.Kind == sentence.Word && !upper(t.Text) && !slices.Contains([]string{"the", "a", "an", "our", "their", "its", "this", "that", "all", "any", "each", "true", "false", "zero", "null", "one", "two", "be"}, t.Norm) &&
		!strings.HasSuffix(t.Norm, "s")
}

// moved reports whether a particle makes the verb at i an operation.
func moved(t []sentence.Token, i int) bool {
	for j := i + 1; j < min(len(t), i+3); j++ {
		switch t[j].Norm {
		case "from", "up", "down", "off", "offline", "online", "live", "over", "back", "aside", "into":
			return true
		case "on", "out", "in":
			return j == i+1
		}
	}
	return false
}

// decisions are what is made or taken when somebody decides.
var decisions = word.NewSet([]string{"decision", "decisions", "call", "choice", "attempt", "attempts", "effort"})

// conditional reports whether the clause is no statement of what happened.
func (k *Passive) conditional(t []sentence.Token, g Group) bool {
	if g.present && t[0].Norm == "when" {
		return true
	}
	for j := range g.Be {
		switch t[j].Norm {
		case "if", "unless", "whether", "whenever":
			if j >= g.Begin || g.present {
				return true
			}
		case "when", "once", "until", "before", "after", "as":
			if j >= g.Begin && g.present {
				return true
			}
		}
	}
	return false
}

// agent reports whether somebody or something is named as the agent, or said to
// have acted on its own.
func (k *Passive) agent(t []sentence.Token, g Group) bool {
	if t[0].Norm == "by" && strings.HasSuffix(t[1].Norm, "ing") {
		return true
	}
	for _, tok := range t[g.Be:g.Verb] {
		if tok.Norm == "automatically" {
			return true
		}
	}
	for j := g.Verb + 1; j < min(len(t), g.Verb+14); j++ {
		switch w := t[j].Norm; {
		case w == ";" || w == "." || w == "(" || w == "," && j > g.Verb+4 || w == "that" || w == "which":
			return false
		case w == "automatically":
			return true
		case (w == "via" || w == "through") && j+1 < len(t) && tools[t[j+1].Norm]:
			return true
		case w == "by" && j+1 < len(t):
			return namesAgent(t[g.Verb].Norm, t[j+1:])
		}
	}
	return false
}

// tools are what acts on its own when something is done through it.
var tools = word.NewSet([]string{"automation", "automations", "script", "scripts", "cron", "pipeline", "ci", "autoscaling", "autoscaler", "gitops"})

// namesAgent reports whether what follows "by" is an agent or a means, rather
// than a time, an amount, an accident or what takes another's place.
func namesAgent(verb string, t []sentence.Token) bool {
	if verb == "replaced" || verb == "followed" || t[0].Kind == sentence.Number {
		return false
	}
	return !slices.Contains([]string{"mistake", "accident", "hand", "then", "default", "design", "about", "more", "up", "half", "that", "end", "error", "chance"}, t[0].Norm)
}

// outsideStory reports whether a phrase in the clause says that the passive tells
// no act of this incident.
func (k *Passive) outsideStory(t []sentence.Token, g Group) bool {
	return k.wanted.In(t[g.Begin:g.Be]) || k.outside.In(t[g.Begin:g.end])
}

// general reports whether a present tense tells what always happens. A line of a
// timeline does so only when it says it.
func (k *Passive) general(t []sentence.Token, g Group, told bool) bool {
	if g.Be > g.Begin && t[g.Be-1].Norm == "it" {
		return false
	}
	if g.Begin > 0 && (t[g.Begin-1].Norm == "since" || t[g.Begin-1].Norm == "because") {
		return true
	}
	for j := g.Begin; j < g.end; j++ {
		switch t[j].Norm {
		case "typically", "usually", "always", "often", "normally", "generally", "sometimes", "whenever":
			return true
		case "every", "each", "any", "never", "only", "when", "if":
			if !told {
				return true
			}
		case "that", "which", "how", "what", "all":
			if j < g.Verb && (!told || j == g.Be-1) {
				return true
			}
		}
	}
	return false
}

// head returns the noun of the subject: "requests", but not the request of "pull
// request"; the orders of "4% of orders in Europe".
func head(t []sentence.Token, g Group) string {
	subject := subjectOf(t, g)
	for i := 1; i < len(subject); i++ {
		if w := subject[i].Norm; ends[w] {
			subject = subject[:i]
		}
	}
	for i := 1; i < len(subject); i++ {
		if subject[i].Norm == "of" && subject[i-1].Kind == sentence.Word && !amounts[subject[i-1].Norm] {
			subject = subject[:i]
		}
	}
	n := len(subject)
	for n > 1 && (subject[n-1].Norm == "had" || subject[n-1].Norm == "not" || subject[n-1].Norm == "has" || subject[n-1].Norm == "have") {
		n--
	}
	if n == 0 || n > 1 && (subject[n-2].Norm == "pull" || subject[n-2].Norm == "merge" || subject[n-2].Norm == "change") {
		return ""
	}
	return subject[n-1].Norm
}

// amounts are words before "of" that only say how much.
var amounts = word.NewSet(strings.Fields("number numbers all some most many few half third thirds quarter majority lot lots thousands hundreds dozens couple part parts rest percent none any each batch pair one two three"))

// ends are words that end the noun of a subject and begin what describes it.
var ends = word.NewSet([]string{"in", "on", "for", "from", "to", "with", "at", "that", "which", "who"})

// received reports whether the subject is the writers themselves, whom somebody
// outside told or asked.
func (k *Passive) received(subject []sentence.Token) bool {
	for i := len(subject) - 1; i >= 0; i-- {
		if w := subject[i].Norm; !k.IsAdverb(w) && w != "had" {
			return w == "we" || w == "i"
		}
	}
	return false
}

func (k *Passive) has(t []sentence.Token, s word.Set) bool {
	return slices.ContainsFunc(t, func(tok sentence.Token) bool { return s[tok.Norm] })
}

// nobody reports whether the subject is nobody or nothing.
func nobody(t []sentence.Token) bool {
	for i, tok := range t {
		switch tok.Norm {
		case "nobody", "nothing", "noone":
			return true
		case "no":
			if i+1 < len(t) && (t[i+1].Norm == "one" || t[i+1].Norm == "users" || t[i+1].Norm == "customers" || t[i+1].Norm == "data" || t[i+1].Norm == "action") {
				return true
			}
		}
	}
	return false
}

// dated reports whether a date or a time opens a sentence, as a line of a timeline.
func dated(tokens []sentence.Token) bool {
	for i, t := range tokens[:min(len(tokens), 6)] {
		if t.Kind == sentence.Number && (i < 4 && strings.Contains(t.Text, ":") || isDate(t.Text) || i > 0 && months[tokens[i-1].Norm]) {
			return true
		}
	}
	return false
}

// isDate reports whether a text has the form of 2020-01-31.
func isDate(s string) bool { return len(s) >= 10 && s[4] == '-' && s[7] == '-' }

var months = word.NewSet(strings.Fields("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec"))

// upper reports whether a word begins with a capital letter.
func upper(s string) bool {
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(c)
}
