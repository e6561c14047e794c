// Package feed is the library as an Atom feed (RFC 4287): the post-mortems that
// were published last, for programs that read news. It holds what its reader may
// see, but for private post-mortems: a feed is kept by programs that nobody looks
// at.
package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// Handlers answer with feeds. All fields must be set.
type Handlers struct {
	Workflow *workflow.Service
	Reading  *reading.Service
	Auth     *auth.Auth
	Address  func() string // where people reach the server
	// Filter reads what a list of incidents is asked for.
	Filter func(url.Values) workflow.Filter
}

// length is how many post-mortems a feed holds.
const length = 50

// Path is the address of the feed for who is signed in.
const Path = "/feed.atom"

// Mine answers who is signed in, or comes with a token.
func (h Handlers) Mine(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.serve(w, r, v, h.Address()+Path)
}

// Linked answers who comes with a link that opens nothing but the feed.
func (h Handlers) Linked(w http.ResponseWriter, r *http.Request) error {
	v, err := h.Auth.Feed(r.Context(), auth.OriginOf(r), r.PathValue("secret"))
	if err != nil {
		return err
	}
	return h.serve(w, r, v, "") // the address is a secret
}

// serve answers with the feed, or with "not modified".
func (h Handlers) serve(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, self string) error {
	f := h.Filter(r.URL.Query())
	f.Status, f.Mine, f.Deleted, f.After = hindcast.StatusPublished, false, false, ""
	f.Sort, f.Limit = workflow.SortPublished, length
	list, err := h.Workflow.List(r.Context(), v, f)
	if err != nil {
		return err
	}
	revised, err := h.revised(r.Context(), v, f)
	if err != nil {
		return err
	}
	body, err := h.write(merged(list.Items, revised), self)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	set := w.Header()
	set.Set("Content-Type", "application/atom+xml; charset=utf-8")
	set.Set("Cache-Control", "private, no-cache")
	set.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// revised returns what is taken up again, as its readers still have it, as far as a
// filter can tell that it belongs there.
func (h Handlers) revised(ctx context.Context, v hindcast.Viewer, f workflow.Filter) ([]workflow.Summary, error) {
	if f.Kind != "" || f.Category != "" || !f.From.IsZero() || !f.To.IsZero() {
		return nil, nil
	}
	list, err := h.Reading.List(ctx, v, f.Service)
	if err != nil {
		return nil, err
	}
	var out []workflow.Summary
	for _, l := range list {
		if l.Revised && (f.Severity == 0 || f.Severity == l.Severity) {
			out = append(out, workflow.Summary{ID: l.ID, Num: l.Num, Title: l.Title, Severity: l.Severity, Services: l.Services, Excerpt: l.Excerpt, PublishedAt: l.At, UpdatedAt: l.At})
		}
	}
	return out, nil
}

// merged returns two lists as one, what was published last first.
func merged(a, b []workflow.Summary) []workflow.Summary {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(x, y workflow.Summary) int { return y.PublishedAt.Compare(x.PublishedAt) })
	return all[:min(len(all), length)]
}

type document struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []link   `xml:"link"`
	Entries []entry  `xml:"entry"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type entry struct {
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Published  string     `xml:"published"`
	Updated    string     `xml:"updated"`
	Link       link       `xml:"link"`
	Categories []category `xml:"category"`
	Summary    string     `xml:"summary,omitempty"`
}

type category struct {
	Term string `xml:"term,attr"`
}

// write writes a feed. The ids of the feed and of its entries never change, also
// when the server moves.
func (h Handlers) write(items []workflow.Summary, self string) ([]byte, error) {
	d := document{ID: "tag:hindcast,2026:library", Title: "Published post-mortems", Author: "Hindcast", Updated: ui.ISO(time.Unix(0, 0))}
	d.Links = append(d.Links, link{Rel: "alternate", Href: h.Address() + "/library?status=published", Type: "text/html"})
	if self != "" {
		d.Links = append(d.Links, link{Rel: "self", Href: self, Type: "application/atom+xml"})
	}
	var latest time.Time
	for _, s := range items {
		if s.Private {
			continue
		}
		e := entry{ID: "urn:uuid:" + s.ID, Title: fmt.Sprintf("#%d %s", s.Num, s.Title), Published: ui.ISO(s.PublishedAt), Updated: ui.ISO(s.UpdatedAt),
			Link: link{Rel: "alternate", Href: fmt.Sprintf("%s/p/%d", h.Address(), s.Num), Type: "text/html"}, Summary: s.Excerpt}
		if s.Severity > 0 {
			e.Categories = append(e.Categories, category{fmt.Sprintf("severity %d", s.Severity)})
		}
		for _, name := range s.Services {
			e.Categories = append(e.Categories, category{name})
		}
		d.Entries = append(d.Entries, e)
		if s.UpdatedAt.After(latest) {
			latest, d.Updated = s.UpdatedAt, e.Updated
		}
	}
	body, err := xml.MarshalIndent(d, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	return append([]byte(xml.Header), body...), nil
}
