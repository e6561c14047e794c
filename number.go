package hindcast

import (
	"math"
	"strconv"
)

// NumberState says how far a number can be trusted.
type NumberState string

// The states of a number. The empty state means that nobody was asked yet.
const (
	Measured      NumberState = "measured"
	Estimated     NumberState = "estimated"
	Pending       NumberState = "pending"        // will be known later
	NotApplicable NumberState = "not-applicable" // there is no such number here
)

// Number is a figure that says where it comes from. An unknown figure is
// pending or not applicable, never zero.
type Number struct {
	State    NumberState `json:"state"`
	Value    *float64    `json:"value,omitempty"` // set exactly when measured or estimated
	Unit     string      `json:"unit,omitempty"`  // "%", "requests", "EUR", "x" (times the sustainable rate)
	How      string      `json:"how,omitempty"`   // how it was measured or estimated, why pending or not applicable
	By       string      `json:"by,omitempty"`    // role or system that measured or estimated it
	Evidence []Ref       `json:"evidence,omitempty"`
}

// IsZero reports whether nothing is stated.
func (n Number) IsZero() bool {
	return n.State == "" && n.Value == nil && n.Unit == "" && n.How == "" && n.By == "" && len(n.Evidence) == 0
}

// Known reports whether n has a value.
func (n Number) Known() bool { return n.Value != nil }

// String returns value and unit, or the state when there is no value.
func (n Number) String() string {
	if n.Value == nil {
		return string(n.State)
	}
	s := strconv.FormatFloat(*n.Value, 'f', -1, 64)
	if n.Unit == "" {
		return s
	}
	return s + " " + n.Unit
}

func (n Number) validate(f faults, atMost float64) {
	if n.IsZero() {
		return
	}
	word(f.at("state"), n.State, Measured, Estimated, Pending, NotApplicable)
	has := n.State == Measured || n.State == Estimated
	f.at("value").require(n.Value != nil || !has, "is %s but has no value; give the value or call it pending", n.State)
	f.at("value").require(n.Value == nil || has, "is %s but has a value; say whether it was measured or estimated", n.State)
	f.at("by").require(n.State != Estimated || n.By != "", "is estimated by nobody; say by whom, as a role")
	if n.Value != nil {
		v := *n.Value
		f.at("value").require(!math.IsNaN(v) && !math.IsInf(v, 0), "is not a number")
		f.at("value").require(!(v < 0) && !(v > atMost), "is %v; it must lie between 0 and %v", v, atMost)
	}
	validateRefs(f.at("evidence"), n.Evidence)
}

// Measure is a number of the incident's impact with a name: "requests failed".
type Measure struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Number
}
