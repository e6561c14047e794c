// Package trigger weighs which change set an incident off.
//
// A change that only happened at the same time is not a trigger. What counts
// is that it touched a service that was hit or one it calls, that people took
// it back or named it, and how soon trouble followed; that people ruled it out
// counts against it.
package trigger

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Reach is how long before the first symptom a trigger may lie.
const Reach = 15 * time.Minute

// Verdict is what speaks for and against one change.
type Verdict struct {
	Points   int
	RuledOut bool       // people said it is not the cause
	Needs    int        // points needed to be taken for the trigger
	Foreign  bool       // it touched a service that nothing connects to the incident
	Named    *fact.Fact // what somebody said that names it as the cause, or nil
	Shared   float64    // what that has in common with it, see [Shares]
	Back     bool       // it was taken back
	Why      string     // in words, for people
}

// Likely reports whether the change can be taken for the trigger.
func (v Verdict) Likely() bool { return v.Points >= v.Needs && !v.RuledOut && !v.Foreign }

// closer is how much more of a change than of another what people said of them must hold.
const closer = 0.5

// Better reports whether a change is likelier than another: by its points, or else since
// more of it stands in what people named as the cause.
func (v Verdict) Better(o Verdict) bool {
	return v.Points > o.Points || v.Points == o.Points && v.Named != nil && o.Named != nil && v.Shared > o.Shared+closer
}

// Judge weighs changes.
type Judge struct {
	Facts []*fact.Fact // all facts, in order of time
	Signs []*fact.Fact // all signs, in order of time
	Names *fact.Names
	Hit   func(service string) bool   // is known to be hit
	Near  func(service string) bool   // calls or is called by a service that is hit
	In    func(channel string) bool   // people worked on the incident there
	Other func(by, c *fact.Fact) bool // a message dates other records than this; may be nil

	habits map[string][]*fact.Fact // what machines change, by what changes are alike in; see habitual
	lookup *index                  // see [Judge.index]
}

// Change reports whether a fact is a change that could set something off.
func Change(f *fact.Fact) bool {
	switch f.Class {
	case fact.Rollout:
		return f.Production()
	case fact.Changed:
		return !f.Elsewhere()
	case fact.Ran:
		return true
	case fact.VendorPosted:
		return !better(f)
	}
	return sign.Change(f)
}

// better reports whether a company says that it is over.
func better(f *fact.Fact) bool {
	switch f.First().Status {
	case "monitoring", "resolved", "operational", "completed", "scheduled", "postmortem":
		return true
	}
	return f.Speech.Improve
}

// Weigh judges one change, given when the first symptom showed.
func (j *Judge) Weigh(c *fact.Fact, symptom time.Time) Verdict {
	v := &Verdict{Needs: 3}
	if c.First().Kind == hindcast.Record || sign.Change(c) { // a row or a line that only its words make a change
		v.Needs = 4
	}
	if sign.Change(c) && c.Sign.Effect > 1 { // it did no harm before
		v.Needs = 5
	}
	var why []string
	add := func(n int, format string, args ...any) {
		v.Points += n
		why = append(why, fmt.Sprintf(format, args...))
	}
	switch lead := symptom.Sub(c.At); {
	case lead <= 3*time.Minute:
		add(2, "%s before the first symptom", lead.Round(time.Second))
	case lead <= Reach:
		add(1, "%s before the first symptom", lead.Round(time.Second))
	}
	services := j.touched(c)
	if c.Class == fact.VendorPosted {
		services = nil
		v.Needs = 4
	}
	switch {
	case some(services, j.Hit):
		add(3, "it touched %s, which was hit", first(services, j.Hit))
	case some(services, j.Near):
		add(2, "it touched %s, which calls or is called by what was hit", first(services, j.Near))
	case len(services) == 0:
		add(1, "it names no service")
	default:
		v.Foreign = true
		why = append(why, "nothing connects "+services[0]+" to what was hit")
	}
	j.hear(c, symptom, v, add)
	if j.habitual(c) { // whatever else was at its minute
		v.Needs = 6
	}
	v.Why = strings.Join(why, "; ")
	return *v
}

// touched returns the services that a change is about.
func (j *Judge) touched(c *fact.Fact) []string {
	if c.Service != "" && !fact.Daemon(c.Service) {
		return []string{c.Service}
	}
	if found := j.Names.Find(c.Object); len(found) > 0 {
		return found
	}
	return j.Names.Find(c.Title)
}

// hear adds what people did and said about a change.
func (j *Judge) hear(c *fact.Fact, symptom time.Time, v *Verdict, add func(points int, format string, args ...any)) {
	if back := j.takenBack(c); back != nil {
		add(3, "it was taken back at %s", back.At.Format("15:04:05"))
		v.Foreign, v.Back = false, true
	}
	said := j.named(c, symptom)
	if found := j.found(c, symptom); found != nil {
		said = found
		if found.Speech.Act == speech.Cause {
			v.Needs = min(v.Needs, 4)
		}
		if j.dates(found, c) {
			add(1, "its minute was named")
			v.Needs = min(v.Needs, 4)
		}
	}
	if said != nil {
		add(2, "people named it as the cause at %s", said.At.Format("15:04:05"))
		v.Foreign, v.Named, v.Shared = false, said, Shares(said, c)
	}
	if by := j.timed(c); by != nil && by != said {
		add(1, "its second was named at %s", by.At.Format("15:04:05"))
	}
	if said := j.companySaid(c); said != nil {
		add(2, "people spoke of %s at %s", c.Actor.Name, said.At.Format("15:04:05"))
	}
	if out := j.RuledOut(c); out != nil {
		v.RuledOut = true
		add(0, "people ruled it out at %s", out.At.Format("15:04:05"))
	}
}

// timed returns what somebody passed on of a change, as found out, by its second; nil when
// nobody did.
func (j *Judge) timed(c *fact.Fact) *fact.Fact {
	for _, f := range j.index().said {
		switch f.Speech.Act {
		case speech.Observation, speech.Cause, speech.Restated, speech.Other:
			if f.At.Sub(c.At) > 2*time.Minute && ToSecond(f.Fact, c) && !f.Test && j.In(f.Channel) {
				return f.Fact
			}
		}
	}
	return nil
}

// Heard reports whether people spoke of the company whose notice c is.
func (j *Judge) Heard(c *fact.Fact) bool {
	return j.companySaid(c) != nil || slices.ContainsFunc(j.Facts, func(f *fact.Fact) bool {
		return f.Class == fact.Said && j.In(f.Channel) && (f.Speech.Act == speech.Vendor || fact.Company(f.Text(), c.Actor.Name))
	})
}

// companySaid returns what somebody said about the company whose notice c is.
func (j *Judge) companySaid(c *fact.Fact) *fact.Fact {
	if c.Class != fact.VendorPosted {
		return nil
	}
	for _, s := range j.index().said {
		f := s.Fact
		if j.In(f.Channel) && f.Speech.Act != speech.RuledOut && f.Speech.Act != speech.Social && f.At.After(c.At) && fact.Company(f.Text(), c.Actor.Name) {
			return f
		}
	}
	return nil
}

// named returns what somebody said that blames c: it names its version or
// service while stating a cause or an observation of failure on that version,
// or decides to take that version back. Before the first symptom nobody can.
func (j *Judge) named(c *fact.Fact, symptom time.Time) *fact.Fact {
	for _, s := range j.index().said {
		f := s.Fact
		if !f.At.After(c.At) || f.At.Before(symptom) || !j.In(f.Channel) || j.other(f, c, symptom) {
			continue
		}
		switch f.Speech.Act {
		case speech.Cause, speech.Decision, speech.Action, speech.Observation, speech.Restated:
			text := f.Text()
			if (f.Speech.Act == speech.Cause || f.Speech.Act == speech.Action) && f.At.Sub(c.At) > 2*time.Minute && j.Mentions(f, c) {
				return f
			}
			if c.Version != "" && strings.Contains(text, c.Version) || f.Verb == command.Rollback && c.Previous != "" && strings.Contains(text, c.Previous) {
				return f
			}
			if f.Speech.Act == speech.Cause && (c.Object != "" && strings.Contains(strings.ToLower(text), strings.ToLower(c.Object)) || Shares(f, c) >= 1) {
				return f
			}
		case speech.Hypothesis:
			if j.dates(f, c) {
				return f
			}
		}
	}
	return nil
}

// Found returns what somebody said that surely names the change as what is behind
// the failure: its minute, or words of it in what was found to be the cause.
func (j *Judge) Found(c *fact.Fact) *fact.Fact { return j.found(c, c.At) }

// found is [Judge.Found] from a moment on.
func (j *Judge) found(c *fact.Fact, from time.Time) *fact.Fact {
	for _, s := range j.index().said {
		f := s.Fact
		if !f.At.After(c.At) || f.At.Before(from) || !j.In(f.Channel) || j.other(f, c, from) {
			continue
		}
		if s.confesses && f.Speech.Act != speech.Question && j.Mentions(f, c) {
			return f
		}
		switch f.Speech.Act {
		case speech.Other, speech.Vendor:
			if ToSecond(f, c) && f.At.Sub(c.At) > 2*time.Minute {
				return f
			}
		case speech.Cause:
			if j.Mentions(f, c) || Shares(f, c) >= 1 {
				return f
			}
		case speech.Action:
			if j.dates(f, c) && f.At.Sub(c.At) > 2*time.Minute {
				return f
			}
		case speech.Observation:
			if f.Speech.Failing && (j.Mentions(f, c) || j.tells(f, c) >= 2) || sign.Change(c) && Shares(f, c) >= 2 || j.dates(f, c) && Shares(f, c) >= 1 {
				return f
			}
		}
	}
	return nil
}

// RuledOut returns what somebody said that takes c off the list; nil when
// nobody did. A message that only says "not it" answers the latest suspicion in
// its channel, and one that taking it back changed nothing is about what was taken back.
func (j *Judge) RuledOut(c *fact.Fact) *fact.Fact {
	suspicion := map[string]*fact.Fact{}
	back := j.takenBack(c)
	for _, s := range j.index().said {
		f := s.Fact
		if f.At.Before(c.At) {
			continue
		}
		if back != nil && f.At.After(back.At) && f.At.Sub(back.At) < settling && s.ineffective && !j.aboutOther(f, c) {
			return f
		}
		acquits := f.Speech.Act != speech.Question && s.innocent
		switch {
		case acquits && acquitted(f, c):
			return f
		case f.Speech.Act == speech.Hypothesis, f.Speech.Act == speech.Question:
			suspicion[f.Channel] = f
		case acquits, f.Speech.Act == speech.RuledOut:
			if f.Speech.Act == speech.RuledOut && j.about(f, c) {
				return f
			}
			if h := suspicion[f.Channel]; h != nil && f.At.Sub(h.At) < 15*time.Minute && (j.about(h, c) || j.dates(h, c) && !j.aboutOther(h, c)) && !j.aboutOther(f, c) {
				return f
			}
		default:
			if s.asks { // "cart was synced at 10:00. is that yours?"
				suspicion[f.Channel] = f
			}
		}
	}
	return nil
}

// settling is how long after a change is taken back people say what that did.
const settling = 45 * time.Minute

// ineffective is how people say that it did nothing.
var ineffective = lazyregexp.New(`(?i)\b(?:roll(?:ed|ing)?[ -]?back|revert\w*|took (?:it|that|this) back)\b[^?]{0,80}?\b(?:(?:no|zero|without(?: any)?) (?:change|effect|difference|improvement)|nothing changed|changed nothing|(?:did|does)(?:n't| not) (?:help|change|fix)|no better|made no)\b`)

// innocent is how people say that something is not to blame.
var innocent = lazyregexp.New(`(?i)\b(?:innocent|exonerated|acquitted|off the hook|not guilty|red herring|unschuldig|inocente)\b|\b(?:is|was|are|were)(?: not|n't) (?:to blame|the (?:cause|culprit|problem|reason))\b`)

// acquitted reports whether a message that says that something is not to blame calls a
// change by a part of what it touched, or by the version before it.
func acquitted(f, c *fact.Fact) bool {
	text := strings.ToLower(f.Text())
	if c.Version != "" && strings.Contains(text, c.Version) || c.Previous != "" && strings.Contains(text, c.Previous) {
		return true
	}
	words, common := parts(text), parts(anyChange)
	return slices.ContainsFunc(parts(strings.ToLower(c.Service+" "+c.Title)), func(p string) bool {
		return len(p) > 3 && slices.Contains(words, p) && !slices.Contains(common, p)
	})
}

// parts are the words of a text, and of its names.
func parts(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Shares adds up the words that a message has in common with a change, other
// than the name of the service and what any change could be called.
func Shares(f, c *fact.Fact) float64 {
	said, want, service, common := f.Tokens(f.Text()), c.Tokens(c.Title+" "+c.Object), c.Tokens(c.Service), anyWords()
	shared := map[string]float64{}
	for w, x := range said {
		y, ok := want[w]
		if _, own := service[w]; own || !ok {
			continue
		}
		if _, all := common[w]; !all {
			shared[w] = min(x, y)
		}
	}
	return lexicon.Total(shared)
}

// anyWords are the words that any change could be called.
var anyWords = sync.OnceValue(func() map[string]float64 { return lexicon.Tokens(anyChange) })

// Again reports whether a later change is made to the same thing as c: it names
// something of c that has a name of its own, such as a topic or a flag.
func Again(f, c *fact.Fact) bool {
	if !f.At.After(c.At) {
		return false
	}
	theirs := own.FindAllString(c.Title+" "+c.Object, -1)
	return slices.ContainsFunc(own.FindAllString(f.Title+" "+f.Object, -1), func(name string) bool {
		return name != c.Service && name != f.Service && slices.Contains(theirs, name)
	})
}

// own is a name that no word of the everyday is: of several parts, no number, no address.
var own = regexp.MustCompile(`\b[A-Za-z][A-Za-z0-9]*(?:[._][A-Za-z][A-Za-z0-9]*)+\b`)

// tells is [Shares] without the names of what was hit, which any observation may
// hold.
func (j *Judge) tells(f, c *fact.Fact) float64 {
	sum := Shares(f, c)
	if sum == 0 {
		return 0
	}
	words := maps.Clone(f.Tokens(f.Text()))
	title := c.Tokens(c.Title + " " + c.Object)
	for _, s := range j.Names.All() {
		if !j.Hit(s) || s == c.Service {
			continue
		}
		for w, x := range lexicon.Tokens(s) {
			if words[w] > 0 && title[w] > 0 {
				sum -= x
				delete(words, w)
			}
		}
	}
	return sum
}

// anyChange are words that say no more of a change than that it is one.
const anyChange = "first test rollout roll deploy deployed deployment release released version update updated upgrade started starting begin began finished completed production prod staging change changed config configuration set new turn turned turning switch switched switching enable enabled disable disabled host hosts run running command flag setting main pod pods node nodes deployment statefulset container live default etc usr var opt tmp srv bin cron hourly daily"

// dates reports whether a message names the minute at which a change was made.
func (j *Judge) dates(f, c *fact.Fact) bool {
	for _, m := range f.Moments {
		if m.At.Equal(c.At.Truncate(time.Minute)) || m.Exact && m.At.Sub(c.At).Abs() < 2*time.Second {
			return true
		}
	}
	return false
}

// ToSecond reports whether a message names the second of a record.
func ToSecond(f, c *fact.Fact) bool {
	return slices.ContainsFunc(f.Moments, func(m fact.Moment) bool { return m.Exact && m.At.Sub(c.At).Abs() < 2*time.Second })
}

// other reports whether a message speaks of other records than a change, which it
// neither names nor dates, or only of what came after a moment.
func (j *Judge) other(f, c *fact.Fact, from time.Time) bool {
	later := len(f.Moments) > 0 && from.After(c.At) && !slices.ContainsFunc(f.Moments, func(m fact.Moment) bool { return m.At.Before(from.Add(time.Minute)) })
	return (later || j.Other != nil && j.Other(f, c)) && !j.Mentions(f, c)
}

// Mentions reports whether a message names the change: what it touched, its
// version, or the minute at which it was made.
func (j *Judge) Mentions(f, c *fact.Fact) bool {
	if j.dates(f, c) {
		return true
	}
	text := strings.ToLower(f.Text())
	return c.Version != "" && strings.Contains(text, c.Version) || len(c.Object) > 4 && c.Object != c.Service && strings.Contains(text, strings.ToLower(c.Object))
}

// about reports whether a message names the change: its version, what it
// touched, or its service. A message that names services that were hit and
// others is about the others: "search does not talk to cart".
func (j *Judge) about(f, c *fact.Fact) bool {
	text := strings.ToLower(f.Text())
	if c.Version != "" && strings.Contains(text, c.Version) || len(c.Object) > 3 && c.Object != c.Service && strings.Contains(text, strings.ToLower(c.Object)) {
		return true
	}
	named := j.Names.Find(f.Text())
	if others := slices.DeleteFunc(slices.Clone(named), j.Hit); len(others) > 0 {
		named = others
	}
	return slices.Contains(named, c.Service)
}

// aboutOther reports whether a message names another service than the change's.
func (j *Judge) aboutOther(f, c *fact.Fact) bool {
	for _, s := range j.Names.Find(f.Text()) {
		if s != c.Service && !j.Hit(s) {
			return true
		}
	}
	return false
}

func some(list []string, is func(string) bool) bool { return first(list, is) != "" }

func first(list []string, is func(string) bool) string {
	for _, s := range list {
		if is(s) {
			return s
		}
	}
	return ""
}
