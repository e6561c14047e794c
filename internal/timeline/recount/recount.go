// Package recount reads what a message tells of a moment that it names: what users met
// with, what its writer did, a change that is behind the incident, or what another company
// did.
package recount

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Account is what a message tells of a moment that it names.
type Account struct {
	By      *fact.Fact // the message
	Of      fact.Moment
	Says    string // the sentence that names it
	Report  bool   // of what users met with
	Own     bool   // of what its writer did
	Altered bool   // of a change that is behind the incident
	Company string // the other company that it names; empty when none
}

// Of returns what a message, which names another company or none, tells of a moment.
func Of(f *fact.Fact, m fact.Moment, company string) Account {
	a := Account{By: f, Of: m, Says: f.Sentence(m), Company: company}
	a.Report = m.Act == speech.Report || OfUsers(f)
	a.Own = !a.Report && Admits(f)
	a.Altered = !a.Report && !a.Own && altered(f, a.Says)
	return a
}

// Kind returns what it was that a message tells of.
func (a Account) Kind() hindcast.EntryKind {
	f, m := a.By, a.Of
	theirs := a.Company != "" || f.Actor.Kind == hindcast.External
	switch {
	case speech.TheyDid(f.Text()) && (a.Altered || a.Report && speech.Alters(a.Says)):
		return hindcast.ExternalEvent
	case a.Altered && speech.First(a.Says):
		return hindcast.Symptom
	case a.Own, a.Altered && !theirs:
		return hindcast.Change
	case a.Altered, f.Actor.Kind == hindcast.External, theirs && (a.Report || !m.Since || !f.Speech.Improve), !a.Report && speech.Theirs(f.Text()):
		return hindcast.ExternalEvent
	case !a.Report && m.Since && f.Speech.Improve:
		return hindcast.Mitigation
	}
	return hindcast.Symptom
}

// OfUsers reports whether a message passes on what users met with.
func OfUsers(f *fact.Fact) bool {
	return f.Class == fact.Said && (f.Speech.Act == speech.Report || speech.PassesOn(f.Text()))
}

// Admits reports whether somebody says what they did themselves, and does not wonder.
func Admits(f *fact.Fact) bool { return speech.Admits(f.Text()) && !f.Asks() }

// altered reports whether a message says, in a sentence, that somebody or something changed
// a system, and that this is behind it.
func altered(f *fact.Fact, says string) bool {
	return (speech.Tells(f.Speech.Act) || f.Speech.Act == speech.Vendor) && !speech.Unsure(f.Plain()) && speech.Alters(says)
}

// Tells reports whether a message, by what it does, tells what was: report, that it passes on
// what others met with or says what its writer did, makes one of most that else do not.
func Tells(f *fact.Fact, report bool) bool {
	switch f.Speech.Act {
	case speech.Taken:
		return false
	case speech.Decision, speech.Action, speech.Hypothesis, speech.RuledOut:
		return report
	case speech.Restated:
		return report || speech.First(f.Text())
	case speech.Social, speech.Other, speech.Vendor:
		return report || speech.Began(f.Text())
	case speech.Communication:
		return speech.Heard(f.Text()) // else our own letter to them
	}
	return true
}

// TheirDeed returns the moment before the detection at which another company did what a
// message tells of.
func TheirDeed(f *fact.Fact, moments []fact.Moment, detected, earliest time.Time) (fact.Moment, bool) {
	i := slices.IndexFunc(moments, func(m fact.Moment) bool {
		return !m.Approx && !m.Ahead && m.At.Before(detected) && !m.At.Before(earliest) && f.At.Sub(m.At) >= known.News && speech.Alters(f.Sentence(m))
	})
	if i < 0 {
		return fact.Moment{}, false
	}
	return moments[i], true
}

// First returns the part of a sentence that names a moment to the second, when it says what
// was then for the first time: "first refused token 18:00:41".
func First(f *fact.Fact, m fact.Moment) (string, bool) {
	if !m.Exact || m.Approx || m.Ahead {
		return "", false
	}
	for _, part := range parts.Split(f.Sentence(m), -1) {
		if slices.ContainsFunc(moment.Find(part), m.Names) {
			return strings.TrimSpace(part), speech.First(part)
		}
	}
	return "", false
}

// parts divides a sentence that lists what was when.
var parts = lazyregexp.New(`[,;] (?:and )?|: | and (?:the )?|\. `)

// AtOnce is how soon people tell that something further is well again.
const AtOnce = 3 * time.Minute

// Headed reports whether people head what they say with the time at which they say it.
func Headed(says string) bool { return headed.MatchString(says) }

// headed is how people head what they say with the time at which they say it.
var headed = lazyregexp.New(`(?i)^\W*(?:(?:state|status|stand|update|now|as of)\b\W*)?\d{1,2}[:h.]\d\d\b`)

// Changes reports whether a message tells of what somebody or a pipeline did.
func Changes(f *fact.Fact) bool { return f.Verb != "" || speech.Deed(f.Text()) }

// Stated returns the moment that a message names for what it tells, when that
// is a deed or a state of others: "off since 18:38".
func Stated(f *fact.Fact) (time.Time, bool) {
	if f.Class != fact.Said {
		return time.Time{}, false
	}
	switch f.Speech.Act {
	case speech.Action, speech.Vendor:
	default:
		return time.Time{}, false
	}
	for _, m := range f.Moments {
		d := f.At.Sub(m.At)
		if d >= 0 && d < time.Hour && !m.Called && (m.Act == f.Speech.Act || m.Since || f.Speech.Act == speech.Vendor && d <= AtOnce && !m.Ahead && speech.Alters(f.Sentence(m))) {
			return m.At, true
		}
	}
	return time.Time{}, false
}
