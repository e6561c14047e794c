package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// Alters reports whether a text says that somebody or something changed a system,
// whoever it was: "somebody rotated the key", "the role was removed", "the 9:12 push".
// What breaks, fills up or runs out by itself is no change, nor is what did not happen.
func Alters(text string) bool {
	text = undone.ReplaceAllString(text, " ")
	return onPurpose.MatchString(text) || undergone.MatchString(text) || objective.MatchString(text) || atClock.MatchString(text) || launched.MatchString(text)
}

// Unsure reports whether somebody who tells something wonders whether it is so, or
// matters.
func Unsure(text string) bool { return whether.MatchString(text) || unsure.MatchString(text) }

var unsure = lazyregexp.New(`(?i)\b(?:maybe|perhaps|probably|possibly|might|could (?:be|have|that|this|it)|may have|i (?:think|guess|suspect|bet|wonder)|suspicious|coincidence|(?:my|a|prime|main|first|top|likely) suspects?)\b|\?`)

// Theirs reports whether a text says that something is another company's, not ours, or
// tells what another company says.
func Theirs(text string) bool {
	return theirs.MatchString(text) || notice.MatchString(text) && !ours.MatchString(text)
}

// ours is how people speak of what they wrote themselves, which is nobody else's notice.
var ours = lazyregexp.New(`(?i)\b(?:we|i|you)(?:'ve| have| had)\b`)

// notice is how people pass on what another company says or did.
var notice = lazyregexp.New(`(?i)\b(?:according to|per) (?:their|(?-i:\p{Lu})\S+'s?) (?:\w+ )?(?:portal|status page|status|support|notice|bulletin|advisory)\b|\b(?:ha[sd]|have) (?:had )?(?:an? |the )?(?:\w+ )?(?:bulletin|notice|incident|advisory|warning|post|status\w*) (?:up|out|open|online)\b|\b(?:their|(?-i:\p{Lu})\S+'s) (?:portal|status page|bulletin|advisory|noc|support(?: team)?) (?:says?|said|shows?|lists?|tells?)\b`)

var theirs = lazyregexp.New(`(?i)\b(?:on|at|from|is|it's|was) their(?:s| (?:side|end|cert\w*|fault|problem|issue|system|server|gateway|network|platform|proxy|firewall|dns|outage))\b|\btheir (?:side|end|fault)\b|\b(?:not (?:ours|our side|on our side|on us)|nothing on our side|outside of our)\b`)

// purposeful is done to systems on purpose only, ambiguous also happens by itself, and
// changeNouns are what people call a change.
const (
	purposeful = `rotated|revoked|removed|deleted|dropped|pushed|(?:re)?deployed|released|rolled (?:\w+ )?(?:out|back)|shipped|merged|committed|applied|installed|upgraded|downgraded|updated|migrated|renamed|replaced|reverted|` +
		`enabled|disabled|powered (?:\w+ )?(?:on|off|up|down)|(?:de)?activated|(?:un)?published|imported|uploaded|re-?imaged|patched|purged|truncated|unplugged|decommissioned|retired|rebooted|restarted|reloaded|promoted|edited|copied|overwritten|overwrote|` +
		`(?:re)?configured|(?:de)?provisioned|(?:turned|switched) (?:\S+ ){0,3}?(?:on|off|over|to)|shut down|(?:taken|took) (?:\S+ ){0,2}?(?:down|out|offline)|put (?:\S+ ){0,2}?(?:in|into|out|live)|went (?:live|out)|swapped|lowered|doubled|halved`
	ambiguous   = `changed|moved|started|stopped|set|created|added|loaded|raised|reduced|increased|cleared|cleaned(?: up)?|wiped|emptied|closed|opened|blocked|cut|run|switched|scaled|drained|reset|resized|extended|kicked off|triggered|executed|modified|tightened|scheduled|granted`
	changeNouns = `push|deploy(?:ment|s)?|roll-?out|release|import|migration|upgrade|update|change|commit|merge|patch|restart|reboot|reload|maintenance|switch-?over|clean-?up|cut-?over`
	clockTime   = `(?:at |of |from |around |about |on )*~?\d{1,2}(?:[:.h]\d\d| ?[ap]m)`
)

var (
	onPurpose = lazyregexp.New(`(?i)\b(?:` + purposeful + `)\b`)
	undergone = lazyregexp.New(`(?i)\b(?:was|were|got|been|being) (?:\w+ ){0,2}?(?:` + ambiguous + `)\b`)
	objective = lazyregexp.New(`(?i)\b(?:` + ambiguous + `|ran) (?:the|an?|our|all|its|it|both|every|this|that|to (?:an?other|the|a)|\w+ to)\b`)
	atClock   = lazyregexp.New(`(?i)\b(?:` + changeNouns + `) ` + clockTime + `|\b\d{1,2}(?:[:.h]\d\d| ?[ap]m) (?:\w+ )?(?:` + changeNouns + `)\b`)
	launched  = lazyregexp.New(`(?i)\b(?:jobs?|imports?|exports?|backups?|batch|scripts?|migrations?|cron\w*|runs?|tasks?|vacuum|dump|report|scan|play(?:book)?)\b.{0,40}\b(?:started|starts|began|begins|kicked (?:in|off)|ran|fired)\b`)
	undone    = lazyregexp.New(`(?i)\b(?:not|never|no|nobody|\w+n't)\b(?: \w+){0,3}? (?:` + purposeful + `|` + ambiguous + `)\b`)
)
