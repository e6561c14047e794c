package speech

// The phrase classes. Each line is a regular expression, matched anywhere in a
// message without regard to case. Words are separated by white space.

const changeVerbs = `roll(?:ing|ed)?[ -]?(?:it |this |that |them |everything )?(?:back|forward)|revert|switch|fail(?:ing)?[ -]?over|scal|flip|disabl|enabl|turn|restart|drain|block|purg|kill|bump|rais|increas|lower|reduc|stop|pause|deploy|redeploy|hotfix|ship|patch|bypass|shed|throttl|rate[ -]?limit|evict|cordon|reboot|renew|rotat|replac|mov|rout|reroute|promot|demot|delet|truncat|clear|flush|free|add|remov|skip|rebuild|restor|freez|abort|cancel|unblock|isolat|cut|pull|put|set|swap|run|rerun|force|push|merge|apply|shift|divert|resiz|expand|extend|rebalanc|reset|recreat|warm|silenc|mute|dump|cap|keep|leave|wait|hold|stay|use|open|close|take|bring|back out`

const socialWords = `lunch breakfast dinner coffee espresso kettle tea kitchen cake cakes cookies? buns? pizza pizzas sandwich oven fridge microwave barbecue bbq beer beers pub snacks? chocolate
	trains? bus commute garden dentist doctor's birthday birthdays football soccer tennis marathon gym yoga weekend holiday holidays vacation kids? dog dogs cat cats puppy kitten weather rain snow sunny
	party movie film concert guitar playlist netflix stairs parking bike bikes haircut recipe dishwasher plumber elevator lift printer wifi wi-fi timesheets? raffle quiz fantasy
	standup stand-up retro offsite all-hands newsletter onboarding sweatshirt hoodie mug stickers? lottery wedding baby congrats congratulations`

const opsWords = `pods? nodes? clusters? deploy\w* releases? rollout\w* roll\w* rollback\w* reverts? revert\w* errors? latency timeouts? queue queues backlog lag database databases db dbs replicas? primary failover cache caches redis kafka postgres mysql
	traffic requests? responses? api apis endpoints? service services gateway proxy ingress dns certificates? certs? tls disk disks memory cpu oom heap threads? connections? pool pools migration migrations schema config configuration flag flags
	kubernetes k8s container containers workers? jobs? cron logs? metrics? dashboard dashboards graphs? alerts? alarm pager paged incident outage sev\d? login logins checkout payments? orders? search upstream downstream provider vendor region zone canary staging prod production
	[45]xx 50[0-9] 4(?:01|03|04|08|09|29) p9[59] p50 slo sla quota quotas limits? throttl\w* rate host hosts server servers vm vms instance instances shard shards partition partitions consumer consumers producer broker leader index query queries table tables lock locks
	health readiness liveness probe probes token tokens auth session sessions build builds pipeline images? version versions rollback bucket storage volume volumes network packets? route routes load balancer lb autoscaler hpa replication snapshot backup restore`

const hypothesisPhrases = `
	could (?:that|this|it) be
	could (?:that|this|it|be) .*(?:cause|related|why|flood)
	(?:is|was) (?:it|that|this) (?:the|our|because|maybe|possibly)
	is (?:it|that|this) (?:the )?(?:cause|reason|culprit)
	\brelated\b
	\bmaybe\b
	\bperhaps\b
	\bmight (?:be|have)\b
	\bsuspect
	\bi (?:think|guess|bet|wonder)\b
	\bmy (?:guess|theory|hunch|bet|money)\b
	\btheory\b
	\bhypothesis\b
	\bsmells? like\b
	\bprobably\b
	\bwonder(?:ing)? (?:if|whether)\b
	\bdid (?:something|anything|anyone|someone) (?:change|deploy|ship|merge|push|touch)
	\b(?:went out|was (?:deployed|released|shipped)|deployed|released|shipped|rolled out) (?:at|around|about|just|\d)
	\bflooding\b.*\?
	\bcoincidence\b
	\bcandidate\b`

const ruledOutPhrases = `
	\brul(?:e|es|ed|ing) (?:it|that|this|them|those|\S+ )?\s?out\b
	\bnot (?:it|the (?:cause|culprit|issue|problem|reason)|related|guilty|ours|us)\b
	\b(?:it is|it's|its|that is|that's|this is|is|was|are) not (?:the |our |an? )?(?:database|db|network|dns|deploy\w*|release|migration|cache|cdn|proxy|load balancer|lb|config\w*|flag|cause|culprit|problem|issue|traffic|ddos|cluster|nodes?|queue|disk|memory|cpu|provider|vendor)\b
	\bisn't (?:it|the|related|caused)\b
	\bunrelated\b
	\bnothing to do with\b
	\bred herring\b
	\bshares? nothing with\b
	\bdoes(?:n't| not) (?:touch|talk to|use|depend on|explain|affect|share)\b
	\bcan'?t be (?:it|that|the|us)\b
	\b(?:false|wrong) (?:lead|track|tree)\b
	\bdid(?:n't| not) change with\b
	\bnot (?:because|due to)\b
	\b(?:looks|is|are|seems?) (?:all )?(?:innocent|a coincidence)\b
	\bsame (?:errors?|thing|problem) (?:on|with|in|before|without) .*\bso\b.*\bnot\b
	\bno changes? (?:there|on our side|in)\b`

const takenPhrases = `
	\b(?:i'm|im|i am|we're|we are) (?:on (?:it|this)|looking|checking|investigating|here|taking)\b
	\bon it\b
	^(?:looking|checking|investigating|here|ack\w*|mine|taking (?:it|this|a look)|got it|o/|on my way|joining)\b
	\b(?:taking|i'll take|i will take|i take|i've got|i have|i got|let me take) (?:this|it|the (?:con|page|lead|incident)|a look)\b
	\b(?:have|having|take|taking) (?:a|the) (?:look|con|lead|command|ic)\b
	\bi(?:'m| am|'ll be| will be) (?:the )?(?:ic|incident commander|commander)\b
	\backn?(?:owledged|ed|'d|ing)?\b
	\bgot (?:the )?page(?:d)?\b
	\bat (?:the|my) (?:laptop|keyboard|desk|computer)\b`

const reportPhrases = `
	\b(?:customers?|users?|clients?|people|merchants?|partners?|tickets?|support|members|subscribers|students|patients|drivers|riders|shoppers|account managers?|sales)\b.*\b(?:complain\w*|report\w*|can'?t|cannot|unable|asking|asks?|missing|errors?|fail\w*|blank|empty|slow|stuck|down|seeing|says?|said|see|get|getting|writing|calling|calls|wait\w*|affected|broken|locked out|wrong|timing out|lost|not)\b
	\b\d+\+? (?:new |more |support )?(?:tickets?|calls|complaints|mails|emails)\b
	\b(?:tickets?|complaints|calls) (?:are )?(?:coming|piling|rolling|flooding|pouring)\b
	\bmore about\b`

const failingPhrases = `
	\b(?:errors?|exceptions?|fail(?:s|ed|ing|ures?)?|crash\w*|timeouts?|timed out|timing out|refus\w*|reject\w*|den(?:ied|ies|ying)|unreachable|unavailable|down|dead|broken|stuck|hang\w*|hung|frozen|full|exhausted|maxed|saturated|pegged|spik\w+|climb\w*|grow(?:s|ing)|piling|backed up|pending|evicted|oom\w*|restart(?:s|ing)|loop(?:s|ing)?|expired|missing|stale|lagging|behind|slow|worse|degraded|dropp(?:ed|ing)|lost|losing|leak\w*|deadlock\w*|throttled|overload\w*|corrupt\w*|misconfigured|wrong|invalid|unhealthy|not ready|not respond\w*|no response|outage|brownout|flapping|starv\w*|rejected|lock(?:ed)?|blocking|blocked)\b
	\b[45]\d\d\b|\b[45]xx\b
	\bno (?:timeout|circuit breaker|runbook|alert\w*|retr\w+|free|space|capacity|autoscal\w+|fallback|healthy|leader|quorum|route)\b
	\b(?:busy|waits?|waiting)\b
	\bused up\b
	\bcan'?t (?:connect|reach|resolve|write|read|allocate|schedule|log ?in)\b
	\bcannot (?:connect|reach|resolve|write|read|allocate|schedule|log ?in)\b
	\bout of (?:memory|disk|space|connections|file|inodes|ips)\b
	\b(?:doesn't|does not|don't|do not|won't|not) (?:work|respond|answer|resolve|start|boot|come up|connect)\w*\b
	\b(?:error|success|hit) (?:rate|ratio)\b`

const decisionPhrases = `
	\bdecision\b
	\b(?:decided|deciding|we decide|i decide)\b
	\b(?:let's|lets|let us) (?:just |now |then |first |not |please |all )*(?:` + changeVerbs + `)
	\b(?:i'm|i am|im|we're|we are|am|are|is|gonna|^)\s?(?:going to|gonna|about to)\s+(?:just |now |then )*(?:` + changeVerbs + `)
	^(?:ok(?:ay)?[, ]+|alright[, ]+|right[, ]+|then )*(?:going to|gonna|will|i'll|we'll|i will|we will)\s+(?:just |now |then )*(?:` + changeVerbs + `)
	\b(?:i'll|we'll|i will|we will|i'd|we should|i would|i want to|we want to|we need to|need to|we have to|have to|i say we|i vote|vote(?:s)? for|i propose|propos\w+ (?:to|that|we)|suggest(?:ing)?) (?:to |we |just |now |then )*(?:` + changeVerbs + `)
	\bgoing with\b
	\bgo(?:ing)? for (?:the |a )?(?:` + changeVerbs + `|option|plan)
	\b(?:agreed|approved|go ahead|green light|do it|make it so|ship it)\b
	^(?:plan|call|my call|the plan|verdict)\b\s*(?::|is)
	\bmy call\b
	\bwe(?:'re| are)? (?:choosing|opting|picking)\b
	\b(?:choose|opt|opting|opted) (?:to|for)\b
	\brather (?:than|not)\b.*\b(?:` + changeVerbs + `)
	\binstead of\b
	\bfastest (?:way|path|option)\b`

const refusePhrases = `
	^(?:no|nope|negative)[,. ]+.*\b(?:keep|cannot|can't|not safe|too risky|don't|do not|wait|stay|leave|hold)\b
	\b(?:don't|do not|not going to|won't|let's not|better not) (?:` + changeVerbs + `)
	\btoo risky\b`

const actionPhrases = `
	\b(?:rolled|rolling) (?:it |this |that |them )?back\b
	\brb'?(?:ing|ed|d)\b
	\broll-?back (?:is )?(?:started|running|in progress|under ?way|initiated|kicked off|triggered|going)\b
	\b(?:started|starting|kicked off|kicking off|triggered|triggering|initiated|initiating|running|ran|doing|did) (?:a |the )?(?:roll-?back|revert|failover|restart|redeploy|restore|rebuild|cleanup|drain|migration|purge|scale\W?(?:up|out)|rollout|reindex|hotfix)\b
	\b(?:reverted|reverting|scaled|scaling|restarted|restarting|flipped|flipping|switched|switching|disabled|disabling|enabled|enabling|failed over|failing over|drained|purged|purging|killed|killing|bumped|bumping|raised|raising|increased|increasing|lowered|lowering|reduced|reducing|paused|pausing|unpaused|resumed|resuming|redeployed|redeploying|patched|patching|hotfixed|merged|merging|blocked|throttled|evicted|cordoned|rebooted|rebooting|renewed|renewing|rotated|rotating|replaced|replacing|rerouted|rerouting|promoted|promoting|deleted|deleting|truncated|cleared|clearing|flushed|flushing|freed|freeing|removed|removing|skipped|restored|restoring|aborted|aborting|cancelled|canceled|terminated|terminating|isolated|pushed|pushing|applied|applying|shifted|shifting|diverted|resized|resizing|expanded|extended|rebalanced|recreated|silenced|turned|turning|moved|moving|installed|uploaded|issued|reissued|pinned|unpinned|stopped|stopping|force[- ]?(?:merged|pushed|restarted)|added|adding)\b
	\b(?:fix|hotfix|patch|revert) (?:is )?(?:out|live|merged|deployed|deploying|rolling out|in|shipped|pushed|going out|on its way)\b
	\bflag (?:is )?(?:off|on)\b
	\bset \S+ (?:to|=)`

const improvePhrases = `
	\brecover(?:s|ing|ed|y)\b
	\b(?:gets?|getting|got|is|are|looks?|looking) (?:a lot |much |already |slowly )?(?:better|shorter|smaller|faster|healthier)\b
	\b(?:errors?|error rate|latency|lag|queue|backlog|depth|load|p9\d|5xx|failures|tickets|timeouts|memory|cpu|usage)\b[^.]{0,40}\b(?:going down|go down|goes down|down to|dropping|dropped|drops|falling|fell|declining|shrink\w*|clearing|draining|gone|decreasing|subsid\w+|slowing|coming down|came down|back (?:to|at|under|below|down)|under \d|below \d|near zero|to zero|normalis\w+|normaliz\w+)\b
	\b(?:coming|come|came|are|is|we're|were) back(?: up| online| again)?\b
	\bshrink\w*\b
	\b(?:answers?|answering|works?|working|serv(?:es|ing)|respond(?:s|ing)?|up|running|healthy|green|ready|fine|ok|okay|available|online|succeed(?:s|ing)?|flowing|processing|reachable|resolv(?:es|ing)|logging in|passing) again\b
	\bagain (?:healthy|green|ready|available|working)\b
	\bmitigated\b
	\bstabili[sz]\w+\b
	\bimproving\b
	\bslowing down\b
	\bhalf (?:drained|done|way)\b
	\b(?:roll-?back|revert|failover|rollout|restart|restore|redeploy|scale\W?(?:up|out)) (?:is |has |was )?(?:now )?(?:complete[d]?|done|finished|through)\b
	\b(?:no|zero) (?:more|new|further) (?:errors|failures|5xx|timeouts|restarts|alerts|tickets|complaints)\b
	\bfirst (?:successful|payments?|orders?|logins?|requests?|good)\b.*\b(?:through|ok|succeed\w*|success\w*)\b
	\b(?:go|going|goes|went|coming|get|getting) through\b
	\b(?:all|everything) (?:is )?(?:green|healthy)\b
	\bsuccess (?:rate|ratio)\b.*\b(?:back|up|climbing|rising)\b
	\b(?:impact|bleeding) (?:is )?(?:over|stopped|contained)\b
	\bcaught up\b
	\bcatching up\b`

const notYetPhrases = `
	\bnot (?:yet|recovered|resolved|better|fixed|over|recovering|back)\b
	\bstill (?:not|failing|down|broken|seeing|bad|high|no|erroring|stuck)\b
	\b(?:isn't|aren't|wasn't|hasn't|haven't|didn't|doesn't) (?:yet )?(?:recover|resolve|help|fixed|back|improve|better|work)\w*\b
	\bno (?:recovery|improvement|change|luck|effect)\b
	\b(?:until|once|when|after|if|before|should|will|would|to|hope(?:fully)?)\b[^.,;]{0,30}\b(?:recovers?|recovered|resolved|resolves?|back to normal|comes? back|works again|stabili[sz]es?)\b
	\bpartial(?:ly)?\b
	\bunresolved\b`

const allClearPhrases = `
	\b(?:incident|issue|outage|this|all|it|problem|sev\s?-?\d) (?:is |has been |was )?(?:now )?(?:fully )?(?:resolved|over|closed|fixed|done)\b
	(?:^|[.,;:!] *|\b(?:and|mark(?:ing|ed)?|call(?:ing)? (?:it|this)|consider(?:ing)? (?:it|this)|declar\w+(?: (?:it|this))?|as)\s+)resolved\b
	\b(?:mark(?:ing|ed)?|call(?:ing)?|declar\w+|consider\w*|set(?:ting)?) (?:it|this|the incident|incident|status|that)?\s?(?:as |to )?(?:resolved|closed|over|done|fixed)\b
	\ball[- ]clear\b
	\bclosing (?:this|the|it|out|incident|now)?\b
	\b(?:i'm|we're|i am|we are|and|can|let's|lets|i'll|we can|will) (?:now )?(?:close|clos(?:e|ing)) (?:this|the incident|it|out|the bridge|the call)\b
	\bback to (?:normal|baseline|usual|green|healthy)\b
	\bat baseline\b
	\b(?:fully|completely|totally|all) (?:recovered|restored|back|healthy|green|operational|operating)\b
	\b(?:is|are|looks?|everything|all) (?:back )?normal\b
	\b(?:back|returned) (?:at|to) (?:baseline|normal)\b
	\bwe(?:'re| are) (?:back|good|green|clear|done here|out of the woods)\b
	\b(?:standing|stand) down\b
	\ball (?:good|systems|green)\b
	\bbacklog (?:is )?(?:cleared|gone|empty|drained)\b
	\bnormal (?:again|operation|service|levels)\b
	\b(?:service|services) (?:is |are |has been |have been )?(?:fully )?restored\b
	\bincident end(?:s|ed)?\b
	\bcalling it\b`

const communicationPhrases = `
	\b(?:status ?page|status-page|statuspage|public status)\b.*\b(?:updated?|posted?|published|says?|live|up|changed?|set|is now|green|yellow|red)\b
	\b(?:updated?|updating|posted|posting|published|publishing|put|wrote|changed|sent)\b.*\b(?:status ?page|status-page|statuspage|public status|banner)\b
	^(?:status ?page|statuspage|public status)\b
	\b(?:customers|users|clients|partners|merchants|stakeholders|leadership|management|support|account managers|press|legal|execs?) (?:have been |were |are |has been |was |is )?(?:informed|notified|told|e-?mailed|updated|briefed)\b
	\b(?:informed|notified|told|e-?mailed|briefed|emailing|notifying|informing) (?:the |all |our |affected )*(?:customers|users|clients|partners|merchants|stakeholders|leadership|management|support|account|press|legal|execs?|sales)\b
	\b(?:comms?|communication|announcement|notice|mail|e-?mail|banner|tweet|update|message) (?:is |has been |was )?(?:out|sent|posted|live|up|published)\b
	\b(?:sent|posted|published|drafted|put up|put out|pinned) (?:an?|the|out|our)? ?(?:first |second |customer |public |internal |in-app |external )*(?:comms?|update|announcement|notice|banner|tweet|message|note)\b
	\bin-app (?:banner|message|notice)\b`

const vendorPhrases = `
	\btheir (?:status|support|engineers?|noc|team|dashboard|incident|side)\b
	\b(?:vendor|provider|upstream|carrier|isp|registrar|third[- ]party) (?:has |have |just |now |already )?(?:says?|said|confirm\w*|report\w*|acknowledg\w*|posted|updated|claims?|answered|replied|is aware|opened|resolved|restored|fixed|recovered)\b
	\b[A-Z][A-Za-z0-9]+ (?:status ?page|support|status) (?:has|says?|shows?|confirm\w*|report\w*|posted|answered|replied|lists?|now)\b
	\b[A-Z][A-Za-z0-9]+ (?:reports?|confirms?|confirmed|reported|acknowledg\w+|announced|says|claims) .*\b(?:recover\w*|resolv\w*|restor\w*|outage|incident|issue|elevated|degrad\w*|investigat\w*|mitigat\w*|fix\w*|aware)\b`

const causePhrases = `
	^(?:ok |okay |so |and |ah |aha |right |well )*(?:found (?:it|the|out|why|root)|root cause|turns out|the (?:root )?cause (?:is|was)|explains? (?:it|why)|mystery solved|smoking gun|culprit)
	\bfound (?:it|the (?:root )?(?:cause|culprit|reason|bug|problem|commit|change|line|query|smoking gun))\b
	\broot cause\b
	\bturns out\b
	\bthe cause (?:is|was)\b
	^from the (?:logs?|metrics?|graphs?|traces?|tickets?)\b
	^(?:looking|looked|went) (?:back|at|through)\b
	\bthat (?:explains|is why|'s why)\b
	\bculprit (?:is|was)\b
	\bwas caused by\b
	\bin hindsight\b
	^(?:post-?mortem|follow[- ]?up|for the (?:post-?mortem|write-?up|review|doc))\b`

const restatedPhrases = `
	\bfor the (?:record|log|timeline|notes|scribe|scroll)\b
	\bto (?:recap|summari[sz]e|sum up)\b
	^(?:recap|summary|tl;?dr|timeline|scribe|note for the timeline|update for (?:those|everyone))\b
	\bas (?:noted|said|mentioned)\b`
