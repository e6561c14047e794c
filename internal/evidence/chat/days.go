package chat

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// order is the order of day and month in the dates of a file.
type order uint8

const (
	unsettled order = iota // each date by itself: month first where it can be one
	monthFirst
	dayFirst
	eitherWay // nothing in the file tells; read by the habit of its clocks
)

// slashed finds dates that may be read both ways, with the clock behind them.
var slashed = regexp.MustCompile(`(?m)^[^\pL\d\n]{0,3}(?:[\pL][^\n]{0,48}?[,—–]?\s)?\[?(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?(?:[T,]\s*|\s+)\d{1,2}:\d{2}(?::\d{2})?([ \x{202f}]?[AaPp]\.?[Mm])?`)

// orderOf settles the order of day and month from all dates of a head: from a
// number that can be no month, else from the reading in which the conversation
// takes fewer days, else from its clocks: where the month is written first, AM
// and PM are, too, and in capitals.
func orderOf(head string) order {
	all := slashed.FindAllStringSubmatch(head, -1)
	if len(all) == 0 {
		return unsettled
	}
	first, second, half, capital := false, false, 0, false
	for _, m := range all {
		first = first || len(m[1]) == 2 && m[1] > "12"
		second = second || len(m[2]) == 2 && m[2] > "12"
		if m[4] != "" {
			half++
			capital = capital || strings.Contains(m[4], "M")
		}
	}
	switch american, other := span(all, monthFirst), span(all, dayFirst); {
	case first && second, half > 0 && half < len(all): // put together from several
		return unsettled
	case first, !second && other < american:
		return dayFirst
	case second, american < other:
		return monthFirst
	case all[0][1] == all[0][2]:
		return monthFirst
	case capital:
		return monthFirst
	}
	return eitherWay
}

// span is how much time dates take that are read in one order.
func span(dates [][]string, o order) time.Duration {
	var from, to time.Time
	for _, m := range dates {
		t, err := time.Parse(time.DateOnly, isoDay(m[1]+"/"+m[2]+"/"+cmp.Or(m[3], leap), o))
		if err != nil {
			continue
		}
		if from.IsZero() || t.Before(from) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	return to.Sub(from)
}

// isoDay turns 5/1/24, 13/5/2024, 1.5.2024 and 01-May-24 into 2024-05-01. Of two
// numbers between slashes the first is the month, unless the order says otherwise
// or it cannot be one.
func isoDay(day string, o order) string {
	sep := "/"
	switch {
	case strings.Contains(day, "."):
		sep = "."
	case strings.Contains(day, "-") && !date.MatchString(day):
		if t, err := time.Parse("2-Jan-06", day); err == nil {
			return t.Format(time.DateOnly)
		}
		if t, err := time.Parse("2-Jan-2006", day); err == nil {
			return t.Format(time.DateOnly)
		}
		return day
	}
	parts := strings.Split(day, sep)
	if len(parts) != 3 {
		return day
	}
	month, dom, year := parts[0], parts[1], parts[2]
	swap := sep == "." || o == dayFirst || o == eitherWay
	if n, err := strconv.Atoi(dom); swap && sep == "/" && err == nil && n > 12 {
		swap = false
	}
	if n, err := strconv.Atoi(month); swap || err == nil && n > 12 {
		month, dom = dom, month
	}
	if len(year) == 2 {
		year = "20" + year
	}
	pad := func(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }
	return year + "-" + pad(month) + "-" + pad(dom)
}

// dayOf is the day that a message tells, as 2006-01-02.
func (c *conversation) dayOf(day string) string {
	switch {
	case strings.EqualFold(day, "yesterday"):
		return dayAfter(c.day, -1)
	case lacksYear(day): // it is of the year that was told before
		year := c.file.Year
		if c.day != "" {
			year, _ = strconv.Atoi(c.day[:4])
		}
		said := c.inYear(day, year)
		if c.day != "" && passed(c.day, said) {
			said = c.inYear(day, year+1)
		}
		c.day = said
		return said
	}
	return isoDay(day, c.order)
}

// inYear is a day that lacks its year in one, as 2006-01-02.
func (c *conversation) inYear(day string, year int) string {
	y := strconv.Itoa(year)
	if day[0] <= '9' { // 21/10 or 21.10.
		return isoDay(strings.Replace(day+"/", "./", ".", 1)+y, c.order)
	}
	if t, err := time.Parse("Jan 2 2006", strings.Join(strings.Fields(day), " ")+" "+y); err == nil {
		return t.Format(time.DateOnly)
	}
	return day
}

// passed reports whether a new year began between a day and one in the same year that
// comes after it: December and then January.
func passed(before, day string) bool {
	a, err := time.Parse(time.DateOnly, before)
	b, err2 := time.Parse(time.DateOnly, day)
	return err == nil && err2 == nil && a.Sub(b) > 180*24*time.Hour
}

// lacksYear reports whether a day is one like Mar 05, 21/10 or 21.10.
func lacksYear(day string) bool {
	return day[0] >= 'A' && day[0] <= 'Z' || strings.Count(day, "/") == 1 || strings.HasSuffix(day, ".")
}

func nextDay(day string) string { return dayAfter(day, 1) }

func dayAfter(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

// daySaid is the day that a line of its own tells; "" when it has no year and
// none is known.
func (c *conversation) daySaid(m []string) string {
	month, dom, year := m[2]+m[6], m[3]+m[5], m[4]+m[7]
	if m[1] != "" {
		return m[1]
	}
	if year == "" && c.file.Year != 0 {
		year = strconv.Itoa(c.file.Year)
	}
	t, err := time.Parse("Jan 2 2006", month[:3]+" "+dom+" "+year)
	if err != nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// worded finds a date in words, or one behind the day of the week, before a clock; at most
// a mark or a name stands before it. weekday finds the day of the week alone, compact
// dates such as 2025/10/21 and 20251021, trailing a year behind the clock, as C prints it.
var (
	worded   = lazyregexp.New(`(?i)^([^:\n]{0,60}?)\b(?:` + weekdays + `)?(?:(\d{4}-\d{2}-\d{2})|(\d{1,2})(?:st|nd|rd|th)?\.?[ -](?:de )?` + months + `\.?(?:,?[ -](?:de )?(\d{4}))?|` + months + `\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?),?(?: (?:at|um|à))? +(\d{1,2}:\d{2})`)
	weekday  = lazyregexp.New(`(?i)^(\[?)` + weekdays + `(\d{1,2}:\d{2})`)
	trailing = lazyregexp.New(`(?i)^([^:\n]{0,60}?\b)` + months + ` {1,2}(\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?) (\d{4})\b`)
	compact  = lazyregexp.New(`^([^:\n]{0,60}?)\b(20\d\d)/?([01]\d)/?([0-3]\d)([ T]+\d{1,2}:\d{2})`)
)

const weekdays = `(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mi[eé]|jue|vie|s[aá]b|dom|seg|ter|qua|qui|sex)\.?,? +`

// numbered is a line with the date before its clock as 2006-01-02, or Jan 2 where no year
// stands.
func numbered(line string) string {
	line = trailing.ReplaceAllString(line, "$1$2 $3 $5 $4")
	line = compact.ReplaceAllString(weekday.ReplaceAllString(line, "$1$2"), "$1$2-$3-$4$5")
	m := worded.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	month, dom, year := monthOf(cmp.Or(m[4], m[6])), m[3]+m[7], m[5]+m[8]
	day := m[2]
	if t, err := time.Parse("1 2 2006", strconv.Itoa(month)+" "+dom+" "+cmp.Or(year, leap)); day == "" && err != nil {
		return line
	} else if day == "" && year == "" {
		day = t.Format("Jan 2")
	} else if day == "" {
		day = t.Format(time.DateOnly)
	}
	return m[1] + day + " " + m[9] + line[len(m[0]):]
}
