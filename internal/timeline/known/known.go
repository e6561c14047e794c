// Package known finds since when the responders of an incident knew a fact: at once
// what they did or read themselves, and what lay in records since somebody stated it.
package known

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// Input is what is known of an incident when its timeline is written.
type Input struct {
	Facts  []*fact.Fact // in order of time
	Names  *fact.Names
	Scope  *scope.Scope
	Phases *course.Result
	Tells  map[*fact.Fact]course.Tell // what people told of afterwards, by the record
	Placed map[*fact.Fact]bool        // what others told of by a minute that they named
}

// Reader answers for one incident. Its maps may grow while it is used.
type Reader struct {
	in      Input
	telling []statement // see statements
}

// New returns the reader of an incident.
func New(in Input) *Reader { return &Reader{in: in} }

// News is how long after a moment people tell of it as of something past.
const News = 3 * time.Minute

// At returns when responders could first know a fact: at once when they did
// or read it themselves; for what lay in logs, metrics, events or elsewhere,
// when the first message or alert stated it.
func (r *Reader) At(f *fact.Fact, e hindcast.Entry) time.Time {
	switch f.Class {
	case fact.Said:
		return r.knownWhenSaid(f, e)
	case fact.VendorPosted:
		if at := r.passedOn(f); f.SaidAt.IsZero() || at.After(f.At) && at.Before(f.SaidAt) {
			return at
		}
		return f.SaidAt
	case fact.Ran, fact.Changed, fact.Rollout, fact.Committed, fact.Looked:
		if f.Heals() {
			return r.noticed(f)
		}
		if t := r.in.Tells[f]; t.Dated && e.Kind == hindcast.Change && !r.announced(f) {
			return t.By.At
		}
		if (e.Kind == hindcast.Change || f.Class == fact.Rollout) && !r.announced(f) {
			return r.toldOf(f, e.At)
		}
		if s := r.dating(f, 0); s != nil && e.Kind == hindcast.Action && !r.present(f.Actor.Name) {
			return s.At // who did it told nobody then
		}
		return e.At
	case fact.Sign, fact.Warned, fact.RolloutFault, fact.Platform, fact.Row:
		if breach.MatchString(f.Title) {
			return e.At
		}
	default:
		return e.At // the first pod of a version too: a rollout shows it
	}
	return r.recorded(f, e)
}

// recorded returns when responders could know what only a record holds, or a change that
// nobody made before their eyes.
func (r *Reader) recorded(f *fact.Fact, e hindcast.Entry) time.Time {
	if t := r.in.Tells[f]; t.Dated && f.Sign != nil && f.Sign.Detector == notable.Told && t.By.At.After(e.At) {
		if s := r.Statement(f); s == nil || s.Class == fact.Said {
			return t.By.At // it stands here because somebody told of it
		}
	}
	a := r.in.Phases.Alarm
	if sign.Change(f) || e.Kind == hindcast.Change {
		if at := r.toldOf(f, time.Time{}); !at.IsZero() {
			return at
		}
	} else if s := r.named(f); s != nil {
		return s.At
	} else if a != nil && r.reported(f) {
		return a.At
	} else if s := r.Statement(f); s != nil {
		if r.alerted(f, s.At) {
			return a.At
		}
		if s.Class != fact.Said && a != nil && a.Class == fact.Said && a.At.After(e.At) && a.At.Before(s.At) {
			return a.At // users told of it before the alert did
		}
		return s.At
	}
	if s := r.finding(f); s != nil {
		return s.At
	}
	if a != nil && a.At.After(e.At) && f.Class != fact.VendorPosted && r.in.Phases.Phases.StartedAt.Sub(e.At) < time.Hour {
		return a.At
	}
	return e.At
}

// knownWhenSaid returns since when responders know what a person said: mostly since
// it happened, but since it was said when others did it, or it was learned later.
func (r *Reader) knownWhenSaid(f *fact.Fact, e hindcast.Entry) time.Time {
	switch late := f.SaidAt.Sub(e.At); {
	case r.in.Placed[f], e.Kind == hindcast.ExternalEvent, e.Kind == hindcast.Action && r.passesOn(f):
		return r.saidOf(f, e.At)
	case (e.Kind == hindcast.Mitigation || healed.MatchString(f.Text())) && late >= time.Minute, late >= News && !speech.OfSelf(f.Text()):
		return f.SaidAt
	}
	return e.At
}

// named returns the first message or alert before all was well again that names what
// is wrong in a record, such as a full disk, however it says it: an alert about what
// follows from it does not make that known. nil when there is none.
func (r *Reader) named(f *fact.Fact) *fact.Fact {
	want := lexicon.Troubles(lexicon.Tokens(f.Words()))
	if len(want) == 0 {
		return nil
	}
	for _, s := range r.statements() {
		if end := r.in.Phases.Phases.ResolvedAt; !end.IsZero() && s.At.After(end) {
			break
		}
		if !s.At.Before(f.At) && (s.Class == fact.Said || s.Service == f.Service) && lexicon.Overlap(s.words, want) > 0 {
			return s.Fact
		}
	}
	return nil
}

// alerted reports whether the alert that began it all came before somebody told of
// the symptom, and watches the metric that shows it: that of the same service.
func (r *Reader) alerted(f *fact.Fact, told time.Time) bool {
	a := r.in.Phases.Alarm
	return a != nil && a.Class != fact.Said && f == r.in.Phases.Symptom && f.Sign != nil && f.Sign.Detector == "metric-change" && a.Service == f.Service && a.At.After(f.At) && a.At.Before(told)
}

// reported reports whether the first report by a person made a symptom known, where
// nothing pages anybody: unless somebody later told of what it shows, and the
// report speaks of other things.
func (r *Reader) reported(f *fact.Fact) bool {
	a := r.in.Phases.Alarm
	if a.Class != fact.Said || f != r.in.Phases.Symptom || len(r.in.Scope.Pages) > 0 || !a.At.After(f.At) {
		return false
	}
	return r.in.Tells[f].By == nil || lexicon.Overlap(lexicon.Tokens(a.Words()), Distinctive(f.Title, f)) >= lexicon.Hint
}

// saidOf returns when what somebody told of an earlier moment was known: when it
// was said, or when an alert stated it before.
func (r *Reader) saidOf(f *fact.Fact, at time.Time) time.Time {
	want := lexicon.Tokens(f.Title)
	for _, s := range r.statements() {
		if s.Class != fact.Said && !s.At.Before(at) && s.At.Before(f.SaidAt) && lexicon.Overlap(s.words, want) >= lexicon.Enough {
			return s.At
		}
	}
	return f.SaidAt
}

// breach is how a system reports that an objective is broken, which is there to
// be watched.
var breach = lazyregexp.New(`(?i)\b(?:slo|sla|objective)\b.{0,20}\b(?:breach\w*|violat\w*|missed|broken)\b`)

// passesOn reports whether somebody tells what another company did, by its name.
func (r *Reader) passesOn(f *fact.Fact) bool {
	return slices.ContainsFunc(r.in.Facts, func(v *fact.Fact) bool {
		return v.Class == fact.VendorPosted && fact.Company(f.Text(), v.Actor.Name)
	})
}

// finding returns the first observation of failure with hard facts that the
// responders made between the alarm and their first deed: what a line of a log
// says of the failure is known from then on, when nothing states it in its own
// words, or from the cause that shares words with it; nil when there is none, or
// for what an alert is about.
func (r *Reader) finding(f *fact.Fact) *fact.Fact {
	a := r.in.Phases.Alarm
	if a == nil || f.Sign == nil || !a.At.After(f.At) || f != r.in.Phases.Symptom || f.Sign.Detector == "metric-change" || a.Service == f.Service {
		return nil
	}
	var found *fact.Fact
	title := Distinctive(f.Title, f)
	for _, s := range r.in.Scope.Talk {
		if !s.At.After(a.At) || !r.in.Phases.Deed.IsZero() && s.At.After(r.in.Phases.Deed) {
			continue
		}
		if s.Speech.Act == speech.Cause && lexicon.Overlap(lexicon.Tokens(s.Words()), title) >= lexicon.Hint {
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
func (r *Reader) announced(f *fact.Fact) bool {
	for _, e := range f.Events {
		if e.Kind == hindcast.Message && e.At.Sub(f.At).Abs() <= making {
			return true
		}
	}
	around := fact.Between(r.in.Facts, f.At.Add(-making), f.At.Add(making))
	return slices.ContainsFunc(around, func(s *fact.Fact) bool {
		if s.Class != fact.Said && s.Class != fact.Told {
			return false
		}
		return trigger.Shares(s, f) >= 2 || trigger.Shares(s, f) >= 1 && fuse.SamePerson(s.Actor.Name, f.Actor.Name)
	})
}

// toldOf returns when people first stated a change: that it was made, or named it as
// what is behind the incident; other when nobody did. Who only speaks of what it
// touched states it where nobody says that it was changed.
func (r *Reader) toldOf(f *fact.Fact, other time.Time) time.Time {
	found, stated := r.in.Phases.Judge.Found(f), r.Statement(f)
	told := earliest(r.sure(found, f), r.sure(stated, f), r.alteration(f), r.dating(f, News))
	if told = cmp.Or(told, found, stated); told != nil {
		return told.At
	}
	return other
}

// sure returns what somebody said when it says that something was changed, or names
// the change by its minute or its version; nil when it does not.
func (r *Reader) sure(s, f *fact.Fact) *fact.Fact {
	if s == nil || !speech.Alters(s.Text()) && !dates(s, f) && (f.Version == "" || !strings.Contains(s.Text(), f.Version)) {
		return nil
	}
	return s
}

// earliest returns the first of some facts in time; nil when all are.
func earliest(of ...*fact.Fact) (out *fact.Fact) {
	for _, f := range of {
		if f != nil && (out == nil || f.At.Before(out.At)) {
			out = f
		}
	}
	return out
}

// alteration returns the first message that states a change and says that something
// was changed; nil when there is none.
func (r *Reader) alteration(f *fact.Fact) *fact.Fact {
	want := Distinctive(f.Words(), f)
	for _, s := range r.statements() {
		if s.Speech.Act == speech.Communication {
			continue // users are told of effects
		}
		if s.Class == fact.Said && s.At.After(f.At) && s.alters && s.shares(want, f) >= lexicon.Hint {
			return s.Fact
		}
	}
	return nil
}

// healing is how long after automation put something back somebody notices.
const healing = 30 * time.Minute

// healed is what people call it that automation puts something back, undone how they say
// in any way that it did.
var (
	healed = lazyregexp.New(`(?i)\bself[- ]?heal\w*`)
	undone = lazyregexp.New(`(?i)\b(?:self[- ]?heal\w*|put\w* (?:\S+ ){0,3}back|(?:is|are|it's|we're|went|going|goes|came|comes) back (?:at|on|to)\b|back (?:at|to) \S*\d|undid|undone|undoes|revert(?:ed|s) (?:it|my|our|your|the)|reverted|overw\w+|fought|fights?|fighting)\b`)
)

// noticed returns when somebody first said that automation had undone what people did.
func (r *Reader) noticed(f *fact.Fact) time.Time {
	for _, e := range f.Events {
		if e.Kind == hindcast.Message && e.Actor.Kind == hindcast.Person && e.At.After(f.At) {
			return e.At
		}
	}
	for _, s := range r.in.Scope.Talk {
		said := s.At
		if !s.SaidAt.IsZero() {
			said = s.SaidAt
		}
		if lag := said.Sub(f.At); lag >= 0 && lag <= healing && !s.Asks() && undone.MatchString(s.Text()) {
			return said
		}
	}
	return f.At
}

// present reports whether somebody takes part in the talk.
func (r *Reader) present(name string) bool {
	return slices.ContainsFunc(r.in.Scope.Talk, func(s *fact.Fact) bool { return fuse.SamePerson(s.Actor.Name, name) })
}

// dating returns the first message, some time after a change, that says that something
// was changed in its minute, even if it only suspects what; nil when there is none.
func (r *Reader) dating(f *fact.Fact, after time.Duration) *fact.Fact {
	for _, s := range r.in.Scope.Talk {
		if s.At.Sub(f.At) >= after && dates(s, f) && (speech.Alters(s.Text()) || lexicon.Overlap(lexicon.Tokens(s.Text()), Distinctive(f.Words(), f)) >= lexicon.Hint) {
			return s
		}
	}
	return nil
}

// dates reports whether a message names the second or the minute of a fact.
func dates(s, f *fact.Fact) bool {
	return slices.ContainsFunc(s.Moments, func(m fact.Moment) bool {
		return !m.Approx && (m.Exact && m.At.Sub(f.At).Abs() <= 2*time.Second || !m.Exact && m.At.Equal(f.At.Truncate(time.Minute)))
	})
}

// passedOn returns when somebody first told what another company had posted;
// a status page is public, so otherwise at once.
func (r *Reader) passedOn(f *fact.Fact) time.Time {
	for _, s := range r.in.Scope.Talk {
		if !f.SaidAt.IsZero() && s.Speech.Act != speech.Vendor {
			continue // who joined a message to the notice found one that speaks of it
		}
		if s.At.Before(f.At) || !fact.Company(s.Text(), f.Actor.Name) && !(r.soleVendor() && (s.Speech.Act == speech.Vendor || r.in.Phases.Judge.Mentions(s, f))) {
			continue
		}
		if s.Speech.Act != speech.Vendor && !notice.MatchString(s.Text()) && lexicon.Overlap(lexicon.Tokens(s.Text()), Distinctive(f.Title, f)) < lexicon.Hint {
			continue // it names them only
		}
		if f.Better() && !s.Speech.Improve && !over.MatchString(s.Text()) || !f.Better() && silent.MatchString(s.Text()) {
			continue
		}
		return s.At
	}
	return f.At
}

// soleVendor reports whether the notices are all of one company: "their page" can
// only be its then.
func (r *Reader) soleVendor() bool {
	name := ""
	for _, f := range r.in.Facts {
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

// notice is how people speak of what another company says or does.
var notice = lazyregexp.New(`(?i)\b(?:page|status\w*|site|banner|post(?:s|ed|ing)?|mail(?:s|ed)?|e-?mail\w*|wrote|writes?|answer\w*|repl(?:y|ies|ied)|confirm\w*|incident|notice|announce\w*|sa(?:ys?|id)|tells?|told|maintenance|outage|they|their|them|hotline|support|ticket)\b`)

// over is how people say that another company is done.
var over = lazyregexp.New(`(?i)\b(?:done|fixed|back|up|over|resolved|recovered|normal|good|green|works?|monitoring|stable|replaced|repaired|renewed|reissued|restored|fine)\b`)

// surely is how much a message must share with a fact to state it that only stands in
// the timeline because people told of it later.
const surely = 2.4

// afterwards is how long after a hint a statement no longer is when people
// learned of a fact, but when they looked it up.
const afterwards = 10 * time.Minute

// Statement returns the first message or alert after a fact that states it,
// or a message of a failure that hints at it long before; nil when there is
// none. An alert must share words with the fact's title: what it measures is
// not all that it could be about.
func (r *Reader) Statement(f *fact.Fact) *fact.Fact {
	told := r.in.Tells[f].By
	title, all := Distinctive(f.Title, f), Distinctive(f.Words(), f)
	var hinted *fact.Fact
	for _, s := range r.statements() {
		if told != nil && !s.At.Before(told.At) {
			return told
		}
		if s.At.Before(f.At) || s.Class != fact.Said && s.Service != f.Service {
			continue
		}
		enough := lexicon.Enough
		if s.Class == fact.Said && r.onlyTold(f) {
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
		if told == nil && hinted == nil && shared >= max(lexicon.Hint, lexicon.Total(title)/5) && s.Class == fact.Said && s.Speech.Failing {
			hinted = s.Fact
		}
	}
	return cmp.Or(told, hinted)
}

// onlyTold reports whether a record that somebody told of by its minute says nothing
// of trouble by itself.
func (r *Reader) onlyTold(f *fact.Fact) bool {
	return r.in.Tells[f].Dated && (f.Class == fact.Row || f.Sign != nil && f.Sign.Detector == notable.Told)
}

// statement is a message or an alert with what it can make known.
type statement struct {
	*fact.Fact
	words    map[string]float64
	services []string // that it names
	alters   bool     // it says that something was changed
}

// statements returns the messages and alerts that can make facts known, in
// order of time.
func (r *Reader) statements() []statement {
	if r.telling == nil {
		r.telling = []statement{}
		for _, s := range r.in.Facts {
			if States(s) && (s.Class != fact.Said || r.in.Scope.Channels[s.Channel]) {
				r.telling = append(r.telling, statement{s, lexicon.Tokens(s.Words()), r.in.Names.Find(s.Words()), speech.Alters(s.Text())})
			}
		}
	}
	return r.telling
}

// Distinctive returns the words of a text about a fact, without those of its
// service's name.
func Distinctive(text string, f *fact.Fact) map[string]float64 {
	out := maps.Clone(f.Tokens(text))
	for w := range f.Tokens(f.Service) {
		delete(out, w)
	}
	return out
}

// States reports whether a fact can make another known.
func States(s *fact.Fact) bool {
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
	if dates(s.Fact, f) {
		sum++
	}
	if f.Service != "" && s.Class == fact.Said && slices.Contains(s.services, f.Service) {
		sum += 0.7
	}
	return sum
}
