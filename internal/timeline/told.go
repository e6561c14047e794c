package timeline

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/retell"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/title"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// retold finds what people told of afterwards. A log line that they told of is a
// sign, however little it stood out. It reports whether it reads a message in
// another way now: what names the moment of a failure says of no relief.
func (b *builder) retold() (changed bool) {
	b.tells = map[*fact.Fact]course.Tell{}
	if b.phases.Phases.StartedAt.IsZero() {
		return false
	}
	in := retell.Input{Templates: b.templates, From: b.phases.Phases.StartedAt.Add(-trigger.Reach), Detected: b.phases.Phases.DetectedAt}
	for _, f := range b.facts {
		if f.Class == fact.Said && b.scope.Channels[f.Channel] && b.scope.Holds(f.At) && (known.States(f) || f.Speech.Act == speech.Other) {
			in.Talk = append(in.Talk, f)
		}
		if tellable[f.Class] && !f.Test && !f.At.Before(b.scope.From.Add(-longBefore)) && !f.At.After(b.scope.To) {
			in.Records = append(in.Records, f)
		}
	}
	b.signs = slices.Clone(b.signs) // the phases are found in them as they were
	r := redact.New()
	for _, m := range retell.Find(in) {
		f := m.Fact
		if f == nil {
			f = b.signOf(m, r)
		}
		if _, ok := b.tells[f]; !ok {
			b.tells[f] = course.Tell{Record: f, By: m.By, Dated: m.Dated}
		}
		if by := &m.By.Speech; by.Act == speech.Mitigation && (!by.Improve || by.Failing) && m.Dated && f.Sign != nil && f.Sign.Bad {
			by.Act, changed = speech.Observation, true
		}
	}
	fact.ByTime(b.signs)
	return changed
}

// toldOfAll returns the records that people told of, for the phases.
func (b *builder) toldOfAll() []course.Tell {
	var out []course.Tell
	for _, f := range slices.Concat(b.facts, b.signs) {
		if t, ok := b.tells[f]; ok {
			out = append(out, t)
		}
	}
	return out
}

// tellable are the records that people tell of afterwards.
var tellable = map[fact.Class]bool{
	fact.Rollout: true, fact.RolloutFault: true, fact.Changed: true, fact.Ran: true, fact.Warned: true,
	fact.VendorPosted: true, fact.Row: true, fact.Committed: true, fact.Looked: true, fact.Platform: true,
}

// earlier is how long before the incident what people tell of can lie.
const earlier = 24 * time.Hour

// signOf returns the sign that shows a log line, or makes it one.
func (b *builder) signOf(m retell.Match, r *redact.Redactor) *fact.Fact {
	var also *fact.Fact
	for _, s := range b.signs {
		if s.At.Sub(m.At).Abs() > apart || s.Service != m.In.Service {
			continue
		}
		if b.shows(s, m.Line) {
			return s
		}
		if sign.Worse(s.Sign) && slices.ContainsFunc(s.Signs, func(d *signal.Detection) bool { return d.Subject == m.Line.ID }) {
			also = s
		}
	}
	if also != nil {
		return also
	}
	d := &signal.Detection{
		Detector: notable.Told, From: m.Mark.At, To: m.Mark.At, Service: m.In.Service, Subject: m.Line.ID,
		Bad: m.Line.Level >= hindcast.LevelWarn || !m.Found && m.By.Speech.Failing && !m.By.Speech.Improve && !notable.Turns(m.Line.Text) || m.Found && notable.Fails(m.Line.Text), Surprise: notable.Surprise,
		Title: r.Text(notable.Quote(m.Line, m.Mark)), Why: "people told of it at " + m.By.At.Format(time.TimeOnly), Marks: []signal.Mark{m.Mark},
	}
	s := sign.Begin(d)
	s.Title = title.OneLine(s.Service + ": " + s.Title)
	b.signs = append(b.signs, s)
	return s
}

// shows reports whether a sign is one of the lines of a template.
func (b *builder) shows(s *fact.Fact, t *signal.Template) bool {
	if s.Sign.Detector == "rate-change" && s.Sign.Subject != t.ID {
		c, _ := b.companion(s)
		return c != nil && c.ID == t.ID && sign.Worse(s.Sign)
	}
	return s.Sign.Subject == t.ID
}

// keepTold keeps what people told of, and does not keep what they said then
// beside it, unless it was a finding.
func (b *builder) keepTold() {
	for _, f := range slices.Concat(b.facts, b.signs) {
		t, ok := b.tells[f]
		if !ok {
			continue
		}
		if !b.verdict[f].key && b.tellsNews(f, t) {
			k := b.shownBy(f, t)
			switch {
			case k == nil:
				b.set(f, true, 0.72, "people told of it at %s", t.By.At.Format(time.TimeOnly))
				b.toldAs(f, t)
			case (k.Service == f.Service || f.Service == "") && b.tells[k].By == nil:
				b.tells[k] = course.Tell{Record: k, By: t.By, Dated: t.Dated}
			}
		}
		if b.verdict[f].key && b.verdict[t.By].key && b.onlyTells(f, t) {
			b.set(t.By, false, 0.5, "tells of what is shown at %s", f.At.Format(time.TimeOnly))
		}
	}
}

// toldAs says what a record is that only matters because people told of it: what
// they found behind the incident is a change, and what users wrote an observation.
func (b *builder) toldAs(f *fact.Fact, t course.Tell) {
	v, line := b.verdict[f], f.Sign != nil && f.Sign.Detector == notable.Told
	switch {
	case f.Class == fact.Row && t.Dated && speech.First(t.By.Text()):
		v.kind = hindcast.Symptom
	case line && notable.Turns(f.Title) && !f.At.Before(b.phases.Phases.DetectedAt):
		v.kind = hindcast.Action
	case line && notable.Turns(f.Title):
		v.kind = hindcast.Change
	case t.By.Speech.Act == speech.Cause && f.At.Before(b.onset()) && (f.Class == fact.Row || f.Class == fact.Looked || f.Class == fact.Committed):
		v.kind = hindcast.Change
	case line && !t.Dated && !f.Sign.Bad && f.At.Before(b.onset()):
		v.kind = hindcast.Change
	case t.Dated && line && speech.PassesOn(t.By.Text()):
		v.kind, b.dated[f] = hindcast.Symptom, true
	}
	b.verdict[f] = v
}

// tellsNews reports whether a record that people told of belongs to the incident:
// trouble, what another company did, or a change that was found to be behind it.
func (b *builder) tellsNews(f *fact.Fact, t course.Tell) bool {
	p := b.phases.Phases
	if (f.Sign != nil || trigger.Change(f)) && fact.Rehearsal(f.Title) {
		return false
	}
	if !p.ResolvedAt.IsZero() && (f.At.After(p.ResolvedAt) || t.By.At.After(p.ResolvedAt) && !t.Dated && !foundOut(f, t)) || (f.Sign == nil || trigger.Change(f)) && b.phases.Judge.RuledOut(f) != nil {
		return false
	}
	if (trigger.Change(f) || f.Class == fact.Row || f.Class == fact.Committed || f.Class == fact.Looked) && f.At.Before(p.DetectedAt) {
		own := fuse.SamePerson(f.Actor.Name, t.By.Actor.Name) || f.Class == fact.Ran && speech.OfSelf(t.By.Text())
		return t.By.Speech.Act == speech.Cause || t.Dated && (own || trigger.ToSecond(t.By, t.Record) || b.blames[t.By] || b.phases.Judge.Found(f) != nil)
	}
	if f.Class == fact.Looked {
		return false
	}
	switch t.By.Speech.Act {
	case speech.Observation, speech.Cause, speech.Report, speech.Vendor, speech.Communication:
		return true
	}
	bad := f.Class == fact.Warned || f.Sign != nil && f.Sign.Bad
	return f.Class == fact.VendorPosted || b.external(f) != "" || bad && !t.By.Speech.Improve || t.By.Speech.Act == speech.Action && !b.follows(f)
}

// foundOut reports whether a record is a line that stood out by nothing but that people
// found it to be behind the incident.
func foundOut(f *fact.Fact, t course.Tell) bool {
	return f.Sign != nil && f.Sign.Detector == notable.Told && !t.Dated && t.By.Speech.Act == speech.Cause
}

// following is how soon after a deed its effects show.
const following = 2 * time.Minute

// follows reports whether a record can be what a deed of the responders did.
func (b *builder) follows(f *fact.Fact) bool {
	return slices.ContainsFunc(b.facts, func(d *fact.Fact) bool {
		lag := f.At.Sub(d.At)
		return b.verdict[d].key && d.Class != fact.Said && lag >= 0 && lag <= following
	})
}

// twice is how far apart two systems write down one change.
const twice = 10 * time.Second

// shownBy returns the entry that shows a record already: what began together with it,
// when nobody named the moment, or the same in other words; nil when none does.
func (b *builder) shownBy(f *fact.Fact, t course.Tell) *fact.Fact {
	fails := f.Sign == nil || f.Sign.Bad
	for _, k := range slices.Concat(b.facts, b.signs) {
		d := k.At.Sub(f.At).Abs()
		if k == f || !b.verdict[k].key || k.Class == fact.Said || d > apart {
			continue
		}
		trouble := k.Class == fact.Sign || k.Class == fact.Warned
		if trouble && k.Service != f.Service && k.Sign != nil && k.Sign.Detector == "metric-change" {
			continue // a value shows no line of another service
		}
		if trouble && fails && (!t.Dated || k.Service == f.Service && d <= apart/3) || d <= 2*time.Second && trigger.Shares(f, k) >= lexicon.Hint || d <= twice && trigger.Change(f) && trigger.Change(k) && trigger.Shares(f, k) >= lexicon.Hint {
			return k
		}
	}
	return nil
}

// onlyTells reports whether a message is no more than how a record that is shown
// became known: it passes on what others did, or comes when all was well again.
func (b *builder) onlyTells(f *fact.Fact, t course.Tell) bool {
	if b.hasRole(t.By) || b.blames[t.By] || t.By.At.Sub(f.At) < afresh || b.verdict[f].kind == hindcast.Action {
		return false
	}
	if t.Dated && t.By.Speech.Act != speech.Cause && speech.PassesOn(t.By.Text()) {
		return true
	}
	switch t.By.Speech.Act {
	case speech.Vendor, speech.Communication:
		return f.Class == fact.VendorPosted || b.external(f) != "" && b.foundBefore(t.By)
	case speech.Action:
		return true
	case speech.Cause:
		return !b.during(t.By.At) || b.causeBefore(t.By)
	case speech.Observation, speech.Report, speech.Decision:
		m, d := b.phases.Phases.MitigatedAt, b.phases.Deed
		return !m.IsZero() && t.By.At.After(m) && t.By.At.After(d) && b.foundBefore(t.By)
	}
	return false
}

// causeBefore reports whether somebody had told what is behind it before a message.
func (b *builder) causeBefore(s *fact.Fact) bool {
	return slices.ContainsFunc(b.scope.Talk, func(o *fact.Fact) bool {
		return o.At.Before(s.At) && b.verdict[o].key && !speech.Unsure(o.Text()) && (o.Speech.Act == speech.Cause || b.blames[o])
	})
}

// foundBefore reports whether somebody had found something before a message.
func (b *builder) foundBefore(s *fact.Fact) bool {
	return slices.ContainsFunc(b.scope.Talk, func(o *fact.Fact) bool {
		return o.At.Before(s.At) && b.verdict[o].key && o != b.phases.Alarm && (o.Speech.Act == speech.Observation || o.Speech.Act == speech.Cause)
	})
}

// afresh is how soon after a record people speak of it as of news.
const afresh = 2 * time.Minute
