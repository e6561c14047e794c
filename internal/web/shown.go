package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	readingpages "github.com/hindcast/hindcast/internal/web/reading"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/kept"
)

// shown answers with the page of a post-mortem as it reads: what follows from the
// document comes from what is kept, and the rest is read. It reports false when the
// request asks for anything else.
func (h *Handler) shown(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) (bool, error) {
	q := r.URL.Query()
	num, err := strconv.ParseInt(r.PathValue("num"), 10, 64)
	if err != nil || strconv.FormatInt(num, 10) != r.PathValue("num") || !asItReads(q) {
		return false, nil
	}
	head, found, err := h.Kept.Find(r.Context(), v, num)
	if err != nil || !found {
		return false, err
	}
	if head.Part() == "" && r.URL.RawQuery == "" && !answer.Scripted(r) {
		return true, answer.Redirect(w, r, readingpages.Address(num)) // ?whole=1 leads here
	}
	inside, err := h.inside(r, v, head, lookOf(q))
	if err != nil || inside == nil {
		return false, err
	}
	beside, err := h.beside(r, v, head)
	if err != nil || beside == nil {
		return false, err
	}
	return true, h.renderPieces(w, r, v, inside, func(s sheet.Slot) templ.Component { return postmortem.In(beside, s) })
}

// asItReads reports whether an address asks for the page without a form, as of
// today.
func asItReads(q url.Values) bool {
	for name := range q {
		if name != "whole" && name != "lanes" && name != "zoom" {
			return false
		}
	}
	return true
}

// inside returns what of a page follows from the document; nil when that changed
// since its head was read.
func (h *Handler) inside(r *http.Request, v hindcast.Viewer, head *kept.Head, look postmortem.Look) (*sheet.Pieces, error) {
	p, err := h.sheets(v, head, look)
	if err != nil {
		return nil, err
	}
	p.Plain = !sheet.Takes(r, "gzip")
	return h.keeper.Get(r.Context(), p)
}

// sheets says how what of a page follows from the document is kept, and made.
func (h *Handler) sheets(v hindcast.Viewer, head *kept.Head, look postmortem.Look) (sheet.Page, error) {
	key, err := h.Kept.KeyOf(head, fmt.Sprint(look.ByService, look.Zoom))
	p := sheet.Page{Key: key, Make: func(ctx context.Context) (*sheet.Pieces, error) { return h.made(ctx, v, head, look) }}
	if look == lookOf(nil) {
		p.Head = head
	}
	return p, err
}

// made renders what of a page follows from the document; nil when that changed
// since its head was read.
func (h *Handler) made(ctx context.Context, v hindcast.Viewer, head *kept.Head, look postmortem.Look) (*sheet.Pieces, error) {
	d, err := h.Workflow.Get(ctx, v, head.ID)
	if err != nil {
		return nil, err
	}
	if !head.Shows(d) {
		return nil, nil
	}
	view := h.paper(v, d)
	view.Look = look
	sheets, err := postmortem.Sheets(ctx, view)
	if err != nil {
		return nil, err
	}
	return sheet.New(d.Post.Incident.Title, sheets), nil
}

// beside returns what of a page does not follow from the document alone; nil when
// that changed since its head was read.
func (h *Handler) beside(r *http.Request, v hindcast.Viewer, head *kept.Head) (*postmortem.View, error) {
	view := &postmortem.View{
		Num: head.Num, Version: head.Version, Post: &hindcast.Postmortem{Status: head.Status}, Private: head.Private,
		DraftDue: head.DraftDue, PublishDue: head.PublishDue, Changed: head.UpdatedAt, Look: lookOf(r.URL.Query()), Prose: h.prose.HTML,
	}
	allow(view, v, head)
	people, err := h.Kept.People(r.Context(), head)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		view.People = append(view.People, postmortem.Person{ID: p.PersonID, Name: h.name(r, v, p.PersonID), Role: p.Role})
	}
	if view.Backlinks, err = h.backlinks(r, v, head.ID); err != nil {
		return nil, err
	}
	if head.Status == hindcast.StatusPublished {
		return view, nil
	}
	d, err := h.Workflow.Get(r.Context(), v, head.ID)
	if err != nil || !head.Shows(d) {
		return nil, err
	}
	view.Post, view.Asked, view.Withheld = &d.Post, d.Account() == workflow.AccountAsked, d.Withheld()
	view.Echoes, err = h.Followup.Echoes(r.Context(), v, d)
	return view, err
}

// backlinks returns what refers to a post-mortem.
func (h *Handler) backlinks(r *http.Request, v hindcast.Viewer, id string) ([]postmortem.Link, error) {
	links, err := h.Workflow.Backlinks(r.Context(), v, id)
	if err != nil {
		return nil, err
	}
	var out []postmortem.Link
	for _, l := range links {
		out = append(out, postmortem.Link{Num: l.Num, Title: l.Title, Day: l.HappenedAt})
	}
	return out, nil
}

// paper returns what the page of a post-mortem shows of the document.
func (h *Handler) paper(v hindcast.Viewer, d *workflow.Document) *postmortem.View {
	view := &postmortem.View{
		Num: d.Num, Version: d.Version, Post: &d.Post, Policy: h.Workflow.Policy(), Private: d.Private,
		Required: d.Required, Why: d.Why, DraftDue: d.DraftDue, PublishDue: d.PublishDue, Changed: d.UpdatedAt, Prose: h.prose.HTML,
		Withheld: d.Withheld(), Asked: d.Account() == workflow.AccountAsked && d.Post.Status != hindcast.StatusPublished,
	}
	allow(view, v, d)
	return view
}

// standing is what a viewer may do with a document: of the document or of its head.
type standing interface {
	May(access.Act) error
	Part() access.Part
}

// allow says on a page what its viewer may do there.
func allow(view *postmortem.View, v hindcast.Viewer, s standing) {
	view.MayWrite = s.May(access.Write) == nil
	view.MayFollow = s.May(access.Follow) == nil
	view.MayManage = s.May(access.Manage) == nil
	view.MayComment = s.May(access.Comment) == nil
	view.MayJoin = v.MayAdminister() && s.Part() != access.Lead
}

// fillDelay is how long a server that starts answers requests only. fillPause is how
// long it takes until somebody looks again for pages to be made, and fillShare how
// many times as long as it worked it rests: pages that nobody waits for take a tenth
// of a processor. They are made in batches of fillBatch, within which it rests as
// long as it works, so that what making them takes of memory is given back for most
// of the time.
const (
	fillDelay = 10 * time.Second
	fillPause = time.Minute
	fillShare = 9
	fillBatch = 128
)

// Fill makes the pages of what is published ahead, until the context ends.
func (h *Handler) Fill(ctx context.Context) {
	if !wait(ctx, fillDelay) {
		return
	}
	for {
		if err := h.FillOnce(ctx, fillShare); err != nil && ctx.Err() == nil {
			h.Log.Warn("pages are not made ahead", "error", err)
		}
		if !wait(ctx, fillPause) {
			return
		}
	}
}

// FillOnce makes the pages that are not kept, as everybody sees them, and rests
// for share times as long as it works. What readers have comes first: who takes no
// part is led there.
func (h *Handler) FillOnce(ctx context.Context, share int) error {
	if err := h.fillAll(ctx, share, kept.ReadOutside, h.reading().Ahead); err != nil {
		return err
	}
	return h.fillAll(ctx, share, kept.Outside, h.fill)
}

// fillAll makes one kind of page of all documents that lack it.
func (h *Handler) fillAll(ctx context.Context, share int, variant string, fill func(context.Context, int64) error) error {
	for after := int64(0); ; {
		nums, err := h.Kept.Lacking(ctx, variant, after, fillBatch)
		if err != nil || len(nums) == 0 {
			return err
		}
		worked, err := h.fillSome(ctx, min(share, 1), nums, fill)
		if err != nil {
			return err
		}
		after = nums[len(nums)-1]
		if h.Rest != nil {
			h.Rest()
		}
		if !wait(ctx, time.Duration(max(share-1, 0))*worked) {
			return ctx.Err()
		}
	}
}

// fillSome makes one kind of page of some documents, rests after each for share
// times as long as it took, and returns how long it worked.
func (h *Handler) fillSome(ctx context.Context, share int, nums []int64, fill func(context.Context, int64) error) (worked time.Duration, err error) {
	for _, num := range nums {
		begun := time.Now()
		if err := fill(ctx, num); err != nil {
			return worked, err
		}
		took := time.Since(begun)
		worked += took
		if !wait(ctx, time.Duration(share)*took) {
			return worked, ctx.Err()
		}
	}
	return worked, nil
}

// fill makes one page as everybody sees it. One that is not there any more, or
// that changes just now, is left out.
func (h *Handler) fill(ctx context.Context, num int64) error {
	v := kept.Reader()
	head, found, err := h.Kept.Find(ctx, v, num)
	if err != nil || !found {
		return err
	}
	p, err := h.sheets(v, head, lookOf(nil))
	if err != nil {
		return err
	}
	if err := h.keeper.Ahead(ctx, p); hindcast.CodeOf(err) != hindcast.NotFound {
		return err
	}
	return nil
}

// wait waits and reports true, or false when the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
