package detect

import (
	"cmp"
	"slices"
	"sort"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	bucket   = int64(signal.Bucket)
	seconds  = bucket / 1e9 // of a bucket
	mostCell = 1024         // cells of an axis, at most
	apart    = 900 * 1e9    // nanoseconds: what is further apart is not one thing
	patience = 6            // buckets without a record that are still silence, not a gap
)

// tally counts records by bucket. Buckets are kept in pages, since evidence may
// come from several days.
type tally map[int64]*[64]uint32

func (t tally) add(c signal.Count) {
	page := t[c.Bucket>>6]
	if page == nil {
		page = new([64]uint32)
		t[c.Bucket>>6] = page
	}
	page[c.Bucket&63] += c.N
}

func (t tally) counts() []signal.Count {
	var out []signal.Count
	for p, page := range t {
		for i, n := range page {
			if n > 0 {
				out = append(out, signal.Count{Bucket: p<<6 + int64(i), N: n})
			}
		}
	}
	slices.SortFunc(out, func(a, b signal.Count) int { return cmp.Compare(a.Bucket, b.Bucket) })
	return out
}

// axis is the time that evidence covers, cut into cells of one or more buckets.
// Gaps are left out.
type axis struct {
	width   int64     // buckets of a cell
	cells   []int64   // index of each covered cell: bucket divided by width, rounded down; ascending
	fresh   []bool    // whether the cell comes after a gap, as the first one does
	covered []float64 // seconds of each cell that evidence covers
}

// newAxis covers the time between neighboring records that are not unusually
// far apart. A gap is where nothing was exported: it says nothing.
func newAxis(records []signal.Count) *axis {
	limit := tolerance(records)
	blocks := [][]signal.Count{}
	for i, from := 1, 0; i <= len(records); i++ {
		if i == len(records) || records[i].Bucket-records[i-1].Bucket > limit {
			blocks = append(blocks, records[from:i])
			from = i
		}
	}
	total := int64(0)
	for _, b := range blocks {
		total += b[len(b)-1].Bucket - b[0].Bucket + 1
	}
	a := &axis{width: (total + mostCell - 1) / mostCell}
	for _, b := range blocks {
		a.cover(b)
	}
	return a
}

// tolerance is the largest distance in buckets between neighboring records that
// is no gap.
func tolerance(records []signal.Count) int64 {
	if len(records) < 2 {
		return patience
	}
	apart := make([]int64, len(records)-1)
	for i := range apart {
		apart[i] = records[i+1].Bucket - records[i].Bucket
	}
	slices.Sort(apart)
	return max(patience, 5*apart[len(apart)*19/20])
}

// cover appends the cells of one block.
func (a *axis) cover(block []signal.Count) {
	first, last := block[0].Bucket, block[len(block)-1].Bucket
	begin, end := edge(block, false), edge(block, true)
	for c := floor(first, a.width); c <= floor(last, a.width); c++ {
		from, to := max(first, c*a.width), min(last, (c+1)*a.width-1)
		s := float64(to - from + 1)
		if from == first {
			s -= 1 - begin
		}
		if to == last {
			s -= 1 - end
		}
		s = max(s, 0.1) * float64(seconds)
		if n := len(a.cells); n > 0 && a.cells[n-1] == c {
			a.covered[n-1] += s
			continue
		}
		a.cells = append(a.cells, c)
		a.fresh = append(a.fresh, c == floor(first, a.width))
		a.covered = append(a.covered, s)
	}
}

// edge estimates which part of a block's first or last bucket is covered from
// how busy it was beside its neighbors.
func edge(block []signal.Count, last bool) float64 {
	const near = 3
	if len(block) <= near {
		return 1
	}
	at, next := block[0], block[1:1+near]
	if last {
		at, next = block[len(block)-1], block[len(block)-1-near:len(block)-1]
	}
	sum := 0.0
	for _, c := range next {
		sum += float64(c.N)
	}
	return min(1, max(0.1, float64(at.N)*near/sum))
}

func floor(a, b int64) int64 {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// index returns the cell of a bucket, or the next one, which may be len(cells).
func (a *axis) index(b int64) int {
	c := floor(b, a.width)
	return sort.Search(len(a.cells), func(i int) bool { return a.cells[i] >= c })
}

// fill adds the counts to n, which has one number for each cell.
func (a *axis) fill(n []float64, counts []signal.Count) {
	i := 0
	for _, c := range counts {
		at := floor(c.Bucket, a.width)
		for i < len(a.cells) && a.cells[i] < at {
			i++
		}
		if i < len(a.cells) && a.cells[i] == at {
			n[i] += float64(c.N)
		}
	}
}

// start and end return when a cell begins and ends, in nanoseconds.
func (a *axis) start(i int) int64 { return a.cells[i] * a.width * bucket }
func (a *axis) end(i int) int64   { return (a.cells[i] + 1) * a.width * bucket }

// broken reports whether so much time is missing before a cell that what goes
// on before and after it is not one thing.
func (a *axis) broken(i int) bool { return i > 0 && a.start(i)-a.end(i-1) > apart }

// before returns how many covered seconds lie before a moment.
func (a *axis) before(at int64) float64 {
	sum := 0.0
	for i, s := range a.covered {
		if a.end(i) > at {
			part := float64(at-a.start(i)) / float64(a.width*bucket)
			return sum + s*max(0, min(1, part))
		}
		sum += s
	}
	return sum
}

// axes makes and keeps the axes of all logs.
type axes struct {
	tallies  map[*record.File]tally
	services map[string][]*record.File // the files that a service writes to
	made     map[string]*axis
}

func newAxes(templates []signal.Template) *axes {
	a := &axes{tallies: map[*record.File]tally{}, services: map[string][]*record.File{}, made: map[string]*axis{}}
	for _, t := range templates {
		for i := range t.Services {
			a.count(&t.Services[i])
		}
	}
	return a
}

func (a *axes) count(c *signal.Counts) {
	list := files(c)
	tallies := make([]tally, len(list))
	for i, f := range list {
		if a.tallies[f] == nil {
			a.tallies[f] = tally{}
		}
		tallies[i] = a.tallies[f]
		if !slices.Contains(a.services[c.Service], f) {
			a.services[c.Service] = append(a.services[c.Service], f)
		}
	}
	for _, b := range c.Buckets {
		tallies[min(int(b.File), len(list)-1)].add(b)
	}
}

// files returns the files that a template's records of one service are in.
func files(c *signal.Counts) []*record.File {
	if len(c.Files) > 0 {
		return c.Files
	}
	return []*record.File{c.First.File}
}

// of returns the axis for the records of one template in one service: the time
// covered by the files that the service writes to. Where records name no
// service, only by the template's own.
func (a *axes) of(c *signal.Counts) *axis {
	list := a.services[c.Service]
	if c.Service == "" {
		list = files(c)
	}
	return a.covering(list)
}

// all returns the axis of all logs together.
func (a *axes) all() *axis {
	var list []*record.File
	for f := range a.tallies {
		list = append(list, f)
	}
	return a.covering(list)
}

func (a *axes) covering(list []*record.File) *axis {
	names := make([]string, len(list))
	for i, f := range list {
		if f != nil {
			names[i] = f.Name
		}
	}
	slices.Sort(names)
	key := ""
	for _, n := range names {
		key += n + "\x00"
	}
	if x := a.made[key]; x != nil {
		return x
	}
	union := tally{}
	for _, f := range list {
		for _, c := range a.tallies[f].counts() {
			union.add(c)
		}
	}
	x := newAxis(union.counts())
	a.made[key] = x
	return x
}
