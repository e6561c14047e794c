package stamp

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// inName finds a date with a clock in the name of a file, as programs write it into the
// names of screenshots and recordings.
var inName = lazyregexp.New(`(GMT|UTC)?(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?([0-3]\d)(?:[ T_.-]+|[ _-]at[ _-])([0-2]?\d)[-.:_h꞉]?([0-5]\d)(?:[-.:_m꞉ ]?([0-5]\d))?[ _\x{202f}-]*([AaPp][Mm])?(UTC|GMT|Z\b)?`)

// Named returns the date and the clock that the name of a file tells, written so that
// [Parse] reads them, and what else the name says; ok is false when it tells none to the
// minute. A name such as GMT20240501-093000 says that it is in UTC.
func Named(name string) (at, rest string, ok bool) {
	m := inName.FindStringSubmatch(name)
	if m == nil {
		return "", name, false
	}
	hour, _ := strconv.Atoi(m[5]) // it is digits
	switch half := strings.ToUpper(m[8]); {
	case half == "PM" && hour < 12:
		hour += 12
	case half == "AM" && hour == 12:
		hour = 0
	}
	second := m[7]
	if second == "" {
		second = "00"
	}
	at = fmt.Sprintf("%s-%s-%s %02d:%s:%s", m[2], m[3], m[4], hour, m[6], second)
	if m[1]+m[9] != "" {
		at += "Z"
	}
	before, after, _ := strings.Cut(name, m[0])
	return at, before + after, true
}
