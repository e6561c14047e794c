// Package speech reads what people write in an incident channel with a fixed
// grammar: is it a question, a hypothesis, a decision, an action, the all-clear,
// or talk about lunch?
//
// It works on one message at a time, with no model and no learning: classes of
// phrases, tried in a fixed order, the first that fits wins. Whoever reads a
// wrong answer can find the phrase that caused it.
package speech

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/moment"
)

// Act is what a message does.
type Act string

// The acts, from no bearing on the incident to its end.
const (
	Other         Act = "other"
	Social        Act = "social"        // everyday talk, jokes about the incident included
	Question      Act = "question"      // asks for a fact or an opinion
	Hypothesis    Act = "hypothesis"    // offers a possible cause
	RuledOut      Act = "ruled-out"     // says that something is not the cause
	Taken         Act = "taken"         // the writer takes the incident up
	Report        Act = "report"        // passes on what users experience
	Observation   Act = "observation"   // states a fact about the system
	Decision      Act = "decision"      // chooses what to do, or not to do
	Action        Act = "action"        // says what was or is being done
	Mitigation    Act = "mitigation"    // says that the impact falls
	AllClear      Act = "all-clear"     // says that it is over
	Communication Act = "communication" // says what users or stakeholders were told
	Vendor        Act = "vendor"        // passes on what another company says
	Cause         Act = "cause"         // says what was found out afterwards
	Restated      Act = "restated"      // repeats a known fact for the record
)

// Reading is what one message says.
type Reading struct {
	Act     Act
	Facts   int     // hard elements: numbers with units, codes, versions, names of failures
	Clocks  []Clock // times of day named in the text, in order
	Improve bool    // says that something got better, whatever the act
	Failing bool    // says that something fails
	Ongoing bool    // for Action: says that it is being done, not that it was
	Relapse bool    // says that it is not better, or bad again
	Over    bool    // for AllClear: declares the end, rather than that things are fine
	Implied bool    // for Over: by where it stands alone, not by its words
	Hushed  bool    // for Social: only because it shares no word with anything else
	Reeled  bool    // for Social: said again and again, the same but for figures
	Finding bool    // for Observation: stands where people tell what they found
	About   string  // for RuledOut: what is ruled out, as written; may be empty
}

// Clock is a time named in a text.
type Clock struct {
	moment.Expr
	Act Act // of the clause that names it
}

// Grammar reads messages. It is safe for concurrent use; make one with [New].
type Grammar struct {
	domain func(word string) bool
	hypothesis, ruledOut, taken, report, failing, decision, action, improve, allClear, communication, vendor, cause, restated, refuse,
	notYet, imperative, over, relapse, own, ongoing, done, begins, plans, passive, suffers, leisure, stirs *class
	social, question, fact, about, ops, falling, goodNoun, loose *lazyregexp.Regexp
}

// New returns the grammar.
func New() *Grammar {
	return &Grammar{
		social:        words(socialWords),
		leisure:       newClass(`\b(?:` + strings.Join(strings.Fields(socialWords), ")\\b\n\\b(?:") + `)\b`),
		question:      lazyregexp.New(`(?i)^(?:who|what|why|where|when is|how (?:do|does|did|is|are|was|many|much|long|come)|should (?:i|we)|shall (?:i|we)|can (?:somebody|someone|anyone|anybody|we|you)|could (?:somebody|someone|anyone|you)|anyone know|does any(?:one|body)|any(?:one|body)) .*`),
		hypothesis:    newClass(hypothesisPhrases),
		ruledOut:      newClass(ruledOutPhrases),
		taken:         newClass(takenPhrases),
		report:        newClass(reportPhrases),
		failing:       newClass(failingPhrases),
		decision:      newClass(decisionPhrases),
		action:        newClass(actionPhrases),
		improve:       newClass(improvePhrases),
		allClear:      newClass(allClearPhrases),
		communication: newClass(communicationPhrases),
		vendor:        newClass(vendorPhrases),
		cause:         newClass(causePhrases),
		restated:      newClass(restatedPhrases),
		refuse:        newClass(refusePhrases),
		notYet:        newClass(notYetPhrases),
		over:          newClass(overPhrases),
		relapse:       newClass(relapsePhrases),
		falling:       phrases(fallingPhrases),
		own:           newClass(ownPhrases),
		suffers:       newClass(`\b(?:is|are|was|were) {fill}(?:{past}|{loose})\b`),
		loose:         phrases(`(?:^|[,.;:] *|\b(?:i|we|i've|i have|we've|we have|i'm|we're|just|then|now|done|have|ok|okay|yes|and) ){fill}(?:{loose})\b`),
		stirs:         newClass(`\b(?:{loose})\b`),
		plans:         newClass(`\b(?:let's|lets|let us|we'll|i'll|we will|going to|gonna)\s+{fill}(?:{base}|{choose})\b`),
		passive:       newClass(`\b(?:gets?|getting|got|being|been)\s+{fill}(?:{past}|{loose})\b`),
		begins:        newClass(`^(?:(?:yes|yep|ok|okay|sure|right|then|so|now)[, ]+)*(?:{ing}|{looseing})\b`),
		ongoing:       newClass(`(?:^|[,.;:] *|\b(?:so|then|ok|okay|and|yes) )i {fill}(?:{base})\b` + "\n" + `\b(?:{ing})\b` + "\n" + `(?:^|[,.;:] *|\b(?:i|we|i'm|we're|just|then|now|ok|okay|yes) ){fill}(?:{looseing})\b` + "\n" + `\b(?:shipping|doing|starting|kicking off) (?:it|this|the|a)\b`),
		done:          newClass(`\b(?:{past})\b` + "\n" + `\b(?:done|finished|complete[d]?)\b`),
		goodNoun:      lazyregexp.New(`(?i)^(?:` + strings.Join(strings.Fields(goodNouns), "|") + `)$`),
		imperative:    newClass(`^(?:ok(?:ay)?|yes|yep|right|then|so|now|please|go|alright)?[,.: ]*(?:{base})\b`),
		ops:           words(opsWords),
		fact:          lazyregexp.New(`(?i)\b\d+(?:[.,]\d+)?\s?(?:(?:open|active|idle|failed|stuck|busy|pending|dead|new|old|free) )?(?:%|percent|ms|s|sec|seconds?|min(?:ute)?s?|h|hours?|[kmgt]i?b|rps|qps|req|requests?|errors?|tickets?|customers?|users?|pods?|nodes?|replicas?|workers?|connections?|messages?|jobs?|million|thousand|k|[gt])\b|\b\d+(?:\.\d+)?%|\b[45]\d\d\b|\b[45]xx\b|\bv?\d+\.\d+(?:\.\d+)?\b|\b\d+ (?:of|out of|/) ?\d+\b|\b(?:all|every|none|no) (?:of )?(?:the )?\w+`),
		about:         lazyregexp.New(`(?i)(?:it is not|it's not|its not|not|isn't|is not|ruling out|ruled out|rule out|unrelated to|nothing to do with)\s+(?:the\s+|an?\s+|our\s+)?([\w.\-/]+)`),
	}
}

// Read says what a message does. text is plain: mentions and links already
// replaced by names.
func (g *Grammar) Read(text string) Reading {
	t := normal(text)
	r := Reading{
		Facts:   len(g.fact.FindAllStringIndex(t, -1)),
		Improve: g.improves(t),
		Failing: g.fails(t),
		Relapse: g.relapse.MatchString(t),
	}
	r.Act = g.act(t, r)
	r.Clocks = g.clocks(t, r.Act)
	r.Ongoing = r.Act == Action && (g.ongoing.MatchString(t) && !g.done.MatchString(t) || underway.MatchString(t))
	r.Over = r.Act == AllClear && g.over.MatchString(lasting.ReplaceAllString(t, ""))
	if r.Act == RuledOut {
		if m := g.about.FindStringSubmatch(t); m != nil {
			r.About = strings.TrimRight(m[1], ".,")
		}
	}
	return r
}

// act says what a whole message does. Questions that offer a cause are
// hypotheses; other questions count only when nothing else is said. r holds what
// is already known of the text.
func (g *Grammar) act(t string, r Reading) Act {
	if t == "" {
		return Other
	}
	if g.everyday(t) && !outright.MatchString(t) && !g.takes(t) && !g.report.MatchString(t) && !(number.MatchString(t) && g.communication.MatchString(t)) && !(g.declares(t) && trouble.MatchString(t)) && !g.declaresBeside(t) || g.own.MatchString(t) {
		return Social
	}
	if g.restated.MatchString(t) {
		return Restated
	}
	asked, told := g.sentences(t)
	switch {
	case postponed.MatchString(told) && !g.decision.MatchString(told):
		return Other
	case told != "" && attention.MatchString(asked) && g.report.MatchString(told):
		return Report
	case agrees.MatchString(asked):
		return g.says(t, r.Failing, r.Improve)
	case asked != "" && g.hypothesis.MatchString(t) && !asking.MatchString(asked) && !g.cause.MatchString(told) && !g.ruledOut.MatchString(told):
		return Hypothesis
	case told == "" && g.taken.MatchString(clause.FindString(t)) && !g.failing.MatchString(t):
		return Taken
	case told == "":
		return Question
	}
	var act Act
	if told == t {
		act = g.says(t, r.Failing, r.Improve)
	} else {
		act = g.states(told)
	}
	if asked != "" && (act == Other || act == Observation && !g.failing.MatchString(told)) {
		return Question
	}
	return act
}

// takes reports whether a text of several sentences begins with taking something up,
// whatever somebody must finish before.
func (g *Grammar) takes(t string) bool {
	first := sentence.FindString(t)
	return len(first) < len(t) && len(strings.Fields(first)) <= wordy && g.taken.MatchString(first) && !g.everyday(first)
}

// outright is what nobody says of everyday things, attention how people ask whether
// somebody looks at what they report, and postponed how they leave for later what is
// not needed now.
var (
	outright  = lazyregexp.New(`(?i)\b(?:ruled|ruling|rule) (?:\S+ )?out\b|\broot cause\b|\bstatus ?page\b`)
	attention = lazyregexp.New(`(?i)\b(?:is|are|can|could|does|has) (?:any(?:one|body)|some(?:one|body)|you|we) (?:\w+ )?(?:look\w*|aware|check\w*|on (?:it|this)|know\w*|see\w*|help|work\w*|awake|there|around|investigat\w*)\b|\bany(?:one|body) (?:looking|there|around|aware|on (?:it|this)|awake)\b|\bknown\b|\baware\b`)
	postponed = lazyregexp.New(`(?i)\b(?:can|could|should|may|will|that|it) (?:\w+ )?(?:wait|be done|follow|happen)(?: \w+)? (?:until|till|for|on|next|after|tomorrow|later|monday)\b|\b(?:can|that|it) (?:all )?waits? (?:until|till) (?:tomorrow|later|monday|next|the morning|office)\b|\b(?:nothing|not|isn't) (?:\S+ ){0,3}urgent\b|\bno (?:rush|hurry)\b`)
)

// asking begins a question that seeks a fact rather than offers a cause.
var asking = lazyregexp.New(`(?i)^(?:who|what (?:changed|happened|is|are|was|does|do)|when|which|how|where)\b`)

// agrees is a question that only seeks assent to what was decided.
var agrees = lazyregexp.New(`(?i)\b(?:agreed|objections?|ok(?:ay)?(?: with everyone)?|alright|any concerns|thoughts|good)\s*\?`)

// sentences divides a text into its questions and the rest.
func (g *Grammar) sentences(t string) (asked, told string) {
	for _, s := range sentence.FindAllString(t, -1) {
		s = strings.TrimSpace(s)
		if Echoes(s) {
			continue
		}
		if !strings.HasSuffix(s, "?") && !g.question.MatchString(s) {
			told = strings.TrimSpace(told + " " + s)
			continue
		}
		if m := tag.FindStringSubmatch(s); m != nil {
			told, s = strings.TrimSpace(told+" "+m[1]), m[2]
		}
		asked = strings.TrimSpace(asked + " " + s)
	}
	return asked, told
}

// Echoes reports whether a question only repeats a moment, of which what follows it tells:
// "half past three UTC?".
func Echoes(s string) bool {
	return strings.HasSuffix(s, "?") && strings.Count(s, " ") <= 3 && len(moment.Find(strings.ToLower(s))) > 0
}

// tag is a question that is hung on to a statement of some length.
var tag = lazyregexp.New(`(?i)^((?:\S+ ){3,}\S+),? *[,\-–] *((?:is|are|was|were|do|does|did|can|could|should|would|any(?:one|body)?|some(?:one|body)|who|what|why|or|right|related|correct|ok|you|also|same|isn't|wasn't|want|shall|maybe)\b.*\?)$`)

var sentence = lazyregexp.New(`(?:[^.?!;]|[.?!;][^\s])+[.?!;]*`)

// states says what a text without questions does.
func (g *Grammar) states(t string) Act {
	return g.says(t, g.fails(t), g.improves(t))
}

// says is [Grammar.states] for a text of which it is known whether it tells of a
// failure or that something improves.
func (g *Grammar) says(t string, failing, improves bool) Act {
	t = received.ReplaceAllString(promise.ReplaceAllString(t, ""), " reply ")
	over := g.declares(t)
	switch {
	case denies.MatchString(t):
		return RuledOut
	case over && !found.MatchString(t):
		return AllClear
	case g.cause.MatchString(t) && !g.decision.MatchString(t) && !unconnected.MatchString(t) && !whether.MatchString(t):
		return Cause
	case over:
		return AllClear
	case g.vendor.MatchString(t):
		return Vendor
	case g.plans.MatchString(t) && !page.MatchString(t) && !g.taken.MatchString(t):
		return Decision
	case g.communication.MatchString(t):
		return Communication
	case g.ruledOut.MatchString(emptied.ReplaceAllString(t, "")) && !emphatic.MatchString(t) && !g.decision.MatchString(t) && !g.refuse.MatchString(t) && !g.begins.MatchString(t) && !(failing && g.leads(t)):
		return RuledOut
	case g.allClear.MatchString(t) && !g.notYet.MatchString(t) && !failing:
		return AllClear
	case g.refuse.MatchString(t):
		return Decision
	case g.taken.MatchString(t) && (!failing || !g.fact.MatchString(t) && len(strings.Fields(t)) <= wordy) && !improves && !g.directs(t):
		return Taken
	case g.decision.MatchString(t) || g.commands(t) || g.intends(t) || g.chooses(t):
		return Decision
	case improves:
		return Mitigation
	case g.report.MatchString(t):
		return Report
	case g.hypothesis.MatchString(t) && (!failing || guess.MatchString(t)) && !remedy.MatchString(t):
		return Hypothesis
	case underway.MatchString(t) && !failing:
		return Action
	case (g.action.MatchString(t) || g.does(t) || g.did(t)) && !seems.MatchString(t) && !g.passive.MatchString(t) && !(failing && g.suffers.MatchString(t)):
		return Action
	case failing || g.trend(t) > 0 || g.fact.MatchString(t) || g.ops.MatchString(t) && len(strings.Fields(t)) > 3:
		return Observation
	case g.hypothesis.MatchString(t):
		return Hypothesis
	}
	return Other
}

// promise is how people say that they will go on to tell others, which decides nothing.
var promise = lazyregexp.New(`(?i)(?:\b(?:we|i)(?:'ll| will)? )?\bkeep(?:ing)? (?:you|everyone|everybody|them|all|people|the \w+) (?:posted|updated|informed|in the loop)\b[^.!?]*`)

// received is the acknowledgement that one system sends another, which nobody takes up.
var received = lazyregexp.New(`(?i)\b(?:the |an? |no |any |every |each )?(?:(?:first|second|last|next|missing|positive|negative|application) )?acks? (?:from|is|are|was|were|came|comes|arriv\w+|missing|messages?|codes?|timeouts?)\b`)

// remedy is how people say that what helps was rolled out, which is no suspect for that.
var remedy = lazyregexp.New(`(?i)^(?:the |our |my )?(?:revert|roll-?back|(?:hot)?fix|patch|workaround) (?:went (?:out|live)|was (?:deployed|released|shipped)|deployed|released|shipped|landed)\b[^?]*$`)

// wordy is how many words somebody has at most who takes something up, and does
// not tell what fails.
const wordy = 9

// unconnected is how somebody says of their own change that it is not the cause.
var unconnected = lazyregexp.New(`(?i)\bno (?:\w+ )?(?:connection|relation|link)\b|\bnothing to do\b|\b(?:isn't|not|wasn't) (?:connected|related|it|that)\b|\bcan(?:'t|not) be\b`)

// emphatic is how people say that there is nothing left of something.
var emphatic = lazyregexp.New(`(?i)\bnot (?:a|one) (?:single |solitary |lonely )?(?:byte|bit|block|inode|row|record|message|packet|request|query|order|payment|job|event|connection|socket|thread|slot|login|session|user|customer|call|mail|file|pod|worker|node|replica|host|machine|one)\b|\bnot a single\b`)

// number is in what is told of how many were told.
var number = lazyregexp.New(`\d`)

// trouble is what only an incident is called.
var trouble = lazyregexp.New(`(?i)\b(?:incident|outage|bridge|war ?room|we(?:'re| are) done)\b`)

// denies begins what takes something off the list; found is how a cause is told.
var (
	denies = lazyregexp.New(`(?i)^(?:i )?doubt (?:it|that)[,.:;]|^not (?:the |our |an? )?(?:database|db|network|dns|deploy\w*|release|migration|cache|cdn|proxy|load ?balancer|lb|config\w*|flag|traffic|cluster|nodes?|queue|disk|memory|cpu|vendor|firewall|cert\w*|app|code|us|ours|\w+-[\w\-]+),|^no (?:\w+ )?(?:deploys?|releases?|changes?|rollouts?|commits?|merges?|migrations?|maintenance)\b`)
	found  = lazyregexp.New(`(?i)\b(?:found|turns out|because|caused|root cause|reason|culprit)\b`)
)

// whether is how somebody asks others to look into a suspicion.
var whether = lazyregexp.New(`(?i)\b(?:if|whether) (?:that|this|it)(?:'?s| is| was| could)\b`)

// directs reports whether a text of some length that also says who takes it up
// tells what to do.
func (g *Grammar) directs(t string) bool {
	n := len(strings.Fields(t))
	return n > 8 && g.decision.MatchString(t) || n > 3 && g.commands(t)
}

// OnTopic reports whether a text speaks of running software at all.
func (g *Grammar) OnTopic(text string) bool {
	t := normal(text)
	return !g.everyday(t) && (g.ops.MatchString(t) || g.failing.MatchString(t))
}

// Within returns the grammar for an incident whose evidence uses words in a
// sense of its own: a party that waits in a lobby is no small talk there.
func (g *Grammar) Within(domain func(word string) bool) *Grammar {
	out := *g
	out.domain = domain
	return &out
}

// Domain returns which words the evidence uses in a sense of its own; nil when
// none is known.
func (g *Grammar) Domain() func(word string) bool { return g.domain }

// everyday reports whether a text speaks of everyday things that the evidence
// does not speak of.
func (g *Grammar) everyday(t string) bool {
	if !g.leisure.MatchString(t) {
		return false
	}
	for _, w := range g.social.FindAllString(daytime.ReplaceAllString(t, " "), -1) {
		if g.domain == nil || !g.domain(strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// daytime are parts of the day and the year by what people do then.
var daytime = lazyregexp.New(`(?i)\b(?:since|before|after|around|until|till|over|during|at|by) (?:the )?(?:lunch|breakfast|dinner|tea|weekend|holidays?|christmas|easter|stand-?up)(?:[- ]?time)?\b`)

// clocks finds the times in a text. Each gets the act of the clause it stands in, or
// the message's when the clause says nothing by itself.
func (g *Grammar) clocks(t string, whole Act) []Clock {
	found := moment.Find(t)
	if len(found) == 0 {
		return nil
	}
	out := make([]Clock, 0, len(found))
	clauses := clause.FindAllStringIndex(t, -1)
	for _, e := range found {
		act := whole
		for _, c := range clauses {
			if e.Start >= c[0] && e.Start < c[1] {
				act = g.states(t[c[0]:c[1]])
				break
			}
		}
		if act == Other {
			act = whole
		}
		out = append(out, Clock{Expr: e, Act: act})
	}
	return out
}

var clause = lazyregexp.New(`(?:[^.,;!]|[.,;!][^\s])+[.,;!]*`)

// normal folds typographic quotes, so that phrases need one spelling only, and
// drops the codes of emoji, save the eyes that say that somebody looks.
func normal(s string) string {
	s = strings.NewReplacer("\u2019", "'", "\u2018", "'", "\u201c", `"`, "\u201d", `"`, "\n", " ", ":eyes:", "looking", "👀", "looking").Replace(s)
	s = quoted.ReplaceAllString(s, " code ")
	s = link.ReplaceAllString(s, " link ")
	s = compound.ReplaceAllString(s, "${1}_${2}")
	s = addressed.ReplaceAllString(strings.TrimSpace(s), "")
	s = free.ReplaceAllString(s, "success")
	s = negation.ReplaceAllString(emoji.ReplaceAllString(s, " "), "${1}n't")
	return strings.TrimSpace(aint.ReplaceAllString(s, "isn't"))
}

// What is pasted is not what somebody says, and people leave the apostrophe out.
var (
	quoted = lazyregexp.New("```[^`]*(?:```|$)")
	// compound is a word that begins with a particle: "down-after".
	compound = lazyregexp.New(`(?i)\b(down|back|out|over|off)-([a-z])`)
	// free is what nothing goes wrong with: "crash-free sessions".
	free      = lazyregexp.New(`(?i)\b(?:crash|error|fault|failure|incident)[- ]free\b`)
	addressed = lazyregexp.New(`^(?:@[\w.\-]+[,:]? +)+`)
	link      = lazyregexp.New(`https?://\S+`)
	negation  = lazyregexp.New(`(?i)\b(did|does|do|is|are|was|were|has|have|had|would|could|should|ca|wo)nt\b`)
	aint      = lazyregexp.New(`(?i)\bain'?t\b`)
)

var emoji = lazyregexp.New(`:[a-z][a-z0-9_+\-]*:|:[+\-]1:`)

func words(list string) *lazyregexp.Regexp {
	return lazyregexp.New(`(?i)\b(?:` + strings.Join(strings.Fields(list), "|") + `)\b`)
}

// phrases returns a phrase class, which is compiled when it is needed.
func phrases(list string) *lazyregexp.Regexp {
	return lazyregexp.From(func() string { return `(?i)(?:` + strings.Join(alternatives(list), "|") + `)` })
}

// alternatives returns the phrases of a list with the forms of verbs filled in.
func alternatives(list string) []string {
	base, ing, past := forms(changeVerbs)
	base2, ing2, past2 := forms(looseVerbs)
	list = strings.NewReplacer("{base}", base+"|"+base2, "{ing}", ing, "{past}", past, "{loose}", past2+"|"+ing2, "{looseing}", ing2, "{choose}", chooseVerbs, "{good}", goodWords,
		"{fill}", `(?:(?:just|now|then|first|please|all|also|better|try to|simply|quickly|manually|for now) )*`).Replace(list)
	var alts []string
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" {
			alts = append(alts, line)
		}
	}
	return alts
}
