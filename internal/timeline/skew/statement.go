package skew

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	agree    = 5 * time.Second  // how far differences may be apart and still agree
	zoneSlop = 90 * time.Second // how far they may be from an offset of zone
)

// How long after a deed, or before it, its other records ordinarily come.
const (
	lagPage    = time.Minute
	lagDeed    = 2 * time.Minute
	lagRollout = most // begin and end of a rollout are told alike
)

// Statement is what one record states in such a way that the same fact can be
// found in other files.
type Statement struct {
	Key   string // the same for the same fact in every file
	File  string
	At    time.Time
	trust int           // how well the source's clock is kept
	lag   time.Duration // a difference up to it is ordinary
}

// Statements returns what facts state. It must be called before the facts of
// several sources are joined.
func Statements(facts []*fact.Fact) []Statement {
	var out []Statement
	for _, f := range facts {
		e := f.First()
		if k, lag := key(f); k != "" && e.Ref.File != "" && !f.Test {
			out = append(out, Statement{Key: k, File: e.Ref.File, At: e.At, trust: trust(e.Kind), lag: lag})
		}
	}
	return out
}

// key names what a fact states; empty when it cannot be told apart from others.
func key(f *fact.Fact) (string, time.Duration) {
	switch f.Class {
	case fact.Paged, fact.Acknowledged, fact.Closed:
		return keyPage(f.Class, f.Number)
	case fact.Told:
		return keyTold(f)
	case fact.Rollout:
		return keyRollout(f)
	case fact.Ran, fact.Platform, fact.Changed:
		return keyDeed(f)
	}
	return "", 0
}

func keyPage(class fact.Class, number string) (string, time.Duration) {
	if number == "" {
		return "", 0
	}
	return string(class) + " " + number, lagPage
}

// pages are the steps of a page that bots tell.
var pages = map[speech.Notice]fact.Class{speech.Triggered: fact.Paged, speech.Acknowledged: fact.Acknowledged, speech.Closed: fact.Closed}

func keyTold(f *fact.Fact) (string, time.Duration) {
	if class := pages[f.Bot.Notice]; class != "" {
		return keyPage(class, cmp.Or(f.Bot.Number, f.Number))
	}
	if f.Bot.Notice == speech.Deployed {
		return keyRollout(f)
	}
	return "", 0
}

func keyRollout(f *fact.Fact) (string, time.Duration) {
	if f.Service == "" || f.Version == "" || !f.Production() {
		return "", 0
	}
	return "rollout " + f.Service + " " + f.Version, lagRollout
}

func keyDeed(f *fact.Fact) (string, time.Duration) {
	switch {
	case f.Verb == command.Rollback && f.Service != "":
		return "rollback " + f.Service, lagDeed
	case f.Setting != "" && f.Class != fact.Platform:
		return "set " + strings.ToLower(f.Setting), lagDeed
	}
	return "", 0
}

// trust orders sources by how well their clocks are kept: the pager before
// chat, which tells of it, services that many use before the platform, and the
// platform before what single hosts write.
func trust(k hindcast.EventKind) int {
	switch k {
	case hindcast.PagerTriggered, hindcast.PagerAcknowledged, hindcast.PagerResolved:
		return 4
	case hindcast.Message:
		return 3
	case hindcast.AlertFiring, hindcast.AlertResolved, hindcast.PlatformEvent, hindcast.Deploy:
		return 2
	}
	return 1
}

// pair is how two files differ in what both state.
type pair struct {
	file, against string
	all           []time.Duration // the file's time less the other's
	beyond        []time.Duration // those that are no ordinary delay
}

// byStatements compares files by the facts that both state once.
func byStatements(statements []Statement, assumed map[string]bool) []hindcast.ClockOffset {
	best, weight := map[string]hindcast.ClockOffset{}, map[string]int{}
	for _, p := range pairs(statements, assumed) {
		if o, ok := p.judge(assumed); ok && len(p.all) > weight[p.file] {
			best[p.file], weight[p.file] = o, len(p.all)
		}
	}
	return slices.Collect(maps.Values(best))
}

// pairs returns the pairs of files with common facts, by names.
func pairs(statements []Statement, assumed map[string]bool) []*pair {
	found := map[[2]string]*pair{}
	for _, same := range shared(statements) {
		for i, a := range same {
			for _, b := range same[i+1:] {
				off, ref := a, b
				if ahead(b, a, assumed) {
					off, ref = b, a
				}
				k := [2]string{off.File, ref.File}
				if found[k] == nil {
					found[k] = &pair{file: off.File, against: ref.File}
				}
				found[k].add(off.At.Sub(ref.At), max(off.lag, ref.lag))
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(found), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	out := make([]*pair, 0, len(names))
	for _, k := range names {
		out = append(out, found[k])
	}
	return out
}

// ahead reports whether a's clock is to be doubted rather than b's.
func ahead(a, b Statement, assumed map[string]bool) bool {
	if assumed[a.File] != assumed[b.File] {
		return assumed[a.File]
	}
	return cmp.Or(cmp.Compare(a.trust, b.trust), cmp.Compare(b.File, a.File)) < 0
}

func (p *pair) add(d, lag time.Duration) {
	p.all = append(p.all, d)
	if d.Abs() > lag {
		p.beyond = append(p.beyond, d)
	}
}

// shared returns the facts that several files state, with one statement for
// each file that states it once. Both are in order of names.
func shared(statements []Statement) [][]Statement {
	groups := map[string]map[string][]Statement{}
	for _, s := range statements {
		if groups[s.Key] == nil {
			groups[s.Key] = map[string][]Statement{}
		}
		groups[s.Key][s.File] = append(groups[s.Key][s.File], s)
	}
	var out [][]Statement
	for _, k := range slices.Sorted(maps.Keys(groups)) {
		var once []Statement
		for _, file := range slices.Sorted(maps.Keys(groups[k])) {
			if list := groups[k][file]; len(list) == 1 {
				once = append(once, list[0])
			}
		}
		if len(once) > 1 {
			out = append(out, once)
		}
	}
	return out
}

// judge tells whether the clocks differ. One fact that both files state at
// the same time speaks against it, whatever the others say.
func (p *pair) judge(assumed map[string]bool) (hindcast.ClockOffset, bool) {
	n := len(p.all)
	if n < 2 || len(p.beyond) < n {
		return hindcast.ClockOffset{}, false
	}
	what := fmt.Sprintf("%d facts that both files state lie", n)
	slices.Sort(p.all)
	middle := median(p.all)
	if z, ok := sameZone(p.all, zoneSlop); ok && assumed[p.file] && !assumed[p.against] {
		return offset(p.file, p.against, z, what, hint(p.file, z)), true
	}
	if n < 3 || p.all[n-1]-p.all[0] > agree || middle.Abs() < least || middle.Abs() > most {
		return hindcast.ClockOffset{}, false
	}
	return offset(p.file, p.against, middle, what, drift(middle)), true
}

// median returns the middle of sorted differences.
func median(sorted []time.Duration) time.Duration {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
