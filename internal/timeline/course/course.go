// Package course is what is known of the course of an incident while its phases
// are being found: what they are found in, what was found so far, and the
// questions that the rules of more than one phase ask.
package course

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

// Tell is a record that somebody told of afterwards.
type Tell struct {
	Record, By *fact.Fact
	Dated      bool // and named its moment
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

// Course is an incident of which the phases are being found.
type Course struct {
	Input
	*Result
}

// Set records a phase with its reason.
func (c Course) Set(name string, at time.Time, format string, args ...any) {
	switch name {
	case "started_at":
		c.Phases.StartedAt = at
	case "detected_at":
		c.Phases.DetectedAt = at
	case "acknowledged_at":
		c.Phases.AcknowledgedAt = at
	case "mitigated_at":
		c.Phases.MitigatedAt = at
	case "resolved_at":
		c.Phases.ResolvedAt = at
	}
	c.Why[name] = fmt.Sprintf(format, args...)
}

// Source names the first record of a fact.
func Source(f *fact.Fact) string {
	if f.Sign != nil {
		if len(f.Sign.Marks) > 0 && f.Sign.Marks[0].File != nil {
			return fmt.Sprintf("%s:%d", f.Sign.Marks[0].File.Name, f.Sign.Marks[0].Line)
		}
		return f.Sign.Detector
	}
	return f.First().Ref.String()
}
