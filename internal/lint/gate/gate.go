// Package gate holds a post-mortem against the quality checklist: seven
// criteria, each of which passes, fails, or waits for a person's word.
//
//	report := gate.Check(gate.Document{Source: text, Parsed: parsed, Findings: found}, gate.Options{Today: today})
//	for _, r := range report.Criteria { ... } // state, reason, line
//
// What can be read from the document is decided by rules, and each thing that is
// missing is named with its line. What no rule can decide needs an attestation
// in the front matter, by role. docs/gate.md says how each criterion is decided.
//
// A document in our format is judged by its records. Any other is judged by what
// its headings, tables and lists show, and never fails for the lack of a field
// that its template does not have.
package gate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

// State is how a document stands against a criterion.
type State string

// The states.
const (
	Pass   State = "pass"
	Fail   State = "fail"
	Attest State = "attest" // nothing is missing that a rule can see; a person has to vouch for the rest
)

// Missing is one thing that a criterion lacks.
type Missing struct {
	Line    int    `json:"line"` // from 1: where it belongs
	Message string `json:"message"`
	Rule    string `json:"rule,omitempty"` // the rule of the lint that found it
}

// Result is how a document stands against one criterion.
type Result struct {
	Criterion   hindcast.Criterion    `json:"id"`
	Name        string                `json:"name"`
	State       State                 `json:"state"`
	Reason      string                `json:"reason"`
	Line        int                   `json:"line"`   // of the first thing that is missing, else where the criterion is met
	Blocks      bool                  `json:"blocks"` // the document does not pass because of it
	Missing     []Missing             `json:"missing"`
	Attestation *hindcast.Attestation `json:"attestation,omitempty"` // that counts
	Waiver      *hindcast.Waiver      `json:"waiver,omitempty"`      // that holds
}

// Report is the result of a check.
type Report struct {
	Passed   bool               `json:"passed"`             // no criterion blocks
	Severity int                `json:"severity,omitempty"` // the level whose policy counted; 0 when none is decided
	Criteria []Result           `json:"criteria"`           // in the order of the checklist
	Findings []hindcast.Finding `json:"findings"`           // of the gate and of the lint, by place
	decided  []hindcast.Finding
}

// Deciding returns the findings that the states follow from, and the warnings
// about things that no criterion covers, such as lateness.
func (r Report) Deciding() []hindcast.Finding { return r.decided }

// Document is what is checked.
type Document struct {
	Source   []byte
	Parsed   *document.Parsed   // of Source
	Findings []hindcast.Finding // of the lint, for Source
}

// Options say what is not in the document.
type Options struct {
	Policy   hindcast.Policy // the default one when it has no levels
	Severity int             // the level, where the document names none
	Today    hindcast.Date   // for what ends on a day
}

// Check holds a document against the checklist.
func Check(d Document, o Options) Report {
	if len(o.Policy.Severities) == 0 {
		o.Policy = hindcast.DefaultPolicy()
	}
	p := newPage(d, o.Today)
	level := cmp.Or(p.pm.Incident.Severity, p.namedSeverity(o.Policy), o.Severity)
	asks, decided := o.Policy.Gate(level)
	j := judge{page: p, asks: asks, decided: decided, today: o.Today}
	r := Report{Passed: true, Criteria: []Result{}}
	if decided {
		r.Severity = level
	}
	for _, item := range hindcast.Checklist() {
		res := j.result(item)
		r.Passed = r.Passed && !res.Blocks
		r.Criteria = append(r.Criteria, res)
	}
	r.Findings, r.decided = p.allFindings(r.Criteria)
	return r
}

// judge turns what a criterion found into a result.
type judge struct {
	*page
	asks    hindcast.Gate
	decided bool // the severity is
	today   hindcast.Date
}

// verdict is what the rules say about a criterion.
type verdict struct {
	missing []Missing
	unclear string // what no rule can decide here; empty when the rules decide
	good    string // the reason when it passes
	line    int    // where that is seen
}

func (j *judge) result(item hindcast.ChecklistItem) Result {
	v := j.verdict(item.Criterion)
	r := Result{Criterion: item.Criterion, Name: item.Name, State: Pass, Reason: v.good, Line: max(1, v.line), Missing: v.missing}
	r.Attestation = j.attestation(item.Criterion)
	asked := slices.Contains(j.asks.Attests, item.Criterion)
	warns := slices.Contains(j.asks.Warns, item.Criterion)
	switch {
	case len(v.missing) > 0:
		r.State, r.Reason, r.Line, r.Blocks = Fail, reasonFor(v.missing), v.missing[0].Line, !warns
	case (v.unclear != "" || asked) && r.Attestation == nil:
		r.State, r.Blocks = Attest, !warns && j.decided
		r.Reason = joined(v.unclear, "a person has to say: "+questionFor(item.Criterion))
		r.Line = max(1, j.parsed.Line("attestations"))
		r.Missing = []Missing{{Line: r.Line, Message: "no attestation of " + string(item.Criterion) + ": " + questionFor(item.Criterion)}}
	case r.Attestation != nil:
		r.Reason = joined(r.Reason, "attested by "+r.Attestation.By)
	}
	if r.State != Pass {
		j.waive(&r)
	}
	if r.Missing == nil {
		r.Missing = []Missing{}
	}
	return r
}

// waive applies the waiver of a criterion, or says why it does not count.
func (j *judge) waive(r *Result) {
	w, why := j.waiver(string(r.Criterion))
	switch {
	case w == nil:
	case why != "":
		r.Reason = joined(r.Reason, why)
	default:
		r.Waiver, r.Blocks = w, false
		r.Reason = joined(r.Reason, fmt.Sprintf("waived by %s until %s: %s", w.By, w.Until, w.Reason))
	}
}

// reasonFor sums up what is missing.
func reasonFor(list []Missing) string {
	if len(list) == 1 {
		return list[0].Message
	}
	return fmt.Sprintf("%s (and %d more)", list[0].Message, len(list)-1)
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}
