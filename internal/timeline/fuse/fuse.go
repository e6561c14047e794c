// Package fuse makes one fact of what several sources state: the pager, the
// monitor and the bot that repeats both; a command, the platform's reaction and
// the message that reports it; a status page and the one who read it out.
//
// The most authoritative source decides time and title; the others stay as
// further records of the fact. What is only said again for the record is
// joined to the fact it repeats, so that no fact appears twice.
package fuse

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// How far apart two sources may state one fact.
const (
	alertSlack   = 6 * time.Minute  // a monitor groups alerts before it calls
	logSlack     = 3 * time.Second  // a page and the line of its log
	echoSlack    = 3 * time.Minute  // a bot repeats the pager
	closeSlack   = 6 * time.Minute  // people say that it is over, and close the page
	rolloutSlack = 10 * time.Minute // a pipeline, an API and a bot report one rollout
	copySlack    = 10 * time.Minute // one text in two places
)

// Join returns the facts in order of time, each once. It changes the facts given.
func Join(facts []*fact.Fact) []*fact.Fact {
	j := &joiner{facts: slices.Clone(facts), gone: map[*fact.Fact]bool{}}
	fact.ByTime(j.facts)
	j.sameRecord()
	j.copies()
	j.answers()
	j.consulted()
	j.assents()
	j.outcomes()
	j.pages()
	j.acknowledgements()
	j.closings()
	j.rollouts()
	j.platform()
	j.letters()
	j.commands()
	j.devices()
	j.changes()
	j.statusPages()
	j.compact()
	j.drills()
	fact.ByTime(j.facts)
	return j.facts
}

type joiner struct {
	facts []*fact.Fact
	gone  map[*fact.Fact]bool // joined to another
}

// merge makes src a further source of dst.
func (j *joiner) merge(dst, src *fact.Fact) {
	if dst == src || j.gone[src] || j.gone[dst] {
		return
	}
	j.gone[src] = true
	if dst.Number == "" && src.Number != "" && dst.First().Attrs["step"] == "log" { // a page tells more than its log
		dst.Title, dst.Subject = src.Title, src.Subject
		dst.Events = slices.Concat(src.Events, dst.Events)
	} else {
		dst.Events = append(dst.Events, src.Events...)
	}
	if dst.SaidAt.IsZero() || !src.SaidAt.IsZero() && src.SaidAt.Before(dst.SaidAt) {
		dst.SaidAt = src.SaidAt
	}
	dst.Service, dst.Version, dst.Previous = cmp.Or(dst.Service, src.Service), cmp.Or(dst.Version, src.Version), cmp.Or(dst.Previous, src.Previous)
	dst.Number, dst.Name, dst.Verb = cmp.Or(dst.Number, src.Number), cmp.Or(dst.Name, src.Name), cmp.Or(dst.Verb, src.Verb)
	dst.Object, dst.Setting, dst.Env = cmp.Or(dst.Object, src.Object), cmp.Or(dst.Setting, src.Setting), cmp.Or(dst.Env, src.Env)
	dst.Severity, dst.Channel = cmp.Or(dst.Severity, src.Severity), cmp.Or(dst.Channel, src.Channel)
	dst.Test = dst.Test || src.Test
}

// compact drops the facts that were joined to others.
func (j *joiner) compact() {
	j.facts = slices.DeleteFunc(j.facts, func(f *fact.Fact) bool { return j.gone[f] })
}

// of returns the facts of the classes that still stand alone, in order of time.
func (j *joiner) of(classes ...fact.Class) []*fact.Fact {
	var out []*fact.Fact
	for _, f := range j.facts {
		if !j.gone[f] && slices.Contains(classes, f.Class) {
			out = append(out, f)
		}
	}
	return out
}

// bots returns the messages of bots with one of the notices.
func (j *joiner) bots(notices ...speech.Notice) []*fact.Fact {
	return slices.DeleteFunc(j.of(fact.Told), func(f *fact.Fact) bool { return !slices.Contains(notices, f.Bot.Notice) })
}

// within reports whether two moments are at most d apart.
func within(a, b time.Time, d time.Duration) bool { return a.Sub(b).Abs() <= d }

// sameRecord joins exports of one record: the same identity and kind.
func (j *joiner) sameRecord() {
	type key struct {
		id   string
		kind hindcast.EventKind
		at   int64
	}
	seen := map[key]*fact.Fact{}
	for _, f := range j.facts {
		e := f.First()
		if e.ID == "" {
			continue
		}
		k := key{e.ID, e.Kind, e.At.Unix()}
		first := seen[k]
		switch {
		case first == nil:
			seen[k] = f
		case e.Attrs["edited"] < first.First().Attrs["edited"]: // what was read before it was edited decides
			j.merge(f, first)
			seen[k] = f
		default:
			j.merge(first, f)
		}
	}
}

// copies joins a text that one person put in two places, such as the channel
// and a note on the page.
func (j *joiner) copies() {
	said := j.of(fact.Said)
	for i, f := range said {
		for _, g := range said[i+1:] {
			if g.At.Sub(f.At) > copySlack {
				break
			}
			if len(f.Text()) > 12 && plain(f.Text()) == plain(g.Text()) {
				j.merge(f, g)
			}
		}
	}
}

// plain folds case, punctuation and white space.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	}), " ")
}

// SamePerson reports whether two names can be one person's: equal, or the same
// first name, or parts of a login ("ada" and "Ada Okoye", "ada.okoye").
func SamePerson(a, b string) bool {
	x, y := strings.Fields(plain(a)), strings.Fields(plain(b))
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if x[0] == y[0] {
		return true
	}
	joined := strings.Join(y, "")
	return len(x) == 1 && len(x[0]) > 3 && (strings.HasSuffix(joined, x[0]) || strings.HasPrefix(joined, x[0])) ||
		len(y) == 1 && len(y[0]) > 3 && strings.HasSuffix(strings.Join(x, ""), y[0])
}
