package documents

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// NewIncident begins a post-mortem.
type NewIncident struct {
	Title         string                `json:"title,omitempty" maxLength:"500"`
	Pager         string                `json:"pager_number,omitempty" maxLength:"200"`
	Kind          hindcast.IncidentKind `json:"kind,omitempty" enum:"incident,near-miss"`
	Severity      int                   `json:"severity,omitempty" minimum:"0"`
	Services      []string              `json:"services,omitempty"`
	Phases        hindcast.Phases       `json:"phases,omitzero"`
	Private       bool                  `json:"private,omitempty"`
	PrivateReason string                `json:"private_reason,omitempty"`
}

func (n NewIncident) workflow(key string) workflow.NewIncident {
	return workflow.NewIncident{Title: n.Title, Number: n.Pager, Kind: n.Kind, Severity: n.Severity, Services: n.Services, Phases: n.Phases,
		Private: n.Private, PrivateReason: n.PrivateReason, Key: key}
}

type listInput struct {
	operation.Paging
	Query    string    `query:"q" doc:"words to search for; the best come first"`
	Kind     string    `query:"kind" enum:"incident,near-miss"`
	Severity int       `query:"severity"`
	Service  string    `query:"service"`
	Status   string    `query:"status" enum:"draft,in-review,approved,published"`
	Category string    `query:"category"`
	From     time.Time `query:"from" doc:"happened at this time or later"`
	To       time.Time `query:"to" doc:"happened before this time"`
	Mine     bool      `query:"mine" doc:"only those in which you take part"`
	Deleted  bool      `query:"deleted" doc:"those in the trash instead"`
	Sort     string    `query:"sort" enum:"updated,published,due" doc:"by the time of the incident when absent"`
}

func (in listInput) filter() workflow.Filter {
	return workflow.Filter{Kind: hindcast.IncidentKind(in.Kind), Severity: in.Severity, Service: in.Service, Status: hindcast.Status(in.Status),
		Category: hindcast.Category(in.Category), From: in.From, To: in.To, Mine: in.Mine, Deleted: in.Deleted, Sort: workflow.Sort(in.Sort),
		After: in.After, Limit: in.Limit}
}

func (a *api) incidents() {
	operation.Register(a.Set, operation.New("GET", "/incidents", "list-incidents", "List or search incidents", "incidents"), a.listIncidents)
	create := operation.New("POST", "/incidents", "create-incident", "Begin a post-mortem by hand", "incidents")
	create.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, create, a.createIncident)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}", "get-incident", "Get a post-mortem", "incidents"), a.getIncident)
	operation.Register(a.Set, operation.New("PATCH", "/incidents/{ref}", "edit-incident", "Change parts of a post-mortem, all or none", "incidents"), a.editIncident)
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}", "remove-incident", "Put a post-mortem into the trash", "incidents"), a.removeIncident)
	operation.Register(a.Set, operation.New("POST", "/incidents/{id}/restore", "restore-incident", "Bring a post-mortem back from the trash", "incidents"), a.restoreIncident)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/status", "move-incident", "Change the status of a post-mortem", "incidents"), a.moveIncident)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/markdown", "export-markdown", "Get a post-mortem as Markdown", "incidents"), a.exportMarkdown)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/markdown", "replace-markdown", "Make a post-mortem what a Markdown text says", "incidents"), a.replaceMarkdown)
}

func (a *api) listIncidents(ctx context.Context, in *listInput) (*operation.PageOutput[Summary], error) {
	if strings.TrimSpace(in.Query) == "" {
		page, err := a.Workflow.List(ctx, operation.Viewer(ctx), in.filter())
		return operation.Paged(page, "/incidents", summary), err
	}
	page, err := a.Workflow.Search(ctx, operation.Viewer(ctx), workflow.Search{Text: in.Query, Filter: in.filter()})
	return operation.Paged(page, "/incidents", func(h workflow.Hit) Summary {
		s := summary(h.Summary)
		for _, span := range h.Snippet {
			if span.Match {
				s.Snippet += "«" + span.Text + "»"
			} else {
				s.Snippet += span.Text
			}
		}
		return s
	}), err
}

func (a *api) createIncident(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"the same key creates once"`
	Body NewIncident
}) (*operation.DocumentOutput, error) {
	d, err := a.Workflow.Create(ctx, operation.Viewer(ctx), in.Body.workflow(in.Key))
	if err != nil {
		return nil, err
	}
	out := operation.Answer(d)
	out.Location = operation.Prefix + "/incidents/" + d.ID
	return out, nil
}

type getOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *operation.Document
}

func (a *api) getIncident(ctx context.Context, in *struct {
	operation.RefInput
	IfNoneMatch string `header:"If-None-Match"`
}) (*getOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	out := &getOutput{Status: http.StatusOK, ETag: operation.ETag(d.Version)}
	if strings.Contains(in.IfNoneMatch, out.ETag) {
		out.Status = http.StatusNotModified
		return out, nil
	}
	body := operation.DocumentOf(d)
	out.Body = &body
	return out, nil
}

func (a *api) editIncident(ctx context.Context, in *struct {
	operation.RefInput
	IfMatch string `header:"If-Match" doc:"the ETag of the version that you read; without it the bases of the changes decide"`
	Body    struct {
		Changes []part.Change `json:"changes" minItems:"1" maxItems:"1000"`
		Note    string        `json:"note,omitempty" maxLength:"500" doc:"why; needed when a severity that was decided changes, where it stays as the reason"`
	}
}) (*operation.SavedOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	v, err := operation.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	saved, err := a.Workflow.EditVersion(ctx, operation.Viewer(ctx), d.ID, v, in.Body.Changes, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return operation.SavedAnswer(saved), nil
}

func (a *api) removeIncident(ctx context.Context, in *struct {
	operation.RefInput
	Reason string `query:"reason" maxLength:"500"`
}) (*struct{}, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return nil, a.Workflow.Remove(ctx, operation.Viewer(ctx), d.ID, in.Reason)
}

func (a *api) restoreIncident(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*operation.DocumentOutput, error) {
	d, err := a.Workflow.Restore(ctx, operation.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return operation.Answer(d), nil
}

func (a *api) moveIncident(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		To     hindcast.Status `json:"to" enum:"draft,in-review,approved,published"`
		Reason string          `json:"reason,omitempty" maxLength:"2000" doc:"needed to go back"`
	}
}) (*operation.DocumentOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if d, err = a.Workflow.Move(ctx, operation.Viewer(ctx), d.ID, in.Body.To, in.Body.Reason); err != nil {
		return nil, err
	}
	return operation.Answer(d), nil
}

type textOutput struct {
	ETag        string `header:"ETag"`
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (a *api) exportMarkdown(ctx context.Context, in *operation.RefInput) (*textOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return &textOutput{operation.ETag(d.Version), "text/markdown; charset=utf-8", document.Markdown(d.Post)}, nil
}

func (a *api) replaceMarkdown(ctx context.Context, in *struct {
	operation.RefInput
	IfMatch string `header:"If-Match" doc:"the ETag of the version that the text was made from"`
	RawBody []byte `contentType:"text/markdown"`
}) (*operation.SavedOutput, error) {
	v, err := operation.IfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	saved, problems, err := a.Workflow.Replace(ctx, operation.Viewer(ctx), in.Ref, "text", in.RawBody, v)
	if err != nil {
		return nil, err
	}
	out := operation.SavedAnswer(saved)
	out.Body.Problems = problems
	return out, nil
}

// Summary is an incident in a list.
type Summary struct {
	ID           string                `json:"id"`
	Num          int64                 `json:"number" doc:"the number people use: #12"`
	Version      int64                 `json:"version"`
	Title        string                `json:"title"`
	Kind         hindcast.IncidentKind `json:"kind"`
	Status       hindcast.Status       `json:"status"`
	Severity     int                   `json:"severity,omitempty"`
	Pager        string                `json:"pager_number,omitempty" doc:"in the pager or tracker"`
	Category     hindcast.Category     `json:"primary_category,omitempty"`
	Owner        string                `json:"owner,omitempty"`
	Services     []string              `json:"services,omitempty"`
	Excerpt      string                `json:"excerpt,omitempty"`
	HappenedAt   time.Time             `json:"happened_at,omitzero"`
	StartedAt    time.Time             `json:"started_at,omitzero"`
	ResolvedAt   time.Time             `json:"resolved_at,omitzero"`
	UpdatedAt    time.Time             `json:"updated_at"`
	PublishedAt  time.Time             `json:"published_at,omitzero"`
	Private      bool                  `json:"private,omitempty"`
	Required     bool                  `json:"required" doc:"the severity policy asks for a post-mortem"`
	DraftDue     time.Time             `json:"draft_due,omitzero"`
	PublishDue   time.Time             `json:"publish_due,omitzero"`
	ActionsOpen  int                   `json:"actions_open"`
	ActionsTotal int                   `json:"actions_total"`
	Snippet      string                `json:"snippet,omitempty" doc:"of a search: text around what was found, which stands between « and »"`
}

func summary(s workflow.Summary) Summary {
	return Summary{ID: s.ID, Num: s.Num, Version: s.Version, Title: s.Title, Kind: s.Kind, Status: s.Status, Severity: s.Severity, Pager: s.Number,
		Category: s.Category, Owner: s.Owner, Services: s.Services, Excerpt: s.Excerpt, HappenedAt: s.HappenedAt, StartedAt: s.StartedAt,
		ResolvedAt: s.ResolvedAt, UpdatedAt: s.UpdatedAt, PublishedAt: s.PublishedAt, Private: s.Private, Required: s.Required,
		DraftDue: s.DraftDue, PublishDue: s.PublishDue, ActionsOpen: s.ActionsOpen, ActionsTotal: s.ActionsTotal}
}
