package report

import (
	"math"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// foretold is how long before an alert a report comes at most, and how long after it
	// people speak of what it reported.
	foretold = 2 * time.Hour
	// passing is how long before a report something begins to fail that it is about.
	passing = 30 * time.Minute
	// heard is how soon somebody reacts to a report.
	heard = 15 * time.Minute
	// stillness is how long nobody wrote where a message breaks the silence.
	stillness = 20 * time.Minute
)

// odds are the acts of which the odds are features of a report.
var odds = []speech.Act{
	speech.Report, speech.Observation, speech.Question, speech.Social, speech.Other, speech.Action, speech.Decision, speech.Hypothesis, speech.Communication,
	speech.Restated, speech.Taken, speech.Cause,
}

// Input is where reports are looked for.
type Input struct {
	Facts   []*fact.Fact // in order of time
	Scope   *scope.Scope
	Page    *fact.Fact                    // what else detects the incident; nil when there is none
	Until   time.Time                     // when it is known otherwise
	Rule    *fact.Fact                    // what the rules take for the report; nil when they find none
	Failing func(from, to time.Time) bool // something that was hit begins to fail
}

// reader reads the features of messages before an alert.
type reader struct {
	Input
	page  map[string]float64 // its words
	fails bool               // something that was hit begins to fail at some time around
	work  []*fact.Fact       // talk where people work on it, around the alert
	words map[*fact.Fact]map[string]float64
}

// Read returns the messages by people, shortly before the moment, that may be the first
// report, in order of time.
func Read(in Input) []*Report {
	r := reader{Input: in, words: map[*fact.Fact]map[string]float64{}}
	r.fails = in.Failing(in.Until.Add(-foretold), in.Until.Add(passing))
	if in.Page != nil {
		r.page = lexicon.Tokens(in.Page.Words())
	}
	for _, a := range r.Facts {
		if a.Class == fact.Said && r.Scope.Channels[a.Channel] && a.At.Sub(r.Until).Abs() < foretold {
			r.work = append(r.work, a)
			r.words[a] = lexicon.Tokens(a.Text())
		}
	}
	var out []*Report
	last := map[string]time.Time{}
	for _, s := range r.Facts {
		if s.Class != fact.Said {
			continue
		}
		before, any := last[s.Channel]
		last[s.Channel] = s.At
		if s.Test || !s.ByPerson() || fact.Leisure(s.Channel) || !s.At.Before(r.Until) || r.Until.Sub(s.At) > foretold {
			continue
		}
		x := logit.Features{}
		x.Is("silence", !any || s.At.Sub(before) > stillness)
		own := lexicon.Tokens(s.Text())
		r.text(x, s, own)
		r.place(x, s, own)
		r.answers(x, s)
		x.Is(Ruled, s == r.Rule)
		if is := max(0, s.Odds[speech.Report]) / 3; is > 0 {
			for _, name := range []string{"echo", "page", "meanwhile", "calm", "answered"} {
				x.Num("report*"+name, is*x[name])
			}
		}
		if !unheard(x) {
			out = append(out, &Report{Fact: s, Features: x})
		}
	}
	return out
}

// takenUp is how much later talk, or the page, shares with a report at least that nothing
// in the evidence speaks for yet.
const takenUp = 0.5

// unheard reports whether a message came before anything failed of what then did, and
// neither the page nor what others then wrote speaks of the same: it is of something else.
// What the rules take for a report is one for other reasons.
func unheard(x logit.Features) bool {
	return x["calm"] > 0 && x["echo"] < takenUp && x["page"] < takenUp && x[Ruled] == 0
}

// text is what a message says, in words of its own.
func (r *reader) text(x logit.Features, s *fact.Fact, own map[string]float64) {
	for _, a := range odds {
		x.Num("odds:"+string(a), s.Odds[a]/3)
	}
	text := s.Text()
	x.Is("failing", s.Speech.Failing)
	x.Is("several", Several(text))
	x.Is("passes", speech.PassesOn(text))
	x.Is("asks", Asks(text))
	x.Is("question", strings.HasSuffix(strings.TrimSpace(text), "?"))
	x.Num("words", math.Log1p(float64(len(strings.Fields(text))))/3)
	x.Is("version", s.Version != "")
	x.Is("verb", s.Verb != "" || fact.VerbOf(text) != "")
	x.Num("troubles", min(lexicon.Total(lexicon.Troubles(own)), 2))
}

// place is where it stands, and what it shares with the page and with later talk.
func (r *reader) place(x logit.Features, s *fact.Fact, own map[string]float64) {
	echo, brings := 0.0, false
	for _, a := range r.work {
		switch same := fuse.SamePerson(a.Actor.Name, s.Actor.Name); {
		case !same && a.At.After(s.At):
			echo = max(echo, lexicon.Overlap(own, r.words[a]))
		case same:
			brings = brings || a.At.After(r.Until) && a.Channel != s.Channel
		}
	}
	x.Num("page", min(lexicon.Overlap(own, r.page), 4)/2)
	x.Num("echo", min(echo, 6)/3)
	x.Is("brings", brings)
	x.Is("here", r.Scope.Channels[s.Channel])
	x.Is("nopage", r.Page == nil)
	x.Num("lag", logit.Lag(r.Until.Sub(s.At))/4)
	meanwhile := r.Failing(s.At.Add(-passing), s.At)
	x.Is("meanwhile", meanwhile)
	x.Is("calm", !meanwhile && r.fails)
}

// answers is how others react there.
func (r *reader) answers(x logit.Features, s *fact.Fact) {
	for _, a := range r.Facts {
		if a.Class != fact.Said || a.Channel != s.Channel || !a.At.After(s.At) || a.At.Sub(s.At) > heard || fuse.SamePerson(a.Actor.Name, s.Actor.Name) {
			continue
		}
		x.Is("answered", true)
		x.Is("answeredBefore", a.At.Before(r.Until))
		x.Is("taken", a.Speech.Act == speech.Taken || a.Odds[speech.Taken] > 1)
	}
}

// Several reports whether a text says that more than one user meets with something.
func Several(text string) bool { return several.MatchString(text) }

// Asks reports whether a text asks others whether what its writer meets with is known.
func Asks(text string) bool { return asks.MatchString(text) }

var several = lazyregexp.New(`(?i)\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|multiple|some|a (?:few|couple|dozen|lot|bunch)|lots|dozens|hundreds|more)(?: of)? (?:[\w\-]+ ){0,2}?(?:customers?|users?|clients?|people|merchants?|partners?|tickets|calls|mails|e-?mails|complaints|reports|chats|stores|shops|schools|hospitals|hotels|drivers|riders|guests|patients|passengers|players|students|teachers|tenants|members|subscribers)\b`)

var asks = lazyregexp.New(`(?i)\b(?:is|are) (?:it|that|this) (?:you|yours|on (?:you|your side)|known|us|a known)\b.*\?|` +
	`\b(?:is|are) (?:something|anything|sth|smth|there (?:something|anything|an? (?:issue|problem|outage|incident))) (?:up|wrong|off|broken|down|going on|happening|with)?\b.*\?|` +
	`\b(?:something|anything) (?:up|wrong|off|broken|going on) with\b.*\?|\b(?:any(?:one|body)|some(?:one|body)) (?:else )?(?:(?:is|are) )?(?:seeing|having|getting|noticing|see|sees|aware|know|knows)\b.*\?|` +
	`\b(?:are|do) you (?:guys |people |folks |all )?(?:aware|seeing|see|know|having)\b.*\?|\b(?:is|are) (?:\S+ ){1,4}(?:down|broken|dead|slow|unreachable|having (?:issues|problems|trouble))\b.*\?|\bknown (?:issue|problem|outage)\?|\b(?:just|only) me\?|\bis it (?:just |only )?me\b|\bam i the only\b`)
