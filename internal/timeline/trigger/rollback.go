package trigger

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/sign"
)

// recently is how long before it a rollout lies at most that another takes back.
const recently = 24 * time.Hour

// RollsBack reports whether a rollout takes another back that came shortly before: it says
// so, or the version before it, or a lower one, goes out again.
func (j *Judge) RollsBack(f *fact.Fact) bool {
	if f.Class != fact.Rollout {
		return false
	}
	if f.Verb == command.Rollback {
		return true
	}
	if f.Service == "" || f.Version == "" {
		return false
	}
	var last *fact.Fact
	for _, g := range j.Facts {
		if g.At.Before(f.At) && g.Class == fact.Rollout && g.Production() && g.Service == f.Service && g.Version != "" && f.At.Sub(g.At) <= recently {
			last = g
		}
	}
	return last != nil && last.Version != f.Version && (last.Previous == f.Version || lower(f.Version, last.Version))
}

// lower reports whether a version of numbers comes before another: 24.9.1 before 24.10.
func lower(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		switch {
		case err1 != nil || err2 != nil:
			return false
		case m != n:
			return m < n
		}
	}
	return len(x) < len(y)
}

// takenBack returns the later change that undid c: a rollback of its service,
// a rollout of the version before it, or the same setting set again.
func (j *Judge) takenBack(c *fact.Fact) *fact.Fact {
	if f := j.reversed(c); f != nil {
		return f
	}
	return j.again(c, func(f *fact.Fact) bool {
		same := f.Service != "" && f.Service == c.Service || f.Object != "" && strings.EqualFold(f.Object, c.Object)
		if f.Verb == command.Flag && c.Verb == command.Flag && f.Object != "" && c.Object != "" {
			same = strings.EqualFold(f.Object, c.Object)
		}
		return same && (f.Verb == command.Rollback ||
			c.Previous != "" && f.Version == c.Previous ||
			f.Verb == command.Kill ||
			c.Class != fact.Rollout && f.Verb == c.Verb && f.Setting != c.Setting && !further(c, f))
	})
}

var (
	// share is the part of users that a setting is for, ramp how a record tells from what
	// to what such a part was raised.
	share = lazyregexp.New(`=(\d+(?:\.\d+)?) ?%$`)
	ramp  = lazyregexp.New(`\b(\d+(?:\.\d+)?) ?%? ?(?:to|->|=>|→) ?(\d+(?:\.\d+)?) ?%`)
)

// further reports whether a change goes on where another began: to more users, as the
// steps of a ramp. What lowered a share is taken back by raising it.
func further(c, next *fact.Fact) bool {
	a, b := share.FindStringSubmatch(c.Setting), share.FindStringSubmatch(next.Setting)
	if a == nil || b == nil {
		return false
	}
	x, y, from := percent(a[1]), percent(b[1]), 0.0
	switch m := ramp.FindStringSubmatch(c.Title + " " + c.First().Text); {
	case m != nil:
		from = percent(m[1])
	case c.Verb != command.Flag:
		return false
	}
	return from < x && y > x
}

func percent(s string) float64 {
	x, _ := strconv.ParseFloat(s, 64)
	return x
}

// arrow is how a line tells from what to what a setting was changed.
var arrow = regexp.MustCompile(`(\S+) (?:->|=>) (\S+)`)

// reversed returns the later line that changes a setting back to what the line c
// changed it from; nil when there is none.
func (j *Judge) reversed(c *fact.Fact) *fact.Fact {
	m := arrow.FindStringSubmatch(c.Title)
	if m == nil || !sign.Change(c) {
		return nil
	}
	for _, f := range j.Signs {
		if o := arrow.FindStringSubmatch(f.Title); o != nil && sign.Change(f) && f.At.After(c.At) && o[1] == m[2] && o[2] == m[1] {
			return f
		}
	}
	return nil
}
