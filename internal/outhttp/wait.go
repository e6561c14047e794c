package outhttp

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what a service may ask for.
const longestWait = 24 * time.Hour

// Wait returns for how long a service asks not to be asked again, 0 when it does
// not: Retry-After in seconds or as a date, its variants in milliseconds, and the
// limits that services announce in headers of their own, when nothing is left of
// them. After an answer that names no time but says that it was too much, it is
// 0 too.
func Wait(status int, h http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After-Ms", "X-Ms-Retry-After-Ms"} {
		if ms, err := strconv.ParseFloat(h.Get(name), 64); err == nil {
			return bounded(ms * float64(time.Millisecond))
		}
	}
	// A page that moved, or an answer that was accepted, may say it too.
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || status == http.StatusForbidden {
		if d, ok := moment(h.Get("Retry-After"), now); ok {
			return d
		}
	}
	return exhausted(h, now)
}

// families are the names under which services say what is left and until when.
var families = []struct{ remaining, reset string }{
	{"X-Ratelimit-Remaining", "X-Ratelimit-Reset-After"},                 // Discord, in seconds
	{"X-Ratelimit-Remaining", "X-Ratelimit-Reset"},                       // GitHub, DataDog, Jira and others
	{"X-Ratelimit-Requests-Remaining", "X-Ratelimit-Requests-Reset"},     // Linear, in milliseconds since 1970
	{"X-Ratelimit-Complexity-Remaining", "X-Ratelimit-Complexity-Reset"}, // Linear
	{"Ratelimit-Remaining", "Ratelimit-Reset"},                           // earlier drafts of RFC RateLimit, GitLab
	{"X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"},                     // Okta, Zendesk
}

// exhausted returns the time until a limit of which nothing is left begins anew.
func exhausted(h http.Header, now time.Time) time.Duration {
	for _, f := range families {
		if n, err := strconv.ParseFloat(h.Get(f.remaining), 64); err != nil || n > 0 {
			continue
		}
		if d, ok := moment(h.Get(f.reset), now); ok {
			return d
		}
	}
	for _, v := range h.Values("Ratelimit") {
		if left := number(remaining, v); left != 0 {
			continue
		}
		if seconds := number(reset, v); seconds > 0 {
			return bounded(seconds * float64(time.Second))
		}
	}
	return 0
}

// The parameters of the header RateLimit, in the form of its drafts until 7,
// "limit=10, remaining=0, reset=30", and from 8 on, "\"default\";r=0;t=30".
var (
	remaining = regexp.MustCompile(`\b(?:remaining|r)=(\d+)`)
	reset     = regexp.MustCompile(`\b(?:reset|t)=(\d+)`)
)

// number returns what an expression finds; -1 when it finds nothing.
func number(re *regexp.Regexp, s string) float64 {
	m := re.FindStringSubmatch(s)
	if m == nil {
		return -1
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return -1
	}
	return n
}

// Numbers above these are times since 1970, not durations.
const (
	sinceSeconds = 5e8  // 1985 in seconds
	sinceMillis  = 5e11 // 1985 in milliseconds
)

// moment reads how long to wait from a number of seconds, a number of seconds or
// milliseconds since 1970, a date of HTTP, or a time of ISO 8601.
func moment(text string, now time.Time) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		switch {
		case n >= sinceMillis:
			n = n/1e3 - float64(now.UnixMilli())/1e3
		case n >= sinceSeconds:
			n -= float64(now.UnixMilli()) / 1e3
		}
		return bounded(n * float64(time.Second)), true
	}
	at, err := http.ParseTime(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if err != nil {
			at, err = time.Parse(layout, text)
		}
	}
	if err != nil {
		return 0, false
	}
	return bounded(float64(at.Sub(now))), true
}

func bounded(ns float64) time.Duration {
	if !(ns > 0) { // not a number too
		return 0
	}
	return time.Duration(min(ns, float64(longestWait)))
}
