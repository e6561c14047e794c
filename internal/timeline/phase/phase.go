// Package phase finds the moments that divide an incident: when it started,
// was detected, acknowledged, mitigated and declared over.
//
// Every moment is decided by one fact, and the rule that chose it is said in
// words. What no fact shows stays unknown.
package phase

import (
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/report"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
	"github.com/hindcast/hindcast/internal/timeline/turn"
)

// Input is what the phases are found in.
type Input struct {
	Facts []*fact.Fact // in order of time
	Scope *scope.Scope
	Signs []*fact.Fact // in order of time
	Names *fact.Names
	Near  func(service string) bool // calls or is called by a service that is hit

	Tells   []Tell                   // what people told of afterwards, once it is known
	Company func(text string) string // the other company that a text names, or ""; may be nil
}

// Result is the phases and the facts that decided them; nil where unknown.
type Result struct {
	Phases  hindcast.Phases
	Why     map[string]string // by phase name
	Trigger *fact.Fact        // the change that set it off
	Symptom *fact.Fact        // the first sign of it
	Alarm   *fact.Fact        // the alert or report that reached a person
	Taken   *fact.Fact        // who took it up
	Relief  *fact.Fact        // what shows that the impact falls
	End     *fact.Fact        // the declaration that it is over
	Deed    time.Time         // when responders first changed something; zero: never
	Back    time.Time         // when the alert last came back after the end was declared; zero: never
	Judge   *trigger.Judge

	Reports []*report.Report // the messages before the alert that may have been the first report, as they were weighed
	Turns   []*turn.Turn     // the moments from which on the impact may have fallen, as they were weighed
}

// Find finds the phases.
func Find(in Input) *Result {
	f := newFinder(in, &Result{Why: map[string]string{}})
	f.detected()
	f.admissions()
	f.acknowledged()
	f.resolved()
	f.symptom()
	f.started()
	f.mitigated()
	return f.Result
}

// Restart finds anew in what was found when it started, by what people told of
// afterwards; the other phases stay.
func Restart(in Input, r *Result) {
	f := newFinder(in, r)
	r.Trigger, r.Symptom, r.Phases.StartedAt = nil, nil, time.Time{}
	delete(r.Why, "started_at")
	f.symptom()
	f.started()
}

func newFinder(in Input, r *Result) finder {
	f := finder{in, r}
	r.Judge = &trigger.Judge{
		Facts: in.Facts, Signs: in.Signs, Names: in.Names, Near: in.Near,
		Hit:   func(s string) bool { return in.Scope.Hit(s) || s != "" && r.Symptom != nil && s == r.Symptom.Service },
		In:    func(c string) bool { return in.Scope.Channels[c] },
		Other: f.other,
	}
	return f
}

type finder struct {
	Input
	*Result
}

// set records a phase with its reason.
func (f finder) set(name string, at time.Time, format string, args ...any) {
	switch name {
	case "started_at":
		f.Phases.StartedAt = at
	case "detected_at":
		f.Phases.DetectedAt = at
	case "acknowledged_at":
		f.Phases.AcknowledgedAt = at
	case "mitigated_at":
		f.Phases.MitigatedAt = at
	case "resolved_at":
		f.Phases.ResolvedAt = at
	}
	f.Why[name] = fmt.Sprintf(format, args...)
}

// source names the first record of a fact.
func source(f *fact.Fact) string {
	if f.Sign != nil {
		if len(f.Sign.Marks) > 0 && f.Sign.Marks[0].File != nil {
			return fmt.Sprintf("%s:%d", f.Sign.Marks[0].File.Name, f.Sign.Marks[0].Line)
		}
		return f.Sign.Detector
	}
	return f.First().Ref.String()
}
