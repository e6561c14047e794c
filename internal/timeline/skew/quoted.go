package skew

import (
	"maps"
	"slices"
	"sort"
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
	type vote struct {
		zones   map[time.Duration]bool
		against string
	}
	votes := map[string]*vote{}
	for i := range in.Templates {
		t := &in.Templates[i]
		words := lexicon.Tokens(t.Text + " " + t.Example)
		for j := range t.Services {
			for _, q := range in.Quotes {
				if t.Services[j].Total > seldom || lexicon.Overlap(q.Words, words) < lexicon.Enough {
					continue
				}
				for file, z := range quotes(&t.Services[j], q.At) {
					if !assumed[file] {
						continue
					}
					if votes[file] == nil {
						votes[file] = &vote{zones: map[time.Duration]bool{}, against: q.File}
					}
					votes[file].zones[z] = true
				}
			}
		}
	}
	var out []hindcast.ClockOffset
	for _, file := range slices.Sorted(maps.Keys(votes)) {
		v := votes[file]
		if z, ok := onlyZone(slices.Collect(maps.Keys(v.zones)), func(time.Duration) bool { return true }); ok && !v.zones[0] {
			out = append(out, offset(file, v.against, z, "a line that people quote lies", hint(file, z)))
		}
	}
	return out
}

// quotes ranges over the files and zones in which a line lies at a second.
func quotes(c *signal.Counts, at time.Time) func(yield func(string, time.Duration) bool) {
	return func(yield func(string, time.Duration) bool) {
		for z := range zones {
			from := at.Add(z - quoted).UnixNano()
			i := sort.Search(len(c.Buckets), func(i int) bool { return (c.Buckets[i].Bucket+1)*int64(signal.Bucket) > from })
			for ; i < len(c.Buckets) && c.Buckets[i].Bucket*int64(signal.Bucket) <= from+2*int64(quoted); i++ {
				if m := c.Mark(i); m.File != nil && m.At >= from && m.At <= from+2*int64(quoted) && !yield(m.File.Name, z) {
					return
				}
			}
		}
	}
}
