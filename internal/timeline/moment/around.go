package moment

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// What stands before and behind a time and says more of it.
var (
	since = lazyregexp.New(`\b(?:since|from|as of|starting|began|begins|beginning|started|seit|ab|desde|depuis|siden)\b(?: (?:at|on|` + about + `|today|yesterday|last night|the|this morning|this afternoon|,))*[ ,(~]*$`)
	ahead = lazyregexp.New(`\b(?:until|till|til|by|(?:later|earlier) than|eta|next(?: update| sync| run| check| call)?(?: is| in)?|due|deadline(?: is)?|cut-?off(?: is)?|no later than|at the latest|expected|planned for|scheduled for|bis|hasta|moved to|postponed to|starts?|goes|go|begins tomorrow|tomorrow|meets?|meeting|convenes?)\b(?: (?:at|on|` + about + `))*[ :~]*$`)
	// What people hold when all is over, before its day and hour.
	review = lazyregexp.New(`\b(?:review|retro\w*|post-?mortem|pir|debrief|meeting)(?: is| will be)?(?: on)?(?: ` + weekdays + `)?,?(?: at)? *$`)

	// What is announced for the night to come.
	coming = lazyregexp.New(`\b(?:will|gets?|going to|reminder|heads[- ]?up|planned|scheduled)\b[^.;!?]*\btonight(?:,| at| around| from)* *$`)

	// The article before a clock that is a name, and the thing that has it.
	article = lazyregexp.New(`\b(?:the|our|this|that|every|each|nightly|daily) $`)
	called  = lazyregexp.New(`^ (?:[a-z]+ )?(?:truck|train|bus|flight|tram|ferry|print\w*|lists?|report|run|job|batch|backup|export|import|sync|slots?|show|session|meeting|call|standup|bulletin|news|cut-?off|wave|shift|round|class|appointment)s?\b`)

	opens  = lazyregexp.New(`^ ?(?:z|utc|gmt|[ap]m)? ?(?:-|–|—|to|until|till|and) ?\d{1,2}[:.h]\d{2}\b`)
	closes = lazyregexp.New(`\d[:.h]\d{2}(?::\d{2})? ?(?:z|utc|gmt|[ap]m)? ?(?:-|–|—|to|until|till|and) ?$`)
	vague  = lazyregexp.New(`(?:\b(?:` + about + `)|~)(?: (?:at|on|the))* ?$`)
	ish    = lazyregexp.New(`^ ?(?:-?ish|or so|or thereabouts|give or take|sharp\?)`)
	zone   = lazyregexp.New(`^ ?\(?((?:utc|gmt) ?[+-]\d{1,2}(?::?\d{2})?|\+\d{2}:?\d{2}|-(?:0\d|1[0-2])[034][05])\b|^(z)\b|^ ?\(?(` + abbreviations + `)\b`)
	west   = lazyregexp.New(`^(-\d{2}:?\d{2})\b`)
	ours   = lazyregexp.New(`^ ?\(?(?:h(?:ou)?rs?,? )?(?:(?:plant|site|their|our|my|your|his|her|the customer's|store|office) (?:local )?time|local(?: time)?|lt\b|here\b|ours?\b|mine\b|hora (?:local|de aqu[ií])|heure locale|ortszeit|lokal(?: tid)?|(?:in|over) [a-z]{4,}(?: time)?$)`)
	theirs = lazyregexp.New(`^ ?\(?[a-z]{4,} time\b`)
	city   = lazyregexp.New(`^ ([a-z]{3,}(?: [a-z]{4,})?)(?: time\b|\))`)
	behind = lazyregexp.New(`^ ?(?:z|utc|gmt)?,? ?(?:(this|yesterday|last|in the|of the|today) ?)?(morning|afternoon|evening|night)\b`)
	part   = lazyregexp.New(`\b(?:(this|yesterday|last|today) )?(morning|afternoon|evening|night)(?:'s| run)?(?:,| at| around| about| from| since|:)* ?~?$`)
	day    = lazyregexp.New(`\b(today|yesterday|last night|gestern|ayer|hier|(?:on |last )?` + weekdays + `(?:'s)?|` + lettered + `)(?: morning| afternoon| evening| night)?(?:,| at| around| about| from| since| the)* ?~?$`)
	dayOf  = lazyregexp.New(`\b((?:on |last )?` + weekdays + `|today|yesterday)'?s(?: [\w.\-/]+){1,4}?(?:,| at| around| about| from| of| \()+ ?~?$`)
	dayEnd = lazyregexp.New(`^ ?(?:z|utc|gmt|local)?,? ?\(?(?:on )?(today|yesterday|the day before|last night|tomorrow|(?:on |last )?` + weekdays + `)\b`)
	// The day of the last month that had it: "on the 12th at 20:14", "20:14 on the 12th".
	ordinal    = lazyregexp.New(`\b(?:on|of|since|from) the (\d{1,2})(?:st|nd|rd|th)(?:,| at| around| about| from| since)* ?~?$`)
	ordinalEnd = lazyregexp.New(`^ ?(?:z|utc|gmt|local)?,? ?(?:on |of )the (\d{1,2})(?:st|nd|rd|th)\b(?: of (` + months + `))?`)
	date       = lazyregexp.New(`\b(?:(\d{1,2})(?:st|nd|rd|th)?(?: of|\.)? (` + months + `)[a-z]*|(` + months + `)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?)(?: (\d{4}))?(?:,| at| around| about)* ?$`)
)

const (
	weekdays = `(?:mon|tues|wednes|thurs|fri|satur|sun)day`
	// lettered are days by their first letters, which are words but behind these.
	lettered      = `(?:on|last|since|from) (?:mon|tues?|wed|thurs?|fri)`
	months        = `jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec`
	abbreviations = `utc|gmt|zulu|cet|cest|eet|eest|wet|west|bst|ist|jst|kst|sgt|hkt|pht|ict|pkt|gst|trt|sast|eat|wat|cat|aest|aedt|acst|acdt|awst|nzst|nzdt|est|edt|cst|cdt|mst|mdt|pst|pdt|akst|akdt|hst|ast|adt|nst|ndt|art|clt|brt|msk|et|ct|mt|pt|eastern|central|mountain|pacific`
)

// surroundings reads what stands around a time.
func (e *Expr) surroundings(t string) {
	before, after := t[max(0, e.Start-40):e.Start], t[e.End:min(len(t), e.End+40)]
	e.Since = e.Since || since.MatchString(before)
	e.Approx = e.Approx || vague.MatchString(before) || ish.MatchString(after)
	e.Ahead = !e.Since && (ahead.MatchString(before) || review.MatchString(before)) || coming.MatchString(before)
	e.Span = opens.MatchString(after) || closes.MatchString(before)
	e.Called = !e.Since && article.MatchString(before) && called.MatchString(after)
	if e.Ago != 0 {
		return
	}
	e.daytime(before, after)
	e.date(before, after)
}

// place reads the zone that stands behind a clock. What is written as a distance
// from UTC belongs to it.
func (e *Expr) place(t string) {
	after := t[e.End:min(len(t), e.End+40)]
	m := zone.FindStringSubmatchIndex(after)
	switch {
	case m == nil && e.Year > 0:
		if m = west.FindStringSubmatchIndex(after); m != nil {
			e.Zone, e.End = after[m[2]:m[3]], e.End+m[3]
			return
		}
	case m == nil:
	case m[2] >= 0:
		e.Zone, e.End = strings.ToUpper(strings.ReplaceAll(after[m[2]:m[3]], " ", "")), e.End+m[3]
		return
	case m[4] >= 0:
		e.Zone = "Z"
		return
	default:
		e.Zone = strings.ToUpper(after[m[6]:m[7]])
		return
	}
	if m := city.FindStringSubmatch(after); m != nil {
		if name := strings.TrimSuffix(m[1], " time"); located(name) != nil {
			e.Zone = strings.ToUpper(name)
			return
		}
	}
	e.Local = ours.MatchString(after) || theirs.MatchString(after)
}

// weekday returns the whole name of a day by its first letters.
func weekday(name string) string {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); strings.HasPrefix(full, name[:3]) {
			return full
		}
	}
	return name
}

// daytime reads the part of the day, which tells the half that 12 hours leave open.
func (e *Expr) daytime(before, after string) {
	m := behind.FindStringSubmatch(after)
	if m == nil {
		m = part.FindStringSubmatch(before)
	}
	if m == nil {
		return
	}
	switch {
	case !e.Half:
	case m[2] == "night":
		e.afternoon(e.Hour >= 6 && e.Hour < 12)
	default:
		e.afternoon(m[2] != "morning")
	}
	switch m[1] {
	case "this", "today":
		e.Dated = true
	case "yesterday":
		e.Dated, e.DaysBack = true, 1
	}
}

// date reads the day.
func (e *Expr) date(before, after string) {
	if e.Dated {
		return
	}
	name := ""
	if m := day.FindStringSubmatch(before); m != nil {
		name = m[1]
	} else if m := dayOf.FindStringSubmatch(before); m != nil {
		name = m[1]
	} else if m := dayEnd.FindStringSubmatch(after); m != nil {
		name = m[1]
	}
	for _, before := range []string{"on ", "last ", "since ", "from "} {
		name = strings.TrimPrefix(name, before)
	}
	switch name = strings.TrimSuffix(name, "'s"); name {
	case "":
	case "night":
		if e.Half {
			e.afternoon(e.Hour >= 6 && e.Hour < 12)
		}
		return // the last such clock
	case "today":
		e.Dated = true
		return
	case "yesterday", "gestern", "ayer", "hier", "the day before":
		e.Dated, e.DaysBack = true, 1
		return
	case "tomorrow":
		e.Ahead = true
		return
	default:
		e.Dated, e.Weekday = true, weekday(name)
		return
	}
	m := ordinal.FindStringSubmatch(before)
	if m == nil {
		m = ordinalEnd.FindStringSubmatch(after)
	}
	if m != nil {
		if n := int(value(m[1])); n >= 1 && n <= 31 {
			e.Dated, e.Day = true, n
			if len(m) > 2 && m[2] != "" {
				e.Month = strings.Index(months, m[2])/4 + 1
			}
		}
	}
	if m := date.FindStringSubmatch(before); m != nil {
		e.Dated, e.Day, e.Year = true, int(value(m[1])+value(m[4])), int(value(m[5]))
		e.Month = strings.Index(months, (m[2] + m[3])[:3])/4 + 1
	}
}
