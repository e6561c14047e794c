package integrity

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// changed is what a problem says of local times where clocks were changed: whether
// the hour occurred twice, its beginning and end in UTC, and whether the order of
// the records told which of the two was meant. Package stamp writes it.
var changed = lazyregexp.New(`^times in the hour that \S+ (had twice|did not have) \((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) to (\d{2}:\d{2}) UTC\) were (told apart|read)`)

// hours finds entries in an hour of local time that occurred twice or not at all.
func hours(p hindcast.Postmortem) []Finding {
	var out []Finding
	for _, x := range p.Problems {
		m := changed.FindStringSubmatch(x.Message)
		if m == nil {
			continue
		}
		from, to := span(m[2], m[3], m[4])
		f := Finding{Rule: MissingHour, Level: hindcast.FindingWarning, At: from, Entries: within(p, x.File, from, to), Files: []string{x.File},
			Message: x.File + ": " + x.Message, Question: "Does this system write its times in another zone, or in UTC?"}
		if m[1] == "had twice" {
			f.Rule, f.Question = AmbiguousHour, "Which of the two hours was it: before the clocks were put back, or after?"
		}
		if m[5] == "told apart" {
			f.Level, f.Question = hindcast.FindingNote, ""
		}
		out = append(out, f)
	}
	return out
}

// span returns the moments between two times of day in UTC, of which the second
// may be on the next day. A day that does not exist gives none.
func span(day, from, to string) (a, b time.Time) {
	a, errA := time.Parse("2006-01-02 15:04", day+" "+from)
	b, errB := time.Parse("2006-01-02 15:04", day+" "+to)
	if errA != nil || errB != nil {
		return time.Time{}, time.Time{}
	}
	if b.Before(a) {
		b = b.AddDate(0, 0, 1)
	}
	return a, b
}

// within returns the entries that rest on a file and lie between two moments.
func within(p hindcast.Postmortem, file string, from, to time.Time) []string {
	out := []string{}
	for _, e := range p.Timeline {
		on := slices.ContainsFunc(e.Evidence, func(r hindcast.Ref) bool { return r.File == file })
		if on && !e.At.Before(from) && e.At.Before(to) {
			out = append(out, e.ID)
		}
	}
	return out
}
