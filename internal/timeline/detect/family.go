package detect

import (
	"math"

	"github.com/hindcast/hindcast/internal/timeline/chance"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// family is the series of one kind: metrics of one name, failures of all
// services. What happened to any of them at a quiet time says how surprising
// the like is now, where distributions fitted to one series know too little of
// how wild things of this kind can be.
type family struct {
	found    []candidate
	episodes []episode
}

// episode is a time at which a series was not as usual.
type episode struct {
	side           int
	from, to       int64
	length, height float64 // how long, in any unit, and how far off
}

// candidate is a detection before it is held against the episodes of its family.
type candidate struct {
	signal.Detection
	episode
	ln     float64 // logarithm of the chance in its series
	trials float64
	quiet  float64 // part of its series that is before it, or outside the window
	looked float64 // part in which it was looked for
}

// conclude reports the candidates of a family.
func (d *detector) conclude(f *family) {
	for i := range f.found {
		c := &f.found[i]
		ln := max(chance.AnyOf(max(1, c.trials), c.ln), f.precedented(c, d.window))
		d.add(c.Detection, ln)
	}
}

// precedented is the logarithm of the chance of another episode like c, judged
// by those of at least half its length and height that came before it, or
// outside the window. Without a window a single one proves nothing, since it
// can be how the same incident began.
func (f *family) precedented(c *candidate, w window) float64 {
	like := 0
	for _, e := range f.episodes {
		quiet := e.to < c.episode.from
		if w.bounded {
			quiet = e.to < w.from || e.from > w.to
		}
		if quiet && e.side == c.side && e.length >= c.length/2 && e.height >= c.height/2 {
			like++
		}
	}
	if like == 0 || like == 1 && !w.bounded || c.quiet == 0 {
		return math.Inf(-1)
	}
	return chance.Any(float64(like)*c.looked/c.quiet, 0)
}
