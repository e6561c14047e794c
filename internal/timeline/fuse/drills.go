package fuse

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// rehearsal is how long an announced exercise lasts when nobody ends it.
	rehearsal = 3 * time.Hour
	// owning is how long after a page somebody says that it was a drill.
	owning = 30 * time.Minute
	// aftermath is how long after the last step of a drill people speak of it.
	aftermath = 15 * time.Minute
)

// drills marks every step of a page that said it is a drill, and what belongs to
// an exercise that people announced.
func (j *joiner) drills() {
	j.steps()
	for _, a := range j.of(fact.Said, fact.Told) {
		if !announcesDrill(a) {
			continue
		}
		from, to := a.At.Add(-time.Minute), a.At.Add(rehearsal)
		if backward.MatchString(a.Text()) {
			from = a.At.Add(-owning)
		}
		j.rehearse(a, from, to)
	}
	j.steps()
	j.talkOfDrills()
	j.markedTalk()
}

// markedTalk marks messages that say themselves that they belong to an exercise, and
// what is said between them in their channel, as long as no users report anything.
func (j *joiner) markedTalk() {
	first, last := map[string]time.Time{}, map[string]time.Time{}
	for _, s := range j.of(fact.Said, fact.Told) {
		if !marked.MatchString(s.Text()) || inEarnest.MatchString(s.Text()) {
			continue
		}
		s.Test = true
		if first[s.Channel].IsZero() || s.At.Before(first[s.Channel]) {
			first[s.Channel] = s.At
		}
		if s.At.After(last[s.Channel]) {
			last[s.Channel] = s.At
		}
	}
	for _, s := range j.of(fact.Said, fact.Told) {
		from, to := first[s.Channel], last[s.Channel]
		if !from.IsZero() && to.Sub(from) <= rehearsal && !s.At.Before(from) && !s.At.After(to) && s.Speech.Act != speech.Report {
			s.Test = true
		}
	}
}

// steps marks the steps of pages of which one says that it is a drill.
func (j *joiner) steps() {
	test := map[string]bool{}
	for _, f := range j.facts {
		if f.Test && f.Number != "" {
			test[f.Number] = true
		}
	}
	for _, f := range j.facts {
		f.Test = f.Test || f.Number != "" && test[f.Number]
	}
}

// rehearse marks the pages of an announced exercise, unless the announcement is
// about another service, users suffer or somebody says that it is in earnest.
func (j *joiner) rehearse(a *fact.Fact, from, to time.Time) {
	for _, p := range j.of(fact.Paged, fact.Fired) {
		if !p.At.Before(from) && !p.At.After(to) && !j.elsewhere(a, p) && !j.earnest(p) && !j.suffered(a, p) {
			p.Test, a.Test = true, true
		}
	}
}

// elsewhere reports whether an announcement names a service that was paged for,
// and not the one of this page.
func (j *joiner) elsewhere(a, p *fact.Fact) bool {
	text := strings.ToLower(a.Text())
	names := func(f *fact.Fact) bool { return f.Service != "" && strings.Contains(text, strings.ToLower(f.Service)) }
	return !names(p) && slices.ContainsFunc(j.of(fact.Paged, fact.Fired), names)
}

// earnest reports whether somebody said after a page that it is no drill.
func (j *joiner) earnest(p *fact.Fact) bool {
	return slices.ContainsFunc(j.of(fact.Said), func(s *fact.Fact) bool {
		return !s.At.Before(p.At) && s.At.Sub(p.At) <= rehearsal && inEarnest.MatchString(s.Text())
	})
}

// suffered reports whether users reported something between the announcement of an
// exercise and the time soon after a page: an exercise can go wrong.
func (j *joiner) suffered(a, p *fact.Fact) bool {
	return slices.ContainsFunc(j.of(fact.Said), func(s *fact.Fact) bool {
		return s.Speech.Act == speech.Report && s.ByPerson() && s.At.After(a.At) && s.At.Sub(p.At).Abs() <= owning && !exercise.MatchString(s.Text()) && !marked.MatchString(s.Text()) && !fact.Leisure(s.Channel)
	})
}

// talkOfDrills marks what people say during a drill, as long as no other page and
// no report of users tells of something in earnest.
func (j *joiner) talkOfDrills() {
	alarms := j.of(fact.Paged, fact.Fired)
	said := j.of(fact.Said, fact.Told)
	for _, p := range alarms {
		if !p.Test || slices.ContainsFunc(alarms, func(o *fact.Fact) bool { return !o.Test && within(o.At, p.At, rehearsal) }) {
			continue
		}
		from, to := j.lasts(p)
		during := slices.DeleteFunc(slices.Clone(said), func(s *fact.Fact) bool { return s.At.Before(from) || s.At.After(to) })
		if slices.ContainsFunc(during, func(s *fact.Fact) bool { return s.Speech.Act == speech.Report }) {
			continue
		}
		for _, s := range during {
			s.Test = true
		}
	}
}

// lasts returns from when to when people speak of a drill: around the steps of
// its page, and wider when it was announced.
func (j *joiner) lasts(p *fact.Fact) (from, to time.Time) {
	from, to = p.At, p.At
	slack := time.Minute
	for _, f := range j.facts {
		if !f.Test || !within(f.At, p.At, rehearsal) {
			continue
		}
		if f.Class == fact.Said || f.Class == fact.Told {
			slack = aftermath
		}
		if f.At.After(to) {
			to = f.At
		}
	}
	return from.Add(-slack), to.Add(slack)
}

// announcesDrill reports whether a message says that an exercise takes place.
func announcesDrill(a *fact.Fact) bool {
	text := building.ReplaceAllString(a.Text(), " ")
	return !fact.Leisure(a.Channel) && exercise.MatchString(text) && stage.MatchString(text) && !inEarnest.MatchString(text) &&
		!otherDay.MatchString(text) && a.Speech.Act != speech.Question && !strings.HasSuffix(strings.TrimSpace(text), "?")
}

var (
	// building is the drill in which people leave a house.
	building  = lazyregexp.New(`(?i)\bfire[- ]?(?:drill|alarm)s?\b|\bdrill[- ]?down\b`)
	exercise  = lazyregexp.New(`(?i)\bdrills?\b|\bgame ?days?\b|\btable-?top\b|\b(?:the|an|this|our|today's|planned|scheduled|dr|recovery|failover|incident|pager|on-?call|security|chaos|resilience|response) exercise\b|\b(?:pager|paging|on-?call|escalation|alerting|rotation) test\b|\btest (?:page|alert|incident)s?\b|\btesting (?:the |our )?(?:pager|paging|on-?call|escalation|alerting|rotation)\b`)
	marked    = lazyregexp.New(`(?i)^\W*[\[(](?:exercise|drill|simulation|simulated|game ?day|table-?top)[\])]|^\W*(?:exercise|drill|simulation|game ?day) (?:starts?|started|begins?|start now|over|ended|ends|done|finished|complete)\b`)
	stage     = lazyregexp.New(`(?i)\b(?:heads[- ]?up|reminder|fyi|note|announc\w+|today|now|start\w*|begin\w*|run\w*|we(?:'re| are| will|'ll)|i(?:'m| am| will|'ll)|doing|this is|that(?:'s| is| was)|it(?:'s| is| was)|part of|just|only|expect|ignore|planned|scheduled|kick\w*|in \d+ ?m\w*|at \d{1,2}[:h.]?\d\d|over|done|finished|complete\w*|ended|ends|please)\b`)
	backward  = lazyregexp.New(`(?i)\b(?:this is|that(?:'s| is| was)|it(?:'s| is| was)|part of|just|only|ignore|was|over|done|finished|complete\w*|ended)\b`)
	inEarnest = lazyregexp.New(`(?i)\b(?:not|no|isn't|wasn't|ain't|never) (?:a |an |the |our |part of (?:the |an |our )?)?(?:drill|exercise|test|game ?day)\b|\b(?:(?:this|it|that|they)(?:'s|'re| is| are)? (?:for real|real|the real thing|a real (?:one|incident|outage|page))|unrelated to (?:the )?(?:drill|exercise|game ?day))\b|\b(?:drill|exercise|game ?day) (?:is |was )?(?:cancel\w+|postponed|aborted|called off)\b`)
	otherDay  = lazyregexp.New(`(?i)\b(?:last|next|previous|yesterday|tomorrow|left[- ]?overs?|forgotten|ago|(?:january|february|march|april|june|july|august|september|october|november|december|spring|summer|autumn|winter)(?:'s)? (?:drill|exercise|game ?day|test)|this (?:week|month|quarter)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|since the|like (?:in |at |during )?the (?:last|other|drill|exercise|game))\b`)
)
