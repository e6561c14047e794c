package speech

import "github.com/hindcast/hindcast/internal/lazyregexp"

// The phrases for what gets better, stays as it is or is over.

const improvePhrases = `
	\brecover(?:s|ing|ed|y)\b
	\b(?:gets?|getting|got|is|are|looks?|looking|seems?) (?:a lot |much |already |slowly |way |so much )?(?:better|shorter|smaller|faster|healthier|good again)\b
	\b(?:errors?|error rate|latency|lag|queue|backlog|depth|load|p9\d|5xx|50\ds|failures|tickets|complaints|timeouts|memory|cpu|usage|disk|traffic|response times?|connections|pressure|wait\w*|loss|drops?|restarts|crashes|alerts)\b[^.?]{0,40}?\b(?:gone|back (?:to|at|under|below|down|in)|under \d|below \d|at [0-3](?:\.\d+)? ?%|near zero|to zero|zero again|normalis\w+|normaliz\w+|stopped)\b
	\b(?:success|hit|throughput|completion|conversion|delivery|availability|numbers?|rate|ratio|orders|traffic|signups|logins)\b[^.?]{0,40}\b(?:climb\w*|rising|rises|rose|improv\w+|recover\w*|back (?:to|at|up|over|above)|going up|coming back|returns?|returning)\b
	\b(?:coming|come|comes|came|are|is|we're|were|it's) back(?: up| online| again| in)?\b
	\band (?:falling|dropping|shrinking|going down|declining|improving|recovering|clearing)\b
	\b(?:going|coming|flowing|moving) (?:out|in|through|again)\b.*\bagain\b
	\b(?:see|seeing|get|getting|have) (?:\w+ ){1,3}again\b
	\b(?:requests|calls|logins|payments|orders|uploads|jobs|builds|deliveries|writes|reads|queries) (?:now |all )?(?:succeed|work|pass|go out|complete)\b
	\b(?:back to|back at|seeing|getting|returns?|returning) (?:200s?|2xx|ok)\b
	\bshrink\w*\b
	\b(?:{good}) again\b
	\bagain (?:{good})\b
	\b(?:are|is|were|was) (?:\w+ )?(?:through|flowing|going through|being (?:processed|delivered|served|accepted)) again\b
	\b(?:deliver\w+|orders|traffic|processing|replication|sync\w*|payments?|logins?|uploads|jobs|consumption|writes|reads|messages|service|operations?|builds) (?:has |have |is |are |now |slowly )*resum(?:ed|ing|es?)\b
	\b(?:logins?|payments?|orders|uploads|prints?|checkouts?|bookings|sends?|writes|reads|registrations) (?:are |is |now |all )*(?:ok|okay|fine)\b
	^(?:much |way |a lot |already )?better\b(?:[!.,:]|$| now)
	\b(?:that|this) (?:did it|helped|did the trick)\b|\bseems? to (?:have )?help(?:ed)?\b
	\b(?:sessions|pods|nodes|hosts|services|clients|users|devices|workers|instances|lines|sites|stores|terminals|subscribers|connections|consumers|replicas|containers) (?:are |is )?(?:slowly |all |now )?(?:coming|come|trickling) (?:up|online)\b
	\b(?:results|orders|data|values|readings|events|jobs|payments|bookings|logins|files|records) (?:are |is |now |slowly )*(?:arriving|trickl\w+ in|coming in|picking up|pick up|flowing)\b
	\b(?:users|customers|people|they|clients|players|partners|agents|shops|riders|drivers|patients|wards) (?:can|could) (?:\w+ ){1,3}again\b
	\bnot (?:one|a single) (?:\w+ )?(?:error|failure|timeout|5\d\d|alert|reject|complaint)\w*\b
	\bmitigated\b
	\bstabili[sz]\w+\b
	\bimprov(?:e|es|ed|ing|ement)\b
	\bslowing down\b
	\bhalf (?:drained|done|way|recovered)\b
	\bfirst (?:\S+ ){1,4}(?:is|are) coming\b
	\b(?:come|comes|coming) (?:in |through |out )?again\b
	\b(?:roll-?back|revert|fail-?over|rollout|restart|restore|redeploy|scale\W?(?:up|out)|hotfix|drain|resync|renewal|reload) (?:is |has |was |are )?(?:now |just )?(?:complete[d]?|done|finished|through)\b
	\b(?:no|zero) (?:more|new|further) (?:\w+ ){0,2}\w+
	\b(?:no|zero) \w+(?: \w+)? (?:since|any ?more|in the last|for (?:the last )?\d)
	\bfirst (?:\w+ )?(?:successful|payments?|orders?|logins?|requests?|good|jobs?|uploads?|messages?|builds?|e?-?mails?)\b.*\b(?:through|ok|succeed\w*|success\w*|arriv\w+|complet\w+|delivered|again)\b
	\bsuccessful \w+ (?:since|again|now)\b
	\bfirst (?:\S+ ){1,4}(?:were |was |got |have been |has been |is |are )?(?:delivered|processed|accepted|printed|paid|booked|shipped|synced|confirmed|answered|served|logged in|handed over)\b
	\b(?:go|going|goes|went|coming|get|getting|come|comes) (?:through|thru)\b
	\b(?:pods?|nodes?|hosts?|replicas?|workers?|instances?|brokers?|services?|zones?|regions?|cluster|first \w+)\b[^.?]{0,30}\b(?:healthy|ready|up|green|serving|passing)\b(?: now| again)?
	\bserv(?:ed|ing) (?:from|by|traffic|requests)\b
	\b(?:impact|bleeding) (?:is )?(?:over|stopped|contained|gone)\b
	\bcaught up\b
	\bcatching up\b
	\bi can \S+(?: \S+){0,3} (?:now|again)\b
	\b(?:gets?|works?|responds?|loads?|connects?|resolves?|passes|receives?|(?:users|they|we|customers|players|it) (?:can|have|has)) (?:[^\s,]+ ){0,4}now[.!]*$
	\b(?:works?|runs?|pass(?:es)?|loads?|succeeds?|responds?|fine|ok|healthy|green|stable|clean|up) (?:again )?since\b
	\bconfirm(?:s|ed)? (?:that )?(?:it|this|everything|all)? ?(?:is )?(?:works?|fixed|working|ok|fine|good|back)\b
	\blast (?:\S+ )?(?:\d{3}s?|errors?|failures?|failed \w+|timeouts?|crash\w*|alerts?|restarts?|rejects?|complaints?|tickets?|drops?|5xx|exceptions?|evictions?|ooms?)\b.{0,20}\b(?:was|is|seen|at)\b
	\bfirst (?:\S+ ){1,5}(?:came in|went out|arrived|landed|got through|is in|are in|just)\b
	\bis (?:green|yellow)\b
	\b(?:accepts?|accepting|takes?|taking) (?:writes?|connections?|traffic|requests?|logins?|orders?|payments?)\b
	\b(?:leave|leaves|leaving|out of) the queue\b
	\bgraphs? (?:\w+ )?(?:recover\w*|look(?:s|ing)? (?:good|better|ok|fine|healthy|sane))\b
	\b(?:starting|begins?|beginning|started) to (?:see green|recover|look (?:good|better)|drop|fall|clear|drain|work|come back|improve)\b
	\b(?:seeing|see|turning|going|all|back to) green\b
	\blooks? (?:good|ok|okay|better|fine|healthy|sane) (?:on my side|from here|here|now|again|so far)\b
	\b(?:first|new) \w+(?: \w+)? (?:ok|okay|fine|good|went through|came through|succeeded|are in)\b
	\b(?:502s?|503s?|504s?|500s?|5xx|errors|timeouts|failures|alerts|evictions|restarts|crashes|drops|retries) (?:are |have )?(?:gone|stopped|ceased|over)\b
	\b(?:it's|it is|now|that|this) work(?:s|ing|ed)\b
	\bnew requests are (?:fine|ok)\b
	\b(?:getting|get|gets|are|is|become|becoming) (?:fewer|less|rarer|rare)\b
	\blast (?:[^\s,;]+ ){1,4}(?:was|is|at|seen at|came at)[ ~]*\d{1,2}:\d\d\b
	\b(?:go(?:es)?|going|went) (?:out|in|through) again\b
	\bworks? (?:for me|here|on my side|from here)\b
	\b(?:backlog|queue|catch-?up|replay|resend|retries) (?:is |are |all |now )*(?:done|empty|cleared|finished|gone|processed|through|drained)\b
	\b(?:they're|they are|it's|it is|everything is|all (?:\w+ )?are|things are) (?:\w+ )?(?:moving|flowing|printing|running|alive|working)\b
	\bwoke up\b|\b(?:alive|awake) again\b
	\b(?:falling|dropping|going down|recovering|clearing|healing|improving|draining) (?:by itself|on its own|without)\b
	\b(?:it's|it is|they're|they are) (?:\w+ )?(?:falling|dropping|going down|coming down|clearing|draining|recovering)\b
	\b(?:above|over|up to|back to|at) \d+ ?% (?:again|success|of normal)\b
	\b[45]\d\ds? (?:are |is |have |has )?(?:all )?(?:gone|stopped|over|history)\b
	\b(?:is|are) (?:all )?(?:there|here|visible|online|reachable) again\b
	\b(?:rate|ratio|latency|load|errors?|volume|queue|lag|traffic|orders|numbers) (?:is |are )?(?:back to |at )?normal\b
	\b(?:connects?|connections|logins|orders|requests|messages|jobs|prints|payments|signups) (?:are |is )?(?:back )?at \d\S*
	\bfirst (?:green|good|successful|clean|ok|happy|normal)\b
	\bstart(?:s|ed|ing)? (?:to )?(?:flow|work|load|come in|arriv|pass|recover|print|mov|sync|go through|catch up|succeed|drain)\w*\b
	\b(?:bends?|bending|turns?|turning|pointing|heads?|heading) down\b|\bturned (?:around|the corner)\b
	\b(?:works?|loads?|opens?|responds?|answers?|up|logs? in|passes|prints?|scrolls?|ok|fine) (?:fine |again )?(?:for me|here|on my|in (?-i:[A-Z]))
	\b(?:calmer|quieter|healthier|calming|calms down)\b
	\b(?:rare|rarer) (?:now|again)\b
	\bhalf of what\b|\b(?:right|good) (?:way|direction)\b|\bfor the first time (?:since|today|in)\b|\breconnect(?:s|ing|ed)?\b
	\bnew \w+ (?:work|succeed|pass|go through|are fine|look good)\b
	\b(?:5xx|errors?|error rate|failures|timeouts) (?:is |are )?(?:only |down |back )?(?:at |to )?0(?:\.\d+)?\b
	\bonly (?:from|on) (?:one|two|three|a few) \w+ now\b
	\b(?:approvals|acceptances?|authori[sz]ations|deliveries|bookings|sales|connections|sessions|registrations|check-?ins|uploads|readings|rates)\b[^.?]{0,25}\b(?:climb\w*|rising|rises|rose|recover\w*|going up|coming back|returns?|returning)\b`

// goodWords say that something works.
const goodWords = `answers?|answering|answered|works?|working|serv(?:es|ing|ed)|respond(?:s|ing|ed)?|runs?|running|healthy|green|ready|fine|ok|okay|good|up|available|online|succeed(?:s|ing)?|flowing|flow|process(?:es|ing)|reachable|resolv(?:es|ing)|log(?:s|ging)? in|pass(?:es|ing)?|load(?:s|ing)?|accept(?:s|ing|ed)?|send(?:s|ing)?|deliver(?:s|ing|ed)?|connect(?:s|ing|ed)|sync(?:s|ing|ed)?|in sync|complet(?:es|ing|ed)?|renders?|returns? 200s?|moving|consum(?:es|ing)|publish(?:es|ing)|build(?:s|ing)|schedul(?:es|ing|ed)|visible|writable|balanced|stable|alive|usable|open|possible|through|green|normal|responsive|fast|quick|current|back|right|correct|accurate|consistent|complete|clean|quiet|fresh|valid|trusted|authenticat(?:es|ing)`

const notYetPhrases = `
	(?:\bnot|n't) (?:yet |going to |gonna )?(?:clos(?:e|ing)|resolv(?:e|ing)|call(?:ing)? it|stand(?:ing)? down)\b
	\b(?:and |it's |its |is )?(?:up|back|high|here) again\W+(?:crap|damn\w*|ugh|argh|shit|hell|sigh|great|sadly|:\(|nope|hmm?)
	\b(?:crap|damn|ugh|argh|shit|sigh|nope|sadly|oh no)\b[^.?!]*\b(?:back|again)\b
	\bnot (?:yet|recovered|resolved|better|fixed|over|recovering|back|done|out of)\b
	\bstill (?:not|failing|down|broken|seeing|bad|high|no|erroring|stuck|slow|happening|red|firing|timing|elevated|growing|climbing|rising|there)\b
	\b(?:isn't|aren't|wasn't|hasn't|haven't|didn't|doesn't|won't|can't) (?:yet )?(?:recover|resolve|help|fixed|back|improve|better|work|coming|going|shrink|drop|fall)\w*\b
	\b(?:no|without) (?:recovery|improvement|change|luck|effect|sign|signs)\b
	\b(?:zero|no|little|not any|hardly any) (?:visible |real |noticeable |measurable )?(?:effect|difference|impact|help)\b
	\bunchanged\b|\b(?:at |on )?the same (?:slope|rate|level|picture|errors?|failures?|percentage)\b
	\b(?:errors?|failures?|fail\w*|timeouts?|rejects?|loss|declines?)(?: (?:rate|ratio|share))? (?:stays?|stayed|remains?|remained|sits|is still|still) (?:at )?(?:[1-9]\d(?:\.\d+)? ?%|high|there|up)
	\b(?:until|once|when|after|if|before|should|will|would|to (?:be|get|come|see)|hope(?:fully)?|waiting for|expect)\b[^.,;]{0,40}\b(?:recovers?|recovered|resolved|resolves?|back to normal|comes? back|works again|stabili[sz]es?|caught up|drains?|drained|healthy|ready|better|recovery|gone|down to|stand down|stood down|all[- ]clear|is over|is done|closed)\b
	\b(?:before|until|till|prior to) (?:we |i |you |it |this )?(?:can |will )?(?:clos(?:e|es|ed|ing)|resolv(?:e|es|ed|ing)|call(?:ing)? it|stand(?:ing)? down|end(?:ing)? it)\b
	\b(?:mystery|riddle|puzzle) (?:is )?solved\b
	\bpartial(?:ly)?\b
	\bunresolved\b
	\bfirst (?:\S+ ){0,3}(?:complaints?|tickets?|errors?|alerts?|reports?|failures?|calls|pages?|timeouts?|40\d|50\d)\b
	\b(?:getting|got|is|are) (?:even )?worse\b
	\b(?:crash\w*|fail\w*|down|broken|timing out|alerting|firing|happening|errors?|flapping|stuck|slow|back up to \d+) again\b
	\bback (?:up )?(?:to|at) (?:1000?|[4-9]\d) ?% (?:errors?|failures?|cpu)\b
	\b(?:came|come|comes|coming|is|are) back (?:up )?(?:after|as soon as|when) \w+
	\bshort[- ]lived\b|\bfor (?:a|one|two|few) (?:minute|moment|second)s?(?:,| then| and| but)\b
	\bnever (?:come|comes|came|work|works|go|goes|return|returns|recover)\w*\b`

const allClearPhrases = `
	\bclosing\b
	(?:^|[.;!] *)(?:closed|done|over|fixed|shut)[.! ]*$
	\b(?:set|setting|put|putting|move|moving|moved) (?:this|it|the incident|status|inc\S*) (?:to|as|back to) (?:resolved|closed|done|normal)\b
	\bdone here\b|\balerts? (?:all |have )?(?:cleared|resolved|recovered)\b
	\b(?:metrics|graphs|everything|all|numbers) (?:is |are )?(?:nominal|normal|clean|quiet|flat)\b
	\b(?:nothing new|no news|quiet) for\b
	\b(?:incident|issue|outage|this|all|it|problem|sev\s?-?\d|p[0-4]) (?:is |has been |was )?(?:now )?(?:fully )?(?:resolved|over|closed|fixed|done|ended)\b
	(?:^|[.,;:!] *|\b(?:and|mark(?:ing|ed)?|call(?:ing)? (?:it|this)|consider(?:ing)? (?:it|this)|declar\w+(?: (?:it|this))?|as)\s+)resolved\b
	(?:#\d+|\b[A-Z]{2,}-\d+) (?:is )?(?:now )?(?:resolved|closed|fixed|over|done)\b
	\b(?:mark(?:ing|ed)?|call(?:ing)?|declar\w+|consider\w*|set(?:ting)?) (?:it|this|this one|that one|the incident|incident|status|that)?\s?(?:as |to )?(?:resolved|closed|over|done|fixed)\b
	\ball[- ]clear\b
	\bresolving (?:the|this|it)\b
	\b(?:i'm|we're|i am|we are|and|can|let's|lets|i'll|we can|will|i|we) (?:now )?(?:close|clos(?:e|ing)) (?:this|the incident|it|out|the bridge|the call|incident)\b
	\b(?:we|i) (?:can )?close(?:$|[.! ])
	\bback to (?:(?:normal|baseline|usual|green|healthy)\b|100 ?%)
	\bat baseline\b
	\b(?:fully|completely|totally|all) (?:recovered|restored|back|healthy|green|operational|operating|up)\b
	\b(?:is|are|looks?|everything|all) (?:back |all |completely )?normal\b
	\b(?:back|returned) (?:at|to) (?:baseline|normal)\b
	\bwe(?:'re| are) (?:back|good|green|clear|done|done here|out of the woods|in the clear)\b
	\b(?:standing|stand|stood) down\b
	\ball (?:is )?(?:good|systems|green)\b
	\b(?:everything|all) (?:is |looks |has been )?(?:green|healthy|good|fine|stable|ok)\b
	\b(?:green|stable|healthy|clean|quiet|normal) for (?:the (?:last|past) )?(?:about |over |more than )?\d+ ?(?:m|min|minutes|h|hours)\b
	\bbacklog (?:is )?(?:cleared|gone|empty|drained|zero)\b
	\bnormal (?:again|operation\w*|service|levels|since)\b
	\b(?:service|services) (?:is |are |has been |have been )?(?:fully )?restored\b
	\bincident end(?:s|ed)?\b
	\b(?:cleared|recovered|resolved|fixed|healed) (?:by )?itself\b
	\bnear[- ]miss\b
	\bnothing (?:was )?lost\b
	\b(?:calling|call) it (?:a day|done|fixed|over|closed)\b
	\bthat's it, (?:we're|we are) done\b
	\bsolved\b|\bend(?:ing)? (?:it|this|the (?:incident|call|bridge))\b|\bthat(?:'s| is) it(?: for (?:tonight|today|now|me|us))?[.!]*$|\bwe(?:'re| are) through\b|\bback to bed\b|\bgood night\b
	\b(?:quiet|stable|clean|green|calm|normal) (?:since|for) 
	\b(?:can|may|could) (?:now )?be closed\b
	\bgood to (?:close|go)\b|\bthat was it\b|\bover and out\b
	\b(?:recovered|restored|healthy) (?:completely|fully|everywhere)\b
	\bwithout (?:an? |any |a single |one )?(?:new )?(?:[45]\d\ds?|errors?|alerts?|failures?|timeouts?|rejects?|ooms?|crash\w*|complaints?)\b.*\b(?:done|over|closed|closing|finished)\b`

// lasting is how people say how long something goes on, or how much of it there is,
// with a word that by itself says that it ended.
var lasting = lazyregexp.New(`(?i)\bover (?:the|this|a|an|an?other|some|several|many|half|two|three|four|five|six|our|my|their|its|to|\d)\b|\b(?:all|left|carried|took|taking|take|hand(?:ed|ing)?|switch\w*|fail(?:ed|ing|s)?|mov(?:ed|ing|e)|roll(?:ed|ing)?|start\w*|spill\w*) over\b|\b(?:half|part(?:ly|ially)?|nearly|almost|not) (?:resolved|done|over|closed|through|solved)\b`)

// overPhrases declare the end; other all-clear phrases only say that things are fine.
const overPhrases = `
	(?:^|[.;!] *)shut[.! ]*$
	\b(?:resolved|closed|closing|all[- ]clear|over|ended|ending|ends|near[- ]miss|done|itself|solved|through)\b
	\bthat(?:'s| is) it(?: for (?:tonight|today|now|me|us))?[.!]*$
	\bback to bed\b
	\b(?:close|closing|resolving|resolve) (?:this|the|it|out)?\b
	\bend (?:it|this|the incident)\b
	\bgood to close\b|\b(?:we|i|you) can (?:now )?close(?: now)?(?:$|[.!])|\bthat was it\b|\bwrapping up\b|\b(?:recovered|restored) (?:completely|fully)\b
	\bstand(?:ing)? down\b
	\bstood down\b
	\b(?:fully|completely|totally) (?:recovered|restored|back|healthy|operational)\b
	(?:^|[.;!:,] *|\b(?:all|everything|we|we're|things|it|it's|site|service|services|system|systems|production|prod|operations?|fully|completely) (?:is |are |looks? |now )*)back to (?:normal|baseline)\b
	\bwe(?:'re| are) (?:back|done|good|clear|in the clear|out of the woods)\b
	\bcall(?:ing)? it\b`

// relapsePhrases say that an improvement did not last or was none.
const relapsePhrases = `
	\b(?:up|back|high|here) again\W+(?:crap|damn\w*|ugh|argh|shit|hell|sigh|great|sadly|:\(|nope|hmm?)
	\b(?:crap|damn|ugh|argh|shit|sigh|nope|sadly|oh no)\b[^.?!]*\b(?:back|again)\b
	\bspoke too (?:soon|early)\b|\bscratch that\b|\b(?:only )?for a (?:moment|minute|while)\b|\bhere we go again\b
	\b(?:isn't|aren't|wasn't|hasn't|haven't|didn't|doesn't|won't|not) (?:yet )?(?:recover|help|fixed|improve|better|enough|work|shrink|drop|fall|it)\w*\b
	\b(?:no|without) (?:recovery|improvement|luck|effect|change)\b
	\b(?:getting|got|is|are) (?:even )?worse\b
	\b(?:crash\w*|fail\w*|down|broken|timing out|alerting|firing|happening|errors?|flapping|stuck|slow|climbing|rising|growing|full) again\b
	\b(?:errors?|5xx|timeouts|latency|lag|failures|alerts?|problem|issue|it) (?:is|are|was|were|came|comes|coming|has come|have come) back\b
	\bback (?:up )?(?:to|at) (?:1000?|[4-9]\d) ?%
	\bstill (?:failing|down|broken|bad|erroring|stuck|slow|happening|firing|timing|elevated|growing|climbing|rising)\b
	\b(?:short[- ]lived|only for a|lasted (?:only )?(?:a|one|two|\d))\b`

// fallingPhrases say that an amount goes down; whether that is good depends on
// what goes down. The noun is in front.
const fallingPhrases = `([\w/%\-]+)(?: (?:rate|rates|count|ratio|times?|depth|usage|share|percentage|fraction|level|number|backlog|queue|curve))?(?: (?:is|are|was|were|has|have|keeps?|now|already|slowly|finally|starts? to|started to|begins? to|began to|been))* (?:going down|go down|goes down|went down|down to|dropping|dropped|drops|drop|falling|fell|falls|fall|fallen|declining|declined|clearing|draining|drained|decreasing|decreased|subsid\w+|slowing|coming down|came down|comes down|come down|shrinking|shrinks|shrank|easing|ebbing)\b`

// goodNouns are things that one wants more of: their fall is no improvement.
const goodNouns = `success traffic orders order sales revenue throughput hit hits hit-rate availability logins login payments payment signups signup conversion conversions completion completions requests request rps qps sessions users
	connections capacity heartbeat heartbeats deliveries delivery uploads downloads bookings trades views clicks score coverage replicas leader primary node nodes pod pods host hosts consumers consumer members us it they that which we i site service cluster zone region`
