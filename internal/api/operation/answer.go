package operation

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"give it as 'after' to get the next page; absent on the last one"`
}

// PageOutput is the answer with a part of a list.
type PageOutput[T any] struct {
	Link string `header:"Link" doc:"the next page (RFC 8288)"`
	Body Page[T]
}

// Paged makes an answer of a page.
func Paged[A, T any](p workflow.Page[A], path string, each func(A) T) *PageOutput[T] {
	out := &PageOutput[T]{Body: Page[T]{Items: make([]T, 0, len(p.Items)), Next: p.Next}}
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

// DocumentOf is a post-mortem as it is sent.
func DocumentOf(d *workflow.Document) Document {
	return Document{ID: d.ID, Num: d.Num, Version: d.Version, Private: d.Private, Required: d.Required, Why: d.Why, DraftDue: d.DraftDue,
		PublishDue: d.PublishDue, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Part: string(d.Part()), Account: string(d.Account()), Withheld: d.Withheld(), Tags: d.Tags(), Postmortem: d.Post}
}

// DocumentOutput is the answer with a post-mortem.
type DocumentOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Document
}

// Answer is the answer with a post-mortem, without where it is.
func Answer(d *workflow.Document) *DocumentOutput {
	return &DocumentOutput{ETag: ETag(d.Version), Body: DocumentOf(d)}
}

// ETag is the entity tag of a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch reads an If-Match header; 0 when it names none.
func IfMatch(ifMatch string) (int64, error) {
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

// Saved says what an edit did.
type Saved struct {
	Version  int64               `json:"version"`
	Revision int64               `json:"revision,omitempty" doc:"to undo it; absent when nothing changed"`
	Tags     map[string]part.Tag `json:"tags,omitempty" doc:"of the changed parts"`
	Problems []hindcast.Problem  `json:"problems,omitempty"`
}

// SavedOutput is the answer to an edit.
type SavedOutput struct {
	ETag string `header:"ETag"`
	Body Saved
}

// SavedAnswer is the answer that says what an edit did.
func SavedAnswer(s workflow.Saved) *SavedOutput {
	return &SavedOutput{ETag: ETag(s.Version), Body: Saved{Version: s.Version, Revision: s.Revision, Tags: s.Tags}}
}

// IDInput names something by its id.
type IDInput struct {
	ID string `path:"id" maxLength:"100"`
}

// View is a way to look at the library that a person keeps under a name.
type View struct {
	Name  string `json:"name"`
	Query string `json:"query" doc:"of the address of the library, such as severity=1&service=ledger"`
}

// NamedView names a view.
type NamedView struct {
	Name string `path:"name" maxLength:"200"`
}
