// Package retell finds the records that people speak of: which log line, event
// of the platform or change a message is about that tells afterwards what
// happened.
//
// A message is about a record when they share words that few records hold; when
// it names the record's minute, fewer words are enough. What it is about need
// not have been surprising by itself: people say that it matters.
package retell

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// How much a message must share with a record to be about it: with the second or the
// minute named, and without.
const (
	exact   = 0.4
	dated   = 0.9
	undated = 1.8
	// behind is how far the best other record must be behind an undated match.
	behind = 0.8
)

const (
	// reach is how long after something people tell of it, memory how long when they
	// name its minute, and longMemory when they name its day, too.
	reach      = 3 * time.Hour
	memory     = 24 * time.Hour
	longMemory = 60 * 24 * time.Hour
	// listed is how many moments a message names at most that tells of each: who lists
	// more goes through what was normal as well, or names the times of a schedule.
	listed = 2
	// slack is how far the minute that people name may be off.
	slack = 60 * time.Second
	// roughly is how far off a time may be that people name as about so, twice that when
	// it was later.
	roughly = 5 * time.Minute
	// seldom is how often a line may occur in all for each to be told of.
	seldom = 60
	// pause is the silence after which a line that recurs is news again.
	pause = 20 * time.Minute
)

// Match is a record that a message tells of.
type Match struct {
	By    *fact.Fact       // the message
	Fact  *fact.Fact       // the record, when it is an event
	Line  *signal.Template // else the template of the log line
	In    *signal.Counts   // of that line: where it was logged
	Mark  signal.Mark      // of that line: the record
	At    time.Time        // when it was
	Dated bool             // the message names the moment
	Found bool             // by itself the line is no news of a failure
	Score float64
}

// Input is what to look in.
type Input struct {
	Talk      []*fact.Fact // messages that state something, in order of time
	Records   []*fact.Fact // that may be told of
	Templates []signal.Template
	From      time.Time // what was before is told of by its moment only
	Detected  time.Time // who finds what is behind it, finds what was before
}

// Find returns what each message tells of, in order of the messages; of one
// record the first message that tells of it.
func Find(in Input) []Match {
	f := newFinder(in)
	var out []Match
	for _, s := range in.Talk {
		for _, m := range f.about(s) {
			if !slices.ContainsFunc(out, m.same) {
				out = append(out, m)
			}
		}
	}
	return out
}

func (m Match) same(o Match) bool {
	return m.Fact == o.Fact && m.Line == o.Line && m.In == o.In && m.At.Sub(o.At).Abs() < pause
}

// candidate is a record that can be told of.
type candidate struct {
	Match
	words   map[string]float64
	fresh   bool // it can be told of without its minute: it is news of a failure
	service string
	reason  map[string]float64 // the platform's word for lasting trouble; nil when it is none
}

type finder struct {
	all   []candidate
	in    map[string]int // how many sorts of records hold a word
	sorts int

	detected time.Time
}

func newFinder(in Input) *finder {
	f := &finder{in: map[string]int{}, detected: in.Detected}
	for i := range in.Templates {
		f.template(&in.Templates[i], in.From)
	}
	sorts := map[[3]string]bool{}
	for _, r := range in.Records {
		words := tokens(r.Words() + " " + r.Service + " " + r.Reason)
		if k := [3]string{string(r.Class), r.Service, r.Reason}; !aside(r, in.From) && (r.Reason == "" || !sorts[k]) {
			f.count(words)
			sorts[k] = true
		}
		c := candidate{Match: Match{Fact: r, At: r.At}, service: r.Service, words: words, fresh: tells(r) && !r.At.Before(in.From)}
		if r.Grave() {
			c.reason = lexicon.Tokens(r.Reason + " " + called[r.Reason])
		}
		f.all = append(f.all, c)
	}
	slices.SortStableFunc(f.all, func(a, b candidate) int { return a.At.Compare(b.At) })
	return f
}

// tokens returns the words of a text, see [lexicon.Tokens], and what it calls by a name
// with digits or by a setting, such as listings-20250916 and keep=1.
func tokens(text string) map[string]float64 {
	out := lexicon.Tokens(text)
	for _, id := range identifier.FindAllString(text, -1) {
		out[strings.ToLower(id)] = 1
	}
	return out
}

var identifier = lazyregexp.New(`\b\pL[\pL\d]*(?:[_.-][\pL\d]+)*[_.-][\pL_.-]*\d(?:[\pL\d_.-]*[\pL\d])?|\b[\pL_]{3,}=[\pL\d]+\b`)

// aside reports whether a record can only be told of by its minute, and its words
// are no less rare for standing in it.
func aside(r *fact.Fact, from time.Time) bool {
	return r.Class == fact.Committed || r.Class == fact.Looked || r.Class == fact.Platform || r.At.Before(from)
}

func (f *finder) count(words map[string]float64) {
	f.sorts++
	for w := range words {
		f.in[w]++
	}
}

// template adds the occurrences of a line that can be told of: its first, those
// after a silence, and all of a line that is rare. From from on failures are news.
func (f *finder) template(t *signal.Template, from time.Time) {
	if t.Status > 0 {
		return
	}
	for i := range t.Services {
		c := &t.Services[i]
		words := tokens(t.Text + " " + t.Example + " " + c.Service)
		f.count(words)
		for m, news := range c.Runs(pause) {
			at := time.Unix(0, m.At).UTC()
			if !news && c.Total > seldom {
				continue
			}
			news = !at.Before(from) && t.Level >= hindcast.LevelWarn && (m == c.First || c.Total <= few)
			f.all = append(f.all, candidate{Match: Match{Line: t, In: c, Mark: m, At: at}, service: c.Service, words: words, fresh: news})
		}
	}
}

// called are words that people use for what the platform calls otherwise.
var called = map[string]string{"BackOff": "crash loop", "OOMKilling": "oom memory", "FailedScheduling": "pending", "NodeNotReady": "node down", "ErrImagePull": "image pull"}

// tells reports whether a record tells of a failure by itself, so that people who
// tell of the failure can mean it.
func tells(r *fact.Fact) bool {
	switch r.Class {
	case fact.Warned, fact.RolloutFault:
		return true
	}
	return false
}

// few is how often a line occurs at most that is news each time.
const few = 3

// about returns the records that a message tells of: the best for each minute
// that it names, else the best of all.
func (f *finder) about(s *fact.Fact) []Match {
	words := tokens(s.Text())
	var out []Match
	named := 0
	for _, m := range s.Moments {
		if !m.Ahead {
			named++
		}
	}
	for _, m := range s.Moments {
		memory := memory
		if m.Dated {
			memory = longMemory
		}
		if named > listed && !m.Exact && !m.Dated || m.Ahead || s.At.Sub(m.At) < slack || s.At.Sub(m.At) > memory {
			continue
		}
		best, _ := f.best(s, words, memory, func(c *candidate) bool { return names(m, c.At) }, true)
		if m.Approx && best.Score < dated {
			best, _ = f.best(s, words, memory, func(c *candidate) bool { return c.Fact != nil && around(m, c.At) }, true)
		}
		if best.Score >= needed(m, best) {
			best.Dated = true
			out = append(out, best)
		}
	}
	if len(out) > 0 {
		return out
	}
	if m, ok := f.quoted(s); ok {
		return []Match{m}
	}
	if fails(s) {
		best, second := f.best(s, words, reach, func(c *candidate) bool { return c.fresh }, false)
		if best.Score >= undated && second < behind*best.Score {
			return []Match{best}
		}
	}
	return f.foundOut(s, words)
}

// foundOut returns the line, logged a few times at most, that a message tells of which says
// what is behind it or what it found: by words alone, one that says what is behind it.
func (f *finder) foundOut(s *fact.Fact, words map[string]float64) []Match {
	switch s.Speech.Act {
	case speech.Cause, speech.Observation, speech.Report, speech.Vendor:
	default:
		return nil
	}
	best, second := f.best(s, words, memory, func(c *candidate) bool {
		return c.Line != nil && c.In.Total <= few && c.At.Before(f.detected) && s.At.Sub(c.At) > afresh && !another(s, c.At)
	}, false)
	needed := float64(byWords)
	if s.Speech.Act != speech.Cause {
		needed = surely
	}
	if second < behind*best.Score && (best.Score >= needed || best.Score >= byName && named(s.Text(), best.Line.Example)) {
		best.Found = true
		return []Match{best}
	}
	return nil
}

// How much a message must share with a line that by itself is no news of a failure: by its
// words, when it does not say what is behind it, and when it names something in the line.
const (
	byWords = 1.6
	surely  = 2.4
	byName  = 1.0
)

// another reports whether a message names a moment near to one that is not it.
func another(s *fact.Fact, at time.Time) bool {
	return slices.ContainsFunc(s.Moments, func(m fact.Moment) bool {
		return !m.Approx && !names(m, at) && at.Sub(m.At).Abs() < near
	})
}

// near is how far another moment lies at most that is no reading in another zone.
const near = 5 * time.Minute

// named reports whether a text names something that a line holds.
func named(text, line string) bool {
	line = strings.ToLower(line)
	return slices.ContainsFunc(identifier.FindAllString(text, -1), func(id string) bool { return strings.Contains(line, strings.ToLower(id)) })
}

// afresh is how soon after a line people speak of what happens, not of what they found.
const afresh = 2 * time.Minute

// quotation finds what a message quotes: two words at least.
var quotation = lazyregexp.New("[\"“”`]([^\"“”`\\n]{3,60}[ =:][^\"“”`\\n]{2,60})[\"“”`]")

// quoted returns the first record that says what a message quotes, when few say it.
func (f *finder) quoted(s *fact.Fact) (Match, bool) {
	for _, q := range quotation.FindAllStringSubmatch(s.Text(), -1) {
		said := strings.ToLower(q[1])
		i := slices.IndexFunc(f.all, func(c candidate) bool { return c.At.Before(s.At) && c.says(said, s.At) })
		if i >= 0 {
			m := f.all[i].Match
			m.By, m.Score, m.Dated = s, undated, true
			return m, true
		}
	}
	return Match{}, false
}

// says reports whether a record that few are like says something word by word, and not
// too long before a moment.
func (c *candidate) says(said string, at time.Time) bool {
	if c.Line != nil {
		return at.Sub(c.At) <= memory && c.In.Total <= few && strings.Contains(strings.ToLower(c.Line.Example), said)
	}
	return at.Sub(c.At) <= longMemory && strings.Contains(strings.ToLower(c.Fact.Title), said)
}

// fails reports whether a message can tell of a failure.
func fails(s *fact.Fact) bool {
	switch s.Speech.Act {
	case speech.Observation, speech.Report, speech.Cause, speech.Action:
		return !s.Speech.Improve
	}
	return false
}

// needed is how much a message must share with what was at a moment that it names.
func needed(m fact.Moment, best Match) float64 {
	switch {
	case m.Exact && best.Fact != nil:
		return exact
	case m.Approx && !names(m, best.At):
		return undated
	}
	return dated
}

// around reports whether a moment lies about where people say.
func around(m fact.Moment, at time.Time) bool {
	d := at.Sub(m.At)
	return d >= -roughly && d <= 2*roughly
}

// names reports whether a clock stands for a moment.
func names(m fact.Moment, at time.Time) bool {
	if m.Exact {
		return at.Sub(m.At).Abs() <= 2*time.Second
	}
	return !at.Before(m.At.Add(-slack/2)) && at.Before(m.At.Add(slack+slack/2))
}

// stress is how much it counts that a message tells of a failure and the platform
// of lasting trouble; that it uses the platform's word for it counts besides.
const stress = 0.7

// together is how far apart two systems write down one thing.
const together = 3 * time.Second

// best returns the record within a while before a message that shares most with it, and
// how much one of another service and another moment shares.
func (f *finder) best(s *fact.Fact, words map[string]float64, within time.Duration, is func(*candidate) bool, dated bool) (top Match, second float64) {
	type scored struct {
		*candidate
		score float64
	}
	var all []scored
	most := -1
	from, _ := slices.BinarySearchFunc(f.all, s.At.Add(-within), func(c candidate, at time.Time) int { return c.At.Compare(at) })
	for i := from; i < len(f.all) && f.all[i].At.Before(s.At); i++ {
		c := &f.all[i]
		if !is(c) {
			continue
		}
		score := f.score(s, words, c, dated)
		if score == 0 {
			continue
		}
		if all = append(all, scored{c, score}); most < 0 || score > all[most].score {
			most = len(all) - 1
		}
	}
	if most < 0 {
		return Match{}, 0
	}
	best := all[most]
	for _, c := range all {
		if !alike(c.service, best.service) && c.At.Sub(best.At).Abs() > together {
			second = max(second, c.score)
		}
	}
	top = best.Match
	top.By, top.Score = s, best.score
	return top, second
}

// score returns how much a message shares with a record, whose moment it names when dated.
func (f *finder) score(s *fact.Fact, words map[string]float64, c *candidate, dated bool) float64 {
	score := f.shared(words, c.words)
	if c.reason != nil && s.Speech.Failing && score >= 1 {
		score += stress + lexicon.Overlap(words, c.reason)/2
	}
	switch {
	case !dated:
	case c.Fact != nil:
		score += sort(s, c.Fact)
	case shouts(s.Text(), c.Line.Example):
		score += shouted
	}
	return score
}

// shouted is how much it counts that a message repeats a word in capitals from a line.
const shouted = 0.6

var capitals = lazyregexp.New(`\b[A-Z]{5,}\b`)

// shouts reports whether a message repeats a word in capitals that a line holds, other
// than a level.
func shouts(text, line string) bool {
	for _, w := range capitals.FindAllString(text, -1) {
		if w != "ERROR" && w != "FATAL" && w != "DEBUG" && strings.Contains(line, w) {
			return true
		}
	}
	return false
}

// sorts are how people call the records of a class.
var sorts = map[fact.Class]*lazyregexp.Regexp{
	fact.Committed: lazyregexp.New(`(?i)\b(?:commit\w*|merge[ds]?|pushe?[ds]?|pr|mr|pull request|change)\b`),
	fact.Rollout:   lazyregexp.New(`(?i)\b(?:re)?(?:deploy\w*|release\w*|roll\w*|version|build|shipped|went (?:out|live))\b`),
	fact.Changed:   lazyregexp.New(`(?i)\b(?:flags?|toggles?|switch\w*|turned|chang\w*|set|config\w*|rules?|revok\w*|remov\w*|delet\w*)\b`),
	fact.Ran:       lazyregexp.New(`(?i)\b(?:ran|run|command|script|shut down|by hand|manually|restart\w*|remov\w*|delet\w*|chang\w*|disabl\w*|stopp\w*|decom\w*)\b`),
}

// sort returns how much it counts that a message which names the minute of a record
// calls it what it is, and that its writer is who made it.
func sort(s, r *fact.Fact) float64 {
	sum := 0.0
	if re := sorts[r.Class]; re != nil && re.MatchString(s.Text()) {
		sum += 0.3
	}
	if r.ByPerson() && fuse.SamePerson(r.Actor.Name, s.Actor.Name) && r.Class != fact.Looked {
		sum += 0.4
	}
	return sum
}

// alike reports whether two names can be one service's and its pods'.
func alike(a, b string) bool {
	return a == b || a != "" && b != "" && (strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-"))
}

// shared adds up the words that a message and a record share, each by how few
// sorts of records hold it.
func (f *finder) shared(a, b map[string]float64) float64 {
	var parts []float64
	for w, x := range a {
		if y, ok := b[w]; ok {
			parts = append(parts, min(x, y)*f.rare(w))
		}
	}
	slices.Sort(parts) // so that the sum is the same each time
	sum := 0.0
	for _, x := range parts {
		sum += x
	}
	return sum
}

// rare returns how much a word tells of a record: 1 when no other sort of record
// holds it, less the more do.
func (f *finder) rare(w string) float64 {
	n := float64(max(f.in[w], 1))
	return cmp.Or(1-math.Log(n)/math.Log(float64(f.sorts+1)), 0.01)
}
