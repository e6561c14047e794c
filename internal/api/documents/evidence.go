package documents

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow"
)

// EvidenceFile is a file of evidence.
type EvidenceFile struct {
	hindcast.Evidence
	AddedAt     time.Time `json:"added_at"`
	AddedBy     string    `json:"added_by" doc:"id of a person"`
	PurgedAt    time.Time `json:"purged_at,omitzero"`
	PurgeReason string    `json:"purge_reason,omitempty"`
}

func evidenceOf(r workflow.EvidenceRow) EvidenceFile {
	return EvidenceFile{Evidence: r.Evidence, AddedAt: r.AddedAt, AddedBy: r.AddedBy, PurgedAt: r.PurgedAt, PurgeReason: r.PurgeReason}
}

// FileInput names a file of evidence of an incident.
type FileInput struct {
	operation.RefInput
	SHA256 string `path:"sha256" minLength:"64" maxLength:"64"`
}

// Upload is a form with files: the field "files", any number of times. A file's
// name may have a folder.
type Upload struct {
	RawBody huma.MultipartFormFiles[struct {
		Files []huma.FormFile `form:"files" required:"true"`
		Names []string        `form:"names" required:"false" doc:"names with folders, in the order of the files, since forms drop folders"`
	}]
}

func (u *Upload) files() []workflow.File {
	var out []workflow.File
	for i, h := range u.RawBody.Form.File["files"] {
		name := h.Filename
		if names := u.RawBody.Form.Value["names"]; i < len(names) && names[i] != "" {
			name = names[i]
		}
		out = append(out, file(name, h))
	}
	return out
}

func file(name string, h *multipart.FileHeader) workflow.File {
	return workflow.File{Name: name, Size: h.Size, Open: func() (io.ReadCloser, error) { return h.Open() }}
}

type buildOutput struct {
	Location string `header:"Location"`
	Body     workflow.Progress
}

func (a *api) evidence() {
	big := func(op huma.Operation) huma.Operation {
		op.MaxBodyBytes, op.BodyReadTimeout = a.Upload, -1
		op.DefaultStatus = http.StatusAccepted
		return op
	}
	operation.Register(a.Set, big(operation.New("POST", "/drafts", "draft-incident", "Begin a post-mortem from evidence; its timeline is built in the background", "evidence")), a.draft)
	operation.Register(a.Set, operation.New("GET", "/builds/{id}", "get-build", "How far the building of a timeline is", "evidence"), a.getBuild)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/evidence", "list-evidence", "List the evidence of an incident", "evidence"), a.listEvidence)
	operation.Register(a.Set, big(operation.New("POST", "/incidents/{ref}/evidence", "add-evidence", "Add evidence; the timeline is built again in the background, and what people edited stays", "evidence")), a.addEvidence)
	operation.Register(a.Set, big(operation.New("POST", "/incidents/{ref}/builds", "build-timeline", "Build the timeline again", "evidence")), a.build)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/evidence/{sha256}/lines", "get-lines", "Get lines of a file of evidence, without secrets", "evidence"), a.getLines)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/evidence/{sha256}/bytes", "get-bytes", "Get a file of evidence as it was given; for those who take part", "evidence"), a.getBytes)
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}/evidence/{sha256}", "purge-evidence", "Remove the bytes of a file for good; its name and hash stay", "evidence"), a.purge)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/timeline", "get-timeline", "Get the timeline as it was last built, with every candidate entry", "evidence"), a.getTimeline)
}

func (a *api) draft(ctx context.Context, in *struct {
	Upload
	Key      string `header:"Idempotency-Key" maxLength:"200"`
	Title    string `query:"title" maxLength:"500"`
	Severity int    `query:"severity"`
	Service  string `query:"service"`
	Kind     string `query:"kind" enum:"incident,near-miss"`
}) (*buildOutput, error) {
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // temporary files
	n := workflow.NewIncident{Title: in.Title, Severity: in.Severity, Kind: hindcast.IncidentKind(in.Kind), Key: in.Key}
	if in.Service != "" {
		n.Services = []string{in.Service}
	}
	d, err := a.Workflow.Begin(ctx, operation.Viewer(ctx), n, in.files())
	if err != nil {
		return nil, err
	}
	return a.start(ctx, d.ID)
}

// start builds a timeline in the background.
func (a *api) start(ctx context.Context, id string) (*buildOutput, error) {
	b, err := a.Workflow.StartBuild(ctx, operation.Viewer(ctx), id)
	if err != nil {
		return nil, err
	}
	return &buildOutput{Location: operation.Prefix + "/builds/" + b.ID, Body: b.Progress()}, nil
}

func (a *api) getBuild(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*buildOutput, error) {
	b, err := a.Workflow.Building(operation.Viewer(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &buildOutput{Body: b.Progress()}, nil
}

func (a *api) listEvidence(ctx context.Context, in *operation.RefInput) (*struct{ Body []EvidenceFile }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	rows, err := a.Workflow.Evidence(ctx, operation.Viewer(ctx), d.ID)
	out := &struct{ Body []EvidenceFile }{Body: []EvidenceFile{}}
	for _, r := range rows {
		out.Body = append(out.Body, evidenceOf(r))
	}
	return out, err
}

func (a *api) addEvidence(ctx context.Context, in *struct {
	operation.RefInput
	Upload
}) (*buildOutput, error) {
	defer func() { _ = in.RawBody.Form.RemoveAll() }() // temporary files
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if _, _, err := a.Workflow.AddEvidence(ctx, operation.Viewer(ctx), d.ID, in.files()); err != nil {
		return nil, err
	}
	return a.start(ctx, d.ID)
}

func (a *api) build(ctx context.Context, in *operation.RefInput) (*buildOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return a.start(ctx, d.ID)
}

// Lines are lines of a file of evidence.
type Lines struct {
	File   string          `json:"file"`
	SHA256 string          `json:"sha256"`
	Lines  []workflow.Line `json:"lines"`
}

func (a *api) getLines(ctx context.Context, in *struct {
	FileInput
	First int `query:"first" minimum:"1" default:"1"`
	Last  int `query:"last" minimum:"0" doc:"at most 1,000 lines; 0 is 50 lines from the first"`
}) (*struct{ Body Lines }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if in.Last == 0 {
		in.Last = in.First + 49
	}
	row, lines, err := a.Workflow.Lines(ctx, operation.Viewer(ctx), d.ID, in.SHA256, in.First, in.Last)
	return &struct{ Body Lines }{Lines{row.Name, row.SHA256, lines}}, err
}

func (a *api) getBytes(ctx context.Context, in *FileInput) (*huma.StreamResponse, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	row, r, err := a.Workflow.Bytes(ctx, operation.Viewer(ctx), d.ID, in.SHA256)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { _ = r.Close() }() // read to its end, or the client went away
		// A browser must not run what somebody uploaded.
		h.SetHeader("Content-Type", "application/octet-stream")
		h.SetHeader("Content-Disposition", "attachment")
		h.SetHeader("Content-Length", strconv.FormatInt(row.Size, 10))
		_, _ = io.Copy(h.BodyWriter(), r)
	}}, nil
}

func (a *api) purge(ctx context.Context, in *struct {
	FileInput
	Reason string `query:"reason" required:"true" minLength:"1" maxLength:"500"`
}) (*struct{}, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return nil, a.Workflow.Purge(ctx, operation.Viewer(ctx), d.ID, in.SHA256, in.Reason)
}

func (a *api) getTimeline(ctx context.Context, in *operation.RefInput) (*struct{ Body hindcast.Timeline }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	tl, err := a.Workflow.Timeline(ctx, operation.Viewer(ctx), d.ID)
	return &struct{ Body hindcast.Timeline }{tl}, err
}
