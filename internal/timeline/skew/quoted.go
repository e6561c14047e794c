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

// Quote is what somebody tells of a moment, to its second.
type Quote struct {
	At    time.Time
	Words map[string]float64 // of the sentence, as [lexicon.Tokens] makes them
	File  string             // of the message
}

// Quotes returns what people tell of moments to the second. A full minute names none.
func Quotes(facts []*fact.Fact) []Quote {
	var out []Quote
	for _, f := range facts {
		if f.Class != fact.Said || f.Test {
			continue
		}
		for _, m := range f.Moments {
			if m.Exact && m.At.Second() != 0 && !m.Ahead && !m.Approx {
				out = append(out, Quote{At: m.At, Words: lexicon.Tokens(f.Sentence(m)), File: f.First().Ref.File})
			}
		}
	}
	return out
}

const (
	// quoted is how far the second that people name may be off.
	quoted = time.Second
	// seldom is how often a line is logged at most that lies there by no chance.
	seldom = 20
)

// byQuotes compares files without a zone by their lines that people quote: in one zone
// alone a line with the words of what somebody says lies at the second that they name,
// and in UTC none.
func byQuotes(in Input, assumed map[string]bool) []hindcast.ClockOffset {
	if len(in.Quotes) == 0 || len(assumed) == 0 {
		return nil
	}
	votes := map[string]*vote{}
	for i := range in.Templates {
		t := &in.Templates[i]
		if t.Total > seldom {
			continue
		}
		words := lexicon.Tokens(t.Text + " " + t.Example)
		for _, q := range in.Quotes {
			if lexicon.Overlap(q.Words, words) < lexicon.Enough {
				continue
			}
			for file, z := range quotes(t, q.At) {
				if votes[file] == nil {
					votes[file] = &vote{zones: map[time.Duration]bool{}, against: q.File}
				}
				votes[file].zones[z] = true
			}
		}
	}
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(votes)) {
		v := votes[file]
		if !assumed[file] || len(v.zones) != 1 || v.zones[0] {
			continue
		}
		for z := range v.zones {
			out = append(out, offset(file, v.against, z, "a line that people quote lies", hint(file, z)))
		}
	}
	return out
}

// vote is the zones in which lines of a file lie where people quote them, and the file
// of the first message that quotes one.
type vote struct {
	zones   map[time.Duration]bool
	against string
}

// quotes ranges over the files and zones in which a line lies at a second.
func quotes(t *signal.Template, at time.Time) iter.Seq2[string, time.Duration] {
	return func(yield func(string, time.Duration) bool) {
		for i := range t.Services {
			c := &t.Services[i]
			for z := range zones {
				if m, ok := markAt(c, at.Add(z)); ok && !yield(m.File.Name, z) {
					return
				}
			}
		}
	}
}

// markAt returns a record of a line around a moment.
func markAt(c *signal.Counts, at time.Time) (signal.Mark, bool) {
	for i := range c.Buckets {
		if m := c.Mark(i); m.File != nil && time.Unix(0, m.At).Sub(at).Abs() <= quoted {
			return m, true
		}
	}
	return signal.Mark{}, false
}
