package speech

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

const months = `january|february|march|april|may|june|july|august|september|october|november|december`

// recalls is how people speak of what happened another time.
var recalls = lazyregexp.New(`(?i)\breminds? (?:me|us) of\b|\bsame (?:thing |as |story )?happened (?:in|last|back|once)\b|^(?:\S+ ){0,4}(?:like|as) (?:in |back in )?(?:20\d\d|last (?:year|spring|summer|autumn|winter))\b|\bin the (?:20\d\d|` + months + `|last|previous) (?:outage|incident|one)\b|\bthe last time we\b|^\(?it was .{1,40}\bback in (?:` + months + `)\b` +
	`|\berinnert (?:mich|uns) an\b|\bwie (?:damals|letztes (?:mal|jahr))\b|\b(?:me|nos) recuerda a\b|\bcomo (?:aquella|la otra|esa) vez\b|\bcomo el año pasado\b|\b(?:me|nos) lembra\b|\bcomo daquela vez\b|\b(?:ça|cela) me rappelle\b|\bcomme (?:la dernière fois|l'an dernier)\b`)

// longAgo is how people say that something was long ago, and lived what they did then: not
// what they set or moved, which may be behind what happens now. Behind a year stands no noun
// of which it may be the number.
const (
	years   = `(?:back )?in (?:19[89]\d|20[0-3]\d)`
	longAgo = `(?:last (?:year|spring|summer|autumn|fall|winter|` + months + `)|that (?:year|summer|autumn|winter)|last black (?:friday|week))`
	lived   = `(?:had|saw|went through|lived through)`
)

var (
	// remembers tells in one sentence of what was lived through in the past.
	remembers = lazyregexp.New(`(?i)\bwe (?:\w+ )?` + lived + ` [^.;?!]*\b(?:` + longAgo + `\b|` + years + `(?:$|[,.;:!?)]| (?:with|when|too|on|at|and|already)\b))` +
		`|(?:\b` + longAgo + `|(?:^|[,.;:] )(?:\S+ ){0,4}` + years + `),? (?:\S+ ){0,4}(?:we ` + lived + `|it was|that took|took)\b` +
		`|\bduring (?:the |our )?(?:\S+ ){0,2}(?:sales?|season|holidays?|black (?:friday|week)|cyber monday|christmas|easter|festival|elections?|finals?|cup) (?:\S+ )?we (?:had|saw)\b` +
		`|\blast (?:year|spring|summer|autumn|fall|winter|` + months + `)'s (?:\S+ ){0,3}(?:incident|outage|crash|thing|story|mess)\b`)
	// clauses are the sentences of a text.
	clauses = lazyregexp.New(`[^.;?!]+(?:[.;?!]\S+)*[^.;?!]*`)
)

// aside is how many words the rest of a message has at least that tells of more than the past.
const aside = 6

// Recalls reports whether a text speaks of what happened another time, and of little else.
func Recalls(text string) bool {
	if recalls.MatchString(text) {
		return true
	}
	if !remembers.MatchString(text) {
		return false
	}
	rest := 0
	for _, s := range clauses.FindAllString(text, -1) {
		if !remembers.MatchString(s) {
			rest += len(strings.Fields(s))
		}
	}
	return rest < aside
}

// ownWork is how people say of what they do that it is no part of the response.
var ownWork = lazyregexp.New(`(?i)\b(?:that(?:'?s| is| was|'ll be)|it(?:'?s| is| was)|was) (?:just|only) (?:me|us)(?:$|[\s,;:!)])|\bwas (?:me|us),? (?:btw|by the way)\b|\b(?:that(?:'?s| is| was)|this is|it(?:'?s| is)|mine is) (?:\w+ )?(?:unrelated|not related)\b`)

// Aside reports whether somebody says of what they do that it is no part of the response.
func Aside(text string) bool { return ownWork.MatchString(text) && !strings.Contains(text, "?") }
