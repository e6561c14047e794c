package moment

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	past    = lazyregexp.New(`\b(a quarter|quarter|half|twenty[- ]five|twenty|ten|five|\d{1,2})(?: min(?:ute)?s?)? (past|after) (` + hourWord + `|1[0-2]|[1-9])\b`)
	to      = lazyregexp.New(`\b(?:(a quarter|quarter)|(?:(?:at|since|until|till|by|from|it was|it's|already|` + about + `) )(twenty[- ]five|twenty|ten|five)(?: min(?:ute)?s?)?) (?:to|before|of) (` + hourWord + `|1[0-2]|[1-9])\b`)
	british = lazyregexp.New(`\bhalf[- ](` + hourWord + `)\b`)
	counts  = lazyregexp.New(`\b(` + hourWord + `|fifteen) min(?:ute)?s past (` + hourWord + `|1[0-2]|[1-9])\b`)
	oclock  = lazyregexp.New(`\b(` + hourWord + `|1[0-9]|2[0-3]|[1-9]) o'?clock\b`)
	sharp   = lazyregexp.New(`\b(?:at|since|from) (` + hourWord + `|1[0-9]|2[0-3]|[1-9]) (?:sharp|exactly|on the dot)\b`)
	minute  = lazyregexp.New(`\b(?:at|since|from|around|about) (a quarter|quarter|half|twenty|ten|five) past\b|\b(?:at|since|from|around|about) :([0-5]\d)\b`)
	noon    = lazyregexp.New(`\b(?:at|since|around|about|before|after|until|till|by|from|past|yesterday|today|,) (noon|midday|midnight)\b`)
	ofDay   = lazyregexp.New(`\b(?:at|since|around|about|from|~) ?(1[0-2]|[1-9]|` + hourWord + `) (?:this|yesterday|in the|last) (?:morning|afternoon|evening|night)\b`)
)

// spoken finds clocks in words: "half past two", "ten to nine", "five o'clock".
func spoken(t string) []Expr {
	var out []Expr
	for _, m := range past.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, Expr{Start: m[0], End: m[1], Hour: int(value(t[m[6]:m[7]])), Minute: int(value(t[m[2]:m[3]])), Half: true, Spoken: true})
	}
	for _, m := range to.FindAllStringSubmatchIndex(t, -1) {
		part := max(m[2], m[4])
		e := Expr{Start: part, End: m[1], Hour: int(value(t[m[6]:m[7]])) - 1, Half: true, Spoken: true}
		if m[2] >= 0 {
			e.Minute = 60 - int(value(t[m[2]:m[3]]))
		} else {
			e.Minute = 60 - int(value(t[m[4]:m[5]]))
		}
		if e.Hour == 0 {
			e.Hour = 12
		}
		out = append(out, e)
	}
	for _, m := range british.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, Expr{Start: m[0], End: m[1], Hour: int(value(t[m[2]:m[3]])), Minute: 30, Half: true, Spoken: true})
	}
	for _, m := range counts.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, Expr{Start: m[0], End: m[1], Hour: int(value(t[m[4]:m[5]])), Minute: int(value(t[m[2]:m[3]])), Half: true, Spoken: true})
	}
	for _, m := range sharp.FindAllStringSubmatchIndex(t, -1) {
		h := int(value(t[m[2]:m[3]]))
		out = append(out, Expr{Start: m[2], End: m[1], Hour: h, Half: h <= 12, Spoken: true})
	}
	for _, m := range oclock.FindAllStringSubmatchIndex(t, -1) {
		h := int(value(t[m[2]:m[3]]))
		out = append(out, Expr{Start: m[0], End: m[1], Hour: h, Half: h <= 12, Spoken: true, Approx: true})
	}
	return out
}

// minutesPast finds the minute of an hour that is not named: "at ten past".
func minutesPast(t string) []Expr {
	var out []Expr
	for _, m := range minute.FindAllStringSubmatchIndex(t, -1) {
		e := Expr{Start: m[0], End: m[1], NoHour: true, Since: strings.HasPrefix(t[m[0]:], "since") || strings.HasPrefix(t[m[0]:], "from"), Minute: num(t, m, 2)}
		if m[2] >= 0 {
			e.Minute = int(value(t[m[2]:m[3]]))
		}
		out = append(out, e)
	}
	return out
}

// named finds noon and midnight.
func named(t string) []Expr {
	var out []Expr
	for _, m := range noon.FindAllStringSubmatchIndex(t, -1) {
		e := Expr{Start: m[2], End: m[3], Hour: 12, Approx: true}
		if t[m[2]:m[3]] == "midnight" {
			e.Hour = 0
		}
		out = append(out, e)
	}
	return out
}

// hourOfDay finds an hour with its part of the day: "since 9 this morning".
func hourOfDay(t string) []Expr {
	var out []Expr
	for _, m := range ofDay.FindAllStringSubmatchIndex(t, -1) {
		out = append(out, Expr{Start: m[2], End: m[3], Hour: int(value(t[m[2]:m[3]])), Half: true, Approx: true})
	}
	return out
}
