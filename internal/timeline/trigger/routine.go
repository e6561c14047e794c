package trigger

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// usual is how often a change must be made for it to be made as a matter of course.
const usual = 3

// figures are what differs from one time to the next, and so are names behind the first
// word of what a machine did to one of many things.
var (
	figures = lazyregexp.New(`[0-9]+`)
	namings = lazyregexp.New(`\s\S*[0-9_.\-]\S*`)
)

// How many times something is done while the incident lasts, to one thing after the
// other, before a reader has seen enough of it. People rarely do the same ten times.
const (
	often         = 5
	oftenByPerson = 10
)

// alike is what changes have in common that are the same but for figures and names.
func alike(f *fact.Fact) string {
	title := f.Title
	if placed(f) {
		title = namings.ReplaceAllString(title, " 0")
	}
	return f.Actor.Name + "\x00" + figures.ReplaceAllString(title, "0")
}

// placed reports whether a change is a record of what a machine did to one of many things,
// as moving them; a setting that is changed is what a change is about.
func placed(f *fact.Fact) bool { return !f.ByPerson() && f.First().Kind == hindcast.Record }

// habit is what the changes of a machine have in common that it makes as a matter of
// course: records are the same but for names, settings to the letter.
func habit(f *fact.Fact) string {
	if placed(f) {
		return alike(f)
	}
	return strings.Join([]string{f.Actor.Name, f.Title, f.Object, f.Setting, f.Version}, "\x00")
}

// habitual reports whether a machine made a change often before: it did no harm then.
func (j *Judge) habitual(c *fact.Fact) bool {
	if c.Class != fact.Changed || c.ByPerson() {
		return false
	}
	if j.habits == nil {
		j.habits = map[string][]*fact.Fact{}
		for _, f := range j.Facts {
			if f.Class == fact.Changed && !f.ByPerson() {
				j.habits[habit(f)] = append(j.habits[habit(f)], f)
			}
		}
	}
	list := j.habits[habit(c)] // in order of time
	return len(list) > often-1 && list[often-1].At.Before(c.At)
}

// Routine returns the recorded changes that are made again and again, the same but
// for figures and names, by the same hand, more often outside a while than in it: a job
// that rotates what a shop shows changes nothing that responders would. Of those that are
// made often in it the first is none.
func Routine(facts []*fact.Fact, during func(*fact.Fact) bool) map[*fact.Fact]bool {
	groups := map[string][]*fact.Fact{}
	for _, f := range facts {
		if f.Class == fact.Changed {
			k := alike(f)
			groups[k] = append(groups[k], f)
		}
	}
	out := map[*fact.Fact]bool{}
	for _, list := range groups {
		inside, many := 0, often
		if list[0].ByPerson() {
			many = oftenByPerson
		}
		for _, f := range list {
			if during(f) {
				inside++
			}
		}
		if len(list) < usual || 2*inside >= len(list) && inside < many {
			continue
		}
		shown := 2*inside >= len(list)
		for _, f := range list {
			out[f] = !shown || !during(f)
			shown = shown && !during(f)
		}
	}
	return out
}
