package trigger

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// index is what a judge looks up for one change after the other, of which large evidence
// holds tens of thousands.
type index struct {
	said  []*statement     // in order of time
	deeds map[string][]int // where rollouts and changes stand, by service and by object, in order of time
}

// statement is what somebody said, and what its words say whatever change is weighed.
type statement struct {
	*fact.Fact
	confesses   bool // it was their doing
	innocent    bool // something is not to blame
	ineffective bool // to take it back did nothing
	asks        bool // it ends with a question
}

// index returns the index of the judge's facts, which it makes once.
func (j *Judge) index() *index {
	if j.lookup != nil {
		return j.lookup
	}
	x := &index{deeds: map[string][]int{}}
	for i, f := range j.Facts {
		switch f.Class {
		case fact.Said:
			text := f.Text()
			x.said = append(x.said, &statement{f, speech.Confesses(text), innocent.MatchString(text), ineffective.MatchString(text), strings.HasSuffix(strings.TrimSpace(text), "?")})
		case fact.Rollout, fact.Changed, fact.Ran:
			for _, k := range deedKeys(f) {
				x.deeds[k] = append(x.deeds[k], i)
			}
		}
	}
	j.lookup = x
	return x
}

// deedKeys are by what a change is found that is made to the same.
func deedKeys(f *fact.Fact) []string {
	var out []string
	if f.Service != "" {
		out = append(out, "service "+f.Service)
	}
	if f.Object != "" {
		out = append(out, "object "+strings.ToLower(f.Object))
	}
	return out
}

// again returns the first change after c, of those made to the same service or object, that
// is so; nil when none is.
func (j *Judge) again(c *fact.Fact, is func(*fact.Fact) bool) *fact.Fact {
	first := -1
	for _, k := range deedKeys(c) {
		list := j.index().deeds[k]
		from, _ := slices.BinarySearchFunc(list, c, func(i int, c *fact.Fact) int {
			if j.Facts[i].At.After(c.At) {
				return 1
			}
			return -1
		})
		for _, i := range list[from:] {
			if first >= 0 && i > first {
				break
			}
			if is(j.Facts[i]) {
				first = i
			}
		}
	}
	if first < 0 {
		return nil
	}
	return j.Facts[first]
}
