package dialog

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// sure is the surprise from which a failure that logs or metrics show is an
	// anchor by itself.
	sure = 4.0
	// before is how long before the alarm people may report what it is about.
	before = 20 * time.Minute
	// early is how long before it they talk about what becomes of it, or of other things.
	early = 2 * time.Hour
	// lasting is how long after the alarm people may still work on it.
	lasting = 8 * time.Hour
	// gathering is how soon after the alarm people begin to talk about it.
	gathering = 40 * time.Minute
	// few is how many messages are no conversation yet.
	few = 4
)

// scene is what the evidence other than chat says of when and what people talked
// about.
type scene struct {
	from   time.Time    // the alarm, or the failure when it was there first
	alarm  time.Time    // the first page; zero when nobody was called
	ease   time.Time    // when the failure ended by the signals; zero when unknown
	deeds  []*fact.Fact // what people changed from then on
	closed []time.Time  // when people closed pages
	hands  []string     // who took pages up or changed something
}

// find returns the scene that most was said about; ok is false when no page and
// no failure in the signals tells of one.
func find(facts, signs []*fact.Fact) (s scene, ok bool) {
	var alarms, onsets []time.Time
	for _, f := range facts {
		if (f.Class == fact.Paged || f.Class == fact.Fired) && !f.Test {
			alarms = append(alarms, f.At)
		}
	}
	for _, g := range signs {
		if sign.Worse(g.Sign) && sign.Surprise(g) >= sure {
			onsets = append(onsets, g.At)
		}
	}
	most := 0
	for _, at := range slices.Concat(alarms, onsets) {
		if n := talkedAt(facts, at); n > most || n == most && n > 0 && at.Before(s.from) {
			most, s.from, ok = n, at, true
		}
	}
	if !ok {
		s.from, ok = takenUp(facts)
	}
	if !ok {
		s.from, ok = noticed(facts, signs)
	}
	if !ok {
		return s, false
	}
	for _, at := range alarms {
		if at.Sub(s.from).Abs() <= time.Hour && (s.alarm.IsZero() || at.Before(s.alarm)) {
			s.alarm = at
		}
	}
	s.signals(signs)
	s.work(facts)
	return s, true
}

// takenUp returns when somebody first told of trouble that another person took up
// in so many words, where the rest of the evidence shows nothing.
func takenUp(facts []*fact.Fact) (time.Time, bool) {
	told := map[string]*fact.Fact{} // the latest, by channel
	for _, f := range facts {
		if f.Class != fact.Said || f.Test || fact.Leisure(f.Channel) {
			continue
		}
		switch t := told[f.Channel]; {
		case f.Speech.Act == speech.Report || f.Speech.Act == speech.Observation && f.Speech.Failing:
			told[f.Channel] = f
		case f.Speech.Act == speech.Taken && t != nil && f.At.Sub(t.At) <= taking && !fuse.SamePerson(f.Actor.Name, t.Actor.Name):
			return t.At, true
		}
	}
	return time.Time{}, false
}

// noticed returns when people first spoke while a failure lasted that the signals show,
// long after it began: of all such failures, where most was said then.
func noticed(facts, signs []*fact.Fact) (at time.Time, ok bool) {
	most := few
	for _, g := range signs {
		if !sign.Worse(g.Sign) || sign.Surprise(g) < sure {
			continue
		}
		i := slices.IndexFunc(facts, func(f *fact.Fact) bool {
			return f.Class == fact.Said && !f.Test && !fact.Leisure(f.Channel) && f.At.After(g.At) && f.At.Before(g.Until)
		})
		if i < 0 {
			continue
		}
		if n := talkedAt(facts, facts[i].At); n > most {
			most, at, ok = n, facts[i].At, true
		}
	}
	return at, ok
}

// talkedAt counts what people said soon after a moment.
func talkedAt(facts []*fact.Fact, at time.Time) int {
	n := 0
	for _, f := range facts {
		if lag := f.At.Sub(at); f.Class == fact.Said && !fact.Leisure(f.Channel) && lag > -before/2 && lag < gathering {
			n++
		}
	}
	return n
}

// signals finds when the most surprising failure around the alarm began and ended.
func (s *scene) signals(signs []*fact.Fact) {
	top := 0.0
	at := s.from
	for _, g := range signs {
		lead := at.Sub(g.At)
		if !sign.Worse(g.Sign) || lead > time.Hour || lead < -before || sign.Surprise(g) <= top {
			continue
		}
		top = sign.Surprise(g)
		if g.At.Before(s.from) && lead <= before {
			s.from = g.At
		}
		if g.Until.After(at) {
			s.ease = g.Until
		}
	}
}

// work collects what people did about it other than by talking.
func (s *scene) work(facts []*fact.Fact) {
	for _, f := range facts {
		if f.At.Before(s.from) || f.At.Sub(s.from) > lasting || f.Test {
			continue
		}
		switch f.Class {
		case fact.Ran, fact.Changed, fact.Rollout:
			s.deeds = append(s.deeds, f)
		case fact.Closed:
			if f.ByPerson() {
				s.closed = append(s.closed, f.At)
			}
		case fact.Acknowledged, fact.Looked:
		default:
			continue
		}
		if f.ByPerson() {
			s.hands = append(s.hands, f.Actor.Name)
		}
	}
}

// hand reports whether a person took a page up or changed something.
func (s *scene) hand(name string) bool {
	return slices.ContainsFunc(s.hands, func(h string) bool { return fuse.SamePerson(h, name) })
}
