package moment

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	colon  = lazyregexp.New(`(?:(\d{4})-(\d\d)-(\d\d)[t ])?\b([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:[.,]\d+)?(?: ?([ap])\.?m\b\.?)?`)
	iso    = lazyregexp.New(`\b(\d{4})-(\d\d)-(\d\d)t([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:[.,]\d+)?`)
	twelve = lazyregexp.New(`\b(1[0-2]|0?[1-9])(?:\.([0-5]\d))? ?([ap])\.?m\b\.?`)
	french = lazyregexp.New(`\b([01]?\d|2[0-3])h([0-5]\d)\b`)
	german = lazyregexp.New(`\b([01]?\d|2[0-3])(?:[.:]([0-5]\d))? ?uhr(?: ([0-5]?\d))?\b|\b(?:kl\.?|klo|klokken|kello|om|um|ab|seit) ?([01]?\d|2[0-3])\.([0-5]\d)\b`)
	army   = lazyregexp.New(`\b([01]\d|2[0-3])([0-5]\d) ?(z\b|zulu\b|utc\b|gmt\b)|\b(?:at|since|from|around|about|by|until) ([01]\d|2[0-3])([0-5]\d)(?: ?(?:hrs?|hours|h|local(?: time)?|our time)\b)`)
	// between joins two clocks of one span.
	between = lazyregexp.New(`^ ?(?:z|utc|gmt)?(?: ?(?:-|–|to|till|until|and|through|\.\.) ?)$`)
)

// clocks finds hours and minutes with a colon.
func clocks(t string) []Expr {
	var out []Expr
	for _, m := range iso.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, colonClock(t, m))
	}
	for _, m := range colon.FindAllStringSubmatchIndex(t, -1) {
		if i := m[0]; i > 1 && (t[i-1] == '.' || t[i-1] == ':') && t[i-2] >= '0' && t[i-2] <= '9' {
			continue // the port of an address
		}
		e := colonClock(t, m)
		if m[14] >= 0 {
			e.afternoon(t[m[14]:m[15]] == "p")
		}
		out = append(out, e)
	}
	return out
}

func colonClock(t string, m []int) Expr {
	e := Expr{Start: m[0], End: m[1], Hour: num(t, m, 4), Minute: num(t, m, 5), Second: num(t, m, 6), HasSecond: m[12] >= 0}
	if m[2] >= 0 {
		e.Year, e.Month, e.Day, e.Dated = num(t, m, 1), num(t, m, 2), num(t, m, 3), true
	}
	e.Half = e.Hour >= 1 && e.Hour <= 12 && t[m[8]] != '0' && !e.Dated
	return e
}

// num returns the n-th group of a match as a number; 0 when it is not there.
func num(t string, m []int, n int) int {
	if m[2*n] < 0 {
		return 0
	}
	v, _ := strconv.Atoi(t[m[2*n]:m[2*n+1]])
	return v
}

// afternoon settles which half of the day a clock on 12 hours means.
func (e *Expr) afternoon(yes bool) {
	e.Half = false
	switch {
	case yes && e.Hour < 12:
		e.Hour += 12
	case !yes && e.Hour == 12:
		e.Hour = 0
	}
}

// halves finds clocks on 12 hours with their half of the day: "2pm", "2.05 p.m.".
func halves(t string) []Expr {
	var out []Expr
	for _, m := range twelve.FindAllStringSubmatchIndex(t, -1) {
		e := Expr{Start: m[0], End: m[1], Hour: num(t, m, 1), Minute: num(t, m, 2), Approx: m[4] < 0}
		e.afternoon(t[m[6]] == 'p')
		out = append(out, e)
	}
	return out
}

// frenchClocks finds "14h05".
func frenchClocks(t string) []Expr {
	var out []Expr
	for _, m := range french.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, Expr{Start: m[0], End: m[1], Hour: num(t, m, 1), Minute: num(t, m, 2)})
	}
	return out
}

// germanClocks finds "14.05 Uhr" and the North's "kl. 14.05".
func germanClocks(t string) []Expr {
	var out []Expr
	for _, m := range german.FindAllStringSubmatchIndex(t, -1) {
		e := Expr{Start: m[0], End: m[1], Hour: num(t, m, 1) + num(t, m, 4), Minute: num(t, m, 2) + num(t, m, 3) + num(t, m, 5)}
		out = append(out, e)
	}
	return out
}

// military finds "1405Z" and "since 1405 hours".
func military(t string) []Expr {
	var out []Expr
	for _, m := range army.FindAllStringSubmatchIndex(t, -1) {
		if m[2] >= 0 {
			out = append(out, Expr{Start: m[0], End: m[5], Hour: num(t, m, 1), Minute: num(t, m, 2)})
			continue
		}
		out = append(out, Expr{Start: m[8], End: m[11], Hour: num(t, m, 4), Minute: num(t, m, 5), Since: strings.HasPrefix(t[m[0]:], "since") || strings.HasPrefix(t[m[0]:], "from")})
	}
	return out
}
