// Package gated says whether a post-mortem may move on, by the quality gate and the
// severity policy.
package gated

import (
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// Result is how a post-mortem stood against the quality gate when it moved on, for
// the audit trail.
type Result struct {
	Passed   bool              `json:"passed"`
	Required bool              `json:"required"` // failing blocks; else it warns
	Failing  []string          `json:"failing,omitempty"`
	Waived   map[string]string `json:"waived,omitempty"` // reason by criterion
}

// Before reports whether the quality gate stands before a move.
func Before(from, to hindcast.Status) bool {
	return from == hindcast.StatusInReview && to == hindcast.StatusApproved || from == hindcast.StatusApproved && to == hindcast.StatusPublished
}

// Pass judges by a report of the gate. Where the policy requires a post-mortem, for
// a reason, one that fails is refused, and the error names all that is missing and
// the way out; elsewhere the failure is kept, and no more.
func Pass(r gate.Report, required bool, why string) (Result, error) {
	g := Result{Passed: r.Passed, Required: required}
	var lacks []string
	for _, c := range r.Criteria {
		if c.Waiver != nil {
			if g.Waived == nil {
				g.Waived = map[string]string{}
			}
			g.Waived[string(c.Criterion)] = c.Waiver.Reason
		}
		if c.State == gate.Pass || c.Waiver != nil {
			continue
		}
		g.Failing = append(g.Failing, string(c.Criterion))
		if c.Blocks {
			lacks = append(lacks, fmt.Sprintf("%s: %s", c.Name, strings.TrimRight(c.Reason, ".")))
		}
	}
	if r.Passed || !required {
		return g, nil
	}
	return g, hindcast.Errorf(hindcast.Conflict, "it does not pass the quality gate, which it has to because %s. Not met: %s. Put that right, let a reviewer vouch for it, or waive it with a reason", why, strings.Join(lacks, "; "))
}
