package speech

// The phrase classes. Each line is a regular expression, matched anywhere in a
// message without regard to case. {base}, {ing} and {past} stand for the forms
// of the change verbs, {choose} for the verbs of choosing, {good} for words
// that say that something works.

const socialWords = `lunch breakfast dinner brunch coffee espresso cappuccino latte kettle tea kitchen cakes? cookies? cupcakes? donuts? doughnuts? croissants? muffins? buns? bagels? pizzas? sandwich(?:es)? burgers? tacos? burritos? sushi ramen noodles soup salad curry
	bread sourdough oven ovens fridge freezer microwave toaster dishwasher washing laundry barbecue bbq grill beers? wine pub bar-hopping cocktails? whisky whiskey snacks? chocolate candy ice-cream gelato fruit bananas? apples? cheese popcorn barista canteen cafeteria
	trains? bus buses tram metro subway commute bicycle bike bikes scooter car-?pool parking potholes? cab cabs uber taxi motorway highway autobahn a[1-9][0-9]? airport flights? luggage taxi
	garden gardening lawn dentist doctor's doctors? nurse vaccine flu birthday birthdays football soccer tennis cricket baseball basketball hockey rugby golf chess marathon jogging running-shoes gym yoga pilates swimming climbing-wall hike hiking ski skiing
	weekend weekends holiday holidays vacation vacations pto kids? toddler daughter son mum mom dad grandma husband wife girlfriend boyfriend dogs? cats? puppy puppies kitten kittens hamster parrot goldfish aquarium horse
	weather rain raining rainy snow snowing sunny sunshine umbrella heatwave party parties movie movies film cinema netflix concert concerts guitar piano drums karaoke playlist spotify podcast book-club novel
	stairs elevator elevators lift printer printers scanner stapler toner haircut hairdresser recipe recipes plumber electrician landlord roommate furniture ikea sofa couch chair chairs desk-chair plants ficus cactus
	kanban jira trello miro standup stand-up retro offsite padel badminton volleyball beamer milk flu off-site all-hands town-hall newsletter onboarding hoodies? t-shirts? mugs? stickers? swag lottery raffle quiz trivia fantasy secret-santa christmas halloween easter thanksgiving wedding baby babies shower honeymoon
	congrats congratulations timesheets? payslips? expenses receipts-for wifi wi-fi vacuum-cleaner roomba fire-drill alarm-clock crossword sudoku wordle meme memes gif gifs joke jokes pun puns lego playstation xbox nintendo poker dartboard foosball ping-pong table-tennis`

// ownPhrases speak of the writer's own tools and small errands, which fail too.
const ownPhrases = `
	\bmy (?:own |local |work )?(?:laptop|machine|mac|macbook|pc|screen|monitor|keyboard|mouse|headset|vpn|ssh key|password|account|build|branch|prs?|ide|editor|terminal|docker|env|environment|chair|calendar|internet|router|home|talk|slides|shift|flight)\b
	\bflaky\b
	\b(?:dependabot|renovate) (?:bumps?|prs?)\b
	\b(?:pr|mr) #?\d+\b.*\breview
	\b(?:need|needs|want|wants|looking for) (?:\w+ ){0,3}(?:review|reviewer|approval on my)\b
	\b(?:next|last) (?:week|month|quarter|year|sprint|friday|monday|tuesday|wednesday|thursday)\b.*\b(?:test|renewal|maintenance|planned|upgrade|migration|meeting|demo|training|review|drill)\b
	\b(?:is|are|until|since|for) next (?:week|month|quarter|year|sprint)\b
	\b(?:pager|on-?call|shift) (?:next|this) (?:week|weekend|month)\b
	\bremember the (?:outage|incident)\b
	\b(?:last|previous|yesterday's) (?:(?:week|month|quarter|year|night)(?:'s|s)? )?(?:outage|incident|post-?mortem)s?\b
	\b(?:nice|great|good) (?:write-?up|post-?mortem|talk)\b
	\bno(?:thing)? user[- ]facing\b
	\bboring\b
	\blol\b|\bhaha\b|\brofl\b
	\bguest (?:wifi|network|cert)\b
	\b(?:don't|do not|never|please|no) (?:\w+ )?(?:deploy\w*|releases?) (?:on|before|after) (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b`

const opsWords = `pods? nodes? clusters? deploy\w* releases? rollout\w* roll\w* rollback\w* reverts? revert\w* errors? latency timeouts? queues? backlog lag databases? db dbs replicas? primary secondary failover caches? redis kafka postgres\w* mysql mongo\w* rabbitmq elasticsearch
	traffic requests? responses? apis? endpoints? services? gateway proxy proxies ingress egress dns domains? certificates? certs? tls ssl disks? memory cpu oom heap gc threads? connections? pools? migrations? schema config\w* configuration flags? toggles?
	kubernetes k8s containers? workers? jobs? cron\w* logs? metrics? dashboards? graphs? alerts? alarms? pager paged incidents? outage sev\d? logins? checkout payments? orders? search upstream downstream providers? vendors? region zones? az canary staging prod production
	[45]xx 50[0-9] 4(?:01|03|04|08|09|29) p9[59] p50 slos? slas? quotas? limits? throttl\w* rate hosts? servers? vms? instances? shards? partitions? consumers? producers? brokers? leader index(?:es)? quer(?:y|ies) tables? locks? deadlocks?
	health readiness liveness probes? tokens? auth sessions? builds? pipelines? images? versions? buckets? storage volumes? networks? packets? routes? routers? firewalls? balancers? lb autoscal\w+ hpa replication snapshots? backups? restore tenants? customers? users? uploads? downloads? e-?mails? webhooks? events? messages? topics? streams? files? rows? keys? bytes apps? sites? pages? mobile web kernel reboot\w* driver patch\w* spooler machines? box boxes mounts? sensors? firmware devices? terminals? stores? sync\w* exports? imports? reports?`

const hypothesisPhrases = `
	\b(?:if|in case|unless|whether) (?:that|this|it)(?:'?s| is| was| were) (?:me|mine|my|us|ours|our|it|related|connected|the (?:cause|reason|culprit))\b
	\bcould (?:also |still )?(?:that|this|it|the|our|these|those|be)\b
	\b(?:have|got|having) (?:a|the|this) (?:\w+ )?(?:feeling|hunch|suspicion)\b
	^(?:wild |my )?(?:guess|suspect|suspicion|theory|idea|hypothesis)\b *[:,\-]
	\bcan (?:that|this|it) (?:be|have)\b
	\b(?:is|was|isn't|wasn't) (?:it|that|this|there) (?:the|our|an?|because|maybe|possibly|due|from)\b
	\bis (?:it|that|this) .{0,40}\b(?:cause|reason|culprit|trigger|why)\b
	\brelated\b
	\bmaybe\b
	\bperhaps\b
	\bpossibly\b
	\bmight (?:be|have)\b
	\bmay be\b
	\bsuspect(?:s|ing|ed)?\b
	\b(?:i|we) (?:think|guess|bet|wonder|assume|believe)\b
	\bmy (?:guess|theory|hunch|bet|money)\b
	\btheory\b
	\bhypothes[ie]s\b
	\bsmells? like\b
	\bprobably\b
	\bwonder(?:ing)? (?:if|whether)\b
	\b(?:did|has|have) (?:something|anything|anyone|anybody|someone|somebody|we|they) (?:\w+ )?(?:change|deploy|ship|merge|push|touch|release|roll)\w*
	\bwhat if\b
	^(?:\w+ )?(?:guess|bet|idea|hunch)\b
	\bthe only (?:thing|change|one)\b
	\b(?:went (?:out|live|to \S+)|was (?:deployed|released|shipped|changed|merged)|got (?:deployed|released|shipped)|deployed|released|shipped|rolled out) (?:at|around|about|just|right|shortly|\d).*
	\b(?:flooding|hammering|overloading|hitting)\b.*\?
	\bcoincidence\b
	\bis it possible\b
	\bmight just be\b
	\b(?:changed?|rotated?|deployed?|updated?|upgraded?|rolled|moved?|patched|switched|enabled?|merged?|migrated?|touched|released|pushed)\b.*\?
	\b(?:candidate|suspicious|fishy)\b
	\b(?:cause|reason|culprit|trigger|to blame|behind this)\b.*\?
	\b(?:roll-?back|restart|fail-?over|revert|that|it|this|waiting) would (?:lose|break|kill|cost|mean|take|need|drop|empty)\b
	\b(?:check|see|look|wonder\w*|know) (?:if|whether) (?:that|this|it)(?:'s| is| was| could)\b
	\bmust be\b
	^(?:and |hm+,? )?(?:what|how) about (?:the|our|that|this)\b`

const ruledOutPhrases = `
	(?:^|[.,;!] *)not (?:it|that|the one)[.! ]*$
	\brul(?:e|es|ed|ing) (?:it|that|this|them|those|the \S+|\S+ )?\s?out\b
	\b(?:can|could|we|i|let's) exclude\b|(?:^|[.,;:!] *|\b(?:can be|is|so|now|already|we|i) )exclud(?:ed|ing)\b
	\boff the (?:list|hook|table)\b
	\bnot (?:it|the (?:cause|culprit|issue|problem|reason|trigger|bottleneck)|related|guilty|ours|us|to blame|connected|involved)\b
	\b(?:(?:it|that|this|so) )?(?:is|it's|that's|this is|is|was|are) not (?:the |our |an? |because |due )
	(?:^|[,.;:] *)(?:so )?not (?:the |our |an? )(?:[\w\-]+)(?: [\w\-]+)?(?:$|[.,;!])
	(?:^|[,.;:] *)not (?:the |our |an? )?(?:database|db|network|dns|deploy\w*|release|migration|cache|cdn|proxy|load balancer|lb|config\w*|flag|traffic|ddos|cluster|nodes?|queue|disk|memory|cpu|provider|vendor|firewall|certificate|cert|app|code|kafka|redis|postgres|[\w\-]+-(?:api|service|svc|gateway|worker))\b
	\b(?:it|this|that) (?:isn't|is not|wasn't) (?:it|the|our|related|caused|because|due|from|dns|network|us)\b
	\b(?:don't|do not) (?:think|believe) (?:it's|it is|that's|that is|this is|the)\b
	\bunrelated\b
	^(?:just |i |we )?(?:checked|looked at|compared)\b.*\b(?:nothing|fine|ok|okay|same|normal|clean|unchanged|identical|flat|not (?:that|it))\b
	\bso (?:that's |it's |it is )?no(?:t|pe)?(?:$|[.,!]| (?:that|it)\b)
	\b(?:the \w+|db|database|network|disk|cpu) (?:is|are|looks?) (?:bored|idle|fine|ok|healthy|clean|innocent)\b.*\bnot\b
	^(?:no|nope|nah)[,. ]+.*\b(?:(?:is|are|was|were|been|turned|switched|still|it's) off|different|another|other|only|same|still|not|never|older|earlier|nothing|flat|normal|fine)\b
	(?:^|[.,;:] *)(?:so |nope,? |no,? )?not (?:that|this|it|those|them|these)\b
	\bso no[.!]*$
	^(?:\S+ ){1,6}no[.!]*$
	\b(?:so|then|hence|therefore) (?:it's|it is|that's|it isn't|not) (?:not )?
	\bnothing changed (?:there|on|in)\b
	\bnothing to do with\b
	\bred herring\b
	\bi doubt (?:it|that)[.! ]*$
	\b(?:i|we) (?:would|'d|can) (?:park|drop|forget) (?:it|that|this)\b
	\b(?:was|is|were|are|went|only|just|runs?|lives?) (?:only |just )?(?:in|on|to) (?:dev|staging|stage|test|qa|sandbox|canary|(?:another|a different|the other|some other) (?:\w+ )?(?:clusters?|regions?|zones?|env\w*|services?|databases?|hosts?|nodes?|tenants?|accounts?|branch|networks?|vlan|queue|topic|pools?|sites?|stack|team\w*|provider|product))\b
	\b(?:i'd|i would|we can|we could) exclude\b
	\balready (?:checked|looked|verified|ruled)\b.*\b(?:valid|fine|ok|okay|same|normal|clean|unchanged|good|nothing|not)\b
	^(?:it's|its|it is) not the\b
	\bshares? nothing\b
	\bdoes(?:n't| not) (?:touch|talk to|use|depend on|explain|affect|share|call|go through|involve|run (?:in|on))\b
	\b(?:only|just) (?:touche[sd]|touches|reads|runs|changed|went to|affects)\b.*\b(?:not|so|unrelated|docs|staging|canary)\b
	\b(?:it|that|this|they|so) can(?:'?t|not) (?:be|explain)\b
	\b(?:false|wrong) (?:lead|track|tree|alarm)\b
	\bdid(?:n't| not) change (?:with|at|since|when)\b
	\bnot (?:because|due to)\b
	\b(?:looks|is|are|seems?) (?:all )?(?:innocent|a coincidence|clean)\b
	\b(?:began|begins|started|starts|was there|were there|were happening|happened) (?:already )?(?:\S+ )?(?:earlier|before) (?:that|it|than|the|this)\b
	\bsame (?:errors?|thing|problem) (?:on|with|in|before|without) .*\bnot\b
	\bno changes? (?:there|on our side|in)\b
	^(?:no|nope)[,. ]+(?:that|this|it)(?:'s| is| was) .*\b(?:canary|staging|flag|another|different|off|only|last week|yesterday|rolled back already)\b
	\b(?:has|have|had|there is|there's|with) no (?:\w+ )?(?:connection|relation|link|bearing|effect|influence|business) (?:with|to|on|here)\b
	\b(?:isn't|is not|wasn't|aren't) (?:connected|related|linked)\b
	\b(?:'s|is|are|was|were|looks?) (?:completely |totally )?innocent\b
	\bnothing (?:was )?touched\b
	\b(?:leave|keep) (?:it|that|this) out of (?:it|this)\b|\buntouched by\b|\b(?:changes|touches|affects) only\b|\bonly (?:changes|touches|affects|renames|adds)\b
	\b(?:has|have|did)(?: not|n't) (?:run|changed?|moved|started|been (?:touched|changed|deployed|released)) (?:today|since|in|for|at|this|there)\b
	\bso (?:the |that |it )?(?:\w+ )?is out\b
	\bcannot be (?:it|this|that|the)\b|\bcan't be (?:it|this|that|the)\b
	\bno (?:attack|ddos|abuse)(?:$|[,.!]| here| there| at all| either)`

const takenPhrases = `
	\b(?:i'm|im|i am|we're|we are) (?:on (?:it|this)|looking|checking|investigating|here|taking|online|digging|around|joining|available)\b
	\bon it\b
	^(?:ok,? )?(?:awake|up|here|online)(?: now)?[.!,]*$
	^(?:i )?will (?:check|look|see|investigate|have a look)\b
	^(?:\w+,? )?(?:i'm |i am |am )?(?:up|awake|in|on)[.,!]
	\b(?:opening|checking|reading|pulling up|looking at|opened) (?:the|my|some) (?:graphs?|dashboards?|logs?|laptop|runbook|alerts?|metrics|traces)\b
	\b(?:i can|i'll|i will|let me) (?:drive|lead|do it|coordinate|take|run it)\b
	\b(?:i'll|i will|let me) see\b
	^(?:picked (?:it |this )?up|jumping (?:in|on)|roger|ack\w*)\b|^copy(?: that)?(?:$|[.,!])
	\b(?:eyes on|having a look|taking a look)\b
	\b(?:picking (?:this|it) up|on the case)\b
	(?:^|[/,] *)(?:ok(?:ay)?[,. ]+|hi[,. ]+|hey[,. ]+)?(?:(?:looking|checking|investigating|on (?:this|it)|ack\w*|taking (?:it|this|a look)|got it|o/|on my way|joining|grabbing (?:it|this)|digging|paged in|reading up|i have it|i got it)\b|(?:here|seen|online)(?: now)?(?:$|[.,!]| and\b))
	\b(?:taking|i'll take|ill take|i will take|i can take|i take|i've got|i have got|i have|i got|let me take|let me get) (?:this|it|the (?:con|page|lead|incident)|a look|that|one)\b
	\b(?:have|having|take|taking|took|i take) (?:a look|the (?:con|lead|command|ic)|command|over|incident command)\b
	\b(?:i'll|i will|ill|let me) (?:have a )?(?:look|check|investigate|dig|jump|hop|join|handle|drive|lead|run point|coordinate)\b
	\bi(?:'m| am|'ll be| will be) (?:the )?(?:ic|incident commander|commander|incident lead)\b
	\backn?(?:owledged|ed|'d|ing)?\b
	\b(?:got|was|i was|been) (?:the )?page(?:d)?\b
	\b(?:at|back at|in front of) (?:the|my|a) (?:laptop|keyboard|desk|computer)\b
	(?:^|[/,.] *)mine *(?:$|[.,!])
	^(?:\S+ ){0,3}(?:taking a look|having a look|looking into (?:it|this)|looking now|will look)\b
	\bi (?:go|come|walk|run|drive|head)(?: over| down| up)? (?:and |to |over )?(?:look|check|see|there)\b
	^(?:ok(?:ay)?,? |hi,? |yes,? )*i (?:look|check|go) (?:at|into|there|now)\b
	^(?:ok |yes,? |ah,? )?i see (?:it|that|this)\b
	\bthat(?:'s| will be| is| was|'ll be) me\b
	\bgive me (?:\S+ ){1,2}(?:min|minutes|sec|seconds|moments?)\b|\bi need (?:\S+ ){1,2}(?:min|minutes) to (?:get|log|open)\b
	\b(?:starting|going|about) to (?:dig|look|check|investigate|read)\b
	\bi(?:'ll| will) (?:run|lead|drive|handle|own|take) (?:this|it|that|the incident|the call)\b
	^(?:i )?have (?:it|this)\b[.! ]*$|^got (?:it|this)\b[.! ]*$
	\b(?:got|received|saw|seen) the (?:page|alert|ticket|alarm)\b
	^(?:paging|logging|diall?ing|hopping) in\b
	(?:^|[,.] *)we (?:look|check|are looking|are checking|'re looking|investigate)\b(?: at it| into it| now| at that)?[.! ]*$`

const reportPhrases = `
	\b(?:customers?|users?|clients?|people|ppl|folks|viewers|streamers|moderators?|visitors|residents|passengers|merchants?|partners?|tickets?|support|subscribers|students|patients|drivers|riders|shoppers|guests|players|tenants|callers|agents|readers|sellers|buyers|travellers|travelers|couriers|account managers?|sales|call cent(?:er|re)|help ?desk|service desk|everybody|everyone|somebody|someone)\b.*\b(?:complain\w*|report\w*|can'?t|cannot|unable|sit|sitting|asking|asks?|missing|errors?|fail\w*|blank|empty|slow|stuck|down|seeing|says?|said|saying|nobody|see|get|gets|getting|writing|wrote|calling|calls|wait\w*|affected|broken|locked out|wrong|timing out|timeouts?|lost|not|kicked out|logged out|charged twice|don't|doesn't|stopped|receiv\w+|hang\w*)\b
	\b\d+\+? (?:new |more |open |support )*(?:tickets?|calls|complaints|mails|emails|chats|reports)\b
	\b(?:tickets?|complaints|calls|reports) (?:are )?(?:coming|piling|rolling|flooding|pouring|spiking|in)\b
	\b(?:getting|we get|got|seeing|hearing|receiving) (?:\w+ )?(?:reports|complaints|calls|tickets|messages|mails) (?:of|about|from|that|on)\b
	\b(?:ha(?:s|ve) (?:just )?(?:rung|rang|called|phoned|written|complained)|rang|rung|phoned|called in|wrote in)\b
	\bsays? the same\b
	\b(?:two|three|four|five|six|seven|eight|nine|ten|a dozen|dozens of|several|many) (?:\w+ )?(?:tickets?|calls|complaints|mails|emails|chats|reports)\b
	\b(?:wave|flood|lots|bunch|number|series|dozens?|hundreds?) of (?:\w+ )?(?:tickets?|calls?|complaints|reports|mails|chats)\b
	\bspike in (?:tickets|complaints|calls|reports)\b
	\b(?:on|all over) (?:twitter|social media|x|facebook|reddit|downdetector)\b
	\bmore about\b
	\b(?:a|an|one|two|three|four|five|six|\d+|several|some|many|few|first|another|couple of) (?:[\w\-]+ ){1,3}(?:called|phoned|rang|wrote|write|complain\w*|mailed|e-?mailed|tell us|told us|are asking|asks?|asked)\b(?: (?:in|us|me|that|about|because|why|whether|if))
	\b(?:called|phoned|rang|wrote|mailed) (?:in|us|me|the desk|the hotline|support)?,? ?(?:and )?(?:that|says?|saying|to say|about|because)\b
	\b(?:hotline|phones?|inbox|mailbox|chat) (?:is |are )?(?:ringing|full|lighting up|exploding|busy|melting|on fire)\b
	\b(?:reviews?|reviewers?|forum|branch(?:es)?|stores?|shops?|offices?|wards?|tenants?|schools?|hospitals?|teachers?|doctors?|nurses?|pharmac\w+|hotels?|cashiers?|operators?|residents?|editors?|traders?|pilots?|drivers?|riders?|couriers?|guests?|callers?|players?|pupils?|patients?|passengers?|members)\b.*\b(?:complain\w*|(?:has|have|see|sees|get|gets|got) no|cannot|can't|without|missing|empty|wrong|lost|errors?|slow|down|stuck|fails?|blank|broken|nothing|thrown out|logged out)\b
	\bcomplaints? (?:from|by|about)\b
	\b(?:merchants?|customers?|users?|callers?|clients?|partners?|guests?|drivers?|stores?|shops?|schools?|hotels?|offices?) (?:are |is )?on the (?:line|phone)\b`

const failingPhrases = `
	\b(?:errors?|erroring|exceptions?|fail(?:s|ed|ing|ures?)?|crash\w*|timeouts?|time out|timed out|timing out|times out|refus\w*|reject\w*|den(?:ied|ies|ying)|unreachable|unavailable|down|dead|broken|stuck|hang\w*|hung|frozen|full|exhausted|maxed|saturated|pegged|spik\w+|climb\w*|grow(?:s|ing)|grew|piling|backed up|pending|evicted|oom\w*|restart(?:s|ing)|loop(?:s|ing)?|expired|missing|stale|lagging|behind|slow\w*|worse|degraded|dropp(?:ed|ing)|lost|losing|leak\w*|deadlock\w*|throttled|overload\w*|corrupt\w*|misconfigured|wrong|invalid|unhealthy|not respond\w*|no response|outage|brownout|flapping|starv\w*|lock(?:ed)?|blocking|blocked|bad|bug|buggy|old (?:config\w*|cert\w*|version|key|password|secret|address|endpoint|ip)|read[- ]only|split[- ]brain|unable|duplicate[sd]?|twice|garbage|out of sync|saturat\w+|contention|storm|flood\w*|thundering|stampede|rejecting|abort\w*|killed|panic\w*|segfault\w*|stack ?trace\w*|nullpointer\w*|npe)\b
	\bnot[- ]?ready\b
	\b[45]\d\ds?\b|\b[45]xx\b
	\bon their side\b|\btheir fault\b
	\bno (?:timeout|circuit breaker|runbook|alert\w*|retr\w+|free|space|capacity|autoscal\w+|fallback|healthy|leader|quorum|route|index|limit|connection\w*|response|data|traffic|metrics|logs)\b
	\b(?:busy|waits?|waiting)\b
	\bused up\b
	\b(?:is|are|at|went to|drop(?:s|ped) to|fell to) (?:zero|0)\b
	\b(?:spin(?:s|ning)?|load(?:s|ing)?|hang(?:s|ing)?|wait(?:s|ing)?) forever\b
	\b(?:can'?t|cannot|could not|couldn't|can not) (?:connect|reach|resolve|write|read|allocate|schedule|log ?in|pull|find|open|start|get|acquire|parse|see|join|elect|mount)\b
	\bout of (?:memory|disk|space|connections|file|inodes|ips|handles|the isr|capacity|workers|sockets|ports|range|date)\b
	\b(?:doesn't|does not|don't|do not|won't|didn't|did not) (?:work|respond|answer|resolve|start|boot|come up|connect|load|accept|exist|match|finish|get|have|fit|reach|arrive|sync|scale)\w*\b
	\b(?:error|success|hit|failure|cache) (?:rate|ratio)\b
	\b(?:points?|pointing|pointed|set) (?:to|at) the (?:wrong|old|staging|test)\b
	\b(?:at|over|above|hit|hits|reached) (?:its |the |our )?(?:(?:limit|max\w*|quota|cap)\b|(?:100|9\d(?:\.\d+)?) ?%)
	\b(?:went|jumped|rose|increased|climbed|shot up|doubled|tripled) (?:up )?(?:from|to|by)\b
	\b(?:fell|dropped|went down|decreased|collapsed|plunged) (?:from|to|by)\b
	\btoo many\b
	(?-i:\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b)
	(?-i:\bE[A-Z]{5,}\b)
	\b(?:is|are|was|turned|went|goes|still) (?:all )?(?:red|orange|sealed|revoked|denied|forbidden|unassigned|read[- ]only|offline|gone|disabled by|suspended by|unreachable|dirty|inconsistent|diverged)\b
	\b(?:is|are|still) (?:all )?out(?:$|[.,;!]| since| of (?:sync|memory|space|stock|service|order)\b)
	\b(?:access ?denied|permission denied|forbidden|unauthori[sz]ed|unassigned|mismatch\w*|revoked|sealed|crashloop\w*|steal|orphaned|dangling|zombie\w*|hotspot\w*|skew\w*|stall\w*|wedged|jammed|clogged|poison\w*|bloat\w*|runaway|regress\w*)\b
	\b(?:does|do|did) nothing\b
	\bonly (?:the |those |these )?\w+(?: \w+){0,3} (?:on|in|with|from|have|has|fail|are|is)\b
	\bevery (?:second|other|third|single|request|call|job|user|pod|app)\b
	\bhave been (?:since|for)\b
	\b(?:lost|losing|lose|loses) (?:its|their|the|all|our)\b
	\bnot enough\b|\b[A-Z]{3,}(?:_[A-Z]+)+\b
	\b(?:thousands|hundreds|millions|lots|tons|loads|bunch) of\b|\bhammer\w*\b
	\bempty\b|\b(?:zero|no|0|none) (?:healthy|ready|live|available|running|free) \w+
	\bis gone\b|\bare gone\b|\bgone since\b|\bseq(?:uential)? scans?\b|\bfull (?:table )?scans?\b
	\b(?:someone|somebody|something|a script|the (?:job|script|cron\w*|deploy\w*|migration|upgrade|update|patch|cleanup|import|sync)) (?:\w+ )?(?:deleted|changed|removed|dropped|moved|disabled|revoked|overwrote|overwritten|replaced|filled|ate|broke|killed|locked|truncated|reset)\b
	\b(?:started|began|begins|starts|happening|happens) (?:about |around |roughly )?(?:\d+ ?(?:m|min|minutes|h|hours|s|sec|seconds) ago|at \d|with the|right after|after the)\b
	\b(?:limit|max\w*|threshold|quota|timeout) (?:is|was|of|set)\b
	\boff by\b
	\b\d\S* off\b
	\b(?:last night|yesterday|last week|this morning|normally|usually|before|until \w+)\b.{0,30}\b(?:was|were|it is|had|only)\b|\b(?:was|were|had) .{0,40}\b(?:until|before|yesterday|last night|last week)\b
	\b(?:all|every|each|none of) (?:the )?(?:\d\S*|of|our)\b
	\b(?:did not|didn't|doesn't|does not|won't|isn't|hasn't) (?:help|work|fix|change|make)\w*\b
	\bonly (?:requests|users|tenants|customers|traffic|pods|hosts|nodes|calls|posts?|gets?|zone|region|shard|on|in|from)\b
	\bonly (?:\w+ )?(?:tenants|customers|users|requests) (?:on|in|from)\b
	\b(?:flag|feature|\S+-\S+) is on for \d+
	\b(?:still|all) (?:use|uses|using|serve|serves|serving|on|run|runs|running|point|points|pointing)\b
	\b(?:normally|usually|instead of|it used to be|should be|expected|baseline is)\b
	\b(?:is|are|was|were) (?:not|no longer) (?:\w+ed|\w+ing|there|in it|in sync|on|up|available|valid|trusted|known|allowed|readable|writable|visible)\b
	\b(?:isn't|aren't|wasn't|weren't|no longer) (?:\w+ed|\w+ing|there|in it|in sync|on|up|available|valid|trusted|known|allowed|readable|writable|visible)\b
	\bnot \w+(?: \w+)? any ?more\b|\bno longer\b
	\b(?:unknown|untrusted|unrecogni[sz]ed|unsigned|undefined|unsupported|incompatible|illegal|malformed|truncated|undeliver\w+|unmounted|unprocessed) \w+|\bno such\b|\bx509\b|\bnot found\b
	\bstays? (?:gr[ae]y|blank|white|black|empty|dark|silent|offline|red|on loading)\b
	\b(?:nothing|nobody|no one|none of \S+(?: \w+)?) (?:\w+ )?(?:gets?|got|arrives?|arrived|comes?|goes|went|works?|answers?|answered|can|is|has|reaches|loads?|prints?|syncs?|receives?)\b(?: \w+)? (?:through|out|in|in there|anything|at all|any ?more|since|from)\b
	\b(?:ran|runs|run) out\b|\b(?:lapsed|expires?|unsynced|unreplicated)\b
	\b(?:eats?|ate|eating|hogs?|hogging|holds?|holding|takes?|taking|took|uses|using|used) (?:up )?(?:all|every|the whole|the lock)\b
	\b(?:re-?booted|restarted|came up|woke up) (?:at|around|since|by itself|itself|on its own|tonight|this morning|\d)
	\b(?:differs?|deviat\w+|disagree\w*|discrepan\w+|inconsisten\w+|do(?:es)?n't add up|doubled|double[- ]?(?:booked|charged|posted|counted)|negative (?:stock|balance|count|lag))\b
	\b(?:just|all|suddenly|have|has|simply|everything|they) (?:\w+ )?stopped\b|\bstopped (?:working|moving|responding|printing|syncing|updating|coming|dead|in the)\b
	\bnothing(?: is|'s)? (?:\w+in[g']?|moves?|works?|loads?|comes?|arrives?|prints?|goes)\b
	\b(?:way|far) (?:up|down|off|over|too)\b
	\berror (?:page|screen|message)s?\b|\b(?:blank|white|black) (?:page|screen)s?\b
	\btakes? \d+(?:\.\d+)? ?(?:ms|s|sec|seconds|min|minutes|h|hours)\b|\b(?:of|over|above) (?:an?|its|the|our) \d\S* ?(?:ms|s)? (?:budget|limit|timeout|quota)\b
	\bfreez(?:e|es|ing)\b|\b(?:ill|sick|unhappy|confused|upset)\b|\bthrow(?:s|ing)\b|\bnever (?:loaded|reloaded|read|got|came|arrived|finished|picked|restarted|started|sent|reached)\b
	\b(?:gets?|getting|got|receives?|receiving|sees?|sends?|prints?|returns?|delivers?|shows?) (?:nothing|no \w+|only|old|empty|stale|wrong|yesterday's)\b
	\b(?:stopped|stops|quit|ceased) (?:draining|working|responding|answering|consuming|processing|syncing|sending|receiving|arriving|coming|updating|replicating|writing|reading|accepting|publishing|moving|ticking|printing|serving|listening|delivering|booting|running|selling|loading)\b
	\bwithout (?:backoff|back_off|limit|timeout|index|retry|retries|jitter|lock)\b|\blike crazy\b
	\b(?:last (?:month|time|year)|the day before) it was\b|\b(?:tripled|quadrupled|exploded|collapsed|jumped|halved)\b|\b\d+(?:\.\d+)? ?(?:x|times) (?:of |the |as |more|normal|usual|higher|our)
	\b(?:do|does|did|can|could|will)(?: not|n't|not) (?:hand|give|let|show|print|move|open|close|turn|play|update|refresh|save|send|receive|deliver|render|register|count|appear|change|take|react|ring|pay|book|pass|ship|pick|scan|boot|read|write|stop|go|come|call|sell|issue|charge|place|recogni[sz]e|find|reach|see|carry|hold|keep|talk|agree|close|drain|recover|expire|refund|sync|upload|download|stream|publish|log|sign|check|order|search|list|add|run)\b
	\b(?:breaking|breaks)\b
	\bnormal(?:ly)? (?:is|are|it is|they are|\d)|\bneeds? \d+(?:\.\d+)? ?(?:ms|s|sec|seconds|min|minutes)\b
	\b(?:stand|stands|standing) still\b|\bstandstill\b|\bthrown out\b|\b(?:doesn't|not) lik(?:e|ing) (?:it|that|them)\b
	\b(?:die|dies|dying|died) (?:after|at|with|one|on|again|when|during)\b|\bevicts?\b|\blike mad\b|\blags? (?:by|behind|\d)|\bnever (?:come|comes|return|returns|finish\w*|arriv\w+|answer\w*|gets?|reach\w*)\b|\bpinned at\b|\bthe (?:staging|wrong|old|test) one\b|\bno (?:members|owner|target|backend|upstream|quota left|room|memory|workers?|consumers?|nodes?|pods?)\b
	\bpil(?:e|es) up\b|\bevery (?:few|couple of|\d+) (?:seconds|minutes)\b|\b(?:minutes|seconds|hours) (?:ahead|behind|off|late|old)\b|\b(?:\d+ ?[kmg]b|\d+ ?%|\d+ (?:minutes|hours|gigs?)) (?:left|free|remaining)\b
	\b(?:drown(?:s|ing)|overflow\w*|choking|swamped|buried|declin(?:es|ed|ing)|turned away|jam(?:s|med)?)\b`

const decisionPhrases = `
	^i (?:hereby )?(?:authori[sz]e|approve|order|instruct|direct)s?\b
	\bdecision\b
	\b(?:decided|deciding|we decide|i decide)\b
	\b(?:let's|lets|let us|let me)\s+{fill}(?:{base}|{choose})\b
	\b(?:going to|gonna|about to)\s+{fill}(?:{base}|keep|stay|wait|hold|leave|continue|do (?:it|this|that|the|a)|take (?:the|it|them|\S+ out)|try)\b
	\b(?:i'll|we'll|i will|we will|will|i'd|we should|i would|i want to|we want to|want to|we need to|need to|we have to|have to|must|i say we|i vote (?:to|we|for)|vote(?:s)? for|i propose|propos\w+ (?:to|that|we)|suggest(?:ing)?(?: to| we)?|recommend(?: to| we)?)\s+{fill}(?:{base}|keep|stay|wait|hold|leave|continue|do (?:the|a)|use|accept)\b
	(?:^|[,.;:!] *|\b(?:so|then|ok|okay|and|but) )we\s+{fill}(?:{base}|keep|stay on|stay with|wait|hold|leave|continue|do (?:the|a)|take (?:the|it)|accept|go (?:with|for|back|to)|use)\b
	\bwe (?:'re |are )?(?:fail over|roll back|patch forward|fix forward|roll forward|shed load|go back)\b
	^(?:ok(?:ay)?|alright|right|then|so|fine)?[,:. ]*(?:go|going) (?:with|for)\b
	\bgoing with\b
	\bgo(?:ing)? for (?:the |a )?(?:{base}|option|plan)\b
	\b(?:agreed|go ahead|green light|make it so|ship it|let's do it)\b
	^(?:\S+ ){0,2}approved\b|\bapproved(?: for (?:now|\d+)|[.,!:;] |[.! ]*$)|\b(?:is|are|you're|have|has|been) approved\b
	^(?:yes|ok|okay|yep|sure)?[, ]*(?:do it|go)[.!]*$
	\b(?:let|letting|leave|leaving) (?:it|them|that|the \w+) (?:finish|run|be|drain|complete|recover|die|burn)\b
	\bif .{0,60}\b(?:i|we) (?:will |would |then )?(?:{base})\b
	^(?:plan|call|my call|the call|the plan|verdict|proposal|decision)\b\s*(?::|is|-)
	\b(?:my call|calling it|i call it|making the call|the call is|my decision)\s*(?::|,|-)
	\bproposal\b
	\bwe(?:'re| are)? (?:choosing|opting|picking)\b
	\b(?:choose|chose|opt|opting|opted) (?:to|for)\b
	\brather {fill}(?:{base}|wait|lose)\b
	\brather than\b
	\binstead of (?:{ing}|waiting)\b
	\b(?:fastest|safest|quickest|cheapest) (?:way|path|option|fix)\b
	\b(?:risk|downtime|loss|impact) is acceptable\b
	\boption [a-d1-4]\b
	\bi'd (?:say|vote|go|prefer|suggest)\b
	\b(?:rollback|revert|failover|restart|restore|scale[- ]?up|hotfix|plan [a-d]|option [a-d1-4]) it is\b
	\bplan [b-d]\b
	\bmy vote (?:is|goes|:)|\bi vote\b
	\b(?:i'm|i am|we're|we are) (?:for|in favou?r of) (?:{ing})\b
	^(?:hold|freeze|stop|pause) (?:all |the |any )?(?:deploys?|releases?|rollouts?|merges?|changes)\b
	\bunless (?:somebody|someone|anybody|anyone|you) (?:\w+ )?(?:screams?|objects?|shouts?|disagrees?|stops?)\b
	\b(?:shout|yell|speak up|scream) if\b|\bif (?:nobody|no one) objects\b
	\bno point in (?:waiting|\w+ing)\b
	\bgo with the (?:{base}|failover|rollback|revert|restart|restore|hotfix)\b
	\b(?:going|i'm going|we're going) for (?:that|this|it)\b
	\b(?:i|we) (?:would|will|'ll|'d) (?:just |rather |simply )?(?:{base}|mount|wait for|hold off|leave|keep|stay|stop)\b.*\b(?:if|until|when|and|later|then|first)\b
	\b(?:i|we) wait for\b
	\bwe (?:pin|freeze|hold|stay|skip|park|disable|send|run|serve|mount|move|split|ask|use|go)\b.*\b(?:until|till|for now|instead|meanwhile|in the meantime|first)\b
	(?:^|[.,;:!] *)(?:please )?do it\b
	\b(?:is|looks|seems) (?:the )?(?:safer|faster|quicker|cheaper|less risky|safest|cleaner)\b(?:[,.;]| than| to| and)
	^options?\b *:
	\b(?:turning|switching|taking|moving|rolling|going) (?:\S+ ){1,4}rather than\b
	\blet us go (?:down|back|up|to|with|for)\b|\blet's go (?:down|back|up|to|with|for)\b
	^(?:ok |so |right )?then \S+ (?:out|off|down|back|away)\b
	\b(?:two|three) (?:ways|options|choices)\b
	\bi (?:ask|tell|go|start|begin|try) .*\b(?:and|then) (?:{base})\b
	^(?:so |ok |then |right,? )*(?:fix |roll |patch )?forward\b
	\bplease (?:proceed|go ahead|do so)\b|\bproceed with\b
	\bi say we \w+
	\bi want (?:the |it |them |this |that |all )?(?:\S+ ){0,3}(?:off|out|back|down|gone|stopped|paused)\b
	^(?:best|safest|quickest|only|first|better) (?:option|way|choice|move|bet|plan|thing)\b *[:,]
	\bmy (?:preference|suggestion|proposal|advice|recommendation|plan) (?:is|would be)\b
	\b(?:we|i)(?:'d| had) better\b
	\b(?:final|my|the) (?:call|decision|word)\b *[:,]
	^(?:hotfix|roll-?back|fail-?over|restart|fix|patch|revert|forward|waiting) (?:instead of|rather than|over|before)\b
	\b(?:let's|lets|let us) (?:\w+ ){1,2}and (?:{base})\b
	\bback to \S+(?: \S+)?,? please\b|^(?:so |ok |then )*back to (?:the |version )?(?:v?\d+\.\S+|old|previous|last)\b
	\b(?:can't|cannot|can not|not going to) wait\b
	^(?:stopping|freezing|holding|pausing) (?:all |the |any )?(?:deploys?|releases?|rollouts?|merges?|changes)\b
	\bride it out\b|^(?:ok |so |then )*hold (?:the|all|every)\b|\bstick with\b`

const refusePhrases = `
	^(?:no|nope|negative)[,. ]+.*\b(?:keep|cannot|can't|not safe|too risky|don't|do not|wait|stay|leave|hold|patch forward|fix forward|roll forward)\b
	\b(?:don't|do not|not going to|won't|better not|no point in) {fill}(?:{base}|touch)\b
	\blet's not (?:{base}|{choose}|wait|touch)\b
	\b(?:no|not a) (?:rollback|failover|restart|revert)\b
	\btoo risky\b`

const actionPhrases = `
	\b(?:{past})\b
	\b(?:{ing})\b
	\b(?:changed|moved|set|put|switched) back\b
	\b(?:pods?|nodes?|services?|workers?|brokers?|containers?|apps?|servers?|daemons?|prox(?:y|ies)|collectors?|instances?|hosts?) (?:were |are |have been )?(?:now )?(?:restarted|reloaded|rebooted|resynced)(?:$|[,.;!])
	\btraffic (?:is |was |has been )?(?:now )?(?:shifted|moved|switched|rerouted|redirected|sent|going) (?:to|away|off|over)\b
	\b(?:{loose}) (?:the|our|all|both|max_\w+|\d+)\b.*\bby hand\b
	\brb'?(?:ing|ed|d)\b
	\b(?:roll-?back|revert|fail-?over|restart|redeploy|restore|rebuild|rollout|scale\W?(?:up|out)|drain|hotfix|purge|migration|rotation|renewal|resync|backfill|cutover) (?:is |was |has )?(?:now )?(?:started|running|in progress|under ?way|initiated|kicked off|triggered|going|ongoing|begun)\b
	\b(?:started|starting|kicked off|kicking off|triggered|triggering|initiated|initiating|running|ran|doing|did|executed|executing|performed|began) (?:a |the |an )?(?:\w+ )?(?:roll-?back|revert|failover|restart|redeploy|restore|rebuild|cleanup|drain|migration|purge|scale\W?(?:up|out)|rollout|reindex|hotfix|resync|backfill|script|playbook|terraform apply)\b
	\b(?:fix|hotfix|patch|revert|workaround|rollback) (?:is )?(?:out|live|merged|deployed|deploying|rolling out|in|shipped|released|landed|went out|went live|was deployed|was shipped|was released|pushed|going out|on its way|in place)\b
	\b(?:flag|toggle|switch|feature|cron\w*|job|alert|import\w*) (?:is |are )?(?:now )?(?:off|on|disabled|enabled|paused)\b
	\b[A-Za-z]\S*[-_.]\S+ (?:is |are |now )+(?:off|on|disabled|enabled|paused)\b
	\b(?:is|are|now) (?:now )?(?:switched |turned )?(?:off|disabled|paused|drained|suspended|stopped|blocked|down for maintenance)(?:$|[,.;!]| now| again| since| at| for)
	\bin maintenance(?: mode)?\b
	\b(?:off|on|active|activated|deactivated|enabled|disabled|live|installed|loaded|in place) since\b
	\b(?:is|are|has been|have been|was|were) (?:now |again |already )?(?:{past}|activated|deactivated|loaded|installed|mounted|imported|registered)(?:$|[,.;!]| (?:again|now|since|at|on|in|to|from|for|everywhere|back)\b)
	\b(?:is|are) (?:now )?(?:out of (?:the )?(?:rotation|lb|load ?balancer|pool|service|dns)|back in (?:rotation|service|the pool)|live|merged|deployed|rolled out|out (?:on|in|to|everywhere|for)|off everywhere|in place)\b
	\b(?:limit|pool|replicas?|timeout|weight|ttl|quota|flag|setting|max|min|concurrency|memory|version|record|size|traffic) (?:\w+ ){0,2}(?:is|are) now \S+
	\b(?:put|got|brought) (?:\S+ ){1,4}back\b
	\b(?:kicked|bounced|nuked|yanked|poked|cycled|evacuated|swapped|wiped)\b
	\bis (?:running|going)(?:,| now| \(|$)
	\b(?:is|are) (?:now )?(?:on|in|at|behind|served (?:from|by)|pointing (?:to|at)|using) (?:the |a )?\S+(?: \S+)? now\b
	\b(?:pipeline|job|script|playbook|restore|build|migration) (?:is )?(?:runs|running|started|in progress)\b
	\bset \S+ (?:\w+ )?(?:back )?(?:to|=)
	\b(?:old|previous|former|last good|original) (?:\S+ ){1,2}(?:is|are) back (?:on|in|at)\b
	(?:^|[,.;:] *|\b(?:so|then|ok|okay|and|yes) )i {fill}(?:{base})\b
	\b(?:going|went|gone|switch\w*|moved|moving|fall\w* back) (?:to |back to |over to )?(?:fully |full |all )?(?:manual|paper|pen and paper|phone|by hand|offline mode|plan b)\b
	^(?:ok |and |all )?done (?:on|for|in|at|with|everywhere)\b
	\b[a-z]\w*[_.\-][\w.\-]+ (?:is|are) (?:now )?(?:(?:back )?(?:at|to) \d+(?: ?%|$|[ ,.;!])|set to |back to \d|(?:0|zero|off|on|false|true)(?:$|[,.;!]))
	\b\S*\d\S* (?:is |are )?(?:now )?(?:out|live|installed|active) (?:on|in|at|to|for|everywhere)\b
	^(?:re)?started (?:it |the \w+ )?again (?:with|on|at|using|from)\b
	\b(?:setting|set|put|putting|turning|turned|switching|switched) (?:it|them|that|this) (?:back|off|on)\b
	\b(?:by hand|manually|on paper)\b
	\b(?:old|previous|former|last good|original) (?:\S+ ){1,2}(?:is|are) (?:now )?(?:active|live|in place|deployed|loaded)\b
	^(?:and |ok |all )?done *[:,]
	\b(?:weight|traffic|share|limit|pool|flag|ttl) (?:\S+ ){0,5}(?:is|are) (?:now )?(?:zero|0|off|on|\d\S*) (?:since|now)\b
	^(?:all |both |the )?(?:\S+ ){1,2}(?:restarted|reloaded|rebooted|redeployed|drained|rotated|purged|resized|scaled|replaced|paused|stopped|disabled|enabled|reverted|rolled back|patched|upgraded|applied)(?:$|[,.;!]| one (?:by|after)| now| on (?:all|both|every|the)| everywhere| in all| by hand| cleanly| as well)
	\bnew (?:cert\w*|key|version|config\w*|image|secret|build|rule|binary) (?:is|are) (?:on|in|at|out|live|loaded|everywhere)\b
	\b(?:had|got|made) (?:the |our )?(?:\w+ ){1,2}(?:to )?(?:{base}|reboot|restart)\b
	^(?:the |all |both |our )?(?:\S+ ){1,2}(?:{past}|rebuilt|restored|reindexed|recreated|cleared|removed|added|updated|patched|merged|deleted|restarted|reset|extended|moved|commented out)(?: (?:out|back|up|down|off|on))?[.! ]*$
	\bcommented out\b
	\bpoints? (?:back )?to the (?:old|new|backup|standby|second|other|previous) \S+ (?:again|now)\b
	\bran the \S+ (?:script|job|playbook)\b
	\b\S+ (?:loaded|installed|deployed|activated|mounted|imported|restored) on (?:both|all|every|the|each|\d+)\b`

const communicationPhrases = `
	(?:^|[.,;] *)(?:i |we )?(?:have |'ve |just |also )*(?:told|rang|called|phoned|advised|informed|notified|briefed|mailed|texted) (?:the |all |our )?\w[^:.,]{2,40}?(?::| by (?:e-?mail|phone|mail|sms|telephone|fax|radio)\b| \+ )
	\b(?:sms|mails?|e-?mails?|text messages?|letters?|circulars?) (?:(?:has been|have been|is|are|was|were|now|all|just|to (?:\S+ ){1,3}?) ?)*(?:sent|issued|posted)\b
	^posted (?:on|to|in) 
	^(?:i |we |just |now |have )*(?:posted|published|announced|tweeted)\b[^:"]{0,30}: ?["'«]
	\b(?:status ?page|status-page|statuspage|public status)\b.*\b(?:updated?|posted?|published|says?|live|up|changed?|set|is now|green|yellow|red|incident created|incident opened)\b
	\b(?:updated?|updating|posted|posting|published|publishing|put|wrote|changed|sent|created|opened|set)\b.*\b(?:status ?page|status-page|statuspage|public status|banner)\b
	^(?:status ?page|statuspage|public status|status-page)\b
	\b(?:customers|users|clients|partners|merchants|stakeholders|leadership|management|support|account managers|accounts|press|legal|execs?|tenants|sales|marketing) (?:have been |were |are |has been |was |is )?(?:informed|notified|told|e-?mailed|updated|briefed)\b
	\b(?:informed|notified|told|e-?mailed|briefed|emailing|notifying|informing|mailed|telling|called) (?:\S+ ){0,4}?(?:customers|users|clients|partners|merchants|stakeholders|leadership|management|support|accounts?|press|legal|execs?|sales|tenants|marketing)\b
	\b(?:comms?|communication|announcement|notice|banner|tweet|mails?|e-?mails?|newsletter|push|customer (?:update|message|mail)) (?:is |has been |was |to \S+ |for \S+ )*(?:out|sent|posted|live|up|published)\b
	\b(?:customer |client |exec |internal |stakeholder |public )(?:comms?|communication|update|mail|e-?mail|notice|message)s? .*\b(?:out|sent|posted|live|up|published)\b
	\b(?:sent|posted|published|drafted|put up|put out|pinned|put|wrote|mailed) (?:an?|the|out|our)? ?(?:first |second |customer |public |internal |in-app |external |exec |mass |short |an? )*(?:comms?|update|announcement|notice|banner|tweet|message|note|e-?mail|mail)\b.*
	\btweeted\b
	\b(?:mailed|e-?mailed|texted|informed|notified) (?:all |the |our |every )?\w+
	\bcalled (?:all |the |our |every )(?:customers?|users?|clients?|partners?|merchants?|accounts?|stores?|sites?|\w+ers)\b
	\b(?:updated|changed|set) the (?:public )?status\b
	\b(?:customer success|support|sales|helpdesk|care|account managers?|csms?) (?:has|have|got) (?:the|a) (?:wording|macro|text|template|message|script|answer)\b
	\b(?:wrote|writing|mailed|called|phoned|pinged) (?:to )?(?:the |all |our )?(?:affected |key |top |big |\d+ )*(?:customers?|tenants?|clients?|partners?|merchants?|accounts?|users?)\b
	\b(?:public|first|next|new) update (?:is |was )?(?:posted|out|live|sent)|\bposted (?:a|the|our) (?:\w+ ){0,3}update\b
	\bannounced\b.*\b(?:in|on|to|status|users|customers|players|everyone)\b
	\b(?:support|sales|customer care|account managers) (?:knows?|is aware|has (?:the|a) (?:macro|message|text))\b
	\bposted (?:to|in|on) #
	\b(?:notice|banner|message|info|note|announcement) (?:is |was )?(?:now )?(?:on|in|at) (?:the|our|all)\b
	\bin-app (?:banner|message|notice)\b
	\bbanner (?:is |was |now )*on\b
	^(?:i'm |am |now )*(?:putting (?:up|out)|posting|publishing|sending(?: out)?) (?:an?|the|our) (?:\w+ ){0,2}(?:notice|banner|update|message|note|announcement)\b
	\bheads[- ]up (?:to|for|sent)\b
	\b(?:told|informed|notified|briefed|warned|updated) (?:the |our )?(?:finance|legal|ops|store|stores|branch(?:es)?|warehouse|plant|hospitals?|hotels?|schools?|shops?|product|account\w*|customer \w+|desk|front desk|reception|hotline|call cent(?:er|re)|everyone|everybody|all \w+) ?(?:that|about|to|we|it|they|,|\.|$)
	\b(?:sent|send|mailed|e-?mailed|messaged|texted|informed|wrote to) (?:\S+ ){0,4}(?:customers|users|clients|partners|merchants|tenants|guests|patients|passengers|students|teachers|parents|drivers|stores|schools|hospitals|hotels|branches|members|subscribers|players|sellers|buyers|suppliers)\b
	^(?:told|informed|briefed|called|phoned|e-?mailed|mailed|notified|warned|texted) (?:the |all |our |both |every |their )?(?:\w+ ){0,3}\w+s\b *(?::|,? that\b|,? about\b|,? to\b|;|$)
	\bi(?:'ve| have)? (?:told|informed|briefed|notified|warned) (?:the |all |our |both |every )?(?:\w+ ){0,2}\w+\b
	\b(?:banner|notice|message|announcement|note|info)\b[^.:]{0,30}\b(?:is|are) (?:now )?(?:live|up|out|visible|posted|online)\b
	\bposted (?:it |this )?(?:on|to) (?:x|twitter|facebook|linkedin|mastodon|instagram|the (?:portal|website|site|blog|forum|intranet|app))\b
	\bIVR\b|\b(?:phone|hotline|waiting line|voice) (?:message|announcement|prompt)\b
	\b(?:put|placed?|added?|adding|putting|wrote) (?:up )?(?:an? |the )?(?:\w+ )?(?:line|note|text|hint|notice|word|warning|message|info) (?:on|in|to|at|up)\b
	\b(?:customers|users|clients|partners|merchants|tenants|accounts|schools|hospitals|stores|drivers|guests|everyone|everybody) (?:all |now )?(?:know|are aware|have been told)\b
	^(?:told|informed|briefed|called|phoned|e-?mailed|mailed|notified|warned) (?:the |all |our |both )?(?:[a-z]+[^s\W] |(?-i:[A-Z])\w+ )(?:\w+ ){0,3}(?:that|about|to use|to wait)\b
	\b(?:press|support|legal|sales|marketing|management|\w+ office|hotline|front desk|reception|branches|stores|schools) (?:\w+ )?(?:got|has|have|received|knows?) (?:\w+ ){0,3}(?:sentences?|text|note|info\w*|update|mail|message|wording|statement|answer)s?\b
	\bin the loop\b
	\b(?:wrote|posted|announced|put) (?:it |this |that )?(?:in|to|on|into) #\w+
	\b(?:customer|support|sales|care|legal|press|account|success|service|help) (?:desk|team|cent(?:er|re)|people|managers|agents)s? (?:have been |has been |were |was |is |are )?(?:informed|notified|told|briefed|updated|aware)\b
	\blet (?:the|all|our|every|support|sales|customers|legal|management|marketing|everyone|everybody) (?:\S+ ){0,3}know\b
	\b(?:statement|mail|message|announcement|notice|update|newsletter|text|letter|note) (?:goes|is going|went|will go|gets|is being sent) out\b
	\b(?:hotline|ivr|phone line|switchboard) (?:now )?(?:plays|says|has an?)\b
	^(?:\S+ ){1,3}(?:informed|notified|briefed)(?:$|[:;.,])
	\b(?:customers?|users?|merchants?|clients?|partners?|tenants?|guests?|drivers?|members|subscribers|patients|passengers|students|parents|sellers|buyers) (?:\w+ ){0,3}?(?:got|received|get) (?:an?|our|the) (?:\w+ )?(?:message|mail|e-?mail|text|sms|notice|note|push|letter|call|info\w*)\b
	\b(?:line|note|text|hint|notice|warning|message) into (?:the|our)\b`

const vendorPhrases = `
	\btheir (?:status|support|engineers?|noc|dashboard|incident|ops|oncall|on-call)\b
	\b(?:vendor|provider|manufacturer|supplier|maker|operator|upstream|carrier|isp|registrar|hoster|third[- ]party|data ?cent(?:er|re)) (?:\w+ )?(?:has |have |just |now |already )?(?:says?|said|confirm\w*|report\w*|acknowledg\w*|posted|updated|claims?|answered|replied|is aware|opened|resolved|restored|fixed|recovered|told|pulled|stopped|withdrew)\b
	\b(?:vendor|provider|upstream|carrier|isp|registrar|hoster|third[- ]party) (?:status|support|ticket)\b
	\b(?-i:[A-Z])[A-Za-z0-9]+ (?:status ?page|support|status|ticket|noc|ops|team|engineers?|tam|account manager)\b(?: has|:| told| writes?| wrote| closed| opened| acknowledged| is aware| are aware| says?| shows?| confirm\w*| report\w*| posted| answered| replied| lists?| now| is)
	\b(?-i:[A-Z])[A-Za-z0-9]+ (?:reports?|confirms?|confirmed|reported|acknowledg\w+|announced|says|claims)\b.*\b(?:recover\w*|resolv\w*|restor\w*|outage|incident|issues?|elevated|degrad\w*|investigat\w*|mitigat\w*|fix\w*|aware|delays?|problems?|maintenance|identified|failures?|faults?|defect|broken|down|disruption)\b
	\b(?:aws|amazon|gcp|google cloud|azure|microsoft|cloudflare|fastly|akamai|okta|auth0|stripe|paypal|adyen|braintree|klarna|twilio|vonage|sinch|sendgrid|mailgun|postmark|mailchimp|datadog|new relic|pagerduty|github|gitlab|bitbucket|slack|heroku|netlify|vercel|atlas|confluent|snowflake|databricks|digitalocean|hetzner|ovh|equinix|linode|zendesk|shopify|salesforce|hubspot|algolia|contentful|firebase|apple|verizon|vodafone|telekom|level3|lumen|cogent|zayo|visa|mastercard) (?:\w+ )?(?:says?|said|posted|confirm\w*|report\w*|acknowledg\w*|is aware|are aware|has an? (?:incident|outage|issue)|have an? (?:incident|outage|issue)|resolved|fixed|closed|declared|updated|announced|status|support)\b
	\b(?:vendor|provider|upstream|carrier|isp|registrar|hoster|partner|bank|supplier) (?:\w+ )?(?:closed|opened|repaired|replaced|rolled back|reverted|is back|are back|is down|is fixed)\b
	\b(?-i:[A-Z])[A-Za-z0-9]+ (?:has |have )?(?:posted|declared|opened|published) an? (?:incident|outage|issue|notice|update)\b
	\bstatus\.[a-z0-9\-]+\.[a-z]+
	\b(?:answer|reply|response|update|confirmation) from (?-i:[A-Z])\w+
	\bstatus page of\b
	\b(?-i:[A-Z])\w+ (?:has |have |had |just |now |only now )*(?:marked|set|moved|flagged|switched|changed|turned) (?:theirs|it|this|their \w+|the (?:incident|issue|notice|status))\b.*\b(?:resolved|fixed|monitoring|identified|closed|done|over|green|operational|recovered|degraded|investigating)\b
	\b(?:got|have|had) (?:word|news|an? answer|an? update|a reply|confirmation) from (?-i:[A-Z])
	\b(?-i:[A-Z])\w+ (?:health|status|service|trust) (?:page|dashboard|site)\b
	^(?-i:(?:AWS|GCP|Azure|[A-Z][a-z]+)): ["']
	\bthey (?:have|had|posted|say|said|confirm\w*|wrote|acknowledg\w*|report\w*|announced|are aware)\b.*\b(?:page|status|issue|incident|aware|investigating|outage|problem|working on)\b
	\b(?:on )?their (?:page|site|twitter|dashboard)\b
	\b(?-i:[A-Z])[A-Za-z0-9]+ (?:has|have|had|is in|are in|is doing|announced|does|runs|started) (?:an? |the |its |their )?(?:\w+ )?maintenance\b
	\b(?:planned|scheduled) maintenance (?:at|of|by|on) (?-i:[A-Z])
	\btheir (?:hotline|desk|help ?desk|technicians?|people|operations|operator|side (?:says|confirm\w*)|account manager|sales)\b`

const causePhrases = `
	^(?:ok |okay |so |and |ah |aha |right |well )*(?:found (?:it|the|out|why|who|what|where|how|root)|root cause|turns out|the (?:root )?cause (?:is|was)|the reason (?:is|was)|explains? (?:it|why)|mystery solved|smoking gun|culprit)
	^(?:ok |okay |so |and |ah |aha |right |well |yes |yep )*(?:found|bingo|gotcha|eureka|jackpot|(?:t?here|that) it is|i have it|i(?:'ve| have) got it|nailed it) ?[:!,.\-–]+ +\S+ \S+ \S+
	^(?:so )?(?:the )?(?:why|how|story|mechanism) ?: \S
	^(?:ok |okay |so |and |ah |aha |well )*there (?:we go|you go|we have it|you have it)[.:,! ]+.*\b(?:audit|history|diff|commits?|changed?|went from|set to|raised|lowered|deleted|removed|expired|dump|since)\b
	\bfound (?:it|the (?:root )?(?:cause|culprit|reason|bug|problem|commit|change|line|query|smoking gun))\b
	\broot cause\b
	\b(?:reason|cause|culprit|bug|problem) (?:is )?found\b
	^(?:so|aha|ah|oh|omg|ok|right)[, ]+(?:it was|that was|it's|that's|this was)\b
	\bthat was (?:my|our|me|us)\b
	\bturns out\b
	\bthe (?:cause|reason) (?:is|was)\b
	^from the (?:logs?|metrics?|graphs?|traces?|tickets?|history|audit)\b
	^(?:looking|looked|went|going) back (?:at|through|over)\b
	^(?:looking|looked|went) (?:at|through) .*\b(?:since|started|began|from|show\w*|was|were|first|\d{1,2}:\d\d)\b
	\bthat(?:'s| is)? (?:explains|why)\b
	^(?:\S+, )?(?:it's|its|it is|that's|thats|that is) (?:the|our) (?:\S+ ){0,4}(?:job|upgrade|deploy\w*|release|change|migration|script|cron\w*|rollout|update|maintenance|import|export|backup|dump|rotation|config\w*|flag|window|query|rule|limit)\b
	\b(?:is|was|it's|that's|that was|this is) (?:me|mine|my \w+)\b
	\bi (?:started|ran|pushed|merged|changed|deployed|triggered|kicked off) (?:it|that|this|the \S+)\b.{0,20}\d
	\b(?:explains|which is) why\b
	\bculprit (?:is|was)\b
	\bwas caused by\b
	\bin hindsight\b
	^(?:post-?mortem|follow[- ]?up|for the (?:post-?mortem|write-?up|review|doc))\b
	\b(?:the|this|that|our) (?:\S+ ){1,3}(?:broke|caused|killed|triggered) (?:it|this|that|them|the|our|all)\b
	\bthat(?:'s| is) (?:the|our|what|where) (?:growth|reason|cause|spike|load|increase|leak|problem|source|culprit|drop|bug|difference)\b
	^(?:it was|it's|it is) the (?:\S+ ){1,5}?\S+(?:,| that| which| because)`

const restatedPhrases = `
	\bfor the (?:record|log|timeline|notes|scribe|scroll)\b
	\bto (?:recap|summari[sz]e|sum up)\b
	^(?:recap|summary|tl;?dr|timeline|scribe|note for the timeline|update for (?:those|everyone)|noting|status so far|so far)\b
	^log(?: entry)? ?[:\-–]
	\b(?:timeline|summary|status) (?:so far|for those)\b
	\bas (?:noted|said|mentioned)\b`
