package documents

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// wordingLimit is the largest text whose wording is looked at, in bytes.
const wordingLimit = 1 << 20

func (a *api) wording() {
	look := operation.New("POST", "/lint", "lint-text", "Look for blame, hidden actors, hindsight, shallow causes and vague actions in a text", "wording")
	look.MaxBodyBytes = wordingLimit
	operation.Register(a.Set, look, a.lintText)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/check", "check-incident", "Hold a post-mortem against the quality checklist", "wording"), a.check)
}

// Findings are what the lint found.
type Findings struct {
	Findings []hindcast.Finding `json:"findings"`
}

func (a *api) lintText(_ context.Context, in *struct {
	Body struct {
		Text string               `json:"text" doc:"Markdown"`
		As   hindcast.SectionKind `json:"as,omitempty" doc:"what the text is: timeline, root-causes, actions, ...; without it its headings tell"`
	}
}) (*struct{ Body Findings }, error) {
	linter, err := lint.New()
	if err != nil {
		return nil, err
	}
	found := linter.Document([]byte(in.Body.Text), lint.Context{Section: in.Body.As, Today: hindcast.DateOf(a.Now())})
	if found == nil {
		found = []hindcast.Finding{}
	}
	return &struct{ Body Findings }{Findings{found}}, nil
}

func (a *api) check(ctx context.Context, in *operation.RefInput) (*struct{ Body gate.Report }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	linter, err := lint.New()
	if err != nil {
		return nil, err
	}
	return &struct{ Body gate.Report }{a.Workflow.Checklist(linter, d.Post)}, nil
}
