// Package phase finds the moments that divide an incident: when it started,
// was detected, acknowledged, mitigated and declared over.
//
// Every moment is decided by one fact, and the rule that chose it is said in
// words. What no fact shows stays unknown.
package phase

import (
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/relief"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

type finder struct{ course.Course }

// Find finds the phases.
func Find(in course.Input) *course.Result {
	f := newFinder(in, &course.Result{Why: map[string]string{}})
	f.detected()
	f.admissions()
	f.acknowledged()
	f.resolved()
	f.symptom()
	f.started()
	relief.Find(f.Course)
	return f.Result
}

// Restart finds anew in what was found when it started, by what people told of
// afterwards; the other phases stay.
func Restart(in course.Input, r *course.Result) {
	f := newFinder(in, r)
	r.Trigger, r.Symptom, r.Phases.StartedAt = nil, nil, time.Time{}
	delete(r.Why, "started_at")
	f.symptom()
	f.started()
}

func newFinder(in course.Input, r *course.Result) finder {
	f := finder{course.Course{Input: in, Result: r}}
	r.Judge = &trigger.Judge{
		Facts: in.Facts, Signs: in.Signs, Names: in.Names, Near: in.Near,
		Hit:   func(s string) bool { return in.Scope.Hit(s) || s != "" && r.Symptom != nil && s == r.Symptom.Service },
		In:    func(c string) bool { return in.Scope.Channels[c] },
		Other: f.other,
	}
	return f
}
