package timeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/recount"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// verdict is what the rules say about one fact.
type verdict struct {
	key   bool
	score float64
	why   string
	kind  hindcast.EntryKind // when it differs from what the class says
	at    time.Time          // when it differs from the fact's
}

// maxSigns is how many symptoms a reader needs at most.
const maxSigns = 4

const (
	// apart is how far apart two signs begin to be two things to tell.
	apart = 60 * time.Second
	// foretell is how long before the detection talk can be about the incident.
	foretell = 20 * time.Minute
	// review is how long after the end findings still belong to it.
	review = 18 * time.Hour
)

// choose decides about every fact and sign.
func (b *builder) choose() {
	b.routine = trigger.Routine(b.facts, func(f *fact.Fact) bool { return b.during(f.At) })
	for _, f := range b.facts {
		if b.verdict[f] = b.judge(f); b.routine[f] {
			b.verdict[f] = verdict{score: 0.2, why: "a change that is made again and again"}
		}
	}
	for _, s := range b.signs {
		b.verdict[s] = b.judgeSign(s)
	}
	if b.quiet() {
		b.marks() // what people wrote for the post-mortem counts whatever else there is
		return
	}
	b.roles()
	b.blamed()
	b.found()
	b.behind()
	b.chooseSigns()
	b.firstPod()
	b.keepTold()
	b.undone()
	b.date()
	b.echoes()
	b.rank()
	b.reported()
	b.called()
	b.marks()
}

// reread reads again what means something else in the light of the phases:
// before anybody acted, what works tells what does not.
func (b *builder) reread() {
	deed := b.phases.Deed
	for _, f := range b.scope.Talk {
		early := !deed.IsZero() && f.At.Before(deed) && !b.hasRole(f)
		if early && (f.Speech.Act == speech.Mitigation || f.Speech.Act == speech.AllClear && !f.Speech.Over) {
			f.Speech.Act = speech.Observation
		}
	}
	for _, f := range b.facts {
		if f.Class == fact.Said && f.Speech.Act != speech.Communication && b.front(f) {
			f.Speech.Act = speech.Report
		}
		if b.looksBack(f) {
			f.Speech.Act = speech.Cause
		}
		if f.Class == fact.Said && owned[f.Speech.Act] && b.companies.Did(f.Text()) {
			f.Speech.Act = speech.Vendor
		}
	}
}

// owned are acts that are those of another company when a message names it as who did it.
var owned = map[speech.Act]bool{speech.Action: true, speech.Mitigation: true, speech.Observation: true, speech.Decision: true}

// quiet reports whether the evidence shows no incident.
func (b *builder) quiet() bool { return b.phases.Phases == (hindcast.Phases{}) }

// set records a verdict, with the kind and time kept unless given.
func (b *builder) set(f *fact.Fact, key bool, score float64, format string, args ...any) {
	v := b.verdict[f]
	v.key, v.score, v.why = key, score, fmt.Sprintf(format, args...)
	b.verdict[f] = v
}

// roles marks the facts that decided the phases.
func (b *builder) roles() {
	p := b.phases
	if p.Trigger != nil {
		b.set(p.Trigger, true, 0.97, "it set the incident off: %s", p.Judge.Weigh(p.Trigger, b.onset()).Why)
		if v := b.verdict[p.Trigger]; b.kind(p.Trigger) == hindcast.Observed {
			v.kind = hindcast.Change
			b.verdict[p.Trigger] = v
		}
	}
	if p.Alarm != nil {
		b.set(p.Alarm, true, 0.96, "%s", p.Why["detected_at"])
	}
	if p.Taken != nil && p.Taken != p.Alarm {
		b.set(p.Taken, true, 0.9, "%s", p.Why["acknowledged_at"])
		if v := b.verdict[p.Taken]; p.Taken.Class == fact.Said && p.Taken.Speech.Act == speech.Taken {
			v.kind = hindcast.Acknowledge
			b.verdict[p.Taken] = v
		}
	}
	if p.Relief != nil {
		b.set(p.Relief, true, 0.93, "%s", p.Why["mitigated_at"])
		v := b.verdict[p.Relief]
		if p.Relief.Actor.Kind != hindcast.External && p.Relief.Speech.Act != speech.Vendor {
			v.kind = hindcast.Mitigation
			v.at = p.Phases.MitigatedAt
		}
		b.verdict[p.Relief] = v
	}
	if p.End != nil {
		b.set(p.End, true, 0.95, "%s", p.Why["resolved_at"])
		v := b.verdict[p.End]
		v.kind = hindcast.Recovery
		b.verdict[p.End] = v
	}
}

// onset is when trouble began, for judging what came before it.
func (b *builder) onset() time.Time {
	switch p := b.phases; {
	case p.Symptom != nil:
		return p.Symptom.At
	case p.Alarm != nil:
		return p.Alarm.At
	}
	return b.phases.Phases.StartedAt
}

// blamed keeps the first message that names what set the incident off, though it
// asks or wonders: nobody ruled it out, and it is the trigger.
func (b *builder) blamed() {
	t := b.phases.Trigger
	if t == nil {
		return
	}
	names := func(f *fact.Fact) bool { return b.phases.Judge.Mentions(f, t) }
	shares := func(f *fact.Fact) bool { return trigger.Shares(f, t) >= 1 }
	for _, is := range []func(*fact.Fact) bool{names, shares} {
		i := slices.IndexFunc(b.facts, func(f *fact.Fact) bool {
			return f.Class == fact.Said && b.scope.Channels[f.Channel] && b.during(f.At) && f.Speech.Act != speech.RuledOut && f.Speech.Act != speech.Social && is(f)
		})
		if i < 0 {
			continue
		}
		switch f := b.facts[i]; f.Speech.Act {
		case speech.Hypothesis, speech.Question, speech.Cause, speech.Observation, speech.Other:
			b.set(f, true, 0.8, "the first to name what set it off")
			v := b.verdict[f]
			v.kind = hindcast.Observed
			b.verdict[f] = v
		}
		return
	}
}

// found keeps what found the trigger, and who admits it.
func (b *builder) found() {
	t := b.phases.Trigger
	if t == nil {
		return
	}
	if s := b.phases.Judge.Found(t); s != nil {
		b.blame(s)
	}
	for _, s := range b.scope.Talk {
		if s.Speech.Act == speech.Cause && recount.Admits(s) && fuse.SamePerson(s.Actor.Name, t.Actor.Name) {
			b.blames[s] = true
		}
	}
}

// judge decides about a fact by its class.
func (b *builder) judge(f *fact.Fact) verdict {
	if f.Test {
		return verdict{why: "the record says that it is a test"}
	}
	switch f.Class {
	case fact.Paged, fact.Fired:
		return b.judgePage(f)
	case fact.Acknowledged:
		return verdict{score: 0.4, why: "a later acknowledgement; the first one counts"}
	case fact.Escalated:
		return b.judgeEscalation(f)
	case fact.Closed, fact.Cleared:
		return verdict{score: 0.4, why: "an alert or a page ended; that alone does not say that the incident is over"}
	case fact.Rollout, fact.Changed, fact.Ran:
		return b.judgeChange(f)
	case fact.RolloutFault:
		return b.judgeFault(f)
	case fact.Posted:
		return b.judgePost(f)
	case fact.VendorPosted:
		return b.judgeVendor(f)
	case fact.Said:
		return b.judgeTalk(f)
	case fact.Warned:
		return verdict{score: 0.3, why: "the platform's warning about what is not known to be hit"}
	case fact.Remembered:
		return verdict{score: 0.3, why: "a recollection: shown as memory, not as fact"}
	}
	return verdict{score: 0.1, why: classWhy[f.Class]}
}

// classWhy says why facts of these classes are no key entries by themselves.
var classWhy = map[fact.Class]string{
	fact.PagerWork:   "a step of the pager's own work",
	fact.RolloutStep: "a step of a rollout that went as planned",
	fact.Committed:   "a commit changes nothing until it is rolled out",
	fact.Looked:      "a command that only reads",
	fact.PodStarted:  "the platform's routine",
	fact.Platform:    "the platform's routine",
	fact.Told:        "an automatic message",
	fact.Kept:        "an attachment, kept and hashed",
	fact.Row:         "a record that states no more than its words",
}

// during reports whether a moment lies between detection and the end.
func (b *builder) during(t time.Time) bool {
	p := b.phases.Phases
	return !p.DetectedAt.IsZero() && !t.Before(p.DetectedAt) && (p.ResolvedAt.IsZero() && b.scope.Holds(t) || !t.After(p.ResolvedAt))
}

// judgeChange decides about a change other than the trigger: one that
// responders made is an action, any other only happened at the time.
func (b *builder) judgeChange(f *fact.Fact) verdict {
	if !b.during(f.At) {
		return b.judgeBystander(f)
	}
	if f.Class == fact.Rollout && !f.Production() || f.Elsewhere() {
		return verdict{score: 0.2, why: "a change to another environment"}
	}
	spoken := b.told(f) || b.spokenOf(f)
	if t := b.phases.Trigger; listed(f) && !spoken && !(t != nil && f.Subject != "" && f.Subject == t.Subject) {
		return verdict{score: 0.3, why: "a change in a list, which nobody spoke of"}
	}
	if f.Class == fact.Changed && f.Service == "" && !spoken && !(f.ByPerson() && b.tookPart(f.Actor.Name)) {
		return verdict{score: 0.3, why: "a change by somebody, or something, that took no part, and of which nobody spoke"}
	}
	services := []string{f.Service}
	if f.Service == "" {
		services = b.names.Find(f.Object)
	}
	ours := func(s string) bool {
		return b.scope.Hit(s) || s != "" && (b.phases.Trigger != nil && b.phases.Trigger.Service == s || b.phases.Symptom != nil && b.phases.Symptom.Service == s)
	}
	switch {
	case b.phases.Judge.RollsBack(f):
		return verdict{key: true, score: 0.88, kind: hindcast.Action, why: "responders took a rollout back, while the incident lasted"}
	case f.Class == fact.Rollout && b.phases.Judge.RuledOut(f) != nil:
		return verdict{score: 0.2, why: "a rollout that people said has nothing to do with it"}
	case !spoken && f.Synced() && !f.Heals() && !b.suspected(f):
		return verdict{score: 0.3, why: "a rollout by a controller of its own accord, of which nobody spoke"}
	case slices.ContainsFunc(services, ours) && f.Heals():
		return verdict{key: true, score: 0.9, kind: hindcast.Change, why: "automation put back what responders had changed"}
	case slices.ContainsFunc(services, ours):
		return verdict{key: true, score: 0.9, kind: hindcast.Action, why: "responders changed something that was hit, while the incident lasted"}
	case spoken:
		return verdict{key: true, score: 0.88, kind: hindcast.Action, why: "a change during the incident that responders spoke of"}
	case f.Class == fact.Rollout, len(services) > 0 && services[0] != "" && !b.near()(services[0]):
		return verdict{score: 0.2, why: "a change during the incident to something that nothing connects to it"}
	}
	return verdict{key: true, score: 0.8, kind: hindcast.Action, why: "a change by hand while the incident lasted"}
}

// suspected reports whether a rollout is of what set the incident off, or of what people had
// named when they spoke of what fails or is behind it.
func (b *builder) suspected(f *fact.Fact) bool {
	if t := b.phases.Trigger; t != nil && t.Service == f.Service {
		return true
	}
	return slices.ContainsFunc(b.scope.Talk, func(s *fact.Fact) bool {
		if !b.during(s.At) || s.At.After(f.At) || speech.Aside(s.Text()) {
			return false
		}
		switch s.Speech.Act {
		case speech.Cause, speech.Observation, speech.Decision:
			return f.Service != "" && slices.Contains(b.names.Find(s.Text()), f.Service)
		}
		return false
	})
}

// tookPart reports whether somebody wrote where people worked on the incident.
func (b *builder) tookPart(name string) bool {
	return slices.ContainsFunc(b.scope.Talk, func(s *fact.Fact) bool { return fuse.SamePerson(s.Actor.Name, name) })
}

// judgeBystander decides about a change outside the response.
func (b *builder) judgeBystander(f *fact.Fact) verdict {
	onset := b.onset()
	if !trigger.Change(f) || onset.IsZero() || f.At.After(onset) {
		return verdict{score: 0.1, why: "a change outside the incident"}
	}
	v := b.phases.Judge.Weigh(f, onset)
	return verdict{score: min(0.5, 0.05*float64(max(v.Points, 0))), why: "a change before the incident, not taken for its trigger: " + v.Why}
}

// told reports whether people decided or reported a change of the same sort
// around the time.
func (b *builder) told(f *fact.Fact) bool {
	if len(f.Events) > 1 && slices.ContainsFunc(f.Events, func(e hindcast.Event) bool { return e.Kind == hindcast.Message && e.Actor.Kind == hindcast.Person }) {
		return true
	}
	return slices.ContainsFunc(b.scope.Talk, func(s *fact.Fact) bool {
		if d := f.At.Sub(s.At); d < -10*time.Minute || d > 20*time.Minute || f.Class == fact.Rollout && speech.Aside(s.Text()) {
			return false
		}
		switch s.Speech.Act {
		case speech.Decision, speech.Action, speech.Mitigation, speech.Restated:
			if f.Class == fact.Rollout {
				return slices.Contains(b.names.Find(s.Text()), f.Service) || f.Version != "" && strings.Contains(s.Text(), f.Version)
			}
			return f.Verb != "" && s.Verb == f.Verb && (f.Service == "" || len(b.names.Find(s.Text())) == 0 || slices.Contains(b.names.Find(s.Text()), f.Service))
		}
		return false
	})
}

// listed reports whether a change stands in a list of all that were made, as of rows or
// of flags.
func listed(f *fact.Fact) bool {
	return f.Class == fact.Changed && (f.First().Kind == hindcast.Record || strings.HasPrefix(f.Subject, "flag:"))
}

// spokenOf reports whether somebody said around the time that a change in a list would
// be made, or had been: the message shares its words, fewer when its writer made it.
func (b *builder) spokenOf(f *fact.Fact) bool {
	if !listed(f) {
		return false
	}
	return slices.ContainsFunc(b.scope.Talk, func(s *fact.Fact) bool {
		if d := f.At.Sub(s.At); d < -10*time.Minute || d > 20*time.Minute {
			return false
		}
		switch s.Speech.Act {
		case speech.Decision, speech.Action, speech.Mitigation, speech.Restated, speech.Taken:
			n := trigger.Shares(s, f)
			return n >= lexicon.Hint || n >= lexicon.Hint/2 && fuse.SamePerson(s.Actor.Name, f.Actor.Name)
		}
		return false
	})
}

// judgeFault decides about a step of a rollout that failed.
func (b *builder) judgeFault(f *fact.Fact) verdict {
	t := b.phases.Trigger
	if t != nil && (f.Subject != "" && f.Subject == t.Subject || f.Service == t.Service) && !f.At.Before(t.At) && f.At.Sub(t.At) < trigger.Reach {
		return verdict{key: true, score: 0.8, why: "a step of the rollout that set the incident off failed"}
	}
	if b.during(f.At) && b.scope.Hit(f.Service) {
		return verdict{key: true, score: 0.7, why: "a rollout to what was hit failed during the incident"}
	}
	return verdict{score: 0.2, why: "a rollout step failed that nothing connects to the incident"}
}

// judgePost decides about our own status page.
func (b *builder) judgePost(f *fact.Fact) verdict {
	if b.during(f.At) {
		first := !slices.ContainsFunc(b.facts, func(o *fact.Fact) bool {
			return o.Class == fact.Posted && o.At.Before(f.At) && b.during(o.At)
		})
		if !first {
			return verdict{score: 0.5, why: "a further update of our status page"}
		}
		return verdict{key: true, score: 0.7, why: "the first that users were told on our status page"}
	}
	return verdict{score: 0.3, why: "an update of our status page outside the incident"}
}

// judgeVendor keeps what another company said first and when it recovered.
func (b *builder) judgeVendor(f *fact.Fact) verdict {
	p := b.phases.Phases
	if p.DetectedAt.IsZero() && p.StartedAt.IsZero() || !b.scope.Holds(f.At) && !b.reachesIn(f) {
		return verdict{score: 0.2, why: "another company's notice outside the incident"}
	}
	if !b.vendorMatters(f) {
		return verdict{score: 0.3, why: "another company's notice that nobody spoke of"}
	}
	if !p.ResolvedAt.IsZero() && f.At.After(p.ResolvedAt) {
		return verdict{score: 0.5, why: "another company's notice after our incident was over"}
	}
	first, recovered := true, false
	for _, o := range b.facts {
		if o == f {
			break
		}
		if o.Class == fact.VendorPosted && o.Subject == f.Subject && o.At.Before(f.At) {
			first = false
			recovered = recovered || o.Better()
		}
	}
	switch {
	case first:
		return verdict{key: true, score: 0.85, why: "the first that another company says about its failure"}
	case f.Better() && !recovered:
		return verdict{key: true, score: 0.85, why: "another company says that it recovers"}
	}
	if b.during(f.At) && slices.ContainsFunc(f.Events, func(e hindcast.Event) bool { return e.Kind == hindcast.Message && e.Actor.Kind == hindcast.Person }) {
		return verdict{key: true, score: 0.8, why: "a further update of another company's notice, which somebody passed on"}
	}
	return verdict{score: 0.5, why: "a further update of another company's notice"}
}

// reachesIn reports whether another company's notice is of a failure that began at most
// a day before our incident and lasted into it.
func (b *builder) reachesIn(f *fact.Fact) bool {
	from := b.phases.Phases.StartedAt
	return f.At.Before(from) && from.Sub(f.At) < earlier && slices.ContainsFunc(b.facts, func(o *fact.Fact) bool {
		return o.Class == fact.VendorPosted && o.Actor.Name == f.Actor.Name && o.Subject == f.Subject && o.At.After(from)
	})
}

// vendorMatters reports whether people spoke of the company or failures name it.
func (b *builder) vendorMatters(f *fact.Fact) bool {
	for _, o := range b.facts {
		if o.Class == fact.VendorPosted && o.Actor.Name == f.Actor.Name && slices.ContainsFunc(o.Events, func(e hindcast.Event) bool { return e.Kind == hindcast.Message }) {
			return true
		}
	}
	for _, s := range b.scope.Talk {
		if s.Speech.Act == speech.RuledOut {
			continue
		}
		if fact.Company(s.Text(), f.Actor.Name) {
			return true
		}
	}
	return slices.ContainsFunc(b.signs, func(s *fact.Fact) bool { return sign.Worse(s.Sign) && b.companies.Blamed(s.Words()) == f.Actor.Name })
}

func (b *builder) hasRole(f *fact.Fact) bool {
	p := b.phases
	return f == p.Trigger || f == p.Symptom || f == p.Alarm || f == p.Taken || f == p.Relief || f == p.End
}
