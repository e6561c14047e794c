package web

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/feed"
	"github.com/hindcast/hindcast/internal/web/layout"
	"github.com/hindcast/hindcast/internal/web/sheet"
)

// frame is what surrounds a page for a viewer.
func (h *Handler) frame(r *http.Request, v hindcast.Viewer, title, here string) layout.Frame {
	f := layout.Frame{
		Title: title, Here: here, Viewer: v, Demo: h.Demo, Unread: h.unread(r, v), Query: r.URL.Query().Get("q"),
		Assets: h.assets.whole,
	}
	if part, ok := h.assets.parts[r.Pattern]; ok {
		f.Assets = part
		f.Assets.Now = r.URL.Query().Has("edit") // a form stands on the page
	}
	if here == "library" && v.Known() {
		f.Feed = feed.Path
	}
	return f
}

// buffers are used again: a page takes more than a hundred kilobytes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render answers with a page in its frame.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, title, here string, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := layout.Page(h.frame(r, v, title, here)).Render(templ.WithChildren(r.Context(), c), b); err != nil {
		return err
	}
	return send(w, r, status, sheet.Raw(b.Bytes()))
}

// renderPieces answers with a page of which all but what is in slots is there
// already.
func (h *Handler) renderPieces(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, inside *sheet.Pieces, in func(sheet.Slot) templ.Component) error {
	const mark = "\x00"
	var frame bytes.Buffer
	ctx := templ.WithChildren(r.Context(), templ.Raw(mark))
	if err := layout.Page(h.frame(r, v, inside.Title, "library")).Render(ctx, &frame); err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(frame.Bytes(), []byte(mark))
	parts, err := inside.Fill(r.Context(), in)
	if err != nil {
		return err
	}
	return send(w, r, http.StatusOK, slices.Concat([]sheet.Body{sheet.Raw(head)}, parts, []sheet.Body{sheet.Raw(tail)})...)
}

// send answers with the parts of a page, compressed when the browser takes that.
func send(w http.ResponseWriter, r *http.Request, status int, parts ...sheet.Body) error {
	set := w.Header()
	set.Set("Content-Type", "text/html; charset=utf-8")
	set.Set("Vary", "Accept-Encoding")
	if sheet.Takes(r, "gzip") {
		packed, err := sheet.Stitch(parts)
		if err != nil {
			return err
		}
		set.Set("Content-Encoding", "gzip")
		parts = []sheet.Body{sheet.Raw(packed)}
	}
	var plain [][]byte
	n := 0
	for _, p := range parts {
		raw, err := p.Plain()
		if err != nil {
			return err
		}
		plain = append(plain, raw)
		n += len(raw)
	}
	set.Set("Content-Length", strconv.Itoa(n))
	w.WriteHeader(status)
	for _, raw := range plain {
		if _, err := w.Write(raw); err != nil {
			return nil // the reader has gone
		}
	}
	return nil
}

// fragment answers with a part of a page, for scripts.
func fragment(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	return send(w, r, status, sheet.Raw(b.Bytes()))
}

// serveAsset serves what pages load. The name changes with the bytes, so that
// browsers keep it.
func (h *Handler) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := h.assets.files[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	set := w.Header()
	set.Set("Content-Type", a.kind)
	set.Set("Cache-Control", "public, max-age=31536000, immutable")
	set.Set("X-Content-Type-Options", "nosniff")
	set.Set("Vary", "Accept-Encoding")
	data := a.body
	if sheet.Takes(r, "gzip") {
		if packed, err := a.gzip(); err == nil { // else it goes as it is
			set.Set("Content-Encoding", "gzip")
			data = packed
		}
	}
	set.Set("Content-Length", strconv.Itoa(len(data)))
	if _, err := w.Write(data); err != nil {
		return // the reader has gone
	}
}
