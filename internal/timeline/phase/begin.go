package phase

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/report"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

const (
	// lead is how long before the detection a first symptom may lie.
	lead = 3 * time.Hour
	// alone is the surprise from which signs make an incident that no person
	// and no alert noticed.
	alone = 4.0
	// slow is how long before anything else a value may drift without being
	// the first symptom that users notice.
	slow = 20 * time.Minute
)

// detected finds the first alert or report that reached a person.
func (f finder) detected() {
	page := f.firstPage()
	told := f.weighed(page, f.passedOn(f.report(page)))
	if page == nil {
		told = f.atWork(told)
	}
	if r := report.Ticket(f.Facts, f.Scope.Channels, page, told); r != nil {
		f.Alarm = r
		f.Set("detected_at", r.At, "first report, %s, which people then passed on; no alert came before it", course.Source(r))
		return
	}
	switch {
	case told != nil && (page == nil || told.At.Before(page.At)):
		f.Alarm = told
		if told.Speech.Act != speech.Observation {
			told.Speech.Act = speech.Report
		}
		f.Scope.Include(told.Channel, f.Facts)
		f.Set("detected_at", told.At, "first report by a person, %s; no alert came before it", course.Source(told))
	case page != nil:
		f.Alarm = page
		f.Set("detected_at", page.At, "first alert that reached a person, %s", course.Source(page))
	}
}

// atWork returns the first message about an incident of which no page and no report tells
// before people decide something: somebody took it up then, whoever told them of it.
func (f finder) atWork(told *fact.Fact) *fact.Fact {
	for i, s := range f.Scope.Talk {
		if told != nil && !s.At.Before(told.At) {
			return told
		}
		switch s.Speech.Act {
		case speech.Decision, speech.Mitigation, speech.AllClear:
			for _, first := range f.Scope.Talk[:i] {
				if first.Speech.Act == speech.Taken && first.Channel == s.Channel && s.At.Sub(first.At) <= passing {
					return first
				}
			}
		}
	}
	return told
}

// report returns the first human report that came before the page and that
// responders heard: it was made where they work, or another person reacted.
func (f finder) report(page *fact.Fact) *fact.Fact {
	for _, s := range f.Facts {
		if s.Class != fact.Said || s.Test || !f.Scope.Holds(s.At) || fact.Leisure(s.Channel) {
			continue
		}
		if page != nil && (!s.At.Before(page.At) || page.At.Sub(s.At) > time.Hour) {
			continue
		}
		trouble := s.Speech.Act == speech.Report || s.Speech.Act == speech.Observation && s.Speech.Failing
		if page != nil && (f.asked(s, page) || f.sameTrouble(s, page) || f.ofUsers(s, page) || f.meanwhile(s, page) || f.echoed(s, page) || f.reports(s, page)) {
			return s
		}
		if trouble && (page == nil && f.Scope.Channels[s.Channel] || f.heard(s, page) || page != nil && f.brought(s, page)) || (page != nil || f.Scope.Channels[s.Channel]) && f.opens(s, page) {
			return s
		}
	}
	return nil
}

// brought reports whether who reported something elsewhere tells the same soon after
// the page where people work on it.
func (f finder) brought(s, page *fact.Fact) bool {
	return slices.ContainsFunc(f.Facts, func(a *fact.Fact) bool {
		if a.Class != fact.Said || a.At.Before(page.At) || a.At.Sub(page.At) > course.Heard || a.Channel == s.Channel || !f.Scope.Channels[a.Channel] || !fuse.SamePerson(a.Actor.Name, s.Actor.Name) {
			return false
		}
		return (a.Speech.Act == speech.Report || a.Speech.Act == speech.Observation) && lexicon.Overlap(lexicon.Tokens(a.Text()), lexicon.Tokens(s.Text())) >= 2
	})
}

// heard reports whether another person reacted to a report soon, and before
// the page came.
func (f finder) heard(s, page *fact.Fact) bool {
	for _, a := range f.Facts {
		if a.Class != fact.Said || a.At.Before(s.At) || a.At.Sub(s.At) > course.Heard || a.Channel != s.Channel || fuse.SamePerson(a.Actor.Name, s.Actor.Name) {
			continue
		}
		if page != nil && a.At.After(page.At) {
			return false
		}
		switch a.Speech.Act {
		case speech.Taken, speech.Observation, speech.Hypothesis, speech.Decision, speech.Action, speech.Question:
			return true
		}
	}
	return false
}

// passing is how long after a report elsewhere somebody brings it to those who work on it.
const passing = 30 * time.Minute

// passedOn returns the report that another one passes on: the first word of trouble in
// a channel that it names or in which the same person wrote of it before; the report
// itself when there is none.
func (f finder) passedOn(said *fact.Fact) *fact.Fact {
	if said == nil {
		return nil
	}
	for _, s := range f.Facts {
		lag := said.At.Sub(s.At)
		if s.Class != fact.Said || s.Test || s.Channel == "" || s.Channel == said.Channel || !s.ByPerson() || lag <= 0 || lag > passing || fact.Leisure(s.Channel) {
			continue
		}
		named := strings.Contains(said.Text(), "#"+s.Channel)
		if !named && !fuse.SamePerson(s.Actor.Name, said.Actor.Name) || len(strings.Fields(s.Text())) < fewest {
			continue
		}
		trouble := s.Speech.Act == speech.Report || s.Speech.Act == speech.Observation && s.Speech.Failing
		if trouble || report.Asks(s.Text()) || named && speech.PassesOn(s.Text()) {
			return s
		}
	}
	return said
}

// acknowledged finds the first person who took it up.
func (f finder) acknowledged() {
	if f.Alarm == nil {
		return
	}
	var taken *fact.Fact
	for _, a := range f.Facts {
		if a.At.Before(f.Alarm.At) || !f.Scope.Holds(a.At) || taken != nil && a.At.Sub(taken.At) > pressing {
			continue
		}
		paged := a.Class == fact.Acknowledged && a.ByPerson() && !a.Test && f.ours(a)
		said := a.Class == fact.Said && a.Speech.Act == speech.Taken && a != f.Alarm && a.Gist.Asks < 0.5 && !calls.MatchString(a.Text()) && f.Scope.Channels[a.Channel]
		if paged || said && taken == nil {
			taken = a
		}
		if paged || said && speech.Claims(a.Text()) {
			break
		}
	}
	switch f.Taken = taken; {
	case taken == nil:
		f.firstWork()
	case taken.Class == fact.Said:
		f.Set("acknowledged_at", taken.At, "first person to say they take it up, %s", course.Source(taken))
	default:
		f.Set("acknowledged_at", taken.At, "first acknowledgement by a person, %s", course.Source(taken))
	}
}

// pressing is how long after somebody says that they look the page can be acknowledged
// that makes it theirs.
const pressing = 15 * time.Minute

// calls is how people call somebody to look, rather than take it up themselves.
var calls = lazyregexp.New(`(?i)^@\w|\b(?:can|could|would|will) (?:you|somebody|someone|anybody|anyone)\b`)

// firstWork takes the first thing said or done by another person for the
// acknowledgement when nobody acknowledged in so many words.
func (f finder) firstWork() {
	for _, a := range f.Facts {
		if !a.At.After(f.Alarm.At) || !f.Scope.Holds(a.At) || !a.ByPerson() || fuse.SamePerson(a.Actor.Name, f.Alarm.Actor.Name) {
			continue
		}
		said := a.Class == fact.Said && f.Scope.Channels[a.Channel] && a.Speech.Act != speech.Social && a.Speech.Act != speech.Report && !speech.Greets(a.Text()) && (a.Speech.Act != speech.Other || f.arrives(a))
		if said || a.Class == fact.Ran || a.Class == fact.Looked {
			f.Taken = a
			f.Set("acknowledged_at", a.At, "first work on it by a person, %s; nobody acknowledged it in so many words", course.Source(a))
			return
		}
	}
}

// arriving is how long after their first words people who come begin to work.
const arriving = 10 * time.Minute

// arrives reports whether somebody who says nothing else of the incident then
// goes on to work on it, in the same channel and soon.
func (f finder) arrives(a *fact.Fact) bool {
	return slices.ContainsFunc(f.Scope.Talk, func(s *fact.Fact) bool {
		lag := s.At.Sub(a.At)
		return lag > 0 && lag <= arriving && s.Channel == a.Channel && fuse.SamePerson(s.Actor.Name, a.Actor.Name) && s.Speech.Act != speech.Question
	})
}

// ours reports whether a step of the pager is about a page of the incident.
func (f finder) ours(a *fact.Fact) bool {
	return a.Number == "" || slices.ContainsFunc(f.Scope.Pages, func(p *fact.Fact) bool {
		return p.Number == "" || p.Number == a.Number
	})
}

// symptom finds the first sign of trouble that users could notice.
func (f finder) symptom() {
	candidates := f.troubles()
	if len(candidates) == 0 {
		return
	}
	f.Symptom = candidates[0]
	for _, c := range candidates {
		if c.Sign != nil && c.Sign.Detector == notable.Breach {
			if !course.Sudden(f.Symptom) {
				f.Symptom = c
			}
			break
		}
	}
	for _, c := range candidates[1:] {
		if course.Sudden(f.Symptom) {
			break
		}
		if course.Sudden(c) && c.At.Sub(f.Symptom.At) > slow {
			f.Symptom = c
			break
		}
	}
}

// troubles returns what can be the first symptom, in order of time.
func (f finder) troubles() []*fact.Fact {
	end := f.Phases.DetectedAt
	var out []*fact.Fact
	for _, s := range f.Signs {
		if end.IsZero() && sign.Surprise(s) < alone {
			continue
		}
		if sign.Worse(s.Sign) && f.early(s.At, end) && f.Matters(s) && !f.hushed(s, end) {
			out = append(out, s)
		}
	}
	for _, s := range f.Facts {
		if f.warned(s, end) && (f.Scope.Hit(s.Service) || f.Near(s.Service)) {
			out = append(out, s)
		}
	}
	if !slices.ContainsFunc(out, course.Sure) { // then what the platform warned of elsewhere, if people told of it
		for _, s := range f.Facts {
			if f.warned(s, end) && f.Told(s) {
				out = append(out, s)
			}
		}
	}
	if !slices.ContainsFunc(out, course.Sure) {
		out = append(out, f.lasting()...)
	}
	if len(out) == 0 {
		out = f.recalled()
	}
	if len(out) == 0 {
		out = f.novelties()
	}
	fact.ByTime(out)
	return settled(out, end)
}

// hushed reports whether a sign tells only that something fell silent that nothing
// connects to the incident, long before anybody noticed trouble.
func (f finder) hushed(s *fact.Fact, detected time.Time) bool {
	return s.Sign.Direction < 0 && s.Sign.Detector != "metric-change" && detected.Sub(s.At) > slow && !f.Scope.Hit(s.Service) && !f.Near(s.Service) && !f.Told(s)
}

// overnight is how long before the detection a failure begins at most that goes on
// until it is noticed.
const overnight = 16 * time.Hour

// lasting returns what failed long before anybody noticed, went on until then, and
// ended before the incident was declared over.
func (f finder) lasting() []*fact.Fact {
	detected, over := f.Phases.DetectedAt, f.Phases.ResolvedAt
	if detected.IsZero() || over.IsZero() {
		return nil
	}
	var out []*fact.Fact
	for _, s := range f.Signs {
		if sign.Worse(s.Sign) && course.Sure(s) && course.Sudden(s) && sign.Surprise(s) >= alone && f.Matters(s) && !f.early(s.At, detected) && detected.Sub(s.At) <= overnight && s.At.Before(detected) && s.Until.After(detected) && !s.Until.After(over) {
			out = append(out, s)
		}
	}
	return out
}

// recalled returns what failed in the night before the incident was noticed, by what
// people later found in a record and dated.
func (f finder) recalled() []*fact.Fact {
	detected := f.Phases.DetectedAt
	var out []*fact.Fact
	for _, t := range f.Tells {
		r := t.Record
		bad := r.Class == fact.Warned || r.Sign != nil && sign.Worse(r.Sign)
		if bad && t.Dated && t.By.Speech.Failing && f.serious(t.By) && r.At.Before(detected) && detected.Sub(r.At) <= overnight && f.Judge.RuledOut(r) == nil {
			out = append(out, r)
		}
	}
	return out
}

// warned reports whether the platform warns of trouble shortly before the detection.
func (f finder) warned(s *fact.Fact, detected time.Time) bool {
	return s.Class == fact.Warned && s.Grave() && f.early(s.At, detected) && !detected.IsZero() && detected.Sub(s.At) < 30*time.Minute
}

// early reports whether a moment can be before the detection of this incident.
func (f finder) early(at, detected time.Time) bool {
	if detected.IsZero() {
		return true
	}
	return detected.Sub(at) <= lead && !at.After(detected.Add(5*time.Minute))
}

// started applies the definition: the trigger when it lies at most a quarter
// of an hour before the first symptom, else the first symptom.
func (f finder) started() {
	onset, what := f.onset()
	if onset.IsZero() {
		return
	}
	best := f.likely(onset)
	if f.Trigger != nil && f.elsewhere(f.Trigger, best, onset) {
		f.Trigger = nil
	}
	if o := f.origin(onset); o.rank > 0 && (f.Trigger == nil || o.rank > stated && !blamed(best) && f.Trigger.At.Sub(o.at).Abs() > time.Minute) {
		f.Trigger = o.fact
		f.Set("started_at", o.at, "%s", o.why)
		return
	}
	if f.Trigger != nil {
		f.Set("started_at", f.Trigger.At, "the change at %s: %s", course.Source(f.Trigger), best.Why)
		return
	}
	if at, s := f.exactly(onset); s != nil {
		f.Set("started_at", at, "people said to the second when it first failed, %s; no change within 15 minutes before it is connected to it", course.Source(s))
		return
	}
	f.Set("started_at", onset, "%s; no change within 15 minutes before it is connected to it", what)
}

// likely sets the change that set the incident off, as far as one is likely.
func (f finder) likely(onset time.Time) (best trigger.Verdict) {
	for _, c := range slices.Concat(f.Facts, f.Signs) {
		if !trigger.Change(c) || c.At.After(onset.Add(f.coarse())) || onset.Sub(c.At) > trigger.Reach || f.response(c) {
			continue
		}
		if v := f.Judge.Weigh(c, onset); v.Likely() && v.Better(best) && !follows(c, f.Trigger, v, best) {
			f.Trigger, best = c, v
		}
	}
	return best
}

// coarse is how far after the first symptom its trigger can seem to lie: a value
// that drifts is dated by the last sample before.
func (f finder) coarse() time.Duration {
	if f.Symptom != nil && !course.Sudden(f.Symptom) && (f.Alarm == nil || f.Symptom.At.Before(f.Alarm.At)) {
		return 30 * time.Second
	}
	return 0
}

// response reports whether a change was made after people knew.
func (f finder) response(c *fact.Fact) bool {
	return !f.Phases.DetectedAt.IsZero() && c.At.After(f.Phases.DetectedAt)
}

// onset returns the first symptom, or the first alert when it is the first
// thing the evidence shows of the trouble.
func (f finder) onset() (at time.Time, what string) {
	if f.Symptom != nil {
		at, what = f.Symptom.At, "the first symptom, "+course.Source(f.Symptom)
	}
	if f.Alarm != nil && (at.IsZero() || f.Alarm.At.Before(at)) {
		at, what = f.Alarm.At, "the first alert or report, "+course.Source(f.Alarm)+"; the evidence shows no symptom before it"
	}
	if since, by := f.since(at); by != nil {
		at, what = since, "when people later said it began, "+course.Source(by)
	}
	return at, what
}
