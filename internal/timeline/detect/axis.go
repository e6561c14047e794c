package detect

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	bucket   = int64(signal.Bucket)
	seconds  = bucket / 1e9            // of a bucket
	mostCell = 4320                    // cells of an axis, at most: half a day of buckets
	patience = 6                       // buckets without a record that are silence at any time, no gap
	apart    = int64(15 * time.Minute) // what is further apart is not one thing
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

// join adds all that o counted.
func (t tally) join(o tally) {
	for p, page := range o {
		for i, n := range page {
			if n > 0 {
				t.add(signal.Count{Bucket: p<<6 + int64(i), N: n})
			}
		}
	}
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

// newAxis covers the time between neighboring records unless it is a gap: much
// longer than between the records around it. A gap is where nothing was
// exported and says nothing. It is silence all the same where other logs go on,
// if records were rare before or after it, or if it is short.
//
// Evidence from so many days that cells would become wide is cut down to what
// is nearest to the window.
func newAxis(records []signal.Count, others []period, w window) *axis {
	records = w.nearest(records)
	var blocks [][]signal.Count
	for i, from := 1, 0; i <= len(records); i++ {
		if i == len(records) || gap(records, i, others) {
			blocks = append(blocks, records[from:i])
			from = i
		}
	}
	total := int64(0)
	for _, b := range blocks {
		total += b[len(b)-1].Bucket - b[0].Bucket + 1
	}
	a := &axis{width: max(1, (total+mostCell-1)/mostCell)}
	for _, b := range blocks {
		a.cover(b)
	}
	return a
}

// period is a range of buckets, both ends included.
type period struct{ first, last int64 }

// gap reports whether nothing is known of the time before the i-th record.
func gap(records []signal.Count, i int, others []period) bool {
	const (
		around = 5 // records on either side
		dense  = 2 // buckets from one record to the next
	)
	missing := records[i].Bucket - records[i-1].Bucket
	if missing <= patience {
		return false
	}
	usual := max(spacing(records, i-1-around, i-1), spacing(records, i, i+around))
	if missing <= 5*usual {
		return false
	}
	if usual <= dense && missing*bucket > apart {
		return true
	}
	at := sort.Search(len(others), func(k int) bool { return others[k].last >= records[i].Bucket })
	return at == len(others) || others[at].first > records[i-1].Bucket
}

// spacing returns how far apart neighbors among the records from one index to
// another usually are; nothing when that cannot be told.
func spacing(records []signal.Count, from, to int) int64 {
	var list []int64
	for i := max(from, 0) + 1; i <= min(to, len(records)-1); i++ {
		list = append(list, records[i].Bucket-records[i-1].Bucket)
	}
	return middle(list)
}

// nearest returns the records nearest to the window, as many as there can be
// cells of one bucket; all when it has no bounds.
func (w window) nearest(records []signal.Count) []signal.Count {
	if !w.bounded || len(records) <= mostCell {
		return records
	}
	from, to := 0, len(records)
	for to-from > mostCell { // in floating point: an open end is as far as can be
		early := float64(w.from) - float64(records[from].Bucket)*float64(bucket)
		late := float64(records[to-1].Bucket)*float64(bucket) - float64(w.to)
		if early > late {
			from++
		} else {
			to--
		}
	}
	return records[from:to]
}

// blocks returns the time that an axis covers.
func (a *axis) blocks() []period {
	var out []period
	for i := range a.cells {
		first, last := a.cells[i]*a.width, (a.cells[i]+1)*a.width-1
		if a.fresh[i] {
			out = append(out, period{first, last})
		}
		out[len(out)-1].last = last
	}
	return out
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

// within returns how many seconds the axis covers in a window.
func (a *axis) within(w window) float64 {
	sum := 0.0
	for i, s := range a.covered {
		if a.end(i) > w.from && a.start(i) <= w.to {
			sum += s
		}
	}
	return sum
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
	window   window
	tallies  map[*record.File]tally
	failures map[*record.File]int      // records of failures in each file
	records  map[*record.File]int      // all records in each file
	services map[string][]*record.File // the files that a service writes to
	made     map[string]*axis
	whole    *axis // of all logs together
}

func newAxes(templates []signal.Template, w window) *axes {
	a := &axes{
		window: w, tallies: map[*record.File]tally{}, failures: map[*record.File]int{}, records: map[*record.File]int{},
		services: map[string][]*record.File{}, made: map[string]*axis{},
	}
	for i := range templates {
		failure := severityOf(&templates[i]) > harmless
		for k := range templates[i].Services {
			a.count(&templates[i].Services[k], failure)
		}
	}
	union := tally{}
	for _, t := range a.tallies {
		union.join(t)
	}
	a.whole = newAxis(union.counts(), nil, w)
	return a
}

func (a *axes) count(c *signal.Counts, failure bool) {
	list := files(c)
	for _, f := range list {
		if a.tallies[f] == nil {
			a.tallies[f] = tally{}
		}
		if !slices.Contains(a.services[c.Service], f) {
			a.services[c.Service] = append(a.services[c.Service], f)
		}
	}
	for _, b := range c.Buckets {
		f := list[min(int(b.File), len(list)-1)]
		a.tallies[f].add(b)
		a.records[f] += int(b.N)
		if failure {
			a.failures[f] += int(b.N)
		}
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
// service, only by the template's own. A file of nothing but failures is taken
// to cover what all logs do: its silence is the usual thing.
func (a *axes) of(c *signal.Counts) *axis {
	list := a.services[c.Service]
	if c.Service == "" {
		list = files(c)
	}
	records, failures := 0, 0
	names := make([]string, len(list))
	for i, f := range list {
		records += a.records[f]
		failures += a.failures[f]
		if f != nil {
			names[i] = f.Name
		}
	}
	if failures*10 > records*9 {
		return a.whole
	}
	slices.Sort(names)
	key := strings.Join(names, "\x00")
	if a.made[key] == nil {
		union := tally{}
		for _, f := range list {
			union.join(a.tallies[f])
		}
		a.made[key] = newAxis(union.counts(), a.whole.blocks(), a.window)
	}
	return a.made[key]
}
