package fuse

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// unread is how long after a letter arrives somebody passes on what it says at most.
const unread = 3 * time.Hour

// letters tells what others write from what responders write to them, and finds who
// passed on a letter to the others: until then they do not know what it says.
func (j *joiner) letters() {
	var mails []*fact.Fact
	for _, f := range j.of(fact.Said, fact.Told) {
		if f.First().Attrs["from"] != "" {
			mails = append(mails, f)
		}
	}
	if len(mails) == 0 {
		return
	}
	ours := j.homes(mails)
	for _, m := range mails {
		e := m.First()
		switch from, to := fact.Registered(e.Attrs["from"]), strings.Fields(e.Attrs["to"]); {
		case ours[from] && slices.ContainsFunc(to, func(d string) bool { return !ours[fact.Registered(d)] }):
			m.Speech.Act = speech.Communication
			j.sent(m)
		case !ours[from] && slices.ContainsFunc(to, func(d string) bool { return ours[fact.Registered(d)] }):
			j.received(m, from)
		}
	}
}

// sent joins to a letter what its writer says of having written it.
func (j *joiner) sent(m *fact.Fact) {
	for _, s := range j.of(fact.Said) {
		if lag := s.At.Sub(m.At); lag >= 0 && lag <= copySlack && s.First().Attrs["from"] == "" && wrote.MatchString(s.Text()) && SamePerson(s.Actor.Name, m.Actor.Name) {
			m.SaidAt = time.Time{}
			j.merge(m, s)
			return
		}
	}
}

// wrote is how people say that they wrote to somebody.
var wrote = lazyregexp.New(`(?i)\b(?:mailed|e-?mailed|wrote|written|sent|asked|opened (?:a|an) (?:ticket|case))\b`)

// received takes a letter as what another company says, known from who passes it on.
func (j *joiner) received(m *fact.Fact, from string) {
	m.Class, m.Actor.Kind = fact.Said, hindcast.External
	if m.Speech.Act != speech.Report {
		m.Speech.Act = speech.Vendor
	}
	by := j.passes(m, from)
	if by == nil {
		return
	}
	m.SaidAt = by.At
	if len(by.Moments) == 0 || len(by.Moments) == 1 && within(by.Moments[0].At, m.At, 90*time.Second) {
		j.merge(m, by)
		return
	}
	m.Events = append(m.Events, by.Events...)
}

// homes returns the domains that are ours: those from which people write who also
// talk, run commands or take up pages, and those to which only others write.
func (j *joiner) homes(mails []*fact.Fact) map[string]bool {
	inside := func(name string) bool {
		return name != "" && slices.ContainsFunc(j.of(fact.Said, fact.Ran, fact.Acknowledged, fact.Committed), func(f *fact.Fact) bool {
			return f.First().Attrs["from"] == "" && f.Actor.Kind == hindcast.Person && SamePerson(f.Actor.Name, name)
		})
	}
	ours, others := map[string]bool{}, map[string]bool{}
	for _, m := range mails {
		from := fact.Registered(m.First().Attrs["from"])
		if m.Class == fact.Said && inside(m.Actor.Name) {
			ours[from] = true
		} else {
			others[from] = true
		}
	}
	for _, m := range mails {
		if from := fact.Registered(m.First().Attrs["from"]); !ours[from] {
			for _, to := range strings.Fields(m.First().Attrs["to"]) {
				if d := fact.Registered(to); d != from && !others[d] {
					ours[d] = true
				}
			}
		}
	}
	return ours
}

// passingOn is how people say that somebody outside wrote to them.
var passingOn = lazyregexp.New(`(?i)\b(?:mails?|e-?mails?|mailed|letter|answer\w*|repl(?:y|ies|ied)|respon(?:se|ded)|wrote|writes?|agreed?|grant\w*|confirm\w*|approv\w*|accepted|promis\w*|got back|their (?:support|noc|desk|team)|they (?:say|said|have|had|found|see|saw))\b`)

// passes returns who first passed on what a letter says; nil when nobody did.
func (j *joiner) passes(m *fact.Fact, from string) *fact.Fact {
	name, _, _ := strings.Cut(from, ".")
	name = strings.ReplaceAll(name, "-", " ")
	words := lexicon.Tokens(m.Words())
	for _, s := range j.of(fact.Said) {
		lag := s.At.Sub(m.At)
		if lag <= 0 || lag > unread || s.First().Attrs["from"] != "" || s.Speech.Act == speech.Question || s.Speech.Act == speech.Taken || s.Actor.Kind != hindcast.Person {
			continue
		}
		named := fact.Company(s.Text(), name) || fact.Company(s.Text(), m.Actor.Name)
		dated := slices.ContainsFunc(s.Moments, func(c fact.Moment) bool { return within(c.At, m.At, 90*time.Second) })
		shared := lexicon.Overlap(lexicon.Tokens(s.Text()), words)
		if told := passingOn.MatchString(s.Text()); told && (dated || named) || (named || told) && shared >= 2 {
			return s
		}
	}
	return nil
}
