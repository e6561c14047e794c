package postmortem

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/a-h/templ"

	actionpages "github.com/hindcast/hindcast/internal/web/actions"
)

// Slot is a place on the page for what does not follow from the document alone:
// from who looks, from who takes part, from other post-mortems, or from the time.
// Everything outside of slots is made once for a version of the document and shown
// to many; see [Sheets].
type Slot string

// The slots, in the order in which they stand on the page.
const (
	SlotBanner    Slot = "banner"    // what the viewer is asked for, and actions of earlier incidents like this one, in a sentence
	SlotAgain     Slot = "again"     // the same as a list
	SlotBacklinks Slot = "backlinks" // what refers to it
	SlotMargin    Slot = "margin"    // where it is on its way, what the viewer can do, who takes part
)

// In returns what v shows in a slot.
func In(v *View, s Slot) templ.Component {
	switch s {
	case SlotBanner:
		return templ.Join(asked(v), actionpages.Banner(v.Echoes))
	case SlotAgain:
		return actionpages.Again(v.Num, v.Post, v.Echoes, v.MayFollow)
	case SlotBacklinks:
		if len(v.Backlinks) > 0 {
			return backlinks(v)
		}
	case SlotMargin:
		return margin(v)
	}
	return templ.NopComponent
}

// slot shows what is in a slot, or leaves a mark where it stands.
func (v *View) slot(s Slot) templ.Component {
	if v.mark == "" {
		return In(v, s)
	}
	return templ.Raw(v.mark + string(s) + "\x00")
}

// Sheet is a stretch of the page that follows from the document alone, and the
// slot after it; the last has none.
type Sheet struct {
	HTML []byte
	Next Slot
}

// Sheets renders the page as it reads, but for what is in its slots. It shows of v
// only what the key of a kept page holds.
func Sheets(ctx context.Context, v *View) ([]Sheet, error) {
	paper := v.paper()
	paper.mark = "\x00" + rand.Text()
	var b bytes.Buffer
	if err := Page(paper).Render(ctx, &b); err != nil {
		return nil, fmt.Errorf("render the page of #%d: %w", v.Num, err)
	}
	var out []Sheet
	rest := b.Bytes()
	for {
		before, after, found := bytes.Cut(rest, []byte(paper.mark))
		if !found {
			return append(out, Sheet{HTML: before}), nil
		}
		slot, after, _ := bytes.Cut(after, []byte("\x00"))
		out = append(out, Sheet{before, Slot(slot)})
		rest = after
	}
}

// paper returns v with what sheets may show and nothing else: the document, for
// whom, by which rules. What is not here is the zero value on a sheet, so that
// nothing that changes without the document gets onto one.
func (v *View) paper() *View {
	return &View{
		Num: v.Num, Version: v.Version, Post: v.Post, Policy: v.Policy, Private: v.Private,
		Required: v.Required, Why: v.Why, DraftDue: v.DraftDue, PublishDue: v.PublishDue, Changed: v.Changed,
		MayWrite: v.MayWrite, MayFollow: v.MayFollow, Withheld: v.Withheld, Look: v.Look, Prose: v.Prose,
	}
}
