// Package wording tells from the words of log messages and metric names whether
// they speak of failures, and whether more of something is better.
package wording

import (
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// failureWords are words that a warning about a failure contains.
var failureWords = map[string]bool{
	"abort": true, "aborted": true, "aborting": true, "aborts": true, "broken": true, "cannot": true, "corrupt": true, "corrupted": true, "crash": true, "crashed": true,
	"crashloopbackoff": true, "deadlock": true, "declined": true, "denied": true, "died": true, "discarded": true, "down": true, "dropped": true, "err": true, "error": true, "errors": true,
	"evicted": true, "exceeded": true, "exception": true, "exhausted": true, "expired": true, "fail": true, "failed": true, "failing": true, "fails": true,
	"failure": true, "failures": true, "fatal": true, "forbidden": true, "hung": true, "invalid": true, "killed": true, "lost": true, "missing": true,
	"oom": true, "oomkilled": true, "overflow": true, "overload": true, "overloaded": true, "panic": true, "refused": true, "reject": true, "rejected": true, "rejecting": true, "rejects": true, "reset": true,
	"segfault": true, "stalled": true, "stuck": true, "throttled": true, "timeout": true, "timeouts": true, "unable": true, "unavailable": true,
	"unauthorized": true, "unexpected": true, "unhandled": true, "unhealthy": true, "unreachable": true, "unresponsive": true, "violation": true,
}

// Failure reports whether a template speaks of a failure. Names of exception
// types count by their ending.
func Failure(text string) bool {
	for _, w := range words(text) {
		if failureWords[w] || strings.HasSuffix(w, "exception") || strings.HasSuffix(w, "error") {
			return true
		}
	}
	return strings.Contains(text, "timed out") || strings.Contains(text, "not found") || strings.Contains(text, "does not exist")
}

// words cuts text into lower-case words of letters, also where camel case or an
// underscore joins them.
func words(text string) []string {
	var out []string
	from, lower := -1, false
	for i, c := range text {
		letter := unicode.IsLetter(c)
		if from >= 0 && (!letter || lower && unicode.IsUpper(c)) {
			out = append(out, strings.ToLower(text[from:i]))
			from = -1
		}
		if letter && from < 0 {
			from = i
		}
		lower = unicode.IsLower(c)
	}
	if from >= 0 {
		out = append(out, strings.ToLower(text[from:]))
	}
	return out
}

// The words in a metric's name that tell whether more of it is better. Those of
// spared come before the others: less error budget is worse.
var (
	spared   = set("budget remaining headroom")
	downward = set(`abandoned abandonment aborted aborts age backlog backoff blocked bounced bounces corrupt corrupted crash crashes deadlock
		deadlocks decline declined declines delay delayed denied denials depth discarded discards disconnects dlq drift drop dropped drops due duplicate duplicates
		duration elapsed err evicted evictions exhausted invalid lag late latency loss lost mismatch mismatches miss missed misses oldest oom orphaned orphans overdue overflow
		overloaded panic panics pending percentile quantile queue queued refused reject rejected rejection rejections rejects reset resets restart restarts retried retries retry rtt
		saturation stale stalled starvation stuck throttled throttling timeout timeouts unacked unanswered unavailable undelivered unhealthy unprocessed unready unschedulable wait waiting`)
	upward = set(`accepted ack acked acknowledged approved authorized availability available completed completion completions conversion conversions delivered goodput healthy hit hits ok
		processed ready succeeded success successes successful throughput up uptime verified`)
	shares = set(`pct percent percentage ratio rate share`)
	filled = set(`battery busy capacity cpu disk disks fill filled full heap idle inode inodes load mem memory occupancy pool pools space storage swap usage use used util utilization volume`)
)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// Better returns the direction in which a metric of that name improves: -1
// down, 1 up, 0 unknown.
func Better(name string) int {
	ws := words(name)
	for _, w := range ws {
		if spared[w] {
			return 1
		}
	}
	for _, w := range ws {
		if downward[w] || strings.HasPrefix(w, "fail") || strings.HasPrefix(w, "error") || strings.HasPrefix(w, "exception") {
			return -1
		}
	}
	if percentile(name) || strings.Contains(name, "5xx") || nothing.MatchString(name) || timed(ws) {
		return -1
	}
	for _, w := range ws {
		if upward[w] {
			return 1
		}
	}
	return 0
}

// nothing finds the names of what finds nothing, such as search:zero_results:ratio.
var nothing = lazyregexp.New(`(?i)(?:^|[^a-z])(?:zero|no|empty|without)[^a-z]?(?:results?|hits?|matches|answers?|responses?)(?:[^a-z]|$)`)

// statuses are labels that hold the status of an answer.
var statuses = set("code status status_code http_status http_status_code http_response_status_code response_code")

// BetterOf returns the direction in which a series improves, as [Better] does of its
// name. Labels are "k=v": a series of answers with a status of 500 and more
// improves downward, whatever its name.
func BetterOf(name string, labels []string) int {
	for _, l := range labels {
		k, v, _ := strings.Cut(l, "=")
		if statuses[strings.ReplaceAll(strings.ToLower(k), ".", "_")] && len(v) == 3 && v[0] == '5' {
			return -1
		}
	}
	return Better(name)
}

// BetterShare is [BetterOf], and 1 also for a share, of one or of a hundred, that is most
// of it nearly all of the time, unless its name tells how full something is: a share of
// what goes well.
func BetterShare(name string, labels []string, values []float64) int {
	if b := BetterOf(name, labels); b != 0 || len(values) == 0 {
		return b
	}
	share := false
	for _, w := range words(name) {
		if filled[w] {
			return 0
		}
		share = share || shares[w]
	}
	if !share || slices.Min(values) < 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	most, middle := sorted[len(sorted)-1], sorted[len(sorted)/2]
	if all := 100.0; most > 1 && most <= all && middle >= nearly*all || most <= 1 && middle >= nearly {
		return 1
	}
	return 0
}

// nearly is what share of all is nearly all.
const nearly = 0.8

// timed reports whether a name is of how long something takes.
func timed(ws []string) bool {
	unit, work := false, false
	for _, w := range ws {
		switch w {
		case "seconds", "millis", "milliseconds", "ms", "micros", "microseconds", "time":
			unit = true
		case "processing", "request", "requests", "response", "query", "execution", "handling", "handler", "roundtrip", "call", "pause":
			work = true
		}
	}
	return unit && work
}

// percentile reports whether a name speaks of a high percentile, as p99 does,
// which only durations are measured by.
func percentile(name string) bool {
	name = strings.ToLower(name)
	for _, p := range [...]string{"p50", "p75", "p90", "p95", "p99"} {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}
