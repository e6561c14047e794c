package skew

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Quote is what somebody tells of a moment, to its second or its minute.
type Quote struct {
	At    time.Time
	Exact bool               // to the second
	Words map[string]float64 // of the sentence, or for a minute of the whole message, as [lexicon.Tokens] makes them
	File  string             // of the message
}

// Rows returns the records of tables.
func Rows(facts []*fact.Fact) []*fact.Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f *fact.Fact) bool { return f.First().Kind != hindcast.Record || f.Test })
}

// Quotes returns what people tell of moments.
func Quotes(facts []*fact.Fact) []Quote {
	var out []Quote
	for _, f := range facts {
		if f.Class != fact.Said || f.Test {
			continue
		}
		for _, m := range f.Moments {
			if m.Ahead || m.Approx {
				continue
			}
			q := Quote{At: m.At, Exact: m.Exact && m.At.Second() != 0, Words: lexicon.Tokens(f.Sentence(m)), File: f.First().Ref.File}
			if !q.Exact {
				q.Words = lexicon.Tokens(f.Text())
			}
			out = append(out, q)
		}
	}
	return out
}

const (
	// quoted is how far the second that people name may be off.
	quoted = time.Second
	// seldom is how often a line is logged at most that lies there by no chance, and
	// rarely how often one in a minute.
	seldom = 20
	rarely = 4
	// fewRows is how many rows a table has at most of which none lies by chance at a second
	// that somebody names.
	fewRows = 200
	// halfDay is what a clock of twelve hours may be off.
	halfDay = 12 * time.Hour
	// much is how much a message shares with a line that it quotes by its minute alone.
	much = 2.4
)

// byQuotes compares files without a zone by their lines and rows that people quote: in one
// zone alone a line with the words of what somebody says lies at the second, or the minute,
// that they name, and in UTC none.
func byQuotes(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	quotes := slices.DeleteFunc(slices.Clone(in.Quotes), func(q Quote) bool { return assumed[q.File] })
	if len(quotes) == 0 || len(assumed) == 0 {
		return nil
	}
	votes := votes{}
	writers := in.writers()
	for i := range in.Templates {
		t := &in.Templates[i]
		if t.Total > seldom {
			continue
		}
		words := lexicon.Tokens(t.Text + " " + t.Example)
		for _, q := range quotes {
			if !q.of(words) || !q.Exact && t.Total > rarely {
				continue
			}
			for file, z := range q.lines(t) {
				votes.add(file, z, q)
			}
		}
	}
	votes.quotedRows(in, quotes, assumed)
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(votes)) {
		v := votes[file]
		if !assumed[file] || len(v.zones) != 1 || v.zones[0] {
			continue
		}
		for z := range v.zones {
			rather := writers[-z] || z.Abs() == halfDay // who quotes it thinks in that zone, or means the other half of the day
			if rather && !slices.Contains(in.Zones, z) {
				continue
			}
			out = append(out, offset(file, v.against, z, "a line that people quote lies", hint(file, z)))
		}
	}
	return out
}

// quotedRows adds the zones of files whose rows people quote.
func (v votes) quotedRows(in Input, quotes []Quote, assumed map[string]bool) {
	rows := map[string]int{}
	for _, r := range in.Rows {
		rows[r.First().Ref.File]++
	}
	for _, r := range in.Rows {
		file := r.First().Ref.File
		if !assumed[file] {
			continue
		}
		var words map[string]float64
		for _, q := range quotes {
			z, ok := q.zone(r.At)
			if !ok {
				continue
			}
			if words == nil {
				words = lexicon.Tokens(r.Words())
			}
			if q.of(words) || slices.Contains(in.Spoken, z) && (lexicon.Overlap(q.Words, words) >= lexicon.Hint || q.Exact && rows[file] <= fewRows) {
				v.add(file, z, q)
			}
		}
	}
}

// writers returns the offsets from UTC in which people write, or live.
func (in Input) writers() map[time.Duration]bool {
	out := map[time.Duration]bool{}
	for _, list := range in.Tellings {
		for _, t := range list {
			if t.Zone != 0 {
				out[t.Zone] = true
			}
		}
	}
	return out
}

// homes are the offsets of [Input.writers], the least first.
func (in Input) homes() []time.Duration { return slices.Sorted(maps.Keys(in.writers())) }

// of reports whether somebody tells of a line with some words.
func (q Quote) of(words map[string]float64) bool {
	if q.Exact {
		return lexicon.Overlap(q.Words, words) >= lexicon.Enough
	}
	return lexicon.Overlap(q.Words, words) >= much
}

// zone returns the offset from UTC in which a time without a zone is the one named; ok is
// false when no zone of the world is.
func (q Quote) zone(at time.Time) (z time.Duration, ok bool) {
	d, slop := at.Sub(q.At), time.Duration(quoted)
	if !q.Exact {
		d, slop = at.Truncate(time.Minute).Sub(q.At.Truncate(time.Minute)), 0
	}
	if d.Abs() <= slop {
		return 0, true
	}
	return zone(d, slop)
}

// vote is the zones in which lines of a file lie where people quote them, and the file
// of the first message that quotes one.
type vote struct {
	zones   map[time.Duration]bool
	against string
}

// votes are those of the files.
type votes map[string]*vote

func (v votes) add(file string, zone time.Duration, q Quote) {
	if v[file] == nil {
		v[file] = &vote{zones: map[time.Duration]bool{}, against: q.File}
	}
	v[file].zones[zone] = true
}

// lines ranges over the files and zones in which a line lies at a moment.
func (q Quote) lines(t *signal.Template) iter.Seq2[string, time.Duration] {
	return func(yield func(string, time.Duration) bool) {
		for _, m := range marks(t) {
			if z, ok := q.zone(time.Unix(0, m.At)); ok && m.File != nil && !yield(m.File.Name, z) {
				return
			}
		}
	}
}
