package notable

import (
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Words of log lines that state a change of the system which no other source
// records.
var (
	boots   = lazyregexp.New(`\bLinux version \d|(?i)\bbooting linux\b|\b(?:re-?booting|re-?booted)\b|\breboot(?:: | (?:requested|initiated|scheduled|triggered|started))|\bsystem is going down\b|\bsystemd-shutdown\b|\breached target (?:reboot|shutdown|power-off)|\bmachine (?:re)?started\b|\bpower(?:ed)? (?:on|cycle)\b|-- (?:re)?boot\b`)
	secrets = lazyregexp.New(`(?i)` + either(`(?:secret|credential|password|passphrase|(?:api |signing |encryption |access )?key|keyring|token|cert|certificate|bundle|trust ?store|ca|lease|jwks)s?`, `rotat(?:ed|ing)|rotation (?:started|complete\w*|done|finished)|renew(?:ed|ing)|replaced|re-?issued|revoked|swapped|installed|reloaded|updated|activat(?:ed|ion|ing)`))
	jobs    = lazyregexp.New(`(?i)\banacron\b.*\bstarted\b|` + either(`(?:[\w\-]+[-_ ])?(?:job|task|backup|batch|import|export|reindex|re-?index(?:ing)?|vacuum|analyze|migration|sync|dump|snapshot|compaction|report|cleanup|clean-?up|etl|crawl|scan|replication|rebuild|purge|archiv\w+|resend|re-?send|replay|re-?process(?:ing)?|re-?run|backfill)`, `start(?:ed|ing|s)?|begin(?:s|ning)?|began|kicked off|launch(?:ed|ing)|triggered`))
	tuned   = lazyregexp.New(`(?i)` + either(`(?:config\w*|feature flag|flag|rule ?set|ruleset|rules?|policy|policies|limit|quota|routing table|schema|dns record|zone file|acl|firewall)s?`, `reloaded|changed|updated|applied|switched|enabled|disabled|pushed|activated|loaded`))
	rolls   = lazyregexp.New(`(?i)\bv?\d+\.\d+\.\d+\b.{0,30}\b(?:set ?weight:? [1-9]|canary (?:started|at \d|weight)|promoted\b|full promotion)|\b(?:roll-?out|deploy(?:ment)?|release|upgrade) of \S+ (?:to )?(?:version )?v?\d+\.\d\S*.{0,40}\b(?:start(?:ed|s|ing)?|initiated|began|begins|triggered)\b|^(?:\S+ ){0,2}(?:deploying|rolling out|releasing|upgrading) \S+ (?:to )?(?:version )?v?\d+\.\d`)
	moved   = lazyregexp.New(`(?i)\bmaintenance (?:window |mode )?(?:start\w*|began|begins|in progress|on\b|enabled|entered)|\bentering maintenance\b|\b(?:unattended-upgrades?|apt|yum|dnf|dpkg)\b.*\b(?:install\w*|upgrad\w+|unpack\w*|packages)\b|\b(?:upgraded|upgrading) \S+ (?:from|to) \S*\d|\bfail(?:ed)?[ -]?over (?:to|start\w*|initiated)|\bpromoted to (?:primary|leader|master)\b|\bswitchover\b|\balter system (?:set|reset)\b|\+switch-master\b|\b(?:elected|electing) (?:as )?(?:new )?(?:leader|primary|master)\b|\bnew (?:leader|primary|master) (?:is|elected)\b|\bby [\w.@\-]+:? .{0,80}?\S+ (?:->|=>) \S+|\bpushed\b.{0,60}\b(?:revision|config\w*|profile|zone|policy|rules?)\b`)
)

// either returns a pattern for two words not far from each other, in any order.
func either(a, b string) string {
	return `\b(?:` + a + `)\b.{0,50}?\b(?:` + b + `)\b|\b(?:` + b + `)\b.{0,30}?\b(?:` + a + `)\b`
}

// Changes reports whether a log line states a change of the system: a machine
// that starts, a secret that is rotated, a job that begins, a setting, a version
// or a role that changes.
func Changes(line string) bool {
	return Boots(line) || secrets.MatchString(line) || jobs.MatchString(line) || tuned.MatchString(line) || rolls.MatchString(line) || moved.MatchString(line)
}

// Turns reports whether a log line states that something was changed, or is another
// than before, and not that something failed.
func Turns(line string) bool { return (Changes(line) || turned.MatchString(line)) && !Fails(line) }

// Fails reports whether a log line says that something went wrong.
func Fails(line string) bool { return fails.MatchString(line) }

// turned is how a line says that something is another than before, and fails how it
// says that something went wrong.
var (
	turned = lazyregexp.New(`(?i)\S+ (?:->|=>|→) \S+|\b(?:(?:de)?activat(?:ed|ion|ing)|enabled|disabled|promoted?|switched|retired?|replaced|upgrad(?:ed|e|ing)|install(?:ed|ing)|migrated|lowered|raised|rotated|selected source|(?:previous(?:ly)?|formerly) \S+)\b|[(,;] ?was \S+`)
	fails  = lazyregexp.New(`(?i)\b(?:fail\w*|errors?|time[ds]?[- ]?out|timeouts?|refused|rejected|denied|cannot|can't|unable|exception|panic|lost|dropped|unavailable|stopped)\b`)
)

// Routine reports whether what a log line states happens again and again: a job
// or the renewal of a secret. A setting that changes is another change each time.
func Routine(line string) bool {
	return jobs.MatchString(line) || secrets.MatchString(line) && !moved.MatchString(line)
}

// Boots reports whether a log line states that a machine starts or goes down.
func Boots(line string) bool { return boots.MatchString(line) }

// Scheduler is the service of the detections that [Jobs] makes.
const Scheduler = "cron"

// Jobs returns the starts of jobs inside the window as changes. How often the
// same job was started before is the effect.
func Jobs(jobs []signal.Job, w Window) []signal.Detection {
	var out []signal.Detection
	for _, j := range jobs {
		if j.Mark.At < w.From.UnixNano() || j.Mark.At > w.To.UnixNano() {
			continue
		}
		out = append(out, signal.Detection{
			Detector: Changed, From: j.Mark.At, To: j.Mark.At, Service: Scheduler, Subject: j.Name, Effect: float64(j.Earlier),
			Surprise: Surprise, Title: j.Title, Why: "a job that a scheduler started", Marks: []signal.Mark{j.Mark},
		})
	}
	return out
}
