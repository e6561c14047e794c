package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// PassesOn reports whether a message passes on what those wrote or said who use the
// service, or others from outside.
func PassesOn(text string) bool {
	return !told.MatchString(text) && (outside.MatchString(text) || comes.MatchString(text) || learned.MatchString(text)) || searched.MatchString(text) || Heard(text)
}

// Heard reports whether a message passes on what somebody from outside wrote or said
// at a time of day.
func Heard(text string) bool {
	for _, s := range sentence.FindAllString(text, -1) {
		if heard.MatchString(s) && !told.MatchString(s) {
			return true
		}
	}
	return false
}

// TheyDid reports whether a message passes on what others from outside wrote or said that
// they themselves did.
func TheyDid(text string) bool { return theyDid.MatchString(text) }

// Admits reports whether somebody says what they did themselves.
func Admits(text string) bool { return admits.MatchString(text) }

// Owns reports whether somebody says that something was their own or their people's
// doing.
func Owns(text string) bool { return Admits(text) || Confesses(text) }

// Confesses reports whether somebody says that something was their doing, whatever it
// was: "that would be me".
func Confesses(text string) bool { return owns.MatchString(text) }

// Deed reports whether a message speaks of what somebody or a pipeline did.
func Deed(text string) bool { return deed.MatchString(text) }

// Began reports whether a message says when something began that was noticed later.
func Began(text string) bool { return already.MatchString(text) }

// First reports whether a message says when something was for the first time.
func First(text string) bool { return first.MatchString(text) }

// None reports whether a message says since when something is no more.
func None(text string) bool { return none.MatchString(text) }

var (
	first   = lazyregexp.New(`(?i)\b(?:first|earliest|oldest)\b[^.;?!]{0,60}\b\d{1,2}[:h]\d\d\b`)
	none    = lazyregexp.New(`(?i)\b(?:no|none|zero|not a single|nothing)\b[^.;?!]{0,30}\bsince\b`)
	outside = lazyregexp.New(`(?i)\b(?:customers?|clients?|users?|visitors?|guests?|partners?|merchants?|people|somebody|mentions|tickets?|cases?|mails?|e-?mails?|inbox|forum|tweets?|posts?|letters?|complain\w*)\b.*\b(?:writ\w+|wrote|report\w*|complain\w*|mailed|sent|said|sa(?:y|ys)|tells?|told|call\w*|phoned|rang|asks?|asked|opened|posted)\b`)
	// comes is how news of others arrives that were not asked.
	comes = lazyregexp.New(`(?i)\b(?:just|now|only now|finally) (?:mailed|wrote|called|called back|rang|phoned|pinged|messaged|told|tells|tell|diall?ed in|replied|answered)\b|\b(?:tells?|told|mailed|wrote to|pinged|messaged|called|rang) (?:me|us)(?: back)? (?:just )?(?:now|that|they|their|it|about)\b`)
	// learned is how people say that they, or others, hear of something only now.
	learned = lazyregexp.New(`(?i)\b(?:found|noticed|discovered|seen|saw|learn(?:ed|t)|heard|told|informed|realis?z?ed|reported|reading|read|saying|says?|telling)\b(?:[^.;?!]{0,30}\b)?(?:(?:just|only|until) now|only today|by chance|afterwards)\b|\b(?:just|only|now) (?:now |just )?(?:found|noticed|discovered|learn(?:ed|t)|heard|read|seen|saw|got told|been told) (?:this|that|it|of|about|out|in)\b|\bhad (?:not|n't) told (?:any|us|me)|\b(?:did(?:n't| not)) tell (?:any\w*|us|me|nobody)\b|\btold nobody\b|\bnobody (?:told|reported|had (?:told|looked|opened|read|seen))\b|\bshould have (?:said|told|mentioned)\b`)
	// searched is where people find later what others wrote before.
	searched = lazyregexp.New(`(?i)\b(?:going|went|gone|looked|looking|reading|read|scroll\w*|digging|dug|searched|searching|checked|checking|combed|leer|le[ií]do|revis\w+)\b.{0,30}\b(?:mail ?box(?:es)?|inbox(?:es)?|tickets?|contacts|mails?|e-?mails?|queue|threads?|forum|discord|backlog of mails|reviews|complaints|calls?|chats?|buz[oó]n|postfach|spam)\b.{0,80}\b(?:first|earliest|oldest|one|primer\w*|erste\w*)\b`)
	// heard is the same of those who go by their name, at a clock.
	heard = lazyregexp.New(`(?i)\b(?:called|mailed|wrote|writes|asked|complained|phoned|rang|told (?:me|us)|opened (?:a|the|an) (?:chat|case|ticket|request))\b.{0,40}?\b\d{1,2}[:h]\d\d\b|\b\d{1,2}[:h]\d\d\b(?: \w+){0,4} (?:called|mailed|wrote|asked|complained|phoned|rang)\b`)
	// theyDid is how people pass on what others say that they did.
	theyDid = lazyregexp.New(`(?i)^\W*(?:an? |the )?(?:mail|e-mail|letter|call|note) from (?:[\w\-]+ ){1,4}?(?:[\w\-]+)?:|\b(?:(?:e-?)?mail(?:s|ed)?|wrote|writes?|phoned?|rang|call(?:s|ed)?|answer(?:s|ed)?|confirm(?:s|ed)?|admit(?:s|ted)?|told (?:me|us)|portal|ticket|letter)\b[^.;?!]{0,40}?[:,]? (?:that )?(?:they|he|she)\b(?:'ve| have| had)? (?:\w+ )?\w+`)
	// told is what the writer, or we, wrote or said to others.
	told = lazyregexp.New(`(?i)\b(?:i|we)(?:'ve| have| had|'d)? (?:just |already |also )?(?:called|mailed|wrote|asked|phoned|rang|told|opened|reported|sent|posted)\b`)
	// admits is how people say what they did themselves.
	admits = lazyregexp.New(`(?i)(?:\bi(?:'ve| have| had)?|^(?:\w+[.,!]? ){0,2}me[.,:]) (?:\w+ )?(?:ran|changed|started|restarted|applied|set|rotated|pushed|installed|upgraded|switched|turned|removed|deleted|created|added|lowered|raised|enabled|disabled|shrank|merged|moved|bumped|cut|did (?:it|that))\b`)
	// owns is how people say whose doing something was, or what they did together.
	owns = lazyregexp.New(`(?i)\b(?:it|this|that)(?:'s| is| was| came| comes| would be| must be)? (?:all )?(?:from |by |on )?(?:me|us|mine|ours)\b|\b(?:was|were|is|by) (?:me|us|mine)\b|^(?:\w+[.,!]? ){0,2}(?:mea culpa|my (?:bad|fault|mistake))\b|` +
		`\b(?:my|our) (?:own )?(?:[\w.\-]+ ){0,3}?(?:run|change|commit|apply|deploy\w*|release|merge|push|script|job|migration|pr|patch|update|upgrade|clean-?up|test|play(?:book)?|sync|rollout|maintenance|ticket)\b|` +
		`\b(?:we|our (?:[\w\-]+ ){0,3}?(?:team|service|group|people|guys|side|colleagues?|crew))(?:'ve| have| had)? (?:also |just |then )?(?:ran|changed|retired|replaced|activated|deactivated|pulled|started|restarted|applied|set|rotated|pushed|installed|upgraded|switched|turned|removed|deleted|created|added|lowered|raised|enabled|disabled|merged|moved|bumped|cut|migrated|promoted|released|deployed|drained|shut|swapped|unplugged)\b`)
	// deed is how people say what somebody or a pipeline did.
	deed = lazyregexp.New(`(?i)\b(?:re)?deploy(?:ed|ment|s)?\b|\breleased?\b|\broll(?:ed|ing)?[ -]?out\b|\bsync(?:ed)?\b|\bmerged\b|\bpromoted\b|\b(?:was|is|were|from) me\b|\bmine\b|` +
		`\bi(?:'ve| have)? (?:\w+ )?(?:ran|run|changed|started|restarted|applied|set|rotated|pushed|installed|upgraded|switched|turned|removed|deleted|created|added|lowered|raised|enabled|disabled|shrank|merged|moved|bumped|cut|put)\b`)
	// already is how people say when something began.
	already = lazyregexp.New(`(?i)\b(?:first(?: (?:one|seen|time|at|is|was))*|already|since|earliest|began)\b[^.;?!]{0,30}\b\d{1,2}[:h]\d\d\b|\b\d{1,2}[:h]\d\d(?::\d\d)? already\b`)
)

// OfSelf reports whether a text speaks of who wrote it.
func OfSelf(text string) bool { return ofSelf.MatchString(text) }

var ofSelf = lazyregexp.New(`(?i)\b(?:i|i've|my|mine|me)\b`)

// Greets reports whether a text is a greeting and nothing else.
func Greets(text string) bool { return greeting.MatchString(text) }

var greeting = lazyregexp.New(`(?i)^\W*(?:good )?(?:morning|evening|afternoon|day|hi+|hello|hey|hej|moin|servus|hola|ciao|bonjour|salut|hallo|guten (?:morgen|tag|abend)|buenos d[ií]as|ahoy|yo)(?:[, ]+(?:all|everyone|everybody|folks|team|there|people|guys|together|y'all|zusammen))?\W*$`)

// AllFine reports whether a text says that another company does not know of a failure.
func AllFine(text string) bool { return allFine.MatchString(text) }

var allFine = lazyregexp.New(`(?i)\b(?:(?:is|are|all|still|shows?) green|nothing (?:on|yet|there|posted)|no (?:incident|outage|issue)s? (?:on|posted|there|yet)|all (?:good|systems|operational))\b`)

// Scheduled reports whether a text speaks of something that is planned for a time.
func Scheduled(text string) bool { return scheduled.MatchString(text) }

var scheduled = lazyregexp.New(`(?i)\b(?:maintenance|windows?|scheduled|planned|planning|works? (?:on|at|in)|downtime)\b`)

// Claims reports whether who takes something up says that it is theirs, and not only that
// they look.
func Claims(text string) bool { return claims.MatchString(text) }

var claims = lazyregexp.New(`(?i)\bmine(?:$|[.,!;:])|\bon (?:it|this)\b|\b(?:i'll|ill|i will|i can|i|let me|i am|i'm) (?:take|taking|grab|grabbing|own) (?:it|this|over|the|a look)\b|^\W*(?:ok(?:ay)?,? )?(?:taking|grabbing|got|have) (?:it|this)\b|\bi(?:'ve| have)? got (?:it|this)\b|\back(?:ed|nowledged)?\b`)

// Blames reports whether a text says that what it names was behind a failure, beyond what
// makes a message the finding of a cause; deeds that no failure survives count, too.
func Blames(text string) bool { return blames.MatchString(text) }

var blames = lazyregexp.New(`(?i)\b(?:root[- ]?)?causes?d?\b|\bculprits?\b|\bto blame\b|\bbecause of\b|\bdue to\b|\btrigger(?:ed|s)\b|\bturn(?:s|ed) out\b|\b(?:goes|go|went|dates|traces?) back to\b|` +
	`\bthat(?:'s| is| was) (?:it|what|when|why|the one)\b|\b(?:broke|breaks|killed|took out) (?:it|us|this|that|them|everything|the|our)\b|\bled to\b|\bset (?:it|this|that|everything) off\b|\bfound (?:it|them|who|what|the)\b|` +
	`\bthe reason\b|\bexplains?\b|\bgot it\b|^(?:ok(?:ay)?,? |ah,? |aha,? |well,? )?so,? (?:some(?:one|body)|the|an?)\b|\b(?:it|that|this) was the\b|` +
	`\b(?:truncated|locked|ate|filled|flooded|saturated|exhausted|blocked|took (?:down|out|away)|wiped|overwrote|overwritten|swallowed|hogged|used up|starved|corrupted|deleted|removed) (?:the|all|our|every\w*|its|their|half|most|\d+)\b|` +
	`\bsince (?:the |our |their |that |today's |tonight's )?\d{1,2}[:h.]\d\d(?::\d\d)?(?: ?(?:utc|z|cet|cest|[ap]m))? (?:\w+ )?(?:run|job|deploy\w*|push|import|export|release|rollout|batch|restart|change|sync|update|upgrade|migration|maintenance|switch\w*|fail-?over)\b`)

// Lapses reports whether a text says that something came to the end of its term.
func Lapses(text string) bool { return lapses.MatchString(text) }

var lapses = lazyregexp.New(`(?i)\b(?:expired|ran out|lapsed|(?:was|were|got) (?:revoked|deactivated)|timed out of|no longer valid|not valid (?:any ?more|since)|abgelaufen|expir[óé]|a expiré)\b`)

// Tells reports whether an act is one by which people tell what happened.
func Tells(act Act) bool { return act == Observation || act == Report || act == Cause }

// out is how people say that a status page was written on.
var out = lazyregexp.New(`(?i)\b(?:page|status|notice|banner|update)\b[^.!?]{0,20}\b(?:up|out|live|updated|posted|published|moved)\b|\b(?:posted|published|updated|put (?:it )?up|announced)\b[^.!?]{0,40}\b(?:page|site|status)\b`)

// Out reports whether somebody says that a status page was written on.
func Out(text string) bool { return out.MatchString(text) }
