package skew

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Telling is what one record tells and when, as its file says it.
type Telling struct {
	At    time.Time
	Words map[string]float64 // as [lexicon.Tokens] makes them
	Class fact.Class
	Taken bool   // somebody says that they take it up
	Text  string // of what is said
	Name  string // of an alert
	File  string
}

// Tellings returns what the records of each file tell. It must be called before the
// facts of several sources are joined.
func Tellings(facts []*fact.Fact) map[string][]Telling {
	out := map[string][]Telling{}
	for _, f := range facts {
		file := f.First().Ref.File
		if file == "" || f.Test || f.Class == fact.Remembered || f.Class == fact.Kept {
			continue
		}
		t := Telling{At: f.First().At, Class: f.Class, Taken: f.Speech.Act == speech.Taken, Name: f.Name, File: file}
		if f.Class == fact.Said || f.Class == fact.Told {
			t.Words, t.Text = lexicon.Tokens(f.Text()), f.Text()
		} else {
			t.Words = lexicon.Tokens(f.Words())
		}
		out[file] = append(out[file], t)
	}
	return out
}

const (
	// talks is how many messages a conversation holds at least.
	talks = 10
	// told is how soon after a record people tell of it, and foretold how long before.
	told     = 4 * time.Minute
	foretold = time.Minute
	// plainly is what speaks at least for the zone of a conversation, and outdoes how many times
	// as much as for any other.
	plainly = 5.0
	outdoes = 1.5
	// atMost is what one message counts at most, and repeated what one counts that repeats
	// an alert by its name.
	atMost   = 2.5
	repeated = 3.5
)

// byTalk compares conversations without a zone with the records of files with one: in
// the zone in which they are written, people tell of what was recorded shortly before.
func byTalk(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	var refs []Telling
	for _, file := range slices.Sorted(maps.Keys(in.Tellings)) {
		if !assumed[file] {
			refs = append(refs, in.Tellings[file]...)
		}
	}
	slices.SortStableFunc(refs, func(a, b Telling) int { return a.At.Compare(b.At) })
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(in.Tellings)) {
		said := slices.DeleteFunc(slices.Clone(in.Tellings[file]), func(t Telling) bool { return t.Class != fact.Said && t.Class != fact.Told })
		if !assumed[file] || len(said) < talks {
			continue
		}
		if z, against, ok := zoneOf(said, refs, in.quotesOf(file, assumed)); ok {
			out = append(out, offset(file, against, z, "what people tell of lies", hint(file, z)))
		}
	}
	return out
}

// zoneOf returns the zone in which a conversation tells of what was recorded, and a file
// of which it tells.
func zoneOf(said, refs []Telling, quotes []quotedLines) (zone time.Duration, against string, ok bool) {
	best, top, next := time.Duration(0), 0.0, 0.0
	for z := range zones {
		sum, most, file := 0.0, 0.0, ""
		for _, q := range quotes {
			if q.fits(z) {
				sum += lexicon.Enough
			}
		}
		for _, s := range said {
			n, of := s.tellsOf(refs, z)
			if sum += n; n > most {
				most, file = n, of
			}
		}
		switch {
		case sum > top:
			best, against, top, next = z, file, sum, top
		case sum > next:
			next = sum
		}
	}
	return best, against, best != 0 && against != "" && top >= plainly && top >= outdoes*next
}

// tellsOf returns how surely a message tells of a record of a few minutes before, when
// its time is read in a zone, and of which file.
func (t Telling) tellsOf(refs []Telling, zone time.Duration) (best float64, file string) {
	at := t.At.Add(-zone)
	from := at.Add(-told)
	i, _ := slices.BinarySearchFunc(refs, from, func(r Telling, at time.Time) int { return r.At.Compare(at) })
	for ; i < len(refs) && !refs[i].At.After(at.Add(foretold)); i++ {
		r := refs[i]
		if r.Name != "" && (r.Class == fact.Fired || r.Class == fact.Paged) && r.At.Sub(at).Abs() <= zoneSlop && strings.Contains(t.Text, r.Name) {
			return repeated, r.File
		}
		n := lexicon.Overlap(t.Words, r.Words)
		if n < lexicon.Hint {
			n = 0
		}
		if t.Taken && r.Class == fact.Acknowledged {
			n += lexicon.Enough
		}
		if n = min(n, atMost); n > best {
			best, file = n, r.File
		}
	}
	return best, file
}

// quotedLines is what somebody tells of a moment, and when the lines of files with a zone
// were written that have its words.
type quotedLines struct {
	Quote
	lines []time.Time
}

// quotesOf returns what a conversation tells of moments.
func (in Input) quotesOf(file string, assumed map[string]bool) []quotedLines {
	var out []quotedLines
	for _, q := range in.Quotes {
		if q.File == file {
			out = append(out, quotedLines{Quote: q})
		}
	}
	for i := range in.Templates {
		t := &in.Templates[i]
		if t.Total > seldom || len(out) == 0 {
			continue
		}
		words := lexicon.Tokens(t.Text + " " + t.Example)
		for k := range out {
			if q := &out[k]; q.of(words) && (q.Exact || t.Total <= rarely) {
				for _, m := range marks(t) {
					if m.File != nil && !assumed[m.File.Name] {
						q.lines = append(q.lines, time.Unix(0, m.At))
					}
				}
			}
		}
	}
	return out
}

// marks returns the records of a template.
func marks(t *signal.Template) (out []signal.Mark) {
	for i := range t.Services {
		for k := range t.Services[i].Buckets {
			out = append(out, t.Services[i].Mark(k))
		}
	}
	return out
}

// fits reports whether a line lies at the moment that is named, when that is read in a
// zone.
func (q quotedLines) fits(zone time.Duration) bool {
	return slices.ContainsFunc(q.lines, func(at time.Time) bool {
		at = at.Add(zone)
		return q.Exact && at.Sub(q.At).Abs() <= quoted || !q.Exact && at.Truncate(time.Minute).Equal(q.At.Truncate(time.Minute))
	})
}
