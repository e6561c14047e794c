package trigger

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
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
