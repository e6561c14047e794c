package keyrank

import (
	"math"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// commander is how those are called who lead the response.
var commander = lazyregexp.New(`(?i)\b(?:ic|commander|incident (?:lead|manager)|im|facilitator)\b`)

// writer is who says it, and where.
func (r *reader) writer(x logit.Features, f *fact.Fact) {
	name, e := f.Actor.Name, f.First()
	x.Num("share", float64(r.wrote[name])/float64(max(1, len(r.said))))
	x.Is("hand", r.hand(name))
	x.Is("taker", r.Phases.Taken != nil && fuse.SamePerson(r.Phases.Taken.Actor.Name, name))
	x.Is("commander", commander.MatchString(name))
	x.Is("thread", f.Thread != "" && f.Thread != e.ID && f.Thread != e.Attrs["ts"])
	x.Num("reactions", math.Log1p(float64(len(strings.FieldsFunc(e.Attrs["reactions"], func(c rune) bool { return c == ',' })))))
	x.Is("joined", len(f.Events) > 1)
}

const (
	// near is how many messages before and after one can belong to it.
	near = 15
	// answering is how soon people answer.
	answering = 3 * time.Minute
)

// around is what others say before and after it.
func (r *reader) around(x logit.Features, f *fact.Fact) {
	i, ok := r.nth[f]
	x.Is("elsewhere", !ok)
	if !ok {
		r.elsewhere(x, f)
		return
	}
	own, echo, said, answers := r.words(f), 0.0, 0.0, 0
	for _, o := range r.said[i+1 : min(len(r.said), i+near)] {
		if fuse.SamePerson(o.Actor.Name, f.Actor.Name) {
			continue
		}
		echo = max(echo, lexicon.Overlap(own, r.words(o)))
		if o.At.Sub(f.At) < answering {
			answers++
		}
	}
	for _, o := range r.said[max(0, i-near):i] {
		said = max(said, lexicon.Overlap(own, r.words(o)))
	}
	x.Num("echo", min(echo, 4)/2)
	x.Num("said", min(said, 5)/2)
	x.Num("answers", math.Log1p(float64(answers)))
	if i > 0 {
		q := r.said[i-1]
		x.Is("goesOn", q.Actor.Name == f.Actor.Name)
		x.Num("pause", logit.Lag(f.At.Sub(q.At))/3)
		x.Is("answersTo", !fuse.SamePerson(q.Actor.Name, f.Actor.Name) && (q.Speech.Act == speech.Question || q.Speech.Act == speech.Hypothesis))
		x.Is("after:decision", q.Speech.Act == speech.Decision)
	}
	if i+1 < len(r.said) {
		n := r.said[i+1]
		x.Num("rest", logit.Lag(n.At.Sub(f.At))/3)
		x.Is("then:decision", n.Speech.Act == speech.Decision)
		x.Is("then:social", n.Speech.Act == speech.Social)
	}
}

// Kindred returns what reports whether a message elsewhere may be about the incident:
// before it was over, in words that are used where people work on it. Candidates of the
// scene do not matter.
func Kindred(s Scene) func(f *fact.Fact) bool {
	over := s.Phases.Phases.ResolvedAt
	var work []*fact.Fact
	var words []map[string]float64
	for _, o := range s.Facts {
		if o.Class == fact.Said && s.Scope.Channels[o.Channel] || o == s.Phases.Alarm {
			work, words = append(work, o), append(words, lexicon.Tokens(o.Text()))
		}
	}
	return func(f *fact.Fact) bool {
		if fact.Leisure(f.Channel) || !over.IsZero() && f.At.After(over) {
			return false
		}
		own := lexicon.Tokens(f.Text())
		for i, o := range work {
			if o.At.Sub(f.At).Abs() <= hears && lexicon.Overlap(own, words[i]) >= lexicon.Hint {
				return true
			}
		}
		return false
	}
}

// hears is how far apart people speak of the same in two channels.
const hears = time.Hour

// elsewhere is how much a message in another channel shares with what is said where
// people work on the incident.
func (r *reader) elsewhere(x logit.Features, f *fact.Fact) {
	own, echo, said, page := r.words(f), 0.0, 0.0, 0.0
	for _, o := range r.said {
		switch w := lexicon.Overlap(own, r.words(o)); {
		case o.At.After(f.At):
			echo = max(echo, w)
		default:
			said = max(said, w)
		}
	}
	if a := r.Phases.Alarm; a != nil && a != f {
		page = lexicon.Overlap(own, r.words(a))
	}
	x.Num("far:echo", min(echo, 6)/3)
	x.Num("far:said", min(said, 6)/3)
	x.Num("far:page", min(page, 4)/2)
	x.Is("far:before", !r.Phases.Phases.DetectedAt.IsZero() && !f.At.After(r.Phases.Phases.DetectedAt))
	x.Num("far:report", max(0, f.Odds[speech.Report])/3)
	x.Is("far:failing", f.Speech.Failing)
}

// beside is how near an entry shows what people then speak of.
const beside = 5 * time.Minute

// shown is what other entries show already, and what is new.
func (r *reader) shown(x logit.Features, f *fact.Fact) {
	own := r.words(f)
	total := lexicon.Total(own)
	x.Num("weight", math.Log1p(total)/3)
	most, recorded, count := 0.0, 0.0, 0
	for _, k := range r.Shown {
		d := f.At.Sub(k.At)
		if d < -beside {
			break
		}
		w := lexicon.Overlap(own, r.words(k))
		most = max(most, w)
		if d <= beside {
			count++
			recorded = max(recorded, w)
		}
	}
	for _, k := range r.ruled {
		if k.At.Before(f.At) {
			most = max(most, lexicon.Overlap(own, r.words(k)))
		}
	}
	fresh := r.fresh(own, f.At)
	x.Num("fresh", math.Log1p(fresh)/3)
	if total > 0 {
		x.Num("novel", fresh/total)
	}
	x.Num("shown", min(most, 6)/3)
	x.Num("recorded", min(recorded, 6)/3)
	x.Num("shownNear", float64(min(count, 3))/3)
}

// fresh adds up the words that no entry around a moment or before it has.
func (r *reader) fresh(own map[string]float64, at time.Time) float64 {
	fresh := map[string]float64{}
	for t, w := range own {
		first, ok := r.inShown[t]
		old := ok && !first.After(at.Add(beside))
		first, ok = r.inRuled[t]
		if !old && !(ok && first.Before(at)) {
			fresh[t] = w
		}
	}
	return lexicon.Total(fresh)
}

// firsts returns when each word is first in entries.
func (r *reader) firsts(list []*fact.Fact) map[string]time.Time {
	out := map[string]time.Time{}
	for _, k := range list {
		for t := range r.words(k) {
			if first, ok := out[t]; !ok || k.At.Before(first) {
				out[t] = k.At
			}
		}
	}
	return out
}

const (
	// How long before and after a message a change lies that it speaks of.
	changedBefore = 10 * time.Minute
	changedAfter  = 20 * time.Minute
)

// records is what changes and signs of failure say of the same.
func (r *reader) records(x logit.Features, f *fact.Fact) {
	own, deed, signs := r.words(f), 0.0, 0.0
	for _, k := range r.Facts {
		d := k.At.Sub(f.At)
		if d < -changedBefore || d > changedAfter || k.Class != fact.Ran && k.Class != fact.Changed && k.Class != fact.Rollout {
			continue
		}
		w := lexicon.Overlap(own, r.words(k))
		if d.Abs() < answering && fuse.SamePerson(k.Actor.Name, f.Actor.Name) {
			w++
			x.Is("ownDeed", true)
		}
		deed = max(deed, w)
	}
	for _, k := range r.Signs {
		if sign.Worse(k.Sign) && !k.At.After(f.At) {
			signs = max(signs, lexicon.Overlap(own, r.words(k)))
		}
	}
	x.Num("deed", min(deed, 4)/2)
	x.Num("signs", min(signs, 4)/2)
}
