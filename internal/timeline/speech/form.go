package speech

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// intends reports whether somebody says what they will do, other than to look
// into it or to talk about it.
func (g *Grammar) intends(t string) bool {
	for _, m := range intent.FindAllStringSubmatch(t, -1) {
		if !looking.MatchString(m[1]) {
			return true
		}
	}
	for _, m := range proposal.FindAllStringSubmatch(t, -1) {
		if !idle.MatchString(m[1]) {
			return true
		}
	}
	return false
}

// chooses reports whether a text says in the present tense what we do to
// something: "we hide the button".
func (g *Grammar) chooses(t string) bool {
	for _, m := range weDo.FindAllStringSubmatch(t, -1) {
		if !state.MatchString(m[1]) && !g.failing.MatchString(m[1]) {
			return true
		}
	}
	return false
}

var (
	weDo  = lazyregexp.New(`(?i)(?:^|[.,;:!] *)(?:(?:ok(?:ay)?|so|then|yes|and|right|fine|no|but)[, ]+)*we (?:now |just |then |first |also |simply )*(\w*[a-ce-z]) (?:the|all|it|them|our|this|that|these|back|off|no|both|every|everything|everyone|traffic|new|\d+)\b`)
	state = lazyregexp.New(`(?i)^(?:have|has|see|get|got|are|were|was|need|know|lost|had|show|think|do|can|lose|saw|receive|serve|hit|hold|believe|hope|like|want|find|found|made|took|gave|went|sent|kept|left|put|ran|began|thought|knew|told|said|might|could|would|should|will|may|must|reach|miss|exceed|expect|love|hate|understand|remember|mean|own|share|look|check|call|talk|hear|read|feel|still|already|never|only|even|all|both|assume|guess|suspect)$`)
)

// idle is what people propose to do that changes nothing.
var idle = lazyregexp.New(`(?i)^(?:look|check|see|dig|investigate|join|meet|talk|call|hope|be|find|get|have|take|try|know|say|not|wait|watch|monitor|hear|go|start|review|write|discuss|do|ask|finish|grab|celebrate|sync|document|the|a|an|all|it|them|us|in|out|every|everybody|people|users|him|her|me|you)$`)

// proposal is what somebody proposes to do together.
var proposal = lazyregexp.New(`(?i)\b(?:let's|lets|let us) (?:now |just |then |first |also |simply )*(\w+)`)

var (
	intent  = lazyregexp.New(`(?i)\b(?:i|we)(?:'ll| will| am going to|'m going to|'re going to| are going to) (?:now |just |then |first |also |have to |need to )*(\w+)`)
	looking = lazyregexp.New(`(?i)^(?:look|check|see|dig|investigate|join|take|write|file|update|post|keep|let|be|ask|report|ping|tell|know|get|need|have|find|try|follow|share|send|document|create|open|read|call|watch|monitor|wait|stay|talk|think|lose|hit|run)$`)
)

// commands reports whether a text tells to do something: "roll it back".
func (g *Grammar) commands(t string) bool {
	if done.MatchString(t) || underway.MatchString(t) {
		return false
	}
	for _, whole := range sentence.FindAllString(t, -1) {
		for _, s := range clause.FindAllString(whole, -1) {
			s = strings.TrimSpace(s)
			if g.imperative.MatchString(s) && !noun.MatchString(s) {
				return true
			}
			if subject.MatchString(s) { // "they attach, drop" tells nobody to drop
				break
			}
		}
	}
	return false
}

// subject begins a clause that says who does something.
var subject = lazyregexp.New(`(?i)^(?:they|it|he|she|these|those|this|that|we|i|you|some|users|clients|customers|all|most)\b`)

// underway is how people say that what they do has begun.
var underway = lazyregexp.New(`(?i)\b(?:roll-?back|revert|restart|fail-?over|fail-?back|restore|re-?sync|re-?deploy|deploy|replay|back-?fill|migration|drain|rebuild|re-?index|import|reversal) (?:\S+ ){0,5}(?:is |now )?(?:running|under ?way|in progress|kicked off|going)(?: now)?[.! ]*$`)

// done begins a report of what was done.
var done = lazyregexp.New(`(?i)^(?:done|just|already|have|ok done)\b`)

// noun is what follows the name of an action that is spoken about: "restart took 3 min".
var noun = lazyregexp.New(`(?i)^(?:\w+[,:]? )?\S+ (?:\S+ ){0,2}?(?:is|was|has|have|are|were|did|does|takes?|took|ma[kd]e|makes|changed|changes|had|gave|brought|failed|fails|still|done|completed?|completes|finished|started|running|in progress|rate|time|will|would|of|by|at|since|script|job|went|\w+ed (?:\d|at|since)|looks|seems|window|queue|limit|factor|helps?|helped|works?|worked|says?|shows?|active|reached|applied|\w+n't)\b|^\S+[.!]?$`)

// guess begins a hypothesis, whatever it says is failing.
var guess = lazyregexp.New(`(?i)^(?:maybe|perhaps|i wonder|wondering|(?:wild |my )?guess|might be|i suspect|suspect|probably|could (?:it|this|that)|i bet|bet|i have a feeling|the only (?:thing|change))\b|\bcould (?:that|this|it)(?: be)?(?: it)?[.?! ]*$|\bwould (?:be|move|go|take|need|mean|lose|break|kill|cost|drop|empty|only|also|not|just|help|have)\b|\b(?:could|might|may) (?:also |well )?be (?:the |a |an |our |its |my )?[\w\-]+(?: [\w\-]+)?[.!]*$`)

// does reports whether somebody does or did what things also do by themselves:
// the verb begins a clause or follows "I" or "we", and has an object.
func (g *Grammar) does(t string) bool {
	if !g.stirs.possible(t) {
		return false
	}
	for _, at := range g.loose.FindAllStringIndex(t, -1) {
		if next := strings.TrimSpace(t[at[1]:]); next != "" && !noObject.MatchString(next) && !evidence.MatchString(next) {
			return true
		}
	}
	return false
}

// did reports whether a text begins with what was done: a past form with an
// object, of any verb that is no finding, feeling or failure.
func (g *Grammar) did(t string) bool {
	for _, c := range clause.FindAllString(t, -1) {
		if m := past.FindStringSubmatch(strings.TrimSpace(c)); m != nil && !evidence.MatchString(m[2]) && !finding.MatchString(m[1]) && !g.failing.MatchString(m[1]) && !noObject.MatchString(m[2]) {
			return true
		}
	}
	return false
}

// evidence is what one takes or opens in order to look at it.
var evidence = lazyregexp.New(`(?i)^(?:a|the|some|two|one|another|all)? ?(?:\w+ ){0,2}(?:traces?|logs?|dumps?|graphs?|profiles?|flame ?graphs?|heap|metrics|dashboards?|tickets?|pcap|capture|query plan|explain|diff|history|report)\b`)

var (
	past    = lazyregexp.New(`(?i)^(?:(?:i|we|i've|we've|have|just|already|then|now|and|so|ok|done) )*(\w{2,}ed) ((?:the|a|an|all|both|our|it|them|that|this|every|each|another|some|one|two|three|my|\d+|\S*[\-_.\d]\S*|(?-i:[A-Z])\S*)\b.*)`)
	finding = lazyregexp.New(`(?i)^(?:seemed|looked|noticed|happened|agreed|expected|needed|wanted|asked|heard|learned|confirmed|resolved|closed|solved|recovered|mitigated|checked|verified|tested|compared|related|based|supposed|used|tried|missed|talked|joined|acked|acknowledged|paged|reported|affected|observed|suspected|assumed|waited|received|dropped|jumped|climbed|increased|decreased|doubled|caused|turned|red|need|seed|feed|speed|indeed|embed|exceed|proceed|succeed|shared|posted|escalated|opened|informed|notified|approved|scheduled|planned)$`)
)

// noObject begins what follows a verb without an object: "started at 10:02".
var noObject = lazyregexp.New(`(?i)^(?:[,.;:!?)]|\d{1,2}[:.]\d\d|(?:ago|at|around|about|after|when|with|by|itself|themselves|since|failing|to (?:fail|crash|grow|climb|rise|drop|see|time|throw|return|get)|again|from|because|due|in the|during|\d+ ?(?:m|min|minutes|h|s|sec|times|x)|and|but|so|as|for)\b)`)

// seems begins a report of what something else did.
var seems = lazyregexp.New(`(?i)^(?:\w+[,:] )?(?:it )?(?:looks like|seems|apparently)\b|^(?:the |our )?(?:auto-?scaler|hpa|scheduler|kubernetes|k8s|argo\w*|cron\w*|script|watchdog|oom ?killer|kernel|operator|controller|pipeline|bot|platform|provider|cluster|failover script|primary|secondary|leader|master|replicas?|nodes?|pods?|hosts?|servers?|disks?|switch|router|link|sessions?|connections?|gateway|clients?|apps?|phones?|browsers?) (?:\S+ )?\w+ed\b|\b(?:pinned|capped|locked|frozen) at\b`)

// declares reports whether a text says that it is over, other than by telling
// what users were told.
func (g *Grammar) declares(t string) bool {
	return g.allClear.MatchString(t) && g.over.MatchString(t) && !g.notYet.MatchString(t) && !page.MatchString(t)
}

// declaresBeside reports whether a text says that the incident is resolved or closed in
// another sentence than that of everyday things: "so: resolved, all normal. coffee."
func (g *Grammar) declaresBeside(t string) bool {
	for _, s := range sentence.FindAllString(t, -1) {
		if s = strings.TrimSpace(s); outcome.MatchString(s) && !g.everyday(s) && g.declares(s) {
			return true
		}
	}
	return false
}

// outcome is how people say in so many words that an incident has ended.
var outcome = lazyregexp.New(`(?i)\b(?:resolved|incident (?:is )?(?:closed|over)|closing (?:it|this|the incident)|all[- ]clear)\b`)

// Ends reports whether a text says in so many words that an incident has ended.
func Ends(text string) bool { return outcome.MatchString(text) }

// leads reports whether a text of several sentences begins with what fails: then
// what it takes off the list afterwards is said by the way.
func (g *Grammar) leads(t string) bool {
	first := sentence.FindString(t)
	return len(first) < len(t) && g.failing.MatchString(first) && g.fact.MatchString(first) && !g.ruledOut.MatchString(first)
}

// page begins what is said about a status page.
var page = lazyregexp.New(`(?i)^(?:public )?(?:status|statuspage|page|update|posted|published|tweeted|announced)\b|\btheir\b`)

// recurs is how people say that something would happen once more, which is no relief.
var recurs = lazyregexp.New(`(?i)\b(?:would|will|could|might|may|going to|\w+'(?:d|ll)) (?:only |just |then )?(?:run|start|fire|happen|trigger|try|kick in|come|strike|hit|fail|break)\w* (?:it )?again\b`)

func (g *Grammar) improves(t string) bool {
	t = recurs.ReplaceAllString(thrown.ReplaceAllString(t, ""), "")
	return !returned.MatchString(t) && !worsens.MatchString(t) && !g.lacks(t) && (g.improve.MatchString(t) || g.falls(t) || g.resumes(t) || g.trend(t) < 0) && !g.notYet.MatchString(t)
}

// fails reports whether a text says that something fails. What one wants more of
// and what climbs is no failure.
func (g *Grammar) fails(t string) bool {
	return g.failing.MatchString(wins.ReplaceAllString(portion.ReplaceAllStringFunc(t, share), " ")) || worsens.MatchString(t) || g.lacks(t)
}

// portion is how people say how many of all: "412/412" and "500 of 1180" are no codes.
var portion = lazyregexp.New(`(?i)\b(\d+) ?(?:/|of|out of) ?(?:the |all )?(\d+)\b`)

// share takes a portion out of a text; "502/504" is none, but two codes.
func share(m string) string {
	parts := portion.FindStringSubmatch(m)
	if a, b := parts[1], parts[2]; a != b && codeNumber.MatchString(a) && codeNumber.MatchString(b) {
		return m
	}
	return " "
}

var codeNumber = lazyregexp.New(`^[45]\d\d$`)

// worsens is how people say that there is more of what one does not want.
var worsens = lazyregexp.New(`(?i)\b(?:errors?|failures?|fail\w*|timeouts?|crash\w*|loss|reject\w*|bounces?|stale|drop|abort|retry|5xx|latency|miss) (?:rate|ratio|share|percentage|numbers?|count)(?: (?:is|are|was|has|have|been|now|slowly|still|already|again))* (?:climb\w*|rising|rises|rose|going up|growing|grew|increas\w+)\b`)

// wins is how people say that there is more of what one wants.
var wins = lazyregexp.New(`(?i)\b(?:success\w*|confirm\w+|deliver(?:y|ies)|completions?|conversions?|availability|uptime|throughput|checkouts?|bookings?|orders|payments|logins|sales)(?: (?:rate|ratio|share|sessions|users|curve|count|graph|on \w+))*(?: (?:is|are|was|has|have|been|now|slowly|already|also|again))* (?:climb\w*|grow(?:s|ing)|grew|spik\w+)\b`)

// thrown is how people say that something goes or has gone the wrong way with words
// that by themselves tell that it works: users who get out again, what is used up; and
// of days, which are no last of many, and what last went well.
var thrown = lazyregexp.New(`(?i)\b(?:kicked|thrown|logged|locked|signed|bounced|booted|timed|dropped|cut) (?:\w+ )?(?:out|off)(?: again)?\b|\b(?:used|filled|eaten|piled|backed|held|tied|blown|locked|chewed|swallowed|choked) up\b|\blast (?:night|evening|week|month|quarter|year|time|\w+day)\b|\blast (?:\w+ ){0,3}(?:archived|written|processed|received|synced|committed|delivered|sent|stored|ingested|updated|good|successful)\b`)

// emptied is how people say that there is nothing left, which takes nothing off the list.
var emptied = lazyregexp.New(`(?i)\bnot (?:a|an|one) (?:single |free |spare )?(?:byte|bit|kb|mb|gb|block|inode|slot|seat|connection|thread|worker|port|address|ip|core|node|pod|host|replica|message|row|request|order|call|packet|one)s?\b[^,.;!]*`)

// lacks reports whether a text says that somebody gets none of what they want.
func (g *Grammar) lacks(t string) bool {
	m := without.FindStringSubmatch(t)
	return m != nil && !g.failing.MatchString(m[1]+m[2]) && !complaint.MatchString(m[1]+m[2])
}

var (
	without   = lazyregexp.New(`(?i)\b(?:sees?|gets?|got|has|have|receives?|received|shows?|finds?) no (\w+)|\b(?:but no|not (?:one|a|a single)) (\w+) (?:passes|comes|gets|goes|arrives|reaches)\b`)
	complaint = lazyregexp.New(`(?i)^(?:complaints?|tickets?|alerts?|alarms?|issues?|problems?|calls?|more|new|further|spikes?|drops?)$`)
)

// returned is what comes back without being better for it: a host from its
// restart, a former version that somebody put in place.
var returned = lazyregexp.New(`(?i)\b(?:came|comes|come|is|are|was) back (?:up |online )?(?:from|without|with (?:no|the wrong|an? old|a new))\b|\b(?:old|previous|former|last good|original) (?:\S+ ){1,2}(?:is|are) (?:now )?(?:back (?:on|in|at)|active|live|in place|deployed|loaded)\b`)

// trend compares the two numbers of "from 9 to 3" or "45k -> 12k": -1 when less
// of what one does not want, or more of what one wants; +1 the other way round.
func (g *Grammar) trend(t string) int {
	m := fromTo.FindStringSubmatch(t)
	if m == nil {
		if m = nowWas.FindStringSubmatch(t); m != nil {
			m[1], m[2], m[3], m[4] = m[3], m[4], m[1], m[2]
		}
	}
	if m == nil || sizing.MatchString(t) {
		return 0
	}
	a, b := amount(m[1], m[2]), amount(m[3], m[4])
	if m[4] == "" && m[2] != "" { // "from 50% to 2"
		b = amount(m[3], m[2])
	}
	wanted := slices.ContainsFunc(strings.Fields(t), func(w string) bool { return g.goodNoun.MatchString(w) && !pronoun.MatchString(w) })
	switch {
	case a == b:
		return 0
	case b < a != wanted:
		return -1
	}
	return 1
}

// pronoun is what stands for anything.
var pronoun = lazyregexp.New(`(?i)^(?:it|us|they|that|which|we|i)$`)

// nowWas is what something is at, and what it was.
var nowWas = lazyregexp.New(`(?i)\b(?:at|is|are|now) (\d+(?:\.\d+)?) ?(k|m|g|%|ms|s|min|h|gb|mb)?(?:/\w+)?(?: (?:errors?|failures?|failed|timeouts?|success|used|full|loss))?(?: now)?,? (?:was|were|from|down from|up from|before it was) (\d+(?:\.\d+)?) ?(k|m|g|%|ms|s|min|h|gb|mb)?\b`)

var (
	fromTo = lazyregexp.New(`(?i)(\d+(?:\.\d+)?) ?(k|m|g|%|ms|s|min|h|gb|mb)?(?: (?:errors?|failures?|failed|loss|timeouts?|usage|used|full))? *(?:->|→|=>|to|down to|up to) *(\d+(?:\.\d+)?) ?(k|m|g|%|ms|s|min|h|gb|mb)?\b`)
	sizing = lazyregexp.New(`(?i)\b(?:scal\w*|rais\w*|bump\w*|increas\w*|lower\w*|reduc\w*|max\w*|min|limit|replicas?|workers?|pods?|nodes?|size|resiz\w*|timeout|version|revision|weight|set|hpa|instances?|brokers?|shards?|partitions?|flags?|rollout|canary|toggle|split)\b`)
)

// amount reads a number with its unit, for comparing two of the same sort.
func amount(number, unit string) float64 {
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	return x*map[string]float64{"k": 1e3, "m": 1e6, "g": 1e9, "s": 1e3, "min": 6e4, "h": 3.6e6, "gb": 1e3}[strings.ToLower(unit)] + x*unitless(unit)
}

// unitless is 1 for units that are no multiple of another.
func unitless(unit string) float64 {
	switch strings.ToLower(unit) {
	case "k", "m", "g", "s", "min", "h", "gb":
		return 0
	}
	return 1
}

// object begins what something drops, when it is not itself what drops.
var object = lazyregexp.New(`(?i)^ (?:every|the|our|all|some|half|most|\d+%? of|requests?|connections?|packets?|messages?|traffic|them|it)\b`)

// resumes reports whether something happens again that is no failure.
func (g *Grammar) resumes(t string) bool {
	for _, m := range again.FindAllStringSubmatch(t, -1) {
		if !g.failing.MatchString(m[1]) && !retrying.MatchString(m[1]) && !g.ongoing.MatchString(m[1]) {
			return true
		}
	}
	for _, m := range repeats.FindAllStringSubmatch(t, -1) {
		if verb := m[1] + m[2]; !g.failing.MatchString(verb) && !noRelief.MatchString(verb) {
			return true
		}
	}
	return false
}

var (
	// repeats is a word before "again" with something in front that can do it.
	repeats  = lazyregexp.New(`(?i)\b\w+s (?:\w+ly |now |all )?(\w+[a-rt-z]) again\b|\b(?:it|everything|\w+[a-rt-z]) (\w+s) again\b`)
	noRelief = lazyregexp.New(`(?i)^(?:try|test|check|look|see|do|does|did|run|read|call|ask|happen\w*|go|goes|have|has|be|is|was|were|are|roll\w*|deploy\w*|start|starts|started|come|comes|once|never|yet|over|then|them|us|me|it|that|this|now|up|down|in|out|on|off|at|back|same|red|orange|fill\w*|ris\w+|break\w*|broke|stop\w*|die\w*|disappear\w*|lose\w*|lost|fir\w+|fire|fired|alert\w*|page|paged|pages|ping\w*|open|opens|opened|miss\w*|increas\w+|drop\w*|fall\w*|fell|grow\w*|grew|jump\w*|flap\w*|need\w*|want\w*|restart\w*|reboot\w*|errors?|timeouts?|alerts?|crash\w*|releas\w+|schedul\w+|think|thinks|here|there|today|week|minutes?|times?|lines?|all|and|or|not|no)$`)
	again    = lazyregexp.New(`(?i)\b(?:is|are|was|were|now) (\w+ing) (?:again|now|fine|normally|properly|as usual|as normal)\b`)
	retrying = lazyregexp.New(`(?i)^(?:try|test|check|look|see|do|run|read|call|ask|fir|alert|pag|happen|ris|climb|go|get|hav|be|rol|deploy|start|com)\w*ing$`)
)

// unwanted ends what stands before something that one wants none of: "stuck orders".
var unwanted = lazyregexp.New(`(?i)\b(?:stuck|stale|failed|failing|lost|late|missing|rejected|refused|delayed|pending|dead|hanging|broken|duplicate|unpaid|unsent|undelivered|unprocessed|open|blocked|expired|idle|zombie|dropped) $`)

// falls reports whether something goes down that one wants less of.
func (g *Grammar) falls(t string) bool {
	for _, at := range g.falling.FindAllStringSubmatchIndex(t, -1) {
		noun := t[at[2]:at[3]]
		if object.MatchString(t[at[1]:]) || g.goodNoun.MatchString(noun) && !unwanted.MatchString(t[:at[2]]) {
			continue
		}
		if strings.HasSuffix(noun, "s") || strings.ContainsAny(noun, "0123456789%") || g.ops.MatchString(noun) || g.failing.MatchString(noun) {
			return true
		}
	}
	return false
}
