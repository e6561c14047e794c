package client

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"github.com/hindcast/hindcast"
)

// ExportLibrary writes all post-mortems that the token may see as a zip.
func (c *Client) ExportLibrary(ctx context.Context, w io.Writer) error {
	res, err := c.open(ctx, "/library")
	if err != nil {
		return err
	}
	defer func() { _ = res.Close() }() // read to its end or given up
	if _, err := io.Copy(w, res); err != nil {
		return fmt.Errorf("read the library: %w", err)
	}
	return nil
}

// open asks for something large.
func (c *Client) open(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String()+"/api/v1"+path, nil)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.unreached(err)
	}
	if res.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20)) // what cannot be read stays untold
		_ = res.Body.Close()
		return nil, failed(res, text)
	}
	return res.Body, nil
}

// ImportedLibrary says what became of an exported library.
type ImportedLibrary struct {
	Incidents int                `json:"incidents"` // that were added
	Known     int                `json:"known"`     // that were imported before
	Files     int                `json:"files"`
	Problems  []hindcast.Problem `json:"problems"`
}

// ImportLibrary adds the post-mortems of an exported library.
func (c *Client) ImportLibrary(ctx context.Context, library io.Reader, o ImportOptions) (ImportedLibrary, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("library", "library.zip")
		if err == nil {
			_, err = io.Copy(part, library)
		}
		if err == nil {
			err = form.Close()
		}
		_ = w.CloseWithError(err) // it never fails
	}()
	var out ImportedLibrary
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/library", query: o.query(), header: http.Header{"Content-Type": {form.FormDataContentType()}},
		body: func() (io.Reader, error) { return r, nil }}, &out)
	_ = r.CloseWithError(io.ErrClosedPipe) // so that the writer ends
	return out, err
}
