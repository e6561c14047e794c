package timeline

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// known returns when responders could first know a fact: at once when they did
// or read it themselves; for what lay in logs, metrics, events or elsewhere,
// when the first message or alert stated it.
func (b *builder) known(f *fact.Fact, e hindcast.Entry) time.Time {
	switch f.Class {
	case fact.Said:
		return b.knownWhenSaid(f, e)
	case fact.VendorPosted:
		if at := b.passedOn(f); f.SaidAt.IsZero() || at.After(f.At) && at.Before(f.SaidAt) {
			return at
		}
		return f.SaidAt
	case fact.Ran, fact.Changed, fact.Rollout, fact.Committed, fact.Looked:
		if t := b.tells[f]; t.dated && e.Kind == hindcast.Change && !b.announced(f) {
			return t.by.At
		}
		if (e.Kind == hindcast.Change || f.Class == fact.Rollout) && !b.announced(f) {
			return b.toldOf(f, e.At)
		}
		return e.At
	case fact.Sign, fact.Warned, fact.RolloutFault, fact.Platform, fact.Row:
		if breach.MatchString(f.Title) {
			return e.At
		}
	default:
		return e.At // the first pod of a version too: a rollout shows it
	}
	if t := b.tells[f]; t.dated && f.Sign != nil && f.Sign.Detector == notable.Told && t.by.At.After(e.At) {
		if s := b.statement(f); s == nil || s.Class == fact.Said {
			return t.by.At // it stands here because somebody told of it
		}
	}
	a := b.phases.Alarm
	if sign.Change(f) {
		if at := b.toldOf(f, time.Time{}); !at.IsZero() {
			return at
		}
	} else if a != nil && b.reported(f) {
		return a.At
	} else if s := b.statement(f); s != nil {
		if b.alerted(f, s.At) {
			return a.At
		}
		if s.Class != fact.Said && a != nil && a.Class == fact.Said && a.At.After(e.At) && a.At.Before(s.At) {
			return a.At // users told of it before the alert did
		}
		return s.At
	}
	if s := b.finding(f); s != nil {
		return s.At
	}
	if a != nil && a.At.After(e.At) && f.Class != fact.VendorPosted && b.phases.Phases.StartedAt.Sub(e.At) < time.Hour {
		return a.At
	}
	return e.At
}

// knownWhenSaid returns since when responders know what a person said: mostly since
// it happened, but since it was said when others did it, or it was learned later.
func (b *builder) knownWhenSaid(f *fact.Fact, e hindcast.Entry) time.Time {
	switch late := f.SaidAt.Sub(e.At); {
	case b.dated[f], e.Kind == hindcast.ExternalEvent, e.Kind == hindcast.Action && b.passesOn(f):
		return b.saidOf(f, e.At)
	case e.Kind == hindcast.Mitigation && late >= time.Minute, late >= news && !self.MatchString(f.Text()):
		return f.SaidAt
	}
	return e.At
}

// alerted reports whether the alert that began it all came before somebody told of
// the symptom, and watches the metric that shows it: that of the same service.
func (b *builder) alerted(f *fact.Fact, told time.Time) bool {
	a := b.phases.Alarm
	return a != nil && a.Class != fact.Said && f == b.phases.Symptom && f.Sign != nil && f.Sign.Detector == "metric-change" && a.Service == f.Service && a.At.After(f.At) && a.At.Before(told)
}

// reported reports whether the first report by a person made a symptom known, where
// nothing pages anybody: unless somebody later told of what it shows, and the
// report speaks of other things.
func (b *builder) reported(f *fact.Fact) bool {
	a := b.phases.Alarm
	if a.Class != fact.Said || f != b.phases.Symptom || len(b.scope.Pages) > 0 || !a.At.After(f.At) {
		return false
	}
	return b.tells[f].by == nil || lexicon.Overlap(lexicon.Tokens(a.Words()), b.distinctive(f.Title, f)) >= hint
}

// saidOf returns when what somebody told of an earlier moment was known: when it
// was said, or when an alert stated it before.
func (b *builder) saidOf(f *fact.Fact, at time.Time) time.Time {
	want := lexicon.Tokens(f.Title)
	for _, s := range b.statements() {
		if s.Class != fact.Said && !s.At.Before(at) && s.At.Before(f.SaidAt) && lexicon.Overlap(s.words, want) >= enough {
			return s.At
		}
	}
	return f.SaidAt
}

// breach is how a system reports that an objective is broken, which is there to
// be watched.
var breach = lazyregexp.New(`(?i)\b(?:slo|sla|objective)\b.{0,20}\b(?:breach\w*|violat\w*|missed|broken)\b`)

// passesOn reports whether somebody tells what another company did, by its name.
func (b *builder) passesOn(f *fact.Fact) bool {
	return slices.ContainsFunc(b.facts, func(v *fact.Fact) bool {
		return v.Class == fact.VendorPosted && fact.Company(f.Text(), v.Actor.Name)
	})
}

// finding returns the first observation of failure with hard facts that the
// responders made between the alarm and their first deed: what a line of a log
// says of the failure is known from then on, when nothing states it in its own
// words, or from the cause that shares words with it; nil when there is none, or
// for what an alert is about.
func (b *builder) finding(f *fact.Fact) *fact.Fact {
	a := b.phases.Alarm
	if a == nil || f.Sign == nil || !a.At.After(f.At) || f != b.phases.Symptom || f.Sign.Detector == "metric-change" || a.Service == f.Service {
		return nil
	}
	var found *fact.Fact
	title := b.distinctive(f.Title, f)
	for _, s := range b.scope.Talk {
		if !s.At.After(a.At) || !b.phases.Deed.IsZero() && s.At.After(b.phases.Deed) {
			continue
		}
		if s.Speech.Act == speech.Cause && lexicon.Overlap(lexicon.Tokens(s.Words()), title) >= hint {
			return s
		}
		if found == nil && s.Speech.Act == speech.Observation && s.Speech.Failing && s.Speech.Facts > 0 {
			found = s
		}
	}
	return found
}

// near a change people who make it say so.
const making = 10 * time.Minute

// announced reports whether a change was no secret when it was made: somebody
// wrote of it around the time, or a bot did.
func (b *builder) announced(f *fact.Fact) bool {
	for _, e := range f.Events {
		if e.Kind == hindcast.Message && e.At.Sub(f.At).Abs() <= making {
			return true
		}
	}
	return slices.ContainsFunc(b.facts, func(s *fact.Fact) bool {
		if s.Class != fact.Said && s.Class != fact.Told || s.At.Sub(f.At).Abs() > making {
			return false
		}
		return trigger.Shares(s, f) >= 2 || trigger.Shares(s, f) >= 1 && fuse.SamePerson(s.Actor.Name, f.Actor.Name)
	})
}

// toldOf returns when people first named a change as what is behind the incident,
// or stated it; other when nobody did.
func (b *builder) toldOf(f *fact.Fact, other time.Time) time.Time {
	found, s := b.phases.Judge.Found(f), b.statement(f)
	switch {
	case found != nil && (s == nil || b.phases.Judge.Mentions(found, f)):
		return found.At
	case s != nil:
		return s.At
	}
	return other
}

// passedOn returns when somebody first told what another company had posted;
// a status page is public, so otherwise at once.
func (b *builder) passedOn(f *fact.Fact) time.Time {
	for _, s := range b.scope.Talk {
		if !f.SaidAt.IsZero() && s.Speech.Act != speech.Vendor {
			continue // who joined a message to the notice found one that speaks of it
		}
		if s.At.Before(f.At) || !fact.Company(s.Text(), f.Actor.Name) && !(b.soleVendor() && (s.Speech.Act == speech.Vendor || b.phases.Judge.Mentions(s, f))) {
			continue
		}
		if better(f) && !s.Speech.Improve && !over.MatchString(s.Text()) || !better(f) && silent.MatchString(s.Text()) {
			continue
		}
		return s.At
	}
	return f.At
}

// soleVendor reports whether the notices are all of one company: "their page" can
// only be its then.
func (b *builder) soleVendor() bool {
	name := ""
	for _, f := range b.facts {
		if f.Class == fact.VendorPosted && f.Actor.Name != name {
			if name != "" {
				return false
			}
			name = f.Actor.Name
		}
	}
	return name != ""
}

// silent is how people say that another company's page shows nothing.
var silent = lazyregexp.New(`(?i)\b(?:all|still|is|are|shows?|says?|looks?) (?:\w+ ){0,3}(?:green|operational|healthy|nothing|fine)\b|\bnothing (?:on|at|from) (?:their|its|the)\b|\bno (?:incidents?|notice|word|posts?|updates?)\b|\bdoes(?:n't| not) (?:show|say|mention)\b`)

// over is how people say that another company is done.
var over = lazyregexp.New(`(?i)\b(?:done|fixed|back|up|over|resolved|recovered|normal|good|green|works?|monitoring|stable|replaced|repaired|renewed|reissued|restored|fine)\b`)

// How much a message must share with a fact to state it, and to hint at it when
// nothing states it; a hint is at least a fifth of what there is to share.
const (
	enough = 1.6
	hint   = 1.0
	surely = 2.4 // what only stands in the timeline because people told of it later
)

// afterwards is how long after a hint a statement no longer is when people
// learned of a fact, but when they looked it up.
const afterwards = 10 * time.Minute

// statement returns the first message or alert after a fact that states it,
// or a message of a failure that hints at it long before; nil when there is
// none. An alert must share words with the fact's title: what it measures is
// not all that it could be about.
func (b *builder) statement(f *fact.Fact) *fact.Fact {
	told := b.tells[f].by
	title, all := b.distinctive(f.Title, f), b.distinctive(f.Words(), f)
	var hinted *fact.Fact
	for _, s := range b.statements() {
		if told != nil && !s.At.Before(told.At) {
			return told
		}
		if s.At.Before(f.At) || s.Class != fact.Said && s.Service != f.Service {
			continue
		}
		enough := enough
		if s.Class == fact.Said && b.onlyTold(f) {
			enough = surely
		}
		want := all
		if s.Class != fact.Said || f.Class == fact.RolloutFault || told != nil {
			want = title // what followed from a failed step is no statement of it
		}
		shared := s.shares(want, f)
		if shared >= enough {
			if hinted != nil && s.At.Sub(hinted.At) > afterwards {
				return hinted
			}
			return s.Fact
		}
		if told == nil && hinted == nil && shared >= max(hint, lexicon.Total(title)/5) && s.Class == fact.Said && s.Speech.Failing {
			hinted = s.Fact
		}
	}
	return cmp.Or(told, hinted)
}

// onlyTold reports whether a record that somebody told of by its minute says nothing
// of trouble by itself.
func (b *builder) onlyTold(f *fact.Fact) bool {
	return b.tells[f].dated && (f.Class == fact.Row || f.Sign != nil && f.Sign.Detector == notable.Told)
}

// statement is a message or an alert with what it can make known.
type statement struct {
	*fact.Fact
	words    map[string]float64
	services []string // that it names
}

// statements returns the messages and alerts that can make facts known, in
// order of time.
func (b *builder) statements() []statement {
	if b.telling == nil {
		b.telling = []statement{}
		for _, s := range b.facts {
			if states(s) && (s.Class != fact.Said || b.scope.Channels[s.Channel]) {
				b.telling = append(b.telling, statement{s, lexicon.Tokens(s.Words()), b.names.Find(s.Words())})
			}
		}
	}
	return b.telling
}

// distinctive returns the words of a text about a fact, without those of its
// service's name.
func (b *builder) distinctive(text string, f *fact.Fact) map[string]float64 {
	out := lexicon.Tokens(text)
	for w := range lexicon.Tokens(f.Service) {
		delete(out, w)
	}
	return out
}

// states reports whether a fact can make another known.
func states(s *fact.Fact) bool {
	switch s.Class {
	case fact.Paged, fact.Fired, fact.Told:
		return !s.Test
	case fact.Said:
		switch s.Speech.Act {
		case speech.Social, speech.Other, speech.Question, speech.Hypothesis, speech.Taken, speech.Restated, speech.RuledOut:
			return false
		}
		return true
	}
	return false
}

// shares adds up what a statement has in common with a fact: rare words, codes,
// names, and a clock that names its moment.
func (s statement) shares(want map[string]float64, f *fact.Fact) float64 {
	sum := lexicon.Overlap(s.words, want)
	for _, m := range s.Moments {
		if m.Approx {
			continue
		}
		if m.Exact && m.At.Sub(f.At).Abs() <= 2*time.Second || !m.Exact && m.At.Equal(f.At.Truncate(time.Minute)) {
			sum++
		}
	}
	if f.Service != "" && s.Class == fact.Said && slices.Contains(s.services, f.Service) {
		sum += 0.7
	}
	return sum
}
