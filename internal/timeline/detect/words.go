package detect

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// failureWords are words that a warning about a failure contains.
var failureWords = map[string]bool{
	"abort": true, "aborted": true, "aborting": true, "broken": true, "cannot": true, "corrupt": true, "corrupted": true, "crash": true, "crashed": true,
	"crashloopbackoff": true, "deadlock": true, "denied": true, "died": true, "down": true, "dropped": true, "err": true, "error": true, "errors": true,
	"evicted": true, "exceeded": true, "exception": true, "exhausted": true, "expired": true, "fail": true, "failed": true, "failing": true, "fails": true,
	"failure": true, "failures": true, "fatal": true, "forbidden": true, "hung": true, "invalid": true, "killed": true, "lost": true, "missing": true,
	"oom": true, "oomkilled": true, "overflow": true, "overload": true, "overloaded": true, "panic": true, "refused": true, "rejected": true, "reset": true,
	"segfault": true, "stalled": true, "stuck": true, "throttled": true, "timeout": true, "timeouts": true, "unable": true, "unavailable": true,
	"unauthorized": true, "unexpected": true, "unhandled": true, "unhealthy": true, "unreachable": true, "unresponsive": true, "violation": true,
}

// soundsBad reports whether a template speaks of a failure. Names of exception
// types count by their ending.
func soundsBad(text string) bool {
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

// in and of name a service in a title, when there is one.
func in(service string) string {
	if service == "" {
		return ""
	}
	return " in " + service
}

func of(service string) string {
	if service == "" {
		return ""
	}
	return " of " + service
}

// quoted returns a template for a title, cut to a length that people read.
func quoted(text string) string {
	const most = 90
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return `"` + string(r) + `"`
}

// number formats v with three significant digits and without an exponent.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a >= 1e15 || math.IsNaN(v):
		return strconv.FormatFloat(v, 'g', 3, 64)
	case a >= 100:
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	case a >= 10:
		return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	case a == 0:
		return "0"
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(v))))
	scale := math.Pow(10, float64(digits))
	return strconv.FormatFloat(math.Round(v*scale)/scale, 'f', -1, 64)
}

func perMinute(n, secs float64) string { return number(n / secs * 60) }

func percent(part, whole float64) string { return number(100*part/whole) + " %" }

// duration formats seconds for people.
func duration(secs float64) string {
	d := time.Duration(secs * float64(time.Second))
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
