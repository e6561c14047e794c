package client

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Me is who the token belongs to.
type Me struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Role   hindcast.Role    `json:"role"`
	Scopes []hindcast.Scope `json:"scopes,omitempty"`
}

// Me returns who the token belongs to.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var out Me
	_, err := c.do(ctx, request{method: http.MethodGet, path: "/me"}, &out)
	return out, err
}

// Summary is an incident in a list.
type Summary struct {
	ID          string                `json:"id"`
	Num         int64                 `json:"number"` // #12
	Version     int64                 `json:"version"`
	Title       string                `json:"title"`
	Kind        hindcast.IncidentKind `json:"kind"`
	Status      hindcast.Status       `json:"status"`
	Severity    int                   `json:"severity"`
	Services    []string              `json:"services"`
	HappenedAt  time.Time             `json:"happened_at"`
	PublishDue  time.Time             `json:"publish_due"`
	ActionsOpen int                   `json:"actions_open"`
	Snippet     string                `json:"snippet"`
}

// Query says which incidents are wanted; all when it is zero.
type Query struct {
	Text     string // words to search for
	Kind     hindcast.IncidentKind
	Severity int
	Service  string
	Status   hindcast.Status
	Mine     bool
}

func (q Query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" && value != "false" {
			v.Set(name, value)
		}
	}
	set("q", q.Text)
	set("kind", string(q.Kind))
	set("severity", strconv.Itoa(q.Severity))
	set("service", q.Service)
	set("status", string(q.Status))
	set("mine", strconv.FormatBool(q.Mine))
	return v
}

// Incidents yields the incidents that a query asks for, page by page.
func (c *Client) Incidents(ctx context.Context, q Query) iter.Seq2[Summary, error] {
	return pages[Summary](ctx, c, "/incidents", q.values())
}

// pages yields the items of a list, page by page.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		values := maps.Clone(query)
		for {
			var page struct {
				Items []T    `json:"items"`
				Next  string `json:"next"`
			}
			if _, err := c.do(ctx, request{method: http.MethodGet, path: path, query: values}, &page); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			values.Set("after", page.Next)
		}
	}
}

// Document is a post-mortem with what belongs to it.
type Document struct {
	ID         string              `json:"id"`
	Num        int64               `json:"number"`
	Version    int64               `json:"version"`
	Private    bool                `json:"private"`
	Account    string              `json:"account"`           // asked, written or declined, when one was asked for what one remembers
	Withheld   int                 `json:"accounts_withheld"` // accounts of others that one sees once one's own is written or declined
	Tags       map[string]string   `json:"tags"`              // by path of a part: the base of a change
	Postmortem hindcast.Postmortem `json:"postmortem"`
}

// incident returns the path of an incident that ref names: an id, a number with
// or without "#", or the pager's number.
func incident(ref string) string { return "/incidents/" + url.PathEscape(strings.TrimPrefix(ref, "#")) }

// Incident returns a post-mortem.
func (c *Client) Incident(ctx context.Context, ref string) (Document, error) {
	var out Document
	_, err := c.do(ctx, request{method: http.MethodGet, path: incident(ref)}, &out)
	return out, err
}

// Change is a change of one part of a post-mortem; see docs/api.md.
type Change struct {
	Path  string          `json:"path"`
	Base  *string         `json:"base,omitempty"` // tag of the value it was made from
	Value json.RawMessage `json:"value,omitempty"`
	After *string         `json:"after,omitempty"`
}

// Saved says what an edit did.
type Saved struct {
	Version  int64              `json:"version"`
	Revision int64              `json:"revision"` // 0 when nothing changed
	Problems []hindcast.Problem `json:"problems"`
}

// Edit changes parts of a post-mortem, all or none.
func (c *Client) Edit(ctx context.Context, ref string, changes []Change, note string) (Saved, error) {
	body, header := jsonBody(map[string]any{"changes": changes, "note": note})
	var out Saved
	_, err := c.do(ctx, request{method: http.MethodPatch, path: incident(ref), header: header, body: body}, &out)
	return out, err
}

// Move changes the status of a post-mortem.
func (c *Client) Move(ctx context.Context, ref string, to hindcast.Status, reason string) (Document, error) {
	body, header := jsonBody(map[string]string{"to": string(to), "reason": reason})
	var out Document
	_, err := c.do(ctx, request{method: http.MethodPost, path: incident(ref) + "/status", header: header, body: body}, &out)
	return out, err
}

// Markdown returns a post-mortem as Markdown, and its version.
func (c *Client) Markdown(ctx context.Context, ref string) (text []byte, version int64, err error) {
	header, err := c.do(ctx, request{method: http.MethodGet, path: incident(ref) + "/markdown"}, &text)
	if err != nil {
		return nil, 0, err
	}
	version, err = strconv.ParseInt(strings.Trim(header.Get("ETag"), `"`), 10, 64)
	return text, version, err
}

// PutMarkdown makes a post-mortem what a text says. version is the one that the
// text was made from; when it is not the present one the error is a conflict. 0
// replaces whatever is there.
func (c *Client) PutMarkdown(ctx context.Context, ref string, text []byte, version int64) (Saved, error) {
	header := http.Header{"Content-Type": {"text/markdown"}}
	if version != 0 {
		header.Set("If-Match", `"`+strconv.FormatInt(version, 10)+`"`)
	}
	var out Saved
	_, err := c.do(ctx, request{method: http.MethodPut, path: incident(ref) + "/markdown", header: header,
		body: func() (io.Reader, error) { return bytes.NewReader(text), nil }}, &out)
	return out, err
}

// Imported says what became of a document.
type Imported struct {
	ID     string `json:"id"`
	Num    int64  `json:"number"`
	Report struct {
		Ours         bool               `json:"ours"`
		Sections     []string           `json:"sections"`
		Unknown      []string           `json:"unknown"`
		Metadata     []string           `json:"metadata"` // what was read of the incident, by its JSON name
		Entries      int                `json:"entries"`
		Untimed      int                `json:"untimed"` // entries whose time of day nothing tells
		Factors      int                `json:"factors"`
		Observations int                `json:"observations"`
		Actions      int                `json:"actions"`
		Problems     []hindcast.Problem `json:"problems"`
	} `json:"report"`
}

// ImportOptions say how something is imported.
type ImportOptions struct {
	Announce bool   // tell who follows the library from outside
	Key      string // the same key begins one post-mortem only; of a document, not of a library
}

func (o ImportOptions) query() url.Values {
	if o.Announce {
		return url.Values{"announce": {"true"}}
	}
	return url.Values{}
}

// Import begins a post-mortem with a document, ours or anybody's.
func (c *Client) Import(ctx context.Context, name string, text []byte, o ImportOptions) (Imported, error) {
	header := http.Header{"Content-Type": {"text/markdown"}}
	if o.Key != "" {
		header.Set("Idempotency-Key", o.Key)
	}
	query := o.query()
	query.Set("name", name)
	var out Imported
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/imports", query: query, header: header,
		body: func() (io.Reader, error) { return bytes.NewReader(text), nil }}, &out)
	return out, err
}
