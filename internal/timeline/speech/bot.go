package speech

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Notice is what an automatic message announces.
type Notice string

// The notices.
const (
	NoNotice     Notice = ""
	Triggered    Notice = "triggered"    // a page or an alert began
	Acknowledged Notice = "acknowledged" // a person took it up
	Escalated    Notice = "escalated"    // nobody did, or more people were called
	Closed       Notice = "closed"       // a page or an alert ended
	Deployed     Notice = "deployed"     // a version goes or went out
	DeployFailed Notice = "deploy-failed"
	RolledBack   Notice = "rolled-back"
	Switched     Notice = "switched" // a flag or a setting was changed
	StatusPage   Notice = "status-page"
)

// Bot is what one automatic message says.
type Bot struct {
	Notice  Notice
	Number  string // incident number or key as written, without '#'
	Person  string // who acknowledged, resolved or did it; empty when not stated
	Version string // version that goes out, without a leading v
	Test    bool   // the message says that it is a test
}

// bots are the phrases of automatic messages, tried in order.
var bots = []struct {
	notice Notice
	re     *lazyregexp.Regexp
}{
	{RolledBack, lazyregexp.New(`(?i)\brolled back\b|\brolling back\b|\broll-?back (?:of|to|started|completed?|finished|initiated|succeeded)|\breverted\b`)},
	{Switched, lazyregexp.New(`(?i)\b(?:flag|toggle|feature|switch|setting|config\w*|parameter|secret)\b.*\b(?:on|off|enabled|disabled|changed|updated|turned|toggled|set|flipped|rolled out|archived|rotated)\b|\b(?:turned|switched|toggled|flipped|enabled|disabled|changed|updated|rotated|set|moved)\b.*\b(?:flag|toggle|feature|secret|password|token|certificate|cert|config\w*|setting|rule|policy|limit)\b`)},
	{DeployFailed, lazyregexp.New(`(?i)\b(?:deploy\w*|rollout|release|pipeline|build|sync)\b.*\b(?:failed|failure|aborted|errored|degraded|timed out|unhealthy|red)\b|\b(?:failed|aborted)\b.*\b(?:deploy\w*|rollout|release|sync)\b`)},
	{Acknowledged, lazyregexp.New(`(?i)\back(?:nowledged|['’]?ed)?\b|\btaken by\b|\bclaimed by\b|\bis (?:now )?(?:investigating|responding)\b`)},
	{Escalated, lazyregexp.New(`(?i)\bescalat\w+|\bre-?assigned\b|\bresponder (?:added|requested)\b|\bno response\b|\bnot acknowledged(?: (?:in|within|after|for|yet)\b| by (?:the )?(?:primary|on-?call|responders?|anyone|anybody)\b|[.,;!]|$)|\b(?:nobody|no one) (?:has )?acknowledged\b`)},
	{StatusPage, lazyregexp.New(`(?i)\bstatus ?page\b|\bpublic status\b|^(?:investigating|identified|monitoring)\b`)},
	{Closed, lazyregexp.New(`(?i)\bresolved\b|\brecovered\b|\bcleared\b|\bclosed\b|^(?:ok|up|recovery)\b|\bback to normal\b|\[ok\]|\bstate:? ok\b|\bis (?:back )?up\b|\[\W*up\W*\]`)},
	{Triggered, lazyregexp.New(`(?i)^\W*#\d+\b.*(?:->|→) *@?[a-z]|\btriggered\b|\bfiring\b|\bnew (?:incident|alert)\b|\bincident (?:created|opened|started|declared)\b|\balert\w*\b|\balarm\b|\bproblem\b|^(?:down|crit(?:ical)?|warn(?:ing)?|p[0-4]\b|sev)|\[\W*down\W*\]|\bpaged\b|\bpaging\b|\bis down\b|\bbreach\w*|\bthreshold\b|\bp[0-4]\b|\b(?:below|above|over|under|exceed\w*) \d`)},
	{Deployed, lazyregexp.New(`(?i)\bdeploy\w*|\breleas\w+|\brollout\b|\brolled out\b|\brolling out\b|\bpromot\w+|\bshipp\w+|→|->|\bsync\w*\b|\blive\b|\bupgrad\w+|\bpublished\b`)},
}

// nobodyTook is how an alert says that something was not acknowledged.
var nobodyTook = lazyregexp.New(`(?i)\b(?:not|never|isn't|wasn't|hasn't|un|nobody|no one) ?-?(?:has )?(?:yet )?(?:been )?ack(?:nowledged|ed)?\b`)

var (
	botNumber  = lazyregexp.New(`#(\d{2,})\b|\b((?:INC|SEV|IR|OPS|PD|P|INCIDENT)-?\d{2,})\b`)
	botPerson  = lazyregexp.New(`(?:\bby|\bBy)\s+(?:@)?((?:\p{Lu}[\p{L}.'’\-]*)(?:\s+\p{Lu}[\p{L}.'’\-]*){0,3}|[a-z][a-z0-9]*[._\-][a-z0-9._\-]+|@?[a-z][a-z0-9]{2,})`)
	botLogin   = lazyregexp.New(`^@?([a-z][a-z0-9]*(?:-[a-z0-9]+)+) (?:has |just )?(?:acknowledged|acked)\b|^@?([a-z][a-z0-9]*(?:[._][a-z0-9]+)+) (?:has |just )?(?:acknowledged|resolved|closed|escalated|turned|switched|toggled|flipped|enabled|disabled|deployed|released|promoted|rolled|changed|updated|set)\b`)
	botHandle  = lazyregexp.New(`^@?([a-z][a-z0-9]{1,20}) (?:has |just )?(?:acknowledged|acked) [\w#\["']`)
	thing      = lazyregexp.New(`^(?:alerts?|alarms?|incidents?|pages?|issues?|cases?|tickets?|problems?|nobody|none|not|never|is|was|been|and|now|already|who|team|users?|you|we|they|someone|somebody|everyone|everybody|oncall|pagerduty|opsgenie|grafana|nagios|icinga|zabbix|prtg|alertmanager|prometheus|datadog|sentry|statuspage|servicenow|slack)$`)
	botActs    = lazyregexp.New(`^(?:@)?((?:\p{Lu}[\p{L}.'’\-]+)(?:\s+\p{Lu}[\p{L}.'’\-]+){0,2}) (?:has |just )?(?:acknowledged|acked|resolved|closed|escalated|is investigating|turned|switched|toggled|flipped|enabled|disabled|deployed|released|promoted|rolled)`)
	botTest    = lazyregexp.New(`(?i)(\b(?:load|smoke|unit|integration|e2e|end-to-end|stress|health|self|api|browser|synthetics?|a/b)[ _-]?)?(?:\btest(?:ing)? (?:page|alert|incident|notification|only)|\bthis is (?:only |just )?an? (?:test|drill|exercise)\b|\bdrill\b|\[(?:test|drill|exercise)\]|(?:^|[\])|–—-] )test[: ]|\bgame ?day\b)`)
	botVersion = lazyregexp.New(`(?i)(?:→|->|\bto|\bversion|\brelease|\btag|@|:|\bv)\s*(v?\d+\.\d+(?:\.\d+)*(?:[\-+.][0-9A-Za-z.\-]+)?|[0-9a-f]{7,40}\b|\d{4}[.\-]\d{2}[.\-]\d{2}[.\-\w]*)|\b(v?\d+\.\d+\.\d+(?:[\-+][0-9A-Za-z.\-]+)?|v\d+)\b`)
	automatic  = lazyregexp.New(`(?i)^(?:bot|ci|cd|system|service|automation|\S*bot|\S*-automation|argocd|jenkins|github|gitlab|pipeline|monitoring|api|auto|integration|timeout|the|an|our|us|it|them|all|both|this|that)$`)
)

// ReadBot reads an automatic message.
func ReadBot(text string) Bot {
	t := normal(text)
	m := botTest.FindStringSubmatch(t)
	b := Bot{Test: m != nil && m[1] == ""}
	for _, p := range bots {
		if p.re.MatchString(t) && !(p.notice == Acknowledged && !p.re.MatchString(nobodyTook.ReplaceAllString(t, " "))) {
			b.Notice = p.notice
			break
		}
	}
	if m := botNumber.FindStringSubmatch(t); m != nil {
		b.Number = m[1] + m[2]
	}
	if m := botPerson.FindStringSubmatch(t); m != nil && !automatic.MatchString(m[1]) {
		b.Person = strings.TrimPrefix(strings.TrimRight(m[1], "."), "@")
	} else if m := botActs.FindStringSubmatch(t); m != nil && !automatic.MatchString(m[1]) {
		b.Person = m[1]
	} else if m := botLogin.FindStringSubmatch(t); m != nil && !automatic.MatchString(m[1]+m[2]) {
		b.Person = m[1] + m[2]
	} else if m := botHandle.FindStringSubmatch(t); m != nil && !automatic.MatchString(m[1]) && !thing.MatchString(m[1]) {
		b.Person = m[1]
	}
	if m := botVersion.FindStringSubmatch(t); m != nil {
		b.Version = strings.TrimPrefix(m[1]+m[2], "v")
	}
	return b
}
