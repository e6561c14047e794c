package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

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

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"give it as 'after' to get the next page; absent on the last one"`
}

type pageOutput[T any] struct {
	Link string `header:"Link" doc:"the next page (RFC 8288)"`
	Body Page[T]
}

// paged makes an answer of a page.
func paged[A, T any](p workflow.Page[A], path string, each func(A) T) *pageOutput[T] {
	out := &pageOutput[T]{Body: Page[T]{Items: make([]T, 0, len(p.Items)), Next: p.Next}}
	for _, x := range p.Items {
		out.Body.Items = append(out.Body.Items, each(x))
	}
	if p.Next != "" {
		out.Link = fmt.Sprintf(`<%s%s?after=%s>; rel="next"`, Prefix, path, p.Next)
	}
	return out
}

// Paging are the parameters of every list.
type Paging struct {
	After string `query:"after" doc:"'next' of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"25"`
}

// Document is a post-mortem with what belongs to it.
type Document struct {
	ID         string              `json:"id"`
	Num        int64               `json:"number"`
	Version    int64               `json:"version"`
	Private    bool                `json:"private,omitempty"`
	Required   bool                `json:"required"`
	Why        string              `json:"required_why,omitempty"`
	DraftDue   time.Time           `json:"draft_due,omitzero"`
	PublishDue time.Time           `json:"publish_due,omitzero"`
	CreatedAt  time.Time           `json:"created_at"`
	UpdatedAt  time.Time           `json:"updated_at"`
	Part       string              `json:"part,omitempty" doc:"what you do here: lead, participant, reviewer, or nothing"`
	Account    string              `json:"account,omitempty" enum:"asked,written,declined" doc:"how it stands with what you remember, when you were asked for it"`
	Withheld   int                 `json:"accounts_withheld,omitempty" doc:"how many accounts of others you see once yours is written or declined"`
	Tags       map[string]part.Tag `json:"tags" doc:"by path of a part; give the tag as 'base' of a change"`
	Postmortem hindcast.Postmortem `json:"postmortem"`
}

func documentOf(d *workflow.Document) Document {
	return Document{ID: d.ID, Num: d.Num, Version: d.Version, Private: d.Private, Required: d.Required, Why: d.Why, DraftDue: d.DraftDue,
		PublishDue: d.PublishDue, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Part: string(d.Part()), Account: string(d.Account()), Withheld: d.Withheld(), Tags: d.Tags(), Postmortem: d.Post}
}

type documentOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Document
}

func answer(d *workflow.Document) *documentOutput {
	return &documentOutput{ETag: etag(d.Version), Body: documentOf(d)}
}

// etag is the entity tag of a version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// version reads an If-Match header; 0 when it names none.
func version(ifMatch string) (int64, error) {
	text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(ifMatch), "W/"), `"`)
	if text == "" || text == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, hindcast.Errorf(hindcast.Invalid, "If-Match %s is no ETag of ours", ifMatch)
	}
	return n, nil
}

// RefInput names an incident.
type RefInput struct {
	Ref string `path:"ref" doc:"id, number in the library, or number in the pager"`
}

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
	Paging
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

func (a *API) incidents() {
	register(a, operation("GET", "/incidents", "list-incidents", "List or search incidents", "incidents"), a.listIncidents)
	create := operation("POST", "/incidents", "create-incident", "Begin a post-mortem by hand", "incidents")
	create.DefaultStatus = http.StatusCreated
	register(a, create, a.createIncident)
	register(a, operation("GET", "/incidents/{ref}", "get-incident", "Get a post-mortem", "incidents"), a.getIncident)
	register(a, operation("PATCH", "/incidents/{ref}", "edit-incident", "Change parts of a post-mortem, all or none", "incidents"), a.editIncident)
	register(a, operation("DELETE", "/incidents/{ref}", "remove-incident", "Put a post-mortem into the trash", "incidents"), a.removeIncident)
	register(a, operation("POST", "/incidents/{id}/restore", "restore-incident", "Bring a post-mortem back from the trash", "incidents"), a.restoreIncident)
	register(a, operation("POST", "/incidents/{ref}/status", "move-incident", "Change the status of a post-mortem", "incidents"), a.moveIncident)
	register(a, operation("GET", "/incidents/{ref}/markdown", "export-markdown", "Get a post-mortem as Markdown", "incidents"), a.exportMarkdown)
	register(a, operation("PUT", "/incidents/{ref}/markdown", "replace-markdown", "Make a post-mortem what a Markdown text says", "incidents"), a.replaceMarkdown)
}

func (a *API) listIncidents(ctx context.Context, in *listInput) (*pageOutput[Summary], error) {
	if strings.TrimSpace(in.Query) == "" {
		page, err := a.Workflow.List(ctx, viewer(ctx), in.filter())
		return paged(page, "/incidents", summary), err
	}
	page, err := a.Workflow.Search(ctx, viewer(ctx), workflow.Search{Text: in.Query, Filter: in.filter()})
	return paged(page, "/incidents", func(h workflow.Hit) Summary {
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

func (a *API) createIncident(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"the same key creates once"`
	Body NewIncident
}) (*documentOutput, error) {
	d, err := a.Workflow.Create(ctx, viewer(ctx), in.Body.workflow(in.Key))
	if err != nil {
		return nil, err
	}
	out := answer(d)
	out.Location = Prefix + "/incidents/" + d.ID
	return out, nil
}

type getOutput struct {
	Status int
	ETag   string `header:"ETag"`
	Body   *Document
}

func (a *API) getIncident(ctx context.Context, in *struct {
	RefInput
	IfNoneMatch string `header:"If-None-Match"`
}) (*getOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	out := &getOutput{Status: http.StatusOK, ETag: etag(d.Version)}
	if strings.Contains(in.IfNoneMatch, out.ETag) {
		out.Status = http.StatusNotModified
		return out, nil
	}
	body := documentOf(d)
	out.Body = &body
	return out, nil
}

// Saved says what an edit did.
type Saved struct {
	Version  int64               `json:"version"`
	Revision int64               `json:"revision,omitempty" doc:"to undo it; absent when nothing changed"`
	Tags     map[string]part.Tag `json:"tags,omitempty" doc:"of the changed parts"`
	Problems []hindcast.Problem  `json:"problems,omitempty"`
}

type savedOutput struct {
	ETag string `header:"ETag"`
	Body Saved
}

func savedAnswer(s workflow.Saved) *savedOutput {
	return &savedOutput{ETag: etag(s.Version), Body: Saved{Version: s.Version, Revision: s.Revision, Tags: s.Tags}}
}

func (a *API) editIncident(ctx context.Context, in *struct {
	RefInput
	IfMatch string `header:"If-Match" doc:"the ETag of the version that you read; without it the bases of the changes decide"`
	Body    struct {
		Changes []part.Change `json:"changes" minItems:"1" maxItems:"1000"`
		Note    string        `json:"note,omitempty" maxLength:"500" doc:"why; needed when a severity that was decided changes, where it stays as the reason"`
	}
}) (*savedOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	v, err := version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	saved, err := a.Workflow.EditVersion(ctx, viewer(ctx), d.ID, v, in.Body.Changes, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return savedAnswer(saved), nil
}

func (a *API) removeIncident(ctx context.Context, in *struct {
	RefInput
	Reason string `query:"reason" maxLength:"500"`
}) (*struct{}, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return nil, a.Workflow.Remove(ctx, viewer(ctx), d.ID, in.Reason)
}

func (a *API) restoreIncident(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*documentOutput, error) {
	d, err := a.Workflow.Restore(ctx, viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return answer(d), nil
}

func (a *API) moveIncident(ctx context.Context, in *struct {
	RefInput
	Body struct {
		To     hindcast.Status `json:"to" enum:"draft,in-review,approved,published"`
		Reason string          `json:"reason,omitempty" maxLength:"2000" doc:"needed to go back"`
	}
}) (*documentOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if d, err = a.Workflow.Move(ctx, viewer(ctx), d.ID, in.Body.To, in.Body.Reason); err != nil {
		return nil, err
	}
	return answer(d), nil
}

type textOutput struct {
	ETag        string `header:"ETag"`
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (a *API) exportMarkdown(ctx context.Context, in *RefInput) (*textOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return &textOutput{etag(d.Version), "text/markdown; charset=utf-8", document.Markdown(d.Post)}, nil
}

func (a *API) replaceMarkdown(ctx context.Context, in *struct {
	RefInput
	IfMatch string `header:"If-Match" doc:"the ETag of the version that the text was made from"`
	RawBody []byte `contentType:"text/markdown"`
}) (*savedOutput, error) {
	v, err := version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	saved, problems, err := a.Workflow.Replace(ctx, viewer(ctx), in.Ref, "text", in.RawBody, v)
	if err != nil {
		return nil, err
	}
	out := savedAnswer(saved)
	out.Body.Problems = problems
	return out, nil
}
