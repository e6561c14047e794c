package notion

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// Publish puts a page below the one of the settings. When the page that is known
// says something else than the document, and nobody but us wrote it, a new page
// takes its place. A page that we began before we were stopped is gone on with: it
// has our title, and its content is the beginning of ours.
func (p *Shelf) Publish(ctx context.Context, w connector.Page) (connector.Ref, error) {
	w.Title = strings.Join(strings.Fields(w.Title), " ")
	want := append(blocks(w.Markdown), footer(w)...)
	known, have, err := p.known(ctx, w)
	if err != nil {
		return connector.Ref{}, err
	}
	if known.ID != "" && digest(have) == digest(want) {
		known.Version = digest(have)
		return known, p.rename(ctx, known.ID, w.Title)
	}
	if known.ID != "" && digest(have) != known.Version && !w.Overwrite {
		return connector.Ref{}, hindcast.Errorf(hindcast.Conflict, "the page in Notion was changed there since it was published from here; carry over what is worth keeping, then publish once more and let it be overwritten")
	}
	is, done, err := p.begun(ctx, w.Title, known.ID, want)
	if err != nil {
		return connector.Ref{}, err
	}
	if is.ID == "" && w.Known.ID != "" && known.ID == "" && !w.Overwrite {
		return connector.Ref{}, hindcast.Errorf(hindcast.Conflict, "the page in Notion %w: somebody deleted it, or moved it away from the page above; publish once more for a new one", connector.ErrGone)
	}
	if is.ID == "" {
		if is, err = p.create(ctx, w.Title); err != nil {
			return connector.Ref{}, err
		}
	}
	if err := p.append(ctx, is.ID, want[done:]); err != nil {
		return connector.Ref{}, err
	}
	is.Version = digest(want)
	if known.ID != "" {
		err = p.do(ctx, http.MethodPatch, "/v1/pages/"+known.ID, map[string]any{"in_trash": true}, nil)
	}
	return is, err
}

// footer ends a page: where it comes from, and our mark.
func footer(w connector.Page) []block {
	sum := sha256.Sum256([]byte(w.Key))
	pieces := []piece{{"Published from Hindcast, which replaces this page when the post-mortem is published again: change it there. ", ""}}
	if link := safe(w.URL); link != "" {
		pieces = append(pieces, piece{"Open the post-mortem", link}, piece{" · ", ""})
	}
	return []block{{paragraph, append(pieces, piece{"hindcast-" + hex.EncodeToString(sum[:8]), ""})}}
}

// known returns the page that was written last, with its content; none when it is
// not there any more.
func (p *Shelf) known(ctx context.Context, w connector.Page) (connector.Ref, []block, error) {
	if w.Known.ID == "" {
		return connector.Ref{}, nil, nil
	}
	below, err := p.children(ctx, p.parent)
	if err != nil {
		return connector.Ref{}, nil, err
	}
	for _, b := range below {
		if b.Type == childPage && b.ID == w.Known.ID { // not in the trash, and not moved away
			have, err := p.content(ctx, b.ID)
			return w.Known, have, err
		}
	}
	return connector.Ref{}, nil, nil
}

// begun finds a page of ours that is not known: whole, or a beginning. It returns
// how many blocks of it are there.
func (p *Shelf) begun(ctx context.Context, title, known string, want []block) (connector.Ref, int, error) {
	below, err := p.children(ctx, p.parent)
	if err != nil {
		return connector.Ref{}, 0, err
	}
	for _, b := range below {
		if b.Type != childPage || b.Title.Title != title || b.ID == known {
			continue
		}
		have, err := p.content(ctx, b.ID)
		if err != nil {
			return connector.Ref{}, 0, err
		}
		if len(have) <= len(want) && digest(have) == digest(want[:len(have)]) {
			return connector.Ref{ID: b.ID, URL: address(b.ID)}, len(have), nil
		}
	}
	return connector.Ref{}, 0, nil
}

func titled(title string) map[string]any {
	return map[string]any{"title": map[string]any{"title": []any{map[string]any{"type": "text", "text": map[string]string{"content": title}}}}}
}

func (p *Shelf) create(ctx context.Context, title string) (connector.Ref, error) {
	var is struct {
		ID string `json:"id"`
	}
	err := p.do(ctx, http.MethodPost, "/v1/pages", map[string]any{"parent": map[string]string{"page_id": p.parent}, "properties": titled(title)}, &is)
	if err == nil && is.ID == "" {
		err = hindcast.Errorf(hindcast.Unavailable, "Notion does not say which page it made; try again")
	}
	return connector.Ref{ID: is.ID, URL: address(is.ID)}, err
}

func (p *Shelf) rename(ctx context.Context, id, title string) error {
	return p.do(ctx, http.MethodPatch, "/v1/pages/"+id, map[string]any{"properties": titled(title)}, nil)
}

// append adds blocks at the end of a page.
func (p *Shelf) append(ctx context.Context, id string, list []block) error {
	for len(list) > 0 {
		n := min(len(list), maxBlocks)
		if err := p.do(ctx, http.MethodPatch, "/v1/blocks/"+id+"/children", map[string]any{"children": list[:n]}, nil); err != nil {
			return fmt.Errorf("write the page in Notion: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// told is a block as the API tells of it.
type told struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	HasChildren bool   `json:"has_children"`
	Title       struct {
		Title string `json:"title"`
	} `json:"child_page"`
	text    []said
	checked bool
}

// said is a piece of text as the API tells of it.
type said struct {
	Type  string  `json:"type"` // "text", "mention" or "equation"
	Plain string  `json:"plain_text"`
	Href  *string `json:"href"`
}

// pages of blocks that are read at most: 20,000 blocks.
const maxPages = 200

// children returns the blocks of a page or block.
func (p *Shelf) children(ctx context.Context, id string) ([]told, error) {
	var out []told
	cursor := ""
	for range maxPages {
		var list struct {
			Results []rawBlock `json:"results"`
			More    bool       `json:"has_more"`
			Next    string     `json:"next_cursor"`
			Object  string     `json:"object"`
		}
		path := "/v1/blocks/" + id + "/children?page_size=100"
		if cursor != "" {
			path += "&start_cursor=" + url.QueryEscape(cursor)
		}
		if err := p.do(ctx, http.MethodGet, path, nil, &list); err != nil {
			return nil, err
		}
		if list.Object != "list" {
			return nil, hindcast.Errorf(hindcast.Unavailable, "Notion answers something else than a list of blocks; try again")
		}
		for _, b := range list.Results {
			out = append(out, b.told)
		}
		if cursor = list.Next; !list.More || cursor == "" {
			return out, nil
		}
	}
	return nil, hindcast.Errorf(hindcast.Invalid, "the page in Notion has more than %d blocks; choose another", maxPages*100)
}

// content returns what a page says, as we would have written it.
func (p *Shelf) content(ctx context.Context, id string) ([]block, error) {
	list, err := p.children(ctx, id)
	if err != nil {
		return nil, err
	}
	out := []block{}
	for _, b := range list {
		x := block{Type: b.Type}
		for _, s := range b.text {
			x.Pieces = append(x.Pieces, piece{text: s.Plain})
		}
		if x.plain() == "" && b.Type == paragraph {
			continue // Notion adds an empty one at the end of a page that somebody looks at
		}
		out = append(out, x)
	}
	return out, nil
}
