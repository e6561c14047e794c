package skew

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
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
	By    string        // who says it
	Zone  time.Duration // the offset from UTC in which it was written; zero when that is not known
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
			t.Words, t.Text, t.By = lexicon.Tokens(f.Text()), f.Text(), f.Actor.Name
			var ok bool
			if t.Zone, ok = f.Zone(); !ok {
				t.Zone, _ = f.Home()
			}
		} else {
			t.Words = lexicon.Tokens(f.Words())
		}
		out[file] = append(out[file], t)
	}
	return out
}

const (
	// talks is how many messages a conversation holds at least, and fewestRows how many rows a
	// table.
	talks      = 10
	fewestRows = 4
	// weighed is how many of them are compared at most, evenly chosen.
	weighed = 600
	// told is how soon after a record people tell of it, and foretold how long before.
	told     = 4 * time.Minute
	foretold = time.Minute
	// plainly is what speaks at least for the zone of a conversation, and outdoes how many times
	// as much as for any other.
	plainly = 5.0
	outdoes = 1.5
	// once is what speaks at least for the zone where people live.
	once = 2.0
	// doubly is how many times as much must speak for that of a table.
	doubly = 1.6
	// atMost is what one message counts at most, and repeated what one counts that repeats
	// an alert by its name.
	atMost   = 2.5
	repeated = 3.5
	// athome is what it counts that somebody writes in a zone elsewhere, in a mail.
	athome = 5.0
)

// byTalk compares conversations and tables without a zone with what files with one hold:
// in the zone in which they are written, people tell of what was recorded shortly before, and
// rows record what others tell of shortly after. It returns those of conversations and
// those of tables, which are less sure.
func byTalk(in Input, assumed map[string]bool) (talk, tables []hindcast.ClockOffset) {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(in.Tellings)), func(file string) bool { return assumed[file] }) {
		return nil, nil
	}
	refs, home := rareLines(in.Templates, assumed), map[string][]time.Duration{}
	for _, file := range slices.Sorted(maps.Keys(in.Tellings)) {
		if assumed[file] {
			continue
		}
		refs = append(refs, in.Tellings[file]...)
		for _, t := range in.Tellings[file] {
			if t.Zone != 0 && t.By != "" && !slices.Contains(home[t.By], t.Zone) {
				home[t.By] = append(home[t.By], t.Zone)
			}
		}
	}
	homes := in.homes()
	slices.SortStableFunc(refs, func(a, b Telling) int { return a.At.Compare(b.At) })
	for _, file := range slices.Sorted(maps.Keys(in.Tellings)) {
		list := in.Tellings[file]
		if !assumed[file] || len(list) < fewestRows {
			continue
		}
		said := slices.DeleteFunc(slices.Clone(list), func(t Telling) bool { return t.Class != fact.Said && t.Class != fact.Told })
		c := conversation{said: said, refs: refs, quotes: in.quotesOf(file, assumed), home: home, before: told, after: foretold, sure: 1}
		table := len(said) < talks
		if table {
			c.said, c.before, c.after, c.sure = list, foretold, told, doubly
		}
		c.said = thinned(c.said)
		z, against, ok := c.zone()
		if !ok && table && len(homes) > 0 {
			z, against, ok = c.figures().among(homes)
		}
		switch found := offset(file, against, z, "what people tell of lies", hint(file, z)); {
		case !ok:
		case table:
			tables = append(tables, found)
		default:
			talk = append(talk, found)
		}
	}
	return talk, tables
}

// thinned returns at most [weighed] of a list, evenly chosen.
func thinned(list []Telling) []Telling {
	if len(list) <= weighed {
		return list
	}
	out := make([]Telling, 0, weighed)
	for i := range weighed {
		out = append(out, list[i*len(list)/weighed])
	}
	return out
}

// rareLines returns what the lines of logs with a zone tell that are written seldom.
func rareLines(templates []signal.Template, assumed map[string]bool) (out []Telling) {
	for i := range templates {
		t := &templates[i]
		if t.Total > rarely {
			continue
		}
		words := lexicon.Tokens(t.Text + " " + t.Example)
		for _, m := range marks(t) {
			if m.File != nil && !assumed[m.File.Name] {
				out = append(out, Telling{At: time.Unix(0, m.At).UTC(), Words: words, Class: fact.Row, File: m.File.Name})
			}
		}
	}
	return out
}

// conversation is a file without a zone, and what is known of it.
type conversation struct {
	said, refs    []Telling // the latter in order of time
	quotes        []quotedLines
	home          map[string][]time.Duration // the offsets from UTC in which persons write elsewhere
	before, after time.Duration              // how far what is told of lies before and after what tells of it
	sure          float64                    // how many times as much must speak for a zone
}

// zone returns the zone in which a conversation tells of what was recorded, and a file
// of which it tells.
func (c conversation) zone() (zone time.Duration, against string, ok bool) {
	best, top, next := time.Duration(0), 0.0, 0.0
	for z := range stamp.Offsets {
		sum, file := c.at(z)
		switch {
		case sum > top:
			best, against, top, next = z, file, sum, top
		case sum > next:
			next = sum
		}
	}
	return best, against, best != 0 && against != "" && top >= c.sure*plainly && top >= c.sure*outdoes*next
}

// figures returns the table and what it is compared with by the numbers in them alone, which
// hardly stand in both by chance.
func (c conversation) figures() conversation {
	only := func(list []Telling) []Telling {
		var out []Telling
		for _, t := range list {
			t.Words = maps.Clone(t.Words)
			maps.DeleteFunc(t.Words, func(w string, _ float64) bool { return w[0] < '0' || w[0] > '9' })
			if len(t.Words) > 0 {
				out = append(out, t)
			}
		}
		return out
	}
	c.said, c.refs, c.quotes = only(c.said), only(c.refs), nil
	return c
}

// among returns the one of the zones where people live in which a table records what others
// tell of, when little speaks for UTC, the only other that it is likely to be written in.
func (c conversation) among(homes []time.Duration) (zone time.Duration, against string, ok bool) {
	utc, _ := c.at(0)
	best := 0.0
	for _, z := range homes {
		if n, file := c.at(z); n > best {
			best, zone, against = n, z, file
		}
	}
	return zone, against, against != "" && best >= once && best >= outdoes*utc
}

// at returns how much speaks for a zone, and a file that does most.
func (c conversation) at(zone time.Duration) (sum float64, file string) {
	most := 0.0
	for _, q := range c.quotes {
		if q.fits(zone) {
			sum += lexicon.Enough
		}
	}
	writes := false
	for _, s := range c.said {
		n, of := s.tellsOf(c.refs, zone, c.before, c.after)
		if sum += n; n > most {
			most, file = n, of
		}
		writes = writes || slices.Contains(c.home[s.By], zone)
	}
	if writes {
		sum += athome
	}
	return sum, file
}

// tellsOf returns how surely a message tells of a record of a while before, or after, when
// its time is read in a zone, and of which file.
func (t Telling) tellsOf(refs []Telling, zone, before, after time.Duration) (best float64, file string) {
	at := t.At.Add(-zone)
	from := at.Add(-before)
	i, _ := slices.BinarySearchFunc(refs, from, func(r Telling, at time.Time) int { return r.At.Compare(at) })
	for ; i < len(refs) && !refs[i].At.After(at.Add(after)); i++ {
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
