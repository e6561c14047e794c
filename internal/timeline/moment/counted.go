package moment

import "github.com/hindcast/hindcast/internal/lazyregexp"

// counted finds what is counted back in digits, and countedWords in words: from now,
// or from what it names.
func counted(t string) []Expr { return countedBack(t) }

func countedWords(t string) []Expr { return countedBack(t) }

var (
	ago    = lazyregexp.New(`\b(` + duration + `)(?: or so| already)? (ago|back|earlier)\b`)
	lasted = lazyregexp.New(`\b(?:(?:for|over|during|these|in|within) (?:(?:` + about + `) ?)?(?:the )?(?:last|past)|since(?: (?:` + about + `))?|for(?: (?:` + about + `))?(?: more than| at least| over)?) ?(` + duration + `|half hour\b|hour\b)( now| already| straight|)`)
	anchor = lazyregexp.New(`\b(` + duration + `)(?: or so)? (before|after|prior to|ahead of|earlier than|later than|past) (?:the |our |that |this |its |my |first |last |actual |we got (?:the )?|i got (?:the )?)*(page[sd]?|pager|alert(?:s|ed|ing)?|alarms?|monitor(?:ing)?|pagerduty|opsgenie|deploy(?:ment|ed|s)?|release[sd]?|rollout|sync|upgrade)\b`)
	// passes is what a duration with "for" says that lasts until now; else it may be to come.
	passes = lazyregexp.New(`\bbeen\b[^.;!?]*$`)
	plain  = lazyregexp.New(`^for\b`)
	recent = lazyregexp.New(`(?:last|past)`)
	open   = lazyregexp.New(`^(?:in|within|over|during)\b`)
)

func countedBack(t string) []Expr {
	var out []Expr
	for _, m := range anchor.FindAllStringSubmatchIndex(t, -1) {
		d, vague := length(t[m[2]:m[3]])
		e := Expr{Start: m[0], End: m[1], Ago: d, Approx: vague, Anchor: Page}
		switch t[m[6]] {
		case 'd', 'r', 's', 'u':
			e.Anchor = Change
		}
		switch w := t[m[4]:m[5]]; w {
		case "after", "later than", "past":
			e.Until = true
		}
		out = append(out, e)
	}
	for _, m := range ago.FindAllStringSubmatchIndex(t, -1) {
		d, vague := length(t[m[2]:m[3]])
		out = append(out, Expr{Start: m[0], End: m[1], Ago: d, Approx: vague})
	}
	for _, m := range lasted.FindAllStringSubmatchIndex(t, -1) {
		d, vague := length(t[m[2]:m[3]])
		s := t[m[0]:m[1]]
		switch {
		case open.MatchString(s):
			continue // within which something happened, not since when
		case plain.MatchString(s) && !recent.MatchString(s) && m[4] == m[5] && !passes.MatchString(t[:m[0]]):
			continue // how long something will be done
		}
		out = append(out, Expr{Start: m[0], End: m[1], Ago: d, Approx: vague, Since: true})
	}
	kept := out[:0]
	for _, e := range out {
		if e.Ago > 0 {
			kept = append(kept, e)
		}
	}
	return kept
}
