package dialog

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// following is how soon a message of the same conversation comes after another.
const following = 5 * time.Minute

// features returns what there is to know of a place, by names that package dialogact
// learns weights for.
func (p place) features() []string {
	f := p.f
	var out []string
	for _, x := range []struct {
		name string
		is   bool
	}{
		{"live", p.live[f.Channel]}, {"open", p.open}, {"acted", p.acted}, {"eased", p.eased}, {"answers", p.answers},
		{"opens", p.opens()}, {"takenUp", p.takenUp()}, {"technical", p.technical(p.i)}, {"echoed", p.echoed(p.i)},
		{"untaken", p.open && p.taken.IsZero()}, {"undecided", p.open && p.decided.IsZero()}, {"over", !p.over.IsZero()},
		{"failing", !f.At.Before(p.from)}, {"nearing", p.nearing(f.At)}, {"easing", p.easing()}, {"late", !p.ease.IsZero() && f.At.After(p.ease)},
		{"closing", p.closing()}, {"closed", len(p.closed) > 0 && f.At.After(p.closed[0])}, {"done", len(p.closed) > 0 && f.At.After(p.closed[len(p.closed)-1])},
		{"parts", p.parts()}, {"besideDeed", p.besideDeed()}, {"fulfills", p.fulfills()}, {"followed", p.followed()},
		{"hand", p.hand(f.Actor.Name)}, {"reporter", p.reporter != "" && fuse.SamePerson(f.Actor.Name, p.reporter)}, {"first", p.first()},
	} {
		if x.is {
			out = append(out, "@"+x.name)
		}
	}
	out = append(out, "@by:"+string(f.Actor.Kind), "@since:"+since(f.At.Sub(p.from)))
	out = append(out, p.around()...)
	slices.Sort(out)
	return out
}

// around returns what the messages before and after one do: what another said before,
// what its writer said before, and what another says next, by their words alone.
func (p place) around() (out []string) {
	if q := p.previous(p.i); q != nil && p.f.At.Sub(q.At) <= answering {
		out = append(out, "@before:"+string(q.Speech.Act))
	}
	for j := p.i - 1; j >= 0 && p.f.At.Sub(p.said[j].At) <= following; j-- {
		if o := p.said[j]; o.Channel == p.f.Channel && fuse.SamePerson(o.Actor.Name, p.f.Actor.Name) {
			out = append(out, "@own:"+string(o.Speech.Act))
			break
		}
	}
	for _, o := range p.said[p.i+1:] {
		if o.At.Sub(p.f.At) > following {
			break
		}
		if o.Channel == p.f.Channel && !fuse.SamePerson(o.Actor.Name, p.f.Actor.Name) {
			if act, _ := o.Odds.Best(); act != speech.Other {
				out = append(out, "@after:"+string(act))
			}
			break
		}
	}
	return out
}

// first reports whether the writer of a message wrote nothing before.
func (p place) first() bool {
	return !slices.ContainsFunc(p.writers, func(name string) bool { return fuse.SamePerson(name, p.f.Actor.Name) })
}

// since says about how long after the alarm something comes.
func since(lag time.Duration) string {
	if lag < 0 {
		return "before"
	}
	for _, most := range []time.Duration{3 * time.Minute, 10 * time.Minute, 30 * time.Minute, 90 * time.Minute} {
		if lag < most {
			return most.String()
		}
	}
	return "long"
}
