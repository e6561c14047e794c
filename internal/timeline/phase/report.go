package phase

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/report"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// weighed returns the message that is likeliest the first report of all that came before
// the page, or before what the rules take for it; nil when none is.
func (f finder) weighed(page, rule *fact.Fact) *fact.Fact {
	in := report.Input{Facts: f.Facts, Scope: f.Scope, Page: page, Rule: rule, Failing: f.failing}
	switch {
	case page != nil:
		in.Until = page.At
	case rule != nil:
		in.Until = rule.At.Add(time.Second)
	default:
		return nil
	}
	f.Reports = report.Read(in)
	if r := report.Choose(f.Reports, report.Known()); r != nil {
		return r.Fact
	}
	if page != nil {
		return nil
	}
	return rule
}

// ofUsers reports whether a message where people then work passes on, shortly before
// the page, what several users experience.
func (f finder) ofUsers(s, page *fact.Fact) bool {
	return (s.Speech.Act == speech.Report || s.Speech.Act == speech.Observation && speech.PassesOn(s.Text())) && f.Scope.Channels[s.Channel] && page.At.Sub(s.At) <= passing && report.Several(s.Text())
}

// meanwhile reports whether a message tells, where people then work and shortly before
// the page, of trouble while something that was hit fails already.
func (f finder) meanwhile(s, page *fact.Fact) bool {
	return s.Speech.Act == speech.Report && f.Scope.Channels[s.Channel] && page.At.Sub(s.At) <= course.Heard && len(strings.Fields(s.Text())) >= fewest && f.failing(s.At.Add(-passing), s.At)
}

// likely is what the odds must reach that a message reports trouble.
const likely = 1.5

// reports reports whether a message where people then work is a report for all that its
// words say, while something that was hit fails already, or by who then pages others.
func (f finder) reports(s, page *fact.Fact) bool {
	best, _ := s.Odds.Best()
	if best != speech.Report || s.Odds[best] < likely || !f.Scope.Channels[s.Channel] || !s.ByPerson() || len(strings.Fields(s.Text())) < fewest {
		return false
	}
	return fuse.SamePerson(s.Actor.Name, page.Actor.Name) || f.failing(s.At.Add(-time.Hour), s.At)
}

// echoed reports whether the next who writes there, before the page, says that they meet
// with the same: then a message tells of trouble, however it is worded.
func (f finder) echoed(s, page *fact.Fact) bool {
	if page.At.Sub(s.At) > course.Heard || len(strings.Fields(s.Text())) < fewest || !s.ByPerson() {
		return false
	}
	for _, a := range f.Facts {
		if a.Class != fact.Said || a.Channel != s.Channel || !a.At.After(s.At) {
			continue
		}
		return a.At.Before(page.At) && a.Speech.Act != speech.Social && !fuse.SamePerson(a.Actor.Name, s.Actor.Name) && alsoHere.MatchString(a.Text())
	}
	return false
}

// alsoHere is how people say that they meet with what somebody else reports.
var alsoHere = lazyregexp.New(`(?i)^(?:(?:yes|yep|yeah|hm+|oh|and|confirmed)[,.!:]? )*(?:(?:the )?same (?:here|at|in|on|for|with|problem|thing|over)|me too|us too|here too|\S+ too\b|also (?:here|in|at|on)|(?:we|i) (?:see|have|get) (?:it|that|this|the same) (?:too|also|here|as well))`)
