package client

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// File is a file to be sent as evidence.
type File struct {
	Name string // with its folders, forward slashes
	Open func() (io.ReadCloser, error)
}

// Build is the building of a timeline on the server.
type Build struct {
	ID         string `json:"id"`
	IncidentID string `json:"incident_id"`
	Num        int64  `json:"number"`
	State      string `json:"state"` // reading, done or failed
	Read       int64  `json:"read"`  // bytes
	Total      int64  `json:"total"`
	Error      string `json:"error"`
	Result     *struct {
		Entries int `json:"entries"`
	} `json:"result"`
}

// Draft begins a post-mortem from evidence. The timeline is built while the
// server goes on; see [Client.Wait]. The same key begins one only.
func (c *Client) Draft(ctx context.Context, files []File, title string, severity int, key string) (Build, error) {
	query := url.Values{}
	if title != "" {
		query.Set("title", title)
	}
	if severity != 0 {
		query.Set("severity", strconv.Itoa(severity))
	}
	return c.upload(ctx, "/drafts", query, files, key)
}

// AddEvidence adds evidence to an incident and has its timeline built again.
func (c *Client) AddEvidence(ctx context.Context, ref string, files []File) (Build, error) {
	return c.upload(ctx, incident(ref)+"/evidence", nil, files, "")
}

// upload streams files as a form.
func (c *Client) upload(ctx context.Context, path string, query url.Values, files []File, key string) (Build, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() { _ = w.CloseWithError(writeForm(form, files)) }() // it never fails
	header := http.Header{"Content-Type": {form.FormDataContentType()}}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	var out Build
	_, err := c.do(ctx, request{method: http.MethodPost, path: path, query: query, header: header, body: func() (io.Reader, error) { return r, nil }}, &out)
	_ = r.CloseWithError(io.ErrClosedPipe) // so that the writer ends
	return out, err
}

func writeForm(form *multipart.Writer, files []File) error {
	for _, f := range files {
		if err := form.WriteField("names", f.Name); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := writeFile(form, f); err != nil {
			return fmt.Errorf("send %s: %w", f.Name, err)
		}
	}
	return form.Close()
}

func writeFile(form *multipart.Writer, f File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // read to its end or given up
	part, err := form.CreateFormFile("files", f.Name)
	if err != nil {
		return err
	}
	_, err = io.Copy(part, r)
	return err
}

// Wait returns a build when it has ended. progress is told of it meanwhile; it
// may be nil.
func (c *Client) Wait(ctx context.Context, b Build, progress func(Build)) (Build, error) {
	for {
		if progress != nil {
			progress(b)
		}
		switch b.State {
		case "done":
			return b, nil
		case "failed":
			return b, fmt.Errorf("the server could not build the timeline: %s", b.Error)
		}
		t := time.NewTimer(300 * time.Millisecond)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return b, context.Cause(ctx)
		}
		if _, err := c.do(ctx, request{method: http.MethodGet, path: "/builds/" + url.PathEscape(b.ID)}, &b); err != nil {
			return b, err
		}
	}
}
