package detect

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

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
