package gist

import "strings"

// class is what sorts a word belongs to; a word may belong to several.
type class uint32

const (
	mutates class = 1 << iota // verb: changes a system
	waits                     // verb: what one can decide without changing anything
	looks                     // verb: finds something out
	tells                     // verb: passes something on to people
	feels                     // verb: knows, thinks, has, is: no deed
	fails                     // anything that says that something does not work
	works                     // anything that says that something works
	hearer                    // who is told things: people outside the response
	medium                    // what things are told by
	negates
	particle
	pronoun // who does something
	article // begins what something is done to
	leisure
	ends
	guesses
	because
	be // forms of be
	have
	modal
	filler
)

// verbs are base forms by class. Words that are not here are judged by their
// endings and by where they stand.
var verbs = map[class]string{
	mutates: `roll rollback revert undo switch failover scale flip toggle disable enable recreate reassign deploy redeploy ship hotfix push apply install reinstall upgrade downgrade pin unpin drain cordon uncordon unblock allow whitelist allowlist purge invalidate flush clean remove truncate free vacuum archive unpause shed bypass isolate quarantine bump raise resize provision replace migrate route reroute redirect divert repoint replay requeue rerun skip renew reissue rotate revoke upload warm silence unlock mount remount unmount backfill withdraw hide unpublish restart bounce reboot reload recycle rebuild reindex rebalance resync sync patch evict block ban delete kill terminate abort pause suspend freeze throttle promote demote reset merge clear drop shut cancel stop start resume increase double lower reduce halve shrink extend expand add pull put set change update edit fix swap move shift point detach attach restore retry trigger issue load mute cap limit force lock launch wipe empty feed map park plug unplug replug kick nuke yank unseat reseat void rewrite reopen reenter enter correct convert split join bring take turn cut give boot cycle copy import export regenerate generate insert strip blacklist unload uninstall relaunch respawn reprocess recompute reapply reconnect disconnect reconfigure configure tune trim prune compact defragment delegate hand evacuate fence arm disarm open close reinstate deactivate activate decommission rebroadcast broadcast refill top swallow discard dump drive steer override overrule retire relax tighten untangle dequeue evict seal unseal send resend spin wire rewire patch commit build power fall`,
	waits:   `keep stay wait hold leave continue accept live use try do declare escalate go let avoid forget prefer stick proceed defer postpone choose pick opt favor ride run serve`,
	looks:   `look check see read compare verify test watch trace grep inspect investigate dig analyze examine find confirm reproduce measure profile query monitor observe notice spot review study count search debug scan listen scroll hunt chase ask hear join log connect`,
	tells:   `tell inform notify call phone ring mail email e-mail text sms message ping post publish announce tweet brief advise warn write update communicate alert pass relay dm pin radio report apologize instruct circulate`,
	feels:   `know think guess believe suspect assume wonder have need want like love hate mean seem appear understand remember say show own agree expect hope feel get become happen belong depend matter sound explain contain hold come sit stand exist lie`,
}

// states are words that tell how things are, in all their forms where they are
// verbs: the base is enough.
var states = map[class]string{
	fails: `error fail failure crash timeout refuse reject deny break hang freeze exhaust saturate spike pile expire miss lag degrade drop lose leak deadlock throttle overload corrupt misconfigure starve stall wedge jam clog poison bloat regress flap panic segfault abort die kill evict collide conflict bounce overflow drown choke mismatch diverge disagree duplicate overwrite overwrote vanish disappear blink loop spin storm flood hammer swamp scream burn eat swallow spit trip collapse plunge stutter stick suffer complain shout honk queueing queuing strand exceed skip ignore unplug confuse shrink swap bounce reboot omit delay cripple throw stop
		unreachable unavailable down dead broken stuck hung frozen full pegged backlog backlogged evicted oom oomkilled missing stale behind slow slower worse wrong invalid unhealthy unresponsive outage brownout locked blocked bad bug buggy readonly unable twice garbage contention stampede thundering stacktrace npe unauthorized forbidden revoked sealed orphaned zombie runaway skew skewed offline gone dirty inconsistent empty blank white black red amber late old outdated unknown untrusted undefined unsupported incompatible illegal malformed truncated impossible useless silent mute dark idle entire weird odd strange crazy insane nuts double half expired exhausted denied mid-way halfway ahead negative huge massive doubled tripled exception exceptions fault alarm alarms incident disaster mess
		timeouts crashloop crashlooping crashloopbackoff 5xx 4xx 500 502 503 504 500s 502s 503s 504s 429 429s 401 403 404`,
	works: `recover work heal drain clear improve stabilize normalize succeed pass flow catch return resume arrive respond answer decrease fall shrink complete deliver load connect print accept settle calm reconnect mitigate subside ease melt drop register confirm move fill match process
		ok okay fine good better best healthy green normal normally stable steady clean usual again fresh fresher back up online alive sane well correct correctly properly gone solved fixed resolved restored available ready quiet flat baseline empty successful successfully success smooth smoothly perfect perfectly great nominal happy live reachable visible through intact first already faster shorter smaller fewer less caught 200s 2xx yay hooray hurray woohoo whew phew finally`,
	hearer:  `customer user client people folk viewer visitor resident passenger merchant partner support subscriber student patient driver rider shopper guest player tenant agent reader seller buyer traveler courier manager sales hotline helpdesk helpline desk everybody everyone parent school hospital hotel store shop branch ward doctor nurse pharmacy teacher editor trader listener warden citizen press management leadership stakeholder exec executive director legal marketing finance team office bank gate department dispatch restaurant center crew operator supplier broker member owner pilot farmer agency broadcaster colleague site ops staff reception pr comms public cooperative authority control carrier vendor employee account organizer boss duty candidate household supervisor regulator council ministry plant branch cashier vip captain haulier adviser lawyer clinic trustee investor auditor volunteer contractor teller tester principal`,
	medium:  `banner page statuspage status notice note mail email e-mail sms message text tweet post update announcement comms communication ribbon sign website site homepage portal screen newsletter ivr recording discord twitter facebook reddit intranet macro wording letter popup pop-up toast notification heads-up headsup bulletin circular faq line lines hotline app loudspeaker radio blog forum ticker poster leaflet flyer telephone phone fax push memo`,
	ends:    `close resolve over done finish finished end conclude complete closed resolved concluded closing finishing wrapping wrap shut shutting stand standing fold folding cheers thanks thank thx gg bye night bed sleep home signing logging calling declare ended solved lift lifted`,
	guesses: `maybe perhaps might could guess suspect suspicion possibly probably theory hypothesis hunch wonder wondering bet coincidence assume presumably likely smells may feeling idea possible blame related connected coincidence chance culprit`,
	because: `because since due cause caused causes causing reason why found turns root culprit explains mine my mistake accident accidentally sorry oops oh aha ah ahh omg bad ouch damn crap gah argh that's it's thats its me pattern somebody someone without after forgot forgotten missed never should supposed instead but yesterday today tonight morning evening midnight monday tuesday wednesday thursday friday saturday sunday week ago`,
	negates: `no not n't never none nothing nobody neither nor without zero hardly cannot can't cant dont don't doesn't doesnt won't wont isn't isnt aren't arent wasn't wasnt weren't didn't didnt couldn't hasn't hasnt haven't w/o barely nowhere 0`,
	leisure: `lunch breakfast dinner brunch coffee espresso cappuccino latte kettle tea kitchen cake cookie cupcake donut doughnut croissant muffin bun bagel pizza sandwich burger taco burrito sushi ramen noodle noodles dumpling soup salad curry bread oven fridge freezer microwave toaster dishwasher laundry barbecue bbq grill beer wine pub cocktail snack snacks chocolate candy fruit banana cheese popcorn canteen cafeteria tram metro subway commute bicycle bike parking parked taxi flight garden dentist birthday football soccer tennis cricket basketball hockey golf chess marathon gym yoga swimming padel hike ski weekend holiday vacation pto kid kids daughter son mum mom dad wife husband dog cat puppy kitten weather rain snow sunny sunshine party movie film cinema netflix concert guitar playlist stairs haircut landlord sofa ficus cactus standup retro offsite newsletter hoodie mug mugs sticker swag lottery raffle quiz trivia christmas halloween easter wedding baby congrats congratulations timesheet payslip lego playstation xbox poker foosball yogurt radiator vending lecture scarf jacket umbrella socket raclette finale charger ice-cream smell smells movie karaoke toilet toilets sauna beach lol haha hehe rofl mother father brother sister uncle aunt`,
	filler:  `ok okay so then right well please pls plz yes yep yeah no nope alright now just first and but also all everybody guys team folks hmm hm hi hello hey good agreed fine quickly simply better again today i'd we'd kindly`,
}

// closed are the short words of the language, which are never verbs of their own.
var closed = set(`a an the this that these those it its it's he she they them we us i me my mine our your you his her their who which what when where why how
	and or but nor so than then if unless until till while because since as although though whether
	in on at by for from of off to with without within into onto over under up down out about after before between during through against per via near along across around behind beyond like than except
	is are was were be been being am do does did done has have had having can could will would shall should may might must
	not no yes all any both each every few more most much many some such same other another only own very too also just even still again ever never always often already yet now here there
	one two three four five six seven eight nine ten none nothing nobody everything everybody everyone something somebody someone anything anybody anyone first last next new old
	today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday morning evening night noon midnight
	good bad right wrong sure fine great nice`)

const (
	particles = `back out off over down up in on away forward aside apart through onto into offline online`
	subjects  = `i we i'm i've i'll we're we've we'll i'd we'd im ive`
	articles  = `the a an all both our it them that this these those each every another some one two three four five six my its their his any everything new old previous last first`
	forms     = `is are was were be been being am isn't aren't wasn't weren't 's it's that's they're there's who's`
	haves     = `has have had i've we've they've hasn't haven't having`
	modals    = `will would shall should must can could may might need needs gonna going let's lets let i'll we'll i'd we'd want wants better has have ought`
)

// irregular are forms that the rules do not give, as "form base"; in upper case
// those that are past as well as base.
const irregular = `brought bring taken take took take put PUT set SET cut CUT gave give given give went go gone go ran run sent send kept keep held hold shut SHUT found find saw see seen see told tell rang ring rung ring wrote write written write said say broke break broken break fell fall fallen fall began begin begun begin came come became become got get gotten get grew grow grown grow drew draw drawn draw froze freeze frozen freeze stood stand sat sit lost lose paid pay made make did do done do built build rebuilt rebuild undid undo undone undo shrunk shrink shrank shrink withdrew withdraw withdrawn withdraw hid hide hidden hide stuck stick hung hang fed feed drove drive driven drive ate eat eaten eat swapped swap spun spin split SPLIT reset RESET reran rerun read READ threw throw thrown throw understood understand knew know known know thought think felt feel meant mean chose choose chosen choose wound wind overrode override overridden override caught catch rebuilt rebuild resent resend sank sink rose rise risen rise hit HIT burnt burn spat spit shed SHED let LET led lead dealt deal bent bend slept sleep woke wake woken wake struck strike swore swear tore tear torn tear wore wear worn wear stole steal stolen steal spent spend lent lend forgot forget forgotten forget overwrote overwrite overwritten overwrite rewrote rewrite rewritten rewrite heard hear cast CAST broadcast BROADCAST died die dying die lying lie tied tie undone undo dug dig plugged plug`

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}
