package fact

import (
	"html"
	"strings"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Words answers questions about what sources write. It is safe for concurrent
// use; make one with [NewWords].
type Words struct {
	test, machine, production, other *lazyregexp.Regexp
	tag, breaks                      *lazyregexp.Regexp
	applies, tries                   *lazyregexp.Regexp
}

// NewWords returns Words; the patterns are compiled once.
func NewWords() *Words { return words() }

var words = sync.OnceValue(func() *Words {
	return &Words{
		test: lazyregexp.New(`(?i)(\b(?:load|smoke|unit|integration|e2e|end-to-end|stress|health|self|api|browser|synthetics?|ab|a/b|pen)[ _-]?)?` +
			`(?:\btest(?:ing)?[ _-]?(?:page|paging|pager|alert|alarm|notification|incident|escalation)s?\b` +
			`|[[(](?:test|drill|exercise)[\])]|(?:^|\]\s*)(?:test|drill|exercise)(?:\s*[:!–—]|\s+-\s)` +
			`|\bthis is (?:just |only )?(?:a |an )?(?:scheduled |planned |routine |weekly |monthly )?(?:test|drill|exercise)\b` +
			`|\b(?:just|only) (?:a test|a drill|testing)\b|\btest only\b|\btest\b[^.]*\bplease ignore\b|\bplease ignore\b[^.]*\btest\b|\bsimulated (?:incident|outage|page|alert|failure)\b` +
			`|\btest(?:ing)? (?:of )?(?:the |our |new )*(?:pag(?:er|ing)|on-?call|alerting|alerts|escalations?|rotation|notifications?)\b` +
			`|\b(?:fire|pager|pagerduty|paging|phone|on-?call|rotation|escalation|notification|alerting|dr|failover|fail-over|incident|game ?day)[ _-]?(?:test|drill|exercise)(?:$|[^\w-]))`),
		machine: lazyregexp.New(`(?i)\[bot\]|\b(?:[a-z]*bot|ci|cd|cicd|robot|automation|automated|automatic|auto|pipelines?|deployer|deploy|deploys|deployments?|` +
			`jenkins|hudson|github-actions?|actions-user|gitlab-ci|gitlab-runner|circleci|buildkite|teamcity|travis|drone|tekton|argo-?cd|argo|flux|fluxcd|helm|spinnaker|octopus|harness|` +
			`terraform|atlantis|pulumi|ansible|renovate|dependabot|system|scheduler|cron(?:job)?|autoscaler|controller|service-?account|svc|serviceaccount|runner|` +
			`pagerduty|opsgenie|alertmanager|grafana|prometheus|datadog|new ?relic|sentry|webhook|launchdarkly|unleash|statuspage|` +
			`better ?stack|better ?uptime|netdata|nagios|icinga|zabbix|check_?mk|uptime-?robot|uptime[ -]?kuma|pingdom|statuscake|healthchecks|splunk|victorops|squadcast|rootly|firehydrant|` +
			`goalert|xmatters|ilert|signl4|zenduty|alerta|sensu|kapacitor|thanos|mimir|librenms|prtg|solarwinds|oneuptime|instatus|cachet|incident\.io|all ?quiet|servicenow|netlify|vercel|heroku|` +
			`dynatrace|honeycomb|rollbar|bugsnag|cloudwatch|site24x7|elastalert|watchdog|checkly|(?:alarm|alert|sms|paging)[ -]?(?:gateway|relay|router|feed|server|system)|monitoring|notifier)\b|^com\.[a-z0-9]+\.|^nt (?:authority|service)\\|^vpxd-|^(?:pager|alerts?|alarms?|monitor)$`),
		production: lazyregexp.New(`(?i)(?:^|[^a-z])(?:prod|prd|production|live)(?:$|[^a-z])`),
		other: lazyregexp.New(`(?i)(?:^|[^a-z])(?:dev|develop|development|test|testing|qa|uat|stag(?:e|ing)?|stg|pre-?prod(?:uction)?|non-?prod(?:uction)?|sandbox|preview|review|` +
			`local|demo|int|integration|ephemeral|perf|loadtest)(?:$|[^a-z])`),
		tag: lazyregexp.New(`<[^>]*>`),
		applies: lazyregexp.New(`(?i)(?:^|[^a-z])(?:terraform|tofu|opentofu|terragrunt|tf|pulumi|infra\w*|iac|config\w*|settings?|dns|network\w*|firewall|kafka|topics?|flags?|rules?|alerts?|polic(?:y|ies)|quotas?|limits?|manifests?|k8s|kubernetes|kustomize|helmfile|migrations?|schemas?)[^a-z](?:.*[^a-z])?appl(?:y|ies)(?:$|[^a-z])` +
			`|(?:^|[^a-z])apply(?:$|[ :/_-]+(?:(?:the |all |to )?(?:all|changes?|stacks?|plan|prod\w*|live|main|terraform|tofu|terragrunt|pulumi|infra\w*|config\w*|settings?|dns|network\w*|firewall|kafka|topics?|flags?|rules?|alerts?|polic(?:y|ies)|quotas?|limits?|manifests?|k8s|kubernetes|migrations?|schemas?))(?:$|[^a-z]))` +
			`|(?:^|[^a-z])(?:pulumi[ :/_-]+up|(?:run[ :/_-]+)?ansible[ :/_-]+playbooks?|run[ :/_-]+(?:ansible|playbooks?)|(?:provision(?:ing)?|converge)[ :/_-]+(?:prod\w*|live|infra\w*|hosts?|servers?|nodes?|clusters?|all))(?:$|[^a-z])`),
		tries:  lazyregexp.New(`(?i)(?:^|[^a-z])(?:dry[ _-]?run|lint\w*|validate|validation|checks?|fmt|tests?|molecule|drift|preview|destroy[ _-]?preview|galaxy)(?:$|[^a-z])`),
		breaks: lazyregexp.New(`(?i)<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>`),
	}
})

// Test reports whether a text that announces something says that it is a test
// or a drill. It is for pages and alerts, not for talk: "the smoke test alert
// fires" announces no drill.
func (w *Words) Test(texts ...string) bool {
	for _, t := range texts {
		if m := w.test.FindStringSubmatch(t); m != nil && m[1] == "" {
			return true
		}
	}
	return false
}

// Applies reports whether the name of a workflow or a job says that it changes
// infrastructure or settings: it applies them, and does not only try to.
func (w *Words) Applies(name string) bool {
	return w.applies.MatchString(name) && !w.tries.MatchString(name)
}

// Machine reports whether a name is that of automation and not of a person.
func (w *Words) Machine(name string) bool {
	return w.machine.MatchString(strings.ReplaceAll(name, "_", "-"))
}

// Actor returns the actor of that name: automation when the name says so, else
// a person.
func (w *Words) Actor(name string) hindcast.Actor {
	if w.Machine(name) {
		return hindcast.Actor{Name: name, Kind: hindcast.Automation}
	}
	return hindcast.Actor{Name: name, Kind: hindcast.Person}
}

// Environment returns the environment that a name such as "deploy-production"
// or "checkout (staging)" speaks of, as "production" or in its own word; "" when
// it speaks of none.
func (w *Words) Environment(name string) string {
	if word := w.other.FindString(name); word != "" {
		return strings.ToLower(strings.Trim(word, " _-./:()[]{}"))
	}
	if w.production.MatchString(name) {
		return "production"
	}
	return ""
}

// Plain returns the text of HTML: tags out, line breaks kept, entities resolved.
func (w *Words) Plain(s string) string {
	s = w.breaks.ReplaceAllString(s, "\n")
	return strings.TrimSpace(html.UnescapeString(w.tag.ReplaceAllString(s, "")))
}
