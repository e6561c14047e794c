package documents

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow"
)

// AuditLine is a line of the audit trail.
type AuditLine struct {
	ID         int64           `json:"id"`
	At         time.Time       `json:"at"`
	PersonID   string          `json:"person_id"`
	TokenID    string          `json:"token_id,omitempty"`
	Act        string          `json:"act"`
	IncidentID string          `json:"incident_id,omitempty"`
	Detail     json.RawMessage `json:"detail,omitempty"`
}

func (a *api) library() {
	operation.Register(a.Set, operation.New("GET", "/services", "list-services", "List names of services", "library"), a.listServices)
	operation.Register(a.Set, operation.New("GET", "/policy", "get-policy", "Get the severity policy", "library"), a.getPolicy)
	operation.Register(a.Set, operation.New("GET", "/audit", "list-audit", "List the audit trail, the last line first", "library"), a.listAudit)
	load := operation.New("POST", "/imports", "import-document", "Begin a post-mortem with a Markdown text, ours or anybody's, or our JSON", "library")
	load.DefaultStatus = http.StatusCreated
	load.MaxBodyBytes = 16 << 20
	operation.Register(a.Set, load, a.importDocument)
	a.views()
}

func (a *api) listServices(ctx context.Context, in *struct {
	Prefix string `query:"prefix" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"25"`
}) (*struct{ Body []string }, error) {
	names, err := a.Workflow.Services(ctx, operation.Viewer(ctx), in.Prefix, in.Limit)
	if names == nil {
		names = []string{}
	}
	return &struct{ Body []string }{names}, err
}

// SeverityLevel is a level of the severity policy.
type SeverityLevel struct {
	Level       int    `json:"level"`
	Name        string `json:"name"`
	Criteria    string `json:"criteria"`
	Response    string `json:"response"`
	ResponseS   int64  `json:"response_within_s"`
	Required    bool   `json:"postmortem_required"`
	DraftDays   int    `json:"draft_days"`
	PublishDays int    `json:"publish_days"`
}

func (a *api) getPolicy(context.Context, *struct{}) (*struct{ Body []SeverityLevel }, error) {
	out := &struct{ Body []SeverityLevel }{Body: []SeverityLevel{}}
	for _, s := range a.Workflow.Policy().Severities {
		out.Body = append(out.Body, SeverityLevel{s.Level, s.Name, s.Criteria, s.Response, int64(s.ResponseWithin / time.Second), s.Required, s.DraftDays, s.PublishDays})
	}
	return out, nil
}

func (a *api) listAudit(ctx context.Context, in *struct {
	operation.Paging
	Incident string    `query:"incident" doc:"id; without it the trail of the library, for admins"`
	Person   string    `query:"person" doc:"id of who did it"`
	Acts     []string  `query:"act" maxItems:"20" doc:"some acts, such as postmortem.move"`
	From     time.Time `query:"from" doc:"done then or later"`
	To       time.Time `query:"to" doc:"done before"`
}) (*operation.PageOutput[AuditLine], error) {
	page, err := a.Workflow.Audit(ctx, operation.Viewer(ctx), workflow.AuditFilter{IncidentID: in.Incident, PersonID: in.Person, Acts: in.Acts, From: in.From, To: in.To, After: in.After, Limit: in.Limit})
	return operation.Paged(page, "/audit", func(e workflow.AuditEntry) AuditLine {
		detail, _ := e.Detail.(json.RawMessage)
		return AuditLine{e.ID, e.At, e.PersonID, e.TokenID, e.Act, e.IncidentID, detail}
	}), err
}

// ImportedDocument is what became of a document, and what was understood of it.
type ImportedDocument struct {
	ID     string            `json:"id"`
	Num    int64             `json:"number"`
	Report workflow.Imported `json:"report"`
}

// ImportOutput is the answer with what became of a document.
type ImportOutput struct {
	Location string `header:"Location"`
	Body     ImportedDocument
}

func (a *api) importDocument(ctx context.Context, in *struct {
	Announcing
	Key     string `header:"Idempotency-Key" maxLength:"200"`
	Name    string `query:"name" default:"document.md" maxLength:"300"`
	RawBody []byte `contentType:"text/markdown"`
}) (*ImportOutput, error) {
	return Taken(a.Workflow.CreateFromMarkdown(ctx, operation.Viewer(ctx), in.Name, in.RawBody, workflow.NewIncident{Key: in.Key, Quiet: !in.Announce}))
}

// Taken answers with what became of a document.
func Taken(d *workflow.Document, report workflow.Imported, err error) (*ImportOutput, error) {
	if err != nil {
		return nil, err
	}
	return &ImportOutput{operation.Prefix + "/incidents/" + d.ID, ImportedDocument{d.ID, d.Num, report}}, nil
}
