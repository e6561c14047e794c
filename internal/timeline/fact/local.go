package fact

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// agreeing is how many messages must speak for an offset.
	agreeing = 2
	// akin is how much a message must share with the record that it dates.
	akin = 1.0
)

// Local returns the offset from UTC, other than that itself, in which people write the
// clocks that they give no zone, when no record of theirs tells it: the one by which most
// messages name the minute of an earlier record that they share words with, and how many do;
// one that says that its time is local counts as two. It is one where somebody lives, when it
// is known where people do. Zero when as many are right in UTC or another zone.
func Local(facts []*Fact) (offset time.Duration, n int) {
	records := slices.DeleteFunc(slices.Clone(facts), func(f *Fact) bool { return f.Class == Said || f.Class == Told || f.Class == Remembered })
	records = append(records, mailed(facts)...)
	ByTime(records)
	votes, homes := map[time.Duration]int{}, homes(facts)
	for _, f := range facts {
		if f.Class != Said {
			continue
		}
		weight := 1
		if local.MatchString(f.Text()) {
			weight = agreeing
		}
		for o := range speaksFor(f, records) {
			if len(homes) == 0 || homes[o] || o == 0 {
				votes[o] += weight
			}
		}
	}
	best, tie := time.Duration(0), false
	for _, o := range slices.Sorted(maps.Keys(votes)) {
		switch {
		case votes[o] > votes[best]:
			best, tie = o, false
		case o != best && votes[o] == votes[best]:
			tie = true
		}
	}
	if best == 0 || tie {
		return 0, 0
	}
	return best, votes[best]
}

// homes returns the offsets from UTC of where people live whose zones the sources tell.
func homes(facts []*Fact) map[time.Duration]bool {
	out := map[time.Duration]bool{}
	for _, f := range facts {
		if o, ok := f.Home(); ok {
			out[o] = true
		}
	}
	return out
}

// mailed returns the moments that messages name in the zone that they were written in, as if
// they were records.
func mailed(facts []*Fact) (out []*Fact) {
	for _, f := range facts {
		own, ok := f.Zone()
		if !ok || f.Class != Said {
			continue
		}
		for _, c := range f.Speech.Clocks {
			if free(c) {
				out = append(out, &Fact{Class: Row, Events: f.Events, At: last(c, f.At, own), Title: f.Text()})
			}
		}
	}
	return out
}

// local is how people say that they name no UTC.
var local = lazyregexp.New(`(?i)\b(?:local(?: time)?|(?:our|my) time)\b`)

// speaksFor returns the offsets by which a message names the minute of an earlier
// record that it shares words with.
func speaksFor(f *Fact, records []*Fact) map[time.Duration]bool {
	out := map[time.Duration]bool{}
	said := lexicon.Tokens(f.Text())
	for _, c := range f.Speech.Clocks {
		if !free(c) {
			continue
		}
		for _, g := range records {
			if g.At.After(f.At) {
				break
			}
			if g.First().Ref == f.First().Ref || f.At.Sub(g.At) > 2*recent || g.At.Minute()%30 != c.Minute%30 || lexicon.Overlap(said, lexicon.Tokens(g.Words())) < akin {
				continue
			}
			if o, ok := between(g.At, c.Hour, c.Minute); ok && !(c.Local && o == 0) {
				out[o] = true
			}
		}
	}
	return out
}

// between returns how far a clock that shows hour and minute is from UTC at a
// moment, when a zone of the world is.
func between(at time.Time, hour, minute int) (time.Duration, bool) {
	at = at.UTC()
	d := time.Duration(hour-at.Hour())*time.Hour + time.Duration(minute-at.Minute())*time.Minute
	switch {
	case d > 14*time.Hour:
		d -= 24 * time.Hour
	case d < -11*time.Hour:
		d += 24 * time.Hour
	}
	return d, d%time.Hour == 0 || slices.Contains(halves, d)
}

// halves are the offsets that are no full hours.
var halves = []time.Duration{-210 * time.Minute, 210 * time.Minute, 270 * time.Minute, 330 * time.Minute, 390 * time.Minute, 570 * time.Minute, 630 * time.Minute}

// Settle reads the clocks in what people said again, by the zone that they think
// in: the one of the evidence, or that [Local] finds, in which most of their clocks
// lie shortly before the messages that name them. Who writes UTC where others
// write local time is read so. It returns the offsets from UTC in which people may
// write, UTC first.
func Settle(facts []*Fact, events []hindcast.Event) []time.Duration {
	lean, n := Local(facts)
	offsets := spoken(facts, events)
	if n >= agreeing && !slices.Contains(offsets, lean) {
		offsets = append(offsets, lean)
	}
	team := habit(facts, offsets, lean)
	pages, rollouts := timesOf(facts, Paged, Fired), timesOf(facts, Rollout)
	persons := map[string][]*Fact{}
	for _, f := range facts {
		if f.Class == Said {
			persons[f.Actor.Name] = append(persons[f.Actor.Name], f)
		}
	}
	homely, agreed := thinksAtHome(persons), within(facts, team, recent)-within(facts, 0, recent) > agreeing
	for _, said := range persons {
		first := team
		utc, local := within(said, 0, recent), within(said, team, recent)
		now := within(said, 0, momentary)
		if utc > local || utc == local && utc > 0 && (utc == now || now > within(said, team, momentary)) || now >= agreeing && now > agreeing*within(said, team, momentary) {
			first = 0
		}
		if homely {
			first = atHome(said, first)
		}
		order := slices.Clone(offsets)
		if !slices.Contains(order, first) {
			order = append(order, first)
		}
		slices.SortStableFunc(order, func(a, b time.Duration) int { return cmp.Compare(rank(a, first), rank(b, first)) })
		sure := first != 0 && (local-utc >= agreeing || first == lean || first == team && agreed && local >= utc) || first == 0 && utc-local >= agreeing
		doubted := map[time.Duration]bool{} // zones of messages in which the writer's clocks make less sense than in UTC
		for _, f := range said {
			if own, ok := f.Zone(); ok {
				if _, known := doubted[own]; !known {
					doubted[own] = utc-within(said, own, recent) >= 2*agreeing
				}
			}
			r := moment.Reader{At: f.At, Offsets: order, Sure: sure, Page: pages.before(f.At), Change: rollouts.before(f.At)}
			if own, ok := f.Zone(); ok && own != first && !doubted[own] {
				r.Offsets, r.Sure = slices.Insert(slices.DeleteFunc(slices.Clone(order), func(o time.Duration) bool { return o == own }), 0, own), true
			}
			f.Moments = moments(f.Speech.Clocks, r)
		}
	}
	return offsets
}

// thinksAtHome reports whether more of the clocks that people write lie shortly before their
// messages, or the moment before, where each lives than in UTC: a team that lives elsewhere can
// agree to write UTC.
func thinksAtHome(persons map[string][]*Fact) bool {
	utc, home := 0, 0
	for _, said := range persons {
		if o, ok := said[0].Home(); ok && o != 0 {
			utc += within(said, 0, recent) + within(said, 0, momentary)
			home += within(said, o, recent) + within(said, o, momentary)
		}
	}
	return home > utc
}

// atHome returns the offset in which somebody thinks: where they live, when as many of
// their clocks lie shortly before their messages there as in another, and not the
// moment before in UTC.
func atHome(said []*Fact, other time.Duration) time.Duration {
	home, ok := said[0].Home()
	if !ok || home == other {
		return other
	}
	there, elsewhere := within(said, home, recent), within(said, other, recent)
	if there > elsewhere || there == elsewhere && within(said, other, momentary) <= within(said, home, momentary) {
		return home
	}
	return other
}

// Home returns the offset from UTC of where the writer of a message lives, as the source
// tells it, at the time of the message.
func (f *Fact) Home() (time.Duration, bool) {
	name := f.First().Attrs["tz"]
	if name == "" {
		return 0, false
	}
	zone := moment.Location(name)
	if zone == nil {
		return 0, false
	}
	_, sec := f.First().At.In(zone).Zone()
	return time.Duration(sec) * time.Second, true
}

// Zone returns the offset from UTC in which the time of a message was written, when that
// is another than UTC: who wrote a mail, or a file of local times, thinks in it.
func (f *Fact) Zone() (time.Duration, bool) {
	name := f.First().Zone
	t, err := time.Parse("-07:00", strings.TrimPrefix(name, stamp.Deduced))
	if err != nil && strings.Contains(name, "/") { // Europe/Berlin
		if zone := moment.Location(name); zone != nil {
			t, err = f.At.In(zone), nil
		}
	}
	if err != nil {
		return 0, false
	}
	_, sec := t.Zone()
	return time.Duration(sec) * time.Second, sec != 0
}

// spoken returns the offsets of the evidence, and those that the messages show.
func spoken(facts []*Fact, events []hindcast.Event) []time.Duration {
	offsets := Offsets(events)
	found := Written(facts, len(offsets) > 1)
	for _, zone := range found {
		if !slices.Contains(offsets, zone) {
			offsets = append(offsets, zone)
		}
	}
	return offsets
}

// times are moments in order.
type times []time.Time

// timesOf returns when facts of some classes were.
func timesOf(facts []*Fact, classes ...Class) (out times) {
	for _, f := range facts {
		if slices.Contains(classes, f.Class) {
			out = append(out, f.At)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// before returns the last before a moment; zero when there is none.
func (t times) before(at time.Time) time.Time {
	i, _ := slices.BinarySearchFunc(t, at, time.Time.Compare)
	if i == 0 {
		return time.Time{}
	}
	return t[i-1]
}

// rank orders one offset before all others.
func rank(o, first time.Duration) int {
	if o == first {
		return 0
	}
	return 1
}

// habit returns the offset by which people write the time: UTC, unless two clocks
// more lie shortly before their messages in another, or one where somebody says that
// the time is theirs or a message names the minute of a record so.
func habit(facts []*Fact, offsets []time.Duration, lean time.Duration) time.Duration {
	best, top := time.Duration(0), within(facts, 0, recent)
	if lean == 0 && !slices.ContainsFunc(facts, ownTime) {
		top += agreeing - 1
	}
	for _, o := range offsets {
		if n := within(facts, o, recent); n > top || n == top && best == 0 && o == lean {
			best, top = o, n
		}
	}
	return best
}

// ownTime reports whether a message says that a clock in it is no UTC.
func ownTime(f *Fact) bool {
	return f.Class == Said && slices.ContainsFunc(f.Speech.Clocks, func(c speech.Clock) bool { return c.Local })
}

// momentary is how long before a message a clock lies of which it tells as of now.
const momentary = 5 * time.Minute

// within counts the clocks without a zone, and not said to be local, that lie no longer
// than a while before their messages when they are read with an offset, and those that name
// one of that offset.
func within(facts []*Fact, offset, while time.Duration) int {
	n := 0
	for _, f := range facts {
		if f.Class != Said {
			continue
		}
		for _, c := range f.Speech.Clocks {
			own, zoned := c.Offset(f.At)
			if (free(c) && !c.Local || zoned && own == offset && own != 0) && f.At.Sub(last(c, f.At, offset)) <= while {
				n++
			}
		}
	}
	return n
}
