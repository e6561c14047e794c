// Package speech reads what people write in an incident channel with a fixed
// grammar: is it a question, a hypothesis, a decision, an action, the all-clear,
// or talk about lunch?
//
// It works on one message at a time, with no model and no learning: classes of
// phrases, tried in a fixed order, the first that fits wins. Whoever reads a
// wrong answer can find the phrase that caused it.
package speech

import (
	"regexp"
	"strings"
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
	About   string  // for RuledOut: what is ruled out, as written; may be empty
}

// Clock is a time of day named in a text, without date and zone.
type Clock struct {
	Hour, Minute, Second int
	HasSecond            bool
	Since                bool // "since", "from", "as of": a state began then
}

// Grammar reads messages. It is safe for concurrent use; make one with [New].
type Grammar struct {
	social, question, hypothesis, ruledOut, taken, report, failing, decision, action,
	improve, allClear, communication, vendor, cause, restated, fact, clock, about, ops, refuse *regexp.Regexp
	notYet *regexp.Regexp
}

// New compiles the grammar.
func New() *Grammar {
	return &Grammar{
		social:        words(socialWords),
		question:      regexp.MustCompile(`(?i)\?\s*(?:$|[^\w])|^(?:who|what|why|when|where|how|is|are|was|does|do|did|can|could|should|shall|would|has|have|any(?:one|body)?)\b[^.]*\?`),
		hypothesis:    phrases(hypothesisPhrases),
		ruledOut:      phrases(ruledOutPhrases),
		taken:         phrases(takenPhrases),
		report:        phrases(reportPhrases),
		failing:       phrases(failingPhrases),
		decision:      phrases(decisionPhrases),
		action:        phrases(actionPhrases),
		improve:       phrases(improvePhrases),
		allClear:      phrases(allClearPhrases),
		communication: phrases(communicationPhrases),
		vendor:        phrases(vendorPhrases),
		cause:         phrases(causePhrases),
		restated:      phrases(restatedPhrases),
		refuse:        phrases(refusePhrases),
		notYet:        phrases(notYetPhrases),
		ops:           words(opsWords),
		fact:          regexp.MustCompile(`(?i)\b\d+(?:\.\d+)?\s?(?:%|percent|ms|s|sec|seconds?|min(?:ute)?s?|h|hours?|[kmgt]i?b|rps|qps|req|requests?|errors?|tickets?|customers?|users?|pods?|nodes?|replicas?|workers?|connections?|messages?|jobs?|million|thousand|k)\b|\b\d+(?:\.\d+)?%|\b[45]\d\d\b|\b[45]xx\b|\bv?\d+\.\d+(?:\.\d+)?\b|\b\d+ (?:of|out of|/) ?\d+\b|\b(?:all|every|none|no) (?:of )?(?:the )?\w+`),
		clock:         regexp.MustCompile(`(?i)(?:\b(since|from|as of|starting|began|begins|beginning|started)\s+(?:at\s+|about\s+|around\s+|roughly\s+|~\s*)?)?\b([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?\b`),
		about:         regexp.MustCompile(`(?i)(?:it is not|it's not|its not|not|isn't|is not|ruling out|ruled out|rule out|unrelated to|nothing to do with)\s+(?:the\s+|an?\s+|our\s+)?([\w.\-/]+)`),
	}
}

// Read says what a message does. text is plain: mentions and links already
// replaced by names.
func (g *Grammar) Read(text string) Reading {
	t := normal(text)
	r := Reading{
		Facts:   len(g.fact.FindAllStringIndex(t, -1)),
		Clocks:  g.clocks(t),
		Improve: g.improve.MatchString(t) && !g.notYet.MatchString(t),
		Failing: g.failing.MatchString(t),
	}
	r.Act = g.act(t, r)
	if r.Act == RuledOut {
		if m := g.about.FindStringSubmatch(t); m != nil {
			r.About = strings.TrimRight(m[1], ".,")
		}
	}
	return r
}

func (g *Grammar) act(t string, r Reading) Act {
	asks := g.question.MatchString(t) && !strings.ContainsAny(strings.TrimSuffix(strings.TrimSpace(t), "?"), ".;") || strings.HasSuffix(strings.TrimSpace(t), "?")
	over := g.allClear.MatchString(t) && !g.notYet.MatchString(t)
	switch {
	case g.social.MatchString(t):
		return Social
	case g.restated.MatchString(t):
		return Restated
	case asks && g.hypothesis.MatchString(t):
		return Hypothesis
	case asks:
		return Question
	case g.cause.MatchString(t) && !g.decision.MatchString(t):
		return Cause
	case g.vendor.MatchString(t):
		return Vendor
	case g.communication.MatchString(t):
		return Communication
	case over:
		return AllClear
	case g.ruledOut.MatchString(t):
		return RuledOut
	case g.decision.MatchString(t):
		return Decision
	case g.refuse.MatchString(t):
		return Decision
	case r.Improve:
		return Mitigation
	case g.action.MatchString(t):
		return Action
	case g.hypothesis.MatchString(t) && !r.Failing:
		return Hypothesis
	case g.report.MatchString(t):
		return Report
	case r.Failing || r.Facts > 0 && g.ops.MatchString(t):
		return Observation
	case g.hypothesis.MatchString(t):
		return Hypothesis
	case g.taken.MatchString(t):
		return Taken
	}
	return Other
}

// OnTopic reports whether a text speaks of running software at all.
func (g *Grammar) OnTopic(text string) bool {
	t := normal(text)
	return !g.social.MatchString(t) && (g.ops.MatchString(t) || g.failing.MatchString(t))
}

func (g *Grammar) clocks(t string) []Clock {
	var out []Clock
	for _, m := range g.clock.FindAllStringSubmatch(t, -1) {
		out = append(out, Clock{
			Hour: atoi(m[2]), Minute: atoi(m[3]), Second: atoi(m[4]),
			HasSecond: m[4] != "", Since: m[1] != "",
		})
	}
	return out
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// normal folds typographic quotes, so that phrases need one spelling only.
func normal(s string) string {
	return strings.NewReplacer("\u2019", "'", "\u2018", "'", "\u201c", `"`, "\u201d", `"`, "\n", " ").Replace(s)
}

func words(list string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.Join(strings.Fields(list), "|") + `)\b`)
}

func phrases(list string) *regexp.Regexp {
	var alts []string
	for _, line := range strings.Split(list, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			alts = append(alts, line)
		}
	}
	return regexp.MustCompile(`(?i)(?:` + strings.Join(alts, "|") + `)`)
}
