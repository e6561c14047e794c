package confluence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// mark is the label, and the name in the page, by which ours are known.
func mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "hindcast-" + hex.EncodeToString(sum[:8])
}

// Publish puts a page into the space, with its pictures attached, or brings the one
// that is known up to date. A page that was made just before we were stopped is
// found by its title, which is there once in a space, and by our mark in it. What we
// wrote is told by the message of its version; a version of somebody else is left
// as it is, unless the page says to overwrite it.
func (p *Space) Publish(ctx context.Context, w connector.Page) (connector.Ref, error) {
	w.Title = strings.Join(strings.Fields(w.Title), " ")
	own := mark(w.Key)
	body, err := storage(w, own)
	if err != nil {
		return connector.Ref{}, err
	}
	have, err := p.find(ctx, w, own)
	if err != nil {
		return connector.Ref{}, err
	}
	is, err := p.write(ctx, w, have, body)
	if err != nil {
		return connector.Ref{}, err
	}
	for _, x := range w.Pictures {
		if err := p.attach(ctx, is.ID, x); err != nil {
			return connector.Ref{}, fmt.Errorf("attach %s: %w", x.Name, err)
		}
	}
	return p.ref(is), p.label(ctx, is.ID, append([]string{own}, w.Labels...))
}

// find returns the page as it is there; one without an id when there is none.
func (p *Space) find(ctx context.Context, w connector.Page, own string) (page, error) {
	if w.Known.ID != "" {
		var have page
		err := p.get(ctx, "/wiki/api/v2/pages/"+url.PathEscape(w.Known.ID)+"?body-format=storage", &have)
		if err == nil && have.Status == "current" {
			return have, nil
		}
		if err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
			return page{}, err
		}
	}
	s, err := p.space(ctx)
	if err != nil {
		return page{}, err
	}
	var list struct {
		Results []page `json:"results"`
	}
	q := url.Values{"space-id": {s.ID}, "title": {w.Title}, "status": {"current"}, "body-format": {"storage"}, "limit": {"1"}}
	if err := p.get(ctx, "/wiki/api/v2/pages?"+q.Encode(), &list); err != nil {
		return page{}, err
	}
	if len(list.Results) == 0 && w.Known.ID != "" && !w.Overwrite {
		return page{}, hindcast.Errorf(hindcast.Conflict, "the page in Confluence %w: somebody deleted it, or the account may not see it now; publish once more for a new one", connector.ErrGone)
	}
	if len(list.Results) == 0 {
		return page{}, nil
	}
	have := list.Results[0]
	if !strings.Contains(have.Body.Storage.Value, own) && !w.Overwrite {
		return page{}, hindcast.Errorf(hindcast.Conflict, "the space %s has a page %q that is not ours; rename it, or publish once more and let it be overwritten", p.key, w.Title)
	}
	return have, nil
}

// message is that of a version with a title and a body, by which we know what we
// wrote.
func message(title, body string) string {
	sum := sha256.Sum256([]byte(title + "\n" + body))
	return "Hindcast " + hex.EncodeToString(sum[:8])
}

// write makes the page, or a new version of the one there is.
func (p *Space) write(ctx context.Context, w connector.Page, have page, body string) (page, error) {
	says := message(w.Title, body)
	content := map[string]any{"representation": "storage", "value": body}
	if have.ID == "" {
		return p.create(ctx, w, content)
	}
	if have.Version.Message == says {
		return have, nil // written before we were stopped, or nothing has changed
	}
	ours := strconv.Itoa(have.Version.Number) == w.Known.Version || w.Known.ID != have.ID && have.Version.Number == 1
	if !ours && !w.Overwrite {
		return page{}, hindcast.Errorf(hindcast.Conflict, "the page in Confluence was changed there since it was published from here (it has version %d); carry over what is worth keeping, then publish once more and let it be overwritten", have.Version.Number)
	}
	var is page
	err := p.send(ctx, http.MethodPut, "/wiki/api/v2/pages/"+url.PathEscape(have.ID), map[string]any{
		"id": have.ID, "status": "current", "title": w.Title, "body": content, "version": map[string]any{"number": have.Version.Number + 1, "message": says},
	}, &is)
	return is, whole(is, err)
}

func (p *Space) create(ctx context.Context, w connector.Page, content map[string]any) (page, error) {
	s, err := p.space(ctx)
	if err != nil {
		return page{}, err
	}
	body := map[string]any{"spaceId": s.ID, "status": "current", "title": w.Title, "body": content}
	if p.parent != "" {
		body["parentId"] = p.parent
	}
	var is page
	err = p.send(ctx, http.MethodPost, "/wiki/api/v2/pages", body, &is)
	return is, whole(is, err)
}

// whole holds that an answer tells which page it is.
func whole(is page, err error) error {
	if err == nil && is.ID == "" {
		return hindcast.Errorf(hindcast.Unavailable, "Confluence does not say which page it wrote; try again")
	}
	return err
}

// label sets labels, which Confluence allows no spaces and only small letters in.
func (p *Space) label(ctx context.Context, id string, names []string) error {
	type label struct {
		Prefix string `json:"prefix"`
		Name   string `json:"name"`
	}
	var list []label
	for _, n := range names {
		list = append(list, label{"global", strings.ToLower(strings.Join(strings.Fields(n), "-"))})
	}
	return p.send(ctx, http.MethodPost, "/wiki/rest/api/content/"+url.PathEscape(id)+"/label", list, nil)
}

// attach attaches a picture, or a new version of it.
func (p *Space) attach(ctx context.Context, id string, x connector.Picture) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition("file", x.Name)},
		"Content-Type":        {"image/svg+xml"},
	})
	if err == nil {
		_, err = part.Write(x.Body)
	}
	if err == nil {
		err = form.WriteField("minorEdit", "true")
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	return p.do(ctx, outhttp.Request{
		Method: http.MethodPut, URL: p.base + "/wiki/rest/api/content/" + url.PathEscape(id) + "/child/attachment", Body: body.Bytes(),
		Header: http.Header{"Content-Type": {form.FormDataContentType()}, "X-Atlassian-Token": {"nocheck"}},
	}, nil, nil)
}
