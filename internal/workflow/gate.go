package workflow

import (
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// Gated is how a post-mortem stood against the quality gate when it moved on, for
// the audit trail.
type Gated struct {
	Passed   bool              `json:"passed"`
	Required bool              `json:"required"` // failing blocks; else it warns
	Failing  []string          `json:"failing,omitempty"`
	Waived   map[string]string `json:"waived,omitempty"` // reason by criterion
}

// gates are the moves that the quality gate stands before.
func gates(from, to hindcast.Status) bool {
	return from == hindcast.StatusInReview && to == hindcast.StatusApproved || from == hindcast.StatusApproved && to == hindcast.StatusPublished
}

// pass holds a post-mortem against the quality gate. Where the policy requires a
// post-mortem, one that fails is refused, and the error names all that is missing
// and the way out; elsewhere the failure is kept, and no more.
func (s *Service) pass(pm hindcast.Postmortem) (Gated, error) {
	r := s.Checklist(s.lint, pm)
	required, why := s.policy.Requires(pm)
	g := Gated{Passed: r.Passed, Required: required}
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
