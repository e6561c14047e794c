package moment

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// What the forms are made of.
const (
	hourWord = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve`
	number   = hourWord + `|fifteen|twenty[- ]five|twenty|thirty|forty[- ]five|forty|fifty|sixty|ninety|an|a|half an|half a|a couple of|a couple|a few|a good|\d{1,3}(?:[.,]\d+)?`
	unit     = `seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d`
	// duration is how long something took: "an hour and a half", "1h20", "90s".
	duration = `(?:(?:\d+ ?h(?:ours?|rs?)?(?: ?(?:and )?)\d{1,2}(?: ?m(?:in(?:ute)?s?)?)?)|(?:(?:` + number + `)(?: and a half)? ?(?:` + unit + `)(?: and (?:a half|\d+ ?min(?:ute)?s?|(?:` + number + `) min(?:ute)?s?))?))\b`
	// about is how people say that they do not know it to the minute.
	about = `about|around|roughly|approximately|approx\.?|circa|ca\.?|some(?:where|time)? (?:around|about)|somewhere|maybe|probably|nearly|almost|shortly (?:before|after)|just (?:before|after)|right (?:before|after)|a (?:bit|little) (?:before|after)|~`
)

var values = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"fifteen": 15, "twenty": 20, "twenty-five": 25, "twenty five": 25, "thirty": 30, "forty": 40, "forty-five": 45, "forty five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
	"a": 1, "an": 1, "half an": 0.5, "half a": 0.5, "a couple": 2, "a couple of": 2, "a few": 4, "a good": 1, "quarter": 15, "a quarter": 15, "half": 30,
}

func value(s string) float64 {
	s = strings.TrimSpace(s)
	if v, ok := values[s]; ok {
		return v
	}
	v, _ := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	return v
}

var (
	composed = lazyregexp.New(`^(\d+) ?h[a-z]*(?: ?(?:and )?)(\d{1,2})(?: ?m[a-z]*)?$`)
	simple   = lazyregexp.New(`^(` + number + `)( and a half)? ?(` + unit + `)(?: and (a half|(?:` + number + `)(?: ?min\w*)))?$`)
)

// length returns how long a duration is that was written, and whether it was said
// by and large.
func length(s string) (d time.Duration, vague bool) {
	switch s {
	case "hour":
		return time.Hour, false
	case "half hour":
		return time.Hour / 2, false
	}
	if m := composed.FindStringSubmatch(s); m != nil {
		return time.Duration(value(m[1]))*time.Hour + time.Duration(value(m[2]))*time.Minute, false
	}
	m := simple.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	one := unitOf(m[3])
	d = time.Duration(value(m[1]) * float64(one))
	switch {
	case m[2] != "" || m[4] == "a half":
		d += one / 2
	case m[4] != "":
		n, _, _ := strings.Cut(m[4], "min")
		d += time.Duration(value(n) * float64(time.Minute))
	}
	return d, strings.HasPrefix(m[1], "a couple") || strings.HasPrefix(m[1], "a few")
}

func unitOf(s string) time.Duration {
	switch s[0] {
	case 's':
		return time.Second
	case 'm':
		return time.Minute
	case 'd':
		return 24 * time.Hour
	}
	return time.Hour
}
