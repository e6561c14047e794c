// Package gist tells what a message does from how its sentences are built: who
// does what, when, and whether it is said to be so, to be wanted or to be
// possible.
//
// It knows the closed words of the language and a lexicon of verbs and states by
// class, in all their forms. A verb that it does not know counts as a deed when
// it stands where only a deed can stand, so that new words for changing things
// need no new rule. What a [Gist] holds are weights of evidence, not verdicts:
// where a message stands in the conversation decides with them.
package gist

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Gist is what the build of a message's sentences says, each as a weight: 0 for
// not at all, 1 for what one clear sign says.
type Gist struct {
	Words   int
	Asks    float64 // share of the text that asks
	Guesses float64 // holds something possible
	Plans   float64 // says what is to be done
	Did     float64 // says what people did to something
	Told    float64 // says that people outside were told something
	Takes   float64 // says that the writer turns to it
	Bad     float64 // says that something does not work
	Nots    float64 // says that something is not, which may be good or bad
	Good    float64 // says that something works
	Ends    float64 // says that something is over
	Denies  float64 // takes something off the list
	Finds   float64 // says how something came about
	Figures int     // numbers and codes
	Idle    float64 // speaks of everyday things
}

var (
	sentences = lazyregexp.New(`(?:[^.?!;\n]|[.?!;]+[^\s.?!;])+[.?!;]*`)
	clauses   = lazyregexp.New(`(?:[^,:]|[,:][^\s])+`)
	consults  = lazyregexp.New(`(?i)(?:^|[.,;:!)\-] *)(?:\w+ )?(?:ok|okay|agreed|objections|concerns|alright|fine|good|yes|right|deal|thoughts|everyone|opinions)(?: \w+)?\?[\s?]*$`)
	tokens    = lazyregexp.New(`[\p{L}\d][\p{L}\d'’_.\-/%]*[\p{L}\d%']|[\p{L}\d]%?|\+1|->|→`)
)

// Read returns the gist of a text in which links and mentions are names. domain
// reports which words the evidence uses in a sense of its own: a party that waits
// in a lobby is no everyday talk there; it may be nil.
func Read(text string, domain func(word string) bool) Gist {
	var g Gist
	asked := 0
	text = strings.NewReplacer("’", "'", " & ", " and ", " - ", ", ", " – ", ", ", " — ", ", ", "(", ", ", ")", ", ", "n't", "n't").Replace(text)
	for _, s := range sentences.FindAllString(text, -1) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		n := len(strings.Fields(s))
		g.Words += n
		if strings.HasSuffix(s, "?") {
			asked += n
		}
		idle := g.Idle
		for i, c := range clauses.FindAllString(s, -1) {
			c := clause{domain: domain, words: parse(c), asked: strings.HasSuffix(s, "?"), first: i == 0, whole: n}
			c.weigh(&g)
		}
		if idle == 0 && g.Idle > 0 && n > 3 {
			g.Idle += 0.5
		}
	}
	if g.Words > 0 {
		g.Asks = float64(asked) / float64(g.Words)
	}
	if strings.HasSuffix(strings.TrimSpace(text), "?") && !consults.MatchString(text) {
		g.Asks = max(g.Asks, 0.5)
	}
	return g
}

func parse(s string) []word {
	t := lexicon()
	var out []word
	for _, w := range tokens.FindAllString(s, -1) {
		out = append(out, t.look(strings.ToLower(strings.Trim(w, ".'-"))))
	}
	return out
}

// clause is a part of a sentence between commas.
type clause struct {
	domain func(string) bool
	words  []word
	asked  bool // its sentence is a question
	first  bool // begins its sentence
	whole  int  // words of its sentence
}

func (c clause) weigh(g *Gist) {
	if len(c.words) == 0 {
		return
	}
	c.states(g)
	c.deeds(g)
	c.telling(g)
	c.turning(g)
	c.wondering(g)
}

// at returns the i-th word, the zero word outside.
func (c clause) at(i int) word {
	if i < 0 || i >= len(c.words) {
		return word{}
	}
	return c.words[i]
}

// head returns the index of the first word that is no filler.
func (c clause) head() int {
	for i, w := range c.words {
		if !w.is(filler) || w.known && !w.is(negates) && i > 0 && !closed[w.text] {
			return i
		}
	}
	return len(c.words)
}

// negated reports whether one of the three words before the i-th denies it.
func (c clause) negated(i int) bool {
	for k := max(0, i-4); k < i; k++ {
		if w := c.at(k); w.is(negates) || strings.HasSuffix(w.text, "n't") {
			return w.text != "only"
		}
	}
	return false
}

// states weighs what works and what does not.
func (c clause) states(g *Gist) {
	for i, w := range c.words {
		if w.digit {
			g.Figures++
		}
		if w.is(leisure) && (c.domain == nil || !c.domain(w.text)) {
			g.Idle++
		}
		if w.is(guesses) {
			g.Guesses += 0.5
		}
		if w.is(because) {
			g.Finds += 0.5
		}
		if w.is(ends) {
			g.Ends += 0.7
		}
		switch {
		case w.is(fails) && (c.negated(i) || c.ceasing(i+1) || c.ceasing(i+2) && c.at(i+1).is(be|have)):
			g.Good += 0.7
		case w.is(works) && c.negated(i):
			g.Bad++
		case w.is(fails) && w.is(works):
		case w.is(fails):
			g.Bad += 0.7
		case w.is(works):
			g.Good += 0.6
		}
		if (w.is(negates) || strings.HasSuffix(w.text, "n't")) && !w.is(fails) && i+1 < len(c.words) && !c.at(i+1).is(fails) {
			g.Nots++
			g.Denies += 0.4
		}
	}
}

// ceases are verbs that take back what the word before says.
var ceases = set("stop cease end vanish disappear fall drop shrink clear subside ease")

// ceasing reports whether the i-th word takes back what stands before it.
func (c clause) ceasing(i int) bool {
	return ceases[c.at(i).base] || (c.at(i).base == "go" || c.at(i).base == "come") && c.at(i+1).text == "down"
}

// seen are what one takes or opens in order to look at it: that is no deed.
var seen = set("trace traces log logs dump dumps graph graphs profile profiles dashboard metrics capture pcap history diff flamegraph screenshot heap")

// looksAt reports whether one of the next three words is what one looks at.
func (c clause) looksAt(i int) bool {
	return seen[c.at(i).text] || seen[c.at(i+1).text] || seen[c.at(i+2).text]
}

// deed returns the index of the verb of a deed at or after i within n words that
// are fillers or closed, and whether there is one. base asks for a base form.
func (c clause) deed(i, n int, want form) (int, bool) {
	for k := i; k < min(i+n, len(c.words)); k++ {
		w := c.words[k]
		if w.form == want || want == past && w.both {
			switch {
			case w.base == "give" && (c.at(k+1).text == "me" || c.at(k+1).text == "us"):
				return 0, false
			case w.is(looks) || w.is(tells) && !w.is(mutates) || w.is(feels) && !w.is(mutates):
				return 0, false
			case want == past && c.looksAt(k+1):
				return 0, false
			case w.is(mutates | waits):
				return k, true
			case !closed[w.text] && !w.is(fails|works|filler|be|have|modal|pronoun) && (want == past && c.object(k+1) || want != past && !w.digit && (c.at(k+1).is(article) || strings.HasSuffix(c.at(k+1).text, "'s"))):
				return k, true
			}
		}
		if !w.is(filler|be|have|modal|pronoun|negates) && !closed[w.text] {
			return 0, false
		}
	}
	return 0, false
}

// object reports whether something that is done to begins at i.
func (c clause) object(i int) bool {
	w := c.at(i)
	return w.is(article) || w.digit || strings.ContainsAny(w.text, "-_./")
}

// deeds weighs what is planned and what was done.
func (c clause) deeds(g *Gist) {
	h := c.head()
	if k, ok := c.deed(h, 1, plain); ok && !c.asked && !c.at(k+1).is(have) && (c.at(k).known || !c.at(k+1).digit) && c.at(k-1).text != "no" && !c.at(k).is(leisure) && !c.at(k+1).is(be|modal) && c.at(k+1).form != past && !(c.at(k+1).form == third && c.at(k+1).known) && len(c.words) > h+1 {
		g.Plans += 1.2
	}
	if t := c.at(h).text; t == "don't" || t == "dont" || t == "do" && c.at(h+1).text == "not" {
		if _, ok := c.deed(h+1, 2, plain); ok {
			g.Plans++
		}
	}
	for i, w := range c.words {
		switch {
		case w.text == "we" && i <= h && c.didSoon(i+1):
			g.Did++
		case w.text == "we" || w.is(modal) && !(w.is(have) && c.at(i+1).text != "to") && !c.negated(i) && w.text != "might" && w.text != "may" && w.text != "could" && w.text != "would" && w.text != "i'd":
			if _, ok := c.deed(i+1, 4, plain); ok && !(w.text == "we" && c.at(i+1).is(have)) {
				g.Plans++
				if c.asked {
					g.Plans -= 0.6
				}
			}
		case w.text == "i" && i <= h:
			if c.didSoon(i + 1) {
				g.Did++
			} else if k, ok := c.deed(i+1, 2, plain); ok && !c.at(k).both && !c.asked {
				g.Plans += 0.8
			}
		case w.text == "decision" || w.text == "decided" || w.text == "decide" || w.text == "option" || w.text == "options" || w.text == "plan" || w.text == "proposal" || w.text == "prefer" || w.text == "verdict":
			g.Plans++
		case w.form == third && stays[w.base] && c.at(i+1).text != "" && c.at(i+1).text != "at":
			g.Plans += 0.6
		case superlative[w.text] && i <= h+1:
			g.Plans += 0.8
		case w.text == "rather" || w.text == "instead" || w.text == "until" || w.text == "till":
			g.Plans += 0.4
		case (w.text == "please" || w.text == "pls" || w.text == "plz") && !c.asked:
			g.Plans += 0.6
		}
	}
	if len(c.words) <= 5 && strings.Contains(c.at(h).text, ".") && c.at(h).digit && c.at(h).text[0] <= '9' && c.says(h+1, then) { // "2.1.8 then"
		g.Plans++
	}
	c.done(g, h)
}

var then = set("then please pls now back again instead")

// says reports whether one of the words stands at i or after it.
func (c clause) says(i int, words map[string]bool) bool {
	for k := i; k < len(c.words); k++ {
		if words[c.words[k].text] {
			return true
		}
	}
	return false
}

// didSoon reports whether a deed in the past follows at i.
func (c clause) didSoon(i int) bool {
	_, ok := c.deed(i, 3, past)
	return ok
}

// done weighs what was done: "lease table emptied", "flag is off", "moved it".
func (c clause) done(g *Gist, h int) {
	if _, ok := c.deed(h, 1, past); ok && len(c.words) > h+1 {
		g.Did++
		return
	}
	if _, ok := c.deed(h, 1, going); ok && len(c.words) > h+1 {
		g.Did += 0.6
		g.Plans += 0.3
		return
	}
	for i := h + 1; i < len(c.words); i++ {
		w := c.words[i]
		deed := (w.form == past || w.both) && w.is(mutates|waits) && !(w.is(fails) && !w.is(mutates))
		after := i+1 >= len(c.words) || c.at(i+1).is(particle|filler|negates|article) || closed[c.at(i+1).text] || c.at(i+1).digit
		passive := c.passive(i)
		switch {
		case deed && passive && c.wanted(i):
			g.Plans++
		case deed && passive && !c.negated(i):
			g.Did += 0.8
		case deed && w.is(waits) && !w.is(mutates) && c.at(i+1).text == "at": // "the workers stayed at 50"
		case deed && i <= h+4 && after && !c.at(i-1).is(be) && len(c.words) <= 9 && !c.at(i-1).is(pronoun):
			g.Did += 0.7
		case w.form == past && !w.known && !w.is(fails|works) && (passive && i+3 >= len(c.words) || i+1 == len(c.words) && i <= h+3):
			g.Did += 0.6
		case c.at(i-1).is(be) && (w.is(particle) && !c.at(i+1).digit || w.text == "gone" || w.text == "set" || w.text == "live" || w.text == "dark" || w.text == "merged") && i <= h+5:
			g.Did += 0.5
		}
	}
}

var (
	stays       = set("stay remain go wait")
	superlative = set("quickest best safest easiest fastest simplest cheapest cleanest")
)

// wanted reports whether the deed at the i-th word is said to be done in time to
// come: "shall be widened".
func (c clause) wanted(i int) bool {
	for k := max(0, i-4); k < i; k++ {
		switch c.at(k).text {
		case "shall", "must", "should", "will", "needs", "has":
			return c.at(k).text != "has" || c.at(k+1).text == "to"
		}
	}
	return false
}

// passive reports whether a form of be or get stands shortly before the i-th word.
func (c clause) passive(i int) bool {
	for k := max(0, i-3); k < i; k++ {
		if w := c.at(k); w.is(be) || w.text == "got" || w.text == "get" || w.text == "gets" {
			return true
		}
	}
	return false
}

// telling weighs that people outside the response were told something: by whom
// it is told stands before, who is told and by what means after, unless it is
// told of in the passive, "the press office is informed", "stores pinged".
func (c clause) telling(g *Gist) {
	verb, sure, knows := -1, 0.0, -1
	for i, w := range c.words {
		switch {
		case c.negated(i):
		case w.is(tells) && (w.form == past || w.both && i <= 1 && !c.at(i-1).is(article)):
			verb, sure = i, 1
		case w.is(tells) && verb < 0 && (w.form == going || w.form == plain && i == c.head() && !c.at(i+1).is(be)):
			verb, sure = i, 0.6
		case gives[w.text] && verb < 0:
			verb, sure = i, 0.5
		}
		if aware[w.text] && knows < 0 {
			knows = i
		}
	}
	to, before, by, up := false, false, false, false
	for i, w := range c.words {
		if w.is(hearer) && i != verb {
			to = to || i > verb
			before = before || i < verb || i < knows
		}
		to = to || i == verb+1 && verb >= 0 && w.text == "to" && c.at(i+1).is(article) // "wrote to the curator"
		by = by || w.is(medium) && i != verb
		up = up || live[w.text]
	}
	passive := verb > 0 && c.at(verb).is(tells) && c.at(verb).form == past && (c.passive(verb) || !c.object(verb+1) && !c.at(verb+1).is(hearer))
	switch {
	case verb >= 0 && (before || c.at(verb).is(tells) && c.passive(verb) && informs[c.at(verb).base]) && passive:
		g.Told += 1.4
	case c.lets():
		g.Told += 1.4
	case verb >= 0 && by && !before && gives[c.at(verb).text] && verb <= c.head()+1:
		g.Told++
	case verb >= 0 && sure == 1 && (to || by) && !before:
		g.Told += 1.5
	case verb >= 0 && (to && by || sure > 0.5 && (to || by)) && !before:
		g.Told += 1
	case knows >= 0 && before && !c.negated(knows) && (by || !c.at(knows).is(have) && c.at(knows).text != "got"):
		g.Told++
	case by && up:
		g.Told += 0.7
	case verb >= 0 && (by || to) && !before:
		g.Told += 0.5
	}
}

// lets reports whether somebody lets others know.
func (c clause) lets() bool {
	let := false
	for _, w := range c.words {
		if let && w.text == "know" {
			return true
		}
		let = let || w.text == "let" || w.text == "letting"
	}
	return false
}

var (
	informs = set("tell inform notify brief advise warn phone alert update")
	gives   = set("put left gave sent send posted went goes handed placed added hung printed recorded dropped wrote")
	aware   = set("know knows aware informed got have has had received")
	live    = set("up live out sent shows says posted online running reads")
)

// turning weighs that somebody turns to it: "on it", "I am looking".
func (c clause) turning(g *Gist) {
	h := c.head()
	short := c.whole <= 8
	first := c.at(h)
	switch {
	case c.asked:
	case first.is(looks) && (first.form == going || first.form == plain && short):
		g.Takes += 0.8
	case first.is(pronoun) && c.lookSoon(h+1), c.onIt(h):
		g.Takes += 0.8
	case short && (first.text == "here" || first.text == "mine" || first.text == "coming" || first.text == "ack" || first.text == "acked" || first.text == "eyes" || first.text == "copy" || first.text == "noted" || first.text == "roger" || first.text == "taking" || first.text == "gotcha" || first.text == "got" || first.text == "on" || first.text == "up" || first.text == "awake" || first.text == "yup" || first.text == "joining" || first.text == "paged"):
		g.Takes += 0.8
	case short && first.is(pronoun):
		g.Takes += 0.4
	}
}

// onIt reports whether "on it" or "on this" stands near the beginning.
func (c clause) onIt(h int) bool {
	for k := h; k < min(h+3, len(c.words)); k++ {
		if next := c.at(k + 1).text; c.at(k).text == "on" && (next == "it" || next == "this") {
			return true
		}
	}
	return false
}

func (c clause) lookSoon(i int) bool {
	for k := i; k < min(i+4, len(c.words)); k++ {
		w := c.at(k)
		if w.is(looks) && w.form != past && !w.is(mutates) {
			return true
		}
		if w.form == past {
			return false
		}
	}
	return false
}

// wondering weighs what takes a suspicion off the list.
func (c clause) wondering(g *Gist) {
	text := make([]string, len(c.words))
	for i, w := range c.words {
		text[i] = w.text
	}
	if denies.MatchString(strings.Join(text, " ")) {
		g.Denies += 1.2
	}
}

var denies = lazyregexp.New(`\b(?:rul(?:e|es|ed|ing)(?: \w+)? out|exclud\w+|unrelated|innocent|discard\w*|off (?:the|my|our) (?:list|hook)|nothing to do|red herring|cross (?:it |that |them )?out|not (?:it|that|them|those|ours|us|because|related)|(?:can't|cannot|can not|couldn't) (?:be|come|explain|have)|different \w+|another \w+|side story|no (?:relation|connection|link)|never (?:reach|touch|get)\w*|(?:does|do)(?:n't| not) (?:touch|pass|talk|use|share|explain|do that|reach|depend|go|involve))\b`)
