package workflow

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lint/gate"
	"github.com/hindcast/hindcast/internal/workflow/gated"
)

// Gated is how a post-mortem stood against the quality gate when it moved on, for
// the audit trail.
type Gated = gated.Result

// Checklist holds a post-mortem against the quality checklist as it is today,
// with the rules of a linter and the severity policy.
func (s *Service) Checklist(l *lint.Linter, pm hindcast.Postmortem) gate.Report {
	source, today := document.Markdown(pm), hindcast.DateOf(s.now())
	found := l.Document(source, lint.Context{Today: today}.With(pm))
	return gate.Check(gate.Document{Source: source, Parsed: document.Parse("", source), Findings: found}, gate.Options{Policy: s.policy, Today: today})
}
